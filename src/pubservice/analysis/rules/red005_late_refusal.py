"""RED005: late refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.claims import claim
from pubservice.analysis.controls import RARELY, is_described
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.graph.decisions import parting
from pubservice.messages import Message
from pubservice.model.procedure import End, Gateway, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.controls import KnockOut
    from pubservice.analysis.subject import Subject


@rule(
    "RED005",
    "late-refusal",
    bad="""
    requirements: [form, site-plan]
    procedure:
      steps:
        - {id: draw-up, processing_time: 1 hour, needs: [site-plan], gives: [map]}
        - {id: screen, processing_time: 5 min, checks: [{check: eligible, of: form}]}
        - {id: decide, processing_time: 5 min, needs: [map]}
      ends: [{id: granted}, {id: refused}]
      flows:
        - {source: draw-up, target: screen}
        - {source: screen, target: decide, probability: 0.8}
        - {source: screen, target: refused, probability: 0.2}
        - {source: decide, target: granted}
    """,
    good="""
    requirements: [form, site-plan]
    procedure:
      steps:
        - {id: screen, processing_time: 5 min, checks: [{check: eligible, of: form}]}
        - {id: draw-up, processing_time: 1 hour, needs: [site-plan], gives: [map]}
        - {id: decide, processing_time: 5 min, needs: [map]}
      ends: [{id: granted}, {id: refused}]
      flows:
        - {source: screen, target: draw-up, probability: 0.8}
        - {source: screen, target: refused, probability: 0.2}
        - {source: draw-up, target: decide}
        - {source: decide, target: granted}
    """,
)
def late_refusal(subject: Subject) -> Iterator[Finding]:
    """
    Find checks that refuse cases after work that they do not look at.

    Why it matters:
        The work on a case that is then refused is lost, and the applicant has waited for it.

    Remedy:
        Resequencing: check first. Where the work before it is no plain sequence of steps, there is no remedy here: move
        the check in front of it.

    Known limits:
        What a check looks at is what it needs and checks; work that states no data ends the search, and so do other
        choices and the place where ways meet. Decisions and approvals rest on what came before and are not moved. A check
        that refuses fewer than one case in a hundred is not reported, nor is work that serves nothing (RED002). The order of two steps that both have a legal basis
        is changed as a proposal.

    Source:
        Reijers & Liman Mansar (2005), resequencing and knock-out, Omega 33(4), 283-306.
    """
    if not any(step.checks for step in subject.service.procedure.steps):
        return
    visits = subject.profile.visits
    if visits is None:
        return
    vain = subject.unused.removed if subject.service.outputs and subject.controls.knock_outs else {}
    for i, knock_out in subject.controls.knock_outs.items():
        if (knock_out.probability or 0.0) < RARELY or not visits[i]:
            continue
        before = _before(subject, knock_out)
        work = sum(visits[j] / visits[i] * _work(subject, j) for j in before.nodes if j not in vain)
        if not work:
            continue
        steps = subject.graph.ids([i, *before.nodes])
        message = Message(
            "refuses {share:.0%} of its cases after {work:.4g} min of work that it does not look at",
            share=knock_out.probability,
            work=work / 60,
        )
        old = [*before.nodes, i]
        edit = subject.controls.reorder(subject.service.id, old, [i, *before.nodes]) if before.plain else None
        if edit is None:
            yield Finding(subject.service.id, steps=steps, message=message)
        else:
            yield claim(subject.service.id, steps, message, edit, before.provisions)


@attrs.define
class _Before:
    """
    What stands before a check and could stand behind it.

    Attributes:
        nodes: Steps and waits, in the order of the procedure.
        plain: Whether they are a sequence of steps with nothing between.
        provisions: Those that bind their order.
    """

    nodes: list[int] = attrs.Factory(list)
    plain: bool = True
    provisions: list[str] = attrs.Factory(list)


def _before(subject: Subject, knock_out: KnockOut) -> _Before:
    graph = subject.graph
    found = _Before()
    closed = (
        {block.join: block for block in subject.nested.blocks} if subject.nested.unstructured is None else {}
    )
    at = knock_out.step
    plain = True
    while at != graph.start and len(graph.predecessors[at]) == 1:
        at = graph.predecessors[at][0]
        if at in closed:
            block = closed[at]
            inside, regions = [], list(block.branches)
            for region in regions:
                inside.extend(region.nodes)
                regions.extend(branch for inner in region.blocks for branch in inner.branches)
            at = block.split
            plain = False
        elif graph.splits[at] or parting(graph, at) >= 0:
            break
        else:
            inside = [at]
        working = sorted(j for j in inside if not isinstance(graph.nodes[j], Gateway | End))
        if not _could_follow(subject, knock_out.step, working, found):
            break
        plain = plain and all(isinstance(graph.nodes[j], Step) for j in inside)
        found.plain = plain
        found.nodes[:0] = working
    return found


def _could_follow(subject: Subject, check: int, nodes: list[int], found: _Before) -> bool:
    """Return whether a check could be done before nodes; note the provisions that bind it to come after them."""
    for j in nodes:
        if not is_described(subject.node(j)) or subject.controls.is_bound(j, check):
            return False
    own = subject.node(check)
    assert isinstance(own, Step)  # only steps are knock-outs
    bound = [basis for j in nodes for basis in getattr(subject.node(j), "legal_basis", ())]
    if own.legal_basis and bound:
        if found.nodes and not found.provisions:
            return False  # what may be moved today comes first
        found.provisions.extend([*bound, *own.legal_basis])
    return True


def _work(subject: Subject, i: int) -> float:
    node = subject.node(i)
    return (subject.profile.times[i] or 0.0) * node.staff if isinstance(node, Step) else 0.0
