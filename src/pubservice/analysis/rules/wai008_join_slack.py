"""WAI008: slack at a join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.messages import Message
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

SHORT = 0.2  # of the longest branch
LARGE = 0.25  # of the cycle time


@rule(
    "WAI008",
    "join-slack",
    bad="""
    resources: [{id: clerk}, {id: engineer}]
    procedure:
      steps:
        - {id: look-up, processing_time: 5 min}
        - {id: inspect, processing_time: 4 hour}
      gateways: [{id: fork, kind: parallel}, {id: join, kind: parallel}]
      flows:
        - {source: fork, target: look-up}
        - {source: fork, target: inspect}
        - {source: look-up, target: join}
        - {source: inspect, target: join}
    """,
    good="""
    resources: [{id: clerk}, {id: engineer}]
    procedure:
      steps:
        - {id: look-up, processing_time: 2 hour}
        - {id: inspect, processing_time: 4 hour}
      gateways: [{id: fork, kind: parallel}, {id: join, kind: parallel}]
      flows:
        - {source: fork, target: look-up}
        - {source: fork, target: inspect}
        - {source: look-up, target: join}
        - {source: inspect, target: join}
    """,
)
def join_slack(subject: Subject) -> Iterator[Finding]:
    """
    Find parallel branches that are done long before the longest beside them, on which a large part of the cycle time goes.

    Why it matters:
        What is saved on a short branch saves the case no time; staff there can help where the longest branch is done.

    Remedy:
        None by itself: shorten the longest branch first, or do the work of the short ones later and with less haste.

    Known limits:
        Of mean times, queues included: in single cases a short branch may still be the last. Inclusive branches are left
        out.

    Source:
        Kelley & Walker (1959), Critical-path planning and scheduling (slack); Reijers & Liman Mansar (2005), flexible
        assignment, Omega 33(4), 283-306.
    """
    nested, graph = subject.nested, subject.graph
    if nested.unstructured is not None or all(block.kind != "parallel" for block in nested.blocks):
        return
    total, visits = subject.performance.cycle_time_s, subject.profile.visits
    if total is None or visits is None:
        raise SkipRuleError(subject.performance.undefined["cycle_time_s"])
    if not total:
        return
    for block, times in zip(nested.blocks, subject.performance.branch_times, strict=True):
        longest = max(times, default=0.0)
        if block.kind != "parallel" or longest * visits[block.split] < LARGE * total:
            continue
        short = [
            (time, branch)
            for time, branch in zip(times, block.branches, strict=True)
            if branch.nodes and time < SHORT * longest
        ]
        if short:
            heads = [graph.successors[block.split][branch.branch] for _, branch in short]
            yield Finding(
                subject.service.id,
                steps=graph.ids([*heads, block.join]),
                message=Message(
                    "done {slack} before the longest branch, which takes {longest}",
                    slack=in_words(longest - max(time for time, _ in short)),
                    longest=in_words(longest),
                ),
            )
