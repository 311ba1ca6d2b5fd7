"""RED006: over-control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.controls import CONTROLS, controls_in_a_row
from pubservice.analysis.register import rule
from pubservice.edits.edit import RemoveStep
from pubservice.graph.decisions import decides, parting
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.subject import Subject


@rule(
    "RED006",
    "over-control",
    bad="""
    resources: [{id: section-head}, {id: head}]
    procedure:
      steps:
        - {id: draft, processing_time: 30 min, gives: [decision-draft]}
        - {id: initial, resource: section-head, kind: approval, processing_time: 5 min, needs: [decision-draft]}
        - {id: sign, resource: head, kind: approval, processing_time: 5 min, needs: [decision-draft], gives: [decision]}
      flows:
        - {source: draft, target: initial}
        - {source: initial, target: sign}
    """,
    good="""
    resources: [{id: section-head}, {id: head}]
    procedure:
      steps:
        - {id: draft, processing_time: 30 min, gives: [decision-draft]}
        - {id: correct, resource: section-head, processing_time: 5 min, needs: [decision-draft], gives: [decision-draft]}
        - {id: sign, resource: head, kind: approval, processing_time: 5 min, needs: [decision-draft], gives: [decision]}
      flows:
        - {source: draft, target: correct}
        - {source: correct, target: sign}
    """,
)
def over_control(subject: Subject) -> Iterator[Finding]:
    """
    Find approvals that look at nothing but what the next in the row looks at too, and never refuse.

    Why it matters:
        Each signature is a queue and a handover; many that share a responsibility let nobody feel it.

    Remedy:
        Task elimination and empowerment: leave out the approval that never refuses; one of the row always stays.

    Known limits:
        A control from behind which no way leads elsewhere is taken never to refuse: where refusals are left out of the
        description, the claim is wrong. What deterrence it has, and whether the law wants several eyes, is not known
        unless a legal basis says so; then the remedy is a proposal. A control that verifies facts of its own, or makes
        something, is not reported.

    Source:
        Reijers & Liman Mansar (2005), task elimination and empower, Omega 33(4), 283-306.
    """
    if sum(step.kind in CONTROLS for step in subject.service.procedure.steps) < 2:
        return
    service = subject.service.id
    for row in controls_in_a_row(subject.graph):
        steps = [node for node in map(subject.node, row) if isinstance(node, Step)]
        gone: set[int] = set()
        for n in sorted(range(len(row)), key=lambda n: bool(steps[n].legal_basis)):
            step = steps[n]
            if not _only_looks(step) or parting(subject.graph, row[n]) >= 0:
                continue
            if decides(subject.graph, row[n]) or any(fee.at == step.id for fee in subject.service.fees):
                continue
            other = next((m for m in _near(n, len(row)) if m not in gone and _covers(steps, m, n)), None)
            if other is None:
                continue
            gone.add(n)
            message = Message(
                "looks at nothing but what {other} looks at too, and never refuses", other=steps[other].id
            )
            yield claim(
                service, (step.id, steps[other].id), message, RemoveStep(service, step.id), step.legal_basis
            )


_NEAR = 5  # controls further apart in a row are not compared


def _near(n: int, length: int) -> list[int]:
    """Return the places near one in a row, those behind it first."""
    return [*range(n + 1, min(length, n + 1 + _NEAR)), *range(n - 1, max(-1, n - 1 - _NEAR), -1)]


def _only_looks(step: Step) -> bool:
    return (
        bool(step.needs)
        and step.actor == "office"
        and step.contact == "none"
        and not (step.checks or step.gives or step.asks)
    )


def _covers(steps: list[Step], one: int, other: int) -> bool:
    """Return whether others who do a step look at all that another step looks at, unchanged."""
    looked_at = set(steps[other].needs)
    here = {*steps[one].needs, *(fact.of for fact in steps[one].checks)}
    between = steps[min(one, other) : max(one, other)]
    return (
        set(steps[one].resource) != set(steps[other].resource)
        and looked_at <= here
        and all(looked_at.isdisjoint(step.gives) for step in between)
    )
