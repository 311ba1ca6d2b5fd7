"""
What is left of a procedure when everything is taken away that cannot go wrong.

Series of nodes, blocks of one kind, loops and choices after choices are folded into the flow or the node that they
stand in, until no rule applies. Folding changes none of the properties of soundness; a sound procedure of nested blocks
folds into a single flow. What was folded is kept, so that a run of the rest is a run of the procedure.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import attrs

from pubservice.graph.flowgraph import is_split_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.graph.flowgraph import FlowGraph

Run: TypeAlias = "tuple[Run, Run] | int | None"
"""Nodes in order, as a tree of pairs, so that two are joined in one step."""


def in_order(run: Run) -> Iterator[int]:
    """Yield the nodes of a run."""
    stack = [run]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            stack.extend((part[1], part[0]))
        elif part is not None:
            yield part


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
        folded: All nodes that were folded into it.
    """

    source: int
    target: int
    ends: tuple[int, int]
    run: Run = None
    length: int = 0
    certain: bool = False
    folded: Run = None


@attrs.define(eq=False)
class RestNode:
    """
    A node of the rest, and the nodes that were folded into it.

    Attributes:
        join: How its flows come together: ``exclusive``, ``parallel``, ``inclusive``.
        split: How its flows part, likewise.
        into: Flows into it.
        out: Flows out of it.
        run: A shortest way through what was folded.
        length: How many nodes that is.
        folded: All nodes that were folded into it.
    """

    join: str
    split: str
    into: list[int]
    out: list[int]
    run: Run
    length: int
    folded: Run


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

    Source:
        The rules for free-choice nets of Murata (1989), Proceedings of the IEEE 77(4), 541-580, and T1 and T2 of Hecht
        & Ullman (1972), SIAM Journal on Computing 1(2), 188-202, for choices and loops.
    """
    whole = _whole(graph)
    _fold(whole)
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
        i: RestNode(graph.joins[i] or "exclusive", graph.splits[i] or "exclusive", [], [], i, 1, i)
        for i in sorted(order)
    }
    nodes[final] = RestNode("exclusive", "exclusive", [], [], None, 0, None)
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


def _fold(whole: Rest) -> None:
    """Apply the rules until none does."""
    folding = _Folding(whole)
    folding.run()
    if not whole.has_inclusive_join:
        # Two choices in one are one choice made early: only an inclusive join, that looks ahead, could tell.
        folding.folds_choices = True
        folding.waiting.extend(whole.nodes)
        folding.run()


class _Folding:
    """
    The rules, and which nodes may have become foldable.

    A rule may move the place where a token waits, but not whether two tokens can ever wait in one place.
    """

    def __init__(self, whole: Rest) -> None:
        self.whole = whole
        self.nodes = whole.nodes
        self.flows = whole.flows
        self.waiting = list(whole.nodes)
        self.folds_choices = False
        self.beside: dict[tuple[int, int], list[int]] = {}
        for number, flow in whole.flows.items():
            self.beside.setdefault((flow.source, flow.target), []).append(number)

    def run(self) -> None:
        """Apply the rules until none does."""
        while self.waiting:
            self._visit(self.waiting.pop())

    def _visit(self, i: int) -> None:
        """Apply the first rule that fits a node."""
        node = self.nodes.get(i)
        if node is None or i == self.whole.final:
            return
        if node.split == "inclusive" and len(node.out) > 1:
            self._merge(i, self.flows[node.out[0]].target)
        if (
            self._drop_loop(i, node)
            or self._fold_into_flow(i, node)
            or self._fold_into_node(i, node)
            or (self.folds_choices and self._fold_split(i, node))
            or self._fold_join(i, node)
        ):
            self.waiting.append(i)

    def _move(self, number: int, *, source: int | None = None, target: int | None = None) -> None:
        """Give a flow another source or target, and merge it with those between the same two; lists are the caller's."""
        flow = self.flows[number]
        self.beside[flow.source, flow.target].remove(number)
        flow.source = flow.source if source is None else source
        flow.target = flow.target if target is None else target
        self.beside.setdefault((flow.source, flow.target), []).append(number)
        self.waiting.extend(end for end in (flow.source, flow.target) if end >= 0)

    def _remove(self, number: int) -> RestFlow:
        flow = self.flows.pop(number)
        self.beside[flow.source, flow.target].remove(number)
        self.nodes[flow.source].out.remove(number)
        self.nodes[flow.target].into.remove(number)
        return flow

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
        flows = [self.flows[number] for number in numbers]
        run, length = _through(flows, split.split)
        for number in numbers[1:]:
            flows[0].folded = (flows[0].folded, self._remove(number).folded)
        flows[0].run, flows[0].length = run, length
        self.waiting.extend((source, target))

    def _drop_loop(self, i: int, node: RestNode) -> bool:
        """Drop a loop of choices from a node to itself that has another way out."""
        loops = self.beside.get((i, i))
        if not loops or not node.join == node.split == "exclusive" or len(loops) == len(node.out):
            return False
        for number in list(loops):
            node.folded = (node.folded, self._remove(number).folded)
        return True

    def _fold_into_flow(self, i: int, node: RestNode) -> bool:
        """Fold a node with one flow in and one out into one flow."""
        if len(node.into) != 1 or len(node.out) != 1:
            return False
        number = node.into[0]
        after = self.flows[node.out[0]]
        target = after.target
        self._extend(number, node, after)
        place = self.nodes[target].into.index(node.out[0])
        self._remove(node.out[0])
        del self.nodes[i]
        self.nodes[target].into.insert(place, number)
        self._move(number, target=target)
        self._merge(self.flows[number].source, target)
        return True

    def _extend(self, number: int, node: RestNode, after: RestFlow) -> None:
        """Let a flow run on through a node and a flow out of it."""
        flow = self.flows[number]
        flow.run = ((flow.run, node.run), after.run)
        flow.length += node.length + after.length
        flow.folded = ((flow.folded, node.folded), after.folded)

    def _fold_into_node(self, i: int, node: RestNode) -> bool:
        """Fold a node with several flows in and one out with the next, that has one in and several out."""
        if len(node.out) != 1 or len(node.into) < 2:
            return False
        between = self.flows[node.out[0]]
        target = between.target
        other = self.nodes[target]
        if len(other.into) != 1 or len(other.out) < 2:
            return False
        self._remove(node.out[0])
        node.run = ((node.run, between.run), other.run)
        node.length += between.length + other.length
        node.folded = ((node.folded, between.folded), other.folded)
        node.split = other.split
        node.out = list(other.out)
        del self.nodes[target]
        for number in other.out:
            self._move(number, source=i)
        return True

    def _fold_split(self, i: int, node: RestNode) -> bool:
        """Fold a choice into the choice before it."""
        if len(node.into) != 1 or len(node.out) < 2 or node.split != "exclusive":
            return False
        number = node.into[0]
        before = self.flows[number]
        source = before.source
        if source < 0:
            return False
        first = self.nodes[source]
        if len(first.out) < 2 or first.split != "exclusive":
            return False
        place = first.out.index(number)
        self._remove(number)
        for after in node.out:
            flow = self.flows[after]
            flow.run = ((before.run, node.run), flow.run)
            flow.length += before.length + node.length
            flow.folded = ((before.folded, node.folded), flow.folded)
            flow.ends = before.ends
        first.out[place:place] = node.out
        del self.nodes[i]
        for after in node.out:
            self._move(after, source=source)
        for after in node.out:
            if after in self.flows:
                self._merge(source, self.flows[after].target)
        return True

    def _fold_join(self, i: int, node: RestNode) -> bool:
        """Fold a merge into the merge after it, unless that would hide that two tokens can wait before an end."""
        if len(node.out) != 1 or len(node.into) < 2 or node.join != "exclusive":
            return False
        number = node.out[0]
        after = self.flows[number]
        target = after.target
        other = self.nodes[target]
        if target == i or len(other.into) < 2 or other.join != "exclusive":
            return False
        final = self.whole.final
        if after.ends[1] != final and (not other.out or self.flows[other.out[0]].ends[1] == final):
            return False
        place = other.into.index(number)
        self._remove(number)
        for before in node.into:
            self._extend(before, node, after)
        other.into[place:place] = node.into
        del self.nodes[i]
        for before in node.into:
            self._move(before, target=target)
        for before in node.into:
            if before in self.flows:
                self._merge(self.flows[before].source, target)
        return True


def _through(flows: list[RestFlow], kind: str) -> tuple[Run, int]:
    """Return a shortest run through flows that stand side by side, and its length."""
    taken = flows if kind == "parallel" else [flow for flow in flows if kind == "inclusive" and flow.certain]
    taken = taken or [min(flows, key=lambda flow: flow.length)]
    run: Run = None
    for flow in taken:
        run = (run, flow.run)
    return run, sum(flow.length for flow in taken)
