"""What does the work: resources, and the calendars they are open by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import attrs

from pubservice.errors import InvalidModelError, MissingExtraError, Problem
from pubservice.messages import Message, did_you_mean
from pubservice.model.text import (
    EMPTY,
    Text,
    check_count,
    check_id,
    check_ids,
    check_text,
    fault,
    names,
    one_of,
    text,
)
from pubservice.units import CostRate, Duration, Money, cost_rate, money

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Closing = Literal["stop", "finish"]
Discipline = Literal["first-come", "priority", "due-date"]
ResourceKind = Literal["staff", "facility", "information-system", "budget", "mandate"]
MAX_CAPACITY = 10**9
QUEUEABLE = ("staff", "facility", "information-system")


@attrs.frozen
class OpenHours:
    """
    One stretch of a weekday in which a calendar is open; what lies between two is a break.

    Attributes:
        day: ``mon`` to ``sun``.
        start: Minutes after midnight, 0 to 1439.
        end: Minutes after midnight, up to 1440; after the start.
    """

    day: str
    start: int
    end: int

    def __attrs_post_init__(self) -> None:
        whole = {type(self.start), type(self.end)} == {int}
        if self.day not in WEEKDAYS or not whole or not 0 <= self.start < self.end <= 1440:
            raise _not_hours((self.day, self.start, self.end))

    def __str__(self) -> str:
        return f"{clock_text(self.start)}-{clock_text(self.end)}"


def clock_text(minutes: int) -> str:
    """Return a time of the day, given in minutes after midnight, as it is written."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _not_hours(value: object) -> InvalidModelError:
    return fault(
        "",
        Message("expected hours such as {{mon-fri: '08:00-12:00, 13:00-16:00'}}, got {value!r}", value=value),
    )


def open_hours(value: Mapping[str, str] | Iterable[OpenHours]) -> tuple[OpenHours, ...]:
    """
    Return opening hours from a mapping of weekdays to times.

    Raises:
        InvalidModelError: A day or a time cannot be read, or two stretches overlap.

    Example:
        >>> [str(hours) for hours in open_hours({"mon": "08:00-12:00, 13:00-16:00"})]
        ['08:00-12:00', '13:00-16:00']
    """
    given: Any = value  # whatever its annotation promises
    if isinstance(given, Mapping):
        stretches = [stretch for days, times in given.items() for stretch in _stretches(days, times)]
    else:
        stretches = list(given) if isinstance(given, Iterable) else [given]
        if not all(isinstance(stretch, OpenHours) for stretch in stretches):
            raise _not_hours(given)
    stretches.sort(key=lambda hours: (WEEKDAYS.index(hours.day), hours.start))
    for earlier, later in pairwise(stretches):
        if earlier.day == later.day and later.start < earlier.end:
            raise fault(
                "",
                Message(
                    "hours of {day} overlap: {first} and {second}",
                    day=later.day,
                    first=str(earlier),
                    second=str(later),
                ),
            )
    return tuple(stretches)


def _stretches(days: object, times: object) -> Iterator[OpenHours]:
    first, _, last = str(days).partition("-")
    if first not in WEEKDAYS or (last and last not in WEEKDAYS) or not isinstance(times, str):
        raise _not_hours({days: times})
    span = WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]
    for part in times.split(","):
        match = re.fullmatch(r"\s*(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s*", part)
        if not match or not span:
            raise _not_hours({days: times})
        h1, m1, h2, m2 = map(int, match.groups())
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if m1 > 59 or m2 > 59 or not start < end <= 1440:
            raise _not_hours({days: times})
        yield from (OpenHours(day, start, end) for day in span)


@attrs.frozen
class Closure:
    """
    Days on which a calendar is closed.

    Attributes:
        first: The first day.
        last: The last day, closed too.
    """

    first: date
    last: date

    def __attrs_post_init__(self) -> None:
        if {type(self.first), type(self.last)} != {date} or self.last < self.first:
            raise _not_a_closure(f"{self.first}..{self.last}")

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"


