"""Separation of functions: no edit lets somebody approve their own work."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

import pubservice as ps

ASSESS = ps.Step("assess", resource="clerk", processing_time="1 hour", needs=["form"], gives=["draft"])
APPROVE = ps.Step("approve", resource="head", kind="approval", needs=["draft"], gives=["permit"])


def office(*nodes: Any, flows: Any = None, **fields: Any) -> ps.PublicOrganisation:
    """Return an organisation with a service of nodes in a row."""
    row = [ps.Flow(a.id, b.id) for a, b in zip(nodes, nodes[1:], strict=False)]
    procedure = ps.Procedure(
        start=nodes[0].id,
        steps=[node for node in nodes if isinstance(node, ps.Step)],
        waits=[node for node in nodes if isinstance(node, ps.Wait)],
        gateways=[node for node in nodes if isinstance(node, ps.Gateway)],
        ends=[node for node in nodes if isinstance(node, ps.End)],
        flows=row if flows is None else [ps.Flow(*flow) for flow in flows],
    )
    resources = [ps.Resource(id, capacity=3) for id in ("clerk", "officer", "head")]
    service = ps.PublicService("s", requirements=["form"], procedure=procedure, **fields)
    return ps.PublicOrganisation("o", resources=resources, services=[service])


def refusal(model: ps.PublicOrganisation, edit: ps.Edit) -> str:
    """Return why an edit is refused; the empty text where it is not."""
    try:
        ps.apply(model, edit)
    except ps.InvalidEditError as error:
        return str(error)
    return ""


OWN = "'approve' looks at 'assess', and {} would do both: nobody approves their own work"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (ps.Reassign("s", ["approve"], "clerk"), OWN.format("clerk")),
        (ps.Reassign("s", ["assess"], "head"), OWN.format("head")),
        (ps.PoolResources(["clerk", "head"], "staff"), OWN.format("staff")),
        (
            ps.Triage("s", "approve", [ps.CaseType("low", 0.9, resource="clerk"), ps.CaseType("high", 0.1)]),
            OWN.format("clerk").replace("'approve'", "'low'"),
        ),
        (
            ps.SplitStep(
                "s",
                "approve",
                [
                    ps.Part("read", 0.9, resource="clerk", needs=["draft"], gives=["permit"]),
                    ps.Part("sign", 0.1, needs=["draft"]),
                ],
            ),
            OWN.format("clerk").replace("'approve'", "'read'"),
        ),
        (
            ps.SplitStep(
                "s",
                "assess",
                [
                    ps.Part("read", 0.5, needs=["form"]),
                    ps.Part("draw-up", 0.5, resource="head", gives=["draft"]),
                ],
            ),
            OWN.format("head").replace("'assess'", "'draw-up'"),
        ),
    ],
)
def test_nobody_comes_to_approve_their_own_work(edit: ps.Edit, expected: str) -> None:
    """
    Whichever edit changes who does what, an approval stays with others than the work that it looks at.
    """
    assert refusal(office(ASSESS, APPROVE), edit) == expected


@pytest.mark.parametrize(
    "edit",
    [
        ps.Reassign("s", ["approve"], "officer"),
        ps.Reassign("s", ["assess"], "officer"),
        ps.PoolResources(["clerk", "officer"], "staff"),
        ps.Triage("s", "approve", [ps.CaseType("low", 0.9, resource="officer"), ps.CaseType("high", 0.1)]),
        ps.SplitStep(
            "s",
            "approve",
            [ps.Part("read", 0.9, needs=["draft"], gives=["permit"]), ps.Part("sign", 0.1, needs=["draft"])],
        ),
    ],
)
def test_other_eyes_may_be_any_others(edit: ps.Edit) -> None:
    """
    An approval may go to anybody else, and its own parts do not approve each other.
    """
    assert refusal(office(ASSESS, APPROVE), edit) == ""


@pytest.mark.parametrize("kind", ["check", "decision", "approval"])
def test_what_the_law_demands_as_a_second_look_stays_one(kind: Any) -> None:
    """
    A check or a decision that a provision demands stays with others too, and the provision is named.
    """
    look = attrs.evolve(APPROVE, kind=kind, legal_basis=["Act 2"])
    assert refusal(office(ASSESS, look), ps.Reassign("s", ["approve"], "clerk")) == (
        "'approve', demanded by Act 2, looks at 'assess', and clerk would do both: nobody approves their own work"
    )


@pytest.mark.parametrize("kind", ["check", "decision", "work"])
def test_a_step_that_nothing_demands_as_a_second_look_may_be_anybodys(kind: Any) -> None:
    """
    Without a provision only an approval is a second look.
    """
    assert (
        refusal(office(ASSESS, attrs.evolve(APPROVE, kind=kind)), ps.Reassign("s", ["approve"], "clerk"))
        == ""
    )


BETWEEN = [
    ps.Gateway("g", kind="exclusive"),
    ps.Wait("post", cause="other", clock="elapsed"),
    ps.Step("carry", resource="officer", kind="transport"),
    ps.Step("cash", resource="officer", kind="payment"),
]


@pytest.mark.parametrize("between", BETWEEN)
def test_what_is_no_work_to_approve_is_looked_through(between: Any) -> None:
    """
    The work right before an approval is what it looks at, also where the case waits or is carried in between.
    """
    work = ps.Step("assess", resource="clerk")
    look = ps.Step("approve", resource="head", kind="approval")
    assert refusal(office(work, between, look), ps.Reassign("s", ["approve"], "clerk")) == OWN.format("clerk")
    assert refusal(office(work, between, look), ps.Reassign("s", ["approve"], "officer")) == ""


def test_the_makers_of_what_is_read_are_approved() -> None:
    """
    Who made what an approval reads does not approve it, however far before; who did other work before may.
    """
    review = ps.Step("review", resource="officer", checks=["draft"])
    file = ps.Step("file", resource="head")
    model = office(file, ASSESS, review, APPROVE)
    assert refusal(model, ps.Reassign("s", ["approve"], "clerk")) == OWN.format("clerk")
    assert "'review'" in refusal(model, ps.Reassign("s", ["approve"], "officer"))
    assert refusal(model, ps.Reassign("s", ["file"], "officer")) == ""


def test_who_approves_their_own_work_today_may_be_joined_by_others() -> None:
    """
    What is not separated today need not become so: an edit is refused for what it brings about.
    """
    sign = attrs.evolve(APPROVE, id="sign", resource=["clerk"])
    model = office(ASSESS, attrs.evolve(APPROVE, resource=["clerk"]), sign)
    assert refusal(model, ps.PoolResources(["clerk", "officer"], "staff")) == ""
    assert refusal(model, ps.Reassign("s", ["assess", "approve", "sign"], "officer")) == ""


def test_a_loop_is_no_approval_of_itself() -> None:
    """
    An approval to which cases come back does not look at its own work; nor is the applicant's work anybody's.
    """
    flows = [("apply", "approve"), ("approve", "approve"), ("approve", "end")]
    look = ps.Step("approve", resource="head", kind="approval")
    model = office(ps.Step("apply", actor="applicant"), look, ps.End("end"), flows=flows)
    assert refusal(model, ps.Reassign("s", ["approve"], "clerk")) == ""


def test_an_approval_that_follows_itself_through_a_gateway() -> None:
    """
    A gateway that leads back to an approval is passed once.
    """
    flows = [("assess", "g"), ("g", "approve"), ("approve", "h"), ("h", "g"), ("h", "end")]
    gateways = [ps.Gateway("g", kind="exclusive"), ps.Gateway("h", kind="exclusive")]
    model = office(ASSESS, APPROVE, *gateways, ps.End("end"), flows=flows)
    assert refusal(model, ps.Reassign("s", ["approve"], "clerk")) == OWN.format("clerk")
    assert refusal(model, ps.Reassign("s", ["approve"], "officer")) == ""


def test_a_merge_cannot_follow_a_reassignment_that_is_refused() -> None:
    """
    Giving the approval to who does the work, so as to merge both, is refused with the first of the two.
    """
    edits: list[ps.Edit] = [ps.Reassign("s", ["approve"], "clerk"), ps.MergeSteps("s", ["assess", "approve"])]
    with pytest.raises(ps.InvalidEditError, match="nobody approves their own work"):
        ps.redesign(office(ASSESS, APPROVE), edits)


# What the law demands as it is


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (ps.ChangeChannel("s", "assess", None, "none"), "how the applicant is met"),
        (ps.Automate("s", "assess", "1 s"), "the work"),
    ],
)
def test_how_the_law_wants_a_step_done_stays(edit: ps.Edit, what: str) -> None:
    """
    A provision may demand that somebody looks or that the applicant appears, so that it would have to change first.
    """
    step = attrs.evolve(ASSESS, contact="in-person", legal_basis=["Act 9"])
    model = office(step, APPROVE)
    assert refusal(model, edit) == f"{what} at 'assess' is demanded by Act 9"
    assert refusal(office(attrs.evolve(step, legal_basis=[]), APPROVE), edit) == ""
