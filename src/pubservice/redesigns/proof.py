"""The proof that a service loses nothing: it before and after edits, compared."""

from __future__ import annotations

from functools import cached_property
from math import isclose
from typing import TYPE_CHECKING

import attrs

from pubservice.edits.edit import RemoveStep, Reorder
from pubservice.messages import Message, listed, translate
from pubservice.model.procedure import Check, Step, Wait
from pubservice.redesigns.view import View, has_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pubservice.edits.edit import Edit
    from pubservice.messages import Language


@attrs.frozen
class Guarantee:
    """
    One thing that must still hold of a service.

    Attributes:
        service: Its id.
        claim: What must hold.
        broken: The proof that it does not, with the path or the datum; None where it holds.
    """

    service: str
    claim: Message
    broken: Message | None = None

    def text(self, language: Language = "en") -> str:
        """Return ``service: claim: proof or held``."""
        state = translate("holds", language) if self.broken is None else self.broken.text(language)
        return f"{self.service}: {self.claim.text(language)}: {state}"

    def __str__(self) -> str:
        return self.text()


SOUND = Message("every case can end, and ends once")
OUTCOMES = Message("every outcome is as probable as before")
SUPPLY = Message("every step has what it needs on every path")
VERSIONS = Message("every step reads what the same steps made")
OUTPUTS = Message("whatever a case got with its outcome, it still gets, from the same steps")
LAW = Message("every step that a provision demands is still done, in an order it allows")
CONTROLS = Message("whatever was verified of a case, still is")
CONTROLS_IN_ORDER = Message("whatever was verified of a case, still is, unless it is turned away before")


