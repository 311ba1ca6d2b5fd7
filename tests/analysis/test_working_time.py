"""Working time between many moments at once."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.analysis.working_time import open_microseconds, working_microseconds

HOUR = 3_600_000_000
DAY = 24 * HOUR
OFFICE = ps.Calendar(
    "office",
    hours={"mon-thu": "08:00-12:00, 13:00-16:00", "fri": "08:00-11:30"},
    time_zone="Asia/Jakarta",
    closures=["2026-03-18..2026-03-24", "2026-01-01"],
    year=2026,
)
BERLIN = ps.Calendar(
    "berlin", hours={"sat-sun": "00:00-24:00", "mon": "09:00-17:00"}, time_zone="Europe/Berlin"
)
NIGHT = ps.Calendar("night", hours={"sun": "00:00-02:30, 03:00-08:00"}, time_zone="Europe/Berlin")
moments = st.integers(int(dt.datetime(2026, 1, 1).timestamp()), int(dt.datetime(2026, 12, 31).timestamp()))


@settings(max_examples=30)
@pytest.mark.parametrize("calendar", [OFFICE, BERLIN], ids=lambda calendar: calendar.id)
@given(pairs=st.lists(st.tuples(moments, moments), min_size=1, max_size=5))
def test_it_is_what_the_calendar_says_of_each_pair(
    calendar: ps.Calendar, pairs: list[tuple[int, int]]
) -> None:
    """
    Breaks, closures and changes of the clock count as in `Calendar.working_time`.
    """
    starts, ends = (np.array(side) * 1_000_000 for side in zip(*pairs, strict=True))
    found = working_microseconds(calendar, starts, ends)
    for (start, end), microseconds in zip(pairs, found, strict=True):
        times = [dt.datetime.fromtimestamp(moment, dt.UTC) for moment in (start, end)]
        expected = calendar.working_time(*times).magnitude
        assert microseconds / HOUR == pytest.approx(expected, abs=1e-9)


def test_hours_that_a_clock_skips_count_once() -> None:
    """
    In the night when clocks are put forward, no moment is open twice and none that is not there is open at all.
    """
    start, end = (
        int(dt.datetime(2026, 3, day, 20, tzinfo=dt.UTC).timestamp()) * 1_000_000 for day in (28, 29)
    )
    (found,) = working_microseconds(NIGHT, np.array([start]), np.array([end]))
    assert found == 7 * HOUR  # from 23:00 to 06:00 in UTC


@settings(max_examples=30)
@given(st.lists(moments, min_size=2, max_size=6))
def test_working_time_adds_up(times: list[int]) -> None:
    """
    The working time of a whole is that of its parts, and never more than the time that passes.
    """
    ordered = np.array(sorted(times)) * 1_000_000
    parts = working_microseconds(OFFICE, ordered[:-1], ordered[1:])
    (whole,) = working_microseconds(OFFICE, ordered[:1], ordered[-1:])
    assert parts.sum() == whole
    assert all(parts <= ordered[1:] - ordered[:-1])


def test_a_calendar_that_is_never_open_has_no_working_time() -> None:
    """
    Where every day is closed nothing passes; and of no pairs nothing is asked.
    """
    shut = ps.Calendar("shut", hours={"mon": "08:00-16:00"}, closures=["2025-01-01..2027-12-31"], year=2026)
    start = np.array([int(dt.datetime(2026, 6, 1).timestamp()) * 1_000_000])
    assert working_microseconds(shut, start, start + 30 * DAY).tolist() == [0]
    assert working_microseconds(OFFICE, start[:0], start[:0]).tolist() == []


def test_an_end_before_the_start_is_no_time() -> None:
    """
    What runs backwards takes no time.
    """
    start = np.array([int(dt.datetime(2026, 6, 3).timestamp()) * 1_000_000])
    assert working_microseconds(OFFICE, start, start - 5 * DAY).tolist() == [0]


@pytest.mark.parametrize(("start", "end"), [(0, 300_000 * DAY), (-(10**18), 10**18)])
def test_centuries_are_refused(start: int, end: int) -> None:
    """
    Moments too far apart, or in no year of the calendar, are an error that names the bound.
    """
    with pytest.raises(ps.InvalidModelError, match=r"expected times within 200,000 days.*days"):
        working_microseconds(OFFICE, np.array([start]), np.array([end]))


def test_open_time_of_days() -> None:
    """
    A week has its open hours, less the days that are closed.
    """
    assert open_microseconds(OFFICE, dt.date(2026, 1, 5), dt.date(2026, 1, 11)) == int(31.5 * HOUR)
    assert open_microseconds(OFFICE, dt.date(2026, 3, 16), dt.date(2026, 3, 22)) == 14 * HOUR
