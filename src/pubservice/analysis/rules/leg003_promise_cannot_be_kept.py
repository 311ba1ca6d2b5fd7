"""LEG003: promise that cannot be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.promises import promise
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "LEG003",
    "promise-cannot-be-kept",
    bad="""
    standard: {completion_time: 1 day}
    procedure:
      steps: [{id: intake, processing_time: 5 min}]
      waits: [{id: opinion, cause: other-body, clock: elapsed, time: 3 day}]
      flows: [{source: intake, target: opinion}]
    """,
    good="""
    standard: {completion_time: 7 day}
    procedure:
      steps: [{id: intake, processing_time: 5 min}]
      waits: [{id: opinion, cause: other-body, clock: elapsed, time: 3 day}]
      flows: [{source: intake, target: opinion}]
    """,
)
def promise_cannot_be_kept(subject: Subject) -> Iterator[Finding]:
    """
    Find published completion times that are shorter than the work takes, or than the mean cycle time.

    Why it matters:
        A promise that the procedure cannot keep is broken again and again, and known to be when it is made.

    Remedy:
        Shorten the procedure by what other findings offer, add capacity, or publish a time that can be kept.

    Known limits:
        The mean is compared, on the clock of the service: a promise a little above it is still broken for many cases.
        The cycle time runs from the application to the end, time in which the applicant corrects it included; where the
        promise counts from a complete application, the claim may be wrong.

    Source:
        UU 25/2009 art. 21 (completion time as a component of the standard); Dumas et al. (2018), §7.1 (cycle time).
    """
    service = subject.service
    length = service.standard.completion_time
    if length is None or not service.procedure.nodes:
        return
    found = promise(length, subject.profile.clock, subject.performance)
    if found.promised_s is None:
        raise SkipRuleError(found.undefined["promised_s"])
    message = None
    if found.verdict == "impossible":
        assert found.theoretical_s is not None  # it was compared
        message = Message(
            "promises {promise}, and without any waiting a case takes {time}",
            promise=str(length),
            time=found.said(found.theoretical_s),
        )
    elif found.verdict == "missed":
        assert found.mean_s is not None  # likewise
        message = Message(
            "promises {promise}, and a case takes {time} on average",
            promise=str(length),
            time=found.said(found.mean_s),
        )
    elif found.mean_s is None:
        reason = found.undefined["cycle_time_s"]
        loads = subject.setting.evaluation.loads
        used = [loads[id].utilisation for id, demand in subject.profile.demands.items() if demand.visits]
        if not any(share is not None and share >= 1 for share in used):
            raise SkipRuleError(reason)
        message = Message(
            "promises {promise}, and there is no cycle time: {reason}", promise=str(length), reason=reason
        )
    if message is not None:
        yield Finding(service.id, steps=(), message=message)
