"""What a provision forbids today: the finding proposes to change the provision, and says what could be done then."""

from __future__ import annotations

import pytest

import pubservice as ps
from pubservice.edits.application import without_basis
from pubservice.edits.edit import ServiceEdit
from written import model, only

BASIS = "legal_basis: [UU 1/2020]"
CASES: dict[str, tuple[str, ServiceEdit]] = {
    "RED001": (
        f"""
        requirements: [card]
        procedure:
          steps: [{{id: a, checks: [card]}}, {{id: b, checks: [card], {BASIS}}}]
          flows: [{{source: a, target: b}}]
        """,
        ps.DropCheck("s", "b", "card", "card"),
    ),
    "RED002": (
        f"""
        outputs: [permit]
        procedure:
          steps: [{{id: a, gives: [permit]}}, {{id: b, gives: [memo], {BASIS}}}]
          flows: [{{source: a, target: b}}]
        """,
        ps.DropOutputs("s", [("b", "memo")], ["b"]),
    ),
    "EVD001": (
        f"""
        requirements: [card]
        procedure:
          steps: [{{id: a, asks: [card]}}, {{id: b, asks: [card], {BASIS}}}]
          flows: [{{source: a, target: b}}]
        """,
        ps.DropAsk("s", "b", "card"),
    ),
    "HND001": (
        f"""
        resources: [{{id: x}}, {{id: y}}]
        procedure:
          steps: [{{id: a, resource: x}}, {{id: b, resource: y, {BASIS}}}, {{id: c, resource: x}}]
          flows: [{{source: a, target: b}}, {{source: b, target: c}}]
        """,
        ps.Reassign("s", ["b"], "x"),
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_what_a_provision_forbids_is_proposed(code: str) -> None:
    """
    A step with a legal basis gets no remedy; the proposal names the provision, and fits once that is gone.
    """
    text, edit = CASES[code]
    found = only(text, code)
    assert found.remedy is None
    assert found.proposal == ps.Proposal(("UU 1/2020",), edit)
    assert str(found.message).endswith("; UU 1/2020 would have to change")
    service = without_basis(model(text).services[0], ["UU 1/2020"])
    free = ps.PublicOrganisation("o", resources=model(text).resources, services=[service])
    assert list(ps.check(ps.redesign(free, [edit]), select=[code])) == []


@pytest.mark.parametrize("code", CASES)
def test_without_the_provision_the_proposal_is_the_remedy(code: str) -> None:
    """
    The same procedure without the provision gets as remedy what was proposed.
    """
    text, edit = CASES[code]
    assert only(text.replace(f", {BASIS}", ""), code).remedy == edit


def test_an_unused_datum_of_the_only_step_keeps_the_step() -> None:
    """
    Where nothing would be left without the step, the proposal is to stop making the datum.
    """
    text = f"outputs: [permit]\nprocedure: {{steps: [{{id: a, gives: [memo], {BASIS}}}]}}"
    assert only(text, "RED002").proposal == ps.Proposal(("UU 1/2020",), ps.DropOutputs("s", [("a", "memo")]))


def test_a_ping_pong_that_more_than_the_law_keeps_proposes_nothing() -> None:
    """
    Where the law and something else stand in the way, changing the law would not help.
    """
    found = only(CASES["HND001"][0].replace("resource: y,", "resource: y, kind: approval,"), "HND001")
    assert (found.remedy, found.proposal) == (None, None)
    assert str(found.message).endswith("; UU 1/2020 would have to change")


TWICE = """
requirements: [card, form]
procedure:
  steps:
    - {id: a, checks: [card, form]}
    - {id: b, kind: check, checks: [card, form]}
    - {id: c}
  flows: [{source: a, target: b}, {source: b, target: c}]
"""


def test_a_step_that_only_repeats_checks_is_removed() -> None:
    """
    A step of kind check all of whose facts are repeated is one finding, and its removal the remedy.
    """
    found = only(TWICE, "RED001")
    assert found.text() == "RED001 s: a, b: only repeats the check of card, form"
    assert found.remedy == ps.RemoveStep("s", "b")
    assert [s.id for s in ps.redesign(model(TWICE), [found.remedy]).services[0].procedure.steps] == ["a", "c"]
    proposed = only(TWICE.replace("kind: check", f"kind: check, {BASIS}"), "RED001")
    assert proposed.proposal == ps.Proposal(("UU 1/2020",), ps.RemoveStep("s", "b"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: check", "kind: work"),
        ("kind: check", "kind: check, gives: [note]"),
        ("kind: check", "kind: check, asks: [receipt]"),
        ("kind: check", "kind: check, contact: in-person"),
        ("kind: check", "kind: check, actor: applicant"),
        ("checks: [card, form]}", "checks: [card]}"),
        ("procedure:", "fees: [{amount: 5 IDR, at: b}]\nprocedure:"),
        ("{id: c}", "{id: c}\n    - {id: d}"),
    ],
    ids=["work", "gives", "asks", "contact", "applicant", "another check", "fee", "choice"],
)
def test_a_step_that_does_more_only_drops_its_checks(old: str, new: str) -> None:
    """
    Where a step does anything but repeat checks, only these are dropped.
    """
    text = TWICE.replace(old, new, 1)
    if "{id: d}" in new:
        text = text.replace("{source: b, target: c}", "{source: b, target: c}, {source: b, target: d}")
    remedies = [f.remedy for f in ps.check(model(text), select=["RED001"])]
    assert remedies
    assert all(isinstance(remedy, ps.DropCheck) for remedy in remedies)


def test_a_choice_behind_gateways_is_a_choice_behind() -> None:
    """
    A check in a branch is not removed where the case is decided behind the join, but is where work comes first.
    """
    text = """
    requirements: [card]
    procedure:
      steps: [{id: a, checks: [card]}, {id: b, kind: check, checks: [card]}, {id: c}, {id: d}, {id: e}]
      gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}, {id: g, kind: exclusive}]
      flows:
        - {source: a, target: f}
        - {source: f, target: b}
        - {source: f, target: c}
        - {source: b, target: j}
        - {source: c, target: j}
        - {source: j, target: g}
        - {source: g, target: d}
        - {source: g, target: e}
    """
    assert only(text, "RED001").remedy == ps.DropCheck("s", "b", "card", "card")
    later = text.replace("{source: b, target: j}", "{source: b, target: w}\n        - {source: w, target: j}")
    assert only(later.replace("{id: e}]", "{id: e}, {id: w}]"), "RED001").remedy == ps.RemoveStep("s", "b")


def test_a_loop_of_gateways_is_looked_through_once() -> None:
    """
    Gateways that lead back to each other without a choice do not keep the rule busy.
    """
    text = """
    requirements: [card]
    procedure:
      start: a
      steps: [{id: a, checks: [card]}, {id: b, kind: check, checks: [card]}]
      gateways: [{id: g, kind: parallel}, {id: h, kind: exclusive}]
      flows:
        - {source: a, target: b}
        - {source: b, target: h}
        - {source: h, target: g}
        - {source: g, target: h}
    """
    assert only(text, "RED001").remedy == ps.RemoveStep("s", "b")
