"""
What must still hold after edits: translation validation.

Both organisations are analysed and compared; that an edit was meant well proves nothing. Whatever did not hold before
need not hold afterwards, so that a procedure with faults can be improved bit by bit.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from functools import cached_property
from math import isclose
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.edits.edit import RemoveStep, Reorder
from pubservice.errors import UndefinedResultError
from pubservice.graph.blocks import blocks, serialised
from pubservice.graph.dataflow import DataFlow
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.soundness import soundness_of
from pubservice.graph.visits import visits
from pubservice.messages import Message, translate
from pubservice.model.procedure import Check, End, Step, Wait

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Iterator

    from pubservice.edits.edit import Edit
    from pubservice.graph.dataflow import Held
    from pubservice.graph.soundness import Soundness
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Node
    from pubservice.model.service import PublicService


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


@attrs.frozen
class Validation:
    """
    What was proven of a redesign.

    Attributes:
        guarantees: In the order of services; every one that was looked at.
        given_up: Facts that were established of every case that ended in some way, and are not any more, because a step
            was removed that established them; pairs of service and fact.
    """

    guarantees: tuple[Guarantee, ...]
    given_up: tuple[tuple[str, Check], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken

    @property
    def broken(self) -> tuple[Message, ...]:
        """The proofs of what is lost, each with its service."""
        return tuple(
            Message("{service}: {why}", service=g.service, why=g.broken)
            for g in self.guarantees
            if g.broken is not None
        )

    def text(self, language: Language = "en") -> str:
        """Return a line for each guarantee, then one for each control that is given up."""
        lines = [guarantee.text(language) for guarantee in self.guarantees]
        lines.extend(
            Message("{service}: {fact} is no longer checked", service=service, fact=fact.said).text(language)
            for service, fact in self.given_up
        )
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


SOUND = Message("every case can end, and ends once")
OUTCOMES = Message("every outcome can still be reached")
SAME_OUTCOMES = Message("every outcome is as probable as before")
SUPPLY = Message("every step has what it needs on every path")
OUTPUTS = Message("whatever a case got with its outcome, it still gets")
LAW = Message("every provision is still followed, in an order it allows")
CONTROLS = Message("whatever was verified of every case that ended so, still is")
CONTROLS_IN_ORDER = Message(
    "whatever was verified of every case that ended so, still is, unless the case is knocked out before"
)


def validate(before: PublicOrganisation, after: PublicOrganisation, edits: Iterable[Edit] = ()) -> Validation:
    """
    Return what still holds of the services that edits have changed.

    For each: it is as sound as before; every outcome can still be reached, with the same probability unless an edit
    changes the order of decisions; each step has what it needs on every path; each case gets with its outcome what it
    got; each provision is followed, behind those it followed before; what was verified of every case that ended so still
    is, unless a step was removed that verified it, which is listed.

    Args:
        before: As it was.
        after: With the edits applied.
        edits: Which; they decide on what may change.

    Example:
        >>> from pubservice.edits.application import apply
        >>> from pubservice.edits.edit import RemoveStep
        >>> leaner = apply(city_hall, RemoveStep("building-permit", "request-evidence"))
        >>> validate(city_hall, leaner).holds
        True

    Source:
        Pnueli, Siegel & Singerman (1998), Translation validation, TACAS, LNCS 1384, 151-166.
    """
    edits_of: defaultdict[str | None, list[Edit]] = defaultdict(list)
    for edit in edits:
        edits_of[getattr(edit, "service", None)].append(edit)
    issued = Counter(output.id for service in before.services for output in service.outputs)
    guarantees: list[Guarantee] = []
    given_up: list[tuple[str, Check]] = []
    for old, new in zip(before.services, after.services, strict=True):
        if old is new or (old.procedure is new.procedure and old.requirements == new.requirements):
            continue
        elsewhere = issued - Counter(output.id for output in old.outputs)
        proof = _Proof(_View(old, elsewhere), _View(new, elsewhere), edits_of[old.id])
        guarantees.extend(proof.guarantees())
        given_up.extend((old.id, fact) for fact in proof.given_up)
    return Validation(tuple(guarantees), tuple(given_up))


class _View:
    """One service, before or after: what is there where. Other services issue what is `elsewhere`."""

    def __init__(self, service: PublicService, elsewhere: Container[str]) -> None:
        self.service = service
        self.elsewhere = elsewhere
        self.graph = flowgraph(service.procedure)
        self.nested = blocks(self.graph)
        self.flow = DataFlow(self.graph, self.nested, service.requirements, every_fact=True)

    @cached_property
    def soundness(self) -> Soundness:
        return soundness_of(self.graph, self.nested)

    @cached_property
    def workers(self) -> list[tuple[int, Step | Wait]]:
        """Steps and waits that cases reach."""
        return [
            (i, node)
            for i, node in enumerate(self.graph.nodes)
            if isinstance(node, Step | Wait) and self.flow.is_reached(i)
        ]

    @cached_property
    def makers(self) -> dict[int, list[str]]:
        return {i: self.flow.supplies(i) for i, _ in self.workers}

    @cached_property
    def readers(self) -> dict[str, list[int]]:
        """By datum the steps that cases reach and that read it."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for i, data in self.flow.uses.items():
            if self.flow.is_reached(i):
                for datum in data:
                    found[datum].append(i)
        return dict(found)

    @cached_property
    def supply(self) -> Held:
        """What steps can read: made before, handed in, or issued by other services."""
        read = {datum for datum in self.readers if datum in self.elsewhere}
        return self.flow.held(self.makers, sorted(self.flow.handed_in | read))

    def has(self, datum: str, i: int) -> bool:
        """Return whether a step has a datum that it reads on every path; what it asks for itself it has."""
        return self.supply.holds(datum, i) or datum in self.flow.asks(i)

    @cached_property
    def made(self) -> Held:
        """What the nodes of the service make, whatever comes from elsewhere."""
        return self.flow.held(self.makers)

    @cached_property
    def provisions(self) -> dict[int, tuple[str, ...]]:
        return {i: node.legal_basis for i, node in self.workers if node.legal_basis}

    @cached_property
    def followed(self) -> Held:
        return self.flow.held(self.provisions)

    @cached_property
    def leaves(self) -> dict[tuple[str, bool], list[int]]:
        """Where cases leave, by outcome."""
        found: dict[tuple[str, bool], list[int]] = {}
        for i, out in enumerate(self.graph.successors):
            if not out and self.flow.is_reached(i):
                found.setdefault(_outcome(self.graph.nodes[i]), []).append(i)
        return found

    @cached_property
    def probabilities(self) -> dict[tuple[str, bool], float] | None:
        try:
            expected = visits(self.graph, self.nested)
        except UndefinedResultError:
            return None
        return {key: sum(expected[i] for i in at) for key, at in self.leaves.items()}

    @cached_property
    def verified(self) -> Held:
        """Facts that were established, whether or not what they are about has changed since."""
        return self.flow.held(self.checked)

    @cached_property
    def checked(self) -> dict[int, list[str]]:
        return {i: [str(fact) for fact in node.checks] for i, node in self.workers if isinstance(node, Step)}

    def holds(self, fact: Check, leaf: int) -> bool:
        """Return whether a fact holds when a case leaves somewhere, on every path."""
        node = self.graph.nodes[leaf]
        if isinstance(node, Step | Wait) and fact.of in node.gives:
            return False
        return self.flow.is_available(fact, leaf) or (isinstance(node, Step) and fact in node.checks)

    def was_verified(self, fact: Check, leaf: int) -> bool:
        """Return whether a fact was established of every case that leaves somewhere, whatever has changed since."""
        return _has(self.verified, str(fact), leaf, self.checked)

    def path(self, node: int, makers: Collection[int], enders: Collection[int] = ()) -> str:
        """Return a shortest way to a node on which a thing is not there: made nowhere, or lost again."""
        if self.nested.unstructured is not None:
            successors = self.graph.successors
        else:
            successors = serialised(self.graph, self.nested).successors
        begin = (self.graph.start, False)
        came: dict[tuple[int, bool], tuple[int, bool] | None] = {begin: None}
        queue = deque([begin])
        while queue:
            state = queue.popleft()
            here, there = state
            if here == node and not there:
                break
            left = here in makers or (there and here not in enders)
            for other in successors[here]:
                if (other, left) not in came:
                    came[other, left] = state
                    queue.append((other, left))
        way: list[str] = []
        found: tuple[int, bool] | None = (node, False) if (node, False) in came else None
        while found is not None:
            if found[0] < len(self.graph.nodes):
                way.append(self.graph.id(found[0]))
            found = came[found]
        return ", ".join(dict.fromkeys(reversed(way)))


