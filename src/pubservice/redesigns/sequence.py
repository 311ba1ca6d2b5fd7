"""Edits applied one after another, and what must still hold afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from pubservice.edits.application import apply
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
    SetCapacity,
    SplitStep,
    Triage,
    as_edits,
)
from pubservice.errors import InvalidEditError
from pubservice.messages import Message
from pubservice.model.procedure import Check
from pubservice.redesigns.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Procedure


def redesign(organisation: PublicOrganisation, edits: Iterable[Edit]) -> PublicOrganisation:
    """
    Return the organisation with edits applied, in their order; nothing is changed in place.

    Findings whose remedies overlap can be applied together. An edit that leaves something out is skipped where an earlier
    edit of the same call has left it out already, and so is a merge of what has been merged, and any edit of a step that
    has gone because it served nothing but what `DropOutputs` has dropped. Of an edit of several steps, what concerns those
    that are gone falls away while something is left to do. What has been merged goes by the id of the first step. All else
    that two edits do to one step is a contradiction. The result is validated: see `validate`.

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
    edits = as_edits(edits)
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
    sequence = _Sequence(organisation)
    for edit in dict.fromkeys(as_edits(edits)):
        sequence.add(edit)
    return sequence.result()


_WHOLE_STEP = (
    RemoveStep,
    Automate,
    SplitStep,
    Triage,
)  # what they do to a part of a merged step is not known

_LEAVE_OUT = (RemoveStep, RemoveFlow, DropCheck, DropAsk, DropBatch, DropOutputs)

Thing: TypeAlias = tuple[str, str, object]


