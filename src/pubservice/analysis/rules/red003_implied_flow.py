"""RED003: transitively implied flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding, Subject, rule
from pubservice.edits.edit import RemoveFlow
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        Flows out of steps and exclusive gateways are choices and never implied.

    Source:
        Aho, Garey & Ullman (1972), The transitive reduction of a directed graph, SIAM J. Comput. 1(2), 131-137.
    """
    graph = subject.graph
    for i, kind in enumerate(graph.splits):
        if kind != "parallel":
            continue
        heads = graph.successors[i]
        for j in heads:
            if graph.joins[j] == "parallel" and _leads_to(
                [other for other in heads if other != j], j, graph.successors
            ):
                yield Finding(
                    subject.service.id,
                    steps=(graph.id(i), graph.id(j)),
                    message=Message("the flow between them is implied by another way"),
                    remedy=RemoveFlow(subject.service.id, graph.id(i), graph.id(j)),
                )


def _leads_to(starts: list[int], goal: int, successors: list[list[int]]) -> bool:
    seen = set(starts)
    stack = list(starts)
    while stack:
        for other in successors[stack.pop()]:
            if other == goal:
                return True
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return False
