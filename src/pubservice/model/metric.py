"""What is measured, and what is promised of it."""

from __future__ import annotations

import sys
from functools import partial
from math import isnan
from typing import TYPE_CHECKING, Literal

import attrs

from pubservice.errors import InvalidModelError, InvalidQuantityError, Problem
from pubservice.messages import Message
from pubservice.model.text import EMPTY, Text, check_id, check_text, fault, one_of, text
from pubservice.units import Duration, Money, Rate, duration, fraction, money, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pint.util import UnitsContainer

Direction = Literal["higher", "lower", "neither"]
Goal = Literal["orderly", "smooth", "on-target", "satisfying"]
Unit = Literal["duration", "money", "rate", "fraction", "number"]

DIMENSIONS: dict[str, dict[str, int]] = {
    "duration": {"[time]": 1},
    "money": {"[currency]": 1},
    "rate": {"[case]": 1, "[time]": -1},
    "fraction": {},
    "number": {},
}


def _bound(given: object) -> float | None:
    if given is None:
        return None
    if isinstance(given, int | float) and not isinstance(given, bool) and abs(given) <= sys.float_info.max:
        return float(given)
    raise fault("", Message("expected a number, got {value!r}", value=given))


@attrs.frozen
class Metric:
    """
    One measure of how well a service runs.

    Attributes:
        id: What refers to it.
        name: For people.
        unit: What its values are: ``duration``, ``money``, ``rate`` (cases per time), ``fraction`` (0 to 1) or ``number``.
        direction: Which way is better: ``higher`` or ``lower``; ``neither`` for what is good at no end of its scale, such as
            demand, and of which no target is met or missed.
        goal: Which of the four goals it serves: ``orderly``, ``smooth``, ``on-target`` or ``satisfying``.
        low: The least value it can have; None where nothing bounds it but its unit: none but a number is negative.
        high: The greatest; None where there is none but the 1 of a fraction.
        formula: In words.
        source: Where the definition comes from.

    Raises:
        InvalidModelError: A field is wrong, or bounds are given of a metric that is no number or fraction.

    Example:
        >>> waiting = Metric("wait", unit="duration", direction="lower", goal="smooth")
        >>> waiting.dimensionality == ps.units.quantity(1, "hour").dimensionality
        True
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    unit: Unit = attrs.field(
        kw_only=True, validator=one_of("duration", "money", "rate", "fraction", "number")
    )
    direction: Direction = attrs.field(kw_only=True, validator=one_of("higher", "lower", "neither"))
    goal: Goal = attrs.field(kw_only=True, validator=one_of("orderly", "smooth", "on-target", "satisfying"))
    low: float | None = attrs.field(converter=_bound, default=None, kw_only=True)
    high: float | None = attrs.field(converter=_bound, default=None, kw_only=True)
    formula: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    source: str = attrs.field(default="", kw_only=True, validator=check_text)

    def __attrs_post_init__(self) -> None:
        problems = list(metric_problems(self))
        if problems:
            raise InvalidModelError(problems)

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The least and the greatest value that it can have, as far as there are."""
        return bounds_of(self)

    @property
    def dimensionality(self) -> UnitsContainer:
        """
        The dimension of its values, as in pint: empty for a fraction or a number.

        In pint every currency and either kind of working time is a dimension of its own; here they are ``[currency]`` and
        ``[time]``.
        """
        from pint.util import UnitsContainer

        return UnitsContainer(DIMENSIONS[self.unit])


def bounds_of(metric: Metric) -> tuple[float | None, float | None]:
    """Return the least and the greatest value that a metric can have; of what stands in for one too."""
    low, high = (None, None) if metric.unit == "number" else (0.0, 1.0 if metric.unit == "fraction" else None)
    return low if metric.low is None else metric.low, high if metric.high is None else metric.high


