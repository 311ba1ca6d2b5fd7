"""What a plan attains of each target, by how many there are of each resource."""

from __future__ import annotations

from math import ceil, exp, sqrt
from typing import TYPE_CHECKING, TypeAlias

import attrs

from pubservice.analysis.case import Case
from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.cycle_times import distribution_of
from pubservice.analysis.profile import ALWAYS, Clock, promised_seconds
from pubservice.errors import UndefinedResultError
from pubservice.messages import Message
from pubservice.planning.interval import loaded, open_by
from pubservice.units import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.analysis.load import ResourceLoad, Total
    from pubservice.analysis.profile import Demand as Asked
    from pubservice.analysis.profile import Profile
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.model.resource import OpenHours
    from pubservice.planning.interval import Week
    from pubservice.planning.target import PlanningTarget

Counts: TypeAlias = "Mapping[OpenHours, int] | Mapping[None, int] | Mapping[OpenHours | None, int]"

_SAME = 1e-9  # as good as the limit
_DEVIATIONS = 12  # of the load, above which nobody waits


@attrs.define(eq=False)
class Attainment:
    """
    What targets attain in a week, worked out once for each number of a resource.

    Attributes:
        week: Of services that all have arrival rates.
        resources: Ids of those that cases visit, in document order; the positions of amounts.
    """

    week: Week
    resources: tuple[str, ...]
    _asked: dict[tuple[str, OpenHours | None], tuple[Total, tuple[tuple[Profile, Asked], ...]]] = (
        attrs.Factory(dict)
    )
    _loads: dict[tuple[str, OpenHours | None, int], ResourceLoad] = attrs.Factory(dict)

    # Loads

    def load(self, id: str, count: int, interval: OpenHours | None = None) -> ResourceLoad:
        """
        Return the load of a resource in an interval, or at the mean rate.

        Raises:
            UndefinedResultError: What it has to do is not known.
        """
        key = (id, interval, count)
        if key not in self._loads:
            resource = self.week.organisation.resource(id)
            if (id, interval) not in self._asked:
                self._asked[id, interval] = self.week.total(resource, interval)
            found = loaded(resource, count, *self._asked[id, interval])
            if found.utilisation is None:
                raise UndefinedResultError(
                    Message("{resource}: {why}", resource=id, why=found.undefined["utilisation"])
                )
            self._loads[key] = found
        return self._loads[key]

    def offered(self, id: str, interval: OpenHours | None = None) -> float:
        """Return how many of a resource would be at work on average if nobody waited, in erlang."""
        offered = self.load(id, self._teams(id), interval).offered_load
        assert offered is not None  # the load is known
        return offered

    def _teams(self, id: str) -> int:
        """Return a number of a resource that is enough for every step by itself."""
        sizes = [
            step.staff
            for service in self.week.organisation.services
            for step in service.procedure.steps
            if id in step.resource
        ]
        return ceil(max(sizes, default=1) / self.week.organisation.resource(id).cases_at_once)

    def least(self, id: str, interval: OpenHours | None = None) -> int:
        """Return the least number of a resource that keeps up, and that each step needs at once."""
        most = self._teams(id)
        needed = self.load(id, most, interval).capacity_needed
        assert needed is not None  # the load is known
        return max(most, needed)

    def enough(self, id: str, interval: OpenHours | None = None) -> int:
        """Return a number of a resource with which nobody waits for it."""
        offered = self.offered(id, interval)
        return self._teams(id) * (ceil(offered + _DEVIATIONS * sqrt(offered)) + _DEVIATIONS)

    # Targets

    def of(self, target: PlanningTarget) -> tuple[int, ...]:
        """Return the positions of the resources that a target depends on."""
        if target.service is None:
            wanted = {target.resource} if target.resource is not None else set(self.resources)
        else:
            steps = self.week.organisation.service(target.service).procedure.steps
            wanted = {id for step in steps if target.step in (None, step.id) for id in step.resource}
        return tuple(i for i, id in enumerate(self.resources) if id in wanted)

    def ids(self, target: PlanningTarget) -> tuple[str, ...]:
        """Return the resources that a target depends on."""
        return tuple(self.resources[i] for i in self.of(target))

    def is_met(self, target: PlanningTarget, value: float | None) -> bool:
        """Return whether a value is what a target asks; none is not."""
        if value is None:
            return False
        if target.share is not None:
            return value >= target.share - _SAME
        return value <= self.limit(target) * (1 + _SAME)

    def limit(self, target: PlanningTarget) -> float:
        """Return what a mean, a utilisation or a number may be at most; times in seconds of the clock that runs."""
        if not isinstance(target.value, Duration):
            return target.value
        seconds = promised_seconds(target.value, self._clock(target))
        if seconds is None:
            raise UndefinedResultError(
                Message("{length} is working time, and there is no calendar", length=str(target.value))
            )
        return seconds

    def _clock(self, target: PlanningTarget) -> Clock:
        if target.service is not None:
            return self.week.evaluation.profiles[target.service].clock
        assert target.resource is not None  # times are of a service or a resource
        organisation = self.week.organisation
        calendar = open_by(organisation, organisation.resource(target.resource))
        if calendar is None:
            return ALWAYS
        return Clock(calendar.open_share, calendar.hours_per_working_day)

    def at_mean(self, target: PlanningTarget, counts: Mapping[str, Counts]) -> float | None:
        """Return what is attained at the mean rate, of single resources or not."""
        if not target.of_week:
            return self.worst(target, counts)
        loads = {id: self.load(id, next(iter(count.values()))) for id, count in counts.items()}
        return self.value(target, loads)

    def value(self, target: PlanningTarget, loads: Mapping[str, ResourceLoad]) -> float | None:
        """
        Return what is attained of a target of a service: a share, or seconds; None where a resource cannot keep up.

        Args:
            target: That is not of single resources.
            loads: Of the resources that it depends on.

        Raises:
            UndefinedResultError: It does not exist, however many there are.
        """
        if any(load.waiting_time_s is None for load in loads.values()):
            return None
        assert target.service is not None  # all others are of single resources
        found = self.performance(target.service, loads)
        name = "waiting_time_s" if target.metric == "waiting-time" else "cycle_time_s"
        seconds: float | None = getattr(found, name)
        if seconds is None:
            raise UndefinedResultError(
                Message("{service}: {why}", service=target.service, why=found.undefined[name])
            )
        if target.share is None:
            return seconds
        assert isinstance(target.value, Duration)  # a share is of a time
        return distribution_of(CaseTime(found.case)).probability_within(target.value)

    def worst(self, target: PlanningTarget, counts: Mapping[str, Counts]) -> float | None:
        """
        Return what is attained of a target of single resources in the worst interval; None where one cannot keep up.

        Args:
            target: Of single resources.
            counts: By resource, how many there are in each interval.
        """
        values = [
            self.single(target, id, count, hours)
            for id, week in counts.items()
            for hours, count in week.items()
        ]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        return min(known, default=1.0) if target.share is not None else max(known, default=0.0)

    def performance(self, service: str, loads: Mapping[str, ResourceLoad]) -> ServicePerformance:
        """Return what cases of a service go through where resources have some loads."""
        of = self.week.evaluation.profiles[service]
        every = {**self.week.evaluation.loads, **loads}  # also of steps that no case comes to
        return Case(of, every, {}, self.week.evaluation).performance()

    def single(self, target: PlanningTarget, id: str, count: int, interval: OpenHours | None) -> float | None:
        """Return what is attained at one resource of a target of single resources; None where it cannot keep up."""
        if target.metric == "capacity":
            return float(count)
        load = self.load(id, count, interval)
        if target.metric == "utilisation":
            return load.utilisation
        if load.waiting_time_s is None:
            return None
        if target.share is None:
            return load.waiting_time_s
        return service_level(load, self.limit(target))


def service_level(load: ResourceLoad, within: float) -> float:
    """
    Return the share of visits that wait no longer than some seconds: none, or an exponential time.

    Exact for M/M/c; the approximation is that of `queueing.service_level_allen_cunneen`.
    """
    waits, mean = load.waiting_probability, load.waiting_time_s
    if not waits or not mean:
        return 1.0
    return 1 - waits * exp(-within * waits / mean)
