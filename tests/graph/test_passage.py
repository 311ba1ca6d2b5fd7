"""The time through a procedure as a sum over all ways."""

from __future__ import annotations

import numpy as np
import pytest

import pubservice as ps
from planting import sketches
from pubservice.analysis.spread import Spread
from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.passage import passages
from pubservice.graph.visits import visits


def test_the_whole_mass_arrives_and_the_mean_is_that_of_the_visits() -> None:
    """
    In random nested procedures every case leaves, after the visits of each node times its length; of blocks the time stands
    at their split.
    """
    for sketch in sketches(60):
        graph = flowgraph(sketch.service().procedure)
        nested = blocks(graph)
        expected = visits(graph, nested)
        lengths = [float(i % 7) for i in range(len(graph.nodes))]
        spreads = [Spread(1.0, length) for length in lengths]
        found = passages(graph, nested).through(nested.regions[0], spreads.__getitem__, Spread())
        inside = nested.regions[0].nodes
        assert found.mass == pytest.approx(1)
        assert found.mean == pytest.approx(sum(expected[i] * lengths[i] for i in inside))


def test_branches_have_ways_of_their_own() -> None:
    """
    A branch without nodes takes no time; one with a choice in it is a mixture.
    """
    procedure = ps.Procedure(
        start="f",
        steps=[ps.Step("a"), ps.Step("b"), ps.Step("c")],
        gateways=[
            ps.Gateway("f", kind="parallel"),
            ps.Gateway("j", kind="parallel"),
            ps.Gateway("m", kind="exclusive"),
        ],
        flows=[
            ps.Flow("f", "j"),
            ps.Flow("f", "a"),
            ps.Flow("a", "b", probability=0.25),
            ps.Flow("a", "c", probability=0.75),
            ps.Flow("b", "m"),
            ps.Flow("c", "m"),
            ps.Flow("m", "j"),
        ],
    )
    graph = flowgraph(procedure)
    nested = blocks(graph)
    ways = passages(graph, nested)
    empty, full = nested.blocks[0].branches
    times = {"a": Spread(1.0, 1.0), "b": Spread(1.0, 4.0, 2.0), "c": Spread()}
    assert ways.through(empty, lambda i: times.get(graph.id(i)), Spread()) == Spread()
    found = ways.through(full, lambda i: times.get(graph.id(i)), Spread())
    assert (found.mass, found.mean) == pytest.approx((1, 2))
    assert found.variance == pytest.approx(0.25 * 2 + 0.25 * 0.75 * 16)


def test_repeated_spreads_are_geometric_sums() -> None:
    """
    None, one or more in a row with probability p: mean m p / (1 - p), variance v p / (1 - p) + m² p / (1 - p)².
    """
    p, m, v = 0.4, 3.0, 2.0
    found = Spread(p, m, v).repeated()
    assert found.mass == pytest.approx(1 / (1 - p))
    assert found.mean == pytest.approx(m * p / (1 - p))
    assert found.variance == pytest.approx(v * p / (1 - p) + m * m * p / (1 - p) ** 2)
    rng = np.random.default_rng(2)
    times = [rng.normal(m, np.sqrt(v), n).sum() for n in rng.geometric(1 - p, 50_000) - 1]
    assert found.variance == pytest.approx(np.var(times), rel=0.05)
    assert Spread(0.0) + Spread(0.0) == Spread(0.0)


def test_flows_that_are_never_taken_are_no_ways() -> None:
    """
    A loop and a step that have the probability 0 add nothing, also inside a loop that is taken.
    """
    procedure = ps.Procedure(
        start="a",
        steps=[ps.Step(k) for k in "abcd"],
        ends=[ps.End("e")],
        flows=[
            ps.Flow("a", "b", probability=0.0),
            ps.Flow("a", "c", probability=0.5),
            ps.Flow("a", "e", probability=0.5),
            ps.Flow("b", "a"),
            ps.Flow("c", "a", probability=1.0),
            ps.Flow("c", "d", probability=0.0),
            ps.Flow("d", "e"),
        ],
    )
    graph = flowgraph(procedure)
    nested = blocks(graph)
    found = passages(graph, nested).through(nested.regions[0], lambda _: Spread(1.0, 1.0), Spread())
    assert (found.mass, found.mean) == pytest.approx((1, 4))
