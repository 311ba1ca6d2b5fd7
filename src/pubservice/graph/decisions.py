"""Decisions: whether where a case goes on rests on what is done at a node, and where its ways then part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.model.procedure import Gateway, Step, Wait

if TYPE_CHECKING:
    from pubservice.graph.flowgraph import FlowGraph
    from pubservice.model.procedure import Node


def decides(graph: FlowGraph, i: int) -> bool:
    """
    Return whether where a case goes on behind a node is decided by what is done there.

    Its own flows are a choice, or it leads to an exclusive or inclusive split with nothing between that finds anything out:
    gateways of any kind, waits that bring nothing, steps that only carry the case. A step that only carries the case
    decides by its own flows alone.
    """
    if graph.splits[i]:
        return True
    if _finds_nothing(graph.nodes[i]):
        return False
    seen = {i}
    stack = [i]
    while stack:
        for j in graph.successors[stack.pop()]:
            if j in seen or not _finds_nothing(graph.nodes[j]):
                continue
            if graph.splits[j] in ("exclusive", "inclusive"):
                return True
            seen.add(j)
            stack.append(j)
    return False


def _finds_nothing(node: Node) -> bool:
    if isinstance(node, Step):
        return node.kind == "transport" and not node.checks
    return isinstance(node, Gateway) or (isinstance(node, Wait) and not node.gives)


def parting(graph: FlowGraph, i: int) -> int:
    """
    Return the node from which the ways out of a step part that alone decides on them; -1 where there is none.

    That is the step itself, or the exclusive gateway right behind it to which nothing else leads.
    """
    out = graph.successors[i]
    if len(out) == 1:
        j = out[0]
        own = len(graph.predecessors[j]) == 1 and j != graph.start
        choice = graph.splits[j] == "exclusive" and isinstance(graph.nodes[j], Gateway)
        return j if own and choice else -1
    return i if out else -1
