"""
What is left of a procedure when everything is taken away that cannot go wrong.

Series of nodes, branches between gateways of one kind and loops of choices are folded into one flow each, until no rule
applies. Folding changes none of the properties of soundness; a sound procedure of nested blocks
folds into a single flow. What was folded is kept, so that a run of the rest is a run of the procedure.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import attrs

from pubservice.graph.flowgraph import is_split_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.graph.flowgraph import FlowGraph

Run: TypeAlias = "tuple[Run, Run] | int | None"
"""Nodes in the order they happen, as a tree of pairs, so that two runs are joined in one step."""

Folded: TypeAlias = "tuple[Folded, Folded] | Part | int | None"
"""Nodes and parts in order, likewise."""


@attrs.frozen(eq=False)
class Part:
    """
    What stands between two nodes, and was folded into one flow.

    Attributes:
        kind: ``exclusive``, ``parallel``, ``inclusive``, ``loop`` (what leads on, then what leads back) or ``rigid``.
        entry: The node before it, which is not in it; of a rigid part the first node in it.
        exit: The node after it; of a rigid part the last node in it.
        branches: What is in it, each under the number of the flow it began with.
    """

    kind: str
    entry: int
    exit: int
    branches: tuple[tuple[int, Folded], ...]


def in_order(folded: Folded) -> Iterator[int]:
    """Yield the nodes of a run, or all nodes that were folded."""
    stack = [folded]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend((item[1], item[0]))
        elif isinstance(item, Part):
            stack.extend(branch for _, branch in reversed(item.branches))
        elif item is not None:
            yield item


@attrs.define(eq=False)
class RestFlow:
    """
    A flow of the rest, and the nodes that were folded into it.

    A token on it waits before all of them.

    Attributes:
        source: Where it comes from; -1 for the flow on which a case comes in, and for one on which nothing ever comes.
        target: Where it leads.
        ends: The two nodes of the procedure between which a token on it stands.
        run: A shortest way through what was folded.
        length: How many nodes that is.
        certain: Whether an inclusive gateway always takes it.
        folded: All that was folded into it.
    """

    source: int
    target: int
    ends: tuple[int, int]
    run: Run = None
    length: int = 0
    certain: bool = False
    folded: Folded = None


@attrs.define(eq=False)
class RestNode:
    """
    A node of the rest, and the loops that were folded into it.

    Attributes:
        join: How its flows come together: ``exclusive``, ``parallel``, ``inclusive``.
        split: How its flows part, likewise.
        into: Flows into it.
        out: Flows out of it.
        folded: The loop that was folded into it.
    """

    join: str
    split: str
    into: list[int]
    out: list[int]
    folded: Folded = None


@attrs.frozen(eq=False)
class Rest:
    """
    What is left of a procedure.

    Attributes:
        graph: Of the procedure.
        nodes: By index; the final node, in which all cases end, has an index of its own.
        flows: By number.
        start: The flow on which a case comes in.
        final: The final node.
        unreached: Nodes of the procedure to which no flow leads from the start.
    """

    graph: FlowGraph
    nodes: dict[int, RestNode]
    flows: dict[int, RestFlow]
    start: int
    final: int
    unreached: list[int]

    @property
    def is_folded(self) -> bool:
        """Whether nothing is left but a flow from the start to the end."""
        return len(self.nodes) == 1 and len(self.flows) == 1

    @cached_property
    def has_inclusive_join(self) -> bool:
        """Whether an inclusive gateway is left that joins."""
        return any(node.join == "inclusive" and len(node.into) > 1 for node in self.nodes.values())

    @property
    def is_free_choice(self) -> bool:
        """Whether no inclusive gateway is left."""
        splits = any(node.split == "inclusive" and len(node.out) > 1 for node in self.nodes.values())
        return not splits and not self.has_inclusive_join

    @property
    def is_connected(self) -> bool:
        """Whether every node and flow lies on a way from the start to the end."""
        if any(flow.source < 0 for number, flow in self.flows.items() if number != self.start):
            return False
        seen = {self.final}
        stack = [self.final]
        while stack:
            for number in self.nodes[stack.pop()].into:
                source = self.flows[number].source
                if source >= 0 and source not in seen:
                    seen.add(source)
                    stack.append(source)
        return len(seen) == len(self.nodes)

    def names(self, run: Run) -> tuple[str, ...]:
        """Return the ids of the nodes of a run; a gateway that joins and splits happens once."""
        return tuple(self.graph.id(i) for i in in_order(run) if not is_split_part(self.graph, i))


def rest(graph: FlowGraph) -> Rest:
    """
    Return what is left of a procedure when no rule applies any more.

    A flow that an inclusive gateway takes with probability 0 is left out; a choice may take every flow.

    Args:
        graph: Of a procedure that has nodes.

    Source:
        Fusion of series and of parallel places and transitions, Murata (1989), Proceedings of the IEEE 77(4), 541-580.
    """
    whole = _whole(graph)
    Folding(whole).run()
    return whole


def _whole(graph: FlowGraph) -> Rest:
    """Return the procedure with nothing folded: what the start reaches, and a final node behind its ends."""
    final = len(graph.nodes)
    reached = [False] * final
    reached[graph.start] = True
    order = [graph.start]
    for node in order:
        for other in _taken(graph, node):
            if not reached[other]:
                reached[other] = True
                order.append(other)
    nodes = {
        i: RestNode(graph.joins[i] or "exclusive", graph.splits[i] or "exclusive", [], [])
        for i in sorted(order)
    }
    nodes[final] = RestNode("exclusive", "exclusive", [], [])
    flows: dict[int, RestFlow] = {}

    def add(source: int, target: int, probability: float | None = None, *, comes: bool = True) -> None:
        number = len(flows)
        flows[number] = RestFlow(source if comes else -1, target, (source, target), certain=probability == 1)
        nodes[target].into.append(number)
        if flows[number].source >= 0:
            nodes[source].out.append(number)

    add(-1, graph.start)
    for i in list(nodes)[:-1]:
        never = set(graph.successors[i]).difference(_taken(graph, i))
        for other, probability in zip(graph.successors[i], graph.probabilities[i], strict=True):
            if other not in never:
                add(i, other, probability)
            elif reached[other] and graph.joins[other] == "parallel":
                add(i, other, comes=False)  # the join waits for what never comes
        if not graph.successors[i]:
            add(i, final)
    for i, is_reached in enumerate(reached):
        if not is_reached:
            for other in graph.successors[i]:
                if reached[other] and graph.joins[other] == "parallel":
                    add(i, other, comes=False)  # idem
    return Rest(graph, nodes, flows, 0, final, [i for i in range(final) if not reached[i]])


def _taken(graph: FlowGraph, node: int) -> list[int]:
    """Return where a node can lead."""
    if graph.splits[node] != "inclusive":
        return graph.successors[node]
    pairs = zip(graph.successors[node], graph.probabilities[node], strict=True)
    return [other for other, probability in pairs if probability != 0]


class Folding:
    """
    The rules, and which nodes may have become foldable.

    No rule changes whether two tokens can ever wait on one flow.
    """

    def __init__(self, whole: Rest) -> None:
        self.whole = whole
        self.nodes = whole.nodes
        self.flows = whole.flows
        self.waiting = list(whole.nodes)
        self.beside: dict[tuple[int, int], list[int]] = {}
        for number, flow in whole.flows.items():
            self.beside.setdefault((flow.source, flow.target), []).append(number)
        self.pairs = dict.fromkeys(self.beside)

    def run(self) -> None:
        """Apply the rules until none does."""
        while self.waiting or self.pairs:
            while self.waiting:
                self._visit(self.waiting.pop())
            pairs, self.pairs = self.pairs, {}
            for source, target in pairs:
                self._merge(source, target)

    def _visit(self, i: int) -> None:
        """Apply the first rule that fits a node."""
        node = self.nodes.get(i)
        if node is None or i == self.whole.final:
            return
        if node.split == "inclusive" and len(node.out) > 1:
            self.pairs[i, self.flows[node.out[0]].target] = None
        if self._drop_loop(i, node) or self._fold_into_flow(i, node):
            self.waiting.append(i)

    def _merge(self, source: int, target: int) -> None:
        """Merge the flows between a split and a join of its kind; those of inclusive gateways only where all are."""
        numbers = self.beside[source, target]
        if len(numbers) < 2 or source < 0:
            return
        split, join = self.nodes[source], self.nodes[target]
        if split.split != join.join:
            return
        if split.split == "inclusive" and not len(numbers) == len(split.out) == len(join.into):
            return
        numbers = sorted(numbers)
        flows = [self.flows[number] for number in numbers]
        first = flows[0]
        first.run, first.length = _through(flows, split.split)
        branches = [
            branch
            for number, flow in zip(numbers, flows, strict=True)
            for branch in _branches(number, flow.folded, split.split, source, target)
        ]
        first.folded = Part(split.split, source, target, _by_number(branches))
        self.beside[source, target] = numbers[:1]
        for number in numbers[1:]:
            del self.flows[number]
        split.out = [n for n in split.out if n in self.flows]
        join.into = [n for n in join.into if n in self.flows]
        self.waiting.extend((source, target))

    def _drop_loop(self, i: int, node: RestNode) -> bool:
        """Drop a loop from a choice back to the merge just before it, which may be the same node."""
        if node.split != "exclusive" or len(node.out) < 2:
            return False
        head = i if len(node.into) > 1 else self.flows[node.into[0]].source
        first = self.nodes.get(head)
        if first is None or first.join != "exclusive" or (head != i and len(first.out) > 1):
            return False
        loops = self.beside.get((i, head), [])
        if not loops or len(loops) == len(node.out):
            return False
        back = [
            branch
            for number in loops
            for branch in _branches(number, self.flows.pop(number).folded, "exclusive", i, head)
        ]
        loops.clear()
        node.out = [n for n in node.out if n in self.flows]
        first.into = [n for n in first.into if n in self.flows]
        if head == i:
            earlier = node.folded.branches if isinstance(node.folded, Part) else ()
            node.folded = Part("loop", i, i, _by_number([*earlier, *back]))
        else:
            forth = self.flows[node.into[0]]
            body, *others = _branches(node.into[0], forth.folded, "loop", head, i)
            forth.folded = Part("loop", head, i, (body, *_by_number([*others, *back])))
        self.waiting.append(head)
        return True

    def _fold_into_flow(self, i: int, node: RestNode) -> bool:
        """Fold a node with one flow in and one out into one flow, and that with the flows beside it."""
        if len(node.into) != 1 or len(node.out) != 1:
            return False
        number = node.into[0]
        flow, after = self.flows[number], self.flows[node.out[0]]
        into = self.nodes[after.target].into
        into[into.index(node.out[0])] = number
        self.flows.pop(node.out[0])
        self.beside[after.source, after.target].clear()
        self.beside[flow.source, flow.target].remove(number)
        del self.nodes[i]
        flow.target = after.target
        flow.run = ((flow.run, i), after.run)
        flow.length += 1 + after.length
        flow.folded = ((flow.folded, (i, node.folded)), after.folded)
        self.beside.setdefault((flow.source, flow.target), []).append(number)
        self.waiting.append(flow.target)
        if flow.source >= 0:
            self.waiting.append(flow.source)
            self.pairs[flow.source, flow.target] = None
        return True


def _by_number(branches: Iterable[tuple[int, Folded]]) -> tuple[tuple[int, Folded], ...]:
    """Return branches in document order."""
    return tuple(sorted(branches, key=lambda branch: branch[0]))


def _branches(
    number: int, folded: Folded, kind: str, entry: int, exit: int
) -> tuple[tuple[int, Folded], ...]:
    """Return what was folded into a flow as branches of a part; those of the same part are its own."""
    if isinstance(folded, Part) and (folded.kind, folded.entry, folded.exit) == (kind, entry, exit):
        return folded.branches
    return ((number, folded),)


def _through(flows: list[RestFlow], kind: str) -> tuple[Run, int]:
    """Return a shortest run through flows that stand side by side, and its length."""
    taken = flows if kind == "parallel" else [flow for flow in flows if kind == "inclusive" and flow.certain]
    taken = taken or [min(flows, key=lambda flow: flow.length)]
    run: Run = None
    for flow in taken:
        run = (run, flow.run)
    return run, sum(flow.length for flow in taken)
