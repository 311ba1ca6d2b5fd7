"""Expected visits of each node by one case: an absorbing chain, also where branches run side by side."""

from __future__ import annotations

import heapq
from math import isclose, prod
from typing import TYPE_CHECKING

from pubservice.errors import UndefinedResultError
from pubservice.graph.paths import components
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubservice.graph.blocks import Blocks
    from pubservice.graph.flowgraph import FlowGraph


def branch_probabilities(probabilities: Sequence[float]) -> list[float]:
    """
    Return with which probability each flow out of an inclusive gateway is taken, given that at least one is.

    Example:
        >>> branch_probabilities([0.5, 0.5])
        [0.6666666666666666, 0.6666666666666666]
    """
    some = 1 - prod(1 - p for p in probabilities)
    return [p / some for p in probabilities]


def flow_shares(graph: FlowGraph) -> list[list[float]]:
    """
    Return for each node the expected times that one visit of it goes on by each of its flows.

    Raises:
        UndefinedResultError: A choice that the start reaches lacks probabilities.
    """
    shares: list[list[float]] = []
    for node, given in enumerate(graph.probabilities):
        kind = graph.splits[node]
        if not kind or kind == "parallel":
            shares.append([1.0] * len(given))
            continue
        known = [p for p in given if p is not None]
        if len(known) < len(given):
            shares.append([])
        elif kind == "inclusive":
            shares.append(branch_probabilities(known))
        else:
            shares.append(known)
    return shares


def visits(graph: FlowGraph, nested: Blocks) -> list[float]:
    """
    Return the expected visits of each node by one case, shape (n_nodes,).

    Exact. At a parallel join as many cases go on as arrive by any one of its flows; at an inclusive join as many as
    entered the block. Inside a loop the balance is solved by eliminating nodes, those with the fewest flows first.

    Raises:
        UndefinedResultError: Probabilities are missing, cases are trapped in a loop, or branches do not arrive at a
            join equally often; the text names the nodes.

    Source:
        Grinstead & Snell, Introduction to Probability, ch. 11: N = (I - Q)^-1.
    """
    if graph.start < 0:
        return [0.0] * len(graph.nodes)
    shares = flow_shares(graph)
    result = balance(graph, flow_weights(graph, nested, shares))
    _check_joins(graph, shares, result, nested)
    return result


def balance(
    graph: FlowGraph, weights: list[list[float]], given: Sequence[float] | None = None
) -> list[float]:
    """
    Return how often each node is come to if the start is once, shape (n_nodes,).

    Args:
        graph: Its start is given.
        weights: For each node, how often one visit of it goes on by each of its flows; none where that is not known.
        given: How often each node is come to from outside instead.

    Raises:
        UndefinedResultError: That is not known of a node that is come to, or cases are trapped in a loop.
    """
    result = [0.0] * len(graph.successors)
    inflow = [0.0] * len(graph.successors) if given is None else list(given)
    if given is None:
        inflow[graph.start] = 1.0
    for component in components(graph):
        node = component[0]
        if len(component) > 1 or node in graph.successors[node]:
            solve(graph, component, weights, inflow, result)
        elif inflow[node]:
            _check_known(graph, node, weights)
            result[node] = inflow[node]
        inside = set(component)
        for node in component:
            if result[node]:
                for other, weight in zip(graph.successors[node], weights[node], strict=True):
                    if other not in inside:
                        inflow[other] += result[node] * weight
    return result


def flow_weights(graph: FlowGraph, nested: Blocks, shares: list[list[float]]) -> list[list[float]]:
    """Return the shares, but into a join such that the sum over its flows is what goes on from it."""
    if not any(kind in ("parallel", "inclusive") for kind in graph.joins):
        return shares
    weights = [list(values) for values in shares]
    opened = {block.join: block.split for block in nested.blocks if block.kind == "inclusive"}
    for join, kind in enumerate(graph.joins):
        if kind not in ("parallel", "inclusive") or (
            nested.region_of[join] is None and nested.unstructured is None
        ):
            continue
        if kind == "inclusive":
            if nested.unstructured is not None:
                raise UndefinedResultError(nested.unstructured)
            inside = [share for share in shares[opened[join]] if share > 0]
            # Every branch that can be taken arrives share times as often as the block is entered.
            scale = 1 / sum(inside) if inside else 0.0
        else:
            scale = 1 / len(graph.predecessors[join])
        for node in graph.predecessors[join]:
            weights[node] = [
                weight * scale if other == join else weight
                for other, weight in zip(graph.successors[node], weights[node], strict=False)
            ]
    return weights


