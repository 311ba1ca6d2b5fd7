"""Controls: steps behind which a case goes on or does not, and what stands between one and the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.model.procedure import Gateway

if TYPE_CHECKING:
    from pubservice.graph.flowgraph import FlowGraph

CONTROLS = ("approval", "check", "decision")


def deciding(graph: FlowGraph, i: int) -> int:
    """
    Return the node from which the ways out of a step that decides part; -1 where it does not decide.

    That is the step itself, or the exclusive gateway right behind it.
    """
    out = graph.successors[i]
    if len(out) == 1 and _is_choice(graph, out[0]) and len(graph.predecessors[out[0]]) == 1:
        return out[0]
    return i if len(out) > 1 else -1


def is_decided_behind(graph: FlowGraph, i: int) -> bool:
    """Return whether a choice is made behind a node before anything else is done, whatever joins stand between."""
    seen = {i}
    stack = [i]
    while stack:
        j = stack.pop()
        if graph.splits[j] in ("exclusive", "inclusive"):
            return True
        for other in graph.successors[j]:
            if other not in seen and isinstance(graph.nodes[other], Gateway):
                seen.add(other)
                stack.append(other)
    return False


def _is_choice(graph: FlowGraph, i: int) -> bool:
    return graph.splits[i] == "exclusive" and isinstance(graph.nodes[i], Gateway)
