"""WAI001: overloaded resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.edits.edit import SetCapacity
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "WAI001",
    "overloaded-resource",
    bad="""
    arrival_rate: 10 case/hour
    resources: [{id: clerk, capacity: 3}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 24 min}
    """,
    good="""
    arrival_rate: 10 case/hour
    resources: [{id: clerk, capacity: 5}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 24 min}
    """,
)
def overloaded_resource(subject: Subject) -> Iterator[Finding]:
    """
    Find resources that more work reaches than they can do. Reported once, for the service that brings them most.

    Why it matters:
        Their queue grows without bound: no time can be promised by any service that uses them.

    Remedy:
        Extra resources: the least capacity that keeps up. What else would help, removing work, other findings say.

    Known limits:
        A short peak is no overload, and a mean hides one: look at the hours of the day before hiring.

    Source:
        Reijers & Liman Mansar (2005), extra resources, Omega 33(4), 283-306; Dumas et al. (2018), ch. 7.
    """
    if subject.service.arrival_rate is None:
        return
    setting = subject.setting
    for id in setting.evaluation.profiles[subject.service.id].demands:
        if setting.busiest.get(id) != subject.service.id:
            continue
        load = setting.evaluation.loads[id]
        needed = load.capacity_needed
        if load.utilisation is None or load.utilisation < 1 or needed is None:
            continue
        steps = tuple(step.id for step in subject.service.procedure.steps if id in step.resource)
        why = load.undefined["waiting_time_s"]
        yield Finding(
            subject.service.id,
            steps=steps,
            message=Message("{resource}: {why}", resource=id, why=why),
            remedy=SetCapacity(id, needed),
        )