def _outcome(node: Node) -> tuple[str, bool]:
    return (node.outcome, node.completed) if isinstance(node, End) else ("completed", True)


class _Proof:
    """The comparison of one service, before and after."""

    def __init__(self, old: _View, new: _View, edits: list[Edit]) -> None:
        self.old = old
        self.new = new
        self.edits = edits

    def guarantees(self) -> Iterator[Guarantee]:
        """Yield each guarantee, held or broken."""
        same = not any(isinstance(edit, Reorder) for edit in self.edits)
        checks: list[tuple[Message, Callable[[], Message | None]]] = [
            (SOUND, self.unsound),
            (SAME_OUTCOMES if same else OUTCOMES, lambda: self.other_outcomes(same=same)),
            (SUPPLY, self.unsupplied),
            (OUTPUTS, self.not_delivered),
            (LAW, self.unlawful),
            (CONTROLS if same else CONTROLS_IN_ORDER, self.unverified),
        ]
        for claim, find in checks:
            yield Guarantee(self.old.service.id, claim, find())

    def unsound(self) -> Message | None:
        """Return a fault that the procedure did not have before."""
        if self.old.soundness.verdict != "sound" or self.new.soundness.verdict == "sound":
            return None
        faults = self.new.soundness.faults
        return faults[0].message if faults else self.new.soundness.method

    def other_outcomes(self, *, same: bool) -> Message | None:
        """Return an outcome that is lost, new, or has another probability."""
        old, new = self.old.leaves, self.new.leaves
        for outcome, completed in old:
            if (outcome, completed) not in new:
                return Message("no case can end as {outcome!r} any more", outcome=outcome)
        for outcome, completed in new:
            if (outcome, completed) not in old:
                return Message("cases can end as {outcome!r}, which they could not", outcome=outcome)
        before, after = self.old.probabilities, self.new.probabilities
        if same and before is not None and after is not None:
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

    def not_delivered(self) -> Message | None:
        """Return an output that a case got with its outcome and gets no more, or that is made no more."""
        old, new = self.old, self.new
        for output in old.service.outputs:
            datum = output.id
            if datum in old.made.bits and datum not in new.made.bits:
                who = Message("the service owes {datum!r}", datum=datum)
                return Message("{who}, which nothing would supply any more", who=who)
            for key, leaves in old.leaves.items():
                if not all(_has(old.made, datum, i, old.makers) for i in leaves):
                    continue
                for i in new.leaves.get(key, ()):
                    if not _has(new.made, datum, i, new.makers):
                        who = Message(
                            "the service owes {datum!r} to cases that end as {outcome!r}",
                            datum=datum,
                            outcome=key[0],
                        )
                        return self._missing(who, datum, i)
        return None

    def unlawful(self) -> Message | None:
        """Return a provision that is followed no more, on fewer ways, or before one that it followed."""
        old, new = self.old, self.new
        for basis in dict.fromkeys(b for bases in old.provisions.values() for b in bases):
            at = [i for i, bases in new.provisions.items() if basis in bases]
            if not at:
                return Message("{basis} is not followed any more", basis=basis)
            for key, leaves in old.leaves.items():
                if all(_has(old.followed, basis, i, old.provisions) for i in leaves):
                    for i in new.leaves.get(key, ()):
                        if not _has(new.followed, basis, i, new.provisions):
                            way = new.path(i, at)
                            return Message("{basis} is not followed on the way {way}", basis=basis, way=way)
            first = [i for i, bases in old.provisions.items() if basis in bases]
            came_before = set.intersection(*(old.followed.at(i) for i in first)) - {basis}
            for i in at:
                late = came_before - new.followed.at(i) - set(new.provisions[i])
                if late:
                    return Message(
                        "{step!r} ({basis}) would no longer come after {other}",
                        step=new.graph.id(i),
                        basis=basis,
                        other=min(late),
                    )
        return None

    @cached_property
    def lost(self) -> list[tuple[Check, int, str]]:
        """
        Facts that were verified of every case that ended in some way and are not any more; where, and how it ends.

        What a reordered step verifies is not looked at: cases that another one knocks out do not come to it any more.
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
            for is_so in (_View.was_verified, _View.holds):
                known = [
                    fact
                    for fact in old.flow.checkers
                    if fact not in later and all(is_so(old, fact, i) for i in leaves)
                ]
                for i in new.leaves.get(key, ()):
                    for fact in known:
                        # A requirement may be checked by the name of the evidence that is fetched for it.
                        same = [fact, *(Check(fact.check, datum) for datum in names.get(fact.of, ()))]
                        if not any(is_so(new, other, i) for other in same):
                            found.append((fact, i, key[0]))
        return found

    @cached_property
    def given_up(self) -> list[Check]:
        """Facts that are lost because a step was removed that established them."""
        removed = {edit.step for edit in self.edits if isinstance(edit, RemoveStep)}
        theirs = {
            fact
            for _, node in self.old.workers
            if isinstance(node, Step) and node.id in removed
            for fact in node.checks
        }
        return list(dict.fromkeys(fact for fact, *_ in self.lost if fact in theirs))

    def unverified(self) -> Message | None:
        """Return a fact that is lost without having been given up."""
        for fact, leaf, outcome in self.lost:
            if fact not in self.given_up:
                return self._not_verified(fact, leaf, outcome)
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


def _has(held: Held, thing: str, leaf: int, own: dict[int, Any]) -> bool:
    """Return whether a thing is there when a case leaves somewhere, on every path."""
    return held.holds(thing, leaf) or thing in own.get(leaf, ())
