"""How long things last: what lies between two nodes, and lengths said in the unit of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.graph.paths import unavoidable
from pubservice.model.procedure import Step, Wait
from pubservice.units import in_unit

if TYPE_CHECKING:
    from pubservice.analysis.subject import Subject
    from pubservice.graph.blocks import Block, Region
    from pubservice.messages import Message
    from pubservice.units import Duration


class Lasting:
    """Times between the nodes of a procedure whose blocks close, by the means of what every case passes."""

    def __init__(self, subject: Subject) -> None:
        self._graph = subject.graph
        self._nested = subject.nested
        self._stays = _stays(subject)
        self._over = list(subject.graph.successors)  # blocks are one step from their split to their join
        for block in self._nested.blocks:
            self._over[block.split] = [block.join]
        for block in reversed(self._nested.blocks):  # inner before outer
            self._stays[block.split] += self._through(block)

    def _through(self, block: Block) -> float:
        """Return the least mean time from the split of a block to its join."""
        heads = self._graph.successors[block.split]
        times = [self._along(head, block.join) for head in heads]
        return max(times) if block.kind == "parallel" else min(times)

    def _along(self, first: int, last: int) -> float:
        """Return the mean time of what every case passes from one node to just before another of the same region."""
        path = unavoidable(first, {last}, self._over)
        return sum(self._stays[i] for i in path if i != last)

    def between(self, first: int, last: int) -> float:
        """Return the least mean seconds from when a case comes to one node to when it comes to another; 0 if it need not."""
        nested = self._nested
        a, b = nested.region_of[first], nested.region_of[last]
        total = 0.0
        while a is not b and a is not None and b is not None:
            if a.depth >= b.depth:
                block = _block(a)
                if block is b.block:
                    return 0.0  # side by side
                total += self._along(first, block.join)
                first, a = block.join, block.region
            else:
                block = _block(b)
                total += self._along(self._graph.successors[block.split][b.branch], last)
                last, b = block.split, block.region
        return total + self._along(first, last) if last in unavoidable(first, {last}, self._over) else 0.0


def _block(region: Region) -> Block:
    assert region.block is not None  # a deeper region is in a block
    return region.block


def _stays(subject: Subject) -> list[float]:
    """Return the mean seconds of a visit of each node, queues included, as far as they are known."""
    steps = subject.performance.steps  # the first nodes of the graph
    found = []
    for i, node in enumerate(subject.graph.nodes):
        if isinstance(node, Step):
            found.append((steps[i].processing_time_s or 0.0) + (steps[i].waiting_time_s or 0.0))
        elif isinstance(node, Wait):
            found.append(subject.profile.waits[i] or 0.0)
        else:
            found.append(0.0)
    return found


def said_like(length: Duration, times: float) -> Message:
    """
    Return so many times a length, in its own unit.

    Example:
        >>> from pubservice.units import Duration
        >>> said_like(Duration(14, "working_day"), 1.5)
        '21 working_day'
    """
    return in_unit(f"{length.magnitude * times:.4g}", length.unit)
