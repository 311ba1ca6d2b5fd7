"""RED004: knock-out order."""

from __future__ import annotations

import itertools
from math import inf
from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.controls import Controls
    from pubservice.analysis.subject import Subject

_FEW = 8  # so many checks, and no more, are tried in every order that data allow
_MOST = 40  # so many in a row are looked at together, so that long procedures take time in proportion


@rule(
    "RED004",
    "knock-out-order",
    bad="""
    requirements: [form, id-card]
    procedure:
      steps:
        - {id: assess, processing_time: 1 hour, checks: [{check: eligible, of: form}]}
        - {id: identify, processing_time: 5 min, checks: [{check: valid, of: id-card}]}
      ends: [{id: granted}, {id: refused}]
      flows:
        - {source: assess, target: identify, probability: 0.9}
        - {source: assess, target: refused, probability: 0.1}
        - {source: identify, target: granted, probability: 0.9}
        - {source: identify, target: refused, probability: 0.1}
    """,
    good="""
    requirements: [form, id-card]
    procedure:
      steps:
        - {id: identify, processing_time: 5 min, checks: [{check: valid, of: id-card}]}
        - {id: assess, processing_time: 1 hour, checks: [{check: eligible, of: form}]}
      ends: [{id: granted}, {id: refused}]
      flows:
        - {source: identify, target: assess, probability: 0.9}
        - {source: identify, target: refused, probability: 0.1}
        - {source: assess, target: granted, probability: 0.9}
        - {source: assess, target: refused, probability: 0.1}
    """,
)
def knock_out_order(subject: Subject) -> Iterator[Finding]:
    """
    Find checks in a row, each of which can refuse a case, that would take less work in another order.

    Why it matters:
        What was checked before a case is refused was checked for nothing.

    Remedy:
        Knock-out: check in increasing order of work per probability of refusal, as far as data allow.

    Known limits:
        Probabilities of refusal are taken not to depend on the order. Work is processing time × staff, whoever does it,
        without set-up that steps share. Decisions and approvals rest on what came before and are not moved, nor is the
        order changed of steps that both have a legal basis, but as a proposal. Of more than eight checks that data keep
        in some order, a better order is found, not always the best; of more than forty, forty at a time.

    Source:
        van der Aalst (2001), Re-engineering knock-out processes, Decision Support Systems 30(4), 451-468; Reijers & Liman
        Mansar (2005), knock-out, Omega 33(4), 283-306.
    """
    if sum(bool(step.checks) for step in subject.service.procedure.steps) < 2:
        return
    controls = subject.controls
    for run in _runs(subject):
        free = _better(subject, run, legal=False)
        if free is None:
            continue
        allowed = _better(subject, run, legal=True)
        order = allowed or free
        first = next(n for n, (i, j) in enumerate(zip(run, order, strict=True)) if i != j)
        last = next(n for n in reversed(range(len(run))) if run[n] != order[n])
        old, new = run[first : last + 1], order[first : last + 1]
        message = Message(
            "take {now:.4g} min of work a case, {best:.4g} min in the order {order}",
            now=_expected(subject, old) / 60,
            best=_expected(subject, new) / 60,
            order=", ".join(subject.graph.ids(new)),
        )
        edit = controls.reorder(subject.service.id, old, new)
        steps = subject.graph.ids(old)
        if edit is None:
            yield Finding(subject.service.id, steps=steps, message=message)
        else:
            basis = [] if allowed else [b for i in old for b in _step(subject, i).legal_basis]
            yield claim(subject.service.id, steps, message, edit, basis)


def _runs(subject: Subject) -> Iterator[list[int]]:
    """Yield knock-outs that follow each other directly, of which work and probability are known."""
    graph, times = subject.graph, subject.profile.times
    known = {
        i: k
        for i, k in subject.controls.knock_outs.items()
        if k.probability is not None and times[i] is not None
    }
    following = {
        i: k.onward
        for i, k in known.items()
        if k.onward in known and graph.predecessors[k.onward] == [k.last] and k.onward != graph.start
    }
    heads = following.keys() - set(following.values())
    for i in sorted(heads):
        run = [i]
        while run[-1] in following:
            run.append(following[run[-1]])
        yield from (run[n : n + _MOST] for n in range(0, len(run), _MOST))


def _step(subject: Subject, i: int) -> Step:
    step = subject.node(i)
    assert isinstance(step, Step)  # only steps are knock-outs
    return step


def _work(subject: Subject, i: int) -> float:
    return (subject.profile.times[i] or 0.0) * _step(subject, i).staff


def _refusal(subject: Subject, i: int) -> float:
    return subject.controls.knock_outs[i].probability or 0.0


def _expected(subject: Subject, order: list[int]) -> float:
    """Return the expected seconds of work of a case that comes to the first."""
    total, left = 0.0, 1.0
    for i in order:
        total += left * _work(subject, i)
        left *= 1 - _refusal(subject, i)
    return total


def _better(subject: Subject, run: list[int], *, legal: bool) -> list[int] | None:
    """Return the best order, or one that is better; None where there is none."""
    ratio = {i: _work(subject, i) / _refusal(subject, i) if _refusal(subject, i) else inf for i in run}
    if all(ratio[i] <= ratio[j] for i, j in itertools.pairwise(run)):
        return None
    before = _before(subject, run, legal=legal)
    order = _best(subject, run, before) if len(run) <= _FEW else _greedy(run, before, ratio)
    return order if _expected(subject, order) < _expected(subject, run) * (1 - 1e-9) else None


def _before(subject: Subject, run: list[int], *, legal: bool) -> dict[int, set[int]]:
    """Return for each step those that have to stay before it."""
    controls: Controls = subject.controls
    demanded = {i for i in run if legal and _step(subject, i).legal_basis}
    return {
        later: {
            earlier
            for earlier in run[:n]
            if {earlier, later} <= demanded or controls.is_bound(earlier, later)
        }
        for n, later in enumerate(run)
    }


def _best(subject: Subject, run: list[int], before: dict[int, set[int]]) -> list[int]:
    """Return the order with the least expected work, by the best way to do each set of steps first."""
    best: dict[frozenset[int], tuple[float, float, list[int]]] = {frozenset(): (0.0, 1.0, [])}
    for _ in run:
        longer: dict[frozenset[int], tuple[float, float, list[int]]] = {}
        for done, (work, left, order) in best.items():
            for i in run:
                if i in done or not before[i] <= done:
                    continue
                total = work + left * _work(subject, i)
                known = longer.get(done | {i})
                if known is None or total < known[0] * (1 - 1e-12):  # of equal orders the present one
                    longer[done | {i}] = (total, left * (1 - _refusal(subject, i)), [*order, i])
        best = longer
    return best[frozenset(run)][2]


def _greedy(run: list[int], before: dict[int, set[int]], ratio: dict[int, float]) -> list[int]:
    """Return the order in which the least work per refusal always comes next; the best where data bind nothing."""
    order: list[int] = []
    left = list(run)
    while left:
        ready = [i for i in left if before[i].isdisjoint(left)]
        order.append(min(ready, key=lambda i: ratio[i]))
        left.remove(order[-1])
    return order
