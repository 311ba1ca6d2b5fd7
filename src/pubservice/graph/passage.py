"""
The time from the start of a procedure to its end as a sum over all ways, loops included.

A way is a product: of the probabilities of its flows, and of what stands for the time of each node on it. What these are
is left open: moments, or transforms of distributions; whatever adds, multiplies and repeats.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

import attrs

from pubservice.errors import UndefinedResultError
from pubservice.graph.paths import strong_components
from pubservice.graph.visits import flow_shares
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubservice.graph.blocks import Blocks, Region
    from pubservice.graph.flowgraph import FlowGraph

MOST_WAYS = 100_000  # products that are made while the nodes of one loop are eliminated


class Time(Protocol):
    """What stands for a time: of two ways it adds, along a way it multiplies."""

    def __add__(self, other: Self, /) -> Self:
        """Return that of one way or another."""
        ...

    def __mul__(self, other: Any, /) -> Self:
        """Return that of one after another, or of a way that is taken with a probability."""
        ...

    def repeated(self) -> Self:
        """Return that of none, one or more in a row."""
        ...


T = TypeVar("T", bound=Time)


@attrs.frozen(eq=False)
class Passages:
    """
    The regions of a procedure as chains: a block in one is a flow from its split to its join.

    Attributes:
        successors: For each node, where its flows lead; one more node than there are stands for the way out of a branch.
        weights: How often each node goes on by each of its flows.
        components: By region, its strong components in topological order.
        heads: By region, where it begins.
    """

    successors: list[list[int]]
    weights: list[list[float]]
    components: dict[int, list[list[int]]]
    heads: dict[int, int]

    def through(self, region: Region, time_of: Callable[[int], T | None], at_once: T) -> T:
        """
        Return the time through a region.

        Args:
            region: Of the procedure.
            time_of: What stands for the time of a node; None where it takes none.
            at_once: What stands for no time.

        Raises:
            UndefinedResultError: A loop has too many flows.
        """
        sink = len(self.successors) - 1
        head = self.heads[id(region)]
        arrived: dict[int, T] = {head: at_once}
        left: list[T] = [at_once] if head == sink else []
        for component in self.components[id(region)]:
            looped = len(component) > 1 or component[0] in self.successors[component[0]]
            found = self._around(component, arrived, time_of, at_once) if looped else arrived
            inside = set(component)
            for node in component:
                here = found.pop(node, None)
                if here is None:
                    continue
                time = time_of(node)
                after = here if time is None else here * time
                if not self.successors[node]:
                    left.append(after)
                for other, weight in zip(self.successors[node], self.weights[node], strict=True):
                    if not weight or (looped and other in inside):
                        continue
                    part = after if weight == 1 else after * weight
                    if other == sink:
                        left.append(part)
                    else:
                        arrived[other] = arrived[other] + part if other in arrived else part
        total = left[0]
        for part in left[1:]:
            total = total + part
        return total

    def _around(
        self, component: list[int], arrived: dict[int, T], time_of: Callable[[int], T | None], at_once: T
    ) -> dict[int, T]:
        """Return how often and when each node of a loop is come to: nodes are eliminated, those with few flows first."""
        inside = set(component)
        out: dict[int, dict[int, T]] = {node: {} for node in component}
        into: dict[int, dict[int, T]] = {node: {} for node in component}
        come = {node: arrived.pop(node) for node in component if node in arrived}
        for node in component:
            time = time_of(node) or at_once
            for other, weight in zip(self.successors[node], self.weights[node], strict=True):
                if weight and other in inside:
                    out[node][other] = into[other][node] = time * weight
        heap = [(len(into[node]) * len(out[node]), node) for node in component]
        heapq.heapify(heap)
        eliminated: list[tuple[int, T | None, dict[int, T]]] = []
        made = 0
        while heap:
            degree, node = heapq.heappop(heap)
            if degree != len(into[node]) * len(out[node]):
                heapq.heappush(heap, (len(into[node]) * len(out[node]), node))
                continue
            made += degree
            if made > MOST_WAYS:
                raise UndefinedResultError(Message("too many flows cross each other in a loop"))
            own = out[node].pop(node, None)
            into[node].pop(node, None)
            rounds = None if own is None else own.repeated()
            for following, way_on in out[node].items():
                onward = way_on if rounds is None else way_on * rounds
                if node in come:
                    part = come[node] * onward
                    come[following] = come[following] + part if following in come else part
                for before, way_to in into[node].items():
                    way = way_to * onward
                    known = out[before].get(following)
                    out[before][following] = into[following][before] = way if known is None else known + way
            for before in into[node]:
                del out[before][node]
            for following in out[node]:
                del into[following][node]
            eliminated.append((node, rounds, into[node]))
            del out[node]
        result: dict[int, T] = {}
        for node, rounds, known_from in reversed(eliminated):
            parts = [result[other] * weight for other, weight in known_from.items() if other in result]
            if node in come:
                parts.append(come[node])
            if parts:
                total = parts[0]
                for part in parts[1:]:
                    total = total + part
                result[node] = total if rounds is None else total * rounds
        return result


def passages(graph: FlowGraph, nested: Blocks) -> Passages:
    """
    Return the regions of a procedure as chains, in time linear in nodes and flows.

    Args:
        graph: Every choice that is come to has probabilities.
        nested: Blocks that all close.
    """
    sink = len(graph.nodes)
    shares = flow_shares(graph)
    successors: list[list[int]] = []
    for node, region in enumerate(nested.region_of):
        if region is None:
            successors.append([])
        else:
            join = -1 if region.block is None else region.block.join
            successors.append([sink if other == join else other for other in graph.successors[node]])
    weights = [*shares, [1.0]]
    for block in nested.blocks:
        successors[block.split] = [block.join]
        weights[block.split] = [1.0]
    heads = {id(nested.regions[0]): graph.start}
    for block in nested.blocks:
        for branch, head in zip(block.branches, graph.successors[block.split], strict=True):
            heads[id(branch)] = sink if head == block.join else head
    # One search from a node before all heads finds the components of all regions, which have no flows between them.
    roots = [head for head in heads.values() if head != sink]
    components: dict[int, list[list[int]]] = {id(region): [] for region in nested.regions}
    for component in strong_components(sink + 1, [*successors, [], roots]):
        region = nested.region_of[component[0]] if component[0] < sink else None
        if region is not None:
            components[id(region)].append(component)
    return Passages([*successors, []], weights, components, heads)
