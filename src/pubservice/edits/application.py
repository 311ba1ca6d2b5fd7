"""The application of edits: an organisation in, a new one out; nothing is changed in place."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, assert_never

import attrs

from pubservice.edits.edit import (
    DropAsk,
    DropCheck,
    DropOutputs,
    Edit,
    Reassign,
    RemoveFlow,
    RemoveStep,
    SetCapacity,
)
from pubservice.errors import InvalidEditError
from pubservice.messages import Message, did_you_mean
from pubservice.model.procedure import Check, End, Flow, Gateway, Procedure, Step, Wait

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService


def apply(organisation: PublicOrganisation, edit: Edit) -> PublicOrganisation:
    """
    Return the organisation with one edit applied.

    Raises:
        InvalidEditError: It names what is not there, or its precondition does not hold; the text says which.

    Example:
        >>> from pubservice.edits.edit import SetCapacity
        >>> apply(city_hall, SetCapacity("clerk", 3)).resource("clerk").capacity
        3
    """
    if isinstance(edit, SetCapacity):
        known = {resource.id: resource for resource in organisation.resources}
        if edit.resource not in known:
            raise _unknown("resource", edit.resource, known)
        changed = attrs.evolve(known[edit.resource], capacity=edit.capacity)
        return attrs.evolve(
            organisation,
            resources=[
                changed if resource.id == edit.resource else resource for resource in organisation.resources
            ],
        )
    services = {service.id: service for service in organisation.services}
    if edit.service not in services:
        raise _unknown("service", edit.service, services)
    if isinstance(edit, Reassign) and edit.resource not in {
        resource.id for resource in organisation.resources
    }:
        raise _unknown(
            "resource", edit.resource, {resource.id: resource for resource in organisation.resources}
        )
    new = apply_to_service(services[edit.service], edit)
    return attrs.evolve(
        organisation,
        services=[new if service.id == edit.service else service for service in organisation.services],
    )


def apply_to_service(service: PublicService, edit: Edit) -> PublicService:
    """
    Return a service with one edit applied, in time linear in the service.

    Raises:
        InvalidEditError: As for `apply`; also for an edit that concerns no service.
    """
    match edit:
        case DropCheck():
            step = _step(service, edit.step)
            fact = Check(edit.check, edit.of)
            if fact not in step.checks:
                raise InvalidEditError(
                    Message("step {step!r} does not check {fact}", step=edit.step, fact=str(fact))
                )
            return _replace(service, attrs.evolve(step, checks=[c for c in step.checks if c != fact]))
        case DropAsk():
            step = _step(service, edit.step)
            if edit.datum not in step.asks:
                raise InvalidEditError(
                    Message("step {step!r} does not ask for {datum!r}", step=edit.step, datum=edit.datum)
                )
            return _replace(service, attrs.evolve(step, asks=[d for d in step.asks if d != edit.datum]))
        case DropOutputs():
            for node, datum in edit.outputs:
                service = _stop_giving(service, node, datum)
            for id in edit.remove:
                service = remove_step(service, id)
            return service
        case RemoveStep():
            return remove_step(service, edit.step)
        case RemoveFlow():
            return _remove_flow(service, edit)
        case Reassign():
            for id in edit.steps:
                service = _replace(service, attrs.evolve(_step(service, id), resource=edit.resource))
            return service
        case SetCapacity():
            raise InvalidEditError(
                Message("the capacity of {resource!r} concerns no single service", resource=edit.resource)
            )
        case _:
            assert_never(edit)


def _unknown(kind: str, id: str, known: Iterable[str]) -> InvalidEditError:
    return InvalidEditError(
        Message("no {kind} {id!r}{hint}", kind=Message(kind), id=id, hint=did_you_mean(id, known))
    )


def _step(service: PublicService, id: str) -> Step:
    steps = {step.id: step for step in service.procedure.steps}
    if id not in steps:
        raise InvalidEditError(
            Message(
                "no step {id!r} in service {service!r}{hint}",
                id=id,
                service=service.id,
                hint=did_you_mean(id, steps),
            ),
        )
    return steps[id]


def _replace(service: PublicService, node: Step | Wait) -> PublicService:
    procedure = service.procedure
    if isinstance(node, Step):
        procedure = attrs.evolve(
            procedure, steps=[node if step.id == node.id else step for step in procedure.steps]
        )
    else:
        procedure = attrs.evolve(
            procedure, waits=[node if wait.id == node.id else wait for wait in procedure.waits]
        )
    return attrs.evolve(service, procedure=procedure)


def _stop_giving(service: PublicService, id: str, datum: str) -> PublicService:
    node = next((node for node in service.procedure.workers if node.id == id), None)
    if node is None or datum not in node.gives:
        raise InvalidEditError(Message("{node!r} does not give {datum!r}", node=id, datum=datum))
    return _replace(service, attrs.evolve(node, gives=[d for d in node.gives if d != datum]))


def remove_step(service: PublicService, id: str) -> PublicService:
    """
    Return a service without a step; what led to it leads on to what followed it.

    Raises:
        InvalidEditError: There is no such step, it decides where the case goes, a provision demands it, or it is all
            there is.
    """
    step = _step(service, id)
    procedure = service.procedure
    if step.legal_basis:
        raise InvalidEditError(
            Message("step {id!r} is demanded by {basis}", id=id, basis=", ".join(step.legal_basis)),
        )
    after = [flow for flow in procedure.flows if flow.source == id]
    if len(after) > 1:
        raise InvalidEditError(Message("step {id!r} decides where the case goes on", id=id))
    following = after[0].target if after else None
    if following == id or (following is None and procedure.first == id):
        raise InvalidEditError(Message("step {id!r} is all there is", id=id))
    ends = procedure.ends
    before = [flow for flow in procedure.flows if flow.target == id]
    flows = [flow for flow in procedure.flows if id not in (flow.source, flow.target)]
    if following is None and any(flow.source in {other.source for other in flows} for flow in before):
        # A choice led to it: where cases leave stays a place of its own.
        following = id
        ends = (*ends, End(id, outcome="completed"))
    if following is not None:
        flows.extend(attrs.evolve(flow, target=following) for flow in before)
    flows = _unite(flows, procedure)
    start = following if procedure.first == id else procedure.start
    steps = tuple(other for other in procedure.steps if other.id != id)
    touched = [flow.source for flow in before] + [following or ""]
    new = _dissolve(start, steps, procedure.waits, procedure.gateways, ends, flows, touched)
    gone = {node.id for node in procedure.nodes} - {node.id for node in new.nodes}
    fees = [
        attrs.evolve(fee, at=_next(fee.at, procedure, gone)) if fee.at in gone else fee
        for fee in service.fees
    ]
    return attrs.evolve(service, procedure=new, fees=fees)


def _next(id: str | None, procedure: Procedure, gone: set[str]) -> str | None:
    """Return the first node behind one that is gone; None for the start where there is none."""
    follows = {flow.source: flow.target for flow in procedure.flows}
    while id in gone:
        id = follows.get(id)
    return id


def _unite(flows: list[Flow], procedure: Procedure) -> list[Flow]:
    """Return flows with those between the same two nodes made one, in document order."""
    kinds = {gateway.id: gateway.kind for gateway in procedure.gateways}
    order = {node.id: i for i, node in enumerate(procedure.nodes)}
    united: dict[tuple[str, str], Flow] = {}
    for flow in flows:
        key = (flow.source, flow.target)
        known = united.get(key)
        if known is None:
            united[key] = flow
        elif known.probability is not None and flow.probability is not None:
            both = (known.probability, flow.probability)
            total = (
                1 - prod(1 - p for p in both)
                if kinds.get(flow.source) == "inclusive"
                else min(1.0, sum(both))
            )
            united[key] = attrs.evolve(known, probability=total)
    return sorted(united.values(), key=lambda flow: (order[flow.source], order[flow.target]))


def _dissolve(
    start: str | None,
    steps: tuple[Step, ...],
    waits: tuple[Wait, ...],
    gateways: tuple[Gateway, ...],
    ends: tuple[End, ...],
    flows: list[Flow],
    touched: list[str],
) -> Procedure:
    """Return a procedure without those of the touched gateways that are left with one way in and one way out."""
    kept = {gateway.id: gateway for gateway in gateways}
    for id in touched:
        before = [flow for flow in flows if flow.target == id]
        after = [flow for flow in flows if flow.source == id]
        single = id in kept and len(after) == 1 and (len(before) == 1 or (not before and start == id))
        if not single or after[0].target == id:
            continue
        del kept[id]
        flows = [flow for flow in flows if id not in (flow.source, flow.target)]
        flows.extend(attrs.evolve(flow, target=after[0].target) for flow in before)
        start = after[0].target if start == id else start
    return Procedure(
        start=start, steps=steps, waits=waits, gateways=tuple(kept.values()), ends=ends, flows=flows
    )


def _remove_flow(service: PublicService, edit: RemoveFlow) -> PublicService:
    procedure = service.procedure
    parallel = {gateway.id for gateway in procedure.gateways if gateway.kind == "parallel"}
    rest = [flow for flow in procedure.flows if (flow.source, flow.target) != (edit.source, edit.target)]
    if len(rest) == len(procedure.flows):
        raise InvalidEditError(
            Message("no flow from {source!r} to {target!r}", source=edit.source, target=edit.target)
        )
    if not {edit.source, edit.target} <= parallel or not (
        any(flow.source == edit.source for flow in rest) and any(flow.target == edit.target for flow in rest)
    ):
        message = Message(
            "only a flow between parallel gateways is implied by others, got {source!r} to {target!r}",
            source=edit.source,
            target=edit.target,
        )
        raise InvalidEditError(message)
    new = _dissolve(
        procedure.first,
        procedure.steps,
        procedure.waits,
        procedure.gateways,
        procedure.ends,
        rest,
        [edit.source, edit.target],
    )
    gone = parallel - {gateway.id for gateway in new.gateways}
    fees = [
        attrs.evolve(fee, at=_next(fee.at, procedure, gone)) if fee.at in gone else fee
        for fee in service.fees
    ]
    return attrs.evolve(service, procedure=new, fees=fees)
