"""Intervals have the coverage that they say."""

from __future__ import annotations

from itertools import pairwise
from math import pi, sqrt, tan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice.errors import InvalidQuantityError
from pubservice.simulation.intervals import Estimate, estimate, paired, share_estimate, student_t

probabilities = st.floats(0.001, 0.999)
degrees = st.integers(1, 5000)


@pytest.mark.parametrize(
    ("probability", "freedom", "printed"),
    [
        (0.975, 1, 12.706),
        (0.975, 2, 4.303),
        (0.975, 5, 2.571),
        (0.975, 10, 2.228),
        (0.95, 29, 1.699),
        (0.975, 120, 1.980),
        (0.995, 4, 4.604),
        (0.9995, 7, 5.408),
        (0.75, 3, 0.765),
    ],
)
def test_quantiles_are_those_of_the_printed_table(probability: float, freedom: int, printed: float) -> None:
    """
    Student's quantiles agree with Abramowitz & Stegun (1964), table 26.10.
    """
    assert student_t(probability, freedom) == pytest.approx(printed, abs=0.0006)


@given(probabilities)
def test_quantiles_have_their_closed_forms(probability: float) -> None:
    """
    With one and two degrees of freedom the quantile has a closed form.
    """
    assert student_t(probability, 1) == pytest.approx(tan(pi * (probability - 0.5)), rel=1e-9, abs=1e-12)
    closed = (2 * probability - 1) / sqrt(2 * probability * (1 - probability))
    assert student_t(probability, 2) == pytest.approx(closed, rel=1e-9, abs=1e-12)


@given(probabilities, degrees)
def test_quantiles_mirror_each_other(probability: float, freedom: int) -> None:
    """
    The distribution is symmetric about zero.
    """
    assert student_t(probability, freedom) == pytest.approx(
        -student_t(1 - probability, freedom), rel=1e-6, abs=1e-9
    )


@given(st.floats(0.51, 0.999))
def test_quantiles_come_nearer_with_more_degrees(probability: float) -> None:
    """
    The tails get lighter with every degree of freedom, also where the expansion takes over.
    """
    found = [student_t(probability, n) for n in (1, 2, 3, 10, 100, 998, 999, 1000, 1001, 10_000, 10**9)]
    assert all(later < earlier for earlier, later in pairwise(found))
    assert found[7] == pytest.approx(found[6], rel=1e-5)


@pytest.mark.parametrize(("probability", "freedom"), [(0, 5), (1, 5), (-0.1, 5), (0.9, 0)])
def test_what_has_no_quantile_is_refused(probability: float, freedom: int) -> None:
    """
    A probability is inside 0 to 1, and there is a degree of freedom at least.
    """
    with pytest.raises(InvalidQuantityError):
        student_t(probability, freedom)


def covered(found: Estimate, true: float) -> bool:
    assert found.interval is not None
    return found.interval.low <= true <= found.interval.high


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95])
def test_an_interval_covers_the_mean_as_often_as_it_says(confidence: float) -> None:
    """
    Of 4,000 intervals on five normal values each, the promised share holds the mean, within 3.3 standard errors.
    """
    rng = np.random.default_rng(2026)
    hits = sum(
        covered(estimate(row, confidence=confidence), 7) for row in rng.normal(7, 3, (4000, 5)).tolist()
    )
    assert hits / 4000 == pytest.approx(confidence, abs=3.3 * sqrt(confidence * (1 - confidence) / 4000))


def test_an_interval_for_a_quantile_covers_it() -> None:
    """
    Student's interval over the 95 % points of twenty replications of 1,000 exponential times holds the true one.

    The bias of a quantile of a replication is far below the spread between replications, so that the coverage is as
    promised, within 3.3 standard errors of 1,000 studies.
    """
    rng = np.random.default_rng(7)
    true = -np.log(0.05)
    found = np.quantile(rng.exponential(1, (1000, 20, 1000)), 0.95, axis=2)
    hits = sum(covered(estimate(row), true) for row in found.tolist())
    assert hits / 1000 == pytest.approx(0.95, abs=3.3 * sqrt(0.95 * 0.05 / 1000))


@pytest.mark.parametrize(("replications", "least"), [(10, 0.93), (20, 0.935), (50, 0.935)])
def test_intervals_of_skew_values_cover_them(replications: int, least: float) -> None:
    """
    Of 4,000 intervals on exponential values nearly as many hold the mean as they say; Student's alone loses 90 to 93 %.
    """
    rng = np.random.default_rng(11)
    rows = rng.exponential(1, (4000, replications)).tolist()
    assert sum(covered(estimate(row), 1) for row in rows) / 4000 >= least
    turned = sum(covered(estimate([-value for value in row]), -1) for row in rows)
    assert turned == sum(covered(estimate(row), 1) for row in rows)


