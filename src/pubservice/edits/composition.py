"""Steps made of steps, and resources of resources: what merging, splitting, triage and pooling make."""

from __future__ import annotations

from math import fsum, isclose, sqrt
from typing import TYPE_CHECKING

import attrs

from pubservice.edits import wiring
from pubservice.edits.separation import check_separation
from pubservice.errors import InvalidEditError
from pubservice.messages import Message
from pubservice.model.distribution import Distribution, Fixed, Gamma
from pubservice.model.resource import QUEUEABLE
from pubservice.units import CostRate, Money, unit_seconds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pubservice.edits.edit import Part, PoolResources, SplitStep, Triage
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Step
    from pubservice.model.resource import Resource
    from pubservice.model.service import PublicService


def merge(service: PublicService, ids: Iterable[str]) -> PublicService:
    """
    Return a service in which steps that follow each other are one.

    One set-up serves all. The time has the mean and the variance of the sum of the times.

    Raises:
        InvalidEditError: They do not follow each other, are done by others, one looks at what another makes, or approves
            it, or times or costs do not add.
    """
    run = wiring.plain_run(service.procedure, ids, service.id, but_last=True)
    steps = [unit.step for unit in run.units]
    first = steps[0]
    for step in steps[1:]:
        for field in ("actor", "body", "resource", "staff", "batch", "patience"):
            if getattr(step, field) != getattr(first, field):
                raise InvalidEditError(
                    Message(
                        "{first!r} and {step!r} differ in {field}", first=first.id, step=step.id, field=field
                    )
                )
    gives: dict[str, None] = {}
    needs: dict[str, None] = {}
    for step in steps:
        _check_order(step, gives)
        needs.update(dict.fromkeys(d for d in step.needs if d not in gives))
        gives.update(dict.fromkeys(step.gives))
    channels = {step.channel for step in steps if step.contact != "none" or step.channel is not None}
    if len(channels) > 1:
        raise InvalidEditError(
            Message("applicants meet {steps} by different channels", steps=", ".join(run.ids))
        )
    contacts = ("none", "remote", "in-person")
    kinds, values = {step.kind for step in steps}, {step.value for step in steps}
    if "approval" in kinds and len(kinds) > 1:
        raise InvalidEditError(
            Message("an approval among {steps}: nobody approves their own work", steps=", ".join(run.ids))
        )
    merged = attrs.evolve(
        first,
        kind=first.kind if len(kinds) == 1 else "decision" if "decision" in kinds else "work",
        processing_time=_sum([step.processing_time for step in steps]),
        setup_time=_longest([step.setup_time for step in steps]),
        cost=_total([step.cost for step in steps]),
        needs=tuple(needs),
        asks=tuple(dict.fromkeys(d for step in steps for d in step.asks)),
        checks=tuple(dict.fromkeys(fact for step in steps for fact in step.checks)),
        gives=tuple(gives),
        value=first.value if len(values) == 1 else None,
        legal_basis=tuple(dict.fromkeys(basis for step in steps for basis in step.legal_basis)),
        channel=next(iter(channels), None),
        contact=max((step.contact for step in steps), key=contacts.index),
        competences=tuple(dict.fromkeys(c for step in steps for c in step.competences)),
    )
    return wiring.rewired(
        service,
        wiring.replace_steps(service.procedure, run.ids, [merged]),
        dict.fromkeys(run.ids, (first.id,)),
    )


def _check_order(step: Step | Part, given: Collection[str]) -> None:
    """Refuse a step that asks for or checks what one before it in the same work has made: a step does both first."""
    for datum in (*step.asks, *(fact.of for fact in step.checks)):
        if datum in given:
            raise InvalidEditError(
                Message("{step!r} looks at {datum!r}, which is made in between", step=step.id, datum=datum)
            )


def _sum(times: list[Distribution | None]) -> Distribution | None:
    """Return a duration with the mean and the variance of the sum; gamma distributed where not all are fixed."""
    known = [time for time in times if time is not None]
    if len(known) < len(times):
        return None
    units = {time.unit for time in known}
    if len({unit.startswith("working_") for unit in units}) > 1:
        raise InvalidEditError(Message("working time and other time do not add without a calendar"))
    if "working_day" in units and len(units) > 1:
        raise InvalidEditError(Message("working days and hours do not add without a calendar"))
    unit = known[0].unit
    means = [time.mean_in_unit * _seconds(time.unit) / _seconds(unit) for time in known]
    mean = fsum(means)
    variance = fsum(time.scv * own**2 for time, own in zip(known, means, strict=True))
    return _gamma(mean, variance, unit)


