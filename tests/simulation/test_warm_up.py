"""The start from an empty office is found and left out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice.simulation.warm_up import Truncation, mser5


def error(means: list[Fraction], left_out: int) -> Fraction:
    """Return the squared standard error of what is left, by its definition."""
    rest = means[left_out:]
    mean = sum(rest, Fraction(0)) / len(rest)
    return sum(((value - mean) ** 2 for value in rest), Fraction(0)) / len(rest) ** 2


def test_mser_of_a_series_worked_by_hand() -> None:
    """
    Of the batch means 4, 1, 1, 3, 1, 1 the first is left out.

    By hand: errors 53/216 with all six, 16/125 without the first, 3/16 without two, 8/27 without three.
    """
    means = [Fraction(n) for n in (4, 1, 1, 3, 1, 1)]
    assert [error(means, d) for d in range(4)] == [
        Fraction(53, 216),
        Fraction(16, 125),
        Fraction(3, 16),
        Fraction(8, 27),
    ]
    series = [float(mean) + swing for mean in means for swing in (-1, 1, 0, 2, -2)]
    assert mser5(series) == Truncation(5, found=True)


@given(st.lists(st.integers(-50, 50), min_size=10, max_size=120))
def test_mser_leaves_the_least_standard_error(values: list[int]) -> None:
    """
    No other beginning of at most half of the run leaves a smaller standard error, computed in exact fractions.
    """
    found = mser5([float(value) for value in values])
    means = [Fraction(sum(values[i : i + 5]), 5) for i in range(0, len(values) // 5 * 5, 5)]
    errors = [error(means, d) for d in range(len(means) // 2 + 1)]
    assert found.observations % 5 == 0
    assert float(errors[found.observations // 5]) == pytest.approx(float(min(errors)), abs=1e-12)
    assert found.found == (found.observations // 5 < len(means) // 2)


@given(st.floats(-1e6, 1e6), st.floats(0.01, 1e3))
def test_mser_does_not_depend_on_the_unit(shift: float, scale: float) -> None:
    """
    Seconds or hours, from whatever zero: the same beginning is left out.
    """
    rng = np.random.default_rng(5)
    series = 10 * np.exp(-np.arange(400) / 30) + rng.normal(size=400)
    assert mser5(series * scale + shift) == mser5(series)


def test_the_start_is_left_out() -> None:
    """
    Without what it leaves out, an autoregressive series that starts far away has a mean ten times nearer to the true one.
    """
    rng = np.random.default_rng(11)
    before, after = [], []
    for _ in range(50):
        series, value = np.empty(2000), 100.0
        for i, noise in enumerate(rng.normal(size=2000)):
            value = 0.95 * value + noise
            series[i] = value
        cut = mser5(series)
        assert cut.found
        before.append(series.mean())
        after.append(series[cut.observations :].mean())
    assert abs(np.mean(after)) < abs(np.mean(before)) / 10


@pytest.mark.parametrize("values", [[], [1.0] * 9])
def test_a_run_of_a_few_cases_has_no_warm_up(values: list[float]) -> None:
    """
    Below two batches of five there is nothing to compare.
    """
    assert mser5(values) == Truncation(0, found=False)


def test_a_series_that_only_grows_is_too_short() -> None:
    """
    Where the least error lies at the edge of the first half, the run has not settled.
    """
    assert mser5([float(n) for n in range(200)]) == Truncation(100, found=False)
