"""Which node's version of a datum a case may carry when it comes to a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.graph.blocks import serialised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.graph.blocks import Blocks
    from pubservice.graph.flowgraph import FlowGraph

OUTSIDE = -1  # stands for no node: what a case brings, or another service issues


def sources(
    graph: FlowGraph, nested: Blocks, gives: Mapping[int, Iterable[str]], read: Mapping[int, Iterable[str]]
) -> dict[tuple[int, str], frozenset[int]]:
    """
    Return the nodes that made the versions of data which a case may carry to nodes, by node and datum.

    Of what runs side by side any may be the last. A pass over the graph for all data together, as bits.

    Args:
        graph: Of the procedure.
        nested: Its blocks.
        gives: By node the data that it makes a version of.
        read: By node the data that are asked about.

    Returns:
        Indices of nodes; `OUTSIDE` for what no node of the procedure has made; nothing for a node that no case reaches.
    """
    makers: dict[str, list[int]] = {datum: [OUTSIDE] for data in read.values() for datum in data}
    for i, data in gives.items():
        for datum in data:
            if datum in makers:
                makers[datum].append(i)
    successors = graph.successors if nested.unstructured is not None else serialised(graph, nested).successors
    first: dict[str, int] = {}
    made, replaced = [0] * len(successors), [0] * len(successors)
    outside = used = 0
    for datum, at in makers.items():
        first[datum] = used
        outside |= 1 << used
        for bit, i in enumerate(at[1:], used + 1):
            made[i] |= 1 << bit
            replaced[i] |= (1 << len(at)) - 1 << used
        used += len(at)
    before = [0] * len(successors)
    before[graph.start] = outside
    ways = [graph.start]
    while ways:
        i = ways.pop()
        behind = before[i] & ~replaced[i] | made[i]
        for j in successors[i]:
            if behind & ~before[j]:
                before[j] |= behind
                ways.append(j)

    def carried(i: int, datum: str) -> set[int]:
        at, bits = makers[datum], before[i] >> first[datum]
        return {maker for bit, maker in enumerate(at) if bits >> bit & 1}

    found = {}
    for i, data in read.items():
        for datum in data:
            at = makers[datum][1:]
            came = carried(i, datum)
            came.update(m for m in at if any(nested.concurrent(m, j) for j in {*came, i} - {OUTSIDE, m}))
            # What runs beside may not have begun: then a case still carries what it had when it came there.
            ways = [m for m in came if m != OUTSIDE and nested.concurrent(m, i)]
            for m in ways:
                new = carried(m, datum) - came
                came |= new
                ways.extend(n for n in new if n != OUTSIDE and nested.concurrent(n, i))
            found[i, datum] = frozenset(came) if before[i] else frozenset()
    return found
