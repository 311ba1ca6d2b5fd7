"""What the model of a service says of its metrics."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.components import places
from pubservice.analysis.cycle_times import distribution_of
from pubservice.analysis.load import evaluate
from pubservice.errors import UndefinedResultError
from pubservice.graph.soundness import soundness
from pubservice.management.coordination import handovers
from pubservice.messages import Message
from pubservice.model.vocabulary import METRICS
from pubservice.units import Duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubservice.analysis.cycle_times import CycleTimeDistribution
    from pubservice.analysis.load import ResourceLoad
    from pubservice.analysis.performance import Performance
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.management.coordination import Handover
    from pubservice.model.measurement import Value
    from pubservice.model.metric import Metric
    from pubservice.model.service import PublicService
    from pubservice.provenance import Method


@attrs.frozen
class Modelled:
    """
    What a model says of one metric of a service.

    Attributes:
        value: In the unit of the metric; times that pass are on the service's clock, times that
            somebody spends are hours; None where there is none.
        method: How it was found; None where it is counted in the model.
        reason: Why there is no value.
    """

    value: Value | None
    method: Method | None = None
    reason: Message | None = None


NOT_MODELLED = Modelled(None, reason=Message("the model does not say"))


class Models:
    """What the models of the services of an organisation say, each number worked out once."""

    def __init__(self, performance: Performance) -> None:
        self._own = {service.id: service for service in performance.services}
        self._performance = performance
        self._known: dict[tuple[str, str], Modelled] = {}

    @cached_property
    def _loads(self) -> dict[str, list[ResourceLoad]]:
        """The loads of the resources that cases of each service visit."""
        found: dict[str, list[ResourceLoad]] = {id: [] for id in self._own}
        for load in self._performance.bottlenecks.loads:
            for of, demand in load.demands:
                if demand.visits:
                    found[of.service.id].append(load)
        return found

    @cached_property
    def _handovers(self) -> dict[str, list[Handover]]:
        """Where the cases of each service change hands inside the office."""
        found: dict[str, list[Handover]] = {id: [] for id in self._own}
        for handover in handovers(evaluate(self._performance.organisation)):
            if handover.kind == "office":
                found[handover.service].append(handover)
        return found

    def of(self, metric: Metric, service: PublicService) -> Modelled:
        """
        Return what the model of a service says of a metric.

        A metric of the organisation that is called as one of pubservice's is its own: of it the model says nothing.
        """
        key = metric.id, service.id
        if key not in self._known:
            read = _READERS.get(metric.id)
            if read is None or METRICS.get(metric.id) != metric:
                self._known[key] = NOT_MODELLED
            else:
                unit = (
                    "hour" if self._performance.organisation.calendar_of(service) is None else "working_hour"
                )
                self._known[key] = read(
                    _Model(
                        service,
                        self._own[service.id],
                        unit,
                        lambda: self._loads[service.id],
                        lambda: self._handovers[service.id],
                    )
                )
        return self._known[key]

    def within(self, promised: Duration, service: PublicService) -> Modelled:
        """Return the share of the cases of a service that take no longer than is promised."""
        key = f"within {promised}", service.id
        if key not in self._known:
            own = self._own[service.id]
            if own.cycle_time_s is None:
                self._known[key] = Modelled(None, reason=own.undefined["cycle_time_s"])
            else:
                self._known[key] = _share_within(distribution_of(CaseTime(own.case)), promised)
        return self._known[key]


def _share_within(times: CycleTimeDistribution, promised: Duration) -> Modelled:
    clock = "distribution" if promised.unit.startswith("working_") else "elapsed"
    try:
        share = times.probability_within(promised)
    except UndefinedResultError as error:
        return Modelled(None, reason=error.args[0])
    return Modelled(share, times.method.get(clock, times.method["distribution"]))


@attrs.frozen
class _Model:
    """A service, and what was worked out of it."""

    service: PublicService
    own: ServicePerformance
    unit: str  # the hours that its clock counts
    loads: Callable[[], list[ResourceLoad]]  # of the resources that its cases visit
    handovers: Callable[[], list[Handover]]  # inside the office

    def duration(self, name: str, unit: str = "") -> Modelled:
        """Return a time of the performance: what passes on the service's clock, unless a unit is given."""
        seconds = getattr(self.own, name)
        if seconds is None:
            return self.missing(name)
        return Modelled(Duration(seconds / 3600, unit or self.unit), self.own.method.get(name))

    def number(self, name: str) -> Modelled:
        """Return a number of the performance."""
        value = getattr(self.own, name)
        return self.missing(name) if value is None else Modelled(value, self.own.method.get(name))

    def missing(self, name: str) -> Modelled:
        """Return why a number of the performance does not exist."""
        return Modelled(None, reason=self.own.undefined.get(name, NOT_MODELLED.reason))


