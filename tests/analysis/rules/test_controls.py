"""Controls that look twice at the same (RED006), or to no effect (RED007)."""

from __future__ import annotations

import attrs
import pytest

import pubservice as ps
from planting import sketches
from written import applied, found, model, only, steps

ROW = """
resources: [{id: a}, {id: b}, {id: c}]
procedure:
  steps:
    - {id: write, gives: [draft]}
    - {id: one, resource: a, kind: approval, needs: [draft]}
    - {id: two, resource: b, kind: approval, needs: [draft]}
    - {id: sign, resource: c, kind: approval, needs: [draft], gives: [permit]}
  flows:
    - {source: write, target: one}
    - {source: one, target: two}
    - {source: two, target: sign}
"""


def test_of_a_row_of_approvals_one_stays() -> None:
    """
    Approvals that look at the same and never refuse go, but for the last.
    """
    one, two = found(ROW, "RED006")
    assert [one.remedy, two.remedy] == [ps.RemoveStep("s", "one"), ps.RemoveStep("s", "two")]
    assert one.text() == "RED006 s: one, two: looks at nothing but what two looks at too, and never refuses"
    after = applied(ROW, one.remedy, two.remedy)
    assert steps(after) == ["write", "sign"]
    assert not ps.check(after, select=["RED006"])
    bare = ROW.replace(", gives: [permit]", "")
    assert [f.steps[0] for f in found(bare, "RED006")] == ["one", "two"]


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("{id: one, resource: a", "{id: one, resource: b", ["two"]),
        ("two, resource: b, kind: approval, needs: [draft]", "two, resource: b, needs: [draft]", []),
        (
            "two, resource: b, kind: approval, needs: [draft]",
            "two, resource: b, kind: approval, gives: [draft]",
            [],
        ),
        ("needs: [draft]}\n    - {id: two", "needs: [draft], checks: [draft]}\n    - {id: two", ["two"]),
        ("needs: [draft]}\n    - {id: two", "needs: [draft], gives: [note]}\n    - {id: two", ["two"]),
        ("needs: [draft]}\n    - {id: two", "needs: [draft], asks: [note]}\n    - {id: two", ["two"]),
        ("needs: [draft]}\n    - {id: two", "needs: [draft], contact: remote}\n    - {id: two", ["two"]),
        ("needs: [draft]}\n    - {id: two", "}\n    - {id: two", ["two"]),
        ("needs: [draft]}\n    - {id: two", "needs: [draft, map]}\n    - {id: two", ["two"]),
        ("{id: one, resource: a,", "{id: one, actor: applicant,", ["two"]),
        ("procedure:", "fees: [{amount: 5 IDR, at: one}]\nprocedure:", ["two"]),
    ],
    ids=[
        "same resource as next",
        "no control between",
        "changed between",
        "verifies",
        "makes",
        "asks",
        "meets",
        "nothing stated",
        "looks at more",
        "applicant",
        "fee",
    ],
)
def test_controls_that_do_more_than_look_stay(old: str, new: str, left: list[str]) -> None:
    """
    A control stays that another does not cover, or that does anything besides.
    """
    expected = left
    if "resource: b, kind: approval" not in old and "one, resource: b" in new:
        expected = ["one", "two"]  # the last one covers the first as well
    assert [f.steps[0] for f in found(ROW.replace(old, new), "RED006")] == expected


def test_a_control_that_decides_stays() -> None:
    """
    A control with ways out of its own, or before a choice, stays; one before it that only looks goes.
    """
    text = ROW.replace(
        "{source: two, target: sign}", "{source: two, target: sign}\n    - {source: two, target: write}"
    )
    text = text.replace("procedure:", "procedure:\n  start: write")
    (one,) = found(text, "RED006")
    assert one.steps == ("one", "two")
    gate = text.replace(
        "{source: two, target: sign}\n    - {source: two, target: write}", "{source: two, target: g}"
    )
    gate = gate.replace("  flows:", "  gateways: [{id: g, kind: exclusive}]\n  flows:")
    gate += "    - {source: g, target: sign}\n    - {source: g, target: write}\n"
    assert [f.steps for f in found(gate, "RED006")] == [("one", "two")]
    merged = gate.replace("target: g}", "target: h}").replace("[{id: g,", "[{id: h, kind: parallel}, {id: g,")
    merged += "    - {source: h, target: g}\n"
    assert [f.steps for f in found(merged, "RED006")] == [("one", "two")]


