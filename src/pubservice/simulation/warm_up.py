"""When the start from an empty office is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

SOURCE = "White (1997), Simulation 69(6), 323-334; White, Cobb & Spratt (2000), Winter Simulation Conference, 755-760"
_BATCH = 5


class Truncation(NamedTuple):
    """
    How much of the beginning of a run is left out.

    Attributes:
        observations: So many of them.
        found: False where the least error lies at the edge of what was searched, the first half: the run is too short.
    """

    observations: int
    found: bool


def mser5(observations: Sequence[float] | NDArray[np.float64]) -> Truncation:
    """
    Return how many observations to leave out, by MSER-5.

    Means of five observations are formed, and the beginning is left out without which the mean of the rest has the least
    standard error. What would leave out more than half is not trusted.

    Args:
        observations: In the order of the run, shape (n,); such as the cycle times of cases as they end.

    Example:
        A start at 0, and then 10 with a small swing.

        >>> mser5([0.0] * 10 + [9.9, 10.1] * 50)
        Truncation(observations=10, found=True)

    Source:
        White (1997), Simulation 69(6), 323-334; White, Cobb & Spratt (2000), Winter Simulation Conference, 755-760.
    """
    import numpy as np

    count = len(observations) // _BATCH
    if count < 2:
        return Truncation(0, found=False)
    means = np.asarray(observations, dtype=np.float64)[: count * _BATCH].reshape(count, _BATCH).mean(axis=1)
    means = means - means.mean()  # so that squares of what all have in common cancel nothing out
    left = np.arange(count, 0, -1.0)
    sums = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum((means**2)[::-1])[::-1]
    most = count // 2
    errors = (np.maximum(squares - sums**2 / left, 0.0) / left**2)[: most + 1]
    least = int(np.argmin(errors))
    return Truncation(least * _BATCH, found=least < most)
