"""WAI011: poolable resources."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.findings import Finding
from pubservice.analysis.load import load
from pubservice.analysis.register import rule
from pubservice.edits.edit import PoolResources
from pubservice.messages import Message
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.load import ResourceLoad, Total
    from pubservice.analysis.subject import Subject
    from pubservice.model.resource import Resource

BUSY = 0.85  # as for WAI003
AT_MOST = 100  # others that each is compared with


@rule(
    "WAI011",
    "poolable-resources",
    bad="""
    arrival_rate: 9 case/hour
    resources: [{id: counter-a, competences: [intake]}, {id: counter-b, competences: [intake]}]
    procedure:
      steps:
        - {id: intake, resource: counter-a, competences: [intake], processing_time: 6 min}
        - {id: hand-over, resource: counter-b, competences: [intake], processing_time: 2 min}
      flows:
        - {source: intake, target: hand-over}
    """,
    good="""
    arrival_rate: 9 case/hour
    resources: [{id: counter-a, competences: [intake]}, {id: counter-b, competences: [cash]}]
    procedure:
      steps:
        - {id: intake, resource: counter-a, competences: [intake], processing_time: 6 min}
        - {id: hand-over, resource: counter-b, competences: [cash], processing_time: 2 min}
      flows:
        - {source: intake, target: hand-over}
    """,
)
def poolable_resources(subject: Subject) -> Iterator[Finding]:
    """
    Find resources that are busy more than 85 % of the time beside others that can do the same work and have time.

    Why it matters:
        One stands idle while cases queue for the other; one queue for both is shorter than two.

    Remedy:
        Centralisation: one pool, whose members do the work of all. Reported once, for the service that brings the busy one
        most work.

    Known limits:
        Members of a pool have to be in reach of each other. Only resources are compared of which all steps name the
        competences they take. Who knows a kind of case well may be faster at it than a pool.

    Source:
        Reijers & Liman Mansar (2005), centralisation, Omega 33(4), 283-306; Gross et al. (2008), Fundamentals of Queueing
        Theory, §2.3.
    """
    if subject.service.arrival_rate is None:
        return
    setting = subject.setting
    for id in subject.profile.demands:
        if setting.busiest.get(id) != subject.service.id:
            continue
        now = setting.evaluation.loads[id]
        if now.utilisation is None or now.utilisation <= BUSY:
            continue
        best = _best(subject, setting.organisation.resource(id))
        if best is None:
            continue
        other, then = best
        steps = tuple(step.id for step in subject.service.procedure.steps if id in step.resource)
        what = Message("{other} can do the work of {resource} too and has time", other=other, resource=id)
        if now.waiting_time_s is not None:
            what = Message(
                "{what}: a visit waits {now}, for both together it would wait {then}",
                what=what,
                now=in_words(now.waiting_time_s),
                then=in_words(then),
            )
        yield Finding(subject.service.id, steps=steps, message=what, remedy=PoolResources([id, other], id))


def _best(subject: Subject, resource: Resource) -> tuple[str, float] | None:
    """Return the resource with which the wait in one pool would be least, and that wait; None where none can join."""
    setting = subject.setting
    totals, loads = setting.evaluation.totals, setting.evaluation.loads
    best: tuple[str, float] | None = None
    for id in sorted(setting.able(setting.required(resource.id)))[:AT_MOST]:
        other = setting.organisation.resource(id)
        if id == resource.id or not setting.required(id) or not _can_join(subject, resource, other):
            continue
        pooled = attrs.evolve(resource, capacity=(resource.capacity or 0) + (other.capacity or 0))
        then = load(pooled, totals[resource.id].plus(totals[id]))
        wait = then.waiting_time_s
        if wait is None or then.utilisation is None or then.utilisation > BUSY:
            continue
        if wait < _apart(loads[resource.id], loads[id], totals) and (best is None or wait < best[1]):
            best = id, wait
    return best


def _can_join(subject: Subject, one: Resource, other: Resource) -> bool:
    """Return whether two resources are of one kind, work at the same times, serve and cost alike, and do the same."""
    setting = subject.setting
    alike = ("kind", "calendar", "cases_at_once", "closing", "discipline")
    costs = {(cost.currency, cost.unit) if (cost := r.cost) is not None else None for r in (one, other)}
    return (
        all(getattr(one, field) == getattr(other, field) for field in alike)
        and set(one.competences) >= setting.required(other.id)
        and len(costs) == 1
        and not setting.are_used_together(one.id, other.id)
    )


def _apart(one: ResourceLoad, other: ResourceLoad, totals: dict[str, Total]) -> float:
    """Return the mean wait of a visit of either of two resources today."""
    waits = (one.waiting_time_s, other.waiting_time_s)
    if waits[0] is None or waits[1] is None:
        return inf
    rates = (totals[one.resource].rate, totals[other.resource].rate)
    return (rates[0] * waits[0] + rates[1] * waits[1]) / sum(rates)
