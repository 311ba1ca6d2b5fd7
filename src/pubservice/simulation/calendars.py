"""
Opening hours as arrays: how much of a span is open, and when so much open time has passed.

Seconds run from a Monday at midnight. What a calendar repeats is laid out once: a week, or 52 weeks where holidays, closed
days or clock changes make weeks differ. The functions run as they are and compiled.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import attrs

from pubservice.model.demand import MONTHS, edges
from pubservice.model.resource import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.model.demand import Demand
    from pubservice.model.resource import Calendar

WEEK = 7 * 86400
YEAR = 52 * WEEK
FIRST_YEAR = 2026  # where no calendar names one


@attrs.frozen
class Hours:
    """
    When something is open, in whole seconds from the start.

    Attributes:
        cycle: After how many seconds it repeats; 0 is always open.
        stretches: From when to when of a cycle it is open, apart and in order.
        weights: Of each stretch, how many cases come in a second of it, beside others; none where all weigh 1.
    """

    cycle: int = 0
    stretches: tuple[tuple[int, int], ...] = ()
    weights: tuple[float, ...] = ()

    @property
    def share(self) -> float:
        """Open time / elapsed time."""
        return sum(closes - opens for opens, closes in self.stretches) / self.cycle if self.cycle else 1.0

    @property
    def weight(self) -> float:
        """The mean weight of elapsed time, closed time weighing nothing."""
        pairs = zip(self.stretches, self.weights, strict=True)
        return math.fsum((closes - opens) * weight for (opens, closes), weight in pairs) / self.cycle

    def during(self, cycle: int) -> tuple[tuple[int, int], ...]:
        """Return when it is open in a longer cycle."""
        if not self.cycle:
            return ((0, cycle),)
        return tuple(
            (start + opens, start + closes)
            for start in range(0, cycle, self.cycle)
            for opens, closes in self.stretches
        )

    def both(self, other: Hours) -> Hours:
        """Return when this and another are open."""
        cycle = max(self.cycle, other.cycle)  # of the two that there are, one divides the other
        if not cycle or self == other:
            return self
        found, mine, its = [], self.during(cycle), other.during(cycle)
        i = j = 0
        while i < len(mine) and j < len(its):
            opens, closes = max(mine[i][0], its[j][0]), min(mine[i][1], its[j][1])
            if opens < closes:
                found.append((opens, closes))
            if mine[i][1] < its[j][1]:
                i += 1
            else:
                j += 1
        return _repeated(cycle, found)


ALWAYS = Hours()


def _repeated(cycle: int, stretches: Iterable[tuple[int, int]]) -> Hours:
    """Return hours from stretches of one cycle, those that meet as one; always open is told by no cycle."""
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(stretches):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return ALWAYS if found == [(0, cycle)] else Hours(cycle, tuple(found))


def start_of(calendars: Sequence[Calendar]) -> datetime:
    """Return the Monday at midnight from which seconds run: of the first week of the first year that is named."""
    year = next((calendar.year for calendar in calendars if calendar.year is not None), FIRST_YEAR)
    zone = ZoneInfo(calendars[0].time_zone) if calendars else UTC
    return datetime.combine(date.fromisocalendar(year, 1, 1), time(), zone)


def hours_of(calendar: Calendar | None, start: datetime) -> Hours:
    """
    Return the hours of a calendar from a Monday at midnight; without a calendar it is always open.

    Example:
        >>> office = ps.Calendar("office", hours={"mon-tue": "08:00-16:00"})
        >>> hours_of(office, start_of([office])).stretches
        ((28800, 57600), (115200, 144000))
    """
    if calendar is None:
        return ALWAYS
    differs = calendar.holidays is not None or bool(calendar.closures) or _clock_changes(calendar, start)
    cycle = YEAR if differs else WEEK
    since = start.astimezone(UTC)
    found = []
    for day in range(-2, cycle // 86400 + 2):
        for opens, closes in calendar.open_on(start.date() + timedelta(days=day)):
            first = max(0, int((opens.astimezone(UTC) - since).total_seconds()))
            last = min(cycle, int((closes.astimezone(UTC) - since).total_seconds()))
            if first < last:
                found.append((first, last))
    return _repeated(cycle, found)


def weighted(demand: Demand, calendar: Calendar | None, start: datetime) -> Hours:
    """
    Return the hours in which cases of a demand come, from a Monday at midnight, with their weights.

    Example:
        >>> office = ps.Calendar("office", hours={"mon": "08:00-16:00"})
        >>> hours = weighted(ps.Demand(hours={"08:00-10:00": 2, "15:00-24:00": 0}), office, start_of([office]))
        >>> hours.stretches, hours.weights
        (((28800, 36000), (36000, 54000)), (2.0, 1.0))
    """
    hours = hours_of(calendar, start)
    cycle = YEAR if demand.months or hours.cycle == YEAR else WEEK
    zone = start.tzinfo if calendar is None else ZoneInfo(calendar.time_zone)
    since, minutes = start.astimezone(UTC), edges(demand)
    weights: dict[tuple[int, int], float] = {}
    for n in range(-2, cycle // 86400 + 2):
        day = start.date() + timedelta(days=n)
        midnight = datetime.combine(day, time(), zone)
        named, month = WEEKDAYS[day.weekday()], MONTHS[day.month - 1]
        for first, last in pairwise(minutes):
            begins = (midnight + timedelta(minutes=first)).astimezone(UTC) - since
            ends = (midnight + timedelta(minutes=last)).astimezone(UTC) - since
            stretch = (max(0, int(begins.total_seconds())), min(cycle, int(ends.total_seconds())))
            weight = demand.weight(day=named, minute=first, month=month)
            if stretch[0] < stretch[1] and weight:
                weights[stretch] = weight
    found: dict[tuple[int, int], float] = {}
    for opens, closes in hours.during(cycle):
        for (first, last), weight in weights.items():
            if max(opens, first) < min(closes, last):
                found[max(opens, first), min(closes, last)] = weight
    ordered = sorted(found)
    return Hours(cycle, tuple(ordered), tuple(found[stretch] for stretch in ordered))


def _clock_changes(calendar: Calendar, start: datetime) -> bool:
    zone = ZoneInfo(calendar.time_zone)
    weeks = (start + timedelta(weeks=week) for week in range(53))
    return len({moment.astimezone(zone).utcoffset() for moment in weeks}) > 1


class Clocks(NamedTuple):
    """
    Several hours as arrays; number 0 is always open.

    Attributes:
        first: Of each, its first stretch.
        last: Of each, the stretch behind its last.
        cycle: Of each, in seconds; 0 is always open.
        total: Of each, open seconds of a cycle.
        opens: Of each stretch.
        closes: Likewise.
        before: Open seconds of the cycle before each stretch, by their weights.
        weight: Of each stretch, how much a second of it counts: 1 but where cases arrive.
    """

    first: Any
    last: Any
    cycle: Any
    total: Any
    opens: Any
    closes: Any
    before: Any
    weight: Any


def clocks(several: Iterable[Hours]) -> Clocks:
    """Return hours as arrays, in their order."""
    import numpy as np

    first, last, cycle, total = [], [], [], []
    opens: list[int] = []
    closes: list[int] = []
    before: list[float] = []
    weights: list[float] = []
    for hours in several:
        first.append(len(opens))
        passed = 0.0
        for (start, end), weight in zip(
            hours.stretches, hours.weights or (1.0,) * len(hours.stretches), strict=True
        ):
            opens.append(start)
            closes.append(end)
            before.append(passed)
            weights.append(weight)
            passed += (end - start) * weight
        last.append(len(opens))
        cycle.append(hours.cycle)
        total.append(passed)
    whole, real = np.int64, np.float64
    return Clocks(
        np.array(first, whole),
        np.array(last, whole),
        np.array(cycle, real),
        np.array(total, real),
        np.array(opens, real),
        np.array(closes, real),
        np.array(before, real),
        np.array(weights, real),
    )


def open_time(k: Clocks, c: int, t: float) -> float:
    """Return the open seconds of clock c until the moment t."""
    cycle = k.cycle[c]
    if cycle == 0.0:
        return t
    turns = math.floor(t / cycle)
    t = t - turns * cycle
    i = bisect_right(k.opens, t, k.first[c], k.last[c]) - 1
    if i < k.first[c]:
        return turns * k.total[c]  # type: ignore[no-any-return]  # lists and arrays alike
    return turns * k.total[c] + k.before[i] + min(t, k.closes[i]) - k.opens[i]  # type: ignore[no-any-return]  # idem


def opening(k: Clocks, c: int, t: float) -> float:
    """Return the first moment from t on at which clock c is open."""
    cycle = k.cycle[c]
    if cycle == 0.0:
        return t
    turns = math.floor(t / cycle)
    inside = t - turns * cycle
    i = bisect_right(k.opens, inside, k.first[c], k.last[c])
    if i > k.first[c] and inside < k.closes[i - 1]:
        return t
    if i < k.last[c]:
        return turns * cycle + k.opens[i]  # type: ignore[no-any-return]  # idem
    return (turns + 1) * cycle + k.opens[k.first[c]]  # type: ignore[no-any-return]  # idem


def moment(k: Clocks, c: int, passed: float) -> float:
    """Return the first moment at which so many open seconds of clock c, by their weights, have passed; more than 0."""
    cycle = k.cycle[c]
    if cycle == 0.0 or passed == math.inf:
        return passed
    turns = math.floor(passed / k.total[c])
    left = passed - turns * k.total[c]
    i = bisect_left(k.before, left, k.first[c], k.last[c]) - 1
    if i < k.first[c]:  # the last moment of the cycle before
        return (turns - 1) * cycle + k.closes[k.last[c] - 1]  # type: ignore[no-any-return]  # idem
    return turns * cycle + k.opens[i] + (left - k.before[i]) / k.weight[i]  # type: ignore[no-any-return]  # idem


def shrunk(passed: float, yearly: float, growth: float) -> float:
    """
    Return how much of a clock passes until so much has come, where each year brings a share more than the year before.

    Args:
        passed: What has come, in seconds of the first year.
        yearly: Seconds of the clock in a year, of 52 weeks.
        growth: Above -1.
    """
    if abs(growth) < 1e-12:
        return passed
    grown = 1.0 + passed * growth / yearly
    if grown <= 0.0:
        return math.inf
    rate = math.log1p(growth)
    years = math.floor(math.log(grown) / rate)
    before = yearly * math.expm1(years * rate) / growth
    return years * yearly + (passed - before) / math.exp(years * rate)


def end_of_work(k: Clocks, c: int, t: float, work: float) -> float:
    """Return when work ends that begins at t, where clock c is open, and rests while it is closed."""
    cycle = k.cycle[c]
    if cycle == 0.0:
        return t + work
    turns = math.floor(t / cycle)
    i = bisect_right(k.opens, t - turns * cycle, k.first[c], k.last[c]) - 1
    if t + work <= turns * cycle + k.closes[i]:
        return t + work
    return moment(k, c, open_time(k, c, t) + work)


def open_seconds(k: Clocks, c: int, moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the open seconds of clock c until each moment, as `open_time` does for one."""
    import numpy as np

    own = slice(int(k.first[c]), int(k.last[c]))
    if not k.cycle[c]:
        return moments
    turns, inside = np.divmod(moments, k.cycle[c])
    at = np.searchsorted(k.opens[own], inside, side="right") - 1
    passed = np.append(k.before[own], 0.0)[at] + np.clip(inside, None, k.closes[own][at]) - k.opens[own][at]
    found: NDArray[np.float64] = turns * k.total[c] + np.where(at < 0, 0.0, passed)
    return found
