"""What each lever of an organisation does, once all queues have answered."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import attrs

from pubservice.analysis.case import Case
from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.cycle_times import distribution_of, level_of, open_within
from pubservice.analysis.lever import BETTER, MEASURES, Effect, Lever
from pubservice.analysis.load import load
from pubservice.analysis.on_time import OnTime
from pubservice.analysis.performance import evidence_times, service_performance
from pubservice.analysis.pushes import Pushes
from pubservice.analysis.slopes import after, slope
from pubservice.errors import UndefinedResultError
from pubservice.messages import Message
from pubservice.provenance import Method
from pubservice.units import SECONDS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.analysis.lever import Measure
    from pubservice.analysis.load import Evaluation, ResourceLoad
    from pubservice.analysis.pushes import Push
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.analysis.slopes import Asked

    Slopes = dict[str, float | None]

_MOST_PAIRS = 1_000_000  # of a lever and a service: each has its numbers
_EXACT: dict[Measure, Method] = {
    "cycle_time": Method("exact", "derivative of the formula"),
    "on_time": Method("approximation", "derivative on a grid of times, over a tenth of the promise"),
    "cost": Method("exact", "derivative of the formula"),
}
_DIFFERENCE = Method("approximation", "difference")
_ONE_MORE: dict[Measure, Method] = {
    "cycle_time": Method("exact", "difference to one more"),
    "on_time": Method("approximation", "difference to one more, each visit by itself, on a grid of times"),
    "cost": Method("exact", "difference to one more"),
}


class _Answer(NamedTuple):
    """How the cases of one service answer to queues: by resource, to waits, and to the probability of having to wait."""

    by_wait: dict[str, float]
    on_time: dict[str, tuple[float, float]]


class Levers:
    """
    All levers of an organisation.

    Attributes:
        base: By measure and service, today's value.
        currency: Of the costs; None where there are none, or several.
        undefined: Why a measure of a service does not exist, by service and measure.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.evidence = evidence_times(evaluation.organisation)
        self.services = {
            id: service_performance(of, evaluation.loads, self.evidence, evaluation)
            for id, of in evaluation.profiles.items()
        }
        self.times: dict[str, CaseTime] = {}  # of cases of services with a promise
        self.within: dict[str, NDArray[np.float64]] = {}  # how long they have
        self.undefined: dict[str, dict[Measure, Message]] = {id: {} for id in self.services}
        self.base: dict[Measure, Slopes] = {measure: {} for measure in MEASURES}
        costs = {s.office_cost.currency for s in self.services.values() if s.office_cost is not None}
        self.currency = next(iter(costs)) if len(costs) == 1 else None
        for id, service in self.services.items():
            self.base["cycle_time"][id] = service.cycle_time_s
            self.base["on_time"][id] = self._on_time(service)
            self.base["cost"][id] = None if service.office_cost is None else service.office_cost.amount
            for measure, name in (("cycle_time", "cycle_time_s"), ("cost", "office_cost")):
                if getattr(service, name) is None:
                    self.undefined[id][measure] = service.undefined[name]  # type: ignore[index]  # a measure
        rates = [of.cases_per_year for of in evaluation.profiles.values()]
        known = [rate for rate in rates if rate]
        self.cases = dict(
            zip(self.services, rates if len(known) == len(rates) else [1.0] * len(rates), strict=True)
        )
        self.cases_per_year = sum(known)
        self.slopes_of = {id: slope(one, evaluation.totals[id]) for id, one in evaluation.loads.items()}
        self.pushes = {id: self._pushes(service) for id, service in self.services.items()}
        self.known: dict[Measure, list[str]] = {
            measure: [id for id in self.services if measure not in self.undefined[id]] for measure in MEASURES
        }

    def _on_time(self, service: ServicePerformance) -> float | None:
        limit, share = service.case.of.service.standard.completion_time, None
        if limit is None:
            why = Message("the standard of the service promises no completion time")
        elif service.cycle_time_s is None:
            why = service.undefined["cycle_time_s"]
        else:
            try:
                time = CaseTime(service.case)
                within = open_within(service.case, limit)
                share = distribution_of(time).probability_within(limit)
            except UndefinedResultError as error:
                why = error.message
            else:
                self.times[service.id], self.within[service.id] = time, within
                return share
        self.undefined[service.id]["on_time"] = why
        return None

    def _pushes(self, service: ServicePerformance) -> Pushes:
        within, on_time = self.within.get(service.id), None
        if within is not None:
            time = self.times[service.id]
            try:
                on_time = OnTime(time, within, level_of(time, float(within.max())))
            except UndefinedResultError as error:
                self.undefined[service.id]["on_time"] = error.message
        timely, costed = service.cycle_time_s is not None, service.office_cost is not None
        return Pushes(service.case, timely, costed, on_time)

    def effects(self) -> Iterator[Effect]:
        """
        Yield what each lever does.

        Raises:
            UndefinedResultError: There are too many.
        """
        answers: dict[str, _Answer] = {}
        pushes: list[Push] = []
        for id, of in self.pushes.items():
            if of.case.of.visits is None:
                answers[id] = _Answer({}, {})
                continue
            answers[id] = _Answer(of.by_wait() if of.timely else {}, of.on_time_by_wait())
            pushes.extend(of.pushes())
        if len(pushes) * len(self.services) > _MOST_PAIRS:
            message = Message(
                "{levers:,} levers of {services:,} services are more than {most:,} pairs: leave out services",
                levers=len(pushes),
                services=len(self.services),
                most=_MOST_PAIRS,
            )
            raise UndefinedResultError(message)
        yield from self._effects(pushes, answers)
        yield from self._capacities()

    def _effects(self, pushes: list[Push], answers: Mapping[str, _Answer]) -> Iterator[Effect]:
        """Yield what each lever does once queues have answered."""
        better = [_better(push) for push in pushes]
        a_little = self._answered(pushes, answers, [1.0] * len(pushes), self._a_little)
        much = self._answered(pushes, answers, better, self._much)
        for row, push in enumerate(pushes):
            slopes = self._slopes(push, 1.0, {measure: values[row] for measure, values in a_little.items()})
            moved = self._slopes(
                push, better[row], {measure: values[row] for measure, values in much.items()}
            )
            moved["on_time"] = {id: self._within_bounds(id, share) for id, share in moved["on_time"].items()}
            method = _EXACT if push.exact else dict.fromkeys(MEASURES, _DIFFERENCE)
            yield self._effect(
                push.lever, slopes, {m: self._mean(values) for m, values in moved.items()}, method
            )

    def _within_bounds(self, id: str, more: float | None) -> float | None:
        """Return a change of the share in time that leaves it from 0 to 1."""
        now = self.base["on_time"][id]
        return None if more is None or now is None else max(-now, min(1 - now, more))

    def _a_little(self, id: str, asked: Asked, _: float) -> tuple[float, float]:
        return self.slopes_of[id].wait(asked), self.slopes_of[id].chance(asked)

    def _much(self, id: str, asked: Asked, by: float) -> tuple[float, float]:
        return after(self.evaluation.loads[id], self.evaluation.totals[id], asked.moved(by))

    def _answered(
        self,
        pushes: list[Push],
        answers: Mapping[str, _Answer],
        by: list[float],
        queue: Callable[[str, Asked, float], tuple[float, float]],
    ) -> dict[Measure, list[list[float]]]:
        """Return by measure, lever and service what the answer of the queues does to so much of each lever."""
        import numpy as np

        place = {id: n for n, id in enumerate(self.evaluation.loads)}
        waits, chances = np.zeros((len(pushes), len(place))), np.zeros((len(pushes), len(place)))
        for row, push in enumerate(pushes):
            for id, asked in push.asked.items():
                waits[row, place[id]], chances[row, place[id]] = queue(id, asked, by[row])
        times, by_wait, by_chance = (np.zeros((len(place), len(self.services))) for _ in range(3))
        for column, id in enumerate(self.services):
            for resource, value in answers[id].by_wait.items():
                times[place[resource], column] = value
            for resource, (first, second) in answers[id].on_time.items():
                by_wait[place[resource], column], by_chance[place[resource], column] = first, second
        return {
            "cycle_time": (waits @ times).tolist(),
            "on_time": (waits @ by_wait + chances @ by_chance).tolist(),
            "cost": np.zeros((len(pushes), len(self.services))).tolist(),
        }

    def _slopes(
        self, push: Push, by: float, answered: Mapping[Measure, list[float]]
    ) -> dict[Measure, Slopes]:
        """Return by measure and service what so much of a lever does, given what the queues do."""
        direct = {"cycle_time": push.time, "on_time": push.on_time, "cost": push.cost}
        found: dict[Measure, Slopes] = {}
        for measure in MEASURES:
            of = found[measure] = dict.fromkeys(self.services)
            for id, queues in zip(self.services, answered[measure], strict=True):
                if id in self.known[measure]:
                    own = direct[measure] if id == push.lever.service else 0.0
                    of[id] = None if own is None else own * by + queues
        return found

    def _capacities(self) -> Iterator[Effect]:
        """Yield what one more of each resource does, in whole teams."""
        for id, one in self.evaluation.loads.items():
            if not one.utilisation:
                continue
            resource = self.evaluation.organisation.resource(id)
            more = attrs.evolve(resource, capacity=one.capacity + one.team)
            then = load(more, self.evaluation.totals[id], one.demands)
            slopes: dict[Measure, Slopes] = {measure: {} for measure in MEASURES}
            for name, service in self.services.items():
                before = {measure: self.base[measure][name] for measure in MEASURES}
                after = before if id not in service.case.of.demands else self._with(service, then)
                for measure in MEASURES:
                    known = name in self.known[measure]
                    slopes[measure][name] = (
                        _less(after[measure], before[measure], one.team) if known else None
                    )
            lever = Lever("capacity", None, id, float(one.capacity))
            by = BETTER * lever.value
            mean = {m: self._mean(values) for m, values in slopes.items()} | {"cost": self._salary(id)}
            moved = {m: None if value is None else by * value for m, value in mean.items()}
            yield self._effect(lever, slopes, moved, _ONE_MORE, mean["cost"])

    def _with(self, service: ServicePerformance, then: ResourceLoad) -> dict[Measure, float | None]:
        """Return the measures of a service with another load of one of its resources."""
        loads = {**self.evaluation.loads, then.resource: then}
        time = self.base["cycle_time"][service.id]
        if time is not None:
            time = Case(service.case.of, loads, self.evidence, self.evaluation).cycle_time()
        on_time = self.base["on_time"][service.id]
        if on_time is not None and service.id in self.known["on_time"]:
            on_time = min(1.0, on_time + self.pushes[service.id].on_time_with(then))
        return {"cycle_time": time, "on_time": on_time, "cost": self.base["cost"][service.id]}

    def _salary(self, id: str) -> float | None:
        """Return what one more of a resource costs a case on average, at work or not; None where that is unknown."""
        organisation = self.evaluation.organisation
        resource = organisation.resource(id)
        if resource.cost is None or resource.cost.currency != self.currency or not self.cases_per_year:
            return None
        calendar = organisation.calendar_of(resource)
        share = 1.0 if calendar is None else calendar.open_share
        return resource.cost.per_second * share * SECONDS_PER_YEAR / self.cases_per_year

    def _effect(
        self,
        lever: Lever,
        slopes: dict[Measure, Slopes],
        moved: Mapping[Measure, float | None],
        method: Mapping[Measure, Method],
        salary: float | None = None,
    ) -> Effect:
        mean = {measure: self._mean(slopes[measure]) for measure in MEASURES}
        if lever.kind == "capacity":
            mean["cost"] = salary
        elif self.currency is None:
            mean["cost"] = None
            moved = {**moved, "cost": None}
        gain = {
            m: None if value is None else value if m == "on_time" else 0.0 - value
            for m, value in moved.items()
        }
        return Effect(lever, slopes, mean, gain, {m: self._told(m, how) for m, how in method.items()})

    def _told(self, measure: Measure, how: Method) -> Method:
        """Return how an effect was found, with what the queues leave out; costs know no queue."""
        if measure == "cost" or not self.left_out:
            return how
        return Method("approximation", "; ".join([how.name, *self.left_out]))

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """What no formula knows of any resource, and what is held while others move."""
        loads = self.evaluation.loads.values()
        found = [str(what) for load in loads for what in load.left_out]
        if any(load.by_priority for load in loads):
            found.append("how priorities share a wait held")
        if any(load.by_priority and load.waiting_time_s is None for load in loads):
            found.append("waits of the urgent for who cannot keep up with all held")
        return tuple(dict.fromkeys(found))

    def _mean(self, slopes: Slopes) -> float | None:
        known = [(self.cases[id] or 0.0, value) for id, value in slopes.items() if value is not None]
        total = sum(cases for cases, _ in known)
        return sum(cases * value for cases, value in known) / total if total else None


def _better(push: Push) -> float:
    """Return how much a tenth better is: of a probability whichever way makes the cases of its service shorter, up to 1."""
    by = BETTER * push.lever.value
    if push.lever.kind == "probability" and (push.time or 0.0) < 0:
        return min(by, 1 - push.lever.value)
    return -by


def _less(after: float | None, before: float | None, by: int) -> float | None:
    return None if after is None or before is None else (after - before) / by
