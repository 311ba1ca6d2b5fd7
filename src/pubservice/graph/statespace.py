"""
The states that the rest of a procedure can get into, shortest runs first.

A state says how many tokens wait on each flow. Where tokens can pile up for ever, their number becomes infinite, so that
the exploration ends. Inclusive gateways that join look at the whole state, so that this would be wrong for them; where
there are any, a state with two tokens on a flow is not followed.
"""

from __future__ import annotations

import heapq
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.graph.reduction import Rest, RestNode

State: TypeAlias = tuple[tuple[int, float], ...]
"""Flows on which tokens wait, in the order of their numbers, and how many."""


@attrs.frozen(eq=False)
class Firing:
    """A node of the rest takes tokens from flows and gives tokens to flows."""

    node: int
    taken: tuple[int, ...]
    given: tuple[int, ...]


@attrs.frozen(eq=False)
class Arrival:
    """
    How a state is reached by a shortest run.

    Attributes:
        state: Which.
        before: Number of the state before it; -1 for the first.
        firing: What leads here from there; None for the first.
        length: How many nodes of the procedure the run has.
        since: Number of the earlier state to which this firing adds tokens for ever; -1 where there is none.
        places: The flows that have tokens, as bits.
    """

    state: State
    before: int = -1
    firing: Firing | None = None
    length: int = 0
    since: int = -1
    places: int = 0


@attrs.frozen(eq=False)
class StateSpace:
    """
    States, and what leads from one to the next.

    Attributes:
        rest: Of the procedure.
        arrivals: The states by number.
        links: For each state the firings and the states they lead to; None where it was not followed.
    """

    rest: Rest
    arrivals: list[Arrival]
    links: list[list[tuple[Firing, int]] | None]

    @property
    def is_whole(self) -> bool:
        """Whether every state was followed."""
        return None not in self.links

    @property
    def fired(self) -> set[int]:
        """The nodes of the rest that fire in some state."""
        return {firing.node for links in self.links for firing, _ in links or ()}

    def firings_to(self, number: int) -> list[Firing]:
        """Return the run to a state."""
        result = []
        while (firing := self.arrivals[number].firing) is not None:
            result.append(firing)
            number = self.arrivals[number].before
        result.reverse()
        return result

    def is_reached(self, number: int) -> bool:
        """Return whether a state is reached as it is, no number of tokens in it being infinite."""
        return all(count < inf for _, count in self.arrivals[number].state)


def crowded(rest: Rest, state: State) -> int | None:
    """Return the first flow of the procedure on which two tokens wait, by its number."""
    return next(
        (number for number, count in state if count > 1 and rest.flows[number].ends[1] != rest.final), None
    )


def explore(rest: Rest, *, at_most_states: int) -> StateSpace:
    """
    Return the states of the rest of a procedure.

    Source:
        Karp & Miller (1969), Journal of Computer and System Sciences 3(2), 147-195.
    """
    rules = _Rules(rest)
    arrivals = [Arrival(((rest.start, 1),), places=1 << rest.start)]
    links: list[list[tuple[Firing, int]] | None] = [None]
    numbers = {arrivals[0].state: 0}
    heap = [(0, 0)]
    while heap and len(arrivals) <= at_most_states:
        _, number = heapq.heappop(heap)
        arrival = arrivals[number]
        if links[number] is not None or (
            rest.has_inclusive_join and crowded(rest, arrival.state) is not None
        ):
            continue
        followed = []
        for firing in rules.firings(arrival.state):
            state = rules.after(arrival.state, firing)
            length = arrival.length + rules.length(firing)
            places = sum(1 << n for n, _ in state)
            following = Arrival(state, number, firing, length, places=places)
            if state not in numbers and not rest.has_inclusive_join:
                following = _grown(arrivals, following)
            known = numbers.get(following.state)
            if known is None:
                known = numbers[following.state] = len(arrivals)
                arrivals.append(following)
                links.append(None)
                heapq.heappush(heap, (length, known))
            elif length < arrivals[known].length:
                arrivals[known] = following
                heapq.heappush(heap, (length, known))
            followed.append((firing, known))
            if len(arrivals) > at_most_states:
                break
        else:
            links[number] = followed
    return StateSpace(rest, arrivals, links)


