"""Stretches of whole days that something was measured over."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import attrs

from pubservice.messages import Message
from pubservice.model.text import fault

if TYPE_CHECKING:
    from pubservice.errors import InvalidModelError

_PART = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d\d)(?:-(\d\d))?))?", re.ASCII)
_LONGEST = 40  # characters of a period
_DAY = timedelta(days=1)


@attrs.frozen(order=True)
class Period:
    """
    Whole days in a row; periods sort by their first day.

    Attributes:
        first: The first day.
        last: The last day, in it too.

    Example:
        >>> quarter = period("2026-Q1")
        >>> quarter.first, quarter.last, quarter.days
        (datetime.date(2026, 1, 1), datetime.date(2026, 3, 31), 90)
        >>> str(quarter), str(Period(date(2026, 1, 1), date(2026, 1, 14)))
        ('2026-Q1', '2026-01-01..2026-01-14')
    """

    first: date
    last: date

    def __attrs_post_init__(self) -> None:
        if {type(self.first), type(self.last)} != {date} or self.last < self.first:
            raise _not_a_period(f"{self.first}..{self.last}")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def overlaps(self, other: Period) -> bool:
        """
        Return whether a day is in both.

        Example:
            >>> period("2026-Q1").overlaps(period("2026-03")), period("2026-Q1").overlaps(period("2026-04"))
            (True, False)
        """
        return self.first <= other.last and other.first <= self.last

    def contains(self, other: Period) -> bool:
        """Return whether every day of another is in it."""
        return self.first <= other.first and other.last <= self.last

    def __str__(self) -> str:
        year, month = self.first.year, self.first.month
        names = [f"{year:04d}", f"{year:04d}-{month:02d}", self.first.isoformat()]
        if month % 3 == 1:
            names.insert(1, f"{year:04d}-Q{month // 3 + 1}")
        for name in names:
            if _span(name) == (self.first, self.last):
                return name
        return f"{self.first}..{self.last}"


def _not_a_period(value: object) -> InvalidModelError:
    message = Message(
        "expected a period such as 2026, 2026-Q1, 2026-03 or 2026-01-01..2026-03-31, got {value!r}",
        value=value,
    )
    return fault("", message)


def period(value: object) -> Period:
    """
    Return a period from text: a year, a quarter, a month or a day, or two of them with ``..`` between.

    Raises:
        InvalidModelError: It is none.

    Example:
        >>> period("2026-01..2026-06").days
        181
    """
    if isinstance(value, Period):
        return value
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise _not_a_period(value)
    spans = [_span(part) for part in value.strip().split("..", 1)]
    first, last = spans[0], spans[-1]
    if first is None or last is None or last[1] < first[0]:
        raise _not_a_period(value)
    return Period(first[0], last[1])


def _span(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of a year, a quarter, a month or a day; None where it is none."""
    match = _PART.fullmatch(text.strip())
    if match is None:
        return None
    year, quarter, month, day = (None if part is None else int(part) for part in match.groups())
    try:
        if day is not None:
            return (date(year or 0, month or 0, day),) * 2
        start = month or (1 if quarter is None else 3 * quarter - 2)
        length = 1 if month is not None else (12 if quarter is None else 3)
        first = date(year or 0, start, 1)
        end = start + length - 1
        last = date.max if (year, end) == (9999, 12) else date(first.year + end // 12, end % 12 + 1, 1) - _DAY
    except ValueError:
        return None
    return first, last
