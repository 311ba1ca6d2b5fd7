"""MOD006: unsound procedure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.graph.paths import to_an_end
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject
    from pubservice.graph.faults import Fault


@rule(
    "MOD006",
    "unsound",
    bad="""
    procedure:
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: visit, processing_time: 1 hour}
        - {id: letter, processing_time: 10 min}
      gateways: [{id: both, kind: parallel}]
      ends: [{id: done}]
      flows:
        - {source: intake, target: visit, probability: 0.5}
        - {source: intake, target: letter, probability: 0.5}
        - {source: visit, target: both}
        - {source: letter, target: both}
        - {source: both, target: done}
    """,
    good="""
    procedure:
      steps:
        - {id: intake, processing_time: 5 min}
        - {id: visit, processing_time: 1 hour}
        - {id: letter, processing_time: 10 min}
      gateways: [{id: either, kind: exclusive}]
      ends: [{id: done}]
      flows:
        - {source: intake, target: visit, probability: 0.5}
        - {source: intake, target: letter, probability: 0.5}
        - {source: visit, target: either}
        - {source: letter, target: either}
        - {source: either, target: done}
    """,
)
def unsound(subject: Subject) -> Iterator[Finding]:
    """
    Find procedures in which a case gets stuck, ends twice or with work left, or work piles up.

    Why it matters:
        Such a procedure cannot be carried out as it is described, and no time computed from it means anything.

    Remedy:
        Close each split with a gateway of its kind; the run that is shown leads to the fault.

    Known limits:
        Conditions are not looked at: that two choices always go the same way is not known. What no way leads to, and where
        no end is reached, other rules say (MOD001, MOD002, MOD003). Where there is too much to look through, the rule says
        so and claims nothing.

    Source:
        van der Aalst (1997), Verification of workflow nets, LNCS 1248, 407-426.
    """
    found = subject.soundness
    stuck = {id for fault in found.faults if fault.kind == "deadlock" for id in fault.nodes}
    for fault in found.faults:
        if fault.kind == "dead-node" and not stuck.isdisjoint(fault.nodes):
            continue  # what comes behind a join that waits for ever
        nodes = _of_its_own(subject, fault)
        if nodes:
            message = (
                Message("{fault}, after {run}", fault=fault.message, run=", ".join(fault.run))
                if fault.run
                else fault.message
            )
            yield Finding(subject.service.id, steps=nodes, message=message)
    if found.verdict == "unknown":
        raise SkipRuleError(found.method)


def _of_its_own(subject: Subject, fault: Fault) -> tuple[str, ...]:
    """Return the nodes of a fault that no other rule reports."""
    index = subject.graph.index
    if fault.kind == "no-end":
        return ()
    if fault.kind == "livelock":
        leads = to_an_end(subject.graph)
        return fault.nodes if any(leads[index[id]] for id in fault.nodes) else ()
    return tuple(id for id in fault.nodes if subject.reached[index[id]])
