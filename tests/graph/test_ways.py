"""Runs of steps and the likeliest way, against networkx and brute force."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from planting import sketches
from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.paths import likeliest_way, longest_paths, runs


def way(procedure: ps.Procedure) -> list[str]:
    """Return the likeliest way by id."""
    graph = flowgraph(procedure)
    return list(graph.ids(likeliest_way(graph, blocks(graph))))


@given(st.integers(2, 8), st.integers(0, 10**6))
def test_the_likeliest_way_is_that_of_most_probability(size: int, seed: int) -> None:
    """
    Of all ways through an acyclic procedure none is more probable than the likeliest way.
    """
    rng = np.random.default_rng(seed)
    p = np.triu(rng.random((size, size)) * (rng.random((size, size)) < 0.7), 1)
    p[:-1, -1] += 0.01
    p[:-1] /= p[:-1].sum(axis=1, keepdims=True)
    flows = [(i, j) for i in range(size) for j in range(size) if p[i, j]]
    procedure = ps.Procedure(
        start="s0",
        steps=[ps.Step(f"s{i}") for i in range(size)],
        flows=[ps.Flow(f"s{i}", f"s{j}", probability=p[i, j]) for i, j in flows],
    )
    graph = nx.DiGraph(flows)
    ways = [[0], *nx.all_simple_paths(graph, 0, size - 1)]
    best = max(math.prod(p[i, j] for i, j in zip(w, w[1:], strict=False)) for w in ways[1:])
    mine = [int(id[1:]) for id in way(procedure)]
    assert math.prod(p[i, j] for i, j in zip(mine, mine[1:], strict=False)) == pytest.approx(best)


def test_the_likeliest_way_skips_loops_and_what_runs_side_by_side() -> None:
    """
    A loop that most cases pass again is passed once, and from a split the way goes on at the join.
    """
    for sketch in sketches(300):
        procedure = sketch.service().procedure
        found = way(procedure)
        assert found[0] == procedure.first
        assert found[-1] == "done"
        assert len(set(found)) == len(found)
        side = {
            s.id for b in sketch.blocks("parallel") for s in b.branches[0].items if isinstance(s, ps.Step)
        }
        assert not side & set(found)


def test_there_is_no_likeliest_way_where_it_is_not_known() -> None:
    """
    Without probabilities, without a procedure, where blocks do not close, or where no case can leave, there is none.
    """
    a, b, c = (ps.Step(id) for id in "abc")
    choice = [ps.Flow("a", "b"), ps.Flow("a", "c")]
    assert way(ps.Procedure(steps=[a, b, c], flows=choice)) == []
    assert way(ps.Procedure()) == []
    fork = [ps.Gateway("f", kind="parallel")]
    assert way(ps.Procedure(steps=[a, b], gateways=fork, flows=[ps.Flow("f", "a"), ps.Flow("f", "b")])) == []
    trap = [ps.Flow("a", "b"), ps.Flow("b", "a")]
    assert way(ps.Procedure(start="a", steps=[a, b], flows=trap)) == []
    block = [ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")]
    flows = [ps.Flow(*pair) for pair in ("fa", "fb", "aj", "bj", "jc", "cf")]
    merged = [*flows[:-1], ps.Flow("c", "m"), ps.Flow("m", "f")]
    gateways = [*block, ps.Gateway("m", kind="exclusive")]
    assert way(ps.Procedure(start="m", steps=[a, b, c], gateways=gateways, flows=merged)) == []
    never = [ps.Flow("a", "b", probability=1.0), ps.Flow("a", "c", probability=0.0)]
    assert way(ps.Procedure(steps=[a, b, c], flows=never)) == ["a", "b"]


def test_runs_are_steps_with_nothing_between() -> None:
    """
    In random procedures each step with one flow to a step that no other flow leads to is in a run with it, and no other is.
    """
    for sketch in sketches(300):
        procedure = sketch.service().procedure
        graph = flowgraph(procedure)
        found = [graph.ids(run) for run in runs(graph)]
        pairs = {pair for run in found for pair in zip(run, run[1:], strict=False)}
        steps = {step.id for step in procedure.steps}
        net = nx.DiGraph([(flow.source, flow.target) for flow in procedure.flows])
        assert pairs == {
            (a, b) for a, b in net.edges if {a, b} <= steps and net.out_degree(a) == net.in_degree(b) == 1
        }
        assert len({id for run in found for id in run}) == sum(map(len, found))
        assert all(len(run) > 1 for run in found)


def test_the_longest_way_ends_where_cases_leave() -> None:
    """
    A long detour that only leads back is on no longest way; where no case leaves, there is none.
    """
    flows = [ps.Flow("a", "b"), ps.Flow("a", "detour"), ps.Flow("detour", "a")]
    steps = [ps.Step("a"), ps.Step("b"), ps.Step("detour")]
    graph = flowgraph(ps.Procedure(start="a", steps=steps, flows=flows))
    assert longest_paths(graph, [1.0, 1.0, 100.0]) == (2.0, [[0, 1]])
    trapped = ps.Procedure(start="a", steps=steps[:2], flows=[ps.Flow("a", "b"), ps.Flow("b", "a")])
    assert longest_paths(flowgraph(trapped), [1.0, 1.0]) == (0.0, [])
