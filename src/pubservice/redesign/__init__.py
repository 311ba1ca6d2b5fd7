"""Redesign: edits applied together, and what must still hold afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.edits.application import apply
from pubservice.edits.edit import (
    DropAsk,
    DropCheck,
    DropOutputs,
    Edit,
    Reassign,
    RemoveFlow,
    RemoveStep,
)
from pubservice.errors import InvalidEditError
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService


def redesign(organisation: PublicOrganisation, edits: Iterable[Edit]) -> PublicOrganisation:
    """
    Return the organisation with edits applied, in their order; nothing is changed in place.

    Every edit has to hold on the organisation as it was given. What an earlier one of the same call has already removed
    is skipped, so that findings whose remedies overlap can be applied together.

    Args:
        organisation: What is redesigned.
        edits: Remedies of findings, or your own.

    Raises:
        InvalidEditError: An edit names what is not there, its precondition does not hold, or afterwards a step would
            need a datum, or the service owe an output, that nothing supplies any more.

    Example:
        >>> from pubservice.edits.edit import DropCheck
        >>> leaner = redesign(city_hall, [DropCheck("building-permit", "assess", "identity", "identity")])
        >>> leaner.service("building-permit").procedure.node("assess").checks
        ()
    """
    result = organisation
    for edit in edits:
        apply(organisation, edit)
        rest = _what_is_left(edit, result)
        if rest is not None:
            result = apply(result, rest)
    for before, after in zip(organisation.services, result.services, strict=True):
        if before is not after:
            _check_supply(before, after)
    return result


def _what_is_left(edit: Edit, organisation: PublicOrganisation) -> Edit | None:
    """Return the part of an edit that still concerns something that is there."""
    match edit:
        case DropCheck() | DropAsk() | RemoveStep():
            present = {step.id: step for step in organisation.service(edit.service).procedure.steps}
            step = present.get(edit.step)
            if step is None:
                return None
            if isinstance(edit, DropCheck):
                return edit if any((c.check, c.of) == (edit.check, edit.of) for c in step.checks) else None
            if isinstance(edit, DropAsk):
                return edit if edit.datum in step.asks else None
            return edit
        case DropOutputs():
            procedure = organisation.service(edit.service).procedure
            gives = {node.id: node.gives for node in procedure.workers}
            outputs = [(node, datum) for node, datum in edit.outputs if datum in gives.get(node, ())]
            return attrs.evolve(edit, outputs=outputs, remove=[step for step in edit.remove if step in gives])
        case Reassign():
            present_ids = {step.id for step in organisation.service(edit.service).procedure.steps}
            steps = [step for step in edit.steps if step in present_ids]
            return attrs.evolve(edit, steps=steps) if steps else None
        case RemoveFlow():
            flows = organisation.service(edit.service).procedure.flows
            return (
                edit
                if any((flow.source, flow.target) == (edit.source, edit.target) for flow in flows)
                else None
            )
        case _:
            return edit


def _supplied(service: PublicService) -> set[str]:
    procedure = service.procedure
    given = {datum for node in procedure.workers for datum in node.gives}
    asked = {datum for step in procedure.steps for datum in step.asks}
    return given | asked


def _check_supply(before: PublicService, after: PublicService) -> None:
    lost = _supplied(before) - _supplied(after) - {requirement.id for requirement in after.requirements}
    for step in after.procedure.steps:
        for datum in (*step.needs, *(fact.of for fact in step.checks)):
            if datum in lost:
                message = Message(
                    "step {step!r} needs {datum!r}, which nothing would supply any more",
                    step=step.id,
                    datum=datum,
                )
                raise InvalidEditError(message)
    for output in after.outputs:
        if output.id in lost:
            message = Message(
                "the service owes {datum!r}, which nothing would make any more", datum=output.id
            )
            raise InvalidEditError(message)
