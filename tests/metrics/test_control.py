"""Control charts: published numbers, the rules by which they signal, and what cannot be charted."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.metrics.control import ControlChart

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
CANS = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]
COMPUTERS = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
CLOTH = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23]
ROLLS = [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5]


def summed_up(values: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the least, the median, the mean and the most."""
    return min(values), statistics.median(values), statistics.fmean(values), max(values)


def limits(chart: ControlChart, point: int = 0) -> list[float | None]:
    """Return the limits of a point."""
    return [chart.points[point].lower, chart.points[point].upper]


def rules(chart: ControlChart) -> list[tuple[str, str, int, int, int]]:
    """Return what each signal is, and where."""
    return [(s.rule, s.side, s.first, s.since, s.last) for s in chart.signals]


def shown(*deviations: float, rules: Any = "western-electric") -> ControlChart:
    """Return a chart whose last points deviate so many standard deviations from the centre of the first two."""
    d = 2.66 / 3
    return ps.xmr_chart([-0.5, 0.5, *(x * d for x in deviations)], baseline=2, rules=rules)


def test_individuals_of_the_nist_handbook() -> None:
    """
    NIST/SEMATECH e-Handbook §6.3.2.2, flow rates of ten batches: centre 50.81, limits 45.8159 and 55.8041, in control.

    The four numbers are confirmed by another tool's list of published examples; the page itself was not read again.
    """
    chart = ps.xmr_chart(FLOW)
    assert sum(abs(b - a) for a, b in pairwise(FLOW)) / 9 == pytest.approx(1.8778, abs=5e-5)
    assert chart.centre == pytest.approx(50.81)
    assert chart.range_limit == pytest.approx(3.268 * 1.8778, abs=1e-3)
    assert limits(chart) == [pytest.approx(45.8159, abs=2e-3), pytest.approx(55.8041, abs=2e-3)]
    assert len({(point.lower, point.upper) for point in chart.points}) == 1
    assert chart.signals == ()


def test_shares_of_montgomery() -> None:
    """
    Montgomery, frozen orange juice cans, 30 samples of 50: p = 0.2313, samples 15 and 23 beyond the limits.

    The handbook of NIST (§6.3.3.2) has the mean for 30 wafers of 50 chips; that samples 15 (new cardboard) and 23 (a new
    operator) stand out is told in the manual of the R package qcc (orangejuice). The limits are worked by hand.
    """
    chart = ps.p_chart(CANS, [50] * 30)
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    width = 3 * (0.2313 * 0.7687 / 50) ** 0.5
    assert limits(chart) == [
        pytest.approx(0.2313 - width, abs=1e-4),
        pytest.approx(0.2313 + width, abs=1e-4),
    ]
    beyond = [chart.points[s.last].label for s in chart.signals if s.rule == "beyond-limits"]
    assert beyond == ["15", "23"]


def test_flaws_per_unit_of_montgomery() -> None:
    """
    Montgomery, flaws of personal computers, 20 samples of 5: u = 1.93, in control.

    The manual of the R package qcc (pcmanufact) sums the data up: least 5, median 10, mean 9.65, most 16. The limits 0.07
    and 3.79 are worked by hand: 1.93 ± 3 √(1.93 / 5).
    """
    assert summed_up(COMPUTERS) == (5, 10, 9.65, 16)
    chart = ps.u_chart(COMPUTERS, [5] * 20)
    assert chart.centre == pytest.approx(1.93)
    assert limits(chart) == [pytest.approx(0.07, abs=5e-3), pytest.approx(3.79, abs=5e-3)]
    assert [s for s in chart.signals if s.rule == "beyond-limits"] == []


