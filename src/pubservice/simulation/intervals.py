"""How sure the mean of replications is."""

from __future__ import annotations

from functools import lru_cache
from math import copysign, cos, fsum, pi, sin, sqrt, tan
from statistics import NormalDist
from typing import TYPE_CHECKING

import attrs

from pubservice.confidence import ConfidenceInterval
from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIDENCE = 0.95
SOURCE = (
    "Willink (2005), Communications in Statistics: Theory and Methods 34(4), 753-766 (intervals of skew data)"
)
_SKEWNESS_FROM = 10  # values; of fewer the skewness says nothing
_MANY = 1_000  # degrees of freedom from which the expansion in their inverse is exact to the last digits


@attrs.frozen
class Estimate:
    """
    A mean over replications, never without an interval or the reason why there is none.

    Attributes:
        mean: None where no replication has a value.
        interval: Of the mean; None where there is none.
        replications: How many have a value.
        undefined: Why the mean or the interval is None.
    """

    mean: float | None
    interval: ConfidenceInterval | None
    replications: int
    undefined: Message | None = None

    @property
    def half_width(self) -> float | None:
        """How far the farther end of the interval is from the mean; of fewer than ten values both are as far."""
        if self.interval is None or self.mean is None:
            return None
        return max(self.interval.high - self.mean, self.mean - self.interval.low)

    @property
    def relative_half_width(self) -> float | None:
        """How far the farther end of the interval is from the mean / the mean's size; 0 where both are, None where the mean alone is 0."""
        if self.half_width is None or self.mean is None:
            return None
        if not self.half_width:
            return 0.0
        return self.half_width / abs(self.mean) if self.mean else None

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "mean": self.mean,
            "interval": None if self.interval is None else self.interval.data(),
            "replications": self.replications,
            "undefined": None if self.undefined is None else str(self.undefined),
        }


@lru_cache(1024)
def student_t(probability: float, degrees: int) -> float:
    """
    Return the quantile of Student's t distribution.

    Args:
        probability: Between 0 and 1.
        degrees: Degrees of freedom, at least 1.

    Raises:
        InvalidQuantityError: One of them is out of its range.

    Example:
        >>> round(student_t(0.975, 9), 4)
        2.2622

    Source:
        Abramowitz & Stegun (1964), 26.7.3 and 26.7.4, inverted by bisection; from 1,000 degrees on 26.7.5.
    """
    if not 0 < probability < 1:
        raise InvalidQuantityError(
            Message("expected a probability between 0 and 1, got {value!r}", value=probability)
        )
    if degrees < 1:
        raise InvalidQuantityError(
            Message("expected a whole number of at least 1, got {value!r}", value=degrees)
        )
    if degrees >= _MANY:
        return _expanded(NormalDist().inv_cdf(probability), degrees)
    inside = abs(2 * probability - 1)
    low, high = 0.0, pi / 2  # of the angle whose tangent is t / √degrees
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if _inside(middle, degrees) < inside else (low, middle)
    size = sqrt(degrees) * tan(low)
    return size if probability > 0.5 else -size


def _inside(angle: float, degrees: int) -> float:
    """Return P(|T| < t), where t / √degrees is the tangent of the angle."""
    square = cos(angle) ** 2
    term, sum = (cos(angle) if degrees % 2 else 1.0), 0.0
    for k in range(degrees % 2, degrees - 1, 2):
        sum += term
        term *= square * (k + 1) / (k + 2)
    if degrees % 2:
        return (angle + sin(angle) * sum) * 2 / pi
    return sin(angle) * sum


def _expanded(x: float, degrees: int) -> float:
    terms = (
        x,
        (x**3 + x) / 4 / degrees,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96 / degrees**2,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384 / degrees**3,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160 / degrees**4,
    )
    return fsum(terms)


