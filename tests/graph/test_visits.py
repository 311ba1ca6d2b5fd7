"""Expected visits where something is odd: traps inside loops, flows that are never taken, joins that do not close."""

from __future__ import annotations

import numpy as np
import pytest

import pubservice as ps
from pubservice.errors import UndefinedResultError
from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.visits import visits


def visits_of(procedure: ps.Procedure) -> dict[str, float]:
    """Return the visits of each node by id."""
    graph = flowgraph(procedure)
    return {graph.id(i): v for i, v in enumerate(visits(graph, blocks(graph)))}


def loop(*flows: str) -> ps.Procedure:
    """Return steps from flows such as ``a b 0.5``; ``out`` is the end, and the first step is the start."""
    parts = [flow.split() for flow in flows]
    ids = dict.fromkeys(id for source, target, _ in parts for id in (source, target))
    return ps.Procedure(
        start=parts[0][0],
        steps=[ps.Step(id) for id in ids if id != "out"],
        ends=[ps.End("out")],
        flows=[ps.Flow(source, target, probability=float(p)) for source, target, p in parts],
    )


def test_a_flow_that_is_never_taken_leads_nowhere() -> None:
    """
    A way back of probability 0 makes no visit.
    """
    found = visits_of(loop("a b 1", "b a 0", "b out 1"))
    assert found == pytest.approx({"a": 1, "b": 1, "out": 1})


def test_a_trap_that_only_flows_of_probability_0_leave_is_named() -> None:
    """
    Cases that come to b and c stay there, although flows lead out: nobody takes them.
    """
    with pytest.raises(UndefinedResultError, match="cases never leave the loop of b, c$"):
        visits_of(loop("a out 0.5", "a b 0.5", "b c 1", "c b 1", "c a 0"))
    with pytest.raises(UndefinedResultError, match="cases never leave the loop of b$"):
        visits_of(loop("a out 0.5", "a b 0.5", "b b 1", "b a 0"))


def test_a_dense_trap_is_named() -> None:
    """
    Sixty steps that all lead to each other and nowhere else are a trap, not a number of 16 digits.
    """
    inner = [f"s{i} s{j} {1 / 60!r}" for i in range(60) for j in range(60)]
    with pytest.raises(
        UndefinedResultError, match=r"cases never leave the loop of s0, s1, s2, s3, s4, \.\.\."
    ):
        visits_of(loop("a out 0.5", "a s0 0.5", "s1 a 0", *inner[:60], *inner[60:120], *inner[120:]))


def test_a_loop_that_practically_never_ends_is_a_trap() -> None:
    """
    A step that is left once in 10^13 times has no visits that could be relied on.
    """
    with pytest.raises(UndefinedResultError, match="cases never leave the loop of a"):
        visits_of(loop("a a 0.9999999999999", "a out 0.0000000000001"))


def test_what_has_no_single_solution_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where the matrix of a dense loop is singular, the loop is named and nothing is made up.
    """

    def singular(*_: object) -> None:
        raise np.linalg.LinAlgError

    monkeypatch.setattr(np.linalg, "solve", singular)
    inner = [f"s{i} s{j} {1 / 64!r}" for i in range(60) for j in range(60)]
    with pytest.raises(UndefinedResultError, match="cases never leave the loop of s0, s1"):
        visits_of(loop(*inner, *(f"s{i} out {4 / 64!r}" for i in range(60))))


def test_an_inclusive_join_that_nothing_has_split_has_no_visits() -> None:
    """
    How often such a join is passed is not known, and the join is named.
    """
    procedure = ps.Procedure(
        start="a",
        steps=[ps.Step(id) for id in "abc"],
        gateways=[ps.Gateway("j", kind="inclusive")],
        flows=[
            ps.Flow("a", "b", probability=0.5),
            ps.Flow("a", "c", probability=0.5),
            ps.Flow("b", "j"),
            ps.Flow("c", "j"),
        ],
    )
    with pytest.raises(
        UndefinedResultError, match="the gateway 'j' joins what no gateway of its kind has split"
    ):
        visits_of(procedure)
