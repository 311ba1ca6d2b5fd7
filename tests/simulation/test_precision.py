"""Replications stop where the mean is as sure as wanted."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice.errors import InvalidQuantityError
from pubservice.simulation.intervals import estimate
from pubservice.simulation.precision import further, relative


@pytest.mark.parametrize(
    ("written", "value"), [("2 %", 0.02), ("2.5%", 0.025), ("0.02", 0.02), (0.1, 0.1), (".5", 0.5)]
)
def test_a_precision_is_written_as_people_write_it(written: object, value: float) -> None:
    """
    A share or a percentage, as a number or a text.
    """
    assert relative(written) == pytest.approx(value)


@pytest.mark.parametrize(
    "written", ["", "two %", "200 %", "0 %", "-2 %", 0, 1, 2, True, None, "9" * 50, float("nan")]
)
def test_what_is_no_precision_is_refused(written: object) -> None:
    """
    Nothing, everything, and what is no number.
    """
    with pytest.raises(InvalidQuantityError, match="expected a precision"):
        relative(written)


@given(
    st.lists(st.floats(1, 100), min_size=2, max_size=30),
    st.floats(0.001, 0.5),
    st.integers(1, 200),
)
def test_further_replications_are_needed_exactly_where_a_mean_is_unsure(
    values: list[float], precision: float, most: int
) -> None:
    """
    More are run where the half-width is above γ / (1 + γ) of the mean, at most as many again, never above the most.
    """
    found = estimate(values)
    n = len(values)
    more = further([found], precision, done=n, most=max(most, n))
    assert found.relative_half_width is not None
    sure = found.relative_half_width <= precision / (1 + precision)
    assert (more == 0) == (sure or most <= n)
    assert more <= min(n, max(most - n, 0))


def test_what_has_no_interval_asks_for_nothing() -> None:
    """
    A service of which no case has ended, or whose mean is zero, cannot be made precise by replications.
    """
    assert further([estimate([None, None]), estimate([0.0, 0.0])], 0.02, done=2, most=100) == 0


def test_stopping_keeps_most_of_the_coverage() -> None:
    """
    With 10 % wanted 95 % intervals where it stopped hold the mean in at least 90 % of 500 studies.

    Looking at what stops costs some coverage; Law (2015), §9.4.1, finds as much.
    """
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(500):
        values = rng.exponential(1, 10).tolist()
        while more := further([estimate(values)], 0.1, done=len(values), most=2000):
            values += rng.exponential(1, more).tolist()
        found = estimate(values)
        assert found.interval is not None
        assert found.relative_half_width is not None
        assert found.relative_half_width <= 0.1 / 1.1
        hits += found.interval.low <= 1 <= found.interval.high
    assert 0.9 - 3 * sqrt(0.9 * 0.1 / 500) <= hits / 500 <= 0.97
