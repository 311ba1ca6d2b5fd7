"""
Durations as random variables.

Parameters are floats in one unit of time; the mean and the standard deviation are quantities. Text such as
``15 min``, ``triangular(5, 10, 20) min`` or ``lognormal(mean=2 h, sd=30 min)`` is parsed, never evaluated.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.units import (
    ELAPSED_SECONDS,
    _as_text,
    canonical_unit,
    duration,
    in_range,
    number_text,
    quantity,
    unit_seconds,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pubservice.units import Quantity

_GREATEST = sys.float_info.max


def _wrong(message: str, **values: object) -> InvalidQuantityError:
    return InvalidQuantityError(Message(message, **values))


@attrs.frozen
class _Random:
    """What every distribution says of itself from its own mean, variance and support, in its own unit."""

    unit: str = attrs.field(kw_only=True, default="s")

    def __attrs_post_init__(self) -> None:
        unit = canonical_unit(self.unit)
        if unit is None:
            raise _wrong("expected a unit of time such as 'min', got {unit!r}", unit=self.unit)
        object.__setattr__(self, "unit", unit)
        for value in self._parameters().values():
            if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _GREATEST:
                raise _wrong(
                    "expected a finite number of at least 0 in each parameter, got {value!r}", value=value
                )
        self._store_floats()
        self._check()
        try:
            finite = (
                math.isfinite(self._mean()) and math.isfinite(self._variance()) and math.isfinite(self.scv)
            )
        except OverflowError:
            finite = False
        if not finite:
            raise _wrong(
                "expected parameters with a finite mean and variance, got {value!r}", value=str(self)
            )

    def _parameters(self) -> dict[str, Any]:
        return {a.name: getattr(self, a.name) for a in attrs.fields(type(self)) if a.name != "unit"}

    def _store_floats(self) -> None:
        """Turn whole numbers into floats, which is what is written and read back."""
        for field in attrs.fields(type(self)):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                object.__setattr__(self, field.name, tuple(map(float, value)))
            elif field.name != "unit":
                object.__setattr__(self, field.name, float(value))

    def _check(self) -> None:
        """Refuse parameters that do not fit together."""

    if TYPE_CHECKING:
        # Every distribution says these itself; an abstract class would double the cost of isinstance.

        def _mean(self) -> float: ...

        def _variance(self) -> float: ...

    @property
    def mean_in_unit(self) -> float:
        """The mean, in its unit."""
        return self._mean()

    @property
    def mean(self) -> Quantity:
        """The mean, as a quantity."""
        return quantity(self._mean(), self.unit)

    @property
    def standard_deviation(self) -> Quantity:
        """The standard deviation, as a quantity."""
        return quantity(math.sqrt(self._variance()), self.unit)

    @property
    def scv(self) -> float:
        """The squared coefficient of variation, variance / mean²; 0 where the mean is 0."""
        mean = self._mean()
        return self._variance() / mean / mean if mean else 0.0

    def mean_seconds(self, *, hours_per_working_day: float | None = None) -> float | None:
        """Return the mean in seconds of its own clock; None for working days without a calendar."""
        factor = unit_seconds(self.unit, hours_per_working_day)
        return None if factor is None else self._mean() * factor

    def support(self) -> tuple[float, float]:
        """Return the least and the greatest value, in its unit; the latter may be infinite."""
        return 0.0, math.inf

    def __str__(self) -> str:
        numbers = ", ".join(
            f"{name}={number_text(float(value))}" for name, value in self._parameters().items()
        )
        return f"{type(self).__name__.lower()}({numbers}) {self.unit}"


@attrs.frozen
class Fixed(_Random):
    """
    Always the same value.

    Example:
        >>> print(Fixed(15, unit="min"))
        15 min
    """

    value: float

    def _mean(self) -> float:
        return self.value

    def _variance(self) -> float:
        return 0.0

    def support(self) -> tuple[float, float]:
        """Return the value, twice."""
        return self.value, self.value

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        del rng
        import numpy as np

        return np.full(size, float(self.value))

    def __str__(self) -> str:
        return f"{number_text(float(self.value))} {self.unit}"


@attrs.frozen
class Uniform(_Random):
    """
    Every value from low to high alike.

    Example:
        >>> Uniform(5, 15, unit="min").mean
        <Quantity(10.0, 'minute')>
    """

    low: float
    high: float

    def _check(self) -> None:
        if self.low > self.high:
            raise _wrong("expected low ≤ high, got {value!r}", value=str(self))

    def _mean(self) -> float:
        return (self.low + self.high) / 2

    def _variance(self) -> float:
        return (self.high - self.low) ** 2 / 12

    def support(self) -> tuple[float, float]:
        """Return low and high."""
        return self.low, self.high

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        return rng.uniform(self.low, self.high, size)


@attrs.frozen
class Triangular(_Random):
    """
    From low to high, most often about the mode.

    Example:
        >>> Triangular(30, 50, 90, unit="min").mean.magnitude
        56.666666666666664
    """

    low: float
    mode: float
    high: float

    def _check(self) -> None:
        if not self.low <= self.mode <= self.high:
            raise _wrong("expected low ≤ mode ≤ high, got {value!r}", value=str(self))

    def _mean(self) -> float:
        return (self.low + self.mode + self.high) / 3

    def _variance(self) -> float:
        a, c, b = self.low, self.mode, self.high
        return (
            (b - a) ** 2 + (c - a) ** 2 + (b - c) ** 2
        ) / 36  # a sum of squares: never negative by rounding

    def support(self) -> tuple[float, float]:
        """Return low and high."""
        return self.low, self.high

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        import numpy as np

        if self.low == self.high:
            return np.full(size, float(self.low))
        return rng.triangular(self.low, self.mode, self.high, size)


@attrs.frozen
class Pert(_Random):
    """
    The beta distribution of PERT, mean (low + 4 mode + high) / 6.

    Source:
        Malcolm, Roseboom, Clark & Fazar (1959), Operations Research 7(5), 646-669; with the shape of Vose.
    """

    low: float
    mode: float
    high: float

    def _check(self) -> None:
        if not self.low <= self.mode <= self.high:
            raise _wrong("expected low ≤ mode ≤ high, got {value!r}", value=str(self))

    def _mean(self) -> float:
        return (self.low + 4 * self.mode + self.high) / 6

    def _variance(self) -> float:
        low, mode, high = (
            self.low,
            self.mode,
            self.high,
        )  # (μ - a)(b - μ) / 7, with μ put in: never negative by rounding
        return (4 * (mode - low) + high - low) * (high - low + 4 * (high - mode)) / 252

    def support(self) -> tuple[float, float]:
        """Return low and high."""
        return self.low, self.high

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        import numpy as np

        width = self.high - self.low
        if not width:
            return np.full(size, float(self.low))
        alpha = 1 + 4 * (self.mode - self.low) / width
        beta = 1 + 4 * (self.high - self.mode) / width
        return self.low + width * rng.beta(alpha, beta, size)


@attrs.frozen
class Exponential(_Random):
    """
    Without memory: the time still to go never depends on the time gone.

    Example:
        >>> Exponential(10, unit="min").scv
        1.0
    """

    mean_value: float = attrs.field(alias="mean")

    def _parameters(self) -> dict[str, float]:
        return {"mean": self.mean_value}

    def _mean(self) -> float:
        return self.mean_value

    def _variance(self) -> float:
        return self.mean_value**2

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        return rng.exponential(self.mean_value, size)


@attrs.frozen
class _ByMeanAndDeviation(_Random):
    mean_value: float = attrs.field(alias="mean")
    sd: float

    def _parameters(self) -> dict[str, float]:
        return {"mean": self.mean_value, "sd": self.sd}

    def _check(self) -> None:
        if not self.mean_value:
            raise _wrong("expected a mean above zero, got {value!r}", value=str(self))

    def _mean(self) -> float:
        return self.mean_value

    def _variance(self) -> float:
        return self.sd**2


@attrs.frozen
class Lognormal(_ByMeanAndDeviation):
    """
    Its logarithm is normal: many short, a few very long. Given by its own mean and standard deviation.

    Example:
        >>> print(distribution("lognormal(mean=2 h, sd=30 min)"))
        lognormal(mean=2, sd=0.5) hour
    """

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        sigma2 = math.log1p((self.sd / self.mean_value) ** 2)
        return rng.lognormal(math.log(self.mean_value) - sigma2 / 2, math.sqrt(sigma2), size)


@attrs.frozen
class Gamma(_ByMeanAndDeviation):
    """Gamma, given by its mean and standard deviation."""

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        import numpy as np

        if self.sd < 1e-9 * self.mean_value:
            return np.full(size, float(self.mean_value))
        shape = (self.mean_value / self.sd) ** 2
        return rng.gamma(shape, self.mean_value / shape, size)


@attrs.frozen
class Weibull(_Random):
    """
    Weibull, given by its shape (a number) and scale (a duration).

    Example:
        >>> round(Weibull(1, 10, unit="min").mean.magnitude, 9)
        10.0
    """

    shape: float
    scale: float

    def _check(self) -> None:
        if not self.shape:
            raise _wrong("expected a shape above zero, got {value!r}", value=str(self))

    def _mean(self) -> float:
        return self.scale * math.gamma(1 + 1 / self.shape)

    def _variance(self) -> float:
        return max(0.0, self.scale**2 * math.gamma(1 + 2 / self.shape) - self._mean() ** 2)

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        return self.scale * rng.weibull(self.shape, size)


def _floats(values: object) -> tuple[float, ...]:
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise _wrong("expected a list of numbers, got {value!r}", value=values)
    return tuple(values)


@attrs.frozen
class Empirical(_Random):
    """
    The values that were observed, each as likely.

    Example:
        >>> Empirical([10, 20, 60], unit="min").mean
        <Quantity(30.0, 'minute')>
    """

    values: tuple[float, ...] = attrs.field(converter=_floats)

    def _parameters(self) -> dict[str, float]:
        return {str(i): value for i, value in enumerate(self.values)}

    def _check(self) -> None:
        if not self.values:
            raise _wrong("expected at least one value, got {value!r}", value=str(self))

    def _mean(self) -> float:
        return math.fsum(self.values) / len(self.values)

    def _variance(self) -> float:
        mean = self._mean()
        return math.fsum((value - mean) ** 2 for value in self.values) / len(self.values)

    def support(self) -> tuple[float, float]:
        """Return the least and the greatest observation."""
        return min(self.values), max(self.values)

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Return values in its unit, shape (size,)."""
        return rng.choice(self.values, size)

    def __str__(self) -> str:
        return f"empirical({', '.join(number_text(float(value)) for value in self.values)}) {self.unit}"


