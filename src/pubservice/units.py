"""
The one unit registry, and durations, rates and money: parsed from text, printed as text.

Models hold small frozen values (`Duration`, `Rate`, `Money`, `CostRate`); each gives its pint quantity on access.
Working time is a dimension of its own: a ``working_day`` becomes hours only through a `Calendar`.
"""

from __future__ import annotations

import copyreg
import math
import re
from datetime import timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pint

    Quantity: TypeAlias = "pint.Quantity[float]"

ELAPSED_SECONDS = {
    "s": 1.0,
    "min": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "week": 604800.0,
    "month": 2629800.0,  # 30.4375 days, as in pint
    "year": 31557600.0,  # 365.25 days, as in pint
}
SECONDS_PER_YEAR = ELAPSED_SECONDS["year"]
WORKING_UNITS = ("working_min", "working_hour", "working_day")

_ALIASES = {
    **{unit: unit for unit in (*ELAPSED_SECONDS, *WORKING_UNITS)},
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hours"), "hour"),
    **dict.fromkeys(("d", "days"), "day"),
    "weeks": "week",
    "months": "month",
    "years": "year",
    **dict.fromkeys(("working_mins", "working_minute", "working_minutes"), "working_min"),
    **dict.fromkeys(("working min", "working mins", "working minute", "working minutes"), "working_min"),
    "working_hours": "working_hour",
    "working_days": "working_day",
    "working hour": "working_hour",
    "working hours": "working_hour",
    "working day": "working_day",
    "working days": "working_day",
}

UNIT_WORDS = tuple(_ALIASES)  # every spelling of a unit of time

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_DURATION = re.compile(rf"\s*({_NUMBER})\s*([a-z_]+(?: [a-z]+)?)\s*")
_RATE = re.compile(rf"\s*({_NUMBER})\s*(?:cases?\s*)?(?:/|per)\s*([a-z_]+(?: [a-z]+)?)\s*")
_MONEY = re.compile(rf"\s*({_NUMBER})\s*([A-Z]{{3}})\s*")
_COST_RATE = re.compile(rf"\s*({_NUMBER})\s*([A-Z]{{3}})\s*(?:/|per)\s*([a-z_]+(?: [a-z]+)?)\s*")
_LONGEST = 100  # characters of a quantity


