"""Means per case and quantiles of cases over all replications, as values of single replications that average to them."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SOURCE = "Miller (1974), Biometrika 61(1), 1-15 (the jackknife); Kott (2001), Journal of Official Statistics 17(4), 521-526"
_MOST_GROUPS = 30


def ratios(means: Sequence[float | None], counts: Sequence[float | None]) -> list[float | None]:
    """
    Return pseudo-values of a mean per case over all replications.

    Replications have more cases where more come, and then each waits longer: the mean of their means is too low, that of
    all cases is not, but for what the jackknife takes off.

    Args:
        means: Of each replication; None where it has none.
        counts: Of how many cases.

    Example:
        Two cases of 1 and six of 3 are 2.5 on average.

        >>> ratios([1.0, 3.0, None], [2, 6, 0])
        [2.0, 4.0, None]

    Source:
        Miller (1974), The jackknife: a review, Biometrika 61(1), 1-15; Law (2015), §9.5.
    """
    pairs = [
        None if mean is None else (mean * (count or 0.0), count or 0.0)
        for mean, count in zip(means, counts, strict=True)
    ]
    known = [pair for pair in pairs if pair is not None]
    n, total, cases = len(known), fsum(sum for sum, _ in known), fsum(count for _, count in known)
    if n < 2:
        return list(means)
    return [
        None if pair is None else n * total / cases - (n - 1) * (total - pair[0]) / (cases - pair[1])
        for pair in pairs
    ]


def quantiles(
    samples: Sequence[array[float]], counts: Sequence[float | None], p: float
) -> list[float | None]:
    """
    Return pseudo-values of a quantile of all cases of all replications; of more than 30, of groups of them.

    Args:
        samples: Of each replication, times that stand for equally many of its cases.
        counts: Of how many.
        p: Between 0 and 1.

    Example:
        >>> from array import array
        >>> found = quantiles([array("d", [1, 2, 3]), array("d", [2, 3, 4]), array("d")], [3, 3, 0], 0.5)
        >>> [round(value, 3) for value in found[:2]], found[2]
        ([2.0, 3.0], None)

    Source:
        Kott (2001), The delete-a-group jackknife, Journal of Official Statistics 17(4), 521-526.
    """
    import numpy as np

    groups = min(len(samples), _MOST_GROUPS)
    times = np.concatenate([np.asarray(sample) for sample in samples])
    weights = np.concatenate(
        [
            np.full(len(sample), (count or 0.0) / max(1, len(sample)))
            for sample, count in zip(samples, counts, strict=True)
        ]
    )
    owner = np.repeat(np.arange(len(samples)) % groups, [len(sample) for sample in samples])
    order = np.argsort(times, kind="stable")
    times, weights, owner = times[order], weights[order], owner[order]
    found = set(owner.tolist())
    n = len(found)
    if not n:
        return [None] * groups
    whole = _quantile(times, weights, p)
    if n == 1:
        return [whole if group in found else None for group in range(groups)]
    without = {group: _quantile(times[owner != group], weights[owner != group], p) for group in sorted(found)}
    middle = fsum(without.values()) / n  # the jackknife's correction of a quantile is mostly noise: left out
    return [
        whole + (n - 1) * (middle - without[group]) if group in found else None for group in range(groups)
    ]


def _quantile(times: Floats, weights: Floats, p: float) -> float:
    """Return a quantile of times in order that stand for so many cases each: each for the middle of its share."""
    import numpy as np

    middles = np.cumsum(weights) - weights / 2
    return float(np.interp(p * weights.sum(), middles, times))
