"""EVD001: evidence asked for twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding, Subject, rule
from pubservice.edits.edit import DropAsk
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    "EVD001",
    "asked-twice",
    bad="""
    requirements: [id-card]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min, asks: [id-card]}
        - {id: collect, processing_time: 5 min, asks: [id-card]}
      flows:
        - {source: intake, target: collect}
    """,
    good="""
    requirements: [id-card, receipt]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min, asks: [id-card]}
        - {id: collect, processing_time: 5 min, asks: [receipt]}
      flows:
        - {source: intake, target: collect}
    """,
)
def asked_twice(subject: Subject) -> Iterator[Finding]:
    """
    Find steps that ask the applicant for what the office holds on every path to them, in its present version.

    Why it matters:
        The applicant pays for the office's memory: obtaining, copying and bringing the same thing again.

    Remedy:
        Contact reduction, once only: use what was handed in before.

    Known limits:
        An original that has to be shown again is asked twice on purpose; give it a name of its own. What is held on
        some paths only is not reported.

    Source:
        Regulation (EU) 2018/1724, art. 14 (once-only); Reijers & Liman Mansar (2005), contact reduction, Omega 33(4),
        283-306.
    """
    flow, graph = subject.flow, subject.graph
    for i, node in enumerate(graph.nodes):
        if not isinstance(node, Step) or not node.asks:
            continue
        if subject.nested.region_of[i] is None and subject.nested.unstructured is None:
            continue  # no case gets there
        for datum in node.asks:
            if flow.is_present(datum, i):
                basis = ", ".join(node.legal_basis)
                yield Finding(
                    subject.service.id,
                    steps=(node.id,),
                    message=Message(
                        "asks again for {datum}; {basis} would have to change", datum=datum, basis=basis
                    )
                    if basis
                    else Message("asks again for {datum}, which the office holds", datum=datum),
                    remedy=None if basis else DropAsk(subject.service.id, node.id, datum),
                )
