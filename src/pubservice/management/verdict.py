"""Whether a value keeps a promise."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Literal

import attrs

from pubservice.analysis.profile import arrival_rate, promised_seconds
from pubservice.messages import Message
from pubservice.model.measurement import magnitude, unit_text
from pubservice.units import Duration, Rate, in_unit

if TYPE_CHECKING:
    from pubservice.analysis.profile import Clock
    from pubservice.messages import Language
    from pubservice.model.measurement import Measurement, Value
    from pubservice.model.metric import Metric

Verdict = Literal["met", "at-risk", "missed", "unknown"]
VERDICTS: dict[Verdict, Message] = {
    "met": Message("met"),
    "at-risk": Message("at risk"),
    "missed": Message("missed"),
    "unknown": Message("unknown"),
}
SPENT = ("processing-time", "applicant-time")  # time that somebody spends: an hour is an hour on either clock


@attrs.frozen
class Promised:
    """
    What a service promises of a metric.

    Attributes:
        value: To be reached.
        share: Of the cases, that must reach it; None where the mean must.
        origin: Where it is promised: in a ``target``, or in the published ``standard``.
    """

    value: Value
    share: float | None
    origin: Literal["target", "standard"]

    def text(self, metric: Metric, language: Language = "en") -> str:
        """Return it in words."""
        value = value_text(self.value, metric)
        if self.share is None:
            return value.text(language)
        if self.share == 1:
            return Message("{value} for every case", value=value).text(language)
        return Message("{value} for {share:.4g}% of cases", value=value, share=100 * self.share).text(
            language
        )

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {"value": value_data(self.value), "share": self.share, "origin": self.origin}


@attrs.frozen
class Judgement:
    """
    A verdict, and why.

    Attributes:
        verdict: ``met``, ``at-risk``, ``missed`` or ``unknown``.
        reason: In words.
    """

    verdict: Verdict
    reason: Message


def value_text(
    value: Value, metric: Metric, *, like: Value | None = None, hours: float | None = None
) -> Message:
    """
    Return a value for people: shares in percent, times with one decimal.

    Args:
        value: To be said.
        metric: That it is of.
        like: A value in whose unit it is said where both are on one clock.
        hours: Of a working day.

    Example:
        >>> from pubservice.model.vocabulary import METRICS
        >>> value_text(0.934, METRICS["on-time-share"]), value_text(Duration(90, "min"), METRICS["cycle-time"])
        ('93.4%', '90 min')
    """
    match value:
        case Duration():
            said = _in_unit_of(value, like, hours)
            amount = f"{said.magnitude:,.4g}" if said.magnitude < 1e4 else f"{said.magnitude:,.0f}"
            return in_unit(amount, said.unit)
        case Rate():
            unit = Message(value.unit)
            return Message("{amount} case/{unit}", amount=f"{value.magnitude:,.4g}", unit=unit)
        case float() if metric.unit == "fraction":
            percent = f"{100 * value:.4g}%"
            return Message("{amount}", amount=">99.99%" if percent == "100%" and value < 1 else percent)
        case float():
            return Message("{amount}", amount=f"{value:,.2f}".rstrip("0").rstrip("."))
        case _:
            return Message("{amount}", amount=str(value))


def _in_unit_of(value: Duration, like: Value | None, hours: float | None) -> Duration:
    if not isinstance(like, Duration) or _is_working(like) != _is_working(value):
        return value
    seconds, one = (d.seconds(hours_per_working_day=hours) for d in (value, Duration(1, like.unit)))
    return value if seconds is None or one is None else Duration(seconds / one, like.unit)


def value_data(value: Value | None) -> object:
    """Return a value for JSON: a number, or a number and its unit."""
    if value is None or isinstance(value, float):
        return value
    return {"magnitude": magnitude(value), "unit": unit_text(value)}


def _is_working(length: Duration) -> bool:
    return length.unit.startswith("working_")


def pair(value: Value, promised: Value, metric: Metric, clock: Clock) -> tuple[float, float] | Message:
    """
    Return a value and a promised value as numbers that compare, or why they do not.

    Two lengths compare on one clock only, and a working day only with working days where there is no calendar. Rates are
    turned to the service's clock.
    """
    if isinstance(value, Duration) and isinstance(promised, Duration):
        if _is_working(value) != _is_working(promised) and metric.id not in SPENT:
            return Message(
                "{value} and {promised} are on different clocks, elapsed and working time",
                value=str(value),
                promised=str(promised),
            )
        hours = clock.hours_per_working_day
        lengths = [length.seconds(hours_per_working_day=hours) for length in (value, promised)]
        if value.unit != promised.unit and None in lengths:
            return Message("a working day has no hours without a calendar")
        if None in lengths:
            return value.magnitude, promised.magnitude
        return lengths[0] or 0.0, lengths[1] or 0.0
    if isinstance(value, Rate) and isinstance(promised, Rate):
        if value.unit == promised.unit:
            return value.magnitude, promised.magnitude
        if clock.hours_per_working_day is None and "working_day" in (value.unit, promised.unit):
            return Message("a working day has no hours without a calendar")
        return arrival_rate(value, clock) or 0.0, arrival_rate(promised, clock) or 0.0
    return magnitude(value), magnitude(promised)


def on_clock(promised: Value, metric: Metric, clock: Clock) -> Value:
    """Return a promised length on the service's clock, on which the model counts, by its open share in the long run."""
    if not isinstance(promised, Duration) or metric.id in SPENT or clock.hours_per_working_day is None:
        return promised
    seconds = promised_seconds(promised, clock)
    return promised if seconds is None else Duration(seconds / 3600, "working_hour")