class _Sequence:
    """
    Edits being applied one after another.

    Services are changed by themselves and put together at the end, so that an edit takes time linear in its service.
    """

    def __init__(self, organisation: PublicOrganisation) -> None:
        self.given = organisation
        self.base = organisation  # but for its services
        self.services = {service.id: service for service in organisation.services}
        self.earlier: list[Edit] = []
        self.before: dict[str, Procedure] = {}  # by service that was changed, how it was before the last edit
        self.once: defaultdict[str, set[Thing]] = defaultdict(set)  # by service, what was there
        self.chosen: dict[
            tuple[object, ...], tuple[object, Edit]
        ] = {}  # what has been set, to which value, by which edit
        self.replaced: dict[tuple[str, str], Edit] = {}  # steps that others stand for
        self.merged: dict[tuple[str, str], Edit] = {}  # steps that others are part of
        self.names: defaultdict[str, dict[str, str]] = defaultdict(
            dict
        )  # by service, of steps that are part of others
        self.removed: dict[tuple[str, str], Edit] = {}  # steps that are gone
        self.spare: Counter[tuple[str, Thing]] = Counter()  # what several merged steps did, and is done once

    def result(self) -> PublicOrganisation:
        """Return the organisation with the edits so far."""
        return attrs.evolve(self.base, services=self.services.values()) if self.before else self.base

    def add(self, edit: Edit) -> None:
        """Apply an edit."""
        renamed = self._under_new_names(edit)
        self._refuse_contradiction(edit, renamed)
        rest = self._what_is_left(renamed)
        if rest is None:
            self._refuse_undone(edit, renamed)
        else:
            try:
                self._apply(rest)
            except InvalidEditError as error:
                raise self._does_not_hold(edit, error) from None
        if isinstance(edit, SplitStep | Triage):
            self.replaced[edit.service, edit.step] = edit
        self.earlier.append(edit)

    def _apply(self, edit: Edit) -> None:
        if isinstance(edit, SetCapacity | PoolResources):
            self.base = apply(self.result(), edit)
            self.services = {service.id: service for service in self.base.services}
            return
        ids = [edit.service, edit.source] if isinstance(edit, FetchEvidence) else [edit.service]
        if not self.services.keys() >= set(ids):
            apply(self.base, edit)  # says which of them is not there
        concerned = [self.services[id] for id in dict.fromkeys(ids)]
        old, new = concerned[0], apply(attrs.evolve(self.base, services=concerned), edit).services[0]
        self.services[new.id] = new
        self.before[new.id] = old.procedure
        if isinstance(edit, MergeSteps):
            self._note_merged(edit, old.procedure, new.procedure)
        if isinstance(edit, RemoveStep | DropOutputs):
            gone = (edit.step,) if isinstance(edit, RemoveStep) else edit.remove
            self.removed |= {(edit.service, id): edit for id in gone}

    def _note_merged(self, edit: MergeSteps, old: Procedure, new: Procedure) -> None:
        left = {step.id for step in new.steps}
        kept = next(id for id in edit.steps if id in left)
        names = self.names[edit.service]
        for name, of in names.items():
            if of in edit.steps:
                names[name] = kept
        names |= {id: kept for id in edit.steps if id != kept}
        self.merged[edit.service, kept] = edit
        done = Counter(
            (kind, kept, what)
            for kind, node, what in _things(old)
            if kind in ("gives", "checks", "asks") and node in edit.steps
        )
        self.spare.update({(edit.service, thing): n - 1 for thing, n in done.items()})

    def _does_not_hold(self, edit: Edit, error: InvalidEditError) -> InvalidEditError:
        """Return why an edit cannot be applied: by itself, or because of the edits before it."""
        try:
            apply(self.given, edit)
        except InvalidEditError as own:
            return own
        named = _nodes(edit) or set(_resources(edit))
        same = [e for e in self.earlier if (_nodes(e) | set(_resources(e))) & named] or self.earlier
        return InvalidEditError(
            Message(
                "{edit!r} contradicts {earlier!r}: {why}",
                edit=str(edit.describe()),
                earlier=str(same[-1].describe()),
                why=error.args[0],
            )
        )

    def _refuse_contradiction(self, edit: Edit, renamed: Edit) -> None:
        """
        Refuse an edit that does not agree with an earlier one.

        It sets to another value what that has set, names a step for which others stand now, or takes as a whole a step
        that is only a part now.
        """
        service = getattr(edit, "service", "")
        earlier = next(
            (self.replaced[service, id] for id in _nodes(edit) if (service, id) in self.replaced), None
        )
        whole = renamed.remove if isinstance(renamed, DropOutputs) else ()
        if isinstance(renamed, _WHOLE_STEP):
            whole = (renamed.step,)
        for id in whole:
            earlier = self.merged.get((service, id), earlier)
        for key, value in _sets(renamed):
            known = self.chosen.setdefault(key, (value, edit))
            if known[0] != value:
                earlier = known[1]
        if earlier is not None:
            raise _contradiction(edit, earlier)

    def _refuse_undone(self, edit: Edit, renamed: Edit) -> None:
        """Refuse an edit of which nothing is left because of an earlier one, unless both leave out or merge the same."""
        if isinstance(edit, _LEAVE_OUT):
            return
        service = getattr(edit, "service", "")
        named = _nodes(renamed)
        because = [by for (of, id), by in self.removed.items() if of == service and id in named]
        if isinstance(edit, Reorder | Parallelise):
            because += [by for (of, id), by in self.merged.items() if of == service and id in named]
        for earlier in because:
            if not isinstance(earlier, DropOutputs):
                raise _contradiction(edit, earlier)

    def _fell(self, service: str, step: str) -> bool:
        """Return whether a step is gone because it served nothing but what is made no more."""
        return isinstance(self.removed.get((service, step)), DropOutputs)

    def _under_new_names(self, edit: Edit) -> Edit:
        """Return an edit that names the steps into which others have been merged."""
        new = self.names.get(getattr(edit, "service", ""))
        if not new:
            return edit

        def renamed(item: Any) -> Any:
            if isinstance(item, tuple):
                return tuple(dict.fromkeys(renamed(part) for part in item))
            return new.get(item, item)

        fields = ("step", "steps", "to", "remove", "branches")
        changed = {name: renamed(getattr(edit, name)) for name in fields if hasattr(edit, name)}
        if isinstance(edit, DropOutputs):
            changed["outputs"] = tuple((new.get(node, node), datum) for node, datum in edit.outputs)
        return attrs.evolve(edit, **changed)

    def _what_is_left(self, edit: Edit) -> Edit | None:
        """
        Return the part of an edit that still concerns something that is there; None where all of it is done.

        What never was there stays a part of it, so that applying it says so.
        """
        if isinstance(edit, SetCapacity | PoolResources) or edit.service not in self.before:
            return edit
        now, once = _things(self.services[edit.service].procedure), self.once[edit.service]
        once |= _things(self.before[edit.service])

        def done(kind: str, node: str, what: object = None) -> bool:
            thing = (kind, node, what)
            if self.spare[edit.service, thing] > 0:
                self.spare[edit.service, thing] -= 1
                return True
            return thing in once and thing not in now

        match edit:
            case RemoveStep():
                if done("step", edit.step):
                    return None
                gives_up = [fact for fact in edit.gives_up if not done("checks", edit.step, fact)]
                return attrs.evolve(edit, gives_up=gives_up)
            case DropCheck():
                return None if done("checks", edit.step, Check(edit.check, edit.of)) else edit
            case DropAsk():
                return None if done("asks", edit.step, edit.datum) else edit
            case DropBatch():
                return None if done("batch", edit.step) else edit
            case RemoveFlow():
                return None if done("flow", edit.source, edit.target) else edit
            case DropOutputs():
                outputs = [(node, datum) for node, datum in edit.outputs if not done("gives", node, datum)]
                remove = [step for step in edit.remove if not done("step", step)]
                return attrs.evolve(edit, outputs=outputs, remove=remove) if outputs or remove else None
            case Reassign():
                steps = [step for step in edit.steps if not done("step", step)]
                return attrs.evolve(edit, steps=steps) if steps else None
            case MergeSteps() | Reorder():
                steps = [step for step in edit.steps if not done("step", step)]
                return attrs.evolve(edit, steps=steps) if len(steps) > 1 else None
            case Parallelise():
                left = [[step for step in branch if not done("step", step)] for branch in edit.branches]
                branches = [branch for branch in left if branch]
                return attrs.evolve(edit, branches=branches) if len(branches) > 1 else None
            case Automate() | ChangeChannel() | Triage() | SplitStep():
                return None if self._fell(edit.service, edit.step) else edit
            case _:
                return edit


