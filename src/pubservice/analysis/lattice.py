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
    from collections.abc import Sequence

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

    @property
    def middle(self) -> Steps:
        """Of what lies at a point, half below it."""
        half = (self.at + self.below) / 2
        return Steps(half, half)


def last_of(several: Sequence[Steps]) -> Steps:
    """Return the distribution function of the last of independent times, at least one."""
    import numpy as np

    at: NDArray[np.float64] = np.prod([steps.at for steps in several], axis=0)
    below: NDArray[np.float64] = np.prod([steps.below for steps in several], axis=0)
    return Steps(at, below)


def mixed(shares: Sequence[float], several: Sequence[Steps]) -> Steps:
    """Return the distribution function of one of several times."""
    import numpy as np

    at: NDArray[np.float64] = np.average([steps.at for steps in several], axis=0, weights=shares)
    below: NDArray[np.float64] = np.average([steps.below for steps in several], axis=0, weights=shares)
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

    @property
    def end(self) -> float:
        """The last point, in seconds."""
        return self.step * (self.size - 1)

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """The times of the points, in seconds."""
        import numpy as np

        return np.arange(self.size, dtype=np.float64) * self.step

    @cached_property
    def _damping(self) -> NDArray[np.float64]:
        import numpy as np

        return _COMES_BACK ** (np.arange(self.size) / self.size)

    @cached_property
    def at_once(self) -> Wave:
        """The transform of no time."""
        import numpy as np

        return Wave(np.ones((2, self.size // 2 + 1), dtype=complex))

    def wave(self, masses: NDArray[np.float64]) -> Wave:
        """Return the transform of masses at the points; shape (2, size), all and what lies at single times."""
        import numpy as np

        return Wave(np.fft.rfft(masses * self._damping))

    def masses(self, wave: Wave) -> NDArray[np.float64]:
        """Return the masses at the points."""
        import numpy as np

        return np.maximum(0.0, np.fft.irfft(wave.values, self.size) / self._damping)

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

        masses = np.zeros((2, self.size))
        single = atoms(distribution)
        for value, p in single:
            place = value * seconds / self.step
            low = int(min(place + 1e-9, self.size))
            share = max(0.0, place - low)
            for point, part in ((low, 1 - share), (low + 1, share)):
                if point < self.size:
                    masses[:, point] += p * part
        if not single:
            # E[hat((X - x) / step)]: the second differences of the shortfall.
            times = np.arange(self.size + 1, dtype=np.float64) * (self.step / seconds)
            rises = np.diff(shortfall(distribution, times)) * (seconds / self.step)
            masses[0] = np.maximum(0.0, np.diff(rises, prepend=0.0))
        return self.wave(masses)

    def wait(self, chance: float, mean: float) -> Wave:
        """Return the transform of a wait that is exponential with a mean, in seconds, if there is one at all."""
        waiting = self.duration(Exponential(mean), 1.0) * chance
        return waiting + self.at_once * (1 - chance)

    def collecting(self, size: float, gap: float) -> Wave:
        """
        Return the transform of the wait until a batch is complete.

        Each place in the batch is as likely; every case that is still missing takes an exponential time with mean `gap`.
        """
        import numpy as np

        one = self.wait(1.0, gap).values[0]
        whole = (1 - one**size) / (size * (1 - one))
        return Wave(np.stack([whole, np.full_like(whole, 1 / size)]))
