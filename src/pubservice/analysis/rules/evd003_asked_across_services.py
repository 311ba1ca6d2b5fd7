"""EVD003: evidence asked for by several services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.questions import questions
from pubservice.analysis.register import rule
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Setting, Subject
    from pubservice.model.service import PublicService


@rule(
    "EVD003",
    "asked-across-services",
    bad="""
    requirements: [business-number, tax-number]
    procedure:
      steps: [{id: accept, processing_time: 5 min, needs: [business-number], asks: [tax-number]}]
    beside: [{id: register, requirements: [tax-number], outputs: [business-number]}]
    """,
    good="""
    requirements: [business-number]
    procedure:
      steps: [{id: accept, processing_time: 5 min, needs: [business-number]}]
    beside: [{id: register, requirements: [tax-number], outputs: [business-number]}]
    """,
)
def asked_across_services(subject: Subject) -> Iterator[Finding]:
    """
    Find what an applicant hands in twice, to two services that the same applicant comes to.

    Why it matters:
        To the applicant it is one office and one matter; it keeps in one drawer what it asks for at the other.

    Remedy:
        Once only: keep what was handed in first, with consent, where both services find it. No edit says that; give it to
        one record that both need.

    Known limits:
        That two services serve the same applicant is taken from a life or business event that they share, or from one
        requiring what the other issues. What changes between the two has to be asked for again. Evidence that another
        service issues is another rule's (EVD002).

    Source:
        Regulation (EU) 2018/1724, art. 14 (once-only); CPSV-AP 3.2.0, life event and business event.
    """
    service, setting = subject.service, subject.setting
    events = [event.id for event in (*service.life_events, *service.business_events)]
    sources = _sources(setting, service)
    if not events and not sources:
        return
    for question in questions(service):
        if any(setting.source(datum, service.id) for datum in question.data):
            continue
        other = next((id for id in sources for name in question.names if setting.asked.by(id, name)), None)
        if other is None:
            firsts = [setting.asked.first(event, name) for event in events for name in question.names]
            other = next((id for id in firsts if id is not None and id != service.id), None)
            if other is None or service.id in _sources(setting, setting.organisation.service(other)):
                continue  # reported there
        message = Message(
            "asks applicants for {datum}, which they hand in to {service} too",
            datum=question.name,
            service=other,
        )
        yield Finding(service.id, steps=question.steps, message=message)


def _sources(setting: Setting, service: PublicService) -> list[str]:
    """Return the other services that issue what a service needs, asks for or checks."""
    wanted = [datum for question in questions(service) for datum in question.data]
    for step in service.procedure.steps:
        wanted.extend((*step.needs, *(fact.of for fact in step.checks)))
    found = dict.fromkeys(setting.source(datum, service.id) for datum in wanted)
    return [source for source in found if source is not None]