def test_waits_that_bring_nothing_stand_between_nothing() -> None:
    """
    A draft in a tray is the same draft; a wait that brings a new one makes the next approval another.
    """
    text = ROW.replace(
        "  flows:", "  waits: [{id: tray, cause: signature, clock: working, time: 1 hour}]\n  flows:"
    )
    text = text.replace(
        "{source: one, target: two}", "{source: one, target: tray}\n    - {source: tray, target: two}"
    )
    assert [f.steps[0] for f in found(text, "RED006")] == ["one", "two"]
    new = text.replace("time: 1 hour", "time: 1 hour, gives: [draft]")
    assert [f.steps[0] for f in found(new, "RED006")] == ["two"]


def test_waits_that_lead_round_in_circles_end_the_row() -> None:
    """
    A circle of waits without a way out keeps nobody busy.
    """
    text = """
    resources: [{id: a}, {id: b}]
    procedure:
      start: one
      steps: [{id: one, resource: a, kind: approval, needs: [x]}, {id: two, resource: b, kind: approval, needs: [x]}]
      waits: [{id: v, cause: other, clock: elapsed}, {id: w, cause: other, clock: elapsed}]
      flows: [{source: v, target: w}, {source: w, target: v}, {source: two, target: one}]
    """
    assert not found(text, "RED006")
    assert not found(text.replace("{source: two, target: one}", "{source: one, target: v}"), "RED006")


def test_the_law_keeps_an_approval_as_a_proposal() -> None:
    """
    What the law demands covers the others; its own removal is a proposal.
    """
    text = ROW.replace("resource: a, kind: approval", "resource: a, kind: approval, legal_basis: [UU 1/2020]")
    two, one = found(text, "RED006")
    assert (two.steps[0], one.steps[0]) == ("two", "one")
    assert one.remedy is None
    assert one.proposal == ps.Proposal(("UU 1/2020",), ps.RemoveStep("s", "one"))


def test_planted_approvals_are_found_and_look_alikes_are_not() -> None:
    """
    Two approvals of one draft by different people are found; not by the same, and not of a draft changed in between.
    """
    for n, sketch in enumerate(sketches(1000)):
        kind = n % 3
        one = sketch.step(kind="approval", needs=["draft"], resource="clerk")
        other = sketch.step(kind="approval", needs=["draft"], resource="clerk" if kind == 1 else "officer")
        between = [sketch.step(gives=["draft"])] if kind == 2 else []
        seq = sketch.put(one, *between, other)
        if seq.items[-1] is other:  # else a choice may stand right behind it
            seq.items.append(sketch.step())
        organisation = sketch.organisation(requirements=["draft"])
        result = list(ps.check(organisation, select=["RED006"]))
        assert [f.steps for f in result] == ([] if kind else [(one.id, other.id)])
        for finding in result:
            assert finding.remedy is not None
            assert not ps.check(ps.redesign(organisation, [finding.remedy]), select=["RED006"])


# RED007

STAMP = """
requirements: [form]
procedure:
  steps:
    - {id: a, needs: [form]}
    - {id: look, kind: check, needs: [form]}
    - {id: b, needs: [form]}
  flows: [{source: a, target: look}, {source: look, target: b}]
"""


def test_a_control_without_consequence_is_removed() -> None:
    """
    A check that makes nothing and that no choice follows changes nothing.
    """
    one = only(STAMP, "RED007")
    assert one.text() == "RED007 s: look: whatever it finds, the case goes on the same way"
    assert one.remedy == ps.RemoveStep("s", "look")
    assert steps(applied(STAMP, one.remedy)) == ["a", "b"]
    bound = only(STAMP.replace("kind: check", "kind: check, legal_basis: [UU 1/2020]"), "RED007")
    assert bound.proposal == ps.Proposal(("UU 1/2020",), ps.RemoveStep("s", "look"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: check", "kind: decision"),
        ("kind: check", "kind: check, gives: [opinion]"),
        ("kind: check", "kind: check, asks: [card]"),
        ("kind: check", "kind: check, contact: in-person"),
        ("kind: check", "kind: check, actor: other-body"),
        ("procedure:", "fees: [{amount: 5 IDR, at: look}]\nprocedure:"),
        (
            "{source: look, target: b}",
            "{source: look, target: b}, {source: b, target: c}, {source: b, target: d}",
        ),
        ("flows: [", "start: a\n  flows: [{source: b, target: look}, "),
    ],
    ids=["decision", "gives", "asks", "meets", "other body", "fee", "choice later", "loop"],
)
def test_a_control_with_consequences_stays(old: str, new: str) -> None:
    """
    What makes something, meets somebody, or stands before a choice is no rubber stamp.
    """
    text = STAMP.replace(old, new)
    if "target: c" in new:
        text = text.replace("{id: b, needs: [form]}", "{id: b, needs: [form]}\n    - {id: c}\n    - {id: d}")
    if "start: a" in new:
        assert only(text, "RED007").steps == ("look",)  # a loop that nobody leaves decides nothing
    else:
        assert not found(text, "RED007")