class Proof:
    """The comparison of one service, before and after."""

    def __init__(self, old: View, new: View, edits: list[Edit]) -> None:
        self.old = old
        self.new = new
        self.edits = edits

    def guarantees(self) -> Iterator[Guarantee]:
        """Yield each guarantee, held or broken."""
        reordered = any(isinstance(edit, Reorder) for edit in self.edits)
        checks: list[tuple[Message, Callable[[], Message | None]]] = [
            (SOUND, self.unsound),
            (OUTCOMES, self.other_outcomes),
            (SUPPLY, self.unsupplied),
            (VERSIONS, self.other_versions),
            (OUTPUTS, self.not_delivered),
            (LAW, self.unlawful),
            (CONTROLS_IN_ORDER if reordered else CONTROLS, self.unverified),
        ]
        for claim, find in checks:
            yield Guarantee(self.old.service.id, claim, find())

    def unsound(self) -> Message | None:
        """Return a fault that the procedure did not have before."""
        if self.old.soundness.verdict != "sound" or self.new.soundness.verdict == "sound":
            return None
        faults = self.new.soundness.faults
        return faults[0].message if faults else self.new.soundness.method

    def other_outcomes(self) -> Message | None:
        """Return an outcome that is lost, new, or has another probability."""
        old, new = self.old.leaves, self.new.leaves
        for outcome, completed in old:
            if (outcome, completed) not in new:
                return Message("no case can end as {outcome!r} any more", outcome=outcome)
        for outcome, completed in new:
            if (outcome, completed) not in old:
                return Message("cases can end as {outcome!r}, which they could not", outcome=outcome)
        before, after = self.old.probabilities, self.new.probabilities
        if before is not None and after is not None:
            for key, p in before.items():
                if not isclose(p, after[key], rel_tol=1e-9, abs_tol=1e-9):
                    return Message(
                        "{before:.4g} of the cases ended as {outcome!r}, now {after:.4g}",
                        before=p,
                        outcome=key[0],
                        after=after[key],
                    )
        return None

    def unsupplied(self) -> Message | None:
        """Return a step that needs what is not there on every path, though it was, or was for all who needed it."""
        new = self.new
        for datum, readers in new.readers.items():
            for i in readers:
                if not new.has(datum, i) and self._was_there(datum, new.graph.id(i)):
                    who = Message("step {step!r} needs {datum!r}", step=new.graph.id(i), datum=datum)
                    if isinstance(new.graph.nodes[i], Wait):
                        who = Message("wait {wait!r} needs {datum!r}", wait=new.graph.id(i), datum=datum)
                    return self._missing(who, datum, i)
        return None

    def _was_there(self, datum: str, step: str) -> bool:
        """Return whether a step had a datum that it reads; where it did not read it, whether all had it that did."""
        readers = self.old.readers.get(datum, [])
        same = [i for i in readers if self.old.graph.id(i) == step]
        return all(self.old.has(datum, i) for i in same or readers)

    def _missing(self, who: Message, datum: str, at: int) -> Message:
        makers = [i for i, made in self.new.makers.items() if datum in made]
        if not makers:
            return Message("{who}, which nothing would supply any more", who=who)
        way = self.new.path(at, makers)
        if not way:
            return Message("{who}, which is made beside it", who=who)
        return Message("{who}, which is not there on the way {way}", who=who, way=way)

    def other_versions(self) -> Message | None:
        """Return a step that reads a version of a datum that others made than before."""
        for (name, datum), makers in self.new.versions.items():
            before = self.old.versions.get((name, datum))
            if before is not None and before != makers:
                who = Message("step {step!r} would read {datum!r}", step=name, datum=datum)
                return _other(who, before, makers)
        return None

    def not_delivered(self) -> Message | None:
        """Return an output that a case got with its outcome and gets no more, or from others."""
        old, new = self.old, self.new
        for output in old.service.outputs:
            datum = output.id
            if datum in old.made.bits and datum not in new.made.bits:
                who = Message("the service owes {datum!r}", datum=datum)
                return Message("{who}, which nothing would supply any more", who=who)
            for key, leaves in old.leaves.items():
                who = Message(
                    "the service owes {datum!r} to cases that end as {outcome!r}", datum=datum, outcome=key[0]
                )
                if all(has_at(old.made, datum, i, old.makers) for i in leaves):
                    for i in new.leaves.get(key, ()):
                        if not has_at(new.made, datum, i, new.makers):
                            return self._missing(who, datum, i)
                before, after = old.delivered[key, datum], new.delivered.get((key, datum))
                if after is not None and after != before:
                    return _other(who, before, after)
        return None

    def unlawful(self) -> Message | None:
        """Return a step that a provision demands and that is done no more, on fewer ways, or too early."""
        old, new = self.old, self.new
        for name in dict.fromkeys(name for (name,) in old.lawful.values()):
            at = [i for i, (other,) in new.lawful.items() if other == name]
            basis = old.provisions(name)
            if not at:
                return Message("{basis} is not followed any more", basis=basis)
            for key, leaves in old.leaves.items():
                if all(has_at(old.followed, name, i, old.lawful) for i in leaves):
                    for i in new.leaves.get(key, ()):
                        if not has_at(new.followed, name, i, new.lawful):
                            way = new.path(i, at)
                            return Message("{basis} is not followed on the way {way}", basis=basis, way=way)
            first = [i for i, (other,) in old.lawful.items() if other == name]
            came_before = set.intersection(*(old.followed.at(i) for i in first)) - {name}
            for i in at:
                late = came_before - new.followed.at(i)
                if late:
                    return Message(
                        "{step!r} ({basis}) would no longer come after {other}",
                        step=new.graph.id(i),
                        basis=basis,
                        other=f"{min(late)} ({old.provisions(min(late))})",
                    )
        return None

    @cached_property
    def lost(self) -> list[tuple[Check, int, str]]:
        """
        Facts that were verified of every case that ended in some way and are not any more; where, and how it ends.

        What a reordered step verifies may be missing of cases that are turned away: another one did so before.
        """
        old, new = self.old, self.new
        names = {r.id: r.evidence for r in old.service.requirements}
        moved = {id for edit in self.edits if isinstance(edit, Reorder) for id in edit.steps}
        later = {
            fact
            for _, node in new.workers
            if isinstance(node, Step) and node.id in moved
            for fact in node.checks
        }
        found = []
        for key, leaves in old.leaves.items():
            for is_so in (View.was_verified, View.holds):
                known = [fact for fact in old.flow.checkers if all(is_so(old, fact, i) for i in leaves)]
                for i in new.leaves.get(key, ()):
                    excused = later if new.gets_nothing(i) else set()
                    for fact in known:
                        # A requirement may be checked by the name of the evidence that is fetched for it.
                        same = [fact, *(Check(fact.check, datum) for datum in names.get(fact.of, ()))]
                        if fact not in excused and not any(is_so(new, other, i) for other in same):
                            found.append((fact, i, key[0]))
        return found

    @cached_property
    def dropped(self) -> list[tuple[Check, str]]:
        """
        Facts that steps establish no more, with the step, of which some case is now not verified at all.

        On the ways as they were: the fact holds on no way to the step without it, or is established on each behind it.
        """
        old, new = self.old, self.new
        found = []
        for (name, fact), at in old.established.items():
            if (name, fact) in new.established:
                continue
            kept = {
                i
                for i, node in old.workers
                if (old.kinship.of(node.id), fact) in new.established and isinstance(node, Step)
            }
            enders = {i for i, datum in old.flow.definitions_of(fact.of)}
            makers = kept - enders
            for i in at:
                if i in kept or not old.path(i, makers, enders - makers):
                    continue
                if old.leaves_without(i, kept):
                    found.append((fact, name))
                    break
        return found

    @cached_property
    def given_up(self) -> list[Check]:
        """Facts that are lost because a step was removed that established them, as its removal says."""
        said = {
            (edit.step, fact) for edit in self.edits if isinstance(edit, RemoveStep) for fact in edit.gives_up
        }
        facts = {fact for _, fact in said}
        lost = [fact for fact, *_ in self.lost if fact in facts]
        lost += [fact for fact, name in self.dropped if (name, fact) in said]
        return list(dict.fromkeys(lost))

    def unverified(self) -> Message | None:
        """Return a fact that is lost without having been given up."""
        for fact, leaf, outcome in self.lost:
            if fact not in self.given_up:
                return self._not_verified(fact, leaf, outcome)
        for fact, name in self.dropped:
            if fact not in self.given_up:
                return Message(
                    "{fact} is not checked any more of cases that come to {step}", fact=fact.said, step=name
                )
        return None

    def _not_verified(self, fact: Check, leaf: int, outcome: str) -> Message:
        new = self.new
        makers = new.flow.checkers.get(fact, [])
        if not makers:
            return Message("nothing checks {fact} any more", fact=fact.said)
        enders = [i for i, _ in new.flow.definitions_of(fact.of)] if new.was_verified(fact, leaf) else []
        way = new.path(leaf, [i for i in makers if i not in enders], enders)
        return Message(
            "{fact} is not checked of cases that end as {outcome!r} on the way {way}",
            fact=fact.said,
            outcome=outcome,
            way=way or "-",
        )


def _other(who: Message, before: Iterable[str], after: Iterable[str]) -> Message:
    return Message(
        "{who} as {after} made it, no longer as {before} did",
        who=who,
        after=_made_by(after),
        before=_made_by(before),
    )


def _made_by(names: Iterable[str]) -> Message:
    return listed([name or Message("nobody here") for name in sorted(names)])
