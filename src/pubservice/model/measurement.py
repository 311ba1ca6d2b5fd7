"""What was measured: a value of a metric over a period, and how far it can be trusted."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message, did_you_mean
from pubservice.model.metric import metric_value, out_of_bounds, unit_of
from pubservice.model.organisation import metrics_of
from pubservice.model.period import Period, period
from pubservice.model.text import MOST_PROBLEMS, check_id, check_text, fault, one_of
from pubservice.model.vocabulary import METRICS
from pubservice.units import Duration, Money, Rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService

Obtained = Literal["log", "survey", "register", "model", "simulation", "report"]
OBTAINED = ("log", "survey", "register", "model", "simulation", "report")
Value = Duration | Money | Rate | float

_measured = attrs.converters.optional(partial(metric_value, zero=True))


def _value(given: object) -> Value | None:
    found: Value | None = _measured(given)
    return found


def _check_service(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if value is not None:
        check_id(_, attribute, value)


def _check_population(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if value is not None and (type(value) is not int or value < 0):
        message = Message("expected a whole number of at least 0, got {value!r}", value=value)
        raise fault(attribute.name, message)


@attrs.frozen
class Measurement:
    """
    A value of a metric over a period.

    Attributes:
        metric: Id of a metric: one of pubservice's own or of the organisation's.
        value: A duration, an amount of money, a rate or a number, as the unit of the metric asks; None where there is none.
        period: Over which days, as text such as ``2026-Q1``.
        service: Id of the service; None where it is of the organisation as a whole.
        population: How many cases or people stand behind it.
        obtained: Where it comes from: a ``log``, a ``survey``, a ``register``, a ``model``, a ``simulation`` or a ``report``.
        low: Lower end of its 95 % interval, in the unit of the value; None where there is no uncertainty or it is unknown.
        high: Upper end.
        within: Of a share of cases, what each was held against: ``on-time-share`` of ``14 working_day``.
        source: Where it can be looked up; two that say the same are of one source, whose periods may not overlap.
        reason: Why there is no value.

    Raises:
        InvalidModelError: A field is wrong, or they do not fit together; of the latter all faults at once.

    Example:
        >>> m = Measurement("cycle-time", value="12 working_day", period="2026-Q1", service="permit", obtained="register")
        >>> str(m.value), str(m.period)
        ('12 working_day', '2026-Q1')
    """

    metric: str = attrs.field(validator=check_id)
    value: Value | None = attrs.field(converter=_value, kw_only=True)
    period: Period = attrs.field(converter=period, kw_only=True)
    service: str | None = attrs.field(default=None, kw_only=True, validator=_check_service)
    population: int | None = attrs.field(default=None, kw_only=True, validator=_check_population)
    obtained: Obtained = attrs.field(kw_only=True, validator=one_of(*OBTAINED))
    low: Value | None = attrs.field(converter=_value, default=None, kw_only=True)
    high: Value | None = attrs.field(converter=_value, default=None, kw_only=True)
    within: Value | None = attrs.field(converter=_value, default=None, kw_only=True)
    source: str = attrs.field(default="", kw_only=True, validator=check_text)
    reason: str = attrs.field(default="", kw_only=True, validator=check_text)

    def __attrs_post_init__(self) -> None:
        problems = list(_own_problems(self))
        if problems:
            raise InvalidModelError(problems)


def magnitude(value: Value) -> float:
    """
    Return the number in a value, in its own unit.

    Example:
        >>> magnitude(Duration(14, "working_day")), magnitude(0.5)
        (14.0, 0.5)
    """
    match value:
        case Duration() | Rate():
            return value.magnitude
        case Money():
            return value.amount
        case _:
            return value


def unit_text(value: Value) -> str:
    """
    Return what a number in a value counts; empty for a number.

    Example:
        >>> unit_text(Duration(14, "working_day")), unit_text(Money(5, "GBP")), unit_text(Rate(3, "day")), unit_text(0.5)
        ('working_day', 'GBP', 'case/day', '')
    """
    match value:
        case Duration():
            return value.unit
        case Money():
            return value.currency
        case Rate():
            return f"case/{value.unit}"
        case _:
            return ""


def _own_problems(measurement: Measurement) -> Iterator[Problem]:
    value, low, high = measurement.value, measurement.low, measurement.high
    if value is None and not measurement.reason.strip():
        yield Problem("value", Message("expected a value, or the reason why there is none"))
    if value is not None and measurement.reason:
        yield Problem(
            "reason", Message("a value needs no reason, got {value!r}", value=str(measurement.reason))
        )
    is_mean = isinstance(value, Duration | Money) or measurement.obtained == "survey"
    if value is not None and is_mean and measurement.population == 0:
        yield Problem("population", _of_nothing(value))
    if (low is None) != (high is None):
        yield Problem("low" if low is None else "high", Message("an interval has two ends"))
        return
    if low is None or high is None:
        return
    if value is None:
        yield Problem("low", Message("an interval needs a value"))
    elif not unit_text(low) == unit_text(high) == unit_text(value):
        message = Message(
            "expected an interval in the unit of the value {value!r}, got {low!r} to {high!r}",
            value=str(value),
            low=str(low),
            high=str(high),
        )
        yield Problem("low", message)
    elif not magnitude(low) <= magnitude(value) <= magnitude(high):
        message = Message(
            "expected low ≤ value ≤ high, got {low!r}, {value!r}, {high!r}",
            low=str(low),
            value=str(value),
            high=str(high),
        )
        yield Problem("low", message)


def _of_nothing(value: Value) -> Message:
    return Message("expected at least 1 case behind {value!r}, got 0", value=str(value))


class Misfit(NamedTuple):
    """
    What does not fit between a measurement and the organisation, or another measurement.

    Attributes:
        position: Of the measurement, from 0.
        field: Of the measurement.
        message: What was expected and what was found.
    """

    position: int
    field: str
    message: Message


def _numbered(position: int) -> str:
    return f"measurements[{position}]"


def misfits(
    measurements: Sequence[Measurement],
    organisation: PublicOrganisation | None,
    *,
    place: Callable[[int], str] = _numbered,
) -> list[Misfit]:
    """
    Return what does not fit, in the order of the measurements, at most a thousand.

    Without an organisation its services and its own metrics are not known; what else is wrong shows. Measurements are from the same source
    where they were obtained in the same way and ``source`` says the same.

    Args:
        measurements: To be judged.
        organisation: Whose they are, to judge services and metrics of its own; None where that is not known.
        place: How another measurement is named, from its position.

    Example:
        >>> months = [
        ...     Measurement("nps", value=v, period=p, obtained="survey") for v, p in [(40, "2026-Q1"), (50, "2026-03")]
        ... ]
        >>> print(*(m.message for m in misfits(months, ps.PublicOrganisation("office"))))
        the period 2026-03 overlaps 2026-Q1 of measurements[0], from the same source
    """
    found = [
        *_unknown(measurements, organisation),
        *_mixed(measurements, () if organisation is None else organisation.services, place),
        *_overlaps(measurements, place),
    ]
    return sorted(islice(found, MOST_PROBLEMS), key=lambda misfit: misfit.position)


def _unknown(
    measurements: Sequence[Measurement], organisation: PublicOrganisation | None
) -> Iterator[Misfit]:
    """Yield what names no metric or service, as far as they are known, or is no value of its metric."""
    metrics = METRICS if organisation is None else metrics_of(organisation)
    services = None if organisation is None else {service.id for service in organisation.services}
    for i, measurement in enumerate(measurements):
        metric = metrics.get(measurement.metric)
        if metric is None:
            if organisation is not None:
                hint = did_you_mean(measurement.metric, metrics)
                yield Misfit(i, "metric", Message("no metric {id!r}{hint}", id=measurement.metric, hint=hint))
        elif measurement.value is not None and metric.unit not in unit_of(measurement.value):
            message = Message(
                "expected a {unit} for {metric!r}, got {value!r}",
                unit=metric.unit,
                metric=metric.id,
                value=str(measurement.value),
            )
            yield Misfit(i, "value", message)
        elif measurement.value is not None:
            for name in ("value", "low", "high"):
                given = getattr(measurement, name)
                wrong = None if given is None else out_of_bounds(metric, given)
                if wrong is not None:
                    yield Misfit(i, name, wrong)
            if metric.unit == "fraction" and measurement.population == 0:
                yield Misfit(i, "population", _of_nothing(measurement.value))
        if services is not None and measurement.service is not None and measurement.service not in services:
            hint = did_you_mean(measurement.service, services)
            message = Message(
                "no {kind} {id!r}{hint}", kind=Message("service"), id=measurement.service, hint=hint
            )
            yield Misfit(i, "service", message)


def _mixed(
    measurements: Sequence[Measurement], services: Iterable[PublicService], place: Callable[[int], str]
) -> Iterator[Misfit]:
    """Yield amounts that are in another currency than the target, or the first amount, of the same metric and service."""
    known: dict[tuple[str | None, str], tuple[str, str]] = {
        (service.id, target.metric): (target.value.currency, Message("the target"))
        for service in services
        for target in service.targets
        if isinstance(target.value, Money)
    }
    for i, measurement in enumerate(measurements):
        if not isinstance(measurement.value, Money):
            continue
        key = (measurement.service, measurement.metric)
        currency, where = known.setdefault(key, (measurement.value.currency, place(i)))
        if currency != measurement.value.currency:
            message = Message(
                "expected {currency}, the currency of {where}, got {value!r}: they do not compare without a rate",
                currency=currency,
                where=where,
                value=str(measurement.value),
            )
            yield Misfit(i, "value", message)


def _overlaps(measurements: Sequence[Measurement], place: Callable[[int], str]) -> Iterator[Misfit]:
    """Yield periods that overlap an earlier one of the same metric, service and source."""
    last: dict[tuple[object, ...], int] = {}
    for i in sorted(range(len(measurements)), key=lambda i: measurements[i].period):
        this = measurements[i]
        key = (this.metric, this.service, this.obtained, this.within, this.source)
        before = last.get(key)
        if before is None or measurements[before].period.last < this.period.first:
            last[key] = i
            continue
        later, earlier = max(i, before), min(i, before)
        message = Message(
            "the period {period} overlaps {other} of {where}, from the same source",
            period=str(measurements[later].period),
            other=str(measurements[earlier].period),
            where=place(earlier),
        )
        yield Misfit(later, "period", message)
        if measurements[before].period.last < this.period.last:
            last[key] = i
