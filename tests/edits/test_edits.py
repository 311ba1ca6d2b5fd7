"""Edits: what they change, and what they refuse."""

from __future__ import annotations

import attrs
import pytest

import pubservice as ps
from pubservice.edits.application import without_basis
from pubservice.edits.edit import as_data


def office() -> ps.PublicOrganisation:
    """Return a service with a choice, a loop, a block and an end."""
    procedure = ps.Procedure(
        start="a",
        steps=[
            ps.Step("a", asks=["card"], gives=["file"]),
            ps.Step("b", needs=["file"], checks=["file"], gives=["note"]),
            ps.Step("c", resource="clerk"),
            ps.Step("d", asks=["card"]),
            ps.Step("e", legal_basis=["UU 1/2020"], gives=["permit"]),
        ],
        gateways=[ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")],
        ends=[ps.End("granted")],
        flows=[
            ps.Flow("a", "b", probability=0.6),
            ps.Flow("a", "f", probability=0.4),
            ps.Flow("b", "f"),
            ps.Flow("f", "c"),
            ps.Flow("f", "d"),
            ps.Flow("f", "j"),
            ps.Flow("c", "j"),
            ps.Flow("d", "j"),
            ps.Flow("j", "e"),
            ps.Flow("e", "granted"),
        ],
    )
    # A parallel gateway with two flows in is a join: make the merge explicit.
    procedure = ps.Procedure(
        start="a",
        steps=procedure.steps,
        gateways=[*procedure.gateways, ps.Gateway("m", kind="exclusive")],
        ends=procedure.ends,
        flows=[
            *(
                ps.Flow(x.source, "m", probability=x.probability) if x.target == "f" else x
                for x in procedure.flows
            ),
            ps.Flow("m", "f"),
        ],
    )
    service = ps.PublicService(
        "s", requirements=["card"], outputs=["permit"], fees=[ps.Fee("1 EUR", at="b")], procedure=procedure
    )
    return ps.PublicOrganisation(
        "o", resources=[ps.Resource("clerk"), ps.Resource("chief")], services=[service]
    )


def flows(organisation: ps.PublicOrganisation) -> dict[tuple[str, str], float | None]:
    """Return the flows of the service with their probabilities."""
    return {(f.source, f.target): f.probability for f in organisation.services[0].procedure.flows}


def test_removing_a_step_leads_on_and_adds_probabilities() -> None:
    """
    What led to a removed step leads on; flows that then stand twice are one, and gateways without purpose go.
    """
    free = attrs.evolve(office(), services=[attrs.evolve(office().services[0], fees=[])])
    after = ps.apply(free, ps.RemoveStep("s", "b"))
    assert flows(after)[("a", "f")] == 1.0
    assert "m" not in {g.id for g in after.services[0].procedure.gateways}


def test_a_fee_stays_due_in_the_same_cases() -> None:
    """
    Where a fee is due at a removed step a place stays, so that those who did not pay still do not.
    """
    after = ps.apply(office(), ps.RemoveStep("s", "b"))
    assert after.services[0].fees[0].at == "b"
    assert after.services[0].procedure.node("b") == ps.Gateway("b", kind="exclusive")
    assert flows(after)[("a", "b")] == 0.6


def test_an_emptied_branch_joins_the_one_that_is_empty_already() -> None:
    """
    Removing the work of every branch leaves no block behind.
    """
    after = ps.apply(ps.apply(office(), ps.RemoveStep("s", "c")), ps.RemoveStep("s", "d"))
    assert after.services[0].procedure.gateways == (ps.Gateway("m", kind="exclusive"),)
    assert ("m", "e") in flows(after)


def test_removing_the_first_or_last_step_moves_start_and_end() -> None:
    """
    The start moves on, and a choice that led to a last step keeps a place where cases leave.
    """
    row = ps.Procedure(
        start="a",
        steps=[ps.Step("a"), ps.Step("b"), ps.Step("c")],
        flows=[ps.Flow("a", "b"), ps.Flow("b", "c", probability=0.5), ps.Flow("b", "a", probability=0.5)],
    )
    model = ps.PublicOrganisation(
        "o", services=[ps.PublicService("s", procedure=row, fees=[ps.Fee("1 EUR", at="c")])]
    )
    assert ps.apply(model, ps.RemoveStep("s", "a")).services[0].procedure.first == "b"
    last = ps.apply(model, ps.RemoveStep("s", "c")).services[0].procedure
    assert [(end.id, end.outcome) for end in last.ends] == [("c", "completed")]
    with pytest.raises(ps.InvalidEditError, match="step 'b' decides where the case goes on"):
        ps.apply(model, ps.RemoveStep("s", "b"))
    single = ps.PublicOrganisation(
        "o", services=[ps.PublicService("s", procedure=ps.Procedure(steps=[ps.Step("a")]))]
    )
    with pytest.raises(ps.InvalidEditError, match="all there is"):
        ps.apply(single, ps.RemoveStep("s", "a"))
    pair = ps.Procedure(steps=[ps.Step("a"), ps.Step("b")], flows=[ps.Flow("a", "b")])
    plain = ps.PublicOrganisation(
        "o", services=[ps.PublicService("s", procedure=pair, fees=[ps.Fee("1 EUR", at="b")])]
    )
    after = ps.apply(plain, ps.RemoveStep("s", "b")).services[0]
    assert (after.fees[0].at, after.procedure.ends) == ("b", (ps.End("b", outcome="completed"),))
    free = attrs.evolve(plain, services=[attrs.evolve(plain.services[0], fees=[])])
    assert flows(ps.apply(free, ps.RemoveStep("s", "b"))) == {}


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (ps.SetCapacity("clark", 2), "no resource 'clark', did you mean 'clerk'?"),
        (ps.RemoveStep("t", "a"), "no service 't'"),
        (ps.RemoveStep("s", "x"), "no step 'x' in service 's'"),
        (ps.RemoveStep("s", "e"), "the work at 'e' is demanded by UU 1/2020"),
        (ps.DropCheck("s", "b", "valid", "file"), "step 'b' does not check valid of file"),
        (ps.DropAsk("s", "d", "form"), "step 'd' does not ask for 'form'"),
        (ps.DropOutputs("s", [("b", "x")]), "'b' does not give 'x'"),
        (ps.RemoveFlow("s", "a", "e"), "no flow from 'a' to 'e'"),
        (ps.RemoveFlow("s", "a", "b"), "only a flow between parallel gateways"),
        (ps.Reassign("s", ["c"], "boss"), "no resource 'boss'"),
    ],
)
def test_an_edit_that_does_not_hold_says_why(edit: ps.Edit, message: str) -> None:
    """
    An edit that names nothing, or whose precondition does not hold, is refused with the reason.
    """
    with pytest.raises(ps.InvalidEditError) as caught:
        ps.redesign(office(), [edit])
    assert str(caught.value).startswith(message)