Distribution: TypeAlias = (
    Fixed | Uniform | Triangular | Pert | Exponential | Lognormal | Gamma | Weibull | Empirical
)

KINDS: dict[str, type[Distribution]] = {
    "fixed": Fixed,
    "uniform": Uniform,
    "triangular": Triangular,
    "pert": Pert,
    "exponential": Exponential,
    "lognormal": Lognormal,
    "gamma": Gamma,
    "weibull": Weibull,
    "empirical": Empirical,
}
_CLASSES = tuple(KINDS.values())
_PARAMETERS = {
    "fixed": ("value",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "pert": ("low", "mode", "high"),
    "exponential": ("mean",),
    "lognormal": ("mean", "sd"),
    "gamma": ("mean", "sd"),
    "weibull": ("shape", "scale"),
}


def stretched(of: Distribution, factor: float) -> Distribution:
    """
    Return times that are so many times as long, and vary alike beside their mean.

    Example:
        >>> print(stretched(Weibull(1.5, 10, unit="min"), 2))
        weibull(shape=1.5, scale=20) min
    """
    changed: dict[str, Any] = {}
    for field in attrs.fields(type(of)):
        value = getattr(of, field.name)
        if field.name == "values":
            changed[field.alias] = [one * factor for one in value]
        elif field.name not in ("shape", "unit"):
            changed[field.alias] = value * factor
    return attrs.evolve(of, **changed)


_CALL = re.compile(r"\s*([a-z]+)\s*\(([^()]*)\)\s*([a-z_]+(?: [a-z]+)?)?\s*")
_LONGEST = 64 * 2**20  # characters; read below that
_LONGEST_KEPT = 1_000  # and remembered below that


def distribution(value: object) -> Distribution:
    """
    Return a distribution from text, a duration, a pint quantity or a timedelta.

    Raises:
        InvalidQuantityError: It is none, or its parameters do not fit.

    Example:
        >>> distribution("triangular(5, 10, 20) min")
        Triangular(unit='min', low=5.0, mode=10.0, high=20.0)
    """
    if isinstance(value, _CLASSES):
        return value
    text = _as_text(value)
    if text is not None and len(text) <= _LONGEST:
        return _distribution(text) if len(text) <= _LONGEST_KEPT else _distribution.__wrapped__(text)
    fixed = duration(value)
    return Fixed(fixed.magnitude, unit=fixed.unit)


@lru_cache(4096)
def _distribution(text: str) -> Distribution:
    call = _CALL.fullmatch(text)
    if call is None:
        fixed = duration(text)
        return Fixed(fixed.magnitude, unit=fixed.unit)
    name, inside, unit_text = call.groups()
    unit = canonical_unit(unit_text) if unit_text else None
    if name not in KINDS or (unit_text and unit is None):
        raise _wrong("expected a duration such as 'triangular(5, 10, 20) min', got {value!r}", value=text)
    arguments = [part.strip() for part in inside.split(",")] if inside.strip() else []
    if name == "empirical":
        numbers, unit = _numbers(arguments, unit, text)
        return Empirical(numbers, unit=unit)
    expected = _PARAMETERS[name]
    given: dict[str, str] = {}
    for position, argument in enumerate(arguments):
        key, equals, rest = argument.partition("=")
        key = key.strip() if equals else expected[position] if position < len(expected) else argument
        if key not in expected or key in given:
            break
        given[key] = rest.strip() if equals else argument
    if len(given) != len(arguments) or set(given) != set(expected):
        raise _wrong(
            "expected {name}({parameters}) with a unit of time, got {value!r}",
            name=name,
            parameters=", ".join(expected),
            value=text,
        )
    bare = {"shape"} & set(given)
    timed = [key for key in expected if key not in bare]
    numbers, unit = _numbers([given[key] for key in timed], unit, text)
    values = dict(zip(timed, numbers, strict=True)) | {key: _number(given[key], text) for key in bare}
    return KINDS[name](**values, unit=unit)


def _number(part: str, text: str) -> float:
    try:
        number = float(part)
    except ValueError:
        raise _wrong("expected a number in {value!r}, got {part!r}", value=text, part=part) from None
    return in_range(number, text)


def _numbers(parts: list[str], unit: str | None, text: str) -> tuple[list[float], str]:
    """Return numbers in one unit: that behind the bracket, else that of the first duration inside."""
    inside = [None if re.fullmatch(r"[-+.\deE]+", part) else duration(part) for part in parts]
    unit = unit or next((part.unit for part in inside if part), None)
    if unit is None:
        raise _wrong(
            "expected a unit of time after {value!r}, such as {better!r}",
            value=text,
            better=f"{text.strip()} min",
        )
    numbers = []
    for part, timed in zip(parts, inside, strict=True):
        if timed is None:
            numbers.append(_number(part, text))
        elif timed.unit == unit:
            numbers.append(timed.magnitude)
        elif unit in ELAPSED_SECONDS and timed.unit in ELAPSED_SECONDS:
            numbers.append(timed.magnitude * ELAPSED_SECONDS[timed.unit] / ELAPSED_SECONDS[unit])
        else:
            raise _wrong(
                "working time and other units do not mix without a calendar, got {value!r}", value=text
            )
    return numbers, unit
