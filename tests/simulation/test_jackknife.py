"""Means per case and quantiles over all replications, without the bias of short ones."""

from __future__ import annotations

from array import array
from math import fsum, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice.simulation.intervals import estimate
from pubservice.simulation.jackknife import quantiles, ratios


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.integers(1, 1000))
def test_replications_of_the_same_size_stand_for_themselves(means: list[float], cases: int) -> None:
    """
    Where all have as many cases the pseudo-values are the means of the replications.
    """
    assert ratios(means, [cases] * len(means)) == pytest.approx(means, rel=1e-9, abs=1e-6)


@given(
    st.lists(st.tuples(st.floats(1, 1e3), st.integers(1, 1000)), min_size=2, max_size=20), st.floats(0.1, 10)
)
def test_pseudo_values_scale_with_what_is_measured(pairs: list[tuple[float, int]], factor: float) -> None:
    """
    Times in another unit have the same pseudo-values in that unit.
    """
    means, counts = [mean for mean, _ in pairs], [count for _, count in pairs]
    found = [value for value in ratios(means, counts) if value is not None]
    scaled = ratios([mean * factor for mean in means], counts)
    assert scaled == pytest.approx([value * factor for value in found], rel=1e-6, abs=1e-6)


def test_replications_without_cases_have_no_part() -> None:
    """
    They are None, the others are as without them; one alone stands for itself.
    """
    assert ratios([None, 2.0, 4.0], [0, 1, 1]) == [None, 2.0, 4.0]
    assert ratios([None, 2.0], [0, 7]) == [None, 2.0]
    assert quantiles([array("d"), array("d", [1.0, 3.0])], [0, 2], 0.5) == [None, 2.0]
    assert quantiles([array("d"), array("d")], [0, 0], 0.5) == [None, None]


def test_the_mean_of_all_cases_is_not_that_of_replications() -> None:
    """
    A replication in which more come, and each takes longer, counts by its cases: the bias of the mean of means, 1/n, is
    gone.

    Cases are Poisson with a mean of 10, and take as many hours as come: E[N²] / E[N] = 11.
    """
    rng = np.random.default_rng(3)
    studies = 1 + rng.poisson(9, (4000, 10))  # E[N] = 10, E[N²] = 9 + 100
    found = [
        fsum(value or 0.0 for value in ratios([float(n) for n in row], [float(n) for n in row])) / 10
        for row in studies.tolist()
    ]
    assert np.mean(found) == pytest.approx(10.9, abs=0.05)
    assert studies.mean() == pytest.approx(10, abs=0.05)


@pytest.mark.parametrize("p", [0.5, 0.9, 0.95])
def test_the_quantile_of_all_cases_is_not_that_of_replications(p: float) -> None:
    """
    Replications that differ, each exponential with a mean of its own: the quantile of all is that of the mixture.
    """
    scales = [0.5, 0.5, 2.0, 2.0] * 5
    grid = (np.arange(4000) + 0.5) / 4000
    samples = [array("d", (-scale * np.log1p(-grid)).tolist()) for scale in scales]
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        below = 1 - (np.exp(-middle / 0.5) + np.exp(-middle / 2)) / 2
        low, high = (middle, high) if below < p else (low, middle)
    found = estimate(quantiles(samples, [4000] * 20, p))
    assert found.mean == pytest.approx(low, rel=0.02)
    plain = fsum(-scale * log(1 - p) for scale in scales) / 20
    assert abs(plain / low - 1) > 0.05


def test_intervals_of_quantiles_cover_them() -> None:
    """
    Of 500 studies of 20 replications with 200 exponential times each, 92 % or more hold the 90 % point.
    """
    rng = np.random.default_rng(5)
    hits = 0
    for study in rng.exponential(1, (500, 20, 200)):
        interval = estimate(quantiles([array("d", row.tolist()) for row in study], [200] * 20, 0.9)).interval
        assert interval is not None
        hits += interval.low <= log(10) <= interval.high
    assert hits >= 460


def test_many_replications_make_thirty_groups() -> None:
    """
    The quantile without each of a thousand replications would be too much work: groups stand for them.
    """
    samples = [array("d", [float(n)] * 5) for n in range(100)]
    found = quantiles(samples, [5] * 100, 0.5)
    assert len(found) == 30
    assert estimate(found).mean == pytest.approx(49.5, abs=1)


def test_a_replication_counts_by_its_cases() -> None:
    """
    Times that stand for many cases weigh as much as these.
    """
    few, many = array("d", [1.0, 2.0]), array("d", [10.0, 20.0])
    found = quantiles([few, many, many], [2, 2000, 2000], 0.5)
    assert estimate(found).mean == pytest.approx(15, abs=1)
