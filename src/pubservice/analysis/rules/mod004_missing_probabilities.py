"""MOD004: missing probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "MOD004",
    "missing-probabilities",
    bad="""
    procedure:
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: assess, processing_time: 5 min}
        - {id: reject, processing_time: 5 min}
      flows:
        - {source: intake, target: assess}
        - {source: intake, target: reject}
    """,
    good="""
    procedure:
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: assess, processing_time: 5 min}
        - {id: reject, processing_time: 5 min}
      flows:
        - {source: intake, target: assess, probability: 0.8}
        - {source: intake, target: reject, probability: 0.2}
    """,
)
def missing_probabilities(subject: Subject) -> Iterator[Finding]:
    """
    Find choices whose flows have no probabilities.

    Why it matters:
        Without them no time, cost or load can be computed. Conditions on the attributes of cases choose in simulations
        only: they do not take the place of probabilities.

    Remedy:
        Count how often each way is taken, or discover the procedure from an event log.

    Known limits:
        None.

    Source:
        Dumas et al. (2018), Fundamentals of Business Process Management, §7.1.
    """
    graph = subject.graph
    conditional = {flow.source for flow in subject.service.procedure.flows if flow.condition is not None}
    for i, kind in enumerate(graph.splits):
        if kind in ("exclusive", "inclusive") and graph.probabilities[i][0] is None:
            message = Message("the flows out of it have no probabilities")
            if graph.id(i) in conditional:
                message = Message("the flows out of it have conditions, and no probabilities beside them")
            yield Finding(subject.service.id, steps=(graph.id(i),), message=message)
