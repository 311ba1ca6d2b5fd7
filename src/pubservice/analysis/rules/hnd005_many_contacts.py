"""HND005: many contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis import contacts
from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.edits.edit import ChangeChannel
from pubservice.messages import Message
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

OFTEN = 1.1  # visits: one applicant in ten has to come again


@rule(
    "HND005",
    "many-contacts",
    bad="""
    requirements: [form, photo]
    channels: [{id: counter, kind: counter, travel_time: 1 hour}, {id: portal, kind: online}]
    procedure:
      steps:
        - {id: apply, processing_time: 10 min, contact: in-person, channel: counter, asks: [form]}
        - {id: assess, processing_time: 1 hour}
        - {id: bring-photo, processing_time: 5 min, contact: in-person, channel: counter, asks: [photo]}
      flows:
        - {source: apply, target: assess}
        - {source: assess, target: bring-photo}
    """,
    good="""
    requirements: [form, photo]
    channels: [{id: counter, kind: counter, travel_time: 1 hour}, {id: portal, kind: online}]
    procedure:
      steps:
        - {id: apply, processing_time: 10 min, contact: in-person, channel: counter, asks: [form]}
        - {id: bring-photo, processing_time: 5 min, contact: in-person, channel: counter, asks: [photo]}
        - {id: assess, processing_time: 1 hour}
      flows:
        - {source: apply, target: bring-photo}
        - {source: bring-photo, target: assess}
    """,
)
def many_contacts(subject: Subject) -> Iterator[Finding]:
    """
    Find services for which applicants are expected to come to the office 1.1 times or more.

    Why it matters:
        Every visit costs the applicant a journey, a queue and often a day's pay.

    Remedy:
        Contact reduction: the last step that can do without goes by another channel, where the service has one.

    Known limits:
        Steps at which applicants appear right after each other are one visit. That an original has to be shown, or that a
        document is handed over against signature, is not known unless a legal basis says so. Steps that HND007 and HND008
        speak about are not counted.

    Source:
        Reijers & Liman Mansar (2005), contact reduction, Omega 33(4), 283-306.
    """
    steps = contacts.in_person(subject)
    if not steps:
        return
    if subject.profile.undefined is not None:
        raise SkipRuleError(subject.profile.undefined)
    service = subject.service
    coming = contacts.appearances(subject)
    silent = {i for i in steps if contacts.is_needless(subject, i)} | {contacts.speaks_alone(subject)}
    counted = {i: times for i, times in coming.items() if times > 0 and i not in silent}
    total = sum(counted.values())
    if total < OFTEN:
        return
    what = Message("applicants come to the office {times:.2f} times", times=total)
    travel = [
        channel.travel_time.seconds(hours_per_working_day=8.0) or 0.0
        for channel in service.channels
        if channel.travel_time is not None
        and any(service.procedure.steps[i].channel == channel.id for i in counted)
    ]
    if travel:
        what = Message(
            "{what}: each time but the first is {travel} on the way", what=what, travel=in_words(max(travel))
        )
    ids = subject.graph.ids(list(counted))
    channel = contacts.remote_channel(service)
    free = [i for i in counted if not contacts.takes_presence(subject, service.procedure.steps[i])]
    if channel is None or not free:
        yield Finding(service.id, steps=ids, message=what)
        return
    last = next((i for i in reversed(free) if not service.procedure.steps[i].legal_basis), free[-1])
    step = service.procedure.steps[last]
    edit = ChangeChannel(service.id, step.id, channel, "remote")
    yield claim(service.id, ids, what, edit, step.legal_basis)