def test_flaws_per_unit_of_different_sizes() -> None:
    """
    Montgomery, flaws in ten rolls of dyed cloth: u = 1.42, the limits of a roll of 8 are wider than those of one of 13.

    The manual of the R package qcc (dyedcloth) sums the data up: flaws 7, 15, 15.30, 23 and sizes 8, 10.25, 10.75, 13 as
    least, median, mean and most. The upper limits are worked by hand from the centre rounded to 1.42.
    """
    assert summed_up(CLOTH) == (7, 15, 15.30, 23)
    assert summed_up(ROLLS) == (8, 10.25, 10.75, 13)
    chart = ps.u_chart(CLOTH, ROLLS)
    assert chart.centre == pytest.approx(153 / 107.5)
    upper = [point.upper for point in chart.points[:3]]
    assert upper == [pytest.approx(u, abs=0.01) for u in (2.55, 2.68, 2.41)]
    assert chart.signals == ()


@pytest.mark.parametrize(
    ("deviations", "rule_set", "found"),
    [
        ([3.5], "western-electric", [("beyond-limits", "higher", 2, 2, 2)]),
        ([-3.5], "western-electric", [("beyond-limits", "lower", 2, 2, 2)]),
        ([2.5, 0.5, 2.5], "western-electric", [("two-of-three", "higher", 2, 4, 4)]),
        ([2.5, 2.2, -0.1], "western-electric", [("two-of-three", "higher", 1, 3, 3)]),
        ([1.5, 1.2, -0.5, 1.2, 1.4], "western-electric", [("four-of-five", "higher", 2, 6, 6)]),
        ([-0.5, *[0.5] * 8], "western-electric", [("eight-in-a-row", "higher", 3, 10, 10)]),
        ([0.5, *[-0.5] * 10], "western-electric", [("eight-in-a-row", "lower", 3, 10, 12)]),
        ([-0.5, *[0.5] * 8], "nelson", []),
        ([-0.9, *[0.6, 0.5] * 4, 0.6], "nelson", [("nine-in-a-row", "higher", 3, 11, 11)]),
        ([-0.9, -0.6, -0.3, 0.1, 0.4, 0.8], "nelson", [("six-trending", "higher", 2, 7, 7)]),
        ([0.9, 0.6, 0.3, -0.1, -0.4, -0.8], "nelson", [("six-trending", "lower", 2, 7, 7)]),
        ([1.2, -1.2] * 4, "nelson", [("eight-beyond-one", "neither", 2, 9, 9)]),
    ],
)
def test_each_rule_sees_its_pattern(
    deviations: list[float], rule_set: Any, found: list[tuple[str, str, int, int, int]]
) -> None:
    """
    A pattern is one signal with its side, from its first point over the one at which it shows to its last.
    """
    chart = shown(*deviations, rules=rule_set)
    assert [s for s in rules(chart) if s[0] != "range-beyond-limit"] == found


def test_points_that_alternate_are_a_signal_of_nelson() -> None:
    """
    Fourteen points up and down by turns, and fifteen close to the centre, are about no side.
    """
    chart = ps.xmr_chart([0.0, 1.0] * 8, rules="nelson")
    assert rules(chart) == [
        ("fourteen-alternating", "neither", 0, 13, 15),
        ("fifteen-within-one", "neither", 0, 14, 15),
    ]


def test_a_jump_is_a_signal_of_the_moving_range() -> None:
    """
    A change from one point to the next that is beyond the limit of the moving ranges is told with both points.
    """
    chart = ps.xmr_chart([10, 11, 10, 11, 10, 11, 18, 11], labels="abcdefgh", baseline=6)
    jumps = [s for s in chart.signals if s.rule == "range-beyond-limit"]
    assert [(s.first, s.last, s.side) for s in jumps] == [(5, 6, "neither"), (6, 7, "neither")]
    assert str(jumps[0]) == "from f to g it changed by more than chance does"


