"""HND001: ping-pong handover."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.edits.edit import Reassign
from pubservice.messages import Message
from pubservice.model.procedure import Gateway, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pubservice.analysis.subject import Subject


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
        competences. Handovers across a wait, and between people and machines, are not counted. A case that comes back
        because it is done again is rework, no ping-pong.

    Source:
        Reijers & Liman Mansar (2005), case assignment, Omega 33(4), 283-306.
    """
    roles = _roles(subject)
    if len(set(roles.values())) < 2:
        return
    # A flow that leads back is rework.
    following = {i: [j for j in _next_steps(subject, i, roles) if subject.flow.is_ahead(i, j)] for i in roles}
    preceding: dict[int, list[int]] = {i: [] for i in roles}
    for i, after in following.items():
        for j in after:
            preceding[j].append(i)
    met: set[int] = set()
    for i, role in roles.items():
        if i in met:
            continue
        stretch = _joined([i], lambda j: [*following[j], *preceding[j]], lambda j: roles[j] == role)  # noqa: B023
        if stretch == {i} and not {roles[j] for j in preceding[i]} & {roles[j] for j in following[i]}:
            continue
        met |= stretch
        come: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        go: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for j in stretch:
            for k in preceding[j]:
                if k not in stretch:
                    come[roles[k]].append((k, j))
            for k in following[j]:
                if k not in stretch:
                    go[roles[k]].append((j, k))
        for owner in [owner for owner in come if owner in go]:
            inside = _joined([j for _, j in come[owner]], following.__getitem__, stretch.__contains__)
            inside &= _joined([j for j, _ in go[owner]], preceding.__getitem__, stretch.__contains__)
            if inside:
                first = min(k for k, j in come[owner] if j in inside)
                last = min(k for j, k in go[owner] if j in inside)
                yield _finding(subject, roles, first, sorted(inside), last)


def _roles(subject: Subject) -> dict[int, tuple[str, ...]]:
    """Return the staff of each step that staff do and cases reach."""
    staff = subject.setting.staff
    found = {}
    for i, node in enumerate(subject.graph.nodes):
        if isinstance(node, Step) and node.resource and subject.flow.is_reached(i):
            role = tuple(sorted([id for id in node.resource if id in staff]))
            if role:
                found[i] = role
    return found


def _next_steps(subject: Subject, i: int, roles: dict[int, tuple[str, ...]]) -> list[int]:
    """Return the steps of staff that come next, through gateways."""
    graph = subject.graph
    found: list[int] = []
    seen: set[int] = set()
    stack = list(reversed(graph.successors[i]))
    while stack:
        j = stack.pop()
        if j in seen:
            continue
        seen.add(j)
        if j in roles:
            found.append(j)
        elif isinstance(graph.nodes[j], Gateway):
            stack.extend(reversed(graph.successors[j]))
    return found


def _joined(
    starts: list[int], neighbours: Callable[[int], list[int]], among: Callable[[int], bool]
) -> set[int]:
    """Return what is reached from the starts, which belong to it, without leaving a set of nodes."""
    found = set(starts)
    stack = list(found)
    while stack:
        for j in neighbours(stack.pop()):
            if j not in found and among(j):
                found.add(j)
                stack.append(j)
    return found


def _finding(
    subject: Subject, roles: dict[int, tuple[str, ...]], first: int, between: list[int], last: int
) -> Finding:
    service, graph = subject.service.id, subject.graph
    owner, other = ", ".join(roles[first]), ", ".join(roles[between[0]])
    steps = [node for node in map(subject.node, between) if isinstance(node, Step)]
    reason = _why_not(subject, roles[first], first, between, steps)
    basis = tuple(dict.fromkeys(basis for step in steps for basis in step.legal_basis))
    where = graph.ids([first, *between, last])
    if reason is None:
        message = Message("goes from {owner} to {other} and back to {owner}", owner=owner, other=other)
        return claim(service, where, message, Reassign(service, graph.ids(between), owner), basis)
    if basis and len(roles[first]) == 1:
        reason = Message("{basis} would have to change", basis=", ".join(basis))
    message = Message(
        "goes from {owner} to {other} and back to {owner}; {reason}", owner=owner, other=other, reason=reason
    )
    return Finding(service, steps=where, message=message)


def _why_not(
    subject: Subject, owner: tuple[str, ...], first: int, between: list[int], steps: list[Step]
) -> Message | None:
    """Return why who has the case cannot do the steps too, whatever the law says; None where they can."""
    nested = subject.nested
    if len(owner) > 1:
        return Message("several together have the case")
    for step in steps:
        if step.kind in ("approval", "decision", "check"):
            return Message("{step} is for other eyes", step=step.id)
        if len(step.resource) > 1:
            return Message("{step} takes several resources", step=step.id)
    here = nested.region_of[first]
    if nested.unstructured is not None or any(nested.region_of[i] is not here for i in between):
        return Message("other work runs beside it")
    resource = subject.setting.organisation.resource(owner[0])
    missing = {needed for step in steps for needed in step.competences}.difference(resource.competences)
    if missing:
        return Message("{owner} lacks {competences}", owner=owner[0], competences=", ".join(sorted(missing)))
    capacity = resource.capacity or 0
    if any(step.staff > capacity for step in steps) or not _has_room(subject, owner[0], between, capacity):
        return Message("{owner} could not keep up", owner=owner[0])
    return None


def _has_room(subject: Subject, owner: str, between: list[int], capacity: int) -> bool:
    """Return whether a resource can take steps over and still keep up, as far as that is known."""
    evaluation = subject.setting.evaluation
    profile, total = evaluation.profiles[subject.service.id], evaluation.totals[owner]
    if profile.rate is None or profile.visits is None:
        return True
    steps = subject.service.procedure.steps  # the first nodes of the graph
    added = sum(profile.visits[i] * (profile.times[i] or 0.0) * steps[i].staff for i in between)
    return total.staffed + profile.rate * added < capacity
