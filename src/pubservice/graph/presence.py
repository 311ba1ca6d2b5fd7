"""How probable it is that something is there when a case comes to a node: what is there on some paths only."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from pubservice.graph.blocks import serialised
from pubservice.graph.visits import balance, flow_shares

if TYPE_CHECKING:
    from collections.abc import Collection

    from pubservice.graph.blocks import Blocks
    from pubservice.graph.flowgraph import FlowGraph


class Presence:
    """
    What is made and lost on the way of one case.

    Attributes:
        visits: Expected visits of each node.
    """

    def __init__(self, graph: FlowGraph, nested: Blocks, visits: list[float]) -> None:
        self._graph = graph
        self._nested = nested
        self.visits = visits

    @cached_property
    def _serial(self) -> tuple[list[list[int]], list[list[float]]]:
        """The graph with branches one after another, and how often each node goes on by each of its flows."""
        successors, chances = serialised(self._graph, self._nested)
        shares = flow_shares(self._graph)
        return successors, [chances[i] if i in chances else shares[i] for i in range(len(successors))]

    def probability(self, node: int, makers: Collection[int], enders: Collection[int]) -> float | None:
        """
        Return the share of the visits of a node at which something is there.

        Exact. It is not there at the start; what leaves an ender has lost it, so that the visits without it are those of
        a chain that begins at the start and at every ender, and stops at makers and enders.

        Args:
            node: Where it is asked for; what the node itself makes counts only if it is among the makers.
            makers: Nodes behind which it is there.
            enders: Nodes behind which it is not there, whatever they make.

        Returns:
            0 to 1; None where two of these nodes run side by side, so that their order is not known, or where no case
            comes to the node.
        """
        events = {*makers, *enders}
        if not self.visits[node] or self._nested.unstructured is not None:
            return None
        together = [i for i in (*events, node) if self.visits[i]]
        if any(self._nested.concurrent(i, j) for n, i in enumerate(together) for j in together[:n]):
            return None
        successors, weights = self._serial
        origin = len(successors)
        entered = {self._graph.start: 1.0}
        for i in enders:
            for j, weight in zip(successors[i], weights[i], strict=True):
                entered[j] = entered.get(j, 0.0) + self.visits[i] * weight
        stopped = attrs.evolve(
            self._graph,
            start=origin,
            successors=[[] if i in events else out for i, out in enumerate(successors)] + [list(entered)],
        )
        stopping = [[] if i in events else out for i, out in enumerate(weights)] + [list(entered.values())]
        without = balance(stopped, stopping)[node]
        return min(1.0, max(0.0, 1 - without / self.visits[node]))
