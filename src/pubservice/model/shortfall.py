"""
How far a duration stays below a time, E[(x - X)⁺]: its distribution function, integrated.

From it a distribution is put on a grid of times such that its mean stays what it is, however wide the grid.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, assert_never

from pubservice.model.distribution import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Pert,
    Triangular,
    Uniform,
    Weibull,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FIXED = 1e-18  # squared coefficient of variation below which a value counts as always the same
_WIDEST = 1e3  # shape of a gamma distribution from which on its cube root counts as normal
_CHEBYSHEV = (
    *(0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807),
    *(-0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223),
)
_CHANGE = 1e-14  # by which one more term of a fraction may still change it


def atoms(distribution: Distribution) -> list[tuple[float, float]]:
    """
    Return the values that a distribution takes with a probability above 0, in its unit, and these probabilities.

    Example:
        >>> atoms(Empirical([10, 20, 20], unit="min"))
        [(10.0, 0.3333333333333333), (20.0, 0.6666666666666666)]
    """
    if isinstance(distribution, Empirical):
        count: dict[float, int] = {}
        for value in distribution.values:
            count[value] = count.get(value, 0) + 1
        return [(value, n / len(distribution.values)) for value, n in count.items()]
    if isinstance(distribution, Fixed) or distribution.scv <= _FIXED:
        return [(distribution.mean_in_unit, 1.0)]
    return []


def shortfall(distribution: Distribution, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return how far a duration stays below each of some times on average, E[(x - X)⁺]; 0 where it does not.

    Args:
        distribution: Of the duration.
        times: In its unit, at least 0, ascending.

    Example:
        >>> import numpy as np
        >>> shortfall(Uniform(0, 2), np.array([0.0, 1.0, 2.0, 3.0])).tolist()
        [0.0, 0.25, 1.0, 2.0]

    Source:
        x F(x) - ∫₀ˣ t dF(t); the partial means of Johnson, Kotz & Balakrishnan (1994), Continuous Univariate
        Distributions, vol. 1, 2nd ed.
    """
    import numpy as np

    if isinstance(distribution, Fixed | Empirical) or distribution.scv <= _FIXED:
        single = (p * np.maximum(0.0, times - value) for value, p in atoms(distribution))
        return sum(single, np.zeros_like(times))
    mean = distribution.mean_in_unit
    match distribution:
        case Exponential():
            return times + mean * np.expm1(-times / mean)
        case Uniform(low=low, high=high):
            inside = np.clip(times, low, high) - low
            return inside * inside / (2 * (high - low)) + np.maximum(0.0, times - high)
        case Triangular(low=low, mode=mode, high=high):
            rising = np.clip(times, low, mode) - low
            falling = high - np.clip(times, mode, high)
            below = rising**3 / (3 * (high - low) * (mode - low)) if mode > low else np.zeros_like(times)
            above = falling**3 / (3 * (high - low) * (high - mode)) if high > mode else 0.0
            return np.where(times <= mode, below, times - mean + above)
        case Lognormal(sd=sd):
            width = math.sqrt(math.log1p((sd / mean) ** 2))
            with np.errstate(divide="ignore"):
                place = (np.log(times / mean) + width * width / 2) / width
            return times * _normal(place) - mean * _normal(place - width)
        case Gamma(sd=sd):
            shape = (mean / sd) ** 2
            at = times / mean * shape
            return times * _gamma(shape, at) - mean * _gamma(shape + 1, at)
        case Weibull(shape=shape, scale=scale):
            with np.errstate(over="ignore"):
                at = (times / scale) ** shape
            return -times * np.expm1(-at) - mean * _gamma(1 + 1 / shape, at)
        case Pert(low=low, mode=mode, high=high):
            width = high - low
            a = 1 + 4 * (mode - low) / width
            at = np.clip((times - low) / width, 0.0, 1.0)
            from_low = np.maximum(0.0, times - low)
            return from_low * _beta(a, 6 - a, at) - width * a / 6 * _beta(a + 1, 6 - a, at)
        case _:
            assert_never(distribution)


def _normal(at: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the distribution function of the standard normal distribution, to seven digits.

    Source:
        Press et al. (1992), Numerical Recipes in C, 2nd ed., §6.2: erfcc.
    """
    import numpy as np

    z = np.minimum(np.abs(at) / math.sqrt(2), 1e100)
    t = 1 / (1 + z / 2)
    power = np.full_like(t, _CHEBYSHEV[0])
    for coefficient in _CHEBYSHEV[1:]:
        power = power * t + coefficient
    tail = t * np.exp(power - z * z) / 2
    below: NDArray[np.float64] = np.where(at > 0, 1 - tail, tail)
    return below


def _gamma(shape: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the regularised incomplete gamma function P(a, x).

    By its series up to a + 1, by Legendre's continued fraction beyond, by Wilson and Hilferty's cube root where the shape is
    so large that they agree to five digits.

    Source:
        Press et al. (2007), Numerical Recipes, 3rd ed., §6.2; Wilson & Hilferty (1931), PNAS 17(12), 684-688.
    """
    import numpy as np

    if shape > _WIDEST:
        return _normal((np.cbrt(at / shape) - 1 + 1 / (9 * shape)) * 3 * math.sqrt(shape))
    spread = 40 * math.sqrt(shape) + 40
    result = np.where(at > shape, 1.0, 0.0)
    low = (at > 0) & (at < shape + 1) & (at > shape - spread)
    high = (at >= shape + 1) & (at < shape + spread)
    for part, of in ((low, _gamma_series), (high, _gamma_fraction)):
        if part.any():
            x = at[part]
            result[part] = of(shape, x, np.exp(shape * np.log(x) - x - math.lgamma(shape)))
    return result


def _gamma_series(shape: float, x: NDArray[np.float64], factor: NDArray[np.float64]) -> NDArray[np.float64]:
    term = total = factor / shape
    n = 0
    while (term > 1e-17 * total).any():
        n += 1
        term = term * x / (shape + n)
        total = total + term
    return total


def _gamma_fraction(shape: float, x: NDArray[np.float64], factor: NDArray[np.float64]) -> NDArray[np.float64]:
    b = x + 1 - shape
    c = b * 0 + 1e300
    d = change = 1 / b
    result = d
    n = 0
    while not n or (abs(change - 1) > _CHANGE).any():
        n += 1
        a = -n * (n - shape)
        b = b + 2
        d = 1 / (a * d + b)
        c = b + a / c
        change = d * c
        result = result * change
    return 1 - factor * result


def _beta(a: float, b: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the regularised incomplete beta function.

    Source:
        Press et al. (2007), Numerical Recipes, 3rd ed., §6.4.
    """
    import numpy as np

    direct = at < (a + 1) / (a + b + 2)
    result = np.empty_like(at)
    result[direct] = _beta_fraction(a, b, at[direct])
    result[~direct] = 1 - _beta_fraction(b, a, 1 - at[~direct])
    return result


def _beta_fraction(a: float, b: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    constant = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)) / a
    c = x * 0 + 1
    d = 1 / (1 - (a + b) * x / (a + 1))
    result = d
    before = result * 0
    n = 0
    while (abs(result - before) > _CHANGE * abs(result)).any():
        n += 1
        before = result
        for term in (
            n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)),
            -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1)),
        ):
            d = 1 / (1 + term * d)
            c = 1 + term / c
            result = result * (d * c)
    return constant * x**a * (1 - x) ** b * result
