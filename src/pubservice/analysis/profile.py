"""
What one case asks of an organisation: the numbers of one service that no queue changes.

Everything else (waiting, cycle time, savings) is composed from profiles and from the loads of resources, so that a
changed service costs one new profile and the loads of the resources it uses.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.open_time import OpenTime
from pubservice.errors import UndefinedResultError
from pubservice.graph.blocks import Blocks, blocks
from pubservice.graph.flowgraph import FlowGraph, flowgraph
from pubservice.graph.visits import visits
from pubservice.messages import Message
from pubservice.model.distribution import Exponential
from pubservice.model.procedure import End, Step, Wait
from pubservice.units import SECONDS_PER_YEAR, unit_seconds

if TYPE_CHECKING:
    from pubservice.analysis.open_time import Passing
    from pubservice.model.distribution import Distribution
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Calendar, Resource
    from pubservice.model.service import PublicService
    from pubservice.units import Duration, Rate


@attrs.frozen
class Clock:
    """
    The clock that a service runs by.

    Attributes:
        share: Open time / elapsed time, above 0, at most 1; 1 of a calendar that is never open, of which nothing is known.
        hours_per_working_day: Of its calendar; None without one.
        calendar: That it goes by; None without one.
        is_ever_open: Whether time passes on it.
    """

    share: float = 1.0
    hours_per_working_day: float | None = None
    calendar: Calendar | None = attrs.field(default=None, eq=False, repr=False)
    is_ever_open: bool = True

    @cached_property
    def open_time(self) -> OpenTime | None:
        """Its open time within elapsed time; None where both are one, or it is never open."""
        return None if self.calendar is None or self.share == 1 else OpenTime(self.calendar)


ALWAYS = Clock()


class Clocks:
    """The clocks of an organisation, each worked out once."""

    def __init__(self, organisation: PublicOrganisation) -> None:
        self._organisation = organisation
        self._known: dict[str, Clock] = {}
        self._shared: dict[tuple[str, str], float] = {}

    def service(self, service: PublicService) -> Clock:
        """Return the clock of a service."""
        if service.calendar is None and self._organisation.calendar is None:
            return ALWAYS
        return self._clock(self._organisation.calendar_of(service))

    def open_share(self, resource: Resource, clock: Clock) -> float:
        """Return the share of a service's clock in which a resource is open: 1 unless it has its own calendar."""
        if resource.calendar is None:
            return 1.0
        own = self._organisation.calendar_of(resource)
        assert own is not None  # ids of calendars are checked by the organisation
        if clock.calendar is None or own.id == clock.calendar.id:
            return min(1.0, self.share(resource, clock) / clock.share)
        pair = (clock.calendar.id, own.id)
        if pair not in self._shared:
            self._shared[pair] = clock.calendar.shared_share(own)
        share = self._shared[pair] / clock.share
        return 1.0 if share > 1 - 1e-12 else share

    def share(self, resource: Resource, clock: Clock) -> float:
        """Return open time / elapsed time of a resource: by its own calendar, else by the clock of a service."""
        if resource.calendar is None:
            return clock.share
        return self._clock(self._organisation.calendar_of(resource)).share

    def _clock(self, calendar: Calendar | None) -> Clock:
        assert calendar is not None  # ids of calendars are checked by the organisation
        if calendar.id not in self._known:
            share = calendar.open_share
            self._known[calendar.id] = Clock(
                share or 1.0, calendar.hours_per_working_day, calendar, is_ever_open=share > 0
            )
        return self._known[calendar.id]


@attrs.define(eq=False)
class Demand:
    """
    What the cases of one service ask of one resource; sums over the steps that use it, weighted by visits.

    Attributes:
        open_share: The share of the service's clock in which the resource is open.
        visits: Expected visits of a case.
        work: Visits × mean time.
        square: Visits × mean squared time.
        staffed: Visits × mean time × staff.
        staff: Visits × staff.
        teams: How many staff a visit takes at once, each number that occurs.
        exponential: The common mean of its steps where all are exponential with that mean and take one of the staff, and
            cases come alike at all times; else None.
        impatient: Whether a step that uses it is not waited for without end.
        undefined: Why the sums do not exist.
    """

    open_share: float
    visits: float = 0.0
    work: float = 0.0
    square: float = 0.0
    staffed: float = 0.0
    staff: float = 0.0
    teams: set[int] = attrs.Factory(set)
    exponential: float | None = None
    impatient: bool = False
    undefined: Message | None = None


