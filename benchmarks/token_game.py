"""All runs of procedures, one or several that send each other messages, by the definitions of rust_bpmn_analyzer 2.0."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING, Any

import attrs

import pubservice as ps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_STATES = 200_000
_MOST_TOKENS = 50  # the checker's own bound
PROPERTIES = ("safe", "option_to_complete", "proper_completion", "no_dead_activities")

Verdict = dict[str, bool | None]
State = tuple[
    tuple[tuple[int, tuple[tuple[int, int], ...]], ...], tuple[tuple[str, int], ...], tuple[Any, ...]
]


@attrs.frozen
class Part:
    """
    A procedure, and what messages have to do with it.

    Attributes:
        procedure: Without inclusive gateways.
        begun_by: Messages any of which begins a case; None where cases begin by themselves.
        waits: For nodes that wait for a message: any of which.
        sends: For nodes that send messages: which.
        races: Event-based gateways, which take a flow only when the message that it leads to is there.
        receivers: Waits that are activities as well as steps are: receive tasks.
    """

    procedure: ps.Procedure
    begun_by: frozenset[str] | None = None
    waits: dict[str, frozenset[str]] = attrs.Factory(dict)
    sends: dict[str, tuple[str, ...]] = attrs.Factory(dict)
    races: frozenset[str] = frozenset()
    receivers: frozenset[str] = frozenset()


@attrs.define
class _Net:
    part: Part
    kinds: dict[str, str]
    into: dict[str, list[int]]
    out: dict[str, list[int]]
    target: dict[int, str]


def _net(part: Part) -> _Net:
    procedure = part.procedure
    kinds = {
        node.id: node.kind if isinstance(node, ps.Gateway) else type(node).__name__
        for node in procedure.nodes
    }
    into: defaultdict[str, list[int]] = defaultdict(list)
    out: defaultdict[str, list[int]] = defaultdict(list)
    for i, flow in enumerate(procedure.flows):
        out[flow.source].append(i)
        into[flow.target].append(i)
    first = str(procedure.first)
    into[first].append(-1)
    return _Net(
        part, kinds, into, out, {-1: first} | {i: flow.target for i, flow in enumerate(procedure.flows)}
    )


def play(parts: Sequence[Part]) -> Verdict:
    """
    Return what holds of all runs of some procedures together; nothing is known with inclusive gateways or too many states.

    Safe: no flow of a case ever has two tokens. Option to complete: no run gets stuck or gathers tokens for ever. Proper
    completion: no run is over in which an end happened twice. No dead activities: each step and receive task is done in some
    run.
    """
    nets = [_net(part) for part in parts]
    if any("inclusive" in net.kinds.values() for net in nets):
        return dict.fromkeys(PROPERTIES)
    begun = tuple((k, ((-1, 1),)) for k, net in enumerate(nets) if net.part.begun_by is None)
    start: State = (begun, (), ())
    seen, waiting = {start}, deque([start])
    done: set[tuple[int, str]] = set()
    verdict: Verdict = dict.fromkeys(PROPERTIES, True)
    while waiting:
        state = waiting.popleft()
        cases, _, ended = state
        if any(n > 1 for _, tokens in cases for i, n in tokens if i >= 0):
            verdict["safe"] = False
        if any(n > _MOST_TOKENS for _, tokens in cases for _, n in tokens):
            verdict["option_to_complete"] = False
            break
        moved = False
        for k, node, after in _moves(nets, state):
            moved = True
            done.add((k, node))
            if after not in seen:
                seen.add(after)
                waiting.append(after)
        if not moved and cases:
            verdict["option_to_complete"] = False
        if not cases and any(n > 1 for _, n in ended):
            verdict["proper_completion"] = False
        if len(seen) > MOST_STATES:
            return dict.fromkeys(PROPERTIES)
    for k, part in enumerate(parts):
        activities = part.receivers | {step.id for step in part.procedure.steps}
        if not {(k, id) for id in activities} <= done:
            verdict["no_dead_activities"] = False
    return verdict


def _moves(nets: list[_Net], state: State) -> Iterator[tuple[int, str, State]]:
    """Yield what can happen: where, and the state after it."""
    cases, messages, ended = state
    lying = dict(messages)
    for k, net in enumerate(nets):
        for trigger in net.part.begun_by or ():
            if trigger in lying:
                left = Counter(lying)
                left.subtract([trigger])
                begun = tuple(sorted((*cases, (k, ((-1, 1),)))))
                yield k, "", (begun, tuple(sorted((+left).items())), ended)
    for position, (k, held) in enumerate(cases):
        net, tokens = nets[k], dict(held)
        others = cases[:position] + cases[position + 1 :]
        for node in {net.target[i] for i in tokens}:
            ready = [i for i in net.into[node] if i in tokens]
            changes: list[tuple[list[int], list[int]]]
            if net.kinds[node] == "parallel":
                changes = [(net.into[node], net.out[node])] if len(ready) == len(net.into[node]) else []
            else:
                changes = [([i], [o]) for i in ready for o in net.out[node]] or [([i], []) for i in ready]
            if node in net.part.races:
                there = [
                    i for i in net.out[node] if net.part.waits.get(net.target[i], frozenset()) & lying.keys()
                ]
                changes = [(taken, given) for taken, given in changes if set(given) <= set(there)]
            wanted = net.part.waits.get(node)
            received: list[list[str]] = [[]] if wanted is None else [[one] for one in wanted & lying.keys()]
            for message in received:
                for taken, given in changes:
                    after, left, ends = Counter(tokens), Counter(lying), Counter(dict(ended))
                    after.subtract(taken)
                    after.update(given)
                    left.subtract(message)
                    left.update(net.part.sends.get(node, ()))
                    ends.update([(k, node)] if net.kinds[node] == "End" else [])
                    case = ((k, tuple(sorted((+after).items()))),) if +after else ()
                    yield (
                        k,
                        node,
                        (
                            tuple(sorted((*others, *case))),
                            tuple(sorted((+left).items())),
                            tuple(sorted(ends.items())),
                        ),
                    )
