"""RED008: transport or re-keying."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.manual import AT_ONCE, is_by_hand, is_unread
from pubservice.analysis.register import rule
from pubservice.edits.edit import Automate
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject
    from pubservice.model.procedure import Step


@rule(
    "RED008",
    "transport-or-rekey",
    bad="""
    resources: [{id: clerk}]
    requirements: [form]
    outputs: [permit]
    procedure:
      steps:
        - {id: type-in, resource: clerk, processing_time: 10 min, needs: [form], gives: [record], value: non-value-adding}
        - {id: carry, resource: clerk, kind: transport, processing_time: 15 min, needs: [record]}
        - {id: decide, processing_time: 5 min, needs: [record], gives: [permit]}
      flows:
        - {source: type-in, target: carry}
        - {source: carry, target: decide}
    """,
    good="""
    resources: [{id: clerk}, {id: post, kind: information-system}]
    requirements: [form]
    outputs: [permit]
    procedure:
      steps:
        - {id: assess, resource: clerk, processing_time: 10 min, needs: [form], gives: [record], value: value-adding}
        - {id: send, resource: post, kind: transport, processing_time: 1 min, needs: [record]}
        - {id: decide, processing_time: 5 min, needs: [record], gives: [permit]}
      flows:
        - {source: assess, target: send}
        - {source: send, target: decide}
    """,
)
def transport_or_rekey(subject: Subject) -> Iterator[Finding]:
    """
    Find steps by hand that only carry something, or only put one datum into another form.

    Why it matters:
        Nothing is known or decided afterwards that was not before; each time is a wait and a chance of error.

    Remedy:
        Task automation: let a system pass it on. The step stays, since those who come after it wait for what it brings;
        where nobody does, the datum is unused and the step goes with it.

    Known limits:
        Things such as samples or goods have to be carried: services that deliver goods get no remedy, others have to say
        so. Who does a step without a resource is not known. That a step only changes the form is taken from its value, non-value-adding, with one datum in and one out;
        without a value it is not known. A legal basis makes the remedy a proposal.

    Source:
        Reijers & Liman Mansar (2005), task automation, Omega 33(4), 283-306; transportation and overprocessing in Dumas et
        al. (2018), §6.2.
    """
    service = subject.service
    for i, step in enumerate(service.procedure.steps):  # the first nodes of the graph
        if step.kind == "transport":
            if step.actor == "other-body" or not is_by_hand(subject, step):
                continue
            what = ", ".join(dict.fromkeys((*step.needs, *step.gives)))
            message = Message("only carries {data}", data=what) if what else Message("only carries the case")
        elif _is_rekeying(step) and is_by_hand(subject, step) and not is_unread(subject, i):
            message = Message("only turns {needed} into {given}", needed=step.needs[0], given=step.gives[0])
        else:
            continue
        if not subject.reached[i]:
            continue
        if service.kind == "goods":
            yield Finding(service.id, steps=(step.id,), message=message)
        else:
            yield claim(
                service.id, (step.id,), message, Automate(service.id, step.id, AT_ONCE), step.legal_basis
            )


def _is_rekeying(step: Step) -> bool:
    return (
        step.value == "non-value-adding"
        and step.kind == "work"
        and step.actor == "office"
        and step.contact == "none"
        and len(step.needs) == len(step.gives) == 1
        and not (step.checks or step.asks)
    )
