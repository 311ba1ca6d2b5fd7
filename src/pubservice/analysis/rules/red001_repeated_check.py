"""RED001: repeated check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding, Subject, rule
from pubservice.edits.edit import DropCheck
from pubservice.graph.paths import unavoidable
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.model.procedure import Check


@rule(
    "RED001",
    "repeated-check",
    bad="""
    requirements: [id-card]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min, checks: [{check: valid, of: id-card}]}
        - {id: assess, processing_time: 1 hour, checks: [{check: valid, of: id-card}]}
      flows:
        - {source: intake, target: assess}
    """,
    good="""
    requirements: [id-card]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min, checks: [{check: valid, of: id-card}]}
        - {id: assess, processing_time: 1 hour, checks: [{check: matches-register, of: id-card}]}
      flows:
        - {source: intake, target: assess}
    """,
)
def repeated_check(subject: Subject) -> Iterator[Finding]:
    """
    Find steps that verify what has been verified on every path to them, or is verified beside them in every case.

    Why it matters:
        The applicant waits twice for one answer, and the office works twice for it.

    Remedy:
        Task elimination: drop the later check and keep the result of the earlier one with the case.

    Known limits:
        Where no node makes a new version of what is checked, it is taken not to change in between. Whether a second
        pair of eyes is wanted is not known unless a legal basis says so; then no remedy is offered. A check that is
        repeated on some paths only is not reported.

    Source:
        Reijers & Liman Mansar (2005), task elimination, Omega 33(4), 283-306.
    """
    flow, graph = subject.flow, subject.graph
    for fact, at in flow.checkers.items():
        if len(at) < 2:
            continue
        earlier_beside: list[int] = []
        for i in at:
            if subject.nested.region_of[i] is None and subject.nested.unstructured is None:
                continue  # no case gets there
            if flow.is_available(fact, i):
                yield _finding(subject, fact, _nearest(graph.predecessors, i, at), i)
            elif (
                other := next((j for j in earlier_beside if _always_together(subject, fact, j, i)), None)
            ) is not None:
                yield _finding(subject, fact, other, i)
            else:
                earlier_beside.append(i)


def _nearest(predecessors: list[list[int]], i: int, at: list[int]) -> int:
    """Return the step nearest before i that establishes the same fact."""
    others = set(at) - {i}
    seen = {i}
    queue = [i]
    for node in queue:
        for before in predecessors[node]:
            if before in others:
                return before
            if before not in seen:
                seen.add(before)
                queue.append(before)
    raise AssertionError  # an available fact was established somewhere before


def _always_together(subject: Subject, fact: Check, one: int, other: int) -> bool:
    """Return whether two steps run side by side in every case that comes to their block, and nothing changes the datum."""
    nested = subject.nested
    if nested.unstructured is not None:
        return False
    a, b = nested.region_of[one], nested.region_of[other]
    block = nested.meet(a, b) if a is not None and b is not None else None
    if block is None or block.kind != "parallel":
        return False
    if any(subject.flow.is_changed_beside(fact.of, i) for i in (one, other)):
        return False
    passed = unavoidable(block.split, {block.join}, subject.serialised)
    return one in passed and other in passed


def _finding(subject: Subject, fact: Check, earlier: int, i: int) -> Finding:
    step = subject.node(i)
    assert isinstance(step, Step)  # only steps check
    values = {"fact": str(fact), "basis": ", ".join(step.legal_basis)}
    return Finding(
        subject.service.id,
        steps=(subject.graph.id(earlier), step.id),
        message=Message("repeats the check of {fact}; {basis} would have to change", **values)
        if step.legal_basis
        else Message("repeats the check of {fact}", fact=str(fact)),
        remedy=None if step.legal_basis else DropCheck(subject.service.id, step.id, fact.check, fact.of),
    )
