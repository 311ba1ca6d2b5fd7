"""HND006: several payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.merging import stretches
from pubservice.analysis.register import rule
from pubservice.edits.edit import MergeSteps
from pubservice.graph.paths import reverse_postorder
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

MANY = 10  # payments of which any may be the latest: of more, some are named


@rule(
    "HND006",
    "several-payments",
    bad="""
    fees: [{amount: 50000 IDR, at: pay-form}, {amount: 200000 IDR, at: pay-levy}]
    procedure:
      steps:
        - {id: pay-form, actor: applicant, kind: payment, processing_time: 20 min, contact: remote}
        - {id: pay-levy, actor: applicant, kind: payment, processing_time: 20 min, contact: remote}
      flows:
        - {source: pay-form, target: pay-levy}
    """,
    good="""
    fees: [{amount: 250000 IDR, at: pay-levy}]
    procedure:
      steps:
        - {id: fill-in, actor: applicant, processing_time: 20 min, contact: remote}
        - {id: pay-levy, actor: applicant, kind: payment, processing_time: 20 min, contact: remote}
      flows:
        - {source: fill-in, target: pay-levy}
    """,
)
def several_payments(subject: Subject) -> Iterator[Finding]:
    """
    Find payments before which the same case may have paid already.

    Why it matters:
        Each payment is an errand, a fee of the bank and a receipt that somebody has to look at.

    Remedy:
        Contact reduction, task composition: one payment, where the two follow each other and nothing differs.

    Known limits:
        The second sum may depend on what is found out after the first. Payments side by side, and again in a loop, are not
        reported.

    Source:
        Reijers & Liman Mansar (2005), contact reduction and task composition, Omega 33(4), 283-306.
    """
    service, graph = subject.service, subject.graph
    due = {graph.start if fee.at is None else graph.index[fee.at] for fee in service.fees}
    due |= {i for i, step in enumerate(service.procedure.steps) if step.kind == "payment"}
    if len(due) < 2:
        return
    latest: dict[int, frozenset[int]] = {}  # the payments that may be the latest behind a node
    none: frozenset[int] = frozenset()
    for i in reverse_postorder(graph):
        paid = none
        for j in graph.predecessors[i]:  # those that lead back are not there yet
            new = latest.get(j, none)
            paid = paid | new if len(paid) < MANY and not new <= paid else paid or new
        if i in due and paid:
            yield _finding(subject, sorted(paid), i)
        latest[i] = frozenset((i,)) if i in due else paid


def _finding(subject: Subject, before: list[int], i: int) -> Finding:
    service, graph = subject.service, subject.graph
    steps = graph.ids([*before, i])
    message = Message("the applicant pays here, and has paid at {earlier}", earlier=", ".join(steps[:-1]))
    first, last = graph.nodes[before[0]], graph.nodes[i]
    if (
        graph.predecessors[i] != before
        or len(graph.successors[before[0]]) != 1
        or not isinstance(first, Step)
        or not isinstance(last, Step)
        or i == graph.start
        or len(list(stretches([first, last]))) > 1
    ):
        return Finding(service.id, steps=steps, message=message)
    edit = MergeSteps(service.id, [first.id, last.id])
    return claim(service.id, steps, message, edit, (*first.legal_basis, *last.legal_basis))
