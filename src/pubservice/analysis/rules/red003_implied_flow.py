"""RED003: transitively implied flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.edits.edit import RemoveFlow
from pubservice.graph.paths import reverse_postorder
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject
    from pubservice.graph.flowgraph import FlowGraph


@rule(
    "RED003",
    "implied-flow",
    bad="""
    procedure:
      steps:
        - {id: assess, processing_time: 5 min}
      gateways:
        - {id: fork, kind: parallel}
        - {id: join, kind: parallel}
      flows:
        - {source: fork, target: assess}
        - {source: fork, target: join}
        - {source: assess, target: join}
    """,
    good="""
    procedure:
      steps:
        - {id: assess, processing_time: 5 min}
        - {id: inspect, processing_time: 5 min}
      gateways:
        - {id: fork, kind: parallel}
        - {id: join, kind: parallel}
      flows:
        - {source: fork, target: assess}
        - {source: fork, target: inspect}
        - {source: assess, target: join}
        - {source: inspect, target: join}
    """,
)
def implied_flow(subject: Subject) -> Iterator[Finding]:
    """
    Find flows between parallel gateways that another way between them implies.

    Why it matters:
        It orders nothing that is not ordered already; without it the procedure is easier to read.

    Remedy:
        Remove the flow, and the gateways where they split and join nothing any more. No time is saved.

    Known limits:
        Flows out of steps and exclusive gateways are choices and never implied. Where the branches of gateways do not
        close, only ways without a choice are followed.

    Source:
        Aho, Garey & Ullman (1972), The transitive reduction of a directed graph, SIAM J. Comput. 1(2), 131-137.
    """
    graph, nested = subject.graph, subject.nested
    if nested.unstructured is None:
        implied = [
            (block.split, block.join)
            for block in nested.blocks
            if block.kind == "parallel"
            for branch in block.branches
            if not branch.nodes
        ]
    else:
        implied = _without_blocks(graph, [i for i, kind in enumerate(graph.splits) if kind == "parallel"])
    for i, j in implied:
        yield Finding(
            subject.service.id,
            steps=(graph.id(i), graph.id(j)),
            message=Message("the flow between them is implied by another way"),
            remedy=RemoveFlow(subject.service.id, graph.id(i), graph.id(j)),
        )


def _without_blocks(graph: FlowGraph, splits: list[int]) -> list[tuple[int, int]]:
    """Return flows from a split straight to a join that another branch leads to as well, without a choice."""
    direct = [(i, j) for i in splits for j in graph.successors[i] if graph.joins[j] == "parallel"]
    if not direct:
        return []
    bits = {j: 1 << n for n, j in enumerate(dict.fromkeys(j for _, j in direct))}
    ahead = [0] * len(graph.nodes)
    order = reverse_postorder(graph)
    for i in reversed(order):
        if graph.splits[i] in ("", "parallel"):
            for j in graph.successors[i]:
                ahead[i] |= ahead[j] | bits.get(j, 0)
    position = dict(zip(order, range(len(order)), strict=True))
    return [
        (i, j)
        for i, j in direct
        if position.get(i, len(order)) < position.get(j, -1)
        and any(ahead[head] & bits[j] for head in graph.successors[i] if head != j)
    ]
