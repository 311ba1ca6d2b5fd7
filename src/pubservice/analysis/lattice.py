"""
Distributions on a grid of times, as transforms: sums are products, loops are fractions.

The transform is taken inside the unit circle: what lies behind the end of the grid comes back at its beginning, but
only as a hundred-millionth of itself, so that a grid may end where it is needed, not where the last case does.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.model.distribution import Exponential
from pubservice.model.shortfall import atoms, shortfall

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.model.distribution import Distribution

_COMES_BACK = 1e-8  # of what lies behind the end; more digits are lost to rounding with less


@attrs.frozen(eq=False)
class Wave:
    """
    The transform of a time on a grid.

    Attributes:
        values: Row 0 of all of it, row 1 of what lies at single times; shape (2, size / 2 + 1), complex.
    """

    values: NDArray[np.complex128]

    def __add__(self, other: Wave) -> Wave:
        """Return that of either."""
        return Wave(self.values + other.values)

    def __mul__(self, other: Any) -> Wave:
        """Return that of one after the other, or taken with a probability."""
        return Wave(self.values * (other.values if isinstance(other, Wave) else other))

    def repeated(self) -> Wave:
        """Return that of none, one or more in a row."""
        return Wave(1 / (1 - self.values))


@attrs.frozen(eq=False)
class Steps:
    """
    A distribution function on a grid.

    Attributes:
        at: With which probability a time is not above each point of the grid.
        below: With which it is below it.
    """

    at: NDArray[np.float64]
    below: NDArray[np.float64]


def last_of(several: Sequence[Steps]) -> Steps:
    """Return the distribution function of the last of independent times, at least one."""
    import numpy as np

    at: NDArray[np.float64] = np.prod([steps.at for steps in several], axis=0)
    below: NDArray[np.float64] = np.prod([steps.below for steps in several], axis=0)
    return Steps(at, below)


def others_done(several: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Return for each of some distribution functions the product of all others."""
    before: list[NDArray[np.float64] | float] = [1.0]
    after: list[NDArray[np.float64] | float] = [1.0]
    for steps in several[:-1]:
        before.append(before[-1] * steps)
    for steps in several[:0:-1]:
        after.append(after[-1] * steps)
    return [one * other for one, other in zip(before, reversed(after), strict=True)]  # type: ignore[misc]  # one is an array


def mixed(shares: Sequence[float], several: Sequence[Steps]) -> Steps:
    """Return the distribution function of one of several times."""
    import numpy as np

    weights = np.array(shares)
    at: NDArray[np.float64] = weights @ np.array([steps.at for steps in several])
    below: NDArray[np.float64] = weights @ np.array([steps.below for steps in several])
    return Steps(at, below)