def _contradiction(edit: Edit, earlier: Edit) -> InvalidEditError:
    return InvalidEditError(
        Message(
            "{edit!r} contradicts {earlier!r}", edit=str(edit.describe()), earlier=str(earlier.describe())
        )
    )


def _things(procedure: Procedure) -> set[Thing]:
    """Return what edits can take away: its kind, its node, and what it is."""
    found: set[Thing] = {("gives", node.id, datum) for node in procedure.workers for datum in node.gives}
    for step in procedure.steps:
        found.add(("step", step.id, None))
        found.update(("checks", step.id, fact) for fact in step.checks)
        found.update(("asks", step.id, datum) for datum in step.asks)
        if step.batch is not None:
            found.add(("batch", step.id, None))
    found.update(("flow", flow.source, flow.target) for flow in procedure.flows)
    return found


def _nodes(edit: Edit) -> set[str]:
    """Return the ids of the nodes that an edit names."""
    match edit:
        case SetCapacity() | PoolResources() | FetchEvidence():
            return set()
        case RelocateCheck():
            return {edit.step, edit.to}
        case RemoveFlow():
            return {edit.source, edit.target}
        case DropOutputs():
            return {*edit.remove, *(node for node, _ in edit.outputs)}
        case MergeSteps() | Reorder() | Reassign():
            return set(edit.steps)
        case Parallelise():
            return {step for branch in edit.branches for step in branch}
        case _:
            return {edit.step}


def _resources(edit: Edit) -> tuple[str, ...]:
    """Return the ids of the resources that an edit names."""
    match edit:
        case PoolResources():
            return edit.resources
        case SetCapacity() | Reassign():
            return (edit.resource,)
        case _:
            return ()


def _sets(edit: Edit) -> Iterator[tuple[tuple[object, ...], object]]:
    """Yield what an edit sets, and to which value."""
    match edit:
        case SetCapacity():
            yield ("capacity", edit.resource), edit.capacity
        case Reassign():
            for step in edit.steps:
                yield ("resource", edit.service, step), edit.resource
        case Reorder():
            yield ("order", edit.service, frozenset(edit.steps)), edit.steps
        case Automate():
            yield ("resource", edit.service, edit.step), edit.resource
            yield ("contact", edit.service, edit.step), (None, "none")
            yield ("time", edit.service, edit.step), edit.processing_time
        case ChangeChannel():
            yield ("contact", edit.service, edit.step), (edit.channel, edit.contact)
