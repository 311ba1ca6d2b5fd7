"""Edits one after another: what composes, what overlaps, what contradicts."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

import pubservice as ps
from pubservice.redesigns.sequence import in_sequence

FORM = ps.Check("form", "form")


def office(**fields: Any) -> ps.PublicOrganisation:
    """Return a row of steps that repeat each other, and a service that issues cards."""
    same: dict[str, Any] = {
        "resource": "clerk",
        "checks": [FORM],
        "asks": ["card"],
        "batch": ps.Batch(size=2),
    }
    steps = [
        ps.Step("a", gives=["note"], **same),
        ps.Step("b", gives=["note"], **same),
        ps.Step("c", resource="clerk", processing_time="5 min"),
        ps.Step("d", resource="clerk"),
        ps.Step("e", resource="clerk"),
    ]
    flows = [ps.Flow(x, y) for x, y in zip("abcd", "bcde", strict=True)]
    service = ps.PublicService(
        "s",
        requirements=["form", "card"],
        channels=[ps.Channel("web", kind="online")],
        procedure=ps.Procedure(steps=steps, flows=flows),
        **fields,
    )
    registry = ps.PublicService("registry", outputs=["card"])
    resources = [ps.Resource("clerk", capacity=4), ps.Resource("chief", capacity=2)]
    return ps.PublicOrganisation("o", resources=resources, services=[service, registry])


def steps(*edits: ps.Edit) -> dict[str, ps.Step]:
    """Return the steps of the service after edits."""
    after = in_sequence(office(), edits)
    return {step.id: step for step in after.service("s").procedure.steps}


MERGE = ps.MergeSteps("s", ["a", "b"])
TRIAGE = ps.Triage("s", "c", [ps.CaseType("c", 0.5), ps.CaseType("c2", 0.5)])
SPLIT = ps.SplitStep("s", "c", [ps.Part("c", 0.5), ps.Part("c2", 0.5)])
SIDE_BY_SIDE = ps.Parallelise("s", [["c"], ["d"], ["e"]])


@pytest.mark.parametrize(
    ("first", "then", "left"),
    [
        (ps.RemoveStep("s", "b"), ps.DropCheck("s", "b", "form", "form"), "acde"),
        (ps.RemoveStep("s", "b"), ps.DropAsk("s", "b", "card"), "acde"),
        (ps.RemoveStep("s", "b"), ps.DropBatch("s", "b"), "acde"),
        (ps.RemoveStep("s", "b"), ps.DropOutputs("s", [("b", "note")], ["b"]), "acde"),
        (ps.RemoveStep("s", "b"), ps.DropOutputs("s", [("b", "note")], ["b", "e"]), "acd"),
        (ps.RemoveStep("s", "d"), ps.MergeSteps("s", ["c", "d", "e"]), "abc"),
        (ps.DropOutputs("s", [], ["b"]), ps.RemoveStep("s", "b"), "acde"),
        (ps.DropOutputs("s", [], ["b"]), ps.Reassign("s", ["b"], "chief"), "acde"),
        (ps.DropOutputs("s", [], ["b"]), MERGE, "acde"),
        (ps.DropOutputs("s", [], ["b"]), ps.Automate("s", "b", "1 min"), "acde"),
        (ps.DropOutputs("s", [], ["c"]), SPLIT, "abde"),
        (ps.DropOutputs("s", [], ["c"]), TRIAGE, "abde"),
        (ps.DropOutputs("s", [], ["c"]), ps.ChangeChannel("s", "c", "web", "remote"), "abde"),
        (MERGE, ps.MergeSteps("s", ["b", "a"]), "acde"),
        (MERGE, MERGE, "acde"),
        (SPLIT, SPLIT, ["a", "b", "c", "c2", "d", "e"]),
    ],
)
def test_what_is_done_already_is_skipped(first: ps.Edit, then: ps.Edit, left: list[str]) -> None:
    """
    Remedies that overlap compose: of the later one what is left is done.
    """
    assert list(steps(first, then)) == list(left)


def test_what_is_left_of_an_edit_is_done() -> None:
    """
    Steps that are gone fall out of an edit; the rest of it is applied.
    """
    after = steps(ps.RemoveStep("s", "d"), ps.Reassign("s", ["c", "d"], "chief"))
    assert after["c"].resource == ("chief",)
    flows = in_sequence(office(), [ps.RemoveStep("s", "d"), SIDE_BY_SIDE]).service("s").procedure.flows
    assert [flow.target for flow in flows if flow.source == "c-fork"] == ["c", "e"]
    fields = steps(ps.DropOutputs("s", [("a", "note")]), ps.DropOutputs("s", [("a", "note"), ("b", "note")]))
    assert fields["b"].gives == ()


@pytest.mark.parametrize(
    "edit",
    [
        ps.MergeSteps("s", ["a", "b", "typo"]),
        ps.Reassign("s", ["c", "typo"], "chief"),
        ps.Parallelise("s", [["c"], ["d"], ["typo"]]),
        ps.Reorder("s", ["d", "c", "typo"]),
        ps.RemoveStep("s", "typo"),
        ps.DropOutputs("s", [("a", "note")], ["typo"]),
    ],
)
def test_what_never_was_there_is_not_skipped(edit: ps.Edit) -> None:
    """
    An edit that names nothing is an error that names it, also behind other edits.
    """
    for before in ([], [ps.RemoveStep("s", "e")]):
        with pytest.raises(ps.InvalidEditError, match="no step 'typo' in service 's'"):
            in_sequence(office(), [*before, edit])


def test_a_remedy_for_another_version_of_the_model_says_what_is_not_there() -> None:
    """
    A finding of a model that has changed since names a step, a check, a service or a resource that is gone.
    """
    old = office()
    new = ps.redesign(old, [ps.RemoveStep("s", "e"), ps.DropCheck("s", "b", "form", "form")])
    for edit, message in (
        (ps.RemoveStep("s", "e"), "no step 'e' in service 's'"),
        (ps.DropCheck("s", "b", "form", "form"), "step 'b' does not check form"),
        (ps.RemoveStep("t", "e"), "no service 't'"),
        (ps.FetchEvidence("s", "card", "registri"), "no service 'registri', did you mean 'registry'?"),
        (ps.SetCapacity("clark", 2), "no resource 'clark', did you mean 'clerk'?"),
    ):
        with pytest.raises(ps.InvalidEditError) as caught:
            ps.redesign(new, [ps.RemoveStep("s", "d"), edit])
        assert str(caught.value).startswith(message)


def test_a_remedy_holds_only_where_what_it_rests_on_is_still_so() -> None:
    """
    A step that only repeated a check is not removed from a version in which it is the only one, or checks more.
    """
    first = ps.Step("a", checks=["form"])
    verify = ps.Step("b", kind="check", checks=["form"])

    def version(*steps: ps.Step) -> ps.PublicOrganisation:
        flows = [ps.Flow(x.id, y.id) for x, y in zip(steps, steps[1:], strict=False)]
        service = ps.PublicService("s", procedure=ps.Procedure(steps=steps, flows=flows))
        return ps.PublicOrganisation("o", services=[service])

    last = ps.Step("c")
    (finding,) = ps.check(version(first, verify, last), select=["RED001"])
    assert finding.remedy == ps.RemoveStep("s", "b")
    ps.redesign(version(first, verify, last), [finding.remedy])
    for other, lost in (
        (version(ps.Step("a"), verify, last), "form"),
        (version(first, attrs.evolve(verify, checks=["form", "income"]), last), "income"),
    ):
        with pytest.raises(ps.InvalidEditError) as caught:
            ps.redesign(other, [finding.remedy])
        assert str(caught.value) == f"s: nothing checks {lost} any more"
    with pytest.raises(ps.InvalidEditError, match="step 'c' does not check form"):
        ps.redesign(version(first, verify, last), [ps.RemoveStep("s", "c", gives_up=["form"])])
    ps.redesign(
        version(first, verify, last),
        [ps.DropCheck("s", "b", "form", "form"), ps.RemoveStep("s", "b", gives_up=["form"])],
    )


def test_what_merged_steps_both_did_is_done_once_already() -> None:
    """
    A repeated check, question or output of merged steps is gone with the merging; only a further one is dropped.
    """
    both: list[ps.Edit] = [
        ps.DropCheck("s", "b", "form", "form"),
        ps.DropAsk("s", "b", "card"),
        ps.DropOutputs("s", [("b", "note")]),
    ]
    merged = steps(MERGE, *both)["a"]
    assert (merged.checks, merged.asks, merged.gives) == ((FORM,), ("card",), ("note",))
    assert steps(MERGE, *both, ps.DropOutputs("s", [("a", "note")]))["a"].gives == ()


def test_merged_steps_go_by_the_id_of_the_first() -> None:
    """
    Later edits may name any of the merged steps, also those that were merged into one of them before.
    """
    assert steps(MERGE, ps.Reassign("s", ["b"], "chief"))["a"].resource == ("chief",)
    assert steps(MERGE, ps.DropBatch("s", "b"))["a"].batch is None
    assert list(steps(MERGE, ps.MergeSteps("s", ["d", "e"]))) == ["a", "c", "d"]
    rows: list[ps.Edit] = [
        ps.MergeSteps("s", ["d", "e"]),
        ps.MergeSteps("s", ["c", "d"]),
        ps.ChangeChannel("s", "e", "web", "remote"),
    ]
    assert steps(*rows)["c"].channel == "web"
    order = in_sequence(office(), [MERGE, ps.Parallelise("s", [["b"], ["c"]])]).service("s").procedure
    assert ("a-fork", "a") in [(flow.source, flow.target) for flow in order.flows]
    relocated = steps(
        ps.DropCheck("s", "a", "form", "form"), MERGE, ps.RelocateCheck("s", "b", "form", "form", "c")
    )
    assert relocated["c"].checks == (FORM,)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (ps.SetCapacity("clerk", 5), ps.SetCapacity("clerk", 6)),
        (ps.Reassign("s", ["c"], "chief"), ps.Reassign("s", ["d", "c"], "clerk")),
        (ps.Reassign("s", ["c"], "chief"), ps.Automate("s", "c", "1 min")),
        (ps.Automate("s", "c", "1 min"), ps.Automate("s", "c", "2 min")),
        (ps.Automate("s", "c", "1 min"), ps.ChangeChannel("s", "c", "web", "remote")),
        (ps.ChangeChannel("s", "c", "web", "remote"), ps.ChangeChannel("s", "c", None, "none")),
        (ps.Reorder("s", ["d", "c"]), ps.Reorder("s", ["c", "d"])),
        (TRIAGE, ps.RemoveStep("s", "c")),
        (ps.RemoveStep("s", "b"), ps.Reassign("s", ["b"], "chief")),
        (ps.RemoveStep("s", "b"), MERGE),
        (ps.RemoveStep("s", "b"), ps.Reorder("s", ["b", "a"])),
        (ps.RemoveStep("s", "d"), ps.Parallelise("s", [["c"], ["d"]])),
        (MERGE, ps.Parallelise("s", [["a"], ["b"]])),
        (MERGE, ps.Reorder("s", ["b", "a"])),
        (SPLIT, ps.Reassign("s", ["c"], "chief")),
        (SPLIT, TRIAGE),
        (SPLIT, ps.MergeSteps("s", ["b", "c"])),
        (SPLIT, ps.Parallelise("s", [["c"], ["d"]])),
        (SPLIT, ps.DropOutputs("s", [("c", "x")])),
        (SPLIT, ps.RelocateCheck("s", "a", "form", "form", "c")),
        (MERGE, ps.RemoveStep("s", "b")),
        (MERGE, ps.RemoveStep("s", "a")),
        (MERGE, ps.Automate("s", "b", "1 min")),
        (MERGE, ps.Triage("s", "b", [ps.CaseType("x", 0.5), ps.CaseType("y", 0.5)])),
        (MERGE, ps.DropOutputs("s", [("b", "note")], ["b"])),
    ],
)
def test_edits_that_contradict_each_other(first: ps.Edit, then: ps.Edit) -> None:
    """
    Refused by name are the same thing set to two values, what concerns a step that is gone, and a step of which only parts
    are left or that is only a part.
    """
    for edits in ([first, then], [ps.RemoveStep("s", "e"), first, then]):
        with pytest.raises(ps.InvalidEditError) as caught:
            ps.redesign(office(), edits)
        assert str(caught.value) == f"{str(then.describe())!r} contradicts {str(first.describe())!r}"
    assert "bertentangan dengan" in caught.value.args[0].text("id")


def test_what_merged_steps_are_set_to_is_one_thing() -> None:
    """
    Two values for two steps that are one now contradict each other.
    """
    edits: list[ps.Edit] = [MERGE, ps.Reassign("s", ["a"], "chief"), ps.Reassign("s", ["b"], "clerk")]
    with pytest.raises(ps.InvalidEditError, match="'s: b done by clerk' contradicts 's: a done by chief'"):
        ps.redesign(office(), edits)


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        (ps.Reassign("s", ["a"], "chief"), MERGE, "'a' and 'b' differ in resource"),
        (ps.PoolResources(["clerk", "chief"], "pool"), ps.SetCapacity("chief", 3), "no resource 'chief'"),
        (ps.Parallelise("s", [["c"], ["d"]]), ps.Reorder("s", ["d", "c"]), "c do not follow each other"),
        (ps.FetchEvidence("s", "card", "registry"), ps.FetchEvidence("s", "card", "registry2"), "no service"),
    ],
)
def test_an_edit_that_no_longer_holds_names_the_one_before(first: ps.Edit, then: ps.Edit, why: str) -> None:
    """
    What holds by itself and not after another edit contradicts that one, with the reason; else it does not hold at all.
    """
    with pytest.raises(ps.InvalidEditError) as caught:
        ps.redesign(office(), [ps.SetCapacity("clerk", 9), first, then])
    by_itself = "registry2" not in str(then.describe())
    assert why in str(caught.value)
    assert (
        f"{str(then.describe())!r} contradicts {str(first.describe())!r}: " in str(caught.value)
    ) == by_itself


def test_a_step_named_like_a_datum_is_not_that_datum() -> None:
    """
    What has become of a step says nothing about data of the same name.
    """
    model = office()
    service = model.service("s")
    renamed = [attrs.evolve(s, id="card") if s.id == "e" else s for s in service.procedure.steps]
    flows = [attrs.evolve(f, target="card") if f.target == "e" else f for f in service.procedure.flows]
    procedure = attrs.evolve(service.procedure, steps=renamed, flows=flows)
    model = attrs.evolve(
        model, services=[attrs.evolve(service, procedure=procedure), model.service("registry")]
    )
    triage = ps.Triage("s", "card", [ps.CaseType("x", 0.5), ps.CaseType("y", 0.5)])
    after = in_sequence(model, [triage, ps.DropAsk("s", "b", "card")])
    assert after.service("s").procedure.steps[1].asks == ()


def test_edits_of_one_service_leave_the_others_as_they_are() -> None:
    """
    A service that no edit names is the same object afterwards.
    """
    before = office()
    after = in_sequence(
        before, [ps.RemoveStep("s", "e"), ps.SetCapacity("clerk", 9), ps.RemoveStep("s", "d")]
    )
    assert after.service("registry") is before.service("registry")
    assert after.resource("clerk").capacity == 9
    assert [step.id for step in after.service("s").procedure.steps] == list("abc")
