"""
Data flow: which facts and data are there on every path, and which version of a datum each node reads.

Sets are bits of Python integers, one integer for a node, so that a pass over the nodes is near linear. Within a node the
order is: needs, asks, checks, then gives. What runs side by side is taken from the nested blocks; where these do not
close, every node counts as running beside every other, so that nothing is claimed that may be wrong.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pubservice.graph.paths import components, reverse_postorder, unavoidable
from pubservice.model.procedure import Step, Wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pubservice.graph.blocks import Block, Blocks, Region
    from pubservice.graph.flowgraph import FlowGraph
    from pubservice.model.procedure import Check
    from pubservice.model.service import Requirement


class Held(NamedTuple):
    """
    What is there on every path.

    Attributes:
        bits: The bit of each thing.
        before: For each node, the bits of what is there before it.
    """

    bits: dict[str, int]
    before: list[int]

    def holds(self, thing: str, node: int) -> bool:
        """Return whether a thing is there before a node on every path to it."""
        return bool(self.before[node] & self.bits.get(thing, 0))

    def at(self, node: int) -> set[str]:
        """Return what is there before a node on every path to it."""
        return {thing for thing, bit in self.bits.items() if self.before[node] & bit}


class DataFlow:
    """
    The data flow of one service; each analysis is made when it is first asked for.

    A *fact* is that a check holds of a datum in its present version. A *definition* is a node making a version of a
    datum.

    Args:
        graph: Of its procedure.
        nested: Its blocks.
        requirements: Of the service.
        every_fact: Whether facts are followed that one step alone establishes; such a one is repeated nowhere.
    """

    def __init__(
        self,
        graph: FlowGraph,
        nested: Blocks,
        requirements: Iterable[Requirement],
        *,
        every_fact: bool = False,
    ) -> None:
        self._graph = graph
        self._least = 1 if every_fact else 2
        self._nested = nested
        self._requirements = tuple(requirements)
        self._order = reverse_postorder(graph)
        self._position = dict(zip(self._order, range(len(self._order)), strict=True))
        self._certain: dict[int, frozenset[int]] = {}

    def is_reached(self, node: int) -> bool:
        """Return whether a case can get to a node."""
        return node in self._position

    def is_ahead(self, one: int, other: int) -> bool:
        """Return whether a case comes to a node before another, flows that lead back left out."""
        return self._position[one] < self._position[other]

    @cached_property
    def in_loop(self) -> list[bool]:
        """For each node, whether a case can come to it again from itself."""
        found = [False] * len(self._graph.nodes)
        for component in components(self._graph):
            if len(component) > 1 or component[0] in self._graph.successors[component[0]]:
                for i in component:
                    found[i] = True
        return found

    @cached_property
    def gives(self) -> dict[int, tuple[str, ...]]:
        """What each node that makes data makes."""
        return {
            i: node.gives
            for i, node in enumerate(self._graph.nodes)
            if isinstance(node, Step | Wait) and node.gives
        }

    @cached_property
    def uses(self) -> dict[int, tuple[str, ...]]:
        """What each node that reads data reads: what it needs, and what it checks; a wait reads at its start."""
        found = {}
        for i, node in enumerate(self._graph.nodes):
            if isinstance(node, Step) and (node.needs or node.checks):
                found[i] = tuple(dict.fromkeys((*node.needs, *(fact.of for fact in node.checks))))
            elif isinstance(node, Wait) and node.needs:
                found[i] = node.needs
        return found

    @cached_property
    def handed_in(self) -> frozenset[str]:
        """Data that come with the application: requirements that no step asks for, and the only evidence of one."""
        asked = {datum for node in self._graph.nodes if isinstance(node, Step) for datum in node.asks}
        return frozenset(
            datum
            for requirement in self._requirements
            if requirement.id not in asked and not asked.issuperset(requirement.evidence)
            for datum in self._names(requirement.id)
        )

    @cached_property
    def _other_names(self) -> dict[str, list[str]]:
        """By requirement the only evidence that meets it, and the other way round."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for requirement in self._requirements:
            if len(requirement.evidence) == 1 and requirement.evidence[0] != requirement.id:
                found[requirement.id].append(requirement.evidence[0])
                found[requirement.evidence[0]].append(requirement.id)
        return dict(found)

    def _names(self, datum: str) -> tuple[str, ...]:
        """Return a datum, and what it is called else: a requirement and the only evidence that meets it are one."""
        return (datum, *self._other_names.get(datum, ()))

    # Facts and data that are there on every path

    @cached_property
    def checkers(self) -> dict[Check, list[int]]:
        """The steps that establish each fact, in document order."""
        found: defaultdict[Check, list[int]] = defaultdict(list)
        for i, node in enumerate(self._graph.nodes):
            if isinstance(node, Step):
                for fact in dict.fromkeys(node.checks):
                    found[fact].append(i)
        return dict(found)

    @cached_property
    def _facts(self) -> dict[Check, int]:
        # A fact that is established once is repeated nowhere but in a loop, where its own step establishes it.
        return {
            fact: 1 << bit
            for bit, fact in enumerate(fact for fact, at in self.checkers.items() if len(at) >= self._least)
        }

    @cached_property
    def _lost_facts(self) -> list[int]:
        """For each node, the facts that the new versions it makes put an end to, as bits."""
        of_datum: defaultdict[str, int] = defaultdict(int)
        for fact, bit in self._facts.items():
            of_datum[fact.of] |= bit
        lost = [0] * len(self._graph.nodes)
        for i, data in self.gives.items():
            for datum in data:
                lost[i] |= of_datum.get(datum, 0)
        return lost

    @cached_property
    def _lost_beside(self) -> tuple[list[int], dict[int, int]]:
        return self._made_beside(self._lost_facts)

    @cached_property
    def _made_facts(self) -> list[int]:
        """For each node, the facts that it establishes and does not put an end to itself, as bits."""
        made = [0] * len(self._graph.nodes)
        for fact, at in self.checkers.items():
            for i in at:
                made[i] |= self._facts.get(fact, 0) & ~self._lost_facts[i]
        return made

    @cached_property
    def available_facts(self) -> list[int]:
        """For each node, the facts that hold on every path to it, as bits."""
        lost, made = self._lost_facts, self._made_facts
        beside, passing = self._lost_beside
        return self._on_every_path(made, lost, beside, passing, 0, sum(self._facts.values()))

    def is_available(self, fact: Check, node: int) -> bool:
        """Return whether a fact holds on every path to a node."""
        return bool(self.available_facts[node] & self._facts.get(fact, 0))

    @cached_property
    def _possible_facts(self) -> list[int]:
        """For each node, the facts that hold on some path to it, as bits."""
        lost, made = self._lost_facts, self._made_facts
        return self._on_some_path(made, [a | b for a, b in zip(made, lost, strict=True)])

    def is_possible(self, fact: Check, node: int) -> bool:
        """Return whether a fact that several steps establish holds on some path to a node."""
        return bool(self._possible_facts[node] & self._facts.get(fact, 0))

    @cached_property
    def _latest_checkers(self) -> tuple[dict[Check, int], list[int]]:
        """
        For each node, which steps may be the latest on the way there that establish a fact, as bits.

        Those of one fact stand together, in the order of `checkers`, from the position that is returned for it.
        """
        first: dict[Check, int] = {}
        made, replaced = [0] * len(self._graph.nodes), [0] * len(self._graph.nodes)
        used = 0
        for fact, at in self.checkers.items():
            if len(at) <= 2:
                continue
            first[fact] = used
            every = (1 << len(at)) - 1 << used
            for bit, i in enumerate(at, used):
                replaced[i] |= every
                if fact.of not in self.gives.get(i, ()):  # else what it checked is out of date when it ends
                    made[i] |= 1 << bit
            used += len(at)
        return first, self._on_some_path(made, replaced)

    def latest_checker(self, fact: Check, node: int) -> int | None:
        """
        Return the step nearest before a node that establishes a fact which holds there on every path.

        None where only the node itself does, behind a join that waits for it. Behind a join it may be one whose result another branch has renewed since.
        """
        at = self.checkers[fact]
        if len(at) > 2:
            first, before = self._latest_checkers
            at = [at[bit] for bit in _bits(before[node] >> first[fact] & (1 << len(at)) - 1)]
        here = self._position[node]
        others = (i for i in at if i != node and i in self._position)
        return max(others, key=lambda i: (self._position[i] < here, self._position[i]), default=None)

    def is_changed_beside(self, fact: Check, node: int) -> bool:
        """Return whether what runs beside a node makes a new version of what several steps check."""
        return bool(self._lost_beside[0][node] & self._facts[fact])

    def always_beside(self, one: int, other: int) -> bool:
        """Return whether two nodes run side by side in every case that comes to the block in which they do."""
        nested = self._nested
        a, b = nested.region_of[one], nested.region_of[other]
        if nested.unstructured is not None or a is None or b is None:
            return False
        block = nested.meet(a, b)
        return block is not None and self._is_certain(one, block) and self._is_certain(other, block)

    def _is_certain(self, node: int, block: Block) -> bool:
        """Return whether every case that comes to a block comes to a node inside it."""
        region = self._nested.region_of[node]
        while region is not None and region.block is not None and node in self._passed(region):
            inner = region.block
            if inner.kind == "inclusive" and self._graph.probabilities[inner.split][region.branch] != 1:
                break
            if inner is block:
                return True
            node, region = inner.split, inner.region
        return False

    def _passed(self, region: Region) -> frozenset[int]:
        """Return the nodes of a branch that every case passes that takes it."""
        found = self._certain.get(id(region))
        if found is None:
            block = region.block
            assert block is not None  # only branches are asked for
            head = self._graph.successors[block.split][region.branch]
            found = frozenset(unavoidable(head, {block.join}, self._over_blocks))
            self._certain[id(region)] = found
        return found

    @cached_property
    def _over_blocks(self) -> list[list[int]]:
        """Where each node leads if every block were one step from its split to its join."""
        successors = list(self._graph.successors)
        for block in self._nested.blocks:
            successors[block.split] = [block.join]
        return successors

    def supplies(self, i: int) -> list[str]:
        """Return the data that the office holds once a node is done: what it gives, and asks for under any name."""
        return [*self.gives.get(i, ()), *self.asks(i)]

    def asks(self, i: int) -> list[str]:
        """Return the data that a node asks for, under any name."""
        node = self._graph.nodes[i]
        asked = node.asks if isinstance(node, Step) else ()
        return [name for datum in asked for name in self._names(datum)]

    def held(self, made: Mapping[int, Iterable[str]], at_start: Iterable[str] = ()) -> Held:
        """
        Return what is there before each node on every path, of things that are never lost again.

        Args:
            made: What each node makes; nodes that make nothing may be left out.
            at_start: What is there before the first node.
        """
        bits: dict[str, int] = {}
        for things in (at_start, *made.values()):
            for thing in things:
                bits.setdefault(thing, 1 << len(bits))
        count = len(self._graph.nodes)
        makes = [0] * count
        for i, things in made.items():
            for thing in things:
                makes[i] |= bits[thing]
        first = 0
        for thing in at_start:
            first |= bits[thing]
        everything = (1 << len(bits)) - 1
        return Held(bits, self._on_every_path(makes, [0] * count, [0] * count, {}, first, everything))

    @cached_property
    def present_data(self) -> Held:
        """The data that the office holds before each node on every path, of those that a step asks for."""
        asked = {datum for node in self._graph.nodes if isinstance(node, Step) for datum in node.asks}
        made = {i: [d for d in self.supplies(i) if d in asked] for i in range(len(self._graph.nodes))}
        return self.held(made, sorted(self.handed_in & asked))

    def is_present(self, datum: str, node: int) -> bool:
        """Return whether the office holds a datum that some step asks for on every path to a node."""
        return self.present_data.holds(datum, node)

    def _made_beside(self, made: list[int]) -> tuple[list[int], dict[int, int]]:
        """
        Return what runs beside each node makes, as bits.

        Also, for each join that a flow leads straight to from its split, what the other branches make.
        """
        nested = self._nested
        everything = 0
        for bits in made:
            everything |= bits
        if nested.unstructured is not None or not everything:
            return [everything] * len(made), {}
        inside = {id(region): 0 for region in nested.regions}
        for region in reversed(nested.regions):
            total = inside[id(region)]
            for i in region.nodes:
                total |= made[i]
            inside[id(region)] = total
            if region.block is not None:
                inside[id(region.block.region)] |= total
        beside = {id(nested.regions[0]): 0}
        passing: dict[int, int] = {}
        for block in nested.blocks:
            around = beside[id(block.region)]
            before = around
            for branch in block.branches:
                beside[id(branch)] = before
                before |= inside[id(branch)]
            after = 0
            for branch in reversed(block.branches):
                beside[id(branch)] |= after
                after |= inside[id(branch)]
                if not branch.nodes:
                    passing[block.join] = beside[id(branch)]
        return [0 if region is None else beside[id(region)] for region in nested.region_of], passing

    def _until_settled(self, visit: Callable[[int], bool]) -> None:
        """Visit nodes in order, again wherever what comes before has changed; `visit` says whether it changes the node."""
        successors, position = self._graph.successors, self._position
        due = bytearray(b"\1") * len(self._graph.nodes)
        again = True
        while again:
            again = False
            for here, i in enumerate(self._order):
                if due[i]:
                    due[i] = 0
                    if visit(i):
                        for j in successors[i]:
                            due[j] = 1
                            again = again or position[j] <= here

    def _on_every_path(
        self,
        made: list[int],
        lost: list[int],
        beside: list[int],
        passing: dict[int, int],
        at_start: int,
        everything: int,
    ) -> list[int]:
        """Return the greatest solution: for each node what holds before it, whichever way the case came."""
        graph = self._graph
        before = [everything] * len(graph.nodes)
        if not everything:
            return before
        reached = self._position
        behind = [everything] * len(graph.nodes)
        always = self._always_taken()

        def visit(i: int) -> bool:
            sources = graph.predecessors[i]
            if len(sources) == 1 and i != graph.start:
                held = behind[sources[0]]
            else:
                held = 0 if graph.joins[i] == "parallel" else everything
                for j in sources:
                    if j not in reached:
                        continue
                    if graph.joins[i] != "parallel":
                        held &= behind[j]
                    elif graph.splits[j] == "parallel":
                        held |= behind[j] & ~passing.get(i, 0)
                    else:
                        held |= behind[j]
                for j in always.get(i, ()):
                    held |= behind[j] & ~passing.get(i, 0) if graph.splits[j] else behind[j]
                if i == graph.start:
                    held &= at_start
            # Where nothing changes, the integer is passed on, not copied: most are long.
            gone = beside[i]
            before[i] = held = held & ~gone if gone else held
            gone |= lost[i]
            left = held | made[i] if made[i] else held
            if gone:
                left &= ~gone
            if left == behind[i]:
                return False
            behind[i] = left
            return True

        self._until_settled(visit)
        return before

    def _always_taken(self) -> dict[int, list[int]]:
        """Return for each inclusive join the nodes from which branches that are always taken come there."""
        found: dict[int, list[int]] = {}
        for block in self._nested.blocks:
            if block.kind != "inclusive" or block.join < 0:
                continue
            given = self._graph.probabilities[block.split]
            sure = [branch for branch, p in zip(block.branches, given, strict=True) if p == 1]
            regions = {id(branch) for branch in sure}
            found[block.join] = [
                j
                for j in self._graph.predecessors[block.join]
                if id(self._nested.region_of[j]) in regions
                or (j == block.split and any(not branch.nodes for branch in sure))
            ]
        return found

    def _on_some_path(self, made: list[int], replaced: list[int]) -> list[int]:
        """Return the least solution: for each node what may come before it, by some way."""
        predecessors = self._graph.predecessors
        before, behind = [0] * len(made), [0] * len(made)

        def visit(i: int) -> bool:
            sources = predecessors[i]
            held = behind[sources[0]] if sources else 0
            for j in sources[1:]:
                held |= behind[j]
            before[i] = left = held
            if replaced[i]:
                left = held | made[i] if replaced[i] == made[i] else held & ~replaced[i] | made[i]
            if left == behind[i]:
                return False
            behind[i] = left
            return True

        self._until_settled(visit)
        return before

    # Which version is read

    @cached_property
    def definitions(self) -> list[tuple[int, str]]:
        """Every node and datum that it makes a version of."""
        return [(i, datum) for i, data in self.gives.items() for datum in data]

    @cached_property
    def readers(self) -> dict[tuple[int, str], list[int]]:
        """
        For each definition, the steps that may read that version: reached before the next one, or running beside.

        A step that no case reaches may read every version: where the flow to it was forgotten is not known.
        """
        result: dict[tuple[int, str], list[int]] = {definition: [] for definition in self.definitions}
        read = {datum for data in self.uses.values() for datum in data}
        bits: dict[tuple[int, str], int] = {}
        made, replaced = [0] * len(self._graph.nodes), [0] * len(self._graph.nodes)
        for datum, definitions in self._by_datum.items():
            if datum not in read:
                continue
            every = 0
            for definition in definitions:
                bits[definition] = 1 << len(bits)
                every |= bits[definition]
            for definition in definitions:
                made[definition[0]] |= bits[definition]
                replaced[definition[0]] |= every
        if not bits:
            return result
        before = self._on_some_path(made, replaced)
        for reader, data in self.uses.items():
            for datum in data:
                for definition in self.definitions_of(datum):
                    if (
                        before[reader] & bits[definition]
                        or reader not in self._position
                        or self._nested.concurrent(reader, definition[0])
                    ):
                        result[definition].append(reader)
        return result

    @cached_property
    def _by_datum(self) -> dict[str, list[tuple[int, str]]]:
        found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for definition in self.definitions:
            found[definition[1]].append(definition)
        return dict(found)

    def definitions_of(self, datum: str) -> list[tuple[int, str]]:
        """Return the definitions of a datum."""
        return self._by_datum.get(datum, [])


def _bits(number: int) -> Iterator[int]:
    """Yield the positions of the bits that are set in a number, lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