def _gamma(mean: float, variance: float, unit: str) -> Distribution:
    """Return a gamma distributed duration, fixed where it does not vary."""
    return Gamma(mean, sqrt(variance), unit=unit) if variance else Fixed(mean, unit=unit)


def _seconds(unit: str) -> float:
    """Return the seconds in a unit; of working days only the order matters here, and any length keeps it."""
    return unit_seconds(unit, hours_per_working_day=8.0) or 0.0


def _longest(times: list[Distribution | None]) -> Distribution | None:
    known = [time for time in times if time is not None]
    return max(known, key=lambda time: time.mean_in_unit * _seconds(time.unit), default=None)


def _total(costs: list[Money | None]) -> Money | None:
    known = [cost for cost in costs if cost is not None]
    if len({cost.currency for cost in known}) > 1:
        raise InvalidEditError(
            Message(
                "costs in {currencies} do not add without a rate",
                currencies=", ".join(dict.fromkeys(cost.currency for cost in known)),
            )
        )
    return Money(fsum(cost.amount for cost in known), known[0].currency) if known else None


def split(service: PublicService, edit: SplitStep) -> PublicService:
    """
    Return a service in which a step is several that follow each other.

    Raises:
        InvalidEditError: Together the parts do not do what the step did, or somebody would approve their own work.
    """
    step = wiring.find_step(service.procedure, edit.step, service.id)
    parts = edit.parts
    if len(parts) < 2 or not isclose(fsum(part.share for part in parts), 1, abs_tol=1e-9):
        raise InvalidEditError(Message("expected at least two parts whose shares sum to 1"))
    asked: set[str] = set()
    given: set[str] = set()
    for part in parts:
        foreign = sorted(set(part.needs) - set(step.needs) - asked - given)
        if foreign:
            raise InvalidEditError(
                Message("{part!r} needs {datum!r}, which is not there", part=part.id, datum=foreign[0])
            )
        _check_order(part, given)
        asked |= set(part.asks)
        given |= set(part.gives)
    for field in ("asks", "checks", "gives"):
        done = [item for part in parts for item in getattr(part, field)]
        if sorted(map(str, done)) != sorted(map(str, getattr(step, field))):
            raise InvalidEditError(
                Message(
                    "together the parts of {step!r} do not do the same: {field}", step=step.id, field=field
                )
            )
    if not set(step.needs) <= {d for part in parts for d in part.needs}:
        raise InvalidEditError(
            Message("together the parts of {step!r} do not do the same: {field}", step=step.id, field="needs")
        )
    new = [
        attrs.evolve(
            step,
            id=part.id,
            resource=part.resource or step.resource,
            processing_time=_share(step.processing_time, part.share),
            cost=None if i else step.cost,
            needs=part.needs,
            asks=part.asks,
            checks=part.checks,
            gives=part.gives,
            kind="work" if step.kind == "decision" and part is not parts[-1] else step.kind,
        )
        for i, part in enumerate(parts)
    ]
    _check_free([part.id for part in parts], service, step)
    procedure = wiring.replace_steps(service.procedure, [step.id], new)
    instead = {step.id: [part.id for part in parts]}
    result = wiring.rewired(service, procedure, instead)
    check_separation(service, result, instead)
    return result


def _check_free(ids: Iterable[str], service: PublicService, step: Step) -> None:
    """Refuse ids of new steps that other nodes have; that of the step they replace is free."""
    taken = {node.id for node in service.procedure.nodes} - {step.id}
    for id in ids:
        if id in taken:
            raise InvalidEditError(Message("{id!r} is the id of another node", id=id))
        taken.add(id)


def _share(time: Distribution | None, share: float) -> Distribution | None:
    """Return a part of a duration: the share of its mean, and of its variance."""
    if time is None:
        return None
    return _gamma(time.mean_in_unit * share, time.scv * time.mean_in_unit**2 * share, time.unit)


