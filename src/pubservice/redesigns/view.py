"""One service, before or after edits: what is there where."""

from __future__ import annotations

from collections import defaultdict, deque
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pubservice.errors import UndefinedResultError
from pubservice.graph.blocks import blocks, serialised
from pubservice.graph.dataflow import DataFlow
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.soundness import soundness_of
from pubservice.graph.versions import OUTSIDE, sources
from pubservice.graph.visits import visits
from pubservice.model.procedure import Check, End, Step, Wait

if TYPE_CHECKING:
    from collections.abc import Collection, Container

    from pubservice.graph.dataflow import Held
    from pubservice.graph.soundness import Soundness
    from pubservice.model.procedure import Node
    from pubservice.model.service import PublicService
    from pubservice.redesigns.kinship import Kinship

_TURNED_AWAY = ("refused", "withdrawn")  # the outcomes that the file format names for cases that get nothing


class View:
    """One service, before or after: what is there where. Other services issue what is `elsewhere`."""

    def __init__(self, service: PublicService, elsewhere: Container[str], kinship: Kinship) -> None:
        self.service = service
        self.kinship = kinship
        self.elsewhere = elsewhere
        self.graph = flowgraph(service.procedure)
        self.nested = blocks(self.graph)
        self.flow = DataFlow(self.graph, self.nested, service.requirements, every_fact=True)

    @cached_property
    def soundness(self) -> Soundness:
        """Whether every case can finish."""
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
        """By node, what it leaves with the case."""
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
    def lawful(self) -> dict[int, tuple[str, ...]]:
        """By node that a provision demands, its one name."""
        return {i: (self.kinship.of(node.id),) for i, node in self.workers if node.legal_basis}

    @cached_property
    def followed(self) -> Held:
        """Which of these were done before each node, on every path."""
        return self.flow.held(self.lawful)

    def provisions(self, name: str) -> str:
        """Return what demands a node."""
        bases = [b for _, node in self.workers if self.kinship.of(node.id) == name for b in node.legal_basis]
        return ", ".join(dict.fromkeys(bases))

    @cached_property
    def versions(self) -> dict[tuple[str, str], frozenset[str]]:
        """By node and datum that it reads, the names of those who made the versions that it may read."""
        read = {i: data for i, data in self.flow.uses.items() if self.flow.is_reached(i)}
        found: defaultdict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
        for (i, datum), makers in sources(self.graph, self.nested, self.flow.gives, read).items():
            name = self.kinship.of(self.graph.id(i))
            others = {self.maker(maker) for maker in makers} - {name}
            found[name, self.kinship.called(datum)] |= frozenset(others)
        return dict(found)

    @cached_property
    def carried(self) -> dict[tuple[int, str], frozenset[str]]:
        """By node where cases leave and output, the names of those who made the versions that cases may get there."""
        owed = [output.id for output in self.service.outputs]
        read = {i: owed for at in self.leaves.values() for i in at}
        found = {}
        for (i, datum), makers in sources(self.graph, self.nested, self.flow.gives, read).items():
            last = [i] if datum in self.flow.gives.get(i, ()) else makers
            found[i, datum] = frozenset(map(self.maker, last))
        return found

    @cached_property
    def delivered(self) -> dict[tuple[tuple[str, bool], str], frozenset[str]]:
        """The same by outcome and output."""
        found: defaultdict[tuple[tuple[str, bool], str], frozenset[str]] = defaultdict(frozenset)
        for (i, datum), names in self.carried.items():
            found[outcome_of(self.graph.nodes[i]), datum] |= names
        return dict(found)

    def gets_nothing(self, leaf: int) -> bool:
        """Return whether cases that leave somewhere are refused, withdraw, or get none of the outputs."""
        owed = self.service.outputs
        return outcome_of(self.graph.nodes[leaf])[0] in _TURNED_AWAY or (
            bool(owed) and all(self.carried[leaf, output.id] == {""} for output in owed)
        )

    def maker(self, i: int) -> str:
        """Return the one name of a node that makes versions; of no node, nothing."""
        return "" if i == OUTSIDE else self.kinship.of(self.graph.id(i))

    @cached_property
    def established(self) -> dict[tuple[str, Check], list[int]]:
        """The nodes that cases reach and that establish each fact, by their one name and the fact."""
        found: defaultdict[tuple[str, Check], list[int]] = defaultdict(list)
        for i, node in self.workers:
            if isinstance(node, Step):
                for fact in node.checks:
                    found[self.kinship.of(node.id), self.called(fact)].append(i)
        return dict(found)

    def called(self, fact: Check) -> Check:
        """Return a fact as it is called where its datum is fetched."""
        return Check(fact.check, self.kinship.called(fact.of))

    @cached_property
    def leaves(self) -> dict[tuple[str, bool], list[int]]:
        """Where cases leave, by outcome."""
        found: dict[tuple[str, bool], list[int]] = {}
        for i, out in enumerate(self.graph.successors):
            if not out and self.flow.is_reached(i):
                found.setdefault(outcome_of(self.graph.nodes[i]), []).append(i)
        return found

    @cached_property
    def probabilities(self) -> dict[tuple[str, bool], float] | None:
        """How often cases end in each way; None where that is not known."""
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
        """By node, the facts that it establishes."""
        return {i: [str(fact) for fact in node.checks] for i, node in self.workers if isinstance(node, Step)}

    def holds(self, fact: Check, leaf: int) -> bool:
        """Return whether a fact holds when a case leaves somewhere, on every path."""
        node = self.graph.nodes[leaf]
        if isinstance(node, Step | Wait) and fact.of in node.gives:
            return False
        return self.flow.is_available(fact, leaf) or (isinstance(node, Step) and fact in node.checks)

    def was_verified(self, fact: Check, leaf: int) -> bool:
        """Return whether a fact was established of every case that leaves somewhere, whatever has changed since."""
        return has_at(self.verified, str(fact), leaf, self.checked)

    @cached_property
    def _successors(self) -> list[list[int]]:
        if self.nested.unstructured is not None:
            return self.graph.successors
        return serialised(self.graph, self.nested).successors

    def path(self, node: int, makers: Collection[int], enders: Collection[int] = ()) -> str:
        """Return a shortest way to a node on which a thing is not there: made nowhere, or lost again."""
        begin = (self.graph.start, False)
        came: dict[tuple[int, bool], tuple[int, bool] | None] = {begin: None}
        queue = deque([begin])
        while queue:
            state = queue.popleft()
            here, there = state
            if here == node and not there:
                break
            left = here in makers or (there and here not in enders)
            for other in self._successors[here]:
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

    def leaves_without(self, node: int, makers: Collection[int]) -> bool:
        """Return whether a case can leave from a node on without passing any of the makers."""
        seen = {node}
        ways = [node]
        for i in ways:
            if not self._successors[i]:
                return True
            new = [j for j in self._successors[i] if j not in makers and j not in seen]
            seen.update(new)
            ways.extend(new)
        return False


def outcome_of(node: Node) -> tuple[str, bool]:
    """Return how cases end at a node, and whether that counts as completed."""
    return (node.outcome, node.completed) if isinstance(node, End) else ("completed", True)


def has_at(held: Held, thing: str, leaf: int, own: dict[int, Any]) -> bool:
    """Return whether a thing is there when a case leaves somewhere, on every path."""
    return held.holds(thing, leaf) or thing in own.get(leaf, ())
