"""What is measured, and what is promised of it."""

from __future__ import annotations

import sys
from typing import Literal

import attrs

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.model.text import EMPTY, Text, check_id, check_text, fault, one_of, text
from pubservice.units import Duration, Money, duration, fraction, money

Direction = Literal["higher", "lower"]
Goal = Literal["orderly", "smooth", "on-target", "satisfying"]
Unit = Literal["duration", "money", "fraction", "number"]


@attrs.frozen
class Metric:
    """
    One measure of how well a service runs.

    Attributes:
        id: What refers to it.
        name: For people.
        unit: What its values are: ``duration``, ``money``, ``fraction`` (0 to 1) or ``number``.
        direction: Which way is better: ``higher`` or ``lower``.
        goal: Which of the four goals it serves: ``orderly``, ``smooth``, ``on-target`` or ``satisfying``.
        formula: In words.
        source: Where the definition comes from.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    unit: Unit = attrs.field(kw_only=True, validator=one_of("duration", "money", "fraction", "number"))
    direction: Direction = attrs.field(kw_only=True, validator=one_of("higher", "lower"))
    goal: Goal = attrs.field(kw_only=True, validator=one_of("orderly", "smooth", "on-target", "satisfying"))
    formula: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    source: str = attrs.field(default="", kw_only=True, validator=check_text)


METRICS = {
    metric.id: metric
    for metric in (
        Metric("cycle-time", unit="duration", direction="lower", goal="smooth"),
        Metric("waiting-time", unit="duration", direction="lower", goal="smooth"),
        Metric("processing-time", unit="duration", direction="lower", goal="smooth"),
        Metric("applicant-time", unit="duration", direction="lower", goal="satisfying"),
        Metric("cycle-time-efficiency", unit="fraction", direction="higher", goal="smooth"),
        Metric("on-time-share", unit="fraction", direction="higher", goal="smooth"),
        Metric("completion-rate", unit="fraction", direction="higher", goal="on-target"),
        Metric("coverage", unit="fraction", direction="higher", goal="on-target"),
        Metric("satisfaction", unit="number", direction="higher", goal="satisfying"),
        Metric("office-cost", unit="money", direction="lower", goal="smooth"),
        Metric("standard-completeness", unit="fraction", direction="higher", goal="orderly"),
    )
}


def _value(value: object) -> Duration | Money | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) <= sys.float_info.max:
            return float(value)
    else:
        for read in (duration, money, fraction):
            try:
                return read(value)
            except InvalidQuantityError:
                continue
    raise fault("", Message("expected a duration, an amount or a number, got {value!r}", value=value))


@attrs.frozen
class Target:
    """
    What a metric of a service shall reach.

    Attributes:
        metric: Id of a metric: one of pubservice's own or of the organisation's.
        value: A duration, an amount of money or a number, as the unit of the metric asks.
        share: Of the cases, 0 to 1, that must meet it; None where the mean must.

    Example:
        >>> str(Target("cycle-time", value="14 working_day", share=0.95).value)
        '14 working_day'
    """

    metric: str = attrs.field(validator=check_id)
    value: Duration | Money | float = attrs.field(converter=_value, kw_only=True)
    share: float | None = attrs.field(
        converter=attrs.converters.optional(fraction), default=None, kw_only=True
    )


def unit_of(value: Duration | Money | float) -> tuple[str, ...]:
    """Return the units of a metric that a target's value may have."""
    if isinstance(value, Duration):
        return ("duration",)
    if isinstance(value, Money):
        return ("money",)
    return ("fraction", "number") if 0 <= value <= 1 else ("number",)
