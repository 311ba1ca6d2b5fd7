"""WAI007: rework loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.claims import claim
from pubservice.analysis.findings import Finding
from pubservice.analysis.register import SkipRuleError, rule
from pubservice.edits.edit import RelocateCheck
from pubservice.graph.decisions import parting
from pubservice.graph.paths import reverse_postorder
from pubservice.messages import Message
from pubservice.model.procedure import Gateway, Step
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject
    from pubservice.graph.flowgraph import FlowGraph
    from pubservice.model.procedure import Check

OFTEN = 0.1  # of the passes: one in ten is not right the first time
DEEP = 20  # how deep loops are nested that are all looked at


@rule(
    "WAI007",
    "rework-loop",
    bad="""
    requirements: [form]
    procedure:
      start: intake
      steps:
        - {id: intake, processing_time: 10 min, needs: [form]}
        - {id: assess, processing_time: 1 hour, checks: [{check: complete, of: form}]}
      waits:
        - {id: correction, cause: applicant, clock: elapsed, time: 3 day, gives: [form]}
      ends: [{id: done}]
      flows:
        - {source: intake, target: assess}
        - {source: assess, target: done, probability: 0.7}
        - {source: assess, target: correction, probability: 0.3}
        - {source: correction, target: intake}
    """,
    good="""
    requirements: [form]
    procedure:
      start: intake
      steps:
        - {id: intake, processing_time: 10 min, needs: [form]}
        - {id: assess, processing_time: 1 hour, checks: [{check: complete, of: form}]}
      waits:
        - {id: correction, cause: applicant, clock: elapsed, time: 3 day, gives: [form]}
      ends: [{id: done}]
      flows:
        - {source: intake, target: assess}
        - {source: assess, target: done, probability: 0.95}
        - {source: assess, target: correction, probability: 0.05}
        - {source: correction, target: intake}
    """,
)
def rework_loop(subject: Subject) -> Iterator[Finding]:
    """
    Find loops that one case in ten or more passes again, and the work that is done again in them.

    Why it matters:
        What was not right the first time is paid for twice, and the applicant waits twice.

    Remedy:
        Control relocation: where a check that sends cases back looks at what is there when the loop begins, make it there.
        Else the cause has to be found: an unclear form, a missing self-check.

    Known limits:
        That the first pass brings nothing is not known: where each pass adds something, it is no rework. Of loops nested
        more than about twenty deep the outer ones are not looked at.

    Source:
        Reijers & Liman Mansar (2005), control relocation, Omega 33(4), 283-306; Dumas et al. (2018), §7.1: T r / (1 − r).
    """
    graph = subject.graph
    position = {i: n for n, i in enumerate(reverse_postorder(graph))}
    back: dict[int, list[tuple[int, float | None]]] = {}  # by head, what leads back to it
    for i, here in position.items():
        for j, p in zip(graph.successors[i], graph.probabilities[i], strict=True):
            if position[j] <= here:
                back.setdefault(j, []).append((i, p))
    if not back:
        return
    profile = subject.profile
    if profile.visits is None:
        raise SkipRuleError(subject.performance.undefined["cycle_time_s"])
    left = DEEP * len(graph.nodes)
    found = []
    for head in sorted(back, key=position.__getitem__, reverse=True):  # inner loops first
        tails = [i for i, _ in back[head]]
        loop = _loop(graph, head, tails)
        left -= len(loop)
        if left < 0:
            break
        returns = sum([profile.visits[i] * (1.0 if p is None else p) for i, p in back[head]])
        if profile.visits[head] and returns >= OFTEN * profile.visits[head]:
            found.append(_finding(subject, head, tails, loop, returns))
    yield from reversed(found)
    if left < 0:
        raise SkipRuleError(Message("loops are nested very deep: the outermost were not looked at"))


def _loop(graph: FlowGraph, head: int, tails: list[int]) -> set[int]:
    """Return the nodes of a loop: what leads to the flows back without passing its head."""
    found = {head}
    stack = [i for i in tails if i != head]
    found.update(stack)
    while stack:
        for j in graph.predecessors[stack.pop()]:
            if j not in found:
                found.add(j)
                stack.append(j)
    return found


@attrs.frozen
class _Pass:
    """
    What a pass of a loop consists of.

    Attributes:
        body: Nodes on the way from the head to where the loop is left.
        redo: Nodes that only a case comes to that goes back.
    """

    body: list[int]
    redo: list[int]


def _passed(graph: FlowGraph, head: int, loop: set[int]) -> _Pass:
    exits = [i for i in loop if any(j not in loop for j in graph.successors[i])]
    body = {head, *exits}
    stack = [i for i in body if i != head]
    while stack:
        for j in graph.predecessors[stack.pop()]:
            if j in loop and j not in body:
                body.add(j)
                stack.append(j)
    return _Pass(sorted(body), sorted(loop - body))


def _finding(subject: Subject, head: int, tails: list[int], loop: set[int], returns: float) -> Finding:
    graph, profile = subject.graph, subject.profile
    assert profile.visits is not None  # the caller looked
    made_of = _passed(graph, head, loop)
    share = returns / profile.visits[head]
    what = Message("{share:.0%} of the cases that come through go back", share=share)
    if all(profile.times[i] is not None for i in loop if profile.visits[i]):
        body, redo = (
            sum([profile.visits[i] * (profile.times[i] or 0.0) for i in part])
            for part in (made_of.body, made_of.redo)
        )
        again = body * share + redo
        if again:
            what = Message(
                "{what}: {again} of work is done again for each case", what=what, again=in_words(again)
            )
    ends = dict.fromkeys([head, *tails])
    steps = tuple(dict.fromkeys(graph.ids(list(ends))))
    moved = _earlier(subject, head, made_of)
    if moved is None:
        return Finding(subject.service.id, steps=steps, message=what)
    step, fact, first = moved
    what = Message("{what}; {first} could check {fact}", what=what, first=first.id, fact=str(fact))
    edit = RelocateCheck(subject.service.id, step.id, fact.check, fact.of, first.id)
    return claim(subject.service.id, steps, what, edit, step.legal_basis)


def _earlier(subject: Subject, head: int, made_of: _Pass) -> tuple[Step, Check, Step] | None:
    """Return a check that sends cases back, and the first step of the loop, where what it looks at is there already."""
    graph = subject.graph
    at = head
    while isinstance(graph.nodes[at], Gateway) and len(graph.successors[at]) == 1:
        at = graph.successors[at][0]
    first = graph.nodes[at]
    if not isinstance(first, Step) or at not in made_of.body:
        return None
    made = {d for i in made_of.body for d in subject.flow.gives.get(i, ())}
    body = [graph.nodes[i] for i in made_of.body]
    made.update(d for node in body if isinstance(node, Step) and node is not first for d in node.asks)
    able = {c for id in first.resource for c in subject.setting.organisation.resource(id).competences}
    for i in made_of.body:
        step = graph.nodes[i]
        if not isinstance(step, Step) or i == at or not _sends_back(graph, i, made_of):
            continue
        for fact in step.checks:
            if fact.of not in made and fact not in first.checks and able.issuperset(step.competences):
                return step, fact, first
    return None


def _sends_back(graph: FlowGraph, i: int, made_of: _Pass) -> bool:
    """Return whether cases leave the loop behind a step, or behind the gateway that decides on what it found."""
    at = parting(graph, i)
    inside = {*made_of.body, *made_of.redo}
    return at >= 0 and len(inside.intersection(graph.successors[at])) < len(graph.successors[at])
