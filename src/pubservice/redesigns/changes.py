"""The differences between two organisations, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.messages import Message
from pubservice.model.procedure import Batch, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Flow
    from pubservice.model.service import PublicService


def changes(before: PublicOrganisation, after: PublicOrganisation) -> tuple[Message, ...]:
    """
    Return what differs between two organisations, a sentence for each thing, resources first, then service by service.

    Example:
        >>> from pubservice.edits.application import apply
        >>> from pubservice.edits.edit import SetCapacity
        >>> [str(change) for change in changes(city_hall, apply(city_hall, SetCapacity("clerk", 3)))]
        ['clerk: capacity 2 → 3']
    """
    found = list(_listed("", before.resources, after.resources))
    old = {service.id: service for service in before.services}
    for service in after.services:
        if service.id in old and service != old[service.id]:
            found.extend(_of_service(old[service.id], service))
    return tuple(found)


def _of_service(old: PublicService, new: PublicService) -> Iterator[Message]:
    where = f"{new.id}: "
    yield from _listed(where, old.requirements, new.requirements)
    for collection in ("steps", "waits", "gateways", "ends"):
        yield from _listed(where, getattr(old.procedure, collection), getattr(new.procedure, collection))
    yield from _flows(where, old.procedure.flows, new.procedure.flows)
    if old.fees != new.fees:
        yield Message(
            "{where}fees are due at {places}",
            where=where,
            places=", ".join(str(fee.at or new.procedure.first) for fee in new.fees),
        )
    if old.open_cases != new.open_cases:
        yield Message(
            "{where}open cases stand at {places}",
            where=where,
            places=", ".join(f"{standing.at} ({standing.cases:,})" for standing in new.open_cases) or "-",
        )


def _listed(where: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Message]:
    """Yield what is gone, new, or different among things with ids."""
    before = {item.id: item for item in old}
    after = {item.id: item for item in new}
    for id in before:
        if id not in after:
            yield Message("{where}{id} is gone", where=where, id=id)
    for id, item in after.items():
        if id not in before:
            yield Message("{where}{id} is new{how}", where=where, id=id, how=_how(item))
        else:
            yield from _fields(f"{where}{id}", before[id], item)


def _how(item: Any) -> str:
    if isinstance(item, Step):
        parts = [*item.resource, *([] if item.processing_time is None else [str(item.processing_time)])]
        return f" ({', '.join(parts)})" if parts else ""
    return f" ({item.kind})" if hasattr(item, "kind") else ""


def _fields(what: str, old: Any, new: Any) -> Iterator[Message]:
    for field in attrs.fields(type(new)):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if isinstance(after, tuple) and isinstance(before, tuple):
            gone, added = _without(before, after), _without(after, before)
            if gone and not added:
                yield Message(
                    "{what}: {field} without {values}", what=what, field=field.name, values=_said(gone)
                )
                continue
            if added and not gone:
                yield Message(
                    "{what}: {field} also {values}", what=what, field=field.name, values=_said(added)
                )
                continue
        yield Message(
            "{what}: {field} {before} → {after}",
            what=what,
            field=field.name,
            before=_value(before),
            after=_value(after),
        )


def _without(items: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    known = list(others)
    return [item for item in items if item not in known]


def _said(items: Iterable[Any]) -> str:
    return ", ".join(str(item) for item in items)


def _value(value: Any) -> str:
    if value is None or value in ((), ""):
        return "-"
    if isinstance(value, tuple):
        return _said(value)
    if isinstance(value, Batch):
        return f"{value.size}" if value.period is None else str(value.period)
    return str(value)


def _flows(where: str, old: Sequence[Flow], new: Sequence[Flow]) -> Iterator[Message]:
    before = {(flow.source, flow.target): flow for flow in old}
    after = {(flow.source, flow.target): flow for flow in new}
    for source, target in before:
        if (source, target) not in after:
            yield Message(
                "{where}no flow from {source} to {target}", where=where, source=source, target=target
            )
    for (source, target), flow in after.items():
        known = before.get((source, target))
        if known is None:
            yield Message("{where}flow from {source} to {target}", where=where, source=source, target=target)
        elif known.probability != flow.probability:
            yield Message(
                "{where}flow from {source} to {target}: {before} → {after}",
                where=where,
                source=source,
                target=target,
                before=_chance(known.probability),
                after=_chance(flow.probability),
            )


def _chance(probability: float | None) -> str:
    return "-" if probability is None else f"{probability:.1%}"