@attrs.frozen(eq=False)
class Lattice:
    """
    A grid of times from 0 on.

    Attributes:
        step: Seconds between two points.
        size: How many points, a power of 2.
    """

    step: float
    size: int

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """The times of the points, in seconds."""
        import numpy as np

        return np.arange(self.size, dtype=np.float64) * self.step

    @cached_property
    def damping(self) -> NDArray[np.float64]:
        """What the mass at each point is multiplied with before it is transformed."""
        import numpy as np

        return _COMES_BACK ** (np.arange(self.size) / self.size)

    @cached_property
    def at_once(self) -> Wave:
        """The transform of no time."""
        import numpy as np

        return Wave(np.ones((2, self.size // 2 + 1), dtype=complex))

    @cached_property
    def _around(self) -> NDArray[np.complex128]:
        """The places on a circle inside that of 1 at which a transform is known; a step later is a factor of this."""
        import numpy as np

        turns = np.arange(self.size // 2 + 1) / self.size
        places: NDArray[np.complex128] = _COMES_BACK ** (1 / self.size) * np.exp(-2j * np.pi * turns)
        return places

    def wave(self, masses: NDArray[np.float64]) -> Wave:
        """Return the transform of masses at the points; shape (2, size), all and what lies at single times."""
        import numpy as np

        if masses[1].any():
            return Wave(np.fft.rfft(masses * self.damping))
        return _without_single(np.fft.rfft(masses[0] * self.damping))

    def masses(self, wave: Wave) -> NDArray[np.float64]:
        """Return the masses at the points."""
        import numpy as np

        result = np.zeros((2, self.size))
        some = 2 if wave.values[1].any() else 1
        result[:some] = np.maximum(0.0, np.fft.irfft(wave.values[:some], self.size) / self.damping)
        return result

    def steps(self, masses: NDArray[np.float64]) -> Steps:
        """Return the distribution function; a density at a point lies half below it."""
        import numpy as np

        single = np.minimum(masses[1], masses[0])
        spread = masses[0] - single
        below = np.cumsum(spread) - spread / 2 + np.cumsum(single) - single
        below[0] = 0.0
        return Steps(np.minimum(1.0, below + single), np.minimum(1.0, below))

    def masses_of(self, steps: Steps) -> NDArray[np.float64]:
        """Return the masses of a distribution function; what comes between two points is half at each."""
        import numpy as np

        single = np.maximum(0.0, steps.at - steps.below)
        between = np.maximum(0.0, steps.below[1:] - steps.at[:-1]) / 2
        spread = np.zeros(self.size)
        spread[1:] += between
        spread[:-1] += between
        return np.stack([spread + single, single])

    def duration(self, distribution: Distribution, seconds: float) -> Wave:
        """
        Return the transform of a duration; its mean stays exact, whatever the step.

        Args:
            distribution: Of the duration.
            seconds: Of one of its unit.
        """
        import numpy as np

        if isinstance(distribution, Exponential) and distribution.mean_value:
            return self._exponential(distribution.mean_value * seconds)
        single = atoms(distribution)
        if single:
            return self._at_points([(value * seconds, p) for value, p in single])
        # E[hat((X - x) / step)]: the second differences of the shortfall.
        times = np.arange(self.size + 1, dtype=np.float64) * (self.step / seconds)
        rises = np.diff(shortfall(distribution, times)) * (seconds / self.step)
        masses = np.maximum(0.0, np.diff(rises, prepend=0.0))
        return _without_single(np.fft.rfft(masses * self.damping))

    def _at_points(self, single: Iterable[tuple[float, float]]) -> Wave:
        """Return the transform of single times; one between two points is partly at each."""
        import numpy as np

        masses = np.zeros(self.size + 2)
        for seconds, p in single:
            place = min(seconds / self.step, self.size)
            low = int(place + 1e-9)
            share = max(0.0, place - low)
            masses[low] += p * (1 - share)
            masses[low + 1] += p * share
        values = np.fft.rfft(masses[: self.size] * self.damping)
        return Wave(np.stack([values, values]))

    def among(self, times: NDArray[np.float64], *, single: bool) -> Wave:
        """
        Return the transform of a time that is one of several, each as likely.

        Args:
            times: In seconds.
            single: Whether times that occur again are single ones; else all stand for what lies between them.
        """
        import numpy as np

        _, which, counts = np.unique(np.round(times, 3), return_inverse=True, return_counts=True)
        place = np.minimum(times / self.step, self.size)
        low = (place + 1e-9).astype(int)
        share = np.maximum(0.0, place - low) / len(times)
        again = (counts[which] > 1) & single
        masses = np.zeros((2, self.size + 2))
        for row, chosen in ((0, slice(None)), (1, again)):
            np.add.at(masses[row], low[chosen], 1 / len(times) - share[chosen])
            np.add.at(masses[row], low[chosen] + 1, share[chosen])
        return self.wave(masses[:, : self.size])

    def _exponential(self, mean: float) -> Wave:
        """Return the transform of an exponential time: on a grid it is geometric but for its first point."""
        import numpy as np

        left = np.exp(-self.step / mean)
        first = mean / self.step * -np.expm1(-self.step / mean)
        return _without_single(1 - first + first * (1 - left) * self._around / (1 - left * self._around))

    def wait(self, chance: float, mean: float) -> Wave:
        """Return the transform of a wait that is exponential with a mean, in seconds, if there is one at all."""
        return self._exponential(mean) * chance + self.at_once * (1 - chance)

    def collecting(self, size: float, gap: float) -> Wave:
        """
        Return the transform of the wait until a batch is complete.

        Each place in the batch is as likely; every case that is still missing takes an exponential time with mean `gap`.
        """
        import numpy as np

        one = self._exponential(gap).values[0]
        whole = (1 - one**size) / (size * (1 - one))
        return Wave(np.stack([whole, np.full_like(whole, 1 / size)]))


def _without_single(values: NDArray[np.complex128]) -> Wave:
    """Return the transform of a time that is never the same twice."""
    import numpy as np

    return Wave(np.stack([values, np.zeros_like(values)]))
