"""Edits applied one after another, and what must still hold afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.edits.application import apply
from pubservice.edits.edit import (
    Automate,
    ChangeChannel,
    DropAsk,
    DropCheck,
    DropOutputs,
    Edit,
    MergeSteps,
    Parallelise,
    Reassign,
    RemoveFlow,
    RemoveStep,
    Reorder,
    ServiceEdit,
    SetCapacity,
    SplitStep,
    Triage,
)
from pubservice.errors import InvalidEditError
from pubservice.messages import Message
from pubservice.redesigns.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Procedure


def redesign(organisation: PublicOrganisation, edits: Iterable[Edit]) -> PublicOrganisation:
    """
    Return the organisation with edits applied, in their order; nothing is changed in place.

    What an earlier edit of the same call has already done is skipped, so that findings whose remedies overlap can be
    applied together; what has been merged goes by the id of the first step. The result is validated: see `validate`.

    Args:
        organisation: What is redesigned.
        edits: Remedies of findings, or your own.

    Raises:
        InvalidEditError: An edit names what is not there, its precondition does not hold, two edits contradict each
            other, or afterwards something would be lost that the applicant gets, the law requires or a step needs; the
            text names the edit, or the proof.

    Example:
        >>> from pubservice.edits.edit import DropCheck
        >>> leaner = redesign(city_hall, [DropCheck("building-permit", "assess", "identity", "identity")])
        >>> leaner.service("building-permit").procedure.node("assess").checks
        ()
    """
    edits = tuple(edits)
    result = in_sequence(organisation, edits)
    broken = validate(organisation, result, edits).broken
    if broken:
        raise InvalidEditError(broken[0])
    return result


def in_sequence(organisation: PublicOrganisation, edits: Iterable[Edit]) -> PublicOrganisation:
    """
    Return the organisation with edits applied in their order, without asking what must still hold afterwards.

    Raises:
        InvalidEditError: An edit does not hold, or contradicts an earlier one.
    """
    result = organisation
    merged: dict[tuple[str, str], str] = {}
    replaced: dict[tuple[str, str], Edit] = {}
    chosen: dict[tuple[str, ...], tuple[object, Edit]] = {}
    earlier: list[Edit] = []
    for edit in edits:
        _refuse_contradiction(edit, chosen, replaced)
        rest = _what_is_left(_under_new_names(edit, merged), result)
        try:
            if rest is None:
                apply(organisation, edit)
            else:
                result = apply(result, rest)
        except InvalidEditError as error:
            raise _does_not_hold(organisation, edit, earlier, error) from None
        if isinstance(rest, MergeSteps):
            left = {step.id for step in result.service(rest.service).procedure.steps}
            kept = next(id for id in rest.steps if id in left)
            merged |= {(rest.service, id): kept for id in rest.steps if id != kept}
        if isinstance(edit, SplitStep | Triage):
            replaced[edit.service, edit.step] = edit
        earlier.append(edit)
    return result


def _does_not_hold(
    organisation: PublicOrganisation, edit: Edit, earlier: list[Edit], error: InvalidEditError
) -> InvalidEditError:
    """Return why an edit cannot be applied: by itself, or because of the edits before it."""
    try:
        apply(organisation, edit)
    except InvalidEditError:
        return error
    same = [e for e in earlier if _touched(e) & _touched(edit)] or earlier
    return InvalidEditError(
        Message(
            "{edit!r} contradicts {earlier!r}: {why}",
            edit=str(edit.describe()),
            earlier=str(same[-1].describe()),
            why=error.args[0],
        )
    )


def _touched(edit: Edit) -> set[str]:
    """Return the ids that an edit names."""
    found: set[str] = set()
    pending: list[Any] = [
        getattr(edit, field.name) for field in attrs.fields(type(edit)) if field.name != "service"
    ]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            found.add(item)
        elif isinstance(item, tuple):
            pending.extend(item)
    return found


def _refuse_contradiction(
    edit: Edit,
    chosen: dict[tuple[str, ...], tuple[object, Edit]],
    replaced: dict[tuple[str, str], Edit],
) -> None:
    """Refuse an edit that sets to another value what an earlier one has set, or names what one has replaced."""
    service = getattr(edit, "service", "")
    earlier = next((replaced[service, id] for id in _touched(edit) if (service, id) in replaced), None)
    for key, value in _sets(edit):
        known = chosen.setdefault(key, (value, edit))
        if known[0] != value:
            earlier = known[1]
    if earlier is not None:
        raise InvalidEditError(
            Message(
                "{edit!r} contradicts {earlier!r}",
                edit=str(edit.describe()),
                earlier=str(earlier.describe()),
            )
        )


def _sets(edit: Edit) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield what an edit sets, and to which value."""
    match edit:
        case SetCapacity():
            yield ("capacity", edit.resource), edit.capacity
        case Reassign():
            for step in edit.steps:
                yield ("resource", edit.service, step), (edit.resource,)
        case Automate():
            yield ("resource", edit.service, edit.step), () if edit.resource is None else (edit.resource,)
            yield ("contact", edit.service, edit.step), (None, "none")
        case ChangeChannel():
            yield ("contact", edit.service, edit.step), (edit.channel, edit.contact)


