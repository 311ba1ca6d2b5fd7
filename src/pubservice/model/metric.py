"""What is measured, and what is promised of it."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Literal

import attrs

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.model.text import EMPTY, Text, check_id, check_text, fault, one_of, text
from pubservice.units import Duration, Money, Rate, duration, fraction, money, rate

if TYPE_CHECKING:
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
        formula: In words.
        source: Where the definition comes from.

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
    formula: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    source: str = attrs.field(default="", kw_only=True, validator=check_text)

    @property
    def dimensionality(self) -> UnitsContainer:
        """
        The dimension of its values, as in pint: empty for a fraction or a number.

        In pint every currency and either kind of working time is a dimension of its own; here they are ``[currency]`` and
        ``[time]``.
        """
        from pint.util import UnitsContainer

        return UnitsContainer(DIMENSIONS[self.unit])


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