def test_the_only_step_and_steps_that_no_case_reaches_stay() -> None:
    """
    A procedure keeps a step, and what no case reaches is another rule's.
    """
    assert not found("procedure: {steps: [{id: look, kind: check}]}", "RED007")
    lost = STAMP.replace("flows: [{source: a, target: look}, ", "start: a\n  flows: [")
    assert not found(lost, "RED007")
    assert not found(ROW, "RED007")


@pytest.mark.parametrize(("share", "told"), [(0.998, True), (0.99, False), (0.5, False)])
def test_a_control_that_practically_never_acts_is_told(share: float, told: bool) -> None:
    """
    Above 99 of 100 cases on one way, the step's own or the gateway's behind it, sampling is the advice.
    """
    own = STAMP.replace(
        "{source: look, target: b}",
        f"{{source: look, target: b, probability: {share}}}, {{source: look, target: c, probability: {1 - share}}}",
    ).replace("  flows", "    - {id: c}\n  flows")
    behind = own.replace("source: look, target: b", "source: g, target: b").replace(
        "source: look, target: c", "source: g, target: c"
    )
    behind = behind.replace(
        "  flows: [", "  gateways: [{id: g, kind: exclusive}]\n  flows: [{source: look, target: g}, "
    )
    for text in (own, behind):
        assert [f.remedy for f in found(text, "RED007")] == [None] * told
    silent = own.replace(f", probability: {share}", "").replace(f", probability: {1 - share}", "")
    assert not found(silent, "RED007")
    if told:
        assert str(only(own, "RED007").message).startswith("99.80% of its cases go on the same way")


def test_planted_rubber_stamps_are_found_and_look_alikes_are_not() -> None:
    """
    A control behind which one case in 500 turns off is found, one behind which one in ten does is not.
    """
    for n, sketch in enumerate(sketches(1000)):
        share = 0.998 if n % 2 else 0.9
        control = sketch.step(kind="check", needs=["card"])
        sketch.put(control, sketch.step(), seq=sketch.root)
        organisation = sketch.organisation(requirements=["card"])
        (service,) = organisation.services
        procedure = service.procedure
        flows = [attrs.evolve(f, probability=share) if f.source == control.id else f for f in procedure.flows]
        flows.append(ps.Flow(control.id, "refused", probability=1 - share))
        procedure = attrs.evolve(procedure, flows=flows, ends=[*procedure.ends, ps.End("refused")])
        planted = attrs.evolve(organisation, services=[attrs.evolve(service, procedure=procedure)])
        assert [f.steps for f in ps.check(planted, select=["RED007"])] == [(control.id,)] * (n % 2)


def test_planted_controls_without_consequence_are_found() -> None:
    """
    In procedures without a choice a control that makes nothing is found; with a choice behind it, it is not.
    """
    for n, sketch in enumerate(sketches(1000, kinds=("parallel",))):
        control = sketch.step(kind="check", needs=["card"])
        seq = sketch.put(control)
        if seq.items[-1] is control:
            seq.items.append(sketch.step())
        if n % 2:
            sketch.root.items.append(sketch.block("exclusive", 3))
        organisation = sketch.organisation(requirements=["card"])
        result = list(ps.check(organisation, select=["RED007"]))
        assert [f.steps for f in result] == [(control.id,)] * (1 - n % 2)
        for finding in result:
            assert finding.remedy is not None
            assert not ps.check(ps.redesign(organisation, [finding.remedy]), select=["RED007"])


def test_models_are_read_once() -> None:
    """
    The texts of this module are valid models.
    """
    assert [model(text).id for text in (ROW, STAMP)] == ["o", "o"]
