"""Work by hand that a system could do: carrying and re-keying (RED008), certified copies (RED009)."""

from __future__ import annotations

import pytest

import pubservice as ps
from planting import sketches
from written import applied, found, only, steps

CARRY = """
resources: [{id: clerk}, {id: system, kind: information-system}]
procedure:
  steps: [{id: a, gives: [file]}, {id: carry, kind: transport, resource: clerk, needs: [file]}, {id: b, needs: [file]}]
  flows: [{source: a, target: carry}, {source: carry, target: b}]
"""


def test_carrying_is_automated() -> None:
    """
    A step that only carries the file becomes one that nobody does and that takes no time.
    """
    one = only(CARRY, "RED008")
    assert one.text() == "RED008 s: carry: only carries file"
    assert one.remedy == ps.Automate("s", "carry", "0 min")
    assert not ps.check(applied(CARRY, one.remedy), select=["RED008"])
    assert (
        str(only(CARRY.replace(", needs: [file]}, {id: b", "}, {id: b"), "RED008").message)
        == "only carries the case"
    )


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("resource: clerk", "resource: system", 0),
        ("resource: clerk", "resource: [clerk, system]", 1),
        ("resource: clerk", "actor: applicant", 1),
        ("resource: clerk", "actor: other-body", 0),
        ("resource: clerk", "processing_time: 5 min", 0),
        ("{source: a, target: carry}, ", "", 0),
    ],
    ids=["system", "both", "applicant", "other body", "not known who", "not reached"],
)
def test_who_carries_matters(old: str, new: str, count: int) -> None:
    """
    Only what people of the office, or applicants, carry can be taken from them.
    """
    text = CARRY.replace(old, new)
    text = text.replace("procedure:", "procedure:\n  start: a")
    assert len(found(text, "RED008")) == count


def test_goods_and_what_the_law_has_carried_get_no_remedy() -> None:
    """
    Goods have to be carried; what a provision demands is a proposal.
    """
    assert only("kind: goods\n" + CARRY.strip(), "RED008").remedy is None
    bound = only(CARRY.replace("kind: transport", "kind: transport, legal_basis: [UU 1/2020]"), "RED008")
    assert bound.proposal == ps.Proposal(("UU 1/2020",), ps.Automate("s", "carry", "0 min"))


KEY = """
resources: [{id: clerk}]
requirements: [form]
outputs: [permit]
procedure:
  steps:
    - {id: key, resource: clerk, processing_time: 9 min, value: non-value-adding, needs: [form], gives: [record]}
    - {id: decide, needs: [record], gives: [permit]}
  flows: [{source: key, target: decide}]
"""


def test_rekeying_is_automated() -> None:
    """
    A step without value with one datum in and one out only changes its form.
    """
    one = only(KEY, "RED008")
    assert one.text() == "RED008 s: key: only turns form into record"
    assert one.remedy == ps.Automate("s", "key", "0 min")
    assert not ps.check(applied(KEY, one.remedy), select=["RED008"])
    assert only(KEY.replace("outputs: [permit]", ""), "RED008").steps == ("key",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: non-value-adding, ", ""),
        ("value: non-value-adding", "value: value-adding"),
        ("needs: [form]", "needs: [form, map]"),
        ("gives: [record]", "gives: [record, note]"),
        ("gives: [record]", "gives: [record], checks: [form]"),
        ("gives: [record]", "gives: [record], asks: [card]"),
        ("gives: [record]", "gives: [record], contact: remote"),
        ("gives: [record]", "gives: [record], contact: in-person"),
        ("gives: [record]", "gives: [record], kind: payment"),
        ("resource: clerk, ", ""),
        ("needs: [record], ", ""),
    ],
)
def test_steps_that_do_more_are_no_rekeying(old: str, new: str) -> None:
    """
    Without the value stated, with other data or a meeting it may be work; what nobody reads is another rule's.
    """
    assert not found(KEY.replace(old, new), "RED008")
    if "record" in old:
        assert not found(KEY.replace(old, new).replace("outputs: [permit]", ""), "RED008")


