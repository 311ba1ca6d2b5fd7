"""RED007: rubber stamp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.controls import CONTROLS, RARELY, controls_in_a_row
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.edits.edit import RemoveStep
from pubservice.graph.decisions import parting
from pubservice.graph.paths import reachable
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "RED007",
    "rubber-stamp",
    bad="""
    requirements: [form]
    procedure:
      steps:
        - {id: assess, processing_time: 1 hour, needs: [form]}
        - {id: review, kind: check, processing_time: 10 min, needs: [form]}
      ends: [{id: granted}, {id: refused}]
      flows:
        - {source: assess, target: review}
        - {source: review, target: granted, probability: 0.998}
        - {source: review, target: refused, probability: 0.002}
    """,
    good="""
    requirements: [form]
    procedure:
      steps:
        - {id: assess, processing_time: 1 hour, needs: [form]}
        - {id: review, kind: check, processing_time: 10 min, needs: [form]}
      ends: [{id: granted}, {id: refused}]
      flows:
        - {source: assess, target: review}
        - {source: review, target: granted, probability: 0.95}
        - {source: review, target: refused, probability: 0.05}
    """,
)
def rubber_stamp(subject: Subject) -> Iterator[Finding]:
    """
    Find controls behind which practically every case goes on the same way, or whose result can change nothing.

    Why it matters:
        A control is worth the errors it finds; one that finds none costs its work and its queue in every case.

    Remedy:
        Task elimination where its result can change nothing: it makes nothing, and no choice follows it any more.
        Elsewhere there is none that keeps the ways out: look at a sample, or at those cases alone that give reason to.

    Known limits:
        Practically every case is more than 99 in 100. A decision without a choice behind it is the act itself. That a control deters, or that an undetected error would be very
        dear, is not known; keep it if the refusals it makes are worth more than it costs. Where refusals are left out of
        the description, a control without a choice behind it does refuse. A legal basis makes the remedy a proposal.

    Source:
        Reijers & Liman Mansar (2005), task elimination and control addition, Omega 33(4), 283-306.
    """
    controls = [
        i for i, step in enumerate(subject.service.procedure.steps) if step.kind in CONTROLS
    ]  # the steps are the first nodes of the graph
    if not controls:
        return
    graph, service = subject.graph, subject.service
    split = [i for i, kind in enumerate(graph.splits) if kind in ("exclusive", "inclusive")]
    decided_later = reachable(split, graph.predecessors)
    several = {i for row in controls_in_a_row(graph) for i in row}  # is another rule's
    for i in controls:
        step = subject.node(i)
        assert isinstance(step, Step)  # the caller of none else
        if not subject.reached[i]:
            continue
        last = parting(graph, i)
        if last >= 0:
            most = max((p for p in graph.probabilities[last] if p is not None), default=0.0)
            if most > 1 - RARELY:
                message = Message(
                    "{share:.2%} of its cases go on the same way: look at a sample, or at those that give reason to",
                    share=most,
                )
                yield Finding(service.id, steps=(step.id,), message=message)
        elif (
            step.kind != "decision"
            and not decided_later[i]
            and i not in several
            and _only_looks(subject, i, step)
        ):
            message = Message("whatever it finds, the case goes on the same way")
            edit = RemoveStep(service.id, step.id, gives_up=step.checks)
            yield claim(service.id, (step.id,), message, edit, step.legal_basis)


def _only_looks(subject: Subject, i: int, step: Step) -> bool:
    graph = subject.graph
    return (
        step.actor == "office"
        and step.contact == "none"
        and not (step.gives or step.asks)
        and all(fee.at != step.id for fee in subject.service.fees)
        and (i != graph.start or bool(graph.successors[i]))
    )
