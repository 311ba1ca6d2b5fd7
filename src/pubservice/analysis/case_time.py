"""
The time of one case as a random variable, from how long each visit lasts and which ways a case may take.

Mean and variance of sums, choices and loops are exact. The shape, and what joins wait for, are worked out on a grid.
"""

from __future__ import annotations

from functools import cached_property
from math import gcd, isfinite, prod, sqrt
from typing import TYPE_CHECKING, NamedTuple

import attrs

from pubservice.analysis.composition import one_is_longest
from pubservice.analysis.lattice import Lattice, Steps, last_of, mixed, others_done
from pubservice.analysis.spread import Spread
from pubservice.analysis.stays import Elapsing, Lasting, Part, Queueing, parts
from pubservice.errors import UndefinedResultError
from pubservice.graph.passage import Passages, passages
from pubservice.graph.paths import components, longest_paths
from pubservice.messages import Message
from pubservice.model.shortfall import atoms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubservice.analysis.case import Case
    from pubservice.analysis.lattice import Wave
    from pubservice.graph.blocks import Block

_POINTS = 2048  # of a grid
_FINER = 4  # times as many where fixed times then lie on its points
_DEVIATIONS = 12  # above the mean, where the first grid ends
_MOST_SECONDS = 1e150  # of mean and deviation: their squares are numbers still
_LEAST_SECONDS = 1e-3  # that a grid is long
_UNITS = 1e6  # fixed times are compared in millionths of a second
_MOST_COMPARED = 1e12  # seconds; and are not, beyond


class Joined(NamedTuple):
    """
    What a block does to a case that enters it.

    Attributes:
        spread: Its time.
        decisive: For each branch the probability that no other takes longer, given that the block is entered; of
            branches that end together each counts.
    """

    spread: Spread
    decisive: tuple[float, ...]


class OnGrid(NamedTuple):
    """
    The time of a case on a grid.

    Attributes:
        lattice: The grid.
        steps: The distribution function.
        spread: Mean and variance.
        joined: What each block does, by its split.
        waves: The transform of each part of a visit.
    """

    lattice: Lattice
    steps: Steps
    spread: Spread
    joined: dict[int, Joined]
    waves: dict[Part, Wave]


