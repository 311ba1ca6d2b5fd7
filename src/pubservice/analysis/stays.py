"""How long a visit of each node lasts: by cause on average, and as independent random parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import attrs

from pubservice.analysis.profile import batch_size, service_seconds
from pubservice.analysis.spread import Spread
from pubservice.model.distribution import Uniform
from pubservice.model.procedure import Step, Wait
from pubservice.units import unit_seconds

if TYPE_CHECKING:
    from pubservice.analysis.case import Case
    from pubservice.analysis.load import ResourceLoad
    from pubservice.analysis.open_time import Passing
    from pubservice.analysis.profile import Profile
    from pubservice.model.cause import Cause
    from pubservice.model.distribution import Distribution


@attrs.frozen
class Lasting:
    """
    Time that is as long as a distribution says.

    Attributes:
        distribution: In a unit of its own.
        seconds: Of one of that unit, on the clock by which it passes.
    """

    distribution: Distribution
    seconds: float

    @property
    def spread(self) -> Spread:
        """Its mean and variance, in seconds."""
        mean = self.distribution.mean_in_unit * self.seconds
        return Spread(1.0, mean, self.distribution.scv * mean * mean)


@attrs.frozen
class Queueing:
    """
    A wait for a busy resource: none, or an exponential time.

    Attributes:
        chance: That there is one.
        mean: Of one that there is, in seconds on the service's clock.
    """

    chance: float
    mean: float

    @property
    def spread(self) -> Spread:
        """Its mean and variance, in seconds."""
        return Spread(self.chance, self.mean, self.mean * self.mean) + Spread(1 - self.chance)


@attrs.frozen
class Collecting:
    """
    A wait until a batch is complete.

    Attributes:
        size: Of the batch.
        gap: Mean seconds on the service's clock until the next case.
    """

    size: float
    gap: float

    @property
    def spread(self) -> Spread:
        """Its mean and variance, in seconds; every place in the batch is as likely."""
        missing = (self.size - 1) / 2
        return Spread(
            1.0, missing * self.gap, (missing + (self.size * self.size - 1) / 12) * self.gap * self.gap
        )


@attrs.frozen
class Elapsing:
    """
    A wait that passes while the service is closed too, begun at any open moment.

    Attributes:
        length: In elapsed seconds.
        passing: What passes of it on the service's clock.
    """

    length: Lasting
    passing: Passing = attrs.field(eq=False, repr=False)

    @property
    def spread(self) -> Spread:
        """Mean and variance of what passes on the service's clock, in seconds."""
        return Spread(1.0, self.passing.mean, self.passing.variance)


Part: TypeAlias = Lasting | Queueing | Collecting | Elapsing


@attrs.frozen
class Stay:
    """
    How long a visit of a node lasts on average, in seconds on the service's clock.

    Attributes:
        causes: By cause; None where unknown. They add up to the stay.
        resource: Which is waited for: of several that are needed together the one with the longest wait.
        elapsed: Of a wait that passes while the calendar is closed too, its elapsed seconds; else None.
        rest: Elapsed seconds after it until the calendar is open.
    """

    causes: dict[Cause, float | None]
    resource: str | None = None
    elapsed: float | None = None
    rest: float = 0.0

    @property
    def total(self) -> float | None:
        """All of it; None where a part is unknown."""
        total = 0.0
        for seconds in self.causes.values():
            if seconds is None:
                return None
            total += seconds
        return total


def stay(case: Case, i: int) -> Stay:
    """Return how long a visit of a node lasts, by cause."""
    node = case.of.graph.nodes[i]
    if isinstance(node, Wait):
        elapsed, rest = case.of.elapsed_wait(i) if i in case.of.passing else (None, 0.0)
        return Stay({node.cause: case.of.waits[i]}, elapsed=elapsed, rest=rest)
    if not isinstance(node, Step):
        return Stay({})
    time, share = case.of.times[i], least_share(case, node)
    causes: dict[Cause, float | None] = {"processing": time}
    load, wait = longest_wait(case, node)
    closed: list[float | None] = []
    if share != 1:
        closed.append(None if time is None else time / share - time)
    if load is not None:
        open_share = case.of.demands[load.resource].open_share
        queue = None if wait is None else wait * open_share
        causes["contention"] = queue
        if queue is not None and load.first_come_s is not None and load.by_priority:
            causes["contention"] = min(queue, load.first_come_s)
            causes["priority"] = max(0.0, queue - load.first_come_s)
        if open_share != 1:
            closed.append(None if wait is None else wait - wait * open_share)
    if closed:
        known = [seconds for seconds in closed if seconds is not None]
        causes["unavailability"] = sum(known) if len(known) == len(closed) else None
    if node.batch is not None:
        causes["batching"] = case.of.waits[i]
    return Stay(causes, None if load is None else load.resource)


def parts(case: Case, i: int) -> tuple[Part, ...]:
    """Return how long a visit of a node lasts as independent random parts; the caller knows that all is known."""
    of = case.of
    node = of.graph.nodes[i]
    if isinstance(node, Wait):
        assert node.time is not None  # it is known
        length = Lasting(node.time, _unit_seconds(of, node.time))
        part: Part = Elapsing(length, of.passing[i]) if i in of.passing else length
        return (part,) if part.spread.mean else ()
    if not isinstance(node, Step):
        return ()
    assert node.processing_time is not None  # idem
    assert of.visits is not None  # idem
    share = least_share(case, node)
    found: list[Part] = [Lasting(node.processing_time, _unit_seconds(of, node.processing_time) / share)]
    if node.setup_time is not None:
        shared_by = batch_size(of, node, of.visits[i]) * share
        found.append(Lasting(node.setup_time, _unit_seconds(of, node.setup_time) / shared_by))
    load, wait = longest_wait(case, node)
    if load is not None and wait:
        assert load.waiting_probability  # there is a wait
        found.append(Queueing(load.waiting_probability, wait / load.waiting_probability))
    if node.batch is not None and of.waits[i]:
        if node.batch.size is not None:
            assert of.rate is not None  # idem
            found.append(Collecting(float(node.batch.size), 1 / (of.rate * of.visits[i])))
        else:
            assert node.batch.period is not None  # a batch has a size or a period
            found.append(Lasting(Uniform(0.0, service_seconds(node.batch.period, of.clock) or 0.0), 1.0))
    return tuple(part for part in found if part.spread.mean)


def _unit_seconds(of: Profile, time: Distribution) -> float:
    seconds = unit_seconds(time.unit, of.clock.hours_per_working_day)
    assert seconds is not None  # a mean in seconds exists
    return seconds


def least_share(case: Case, step: Step) -> float:
    """Return the share of the service's clock in which all that a step uses is there, as far as that is known."""
    return min((case.of.demands[id].open_share for id in step.resource), default=1.0)


def longest_wait(case: Case, step: Step) -> tuple[ResourceLoad | None, float | None]:
    """Return the resource that a visit waits longest for and how long, on the service's clock; one of unknown wait first."""
    longest: tuple[ResourceLoad | None, float | None] = (None, None)
    for id in step.resource:
        load = case.loads[id]
        alone = load.waiting_time_of(case.of.service)
        if alone is None:
            return load, None
        wait = alone / case.of.demands[id].open_share
        if longest[1] is None or wait > longest[1]:
            longest = (load, wait)
    return longest
