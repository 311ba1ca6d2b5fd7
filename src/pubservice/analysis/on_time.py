"""How the share of cases that are done in time answers to each part of the procedure: exact derivatives on a grid of times."""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.case_time import chances_of, wave_of
from pubservice.analysis.stays import Queueing
from pubservice.errors import UndefinedResultError
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.analysis.case_time import CaseTime
    from pubservice.analysis.lattice import Lattice
    from pubservice.analysis.stays import Part
    from pubservice.graph.blocks import Block

    Values = NDArray[np.complex128]
    Floats = NDArray[np.float64]

_ABOUT = 0.05  # of a limit: the share in time is taken as its mean so far around it, since fixed times make it jump
_STARTS = 8  # every so many of the moments at which a case may arrive are looked at


class _Tape:
    """What was worked out, in order, so that derivatives can be found from the end to the beginning."""

    def __init__(self) -> None:
        self.record: list[_Traced] = []

    def backwards(self, last: _Traced, slope: Values) -> None:
        """Find the derivatives of all that led to the last value, from its own."""
        last.slope = slope
        for traced in reversed(self.record):
            if traced.slope is not None and traced.back is not None:
                traced.back(traced.slope)


class _Chance(float):
    """The probability of a flow, and how the share in time answers to it."""

    slope = 0.0


@attrs.define(eq=False)
class _Traced:
    """
    A transform that knows what it was made from.

    Attributes:
        tape: Where it is noted.
        values: Of the transform.
        back: Hands its derivative on to what it was made from.
        slope: Its derivative a: a change d changes the share in time by the real part of Σ a d.
    """

    tape: _Tape
    values: Values
    back: Callable[[Values], None] | None = None
    slope: Values | None = None

    def __attrs_post_init__(self) -> None:
        self.tape.record.append(self)

    def add(self, slope: Values) -> None:
        """Add to its derivative."""
        self.slope = slope if self.slope is None else self.slope + slope

    def __add__(self, other: _Traced) -> _Traced:
        """Return that of one way or another."""

        def back(slope: Values) -> None:
            self.add(slope)
            other.add(slope)

        return _Traced(self.tape, self.values + other.values, back)

    def __mul__(self, other: Any) -> _Traced:
        """Return that of one after another, or of a way that is taken with a probability."""
        if isinstance(other, _Traced):
            return self._and_then(other)
        chance: _Chance = other

        def back(slope: Values) -> None:
            self.add(slope * chance)
            chance.slope += float((slope * self.values).real.sum())

        return _Traced(self.tape, self.values * chance, back)

    def _and_then(self, other: _Traced) -> _Traced:
        def back(slope: Values) -> None:
            self.add(slope * other.values)
            other.add(slope * self.values)

        return _Traced(self.tape, self.values * other.values, back)

    def repeated(self) -> _Traced:
        """Return that of none, one or more in a row."""
        values = 1 / (1 - self.values)
        return _Traced(self.tape, values, lambda slope: self.add(slope * values * values))