def triage(service: PublicService, edit: Triage) -> PublicService:
    """
    Return a service in which a step is one for each type of case.

    Raises:
        InvalidEditError: The types of case are not all the cases, or somebody would approve their own work.
    """
    step = wiring.find_step(service.procedure, edit.step, service.id)
    if len(edit.cases) < 2 or not isclose(fsum(c.probability for c in edit.cases), 1, abs_tol=1e-9):
        raise InvalidEditError(Message("expected at least two types of case whose probabilities sum to 1"))
    _check_free([case.id for case in edit.cases], service, step)
    new = [
        (
            attrs.evolve(
                step,
                id=case.id,
                processing_time=case.processing_time or step.processing_time,
                resource=case.resource or step.resource,
            ),
            case.probability,
        )
        for case in edit.cases
    ]
    procedure = wiring.alternatives(service.procedure, step.id, new)
    at = next(flow.source for flow in procedure.flows if flow.target == new[0][0].id)
    instead = {step.id: [at, *(case.id for case in edit.cases)]}
    result = wiring.rewired(service, procedure, instead)
    check_separation(service, result, instead)
    return result


# Resources


def pool(organisation: PublicOrganisation, edit: PoolResources, pooled: list[Resource]) -> PublicOrganisation:
    """
    Return an organisation in which several resources are one.

    Raises:
        InvalidEditError: They differ in what they are, when they work, or what they cost in a way that has no mean, or one of
            them approves what another does.
    """
    members = {resource.id for resource in pooled}
    if len(members) < 2:
        raise InvalidEditError(Message("expected at least two resources to pool"))
    first = pooled[0]
    if first.kind not in QUEUEABLE:
        raise InvalidEditError(
            Message("{id!r} is a {kind}: cases do not queue for it", id=first.id, kind=first.kind)
        )
    for other in pooled[1:]:
        for field in ("kind", "calendar", "cases_at_once", "closing", "discipline"):
            if getattr(other, field) != getattr(first, field):
                raise InvalidEditError(
                    Message(
                        "{first!r} and {step!r} differ in {field}", first=first.id, step=other.id, field=field
                    )
                )
    for service in organisation.services:
        for step in service.procedure.steps:
            if len(members & set(step.resource)) > 1:
                raise InvalidEditError(Message("{step} takes several resources", step=step.id))
    capacity = sum(resource.capacity or 0 for resource in pooled)
    pool = attrs.evolve(
        first,
        id=edit.into,
        capacity=capacity,
        cost=_mean_cost(pooled, capacity),
        competences=tuple(dict.fromkeys(c for resource in pooled for c in resource.competences)),
    )
    place = next(i for i, resource in enumerate(organisation.resources) if resource.id in members)
    resources = [resource for resource in organisation.resources if resource.id not in members]
    resources.insert(place, pool)
    services = [_with_pool(service, members, edit.into) for service in organisation.services]
    return attrs.evolve(organisation, resources=resources, services=services)


def _mean_cost(pooled: list[Resource], capacity: int) -> CostRate | None:
    costs = {resource.cost for resource in pooled}
    if len(costs) == 1:
        return pooled[0].cost
    known = [resource.cost for resource in pooled if resource.cost is not None]
    if len(known) < len(pooled) or len({(cost.currency, cost.unit) for cost in known}) > 1:
        raise InvalidEditError(
            Message("the costs of {resources} do not compare", resources=", ".join(r.id for r in pooled))
        )
    amount = fsum(c.amount * (r.capacity or 0) for c, r in zip(known, pooled, strict=True)) / capacity
    return attrs.evolve(known[0], amount=amount)


def _with_pool(service: PublicService, members: set[str], pool: str) -> PublicService:
    """Return a service whose steps use a pool; the same one where none uses its members."""
    procedure = service.procedure
    steps = [
        attrs.evolve(step, resource=[pool if id in members else id for id in step.resource])
        if members.intersection(step.resource)
        else step
        for step in procedure.steps
    ]
    if all(new is old for new, old in zip(steps, procedure.steps, strict=True)):
        return service
    result = attrs.evolve(service, procedure=attrs.evolve(procedure, steps=steps))
    check_separation(service, result)
    return result