def metric_problems(metric: Metric) -> Iterator[Problem]:
    """Yield what does not fit together in a metric."""
    given = [name for name in ("low", "high") if getattr(metric, name) is not None]
    if metric.unit not in ("fraction", "number"):
        message = Message("expected no bound of a {unit}: it is at least 0", unit=metric.unit)
        yield from (Problem(name, message) for name in given)
        return
    if metric.unit == "fraction":
        for name in given:
            if not 0 <= getattr(metric, name) <= 1:
                message = Message("expected a number from 0 to 1, got {value!r}", value=getattr(metric, name))
                yield Problem(name, message)
    if metric.low is not None and metric.high is not None and metric.low >= metric.high:
        message = Message("expected low < high, got {low} and {high}", low=metric.low, high=metric.high)
        yield Problem("low", message)


def out_of_bounds(metric: Metric, value: Duration | Money | Rate | float) -> Message | None:
    """
    Return what is wrong with a value that its metric cannot have; None where it can, or is of another unit.

    Example:
        >>> print(out_of_bounds(ps.METRICS["utilisation"], 85.0))
        expected 0 to 10 for 'utilisation', got 85; did you mean 0.85?
    """
    low, high = bounds_of(metric)
    if low is not None and high is not None and low >= high:
        return None  # bounds that are none are told where they stand
    if (
        not isinstance(value, float)
        or isnan(value)
        or ((low is None or value >= low) and (high is None or value <= high))
    ):
        return None
    hint = ""
    if high is not None and low is not None and high <= 10 and low <= value / 100 <= 1:
        hint = Message("; did you mean {value:.4g}?", value=value / 100)
    wanted = {"metric": metric.id, "value": f"{value:.15g}", "hint": hint}
    if low is None:
        return Message("expected at most {high:.15g} for {metric!r}, got {value}{hint}", high=high, **wanted)
    if high is None:
        return Message("expected at least {low:.15g} for {metric!r}, got {value}{hint}", low=low, **wanted)
    return Message(
        "expected {low:.15g} to {high:.15g} for {metric!r}, got {value}{hint}", low=low, high=high, **wanted
    )


def metric_value(given: object, *, zero: bool = False) -> Duration | Money | Rate | float:
    """
    Return a value of a metric from what people write: a duration, an amount, a rate, a number, or a fraction as text.

    Args:
        given: The text, the number, or one of these values.
        zero: Whether a rate may be 0, as one that is measured may.

    Raises:
        InvalidModelError: It is none of these.

    Example:
        >>> print(metric_value("14 working_day"), metric_value("12 case/month"), metric_value("3/4"))
        14 working_day 12 case/month 0.75
    """
    if isinstance(given, int | float) and not isinstance(given, bool):
        if abs(given) <= sys.float_info.max:
            return float(given)
    else:
        for read in (duration, money, partial(rate, zero=zero), fraction):
            try:
                return read(given)
            except InvalidQuantityError:
                continue
    message = Message("expected a duration, an amount, a rate or a number, got {value!r}", value=given)
    raise fault("", message)


@attrs.frozen
class Target:
    """
    What a metric of a service shall reach.

    Attributes:
        metric: Id of a metric: one of pubservice's own or of the organisation's.
        value: A duration, an amount of money, a rate or a number, as the unit of the metric asks.
        share: Of the cases, 0 to 1, that must meet it; None where the mean must.

    Example:
        >>> str(Target("cycle-time", value="14 working_day", share=0.95).value)
        '14 working_day'
    """

    metric: str = attrs.field(validator=check_id)
    value: Duration | Money | Rate | float = attrs.field(converter=metric_value, kw_only=True)
    share: float | None = attrs.field(
        converter=attrs.converters.optional(fraction), default=None, kw_only=True
    )


def unit_of(value: Duration | Money | Rate | float) -> tuple[str, ...]:
    """
    Return the units of a metric that a value may be of.

    Example:
        >>> unit_of(Duration(1, "hour")), unit_of(0.9), unit_of(88.31)
        (('duration',), ('fraction', 'number'), ('number',))
    """
    match value:
        case Duration():
            return ("duration",)
        case Money():
            return ("money",)
        case Rate():
            return ("rate",)
        case _:
            return ("fraction", "number") if 0 <= value <= 1 else ("number",)
