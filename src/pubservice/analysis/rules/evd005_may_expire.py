"""EVD005: evidence that may expire."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.lasting import Lasting, said_like
from pubservice.analysis.profile import service_seconds
from pubservice.analysis.questions import questions
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.questions import Question
    from pubservice.analysis.subject import Subject


@rule(
    "EVD005",
    "may-expire",
    bad="""
    evidence: [{id: health-certificate, validity: 7 day}]
    requirements: [health-certificate]
    procedure:
      steps:
        - {id: intake, processing_time: 10 min}
        - {id: decide, processing_time: 10 min, needs: [health-certificate]}
      waits: [{id: notice, cause: statutory, clock: elapsed, time: 14 day}]
      flows:
        - {source: intake, target: notice}
        - {source: notice, target: decide}
    """,
    good="""
    evidence: [{id: health-certificate, validity: 7 day}]
    requirements: [health-certificate]
    procedure:
      steps:
        - {id: intake, processing_time: 10 min}
        - {id: decide, processing_time: 10 min, asks: [health-certificate], needs: [health-certificate]}
      waits: [{id: notice, cause: statutory, clock: elapsed, time: 14 day}]
      flows:
        - {source: intake, target: notice}
        - {source: notice, target: decide}
    """,
)
def may_expire(subject: Subject) -> Iterator[Finding]:
    """
    Find evidence that is valid for less time than it takes, on average, until it is last used.

    Why it matters:
        The applicant has to bring it again because the office was slow.

    Remedy:
        Resequencing: use it earlier, or ask for it later; or fetch it when it is needed.

    Known limits:
        Time is counted where every case has to pass between the two, at its mean, queues included as far as they are
        known: the true time is longer. What was handed in is taken to be new then. Evidence that a node brings again on
        the way is not reported.

    Source:
        Reijers & Liman Mansar (2005), resequencing, Omega 33(4), 283-306.
    """
    evidence, nested = subject.setting.evidence, subject.nested
    expiring = [
        (question, evidence[name])
        for question in questions(subject.service)
        for name in question.names
        if name in evidence and evidence[name].validity is not None
    ]
    if not expiring or subject.graph.start < 0:
        return
    if nested.unstructured is not None:
        raise SkipRuleError(nested.unstructured)
    if len(expiring) > _MOST:
        raise SkipRuleError(Message("more than {most} kinds of evidence have a validity", most=_MOST))
    lasting, uses = Lasting(subject), _last_uses(subject)
    for question, item in expiring:
        at = [uses[name] for name in question.names if name in uses]
        if not at or any(subject.flow.definitions_of(name) for name in question.names):
            continue
        last = reduce(lambda i, j: j if subject.flow.is_ahead(i, j) else i, at)
        assert item.validity is not None  # only these were chosen
        validity = service_seconds(item.validity, subject.profile.clock)
        time = lasting.between(_handed_in(subject, question), last)
        if validity and time > validity:
            message = Message(
                "{datum} is valid for {validity}, and {step} uses it after {time} or more",
                datum=item.id,
                validity=str(item.validity),
                step=subject.graph.id(last),
                time=said_like(item.validity, time / validity),
            )
            steps = dict.fromkeys([*question.steps, subject.graph.id(last)])
            yield Finding(subject.service.id, steps=tuple(steps), message=message)


_MOST = 100  # each is looked for along the procedure


def _handed_in(subject: Subject, question: Question) -> int:
    """Return where something is handed in for the last time."""
    at = subject.graph.start
    for i in map(subject.graph.index.__getitem__, question.steps):
        if subject.flow.is_reached(i) and subject.flow.is_ahead(at, i):
            at = i
    return at


def _last_uses(subject: Subject) -> dict[str, int]:
    """Return for each datum that is used the last step that does."""
    flow = subject.flow
    last: dict[str, int] = {}
    for i, data in flow.uses.items():
        if flow.is_reached(i):
            for datum in data:
                if datum not in last or flow.is_ahead(last[datum], i):
                    last[datum] = i
    return last
