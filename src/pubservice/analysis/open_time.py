"""Elapsed time through a calendar: how much of it is open, wherever in open time it begins."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pubservice.model.distribution import Distribution
    from pubservice.model.resource import Calendar

    Floats = NDArray[np.float64]

_STARTS = 256  # spread evenly over open time
_WAITS = 2048  # likewise, each with a length of its own
_SEED = 20260105  # of these lengths


@attrs.frozen(eq=False)
class Passing:
    """
    A wait that passes while the calendar is closed too, begun at any open moment.

    Attributes:
        opened: Seconds of open time that pass meanwhile, from 2,048 moments on.
        mean: Of open time.
        variance: Likewise.
        rest: Mean elapsed seconds from its end until it is open.
        slope: The derivative of the mean by the logarithm of its length.
    """

    opened: Floats
    mean: float
    variance: float
    rest: float
    slope: float


@attrs.define(eq=False)
class OpenTime:
    """
    The open time of a calendar from moments that are spread evenly over it.

    Attributes:
        calendar: Its week, or its year where it has closed days, is taken to repeat; it is open some time.
    """

    calendar: Calendar
    _passing: dict[tuple[Distribution, float], Passing] = attrs.Factory(dict)

    @property
    def _cycle(self) -> float:
        """How many seconds repeat."""
        return self.calendar.open_cycle[0] * 60.0

    def longest(self, seconds: float) -> float:
        """Return in how many elapsed seconds it is open for at least so many, wherever they begin."""
        return (seconds / float(self._corners[1][-1]) + 2) * self._cycle

    @cached_property
    def _corners(self) -> tuple[Floats, Floats]:
        """Seconds since the beginning at which it opens or closes, and how many of them it was open until then."""
        import numpy as np

        minutes, stretches = self.calendar.open_cycle
        elapsed, opened = [0.0], [0.0]
        for start, end in stretches:
            elapsed += [start * 60.0, end * 60.0]
            opened += [opened[-1], opened[-1] + (end - start) * 60.0]
        return np.array([*elapsed, minutes * 60.0]), np.array([*opened, opened[-1]])

    def starts(self, many: int) -> Floats:
        """Return so many moments, spread evenly over open time."""
        import numpy as np

        return self.moments((np.arange(many) + 0.5) / many * self._corners[1][-1])

    @cached_property
    def _starts(self) -> Floats:
        return self.starts(_STARTS)

    @cached_property
    def _open_before(self) -> Floats:
        return self.until(self._starts)

    def within(self, seconds: float) -> Floats:
        """Return how many seconds it is open in some elapsed seconds from each start; shape (256,)."""
        return self.until(self._starts + seconds) - self._open_before

    def until(self, elapsed: Floats) -> Floats:
        """Return how many seconds it has been open until each of some moments."""
        import numpy as np

        corners, opened = self._corners
        cycles, rest = np.divmod(elapsed, self._cycle)
        until: Floats = cycles * opened[-1] + np.interp(rest, corners, opened)
        return until

    def moments(self, opened: Floats) -> Floats:
        """Return the first moment until which it has been open for so many seconds, above 0."""
        import numpy as np

        corners, until = self._corners
        cycles = np.ceil(opened / until[-1]) - 1
        rest = opened - cycles * until[-1]
        stretch = np.maximum(np.searchsorted(until, rest) - 1, 0)
        found: Floats = cycles * self._cycle + corners[stretch] + rest - until[stretch]
        return found

    def rests(self, elapsed: Floats) -> Floats:
        """Return how many elapsed seconds it takes from each moment until it is open; 0 where it is."""
        import numpy as np

        corners, _ = self._corners
        into = np.mod(elapsed, self._cycle)
        last = np.searchsorted(corners, into, side="right") - 1
        following = np.append(corners, self._cycle + corners[1])
        # After an even corner it is closed; after the last one until the first opening of the next cycle.
        following[-2] = following[-1]
        found: Floats = np.where(last % 2 == 0, following[last + 1] - into, 0.0)
        return found

    def passing(self, distribution: Distribution, seconds: float) -> Passing:
        """
        Return what a wait does that passes while it is closed too, begun at any open moment.

        Args:
            distribution: Of its length.
            seconds: Elapsed, of one of its unit.
        """
        if (distribution, seconds) not in self._passing:
            self._passing[distribution, seconds] = self._pass(distribution, seconds)
        return self._passing[distribution, seconds]

    def _pass(self, distribution: Distribution, seconds: float) -> Passing:
        import numpy as np

        lengths = distribution.sample(np.random.default_rng(_SEED), _WAITS) * seconds
        mean = distribution.mean_in_unit * seconds
        variance = distribution.scv * mean * mean
        if variance:
            lengths *= mean / lengths.mean()  # drawn lengths are right on average
        starts = self.starts(_WAITS)
        ends = starts + lengths
        opened, rests = self.until(ends) - self.until(starts), self.rests(ends)
        spread = float(lengths.var())
        missing = variance - spread
        answer = float(np.cov(lengths, opened, bias=True)[0, 1] / spread) if spread else 0.0
        return Passing(
            opened,
            float(opened.mean()),
            max(0.0, float(opened.var()) + answer * answer * missing),
            float(rests.mean()),
            float(((rests == 0) * lengths).mean()),
        )