@attrs.define(eq=False)
class OnTime:
    """
    The share of cases of a service that are done in time, and how it answers to what happens to them.

    Attributes:
        time: Of a case.
        within: How many seconds of the service's clock a case has, for each moment at which it may arrive.
        level: Of the grid that holds them.
    """

    time: CaseTime
    within: Floats
    level: int
    _stretched: dict[Part, Values] = attrs.Factory(dict)
    _slopes: dict[tuple[int, int], Values] = attrs.Factory(dict)

    def __attrs_post_init__(self) -> None:
        if self.time.is_network:
            assert self.time.case.of.nested.unstructured is not None  # that makes it a network
            raise UndefinedResultError(self.time.case.of.nested.unstructured)
        if not self.time.varies:
            raise UndefinedResultError(Message("all cases take equally long"))

    @cached_property
    def _lattice(self) -> Lattice:
        return self.time.grid(self.level).lattice

    @cached_property
    def _waves(self) -> dict[Part, Values]:
        """The transform of each part of a visit."""
        return {part: wave.values[0] for part, wave in self.time.grid(self.level).waves.items()}

    @cached_property
    def _worked_out(self) -> tuple[list[_Traced | None], list[list[_Chance]]]:
        """The transform of a visit of each node and the probability of each flow, with their derivatives."""
        import numpy as np

        tape, lattice = _Tape(), self._lattice
        with np.errstate(all="ignore"):  # what is too small for a number is 0
            at_once = _Traced(tape, lattice.at_once.values[0])
            nodes = [
                _Traced(tape, prod((self._waves[part] for part in parts[1:]), start=self._waves[parts[0]]))
                if parts
                else None
                for parts in self.time.parts
            ]
            chances = [[_Chance(weight) for weight in weights] for weights in self.time.passages.weights]
            passages = attrs.evolve(self.time.passages, weights=[list[float](row) for row in chances])
            blocks: dict[int, _Traced] = {}

            def time_of(node: int) -> _Traced | None:
                return blocks.get(node, nodes[node])

            nested = self.time.case.of.nested
            for block in reversed(nested.blocks):
                branches = [passages.through(branch, time_of, at_once) for branch in block.branches]
                blocks[block.split] = self._joined(tape, block, branches)
            total = passages.through(nested.regions[0], time_of, at_once)
            tape.backwards(total, _transposed(self._counts / lattice.damping))
        return nodes, chances

    @cached_property
    def _counts(self) -> Floats:
        """How far a time at each point of the grid counts as in time."""
        import numpy as np

        limits = self.within[::_STARTS, np.newaxis]
        about = np.maximum(limits * _ABOUT, self._lattice.step)
        counts = np.clip((limits + about - self._lattice.points) / (2 * about), 0.0, 1.0)
        return np.asarray(counts.mean(axis=0))

    def _joined(self, tape: _Tape, block: Block, branches: list[_Traced]) -> _Traced:
        """Return the time of a block: of independent branches, those that are taken, the longest."""
        import numpy as np

        damping, size = self._lattice.damping, self._lattice.size
        chances = chances_of(self.time.case, block)
        none = prod(1 - p for p in chances)
        masses = [np.fft.irfft(branch.values, size) / damping for branch in branches]
        done = [1 - p + p * (np.cumsum(m) - m / 2) for p, m in zip(chances, masses, strict=True)]
        steps = (np.prod(done, axis=0) - none) / (1 - none)

        def back(slope: Values) -> None:
            on_masses = damping * np.fft.fft(slope, size).real
            halves = (on_masses[1:] + on_masses[:-1]) / 2
            on_steps = np.zeros(size)
            on_steps[1:] += halves
            on_steps[:-1] -= halves
            on_steps[0] += on_masses[0]
            for n, (p, branch) in enumerate(zip(chances, branches, strict=True)):
                others = np.prod([d for k, d in enumerate(done) if k != n], axis=0) * p / (1 - none)
                on_done = on_steps * others
                later = np.cumsum(on_done[::-1])[::-1]
                branch.add(_transposed((later - on_done / 2) / damping))

        rises = np.diff(steps) / 2
        joined = np.zeros(size)
        joined[0] = steps[0]
        joined[1:] += rises
        joined[:-1] += rises
        return _Traced(tape, np.fft.rfft(joined * damping), back)

    # Derivatives

    def by_chance(self, node: int, place: int) -> float:
        """Return how it answers to the probability of a flow out of a node, the others held."""
        return self._worked_out[1][node][place].slope

    def by_length(self, node: int, part: int) -> float:
        """Return how it answers to a part of the visits of a node, as the derivative by the logarithm of its length."""
        found = self.time.parts[node][part]
        if found not in self._stretched:
            self._stretched[found] = self._longer(self._waves[found])
        return self._by_wave(node, part, self._stretched[found])

    def by_waiting(self, node: int, part: int) -> float:
        """Return how it answers to the probability that a visit of a node has to wait."""
        found = self.time.parts[node][part]
        assert isinstance(found, Queueing)  # the caller looked
        return self._by_wave(node, part, self._wave(attrs.evolve(found, chance=1.0)) - 1)

    def with_wait(self, node: int, part: int, wait: Queueing) -> float:
        """Return by how much it rises if visits of a node, and no others, wait otherwise."""
        return self._by_wave(node, part, self._wave(wait) - self._waves[self.time.parts[node][part]])

    def _wave(self, part: Part) -> Values:
        if part not in self._waves:
            self._waves[part] = wave_of(self._lattice, part).values[0]
        return self._waves[part]

    def _longer(self, values: Values) -> Values:
        """Return the derivative of a transform by the logarithm of the length of its time: that of -(t f(t))'."""
        import numpy as np

        lattice = self._lattice
        moments = lattice.points * (np.fft.irfft(values, lattice.size) / lattice.damping)
        change = np.zeros(lattice.size)
        change[1:] += moments[:-1]
        change[:-1] -= moments[1:]
        found: Values = np.fft.rfft(change * lattice.damping) / (2 * lattice.step)
        return found

    def _by_wave(self, node: int, part: int, change: Values) -> float:
        """Return how it answers to a change of the transform of a part of the visits of a node."""
        if (node, part) not in self._slopes:
            traced = self._worked_out[0][node]
            assert traced is not None  # cases come to it
            assert traced.slope is not None  # and end
            others = [self._waves[one] for n, one in enumerate(self.time.parts[node]) if n != part]
            self._slopes[node, part] = prod(others, start=traced.slope)
        return float(self._slopes[node, part].dot(change).real)


def _transposed(on_points: Floats) -> Values:
    """Return the derivative by a transform from that by the numbers that it is the transform of."""
    import numpy as np

    size = len(on_points)
    found: Values = np.asarray(np.conj(np.fft.rfft(on_points)), dtype=np.complex128) * (2 / size)
    found[0] /= 2
    found[-1] /= 2
    return found