def test_planted_carrying_is_found_and_look_alikes_are_not() -> None:
    """
    Carrying by people is found wherever it stands; by a system, or work of the same shape, it is not.
    """
    for n, sketch in enumerate(sketches(1000)):
        fields: dict[str, str] = (
            {"kind": "transport"},
            {"kind": "work"},
            {"kind": "transport", "processing_time": "0 min"},
        )[n % 3]
        carry = sketch.step(**fields, needs=["card"], resource="clerk" if n % 3 < 2 else ())
        sketch.put(carry)
        organisation = sketch.organisation(requirements=["card"])
        result = list(ps.check(organisation, select=["RED008"]))
        assert [f.steps for f in result] == [(carry.id,)] * (n % 3 == 0)
        for finding in result:
            assert finding.remedy is not None
            assert not ps.check(ps.redesign(organisation, [finding.remedy]), select=["RED008"])


# RED009

COPY = """
evidence: [{id: diploma, issuer: university}]
requirements: [diploma, letter]
procedure:
  steps:
    - {id: legalise, kind: certify, actor: applicant, processing_time: 3 hour, needs: [letter, diploma]}
    - {id: accept, needs: [diploma]}
  flows: [{source: legalise, target: accept}]
"""


def test_certifying_what_the_issuer_can_confirm_is_removed() -> None:
    """
    A step that certifies a datum with an issuer goes; one for data without is not found.
    """
    one = only(COPY, "RED009")
    assert one.text() == "RED009 s: legalise: certifies diploma, which university can confirm"
    assert one.remedy == ps.RemoveStep("s", "legalise")
    assert steps(applied(COPY, one.remedy)) == ["accept"]
    assert not found(COPY.replace(", issuer: university", ""), "RED009")
    bound = only(COPY.replace("kind: certify", "kind: certify, legal_basis: [UU 1/2020]"), "RED009")
    assert bound.proposal == ps.Proposal(("UU 1/2020",), ps.RemoveStep("s", "legalise"))


def test_another_service_is_an_issuer() -> None:
    """
    What another service of the office gives can be confirmed by it.
    """
    text = COPY.replace(", issuer: university", "") + "beside: [{id: school, outputs: [diploma]}]\n"
    assert str(only(text, "RED009").message) == "certifies diploma, which school can confirm"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("needs: [letter, diploma]", "asks: [diploma]"),
        ("needs: [letter, diploma]", "checks: [diploma], gives: [copy]"),
        ("procedure:", "fees: [{amount: 5 IDR, at: legalise}]\nprocedure:"),
        (
            "[{source: legalise, target: accept}]",
            "[{source: legalise, target: accept}, {source: legalise, target: nope}]",
        ),
        (
            "  flows: [{source: legalise, target: accept}]",
            "  start: legalise\n  flows: [{source: legalise, target: legalise}]",
        ),
        ("\n    - {id: accept, needs: [diploma]}\n  flows: [{source: legalise, target: accept}]", ""),
    ],
    ids=["asks", "read", "fee", "choice", "no way out", "alone"],
)
def test_where_something_hangs_on_it_a_system_asks_the_issuer(old: str, new: str) -> None:
    """
    Where somebody reads what the step makes, or something is handed in, paid or decided there, it is automated.
    """
    text = COPY.replace(old, new)
    if "gives" in new:
        text = text.replace("accept, needs: [diploma]", "accept, needs: [diploma, copy]")
    if "target: nope}" in new:
        text = text.replace("{id: accept,", "{id: nope}\n    - {id: accept,")
    one = only(text, "RED009")
    assert one.remedy == ps.Automate("s", "legalise", "0 min")
    assert not ps.check(applied(text, one.remedy), select=["RED009"])


def test_planted_certified_copies_are_found_and_look_alikes_are_not() -> None:
    """
    A copy of a datum with an issuer is found; work on it, and a copy of one without an issuer, is not.
    """
    for n, sketch in enumerate(sketches(1000)):
        kind, datum = [("certify", "card"), ("work", "card"), ("certify", "drawing")][n % 3]
        step = sketch.step(kind=kind, needs=[datum])
        sketch.put(step)
        service = sketch.service(requirements=["card", "drawing"])
        resources = [ps.Resource(id, capacity=1000) for id in sketch.resources]
        evidence = [ps.Evidence("card", issuer="registry"), ps.Evidence("drawing")]
        organisation = ps.PublicOrganisation("o", resources=resources, evidence=evidence, services=[service])
        result = list(ps.check(organisation, select=["RED009"]))
        assert [f.steps for f in result] == [(step.id,)] * (n % 3 == 0)
        for finding in result:
            assert finding.remedy is not None
            assert not ps.check(ps.redesign(organisation, [finding.remedy]), select=["RED009"])
