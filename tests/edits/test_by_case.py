"""Edits of procedures whose choices depend on what cases are."""

from __future__ import annotations

import pytest

import pubservice as ps


def office(*flows: ps.Flow) -> ps.PublicOrganisation:
    """Return an office in which cases of one amount or another go from a by b, c or d to e."""
    steps = [ps.Step(id, processing_time="1 min") for id in "abcde"]
    used = {flow.target for flow in flows} | {"a"}
    return ps.PublicOrganisation(
        "office",
        services=[
            ps.PublicService(
                "permit",
                attributes=[ps.Attribute("amount", number="uniform(0, 9)")],
                procedure=ps.Procedure(steps=[step for step in steps if step.id in used], flows=flows),
            )
        ],
    )


def flows_of(organisation: ps.PublicOrganisation) -> list[str]:
    """Return each flow in a line."""
    return [
        f"{flow.source} {flow.target} {flow.condition}" for flow in organisation.services[0].procedure.flows
    ]


def test_a_choice_without_another_way_has_no_condition() -> None:
    """
    Where a step goes that only some cases took, all of them take the flow that is left.
    """
    made = office(ps.Flow("a", "b", condition="amount > 5"), ps.Flow("a", "e"), ps.Flow("b", "e"))
    assert flows_of(ps.redesign(made, [ps.RemoveStep("permit", "b")])) == ["a e None"]


def test_other_choices_keep_their_conditions() -> None:
    """
    A step that goes behind a choice leaves the conditions as they are.
    """
    made = office(
        ps.Flow("a", "b", condition="amount > 5"),
        ps.Flow("a", "c"),
        ps.Flow("b", "d"),
        ps.Flow("c", "e"),
        ps.Flow("d", "e"),
    )
    assert flows_of(ps.redesign(made, [ps.RemoveStep("permit", "b")])) == [
        "a d amount > 5",
        "a c None",
        "c e None",
        "d e None",
    ]


def test_two_conditions_do_not_become_one() -> None:
    """
    Where two of several flows would lead to the same node, their conditions are the user's to put together.
    """
    made = office(
        ps.Flow("a", "b", condition="amount > 5"),
        ps.Flow("a", "c", condition="amount > 3"),
        ps.Flow("a", "e"),
        ps.Flow("b", "e"),
        ps.Flow("c", "e"),
    )
    with pytest.raises(ps.InvalidEditError, match="two flows from 'a' would both lead to 'e'"):
        ps.redesign(made, [ps.RemoveStep("permit", "b")])


def test_a_condition_is_drawn_and_kept_in_a_graph() -> None:
    """
    A drawing shows conditions, and a networkx graph gives them back.
    """
    made = office(
        ps.Flow("a", "b", condition="amount > 5", probability=0.25), ps.Flow("a", "e", probability=0.75)
    )
    procedure = made.services[0].procedure
    assert ps.procedure_from(ps.digraph(procedure)) == procedure
    assert '-->|"25% amount #62; 5"|' in ps.to_mermaid(procedure)


def test_a_choice_by_conditions_alone_is_a_finding() -> None:
    """
    Conditions do not take the place of probabilities in what is computed, and the finding says so.
    """
    made = office(ps.Flow("a", "b", condition="amount > 5"), ps.Flow("a", "e"))
    (finding,) = ps.check(made, select=["MOD004"])
    assert str(finding.message) == "the flows out of it have conditions, and no probabilities beside them"
    assert ps.performance(made).service("permit").cycle_time_s is None
