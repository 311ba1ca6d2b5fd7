"""The application of edits: an organisation in, a new one out; nothing is changed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

import attrs

from pubservice.edits import composition, wiring
from pubservice.edits.edit import (
    Automate,
    ChangeChannel,
    DropAsk,
    DropBatch,
    DropCheck,
    DropOutputs,
    Edit,
    FetchEvidence,
    MergeSteps,
    Parallelise,
    PoolResources,
    Reassign,
    RelocateCheck,
    RemoveFlow,
    RemoveStep,
    Reorder,
    ServiceEdit,
    SetCapacity,
    SplitStep,
    Triage,
    as_edits,
)
from pubservice.edits.separation import check_separation
from pubservice.errors import InvalidEditError, InvalidModelError
from pubservice.graph.blocks import blocks
from pubservice.graph.dataflow import DataFlow
from pubservice.graph.flowgraph import flowgraph
from pubservice.messages import Message, did_you_mean
from pubservice.model.procedure import Check, Step, Wait

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Resource
    from pubservice.model.service import PublicService


def apply(organisation: PublicOrganisation, edit: Edit) -> PublicOrganisation:
    """
    Return the organisation with one edit applied. What must still hold afterwards is `redesign`'s to prove.

    Raises:
        InvalidEditError: It names what is not there, or its precondition does not hold; the text says which.

    Example:
        >>> from pubservice.edits.edit import SetCapacity
        >>> apply(city_hall, SetCapacity("clerk", 3)).resource("clerk").capacity
        3
    """
    (edit,) = as_edits([edit])
    try:
        return _apply(organisation, edit)
    except InvalidModelError as error:
        raise _impossible(edit, error) from None


def _impossible(edit: Edit, error: InvalidModelError) -> InvalidEditError:
    return InvalidEditError(Message("{edit}: {why}", edit=edit.describe(), why=error.problems[0].message))


def _apply(organisation: PublicOrganisation, edit: Edit) -> PublicOrganisation:
    resources = {resource.id: resource for resource in organisation.resources}
    if isinstance(edit, SetCapacity):
        changed = attrs.evolve(_known("resource", edit.resource, resources), capacity=edit.capacity)
        return attrs.evolve(
            organisation, resources=[changed if r.id == edit.resource else r for r in organisation.resources]
        )
    if isinstance(edit, PoolResources):
        return composition.pool(
            organisation, edit, [_known("resource", id, resources) for id in edit.resources]
        )
    services = {service.id: service for service in organisation.services}
    service = _known("service", edit.service, services)
    if isinstance(edit, Reassign):
        _check_able(_known("resource", edit.resource, resources), service, edit)
    if isinstance(edit, Automate) and edit.resource is not None:
        system = _known("resource", edit.resource, resources)
        if system.kind != "information-system":
            raise InvalidEditError(Message("{resource!r} is no information system", resource=system.id))
    if isinstance(edit, FetchEvidence):
        source = _known("service", edit.source, services)
        if source is service or edit.datum not in [output.id for output in source.outputs]:
            raise InvalidEditError(
                Message("{source!r} does not issue {datum!r}", source=edit.source, datum=edit.datum)
            )
    new = apply_to_service(service, edit)
    return attrs.evolve(
        organisation, services=[new if s.id == edit.service else s for s in organisation.services]
    )


def _known(kind: str, id: str, known: dict[str, Any]) -> Any:
    if id not in known:
        raise InvalidEditError(
            Message("no {kind} {id!r}{hint}", kind=Message(kind), id=id, hint=did_you_mean(id, known))
        )
    return known[id]


def _check_able(resource: Resource, service: PublicService, edit: Reassign) -> None:
    """Refuse to give steps to a resource that cannot do what they take, or where it is not clear whose place it takes."""
    for id in edit.steps:
        step = _step(service, id)
        missing = set(step.competences).difference(resource.competences)
        if missing:
            raise InvalidEditError(
                Message(
                    "{owner} lacks {competences}", owner=resource.id, competences=", ".join(sorted(missing))
                )
            )
        if len(step.resource) > 1:
            raise InvalidEditError(Message("{step} takes several resources", step=id))


def apply_to_service(service: PublicService, edit: ServiceEdit) -> PublicService:
    """
    Return a service with one edit applied, in time linear in the service; the organisation around it is not looked at.

    Raises:
        InvalidEditError: As for `apply`.
    """
    try:
        return _applied(service, edit)
    except InvalidModelError as error:
        raise _impossible(edit, error) from None


def _applied(service: PublicService, edit: ServiceEdit) -> PublicService:
    match edit:
        case DropCheck():
            step = _unbound(_checking(service, edit), _fact(edit).said)
            return _replace(service, attrs.evolve(step, checks=[c for c in step.checks if c != _fact(edit)]))
        case RelocateCheck():
            step, other = _unbound(_checking(service, edit), _fact(edit).said), _step(service, edit.to)
            if other.id == step.id:
                raise InvalidEditError(Message("step {step!r} checks it already", step=edit.to))
            step = attrs.evolve(step, checks=[c for c in step.checks if c != _fact(edit)])
            checks = dict.fromkeys((*other.checks, _fact(edit)))
            return _replace(service, step, attrs.evolve(other, checks=tuple(checks)))
        case DropAsk():
            step = _step(service, edit.step)
            if edit.datum not in step.asks:
                raise InvalidEditError(
                    Message("step {step!r} does not ask for {datum!r}", step=edit.step, datum=edit.datum)
                )
            step = _unbound(step, edit.datum)
            if not _is_held(service, edit):
                message = Message(
                    "{datum!r} is not asked for or handed in on every way to {step!r}",
                    datum=edit.datum,
                    step=edit.step,
                )
                raise InvalidEditError(message)
            return _replace(service, attrs.evolve(step, asks=[d for d in step.asks if d != edit.datum]))
        case FetchEvidence():
            return _fetch(service, edit)
        case DropOutputs():
            service = _stop_giving(service, edit.outputs)
            for id in edit.remove:
                service = _remove(service, id)
            return service
        case RemoveStep():
            step = _step(service, edit.step)
            for fact in edit.gives_up:
                if fact not in step.checks:
                    raise _checks_not(step, fact)
            return _remove(service, edit.step)
        case RemoveFlow():
            return wiring.rewired(
                service, wiring.remove_flow(service.procedure, edit.source, edit.target, _due(service))
            )
        case MergeSteps():
            return composition.merge(service, edit.steps)
        case SplitStep():
            return composition.split(service, edit)
        case Reorder():
            return wiring.rewired(service, wiring.reorder(service.procedure, edit.steps, service.id))
        case Parallelise():
            return wiring.rewired(service, wiring.parallelise(service.procedure, edit.branches, service.id))
        case Reassign():
            given = [attrs.evolve(_step(service, id), resource=edit.resource) for id in edit.steps]
            new = _replace(service, *given)
            check_separation(service, new)
            return new
        case Automate():
            return _automate(service, edit)
        case ChangeChannel():
            step = _unbound(_step(service, edit.step), Message("how the applicant is met"))
            return _replace(service, attrs.evolve(step, channel=edit.channel, contact=edit.contact))
        case DropBatch():
            step = _step(service, edit.step)
            if step.batch is None:
                raise InvalidEditError(Message("step {step!r} has no batch", step=edit.step))
            return _replace(service, attrs.evolve(step, batch=None))
        case Triage():
            return composition.triage(service, edit)
        case _:
            assert_never(edit)


def without_basis(service: PublicService, provisions: Collection[str]) -> PublicService:
    """Return a service of which some provisions demand nothing any more: what would be if they were changed."""

    def free(node: Any) -> Any:
        if not set(node.legal_basis) & set(provisions):
            return node
        return attrs.evolve(
            node, legal_basis=[basis for basis in node.legal_basis if basis not in provisions]
        )

    procedure = service.procedure
    steps, waits = map(free, procedure.steps), map(free, procedure.waits)
    return attrs.evolve(
        service,
        requirements=map(free, service.requirements),
        procedure=attrs.evolve(procedure, steps=steps, waits=waits),
    )


# Nodes by themselves


def _step(service: PublicService, id: str) -> Step:
    return wiring.find_step(service.procedure, id, service.id)


def _fact(edit: DropCheck | RelocateCheck) -> Check:
    return Check(edit.check, edit.of)


def _checking(service: PublicService, edit: DropCheck | RelocateCheck) -> Step:
    step = _step(service, edit.step)
    if _fact(edit) not in step.checks:
        raise _checks_not(step, _fact(edit))
    return step


def _checks_not(step: Step, fact: Check) -> InvalidEditError:
    return InvalidEditError(Message("step {step!r} does not check {fact}", step=step.id, fact=str(fact)))


def _is_held(service: PublicService, edit: DropAsk) -> bool:
    """Return whether the office holds a datum before a step that asks for it, on every path to it."""
    graph = flowgraph(service.procedure)
    flow = DataFlow(graph, blocks(graph), service.requirements)
    return flow.is_present(edit.datum, graph.index[edit.step])


def _unbound(node: Any, what: str | Message) -> Any:
    """Return a node or a requirement, unless a provision demands what it does."""
    if node.legal_basis:
        raise InvalidEditError(
            Message(
                "{what} at {id!r} is demanded by {basis}",
                what=what,
                id=node.id,
                basis=", ".join(node.legal_basis),
            )
        )
    return node


def _replace(service: PublicService, *nodes: Step | Wait) -> PublicService:
    """Return a service in which nodes are others of the same id."""
    new: dict[str, Any] = {node.id: node for node in nodes}
    procedure = service.procedure
    steps = [new.get(step.id, step) for step in procedure.steps]
    waits = [new.get(wait.id, wait) for wait in procedure.waits]
    return attrs.evolve(service, procedure=attrs.evolve(procedure, steps=steps, waits=waits))


def _stop_giving(service: PublicService, outputs: Iterable[tuple[str, str]]) -> PublicService:
    nodes = {node.id: node for node in service.procedure.workers}
    changed: dict[str, Step | Wait] = {}
    for id, datum in outputs:
        node = changed.get(id) or nodes.get(id)
        if node is None or datum not in node.gives:
            raise InvalidEditError(Message("{node!r} does not give {datum!r}", node=id, datum=datum))
        node = _unbound(node, datum)
        changed[id] = attrs.evolve(node, gives=[d for d in node.gives if d != datum])
    return _replace(service, *changed.values())


def names_of(service: PublicService, datum: str) -> set[str]:
    """Return what a service calls a datum: by its own name, or that of a requirement which it alone meets."""
    meant = {datum}
    for requirement in service.requirements:
        if len(requirement.evidence) == 1 and datum in (requirement.id, *requirement.evidence):
            meant.update((requirement.id, *requirement.evidence))
    return meant


def _fetch(service: PublicService, edit: FetchEvidence) -> PublicService:
    """Stop asking for a datum, and call it by its own name wherever the requirement that it meets was named."""
    meant = names_of(service, edit.datum)
    asking = [step for step in service.procedure.steps if meant & set(step.asks)]
    met = [r for r in service.requirements if edit.datum in (r.id, *r.evidence)]
    for requirement in met:
        others = [datum for datum in requirement.evidence if datum != edit.datum]
        if len(requirement.evidence) > 1 and (not asking or requirement.id == edit.datum):
            message = Message(
                "{others} meets {requirement!r} too: who has only that could not apply",
                others=", ".join(others),
                requirement=requirement.id,
            )
            raise InvalidEditError(message)
        if requirement.id in meant:
            _unbound(requirement, edit.datum)
    for step in asking:
        _unbound(step, edit.datum)
    if not asking and not met:
        raise InvalidEditError(
            Message("nothing in {service!r} asks for {datum!r}", service=service.id, datum=edit.datum)
        )

    def named(data: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(edit.datum if datum in meant else datum for datum in data))

    def fetched(node: Step | Wait) -> Step | Wait:
        if isinstance(node, Wait):
            if not meant & {*node.needs, *node.gives}:
                return node
            return attrs.evolve(node, needs=named(node.needs), gives=named(node.gives))
        uses = meant & {*node.asks, *node.needs, *node.gives, *(fact.of for fact in node.checks)}
        if not uses:
            return node
        return attrs.evolve(
            node,
            needs=named((*node.needs, *(datum for datum in node.asks if datum in meant))),
            asks=[datum for datum in node.asks if datum not in meant],
            checks=[Check(fact.check, *named([fact.of])) for fact in node.checks],
            gives=named(node.gives),
        )

    service = _replace(service, *map(fetched, service.procedure.workers))
    return attrs.evolve(service, requirements=[r for r in service.requirements if r.id not in meant])


def _automate(service: PublicService, edit: Automate) -> PublicService:
    step = _step(service, edit.step)
    if step.kind in ("approval", "decision"):
        raise InvalidEditError(Message("step {step!r} takes somebody who answers for it", step=edit.step))
    step = _unbound(step, Message("the work"))
    resource = () if edit.resource is None else (edit.resource,)
    return _replace(
        service,
        attrs.evolve(
            step,
            actor="office",
            body=None,
            resource=resource,
            staff=1,
            processing_time=edit.processing_time,
            setup_time=None,
            batch=None,
            contact="none",
            channel=None,
            competences=(),
        ),
    )


def _remove(service: PublicService, id: str) -> PublicService:
    step = _unbound(_step(service, id), Message("the work"))
    return wiring.rewired(service, wiring.remove_step(service.procedure, step, _due(service)))


def _due(service: PublicService) -> set[str]:
    """Return the nodes at which fees are due."""
    return {fee.at for fee in service.fees if fee.at is not None}