def solve(
    graph: FlowGraph,
    component: list[int],
    weights: list[list[float]],
    inflow: list[float],
    result: list[float],
) -> None:
    """
    Solve the balance v = inflow + v W inside one strongly connected component.

    Args:
        graph: Of the component.
        component: Its nodes.
        weights: For each node, how often one visit of it goes on by each of its flows.
        inflow: How often each node is come to from outside.
        result: How often it is come to; filled in for the nodes of the component.

    Raises:
        UndefinedResultError: No case leaves it.
    """
    component = _come_to(graph, component, weights, inflow)
    inside = set(component)
    out: dict[int, dict[int, float]] = {node: {} for node in component}
    into: dict[int, dict[int, float]] = {node: {} for node in component}
    leaving = set()
    for node in component:
        if not any(weights[node]):
            leaving.add(node)  # what comes here stops
        for other, weight in zip(graph.successors[node], weights[node], strict=True):
            if weight > 0 and other in inside:
                out[node][other] = into[other][node] = weight
            elif weight > 0:
                leaving.add(node)
    ways = list(leaving)
    for node in ways:
        new = into[node].keys() - leaving
        leaving |= new
        ways.extend(new)
    if len(leaving) < len(component):
        raise _trapped(graph, [node for node in component if node not in leaving])
    gain = {node: inflow[node] for node in component}
    heap = [(len(into[node]) * len(out[node]), node) for node in component]
    heapq.heapify(heap)
    eliminated: list[tuple[int, float, dict[int, float]]] = []
    while heap:
        degree, node = heapq.heappop(heap)
        if degree != len(into[node]) * len(out[node]):
            heapq.heappush(heap, (len(into[node]) * len(out[node]), node))
            continue
        if degree > 2500:
            _solve_dense(graph, out, gain, result)
            break
        own = out[node].pop(node, 0.0)
        into[node].pop(node, None)
        if 1 - own < 1e-12:
            raise _trapped(graph, component)
        factor = 1 / (1 - own)
        for after, weight in out[node].items():
            gain[after] += gain[node] * factor * weight
            for before, weight_before in into[node].items():
                total = out[before].get(after, 0.0) + weight_before * factor * weight
                out[before][after] = into[after][before] = total
        for before in into[node]:
            del out[before][node]
        for after in out[node]:
            del into[after][node]
        eliminated.append((node, factor, into[node]))
        del out[node]
    for node, factor, known in reversed(eliminated):
        result[node] = factor * (gain[node] + sum(weight * result[other] for other, weight in known.items()))


def _check_known(graph: FlowGraph, node: int, weights: list[list[float]]) -> None:
    if len(weights[node]) < len(graph.successors[node]):
        raise UndefinedResultError(
            Message("the flows out of {id!r} have no probabilities", id=graph.id(node))
        )


def _come_to(
    graph: FlowGraph, component: list[int], weights: list[list[float]], inflow: list[float]
) -> list[int]:
    """Return the nodes of a component that cases come to: not those behind flows that are never taken."""
    inside = set(component)
    found = {node for node in component if inflow[node]}
    ways = list(found)
    for node in ways:
        _check_known(graph, node, weights)
        for other, weight in zip(graph.successors[node], weights[node], strict=True):
            if weight > 0 and other in inside and other not in found:
                found.add(other)
                ways.append(other)
    return [node for node in component if node in found]


def _solve_dense(
    graph: FlowGraph, out: dict[int, dict[int, float]], gain: dict[int, float], result: list[float]
) -> None:
    """Solve what is left, where nearly every node flows to every other, as a matrix."""
    import numpy as np

    nodes = list(out)
    place = {node: i for i, node in enumerate(nodes)}
    matrix = np.eye(len(nodes))
    for node, flows in out.items():
        for other, weight in flows.items():
            matrix[place[other], place[node]] -= weight
    try:
        solution = np.linalg.solve(matrix, np.array([gain[node] for node in nodes]))
    except np.linalg.LinAlgError:
        raise _trapped(graph, nodes) from None
    for node, value in zip(nodes, solution, strict=True):
        result[node] = float(value)


def _trapped(graph: FlowGraph, component: list[int]) -> UndefinedResultError:
    names = [graph.id(node) for node in sorted(component)]
    found = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    return UndefinedResultError(Message("cases never leave the loop of {found}", found=found))


def _check_joins(graph: FlowGraph, shares: list[list[float]], result: list[float], nested: Blocks) -> None:
    """Refuse a join at which branches do not arrive equally often, and ends that one case reaches twice or never."""
    if nested.unstructured is None:
        return  # blocks that close need no check
    for join, kind in enumerate(graph.joins):
        if kind == "parallel" and result[join]:
            arrivals = [
                result[node]
                * sum(
                    s for other, s in zip(graph.successors[node], shares[node], strict=True) if other == join
                )
                if result[node]
                else 0.0
                for node in graph.predecessors[join]
            ]
            if not isclose(min(arrivals), max(arrivals), rel_tol=1e-9, abs_tol=1e-12):
                message = Message(
                    "branches do not arrive equally often at the parallel gateway {id!r}", id=graph.id(join)
                )
                raise UndefinedResultError(message)
    left = sum(result[node] for node, out in enumerate(graph.successors) if not out)
    if not isclose(left, 1, rel_tol=1e-6):
        raise UndefinedResultError(
            Message("a case reaches an end {times:.4g} times, expected once", times=left)
        )
