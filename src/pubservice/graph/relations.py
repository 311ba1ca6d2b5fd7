"""How nodes of a procedure stand to each other: before every other on the way, after it, beside it, instead of it."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from pubservice.errors import UndefinedResultError
from pubservice.graph.blocks import blocks
from pubservice.graph.digraph import procedure_from
from pubservice.graph.flowgraph import flowgraph, is_split_part
from pubservice.graph.paths import components
from pubservice.graph.soundness import soundness_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    from pubservice.graph.flowgraph import FlowGraph


def dominators(graph: nx.DiGraph[str]) -> dict[str, str | None]:
    """
    Return for each node the last one before it that every way from the start passes; None for the start.

    Nodes that the start does not reach are left out. Gateways are not looked at: a way takes one flow out of each node.

    Args:
        graph: As `digraph` gives it.

    Example:
        >>> import networkx as nx
        >>> dominators(nx.DiGraph([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]))
        {'a': None, 'b': 'a', 'c': 'a', 'd': 'a'}

    Source:
        Cooper, Harvey & Kennedy (2001), A simple, fast dominance algorithm, as in networkx; near linear in practice.
    """
    import networkx as nx

    first = procedure_from(graph).first
    if first is None:
        return {}
    found = {**nx.immediate_dominators(graph, first), first: None}
    return {node: found[node] for node in graph if node in found}


def post_dominators(graph: nx.DiGraph[str]) -> dict[str, str | None]:
    """
    Return for each node the first one after it that every way to where cases leave passes; None where there is none.

    Nodes from which no case can leave are left out.

    Args:
        graph: As `digraph` gives it.

    Example:
        >>> import networkx as nx
        >>> post_dominators(nx.DiGraph([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]))
        {'a': 'd', 'b': 'd', 'c': 'd', 'd': None}
    """
    import networkx as nx

    turned: nx.DiGraph[str] = nx.DiGraph()
    turned.add_node("")  # behind every node where cases leave; no id is empty
    turned.add_edges_from((target, source) for source, target in graph.edges)
    turned.add_edges_from(("", node) for node in graph if not graph.out_degree(node))
    found = nx.immediate_dominators(turned, "")
    return {node: found[node] or None for node in graph if node in found}


def concurrent_pairs(graph: nx.DiGraph[str]) -> list[tuple[str, str]]:
    """
    Return the pairs of nodes that can run side by side, in the order of the graph.

    The output can be as long as the square of the nodes; the work is a pass over sets of flows until they are complete.

    Args:
        graph: As `digraph` gives it.

    Raises:
        UndefinedResultError: The procedure is not sound, or has inclusive gateways that close no blocks.

    Example:
        >>> from pubservice.model.procedure import Flow, Gateway, Procedure, Step
        >>> from pubservice.graph.digraph import digraph
        >>> concurrent_pairs(digraph(Procedure(
        ...     steps=[Step("a"), Step("b")],
        ...     gateways=[Gateway("f", kind="parallel"), Gateway("j", kind="parallel")],
        ...     flows=[Flow("f", "a"), Flow("f", "b"), Flow("a", "j"), Flow("b", "j")],
        ... )))
        [('a', 'b')]

    Source:
        Kovalyov & Esparza (1996), A polynomial algorithm to compute the concurrency relation of free-choice signal
        transition graphs, WODES, 1-6.
    """
    inner = _sound(graph)
    beside = _concurrent(inner)
    return [(a, b) for a, b, i, j in _pairs(inner) if beside[i] >> j & 1]


def exclusive_pairs(graph: nx.DiGraph[str]) -> list[tuple[str, str]]:
    """
    Return the pairs of nodes of which no case passes both, in the order of the graph.

    The output can be as long as the square of the nodes; the work likewise.

    Args:
        graph: As `digraph` gives it.

    Raises:
        UndefinedResultError: The procedure is not sound, or has inclusive gateways that close no blocks.

    Example:
        >>> import networkx as nx
        >>> exclusive_pairs(nx.DiGraph([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]))
        [('b', 'c')]
    """
    inner = _sound(graph)
    beside = _concurrent(inner)
    ahead = _ahead(inner)
    return [
        (a, b)
        for a, b, i, j in _pairs(inner)
        if not (beside[i] | ahead[i]) >> j & 1 and not ahead[j] >> i & 1
    ]


def _sound(graph: nx.DiGraph[str]) -> FlowGraph:
    """Return the indexed graph of a sound procedure."""
    inner = flowgraph(procedure_from(graph))
    nested = blocks(inner)
    if nested.unstructured is not None and "inclusive" in (*inner.joins, *inner.splits):
        raise UndefinedResultError(nested.unstructured)
    found = soundness_of(inner, nested)
    if found.verdict != "sound":
        raise UndefinedResultError(found.faults[0].message)
    return inner


def _pairs(graph: FlowGraph) -> Iterator[tuple[str, str, int, int]]:
    """Yield each pair of nodes once, with ids and indices; a gateway that joins and splits counts once, as a join."""
    indices = [i for i in range(len(graph.nodes)) if not is_split_part(graph, i)]
    for position, i in enumerate(indices):
        for j in indices[position + 1 :]:
            yield graph.id(i), graph.id(j), i, j


def _concurrent(graph: FlowGraph) -> list[int]:
    """Return for each node those that can run beside it, as bits."""
    if graph.start < 0:
        return []
    into: list[list[int]] = [[] for _ in graph.nodes]
    into[graph.start].append(0)
    out: list[list[int]] = []
    target = [graph.start]
    for successors in graph.successors:
        out.append(list(range(len(target), len(target) + len(successors))))
        for other in successors:
            into[other].append(len(target))
            target.append(other)
    beside = [0] * len(target)
    waiting = list(range(len(graph.nodes)))
    for i, flows in enumerate(out):
        if graph.splits[i] in ("parallel", "inclusive"):
            every = sum(1 << n for n in flows)
            for n in flows:
                beside[n] |= every & ~(1 << n)
    while waiting:
        i = waiting.pop()
        together = graph.joins[i] in ("parallel", "inclusive")
        passing = reduce(and_ if together else or_, (beside[n] for n in into[i]))
        for n in out[i]:
            fresh = passing & ~beside[n]
            if fresh:
                beside[n] |= fresh
                waiting.append(target[n])
                while fresh:
                    low = fresh & -fresh
                    other = low.bit_length() - 1
                    beside[other] |= 1 << n
                    waiting.append(target[other])
                    fresh ^= low
    return _of_nodes(graph, into, beside)


def _of_nodes(graph: FlowGraph, into: list[list[int]], beside: list[int]) -> list[int]:
    """Return for each node those that can run beside it: what each takes can be there at once."""
    joins = [kind in ("parallel", "inclusive") for kind in graph.joins]
    needed = [sum(1 << n for n in flows) for flows in into]
    found = [0] * len(graph.nodes)
    for i, flows in enumerate(into):
        ways = [beside[n] for n in flows]
        if joins[i]:
            ways = [reduce(and_, ways)]
        for j in range(i + 1, len(into)):
            if any(not needed[j] & ~way if joins[j] else needed[j] & way for way in ways):
                found[i] |= 1 << j
                found[j] |= 1 << i
    return found


def _ahead(graph: FlowGraph) -> list[int]:
    """Return for each node those that a way from it leads to, as bits."""
    ahead = [0] * len(graph.nodes)
    for component in reversed(components(graph)):
        bits = 0
        for i in component:
            for other in graph.successors[i]:
                bits |= ahead[other] | 1 << other
        for i in component:
            ahead[i] = bits
    return ahead
