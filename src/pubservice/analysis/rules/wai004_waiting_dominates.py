"""WAI004: waiting dominates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.messages import Message
from pubservice.model.procedure import Step, Wait
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

MOSTLY = 0.9  # of the time at a step
LARGE = 0.25  # of the cycle time: what is below is not what the applicant waits for


@rule(
    "WAI004",
    "waiting-dominates",
    bad="""
    arrival_rate: 1 case/hour
    resources: [{id: clerk}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 15 min}
      waits:
        - {id: opinion, cause: other-body, clock: elapsed, time: 10 day}
      flows:
        - {source: intake, target: opinion}
    """,
    good="""
    arrival_rate: 1 case/hour
    resources: [{id: clerk}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 15 min}
      waits:
        - {id: opinion, cause: other-body, clock: elapsed, time: 5 min}
      flows:
        - {source: intake, target: opinion}
    """,
)
def waiting_dominates(subject: Subject) -> Iterator[Finding]:
    """
    Find waits, and queues before steps that take less than a tenth of the time there, that are a quarter of the cycle time.

    Why it matters:
        Work done faster saves nothing that the applicant feels as long as the case lies still.

    Remedy:
        None by itself: agree a time with whoever is waited for, ask earlier, or do other work meanwhile. For queues see the
        findings about their resource, for batches WAI005.

    Known limits:
        On a parallel branch that is not the longest, the wait delays nobody. A statutory period may be there to protect
        others.

    Source:
        Dumas et al. (2018), Fundamentals of Business Process Management, §6.3 and §7.1 (waste of holding, cycle time
        efficiency).
    """
    if subject.profile.undefined is not None and subject.service.procedure.waits:
        raise SkipRuleError(subject.profile.undefined)
    waits = _waits(subject)
    if not any(waits.values()):
        return
    total = subject.performance.cycle_time_s
    if total is None:
        raise SkipRuleError(subject.performance.undefined["cycle_time_s"])
    for i, seconds in waits.items():
        if seconds >= LARGE * total:
            node = subject.node(i)
            basis = ", ".join(node.legal_basis) if isinstance(node, Wait) else ""
            what = Message(
                "of {total} from arrival to end, {wait} are spent waiting here",
                total=in_words(total),
                wait=in_words(seconds),
            )
            yield Finding(
                subject.service.id,
                steps=(subject.graph.id(i),),
                message=Message("{claim}; {basis} would have to change", claim=what, basis=basis)
                if basis
                else what,
            )


def _waits(subject: Subject) -> dict[int, float]:
    """Return the seconds that a case spends in waits and long queues, by node; none where a number is missing."""
    profile, loads = subject.profile, subject.setting.evaluation.loads
    found: dict[int, float] = {}
    if profile.visits is None:
        return found
    for i, node in enumerate(subject.graph.nodes):
        visits = profile.visits[i]
        if not visits:
            continue
        if isinstance(node, Wait):
            found[i] = visits * (profile.waits[i] or 0.0)
        elif isinstance(node, Step):
            time = profile.times[i]
            queue = max(
                [
                    (loads[id].waiting_time_of(profile.service) or 0.0) / profile.demands[id].open_share
                    for id in node.resource
                ],
                default=0.0,
            )
            if time is not None and queue > MOSTLY * (queue + time):
                found[i] = visits * queue
    return found