@attrs.define(eq=False)
class Profile:
    """
    One service in its organisation, queues left out; lists are over the nodes of its graph.

    Attributes:
        service: The service.
        clock: Its clock.
        rate: New cases per second of its clock; None where it has no arrival rate.
        visits: Expected visits; None where they do not exist.
        undefined: Why visits do not exist.
        times: Mean seconds that a visit of a step is worked on, 0 for other nodes; None where unknown.
        waits: Mean seconds on the service's clock that a visit of a wait lasts, and that a batch collects; None where
            unknown.
        passing: What each wait does that passes while the calendar is closed too; none where it never is.
        unknown: Why a time is unknown, by node.
        demands: By resource.
    """

    service: PublicService
    clock: Clock
    rate: float | None
    visits: list[float] | None
    undefined: Message | None
    times: list[float | None]
    waits: list[float | None]
    unknown: dict[int, Message]
    demands: dict[str, Demand]
    passing: dict[int, Passing] = attrs.Factory(dict)

    @cached_property
    def graph(self) -> FlowGraph:
        """Its graph."""
        return flowgraph(self.service.procedure)

    @cached_property
    def nested(self) -> Blocks:
        """Its parallel and inclusive blocks."""
        return blocks(self.graph)

    @property
    def varies(self) -> bool:
        """Whether more cases come at some times than at others."""
        return self.service.demand is not None and self.service.demand.varies

    @property
    def cases_per_year(self) -> float | None:
        """New cases in a year; None where it has no arrival rate."""
        return None if self.rate is None else self.rate * self.clock.share * SECONDS_PER_YEAR

    def elapsed_wait(self, i: int) -> tuple[float, float]:
        """Return the mean elapsed seconds of a wait that passes while it is closed too, and those until a case goes on."""
        wait, passing = self.graph.nodes[i], self.passing[i]
        assert isinstance(wait, Wait)  # only waits pass
        assert wait.time is not None  # its length is known
        goes_on = any(
            other not in self.passing and not isinstance(self.graph.nodes[other], End)
            for other in self.graph.successors[i]
        )
        return mean_seconds(wait.time, self.clock) or 0.0, passing.rest if goes_on else 0.0

    def release(self) -> None:
        """Let go of graph and blocks; they are made again where somebody asks. Of most services nobody does."""
        for name in ("graph", "nested"):
            with suppress(AttributeError):  # it was never made
                delattr(self, name)


def arrival_rate(rate: Rate | None, clock: Clock) -> float | None:
    """
    Return new cases per second of a service's clock.

    Args:
        rate: In elapsed time (hour, day, week, month, year) or working time (working_hour, working_day).
        clock: Of the service.
    """
    if rate is None:
        return None
    seconds = unit_seconds(rate.unit, clock.hours_per_working_day)
    assert seconds is not None  # a rate per working day needs a calendar, which the organisation checks
    return rate.magnitude / seconds / (1.0 if rate.unit.startswith("working_") else clock.share)


def service_seconds(length: Duration, clock: Clock) -> float | None:
    """Return a stated length on a service's clock; None for working days without a calendar."""
    seconds = length.seconds(hours_per_working_day=clock.hours_per_working_day)
    return seconds if seconds is None or length.unit.startswith("working_") else seconds * clock.share


def promised_seconds(length: Duration, clock: Clock) -> float | None:
    """
    Return a promised length on a service's clock, read as generously as it can be.

    Of a promise shorter than a working day every hour may be an open one; of a longer one, the open share is.
    """
    seconds = service_seconds(length, clock)
    elapsed = length.seconds()
    if seconds is None or elapsed is None or clock.hours_per_working_day is None:
        return seconds
    return max(seconds, min(elapsed, clock.hours_per_working_day * 3600))


def profile(service: PublicService, organisation: PublicOrganisation, clocks: Clocks) -> Profile:
    """Return the profile of a service, in time linear in its nodes and flows but for the loops in it."""
    clock = clocks.service(service)
    rate = arrival_rate(service.arrival_rate, clock)
    result = Profile(service, clock, rate, None, None, [], [], {}, {})
    graph, nested = result.graph, result.nested
    if not clock.is_ever_open:
        assert clock.calendar is not None  # without one it always is
        result.undefined = Message("the calendar {id!r} is never open", id=clock.calendar.id)
    elif graph.start < 0:
        result.undefined = Message("the service describes no procedure")
    else:
        try:
            result.visits = visits(graph, nested)
        except UndefinedResultError as error:
            result.undefined = error.message
    result.times = [0.0] * len(graph.nodes)
    result.waits = [0.0] * len(graph.nodes)
    for i, node in enumerate(graph.nodes):
        if not isinstance(node, Step | Wait):
            break  # gateways and ends follow
        add_node(result, i, node, organisation, clocks)
    return result