def test_even_values_have_an_even_interval() -> None:
    """
    Where values lean to no side the correction is none, and both ends are as far from the mean.
    """
    found = estimate([float(n) for n in range(11)])
    spread = sqrt(11)
    assert found.interval is not None
    assert found.interval.high == pytest.approx(5 + student_t(0.975, 10) * spread / sqrt(11))
    assert found.interval.low == pytest.approx(10 - found.interval.high)


def test_an_interval_reaches_farther_where_values_do() -> None:
    """
    One long replication among short ones: the true mean is rather above than below.
    """
    found = estimate([1.0] * 11 + [5.0])
    assert found.interval is not None
    assert found.mean is not None
    assert found.half_width == found.interval.high - found.mean > found.mean - found.interval.low


def test_an_interval_for_a_share_stays_inside_zero_to_one() -> None:
    """
    Shares cannot leave 0 to 1, and neither can their intervals.
    """
    found = share_estimate([0.99, 1.0, 1.0], [100, 100, 100])
    assert found.interval is not None
    assert found.interval.low == pytest.approx(0.98232, abs=1e-5)
    assert found.interval.high == 1.0
    low = share_estimate([0.01, 0.0, 0.0], [100, 100, 100])
    assert low.interval is not None
    assert low.interval.low == 0.0


@pytest.mark.parametrize("cases", [1, 20, 1000])
def test_a_share_of_all_cases_is_not_certain(cases: int) -> None:
    """
    Where all n cases are on time, the interval begins where the chance of that is 2.5 %: p to the n.
    """
    whole = share_estimate([1.0, None, 1.0], [cases, 0, cases])
    none = share_estimate([0.0, None, 0.0], [cases, 0, cases])
    assert whole.interval is not None
    assert none.interval is not None
    assert whole.interval.low ** (2 * cases) == pytest.approx(0.025)
    assert (1 - none.interval.high) ** (2 * cases) == pytest.approx(0.025)
    assert (none.interval.low, whole.interval.high) == (0.0, 1.0)


def test_a_share_without_spread_has_the_reason_of_every_estimate() -> None:
    """
    One replication, or none with a value, has no interval for a share either.
    """
    assert share_estimate([1.0], [10]).interval is None
    assert share_estimate([None, None], [0, 0]).mean is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.floats(-1e6, 1e6))
def test_pairing_takes_away_what_is_common(values: list[float], shift: float) -> None:
    """
    Of replications that differ by the same amount each, that amount is the difference, surely.
    """
    found = paired([value + shift for value in values], values)
    assert found.mean == pytest.approx(shift, abs=1e-6)
    assert found.half_width == pytest.approx(0, abs=1e-6)


def test_pairing_leaves_out_replications_without_a_value() -> None:
    """
    A replication counts where both have a value.
    """
    found = paired([3.0, None, 5.0, 7.0], [1.0, 1.0, None, 4.0])
    assert (found.mean, found.replications) == (2.5, 2)


def test_one_replication_says_why_it_has_no_interval() -> None:
    """
    One value has a mean and no interval, no value has neither; the estimate says why.
    """
    one, none = estimate([4.0]), estimate([None])
    assert (one.mean, one.interval, one.half_width, one.relative_half_width) == (4.0, None, None, None)
    assert "give two or more" in str(one.undefined)
    assert (none.mean, none.interval, none.replications) == (None, None, 0)
    assert none.data() == {
        "mean": None,
        "interval": None,
        "replications": 0,
        "undefined": "no replication has a value",
    }


def test_an_estimate_says_its_method() -> None:
    """
    JSON of an estimate holds mean, both ends, the confidence and the method.
    """
    assert estimate([1.0, 1.0]).data() == {
        "mean": 1.0,
        "interval": {"low": 1.0, "high": 1.0, "confidence": 0.95, "method": "Student's t, 2 replications"},
        "replications": 2,
        "undefined": None,
    }


def test_an_estimate_of_zero_has_no_relative_width() -> None:
    """
    Relative to nothing, nothing is precise.
    """
    assert estimate([-1.0, 1.0]).relative_half_width is None
    assert estimate([0.0, 0.0]).relative_half_width == 0
    assert estimate([1.0, 3.0]).relative_half_width == pytest.approx(student_t(0.975, 1) / 2)
