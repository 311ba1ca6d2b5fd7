"""The open week in intervals: how many cases come in each, and how many of a resource they would keep busy."""

from __future__ import annotations

from itertools import pairwise
from math import exp, expm1, isfinite
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.load import Total
from pubservice.analysis.load import load as resource_load
from pubservice.errors import InvalidQuantityError, UndefinedResultError
from pubservice.messages import Message
from pubservice.model.demand import MONTHS, mean_weight, weight_within
from pubservice.model.resource import WEEKDAYS, OpenHours
from pubservice.model.service import with_demand
from pubservice.units import above_zero, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.analysis.load import Evaluation, ResourceLoad
    from pubservice.analysis.profile import Demand as Asked
    from pubservice.analysis.profile import Profile
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Calendar, Resource
    from pubservice.model.service import PublicService
    from pubservice.units import Duration

_DAY = 1440  # minutes
_SHORTEST = 5
_NOBODY = 0.01  # of the mean work: less that is left over keeps nobody


def interval_minutes(length: Duration | str) -> int:
    """
    Return the minutes of an interval into which a day is cut.

    Raises:
        InvalidQuantityError: They are no whole number that divides a day, or fewer than 5.
    """
    given = duration(length)
    seconds = given.seconds() if not given.unit.startswith("working_") else None
    minutes = 0 if seconds is None or seconds % 60 else int(seconds // 60)
    if minutes < _SHORTEST or _DAY % minutes:
        message = Message(
            "expected an interval that divides a day, such as '30 min', at least 5 min, got {value!r}",
            value=str(given),
        )
        raise InvalidQuantityError(message)
    return minutes


def week(calendars: Iterable[Calendar | None], minutes: int) -> tuple[OpenHours, ...]:
    """
    Return the intervals of a week in which at least one of some calendars is open, cut at multiples of some minutes.

    Args:
        calendars: None is always open.
        minutes: That an interval lasts, shorter where an office opens or closes; divides a day.

    Example:
        >>> office = ps.Calendar("office", hours={"mon": "08:00-12:00, 13:00-15:30"})
        >>> [str(interval) for interval in week([office], 120)]
        ['08:00-10:00', '10:00-12:00', '13:00-14:00', '14:00-15:30']
    """
    several = list(calendars)
    found = []
    for day in WEEKDAYS:
        edges: set[int] = set()
        spans = []
        for calendar in several:
            hours = [(0, _DAY)] if calendar is None else _of_day(calendar, day)
            spans += hours
            edges.update(edge for span in hours for edge in span)
        for start, end in spans:
            edges.update(range(-(-start // minutes) * minutes, end + 1, minutes))
        ordered = sorted(edges)
        found += [
            OpenHours(day, start, end)
            for start, end in pairwise(ordered)
            if any(opens <= start and end <= closes for opens, closes in spans)
        ]
    return tuple(found)


def _of_day(calendar: Calendar, day: str) -> list[tuple[int, int]]:
    return [(hours.start, hours.end) for hours in calendar.hours if hours.day == day]


def open_by(organisation: PublicOrganisation, resource: Resource) -> Calendar | None:
    """Return by which calendar a resource is open: its own, else that of the first service that uses it; None always."""
    if resource.calendar is not None:
        return organisation.calendar_of(resource)
    user = next(s for s in organisation.services if any(resource.id in t.resource for t in s.procedure.steps))
    return organisation.calendar_of(user)


def overlap(calendar: Calendar | None, interval: OpenHours) -> int:
    """Return how many minutes of an interval a calendar is open."""
    if calendar is None:
        return interval.end - interval.start
    spans = _of_day(calendar, interval.day)
    return sum(max(0, min(interval.end, end) - max(interval.start, start)) for start, end in spans)


def scaled(
    organisation: PublicOrganisation, *, factor: float, years: float, month: str | None
) -> PublicOrganisation:
    """
    Return an organisation with other arrival rates.

    Args:
        organisation: With arrival rates of today.
        factor: Times as many cases come.
        years: Of growth.
        month: Whose weight counts; None for the mean month.

    Raises:
        InvalidQuantityError: The factor is not above 0, the years are no number, or there is no such month.
    """
    factor = above_zero(factor)
    if not isfinite(years):
        raise InvalidQuantityError(Message("expected a number of years, got {value!r}", value=years))
    if month is not None and month not in MONTHS:
        message = Message("expected a month from jan to dec, got {value!r}", value=month)
        raise InvalidQuantityError(message)
    services = [_scaled(organisation, service, factor, years, month) for service in organisation.services]
    return attrs.evolve(organisation, services=services)


def _scaled(
    organisation: PublicOrganisation, service: PublicService, factor: float, years: float, month: str | None
) -> PublicService:
    demand = service.demand
    if service.arrival_rate is None:
        return service
    if demand is not None:
        factor *= demand.growth_factor(years)
        if month is not None:
            calendar = organisation.calendar_of(service)
            of_month = next((weight.weight for weight in demand.months if weight.month == month), 1.0)
            without_months = mean_weight(demand, calendar, with_months=False)
            factor *= of_month * without_months / mean_weight(demand, calendar)
            if not factor:
                message = Message("{service}: no case comes in {month}", service=service.id, month=month)
                raise UndefinedResultError(message)
    return with_demand(service, factor)


@attrs.frozen(eq=False)
class Week:
    """
    An organisation over the intervals of a week.

    Attributes:
        evaluation: At the mean rate.
        minutes: That an interval lasts at most; None where nothing varies, so that a week is one interval.
    """

    evaluation: Evaluation
    minutes: int | None
    _lagged: dict[tuple[str, str], dict[OpenHours, float]] = attrs.field(factory=dict, repr=False)

    @property
    def organisation(self) -> PublicOrganisation:
        """What was evaluated."""
        return self.evaluation.organisation

    def visitors(self, resource: Resource) -> list[Profile]:
        """Return the services with an arrival rate whose cases visit a resource."""
        return [
            of
            for of in self.evaluation.profiles.values()
            if (demand := of.demands.get(resource.id)) is not None
            and (demand.visits or demand.undefined is not None)
            and of.rate is not None
        ]

    def calendars(self, resource: Resource) -> list[Calendar | None]:
        """Return by which calendars a resource is open: its own, else those of the services whose cases visit it."""
        if resource.calendar is not None:
            return [self.organisation.calendar_of(resource)]
        services = [of.service for of in self.visitors(resource)]
        found = {service.calendar or self.organisation.calendar: service for service in services}
        return [self.organisation.calendar_of(service) for service in found.values()]

    def intervals(self, resource: Resource) -> tuple[OpenHours, ...]:
        """Return the intervals in which a resource is open; none where a week is one interval."""
        return () if self.minutes is None else week(self.calendars(resource), self.minutes)

    def factor(self, of: Profile, interval: OpenHours) -> float:
        """Return the cases of a service in an interval beside those of as long a time on average, while it is open."""
        service = of.service
        calendar = self.organisation.calendar_of(service)
        if service.demand is None:
            return overlap(calendar, interval) / (interval.end - interval.start)
        spans = [(interval.start, interval.end)] if calendar is None else _of_day(calendar, interval.day)
        weights = sum(
            weight_within(service.demand, interval.day, max(start, interval.start), min(end, interval.end))
            for start, end in spans
            if max(start, interval.start) < min(end, interval.end)
        )
        mean = mean_weight(service.demand, calendar, with_months=False)
        return weights / mean / (interval.end - interval.start)

    def lagged(self, of: Profile, resource: Resource) -> dict[OpenHours, float]:
        """
        Return the work of a service at a resource in each interval beside that of as long a time on average.

        Work follows the cases by as long as it takes: what the last interval has left is still done in this one. With a
        mean time τ it changes by (f - g) / τ, where f is what comes; its mean over an interval is returned, which is 0
        where nobody comes and less than a hundredth of the mean is left. The week is taken to repeat.

        Source:
            Jennings, Mandelbaum, Massey & Whitt (1996), Server staffing to meet time-varying demand, Management Science
            42(10), 1383-1394 (the modified offered load).
        """
        key = (of.service.id, resource.id)
        if key not in self._lagged:
            demand = of.demands[resource.id]
            mean = demand.work / demand.visits / demand.open_share if demand.visits else 0.0
            coming = {hours: self.factor(of, hours) for hours in self.intervals(resource)}
            if not mean:
                self._lagged[key] = coming
            else:
                week = sum(hours.end - hours.start for hours in coming) * 60 / mean
                _, left = _followed(coming, mean, 0.0)
                self._lagged[key], _ = _followed(coming, mean, left / -expm1(-week))
        return self._lagged[key]

    def total(
        self, resource: Resource, interval: OpenHours | None
    ) -> tuple[Total, tuple[tuple[Profile, Asked], ...]]:
        """Return what all services ask of a resource in an interval, or on average."""
        total = Total()
        asked = []
        for of in self.evaluation.profiles.values():
            demand = of.demands.get(resource.id)
            if demand is None or of.rate is None:
                continue
            rate = of.rate if interval is None else of.rate * self.lagged(of, resource)[interval]
            if rate:
                then = attrs.evolve(of, rate=rate)
                total.add(then, demand)
                asked.append((then, demand))
        return total, tuple(asked)


def _followed(
    coming: Mapping[OpenHours, float], mean: float, left: float
) -> tuple[dict[OpenHours, float], float]:
    """Return the mean work of each interval, and what is left at the end, from what comes and what was left before."""
    found = {}
    for hours, cases in coming.items():
        lengths = (hours.end - hours.start) * 60 / mean
        work = cases + (left - cases) * -expm1(-lengths) / lengths
        left = cases + (left - cases) * exp(-lengths)
        found[hours] = work if cases or work >= _NOBODY else 0.0
    return found, left


def loaded(
    resource: Resource, capacity: int, total: Total, asked: tuple[tuple[Profile, Asked], ...]
) -> ResourceLoad:
    """Return the load of a resource if it had another capacity."""
    return resource_load(attrs.evolve(resource, capacity=capacity), total, asked)
