"""What a case of a service goes through: time, money, outcomes, and how each number was found."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.applicant import (
    HOURS_PER_WORKING_DAY,
    Document,
    alternatives_of,
    handed_in,
    soonest,
    spent_at,
    travel_times,
)
from pubservice.analysis.bottlenecks import ASSUMPTIONS, SOURCES, Bottlenecks, bottlenecks_of
from pubservice.analysis.load import Evaluation, ResourceLoad, evaluate
from pubservice.analysis.provenance import Method, Provenance, provenance
from pubservice.errors import UnknownIdError
from pubservice.graph.blocks import serialised
from pubservice.graph.paths import components, longest_paths, unavoidable
from pubservice.graph.presence import Presence
from pubservice.graph.visits import branch_probabilities
from pubservice.memory import uncollected
from pubservice.messages import Message, translate
from pubservice.model.procedure import End, Step, Wait
from pubservice.table import table
from pubservice.units import Money, in_words, quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pubservice.analysis.profile import Profile
    from pubservice.graph.blocks import Block, Region
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Resource
    from pubservice.model.service import Evidence
    from pubservice.units import Quantity


@attrs.frozen
class Outcome:
    """
    How a case may end.

    Attributes:
        outcome: In the words of the model; ``completed`` where a node merely has no flow out of it.
        probability: 0 to 1.
        completed: Whether the service then did what it is there for.
    """

    outcome: str
    probability: float
    completed: bool


@attrs.frozen
class StepPerformance:
    """
    What a step means for a case.

    Attributes:
        id: The step.
        visits: Expected times that a case comes to it.
        processing_time_s: Mean seconds of work of a visit; None where unknown.
        waiting_time_s: Mean seconds on the service's clock that a visit waits, for the resource and for the batch.
        cost: What a visit costs the office; None where unknown.
        on_every_path: Whether every case that ends must pass it.
    """

    id: str
    visits: float | None
    processing_time_s: float | None
    waiting_time_s: float | None
    cost: Money | None
    on_every_path: bool


@attrs.frozen
class ValueTimes:
    """
    Work on a case by what it is worth: mean seconds, branches added; together they are the processing time.

    Attributes:
        value_adding_s: The applicant would pay for it, or miss it.
        business_value_adding_s: The office needs it, or the law requires it.
        non_value_adding_s: Neither: handing over, correcting, doing again.
        unclassified_s: Steps that do not say.

    Source:
        Dumas et al. (2018), §6.1.
    """

    value_adding_s: float = 0.0
    business_value_adding_s: float = 0.0
    non_value_adding_s: float = 0.0
    unclassified_s: float = 0.0


@attrs.frozen
class ServicePerformance:
    """
    What a case of one service goes through. Times are means on the service's clock, in seconds.

    Attributes:
        id: The service.
        arrival_rate_per_s: New cases per second of the service's clock.
        cycle_time_s: From arrival to end: work, queues and waits.
        cycle_time_elapsed_s: The same while the calendar is closed too: cycle time / open share.
        waiting_time_s: Cycle time − theoretical cycle time.
        processing_time_s: Work on a case, branches added.
        theoretical_cycle_time_s: Cycle time if nothing ever waited: work alone, of parallel branches the longest.
        cycle_time_efficiency: Theoretical cycle time / cycle time, 0 to 1.
        office_cost: What a case costs the office.
        fees: What an applicant is expected to pay, per currency.
        applicant_time_s: What a case takes of the applicant's time.
        undefined: Why a number is None, by its name.
        case: What it was worked out from.
    """

    id: str
    arrival_rate_per_s: float | None
    cycle_time_s: float | None
    cycle_time_elapsed_s: float | None
    waiting_time_s: float | None
    processing_time_s: float | None
    theoretical_cycle_time_s: float | None
    cycle_time_efficiency: float | None
    office_cost: Money | None
    fees: tuple[Money, ...]
    applicant_time_s: float | None
    undefined: dict[str, Message] = attrs.field(eq=False)
    case: Case = attrs.field(eq=False, repr=False)

    @property
    def cycle_time(self) -> Quantity | None:
        """Mean time from arrival to end on the service's clock, in hours."""
        return _hours(self.cycle_time_s)

    @property
    def waiting_time(self) -> Quantity | None:
        """Mean time that is not work, in hours."""
        return _hours(self.waiting_time_s)

    @property
    def processing_time(self) -> Quantity | None:
        """Mean work on a case, in hours."""
        return _hours(self.processing_time_s)

    @property
    def theoretical_cycle_time(self) -> Quantity | None:
        """Mean cycle time without any waiting, in hours."""
        return _hours(self.theoretical_cycle_time_s)

    @property
    def applicant_time(self) -> Quantity | None:
        """Mean time that a case takes of the applicant, in hours."""
        return _hours(self.applicant_time_s)

    @cached_property
    def value_times(self) -> ValueTimes | None:
        """Work on a case by what it is worth, in seconds; None where the processing time is."""
        return None if self.processing_time_s is None else self.case.value_times()

    @cached_property
    def value_added_ratio(self) -> float | None:
        """
        Cycle time of the value-adding work alone / cycle time, 0 to the cycle time efficiency.

        Where nothing runs side by side that is value-adding time / cycle time; of parallel branches the longest counts,
        as in the efficiency.
        """
        if not self.cycle_time_s or self.theoretical_cycle_time_s is None:
            return None
        return self.case.value_added_time() / self.cycle_time_s

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """What the applicant hands in: what steps ask for in document order, then what comes with the application."""
        return self.case.documents()

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How cases end, in document order; ends with the same outcome together."""
        return self.case.outcomes()

    @cached_property
    def steps(self) -> tuple[StepPerformance, ...]:
        """What each step means for a case, in document order."""
        return self.case.steps()

    def step(self, id: str) -> StepPerformance:
        """
        Return what one step means for a case.

        Raises:
            UnknownIdError: There is no such step.
        """
        for step in self.steps:
            if step.id == id:
                return step
        raise UnknownIdError("step", id, [step.id for step in self.steps])

    @property
    def on_every_path(self) -> tuple[str, ...]:
        """The steps that every case must pass, in document order."""
        return tuple(step.id for step in self.steps if step.on_every_path)

    @cached_property
    def critical_paths(self) -> tuple[tuple[str, ...], ...]:
        """
        The longest ways through the procedure by mean time, as node ids; all of them where there are ties, at most 100.

        Of a choice the longest alternative counts, and a loop is passed once. Queues are left out where they are
        unknown.
        """
        return self.case.critical_paths()

    @cached_property
    def branch_times(self) -> tuple[tuple[float, ...], ...]:
        """
        For each parallel or inclusive block the mean seconds that a case spends on each of its branches, queues included.

        Blocks are in the order of `graph.blocks`, branches in document order; none where blocks do not close. Queues are
        left out where they are unknown.
        """
        return self.case.branch_times()

    @cached_property
    def method(self) -> dict[str, Method]:
        """How each number was found, by its name."""
        exact = Method("exact", "flow analysis")
        found = {
            name: exact
            for name in (
                "processing_time_s",
                "value_times",
                "office_cost",
                "waiting_time_s",
                "cycle_time_s",
                "theoretical_cycle_time_s",
            )
            if getattr(self, name) is not None
        }
        if self.case.of.visits is not None:
            found["outcomes"] = found["visits"] = Method("exact", "absorbing chain")
            found["fees"] = exact
        if "theoretical_cycle_time_s" in found:
            found["theoretical_cycle_time_s"] = self.case.method(with_waits=False)
        if "cycle_time_s" in found:
            found["cycle_time_s"] = self.case.method(with_waits=True)
            for name in ("waiting_time_s", "cycle_time_efficiency"):
                if getattr(self, name) is not None:
                    found[name] = found["cycle_time_s"]
        if self.value_added_ratio is not None:
            found["value_added_ratio"] = self._value_method(found["cycle_time_s"])
        if self.cycle_time_elapsed_s is not None:
            share = self.case.of.clock.share
            found["cycle_time_elapsed_s"] = (
                found["cycle_time_s"]
                if share == 1
                else Method("approximation", "cycle time / open share of the calendar")
            )
        if self.applicant_time_s is not None:
            found["applicant_time_s"] = self.case.applicant_method()
        return found

    def _value_method(self, of_cycle: Method) -> Method:
        if self.value_times is None or not self.value_times.unclassified_s:
            return of_cycle
        parts = ["unclassified work taken as adding no value, a lower bound"]
        if of_cycle.kind == "approximation":
            parts.insert(0, of_cycle.name)
        return Method("approximation", "; ".join(parts))

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        return {
            "id": self.id,
            "arrival_rate_per_s": self.arrival_rate_per_s,
            "cycle_time_s": self.cycle_time_s,
            "cycle_time_elapsed_s": self.cycle_time_elapsed_s,
            "waiting_time_s": self.waiting_time_s,
            "processing_time_s": self.processing_time_s,
            "value_times": None if self.value_times is None else attrs.asdict(self.value_times),
            "theoretical_cycle_time_s": self.theoretical_cycle_time_s,
            "cycle_time_efficiency": self.cycle_time_efficiency,
            "value_added_ratio": self.value_added_ratio,
            "cost": {
                "office": as_data(self.office_cost),
                "fee": [as_data(fee) for fee in self.fees],
                "applicant_time_s": self.applicant_time_s,
            },
            "outcomes": [attrs.asdict(outcome) for outcome in self.outcomes],
            "steps": [
                attrs.asdict(step, recurse=False) | {"cost": as_data(step.cost)} for step in self.steps
            ],
            "critical_paths": [list(path) for path in self.critical_paths],
            "method": {name: method.data() for name, method in self.method.items()},
            "undefined": {
                name: str(reason)
                for name, reason in {**self.undefined, **self.case.undefined_of_steps()}.items()
            },
        }

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each step; times in minutes."""
        return [
            {
                "step": step.id,
                "visits": step.visits,
                "processing time / min": None
                if step.processing_time_s is None
                else step.processing_time_s / 60,
                "waiting time / min": None if step.waiting_time_s is None else step.waiting_time_s / 60,
                "cost": None if step.cost is None else str(step.cost),
                "on every path": step.on_every_path,
            }
            for step in self.steps
        ]

    def text(self, language: Language = "en") -> str:
        """Return the main numbers line by line, then why any is missing, then the table of steps."""
        lines = [self.id]
        lines.extend(f"  {translate(label, language)}: {value}" for label, value in self._labelled(language))
        lines.extend(
            f"  {translate('outcome', language)} {o.outcome}: {o.probability:.1%}" for o in self.outcomes
        )
        lines.extend(
            f"  {translate('undefined', language)}: {reason.text(language)}"
            for reason in dict.fromkeys(self.undefined.values())
        )
        steps = table(self.rows(), language=language)
        return "\n".join([*lines, *("  " + line for line in steps.splitlines())])

    def __str__(self) -> str:
        return self.text()

    def _labelled(self, language: Language) -> list[tuple[str, str]]:
        def span(seconds: float | None) -> str | None:
            return None if seconds is None else in_words(seconds).text(language)

        values = [
            ("cycle time", span(self.cycle_time_s)),
            ("of which waiting", span(self.waiting_time_s)),
            ("processing time", span(self.processing_time_s)),
            ("of which value-adding", span(self._value_adding_s)),
            ("theoretical cycle time", span(self.theoretical_cycle_time_s)),
            (
                "cycle time efficiency",
                None if self.cycle_time_efficiency is None else f"{self.cycle_time_efficiency:.1%}",
            ),
            ("cost to the office", None if self.office_cost is None else str(self.office_cost)),
            ("fee", ", ".join(str(fee) for fee in self.fees) or None),
            ("applicant's time", span(self.applicant_time_s)),
        ]
        return [(label, value) for label, value in values if value is not None]

    @property
    def _value_adding_s(self) -> float | None:
        """Value-adding work, if any step says what its work is worth."""
        times = self.value_times
        return (
            None if times is None or times.unclassified_s == self.processing_time_s else times.value_adding_s
        )


