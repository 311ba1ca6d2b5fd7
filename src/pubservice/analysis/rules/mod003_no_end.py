"""MOD003: no end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "MOD003",
    "no-end",
    bad="""
    procedure:
      start: intake
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: assess, processing_time: 5 min}
      flows:
        - {source: intake, target: assess}
        - {source: assess, target: intake}
    """,
    good="""
    procedure:
      start: intake
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: assess, processing_time: 5 min}
      ends:
        - {id: granted}
      flows:
        - {source: intake, target: assess}
        - {source: assess, target: intake, probability: 0.1}
        - {source: assess, target: granted, probability: 0.9}
    """,
)
def no_end(subject: Subject) -> Iterator[Finding]:
    """
    Find procedures in which no case can ever end.

    Why it matters:
        A procedure that delivers nothing is no service.

    Remedy:
        Add an end, and the flow to it.

    Known limits:
        Any node without a flow out of it counts as an end.

    Source:
        van der Aalst (1997), option to complete.
    """
    graph = subject.graph
    if graph.start < 0:
        return
    reached = subject.reached
    if not any(reached[i] and not out for i, out in enumerate(graph.successors)):
        yield Finding(
            subject.service.id,
            steps=(graph.id(graph.start),),
            message=Message("no case that starts here can ever end"),
        )
