"""EVD002: evidence that the office holds already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.questions import questions
from pubservice.analysis.register import rule
from pubservice.edits.edit import FetchEvidence
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "EVD002",
    "held-by-state",
    bad="""
    requirements: [birth-certificate]
    procedure:
      steps: [{id: intake, processing_time: 5 min, needs: [birth-certificate]}]
    beside: [{id: civil-registry, outputs: [birth-certificate]}]
    """,
    good="""
    requirements: [application-form]
    procedure:
      steps: [{id: intake, processing_time: 5 min, needs: [application-form, birth-certificate]}]
    beside: [{id: civil-registry, outputs: [birth-certificate]}]
    """,
)
def held_by_state(subject: Subject) -> Iterator[Finding]:
    """
    Find what applicants hand in although another service of the organisation issues it.

    Why it matters:
        The applicant carries from one desk to the other what the office could fetch itself: time, a fee, a copy.

    Remedy:
        Once only: fetch it from the service that issues it, with the applicant's consent and a look at it beforehand.
        Where other evidence will do too there is no remedy, since who has only that could not apply.

    Known limits:
        Whether the applicant consents, whether what was issued is still valid, and how good the register is, is not known
        from the model. A provision on the requirement, or on the step that asks, may demand the paper
        itself and not the proof: it makes the remedy a proposal.

    Source:
        Regulation (EU) 2018/1724, art. 14 (once-only); Reijers & Liman Mansar (2005), buffering, Omega 33(4), 283-306.
    """
    service, setting = subject.service, subject.setting
    for question in questions(service):
        for datum in question.data:
            source = setting.source(datum, service.id)
            if source is None:
                continue
            steps = question.steps
            message = (
                Message("asks for {datum}, which {source} issues", datum=datum, source=source)
                if steps
                else Message(
                    "{datum} has to be handed in, and {source} issues it", datum=datum, source=source
                )
            )
            requirement = question.requirement
            if requirement is not None and len(requirement.evidence) > 1:
                yield Finding(service.id, steps=steps, message=message)
                break
            provisions = [] if requirement is None else [*requirement.legal_basis]
            for step in service.procedure.steps:
                if step.id in steps:
                    provisions.extend(step.legal_basis)
            fetch = FetchEvidence(service.id, datum, source)
            yield claim(service.id, steps, message, fetch, provisions)
            break
