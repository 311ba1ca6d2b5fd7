"""
Cases that are walked through their procedure and the calendar, one moment after the other.

Work and queues pass while the calendar is open, waits of others pass always: how long both together take depends on when
in the week each begins. No sum of independent times says that, so cases are drawn, each with its own choices and times.
"""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.case_time import chances_of
from pubservice.analysis.stays import Collecting, Elapsing, Queueing
from pubservice.errors import UndefinedResultError
from pubservice.graph.paths import components
from pubservice.messages import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pubservice.analysis.case_time import CaseTime
    from pubservice.analysis.open_time import OpenTime
    from pubservice.analysis.stays import Part
    from pubservice.graph.blocks import Block, Region

    Floats = NDArray[np.float64]
    Tokens = list[tuple[NDArray[np.int64], Floats]]

CASES = 8192  # that are walked
_LEAST_CASES = 512  # of procedures with very many visits
_MOST_VISITS = 8_000_000  # of all cases together
_MOST_ROUNDS = 20_000  # of the visits that one case makes
_SEED = 20260105


@attrs.define(eq=False)
class Walk:
    """
    Cases of a service, walked from moments that are spread evenly over its open time.

    The same numbers are drawn whatever the queues, so that results differ by what they are asked to compare.

    Attributes:
        time: Of a case.
        open_time: Of the calendar.
    """

    time: CaseTime
    open_time: OpenTime
    _generators: dict[int, np.random.Generator] = attrs.Factory(dict)

    @cached_property
    def elapsed(self) -> Floats:
        """
        How many elapsed seconds each case takes, ascending.

        Raises:
            UndefinedResultError: A case comes to too many nodes.
        """
        import numpy as np

        of = self.time.case.of
        assert of.visits is not None  # the cycle time is known
        visits = sum(of.visits)
        if visits > _MOST_ROUNDS:
            message = Message(
                "a case comes to {n:,.0f} nodes: more than {most:,} are not walked through a calendar",
                n=visits,
                most=_MOST_ROUNDS,
            )
            raise UndefinedResultError(message)
        starts = self.open_time.starts(max(_LEAST_CASES, min(CASES, int(_MOST_VISITS / visits))))
        ends = self._network(starts) if self.time.is_network else self._through(of.nested.regions[0], starts)
        return np.sort(ends - starts)

    # Ways

    def _through(self, region: Region, starts: Floats) -> Floats:
        """Return when cases that begin a region at some moments leave it."""
        import numpy as np

        passages = self.time.passages
        sink = len(passages.successors) - 1
        head = passages.heads[id(region)]
        rank = {node: n for n, component in enumerate(passages.components[id(region)]) for node in component}
        ends = starts.copy()
        at: dict[int, Tokens] = {} if head == sink else {head: [(np.arange(len(starts)), starts)]}
        while at:
            node = min(at, key=rank.__getitem__)
            tokens = at.pop(node)
            cases = np.concatenate([numbers for numbers, _ in tokens])
            come = np.concatenate([moments for _, moments in tokens])
            block = self._blocks.get(node)
            now = self._visit(node, come) if block is None else self._block(block, come)
            following, chances = passages.successors[node], passages.weights[node]
            if not following:
                ends[cases] = now
                continue
            taken = np.zeros(len(now), dtype=int)
            if len(following) > 1:
                bounds = np.cumsum(chances[:-1])
                taken = np.searchsorted(bounds, self._rng(node).random(len(now)), side="right")
            for n, other in enumerate(following):
                chosen = taken == n
                if other == sink:
                    ends[cases[chosen]] = now[chosen]
                elif chosen.any():
                    at.setdefault(other, []).append((cases[chosen], now[chosen]))
        return ends

    def _network(self, starts: Floats) -> Floats:
        """Return when cases leave a network without choice."""
        import numpy as np

        graph = self.time.case.of.graph
        done: dict[int, Floats] = {}
        now = starts
        for (node,) in components(graph):
            before = [done[other] for other in graph.predecessors[node]]
            now = done[node] = self._visit(node, np.maximum.reduce(before) if before else starts)
        return now

    def _block(self, block: Block, starts: Floats) -> Floats:
        """Return when cases that come to the split of a block come to its join: with the last branch that is taken."""
        import numpy as np

        chances = chances_of(self.time.case, block)
        ends, some = np.full(len(starts), -np.inf), np.zeros(len(starts), dtype=bool)
        for n, (branch, p) in enumerate(zip(block.branches, chances, strict=True)):
            # Given that one is taken at all: the last is, where no other was.
            rest = 1 - prod(1 - q for q in chances[n:])
            taken = self._rng(block.split).random(len(starts)) < np.where(some, p, p / rest if rest else 0.0)
            some |= taken
            ends[taken] = np.maximum(ends[taken], self._through(branch, starts[taken]))
        return ends

    # Visits

    def _visit(self, node: int, moments: Floats) -> Floats:
        """Return when cases that come to a node at some moments leave it."""
        import numpy as np

        parts = self.time.parts[node]
        if not parts:
            return moments
        if isinstance(parts[0], Elapsing):
            return moments + self._drawn(node, parts[0], len(moments))
        work = sum(self._drawn(node, part, len(moments)) for part in parts)
        left: Floats = np.where(
            work > 0, self.open_time.moments(self.open_time.until(moments) + work), moments
        )
        return left

    @cached_property
    def _blocks(self) -> dict[int, Block]:
        """The blocks, by their splits."""
        return {block.split: block for block in self.time.case.of.nested.blocks}

    def _rng(self, node: int) -> np.random.Generator:
        """Return the generator of a node."""
        import numpy as np

        if node not in self._generators:
            self._generators[node] = np.random.default_rng([_SEED, node])
        return self._generators[node]

    def _drawn(self, node: int, part: Part, many: int) -> Floats:
        """Return so many seconds that a part of a visit takes, on the clock by which it passes."""
        rng = self._rng(node)
        match part:
            case Queueing(chance, mean):
                return (rng.random(many) < chance) * rng.exponential(mean, many)
            case Collecting(size, gap):
                found: Floats = rng.gamma(rng.integers(int(size), size=many).astype(float) + 1e-300, gap)
                return found
            case Elapsing(length):
                return length.distribution.sample(rng, many) * length.seconds
            case _:
                return part.distribution.sample(rng, many) * part.seconds
