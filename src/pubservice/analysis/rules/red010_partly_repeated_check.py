"""RED010: partly repeated check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.analysis.rules.red001_repeated_check import is_by_other_eyes
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

_MOST_NODES = 5_000_000  # looked at, over all questions about one service: some seconds


@rule(
    "RED010",
    "partly-repeated-check",
    bad="""
    requirements: [id-card]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: interview, processing_time: 20 min, checks: [{check: valid, of: id-card}]}
        - {id: assess, processing_time: 1 hour, checks: [{check: valid, of: id-card}]}
      flows:
        - {source: intake, target: interview, probability: 0.3}
        - {source: intake, target: assess, probability: 0.7}
        - {source: interview, target: assess}
    """,
    good="""
    requirements: [id-card]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: interview, processing_time: 20 min, checks: [{check: valid, of: id-card}]}
        - {id: assess, processing_time: 1 hour, checks: [{check: valid, of: id-card}]}
        - {id: decide, processing_time: 5 min}
      flows:
        - {source: intake, target: interview, probability: 0.3}
        - {source: intake, target: assess, probability: 0.7}
        - {source: interview, target: decide}
        - {source: assess, target: decide}
    """,
)
def partly_repeated_check(subject: Subject) -> Iterator[Finding]:
    """
    Find steps that verify what another step has verified on some of the ways to them, with the share of their visits.

    Why it matters:
        Those who come that way wait twice for one answer.

    Remedy:
        Look before checking again: keep the result with the case, and skip the check where it is there.

    Known limits:
        What a step itself has verified before, in a loop, does not count. Where steps that check or change the same
        datum run side by side, no share is known and nothing is claimed. Not reported without probabilities.

    Source:
        Reijers & Liman Mansar (2005), task elimination, Omega 33(4), 283-306; partial redundancy as in compilers.
    """
    flow, graph = subject.flow, subject.graph
    for fact, at in flow.checkers.items():
        if len(at) < 2:
            continue
        reached = [i for i in at if flow.is_reached(i)]
        for i in reached:
            if flow.is_available(fact, i) or not flow.is_possible(fact, i):
                continue
            if subject.presence is None:
                return
            enders = [j for j, _ in flow.definitions_of(fact.of)]
            makers = [j for j in reached if j != i and j not in enders]
            if makers and all(is_by_other_eyes(subject, j, i) for j in makers):
                continue
            if subject.presence.looked_at > _MOST_NODES:
                raise SkipRuleError(Message("the procedure is too large to look at every check of it"))
            share = subject.presence.probability(i, makers, enders)
            if share is not None and share > 1e-9:
                before = [j for j in makers if flow.is_ahead(j, i)] or makers
                yield Finding(
                    subject.service.id,
                    steps=(*graph.ids(before), graph.id(i)),
                    message=Message(
                        "repeats the check of {fact} on some ways: {share:.0%} of its visits",
                        fact=fact.said,
                        share=share,
                    ),
                )
