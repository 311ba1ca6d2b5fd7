"""EVD001: evidence asked for twice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.edits.edit import DropAsk
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


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
        Contact reduction, once only: use what was handed in before. Two steps that ask side by side in every case get
        no remedy here: the question has to move before both.

    Known limits:
        An original that has to be shown again is asked twice on purpose; give it a name of its own. What is held on
        some paths only is another rule's (EVD006).

    Source:
        Regulation (EU) 2018/1724, art. 14 (once-only); Reijers & Liman Mansar (2005), contact reduction, Omega 33(4),
        283-306.
    """
    if not any(step.asks for step in subject.service.procedure.steps):
        return
    flow, service = subject.flow, subject.service.id
    first: defaultdict[str, list[int]] = defaultdict(list)
    for i, node in enumerate(subject.graph.nodes):
        if not isinstance(node, Step) or not node.asks or not flow.is_reached(i):
            continue
        for datum in dict.fromkeys(node.asks):
            if not flow.is_present(datum, i):
                beside = next((j for j in first[datum] if flow.always_beside(j, i)), None)
                if beside is None:
                    first[datum].append(i)
                    continue
                other = subject.graph.id(beside)
                message = Message(
                    "asks for {datum}, as {step} does beside it: ask before they begin",
                    datum=datum,
                    step=other,
                )
                yield Finding(service, steps=(other, node.id), message=message)
            else:
                message = Message(
                    "asks again for {datum}"
                    if node.legal_basis
                    else "asks again for {datum}, which the office holds",
                    datum=datum,
                )
                yield claim(service, (node.id,), message, DropAsk(service, node.id, datum), node.legal_basis)
