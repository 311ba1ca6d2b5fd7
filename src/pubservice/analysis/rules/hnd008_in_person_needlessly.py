"""HND008: in person, needlessly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis import contacts
from pubservice.analysis.claims import claim
from pubservice.analysis.register import rule
from pubservice.edits.edit import ChangeChannel
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.subject import Subject


@rule(
    "HND008",
    "in-person-needlessly",
    bad="""
    requirements: [form]
    channels: [{id: counter, kind: counter}, {id: hotline, kind: phone}]
    procedure:
      steps:
        - {id: advise, contact: in-person, channel: counter}
        - {id: apply, contact: in-person, channel: counter, asks: [form]}
      flows:
        - {source: advise, target: apply}
    """,
    good="""
    requirements: [form]
    channels: [{id: counter, kind: counter}, {id: hotline, kind: phone}]
    procedure:
      steps:
        - {id: advise, contact: remote, channel: hotline}
        - {id: apply, contact: in-person, channel: counter, asks: [form]}
      flows:
        - {source: advise, target: apply}
    """,
)
def in_person_needlessly(subject: Subject) -> Iterator[Finding]:
    """
    Find steps at which applicants appear though nothing changes hands, in a service with another channel.

    Why it matters:
        The journey, the queue and the counter are there for a talk that a call or a form could be.

    Remedy:
        Contact reduction, integral technology: do it by the other channel.

    Known limits:
        Only handing in, handing over and work with a facility count as reasons; that somebody has to be seen, heard or
        helped is not known unless a legal basis says so. Where it is the only step at which applicants appear, HND007
        speaks.

    Source:
        Reijers & Liman Mansar (2005), contact reduction and integral technology, Omega 33(4), 283-306.
    """
    service = subject.service
    channel = contacts.remote_channel(service)
    if channel is None:
        return
    alone = contacts.speaks_alone(subject)
    for i in contacts.in_person(subject):
        if i == alone or not contacts.is_needless(subject, i):
            continue
        step = service.procedure.steps[i]
        what = Message("applicants appear though nothing changes hands; {channel} could do", channel=channel)
        edit = ChangeChannel(service.id, step.id, channel, "remote")
        yield claim(service.id, (step.id,), what, edit, step.legal_basis)
