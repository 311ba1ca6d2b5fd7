"""
Soundness of free-choice nets in polynomial time.

A procedure without inclusive gateways is a free-choice net: flows are places, and what a node can do are transitions.
It is sound exactly if the net that leads from the end back to the start is live and bounded, which the rank theorem
decides without looking at a single state.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubservice.graph.reduction import Rest


@attrs.frozen(eq=False)
class Net:
    """
    A strongly connected free-choice net: transitions that share a place before them share all.

    Attributes:
        before: For each transition, the places that it takes from.
        after: For each transition, the places that it gives to.
        taking: For each place, the transitions that take from it.
        giving: For each place, the transitions that give to it.
    """

    before: Sequence[Sequence[int]]
    after: Sequence[Sequence[int]]
    taking: Sequence[Sequence[int]]
    giving: Sequence[Sequence[int]]

    @property
    def turned(self) -> Net:
        """The net with places and transitions exchanged and every arc turned round, which is free-choice too."""
        return Net(before=self.taking, after=self.giving, taking=self.before, giving=self.after)


def is_live_and_bounded(net: Net, start: int) -> bool:
    """
    Return whether a net is live and bounded with one token in a place.

    Source:
        Desel & Esparza (1995), Free Choice Petri Nets, theorem 6.17 (rank theorem) and proposition 5.4; a token in every
        siphon makes it live (Commoner's theorem).
    """
    return (
        _marks_every_siphon(net, start)
        and _is_covered(net)
        and _is_covered(net.turned)
        and _rank(net) == len({tuple(places) for places in net.before}) - 1
    )


def free_choice_net(rest: Rest) -> Net:
    """Return the net of what is left of a procedure without inclusive gateways, its end led back to its start; place 0 is the start."""
    place = {number: i for i, number in enumerate([rest.start, *(n for n in rest.flows if n != rest.start)])}
    before: list[list[int]] = []
    after: list[list[int]] = []
    count = len(place)
    for i, node in rest.nodes.items():
        into, out = [place[n] for n in node.into], [place[n] for n in node.out] or [0]
        takes = [[p] for p in into] if node.join == "exclusive" else [into]
        gives = [[p] for p in out] if node.split == "exclusive" or i == rest.final else [out]
        if len(takes) > 1 and len(gives) > 1:
            before += [*takes, *([count] for _ in gives)]
            after += [*([count] for _ in takes), *gives]
            count += 1
        else:
            before += takes * len(gives)
            after += gives * len(takes)
    taking: list[list[int]] = [[] for _ in range(count)]
    giving: list[list[int]] = [[] for _ in range(count)]
    for t, (taken, given) in enumerate(zip(before, after, strict=True)):
        for p in taken:
            taking[p].append(t)
        for p in given:
            giving[p].append(t)
    return Net(before, after, taking, giving)


def _marks_every_siphon(net: Net, start: int) -> bool:
    """Return whether no set of places without the start stays empty for ever once it is empty."""
    inside = [True] * len(net.taking)
    inside[start] = False
    left = [len(places) for places in net.before]
    emptied = [start]
    for place in emptied:
        for t in net.taking[place]:
            left[t] -= 1
            if not left[t]:
                for other in net.after[t]:
                    if inside[other]:
                        inside[other] = False
                        emptied.append(other)
    return not any(inside)


def _is_covered(net: Net) -> bool:
    """
    Return whether every place is in a part of the net that is a state machine.

    Such a part holds as many tokens for ever. From each place a minimal siphon is made that contains it; in a net that
    can be live and bounded each of them is a state machine.
    """
    covered = [False] * len(net.taking)
    for place in range(len(net.taking)):
        if not covered[place]:
            part = _minimal_siphon(net, place)
            around = {t for p in part for t in (*net.taking[p], *net.giving[p])}
            for t in around:
                if sum(p in part for p in net.before[t]) != 1 or sum(p in part for p in net.after[t]) != 1:
                    return False
            for p in part:
                covered[p] = True
    return True


def _minimal_siphon(net: Net, place: int) -> set[int]:
    """Return a minimal siphon with a place: of the places before each transition, that which is first met from it."""
    chosen: dict[int, int] = {}  # by transition
    queue = [place]
    for p in queue:
        if net.taking[p][0] in chosen:
            continue
        for t in net.taking[p]:
            chosen[t] = p
            queue.extend(net.after[t])
    part = {place}
    queue = [place]
    for p in queue:
        for t in net.giving[p]:
            if chosen[t] not in part:
                part.add(chosen[t])
                queue.append(chosen[t])
    return part


def _rank(net: Net) -> int:
    """Return the rank of the incidence matrix, in whole numbers."""
    pivots: dict[int, dict[int, int]] = {}
    for taken, given in zip(net.before, net.after, strict=True):
        row: dict[int, int] = {}
        for p in given:
            row[p] = row.get(p, 0) + 1
        for p in taken:
            row[p] = row.get(p, 0) - 1
        row = {p: value for p, value in row.items() if value}
        while row:
            column = min(row)
            if column not in pivots:
                pivots[column] = row
                break
            pivot = pivots[column]
            mine, other = pivot[column], row[column]
            row = {
                p: value
                for p in row.keys() | pivot.keys()
                if (value := row.get(p, 0) * mine - pivot.get(p, 0) * other)
            }
            divisor = gcd(*row.values())
            row = {p: value // divisor for p, value in row.items()}
    return len(pivots)
