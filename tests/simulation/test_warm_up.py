"""The start from an empty office is found and left out."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.simulation.program import program
from pubservice.simulation.run import run
from pubservice.simulation.warm_up import Beginning, Truncation, beginnings, mser5, settled


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


def test_what_is_common_to_all_replications_is_left_out() -> None:
    """
    Averaged case by case, noise that hides the start in each replication falls out; the latest end of it counts.
    """
    rng = np.random.default_rng(1)
    trend = 5 * np.exp(-np.arange(300) / 20)
    noise = rng.normal(scale=3, size=(20, 300))
    runs = [Beginning(trend + row, np.linspace(10.0 * n, 10.0 * n + 299, 300)) for n, row in enumerate(noise)]
    seconds, found = settled(runs)
    assert found
    assert 190 + 10 < seconds < 190 + 100
    flat = [Beginning(np.full(300, 7.0), np.arange(300.0)), Beginning(np.full(200, 7.0), np.arange(200.0))]
    assert settled(flat) == (0.0, True)


def test_beginnings_are_in_the_order_in_which_cases_end() -> None:
    """
    Whatever order cases arrive in: means of five cases each, by service, as they end, without those still inside.
    """
    office = ps.PublicOrganisation(
        "office",
        services=[
            ps.PublicService(
                id,
                arrival_rate="10 case/hour",
                procedure=ps.Procedure(steps=[ps.Step("look", processing_time="exponential(1) hour")]),
            )
            for id in ("one", "other")
        ],
    )
    record = run(program(office), seed=1, horizon_s=100 * 3600)
    for k, found in enumerate(beginnings(record)):
        rows = [
            (end, end - arrival)
            for of, arrival, end in zip(
                record.case_service, record.case_arrival_s, record.case_end_s, strict=True
            )
            if of == k and not np.isnan(end)
        ]
        rows.sort()
        batches = [rows[i : i + 5] for i in range(0, len(rows) - 4, 5)]
        assert found.ends.tolist() == [batch[-1][0] for batch in batches]
        assert found.means.tolist() == pytest.approx(
            [sum(time for _, time in batch) / 5 for batch in batches]
        )


def test_a_holiday_is_no_beginning() -> None:
    """
    Cases that wait through a fortnight of closed days have long cycle times, but not on the service's clock.
    """
    closed = ps.Calendar(
        "days", hours={"mon-fri": "08:00-16:00"}, closures=["2026-03-16..2026-03-29"], year=2026
    )
    office = ps.PublicOrganisation(
        "office",
        calendar="days",
        calendars=[closed],
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="1 case/working_hour",
                procedure=ps.Procedure(steps=[ps.Step("work", processing_time="exponential(2) hour")]),
            )
        ],
    )
    record = run(program(office), seed=3, horizon_s=26 * 7 * 86400)
    longest = np.nanmax(record.case_end_s - record.case_arrival_s)
    assert longest > 14 * 86400
    (found,) = beginnings(record)
    assert found.means.max() < 86400


def test_a_series_that_only_grows_is_too_short() -> None:
    """
    Where the least error lies at the edge of the first half, the run has not settled.
    """
    assert mser5([float(n) for n in range(200)]) == Truncation(100, found=False)
