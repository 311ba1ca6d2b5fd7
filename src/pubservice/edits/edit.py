"""Edits: what could be changed, as data. Each names its service first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from pubservice.messages import Message
from pubservice.model.text import names

if TYPE_CHECKING:
    from collections.abc import Iterable


def _pairs(items: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in items)


@attrs.frozen
class DropCheck:
    """A step no longer checks a fact; the result of the earlier check stays with the case (task elimination)."""

    service: str
    step: str
    check: str
    of: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{service}: {step} no longer checks {check} of {of}", **attrs.asdict(self))


@attrs.frozen
class DropAsk:
    """A step no longer asks the applicant for a datum that the office holds (contact reduction)."""

    service: str
    step: str
    datum: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{service}: {step} no longer asks for {datum}", **attrs.asdict(self))


@attrs.frozen
class DropOutputs:
    """
    Nodes stop giving data that nobody uses, and steps that then serve nothing are removed (task elimination).

    Attributes:
        service: Its id.
        outputs: Pairs of node and datum.
        remove: Steps, removed after that.
    """

    service: str
    outputs: tuple[tuple[str, str], ...] = attrs.field(converter=_pairs)
    remove: tuple[str, ...] = attrs.field(converter=names, default=())

    def describe(self) -> Message:
        """Return the edit in words."""
        dropped = ", ".join(f"{datum} ({node})" for node, datum in self.outputs)
        if not self.remove:
            return Message("{service}: {dropped} no longer made", service=self.service, dropped=dropped)
        return Message(
            "{service}: {dropped} no longer made, {steps} removed",
            service=self.service,
            dropped=dropped,
            steps=", ".join(self.remove),
        )


@attrs.frozen
class RemoveStep:
    """A step is removed; what leads to it leads on to what follows it (task elimination)."""

    service: str
    step: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{service}: {step} removed", **attrs.asdict(self))


@attrs.frozen
class RemoveFlow:
    """A flow between parallel gateways that others imply is removed."""

    service: str
    source: str
    target: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{service}: flow from {source} to {target} removed", **attrs.asdict(self))


@attrs.frozen
class Reassign:
    """Another resource does steps (case assignment)."""

    service: str
    steps: tuple[str, ...] = attrs.field(converter=names)
    resource: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message(
            "{service}: {steps} done by {resource}",
            service=self.service,
            steps=", ".join(self.steps),
            resource=self.resource,
        )


@attrs.frozen
class SetCapacity:
    """A resource gets another capacity (extra resources)."""

    resource: str
    capacity: int

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{resource}: capacity {capacity}", **attrs.asdict(self))


Edit: TypeAlias = DropCheck | DropAsk | DropOutputs | RemoveStep | RemoveFlow | Reassign | SetCapacity
EDITS: tuple[type[Edit], ...] = (
    DropCheck,
    DropAsk,
    DropOutputs,
    RemoveStep,
    RemoveFlow,
    Reassign,
    SetCapacity,
)


def as_data(edit: Edit) -> dict[str, Any]:
    """
    Return an edit as plain data, for JSON.

    Example:
        >>> as_data(RemoveStep("permit", "archive"))
        {'edit': 'remove_step', 'service': 'permit', 'step': 'archive'}
    """
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(edit).__name__).lower()
    return {"edit": name, **attrs.asdict(edit)}
