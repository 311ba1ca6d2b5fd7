"""HND002: steps of one resource in a row."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.merging import stretches
from pubservice.analysis.register import rule
from pubservice.edits.edit import MergeSteps
from pubservice.messages import Message
from pubservice.model.procedure import Step
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.subject import Subject

FELT = 6.0  # seconds of a case that nobody would merge steps for
APART = ("approval", "decision", "check", "payment")  # other eyes may be meant, or HND006 speaks


@rule(
    "HND002",
    "merge-same-resource",
    bad="""
    resources: [{id: clerk}]
    procedure:
      steps:
        - {id: register, resource: clerk, processing_time: 3 min, setup_time: 2 min}
        - {id: scan, resource: clerk, processing_time: 4 min, setup_time: 2 min}
      flows:
        - {source: register, target: scan}
    """,
    good="""
    resources: [{id: clerk}, {id: archivist}]
    procedure:
      steps:
        - {id: register, resource: clerk, processing_time: 3 min, setup_time: 2 min}
        - {id: scan, resource: archivist, processing_time: 4 min, setup_time: 2 min}
      flows:
        - {source: register, target: scan}
    """,
)
def merge_same_resource(subject: Subject) -> Iterator[Finding]:
    """
    Find steps of one resource that follow each other with nothing between, for which the case queues again each time.

    Why it matters:
        Each step is a queue and a set-up; done in one go there is one of both.

    Remedy:
        Task composition: make them one step.

    Known limits:
        That the same person goes on is what the merged step says, not what the parts do today: where each part is left on a
        pile, that is the gain. Checks, approvals and decisions are left apart: they may be for other eyes. A long step
        is harder to interrupt.

    Source:
        Reijers & Liman Mansar (2005), task composition, Omega 33(4), 283-306.
    """
    for run in subject.runs:
        steps = [node for node in map(subject.node, run) if isinstance(node, Step)]
        for apart, together in groupby(steps, lambda step: step.kind in APART or not step.resource):
            if not apart:
                for stretch in stretches(together):
                    yield from _findings(subject, stretch)


def _findings(subject: Subject, steps: list[Step]) -> Iterator[Finding]:
    """Yield a finding for several steps, unless it is known that they hardly queue or set up."""
    if len(steps) < 2:
        return
    service = subject.service.id
    saved = _saved(subject, steps)
    if saved is not None and saved < FELT:
        return
    what = Message("{resource} does them one after the other", resource=", ".join(steps[0].resource))
    if saved is not None:
        what = Message("{what}: in one go each case saves about {time}", what=what, time=in_words(saved))
    edit = MergeSteps(service, [step.id for step in steps])
    yield claim(service, edit.steps, what, edit, [basis for step in steps for basis in step.legal_basis])


def _saved(subject: Subject, steps: list[Step]) -> float | None:
    """Return the seconds of queues and set-ups of a case that merging saves; None where the queue is not known."""
    profile, loads = subject.profile, subject.setting.evaluation.loads
    waits = [
        (loads[id].waiting_time_of(profile.service), profile.demands[id].open_share)
        for id in steps[0].resource
    ]
    known = [wait / share for wait, share in waits if wait is not None]
    if len(known) < len(waits):
        return None
    set_ups = [_set_up(subject, step) for step in steps]
    return sum(set_ups) - max(set_ups) + (len(steps) - 1) * max(known)


def _set_up(subject: Subject, step: Step) -> float:
    """Return the seconds of set-up that a case bears at a step."""
    time = subject.profile.times[subject.graph.index[step.id]]
    if step.setup_time is None or step.processing_time is None or time is None:
        return 0.0
    hours = subject.profile.clock.hours_per_working_day
    return time - (step.processing_time.mean_seconds(hours_per_working_day=hours) or 0.0)
