"""HND003: excess handovers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject


@rule(
    "HND003",
    "excess-handovers",
    bad="""
    resources: [{id: counter}, {id: officer}, {id: head}]
    procedure:
      steps:
        - {id: receive, resource: counter}
        - {id: assess, resource: officer}
        - {id: sign, resource: head}
        - {id: send, resource: counter}
      flows:
        - {source: receive, target: assess}
        - {source: assess, target: sign}
        - {source: sign, target: send}
    """,
    good="""
    resources: [{id: counter}, {id: officer}, {id: head}]
    procedure:
      steps:
        - {id: receive, resource: counter}
        - {id: assess, resource: officer}
        - {id: sign, resource: head}
        - {id: send, resource: head}
      flows:
        - {source: receive, target: assess}
        - {source: assess, target: sign}
        - {source: sign, target: send}
    """,
)
def excess_handovers(subject: Subject) -> Iterator[Finding]:
    """
    Find cases that on the likeliest way come back, over others, to staff who had them before.

    Why it matters:
        With each of the staff once, one handover fewer than staff would do; every other one is a queue and a new reading.

    Remedy:
        Case assignment and resequencing: let who has the case do all they have to do on it. Which steps can move others
        know: see HND001 for those that lie between two steps of one resource.

    Known limits:
        Whether data, a decision or a provision fix the order is not looked at: what it would be otherwise is a count, not a
        plan. Who receives and who hands over may have to be the same counter. A case that goes to one other and straight back is
        left to HND001. What runs side by side is left out.

    Source:
        Reijers & Liman Mansar (2005), case assignment, Omega 33(4), 283-306.
    """
    staff = subject.setting.staff
    if len({id for step in subject.service.procedure.steps for id in step.resource if id in staff}) < 3:
        return
    hands: list[tuple[tuple[str, ...], int]] = []
    for i in subject.likeliest_way:
        node = subject.node(i)
        role = tuple(sorted(id for id in node.resource if id in staff)) if isinstance(node, Step) else ()
        if role and (not hands or hands[-1][0] != role):
            hands.append((role, i))
    met: set[tuple[str, ...]] = set()
    back = []
    for n, (role, i) in enumerate(hands):
        if role in met and hands[n - 2][0] != role:
            back.append(i)
        met.add(role)
    if back:
        yield Finding(
            subject.service.id,
            steps=subject.graph.ids(back),
            message=Message(
                "comes back to staff who had it: {handovers} handovers on the likeliest way, {fewest} if each of the staff had it once",
                handovers=len(hands) - 1,
                fewest=len(met) - 1,
            ),
        )
