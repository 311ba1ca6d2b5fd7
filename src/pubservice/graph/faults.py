"""What goes wrong in a procedure that is not sound: named, with the nodes involved and a run that shows it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.graph.paths import reachable, strong_components
from pubservice.graph.reduction import in_order
from pubservice.graph.statespace import crowded
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.graph.reduction import Rest, Run
    from pubservice.graph.statespace import Arrival, Firing, StateSpace
    from pubservice.messages import Language

FaultKind = Literal[
    "deadlock",
    "livelock",
    "lack-of-synchronisation",
    "improper-completion",
    "unbounded",
    "dead-node",
    "no-end",
    "unsound",
]


@attrs.frozen
class Fault:
    """
    One way in which a procedure is not sound.

    Attributes:
        kind: ``deadlock`` (a join waits for ever), ``livelock`` (a loop that nothing leaves),
            ``lack-of-synchronisation`` (two tokens on one flow: branches meet where nothing waits for them),
            ``improper-completion`` (a case ends while work is left, or ends twice), ``unbounded`` (work piles up for
            ever), ``dead-node`` (no case gets there), ``no-end`` (no case can end), or ``unsound`` (it is known that
            something goes wrong, but not what).
        nodes: Ids of the nodes involved.
        message: The fault in words.
        run: Ids of nodes in the order they happen until the fault is there, for a deadlock the shortest there is; None
            where no run shows it or none was found.
    """

    kind: FaultKind
    nodes: tuple[str, ...]
    message: Message
    run: tuple[str, ...] | None = None

    def text(self, language: Language = "en") -> str:
        """Return the fault in words, with its run."""
        if not self.run:
            return self.message.text(language)
        return Message("{fault}, after {run}", fault=self.message, run=", ".join(self.run)).text(language)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "kind": self.kind,
            "nodes": list(self.nodes),
            "message": str(self.message),
            "run": None if self.run is None else list(self.run),
        }


def in_document_order(rest: Rest, nodes: Iterable[int]) -> tuple[str, ...]:
    """Return the ids of nodes, each once, in the order of the procedure."""
    return tuple(dict.fromkeys(rest.graph.id(i) for i in sorted(nodes) if i < rest.final))


def listed(ids: Iterable[str]) -> str:
    """Return ids as text for people, at most five of them."""
    names = list(ids)
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")


def deadlocks(space: StateSpace) -> list[Fault]:
    """Return where cases get stuck, a fault for each join that is not in an earlier one."""
    rest = space.rest
    dead: list[tuple[int, int]] = []
    for number, links in enumerate(space.links):
        if links == [] and space.is_reached(number) and not _is_ended(rest, space.arrivals[number]):
            pending = sum(rest.flows[n].length * int(count) for n, count in space.arrivals[number].state)
            dead.append((space.arrivals[number].length + pending, number))
    found: list[Fault] = []
    named: set[int] = set()
    for _, number in sorted(dead):
        state = space.arrivals[number].state
        waiting = {n for n, _ in state if rest.flows[n].target != rest.final}
        joins = sorted({rest.flows[n].target for n in waiting})
        if named.issuperset(joins):
            continue
        named.update(joins)
        missing = [_last(rest, n) for join in joins for n in rest.nodes[join].into if n not in waiting]
        ids = rest.graph.ids(joins)
        message = Message(
            "the case gets stuck: {joins} waits for {missing}, from where nothing comes any more",
            joins=listed(ids),
            missing=listed(dict.fromkeys(missing)),
        )
        run = _run(space, number)
        for n, count in state:
            for _ in range(int(count)):
                run = (run, rest.flows[n].run)
        found.append(Fault("deadlock", ids, message, rest.names(run)))
    return found


def livelocks(space: StateSpace) -> list[Fault]:
    """Return the loops that nothing leaves, but those that pile up work, which are `unbounded`."""
    found = []
    for component in hopeless(space):
        inside = set(component)
        firings = [firing for i in component for firing, _ in space.links[i] or ()]
        number = _by_length(space, inside)[0]
        if not firings or not space.is_reached(number):
            continue
        rest = space.rest
        ids = in_document_order(rest, _passed(rest, firings))
        message = Message("nothing leads out of the loop of {nodes}", nodes=listed(ids))
        found.append(Fault("livelock", ids, message, rest.names(_run(space, number))))
    return found


def hopeless(space: StateSpace) -> list[list[int]]:
    """Return the sets of states that nothing leads out of, and in which the case has not ended."""
    rest = space.rest
    successors = [[other for _, other in links or ()] for links in space.links]
    predecessors: list[list[int]] = [[] for _ in successors]
    hopeful = []
    for i, following in enumerate(successors):
        for other in following:
            predecessors[other].append(i)
        # A number of tokens that is infinite stands for any number, so for none too.
        if space.links[i] is None or all(
            count == inf or rest.flows[n].target == rest.final for n, count in space.arrivals[i].state
        ):
            hopeful.append(i)
    hopes = reachable(hopeful, predecessors)
    if all(hopes):
        return []
    return [
        component
        for component in strong_components(0, successors)
        if not hopes[component[0]]
        and len({other for i in component for other in successors[i]}.union(component)) == len(component)
    ]


def lack_of_synchronisation(space: StateSpace) -> list[Fault]:
    """Return the first place where two tokens wait on one flow."""
    rest = space.rest
    states = (i for i, arrival in enumerate(space.arrivals) if crowded(rest, arrival.state) is not None)
    for number in _by_length(space, states):
        if not space.is_reached(number):
            continue
        flow = rest.flows[crowded(rest, space.arrivals[number].state) or 0]
        merge, target = rest.graph.id(flow.source), rest.graph.id(flow.ends[1])
        message = Message(
            "{merge} is passed a second time before {target} is done: branches meet there, and nothing waits for them",
            merge=merge,
            target=target,
        )
        run = rest.names(_run(space, number))
        return [Fault("lack-of-synchronisation", (merge, target), message, run)]
    return []


def improper_completions(space: StateSpace) -> list[Fault]:
    """Return the ends at which work is left, or that a case reaches besides another."""
    rest = space.rest
    best: dict[str, tuple[int, Fault]] = {}
    for number, arrival in enumerate(space.arrivals):
        if not is_improper(rest, arrival) or not space.is_reached(number):
            continue
        ended, *tokens = sorted(
            (n for n, count in arrival.state for _ in range(int(count))),
            key=lambda n: (rest.flows[n].target != rest.final, rest.flows[n].length),
        )
        left = [n for n in tokens if rest.flows[n].ends[1] != rest.final]
        length = arrival.length + rest.flows[ended].length
        end = _last(rest, ended)
        if end in best and best[end][0] <= length:
            continue
        ids = tuple(dict.fromkeys([end, *(_next(rest, n) for n in left or tokens)]))
        message = (
            Message("the case ends at {end} while {left} is still to be done", end=end, left=listed(ids[1:]))
            if left
            else Message("the case ends twice, at {ends}", ends=listed(ids))
        )
        run = _run(space, number), rest.flows[ended].run
        best[end] = length, Fault("improper-completion", ids, message, rest.names(run))
    return [fault for _, fault in best.values()]


def is_improper(rest: Rest, arrival: Arrival) -> bool:
    """Return whether the case has ended and something else is there."""
    return sum(count for _, count in arrival.state) > 1 and any(
        rest.flows[n].target == rest.final for n, _ in arrival.state
    )


def unbounded(space: StateSpace) -> list[Fault]:
    """Return the first loop that piles up work."""
    rest = space.rest
    growing = _by_length(space, (i for i, arrival in enumerate(space.arrivals) if arrival.since >= 0))
    if not growing:
        return []
    number = growing[0]
    loop = space.firings_to(number)[len(space.firings_to(space.arrivals[number].since)) :]
    ids = in_document_order(rest, _passed(rest, loop))
    places = dict.fromkeys(_next(rest, n) for n, count in space.arrivals[number].state if count == inf)
    message = Message(
        "every round of {loop} adds work at {places}, without end", loop=listed(ids), places=listed(places)
    )
    return [Fault("unbounded", ids, message, rest.names(_run(space, number)))]


def dead_nodes(space: StateSpace) -> list[Fault]:
    """Return the nodes to which a way leads, but that never happen."""
    rest = space.rest
    fired = space.fired | {rest.final}
    dead = [
        i
        for number, node in rest.nodes.items()
        if number not in fired
        for run in (number, node.folded, *(rest.flows[n].folded for n in node.out))
        for i in in_order(run)
    ]
    ids = in_document_order(rest, dead)
    if not ids:
        return []
    return [
        Fault(
            "dead-node", ids, Message("no case ever gets past what comes before {nodes}", nodes=listed(ids))
        )
    ]


def _is_ended(rest: Rest, arrival: Arrival) -> bool:
    """Return whether every token is at the end."""
    return all(rest.flows[n].target == rest.final for n, _ in arrival.state)


def _by_length(space: StateSpace, numbers: Iterable[int]) -> list[int]:
    return sorted(numbers, key=lambda i: (space.arrivals[i].length, i))


def _passed(rest: Rest, firings: Iterable[Firing]) -> set[int]:
    """Return the nodes of the procedure that firings pass."""
    found = set()
    for firing in firings:
        found.add(firing.node)
        for n in firing.taken:
            found.update(in_order(rest.flows[n].run))
    return found


def _run(space: StateSpace, number: int) -> Run:
    """Return the run to a state."""
    run: Run = None
    for firing in space.firings_to(number):
        for n in firing.taken:
            run = (run, space.rest.flows[n].run)
        run = (run, firing.node)
    return run


def _next(rest: Rest, number: int) -> str:
    """Return the id of the node before which a token on a flow waits; the end where it has ended."""
    flow = rest.flows[number]
    return rest.graph.id(flow.ends[1] if flow.ends[1] != rest.final else flow.ends[0])


def _last(rest: Rest, number: int) -> str:
    """Return the id of the last node before the target of a flow."""
    flow = rest.flows[number]
    nodes = list(in_order(flow.run))
    return rest.graph.id(nodes[-1] if nodes else flow.ends[0])
