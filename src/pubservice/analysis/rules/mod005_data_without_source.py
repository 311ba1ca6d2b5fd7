"""MOD005: data without a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "MOD005",
    "data-without-source",
    bad="""
    requirements: [application-form]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min, needs: [application-from]}
    """,
    good="""
    requirements: [application-form]
    procedure:
      steps:
        - {id: intake, processing_time: 5 min, needs: [application-form]}
    """,
)
def data_without_source(subject: Subject) -> Iterator[Finding]:
    """
    Find data that a step needs or checks and that come from nowhere.

    Why it matters:
        Either a name is misspelt, or a hidden step fetches them, and its time and cost are not seen.

    Remedy:
        Name the requirement, the step that asks for them, or the step that makes them.

    Known limits:
        A register outside the organisation is no source until it is described as a step or a wait.

    Source:
        pubservice's file format: a datum is handed in, asked for, given before, or another service's output.
    """
    service = subject.service
    flow = subject.flow
    if not flow.uses:
        return
    supplied = {
        name for r in service.requirements for name in (r.id, *(r.evidence if len(r.evidence) == 1 else ()))
    }
    supplied |= {datum for step in service.procedure.steps for datum in step.asks}
    read: set[tuple[int, str]] | None = None
    known: set[str] = set()
    for i, data in flow.uses.items():
        for datum in data:
            if datum in supplied or subject.setting.owed_elsewhere(datum, service.id):
                continue
            if read is None:
                read = {(reader, name) for (_, name), readers in flow.readers.items() for reader in readers}
                known = supplied | {name for _, name in flow.definitions}
            if (i, datum) in read:
                continue
            # What is made, but only later, is spelt as it was meant.
            hint = "" if datum in known else did_you_mean(datum, known)
            yield Finding(
                service.id,
                steps=(subject.graph.id(i),),
                message=Message("nothing supplies {datum!r} before it{hint}", datum=datum, hint=hint),
            )
