"""HND001: ping-pong handover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding, Subject, rule
from pubservice.edits.edit import Reassign
from pubservice.messages import Message
from pubservice.model.procedure import Gateway, Step

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    "HND001",
    "ping-pong",
    bad="""
    resources: [{id: clerk}, {id: officer}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 5 min}
        - {id: stamp, resource: officer, processing_time: 1 min}
        - {id: file, resource: clerk, processing_time: 5 min}
      flows:
        - {source: intake, target: stamp}
        - {source: stamp, target: file}
    """,
    good="""
    resources: [{id: clerk}, {id: officer}]
    procedure:
      steps:
        - {id: intake, resource: clerk, processing_time: 5 min}
        - {id: file, resource: clerk, processing_time: 5 min}
        - {id: stamp, resource: officer, processing_time: 1 min}
      flows:
        - {source: intake, target: file}
        - {source: file, target: stamp}
    """,
)
def ping_pong(subject: Subject) -> Iterator[Finding]:
    """
    Find steps that one resource does between two steps of another: the case goes there and back.

    Why it matters:
        Each handover is a queue and a new reading of the file.

    Remedy:
        Case assignment: who has the case does the step too, where they have the competences, no provision demands the
        step, it is no approval, decision or check by other eyes, and they keep up with it.

    Known limits:
        That the other resource is there for its authority or its equipment is known only from kind, legal basis and
        competences. Handovers across a wait are not counted: the case rests there anyway.

    Source:
        Reijers & Liman Mansar (2005), case assignment, Omega 33(4), 283-306.
    """
    graph = subject.graph
    following = {
        i: _next_steps(subject, i)
        for i, node in enumerate(graph.nodes)
        if isinstance(node, Step) and node.resource
    }
    preceding: dict[int, list[int]] = {i: [] for i in following}
    for i, after in following.items():
        for j in after:
            preceding[j].append(i)
    for i in following:
        here = _role(subject, i)
        owners = [j for j in preceding[i] if _role(subject, j) != here]
        if not owners:
            continue
        between = _stretch(subject, i, here, following)
        back = {
            _role(subject, k): k
            for j in between
            for k in following[j]
            if _role(subject, k) != here and k not in between
        }
        for owner in dict.fromkeys(_role(subject, j) for j in owners):
            first = next(j for j in owners if _role(subject, j) == owner)
            if owner in back and back[owner] != first:
                yield _finding(subject, first, between, back[owner])


def _role(subject: Subject, i: int) -> tuple[str, ...]:
    node = subject.node(i)
    assert isinstance(node, Step)  # only steps have resources
    return node.resource


def _next_steps(subject: Subject, i: int) -> list[int]:
    """Return the steps with a resource that come next, through gateways."""
    graph = subject.graph
    found: list[int] = []
    seen: set[int] = set()
    stack = list(reversed(graph.successors[i]))
    while stack:
        j = stack.pop()
        if j in seen:
            continue
        seen.add(j)
        node = graph.nodes[j]
        if isinstance(node, Step) and node.resource:
            found.append(j)
        elif isinstance(node, Gateway):
            stack.extend(reversed(graph.successors[j]))
    return found


def _stretch(subject: Subject, i: int, role: tuple[str, ...], following: dict[int, list[int]]) -> list[int]:
    """Return the steps from i on that the same resource does without a handover."""
    found = [i]
    for j in found:
        found.extend(k for k in following[j] if _role(subject, k) == role and k not in found)
    return found


def _finding(subject: Subject, first: int, between: list[int], last: int) -> Finding:
    service, graph = subject.service, subject.graph
    owner, other = _role(subject, first), _role(subject, between[0])
    remedy, message = (
        None,
        Message(
            "goes from {owner} to {other} and back to {owner}",
            owner=", ".join(owner),
            other=", ".join(other),
        ),
    )
    held = set(subject.setting.organisation.resource(owner[0]).competences)
    steps = [node for node in map(subject.node, between) if isinstance(node, Step)]
    if (
        len(owner) == 1
        and all(held.issuperset(step.competences) for step in steps)
        and all(
            step.staff <= (subject.setting.organisation.resource(owner[0]).capacity or 0) for step in steps
        )
        and not any(step.legal_basis or step.kind in ("approval", "decision", "check") for step in steps)
        and _has_room(subject, owner[0], between)
    ):
        remedy = Reassign(service.id, tuple(step.id for step in steps), owner[0])
    return Finding(
        service.id,
        steps=(graph.id(first), *(step.id for step in steps), graph.id(last)),
        message=message,
        remedy=remedy,
    )


def _has_room(subject: Subject, owner: str, between: list[int]) -> bool:
    """Return whether a resource can take steps over and still keep up, as far as that is known."""
    evaluation = subject.setting.evaluation
    profile, total = evaluation.profiles[subject.service.id], evaluation.totals[owner]
    if profile.rate is None or profile.visits is None:
        return True
    steps = subject.service.procedure.steps  # the first nodes of the graph
    added = sum(profile.visits[i] * (profile.times[i] or 0.0) * steps[i].staff for i in between)
    return total.staffed + profile.rate * added < (subject.setting.organisation.resource(owner).capacity or 0)
