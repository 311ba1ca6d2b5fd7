"""What steps and waits take: time, resources, and the applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pubservice.messages import Message
from pubservice.model.cause import CAUSES
from pubservice.simulation.draft import HOURS_PER_WORKING_DAY
from pubservice.simulation.parts import COMES_AND_WORKS, OWN_WORK, SERVED, WAIT
from pubservice.simulation.streams import law_of
from pubservice.units import unit_seconds

if TYPE_CHECKING:
    from pubservice.model.distribution import Distribution
    from pubservice.model.procedure import Step, Wait
    from pubservice.simulation.draft import ServiceDraft
    from pubservice.units import Duration


def _time(of: ServiceDraft, i: int, time: Distribution | None, row: dict[str, Any], name: str) -> None:
    """Add the law of a time, or that it is unknown."""
    if time is None:
        unknown = Message("the processing time of step {id!r} is unknown", id=of.graph.id(i))
        if row["kind"] == WAIT:
            unknown = Message("the time of the wait {id!r} is unknown", id=of.graph.id(i))
        of.fault(of.place(i), unknown)
        return
    seconds = unit_seconds(time.unit, of.hours_per_day)
    if seconds is None:
        of.fault(
            of.place(i), Message("{id!r} lasts working days, and there is no calendar", id=of.graph.id(i))
        )
        return
    law, *parameters = law_of(time, seconds, of.draft.columns["values"])
    row[name] = law
    for letter, parameter in zip("abc", parameters, strict=True):
        row[f"{name}_{letter}"] = parameter


def add_wait(of: ServiceDraft, i: int, wait: Wait, row: dict[str, Any]) -> None:
    """Add how long a wait is, on which clock, and why cases wait."""
    row["cause"] = list(CAUSES).index(wait.cause)
    _time(of, i, wait.time, row, "law")
    row["clock"] = of.draft.clock(of.hours) if wait.clock == "working" else 0


def add_step(
    of: ServiceDraft,
    i: int,
    step: Step,
    row: dict[str, Any],
    expense: dict[str, float],
    hourly: dict[str, float],
) -> None:
    """Add what a step takes: time, set-up, resources, what it costs, and how the applicant takes part."""
    office = of.draft.organisation
    _time(of, i, step.processing_time, row, "law")
    if step.setup_time is not None:
        _time(of, i, step.setup_time, row, "setup")
    hours = of.hours
    for id in step.resource:
        resource = office.resource(id)
        if resource.calendar is not None:
            hours = hours.both(of.draft.known[resource.calendar])
        if resource.cost is not None:
            currency = resource.cost.currency
            hourly[currency] = hourly.get(currency, 0.0) + resource.cost_per_second * step.staff
    if hours.cycle and not hours.stretches:
        of.fault(of.place(i), Message("what step {id!r} uses is never open together", id=step.id))
    row["clock"] = of.draft.clock(hours)
    if step.resource:
        uses = tuple(dict.fromkeys(of.draft.resources[id] for id in step.resource))
        row["group"] = of.draft.group(uses, step.staff, row["clock"], of.service)
        if of.draft.pools[uses[0]].discipline == "due-date" and of.service.standard.completion_time is None:
            message = Message(
                "{resource} serves by due date, and the service promises no completion time",
                resource=step.resource[0],
            )
            of.fault("standard.completion_time", message)
        if step.patience is not None:
            _patience(of, i, step, step.patience, row)
    if step.cost is not None:
        expense[step.cost.currency] = step.cost.amount
    if step.batch is not None:
        row["batch"] = min(step.batch.size or 0, 2**62)
        if step.batch.period is not None:
            row["period"], row["period_clock"] = _period(of, i, step.batch.period)
    if step.actor == "applicant":
        row["meets"] = COMES_AND_WORKS if step.contact == "in-person" else OWN_WORK
    elif step.actor == "office" and step.contact == "in-person":
        row["meets"] = SERVED
    if step.contact == "in-person":
        row["travel"] = _travel(of, step)
    for datum in step.asks:
        time = of.obtain(datum)
        if time:
            of.draft.columns["datum"].append(of.data.setdefault(datum, len(of.data)))
            of.draft.columns["obtain"].append(time)


def _patience(of: ServiceDraft, i: int, step: Step, patience: Distribution, row: dict[str, Any]) -> None:
    """Add how long a step is waited for."""
    _time(of, i, patience, row, "patience")
    if patience.unit.startswith("working_"):
        message = Message(
            "patience ends while it is closed too: expected elapsed time, got {value!r}",
            value=str(patience),
        )
        of.fault(of.place(i), message)
    region = of.nested.region_of[i]
    if region is None or region.block is not None:
        of.fault(of.place(i), Message("a branch of a case cannot give up waiting: {id!r}", id=step.id))


def _travel(of: ServiceDraft, step: Step) -> float:
    for channel in of.service.channels:
        if channel.id == step.channel and channel.travel_time is not None:
            return channel.travel_time.seconds(hours_per_working_day=HOURS_PER_WORKING_DAY) or 0.0
    return 0.0


def _period(of: ServiceDraft, i: int, period: Duration) -> tuple[float, int]:
    seconds = period.seconds(hours_per_working_day=of.hours_per_day)
    if seconds is None:
        of.fault(
            of.place(i),
            Message("{id!r} lasts working days, and there is no calendar", id=of.graph.id(i)),
        )
        return 0.0, 0
    return seconds, of.draft.clock(of.hours) if period.unit.startswith("working_") else 0
