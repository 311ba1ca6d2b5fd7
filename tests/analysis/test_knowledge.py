"""What is known and held where in a procedure."""

from __future__ import annotations

import pytest

import pubservice as ps
from planting import sketches

OFFICE = """
pubservice: 1
id: o
services:
  - id: s
    requirements: [form, card]
    outputs: [permit]
    procedure:
      start: intake
      steps:
        - {id: intake, asks: [card], needs: [form], checks: [{check: valid, of: card}], gives: [file]}
        - {id: interview, checks: [{check: complete, of: form}], gives: [notes]}
        - {id: assess, needs: [file, extract], gives: [opinion]}
        - {id: amend, needs: [opinion], gives: [file, opinion]}
        - {id: decide, needs: [opinion, form], gives: [permit]}
      waits:
        - {id: correction, cause: applicant, clock: elapsed, gives: [form]}
      gateways:
        - {id: fork, kind: parallel}
        - {id: join, kind: parallel}
      flows:
        - {source: intake, target: interview, probability: 0.3}
        - {source: intake, target: correction, probability: 0.2}
        - {source: intake, target: fork, probability: 0.5}
        - {source: interview, target: merge}
        - {source: correction, target: intake}
        - {source: fork, target: assess}
        - {source: fork, target: amend}
        - {source: assess, target: join}
        - {source: amend, target: join}
        - {source: join, target: merge}
        - {source: merge, target: decide}
  - id: registry
    outputs: [extract]
""".replace(
    "        - {id: join, kind: parallel}",
    "        - {id: join, kind: parallel}\n        - {id: merge, kind: exclusive}",
)
CARD, FORM = ps.Check("valid", "card"), ps.Check("complete", "form")


def test_each_node_says_what_is_known_and_held() -> None:
    """
    Facts and data on every path, on some with their share, which version is read, what is unused, and what conflicts.
    """
    found = ps.data_flow(ps.from_yaml(OFFICE), "s")
    intake, decide = found.node("intake"), found.node("decide")
    assert intake.facts == ()
    assert intake.partly_facts == {CARD: pytest.approx(0.2)}
    assert intake.data == ("extract", "form")
    assert intake.partly_data == {"card": pytest.approx(0.2), "file": pytest.approx(0.2)}
    assert intake.reads == {"form": ("", "correction"), "card": ("",)}
    assert decide.facts == (CARD,)
    assert decide.partly_facts == {FORM: pytest.approx(0.3 / 0.8)}
    assert decide.partly_data["notes"] == pytest.approx(0.3 / 0.8)
    assert decide.reads == {"opinion": ("", "assess", "amend"), "form": ("", "correction")}
    assert found.node("interview").unused == ("notes",)
    assert [node.unused for node in found.nodes if node.id != "interview"] == [()] * 5
    assert found.node("assess").reads == {"file": ("intake", "amend"), "extract": ("",)}
    assert found.node("amend").conflicts == (ps.Conflict("opinion", "assess", "written twice"),)
    assert found.node("assess").conflicts == (
        ps.Conflict("opinion", "amend", "written twice"),
        ps.Conflict("file", "amend", "read while written"),
    )
    assert len({hash(node) for node in found.nodes}) == 6


def test_it_prints_in_both_languages() -> None:
    """
    Node by node, and only what there is to say.
    """
    found = ps.data_flow(ps.from_yaml(OFFICE), "s")
    assert "interview\n  checked: valid of card\n  held: extract, form, file, card\n" in str(found)
    assert "  conflicts: opinion: written twice (amend), file: read while written (amend)" in str(found)
    assert "  benturan: opinion: ditulis dua kali (amend)" in found.text("id")
    assert "intake\n  diperiksa: valid of card (20%)\n" in found.text("id")
    assert found.rows()[0]["reads"] == "form (-, correction), card (-)"
    with pytest.raises(ps.UnknownIdError, match="no node 'decid', did you mean 'decide'"):
        found.node("decid")
    with pytest.raises(ps.UnknownIdError):
        ps.data_flow(ps.from_yaml(OFFICE), "t")


def test_shares_that_are_not_known_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without probabilities, or in a procedure too large to ask for every share, what is there on some paths has no share.
    """
    text = (
        OFFICE.replace(", probability: 0.3", "")
        .replace(", probability: 0.2", "")
        .replace(", probability: 0.5", "")
    )
    unknown = ps.data_flow(ps.from_yaml(text), "s").node("decide")
    assert unknown.partly_facts == {FORM: None}
    assert "notes (?)" in ps.data_flow(ps.from_yaml(text), "s").rows()[4]["held"]
    monkeypatch.setattr("pubservice.analysis.knowledge._MOST_NODES", -1)
    assert ps.data_flow(ps.from_yaml(OFFICE), "s").node("decide").partly_facts == {FORM: None}


def test_what_is_certain_is_not_partial() -> None:
    """
    In random procedures nothing is both known on every path and on some, and shares are between 0 and 1.
    """
    for sketch in sketches(100):
        for _ in range(3):
            sketch.put(sketch.step(checks=["card"], gives=["note"]))
        sketch.put(sketch.step(gives=["card"]))
        found = ps.data_flow(sketch.organisation(requirements=["card"]), "s")
        for node in found.nodes:
            assert not set(node.facts) & set(node.partly_facts)
            assert not set(node.data) & set(node.partly_data)
            shares = [*node.partly_facts.values(), *node.partly_data.values()]
            assert all(share is None or 0 < share <= 1 for share in shares)
