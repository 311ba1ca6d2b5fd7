"""LEG001: no legal basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.questions import questions
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.questions import Question
    from pubservice.analysis.subject import Subject


@rule(
    "LEG001",
    "no-legal-basis",
    bad="""
    requirements: [{id: application-form, legal_basis: [UU 25/2009]}, tax-number]
    procedure:
      steps: [{id: intake, processing_time: 5 min, needs: [application-form, tax-number]}]
    """,
    good="""
    requirements: [{id: application-form, legal_basis: [UU 25/2009]}, {id: tax-number, legal_basis: [UU 28/2007]}]
    procedure:
      steps: [{id: intake, processing_time: 5 min, needs: [application-form, tax-number]}]
    """,
)
def no_legal_basis(subject: Subject) -> Iterator[Finding]:
    """
    Find what is demanded of applicants without a legal basis, in a service that states the others.

    Why it matters:
        What an office demands of citizens beyond the law is a burden that it made itself, and may be unlawful.

    Remedy:
        Task elimination after a look at the law: state the provision, or stop demanding it. There is no edit, since the
        model cannot know which.

    Known limits:
        Requirements are compared with requirements, steps with steps: where none states a legal basis, the rule does not
        run on them. A step at which the applicant has to appear, or that is the applicant's own, needs a basis of its own
        unless it asks for something. The general legal basis of the service is not enough.

    Source:
        UU 25/2009 art. 21 (legal basis as a component of the standard); OECD (2010), Why is administrative simplification so
        complicated?; Reijers & Liman Mansar (2005), task elimination, Omega 33(4), 283-306.
    """
    service = subject.service
    asked = questions(service)
    demanding = [
        step for step in service.procedure.steps if step.contact == "in-person" or step.actor == "applicant"
    ]
    if not asked and not demanding:
        return
    steps = {step.id for step in service.procedure.steps if step.legal_basis}
    unbased = [question for question in asked if not _is_based(subject, question, steps)]
    if len(unbased) == len(asked) and not steps and service.legal_basis:
        raise SkipRuleError(
            Message("the service has a legal basis, but none of its requirements and steps states one")
        )
    if len(unbased) < len(asked):
        for question in unbased:
            message = Message("{datum} is demanded without a legal basis", datum=question.name)
            yield Finding(service.id, steps=question.steps, message=message)
    if steps:
        asking = {step for question in asked for step in question.steps}
        for step in demanding:
            if not step.legal_basis and step.id not in asking:
                message = (
                    Message("applicants have to appear without a legal basis")
                    if step.contact == "in-person"
                    else Message("applicants have to act without a legal basis")
                )
                yield Finding(service.id, steps=(step.id,), message=message)


def _is_based(subject: Subject, question: Question, based: set[str]) -> bool:
    """Return whether a provision demands something: as a requirement, as evidence, or by all the steps that ask for it."""
    evidence = subject.setting.evidence
    return bool(
        (question.requirement is not None and question.requirement.legal_basis)
        or any(name in evidence and evidence[name].legal_basis for name in question.names)
        or (question.steps and based.issuperset(question.steps))
    )
