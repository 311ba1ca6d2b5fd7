"""Working time between many moments at once, by a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pubservice.model.resource import Calendar

MOST_DAYS = 200_000  # between the first and the last moment: more than five hundred years
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY_US = 86_400_000_000


def working_microseconds(
    calendar: Calendar, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Return for each start and end how long a calendar is open between them; 0 where the end is not after the start.

    The calendar is laid out once, day by day, and each pair costs two searches in it.

    Args:
        calendar: With holidays and closures.
        starts: Microseconds since 1970 in UTC, shape (n,).
        ends: Idem.

    Returns:
        Microseconds of working time, shape (n,); what `Calendar.working_time` returns for each pair.

    Raises:
        InvalidModelError: The moments lie more than 200,000 days apart.

    Example:
        >>> import numpy as np
        >>> office = ps.Calendar("office", hours={"thu-fri": "08:00-16:00"})
        >>> hour = 3_600_000_000
        >>> working_microseconds(office, np.array([15 * hour]), np.array([24 * hour + 9 * hour])) // hour
        array([2])
    """
    import numpy as np

    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    opens, lengths = _stretches(calendar, int(starts.min()), int(max(ends.max(), starts.max())))
    before = np.concatenate([[0], np.cumsum(lengths)])

    def open_until(moments: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the open time from the first stretch to each moment."""
        at = np.searchsorted(opens, moments, side="right") - 1
        inside = np.clip(moments - opens[at], 0, lengths[at])
        found: NDArray[np.int64] = np.where(at < 0, 0, before[at] + inside)
        return found

    if not len(opens):
        return np.zeros(len(starts), dtype=np.int64)
    found: NDArray[np.int64] = np.maximum(open_until(ends) - open_until(starts), 0)
    return found


def open_microseconds(calendar: Calendar, first: date, last: date) -> int:
    """
    Return how long a calendar is open on days in a row.

    Example:
        >>> office = ps.Calendar("office", hours={"mon-fri": "08:00-16:00"})
        >>> open_microseconds(office, date(2026, 1, 5), date(2026, 1, 11)) // 3_600_000_000
        40
    """
    total, day = timedelta(), first
    while day <= last:
        for opens, closes in calendar.open_on(day):
            total += closes.astimezone(UTC) - opens.astimezone(UTC)
        day += timedelta(days=1)
    return total // _MICROSECOND


def _stretches(calendar: Calendar, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when a calendar opens, and for how long, from the day before the first moment to the day after the last."""
    import numpy as np

    days = (last - first) // _DAY_US + 3
    try:
        day = (_EPOCH + timedelta(microseconds=first)).date() - timedelta(days=1)
        dates = [day + timedelta(days=n) for n in range(min(days, MOST_DAYS + 1))]
    except OverflowError:
        raise _too_far(days) from None
    if days > MOST_DAYS:
        raise _too_far(days)
    found = sorted(
        (opens.astimezone(UTC), closes.astimezone(UTC))
        for d in dates
        for opens, closes in calendar.open_on(d)
    )
    opens = np.array([(opens - _EPOCH) // _MICROSECOND for opens, _ in found], dtype=np.int64)
    closes = np.array([(closes - _EPOCH) // _MICROSECOND for _, closes in found], dtype=np.int64)
    latest = np.maximum.accumulate(
        closes
    )  # stretches meet, and some vanish, in the night when clocks are put forward
    opens[1:] = np.maximum(opens[1:], latest[:-1])
    lengths: NDArray[np.int64] = np.maximum(closes - opens, 0)
    return opens, lengths


def _too_far(days: int) -> InvalidModelError:
    message = Message(
        "expected times within {bound:,} days, between the years 2 and 9998, got {n:,} days",
        bound=MOST_DAYS,
        n=days,
    )
    return InvalidModelError([Problem("time", message)])
