"""The organiser: what its services share."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.messages import Message, did_you_mean
from pubservice.model.arrivals import most_cases
from pubservice.model.demand import weight_within
from pubservice.model.metric import Metric, Target, out_of_bounds, unit_of
from pubservice.model.procedure import _all
from pubservice.model.resource import QUEUEABLE, Calendar, Resource
from pubservice.model.service import Evidence, PublicService
from pubservice.model.text import (
    EMPTY,
    MOST_PROBLEMS,
    Text,
    check_id,
    check_text,
    duplicates,
    names,
    text,
    texts,
)
from pubservice.model.vocabulary import METRICS
from pubservice.units import WORKING_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.model.arrivals import Arrivals
    from pubservice.model.distribution import Distribution
    from pubservice.units import Duration


def _resources(items: Iterable[Resource]) -> tuple[Resource, ...]:
    return _all(items, Resource)


def _calendars(items: Iterable[Calendar]) -> tuple[Calendar, ...]:
    return _all(items, Calendar)


def _evidence(items: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return _all(items, Evidence)


def _services(items: Iterable[PublicService]) -> tuple[PublicService, ...]:
    return _all(items, PublicService)


def _metrics(items: Iterable[Metric]) -> tuple[Metric, ...]:
    return _all(items, Metric)


@attrs.frozen
class PublicOrganisation:
    """
    A body that provides public services, with the resources, calendars and evidence that they share.

    Attributes:
        id: What refers to it.
        name: For people.
        description: For people.
        vision: What it wants to be.
        commitments: What it promises to those it serves.
        legal_basis: Provisions it rests on.
        calendar: Id of the calendar its services run by; None is always open.
        calendars: The calendars there are.
        resources: What its services use; that sharing is why one service's queue is another's.
        evidence: Data there is something to say about.
        metrics: Metrics of its own.
        services: What it provides.

    Raises:
        InvalidModelError: Ids repeat, or something names what is not there.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    description: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    vision: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    commitments: tuple[Text, ...] = attrs.field(converter=texts, default=(), kw_only=True)
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)
    calendar: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    calendars: tuple[Calendar, ...] = attrs.field(converter=_calendars, default=(), kw_only=True)
    resources: tuple[Resource, ...] = attrs.field(converter=_resources, default=(), kw_only=True)
    evidence: tuple[Evidence, ...] = attrs.field(converter=_evidence, default=(), kw_only=True)
    metrics: tuple[Metric, ...] = attrs.field(converter=_metrics, default=(), kw_only=True)
    services: tuple[PublicService, ...] = attrs.field(converter=_services, default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(islice(organisation_problems(self), MOST_PROBLEMS))
        if problems:
            raise InvalidModelError(problems)

    @cached_property
    def _services_by_id(self) -> dict[str, PublicService]:
        return {service.id: service for service in self.services}

    @cached_property
    def _resources_by_id(self) -> dict[str, Resource]:
        return {resource.id: resource for resource in self.resources}

    @cached_property
    def _calendars_by_id(self) -> dict[str, Calendar]:
        return {calendar.id: calendar for calendar in self.calendars}

    def service(self, id: str) -> PublicService:
        """
        Return the service with an id.

        Raises:
            UnknownIdError: There is none.
        """
        try:
            return self._services_by_id[id]
        except KeyError:
            raise UnknownIdError("service", id, self._services_by_id) from None

    def resource(self, id: str) -> Resource:
        """
        Return the resource with an id.

        Raises:
            UnknownIdError: There is none.
        """
        try:
            return self._resources_by_id[id]
        except KeyError:
            raise UnknownIdError("resource", id, self._resources_by_id) from None

    def calendar_of(self, owner: PublicService | Resource | None = None) -> Calendar | None:
        """
        Return the calendar that a service or a resource runs by: its own, else the organisation's, else None.

        Raises:
            UnknownIdError: It names one that the organisation does not have, being of another.
        """
        id = (owner.calendar if owner is not None else None) or self.calendar
        if id is None:
            return None
        try:
            return self._calendars_by_id[id]
        except KeyError:
            raise UnknownIdError("calendar", id, self._calendars_by_id) from None


def metrics_of(organisation: PublicOrganisation) -> dict[str, Metric]:
    """Return the metrics that an organisation can use, by id: everyone's and its own, which go before."""
    return METRICS | {metric.id: metric for metric in reversed(organisation.metrics)}


def organisation_problems(organisation: PublicOrganisation) -> Iterator[Problem]:
    """Yield what does not fit together between the parts of an organisation, in document order."""
    for collection in ("calendars", "resources", "evidence", "metrics", "services"):
        for item, position in duplicates(x.id for x in getattr(organisation, collection)).items():
            yield Problem(f"{collection}[{position}].id", Message("{id!r} is there already", id=item))
    calendars = {calendar.id for calendar in organisation.calendars}
    yield from _calendar_problems("calendar", organisation.calendar, calendars)
    for position, resource in enumerate(organisation.resources):
        yield from _calendar_problems(f"resources[{position}].calendar", resource.calendar, calendars)
    resources = {resource.id: resource for resource in reversed(organisation.resources)}  # the first of an id
    metrics = metrics_of(organisation)
    for position, service in enumerate(organisation.services):
        path = f"services[{position}]"
        yield from _calendar_problems(f"{path}.calendar", service.calendar, calendars)
        yield from _rate_problems(path, service, organisation)
        yield from _demand_problems(f"{path}.demand", service, organisation)
        yield from _step_problems(path, service, resources)
        for i, target in enumerate(service.targets):
            yield from _target_problems(f"{path}.targets[{i}]", target, metrics)


_ELAPSED = ("s", "min", "hour", "day")  # units that are ambiguous under a calendar


def _calendar_problems(path: str, id: str | None, known: set[str]) -> Iterator[Problem]:
    if id is not None and id not in known:
        yield Problem(path, Message("no calendar {id!r}{hint}", id=id, hint=did_you_mean(id, known)))


def _rate_problems(path: str, service: PublicService, organisation: PublicOrganisation) -> Iterator[Problem]:
    rate, arrivals = service.arrival_rate, service.arrivals
    under_calendar = (service.calendar or organisation.calendar) is not None
    if rate is not None and rate != most_cases(arrivals):
        if under_calendar and rate.unit in _ELAPSED:
            message = Message(
                "under a calendar, write the rate per working_hour, working_day, week, month or year, got {value!r}",
                value=str(rate),
            )
            yield Problem(f"{path}.arrival_rate", message)
        if not under_calendar and rate.unit in WORKING_UNITS:
            message = Message("a rate in working time needs a calendar, got {value!r}", value=str(rate))
            yield Problem(f"{path}.arrival_rate", message)
    for where, length in _between_cases(arrivals):
        if under_calendar and length.unit in _ELAPSED:
            message = Message(
                "under a calendar, write it in working_min, working_hour, working_day, week, month or year, got {value!r}",
                value=str(length),
            )
            yield Problem(f"{path}.arrivals.{where}", message)
        if not under_calendar and length.unit in WORKING_UNITS:
            message = Message("working time needs a calendar, got {value!r}", value=str(length))
            yield Problem(f"{path}.arrivals.{where}", message)


def _between_cases(arrivals: Arrivals | None) -> Iterator[tuple[str, Distribution | Duration]]:
    """Yield the time from one case, or slot, to the next, and where it stands."""
    if arrivals is not None and arrivals.interval is not None:
        yield "interval", arrivals.interval
    if arrivals is not None and arrivals.appointments is not None and arrivals.appointments.slot is not None:
        yield "appointments.slot", arrivals.appointments.slot


def _demand_problems(
    path: str, service: PublicService, organisation: PublicOrganisation
) -> Iterator[Problem]:
    demand, id = service.demand, service.calendar or organisation.calendar
    if demand is None or id is None:
        return
    hours = next((calendar.hours for calendar in organisation.calendars if calendar.id == id), ())
    if hours and not any(weight_within(demand, h.day, h.start, h.end) for h in hours):
        message = Message("expected a weight above 0 in an open hour of {calendar!r}, got none", calendar=id)
        yield Problem(path, message)


def _step_problems(path: str, service: PublicService, resources: dict[str, Resource]) -> Iterator[Problem]:
    for position, step in enumerate(service.procedure.steps):
        for id in step.resource:
            where = f"{path}.procedure.steps[{position}].resource"
            resource = resources.get(id)
            if resource is None:
                yield Problem(
                    where, Message("no resource {id!r}{hint}", id=id, hint=did_you_mean(id, resources))
                )
            elif resource.kind not in QUEUEABLE:
                message = Message("{id!r} is a {kind}: cases do not queue for it", id=id, kind=resource.kind)
                yield Problem(where, message)
            elif step.staff > (resource.capacity or 0):
                message = Message(
                    "{id!r} has capacity {capacity}, the step takes {staff} at once",
                    id=id,
                    capacity=resource.capacity,
                    staff=step.staff,
                )
                yield Problem(f"{path}.procedure.steps[{position}].staff", message)


def _target_problems(path: str, target: Target, metrics: dict[str, Metric]) -> Iterator[Problem]:
    metric = metrics.get(target.metric)
    if metric is None:
        hint = did_you_mean(target.metric, metrics)
        yield Problem(f"{path}.metric", Message("no metric {id!r}{hint}", id=target.metric, hint=hint))
    elif metric.unit not in unit_of(target.value):
        message = Message(
            "expected a {unit} for {metric!r}, got {value!r}",
            unit=metric.unit,
            metric=metric.id,
            value=str(target.value),
        )
        yield Problem(f"{path}.value", message)
    elif (wrong := out_of_bounds(metric, target.value)) is not None:
        yield Problem(f"{path}.value", wrong)