def _hours(seconds: float | None) -> Quantity | None:
    return None if seconds is None else quantity(seconds / 3600, "hour")


@attrs.frozen
class Performance:
    """
    What cases of each service of an organisation go through.

    Attributes:
        services: In document order.
    """

    services: tuple[ServicePerformance, ...]
    _evaluation: Evaluation = attrs.field(eq=False, repr=False)

    def service(self, id: str) -> ServicePerformance:
        """
        Return the performance of one service.

        Raises:
            UnknownIdError: There is no such service.
        """
        for service in self.services:
            if service.id == id:
                return service
        raise UnknownIdError("service", id, [service.id for service in self.services])

    @cached_property
    def bottlenecks(self) -> Bottlenecks:
        """How busy each resource is."""
        return bottlenecks_of(self._evaluation)

    @property
    def organisation(self) -> PublicOrganisation:
        """What was analysed."""
        return self._evaluation.organisation

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return provenance(self._evaluation.organisation, ASSUMPTIONS, SOURCES)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each service; times in hours of its clock."""
        return [
            {
                "service": service.id,
                "cycle time / hour": _in_hours(service.cycle_time_s),
                "waiting time / hour": _in_hours(service.waiting_time_s),
                "processing time / hour": _in_hours(service.processing_time_s),
                "cycle time efficiency": service.cycle_time_efficiency,
                "office cost": None if service.office_cost is None else str(service.office_cost),
                "applicant's time / hour": _in_hours(service.applicant_time_s),
            }
            for service in self.services
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table, and below it why a number is missing."""
        notes = [
            f"{service.id}: {reason.text(language)}"
            for service in self.services
            for reason in dict.fromkeys(service.undefined.values())
        ]
        return "\n".join([table(self.rows(), language=language), *notes]).strip()

    def __str__(self) -> str:
        return self.text()


