"""How probable it is that something is there when a case comes to a node: what is there on some paths only."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pubservice.graph.firsts import SerialChain, serial_chain
from pubservice.graph.visits import solve

if TYPE_CHECKING:
    from collections.abc import Collection

    from pubservice.graph.blocks import Blocks
    from pubservice.graph.flowgraph import FlowGraph


class Presence:
    """
    What is made and lost on the way of one case.

    Attributes:
        visits: Expected visits of each node.
        looked_at: So many nodes have been looked at until now, over all questions.
    """

    def __init__(self, graph: FlowGraph, nested: Blocks, visits: list[float]) -> None:
        self._graph = graph
        self._nested = nested
        self.visits = visits
        self.looked_at = 0

    @cached_property
    def _serial(self) -> SerialChain:
        """The graph with branches one after another."""
        return serial_chain(self._graph, self._nested)

    @cached_property
    def _position(self) -> dict[int, int]:
        """By node the place of its component."""
        found = self._serial.components
        return {node: n for n, component in enumerate(found) for node in component}

    def probability(self, node: int, makers: Collection[int], enders: Collection[int]) -> float | None:
        """
        Return the share of the visits of a node at which something is there.

        Exact. It is not there at the start; every visit of a maker leaves it there, every visit of an ender does not, so
        that the visits with it are those of a chain that begins behind the makers and stops at makers and enders. Linear in
        what lies between the first maker and the node.

        Args:
            node: Where it is asked for; what the node itself makes counts only if it is among the makers.
            makers: Nodes behind which it is there.
            enders: Nodes behind which it is not there, whatever they make.

        Returns:
            0 to 1; None where two of these nodes run side by side, so that their order is not known, or where no case
            comes to the node.
        """
        if not self.visits[node] or self._nested.unstructured is not None:
            return None
        events = {*makers, *enders}
        together = [i for i in {*events, node} if self.visits[i]]
        if any(self._nested.concurrent(i, j) for n, i in enumerate(together) for j in together[:n]):
            return None
        serial = self._serial
        makes = {i for i in makers if i not in enders and self.visits[i]}
        successors, weights = serial.graph.successors, list(serial.weights)
        count = len(successors)
        inflow, there = [0.0] * count, [0.0] * count
        position = self._position
        first = min((position[i] for i in makes), default=len(serial.components))
        for component in serial.components[first : position[node] + 1]:
            inside = set(component)
            self.looked_at += len(component)
            for i in inside & makes:
                for j, weight in zip(successors[i], weights[i], strict=True):
                    inflow[j] += self.visits[i] * weight
            for i in inside & events:
                weights[i] = _none_left(successors[i], weights[i], inside)
            if len(component) == 1 and component[0] not in successors[component[0]]:
                there[component[0]] = inflow[component[0]]
            elif any(inflow[i] for i in component):
                solve(serial.graph, component, weights, inflow, there)
            for i in component:
                if i not in events:
                    for j, weight in zip(successors[i], weights[i], strict=True):
                        if j not in inside:
                            inflow[j] += there[i] * weight
        return min(1.0, there[node] / self.visits[node])

    def chance(self, nodes: Collection[int]) -> float | None:
        """
        Return the probability that a case comes to any of some nodes.

        Exact: it comes to each of them for the first time where it has not been at one of them before.

        Returns:
            0 to 1; None where two of them run side by side.
        """
        total = 0.0
        for node in nodes:
            if self.visits[node]:
                share = self.probability(node, nodes, ())
                if share is None:
                    return None
                total += self.visits[node] * (1 - share)
        return min(1.0, total)


def _none_left(successors: list[int], weights: list[float], inside: set[int]) -> list[float]:
    """Return weights by which nothing goes on inside a loop."""
    return [0.0 if j in inside else weight for j, weight in zip(successors, weights, strict=True)]
