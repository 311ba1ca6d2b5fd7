"""Whether a node decides where a case goes on, and where its ways part."""

from __future__ import annotations

from typing import Any

import pytest

import pubservice as ps
from pubservice.graph.decisions import decides, parting
from pubservice.graph.flowgraph import FlowGraph, flowgraph


def graph(*between: Any, kind: Any = "exclusive", first: Any = None, more: Any = ()) -> FlowGraph:
    """Return a graph in which a step, and what stands between, leads to a gateway with two ways out."""
    row = [first or ps.Step("look"), *between, ps.Gateway("ways", kind=kind)]
    ids = [node.id for node in row]
    nodes = [*row, ps.End("one"), ps.End("two"), *more]
    return flowgraph(
        ps.Procedure(
            start="look",
            steps=[node for node in nodes if isinstance(node, ps.Step)],
            waits=[node for node in nodes if isinstance(node, ps.Wait)],
            gateways=[node for node in nodes if isinstance(node, ps.Gateway)],
            ends=[node for node in nodes if isinstance(node, ps.End)],
            flows=[
                *(ps.Flow(a, b) for a, b in zip(ids, ids[1:], strict=False)),
                ps.Flow("ways", "one"),
                ps.Flow("ways", "two"),
                *(ps.Flow(node.id, "ways") for node in more),
            ],
        )
    )


def found(of: FlowGraph) -> tuple[bool, str | None]:
    """Return whether the first step decides, and where its own ways part."""
    i = of.index["look"]
    at = parting(of, i)
    return decides(of, i), None if at < 0 else of.id(at)


def test_a_step_decides_by_its_own_flows_or_by_a_gateway_behind_it() -> None:
    """
    Several flows out of a step are a choice, and so are those out of an exclusive or inclusive gateway behind it.
    """
    split = flowgraph(
        ps.Procedure(
            start="look",
            steps=[ps.Step("look")],
            ends=[ps.End("one"), ps.End("two")],
            flows=[ps.Flow("look", "one"), ps.Flow("look", "two")],
        )
    )
    assert found(split) == (True, "look")
    assert found(graph()) == (True, "ways")
    assert found(graph(kind="inclusive")) == (True, None)
    assert found(graph(kind="parallel")) == (False, None)


@pytest.mark.parametrize(
    "between",
    [
        ps.Gateway("merge", kind="exclusive"),
        ps.Wait("post", cause="other", clock="elapsed"),
        ps.Step("carry", kind="transport"),
    ],
)
def test_what_finds_nothing_out_is_looked_through(between: Any) -> None:
    """
    A gateway, a wait that brings nothing and a step that only carries the case leave the decision to the step before.
    """
    assert found(graph(between)) == (True, None)


@pytest.mark.parametrize(
    "between",
    [
        ps.Step("examine"),
        ps.Step("carry", kind="transport", checks=["seal"]),
        ps.Wait("opinion", cause="other-body", clock="elapsed", gives=["opinion"]),
    ],
)
def test_what_finds_something_out_decides_itself(between: Any) -> None:
    """
    Behind another step that works, or a wait that brings data, the decision rests on these.
    """
    assert found(graph(between)) == (False, None)


def test_a_step_that_only_carries_the_case_does_not_decide() -> None:
    """
    Carrying the case finds nothing out, whatever gateway follows.
    """
    assert not decides(graph(first=ps.Step("look", kind="transport")), 0)


def test_two_steps_may_decide_together() -> None:
    """
    A gateway to which several steps lead is decided by each of them, and is the own one of none.
    """
    assert found(graph(more=[ps.Step("other")])) == (True, None)


def test_a_loop_without_a_choice_decides_nothing() -> None:
    """
    A way that only leads back to itself has no choice on it.
    """
    of = flowgraph(
        ps.Procedure(
            start="look",
            steps=[ps.Step("look")],
            gateways=[ps.Gateway("a", kind="exclusive"), ps.Gateway("b", kind="exclusive")],
            flows=[ps.Flow("look", "a"), ps.Flow("a", "b"), ps.Flow("b", "a")],
        )
    )
    assert found(of) == (False, None)


def test_the_last_step_decides_nothing() -> None:
    """
    Behind the last step there is nothing to decide.
    """
    assert found(flowgraph(ps.Procedure(steps=[ps.Step("look")]))) == (False, None)
