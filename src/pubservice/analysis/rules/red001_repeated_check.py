"""RED001: repeated check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.register import rule
from pubservice.edits.edit import DropCheck, RemoveStep
from pubservice.graph.decisions import decides
from pubservice.messages import Message, listed
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.subject import Subject
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
        Task elimination: drop the later check and keep the result of the earlier one with the case. A step of kind check
        that does nothing else is removed.

    Known limits:
        Where no node makes a new version of what is checked, it is taken not to change in between. Whether a second
        pair of eyes is wanted is not known unless a legal basis says so. What a provision demands of others than those who
        checked before is not reported; of the same, the remedy is a proposal to change it. What
        is repeated on some paths only is another rule's (RED010).

    Source:
        Reijers & Liman Mansar (2005), task elimination, Omega 33(4), 283-306.
    """
    if not any(step.checks for step in subject.service.procedure.steps):
        return
    flow = subject.flow
    repeated: dict[int, dict[Check, int]] = {}  # by step, its facts that another has established, and which
    for fact, at in flow.checkers.items():
        if len(at) < 2:
            continue
        apart = []
        for i in at:
            if not flow.is_reached(i):
                continue
            if flow.is_available(fact, i):
                earlier_one = flow.latest_checker(fact, i)
                if earlier_one is not None and not is_by_other_eyes(subject, earlier_one, i):
                    repeated.setdefault(i, {})[fact] = earlier_one
            elif not flow.is_changed_beside(fact, i):
                apart.append(i)
        # Of two that run side by side, what a provision demands is kept.
        kept: list[int] = []
        for i in sorted(apart, key=lambda i: not _step(subject, i).legal_basis):
            beside = next((j for j in kept if flow.always_beside(j, i)), None)
            if beside is None:
                kept.append(i)
            else:
                repeated.setdefault(i, {})[fact] = beside
    for i, facts in sorted(repeated.items()):
        step = _step(subject, i)
        if _does_nothing_else(subject, i, step, facts):
            earlier = subject.graph.ids([*dict.fromkeys(facts.values())])
            what = listed([fact.said for fact in facts])
            message = Message("only repeats the check of {fact}", fact=what)
            edit = RemoveStep(subject.service.id, step.id)
            yield claim(subject.service.id, (*earlier, step.id), message, edit, step.legal_basis)
            continue
        for fact, j in facts.items():
            message = Message("repeats the check of {fact}", fact=fact.said)
            drop = DropCheck(subject.service.id, step.id, fact.check, fact.of)
            yield claim(subject.service.id, (subject.graph.id(j), step.id), message, drop, step.legal_basis)


def is_by_other_eyes(subject: Subject, earlier: int, later: int) -> bool:
    """Return whether a provision demands the later of two checks, and others do it than the earlier."""
    one, other = _step(subject, earlier), _step(subject, later)
    differ = (one.actor, one.body, one.resource) != (other.actor, other.body, other.resource)
    return bool(other.legal_basis) and differ and set(one.resource).isdisjoint(other.resource)


def _step(subject: Subject, i: int) -> Step:
    step = subject.node(i)
    assert isinstance(step, Step)  # only steps check
    return step


def _does_nothing_else(subject: Subject, i: int, step: Step, facts: dict[Check, int]) -> bool:
    """Return whether a step is there for facts alone, and nothing hangs on where it stands."""
    return (
        step.kind == "check"
        and step.actor == "office"
        and step.contact == "none"
        and not step.gives
        and not step.asks
        and facts.keys() >= set(step.checks)
        and not decides(subject.graph, i)
        and all(fee.at != step.id for fee in subject.service.fees)
    )
