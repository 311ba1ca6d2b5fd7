"""WAI003: resource near its capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.findings import Finding
from pubservice.analysis.load import load
from pubservice.analysis.register import rule
from pubservice.edits.edit import SetCapacity
from pubservice.messages import Message
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

BUSY = 0.85  # above it the wait grows steeply with every further case


@rule(
    "WAI003",
    "near-capacity",
    bad="""
    arrival_rate: 9 case/hour
    resources: [{id: clerk, capacity: 2}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 12 min}
    """,
    good="""
    arrival_rate: 9 case/hour
    resources: [{id: clerk, capacity: 3}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 12 min}
    """,
)
def near_capacity(subject: Subject) -> Iterator[Finding]:
    """
    Find resources that keep up, but are busy more than 85 % of the time. Reported once, for the service that brings most.

    Why it matters:
        Near full use the queue grows much faster than the work, and every peak is felt for long.

    Remedy:
        Extra resources: one more. Pooling and removing work, which other findings name, may cost less.

    Known limits:
        The limit is a convention: a single person needs more slack than a pool of twenty. Arrivals are taken as Poisson;
        by appointment the queue is shorter.

    Source:
        Reijers & Liman Mansar (2005), extra resources, Omega 33(4), 283-306; Gross et al. (2008), Fundamentals of Queueing
        Theory, §2.3.
    """
    if subject.service.arrival_rate is None:
        return
    setting = subject.setting
    for id in subject.profile.demands:
        if setting.busiest.get(id) != subject.service.id:
            continue
        now = setting.evaluation.loads[id]
        if now.utilisation is None or not BUSY < now.utilisation < 1:
            continue
        resource = setting.organisation.resource(id)
        more = now.capacity + 1
        then = load(attrs.evolve(resource, capacity=more), setting.evaluation.totals[id])
        yield Finding(
            subject.service.id,
            steps=tuple(step.id for step in subject.service.procedure.steps if id in step.resource),
            message=Message(
                "{resource}: utilisation {utilisation:.2f}: a visit waits {now}, with capacity {capacity} it would wait {then}",
                resource=id,
                utilisation=now.utilisation,
                now=in_words(now.waiting_time_s or 0.0),
                capacity=more,
                then=in_words(then.waiting_time_s or 0.0),
            ),
            remedy=SetCapacity(id, more),
        )
