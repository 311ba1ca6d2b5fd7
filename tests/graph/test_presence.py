"""How probable it is that something is there at a node."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

import pubservice as ps
from planting import Sketch, sketches
from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import FlowGraph, flowgraph
from pubservice.graph.presence import Presence
from pubservice.graph.visits import visits


def presence(procedure: ps.Procedure) -> tuple[FlowGraph, Presence]:
    """Return the graph of a procedure, and what is there in it."""
    graph = flowgraph(procedure)
    nested = blocks(graph)
    return graph, Presence(graph, nested, visits(graph, nested))


def by_product_chain(graph: FlowGraph, node: int, makers: set[int], enders: set[int]) -> float:
    """Return the same share from the chain over pairs of node and whether it is there, N = (I - Q)^-1."""
    count = len(graph.nodes)
    q = np.zeros((2 * count, 2 * count))
    for i, out in enumerate(graph.successors):
        for j, p in zip(out, graph.probabilities[i], strict=True):
            for there in (0, 1):
                left = 0 if i in enders else 1 if i in makers else there
                q[2 * i + there, 2 * j + left] += 1.0 if p is None else p
    row = np.linalg.inv(np.eye(2 * count) - q)[2 * graph.start]
    return float(row[2 * node + 1] / (row[2 * node] + row[2 * node + 1]))


def test_it_is_what_the_chain_of_pairs_says() -> None:
    """
    Without parallelism the share is that of the absorbing chain over node and presence (Grinstead & Snell, ch. 11).
    """
    for sketch in sketches(200, kinds=("exclusive", "loop")):
        procedure = sketch.service().procedure
        graph, there = presence(procedure)
        steps = [i for i, node in enumerate(graph.nodes) if isinstance(node, ps.Step)]
        chosen = sketch.rng.sample(steps, min(len(steps), 4))
        makers, enders = set(chosen[:2]), set(chosen[2:3])
        for node in steps:
            expected = by_product_chain(graph, node, makers, enders)
            assert there.probability(node, makers, enders) == pytest.approx(expected, abs=1e-9)


def fork(kind: str, chances: list[float]) -> tuple[Sketch, ps.Step, ps.Step, ps.Step]:
    """Return a block of two branches, one with a choice in it, and a step behind: maker, beside and behind."""
    sketch = next(sketches(1))
    sketch.root.items.clear()
    block = sketch.block(kind, 2)
    block.probabilities = chances
    maker, beside, behind = (sketch.step() for _ in range(3))
    inner = sketch.block("exclusive", 2)
    inner.branches[0].items[:] = [maker]
    inner.probabilities = [0.25, 0.75]
    del inner.branches[2:], block.branches[2:]
    block.branches[0].items[:] = [inner]
    block.branches[1].items[:] = [beside]
    sketch.root.items[:] = [block, behind]
    return sketch, maker, beside, behind


@pytest.mark.parametrize(
    ("kind", "chances", "expected"),
    [
        ("parallel", [0.5, 0.5], 0.25),
        # each branch with probability 1/2, given that one is taken: 1/2 / (1 - 1/4) = 2/3
        ("inclusive", [0.5, 0.5], 0.25 * 2 / 3),
        ("inclusive", [0.3, 0.0], 0.25),
    ],
)
def test_branches_that_run_side_by_side_bring_what_they_made(
    kind: str, chances: list[float], expected: float
) -> None:
    """
    Behind a join what one branch has made is there as often as that branch makes it.
    """
    sketch, maker, beside, behind = fork(kind, chances)
    graph, there = presence(sketch.service().procedure)
    at = graph.index
    assert there.probability(at[behind.id], [at[maker.id]], []) == pytest.approx(expected, abs=1e-12)
    assert there.probability(at[behind.id], [at[maker.id]], [at[behind.id]]) == pytest.approx(expected)
    if chances[1]:
        assert there.probability(at[beside.id], [at[maker.id]], []) is None
        assert there.probability(at[behind.id], [at[maker.id]], [at[beside.id]]) is None
    else:
        assert there.probability(at[beside.id], [at[maker.id]], []) is None  # no case comes there


def test_a_loop_that_nothing_is_carried_to_changes_nothing() -> None:
    """
    A loop on another way, between maker and node in the order of nodes, has no share in what is there.
    """
    procedure = ps.Procedure(
        start="a",
        steps=[ps.Step(id) for id in ("a", "m", "l", "x")],
        flows=[
            ps.Flow("a", "m", probability=0.25),
            ps.Flow("a", "l", probability=0.75),
            ps.Flow("l", "l", probability=0.5),
            ps.Flow("l", "x", probability=0.5),
            ps.Flow("m", "x"),
        ],
    )
    graph, there = presence(procedure)
    at = graph.index
    assert there.probability(at["x"], [at["m"]], []) == pytest.approx(0.25)
    flipped = attrs.evolve(procedure, flows=[*procedure.flows[1:], procedure.flows[0]])
    graph, there = presence(flipped)
    assert there.probability(graph.index["x"], [graph.index["m"]], []) == pytest.approx(0.25)


def test_the_chance_of_coming_anywhere_leaves_out_where_nobody_comes() -> None:
    """
    A node behind a flow of probability 0 adds nothing.
    """
    graph, there = presence(
        ps.Procedure(
            steps=[ps.Step(id) for id in "abc"],
            flows=[ps.Flow("a", "b", probability=1), ps.Flow("a", "c", probability=0)],
        )
    )
    assert there.chance([graph.index["b"], graph.index["c"]]) == 1
    assert there.chance([graph.index["c"]]) == 0