def _in_hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 3600


def performance(organisation: PublicOrganisation) -> Performance:
    """
    Return what cases of each service go through: visits, time, money, outcomes.

    Visits, outcomes, processing time, cost and fees are exact for every procedure that a case can finish. Cycle times are
    composed over nested blocks: added in sequence and choice, the longest branch of a parallel block, so that they are
    exact where one branch always is the longest, and a lower bound elsewhere; each number says which in `method`.

    Args:
        organisation: Services with procedures; queues need arrival rates.

    Returns:
        One entry per service. What does not exist is None, with the reason in `undefined`.

    Example:
        >>> permit = performance(city_hall).service("building-permit")
        >>> round(permit.step("completeness-check").visits, 3), round(permit.processing_time.magnitude, 3)
        (1.333, 1.511)

    Source:
        Dumas et al. (2018), §7.1; Laguna & Marklund (2018), ch. 5; Grinstead & Snell, ch. 11.
    """
    with uncollected():
        evaluation = evaluate(organisation)
        evidence = evidence_times(organisation)
        services = []
        for of in evaluation.profiles.values():
            services.append(service_performance(of, evaluation.loads, evidence, evaluation))
            of.release()
    return Performance(tuple(services), evaluation)


def evidence_times(organisation: PublicOrganisation) -> dict[str, float]:
    """Return the seconds that it takes an applicant to obtain each datum of which that is stated."""
    return {item.id: _obtain(item) for item in organisation.evidence if item.time_to_obtain is not None}


