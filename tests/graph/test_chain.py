"""Absorbing chains, against worked numbers, simulation and what they must be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps


def random_chain(seed: int, size: int) -> tuple[list[list[float]], list[list[float]]]:
    """Return a chain with two ends that every state may lead to."""
    rng = np.random.default_rng(seed)
    rows = rng.random((size, size + 2)) * (rng.random((size, size + 2)) < 0.7) + 0.01
    rows /= rows.sum(axis=1, keepdims=True)
    return rows[:, :size].tolist(), rows[:, size:].tolist()


@given(st.integers(0, 10**6), st.integers(1, 8))
def test_what_holds_of_every_chain(seed: int, size: int) -> None:
    """
    N = I + N Q, every case ends once, steps are the visits together, and a duration of 1 a visit counts the steps.
    """
    transient, absorbing = random_chain(seed, size)
    chain = ps.absorbing_chain(transient, absorbing)
    n = np.array(chain.visits)
    assert n == pytest.approx(np.eye(size) + n @ np.array(transient))
    assert np.array(chain.outcomes).sum(axis=1) == pytest.approx(np.ones(size))
    means, variances = chain.duration([1.0] * size)
    assert means == pytest.approx(chain.steps)
    assert variances == pytest.approx(chain.steps_variance, abs=1e-9)
    assert np.array(chain.visits_variance).min() > -1e-9


def test_variances_agree_with_simulation() -> None:
    """
    Over 20,000 runs the variances of visits and of durations are those of the formulas, within five standard errors.
    """
    transient, absorbing = random_chain(7, 3)
    chain = ps.absorbing_chain(transient, absorbing)
    rng = np.random.default_rng(11)
    ways = np.hstack([transient, absorbing])
    visits = np.zeros((20_000, 3))
    times = np.zeros(20_000)
    for run in range(20_000):
        state = 0
        while state < 3:
            visits[run, state] += 1
            times[run] += rng.normal(state + 1, 0.5)
            state = rng.choice(5, p=ways[state])
    means, variances = chain.duration([1, 2, 3], [0.25] * 3)
    for seen, mean, variance in (
        *((visits[:, j], chain.visits[0][j], chain.visits_variance[0][j]) for j in range(3)),
        (times, means[0], variances[0]),
    ):
        assert abs(seen.mean() - mean) < 5 * seen.std() / 20_000**0.5
        error = ((seen - seen.mean()) ** 2).std() / 20_000**0.5
        assert abs(seen.var() - variance) < 5 * error


def test_trapped_states_are_named() -> None:
    """
    States from which no end is reached are named, by their names or numbers.
    """
    transient: list[list[float]] = [[0, 0.5, 0], [0, 0, 1], [0, 1, 0]]
    absorbing: list[list[float]] = [[0.5], [0], [0]]
    with pytest.raises(ps.UndefinedResultError, match="no end is ever reached from assess, wait$"):
        ps.absorbing_chain(transient, absorbing, names=["intake", "assess", "wait"])
    with pytest.raises(ps.UndefinedResultError, match="no end is ever reached from 1, 2$"):
        ps.absorbing_chain(transient, absorbing)
    ring = [[float(j == (i + 1) % 7) for j in range(7)] for i in range(7)]
    with pytest.raises(ps.UndefinedResultError, match=r"from 0, 1, 2, 3, 4, \.\.\.$"):
        ps.absorbing_chain(ring, [[]] * 7)


def test_an_end_too_rare_to_compute_with_is_none() -> None:
    """
    A state left once in 10^12 times has its visits; an end beyond the precision of floats is no end.
    """
    assert ps.absorbing_chain([[1 - 1e-12]], [[1e-12]]).steps[0] == pytest.approx(1e12)
    with pytest.raises(ps.UndefinedResultError, match="no end is ever reached from 0, 1$"):
        ps.absorbing_chain([[0, 1], [1, 0]], [[1e-20], [0]])


@pytest.mark.parametrize(
    ("transient", "absorbing", "names", "message"),
    [
        ([[0.5]], [[0.4]], None, "transient[0]: probabilities out of '0' sum to 0.9, expected 1"),
        ([[0.5]], [[0.6]], ["a"], "transient[0]: probabilities out of 'a' sum to 1.1, expected 1"),
        ([[-0.5]], [[1.5]], None, "transient[0][0]: expected a probability from 0 to 1, got -0.5"),
        ([[0.5]], [[float("nan")]], None, "absorbing[0][0]: expected a probability from 0 to 1, got nan"),
        ([[0.5, 0.5]], [[0]], None, "transient[0]: expected 1 values, got 2"),
        ([[0.5]], [], None, "absorbing: expected 1 values, got 0"),
        ([[0, 0], [0, 0]], [[1], [0.5, 0.5]], None, "absorbing[1]: expected 1 values, got 2"),
        ([[0.5]], [[0.5]], ["a", "b"], "names: expected 1 values, got 2"),
        ([], [], None, "transient: expected 1 to 2,000 states, got 0"),
        ([[]] * 2001, [], None, "transient: expected 1 to 2,000 states, got 2,001: raise max_states"),
    ],
)
def test_what_is_no_chain_is_refused(
    transient: list[list[float]], absorbing: list[list[float]], names: list[str] | None, message: str
) -> None:
    """
    Tables that do not fit together, and rows that are no probabilities, are refused with their place.
    """
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.absorbing_chain(transient, absorbing, names=names)
    assert message in str(caught.value)


def test_a_duration_needs_one_value_for_each_state() -> None:
    """
    Too few means or variances are refused by name.
    """
    chain = ps.absorbing_chain([[0.2]], [[0.8]])
    with pytest.raises(ps.InvalidModelError, match="means: expected 1 values, got 2"):
        chain.duration([1, 2])
    with pytest.raises(ps.InvalidModelError, match="variances: expected 1 values, got 0"):
        chain.duration([1], [])
