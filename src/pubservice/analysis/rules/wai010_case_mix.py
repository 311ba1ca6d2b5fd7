"""WAI010: case mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.load import load
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.messages import Message
from pubservice.model.procedure import Step
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

RARE = 0.2  # of the cases
HEAVY = 3  # times the work of the main branch
FELT = 0.25  # of the usual work: by so much a wait has to fall to be worth a queue of its own


@rule(
    "WAI010",
    "case-mix",
    bad="""
    arrival_rate: 3 case/hour
    resources: [{id: officer}]
    procedure:
      start: sort
      steps:
        - {id: simple, resource: officer, processing_time: 5 min}
        - {id: complex, resource: officer, processing_time: 90 min}
      gateways: [{id: sort, kind: exclusive}]
      flows:
        - {source: sort, target: simple, probability: 0.9}
        - {source: sort, target: complex, probability: 0.1}
    """,
    good="""
    arrival_rate: 3 case/hour
    resources: [{id: officer}, {id: specialist}]
    procedure:
      start: sort
      steps:
        - {id: simple, resource: officer, processing_time: 5 min}
        - {id: complex, resource: specialist, processing_time: 90 min}
      gateways: [{id: sort, kind: exclusive}]
      flows:
        - {source: sort, target: simple, probability: 0.9}
        - {source: sort, target: complex, probability: 0.1}
    """,
)
def case_mix(subject: Subject) -> Iterator[Finding]:
    """
    Find rare cases that take more than three times the work of the usual ones, in one queue with them.

    Why it matters:
        The wait in a queue grows with the variance of the work: a few long cases make all short ones wait.

    Remedy:
        None by itself: who else could do the rare cases, and has time for them, is not known from the model; findings on
        poolable resources and `Reassign` say it where it is. Else serve them by appointment.

    Known limits:
        A wait that falls by less than a fourth of the usual work is not reported. A queue of its own for the rare cases shares less: below a few servers the loss may be larger than the gain. Only
        branches that are a plain sequence of steps are compared.

    Source:
        Reijers & Liman Mansar (2005), triage and exception, Omega 33(4), 283-306; Allen (1990), §5.3: the wait is that of
        M/M/c × (1 + cs²) / 2.
    """
    graph = subject.graph
    choices = [
        i
        for i, kind in enumerate(graph.splits)
        if kind == "exclusive" and any(p is not None and 0 < p < RARE for p in graph.probabilities[i])
    ]
    if not choices:
        return
    if subject.profile.rate is None:
        raise SkipRuleError(Message("the service has no arrival rate"))
    if subject.profile.undefined is not None:
        raise SkipRuleError(subject.profile.undefined)
    for i in choices:
        ways = list(zip(graph.successors[i], graph.probabilities[i], strict=True))
        main, _ = max(ways, key=lambda way: way[1] or 0.0)
        usual = _work(subject, i, main)
        for head, p in ways:
            if p is None or not 0 < p < RARE:
                continue
            for id, (work, steps) in _work(subject, i, head).items():
                if id in usual and work > HEAVY * usual[id][0] > 0:
                    yield from _finding(subject, id, steps, work, usual[id][0])


def _work(subject: Subject, split: int, head: int) -> dict[str, tuple[float, list[int]]]:
    """Return the seconds of each resource, and its steps, on a branch as far as it is a plain sequence."""
    graph, times = subject.graph, subject.profile.times
    found: dict[str, tuple[float, list[int]]] = {}
    before, at = split, head
    while graph.predecessors[at] == [before]:
        node = graph.nodes[at]
        if isinstance(node, Step):
            for id in node.resource:
                work, steps = found.get(id, (0.0, []))
                steps.append(at)
                found[id] = (work + (times[at] or 0.0) * node.staff, steps)
        if len(graph.successors[at]) != 1:
            break
        before, at = at, graph.successors[at][0]
    return found


def _finding(subject: Subject, id: str, steps: list[int], work: float, usual: float) -> Iterator[Finding]:
    """Yield a finding where without them a visit would wait less, by a good part of the usual work."""
    setting = subject.setting
    now = setting.evaluation.loads[id]
    wait = now.waiting_time_s
    if wait is None:
        return
    then = _without(subject, id, steps)
    if then is not None and wait - then >= FELT * usual:
        yield Finding(
            subject.service.id,
            steps=subject.graph.ids(steps),
            message=Message(
                "{times:.1f} times the work of the usual cases, in one queue for {resource}: a visit waits {now}, without them {then}",
                times=work / usual,
                resource=id,
                now=in_words(wait),
                then=in_words(then),
            ),
        )


def _without(subject: Subject, id: str, steps: list[int]) -> float | None:
    """Return the mean wait for a resource if the steps were done by others."""
    setting, profile = subject.setting, subject.profile
    assert profile.visits is not None  # the caller looked
    assert profile.rate is not None
    total = setting.evaluation.totals[id].copy()
    for i in steps:
        step, time = subject.node(i), profile.times[i]
        assert isinstance(step, Step)  # the caller looked
        if (
            step.batch is not None
            or step.setup_time is not None
            or step.processing_time is None
            or time is None
        ):
            return None
        rate = profile.rate * profile.visits[i] / profile.demands[id].open_share
        total.rate -= rate
        total.work -= rate * time
        total.square -= rate * time * time * (1 + step.processing_time.scv)
        total.staffed -= rate * time * step.staff
        total.staff -= rate * step.staff
    return load(setting.organisation.resource(id), total).waiting_time_s