def _grown(arrivals: list[Arrival], new: Arrival) -> Arrival:
    """Return an arrival, with infinitely many tokens where it has more than a state before it, and nowhere fewer."""
    counts = dict(new.state)
    since = -1
    number = new.before
    while number >= 0:
        earlier = arrivals[number]
        if not earlier.places & ~new.places and all(count <= counts[n] for n, count in earlier.state):
            fewer = dict(earlier.state)
            counts = {n: inf if count > fewer.get(n, 0) else count for n, count in counts.items()}
            since = number
        number = earlier.before
    if since < 0:
        return new
    return attrs.evolve(new, state=tuple(counts.items()), since=since)


class _Rules:
    """The token game on the rest of a procedure."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.taken_together = {
            i for i, node in rest.nodes.items() if node.join != "exclusive" and len(node.into) > 1
        }
        self.ways = {
            i: None if node.split == "inclusive" and len(node.out) > 1 else _ways(node)
            for i, node in rest.nodes.items()
        }
        self.upstream = {
            number: self._upstream(i, number)
            for i, node in rest.nodes.items()
            if node.join == "inclusive" and i in self.taken_together
            for number in node.into
        }

    def _upstream(self, join: int, number: int) -> set[int]:
        """Return the flows from which a token can get to a flow without passing a join."""
        found = {number}
        stack = [self.rest.flows[number].source]
        seen = {join, -1}
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                found.update(self.rest.nodes[node].into)
                stack.extend(self.rest.flows[n].source for n in self.rest.nodes[node].into)
        return found

    def length(self, firing: Firing) -> int:
        """Return how many nodes of the procedure a firing passes."""
        return 1 + sum(self.rest.flows[n].length for n in firing.taken)

    def after(self, state: State, firing: Firing) -> State:
        """Return the state after a firing."""
        counts = dict(state)
        for number in firing.taken:
            counts[number] -= 1
            if not counts[number]:
                del counts[number]
        for number in firing.given:
            counts[number] = counts.get(number, 0) + 1
        return tuple(sorted(counts.items()))

    def firings(self, state: State) -> Iterator[Firing]:
        """Yield what can happen in a state."""
        flows, nodes, final = self.rest.flows, self.rest.nodes, self.rest.final
        waiting = dict(state)
        for number in waiting:
            i = flows[number].target
            if i == final:
                continue
            taken: tuple[int, ...] = (number,)
            if i in self.taken_together:
                node = nodes[i]
                taken = tuple([n for n in node.into if n in waiting])
                if taken[0] != number or not self._is_ready(node, taken, waiting):
                    continue
            ways = self.ways[i]
            for given in _choices(self.rest, nodes[i]) if ways is None else ways:
                yield Firing(i, taken, given)

    def _is_ready(self, node: RestNode, taken: tuple[int, ...], waiting: dict[int, float]) -> bool:
        if node.join == "parallel":
            return len(taken) == len(node.into)
        empty = [n for n in node.into if n not in waiting]
        return not any(
            any(number in self.upstream[n] for n in empty)
            and not any(number in self.upstream[n] for n in taken)
            for number in waiting
            if number not in taken
        )


def _ways(node: RestNode) -> list[tuple[int, ...]]:
    """Return the flows that a node can give tokens to."""
    return [(n,) for n in node.out] if node.split == "exclusive" else [tuple(node.out)]


def _choices(rest: Rest, node: RestNode) -> Iterator[tuple[int, ...]]:
    """Yield the flows that an inclusive gateway can give tokens to."""
    certain = [n for n in node.out if rest.flows[n].certain]
    others = [n for n in node.out if not rest.flows[n].certain]
    for count in range(0 if certain else 1, len(others) + 1):
        for chosen in combinations(others, count):
            yield (*certain, *chosen)
