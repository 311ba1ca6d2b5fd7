"""MOD001: unreachable step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.edits.edit import RemoveStep
from pubservice.graph.decisions import decides
from pubservice.graph.flowgraph import is_split_part
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "MOD001",
    "unreachable-step",
    bad="""
    procedure:
      start: intake
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: archive, processing_time: 5 min}
    """,
    good="""
    procedure:
      start: intake
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: archive, processing_time: 5 min}
      flows:
        - {source: intake, target: archive}
    """,
)
def unreachable_step(subject: Subject) -> Iterator[Finding]:
    """
    Find nodes that no case can reach from the start.

    Why it matters:
        Work that is described and never done: either a flow is missing, or the step is a leftover.

    Remedy:
        Task elimination: remove the step, unless the flow to it was forgotten. A step that the law demands is not removed:
        the flow to it is missing.

    Known limits:
        Conditions and probabilities of 0 are not looked at; a flow counts as a way.

    Source:
        van der Aalst (1997), no dead transitions; Reijers & Liman Mansar (2005), Omega 33(4), 283-306.
    """
    graph = subject.graph
    reached = subject.reached
    if all(reached):
        return
    for i, node in enumerate(graph.nodes):
        if not reached[i] and not is_split_part(graph, i):
            basis = node.legal_basis if isinstance(node, Step) else ()
            removable = isinstance(node, Step) and not basis and not decides(graph, i)
            message = Message("no case can reach it from the start")
            if basis:
                message = Message("{claim}, though {basis} demands it", claim=message, basis=", ".join(basis))
            yield Finding(
                subject.service.id,
                steps=(node.id,),
                message=message,
                remedy=RemoveStep(subject.service.id, node.id) if removable else None,
            )
