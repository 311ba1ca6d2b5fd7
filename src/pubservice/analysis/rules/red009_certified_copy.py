"""RED009: certified copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.manual import AT_ONCE, is_by_hand, is_unread
from pubservice.analysis.register import rule
from pubservice.edits.edit import Automate, RemoveStep
from pubservice.graph.decisions import decides
from pubservice.graph.paths import to_an_end
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.subject import Subject
    from pubservice.edits.edit import ServiceEdit
    from pubservice.model.procedure import Step


@rule(
    "RED009",
    "certified-copy",
    bad="""
    evidence: [{id: diploma, issuer: university}]
    requirements: [diploma]
    procedure:
      steps:
        - {id: legalise, kind: certify, actor: applicant, processing_time: 3 hour, needs: [diploma]}
        - {id: accept, processing_time: 10 min, needs: [diploma]}
      flows:
        - {source: legalise, target: accept}
    """,
    good="""
    evidence: [{id: diploma, issuer: university}]
    requirements: [diploma]
    procedure:
      steps:
        - {id: accept, processing_time: 10 min, needs: [diploma], checks: [{check: authentic, of: diploma}]}
    """,
)
def certified_copy(subject: Subject) -> Iterator[Finding]:
    """
    Find steps that certify or legalise what its issuer could confirm.

    Why it matters:
        A stamp on a copy proves less than the register, and costs the applicant a visit and often a fee.

    Remedy:
        Trusted party: ask the issuer. The step goes where nothing reads what it makes and nothing is decided or paid
        there; elsewhere a system asks the issuer instead.

    Known limits:
        That the issuer can be asked, and answers in time, is not known from the model. A legal basis makes the remedy a
        proposal.

    Source:
        Reijers & Liman Mansar (2005), trusted party, Omega 33(4), 283-306; Regulation (EU) 2018/1724, art. 14.
    """
    for i, step in enumerate(subject.service.procedure.steps):  # the first nodes of the graph
        if step.kind != "certify" or not subject.reached[i] or not is_by_hand(subject, step):
            continue
        for datum in dict.fromkeys((*step.needs, *step.asks, *(fact.of for fact in step.checks))):
            issuer = _issuer(subject, datum)
            if issuer is not None:
                message = Message("certifies {datum}, which {issuer} can confirm", datum=datum, issuer=issuer)
                yield claim(
                    subject.service.id, (step.id,), message, _instead(subject, i, step), step.legal_basis
                )
                break


def _issuer(subject: Subject, datum: str) -> str | None:
    """Return who issues a datum: as stated, else the service of which it is an output."""
    known = subject.setting.evidence.get(datum)
    if known is not None and known.issuer is not None:
        return known.issuer
    return subject.setting.source(datum, subject.service.id)


def _instead(subject: Subject, i: int, step: Step) -> ServiceEdit:
    service, graph = subject.service, subject.graph
    removable = (
        not step.asks
        and not decides(graph, i)
        and len(graph.nodes) > 1
        and to_an_end(graph)[i]
        and is_unread(subject, i)
        and all(fee.at != step.id for fee in service.fees)
    )
    if not removable:
        return Automate(service.id, step.id, AT_ONCE)
    return RemoveStep(service.id, step.id, gives_up=step.checks)
