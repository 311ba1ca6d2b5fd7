"""HND007: one step is not digital."""

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
    "HND007",
    "one-not-digital",
    bad="""
    outputs: [permit]
    channels: [{id: counter, kind: counter}, {id: portal, kind: online}]
    procedure:
      steps:
        - {id: apply, actor: applicant, contact: remote, channel: portal, gives: [application]}
        - {id: assess, needs: [application], gives: [permit]}
        - {id: collect, contact: in-person, channel: counter, needs: [permit]}
      flows:
        - {source: apply, target: assess}
        - {source: assess, target: collect}
    """,
    good="""
    outputs: [permit]
    channels: [{id: counter, kind: counter}, {id: portal, kind: online}]
    procedure:
      steps:
        - {id: apply, actor: applicant, contact: remote, channel: portal, gives: [application]}
        - {id: assess, needs: [application], gives: [permit]}
        - {id: collect, contact: remote, channel: portal, needs: [permit]}
      flows:
        - {source: apply, target: assess}
        - {source: assess, target: collect}
    """,
)
def one_not_digital(subject: Subject) -> Iterator[Finding]:
    """
    Find the only step at which applicants have to appear, in a service that they meet online else.

    Why it matters:
        One step is enough to make a digital service a journey.

    Remedy:
        Integral technology: do it by the channel that the other steps use.

    Known limits:
        That an original has to be seen, or that it helps those who cannot use the other channel, is not known unless a
        legal basis says so. A step with a facility, such as a camera, is taken to need the applicant.

    Source:
        Reijers & Liman Mansar (2005), integral technology, Omega 33(4), 283-306.
    """
    i = contacts.speaks_alone(subject)
    channel = contacts.remote_channel(subject.service)
    if i is None or channel is None:
        return
    service, step = subject.service.id, subject.service.procedure.steps[i]
    what = Message("the only step at which applicants appear; all others go online")
    edit = ChangeChannel(service, step.id, channel, "remote")
    yield claim(service, (step.id,), what, edit, step.legal_basis)