def test_a_chart_says_its_signals_in_both_languages() -> None:
    """
    A chart prints its points, with the number of each signal where it ends, and below it each in words.
    """
    chart = ps.p_chart([5, 5, 5, 30], [100] * 4, labels=["Jan", "Feb", "Mar", "Apr"])
    assert str(chart) == (
        "point  value  lower limit  centre  upper limit  signal\n"
        "Jan     0.05         0.02    0.11         0.21  -\n"
        "Feb     0.05         0.02    0.11         0.21  -\n"
        "Mar     0.05         0.02    0.11         0.21  -\n"
        "Apr     0.30         0.02    0.11         0.21  1\n"
        "1. Apr is above the upper limit"
    )
    assert chart.text("id").splitlines()[-1] == "1. Apr di atas batas atas"
    assert (
        ps.xmr_chart(FLOW).text("id").endswith("tidak ada sinyal: semuanya dapat dijelaskan oleh kebetulan")
    )


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("rule_set", ["western-electric", "nelson"])
def test_every_signal_is_said_in_indonesian(side: int, rule_set: Any) -> None:
    """
    Whatever a chart says has an Indonesian counterpart, which names the same points.
    """
    walk = [4, 2.5, 2.5, *[1.5] * 5, *[0.5] * 10, 0.6, 0.7, 0.8, 0.9, 1.0, *[1.5, -1.5] * 8]
    chart = shown(*(side * x for x in walk), rules=rule_set)
    assert len({s.rule for s in chart.signals}) >= 5 if rule_set == "nelson" else 4
    for signal in chart.signals:
        assert signal.text("id") != signal.text("en")


def test_limits_that_nothing_can_pass_are_none() -> None:
    """
    A share is never below 0 or above 1, and a count never below 0.
    """
    rare, frequent = ps.p_chart([0, 1], [20, 20]), ps.p_chart([20, 19], [20, 20])
    assert (rare.points[0].lower, frequent.points[0].upper) == (None, None)
    assert ps.u_chart([0, 1], [20, 20]).points[0].lower is None


def test_what_never_changes_is_in_control() -> None:
    """
    Equal values have no spread, and no signal.
    """
    for chart in (ps.xmr_chart([3] * 20), ps.p_chart([0] * 9, [5] * 9), ps.u_chart([0] * 9, [5] * 9)):
        assert chart.signals == ()
        assert {point.sigma for point in chart.points} == {0}


def test_a_baseline_sets_the_limits() -> None:
    """
    Limits that are taken from the first points stay as they were when later ones move.
    """
    quiet = ps.xmr_chart(FLOW)
    moved = ps.xmr_chart([*FLOW, 60, 61], baseline=10)
    assert (moved.centre, moved.points[0].upper) == (quiet.centre, quiet.points[0].upper)
    assert [s.last for s in moved.signals if s.rule == "beyond-limits"] == [10, 11]


def test_data_of_a_chart() -> None:
    """
    The JSON of a chart has its points, limits and signals, and names formulas and rules.
    """
    data = ps.p_chart([5, 5, 5, 30], [100] * 4).data()
    assert json.loads(json.dumps(data)) == data
    assert data["signals"] == [
        {
            "rule": "beyond-limits",
            "first": 3,
            "since": 3,
            "last": 3,
            "side": "higher",
            "message": "4 is above the upper limit",
        }
    ]
    assert "Western Electric (1956)" in str(data["source"])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ps.xmr_chart([1, math.nan]), "point 2: expected a number, got nan"),
        (lambda: ps.xmr_chart([1, True]), "point 2: expected a number, got True"),
        (lambda: ps.xmr_chart(["1", 2]), "point 1: expected a number, got '1'"),  # type: ignore[list-item]  # as it says
        (lambda: ps.xmr_chart([1, 2], labels=["a"]), "expected as many labels as points, got 1 and 2"),
        (lambda: ps.xmr_chart([1, 2], baseline=1), "expected a baseline from 2 to 2 points, got 1"),
        (lambda: ps.xmr_chart([1, 2], baseline=3), "expected a baseline from 2 to 2 points, got 3"),
        (
            lambda: ps.xmr_chart([1, 2], rules="ours"),  # type: ignore[arg-type]  # as it says
            "expected the rules western-electric, nelson, got 'ours'",
        ),
        (lambda: ps.p_chart([1, 2], [3]), "expected as many sizes as counts, got 1 and 2"),
        (lambda: ps.p_chart([1, 5], [3, 4]), "point 2: 5 of 4"),
        (
            lambda: ps.p_chart([1, 0], [3, 0]),
            "point 2: expected a count of at least 0 and a size above 0, got 0 and 0",
        ),
        (
            lambda: ps.u_chart([-1, 0], [3, 1]),
            "point 1: expected a count of at least 0 and a size above 0, got -1 and 3",
        ),
    ],
)
def test_what_cannot_be_charted_is_refused(make: Any, message: str) -> None:
    """
    Points that are no numbers, counts without sizes, and options that are none are errors that name the point.
    """
    with pytest.raises(ps.InvalidQuantityError) as caught:
        make()
    assert str(caught.value) == message


