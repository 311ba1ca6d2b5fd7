"""LEG002: incomplete standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.components import COMPONENTS, has_standard, places
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "LEG002",
    "standard-incomplete",
    bad="""
    requirements: [application-form]
    outputs: [permit]
    standard: {completion_time: 14 day, fee: Free of charge}
    procedure:
      steps: [{id: intake, processing_time: 5 min}]
    """,
    good="""
    legal_basis: [UU 25/2009]
    requirements: [application-form]
    outputs: [permit]
    standard:
      completion_time: 14 day
      fee: Free of charge
      complaints: Complaints desk
      facilities: Waiting room
      staff_competence: Trained staff
      internal_supervision: Inspectorate
      staff_count: 5 officers
      service_guarantee: Service charter
      safety_guarantee: Documents with a code
      performance_evaluation: Survey every year
    procedure:
      steps: [{id: intake, processing_time: 5 min}]
    """,
)
def standard_incomplete(subject: Subject) -> Iterator[Finding]:
    """
    Find published standards that lack some of the 14 components.

    Why it matters:
        The standard is the promise to the public and the yardstick of every complaint; what it leaves out cannot be claimed.

    Remedy:
        Write and publish what is missing, with those concerned at the table.

    Known limits:
        A component is there if its text is, or what the service states in its place: requirements, procedure, fees, outputs,
        legal basis. Whether the text says enough is not known. A service that states nothing of a standard may have one
        that the model does not hold: it is not reported.

    Source:
        UU 25/2009 art. 21; Permenpan RB 15/2014 (six components of delivery, eight of manufacturing).
    """
    service = subject.service
    if not has_standard(service):
        return
    missing = [name for name, place in places(service).items() if place is None]
    if missing:
        message = Message(
            "lacks {count} of the 14 components of its standard: {components}",
            count=len(missing),
            components=listed([COMPONENTS[name] for name in missing]),
        )
        yield Finding(service.id, steps=(), message=message)
