"""RED002: unused output."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding, SkipRuleError, Subject, rule
from pubservice.edits.edit import DropOutputs
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        owes counts as used in every version. Does not run where a service declares no outputs.

    Source:
        Reijers & Liman Mansar (2005), task elimination, Omega 33(4), 283-306; liveness as in compilers.
    """
    service, flow = subject.service, subject.flow
    if not service.procedure.nodes:
        return
    if not service.outputs:
        raise SkipRuleError(Message("the service declares no outputs"))
    owed = {output.id for output in service.outputs}
    unread: defaultdict[int, list[str]] = defaultdict(list)
    for i, datum in flow.unread:
        if _reached(subject, i) and _may_fall(subject, i, datum, owed):
            unread[i].append(datum)
    fallen: set[tuple[int, str]] = set()
    for i, data in unread.items():
        step = subject.node(i)
        assert isinstance(step, Step)  # waits are left out
        if all((i, datum) in fallen for datum in data):
            continue  # falls with an earlier finding
        outputs, removed = _cascade(subject, i, unread, owed)
        fallen |= set(outputs)
        names = {
            "data": ", ".join(data),
            "basis": ", ".join(step.legal_basis),
            "steps": ", ".join(subject.graph.id(j) for j in removed),
        }
        if step.legal_basis:
            message = Message(
                "nobody uses {data}; {basis} would have to change", data=names["data"], basis=names["basis"]
            )
        elif removed:
            message = Message(
                "nobody uses {data}; {steps} serve nothing else", data=names["data"], steps=names["steps"]
            )
        else:
            message = Message("nobody uses {data}", data=names["data"])
        remedy = DropOutputs(
            service.id,
            [(subject.graph.id(j), datum) for j, datum in outputs],
            [subject.graph.id(j) for j in removed],
        )
        yield Finding(
            service.id,
            steps=(step.id, *(subject.graph.id(j) for j in removed if j != i)),
            message=message,
            remedy=None if step.legal_basis else remedy,
        )


def _reached(subject: Subject, i: int) -> bool:
    return subject.nested.unstructured is not None or subject.nested.region_of[i] is not None


def _may_fall(subject: Subject, i: int, datum: str, owed: set[str]) -> bool:
    """Return whether a datum that nobody in the service reads is owed to nobody either."""
    return (
        isinstance(subject.node(i), Step)
        and datum not in owed
        and not subject.setting.wanted_elsewhere(datum, subject.service.id)
    )


def _cascade(
    subject: Subject,
    root: int,
    unread: dict[int, list[str]],
    owed: set[str],
) -> tuple[list[tuple[int, str]], list[int]]:
    """Return what is no longer made, and the steps that are removed, when a step stops making what nobody reads."""
    flow = subject.flow
    dropped: dict[tuple[int, str], None] = dict.fromkeys((root, datum) for datum in unread[root])
    removed: dict[int, None] = {}
    work = [root]
    while work:
        i = work.pop()
        step = subject.node(i)
        if i in removed or not isinstance(step, Step) or not _is_dead(subject, i, step, dropped, unread):
            continue
        removed[i] = None
        dropped.update(dict.fromkeys((i, datum) for datum in step.gives))
        for datum in flow.uses.get(i, ()):
            for definition in flow.definitions_of(datum):
                readers = flow.readers[definition]
                if (
                    i in readers
                    and all(r in removed for r in readers)
                    and _may_fall(subject, definition[0], datum, owed)
                ):
                    giver = subject.node(definition[0])
                    if isinstance(giver, Step) and not giver.legal_basis:
                        dropped[definition] = None
                        work.append(definition[0])
    return list(dropped), list(removed)


def _is_dead(
    subject: Subject,
    i: int,
    step: Step,
    dropped: dict[tuple[int, str], None],
    unread: dict[int, list[str]],
) -> bool:
    return (
        all((i, datum) in dropped or datum in unread.get(i, ()) for datum in step.gives)
        and not step.checks
        and len(subject.graph.successors[i]) <= 1
        and not step.legal_basis
        and step.contact == "none"
        and step.actor == "office"
    )
