"""Edits that change the order of a procedure: the flows that they leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import pytest

import pubservice as ps

Flows = Iterable[tuple[Any, ...]]


def service(
    flows: Flows,
    *,
    steps: Sequence[str] = "abcde",
    parallel: Sequence[str] = (),
    exclusive: Sequence[str] = (),
    inclusive: Sequence[str] = (),
    ends: Sequence[str] = (),
    start: str | None = "a",
    **fields: Any,
) -> ps.PublicOrganisation:
    """Return an organisation with a service of some flows, each a source, a target and perhaps a probability."""
    listed = [ps.Flow(f[0], f[1], probability=f[2] if len(f) > 2 else None) for f in flows]
    used = {end for flow in listed for end in (flow.source, flow.target)} | {start}
    kinds: list[tuple[Any, Sequence[str]]] = [
        ("parallel", parallel),
        ("exclusive", exclusive),
        ("inclusive", inclusive),
    ]
    procedure = ps.Procedure(
        start=start,
        steps=[ps.Step(id) for id in steps if id in used],
        gateways=[ps.Gateway(id, kind=kind) for kind, ids in kinds for id in ids],
        ends=[ps.End(id) for id in ends],
        flows=listed,
    )
    return ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure, **fields)])


def procedure(organisation: ps.PublicOrganisation, *edits: ps.Edit) -> ps.Procedure:
    """Return the procedure of the service after edits."""
    for edit in edits:
        organisation = ps.apply(organisation, edit)
    return organisation.services[0].procedure


def flows(organisation: ps.PublicOrganisation, *edits: ps.Edit) -> list[str]:
    """Return the flows of the service after edits, with probabilities where there are some."""
    return [
        f"{flow.source}>{flow.target}" + (f" {flow.probability:g}" if flow.probability is not None else "")
        for flow in procedure(organisation, *edits).flows
    ]


def refusal(organisation: ps.PublicOrganisation, edit: ps.Edit) -> str:
    """Return why an edit is refused."""
    with pytest.raises(ps.InvalidEditError) as caught:
        ps.apply(organisation, edit)
    return str(caught.value)


ROW = [("a", "b"), ("b", "c"), ("c", "d")]


def knock_out() -> ps.PublicOrganisation:
    """Return three steps of which the second and the third refuse: the one itself, the other by a gateway behind it."""
    return service(
        [
            ("a", "b"),
            ("b", "c", 0.9),
            ("b", "refused", 0.1),
            ("c", "g"),
            ("g", "d", 0.6),
            ("g", "refused", 0.4),
            ("d", "granted"),
        ],
        exclusive=["g"],
        ends=["granted", "refused"],
    )


# Reorder


def test_steps_change_places() -> None:
    """
    Steps of a row are done in the new order, wherever in the row they stand; the first of them is the start.
    """
    assert flows(service(ROW), ps.Reorder("s", ["c", "b"])) == ["a>c", "b>d", "c>b"]
    assert flows(service(ROW), ps.Reorder("s", ["b", "a"])) == ["a>c", "b>a", "c>d"]
    assert procedure(service(ROW), ps.Reorder("s", ["b", "a"])).start == "b"
    assert flows(service(ROW), ps.Reorder("s", ["a", "b"])) == ["a>b", "b>c", "c>d"]


def test_the_last_steps_of_all_change_places() -> None:
    """
    Behind the last step cases leave, whichever is the last.
    """
    assert flows(service(ROW), ps.Reorder("s", ["d", "c"])) == ["a>b", "b>d", "d>c"]


def test_each_knock_out_keeps_its_own_ways_out() -> None:
    """
    A step that refuses keeps its refusals and their probabilities when it moves, and so does a gateway behind it.
    """
    assert flows(knock_out(), ps.Reorder("s", ["c", "b"])) == [
        "a>c",
        "b>d 0.9",
        "b>refused 0.1",
        "c>g",
        "g>b 0.6",
        "g>refused 0.4",
        "d>granted",
    ]
    assert flows(knock_out(), ps.Reorder("s", ["b", "a"]))[:3] == ["a>c", "b>a 0.9", "b>refused 0.1"]


def test_a_knock_out_comes_first() -> None:
    """
    A last step that decides can move to the front, since the way that is no end is the one that leads on.
    """
    model = service(
        [("a", "b"), ("b", "c", 0.7), ("b", "refused", 0.3), ("c", "granted")], ends=["granted", "refused"]
    )
    assert flows(model, ps.Reorder("s", ["b", "a"])) == ["a>c", "b>a 0.7", "b>refused 0.3", "c>granted"]


def test_a_correction_leads_back_to_the_new_first_step() -> None:
    """
    A way from the last step back to the first leads to whoever is first then, and is not taken for the way on.
    """
    model = service([("a", "b"), ("b", "c"), ("c", "b", 0.2), ("c", "d", 0.8)])
    assert flows(model, ps.Reorder("s", ["c", "b"])) == ["a>c", "b>d", "c>c 0.2", "c>b 0.8"]


def test_reorder_says_why_not() -> None:
    """
    Steps with something between them, steps that are not there and ways that are not clear are refused.
    """
    ends = ["granted", "refused"]
    either = service([("a", "b"), ("b", "granted", 0.5), ("b", "refused", 0.5)], ends=ends)
    assert refusal(service(ROW), ps.Reorder("s", ["a", "c"])).startswith("a, c do not follow each other")
    assert refusal(service(ROW), ps.Reorder("s", ["a"])).startswith("expected several steps")
    assert refusal(service(ROW), ps.Reorder("s", ["a", "x"])) == "no step 'x' in service 's'"
    assert refusal(either, ps.Reorder("s", ["b", "a"])) == "which way leads on from 'b' is not clear"
    for edit in (ps.Reorder("s", ["b", "a"]), ps.Parallelise("s", [["a"], ["b"]])):
        message = "which way leads on from 'b' is not clear"
        assert refusal(service([("a", "b"), ("b", "a")]), edit) == message
    leaves = service([("a", "b", 0.5), ("a", "refused", 0.5)], ends=["refused"])
    message = "cases leave behind 'b': give the procedure an end"
    assert refusal(leaves, ps.Reorder("s", ["b", "a"])) == message


@pytest.mark.parametrize(
    ("model", "steps"),
    [
        (service([("a", "c"), ("c", "b"), ("b", "a")]), "ba"),  # the start has a way in of its own
        (service([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]), "bd"),  # ways meet there
        (
            service([("g", "a"), ("a", "g"), ("g", "b")], start="g", exclusive="g"),
            "ab",
        ),  # where cases come in
        (service([("a", "f"), ("f", "b"), ("f", "c")], parallel="f"), "ab"),
        (service([("a", "b"), ("c", "d")]), "abcd"),
        (service([("a", "b"), ("b", "c"), ("d", "e"), ("e", "d")]), "bde"),
    ],
)
def test_steps_between_which_cases_come_and_go_do_not_follow_each_other(
    model: ps.PublicOrganisation, steps: str
) -> None:
    """
    Nothing but cases from the one before may come to a step of a run.
    """
    assert "do not follow each other" in refusal(model, ps.Reorder("s", steps[::-1].replace("", " ").split()))


# Parallelise


def test_steps_are_done_side_by_side() -> None:
    """
    A fork leads to every branch and a join waits for all of them; a branch may be several steps.
    """
    after = ps.Parallelise("s", [["b", "c"], ["d"]])
    assert flows(service([*ROW, ("d", "e")]), after) == [
        "a>b-fork",
        "b-fork>b",
        "b>c",
        "c>b-join",
        "b-fork>d",
        "d>b-join",
        "b-join>e",
    ]
    assert [g.kind for g in procedure(service([*ROW, ("d", "e")]), after).gateways] == ["parallel"] * 2


def test_a_fork_starts_and_a_join_ends_the_procedure() -> None:
    """
    Where the steps are all there is, the fork is the start and cases leave at the join; ids that are taken are numbered.
    """
    model = service([("a", "b")], exclusive=[])
    after = procedure(model, ps.Parallelise("s", [["a"], ["b"]]))
    assert (after.start, [g.id for g in after.gateways]) == ("a-fork", ["a-fork", "a-join"])
    taken = service([("a", "b"), ("b", "a-fork")], ends=["a-fork"])
    assert procedure(taken, ps.Parallelise("s", [["a"], ["b"]])).start == "a-fork-2"


@pytest.mark.parametrize(
    ("model", "start"),
    [
        (service([("a", "b"), ("a", "c"), ("b", "c"), ("c", "d"), ("d", "e")]), "a"),
        (service([("c", "d"), ("d", "e"), ("e", "c", 0.1), ("e", "b", 0.9)], start="c"), "c-merge"),
    ],
)
def test_several_ways_in_meet_before_the_fork(model: ps.PublicOrganisation, start: str) -> None:
    """
    What comes by several ways, the start among them, meets at an exclusive gateway: a fork would wait for all of it.
    """
    after = procedure(model, ps.Parallelise("s", [["c"], ["d"]]))
    assert {"c-merge", "c-fork", "c-join"} == {g.id for g in after.gateways}
    assert [flow.source for flow in after.flows if flow.target == "c-fork"] == ["c-merge"]
    assert after.start == start


def test_parallelise_says_why_not() -> None:
    """
    One branch, a step twice, another order and a step that decides are refused.
    """
    row = service(ROW)
    for branches in ([["a", "b"]], [["a"], []], [["a"], ["a"]]):
        assert "two branches of different steps" in refusal(row, ps.Parallelise("s", branches))
    assert "stand in another order" in refusal(row, ps.Parallelise("s", [["b", "a"], ["c"]]))
    assert "step 'b' decides" in refusal(knock_out(), ps.Parallelise("s", [["a"], ["b"]]))


# Remove


def test_ways_that_met_in_a_step_still_meet_before_a_gateway_that_waits() -> None:
    """
    Where ways that exclude each other met in a removed step and a fork follows, an exclusive gateway takes its place.
    """
    fork = [("d", "f"), ("f", "e"), ("f", "j"), ("e", "j")]
    model = service([("a", "b", 0.5), ("a", "d", 0.5), ("b", "d"), *fork], parallel="fj")
    after = procedure(model, ps.RemoveStep("s", "d"))
    assert after.node("d") == ps.Gateway("d", kind="exclusive")
    assert after.flows == procedure(model).flows
    loop = service([*fork, ("j", "c"), ("c", "d", 0.5), ("c", "b", 0.5)], parallel="fj", start="d")
    assert procedure(loop, ps.RemoveStep("s", "d")).node("d") == ps.Gateway("d", kind="exclusive")


def test_an_empty_block_inside_an_empty_branch_goes_as_a_whole() -> None:
    """
    When the last work of nested blocks is removed, so are their gateways, and flows that then stand twice.
    """
    inner = [("f", "g"), ("g", "b", 0.3), ("g", "m", 0.7), ("b", "m"), ("m", "j")]
    model = service([("a", "f"), *inner, ("f", "j"), ("j", "c")], parallel="fj", exclusive="gm")
    assert flows(model, ps.RemoveStep("s", "b")) == ["a>c"]
    assert procedure(model, ps.RemoveStep("s", "b")).gateways == ()


def test_a_start_that_is_left_without_purpose_moves_on() -> None:
    """
    Gateways in front go with the work they lead to, and what follows is the start.
    """
    block = [("f", "b"), ("f", "j"), ("b", "j"), ("j", "c")]
    after = procedure(service(block, parallel="fj", start="f"), ps.RemoveStep("s", "b"))
    assert (after.start, after.flows, after.gateways) == ("c", (), ())
    free = procedure(service(block, parallel="fj", start=None), ps.RemoveStep("s", "b"))
    assert free.first == "c"


def test_a_gateway_where_a_fee_is_due_stays() -> None:
    """
    Gateways at which a fee is due are kept, though nothing is left to decide.
    """
    block = [("a", "g"), ("g", "b", 0.3), ("g", "m", 0.7), ("b", "m"), ("m", "c")]
    model = service(block, exclusive="gm", fees=[ps.Fee("1 EUR", at="m")])
    assert flows(model, ps.RemoveStep("s", "b")) == ["a>m", "m>c"]


def test_probabilities_of_flows_that_become_one() -> None:
    """
    Of a choice they add up; of an inclusive gateway either is taken.
    """
    ways = [("a", "g"), ("g", "b", 0.3), ("g", "c", 0.3), ("g", "d", 0.4)]
    ways += [("b", "m"), ("c", "m"), ("d", "m"), ("m", "e")]
    both = [ps.RemoveStep("s", "b"), ps.RemoveStep("s", "c")]
    assert "g>m 0.6" in flows(service(ways, exclusive="gm"), *both)
    assert "g>m 0.51" in flows(service(ways, inclusive="gm"), *both)
    bare = [(way[0], way[1]) for way in ways]
    assert "g>m" in flows(service(bare, exclusive="gm"), *both)


def test_a_loop_keeps_its_work() -> None:
    """
    What is done before a case is looked at again decides where it goes then, and a loop of one step is all there is.
    """
    loop = service([("a", "g"), ("g", "b", 0.2), ("b", "g"), ("g", "c", 0.8)], exclusive="g")
    assert refusal(loop, ps.RemoveStep("s", "b")) == "step 'b' decides where the case goes on"
    assert refusal(service([("a", "b"), ("b", "b")]), ps.RemoveStep("s", "b")) == "step 'b' is all there is"


def test_a_gateway_that_only_leads_to_itself_is_left_alone() -> None:
    """
    A loop that nobody leaves is no place to pass through.
    """
    model = service([("a", "c"), ("g", "b"), ("b", "g")], exclusive="g")
    assert flows(model, ps.RemoveStep("s", "b")) == ["a>c", "g>g"]


def test_suppressions_go_with_their_step() -> None:
    """
    What was suppressed at a removed step is suppressed no more; the rest stays.
    """
    ignore = [
        ps.Suppression("RED001", step="b", reason="x"),
        ps.Suppression("RED001", step="c", reason="x"),
        ps.Suppression("RED002", reason="x"),
    ]
    after = ps.apply(service(ROW, ignore=ignore), ps.RemoveStep("s", "b"))
    assert [s.step for s in after.services[0].ignore] == ["c", None]


# Flows


def implied(**fields: Any) -> ps.PublicOrganisation:
    """Return a fork with a flow straight to its join beside a branch."""
    pairs = [("a", "f"), ("f", "b"), ("b", "j"), ("f", "j"), ("j", "c")]
    return service(pairs, parallel="fj", **fields)


def test_an_implied_flow_goes_with_gateways_that_lose_their_purpose() -> None:
    """
    What is left of a block with one branch is the branch.
    """
    edit = ps.RemoveFlow("s", "f", "j")
    assert flows(implied(), edit) == ["a>b", "b>c"]
    assert flows(implied(fees=[ps.Fee("1 EUR", at="f")]), edit) == ["a>f", "f>b", "b>c"]


def test_a_flow_that_nothing_implies_is_not_removed() -> None:
    """
    Only a flow between parallel gateways with another way between them can go.
    """
    model = service([("a", "f"), ("f", "b"), ("f", "j"), ("c", "j")], parallel="fj")
    message = "only a flow between parallel gateways is implied by others, got 'f' to 'j'"
    assert refusal(model, ps.RemoveFlow("s", "f", "j")) == message
    assert "got 'a' to 'f'" in refusal(implied(), ps.RemoveFlow("s", "a", "f"))
    assert refusal(implied(), ps.RemoveFlow("s", "a", "c")) == "no flow from 'a' to 'c'"


# Split and triage


def test_a_split_step_is_a_row_and_its_ways_leave_the_last_part() -> None:
    """
    What led to the step leads to its first part; choices and loops leave its last.
    """
    parts = [ps.Part("b", 0.5), ps.Part("b2", 0.5)]
    model = service([("a", "b"), ("b", "b", 0.1), ("b", "c", 0.9)])
    assert flows(model, ps.SplitStep("s", "b", parts)) == ["a>b", "b2>b 0.1", "b2>c 0.9", "b>b2"]
    assert [step.id for step in procedure(model, ps.SplitStep("s", "b", parts)).steps] == [
        "a",
        "b",
        "b2",
        "c",
    ]
    first = procedure(model, ps.SplitStep("s", "a", [ps.Part("x", 0.5), ps.Part("y", 0.5)]))
    assert first.start == "x"


def test_a_triage_is_a_choice_between_steps() -> None:
    """
    Every type of case has its way through; choices and loops leave where they meet again.
    """
    cases = [ps.CaseType("easy", 0.8), ps.CaseType("b", 0.2)]
    model = service([("a", "b"), ("b", "b", 0.1), ("b", "c", 0.9)])
    assert flows(model, ps.Triage("s", "b", cases)) == [
        "a>b-triage",
        "b-triage>easy 0.8",
        "b-triage>b 0.2",
        "easy>b-done",
        "b>b-done",
        "b-done>b-triage 0.1",
        "b-done>c 0.9",
    ]
    last = service([("a", "b")])
    assert flows(last, ps.Triage("s", "b", cases)) == ["a>b-triage", "b-triage>easy 0.8", "b-triage>b 0.2"]
    assert procedure(last, ps.Triage("s", "a", [cases[0], ps.CaseType("x", 0.2)])).start == "a-triage"


def test_what_was_suppressed_and_due_moves_to_what_stands_for_a_step() -> None:
    """
    A fee is due once, where all cases pass; a suppression holds for all the steps that stand for one.
    """
    around: dict[str, Any] = {"fees": [ps.Fee("1 EUR", at="b"), ps.Fee("2 EUR", at="c"), ps.Fee("3 EUR")]}
    around["ignore"] = [
        ps.Suppression("RED001", step="b", reason="x"),
        ps.Suppression("RED001", step="c", reason="x"),
    ]
    model = service(ROW, **around)

    def moved(edit: ps.Edit) -> tuple[list[str | None], list[str | None]]:
        after = ps.apply(model, edit).services[0]
        return [fee.at for fee in after.fees], [s.step for s in after.ignore]

    split = ps.SplitStep("s", "b", [ps.Part("x", 0.5), ps.Part("y", 0.5)])
    triage = ps.Triage("s", "b", [ps.CaseType("x", 0.5), ps.CaseType("y", 0.5)])
    assert moved(split) == (["x", "c", None], ["x", "y", "c"])
    assert moved(triage) == (["b-triage", "c", None], ["b-triage", "x", "y", "c"])
    assert moved(ps.MergeSteps("s", ["b", "c"])) == (["b", "b", None], ["b"])


def test_a_procedure_that_would_be_wrong_is_refused_with_the_edit() -> None:
    """
    What the model refuses names the edit; two flows between the same two nodes are such a thing.
    """
    model = service([("a", "b", 0.5), ("a", "c", 0.5), ("b", "c")])
    assert refusal(model, ps.Reorder("s", ["b", "a"])) == (
        "s: done in the order b, a: a second flow from 'a' to 'c': put a gateway between"
    )
    wrong = attrs.evolve(model.services[0])
    with pytest.raises(ps.InvalidEditError, match="a second flow"):
        ps.apply(attrs.evolve(model, services=[wrong]), ps.Reorder("s", ["b", "a"]))


def test_a_step_on_which_a_gateway_decides_is_not_removed() -> None:
    """
    Where an exclusive gateway decides on what a step found, removing the step would leave it nothing to decide on.
    """
    model = service(
        [("a", "b"), ("b", "g"), ("g", "granted", 0.9), ("g", "refused", 0.1)],
        exclusive=["g"],
        ends=["granted", "refused"],
    )
    expected = "step 'b' decides where the case goes on"
    assert refusal(model, ps.RemoveStep("s", "b")) == expected
    assert refusal(model, ps.DropOutputs("s", [], ["b"])) == expected


def test_a_step_that_no_case_reaches_decides_nothing() -> None:
    """
    A leftover in front of a gateway can be removed, since no case is decided on there.
    """
    model = service(
        [("a", "g"), ("b", "g"), ("g", "granted", 0.9), ("g", "refused", 0.1)],
        exclusive=["g"],
        ends=["granted", "refused"],
    )
    assert flows(model, ps.RemoveStep("s", "b")) == ["a>g", "g>granted 0.9", "g>refused 0.1"]
