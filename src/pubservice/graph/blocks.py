"""
Parallel and inclusive blocks.

A block is a split, the join that closes it, and a region for each branch. Inside a region the flow is exclusive: steps,
waits, choices, loops, and nested blocks that count as one node each. Whatever stands in a region of its own runs beside
the other branches, which is all that times, facts and liveness need to know about concurrency. How all of a procedure is
built, choices, loops and what does not nest included, is told by `structure`, at a higher price.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

import attrs

from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.graph.flowgraph import FlowGraph


@attrs.define(eq=False)
class Region:
    """
    Nodes between which the flow is exclusive.

    Attributes:
        block: The block that it is a branch of; None for the whole procedure.
        branch: Which branch, in document order.
        nodes: Its own nodes, splits and joins of its blocks included.
        blocks: The blocks directly in it.
        depth: How many blocks enclose it.
    """

    block: Block | None
    branch: int
    depth: int
    nodes: list[int] = attrs.Factory(list)
    blocks: list[Block] = attrs.Factory(list)


@attrs.define(eq=False)
class Block:
    """
    A split and the join that closes it.

    Attributes:
        split: Index of the node that opens it.
        join: Index of the node that closes it.
        kind: ``parallel`` or ``inclusive``.
        region: Where it stands.
        branches: One region for each flow out of the split, in document order; empty for a flow straight to the join.
    """

    split: int
    kind: str
    region: Region
    join: int = -1
    branches: list[Region] = attrs.Factory(list)


@attrs.frozen(eq=False)
class Blocks:
    """
    The nested blocks of a procedure.

    Attributes:
        regions: All regions, the whole procedure first, outer before inner.
        blocks: All blocks, outer before inner.
        region_of: The region of each node; None where the start does not reach it.
        unstructured: Why blocks do not close, and at which gateway; None where all do.
    """

    regions: list[Region]
    blocks: list[Block]
    region_of: list[Region | None]
    unstructured: Message | None

    def concurrent(self, one: int, other: int) -> bool:
        """
        Return whether two nodes run side by side in some case.

        Without blocks that close, any two nodes may.
        """
        if self.unstructured is not None:
            return one != other
        a, b = self.region_of[one], self.region_of[other]
        return a is not None and b is not None and self.meet(a, b) is not None

    def meet(self, a: Region, b: Region) -> Block | None:
        """Return the innermost block of which the regions are in different branches."""
        while a.depth > b.depth:
            a = a.block.region  # type: ignore[union-attr]  # a deeper region is in a block
        while b.depth > a.depth:
            b = b.block.region  # type: ignore[union-attr]  # idem
        while a is not b:
            if a.block is b.block:
                return a.block
            a, b = a.block.region, b.block.region  # type: ignore[union-attr]  # both are in blocks until they meet
        return None


def blocks(graph: FlowGraph) -> Blocks:
    """
    Return the nested parallel and inclusive blocks of a procedure, in time linear in nodes and flows.

    A branch is walked from its flow out of the split until a parallel or inclusive join; all branches have to arrive at
    the same join, each by one flow, and nothing else may enter it.
    """
    whole = Region(None, 0, 0)
    regions = [whole]
    found: list[Block] = []
    region_of: list[Region | None] = [None] * len(graph.nodes)

    def result(message: Message | None = None) -> Blocks:
        return Blocks(regions, found, region_of, message)

    if graph.start < 0:
        return result()
    work: list[tuple[Region, list[int], list[int]]] = [
        (whole, [graph.start], [])
    ]  # region, to visit, joins met
    while work:
        region, pending, exits = work[-1]
        if pending:
            node = pending.pop()
            if graph.joins[node] in ("parallel", "inclusive"):
                exits.append(node)
                continue
            if region_of[node] is region:
                continue
            if region_of[node] is not None:
                return result(_crossing(graph, node))
            region_of[node] = region
            region.nodes.append(node)
            successors = graph.successors[node]
            if graph.splits[node] in ("parallel", "inclusive"):
                block = Block(node, graph.splits[node], region)
                region.blocks.append(block)
                found.append(block)
                block.branches = [Region(block, i, region.depth + 1) for i in range(len(successors))]
                regions.extend(block.branches)
                work.extend(
                    (branch, [head], []) for branch, head in zip(block.branches, successors, strict=True)
                )
            elif not successors and region.block is not None:
                return result(_ends_inside(graph, region.block.split, node))
            else:
                pending.extend(reversed(successors))
            continue
        work.pop()
        closing = region.block
        if closing is None:
            if exits:
                return result(_unmatched(graph, exits[0]))
            continue
        if len(exits) != 1 or (closing.join >= 0 and exits[0] != closing.join):
            return result(_not_closed(graph, closing.split))
        closing.join = exits[0]
        if region.branch > 0:
            continue
        # Branches are finished from the last to the first, so the block is whole now.
        join = closing.join
        if graph.joins[join] != closing.kind or len(graph.predecessors[join]) != len(closing.branches):
            return result(_not_closed(graph, closing.split))
        outer = closing.region
        region_of[join] = outer
        outer.nodes.append(join)
        if not graph.successors[join] and outer.block is not None:
            return result(_ends_inside(graph, outer.block.split, join))
        work[-1][1].extend(reversed(graph.successors[join]))
    return result()


def _not_closed(graph: FlowGraph, split: int) -> Message:
    return Message(
        "the branches of gateway {id!r} are not closed by one gateway of its kind", id=graph.id(split)
    )


def _unmatched(graph: FlowGraph, join: int) -> Message:
    return Message("the gateway {id!r} joins what no gateway of its kind has split", id=graph.id(join))


def _crossing(graph: FlowGraph, node: int) -> Message:
    return Message("{id!r} is entered from inside and from outside a parallel branch", id=graph.id(node))


def _ends_inside(graph: FlowGraph, split: int, node: int) -> Message:
    return Message(
        "a branch of gateway {split!r} ends at {id!r}, before its branches join",
        split=graph.id(split),
        id=graph.id(node),
    )


class Serial(NamedTuple):
    """
    A graph in which the branches of every block are taken one after another.

    Attributes:
        successors: Where each node leads; nodes that are added stand behind those of the graph, one for each branch.
        chances: For the nodes before a branch, the probability of each of their flows.
    """

    successors: list[list[int]]
    chances: dict[int, list[float]]


def serialised(graph: FlowGraph, nested: Blocks) -> Serial:
    """
    Return a graph with the branches of every block one after another.

    What a case cannot avoid stays the same, so that one pass over plain paths finds it. Only for blocks that close.
    """
    successors = [list(out) for out in graph.successors]
    chances: dict[int, list[float]] = {}
    for block in nested.blocks:
        given = [p or 0.0 for p in graph.probabilities[block.split]]
        some = 1 - prod(1 - p for p in given)
        possible = sum(p > 0 for p in given)
        exits = {id(nested.region_of[i]): i for i in graph.predecessors[block.join]}
        stage = block.split
        for head, branch, p in zip(graph.successors[block.split], block.branches, given, strict=True):
            following = len(successors)
            successors.append([])
            certain = block.kind == "parallel" or (p > 0 and possible == 1)
            share = 1.0 if certain else p / some if p else 0.0
            if not branch.nodes:
                successors[stage], chances[stage] = [following], [1.0]
            else:
                skipped = [following] if share < 1 else []
                successors[stage], chances[stage] = [*skipped, head], [1 - share] * len(skipped) + [share]
                last = exits[id(branch)]
                successors[last] = [following if other == block.join else other for other in successors[last]]
            stage = following
        successors[stage], chances[stage] = [block.join], [1.0]
    return Serial(successors, chances)