def test_one_point_is_no_chart() -> None:
    """
    A single value does not vary: its chart is undefined.
    """
    with pytest.raises(ps.UndefinedResultError, match="a control chart needs at least 2 points, got 1"):
        ps.xmr_chart([1])


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.floats(0.001, 1000), st.floats(-1e6, 1e6))
def test_units_change_no_signal(values: list[float], scale: float, shift: float) -> None:
    """
    The centre lies inside the limits, and measuring in another unit moves both with the values.
    """
    chart, other = ps.xmr_chart(values), ps.xmr_chart([scale * v + shift for v in values])
    assert chart.points[0].lower is not None
    assert chart.points[0].upper is not None
    assert chart.points[0].lower <= chart.centre <= chart.points[0].upper
    tolerance = 1e-6 * max(1.0, abs(shift), scale * 1e6)
    assert other.centre == pytest.approx(scale * chart.centre + shift, abs=tolerance)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 500)), min_size=2, max_size=30))
def test_more_cases_have_narrower_limits(points: list[tuple[int, int]]) -> None:
    """
    Of two points of one chart, the one with more cases never has the wider limits.
    """
    chart = ps.p_chart([count for count, _ in points], [size for _, size in points])
    by_size = sorted(zip((size for _, size in points), chart.points, strict=True), key=lambda pair: pair[0])
    sigmas = [point.sigma for _, point in by_size]
    assert sigmas == sorted(sigmas, reverse=True)


def test_a_point_off_a_centre_without_spread_is_beyond_its_limits() -> None:
    """
    Where the baseline never varied, any other value is a signal, not chance.
    """
    for chart in (
        ps.u_chart([0, 0, 0, 50], [10, 10, 10, 10], baseline=3),
        ps.p_chart([0, 0, 0, 9], [10, 10, 10, 10], baseline=3),
        ps.xmr_chart([5, 5, 5, 6], baseline=3),
    ):
        assert "beyond-limits" in [signal.rule for signal in chart.signals]


def test_numbers_of_numpy_are_numbers() -> None:
    """
    Whole and other numbers of numpy, single or in an array, give the chart that plain ones give.
    """
    values = np.array([3, 5, 4, 6])
    assert ps.xmr_chart(values, baseline=np.int64(2)) == ps.xmr_chart([3, 5, 4, 6], baseline=2)
    shares = ps.p_chart(values, np.array([10.0, 12.0, 11.0, 9.0], dtype=np.float32))
    assert shares == ps.p_chart([3, 5, 4, 6], [10, 12, 11, 9])


@pytest.mark.parametrize("wrong", [True, 3, 4.5])
def test_what_is_no_list_is_refused(wrong: Any) -> None:
    """
    Values, counts, sizes and labels that are no list are named.
    """
    with pytest.raises(ps.InvalidQuantityError, match="^values: expected a list, got "):
        ps.xmr_chart(wrong)
    with pytest.raises(ps.InvalidQuantityError, match="^counts: expected a list, got "):
        ps.p_chart(wrong, [1, 2])
    with pytest.raises(ps.InvalidQuantityError, match="^sizes: expected a list, got "):
        ps.u_chart([1, 2], wrong)
    with pytest.raises(ps.InvalidQuantityError, match="^labels: expected a list, got "):
        ps.xmr_chart([1, 2], labels=wrong)
