"""MOD002: dead end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.graph.flowgraph import is_split_part
from pubservice.graph.paths import to_an_end
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "MOD002",
    "dead-end",
    bad="""
    procedure:
      start: intake
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: ask, processing_time: 5 min}
        - {id: decide, processing_time: 5 min}
      waits:
        - {id: reply, cause: applicant, clock: elapsed, time: 3 day}
      flows:
        - {source: intake, target: decide, probability: 0.9}
        - {source: intake, target: ask, probability: 0.1}
        - {source: ask, target: reply}
        - {source: reply, target: ask}
    """,
    good="""
    procedure:
      start: intake
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: ask, processing_time: 5 min}
        - {id: decide, processing_time: 5 min}
      waits:
        - {id: reply, cause: applicant, clock: elapsed, time: 3 day}
      flows:
        - {source: intake, target: decide, probability: 0.9}
        - {source: intake, target: ask, probability: 0.1}
        - {source: ask, target: reply}
        - {source: reply, target: intake}
    """,
)
def dead_end(subject: Subject) -> Iterator[Finding]:
    """
    Find nodes that cases reach and from which they never get to an end.

    Why it matters:
        Such a case is never decided, and no time can be promised for any.

    Remedy:
        Add the flow that leads out.

    Known limits:
        Joins that wait for ever are another fault (MOD006).

    Source:
        van der Aalst (1997), option to complete.
    """
    graph = subject.graph
    reached, leaving = subject.reached, to_an_end(graph)
    if all(leaving) or not any(leaving[i] for i in range(len(leaving)) if reached[i]):
        return  # where nothing ends at all, that is the fault: MOD003
    lost = [
        graph.id(i) for i, ok in enumerate(leaving) if reached[i] and not ok and not is_split_part(graph, i)
    ]
    if lost:
        yield Finding(
            subject.service.id,
            steps=tuple(lost),
            message=Message("cases that come here never reach an end"),
        )
