"""How much work is offered, before anything is run: cases per time, and what each resource is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.visits import visits
from pubservice.model.procedure import Step
from pubservice.units import WORKING_UNITS, unit_seconds

if TYPE_CHECKING:
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Calendar
    from pubservice.model.service import PublicService


@attrs.frozen
class Offered:
    """
    What one resource is asked for.

    Attributes:
        resource: Its id.
        capacity: How many cases it can serve at once.
        work: How many of it would be at work while it is open if nobody waited, in erlang.
    """

    resource: str
    capacity: int
    work: float

    @property
    def utilisation(self) -> float:
        """Work / capacity; at 1 or more it cannot keep up."""
        return self.work / self.capacity


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
    work = {resource.id: 0.0 for resource in organisation.resources if resource.capacity is not None}
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
            if node.setup_time is not None:
                setup = node.setup_time.mean_seconds(hours_per_working_day=hours) or 0.0
                seconds += setup / _cases_at_once(node, rate * visited, calendar)
            for id in node.resource:
                own = organisation.resource(id)
                opens = organisation.calendar_of(own if own.calendar is not None else service)
                share = 1.0 if opens is None else opens.open_share
                work[id] += rate * visited * seconds * node.staff / share
    return [Offered(id, organisation.resource(id).capacity or 1, found) for id, found in work.items()]


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
