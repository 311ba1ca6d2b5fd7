"""Opening hours as arrays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.simulation.calendars import (
    ALWAYS,
    WEEK,
    YEAR,
    Hours,
    clocks,
    end_of_work,
    hours_of,
    moment,
    open_seconds,
    open_time,
    opening,
    shrunk,
    start_of,
    weighted,
)
from pubservice.simulation.compiled import after, before

OFFICE = ps.Calendar("office", hours={"mon-fri": "08:00-12:00, 13:00-16:00"}, time_zone="Asia/Jakarta")
BERLIN = ps.Calendar("berlin", hours={"mon-fri": "08:00-16:00"}, time_zone="Europe/Berlin")
CLOSED = ps.Calendar(
    "closed", hours={"mon-sun": "00:00-24:00"}, closures=["2026-03-02..2026-03-08"], year=2026
)
START = start_of([OFFICE])


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """Return hours of a week or a year with some stretches."""
    cycle = draw(st.sampled_from([WEEK, YEAR]))
    edges = sorted(draw(st.sets(st.integers(0, cycle), min_size=2, max_size=8)))
    stretches = tuple(zip(edges[::2], edges[1::2], strict=False))
    assume(stretches != ((0, cycle),))
    return Hours(cycle, stretches)


moments = st.floats(0, 3 * YEAR)


def plain_open_time(of: Hours, t: float) -> float:
    """Return open seconds by adding stretch after stretch."""
    turns, inside = divmod(t, of.cycle)
    whole = sum(closes - opens for opens, closes in of.stretches)
    return turns * whole + sum(max(0.0, min(inside, closes) - opens) for opens, closes in of.stretches)


def test_seconds_run_from_a_monday() -> None:
    """
    The start is the Monday of the first week of the first year that a calendar names, in its zone; 2026 without one.
    """
    assert start_of([]) == dt.datetime(2025, 12, 29, tzinfo=dt.UTC)
    assert start_of([OFFICE, CLOSED]).isoformat() == "2025-12-29T00:00:00+07:00"
    dated = ps.Calendar("dated", hours={"mon": "08:00-16:00"}, year=2031)
    assert start_of([OFFICE, dated]).date() == dt.date(2030, 12, 30)


def test_a_calendar_repeats_a_week_where_weeks_are_alike() -> None:
    """
    Without closed days and clock changes a week is laid out, else 52 weeks.
    """
    assert hours_of(OFFICE, START).cycle == WEEK
    assert hours_of(BERLIN, start_of([BERLIN])).cycle == YEAR
    assert hours_of(CLOSED, start_of([CLOSED])).cycle == YEAR
    assert hours_of(None, START) == ALWAYS
    assert hours_of(ps.Calendar("all", hours={"mon-sun": "00:00-24:00"}), START) == ALWAYS


@pytest.mark.parametrize("calendar", [OFFICE, BERLIN, CLOSED])
def test_hours_are_those_of_the_calendar(calendar: ps.Calendar) -> None:
    """
    A moment is in a stretch if and only if the calendar says that it is open then, clock changes included.
    """
    start = start_of([calendar])
    found = hours_of(calendar, start)
    k = clocks([ALWAYS, found])
    for quarter in range(0, 364 * 24 * 4, 7):
        t = quarter * 900.0
        when = (start.astimezone(dt.UTC) + dt.timedelta(seconds=t)).astimezone(start.tzinfo)
        assert (opening(k, 1, t) == t) == calendar.is_open(when)


@given(hours(), moments)
def test_open_time_adds_up_stretches(of: Hours, t: float) -> None:
    """
    The open time until a moment is the sum of what of each stretch lies before it, for one moment and for many.
    """
    k = clocks([ALWAYS, of])
    assert open_time(k, 1, t) == pytest.approx(plain_open_time(of, t), rel=1e-12, abs=1e-6)
    assert open_time(k, 0, t) == t
    many = np.array([t, 0.0])
    assert open_seconds(k, 1, many) == pytest.approx([plain_open_time(of, t), 0.0], rel=1e-12, abs=1e-6)
    assert list(open_seconds(k, 0, many)) == list(many)


@given(hours(), moments)
def test_the_next_opening_is_the_first_open_moment(of: Hours, t: float) -> None:
    """
    No open time passes until the next opening, and at it the clock is open.
    """
    k = clocks([ALWAYS, of])
    opens = opening(k, 1, t)
    assert opens >= t
    assert opening(k, 1, opens) == opens
    assert plain_open_time(of, opens) - plain_open_time(of, t) == pytest.approx(0, abs=1e-6)
    assert opening(k, 0, t) == t


@given(hours(), st.floats(1e-3, 1e8))
def test_a_moment_is_found_from_the_open_time_that_has_passed(of: Hours, passed: float) -> None:
    """
    At the moment found so much open time has passed, and not before.
    """
    k = clocks([ALWAYS, of])
    t = moment(k, 1, passed)
    assert plain_open_time(of, t) == pytest.approx(passed, rel=1e-9, abs=1e-6)
    assert plain_open_time(of, t - 1e-3) < passed
    assert moment(k, 0, passed) == passed


@given(hours(), moments, st.floats(0, 1e7))
def test_work_rests_while_it_is_closed(of: Hours, t: float, work: float) -> None:
    """
    Between beginning and end of work the clock is open for as long as the work takes.
    """
    k = clocks([ALWAYS, of])
    begins = opening(k, 1, t)
    ends = end_of_work(k, 1, begins, work)
    assert ends >= begins
    assert plain_open_time(of, ends) - plain_open_time(of, begins) == pytest.approx(work, rel=1e-9, abs=1e-5)
    assert end_of_work(k, 0, t, work) == t + work


def test_work_that_fills_a_day_ends_at_its_close() -> None:
    """
    Work of eight hours that begins when the office opens ends when it closes, of sixteen on the next day.
    """
    k = clocks([ALWAYS, Hours(WEEK, ((28800, 57600), (115200, 144000)))])
    assert end_of_work(k, 1, 28800.0, 28800.0) == 57600
    assert end_of_work(k, 1, 28800.0, 57600.0) == 144000
    assert end_of_work(k, 1, 28800.0, 28800.0 * 4) == WEEK + 144000
    assert moment(k, 1, 57600.0) == 144000


@given(hours(), hours(), st.lists(moments, max_size=5))
def test_both_are_open_when_each_is(one: Hours, other: Hours, at: list[float]) -> None:
    """
    The hours of two calendars together are open at a moment if each is.
    """
    both = one.both(other)
    for t in at:
        expected = all(
            any(opens <= t % of.cycle < closes for opens, closes in of.stretches) for of in (one, other)
        )
        found = not both.cycle or any(opens <= t % both.cycle < closes for opens, closes in both.stretches)
        assert found == expected
    assert one.both(ALWAYS) == one == ALWAYS.both(one)


def test_a_share_of_a_week() -> None:
    """
    Hours tell the share of time in which they are open; always is all of it.
    """
    assert hours_of(OFFICE, START).share == pytest.approx(35 / 168)
    assert ALWAYS.share == 1


def test_a_demand_weighs_the_hours_in_which_cases_come() -> None:
    """
    Weights of weekdays and hours multiply, closed hours and those of weight 0 are left out, and all adds up.
    """
    demand = ps.Demand(weekdays={"mon": 3, "fri": 0}, hours={"08:00-10:00": 2})
    found = weighted(demand, OFFICE, START)
    weights = dict(zip(found.stretches, found.weights, strict=True))
    assert weights[28800, 36000] == 6
    assert weights[36000, 43200] == 3
    assert weights[86400 + 28800, 86400 + 36000] == 2
    assert max(found.stretches)[1] < 4 * 86400
    assert found.weight * WEEK == 2 * 6 * 3600 + 5 * 3 * 3600 + 3 * (2 * 2 + 5) * 3600
    k = clocks([found])
    assert moment(k, 0, 7200.0 * 6) == 36000
    assert moment(k, 0, 7200.0 * 6 + 300) == 36100


def test_a_demand_of_months_needs_a_year() -> None:
    """
    Where months differ, a year is laid out; without a calendar all hours count.
    """
    found = weighted(ps.Demand(months={"jan": 2}), None, start_of([]))
    assert found.cycle == YEAR
    assert found.weight == pytest.approx((364 + 31) / 364)


@given(st.floats(1, 1e9), st.floats(-0.9, 3))
def test_growth_brings_more_in_the_same_time(passed: float, growth: float) -> None:
    """
    What has come by the moment found is what was asked for: whole years, each a share more, and a part of the next.
    """
    yearly = 1e6
    found = shrunk(passed, yearly, growth)
    if found == float("inf"):
        assert passed >= yearly / -growth * (1 - 1e-9)
        return
    years, rest = divmod(found, yearly)
    came = sum(yearly * (1 + growth) ** year for year in range(int(years))) + rest * (1 + growth) ** years
    assert came == pytest.approx(passed, rel=1e-6)


def test_no_growth_changes_nothing() -> None:
    """
    Without growth as much passes as comes; what never comes has no moment.
    """
    k = clocks([ALWAYS, hours_of(OFFICE, START)])
    assert shrunk(12345.0, 1e6, 0.0) == 12345.0
    assert moment(k, 1, float("inf")) == float("inf")


@given(st.lists(st.integers(0, 9), max_size=9), st.integers(-1, 10))
def test_searches_for_arrays_are_those_of_bisect(column: list[int], x: int) -> None:
    """
    The searches that are compiled find what those of the interpreter find.
    """
    import bisect

    ordered: Any = np.sort(np.array(column, float))
    assert after(ordered, x, 0, len(ordered)) == bisect.bisect_right(ordered, x)
    assert before(ordered, x, 0, len(ordered)) == bisect.bisect_left(ordered, x)