def _under_new_names(edit: Edit, merged: dict[tuple[str, str], str]) -> Edit:
    """Return an edit that names the steps into which others have been merged."""
    service = getattr(edit, "service", None)
    new = {old: kept for (of, old), kept in merged.items() if of == service}
    if not new:
        return edit

    def renamed(item: Any) -> Any:
        if isinstance(item, tuple):
            return tuple(dict.fromkeys(renamed(part) for part in item))
        return new.get(item, item) if isinstance(item, str) else item

    fields = ("step", "steps", "to", "remove", "branches")
    changed = {name: renamed(getattr(edit, name)) for name in fields if hasattr(edit, name)}
    if isinstance(edit, DropOutputs):
        changed["outputs"] = tuple((new.get(node, node), datum) for node, datum in edit.outputs)
    return attrs.evolve(edit, **changed)


def _what_is_left(edit: Edit, organisation: PublicOrganisation) -> Edit | None:
    """Return the part of an edit that still concerns something that is there; None where all of it is done."""
    service = getattr(edit, "service", None)
    if service is None or service not in {s.id for s in organisation.services}:
        return edit
    return _left_of(edit, organisation.service(service).procedure)  # type: ignore[arg-type]  # it has a service


def _left_of(edit: ServiceEdit, procedure: Procedure) -> Edit | None:
    steps = {step.id: step for step in procedure.steps}
    match edit:
        case RemoveStep():
            return edit if edit.step in steps else None
        case DropCheck():
            step = steps.get(edit.step)
            facts = [(fact.check, fact.of) for fact in step.checks] if step else []
            return edit if (edit.check, edit.of) in facts else None
        case DropAsk():
            step = steps.get(edit.step)
            return edit if step and edit.datum in step.asks else None
        case DropOutputs():
            gives = {node.id: node.gives for node in procedure.workers}
            outputs = [(node, datum) for node, datum in edit.outputs if datum in gives.get(node, ())]
            remove = [step for step in edit.remove if step in steps]
            return attrs.evolve(edit, outputs=outputs, remove=remove) if outputs or remove else None
        case RemoveFlow():
            flows = {(flow.source, flow.target) for flow in procedure.flows}
            return edit if (edit.source, edit.target) in flows else None
        case Reassign():
            there = [step for step in edit.steps if step in steps]
            return attrs.evolve(edit, steps=there) if there else None
        case MergeSteps() | Reorder():
            there = [step for step in edit.steps if step in steps]
            return attrs.evolve(edit, steps=there) if len(there) > 1 else None
        case Parallelise():
            branches = [[step for step in branch if step in steps] for branch in edit.branches]
            branches = [branch for branch in branches if branch]
            return attrs.evolve(edit, branches=branches) if len(branches) > 1 else None
        case _:
            return edit