def _obtain(item: Evidence) -> float:
    assert item.time_to_obtain is not None  # the caller looked
    return item.time_to_obtain.seconds(hours_per_working_day=HOURS_PER_WORKING_DAY) or 0.0


def service_performance(
    of: Profile,
    loads: Mapping[str, ResourceLoad],
    evidence: Mapping[str, float],
    evaluation: Evaluation,
) -> ServicePerformance:
    """Return the performance of one service from its profile and the loads of the resources it uses."""
    return Case(of, loads, evidence, evaluation).performance()


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
    asked_side_by_side: bool = False

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
                "office_cost",
                "applicant_time_s",
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
        waiting = efficiency = elapsed = None
        if cycle is not None:
            elapsed = cycle / of.clock.share
        else:
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
            elapsed,
            waiting,
            processing,
            theoretical,
            efficiency,
            self._office_cost(),
            self._fees(),
            self._applicant_time(),
            undefined,
            self,
        )

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
                    if load.waiting_time_s is None or queue is None:
                        queue = None
                        if of.visits is not None and of.visits[i]:
                            why = why or self.no_wait(load)
                    else:
                        queue = max(queue, load.waiting_time_s / share)
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

    def method(self, *, with_waits: bool) -> Method:
        """Return how the cycle time was composed."""
        parts: list[str] = []
        if self.of.nested.unstructured is not None:
            if not all(self._fixed(i, with_waits=with_waits) for i in range(len(self.of.graph.nodes))):
                parts.append("max of means, a lower bound")
        elif any(not self.one_is_longest(block, with_waits=with_waits) for block in self.of.nested.blocks):
            parts.append("max of means, a lower bound")
        if with_waits:
            parts.extend(self.approximate_waits())
        return Method("approximation", "; ".join(parts)) if parts else Method("exact", "flow analysis")

    def approximate_waits(self) -> list[str]:
        """Return what is approximate in how long visits wait on average."""
        of = self.of
        parts: list[str] = []
        used = [self.loads[id] for id, demand in of.demands.items() if demand.visits]
        names = [load.method["waiting_time_s"].name for load in used if "waiting_time_s" in load.method]
        if names and not self.evaluation.product_form:
            parts.extend(
                name if name != "M/M/c" else "M/M/c, arrivals taken as Poisson"
                for name in dict.fromkeys(names)
            )
        if any(isinstance(n, Wait) and n.clock == "elapsed" for n in of.graph.nodes) and of.clock.share != 1:
            parts.append("elapsed waits as a share of open time")
        if any(isinstance(n, Step) and n.batch is not None for n in of.graph.nodes):
            parts.append("batches fill evenly")
        if any(isinstance(n, Step) and len(n.resource) > 1 for n in of.graph.nodes):
            parts.append("resources needed together: the longest of their waits, a lower bound")
        return parts

    def _fixed(self, i: int, *, with_waits: bool) -> bool:
        low, high = self._bounds(i, with_waits=with_waits)
        return low == high

    def _bounds(self, i: int, *, with_waits: bool) -> tuple[float, float]:
        """Return the least and the greatest time of a visit."""
        node = self.of.graph.nodes[i]
        low, high = 0.0, 0.0
        if isinstance(node, Step):
            for part in (node.processing_time, node.setup_time):
                if part is not None and part.mean_in_unit:
                    scale = (
                        part.mean_seconds(hours_per_working_day=self.of.clock.hours_per_working_day) or 0.0
                    ) / part.mean_in_unit
                    low, high = low + part.support()[0] * scale, high + part.support()[1] * scale
            if with_waits and (node.batch is not None or self.queues.get(i)):
                high = inf
        elif isinstance(node, Wait) and with_waits and node.time is not None and node.time.mean_in_unit:
            scale = (self.of.waits[i] or 0.0) / node.time.mean_in_unit
            low, high = node.time.support()[0] * scale, node.time.support()[1] * scale
        return low, high

    def one_is_longest(self, block: Block, *, with_waits: bool) -> bool:
        """Return whether, of the branches that can be taken together, one always takes longest: then max is exact."""
        spans = [self._region_bounds(branch, with_waits=with_waits) for branch in block.branches]
        if block.kind == "inclusive":
            # Whichever branches are taken, their order by length must never change.
            spans.sort()
            return all(a[1] <= b[0] for a, b in pairwise(spans))
        return any(
            all(span[0] >= other[1] for j, other in enumerate(spans) if j != i)
            for i, span in enumerate(spans)
        )

    def _region_bounds(self, region: Region, *, with_waits: bool) -> tuple[float, float]:
        """Return bounds on the time through a branch: sums where nothing is chosen, else none but 0 and its own sum."""
        low = high = 0.0
        chosen = any(self.of.graph.splits[i] == "exclusive" for i in region.nodes)
        for i in region.nodes:
            bounds = self._bounds(i, with_waits=with_waits)
            low, high = low + bounds[0], high + bounds[1]
        for block in region.blocks:
            spans = [self._region_bounds(branch, with_waits=with_waits) for branch in block.branches]
            low += max(s[0] for s in spans) if block.kind == "parallel" else min(s[0] for s in spans)
            high += max(s[1] for s in spans)
        if chosen:
            entry = self.of.visits[region.block.split] if region.block and self.of.visits else 1.0
            loops = any((self.of.visits or [])[i] > entry * (1 + 1e-9) for i in region.nodes)
            low, high = 0.0, inf if loops or self._has_loop else high
        return low, high

    @cached_property
    def _has_loop(self) -> bool:
        return any(len(component) > 1 for component in components(self.of.graph))

    # Money

    def _office_cost(self) -> Money | None:
        of = self.of
        if of.visits is None:
            return None
        total: dict[str, float] = {}
        for i, node in enumerate(of.graph.nodes):
            if not isinstance(node, Step):
                break
            if not of.visits[i]:
                continue
            if not self._add_cost(i, node, of.visits[i], total):
                self.undefined["office_cost"] = of.unknown[i]
                return None
        if len(total) == 1:
            currency, amount = next(iter(total.items()))
            return Money(amount, currency)
        self.undefined["office_cost"] = _no_sum(total)
        return None

    def _add_cost(self, i: int, step: Step, visits: float, total: dict[str, float]) -> bool:
        """Add what visits of a step cost; return whether that is known."""
        if step.cost is not None:
            total[step.cost.currency] = total.get(step.cost.currency, 0.0) + visits * step.cost.amount
        time = self.of.times[i]
        for resource in self._priced(step):
            assert resource.cost is not None  # only those with a cost are priced
            if time is None:
                return False
            amount = visits * time * step.staff * resource.cost.per_second
            total[resource.cost.currency] = total.get(resource.cost.currency, 0.0) + amount
        return True

    def _priced(self, step: Step) -> list[Resource]:
        found = [self.evaluation.organisation.resource(id) for id in step.resource]
        return [resource for resource in found if resource.cost is not None]

    def _fees(self) -> tuple[Money, ...]:
        of = self.of
        if not of.service.fees:
            return ()
        if of.visits is None:
            self.undefined["fees"] = of.undefined or Message("")
            return ()
        total: dict[str, float] = {}
        for fee in of.service.fees:
            at = of.graph.start if fee.at is None else of.graph.index[fee.at]
            total[fee.amount.currency] = (
                total.get(fee.amount.currency, 0.0) + of.visits[at] * fee.amount.amount
            )
        return tuple(Money(amount, currency) for currency, amount in total.items())

    # The applicant

    def _applicant_time(self) -> float | None:
        of = self.of
        if of.visits is None:
            return None
        total = 0.0
        travel = travel_times(of.service)
        for i, node in enumerate(of.graph.nodes):
            if not isinstance(node, Step):
                break
            visits = of.visits[i]
            if not visits:
                continue
            spent = spent_at(node, of.times[i], self.queues[i], travel).total_s
            if spent is None:
                self.undefined["applicant_time_s"] = self._why_no_time(i, node)
                return None
            total += visits * spent
        presence = Presence(of.graph, of.nested, of.visits)
        alternatives = alternatives_of(of.service)
        for datum, at in handed_in(of.service, of.visits).items():
            _, time = soonest(alternatives.get(datum, (datum,)), self.evidence)
            if time is not None:
                total += self._chance(presence, at) * time
        return total

    def documents(self) -> tuple[Document, ...]:
        """Return what the applicant hands in; none where a procedure is described and visits do not exist."""
        of = self.of
        if of.visits is None and of.service.procedure.steps:
            return ()
        visits, alternatives = of.visits or [], alternatives_of(of.service)
        presence = Presence(of.graph, of.nested, visits)
        described = {item.id: item for item in self.evaluation.organisation.evidence}
        found = []
        for datum, at in handed_in(of.service, visits).items():
            evidence, time = soonest(alternatives.get(datum, (datum,)), self.evidence)
            found.append(
                Document(
                    datum,
                    evidence or datum,
                    self._chance(presence, at),
                    time,
                    tuple((i, visits[i]) for i in at),
                    None if evidence is None else described.get(evidence),
                )
            )
        return tuple(found)

    def _chance(self, presence: Presence, at: list[int]) -> float:
        """Return the probability that a case comes to any of some steps, where it is asked for something; 1 without any."""
        chance = presence.chance(at) if at else 1.0
        if chance is None:
            self.asked_side_by_side |= len(at) > 1 or self._has_loop
            chance = min(1.0, sum(presence.visits[i] for i in at))
        return chance

    def _why_no_time(self, i: int, step: Step) -> Message:
        if i in self.of.unknown:
            return self.of.unknown[i]
        return next(
            self.no_wait(self.loads[id]) for id in step.resource if self.loads[id].waiting_time_s is None
        )

    def applicant_method(self) -> Method:
        """Return how the applicant's time was found."""
        parts: list[str] = []
        queued = [
            self.loads[id]
            for i, node in enumerate(self.of.graph.nodes)
            if isinstance(node, Step) and node.contact == "in-person" and self.queues.get(i)
            for id in node.resource
        ]
        if queued and not self.evaluation.product_form:
            parts.extend(dict.fromkeys(load.method["waiting_time_s"].name for load in queued))
        if self.asked_side_by_side:
            parts.append("a datum asked for side by side is obtained with the visits of all, at most once")
        return Method("approximation", "; ".join(parts)) if parts else Method("exact", "flow analysis")

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
            total: dict[str, float] = {}
            known = self._add_cost(i, step, 1.0, total) and len(total) == 1
            cost = next(Money(amount, currency) for currency, amount in total.items()) if known else None
            visits = None if of.visits is None else of.visits[i]
            result.append(
                StepPerformance(step.id, visits, of.times[i], self.queues.get(i), cost, i in passed)
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
                found[f"steps.{step.id}.waiting_time_s"] = self._why_no_time(i, step)
            if known.cost is None:
                total: dict[str, float] = {}
                added = self._add_cost(i, step, 1.0, total)
                found[f"steps.{step.id}.cost"] = _no_sum(total) if added else self.of.unknown[i]
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


def _no_sum(total: dict[str, float]) -> Message:
    """Return why amounts, by their currencies, are not one amount."""
    if not total:
        return Message("no step and no resource it uses has a cost")
    return Message("costs in {currencies} do not add without a rate", currencies=", ".join(total))


def as_data(value: Money | None) -> dict[str, Any] | None:
    """Return money for JSON."""
    return None if value is None else value.data()
