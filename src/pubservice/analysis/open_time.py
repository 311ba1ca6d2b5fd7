"""Elapsed time through a calendar: how much of it is open, wherever in open time it begins."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pubservice.model.resource import Calendar

_STARTS = 256  # spread evenly over open time


@attrs.define(eq=False)
class OpenTime:
    """
    The open time of a calendar from moments that are spread evenly over it.

    Attributes:
        calendar: Its week, or its year where it has closed days, is taken to repeat.
    """

    calendar: Calendar

    @property
    def _cycle(self) -> float:
        """How many seconds repeat."""
        return self.calendar.open_cycle[0] * 60.0

    def longest(self, seconds: float) -> float:
        """Return in how many elapsed seconds it is open for at least so many, wherever they begin."""
        return (seconds / float(self._corners[1][-1]) + 2) * self._cycle

    @cached_property
    def _corners(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Seconds since the beginning at which it opens or closes, and how many of them it was open until then."""
        import numpy as np

        minutes, stretches = self.calendar.open_cycle
        elapsed, opened = [0.0], [0.0]
        for start, end in stretches:
            elapsed += [start * 60.0, end * 60.0]
            opened += [opened[-1], opened[-1] + (end - start) * 60.0]
        return np.array([*elapsed, minutes * 60.0]), np.array([*opened, opened[-1]])

    @cached_property
    def _starts(self) -> NDArray[np.float64]:
        import numpy as np

        elapsed, opened = self._corners
        of_open = (np.arange(_STARTS) + 0.5) / _STARTS * opened[-1]
        stretch = np.searchsorted(opened, of_open) - 1
        starts: NDArray[np.float64] = elapsed[stretch] + of_open - opened[stretch]
        return starts

    @cached_property
    def _open_before(self) -> NDArray[np.float64]:
        return self._until(self._starts)

    def within(self, seconds: float) -> NDArray[np.float64]:
        """Return how many seconds it is open in some elapsed seconds from each start; shape (256,)."""
        return self._until(self._starts + seconds) - self._open_before

    def _until(self, elapsed: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        corners, opened = self._corners
        cycles, rest = np.divmod(elapsed, self._cycle)
        until: NDArray[np.float64] = cycles * opened[-1] + np.interp(rest, corners, opened)
        return until
