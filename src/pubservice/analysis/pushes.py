"""What moving a number of one service does before any queue answers: to its cases, and to what they ask of resources."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import attrs

from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.counted import shares_counted
from pubservice.analysis.cycle_times import share_in_time
from pubservice.analysis.lever import Lever
from pubservice.analysis.performance import service_performance
from pubservice.analysis.profile import batch_size, mean_seconds, profile
from pubservice.analysis.slopes import Asked
from pubservice.analysis.stays import Collecting, Queueing, least_share, longest_wait, stay
from pubservice.graph.visits import balance, flow_shares, flow_weights
from pubservice.model.procedure import Step, Wait

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pubservice.analysis.case import Case
    from pubservice.analysis.load import ResourceLoad
    from pubservice.analysis.on_time import OnTime
    from pubservice.analysis.profile import Profile

_LITTLE = 1e-4  # by which the probability of an inclusive flow is moved


@attrs.frozen
class Push:
    """
    What a lever does directly, per unit of it.

    Attributes:
        lever: What is moved.
        time: Seconds of cycle time of its service; None where that is unknown.
        on_time: Share of its cases in time; None likewise.
        cost: Of a case of its service; None likewise.
        asked: What changes for each resource.
        exact: Whether these are derivatives of formulas, not differences.
    """

    lever: Lever
    time: float | None
    on_time: float | None
    cost: float | None
    asked: Mapping[str, Asked]
    exact: bool = True


class _Visit(NamedTuple):
    """
    What one more visit of a node brings, or a visit as it is.

    Attributes:
        stay: Seconds that it lasts, queues included.
        cost: To the office; 0 where nothing has a cost.
        asked: Of each resource.
    """

    stay: float
    cost: float
    asked: Asked


@attrs.define(eq=False)
class Pushes:
    """
    The levers of one service.

    Attributes:
        case: Of it; its visits exist.
        timely: Whether its cycle time is known.
        costed: Whether its cost is known.
        on_time: How the share in time answers; None where it is unknown.
    """

    case: Case
    timely: bool
    costed: bool
    on_time: OnTime | None

    @property
    def _of(self) -> Profile:
        return self.case.of

    @cached_property
    def _visits(self) -> Sequence[float]:
        assert self._of.visits is not None  # the caller looked
        return self._of.visits

    @cached_property
    def counted(self) -> list[float]:
        """For each node the share of its time that counts in the cycle time; 0 where that is unknown."""
        stays = [stay(self.case, i).total if n else 0.0 for i, n in enumerate(self._visits)]
        return [share or 0.0 for share in shares_counted(self.case, [time is None for time in stays])]

    def by_wait(self) -> dict[str, float]:
        """Return how the cycle time answers to the wait for each resource."""
        found: dict[str, float] = {}
        for i, id, share in self._queued():
            answer = self.counted[i] * self._visits[i] / share * self._of_the_mean(id)
            found[id] = found.get(id, 0.0) + answer
        return found

    def _of_the_mean(self, id: str) -> float:
        """Return how long the service waits for a resource beside the mean of all services; held, whatever moves."""
        load = self.case.loads[id]
        wait = load.waiting_time_of(self._of.service)
        return wait / load.waiting_time_s if wait and load.waiting_time_s else 1.0

    def on_time_by_wait(self) -> dict[str, tuple[float, float]]:
        """Return how the share in time answers to the wait for each resource, and to the probability of having to wait."""
        found: dict[str, tuple[float, float]] = {}
        if self.on_time is None:
            return found
        for i, id, _ in self._queued():
            part = self._part(i, Queueing)
            assert part is not None  # there is a queue
            chance, wait = self.case.loads[id].waiting_probability, self.case.loads[id].waiting_time_s
            if not wait:
                continue  # others wait without bound: no formula says how these answer
            assert chance  # there is a queue
            # The mean of those who wait is wait / share / chance.
            by_length = self.on_time.by_length(i, part)
            by_chance = self.on_time.by_waiting(i, part) - by_length / chance
            before = found.get(id, (0.0, 0.0))
            found[id] = before[0] + by_length / wait, before[1] + by_chance
        return found

    def on_time_with(self, then: ResourceLoad) -> float:
        """Return by how much the share in time rises with another load of a resource, each visit looked at by itself."""
        assert self.on_time is not None  # the caller looked
        chance = then.waiting_probability or 0.0
        mean = (then.waiting_time_of(self._of.service) or 0.0) / chance if chance else 1.0
        total = 0.0
        for i, id, share in self._queued():
            if id == then.resource:
                part = self._part(i, Queueing)
                assert part is not None  # there is a queue
                total += self.on_time.with_wait(i, part, Queueing(chance, mean / share))
        return total

    def _queued(self) -> Iterator[tuple[int, str, float]]:
        """Yield the steps that cases queue for, the resource that is waited for longest, and its open share."""
        for i, step in enumerate(self._of.service.procedure.steps):
            if self._visits[i]:
                load, wait = longest_wait(self.case, step)
                if load is not None and wait:
                    yield i, load.resource, self._of.demands[load.resource].open_share

    def _part(self, i: int, kind: type) -> int | None:
        """Return which random part of a visit is of a kind."""
        assert self.on_time is not None  # the caller looked
        parts = self.on_time.time.parts[i]
        return next((n for n, part in enumerate(parts) if isinstance(part, kind)), None)

    # Levers

    def pushes(self) -> Iterator[Push]:
        """Yield what each lever does."""
        yield from self._times()
        yield from self._probabilities()
        if self._of.rate:
            yield self._rate()

    def _times(self) -> Iterator[Push]:
        """Yield what the times of steps and waits do."""
        of = self._of
        for i, node in enumerate(of.service.procedure.workers):
            if not self._visits[i]:
                continue
            time = node.processing_time if isinstance(node, Step) else node.time
            mean = None if time is None else mean_seconds(time, of.clock)
            if not mean:
                continue
            share = answer = 1.0
            if isinstance(node, Step):
                lever = Lever("processing-time", of.service.id, node.id, mean)
                share = least_share(self.case, node)
            else:
                assert of.waits[i] is not None  # its mean is known
                lever = Lever("wait", of.service.id, node.id, of.waits[i] or 0.0)
                if i in of.passing:  # what is added to it may be open more or less often than what it has
                    answer = of.passing[i].slope / of.passing[i].mean
            yield Push(
                lever,
                self.counted[i] * self._visits[i] * answer / share if self.timely else None,
                None if self.on_time is None else self.on_time.by_length(i, 0) * answer / lever.value,
                self._visits[i] * self._pay(node) if self.costed else None,
                self._longer(i, node, mean),
            )

    def _longer(self, i: int, node: Step | Wait, mean: float) -> dict[str, Asked]:
        """Return what resources are asked for if a step takes a second longer on average, its variation with it."""
        of = self._of
        if not isinstance(node, Step) or of.rate is None:
            return {}
        assert node.processing_time is not None  # it has a mean
        rate = of.rate * self._visits[i]
        scv = node.processing_time.scv
        square = 2 * (of.times[i] or 0.0) + 2 * scv * mean
        asked = Asked(rate, rate * square, rate * node.staff, rate * (1 + scv))
        return {id: asked.times(1 / of.demands[id].open_share) for id in node.resource}

    def _pay(self, node: Step | Wait) -> float:
        """Return what a second of work at a node costs."""
        if not isinstance(node, Step):
            return 0.0
        organisation = self.case.evaluation.organisation
        return sum(node.staff * organisation.resource(id).cost_per_second for id in node.resource)

    def _probabilities(self) -> Iterator[Push]:
        """Yield what the probabilities of flows do: of a choice the others give way in proportion."""
        of = self._of
        graph = of.graph
        weights = flow_weights(graph, of.nested, flow_shares(graph))
        for i, given in enumerate(graph.probabilities):
            for place, p in enumerate(given):
                if not p or not self._visits[i]:
                    continue
                flow = f"{graph.id(i)} → {graph.id(graph.successors[i][place])}"
                lever = Lever("probability", of.service.id, flow, p)
                if graph.splits[i] == "inclusive":
                    yield self._inclusive(lever, i, place)
                elif p < 1:
                    change = [-(q or 0.0) / (1 - p) for q in given]
                    change[place] = 1.0
                    yield self._choice(lever, i, change, weights)

    def _choice(self, lever: Lever, i: int, change: list[float], weights: list[list[float]]) -> Push:
        """Return what moving the probabilities of a choice does: visits change by one linear system."""
        graph = self._of.graph
        inflow = [0.0] * len(graph.nodes)
        for target, by in zip(graph.successors[i], change, strict=True):
            inflow[target] += self._visits[i] * by
        more = balance(graph, weights, inflow)
        on_time = None
        if self.on_time is not None:
            on_time = sum(by * self.on_time.by_chance(i, n) for n, by in enumerate(change))
            for n, step in enumerate(self._of.service.procedure.steps):
                if step.batch is not None and more[n]:
                    on_time += more[n] / self._visits[n] * self._fuller(n, step)
        return self._visited(lever, more, on_time)

    def _visited(self, lever: Lever, more: Sequence[float], on_time: float | None) -> Push:
        """Return what a lever does that changes how often each node is visited."""
        of = self._of
        time = cost = 0.0
        asked: dict[str, Asked] = {}
        for i, node in enumerate(of.service.procedure.workers):
            if not more[i]:
                continue
            visit = self._one_more[i]
            time += self.counted[i] * more[i] * visit.stay
            cost += more[i] * visit.cost
            if isinstance(node, Step) and of.rate is not None:
                for id in node.resource:
                    part = visit.asked.times(of.rate * more[i] / of.demands[id].open_share)
                    asked[id] = asked[id].plus(part) if id in asked else part
        return Push(lever, time if self.timely else None, on_time, cost if self.costed else None, asked)

    def _rate(self) -> Push:
        """Return what one case more per second does: queues aside, only batches change."""
        of = self._of
        assert of.rate is not None  # the caller looked
        time = on_time = cost = 0.0
        asked: dict[str, Asked] = {}
        for i, node in enumerate(of.service.procedure.workers):
            if not self._visits[i]:
                continue
            more, now = self._one_more[i], self._now[i]
            time += self.counted[i] * self._visits[i] * (more.stay - now.stay) / of.rate
            cost += self._visits[i] * (more.cost - now.cost) / of.rate
            if isinstance(node, Step):
                for id in node.resource:
                    part = more.asked.times(self._visits[i] / of.demands[id].open_share)
                    asked[id] = asked[id].plus(part) if id in asked else part
                if self.on_time is not None and node.batch is not None:
                    on_time += self._fuller(i, node) / of.rate
        lever = Lever("arrival-rate", of.service.id, "", of.rate)
        return Push(
            lever,
            time if self.timely else None,
            on_time if self.on_time is not None else None,
            cost if self.costed else None,
            asked,
        )

    def _fuller(self, i: int, step: Step) -> float:
        """Return how the share in time answers to a batch that fills sooner, by the logarithm of the rate."""
        assert self.on_time is not None  # the caller looked
        part = self._part(i, Collecting)
        total = 0.0 if part is None else -self.on_time.by_length(i, part)
        if step.setup_time is not None and self._shared(i, step) != (0.0, 0.0):
            # The set-up is the second part of a visit, and shorter the more share it.
            total -= self.on_time.by_length(i, 1)
        return total

    @cached_property
    def _now(self) -> list[_Visit]:
        """What each visit brings."""
        return [self._visit(i, more=False) for i in range(len(self._of.service.procedure.workers))]

    @cached_property
    def _one_more(self) -> list[_Visit]:
        """What one more visit of each node brings: it fills batches, and others share their set-ups with it."""
        return [self._visit(i, more=True) for i in range(len(self._of.service.procedure.workers))]

    def _visit(self, i: int, *, more: bool) -> _Visit:
        of = self._of
        node = of.service.procedure.workers[i]
        time = of.times[i] or 0.0
        lasts = self.case.stays[i]
        if not isinstance(node, Step) or not self._visits[i]:
            return _Visit(lasts, 0.0, Asked())
        setup, square = self._setup(i, node)
        whole = time * time + square
        if node.processing_time is not None:
            whole += node.processing_time.scv * (time - setup) ** 2
        if more:
            shared, shared_square = self._shared(i, node)
            if node.batch is not None and node.batch.size is not None:
                lasts -= of.waits[i] or 0.0
            lasts -= shared / least_share(self.case, node)
            whole -= 2 * time * shared + shared_square
            time -= shared
        cost = time * self._pay(node) + (0.0 if node.cost is None else node.cost.amount)
        return _Visit(lasts, cost, Asked(time, whole, time * node.staff))

    def _setup(self, i: int, step: Step) -> tuple[float, float]:
        """Return the share of a set-up that a visit bears, in seconds, and its variance."""
        mean = None if step.setup_time is None else mean_seconds(step.setup_time, self._of.clock)
        if step.setup_time is None or mean is None:
            return 0.0, 0.0
        size = batch_size(self._of, step, self._visits[i])
        return mean / size, step.setup_time.scv * mean * mean / size

    def _shared(self, i: int, step: Step) -> tuple[float, float]:
        """Return the same as far as more visits in a period bear less of it each."""
        if step.batch is None or step.batch.period is None:
            return 0.0, 0.0
        return self._setup(i, step) if batch_size(self._of, step, self._visits[i]) > 1 else (0.0, 0.0)

    def _inclusive(self, lever: Lever, i: int, place: int) -> Push:
        """Return what the probability of a flow does that is taken or not whatever the others, as a difference."""
        of = self._of
        source, target = of.graph.id(i), of.graph.id(of.graph.successors[i][place])
        step = _LITTLE * min(lever.value, 1 - lever.value or lever.value)
        above = lever.value if lever.value == 1 else lever.value + step
        values = []
        for p in (above, lever.value - step):
            flows = [
                attrs.evolve(flow, probability=p) if (flow.source, flow.target) == (source, target) else flow
                for flow in of.service.procedure.flows
            ]
            service = attrs.evolve(of.service, procedure=attrs.evolve(of.service.procedure, flows=flows))
            values.append(
                self._measured(
                    profile(service, self.case.evaluation.organisation, self.case.evaluation.clocks)
                )
            )
        width = above - lever.value + step
        (time, on_time, cost, more), (time_less, on_time_less, cost_less, less) = values
        asked = {id: more[id].plus(less[id].times(-1)).times(1 / width) for id in more}
        return Push(
            lever,
            None if time is None or time_less is None else (time - time_less) / width,
            None if on_time is None or on_time_less is None else (on_time - on_time_less) / width,
            None if cost is None or cost_less is None else (cost - cost_less) / width,
            asked,
            exact=False,
        )

    def _measured(self, of: Profile) -> tuple[float | None, float | None, float | None, dict[str, Asked]]:
        """Return cycle time, share in time and cost of another profile in today's queues, and what it asks."""
        case = self.case
        found = service_performance(of, case.loads, case.evidence, case.evaluation)
        on_time = None
        if self.on_time is not None:
            on_time = share_in_time(CaseTime(found.case), self.on_time.within)
        rate = of.rate or 0.0
        asked = {
            id: Asked(demand.work, demand.square, demand.staffed).times(rate / demand.open_share)
            for id, demand in of.demands.items()
        }
        cost = found.office_cost.amount if self.costed and found.office_cost is not None else None
        return found.cycle_time_s if self.timely else None, on_time, cost, asked
