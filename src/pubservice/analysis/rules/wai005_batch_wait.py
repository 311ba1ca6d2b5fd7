"""WAI005: waiting for a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.edits.edit import DropBatch
from pubservice.messages import Message
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject
    from pubservice.model.procedure import Step


@rule(
    "WAI005",
    "batch-wait",
    bad="""
    arrival_rate: 2 case/hour
    resources: [{id: printer}]
    procedure:
      steps:
        - {id: print, resource: printer, processing_time: 5 min, setup_time: 2 min, batch: {size: 10}}
    """,
    good="""
    arrival_rate: 2 case/hour
    resources: [{id: printer}]
    procedure:
      steps:
        - {id: print, resource: printer, processing_time: 5 min, setup_time: 2 min}
    """,
)
def batch_wait(subject: Subject) -> Iterator[Finding]:
    """
    Find steps for which cases are collected.

    Why it matters:
        Every case but the last of a batch waits for the others: (size − 1) / (2 × arrivals) on average, or half the period.

    Remedy:
        Order-based work: do each case as it comes, where the resource has time for a set-up each time.

    Known limits:
        A batch may be due to others, such as a courier who comes once a day. The set-up of a single case may take less
        than that of a batch.

    Source:
        Reijers & Liman Mansar (2005), order-based work, Omega 33(4), 283-306.
    """
    if not any(step.batch for step in subject.service.procedure.steps):
        return
    service, profile = subject.service.id, subject.profile
    for i, step in enumerate(subject.service.procedure.steps):
        wait = profile.waits[i]
        if step.batch is None or step.batch.size == 1 or wait == 0 or not subject.reached[i]:
            continue
        what = Message("cases wait until a batch is complete")
        if wait is not None:
            what = Message("a case waits {wait} until its batch is complete", wait=in_words(wait))
        added = _set_up(subject, i, step)
        if added:
            what = Message(
                "{what}; one by one each takes {time} more of set-up", what=what, time=in_words(added)
            )
        over = None if step.legal_basis else _cannot_keep_up(subject, i, step, added)
        if over is None:
            yield claim(service, (step.id,), what, DropBatch(service, step.id), step.legal_basis)
        else:
            message = Message("{what}, with which {resource} could not keep up", what=what, resource=over)
            yield Finding(service, steps=(step.id,), message=message)


def _set_up(subject: Subject, i: int, step: Step) -> float:
    """Return the seconds of set-up that a case does not bear today because others share it."""
    hours = subject.profile.clock.hours_per_working_day
    alone = None if step.setup_time is None else step.setup_time.mean_seconds(hours_per_working_day=hours)
    work = (
        None
        if step.processing_time is None
        else step.processing_time.mean_seconds(hours_per_working_day=hours)
    )
    now = subject.profile.times[i]
    return 0.0 if alone is None or work is None or now is None else max(0.0, alone + work - now)


def _cannot_keep_up(subject: Subject, i: int, step: Step, added: float) -> str | None:
    """Return a resource that would have more to do than it can, as far as that is known."""
    profile, totals = subject.profile, subject.setting.evaluation.totals
    if profile.rate is None or profile.visits is None:
        return None
    for id in step.resource:
        more = profile.rate * profile.visits[i] * added * step.staff / profile.demands[id].open_share
        resource = subject.setting.organisation.resource(id)
        if more and totals[id].staffed + more >= (resource.capacity or 0) * resource.cases_at_once:
            return id
    return None
