"""What nobody uses, and what falls with it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pubservice.graph.decisions import decides
from pubservice.graph.paths import to_an_end
from pubservice.model.procedure import Gateway, Step, Wait

if TYPE_CHECKING:
    from pubservice.analysis.subject import Subject

_OF_OTHERS = ("applicant", "other-body", "statutory")  # causes of waits in which others have the case


class UnusedData:
    """
    What nobody uses, and what falls with it.

    Attributes:
        dropped: Definitions that are not live; true where no step reads them at all.
        removed: Steps that serve nothing else.
    """

    def __init__(self, subject: Subject, kept: int = -1) -> None:
        self._subject = subject
        self._kept = kept
        self._owed = {output.id for output in subject.service.outputs}
        self._leads = to_an_end(subject.graph)
        self.dropped: dict[tuple[int, str], bool] = {}
        self.removed: dict[int, None] = {}
        self._with: dict[tuple[int, str], tuple[int, str]] = {}  # towards the first definition of its group
        read: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        left = {}
        for definition, readers in subject.flow.readers.items():
            left[definition] = len(readers)
            for reader in readers:
                read[reader].append(definition)
        work = [definition for definition, n in left.items() if not n and self._may_fall(definition)]
        self.dropped = dict.fromkeys(work, True)
        for definition in work:
            i = definition[0]
            if self.dropped[definition]:
                self._unite(definition, next(other for other in self._of(i) if self.dropped.get(other)))
            if i in self.removed or not self._is_dead(i):
                continue
            self.removed[i] = None
            for other in self._of(i):
                self._unite(other, definition)
            for other in read[i]:
                left[other] -= 1
                if not left[other] and self._may_fall(other):
                    self.dropped[other] = False
                    work.append(other)
        for definition, unread in self.dropped.items():
            if not unread and not self.basis(definition[0]):
                for reader in subject.flow.readers[definition]:
                    self._unite(definition, self._of(reader)[0])

    def _of(self, i: int) -> list[tuple[int, str]]:
        return [(i, datum) for datum in self._subject.flow.gives[i]]

    def basis(self, i: int) -> tuple[str, ...]:
        """Return the provisions that demand a node."""
        return _giver(self._subject, i).legal_basis

    def _may_fall(self, definition: tuple[int, str]) -> bool:
        """Return whether a datum is made for this service alone, and not owed."""
        i, datum = definition
        subject = self._subject
        return (
            subject.flow.is_reached(i)
            and datum not in self._owed
            and not self._is_sent_out(i)
            and not subject.setting.wanted_elsewhere(datum, subject.service.id)
        )

    def _is_sent_out(self, i: int) -> bool:
        """
        Return whether what a node makes may go to others: the case is with them next, and what they need is not said.

        They are the applicant or another body, or whoever a statutory period is for.
        """
        graph = self._subject.graph
        seen = {i}
        stack = [i]
        while stack:
            for j in graph.successors[stack.pop()]:
                node = graph.nodes[j]
                if j in seen:
                    continue
                seen.add(j)
                if isinstance(node, Gateway):
                    stack.append(j)
                elif (
                    (isinstance(node, Wait) and node.cause in _OF_OTHERS)
                    or (isinstance(node, Step) and node.actor != "office")
                ) and not node.needs:
                    return True
        return False

    def _is_dead(self, i: int) -> bool:
        return self.serves_nothing(i) and not self.basis(i)

    def serves_nothing(self, i: int) -> bool:
        """Return whether nothing but a provision would keep a node."""
        step = self._subject.node(i)
        return (
            isinstance(step, Step)
            and all(definition in self.dropped for definition in self._of(i))
            and not step.checks
            and not step.asks
            and not decides(self._subject.graph, i)
            and step.contact == "none"
            and step.actor == "office"
            and self._leads[i]
            and i != self._kept
        )

    def _first(self, definition: tuple[int, str]) -> tuple[int, str]:
        while (towards := self._with.get(definition, definition)) != definition:
            self._with[definition] = definition = self._with.get(towards, towards)
        return definition

    def _unite(self, one: tuple[int, str], other: tuple[int, str]) -> None:
        self._with[self._first(one)] = self._first(other)

    def groups(self) -> list[list[tuple[int, str]]]:
        """Return the definitions that fall together, each group from what nobody reads on."""
        found: defaultdict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
        for definition in self.dropped:
            found[self._first(definition)].append(definition)
        return list(found.values())


def what_is_unused(subject: Subject) -> UnusedData:
    """Return what nobody uses; where no step would be left without it, the first stays."""
    unused = UnusedData(subject)
    if unused.dropped and not something_stays(subject, unused.removed):
        return UnusedData(subject, kept=subject.graph.start)
    return unused


def _giver(subject: Subject, i: int) -> Step | Wait:
    node = subject.node(i)
    assert isinstance(node, Step | Wait)  # only these give
    return node


def something_stays(subject: Subject, removed: dict[int, None]) -> bool:
    """Return whether a procedure is left when steps are removed one after another."""
    i = subject.graph.start
    while i in removed:
        if not subject.graph.successors[i]:
            return False
        i = subject.graph.successors[i][0]
    return True
