"""WAI002: independent steps in sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.claims import claim
from pubservice.analysis.register import rule
from pubservice.edits.edit import Parallelise
from pubservice.graph.decisions import parting
from pubservice.messages import Message
from pubservice.model.procedure import Step
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.subject import Subject

AT_ONCE = 12  # steps of a run that are put side by side together: more branches nobody keeps in view


@rule(
    "WAI002",
    "independent-in-sequence",
    bad="""
    resources: [{id: clerk}, {id: engineer}]
    requirements: [form, site-plan]
    outputs: [permit]
    procedure:
      steps:
        - {id: check-title, resource: clerk, processing_time: 30 min, needs: [form], gives: [opinion]}
        - {id: inspect, resource: engineer, processing_time: 2 hour, needs: [site-plan], gives: [report]}
        - {id: decide, resource: clerk, processing_time: 5 min, needs: [opinion, report], gives: [permit]}
      flows:
        - {source: check-title, target: inspect}
        - {source: inspect, target: decide}
    """,
    good="""
    resources: [{id: clerk}, {id: engineer}]
    requirements: [form, site-plan]
    outputs: [permit]
    procedure:
      steps:
        - {id: check-title, resource: clerk, processing_time: 30 min, needs: [form], gives: [opinion]}
        - {id: inspect, resource: engineer, processing_time: 2 hour, needs: [site-plan, opinion], gives: [report]}
        - {id: decide, resource: clerk, processing_time: 5 min, needs: [opinion, report], gives: [permit]}
      flows:
        - {source: check-title, target: inspect}
        - {source: inspect, target: decide}
    """,
)
def independent_in_sequence(subject: Subject) -> Iterator[Finding]:
    """
    Find steps that follow each other although none needs what another gives and different resources do them.

    Why it matters:
        The case waits for one while it could be with the other: their times add up for no reason.

    Remedy:
        Parallelism: do them side by side; steps that depend on each other stay in order on one branch.

    Known limits:
        Only steps that say both what they read and what they give or check are taken to be independent. A paper file
        can be in one place only. Steps of one resource are left in order, though a pool with free capacity could do them
        at once. Where one often ends the case later on, the other is then done in vain. Of a long run at most twelve
        steps are put side by side together.

    Source:
        Reijers & Liman Mansar (2005), parallelism, Omega 33(4), 283-306.
    """
    if not any(step.gives or step.checks for step in subject.service.procedure.steps):
        return
    for run in subject.runs:
        for stretch in _stretches(subject, run):
            lawful = list(_side_by_side(subject, stretch, by_law=True))
            yield from lawful or _side_by_side(subject, stretch, by_law=False)


@attrs.frozen(eq=False)
class _Part:
    """A step of a run, with all that can bind it to another."""

    step: Step
    time: float | None
    reads: frozenset[str]
    makes: frozenset[str]
    who: frozenset[tuple[str, str]]

    def binds(self, later: _Part, *, by_law: bool) -> bool:
        """Return whether a later step has to stay behind this one."""
        return not (
            self.makes.isdisjoint(later.reads)
            and self.makes.isdisjoint(later.makes)
            and self.reads.isdisjoint(later.makes)
            and self.who.isdisjoint(later.who)
            and set(self.step.checks).isdisjoint(later.step.checks)  # the later would be left out, not moved
            and not (by_law and set(self.step.legal_basis) & set(later.step.legal_basis))
        )


def _stretches(subject: Subject, run: list[int]) -> Iterator[list[_Part]]:
    """Return the stretches of a run in which it is known of every step what binds it."""
    # A requirement and what meets it are one datum.
    also = {datum: need.id for need in subject.service.requirements for datum in need.evidence}
    stretch: list[_Part] = []
    for i in run:
        step = subject.node(i)
        assert isinstance(step, Step)  # runs are of steps
        if _is_known(step) and parting(subject.graph, i) < 0 and not _is_overloaded(subject, step):
            stretch.append(_part(step, subject.profile.times[i], also))
            continue
        yield stretch
        stretch = []
    yield stretch


def _is_known(step: Step) -> bool:
    return (
        step.kind not in ("approval", "decision")
        and bool(step.needs or step.asks or step.checks)
        and bool(step.gives or step.checks)
    )


def _is_overloaded(subject: Subject, step: Step) -> bool:
    loads = subject.setting.evaluation.loads
    return any((loads[id].utilisation or 0.0) >= 1 for id in step.resource)


def _part(step: Step, time: float | None, also: dict[str, str]) -> _Part:
    who = {("resource", id) for id in step.resource}
    if step.actor == "other-body":
        who.add(("body", step.body or ""))
    if step.actor == "applicant" or step.contact == "in-person":
        who.add(("applicant", ""))

    def named(data: Iterable[str]) -> frozenset[str]:
        return frozenset(name for datum in data for name in (datum, also.get(datum, datum)))

    reads = named((*step.needs, *(fact.of for fact in step.checks)))
    return _Part(step, time, reads, named((*step.gives, *step.asks)), frozenset(who))


def _side_by_side(subject: Subject, stretch: list[_Part], *, by_law: bool) -> Iterator[Finding]:
    """Yield the sets of neighbours that together save most when their independent parts run side by side."""
    count = len(stretch)
    known = all(part.time is not None for part in stretch)
    times = [(part.time or 0.0) if known else 1.0 for part in stretch]
    binding = [
        {i for i in range(max(0, n - AT_ONCE), n) if stretch[i].binds(part, by_law=by_law)}
        for n, part in enumerate(stretch)
    ]
    saved = [0.0] * (count + 1)  # from each step on
    chosen: list[list[list[int]]] = [
        [] for _ in stretch
    ]  # the branches of the set that begins with each step
    for first in reversed(range(count)):
        saved[first] = saved[first + 1]
        found: list[list[int]] = []
        for last in range(first, min(count, first + AT_ONCE)):
            bound = [branch for branch in found if not binding[last].isdisjoint(branch)]
            joined = sorted([*(i for branch in bound for i in branch), last])
            found = [*(branch for branch in found if branch not in bound), joined]
            sums = [sum([times[i] for i in branch]) for branch in found]
            gain = sum(sums) - max(sums)
            if gain > 0 and gain + saved[last + 1] >= saved[first]:
                saved[first], chosen[first] = gain + saved[last + 1], sorted(found)
    first = 0
    while first < count:
        branches = [[stretch[i] for i in branch] for branch in chosen[first]]
        following = first + (sum(map(len, branches)) or 1)
        if branches:
            steps = tuple(part.step.id for part in stretch[first:following])
            yield _finding(subject, steps, branches, known=known, by_law=by_law)
        first = following


def _finding(
    subject: Subject, steps: tuple[str, ...], branches: list[list[_Part]], *, known: bool, by_law: bool
) -> Finding:
    service = subject.service.id
    edit = Parallelise(service, [[part.step.id for part in branch] for branch in branches])
    ways = " | ".join(", ".join(branch) for branch in edit.branches)
    what = Message("{ways} need nothing of each other", ways=ways)
    if known:
        sums = [sum([part.time or 0.0 for part in branch]) for branch in branches]
        what = Message(
            "{what}: side by side they take {after} instead of {before}",
            what=what,
            after=in_words(max(sums)),
            before=in_words(sum(sums)),
        )
    return claim(service, steps, what, edit, () if by_law else _shared(branches))


def _shared(branches: list[list[_Part]]) -> tuple[str, ...]:
    """Return the provisions that demand steps on several branches, and so may fix their order."""
    by_branch = [
        dict.fromkeys(basis for part in branch for basis in part.step.legal_basis) for branch in branches
    ]
    every = dict.fromkeys(basis for provisions in by_branch for basis in provisions)
    return tuple(basis for basis in every if sum(basis in provisions for provisions in by_branch) > 1)
