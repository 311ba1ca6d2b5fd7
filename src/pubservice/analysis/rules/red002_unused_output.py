"""RED002: unused output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.analysis.unused import something_stays
from pubservice.edits.edit import DropOutputs
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.subject import Subject
    from pubservice.analysis.unused import UnusedData


@rule(
    "RED002",
    "unused-output",
    bad="""
    requirements: [application-form]
    outputs: [permit]
    procedure:
      steps:
        - {id: register, processing_time: 5 min, needs: [application-form], gives: [file]}
        - {id: memo, processing_time: 20 min, needs: [file], gives: [internal-memo]}
        - {id: decide, processing_time: 5 min, needs: [file], gives: [permit]}
      flows:
        - {source: register, target: memo}
        - {source: memo, target: decide}
    """,
    good="""
    requirements: [application-form]
    outputs: [permit]
    procedure:
      steps:
        - {id: register, processing_time: 5 min, needs: [application-form], gives: [file]}
        - {id: memo, processing_time: 20 min, needs: [file], gives: [internal-memo]}
        - {id: decide, processing_time: 5 min, needs: [file, internal-memo], gives: [permit]}
      flows:
        - {source: register, target: memo}
        - {source: memo, target: decide}
    """,
)
def unused_output(subject: Subject) -> Iterator[Finding]:
    """
    Find data that a step makes, that nobody reads and that are owed to nobody, with everything that falls with them.

    Why it matters:
        Work on what nobody uses is overproduction; the steps that only feed it are too.

    Remedy:
        Task elimination: stop making the datum; a step that then serves nothing is removed, and what only that step
        read is no longer made either.

    Known limits:
        Readers outside the described services (archives, auditors, statistics) are not seen. A datum that the service
        owes counts as used in every version; so does one that is read by a step which no case reaches, and what only
        feeds itself in a loop. A wait is told to bring it no longer, but stays. Does not run where a service declares no
        outputs.

    Source:
        Reijers & Liman Mansar (2005), task elimination, Omega 33(4), 283-306; liveness as in compilers.
    """
    service = subject.service
    if not service.procedure.nodes:
        return
    if not service.outputs:
        raise SkipRuleError(Message("the service declares no outputs"))
    for definitions in subject.unused.groups():
        yield _finding(subject, definitions, subject.unused)


_UNUSED = (  # by how many steps fall with it: none, one, several
    "nobody uses {data}",
    "nobody uses {data}; {steps} serves nothing else",
    "nobody uses {data}; {steps} serve nothing else",
)


def _finding(subject: Subject, definitions: list[tuple[int, str]], unused: UnusedData) -> Finding:
    service, graph = subject.service.id, subject.graph
    roots = [definition for definition in definitions if unused.dropped[definition]]
    data = ", ".join(dict.fromkeys(datum for _, datum in roots or definitions))
    giver = definitions[0][0]
    basis = unused.basis(giver)
    givers = dict.fromkeys(i for i, _ in roots or definitions)
    removed = [i for i in dict.fromkeys(i for i, _ in definitions) if i in unused.removed]
    template = _UNUSED[min(len(removed), 2)]
    if basis:
        template = "nobody uses {data}" if roots else "only steps that serve nothing use {data}"
        if unused.serves_nothing(giver) and something_stays(subject, {**unused.removed, giver: None}):
            removed = [giver]
    edit = DropOutputs(service, [(graph.id(i), datum) for i, datum in definitions], graph.ids(removed))
    message = Message(template, data=data, steps=", ".join(graph.ids(removed)))
    return claim(service, graph.ids(list(givers | dict.fromkeys(removed))), message, edit, basis)