def keeps(value: float, promised: float, metric: Metric) -> bool:
    """Return whether a number is as good as promised, or better; exactly so good is."""
    if isclose(value, promised, rel_tol=1e-12):
        return True
    return value < promised if metric.direction == "lower" else value > promised


def judge(
    measured: Measurement, promised: Value, metric: Metric, clock: Clock, worsening: Message | None
) -> Judgement:
    """
    Return whether a measurement keeps a promise.

    It is *at risk* where chance cannot be told apart from the truth: the 95 % interval contains the promised value; and
    where the promise is kept, but the control chart of the measure signals that it is getting worse. Else it is *met* or
    *missed*. It is *unknown* where there is no value, or none that compares.

    Args:
        measured: Of the same metric; of a share of cases where that is what is promised.
        promised: The value, or the share.
        metric: Of the measurement.
        clock: Of the service.
        worsening: The signal of a control chart at this period in the worse direction.
    """
    if measured.value is None:
        reason = measured.reason
        return Judgement(
            "unknown", reason if isinstance(reason, Message) else Message("{reason}", reason=reason)
        )
    if metric.direction == "neither":
        return Judgement("unknown", Message("neither more nor less of it is better"))
    numbers = pair(measured.value, promised, metric, clock)
    if isinstance(numbers, Message):
        return Judgement("unknown", numbers)
    target = numbers[1]
    if measured.low is not None and measured.high is not None:
        ends = [pair(end, promised, metric, clock) for end in (measured.low, measured.high)]
        low, high = (end[0] for end in ends if not isinstance(end, Message))
        if low < target < high:
            return Judgement(
                "at-risk",
                Message(
                    "the 95% interval, {low} to {high}, contains what is promised",
                    low=value_text(measured.low, metric),
                    high=value_text(measured.high, metric),
                ),
            )
    if not keeps(*numbers, metric):
        return Judgement("missed", Message("worse than promised"))
    if worsening is not None:
        return Judgement("at-risk", Message("kept, but it is getting worse: {signal}", signal=worsening))
    return Judgement("met", Message("as good as promised, or better"))
