"""With which probability a case ever comes to a node: what is more than that, of its expected visits, is rework."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

import attrs

from pubservice.graph.blocks import serialised
from pubservice.graph.paths import strong_components
from pubservice.graph.visits import flow_shares

if TYPE_CHECKING:
    from pubservice.graph.blocks import Blocks
    from pubservice.graph.flowgraph import FlowGraph

_MOST_PRODUCTS = 2500  # of the flows of one node; what is left then is inverted as a matrix


class SerialChain(NamedTuple):
    """
    A procedure with branches one after another, as a chain of single steps.

    Attributes:
        graph: Of it only the successors count.
        weights: With which probability each node goes on by each of its flows.
        components: Its strong components, in topological order.
    """

    graph: FlowGraph
    weights: list[list[float]]
    components: list[list[int]]


def serial_chain(graph: FlowGraph, nested: Blocks) -> SerialChain:
    """Return a procedure of which the blocks close as a chain; nodes that are added stand behind those of the graph."""
    successors, chances = serialised(graph, nested)
    shares = flow_shares(graph)
    return SerialChain(
        attrs.evolve(graph, successors=successors),
        [chances[i] if i in chances else shares[i] for i in range(len(successors))],
        strong_components(graph.start, successors),
    )


def first_visits(graph: FlowGraph, nested: Blocks, visits: list[float]) -> list[float]:
    """
    Return with which probability a case ever comes to each node, shape (n_nodes,).

    Exact: its expected visits, divided by those of a case that is there. Where branches run side by side they are taken
    one after another, which changes neither. Where blocks do not close, no loop is known and visits are the answer.

    Args:
        graph: Of the procedure.
        nested: Its blocks.
        visits: Expected visits of each node.

    Example:
        >>> from pubservice.graph.blocks import blocks
        >>> from pubservice.graph.flowgraph import flowgraph
        >>> from pubservice.graph.visits import visits
        >>> from pubservice.model.procedure import Flow, Procedure, Step
        >>> graph = flowgraph(Procedure(
        ...     start="do", steps=[Step("do"), Step("mend"), Step("leave")],
        ...     flows=[Flow("do", "leave", probability=0.8), Flow("do", "mend", probability=0.2), Flow("mend", "do")],
        ... ))
        >>> expected = visits(graph, blocks(graph))
        >>> [round(n, 2) for n in expected]
        [1.25, 0.25, 1.0]
        >>> [round(p, 2) for p in first_visits(graph, blocks(graph), expected)]
        [1.0, 0.2, 1.0]

    Source:
        Kemeny & Snell (1960), Finite Markov Chains, §3.5: of N = (I - Q)⁻¹ the entry (i, j) is the probability that j is
        ever reached from i, times the entry (j, j).
    """
    result = list(visits)
    if graph.start < 0 or nested.unstructured is not None:
        return result
    chain = serial_chain(graph, nested)
    for component in chain.components:
        node = component[0]
        if len(component) > 1 or node in chain.graph.successors[node]:
            for i, times in returns(chain, component).items():
                if i < len(result):
                    result[i] = min(1.0, visits[i] / times)
    return result


def returns(chain: SerialChain, component: list[int]) -> dict[int, float]:
    """
    Return how often a case that is at a node of a loop is there before it leaves, the first time counted; at least 1.

    The diagonal of (I - W)⁻¹ from its factors, in the time that eliminating the nodes takes: of the inverse only what
    stands where a flow is, or has come to be, is ever needed.

    Source:
        Takahashi, Fagan & Chen (1973); Erisman & Tinney (1975), Communications of the ACM 18(3), 177-179.
    """
    inside = set(component)
    out: dict[int, dict[int, float]] = {node: {} for node in component}
    into: dict[int, dict[int, float]] = {node: {} for node in component}
    for node in component:
        for other, weight in zip(chain.graph.successors[node], chain.weights[node], strict=True):
            if weight > 0 and other in inside:
                out[node][other] = into[other][node] = weight
    heap = [(len(into[node]) * len(out[node]), node) for node in component]
    heapq.heapify(heap)
    eliminated: list[tuple[int, float, dict[int, float], dict[int, float]]] = []
    inverse: dict[int, dict[int, float]] = {}
    while heap:
        degree, node = heapq.heappop(heap)
        if degree != len(into[node]) * len(out[node]):
            heapq.heappush(heap, (len(into[node]) * len(out[node]), node))
            continue
        if degree > _MOST_PRODUCTS:
            inverse = _inverse(out)
            break
        factor = 1 / (1 - out[node].pop(node, 0.0))
        into[node].pop(node, None)
        for after, weight in out[node].items():
            del into[after][node]
            for before, weight_before in into[node].items():
                total = out[before].get(after, 0.0) + weight_before * factor * weight
                out[before][after] = into[after][before] = total
        for before in into[node]:
            del out[before][node]
        eliminated.append((node, factor, into.pop(node), out.pop(node)))
    for node, factor, before_it, after_it in reversed(eliminated):
        row = inverse[node] = {
            i: factor * sum(weight * inverse[j][i] for j, weight in after_it.items()) for i in before_it
        }
        for j in after_it:
            inverse[j][node] = factor * sum(inverse[j][i] * weight for i, weight in before_it.items())
        row[node] = factor * (1 + sum(weight * inverse[j][node] for j, weight in after_it.items()))
    return {node: inverse[node][node] for node in component}


def _inverse(out: dict[int, dict[int, float]]) -> dict[int, dict[int, float]]:
    """Return (I - W)⁻¹ of what is left, where nearly every node flows to every other."""
    import numpy as np

    nodes = list(out)
    place = {node: i for i, node in enumerate(nodes)}
    matrix = np.eye(len(nodes))
    for node, flows in out.items():
        for other, weight in flows.items():
            matrix[place[node], place[other]] -= weight
    rows = np.linalg.inv(matrix).tolist()
    return {node: dict(zip(nodes, row, strict=True)) for node, row in zip(nodes, rows, strict=True)}