def _fee(model: _Model) -> Modelled:
    fees = model.own.fees
    if len(fees) == 1:
        return Modelled(fees[0], model.own.method.get("fees"))
    if not fees:
        return model.missing("fees")
    currencies = ", ".join(fee.currency for fee in fees)
    return Modelled(
        None, reason=Message("fees in {currencies} do not add without a rate", currencies=currencies)
    )


def _completion(model: _Model) -> Modelled:
    if not model.own.outcomes:
        return NOT_MODELLED
    share = sum(outcome.probability for outcome in model.own.outcomes if outcome.completed)
    return Modelled(min(1.0, share), model.own.method.get("outcomes"))


def _arrivals(model: _Model) -> Modelled:
    rate = model.service.arrival_rate
    return model.missing("arrival_rate_per_s") if rate is None else Modelled(rate)


def _busiest(model: _Model) -> Modelled:
    loads = model.loads()
    if not loads:
        return Modelled(None, reason=Message("no case needs a resource"))
    for load in loads:
        if load.utilisation is None:
            why = Message("{resource}: {why}", resource=load.resource, why=load.undefined["utilisation"])
            return Modelled(None, reason=why)
    return Modelled(max(load.utilisation or 0.0 for load in loads), model.own.method.get("processing_time_s"))


def _throughput(model: _Model) -> Modelled:
    busiest = _busiest(model)
    if isinstance(busiest.value, float) and busiest.value >= 1:
        return Modelled(None, reason=Message("a resource cannot keep up: there is no steady state"))
    return _arrivals(model)


def _inside(model: _Model) -> Modelled:
    rate, stay = model.own.arrival_rate_per_s, model.own.cycle_time_s
    if rate is None:
        return model.missing("arrival_rate_per_s")
    return (
        model.missing("cycle_time_s")
        if stay is None
        else Modelled(rate * stay, model.own.method["cycle_time_s"])
    )


def _changes_of_hands(model: _Model) -> Modelled:
    counted = model.own.method.get("visits")
    if counted is None:
        return model.missing("processing_time_s")
    return Modelled(sum(handover.per_case or 0.0 for handover in model.handovers()), counted)


def _completeness(model: _Model) -> Modelled:
    found = places(model.service).values()
    return Modelled(sum(place is not None for place in found) / len(found))


def _soundness(model: _Model) -> Modelled:
    found = soundness(model.service.procedure)
    if found.verdict == "unknown":
        return Modelled(None, reason=found.method)
    return Modelled(1.0 if found.verdict == "sound" else 0.0)


_READERS: dict[str, Callable[[_Model], Modelled]] = {
    "cycle-time": lambda model: model.duration("cycle_time_s"),
    "waiting-time": lambda model: model.duration("waiting_time_s"),
    "processing-time": lambda model: model.duration("processing_time_s", "hour"),
    "applicant-time": lambda model: model.duration("applicant_time_s", "hour"),
    "cycle-time-efficiency": lambda model: model.number("cycle_time_efficiency"),
    "value-added-ratio": lambda model: model.number("value_added_ratio"),
    "office-cost": lambda model: model.number("office_cost"),
    "fee": _fee,
    "completion-rate": _completion,
    "arrival-rate": _arrivals,
    "throughput": _throughput,
    "utilisation": _busiest,
    "work-in-progress": _inside,
    "handovers": _changes_of_hands,
    "soundness": _soundness,
    "standard-completeness": _completeness,
}
MODELLED = tuple(_READERS)  # the metrics of which a model says something
