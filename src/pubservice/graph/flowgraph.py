"""A procedure as an indexed graph: the form that every analysis shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.model.procedure import Gateway, Procedure

if TYPE_CHECKING:
    from pubservice.model.procedure import Node


@attrs.frozen(eq=False)
class FlowGraph:
    """
    Nodes as indices, flows as lists of them.

    A parallel or inclusive gateway that joins and splits becomes two nodes of the same id, the join first, so that
    every node either joins or splits.

    Attributes:
        procedure: What it was made from.
        nodes: The node of each index, in the order of `Procedure.nodes`; the split parts of gateways follow.
        index: The index of each id; of the join part where a gateway has two.
        start: The index of the first node; -1 for an empty procedure.
        successors: For each node, the nodes that its flows lead to, in document order.
        predecessors: For each node, the nodes that flows come from, in document order.
        probabilities: For each node, the probability of each of its flows; None where none is given.
        splits: For each node, how several flows leave it: ``exclusive``, ``parallel``, ``inclusive``; ``""`` where at
            most one does.
        joins: For each node, how several flows enter it, likewise.
    """

    procedure: Procedure
    nodes: list[Node]
    index: dict[str, int]
    start: int
    successors: list[list[int]]
    predecessors: list[list[int]]
    probabilities: list[list[float | None]]
    splits: list[str]
    joins: list[str]

    def id(self, index: int) -> str:
        """Return the id of a node."""
        return self.nodes[index].id

    def ids(self, indices: list[int]) -> tuple[str, ...]:
        """Return the ids of nodes."""
        return tuple([self.nodes[i].id for i in indices])


def flowgraph(procedure: Procedure) -> FlowGraph:
    """
    Return the indexed graph of a procedure, in time linear in nodes and flows.

    Example:
        >>> from pubservice.model.procedure import Flow, Step
        >>> graph = flowgraph(Procedure(steps=[Step("a"), Step("b")], flows=[Flow("a", "b")]))
        >>> graph.successors
        [[1], []]
    """
    nodes = list(procedure.nodes)
    index = {node.id: i for i, node in enumerate(nodes)}
    successors: list[list[int]] = [[] for _ in nodes]
    predecessors: list[list[int]] = [[] for _ in nodes]
    given: dict[int, dict[int, float]] = {}
    for flow in procedure.flows:
        i, j = index[flow.source], index[flow.target]
        if flow.probability is not None:
            given.setdefault(i, {})[len(successors[i])] = flow.probability
        successors[i].append(j)
        predecessors[j].append(i)
    none: dict[int, list[float | None]] = {n: [None] * n for n in set(map(len, successors))}
    probabilities = [
        [given[i].get(place) for place in range(len(out))] if i in given else none[len(out)]
        for i, out in enumerate(successors)
    ]
    first = procedure.first
    start = -1 if first is None else index[first]
    splits = ["exclusive" if len(out) > 1 else "" for out in successors]
    joins = ["exclusive" if len(into) > 1 else "" for into in predecessors]
    for gateway in procedure.gateways:
        if gateway.kind == "exclusive":
            continue
        i = index[gateway.id]
        if joins[i] and splits[i]:
            split = len(nodes)
            nodes.append(gateway)
            successors.append(successors[i])
            probabilities.append(probabilities[i])
            predecessors.append([i])
            splits.append(gateway.kind)
            joins.append("")
            for target in successors[i]:
                predecessors[target] = [split if source == i else source for source in predecessors[target]]
            successors[i] = [split]
            probabilities[i] = [None]
            splits[i] = ""
            joins[i] = gateway.kind
        elif joins[i]:
            joins[i] = gateway.kind
        elif splits[i]:
            splits[i] = gateway.kind
    return FlowGraph(procedure, nodes, index, start, successors, predecessors, probabilities, splits, joins)


def is_split_part(graph: FlowGraph, index: int) -> bool:
    """Return whether a node is the second part of a gateway that joins and splits."""
    return isinstance(graph.nodes[index], Gateway) and graph.index[graph.nodes[index].id] != index
