"""
Data flow: which facts and data are there on every path, and which version of a datum each node reads.

Sets are bits of Python integers, one integer for a node, so that a pass over the nodes is near linear. Within a node the
order is: needs, asks, checks, then gives. What runs side by side is taken from the nested blocks; where these do not
close, every node counts as running beside every other, so that nothing is claimed that may be wrong.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from pubservice.graph.paths import reverse_postorder
from pubservice.model.procedure import Step, Wait

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.graph.blocks import Blocks
    from pubservice.graph.flowgraph import FlowGraph
    from pubservice.model.procedure import Check
    from pubservice.model.service import Requirement


class DataFlow:
    """
    The data flow of one service; each analysis is made when it is first asked for.

    A *fact* is that a check holds of a datum in its present version. A *definition* is a node making a version of a
    datum.
    """

    def __init__(self, graph: FlowGraph, nested: Blocks, requirements: Iterable[Requirement]) -> None:
        self._graph = graph
        self._nested = nested
        self._requirements = tuple(requirements)
        self._order = reverse_postorder(graph)

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
        """What each step that reads data reads: what it needs, and what it checks."""
        found = {}
        for i, node in enumerate(self._graph.nodes):
            if isinstance(node, Step) and (node.needs or node.checks):
                found[i] = tuple(dict.fromkeys((*node.needs, *(fact.of for fact in node.checks))))
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
    def _evidence(self) -> dict[str, tuple[str, ...]]:
        return {requirement.id: requirement.evidence for requirement in self._requirements}

    def _names(self, datum: str) -> tuple[str, ...]:
        """Return a datum, and the only evidence that meets it where it is a requirement."""
        evidence = self._evidence.get(datum, ())
        return (datum, evidence[0]) if len(evidence) == 1 and evidence[0] != datum else (datum,)

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
            for bit, fact in enumerate(fact for fact, at in self.checkers.items() if len(at) > 1)
        }

    @cached_property
    def available_facts(self) -> list[int]:
        """For each node, the facts that hold on every path to it, as bits."""
        of_datum: defaultdict[str, int] = defaultdict(int)
        for fact, bit in self._facts.items():
            of_datum[fact.of] |= bit
        count = len(self._graph.nodes)
        made, lost = [0] * count, [0] * count
        for i, data in self.gives.items():
            for datum in data:
                lost[i] |= of_datum.get(datum, 0)
        for fact, at in self.checkers.items():
            for i in at:
                made[i] |= self._facts.get(fact, 0) & ~lost[i]
        beside = self._made_beside(lost)
        return self._on_every_path(made, lost, beside, 0, sum(self._facts.values()))

    def is_available(self, fact: Check, node: int) -> bool:
        """Return whether a fact holds on every path to a node."""
        return bool(self.available_facts[node] & self._facts.get(fact, 0))

    def is_changed_beside(self, datum: str, node: int) -> bool:
        """Return whether a node that runs beside another makes a new version of a datum."""
        return any(self._nested.concurrent(node, giver) for giver, _ in self.definitions_of(datum))

    @cached_property
    def _asked(self) -> dict[str, int]:
        data = dict.fromkeys(
            datum for node in self._graph.nodes if isinstance(node, Step) for datum in node.asks
        )
        return {datum: 1 << bit for bit, datum in enumerate(data)}

    @cached_property
    def present_data(self) -> list[int]:
        """For each node, the data that the office holds on every path to it, of those that a step asks for, as bits."""
        bits = self._asked
        count = len(self._graph.nodes)
        made = [0] * count
        for i, node in enumerate(self._graph.nodes):
            if isinstance(node, Step | Wait):
                for datum in node.gives:
                    made[i] |= bits.get(datum, 0)
            if isinstance(node, Step):
                for datum in node.asks:
                    for name in self._names(datum):
                        made[i] |= bits.get(name, 0)
        handed_in = sum({bits[datum] for datum in self.handed_in if datum in bits})
        return self._on_every_path(made, [0] * count, [0] * count, handed_in, sum(bits.values()))

    def is_present(self, datum: str, node: int) -> bool:
        """Return whether the office holds a datum that some step asks for on every path to a node."""
        return bool(self.present_data[node] & self._asked[datum])

    def _made_beside(self, made: list[int]) -> list[int]:
        """Return for each node what nodes that run beside it make, as bits."""
        nested = self._nested
        everything = 0
        for bits in made:
            everything |= bits
        if nested.unstructured is not None or not everything:
            return [everything] * len(made)
        inside = {id(region): 0 for region in nested.regions}
        for region in reversed(nested.regions):
            total = inside[id(region)]
            for i in region.nodes:
                total |= made[i]
            inside[id(region)] = total
            if region.block is not None:
                inside[id(region.block.region)] |= total
        beside = {id(nested.regions[0]): 0}
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
        return [0 if region is None else beside[id(region)] for region in nested.region_of]

    def _on_every_path(
        self, made: list[int], lost: list[int], beside: list[int], at_start: int, everything: int
    ) -> list[int]:
        """Return the greatest solution: for each node what holds before it, whichever way the case came."""
        graph, order = self._graph, self._order
        if not everything:
            return [0] * len(graph.nodes)
        reached = set(order)
        before = [everything] * len(graph.nodes)
        behind = [everything] * len(graph.nodes)
        always = self._always_taken()
        changed = True
        while changed:
            changed = False
            for i in order:
                sources = [j for j in graph.predecessors[i] if j in reached]
                if graph.joins[i] == "parallel":
                    held = 0
                    for j in sources:
                        held |= behind[j]
                else:
                    held = everything
                    for j in sources:
                        held &= behind[j]
                    for j in always.get(i, ()):
                        held |= behind[j]
                if i == graph.start:
                    held = at_start if not sources else held & at_start
                held &= ~beside[i]
                left = (held | made[i]) & ~lost[i] & ~beside[i]
                if held != before[i] or left != behind[i]:
                    before[i], behind[i] = held, left
                    changed = True
        return before

    def _always_taken(self) -> dict[int, list[int]]:
        """Return for each inclusive join the last nodes of the branches that are always taken."""
        found: dict[int, list[int]] = {}
        for block in self._nested.blocks:
            if block.kind != "inclusive" or block.join < 0:
                continue
            given = self._graph.probabilities[block.split]
            sure = {id(branch) for branch, p in zip(block.branches, given, strict=True) if p == 1}
            found[block.join] = [
                j for j in self._graph.predecessors[block.join] if id(self._nested.region_of[j]) in sure
            ]
        return found

    # Which version is read

    @cached_property
    def definitions(self) -> list[tuple[int, str]]:
        """Every node and datum that it makes a version of."""
        return [(i, datum) for i, data in self.gives.items() for datum in data]

    @cached_property
    def readers(self) -> dict[tuple[int, str], list[int]]:
        """For each definition, the steps that may read that version: reached before the next one, or running beside."""
        bits = {definition: 1 << bit for bit, definition in enumerate(self.definitions)}
        every = {
            datum: sum(bits[definition] for definition in found) for datum, found in self._by_datum.items()
        }
        before = self._reaching(bits, every)
        result: dict[tuple[int, str], list[int]] = {definition: [] for definition in self.definitions}
        for reader, data in self.uses.items():
            for datum in data:
                for definition in self.definitions_of(datum):
                    if before[reader] & bits[definition] or self._nested.concurrent(reader, definition[0]):
                        result[definition].append(reader)
        return result

    def _reaching(self, bits: dict[tuple[int, str], int], every: dict[str, int]) -> list[int]:
        graph = self._graph
        made, replaced = [0] * len(graph.nodes), [0] * len(graph.nodes)
        for i, data in self.gives.items():
            for datum in data:
                made[i] |= bits[i, datum]
                replaced[i] |= every[datum]
        before, behind = [0] * len(graph.nodes), [0] * len(graph.nodes)
        changed = True
        while changed:
            changed = False
            for i in self._order:
                held = 0
                for j in graph.predecessors[i]:
                    held |= behind[j]
                left = held & ~replaced[i] | made[i]
                if held != before[i] or left != behind[i]:
                    before[i], behind[i] = held, left
                    changed = True
        return before

    @cached_property
    def _by_datum(self) -> dict[str, list[tuple[int, str]]]:
        found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for definition in self.definitions:
            found[definition[1]].append(definition)
        return dict(found)

    def definitions_of(self, datum: str) -> list[tuple[int, str]]:
        """Return the definitions of a datum."""
        return self._by_datum.get(datum, [])

    @cached_property
    def unread(self) -> list[tuple[int, str]]:
        """The definitions of which no step can read the version."""
        return [definition for definition, readers in self.readers.items() if not readers]
