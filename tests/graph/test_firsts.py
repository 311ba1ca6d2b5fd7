"""With which probability a case ever comes to a node."""

from __future__ import annotations

import random

import numpy as np
import pytest

import pubservice as ps
from planting import sketches
from pubservice.graph.blocks import blocks
from pubservice.graph.firsts import first_visits
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.visits import visits


def random_loops(seed: int, size: int, density: float) -> tuple[ps.Procedure, np.ndarray]:
    """Return a procedure in which nearly everything flows to everything, and its transition matrix."""
    rng = random.Random(seed)
    matrix = np.zeros((size, size))
    for i in range(size):
        matrix[i, (i + 1) % size] = 0.2
        for j in range(size):
            if rng.random() < density:
                matrix[i, j] += rng.random()
        matrix[i] *= rng.uniform(0.5, 0.95) / matrix[i].sum()
    flows = [
        ps.Flow(f"s{i}", f"s{j}", probability=float(matrix[i, j]))
        for i in range(size)
        for j in range(size)
        if matrix[i, j]
    ]
    flows += [ps.Flow(f"s{i}", "end", probability=float(1 - matrix[i].sum())) for i in range(size)]
    steps = [ps.Step(f"s{i}") for i in range(size)]
    return ps.Procedure(start="s0", steps=steps, ends=[ps.End("end")], flows=flows), matrix


@pytest.mark.parametrize(
    ("size", "density"), [(1, 1.0), (2, 0.3), (3, 1.0), (8, 0.2), (20, 0.1), (20, 0.6), (70, 1.0)]
)
def test_of_a_chain_it_is_the_visits_divided_by_those_of_a_case_that_is_there(
    size: int, density: float
) -> None:
    """
    However the nodes are eliminated, it is N(0, j) / N(j, j) of the fundamental matrix (Kemeny & Snell, §3.5).
    """
    for seed in range(5):
        procedure, matrix = random_loops(seed, size, density)
        graph = flowgraph(procedure)
        nested = blocks(graph)
        found = first_visits(graph, nested, visits(graph, nested))
        fundamental = np.linalg.inv(np.eye(size) - matrix)
        np.testing.assert_allclose(found[:size], fundamental[0] / np.diag(fundamental), rtol=1e-9)
        assert found[size] == pytest.approx(1.0)


def test_it_is_between_the_visits_and_one() -> None:
    """
    In random nested procedures no node is come to with a higher probability than its expected visits, or than 1.
    """
    for sketch in sketches(60):
        graph = flowgraph(sketch.service().procedure)
        nested = blocks(graph)
        expected = visits(graph, nested)
        found = first_visits(graph, nested, expected)
        assert all(p <= min(1.0, n) + 1e-12 for p, n in zip(found, expected, strict=True))
        assert found[graph.start] == pytest.approx(1.0)
        assert len(found) == len(expected)


def test_without_loops_it_is_the_visits() -> None:
    """
    Where nothing is repeated, expected visits are probabilities, to the last digit.
    """
    for sketch in sketches(20, kinds=("exclusive", "parallel", "inclusive")):
        graph = flowgraph(sketch.service().procedure)
        expected = visits(graph, blocks(graph))
        assert first_visits(graph, blocks(graph), expected) == expected


def test_an_empty_procedure_has_none() -> None:
    """
    Without nodes there is nothing to come to.
    """
    graph = flowgraph(ps.Procedure())
    assert first_visits(graph, blocks(graph), []) == []
