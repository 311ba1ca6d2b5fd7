"""When the start from an empty office is forgotten."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import attrs

from pubservice.simulation.calendars import open_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.simulation.record import Record

    Floats = NDArray[np.float64]

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


def mser5(observations: Sequence[float] | Floats) -> Truncation:
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
    values = np.asarray(observations, dtype=np.float64)[: count * _BATCH]
    batches, found = _mser(values.reshape(count, _BATCH).mean(axis=1))
    return Truncation(batches * _BATCH, found)


def _mser(means: Floats) -> tuple[int, bool]:
    import numpy as np

    count = len(means)
    if count < 2:
        return 0, False
    means = means - means.mean()  # so that squares of what all have in common cancel nothing out
    left = np.arange(count, 0, -1.0)
    sums = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum((means**2)[::-1])[::-1]
    most = count // 2
    errors = (np.maximum(squares - sums**2 / left, 0.0) / left**2)[: most + 1]
    least = int(np.argmin(errors))
    return least, least < most


@attrs.frozen(eq=False)
class Beginning:
    """
    How the cycle times of a service begin in one replication, in the order in which cases end.

    Attributes:
        means: Of five cases each, in seconds of the service's clock: a holiday that all wait through is no beginning.
        ends: When the last of them ended, in seconds from the start.
    """

    means: Floats
    ends: Floats


def beginnings(record: Record) -> list[Beginning]:
    """Return how the cycle times of each service begin."""
    import numpy as np

    order = np.lexsort(
        (record.case_end_s, record.case_service)
    )  # those still inside stand last in their service
    ends = record.case_end_s[order]
    arrivals = record.case_arrival_s[order]
    parts = record.program.parts
    bounds = np.searchsorted(record.case_service[order], np.arange(len(record.program.services) + 1))
    found = []
    for clock, (first, last) in zip(parts.arrival_clock, pairwise(bounds), strict=True):
        ended = int(np.count_nonzero(~np.isnan(ends[first:last])))
        stop = first + ended // _BATCH * _BATCH
        opened = (open_seconds(parts.clocks, int(clock), moments[first:stop]) for moments in (ends, arrivals))
        means = np.subtract(*opened).reshape(-1, _BATCH).mean(axis=1)
        found.append(Beginning(means, ends[first:stop][_BATCH - 1 :: _BATCH]))
    return found


def settled(replications: Sequence[Beginning]) -> tuple[float, bool]:
    """
    Return when a service has settled, in seconds from the start, and whether that was found.

    Cycle times are averaged over replications, case by case in the order in which they end, before MSER-5 is applied: what
    is left is the start that all have in common.

    Args:
        replications: At least one.
    """
    import numpy as np

    count = min(len(beginning.means) for beginning in replications)
    least, found = _mser(np.mean([beginning.means[:count] for beginning in replications], axis=0))
    if not least:
        return 0.0, found
    return max(float(beginning.ends[least - 1]) for beginning in replications), found
