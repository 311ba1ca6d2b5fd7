"""A case on its way through one service: how long it stays where, and what follows for the service."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import attrs

from pubservice.analysis.applicant_time import applicant_time
from pubservice.analysis.counted import shares_counted
from pubservice.analysis.expenses import fees, office_cost, visit_cost
from pubservice.analysis.service_performance import Outcome, ServicePerformance, StepPerformance, ValueTimes
from pubservice.graph.blocks import serialised
from pubservice.graph.paths import components, longest_paths, unavoidable
from pubservice.graph.presence import Presence
from pubservice.graph.visits import branch_probabilities
from pubservice.messages import Message
from pubservice.model.procedure import End, Step, Wait
from pubservice.units import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pubservice.analysis.load import Evaluation, ResourceLoad
    from pubservice.analysis.profile import Profile
    from pubservice.graph.blocks import Block

Found = TypeVar("Found")

_VALUES = ("value-adding", "business-value-adding", "non-value-adding", None)  # in the order of `ValueTimes`


@attrs.define(eq=False)
class Case:
    """A case on its way through one service: the profile of the service, with queues."""

    of: Profile
    loads: Mapping[str, ResourceLoad]
    evidence: Mapping[str, float]
    evaluation: Evaluation
    undefined: dict[str, Message] = attrs.Factory(dict)
    stays: list[float] = attrs.Factory(list)
    queues: dict[int, float | None] = attrs.Factory(dict)

    def performance(self) -> ServicePerformance:
        """Return the numbers of the service."""
        of, undefined = self.of, self.undefined
        processing = theoretical = cycle = None
        if of.undefined is not None:
            names = (
                "processing_time_s",
                "value_times",
                "theoretical_cycle_time_s",
                "cycle_time_s",
            )
            undefined.update(dict.fromkeys(names, of.undefined))
            self._stays(None)
        else:
            assert of.visits is not None  # they exist where nothing says why they do not
            why = next(
                (of.unknown[i] for i, time in enumerate(of.times) if time is None and of.visits[i]), None
            )
            times = [time or 0.0 for time in of.times]
            if why is None:
                processing = sum([n * time for n, time in zip(of.visits, times, strict=True)])
                theoretical = self._compose(times, "theoretical_cycle_time_s")
            else:
                undefined["processing_time_s"] = undefined["value_times"] = why
                undefined["theoretical_cycle_time_s"] = why
            why = self._stays(why)
            if why is None:
                cycle = self._compose(self.stays, "cycle_time_s")
            else:
                undefined["cycle_time_s"] = why
        if of.rate is None:
            undefined["arrival_rate_per_s"] = Message("the service has no arrival rate")
        waiting = efficiency = None
        if cycle is None:
            undefined["cycle_time_elapsed_s"] = undefined["cycle_time_s"]
        if cycle is not None and theoretical is not None:
            waiting = max(0.0, cycle - theoretical)
            efficiency = theoretical / cycle if cycle else None
            if efficiency is None:
                reason = Message("the cycle time is 0")
                undefined["cycle_time_efficiency"] = undefined["value_added_ratio"] = reason
        else:
            reason = undefined.get("cycle_time_s") or undefined["theoretical_cycle_time_s"]
            undefined["waiting_time_s"] = reason
            undefined["cycle_time_efficiency"] = undefined["value_added_ratio"] = reason
        return ServicePerformance(
            of.service.id,
            of.rate,
            cycle,
            waiting,
            processing,
            theoretical,
            efficiency,
            self._known("office_cost", office_cost(self)),
            self._known("fees", fees(self)) or (),
            self._known("applicant_time_s", applicant_time(self)),
            undefined,
            self,
        )

    def cycle_time(self) -> float | None:
        """Return the mean time from arrival to end and nothing else, where all times but those in queues are known."""
        return None if self._stays(None) is not None else self._compose(self.stays, "cycle_time_s")

    def elapsed(self, cycle_time: float) -> float:
        """Return a cycle time while the calendar is closed too, in elapsed seconds."""
        of = self.of
        total = cycle_time / of.clock.share
        if of.passing:
            assert of.visits is not None  # there is a cycle time
            counted = shares_counted(self, [False] * len(of.graph.nodes))
            for i, passing in of.passing.items():
                times = of.visits[i] * (counted[i] or 0.0)
                total += times * (sum(of.elapsed_wait(i)) - passing.mean / of.clock.share)
        return total

    def _known(self, name: str, found: Found | Message) -> Found | None:
        """Return a number, or None and keep why it is unknown."""
        if isinstance(found, Message):
            self.undefined.setdefault(name, found)
            return None
        return found

    # Times

    def _stays(self, why: Message | None) -> Message | None:
        """Fill in how long a visit of each node lasts, queues included; return why one is unknown."""
        of = self.of
        for i, node in enumerate(of.graph.nodes):
            if isinstance(node, Step):
                stay = of.times[i]
                collecting = of.waits[i]
                queue: float | None = 0.0
                for id in node.resource:
                    load = self.loads[id]
                    share = of.demands[id].open_share
                    wait = load.waiting_time_of(of.service)
                    if wait is None or queue is None:
                        queue = None
                        if of.visits is not None and of.visits[i]:
                            why = why or self.no_wait(load)
                    else:
                        queue = max(queue, wait / share)
                        stay = None if stay is None else max(stay, (of.times[i] or 0.0) / share)
                if collecting is None and of.visits is not None and of.visits[i]:
                    why = why or of.unknown[i]
                self.queues[i] = None if queue is None or collecting is None else queue + collecting
                self.stays.append((stay or 0.0) + (self.queues[i] or 0.0))
            elif isinstance(node, Wait):
                time = of.waits[i]
                if time is None and of.visits is not None and of.visits[i]:
                    why = why or of.unknown[i]
                self.stays.append(time or 0.0)
            else:
                self.stays.append(0.0)
        return why

    @staticmethod
    def no_wait(load: ResourceLoad) -> Message:
        """Return why the wait for a resource does not exist."""
        return Message("{resource}: {why}", resource=load.resource, why=load.undefined["waiting_time_s"])

    def _compose(self, times: Sequence[float], name: str) -> float | None:
        """Return the mean time through the procedure; of parallel branches the longest mean counts."""
        of = self.of
        assert of.visits is not None  # the caller looked
        if of.nested.unstructured is not None:
            if self.is_precedence():
                return longest_paths(of.graph, times, at_most=1)[0]
            self.undefined[name] = of.nested.unstructured
            return None
        return self.region_times(of.visits, times)[id(of.nested.regions[0])]

    def region_times(self, visits: Sequence[float], times: Sequence[float]) -> dict[int, float]:
        """Return the mean time that a case spends in each region, by its identity."""
        nested = self.of.nested
        total = {id(region): sum([visits[i] * times[i] for i in region.nodes]) for region in nested.regions}
        for block in reversed(nested.blocks):
            entered = visits[block.split]
            if entered:
                total[id(block.region)] += entered * self._block_time(
                    block, [total[id(b)] for b in block.branches], entered
                )
        return total

    def branch_times(self) -> tuple[tuple[float, ...], ...]:
        """Return the mean time on each branch of each block, each time the block is entered."""
        visits, nested = self.of.visits, self.of.nested
        if visits is None or nested.unstructured is not None:
            return ()
        total = self.region_times(visits, self.stays)
        return tuple(
            tuple(total[id(b)] / visits[block.split] if visits[block.split] else 0.0 for b in block.branches)
            for block in nested.blocks
        )

    def _block_time(self, block: Block, totals: list[float], entered: float) -> float:
        if block.kind == "parallel":
            return max(totals) / entered
        # Longest first: the longest branch that is taken decides; given that one is taken at all.
        given = [p or 0.0 for p in self.of.graph.probabilities[block.split]]
        shares = branch_probabilities(given)
        ordered = sorted(
            (
                (total / (entered * share), p)
                for total, p, share in zip(totals, given, shares, strict=True)
                if share
            ),
            reverse=True,
        )
        mean, none_longer = 0.0, 1.0
        for time, p in ordered:
            mean += time * p * none_longer
            none_longer *= 1 - p
        return mean / (1 - none_longer)

    def value_times(self) -> ValueTimes:
        """Return work on a case by what it is worth; the caller knows that all of it is known."""
        of = self.of
        assert of.visits is not None  # work is known
        total = dict.fromkeys(_VALUES, 0.0)
        for step, visits, time in zip(of.service.procedure.steps, of.visits, of.times, strict=False):
            total[step.value] += visits * (time or 0.0)
        return ValueTimes(*total.values())

    def value_added_time(self) -> float:
        """Return the mean time through the procedure if only value-adding work took any, in seconds."""
        steps = self.of.service.procedure.steps
        times = [0.0] * len(self.of.graph.nodes)
        for i, (step, time) in enumerate(zip(steps, self.of.times, strict=False)):
            if step.value == "value-adding":
                times[i] = time or 0.0
        return self._compose(times, "value_added_ratio") or 0.0

    def is_precedence(self) -> bool:
        """Return whether the procedure has no choice and no loop: then it is a precedence graph, blocks or not."""
        graph = self.of.graph
        plain = all(kind in ("", "parallel") for kind in (*graph.splits, *graph.joins))
        return plain and all(len(component) == 1 for component in components(graph))

    @cached_property
    def has_loop(self) -> bool:
        """Whether a case can come back to where it was."""
        return any(len(component) > 1 for component in components(self.of.graph))

    @cached_property
    def presence(self) -> Presence:
        """Through which nodes a case comes at all, and how probably."""
        return Presence(self.of.graph, self.of.nested, self.of.visits or [])

    def no_queue(self, i: int, step: Step) -> Message:
        """Return why it is unknown how long a visit of a step waits or lasts."""
        if i in self.of.unknown:
            return self.of.unknown[i]
        return next(
            self.no_wait(self.loads[id])
            for id in step.resource
            if self.loads[id].waiting_time_of(self.of.service) is None
        )

    # Ways through

    def outcomes(self) -> tuple[Outcome, ...]:
        """Return how cases end."""
        of = self.of
        found: dict[tuple[str, bool], float] = {}
        if of.visits is None:
            return ()
        for i, node in enumerate(of.graph.nodes):
            if not of.graph.successors[i]:
                key = (node.outcome, node.completed) if isinstance(node, End) else ("completed", True)
                found[key] = found.get(key, 0.0) + of.visits[i]
        return tuple(
            Outcome(outcome, min(1.0, probability), completed)
            for (outcome, completed), probability in found.items()
        )

    def steps(self) -> tuple[StepPerformance, ...]:
        """Return what each step means for a case."""
        of = self.of
        passed = self.on_every_path()
        result = []
        for i, step in enumerate(of.service.procedure.steps):
            cost = visit_cost(self, i, step)
            visits = None if of.visits is None else of.visits[i]
            result.append(
                StepPerformance(
                    step.id,
                    visits,
                    of.times[i],
                    self.queues.get(i),
                    cost if isinstance(cost, Money) else None,
                    i in passed,
                )
            )
        return tuple(result)

    def undefined_of_steps(self) -> dict[str, Message]:
        """Return why a number of a step is unknown, by ``steps.`` its id and the number."""
        found: dict[str, Message] = {}
        for i, (step, known) in enumerate(zip(self.of.service.procedure.steps, self.steps(), strict=True)):
            if known.visits is None and self.of.undefined is not None:
                found[f"steps.{step.id}.visits"] = self.of.undefined
            if known.processing_time_s is None:
                found[f"steps.{step.id}.processing_time_s"] = self.of.unknown[i]
            if known.waiting_time_s is None:
                found[f"steps.{step.id}.waiting_time_s"] = self.no_queue(i, step)
            cost = visit_cost(self, i, step)
            if isinstance(cost, Message):
                found[f"steps.{step.id}.cost"] = cost
        return found

    def on_every_path(self) -> set[int]:
        """Return the nodes that every case that ends must pass."""
        of, graph = self.of, self.of.graph
        if graph.start < 0:
            return set()
        leaves = {i for i, out in enumerate(graph.successors) if not out}
        if of.nested.unstructured is not None:
            if self.is_precedence():
                return {i for component in components(graph) for i in component}
            return set(unavoidable(graph.start, leaves, graph.successors))
        return set(unavoidable(graph.start, leaves, serialised(graph, of.nested).successors))

    def critical_paths(self) -> tuple[tuple[str, ...], ...]:
        """Return the longest ways through, as node ids."""
        graph = self.of.graph
        _, paths = longest_paths(graph, self.stays)
        return tuple(tuple(dict.fromkeys(graph.ids(path))) for path in paths)