@attrs.define(eq=False)
class CaseTime:
    """
    The time of a case, on the service's clock.

    Attributes:
        case: With its queues; its cycle time is known.
    """

    case: Case
    _grids: dict[int, OnGrid] = attrs.Factory(dict)

    @cached_property
    def parts(self) -> list[tuple[Part, ...]]:
        """The random parts of a visit of each node; none of a node that no case comes to."""
        visits = self.case.of.visits
        assert visits is not None  # the cycle time is known
        return [parts(self.case, i) if n else () for i, n in enumerate(visits)]

    @cached_property
    def _spreads(self) -> list[Spread]:
        """Mean and variance of a visit of each node."""
        return [prod((part.spread for part in found), start=Spread()) for found in self.parts]

    @cached_property
    def varies(self) -> bool:
        """Whether it is not the same for all cases."""
        return self._rough.variance > 0

    @cached_property
    def is_network(self) -> bool:
        """Whether it is a network of steps without choice, of which the branches do not nest."""
        return self.case.of.nested.unstructured is not None

    @cached_property
    def waits_for_branches(self) -> bool:
        """Whether a join waits for branches of which now one takes longest, now another."""
        if self.is_network:
            return self.varies
        return not all(self._decided.values())

    @cached_property
    def _decided(self) -> dict[int, bool]:
        """Whether of the branches of each block one always takes longest, by its split."""
        blocks = self.case.of.nested.blocks
        return {block.split: one_is_longest(self.case, block, with_waits=True) for block in blocks}

    @property
    def spread(self) -> Spread:
        """Mean and variance."""
        return self.grid(0).spread if self.waits_for_branches else self._rough

    # Without a grid

    @cached_property
    def passages(self) -> Passages:
        """The regions of the procedure as chains."""
        return passages(self.case.of.graph, self.case.of.nested)

    @cached_property
    def _rough(self) -> Spread:
        """
        Mean and variance of all, exact where of the branches of each block one always takes longest.

        Elsewhere rather more, which is only to tell how long a grid has to be: the greatest of independent times is on
        average not above the greatest mean by more than the deviation of their sum, and varies no more than that sum.
        """
        joined: dict[int, Spread] = {}

        def time_of(node: int) -> Spread:
            return joined[node] if node in joined else self._spreads[node]

        if self.is_network:
            variance = sum(spread.variance for spread in self._spreads)
            longest, _ = longest_paths(self.case.of.graph, self.case.stays, at_most=1)
            total = Spread(1.0, longest + sqrt(variance), variance)
        else:
            nested = self.case.of.nested
            for block in reversed(nested.blocks):
                spreads = [self.passages.through(branch, time_of, Spread()) for branch in block.branches]
                means = [spread.mean for spread in spreads]
                found = _mixed(chances_of_longest(chances_of(self.case, block), means), spreads)
                if not self._decided[block.split]:
                    variance = sum(spread.variance for spread in spreads)
                    found = Spread(1.0, found.mean + sqrt(variance), found.variance + variance)
                joined[block.split] = found
            total = self.passages.through(nested.regions[0], time_of, Spread())
        if not isfinite(total.mean + total.variance) or max(total.mean, sqrt(total.variance)) > _MOST_SECONDS:
            raise UndefinedResultError(Message("the result is larger than a number can be"))
        return total

    # On a grid

    def grid(self, level: int) -> OnGrid:
        """
        Return the time on a grid.

        Args:
            level: 0 is long enough for nearly all cases; each more is four times as long, each less a quarter.
        """
        if level not in self._grids:
            import numpy as np

            with np.errstate(all="ignore"):  # what is too small for a number is 0
                self._grids[level] = self._on(self.lattice(level))
        return self._grids[level]

    @cached_property
    def reach(self) -> float:
        """How many seconds hold nearly all cases, where the grid of level 0 ends."""
        rough = self._rough
        return max(_LEAST_SECONDS, rough.mean * 1.25, rough.mean + _DEVIATIONS * sqrt(rough.variance))

    def lattice(self, level: int) -> Lattice:
        """Return a grid on the points of which the fixed times lie, where that can be."""
        step = self.reach * 4.0**level / (_POINTS - 1)
        unit = self._common_unit
        if unit >= step:
            return Lattice(unit / int(unit / step), _POINTS)
        if unit * _FINER >= step:
            return Lattice(unit, _POINTS * _FINER)
        return Lattice(step, _POINTS)

    @cached_property
    def _common_unit(self) -> float:
        """The greatest time of which all fixed times are multiples, in seconds; 0 where there is none."""
        found = 0
        for part in {part for node in self.parts for part in node if isinstance(part, Lasting)}:
            for value, _ in atoms(part.distribution):
                seconds = value * part.seconds
                if seconds > _MOST_COMPARED:
                    return 0.0
                found = gcd(found, round(seconds * _UNITS))
        return found / _UNITS

    def _on(self, lattice: Lattice) -> OnGrid:
        made: dict[Part, Wave] = {}
        waves = self._waves(lattice, made)
        if self.is_network:
            return self._network(lattice, waves)
        joined: dict[int, Joined] = {}
        blocks: dict[int, Wave] = {}

        def wave_of(node: int) -> Wave | None:
            return blocks[node] if node in blocks else waves[node]

        def time_of(node: int) -> Spread:
            return joined[node].spread if node in joined else self._spreads[node]

        nested, through = self.case.of.nested, self.passages.through
        for block in reversed(nested.blocks):
            spreads = [through(branch, time_of, Spread()) for branch in block.branches]
            branches = [
                lattice.steps(lattice.masses(through(branch, wave_of, lattice.at_once)))
                for branch in block.branches
            ]
            steps, joined[block.split] = self._join(block, lattice, branches, spreads)
            blocks[block.split] = lattice.wave(lattice.masses_of(steps))
        total = lattice.masses(through(nested.regions[0], wave_of, lattice.at_once))
        return OnGrid(
            lattice, lattice.steps(total), through(nested.regions[0], time_of, Spread()), joined, made
        )

    def _waves(self, lattice: Lattice, made: dict[Part, Wave]) -> list[Wave | None]:
        """Return the transform of a visit of each node, None where it takes no time; those of the same parts are made once."""
        visits: dict[tuple[Part, ...], Wave | None] = {(): None}
        for found in self.parts:
            if found in visits:
                continue
            for part in found:
                if part not in made:
                    made[part] = wave_of(lattice, part)
            visits[found] = prod((made[part] for part in found[1:]), start=made[found[0]])
        return [visits[found] for found in self.parts]

    def _join(
        self, block: Block, lattice: Lattice, branches: list[Steps], spreads: list[Spread]
    ) -> tuple[Steps, Joined]:
        """Return the time of a block: of independent branches, those that are taken, the longest."""
        chances = chances_of(self.case, block)
        none = prod(1 - p for p in chances)
        some = 1 - none
        taken = [Steps(1 - p + p * b.at, 1 - p + p * b.below) for p, b in zip(chances, branches, strict=True)]
        all_done = last_of(taken)
        steps = Steps((all_done.at - none) / some, (all_done.below - none) / some)
        decisive = []
        others = others_done([b.at for b in taken]), others_done([(b.at + b.below) / 2 for b in taken])
        for p, branch, at_most, less in zip(chances, branches, *others, strict=True):
            spread_out, single = lattice.masses_of(branch)
            decisive.append(p / some * float(single @ at_most + (spread_out - single) @ less))
        shares = chances_of_longest(chances, [spread.mean for spread in spreads])
        base = spread = _mixed(shares, spreads)
        if not self._decided[block.split]:
            spread = _later(lattice, base, mixed(shares, branches), steps)
        return steps, Joined(spread, tuple(decisive))

    def _network(self, lattice: Lattice, waves: list[Wave | None]) -> OnGrid:
        """Return the time of a network without choice; ways that share steps are taken as independent."""
        graph = self.case.of.graph
        done: dict[int, Steps] = {}
        last = graph.start
        for (node,) in components(graph):
            before = [done[other] for other in graph.predecessors[node]]
            begun = lattice.wave(lattice.masses_of(last_of(before))) if before else lattice.at_once
            time = waves[node]
            done[node] = lattice.steps(lattice.masses(begun if time is None else begun * time))
            last = node
        masses = lattice.masses_of(done[last])[0]
        masses /= masses.sum()
        mean = float(masses @ lattice.points)
        variance = float(masses @ (lattice.points - mean) ** 2)
        return OnGrid(lattice, done[last], Spread(1.0, mean, variance), {}, {})


