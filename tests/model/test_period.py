"""Periods: whole days in a row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice.errors import InvalidModelError
from pubservice.model.period import Period, period
from strategies import periods


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-03-05", "2026-03-05", "2026-03-05"),
        ("2026-01-01..2026-03-31", "2026-01-01", "2026-03-31"),
        (" 2025-Q4 .. 2026-02 ", "2025-10-01", "2026-02-28"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
    ],
)
def test_periods_read_what_people_write(text: str, first: str, last: str) -> None:
    """
    A year, a quarter, a month, a day and a span of them are all its days, the last one too.
    """
    assert period(text) == Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            "",
            "soon",
            "2026-Q5",
            "2026-13",
            "2026-02-30",
            "0000",
            "26",
            "2026-1",
            "2026..",
            "..",
            "2026..2025",
        ),
        *("2026-03..2026-02", "2026..2027..2028", "2" * 50, None, 2026, dt.date(2026, 1, 1)),
    ],
)
def test_periods_say_what_is_wrong(wrong: Any) -> None:
    """
    The error for what is no period shows right ones and what was found.
    """
    with pytest.raises(InvalidModelError) as caught:
        period(wrong)
    assert str(caught.value) == (
        f"expected a period such as 2026, 2026-Q1, 2026-03 or 2026-01-01..2026-03-31, got {wrong!r}"
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (dt.date(2026, 1, 2), dt.date(2026, 1, 1)),
        (dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 2)),
        ("a", "b"),
    ],
)
def test_the_class_refuses_what_are_no_days_in_a_row(first: Any, last: Any) -> None:
    """
    A period ends no earlier than it begins, and both are days.
    """
    with pytest.raises(InvalidModelError, match="expected a period"):
        Period(first, last)


@given(periods)
def test_the_text_of_a_period_reads_back(found: Period) -> None:
    """
    The text of a period reads back as the same period, and is the shortest that does.
    """
    assert period(str(found)) == found == period(found)
    assert len(str(found)) <= len(f"{found.first}..{found.last}")


@given(periods, periods)
def test_overlap_is_a_day_in_both(one: Period, other: Period) -> None:
    """
    Two periods overlap if and only if there is a day in both, whichever is asked; one that contains another overlaps it.
    """
    shared = max(one.first, other.first) <= min(one.last, other.last)
    assert one.overlaps(other) is other.overlaps(one) is shared
    if one.contains(other):
        assert shared
        assert other.days <= one.days


@given(st.integers(1, 9998), st.integers(1, 4))
def test_quarters_make_a_year(year: int, quarter: int) -> None:
    """
    The quarters of a year follow each other without a gap, and have its days together.
    """
    quarters = [period(f"{year:04d}-Q{n}") for n in range(1, 5)]
    assert sum(q.days for q in quarters) == period(f"{year:04d}").days
    after = quarters[quarter] if quarter < 4 else period(f"{year + 1:04d}-Q1")
    assert after.first - quarters[quarter - 1].last == dt.timedelta(days=1)