def number_text(value: float) -> str:
    """
    Return the shortest text that reads back as the same float.

    Example:
        >>> number_text(15.0), number_text(0.1)
        ('15', '0.1')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def in_unit(amount: str, unit: str) -> Message:
    """
    Return an amount with its unit, as files write it; in Indonesian the unit is said in words.

    Example:
        >>> in_unit("2", "working_day"), in_unit("2", "working_day").text("id")
        ('2 working_day', '2 hari kerja')
    """
    return Message("{amount} {unit}", amount=amount, unit=Message(unit))


def in_words(seconds: float) -> Message:
    """
    Return a length of time for people: minutes, below one seconds, from two hours on hours.

    Example:
        >>> in_words(0.5), in_words(90), in_words(9000)
        ('0.5 s', '1.5 min', '2.5 hour')
        >>> in_words(9000).text("id")
        '2.5 jam'
    """
    if 0 < abs(seconds) < 60:
        return Message("{seconds:.3g} s", seconds=seconds)
    if abs(seconds) < 7200:
        return Message("{minutes:.3g} min", minutes=seconds / 60)
    return Message("{hours:,.1f} hour", hours=seconds / 3600)


def _finite(value: object) -> float:
    """Return a number as a float; what is none, or too large for one, becomes NaN, which the classes refuse."""
    try:
        return float(value)  # type: ignore[arg-type]  # asked for forgiveness
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _is_unit(unit: object) -> bool:
    return isinstance(unit, str) and _ALIASES.get(unit) == unit


def _is_currency(currency: object) -> bool:
    return isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) is not None


@attrs.frozen
class Duration:
    """
    A length of time, in a unit as people write it.

    Attributes:
        magnitude: Not negative, finite.
        unit: ``s``, ``min``, ``hour``, ``day`` (24 hours), ``week``, ``month`` (30.4375 days), ``year``; or, in
            working time, ``working_min``, ``working_hour`` or ``working_day``.

    Example:
        >>> Duration(14, "working_day")
        Duration(magnitude=14.0, unit='working_day')
        >>> str(duration("2 hours")), duration("90 min").quantity.to("hour")
        ('2 hour', <Quantity(1.5, 'hour')>)
    """

    magnitude: float = attrs.field(converter=_finite)
    unit: str = attrs.field()

    def __attrs_post_init__(self) -> None:
        if not _is_unit(self.unit):
            raise _not_a_duration(f"{number_text(self.magnitude)} {self.unit}")
        if not math.isfinite(self.magnitude):
            raise InvalidQuantityError(Message("expected a finite number, got {value!r}", value=str(self)))
        if self.magnitude < 0:
            raise InvalidQuantityError(
                Message("expected a duration that is not negative, got {value!r}", value=str(self)),
            )

    @property
    def quantity(self) -> Quantity:
        """The duration as a pint quantity."""
        return quantity(self.magnitude, self.unit)

    def seconds(self, *, hours_per_working_day: float | None = None) -> float | None:
        """
        Return the duration in seconds of its own clock, elapsed or working.

        Args:
            hours_per_working_day: What a calendar says; without it working days stay undefined.

        Returns:
            Seconds, or None for working days without a calendar.
        """
        return _seconds(self.magnitude, self.unit, hours_per_working_day)

    @property
    def said(self) -> Message:
        """The same as a text that is said in either language."""
        return in_unit(number_text(self.magnitude), self.unit)

    def __str__(self) -> str:
        return f"{number_text(self.magnitude)} {self.unit}"


def _seconds(magnitude: float, unit: str, hours_per_working_day: float | None) -> float | None:
    factor = unit_seconds(unit, hours_per_working_day)
    return None if factor is None else magnitude * factor


def unit_seconds(unit: str, hours_per_working_day: float | None = None) -> float | None:
    """Return the seconds in a unit of time; None for a working day without a calendar."""
    factor = ELAPSED_SECONDS.get(unit)
    if factor is not None:
        return factor
    if unit in ("working_min", "working_hour"):
        return 60.0 if unit == "working_min" else 3600.0
    return None if hours_per_working_day is None else hours_per_working_day * 3600.0


@attrs.frozen
class Rate:
    """
    Cases per time.

    Attributes:
        magnitude: Cases, finite; 0 only where none came, in what is measured.
        unit: Per what: a unit of `Duration`.

    Example:
        >>> str(rate("3 cases per hour"))
        '3 case/hour'
    """

    magnitude: float = attrs.field(converter=_finite)
    unit: str = attrs.field()

    def __attrs_post_init__(self) -> None:
        if not _is_unit(self.unit):
            raise _not_a_rate(f"{number_text(self.magnitude)} case/{self.unit}")
        if not 0 <= self.magnitude < math.inf:
            message = Message("expected a finite rate of at least 0, got {value!r}", value=str(self))
            raise InvalidQuantityError(message)

    @property
    def quantity(self) -> Quantity:
        """The rate as a pint quantity."""
        return quantity(self.magnitude, f"case/{self.unit}")

    def __str__(self) -> str:
        return f"{number_text(self.magnitude)} case/{self.unit}"


@attrs.frozen
class Money:
    """
    An amount in one currency.

    Attributes:
        amount: Finite; negative only in differences.
        currency: Three capital letters, as in ISO 4217.

    Example:
        >>> money("60000 IDR")
        Money(amount=60000.0, currency='IDR')
        >>> print(money("60000 IDR"))
        60,000 IDR
    """

    amount: float = attrs.field(converter=_finite)
    currency: str

    def __attrs_post_init__(self) -> None:
        if not math.isfinite(self.amount) or not _is_currency(self.currency):
            raise _not_money(f"{self.amount} {self.currency}")

    @property
    def quantity(self) -> Quantity:
        """The amount as a pint quantity; every currency is a dimension of its own."""
        return quantity(self.amount, self.currency)

    def times(self, factor: float) -> Money:
        """Return so many times the amount."""
        return Money(self.amount * factor, self.currency)

    @property
    def plain(self) -> str:
        """The text that is read back: ``60000 IDR``."""
        return f"{number_text(self.amount)} {self.currency}"

    def data(self) -> dict[str, str | float]:
        """Return it for JSON."""
        return {"amount": self.amount, "currency": self.currency}

    def __str__(self) -> str:
        digits = 0 if self.amount.is_integer() or abs(self.amount) >= 1000 else 2
        return f"{self.amount:,.{digits}f} {self.currency}"


@attrs.frozen
class CostRate:
    """
    Money per time.

    Attributes:
        amount: Not negative, finite.
        currency: Three capital letters.
        unit: Per what: a unit of `Duration`, ``working_day`` excepted, which has no hours without a calendar.

    Example:
        >>> str(cost_rate("60000 IDR/hour"))
        '60000 IDR/hour'
    """

    amount: float = attrs.field(converter=_finite)
    currency: str
    unit: str

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.amount < math.inf or not _is_currency(self.currency) or not _is_unit(self.unit):
            raise _not_a_cost_rate(str(self))
        if unit_seconds(self.unit) is None:
            raise _not_a_cost_rate(str(self))

    @property
    def quantity(self) -> Quantity:
        """The cost as a pint quantity."""
        return quantity(self.amount, f"{self.currency}/{self.unit}")

    @property
    def per_second(self) -> float:
        """The amount for one second of work."""
        seconds = unit_seconds(self.unit)
        assert seconds is not None
        return self.amount / seconds

    def __str__(self) -> str:
        return f"{number_text(self.amount)} {self.currency}/{self.unit}"


def _not_a_duration(value: object) -> InvalidQuantityError:
    return InvalidQuantityError(Message("expected a duration such as '15 min', got {value!r}", value=value))


def _not_a_rate(value: object) -> InvalidQuantityError:
    return InvalidQuantityError(Message("expected a rate such as '3 case/hour', got {value!r}", value=value))


def _not_money(value: object) -> InvalidQuantityError:
    return InvalidQuantityError(Message("expected an amount such as '60000 IDR', got {value!r}", value=value))


def _not_a_cost_rate(value: object) -> InvalidQuantityError:
    return InvalidQuantityError(
        Message("expected a cost such as '60000 IDR/hour', got {value!r}", value=value)
    )


def _as_text(value: object) -> str | None:
    """Return what a person would write for a text, a pint quantity of any registry, or a timedelta; else None."""
    if isinstance(value, str):
        return value
    if isinstance(value, timedelta):
        return f"{value.total_seconds()!r} s"
    if hasattr(value, "magnitude") and hasattr(value, "units"):
        return f"{_finite(value.magnitude)!r} {str(value.units).replace('1 / ', '/ ')}"
    return None


def in_range(number: float, written: object) -> float:
    """
    Return a number that was read.

    Args:
        number: What the digits stand for; infinite where a float cannot hold it.
        written: The whole that they are part of, for the error.

    Raises:
        InvalidQuantityError: It is infinite.
    """
    if math.isinf(number):
        raise InvalidQuantityError(Message("expected a number within ±1.8e308, got {value!r}", value=written))
    return number


def _match(pattern: re.Pattern[str], text: str | None) -> re.Match[str] | None:
    return pattern.fullmatch(text) if text is not None and len(text) <= _LONGEST else None


def canonical_unit(text: str) -> str | None:
    """Return the name of a unit of time for any of its spellings, or None."""
    return _ALIASES.get(text)


def duration(value: object) -> Duration:
    """
    Return a duration from text, a pint quantity or a timedelta.

    Raises:
        InvalidQuantityError: It is none, is negative, or has another dimension.

    Example:
        >>> duration("15 min")
        Duration(magnitude=15.0, unit='min')
    """
    if isinstance(value, Duration):
        return value
    text = _as_text(value)
    if text is None:
        raise _not_a_duration(value)
    return _duration(text)


@lru_cache(4096)
def _duration(text: str) -> Duration:
    match = _match(_DURATION, text)
    unit = _ALIASES.get(match[2]) if match else None
    if match is None or unit is None:
        raise _not_a_duration(text)
    return Duration(in_range(float(match[1]), text), unit)


def rate(value: object, *, zero: bool = False) -> Rate:
    """
    Return a rate of cases from text or a pint quantity.

    Args:
        value: The text, the quantity, or a rate.
        zero: Whether it may be none at all, as what is measured may.

    Raises:
        InvalidQuantityError: It is none, is negative, or is 0 where that may not be.

    Example:
        >>> rate("12 cases per month"), rate("0 case/day", zero=True)
        (Rate(magnitude=12.0, unit='month'), Rate(magnitude=0.0, unit='day'))
    """
    if isinstance(value, Rate):
        result = value
    else:
        match = _match(_RATE, _as_text(value))
        unit = _ALIASES.get(match[2]) if match else None
        if match is None or unit is None:
            raise _not_a_rate(value)
        result = Rate(in_range(float(match[1]), value), unit)
    if not result.magnitude and not zero:
        raise InvalidQuantityError(Message("expected a rate above zero, got {value!r}", value=str(result)))
    return result


def money(value: object) -> Money:
    """
    Return an amount of money from text or a pint quantity.

    Raises:
        InvalidQuantityError: It is none, or is negative.
    """
    if isinstance(value, Money):
        result = value
    else:
        match = _match(_MONEY, _as_text(value))
        if match is None:
            raise _not_money(value)
        result = Money(in_range(float(match[1]), value), match[2])
    if result.amount < 0:
        message = Message("expected an amount that is not negative, got {value!r}", value=result.plain)
        raise InvalidQuantityError(message)
    return result


def per_currency(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """
    Return the sum of amounts in each currency, in the order in which currencies are met.

    Example:
        >>> [str(sum) for sum in per_currency([Money(1, "EUR"), Money(5000, "IDR"), Money(2, "EUR")])]
        ['3 EUR', '5,000 IDR']
    """
    parts: dict[str, list[float]] = {}
    for amount in amounts:
        parts.setdefault(amount.currency, []).append(amount.amount)
    return tuple(Money(math.fsum(found), currency) for currency, found in parts.items())


def cost_rate(value: object) -> CostRate:
    """
    Return money per time from text or a pint quantity.

    Raises:
        InvalidQuantityError: It is none, or is negative.
    """
    if isinstance(value, CostRate):
        return value
    match = _match(_COST_RATE, _as_text(value))
    unit = _ALIASES.get(match[3]) if match else None
    if match is None or unit is None:
        raise _not_a_cost_rate(value)
    return CostRate(in_range(float(match[1]), value), match[2], unit)


def share(value: object) -> float:
    """
    Return a share from 0 to 1 from a number, a text such as ``1/3``, or a percentage.

    Raises:
        InvalidQuantityError: It is none.

    Example:
        >>> share("20 %"), share("0.2"), share("1/5")
        (0.2, 0.2, 0.2)
    """
    if isinstance(value, str) and len(value) <= 40 and value.rstrip().endswith("%"):
        number = value.rstrip().removesuffix("%").strip()
        if re.fullmatch(r"\d+(\.\d*)?|\.\d+", number) and float(number) <= 100:
            return float(number) / 100
    try:
        return fraction(value)
    except InvalidQuantityError:
        raise InvalidQuantityError(
            Message("expected a share such as '20 %', 0.2 or 1/5, got {value!r}", value=value)
        ) from None


def fraction(value: object) -> float:
    """
    Return a number in [0, 1] from a number or a text such as ``1/3``.

    Raises:
        InvalidQuantityError: It is none.

    Example:
        >>> fraction("1/4")
        0.25
    """
    result = math.nan
    if isinstance(value, int | float) and not isinstance(value, bool):
        result = _finite(value)
    elif (
        isinstance(value, str)
        and len(value) <= 40
        and re.fullmatch(r"\s*\d+(\.\d+)?([eE][+-]?\d+)?\s*(/\s*\d+)?\s*", value)
    ):
        top, _, bottom = value.partition("/")
        divisor = float(bottom or 1)
        result = float(top) / divisor if divisor else math.nan
    if not 0 <= result <= 1:
        raise InvalidQuantityError(
            Message("expected a number from 0 to 1 such as 0.25 or 1/4, got {value!r}", value=value)
        )
    return result


def not_negative(value: object) -> float:
    """
    Return a finite number of at least 0.

    Raises:
        InvalidQuantityError: It is none.
    """
    result = math.nan if isinstance(value, bool | str) else _finite(value)
    if not 0 <= result < math.inf:
        raise InvalidQuantityError(
            Message("expected a number that is not negative, got {value!r}", value=value)
        )
    return result


def above_zero(value: object) -> float:
    """
    Return a finite number above 0.

    Raises:
        InvalidQuantityError: It is none.
    """
    result = math.nan if isinstance(value, bool | str) else _finite(value)
    if not 0 < result < math.inf:
        raise InvalidQuantityError(Message("expected a number above zero, got {value!r}", value=value))
    return result


@cache
def registry() -> pint.UnitRegistry[float]:
    """
    Return the one registry of pubservice; also reached as ``pubservice.units.ureg``.

    It is pint's own plus ``case``, ``working_min``, ``working_hour`` and ``working_day``, and a dimension for each
    currency that is met. It is never the application registry, which any other package may replace.
    """
    import pint

    ureg: pint.UnitRegistry[float] = pint.UnitRegistry(
        on_redefinition="ignore"
    )  # pint's case is a box of bottles
    ureg.define("case = [case] = case = cases")
    ureg.define("working_hour = [working_time]")
    ureg.define("working_min = working_hour / 60")
    ureg.define("working_day = [working_day]")
    copyreg.pickle(
        ureg.Quantity, _reduce_quantity
    )  # a quantity of a private registry cannot be pickled otherwise
    return ureg


def _reduce_quantity(value: Any) -> tuple[Any, tuple[float, str]]:
    return quantity, (value.magnitude, str(value.units))


def quantity(magnitude: float, unit: str) -> Quantity:
    """
    Return a pint quantity of the one registry, defining the currencies that the unit names.

    Example:
        >>> quantity(1.5, "hour").to("min")
        <Quantity(90.0, 'minute')>
    """
    ureg = registry()
    for currency in re.findall(r"\b[A-Z]{3}\b", unit):
        if currency not in ureg:
            ureg.define(f"{currency} = [currency_{currency}]")
    result: Quantity = ureg.Quantity(magnitude, unit)
    return result


def __getattr__(name: str) -> Any:
    if name == "ureg":
        return registry()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
