"""
Edits: what could be changed, as data. Each names its service first, unless it concerns the whole organisation.

They are named as the literature on redesign names them (Reijers & Liman Mansar 2005, Omega 33(4), 283-306).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

import attrs

from pubservice.errors import InvalidEditError
from pubservice.messages import Message, listed
from pubservice.model.distribution import Distribution, distribution
from pubservice.model.procedure import Check, Contact, checks
from pubservice.model.text import names, one_of
from pubservice.units import fraction

if TYPE_CHECKING:
    from collections.abc import Iterable


def _pairs(items: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in items)


def _branches(items: Iterable[str | Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(names(item) for item in items)


def _parts(items: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(items)


def _cases(items: Iterable[CaseType]) -> tuple[CaseType, ...]:
    return tuple(items)


def _check_some(_edit: object, _field: object, steps: tuple[str, ...]) -> None:
    if not steps:
        raise InvalidEditError(Message("expected at least one step"))


def _optional_distribution(value: object) -> Distribution | None:
    return None if value is None else distribution(value)


@attrs.frozen
class DropCheck:
    """A step no longer checks a fact; the result of the earlier check stays with the case (task elimination)."""

    service: str
    step: str
    check: str
    of: str

    def describe(self) -> Message:
        """Return the edit in words."""
        fact = Check(self.check, self.of).said
        return Message(
            "{service}: {step} no longer checks {fact}", service=self.service, step=self.step, fact=fact
        )


@attrs.frozen
class RelocateCheck:
    """A fact is checked at another step, such as the intake (control relocation)."""

    service: str
    step: str
    check: str
    of: str
    to: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message(
            "{service}: {to} checks {fact} instead of {step}",
            service=self.service,
            to=self.to,
            fact=Check(self.check, self.of).said,
            step=self.step,
        )


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
class FetchEvidence:
    """
    A datum is fetched, with the applicant's consent, from the service that issues it, and no longer asked for (once only).

    A requirement that other evidence meets too is not fetched: who has only the other could not apply. A step may ask for
    one of its kinds of evidence by name, which is then fetched, and the requirement stays.

    Attributes:
        service: Its id.
        datum: What applicants hand in today: a requirement, or what a step asks for.
        source: Id of the service of which it is an output.
    """

    service: str
    datum: str
    source: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{service}: {datum} fetched from {source}, no longer asked for", **attrs.asdict(self))


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

    def __attrs_post_init__(self) -> None:
        if not self.outputs and not self.remove:
            raise InvalidEditError(Message("expected data that are no longer made, or steps to remove"))

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
    """
    A step is removed; what leads to it leads on to what follows it (task elimination).

    Attributes:
        service: Its id.
        step: Which step.
        gives_up: Which of the facts that it checks need not be checked any more. Whatever else it checks has to be checked
            elsewhere too, so that a step that is thought to repeat a check is not removed where it is the only one.
    """

    service: str
    step: str
    gives_up: tuple[Check, ...] = attrs.field(converter=checks, default=(), kw_only=True)

    def describe(self) -> Message:
        """Return the edit in words."""
        if not self.gives_up:
            return Message("{service}: {step} removed", service=self.service, step=self.step)
        return Message(
            "{service}: {step} removed, {facts} need not be checked",
            service=self.service,
            step=self.step,
            facts=listed([fact.said for fact in self.gives_up]),
        )


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
class MergeSteps:
    """
    Steps that follow each other become one, which keeps the id of the first (task composition).

    Attributes:
        service: Its id.
        steps: In the order of the procedure; one resource does them all.
    """

    service: str
    steps: tuple[str, ...] = attrs.field(converter=names)

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{service}: {steps} merged", service=self.service, steps=", ".join(self.steps))


@attrs.frozen
class Part:
    """
    What becomes of a step that is split.

    Attributes:
        id: Of the new step; the first may keep the id of the old.
        share: Of the processing time, 0 to 1.
        resource: Who does it; as before where left out.
        needs: What it reads of what the step read, or of what earlier parts give.
        asks: What it asks for of what the step asked for.
        checks: Which of the step's facts it establishes.
        gives: Which of the step's data it makes.
    """

    id: str
    share: float = attrs.field(converter=fraction)
    resource: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)
    needs: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)
    asks: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)
    checks: tuple[Check, ...] = attrs.field(converter=checks, default=(), kw_only=True)
    gives: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)


@attrs.frozen
class SplitStep:
    """
    A step becomes several that follow each other (task composition).

    Each part has the set-up, the batch, the provisions and the contact of the step; its cost goes with the first part, a
    decision with the last.

    Attributes:
        service: Its id.
        step: What is split.
        parts: In order; together they do what the step did, and their shares sum to 1.
    """

    service: str
    step: str
    parts: tuple[Part, ...] = attrs.field(converter=_parts)

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message(
            "{service}: {step} split into {parts}",
            service=self.service,
            step=self.step,
            parts=", ".join(part.id for part in self.parts),
        )


@attrs.frozen
class Reorder:
    """
    Steps that follow each other are done in another order, each with the ways out it has (resequencing, knock-out).

    Attributes:
        service: Its id.
        steps: In the new order.
    """

    service: str
    steps: tuple[str, ...] = attrs.field(converter=names)

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message(
            "{service}: done in the order {steps}", service=self.service, steps=", ".join(self.steps)
        )


@attrs.frozen
class Parallelise:
    """
    Steps that follow each other are done side by side (parallelism).

    Attributes:
        service: Its id.
        branches: At least two; each a step, or several in their order.
    """

    service: str
    branches: tuple[tuple[str, ...], ...] = attrs.field(converter=_branches)

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message(
            "{service}: {branches} side by side",
            service=self.service,
            branches=" | ".join(", ".join(branch) for branch in self.branches),
        )


@attrs.frozen
class Reassign:
    """
    Another resource does steps (case assignment).

    Attributes:
        service: Its id.
        steps: At least one.
        resource: Id of the resource.
    """

    service: str
    steps: tuple[str, ...] = attrs.field(converter=names, validator=_check_some)
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
class Automate:
    """
    An information system, or nobody, does a step that people do today (task automation).

    Attributes:
        service: Its id.
        step: What is automated; the applicant need not appear for it any more.
        processing_time: How long it takes then.
        resource: Id of the system; None where it never queues.
    """

    service: str
    step: str
    processing_time: Distribution = attrs.field(converter=distribution)
    resource: str | None = attrs.field(default=None, kw_only=True)

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message(
            "{service}: {step} automated, {time}",
            service=self.service,
            step=self.step,
            time=str(self.processing_time),
        )


@attrs.frozen
class ChangeChannel:
    """
    Applicants meet a step by another channel (contact reduction, integral technology).

    Attributes:
        service: Its id.
        step: Which step.
        channel: Id of a channel of the service; None for none.
        contact: What it takes of the applicant then: ``none``, ``remote`` or ``in-person``; without a channel ``none``.
    """

    service: str
    step: str
    channel: str | None
    contact: Contact = attrs.field(validator=one_of("none", "remote", "in-person"))

    def __attrs_post_init__(self) -> None:
        if self.channel is None and self.contact != "none":
            message = Message("expected the channel of the contact {contact!r}", contact=self.contact)
            raise InvalidEditError(message)

    def describe(self) -> Message:
        """Return the edit in words."""
        if self.channel is None:
            return Message("{service}: {step} without the applicant", service=self.service, step=self.step)
        if self.contact == "none":
            return Message(
                "{service}: {step} by the channel {channel}, without the applicant", **attrs.asdict(self)
            )
        if self.contact == "remote":
            return Message("{service}: {step} by the channel {channel}, from afar", **attrs.asdict(self))
        return Message("{service}: {step} by the channel {channel}, in person", **attrs.asdict(self))


@attrs.frozen
class DropBatch:
    """A step is done for each case as it comes, not for many at once (order-based work)."""

    service: str
    step: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{service}: {step} done case by case", **attrs.asdict(self))


@attrs.frozen
class CaseType:
    """
    One kind of case of a triage.

    Attributes:
        id: Of its step.
        probability: Share of the cases, 0 to 1.
        processing_time: How long it takes; as before where left out.
        resource: Who does it; as before where left out.
    """

    id: str
    probability: float = attrs.field(converter=fraction)
    processing_time: Distribution | None = attrs.field(
        converter=_optional_distribution, default=None, kw_only=True
    )
    resource: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)


@attrs.frozen
class Triage:
    """
    A step for all cases becomes one for each type of case (triage, case types).

    Attributes:
        service: Its id.
        step: Which step.
        cases: At least two; their probabilities sum to 1.
    """

    service: str
    step: str
    cases: tuple[CaseType, ...] = attrs.field(converter=_cases)

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message(
            "{service}: {step} separately for {cases}",
            service=self.service,
            step=self.step,
            cases=", ".join(case.id for case in self.cases),
        )


@attrs.frozen
class SetCapacity:
    """A resource gets another capacity (extra resources)."""

    resource: str
    capacity: int

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{resource}: capacity {capacity}", **attrs.asdict(self))


@attrs.frozen
class PoolResources:
    """
    Several resources become one pool, whose members do the work of all (centralisation).

    Attributes:
        resources: At least two, of one kind and one calendar.
        into: Id of the pool; may be that of one of them.
    """

    resources: tuple[str, ...] = attrs.field(converter=names)
    into: str

    def describe(self) -> Message:
        """Return the edit in words."""
        return Message("{resources} pooled as {into}", resources=", ".join(self.resources), into=self.into)


ServiceEdit: TypeAlias = (
    DropCheck
    | RelocateCheck
    | DropAsk
    | FetchEvidence
    | DropOutputs
    | RemoveStep
    | RemoveFlow
    | MergeSteps
    | SplitStep
    | Reorder
    | Parallelise
    | Reassign
    | Automate
    | ChangeChannel
    | DropBatch
    | Triage
)
Edit: TypeAlias = ServiceEdit | SetCapacity | PoolResources


def as_edits(items: Iterable[Edit]) -> tuple[Edit, ...]:
    """
    Return edits as they are.

    Raises:
        InvalidEditError: One is none; the text says which, and what it is.
    """
    found = tuple(items)
    for position, item in enumerate(found):
        if not isinstance(item, get_args(Edit)):
            raise InvalidEditError(
                Message(
                    "edits[{position}]: expected an edit, got a {kind}: {value!r}",
                    position=position,
                    kind=type(item).__name__,
                    value=item,
                )
            )
    return found


def as_data(edit: Edit) -> dict[str, Any]:
    """
    Return an edit as plain data, for JSON.

    Example:
        >>> as_data(RemoveStep("permit", "archive"))
        {'edit': 'remove_step', 'service': 'permit', 'step': 'archive', 'gives_up': []}
    """
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(edit).__name__).lower()
    return {"edit": name, **_plain(edit)}


def _plain(item: Any) -> Any:
    if isinstance(item, tuple):
        return [_plain(part) for part in item]
    if isinstance(item, Distribution):
        return str(item)
    if attrs.has(type(item)):
        return {field.name: _plain(getattr(item, field.name)) for field in attrs.fields(type(item))}
    return item
