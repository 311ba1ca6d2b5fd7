"""When cases come: by weekday, hour and month, beside how many come on average; and how their number grows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from pubservice.errors import InvalidModelError, Problem, UndefinedResultError
from pubservice.messages import Message, did_you_mean
from pubservice.model.resource import WEEKDAYS, clock_text
from pubservice.model.text import fault
from pubservice.units import not_negative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.model.resource import Calendar

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS_OF_MONTHS = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOST_GROWTH = 100
_DAY = 1440  # minutes

Weight = TypeVar("Weight")


@attrs.frozen
class WeekdayWeight:
    """
    How many cases come on a weekday.

    Attributes:
        day: ``mon`` to ``sun``.
        weight: At least 0; at 2 twice as many come in an open hour as at 1.
    """

    day: str
    weight: float = attrs.field(converter=not_negative)

    def __attrs_post_init__(self) -> None:
        _check_part(self.day, WEEKDAYS)

    @property
    def part(self) -> str:
        """What the weight is of, as it is written."""
        return self.day


@attrs.frozen
class HoursWeight:
    """
    How many cases come in some hours of the day.

    Attributes:
        start: Minutes after midnight, 0 to 1439.
        end: Minutes after midnight, up to 1440; after the start.
        weight: At least 0; at 2 twice as many come in an open hour as at 1.
    """

    start: int
    end: int
    weight: float = attrs.field(converter=not_negative)

    def __attrs_post_init__(self) -> None:
        whole = {type(self.start), type(self.end)} == {int}
        if not whole or not 0 <= self.start < self.end <= _DAY:
            raise _not_hours((self.start, self.end))

    @property
    def part(self) -> str:
        """What the weight is of, as it is written."""
        return f"{clock_text(self.start)}-{clock_text(self.end)}"


@attrs.frozen
class MonthWeight:
    """
    How many cases come in a month.

    Attributes:
        month: ``jan`` to ``dec``.
        weight: At least 0; at 2 twice as many come in an open hour as at 1.
    """

    month: str
    weight: float = attrs.field(converter=not_negative)

    def __attrs_post_init__(self) -> None:
        _check_part(self.month, MONTHS)

    @property
    def part(self) -> str:
        """What the weight is of, as it is written."""
        return self.month


def _check_part(part: object, known: tuple[str, ...]) -> None:
    if part not in known:
        message = Message(
            "expected one of {options}, got {value!r}{hint}",
            options=", ".join(known),
            value=part,
            hint=did_you_mean(str(part), known),
        )
        raise fault("", message)


def _not_hours(value: object) -> InvalidModelError:
    return fault("", Message("expected hours such as '08:00-10:00', got {value!r}", value=value))


def _weekday_weights(value: Mapping[str, float] | Iterable[WeekdayWeight]) -> tuple[WeekdayWeight, ...]:
    found = _weights(value, WeekdayWeight, WeekdayWeight)
    _check_once([weight.day for weight in found])
    return tuple(sorted(found, key=lambda weight: WEEKDAYS.index(weight.day)))


def _month_weights(value: Mapping[str, float] | Iterable[MonthWeight]) -> tuple[MonthWeight, ...]:
    found = _weights(value, MonthWeight, MonthWeight)
    _check_once([weight.month for weight in found])
    return tuple(sorted(found, key=lambda weight: MONTHS.index(weight.month)))


def _hours_weights(value: Mapping[str, float] | Iterable[HoursWeight]) -> tuple[HoursWeight, ...]:
    found = sorted(_weights(value, HoursWeight, _of_hours), key=lambda weight: weight.start)
    for earlier, later in pairwise(found):
        if later.start < earlier.end:
            message = Message("hours overlap: {first} and {second}", first=earlier.part, second=later.part)
            raise fault("", message)
    return tuple(found)


def _of_hours(hours: object, weight: Any) -> HoursWeight:
    match = re.fullmatch(r"\s*(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s*", str(hours))
    if not match:
        raise _not_hours(hours)
    h1, m1, h2, m2 = map(int, match.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or not start < end <= _DAY:
        raise _not_hours(hours)
    return HoursWeight(start, end, weight)


def _weights(value: Any, kind: type[Weight], read: Any) -> list[Weight]:
    """Return weights from a mapping of parts of the time to numbers, or from a list of them."""
    if isinstance(value, Mapping):
        return [read(part, weight) for part, weight in value.items()]
    found = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    if not all(isinstance(weight, kind) for weight in found):
        raise fault("", Message("expected weights such as {{mon: 1.5}}, got {value!r}", value=value))
    return found


def _check_once(parts: list[str]) -> None:
    for i, part in enumerate(parts):
        if part in parts[:i]:
            raise fault("", Message("{id!r} is there already", id=part))


def _growth(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and -1 < value <= MOST_GROWTH:
        return float(value)
    message = Message(
        "expected the growth of a year, above -1, at most {most}, such as 0.05, got {value!r}",
        most=MOST_GROWTH,
        value=value,
    )
    raise fault("growth", message)


@attrs.frozen(kw_only=True)
class Demand:
    """
    When the cases of a service come, beside how many come on average.

    Weights are relative: what is not named has weight 1, and the arrival rate of the service stays the mean over its open
    time, whatever the weights are.

    Attributes:
        weekdays: Weights of weekdays.
        hours: Weights of hours of the day, in the time of the service's calendar.
        months: Weights of months.
        growth: By which share the cases of a year are more than those of the year before; below 0 they become fewer.

    Example:
        >>> demand = Demand(weekdays={"mon": 1.5}, hours={"08:00-10:00": 2}, growth=0.05)
        >>> demand.weight(day="mon", minute=9 * 60), demand.weight(day="tue", minute=11 * 60)
        (3.0, 1.0)
        >>> round(demand.growth_factor(2), 4)
        1.1025
    """

    weekdays: tuple[WeekdayWeight, ...] = attrs.field(converter=_weekday_weights, default=())
    hours: tuple[HoursWeight, ...] = attrs.field(converter=_hours_weights, default=())
    months: tuple[MonthWeight, ...] = attrs.field(converter=_month_weights, default=())
    growth: float = attrs.field(converter=_growth, default=0.0)

    def __attrs_post_init__(self) -> None:
        problems = list(demand_problems(self))
        if problems:
            raise InvalidModelError(problems)

    @property
    def varies(self) -> bool:
        """Whether more come at some times than at others."""
        kinds: tuple[tuple[WeekdayWeight | HoursWeight | MonthWeight, ...], ...]
        kinds = (self.weekdays, self.hours, self.months)
        return any(weight.weight != 1 for weights in kinds for weight in weights)

    def weight(self, *, day: str, minute: int, month: str | None = None) -> float:
        """
        Return the product of the weights of a moment.

        Args:
            day: ``mon`` to ``sun``.
            minute: After midnight, 0 to 1439.
            month: ``jan`` to ``dec``; None leaves months out.
        """
        of_hours = next((hours.weight for hours in self.hours if hours.start <= minute < hours.end), 1.0)
        return _weight_of(self, day, month) * of_hours

    def growth_factor(self, years: float) -> float:
        """Return how many times as many cases come after some years of growth."""
        return float((1 + self.growth) ** years)


def _weight_of(demand: Demand, day: str, month: str | None) -> float:
    """Return the product of the weights of a weekday and of a month."""
    of_days = next((weight.weight for weight in demand.weekdays if weight.day == day), 1.0)
    return of_days * next((weight.weight for weight in demand.months if weight.month == month), 1.0)


def edges(demand: Demand) -> tuple[int, ...]:
    """Return the minutes after midnight at which the weight of the hour may change, in order; 0 and 1440 among them."""
    found = {0, _DAY}
    for hours in demand.hours:
        found |= {hours.start, hours.end}
    return tuple(sorted(found))


def weight_within(demand: Demand, day: str, start: int, end: int, month: str | None = None) -> float:
    """
    Return the sum of the weights of the minutes of a stretch of a day.

    Args:
        demand: With weights.
        day: ``mon`` to ``sun``.
        start: Minutes after midnight.
        end: Minutes after midnight.
        month: ``jan`` to ``dec``; None leaves months out.
    """
    total = float(end - start)
    for hours in demand.hours:
        total += max(0, min(end, hours.end) - max(start, hours.start)) * (hours.weight - 1)
    return _weight_of(demand, day, month) * max(0.0, total)


def demand_problems(demand: Demand) -> Iterator[Problem]:
    """Yield what does not fit together in a demand."""
    message = Message("expected a weight above 0 somewhere, got none: no case would ever come")
    if len(demand.weekdays) == len(WEEKDAYS) and not any(weight.weight for weight in demand.weekdays):
        yield Problem("weekdays", message)
    if sum(hours.end - hours.start for hours in demand.hours) == _DAY and not any(
        hours.weight for hours in demand.hours
    ):
        yield Problem("hours", message)
    if len(demand.months) == len(MONTHS) and not any(weight.weight for weight in demand.months):
        yield Problem("months", message)


def relative_rate(
    demand: Demand | None,
    calendar: Calendar | None = None,
    *,
    day: str,
    minute: int,
    month: str | None = None,
) -> float:
    """
    Return how many cases come at an open moment, beside how many come on average over open time.

    Args:
        demand: None where none is described: 1 at all times.
        calendar: Of the service; None for always open.
        day: ``mon`` to ``sun``.
        minute: After midnight, 0 to 1439, in the time of the calendar.
        month: ``jan`` to ``dec``; None for a week of the mean month.

    Returns:
        At least 0; its mean over the open time is 1.

    Raises:
        UndefinedResultError: All weights are 0 while the calendar is open.

    Example:
        Open eight hours, in the first two of which twice as many come.

        >>> office = ps.Calendar("office", hours={"mon-fri": "08:00-16:00"})
        >>> demand = Demand(hours={"08:00-10:00": 2})
        >>> relative_rate(demand, office, day="mon", minute=540), relative_rate(demand, office, day="mon", minute=720)
        (1.6, 0.8)
    """
    if demand is None:
        return 1.0
    mean = mean_weight(demand, calendar, with_months=month is not None)
    return demand.weight(day=day, minute=minute, month=month) / mean


@lru_cache(256)
def mean_weight(demand: Demand, calendar: Calendar | None = None, *, with_months: bool = True) -> float:
    """
    Return the mean weight over the time that a calendar is open, above 0.

    Over a week, with months by their days; over the year of the calendar where it has closed days.

    Args:
        demand: With weights.
        calendar: Of the service; None for always open.
        with_months: Whether the weights of months count.

    Raises:
        UndefinedResultError: All weights are 0 while the calendar is open.
    """
    minutes = weighted = 0.0
    for day, month, start, end in _open_stretches(calendar):
        minutes += end - start
        weighted += weight_within(demand, day, start, end, month if with_months else None)
    if with_months and (calendar is None or calendar.year is None):
        days = dict(zip(MONTHS, _DAYS_OF_MONTHS, strict=True))
        weights = {weight.month: weight.weight for weight in demand.months}
        weighted *= sum(weights.get(month, 1.0) * n for month, n in days.items()) / sum(days.values())
    if not weighted:
        message = Message("no case comes in open hours: the weights of demand are 0 there")
        raise UndefinedResultError(message)
    return weighted / minutes


def _open_stretches(calendar: Calendar | None) -> Iterator[tuple[str, str | None, int, int]]:
    """Yield weekday, month (None in a week of no year), and from which to which minute it is open."""
    if calendar is None:
        yield from ((day, None, 0, _DAY) for day in WEEKDAYS)
        return
    for start, end in calendar.open_cycle[1]:
        n, minute = divmod(start, _DAY)
        day, month = WEEKDAYS[n % 7], None
        if calendar.year is not None:
            when = date(calendar.year, 1, 1) + timedelta(days=n)
            day, month = WEEKDAYS[when.weekday()], MONTHS[when.month - 1]
        yield day, month, minute, minute + end - start
