"""Controls: steps behind which a case goes on or does not, and what they look at."""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from pubservice.edits.edit import Reorder
from pubservice.graph.decisions import parting
from pubservice.graph.paths import reachable
from pubservice.model.procedure import End, Gateway, Step, Wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pubservice.graph.dataflow import DataFlow
    from pubservice.graph.flowgraph import FlowGraph

CONTROLS = ("approval", "check", "decision")
RARELY = 0.01  # a control that refuses fewer cases than one in a hundred practically never refuses
_TURNED_AWAY = ("refused", "withdrawn")  # the outcomes that the file format names for cases that get nothing
_MOST_BEHIND = 200  # nodes behind a refusal that are looked at; a letter and a register take a few


@attrs.frozen
class KnockOut:
    """
    A step behind which some cases are turned away for good, and all others go on one way.

    Attributes:
        step: Its index.
        last: The node from which the ways part.
        onward: Where the others go on.
        refused: The first nodes of the ways of those that are turned away.
        probability: Of being turned away; None where it is not known.
    """

    step: int
    last: int
    onward: int
    refused: tuple[int, ...]
    probability: float | None


class Controls:
    """The knock-outs of one service, and which steps have to stay in their order."""

    def __init__(self, graph: FlowGraph, flow: DataFlow, owed: Iterable[str]) -> None:
        self._graph = graph
        self._flow = flow
        self._owed = frozenset(owed)
        self._behind: dict[int, frozenset[str] | None] = {}

    @cached_property
    def _hopeful(self) -> list[bool]:
        """For each node, whether a case may still end otherwise than refused or withdrawn."""
        graph = self._graph
        ends = [
            i
            for i, out in enumerate(graph.successors)
            if not out and getattr(graph.nodes[i], "outcome", "") not in _TURNED_AWAY
        ]
        return reachable(ends, graph.predecessors)

    @cached_property
    def _served(self) -> list[bool]:
        """For each node, whether a case may still get something that the service owes."""
        makers = [i for i, data in self._flow.gives.items() if not self._owed.isdisjoint(data)]
        return reachable(makers, self._graph.predecessors)

    def knock_out(self, i: int) -> KnockOut | None:
        """
        Return a step as a knock-out; None where it is none.

        A way turns cases away if each end behind it is called ``refused`` or ``withdrawn``, or if nothing behind it makes
        what the service owes; the other ways have to be one, on which that is not so.
        """
        graph = self._graph
        last = parting(graph, i)
        if last < 0:
            return None
        ways = graph.successors[last]
        for good in (self._hopeful, self._served):
            onward = [j for j in ways if good[j]]
            if len(onward) == 1:
                refused = tuple(j for j in ways if not good[j])
                chance = graph.probabilities[last][ways.index(onward[0])]
                return KnockOut(i, last, onward[0], refused, None if chance is None else 1 - chance)
        return None

    @cached_property
    def knock_outs(self) -> dict[int, KnockOut]:
        """
        The knock-outs that could stand elsewhere, by step: they refuse on what they verify themselves.

        A decision or an approval rests on all that came before it, and stays.
        """
        found = {}
        for i, node in enumerate(self._graph.nodes):
            if isinstance(node, Step) and node.checks and node.kind in ("work", "check"):
                knock_out = self.knock_out(i) if self._flow.is_reached(i) else None
                if knock_out is not None:
                    found[i] = knock_out
        return found

    def is_bound(self, earlier: int, later: int) -> bool:
        """
        Return whether data keep a step, or a wait, behind another, whichever way a case then takes.

        It reads or makes what the other makes, makes what the other reads, or those that it turns away are told of it.
        """
        made, makes = set(self._flow.supplies(earlier)), set(self._flow.supplies(later))
        read, reads = self._flow.uses.get(earlier, ()), self._flow.uses.get(later, ())
        if not made.isdisjoint(reads) or not made.isdisjoint(makes) or not makes.isdisjoint(read):
            return True
        knock_out = self.knock_outs.get(later)
        if knock_out is None or not made:
            return False
        told = [self._read_behind(head) for head in knock_out.refused]
        return any(data is None or not made.isdisjoint(data) for data in told)

    def _read_behind(self, head: int) -> frozenset[str] | None:
        """Return the data that may be read from a node on; None where too much lies behind it to look at."""
        if head not in self._behind:
            seen = {head}
            stack = [head]
            data: set[str] = set()
            while stack and len(seen) <= _MOST_BEHIND:
                i = stack.pop()
                data.update(self._flow.uses.get(i, ()))
                for j in self._graph.successors[i]:
                    if j not in seen:
                        seen.add(j)
                        stack.append(j)
            self._behind[head] = None if stack else frozenset(data)
        return self._behind[head]

    def reorder(self, service: str, old: Sequence[int], new: Sequence[int]) -> Reorder | None:
        """
        Return the edit that does steps which follow each other in another order.

        None where it cannot be said which way leads on behind the last of them: what it turns away goes where no earlier
        one of them turns cases away to, and no step follows that would show it.

        Args:
            service: Its id.
            old: The steps in their present order.
            new: In the new order.
        """
        graph = self._graph
        knocked = {j for i, following in itertools.pairwise(old) for j in self._ways(i) if j != following}
        ways = self._ways(old[-1])
        if len(ways) > 1 and sum(j not in knocked for j in ways) != 1:
            knock_out = self.knock_out(old[-1])
            if knock_out is None or not isinstance(graph.nodes[knock_out.onward], Step):
                return None
            if graph.predecessors[knock_out.onward] != [knock_out.last]:
                return None
            return self.reorder(service, [*old, knock_out.onward], [*new, knock_out.onward])
        return Reorder(service, graph.ids(list(new)))

    def _ways(self, i: int) -> list[int]:
        last = parting(self._graph, i)
        return self._graph.successors[i if last < 0 else last]


def is_described(node: Step | Wait | Gateway | End) -> bool:
    """Return whether a node says something of the data it works on, so that what depends on it is known."""
    if isinstance(node, Step):
        return bool(node.needs or node.gives or node.checks or node.asks)
    return True


def controls_in_a_row(graph: FlowGraph) -> list[list[int]]:
    """Return controls that follow each other, but for waits that bring nothing: at least two in each row."""
    following = {}
    for i, node in enumerate(graph.nodes):
        if isinstance(node, Step) and node.kind in CONTROLS:
            last = parting(graph, i)
            ahead = {_behind_waits(graph, j) for j in graph.successors[i if last < 0 else last]}
            found = [j for j in ahead if j != graph.start and _is_control(graph, j)]
            if len(found) == 1 and len(graph.predecessors[found[0]]) == 1:
                following[i] = found[0]
    rows = []
    for i in sorted(following.keys() - set(following.values())):
        row = [i]
        while row[-1] in following:
            row.append(following[row[-1]])
        rows.append(row)
    return rows


def _behind_waits(graph: FlowGraph, i: int) -> int:
    """Return the first node behind waits that bring nothing."""
    seen = {i}
    node = graph.nodes[i]
    while (
        isinstance(node, Wait)
        and not node.gives
        and len(graph.predecessors[i]) == len(graph.successors[i]) == 1
        and graph.successors[i][0] not in seen
    ):
        i = graph.successors[i][0]
        node = graph.nodes[i]
        seen.add(i)
    return i


def _is_control(graph: FlowGraph, i: int) -> bool:
    node = graph.nodes[i]
    return isinstance(node, Step) and node.kind in CONTROLS