def add_node(
    result: Profile, i: int, node: Step | Wait, organisation: PublicOrganisation, clocks: Clocks
) -> None:
    """Add to a profile what one node takes and asks of resources."""
    if isinstance(node, Step):
        _step(result, i, node, organisation, clocks)
    else:
        _wait(result, i, node)


def mean_seconds(time: Distribution, clock: Clock) -> float | None:
    """Return the mean of a time on a clock; None for working days without a calendar."""
    return time.mean_seconds(hours_per_working_day=clock.hours_per_working_day)


def _wait(result: Profile, i: int, wait: Wait) -> None:
    clock = result.clock
    mean = None if wait.time is None else mean_seconds(wait.time, clock)
    if mean is None:
        result.waits[i] = None
        result.unknown[i] = (
            Message("the time of the wait {id!r} is unknown", id=wait.id)
            if wait.time is None
            else Message("{id!r} lasts working days, and there is no calendar", id=wait.id)
        )
    elif wait.clock == "working" or clock.open_time is None:
        result.waits[i] = mean
    else:
        assert wait.time is not None  # its mean is known
        result.passing[i] = clock.open_time.passing(wait.time, mean / wait.time.mean_in_unit if mean else 1.0)
        result.waits[i] = result.passing[i].mean


def _step(result: Profile, i: int, step: Step, organisation: PublicOrganisation, clocks: Clocks) -> None:
    clock = result.clock
    visited = result.visits[i] if result.visits is not None else 0.0
    time = step.processing_time
    mean = variance = None
    if time is None:
        result.unknown[i] = Message("the processing time of step {id!r} is unknown", id=step.id)
    else:
        mean = mean_seconds(time, clock)
        if mean is None:
            result.unknown[i] = Message("{id!r} lasts working days, and there is no calendar", id=step.id)
        else:
            variance = time.scv * mean * mean
    if step.batch is not None or step.setup_time is not None:
        mean, variance = _batch(result, i, step, visited, mean, variance)
    result.times[i] = mean
    for id in step.resource:
        demand = result.demands.get(id)
        if demand is None:
            share = clocks.open_share(organisation.resource(id), clock)
            undefined = result.undefined
            if not share:
                undefined = undefined or Message("{resource} is never open while the service is", resource=id)
            demand = Demand(share or 1.0, undefined=undefined)
            result.demands[id] = demand
        if not visited:
            continue
        if mean is None or variance is None:
            demand.undefined = demand.undefined or result.unknown[i]
            continue
        plain = (
            type(time) is Exponential and step.staff == 1 and step.setup_time is None and not result.varies
        )
        same = not demand.visits or demand.exponential == mean
        demand.exponential = mean if plain and same else None
        demand.visits += visited
        demand.work += visited * mean
        demand.square += visited * (mean * mean + variance)
        demand.staffed += visited * mean * step.staff
        demand.staff += visited * step.staff
        demand.teams.add(step.staff)
        demand.impatient = demand.impatient or step.patience is not None


def batch_size(of: Profile, step: Step, visited: float) -> float:
    """Return how many cases share a set-up of a step: the size of its batch, or what comes in its period; at least 1."""
    if step.batch is None:
        return 1.0
    if step.batch.period is None:
        return float(step.batch.size or 1)
    return max(1.0, (of.rate or 0.0) * visited * (service_seconds(step.batch.period, of.clock) or 0.0))


def _batch(
    result: Profile,
    i: int,
    step: Step,
    visited: float,
    mean: float | None,
    variance: float | None,
) -> tuple[float | None, float | None]:
    """Add the share of a set-up that a case bears, and the wait until its batch is complete."""
    clock = result.clock
    if step.batch is not None:
        cases = None if result.rate is None else result.rate * visited
        if step.batch.size is not None:
            wait = None if not cases else (step.batch.size - 1) / (2 * cases)
        else:
            assert step.batch.period is not None  # a batch has a size or a period
            period = service_seconds(step.batch.period, clock)
            wait = None if period is None else period / 2
        result.waits[i] = wait
        if wait is None:
            result.unknown.setdefault(
                i,
                Message(
                    "how long the batch of {id!r} collects is unknown without an arrival rate", id=step.id
                ),
            )
    if step.setup_time is not None:
        setup = mean_seconds(step.setup_time, clock)
        if setup is None:
            result.unknown.setdefault(
                i, Message("{id!r} lasts working days, and there is no calendar", id=step.id)
            )
            return None, None
        if mean is not None and variance is not None:
            size = batch_size(result, step, visited)
            mean += setup / size
            variance += step.setup_time.scv * setup * setup / size
    return mean, variance
