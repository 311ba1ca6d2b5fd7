"""RED001: repeated check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding, Subject, rule
from pubservice.edits.edit import DropCheck
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
    if not any(step.checks for step in subject.service.procedure.steps):
        return
    flow = subject.flow
    for fact, at in flow.checkers.items():
        if len(at) < 2:
            continue
        apart = []
        for i in at:
            if not flow.is_reached(i):
                continue
            if flow.is_available(fact, i):
                yield _finding(subject, fact, flow.latest_checker(fact, i), i)
            elif not flow.is_changed_beside(fact, i):
                apart.append(i)
        # Of two that run side by side, what a provision demands is kept.
        kept: list[int] = []
        for i in sorted(apart, key=lambda i: not _basis(subject, i)):
            beside = next((j for j in kept if flow.always_beside(j, i)), None)
            if beside is None:
                kept.append(i)
            else:
                yield _finding(subject, fact, beside, i)


def _basis(subject: Subject, i: int) -> str:
    step = subject.node(i)
    assert isinstance(step, Step)  # only steps check
    return ", ".join(step.legal_basis)


def _finding(subject: Subject, fact: Check, earlier: int, i: int) -> Finding:
    service, graph, basis = subject.service.id, subject.graph, _basis(subject, i)
    return Finding(
        service,
        steps=(graph.id(earlier), graph.id(i)),
        message=Message(
            "repeats the check of {fact}; {basis} would have to change", fact=fact.said, basis=basis
        )
        if basis
        else Message("repeats the check of {fact}", fact=fact.said),
        remedy=None if basis else DropCheck(service, graph.id(i), fact.check, fact.of),
    )
