"""How much work is offered, before anything is run: cases per time, and what each resource is asked for."""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING

import attrs

from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.visits import visits
from pubservice.model.procedure import Step
from pubservice.units import WORKING_UNITS, unit_seconds

if TYPE_CHECKING:
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Calendar, Resource
    from pubservice.model.service import PublicService


@attrs.frozen
class Offered:
    """
    What one resource is asked for.

    Attributes:
        resource: Its id.
        capacity: How many cases it can serve at once.
        work: How many of it would be at work while it is open if nobody waited, in erlang.
        patient: The part of it that is of cases that do not give up waiting.
        visit_s: Mean elapsed seconds that a visit is worked on, closed hours spread over them; 0 where nobody comes.
        scv: Squared coefficient of variation of that.
    """

    resource: str
    capacity: int
    work: float
    patient: float
    visit_s: float
    scv: float

    @property
    def utilisation(self) -> float:
        """Work / capacity."""
        return self.work / self.capacity

    @property
    def keeps_up(self) -> bool:
        """Whether its queue does not grow for ever: some of those who wait may give up."""
        return self.patient < self.capacity

    @property
    def relaxation_s(self) -> float:
        """
        How many elapsed seconds its queue takes to forget where it began: S (1 + cs²) / 2 / (c (1 - √ρ)²).

        That of M/M/1, with c servers as one that is c times as fast and work that varies as in heavy traffic; 0 where it is
        overloaded, and those who give up keep its queue short.

        Source:
            Abate & Whitt (1987), Transient behavior of the M/M/1 queue: starting at the origin, Queueing Systems 2, 41-65;
            Whitt (1989), Planning queueing simulations, Management Science 35(11), 1341-1366.
        """
        if self.utilisation >= 1:
            return 0.0
        idle = (1 - sqrt(self.utilisation)) ** 2
        return self.visit_s * (1 + self.scv) / 2 / self.capacity / idle


@attrs.define
class _Sums:
    """What all services ask of one resource in an elapsed second: visits, work of them, squares of it, and whose is patient."""

    visits: float = 0.0
    work: float = 0.0
    square: float = 0.0
    staffed: float = 0.0
    patient: float = 0.0

    def offered(self, id: str, capacity: int) -> Offered:
        mean = self.work / self.visits if self.visits else 0.0
        scv = max(0.0, self.square / self.visits / mean**2 - 1) if mean else 0.0
        return Offered(id, capacity, self.staffed, self.patient, mean, scv)


def cases_per_second(service: PublicService, organisation: PublicOrganisation) -> float:
    """
    Return new cases per elapsed second, on average; 0 without an arrival rate.

    Example:
        >>> round(cases_per_second(city_hall.service("building-permit"), city_hall) * 3600, 6)
        3.0
    """
    rate = service.arrival_rate
    if rate is None:
        return 0.0
    calendar = organisation.calendar_of(service)
    seconds = unit_seconds(rate.unit, None if calendar is None else calendar.hours_per_working_day)
    assert seconds is not None  # a rate per working day needs a calendar, which the organisation checks
    working = calendar is not None and rate.unit in WORKING_UNITS
    return rate.magnitude / seconds * (calendar.open_share if working and calendar is not None else 1.0)


def offered(organisation: PublicOrganisation) -> list[Offered]:
    """
    Return what each resource that cases can queue for is asked for, in document order.

    Args:
        organisation: One that can be simulated: visits and processing times are known.

    Raises:
        UndefinedResultError: Visits are not defined.

    Example:
        >>> [(each.resource, round(each.utilisation, 3)) for each in offered(city_hall)]
        [('clerk', 0.917), ('engineer', 0.9)]
    """
    sums = {resource.id: _Sums() for resource in organisation.resources if resource.capacity is not None}
    for service in organisation.services:
        rate = cases_per_second(service, organisation)
        graph = flowgraph(service.procedure)
        if not rate or graph.start < 0:
            continue
        calendar = organisation.calendar_of(service)
        hours = None if calendar is None else calendar.hours_per_working_day
        for node, visited in zip(graph.nodes, visits(graph, blocks(graph)), strict=True):
            if not isinstance(node, Step) or node.processing_time is None:
                continue
            seconds = node.processing_time.mean_seconds(hours_per_working_day=hours) or 0.0
            variance = node.processing_time.scv * seconds * seconds
            if node.setup_time is not None:
                setup = node.setup_time.mean_seconds(hours_per_working_day=hours) or 0.0
                size = _cases_at_once(node, rate * visited, calendar)
                seconds += setup / size
                variance += node.setup_time.scv * setup * setup / size
            for id in node.resource:
                share = _open_share(organisation, id, calendar)
                of, work = sums[id], rate * visited * seconds / share if share else inf
                of.visits += rate * visited
                of.work += work
                of.square += rate * visited * (seconds * seconds + variance) / share**2 if share else inf
                of.staffed += work * node.staff
                of.patient += work * node.staff if node.patience is None else 0.0
    return [of.offered(id, _places(organisation.resource(id))) for id, of in sums.items()]


def _open_share(organisation: PublicOrganisation, id: str, calendar: Calendar | None) -> float:
    """Return the share of all time in which a resource is open while a service is."""
    resource = organisation.resource(id)
    if resource.calendar is None:
        return 1.0 if calendar is None else calendar.open_share
    own = organisation.calendar_of(resource)
    assert own is not None  # ids of calendars are checked by the organisation
    return own.open_share if calendar is None or own.id == calendar.id else calendar.shared_share(own)


def _places(resource: Resource) -> int:
    """Return how many cases a resource can serve at once."""
    return (resource.capacity or 1) * resource.cases_at_once


def _cases_at_once(step: Step, rate: float, calendar: Calendar | None) -> float:
    """Return how many cases share a set-up: a batch, or what comes in its period; at least 1."""
    if step.batch is None:
        return 1.0
    if step.batch.period is None:
        return float(step.batch.size or 1)
    hours = None if calendar is None else calendar.hours_per_working_day
    period = step.batch.period.seconds(hours_per_working_day=hours) or 0.0
    working = calendar is not None and step.batch.period.unit in WORKING_UNITS
    return max(1.0, rate * period / (calendar.open_share if working and calendar is not None else 1.0))
