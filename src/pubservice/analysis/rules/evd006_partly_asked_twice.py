"""EVD006: evidence asked for twice on some ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

_MOST_NODES = 5_000_000  # looked at, over all questions about one service: some seconds


@rule(
    "EVD006",
    "partly-asked-twice",
    bad="""
    requirements: [id-card]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: interview, processing_time: 20 min, asks: [id-card]}
        - {id: collect, processing_time: 5 min, asks: [id-card]}
      flows:
        - {source: intake, target: interview, probability: 0.3}
        - {source: intake, target: collect, probability: 0.7}
        - {source: interview, target: collect}
    """,
    good="""
    requirements: [id-card]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: interview, processing_time: 20 min, asks: [id-card]}
        - {id: collect, processing_time: 5 min, asks: [id-card]}
        - {id: decide, processing_time: 5 min}
      flows:
        - {source: intake, target: interview, probability: 0.3}
        - {source: intake, target: collect, probability: 0.7}
        - {source: interview, target: decide}
        - {source: collect, target: decide}
    """,
)
def partly_asked_twice(subject: Subject) -> Iterator[Finding]:
    """
    Find steps that ask the applicant for what the office holds on some of the ways to them, with the share of visits.

    Why it matters:
        Those who come that way bring the same thing again.

    Remedy:
        Look before asking again: where the datum is with the case, do not ask.

    Known limits:
        A step in a loop that asks each time is counted too: what changed goes by a new version, which is no question.
        Where steps that bring the datum run side by side, no share is known and nothing is claimed. Not reported without
        probabilities.

    Source:
        Regulation (EU) 2018/1724, art. 14 (once-only); Reijers & Liman Mansar (2005), contact reduction, Omega 33(4),
        283-306.
    """
    if not any(step.asks for step in subject.service.procedure.steps):
        return
    flow, graph = subject.flow, subject.graph
    suppliers: dict[str, list[int]] = {}
    for i in range(len(graph.nodes)):
        if flow.is_reached(i):
            for datum in flow.supplies(i):
                suppliers.setdefault(datum, []).append(i)
    for i, node in enumerate(graph.nodes):
        if not isinstance(node, Step) or not flow.is_reached(i):
            continue
        for datum in dict.fromkeys(node.asks):
            makers = suppliers[datum]
            if flow.is_present(datum, i) or (makers == [i] and not flow.in_loop[i]):
                continue
            if subject.presence is None:
                return
            if subject.presence.looked_at > _MOST_NODES:
                raise SkipRuleError(Message("the procedure is too large to look at every question of it"))
            share = subject.presence.probability(i, makers, ())
            if share is not None and share > 1e-9:
                yield Finding(
                    subject.service.id,
                    steps=(node.id,),
                    message=Message(
                        "asks again for {datum} on some ways: {share:.0%} of its visits",
                        datum=datum,
                        share=share,
                    ),
                )