def estimate(values: Sequence[float | None], *, confidence: float = CONFIDENCE) -> Estimate:
    """
    Return the mean of independent replications, with Student's interval; from ten on it is corrected for their skewness.

    Mean waits of runs are skew, as a few bad runs are far worse than all others are good: without the correction too many
    intervals end below the true mean.

    Args:
        values: One for each replication; None where it has none.
        confidence: Between 0 and 1.

    Raises:
        InvalidQuantityError: The confidence is not between 0 and 1.

    Example:
        >>> found = estimate([1.2, 1.5, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.5], confidence=0.9)
        >>> round(found.mean, 2), round(found.half_width, 2)
        (1.37, 0.26)

    Source:
        Law (2015), Simulation Modeling and Analysis, 5th ed., §4.5; Johnson (1978), Journal of the American Statistical
        Association 73(363), 536-544, as inverted by Willink (2005), Communications in Statistics: Theory and Methods
        34(4), 753-766.
    """
    known = [value for value in values if value is not None]
    if not known:
        return Estimate(None, None, 0, Message("no replication has a value"))
    n = len(known)
    mean = fsum(known) / n
    if n == 1:
        return Estimate(mean, None, 1, ONE)
    spread = sqrt(fsum((value - mean) ** 2 for value in known) / (n - 1))
    error = spread / sqrt(n)
    reach = student_t((1 + confidence) / 2, n - 1)
    if n < _SKEWNESS_FROM or not spread:
        below = above = reach
    else:
        skewness = fsum(((value - mean) / spread) ** 3 for value in known) * n / ((n - 1) * (n - 2))
        below, above = _skew(reach, skewness / (6 * sqrt(n))), -_skew(-reach, skewness / (6 * sqrt(n)))
    method = Message("{statistic}, {n} replications", statistic=statistic(n), n=n)
    return Estimate(
        mean, ConfidenceInterval(mean - below * error, mean + above * error, confidence, method), n
    )


def statistic(n: int) -> Message:
    """
    Return what intervals of so many values are made with.

    Example:
        >>> statistic(20)
        "Student's t corrected for skewness"
    """
    return Message("Student's t") if n < _SKEWNESS_FROM else Message("Student's t corrected for skewness")


def _skew(reach: float, lean: float) -> float:
    """Return where a bound of a symmetric distribution lies in one that leans to a side, in standard errors."""
    if abs(lean) < _UPRIGHT:
        return reach
    inside = 1 + 6 * lean * (reach - lean)
    return (copysign(abs(inside) ** (1 / 3), inside) - 1) / (2 * lean)


_UPRIGHT = 1e-6  # below it the correction is rounding


ONE = Message("one replication alone says nothing of how sure its mean is: give two or more")


def share_estimate(
    shares: Sequence[float | None], counts: Sequence[float], *, confidence: float = CONFIDENCE
) -> Estimate:
    """
    Return the mean of a share of cases over replications, with an interval inside 0 to 1.

    Where all cases of all replications are alike the spread between replications says nothing; the interval is then the
    exact binomial one, which takes cases as independent.

    Args:
        shares: One for each replication, 0 to 1; None where it has none.
        counts: How many cases each is a share of.
        confidence: Between 0 and 1.

    Raises:
        InvalidQuantityError: The confidence is not between 0 and 1.

    Example:
        >>> found = share_estimate([1.0, 1.0], [15, 15])
        >>> round(found.interval.low, 3), found.interval.high
        (0.884, 1.0)

    Source:
        Clopper & Pearson (1934), Biometrika 26(4), 404-413.
    """
    found = estimate(shares, confidence=confidence)
    if found.interval is None or found.mean is None:
        return found
    if set(shares) - {None} in ({0.0}, {1.0}):
        cases = sum(n for n, share in zip(counts, shares, strict=True) if share is not None)
        least = ((1 - confidence) / 2) ** (1 / cases)
        low, high = (least, 1.0) if found.mean else (0.0, 1 - least)
        method = Message("Clopper-Pearson, {n:,.0f} cases taken as independent", n=cases)
    else:
        low, high = max(0.0, found.interval.low), min(1.0, found.interval.high)
        method = found.interval.method
    mean = min(1.0, max(0.0, found.mean))
    return attrs.evolve(found, mean=mean, interval=ConfidenceInterval(low, high, confidence, method))


def paired(
    one: Sequence[float | None], other: Sequence[float | None], *, confidence: float = CONFIDENCE
) -> Estimate:
    """
    Return the mean of the differences between replications that share their random numbers.

    What makes both long, a busy week, falls out of each difference: the interval is shorter than that between
    independent means, the more so the more alike the two are.

    Args:
        one: One value for each replication; None where it has none.
        other: Likewise; what is taken away.
        confidence: Between 0 and 1.

    Raises:
        InvalidQuantityError: The confidence is not between 0 and 1.

    Example:
        >>> found = paired([10.0, 20.0, 30.0], [9.0, 18.9, 29.1])
        >>> round(found.mean, 2), round(found.half_width, 2)
        (1.0, 0.25)

    Source:
        Law (2015), Simulation Modeling and Analysis, 5th ed., §10.2.1 (paired t) and §11.2 (common random numbers).
    """
    differences = [None if a is None or b is None else a - b for a, b in zip(one, other, strict=True)]
    return estimate(differences, confidence=confidence)
