"""WAI009: single point of failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject
    from pubservice.model.procedure import Step

BUSY = 0.7  # of the time: a week of absence then takes more than two weeks to make up for


@rule(
    "WAI009",
    "single-point-of-failure",
    bad="""
    arrival_rate: 4 case/hour
    resources: [{id: head}]
    procedure:
      steps:
        - {id: sign, resource: head, processing_time: 12 min}
    """,
    good="""
    arrival_rate: 4 case/hour
    resources: [{id: head, capacity: 2}]
    procedure:
      steps:
        - {id: sign, resource: head, processing_time: 12 min}
    """,
)
def single_point_of_failure(subject: Subject) -> Iterator[Finding]:
    """
    Find resources of which there is one, and that are busy or alone have the competences for a step.

    Why it matters:
        On a day without them no case gets on, and what piles up is worked off slowly. Reported once, for the service that
        brings them most work.

    Remedy:
        None by itself: name and train a deputy, or spread the competence; more capacity where there is much to do.

    Known limits:
        One that cannot keep up is reported by WAI001. A deputy who is not in the model is not seen. That one office has to answer for a decision can be the point of it.

    Source:
        Reijers & Liman Mansar (2005), extra resources and specialist-generalist, Omega 33(4), 283-306.
    """
    setting = subject.setting
    steps_of: dict[str, list[Step]] = {}
    for i, step in enumerate(subject.service.procedure.steps):
        for id in step.resource:
            if setting.organisation.resource(id).capacity == 1 and subject.reached[i]:
                steps_of.setdefault(id, []).append(step)
    for id, steps in steps_of.items():
        if setting.busiest.get(id, subject.service.id) != subject.service.id:
            continue
        alone = [step for step in steps if setting.able(step.competences) == {id}]
        utilisation = setting.evaluation.loads[id].utilisation
        if alone:
            message = Message("only {resource} can do it, and of that there is one", resource=id)
        elif utilisation is not None and BUSY < utilisation < 1:
            message = Message(
                "there is one {resource}, busy {utilisation:.0%} of the time",
                resource=id,
                utilisation=utilisation,
            )
        else:
            continue
        yield Finding(subject.service.id, steps=tuple(step.id for step in alone or steps), message=message)