def chances_of(case: Case, block: Block) -> list[float]:
    """Return with which probability each branch of a block is taken, before it is given that one is."""
    given = case.of.graph.probabilities[block.split]
    return [1.0] * len(given) if block.kind == "parallel" else [p or 0.0 for p in given]


def chances_of_longest(chances: Sequence[float], means: Sequence[float]) -> list[float]:
    """Return for each branch the probability that it is taken and none that is longer on average, given that one is."""
    shares = [0.0] * len(chances)
    none_longer = 1.0
    for i in sorted(range(len(chances)), key=means.__getitem__, reverse=True):
        shares[i] = chances[i] * none_longer
        none_longer *= 1 - chances[i]
    return [share / (1 - none_longer) for share in shares]


def _mixed(shares: list[float], spreads: list[Spread]) -> Spread:
    """Return the time of one of several branches."""
    total = Spread(0.0)
    for share, spread in zip(shares, spreads, strict=True):
        total = total + spread * share
    return total


def _later(lattice: Lattice, base: Spread, earlier: Steps, later: Steps) -> Spread:
    """Return mean and variance of a later time from those of an earlier one: E[Tⁿ] grows by ∫ n tⁿ⁻¹ (F - G) dt."""
    at, below = earlier.at - later.at, earlier.below - later.below
    points = lattice.points
    mean = float(at[:-1].sum() + below[1:].sum()) * lattice.step / 2
    square = float(at[:-1] @ points[:-1] + below[1:] @ points[1:]) * lattice.step
    mean = max(0.0, mean)
    variance = base.variance + square - 2 * base.mean * mean - mean * mean
    return Spread(1.0, base.mean + mean, max(0.0, variance))


def wave_of(lattice: Lattice, part: Part) -> Wave:
    """Return the transform of a part of a visit."""
    if isinstance(part, Lasting):
        return lattice.duration(part.distribution, part.seconds)
    if isinstance(part, Elapsing):
        return lattice.among(part.passing.opened, single=not part.length.distribution.scv)
    if isinstance(part, Queueing):
        return lattice.wait(part.chance, part.mean)
    return lattice.collecting(part.size, part.gap)