def test_a_redesign_without_edits_changes_nothing() -> None:
    """
    Nothing in, nothing changed; and the organisation that was given is never changed.
    """
    before = office()
    assert ps.redesign(before, []) == before
    ps.redesign(before, [ps.Reassign("s", ["c"], "chief"), ps.SetCapacity("clerk", 4)])
    assert before == office()


def test_overlapping_edits_compose() -> None:
    """
    What an earlier edit of the same call removed is skipped.
    """
    edits: list[ps.Edit] = [
        ps.RemoveStep("s", "b", gives_up=["file"]),
        ps.RemoveStep("s", "b", gives_up=["file"]),
        ps.DropCheck("s", "b", "file", "file"),
        ps.DropOutputs("s", [("b", "note")], ["b"]),
        ps.DropAsk("s", "d", "card"),
        ps.DropAsk("s", "d", "card"),
        ps.RemoveFlow("s", "f", "j"),
        ps.RemoveFlow("s", "f", "j"),
    ]
    after = ps.redesign(office(), edits)
    assert [step.id for step in after.services[0].procedure.steps] == ["a", "c", "d", "e"]
    assert ("f", "j") not in flows(after)
    again = [ps.DropCheck("s", "b", "file", "file")] * 2
    with pytest.raises(ps.InvalidEditError, match="file is not checked any more of cases that come to b"):
        ps.redesign(office(), again)  # nobody else checks it


def test_a_redesign_that_loses_what_is_needed_is_refused() -> None:
    """
    What a step needs, and what the service owes, must still be supplied afterwards.
    """
    with pytest.raises(
        ps.InvalidEditError, match="step 'b' needs 'file', which nothing would supply any more"
    ):
        ps.redesign(office(), [ps.DropOutputs("s", [("a", "file")])])
    service = without_basis(office().service("s"), ["UU 1/2020"])
    free = attrs.evolve(office(), services=[service])
    with pytest.raises(ps.InvalidEditError, match="the service owes 'permit'"):
        ps.redesign(free, [ps.DropOutputs("s", [("e", "permit")])])


def test_edits_are_data_and_words() -> None:
    """
    Every edit has a JSON form that names it and a sentence in both languages.
    """
    edits: list[ps.Edit] = [
        ps.DropCheck("s", "b", "valid", "file"),
        ps.DropAsk("s", "d", "card"),
        ps.DropOutputs("s", [("b", "note")]),
        ps.DropOutputs("s", [("b", "note")], ["b"]),
        ps.RemoveStep("s", "b"),
        ps.RemoveFlow("s", "f", "j"),
        ps.Reassign("s", ["c"], "chief"),
        ps.SetCapacity("clerk", 2),
    ]
    assert [as_data(edit)["edit"] for edit in edits[:3]] == ["drop_check", "drop_ask", "drop_outputs"]
    assert all(edit.describe() != edit.describe().text("id") for edit in edits)


def test_a_wait_can_stop_giving() -> None:
    """
    What comes with the end of a wait can be dropped as well as what a step gives.
    """
    wait = ps.Wait("w", cause="other-body", clock="elapsed", time="1 day", gives=["opinion", "copy"])
    procedure = ps.Procedure(steps=[ps.Step("a")], waits=[wait], flows=[ps.Flow("a", "w")])
    model = ps.PublicOrganisation("o", services=[ps.PublicService("s", procedure=procedure)])
    after = ps.apply(model, ps.DropOutputs("s", [("w", "copy")]))
    assert after.services[0].procedure.waits[0].gives == ("opinion",)