def closures(value: Iterable[str | date | Closure]) -> tuple[Closure, ...]:
    """
    Return closures from dates such as ``2026-03-20`` or spans such as ``2026-03-20..2026-03-27``.

    Raises:
        InvalidModelError: One cannot be read, or ends before it starts.
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise fault("", Message("expected a list, got {value!r}", value=value))
    return tuple(_closure(item) for item in value)


def _closure(value: object) -> Closure:
    if isinstance(value, Closure):
        return value
    first, _, last = str(value).partition("..")
    try:
        days = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        raise _not_a_closure(value) from None
    return Closure(*days)


def _not_a_closure(value: object) -> InvalidModelError:
    return fault(
        "",
        Message(
            "expected a day such as 2026-03-20 or 2026-03-20..2026-03-27, got {value!r}", value=str(value)
        ),
    )


def _check_zone(_: object, attribute: attrs.Attribute[str], value: object) -> None:
    try:
        ZoneInfo(str(value))
    except (ValueError, OSError, LookupError):
        message = Message("expected a time zone such as 'Asia/Jakarta', got {value!r}", value=value)
        raise fault(attribute.name, message) from None


@attrs.frozen
class Calendar:
    """
    When an office is open.

    Attributes:
        id: What refers to it.
        name: For people.
        hours: The stretches of a week in which it is open.
        time_zone: Of the hours, as in the IANA database.
        holidays: Country whose public holidays are closed days, as ISO 3166 code such as ``ID``; a subdivision
            follows after a hyphen. Needs the extra ``calendars``.
        closures: Further closed days.
        year: The year whose holidays and closures count in long-run averages; needed where there are any.

    Example:
        >>> office = Calendar("office", hours={"mon-fri": "08:00-12:00, 13:00-16:00"}, time_zone="Asia/Jakarta")
        >>> office.hours_per_working_day, round(office.open_share, 4)
        (7.0, 0.2083)
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    hours: tuple[OpenHours, ...] = attrs.field(converter=open_hours, kw_only=True)
    time_zone: str = attrs.field(default="UTC", kw_only=True, validator=_check_zone)
    holidays: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    closures: tuple[Closure, ...] = attrs.field(converter=closures, default=(), kw_only=True)
    year: int | None = attrs.field(default=None, kw_only=True, validator=check_count)

    def __attrs_post_init__(self) -> None:
        problems = list(calendar_problems(self))
        if problems:
            raise InvalidModelError(problems)

    @property
    def hours_per_working_day(self) -> float:
        """Mean open hours of a weekday on which it is open; what a ``working_day`` is worth."""
        return sum(h.end - h.start for h in self.hours) / 60 / len({h.day for h in self.hours})

    @cached_property
    def open_share(self) -> float:
        """
        Open time / elapsed time in the long run, 0 to 1.

        Of a week where there are no holidays and closures, else of `year`, clock changes left out.
        """
        cycle, stretches = self.open_cycle
        return sum(end - start for start, end in stretches) / cycle

    @cached_property
    def open_cycle(self) -> tuple[int, tuple[tuple[int, int], ...]]:
        """
        What it repeats in the long run: how many minutes, and from when to when of them it is open.

        A week from Monday where there are no holidays and closures, else `year`, clock changes left out.
        """
        days = [(i, day) for i, day in enumerate(WEEKDAYS)]
        if self.year is not None:
            first, after = date(self.year, 1, 1), date(self.year + 1, 1, 1)
            dates = [first + timedelta(days=i) for i in range((after - first).days)]
            days = [(i, "" if self._closed(d) else WEEKDAYS[d.weekday()]) for i, d in enumerate(dates)]
        of_day = {day: [h for h in self.hours if h.day == day] for day in WEEKDAYS}
        return len(days) * 1440, tuple(
            (i * 1440 + h.start, i * 1440 + h.end) for i, day in days for h in of_day.get(day, ())
        )

    def shared_share(self, other: Calendar) -> float:
        """
        Time in which another calendar is open too / elapsed time in the long run, 0 to 1.

        In the year of this one, else of the other, else in a week; between time zones by their clocks at its beginning.

        Example:
            >>> morning = Calendar("morning", hours={"mon-fri": "08:00-12:00"})
            >>> round(morning.shared_share(Calendar("noon", hours={"mon-fri": "10:00-14:00"})) * 168, 6)
            10.0
        """
        year = self.year or other.year
        cycle, own = attrs.evolve(self, year=year).open_cycle
        _, theirs = attrs.evolve(other, year=year).open_cycle
        first = datetime(year or 2026, 1, 1)  # noqa: DTZ001 - it is given either zone below
        ahead, behind = (first.replace(tzinfo=ZoneInfo(of.time_zone)).utcoffset() for of in (self, other))
        shift = int(((ahead or timedelta()) - (behind or timedelta())).total_seconds() // 60)
        moved = sorted(((start + shift) % cycle, end - start) for start, end in theirs)
        return sum(_shared(own, moved, cycle)) / cycle

    def _closed(self, day: date) -> bool:
        if any(closure.first <= day <= closure.last for closure in self.closures):
            return True
        return self.holidays is not None and day in _public_holidays(self.holidays, day.year)

    def open_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Return the stretches of a day in which it is open, with time zone."""
        if self._closed(day):
            return ()
        zone = ZoneInfo(self.time_zone)
        midnight = datetime.combine(day, time(), zone)
        return tuple(
            (midnight + timedelta(minutes=h.start), midnight + timedelta(minutes=h.end))
            for h in self.hours
            if h.day == WEEKDAYS[day.weekday()]
        )

    def is_open(self, when: datetime) -> bool:
        """Return whether it is open at a moment; a moment without time zone is in the calendar's own."""
        local = self._local(when)
        moment = local.astimezone(UTC)  # the clock of the wall repeats an hour when it is put back
        return any(start <= moment < end for start, end in self._open_moments(local.date()))

    def _open_moments(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        return ((start.astimezone(UTC), end.astimezone(UTC)) for start, end in self.open_on(day))

    def working_time(self, start: datetime, end: datetime) -> Duration:
        """
        Return the time that it is open between two moments, in working hours; 0 where the end is not after the start.

        Example:
            >>> office = Calendar("office", hours={"mon-fri": "08:00-16:00"}, time_zone="Asia/Jakarta")
            >>> str(office.working_time(datetime(2026, 1, 5, 15), datetime(2026, 1, 6, 9)))
            '2 working_hour'
        """
        first, last = self._local(start), self._local(end)
        since, till = first.astimezone(UTC), last.astimezone(UTC)
        seconds = 0.0
        day = first.date()
        while day <= last.date():
            for opens, closes in self._open_moments(day):
                seconds += max(0.0, (min(closes, till) - max(opens, since)).total_seconds())
            day += timedelta(days=1)
        return Duration(seconds / 3600, "working_hour")

    def _local(self, when: datetime) -> datetime:
        zone = ZoneInfo(self.time_zone)
        return when.replace(tzinfo=zone) if when.tzinfo is None else when.astimezone(zone)


def _shared(own: Iterable[tuple[int, int]], others: list[tuple[int, int]], cycle: int) -> Iterator[int]:
    """Yield how long stretches, and those given by start and length, which may go over the end of the cycle, overlap."""
    spans = [(start, start + length) for start, length in others]
    spans = sorted([*spans, *((start - cycle, end - cycle) for start, end in spans if end > cycle)])
    place = 0
    for start, end in own:
        while place < len(spans) and spans[place][1] <= start:
            place += 1
        at = place
        while at < len(spans) and spans[at][0] < end:
            yield min(end, spans[at][1]) - max(start, spans[at][0])
            at += 1


def calendar_problems(calendar: Calendar) -> Iterator[Problem]:
    """Yield what does not fit together in a calendar."""
    if not calendar.hours:
        yield Problem("hours", Message("expected at least one stretch of open hours, got none"))
    if (calendar.holidays or calendar.closures) and calendar.year is None:
        yield Problem("year", Message("expected the year whose holidays and closures count, such as 2026"))
    if calendar.year is not None and not 1 < calendar.year < 9999:
        yield Problem("year", Message("expected a year such as 2026, got {value!r}", value=calendar.year))
    if calendar.holidays is not None and not re.fullmatch("[A-Z]{2}(-[A-Z0-9]+)?", calendar.holidays):
        message = Message("expected a country code such as 'ID', got {value!r}", value=calendar.holidays)
        yield Problem("holidays", message)


@lru_cache(64)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    try:
        import holidays
    except ImportError:
        raise MissingExtraError("holidays", "calendars") from None
    code, _, subdivision = country.partition("-")
    try:
        found = holidays.country_holidays(code, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        known = holidays.list_supported_countries()
        message = Message(
            "no holidays are known for {country!r}{hint}", country=country, hint=did_you_mean(code, known)
        )
        raise fault("holidays", message) from None
    return frozenset(found)


def _optional_cost(value: object) -> CostRate | None:
    return None if value is None else cost_rate(value)


def _default_capacity(resource: Resource) -> int | None:
    return 1 if resource.kind in QUEUEABLE else None


@attrs.frozen
class Resource:
    """
    What management manages and steps use; cases queue for those with capacity.

    Attributes:
        id: What refers to it.
        name: For people.
        kind: ``staff``, ``facility`` (with equipment), ``information-system``, ``budget`` or ``mandate``.
        capacity: How many there are of it, such as people or counters, at least 1; None for a budget or a mandate.
        cases_at_once: How many cases each of them can serve at once, at least 1.
        cost: Per hour of work, of each of them.
        amount: What a budget holds in a year.
        calendar: The id of the calendar it is open by; None for the service's own.
        closing: Whether work rests when it closes (``stop``) or is finished first (``finish``).
        discipline: Who of those that wait is next: ``first-come``, ``priority`` (of the service; among equals first come)
            or ``due-date`` (by the promised completion time).
        competences: What its staff are able to do.
        legal_basis: What a mandate rests on.

    Example:
        >>> Resource("clerk", capacity=2, cost="60000 IDR/hour").cost
        CostRate(amount=60000.0, currency='IDR', unit='hour')
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    kind: ResourceKind = attrs.field(
        default="staff",
        kw_only=True,
        validator=one_of("staff", "facility", "information-system", "budget", "mandate"),
    )
    capacity: int | None = attrs.field(
        default=attrs.Factory(_default_capacity, takes_self=True),
        kw_only=True,
        validator=check_count,
    )
    cases_at_once: int = attrs.field(default=1, kw_only=True, validator=check_count)
    cost: CostRate | None = attrs.field(converter=_optional_cost, default=None, kw_only=True)
    amount: Money | None = attrs.field(converter=attrs.converters.optional(money), default=None, kw_only=True)
    calendar: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    closing: Closing = attrs.field(default="stop", kw_only=True, validator=one_of("stop", "finish"))
    discipline: Discipline = attrs.field(
        default="first-come", kw_only=True, validator=one_of("first-come", "priority", "due-date")
    )
    competences: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True, validator=check_ids)
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(resource_problems(self))
        if problems:
            raise InvalidModelError(problems)

    @property
    def cost_per_second(self) -> float:
        """
        What a second of work on one case costs, in the currency of its cost; cases that are served at once share it.

        Example:
            >>> Resource("clerk", cost="36000 IDR/hour", cases_at_once=2).cost_per_second
            5.0
        """
        return 0.0 if self.cost is None else self.cost.per_second / self.cases_at_once


def resource_problems(resource: Resource) -> Iterator[Problem]:
    """Yield what does not fit together in a resource."""
    if resource.kind in QUEUEABLE and resource.capacity is None:
        yield Problem("capacity", Message("expected a whole number of at least 1, got {value!r}", value=None))
    if isinstance(resource.capacity, int) and resource.capacity > MAX_CAPACITY:
        message = Message("expected a capacity of at most {bound:,}, got more", bound=MAX_CAPACITY)
        yield Problem("capacity", message)
    if resource.cases_at_once > MAX_CAPACITY:
        message = Message("expected at most {bound:,} cases at once, got more", bound=MAX_CAPACITY)
        yield Problem("cases_at_once", message)
    if resource.kind not in QUEUEABLE and resource.cases_at_once != 1:
        message = Message(
            "a {kind} serves no cases, got {value!r}", kind=resource.kind, value=resource.cases_at_once
        )
        yield Problem("cases_at_once", message)
    if resource.kind not in QUEUEABLE and resource.capacity is not None:
        yield Problem(
            "capacity",
            Message("a {kind} has no capacity, got {value!r}", kind=resource.kind, value=resource.capacity),
        )
    if resource.amount is not None and resource.kind != "budget":
        yield Problem(
            "amount", Message("only a budget has an amount, got {value!r}", value=resource.amount.plain)
        )
