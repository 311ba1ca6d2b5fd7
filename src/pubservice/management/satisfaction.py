"""The index of a survey as a measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message
from pubservice.model.measurement import Measurement
from pubservice.surveys.satisfaction import SOURCES, SatisfactionIndex

if TYPE_CHECKING:
    from pubservice.model.period import Period


def satisfaction_measurement(
    index: SatisfactionIndex, *, period: Period | str, service: str | None = None, source: str = ""
) -> Measurement:
    """
    Return the index of a satisfaction survey as a measurement of the metric ``ikm``.

    Args:
        index: Of one service, or of all respondents.
        period: When they answered.
        service: Id of the service; None for the organisation as a whole.
        source: Where it can be looked up; the regulation where left out.

    Example:
        >>> rows = [{f"U{n}": 3 + (n + i) % 2 for n in range(1, 10)} for i in range(40)]
        >>> index = ps.satisfaction_index(ps.answers_from(rows))
        >>> found = satisfaction_measurement(index, period="2026-Q1", service="permit")
        >>> found.metric, found.value, found.population
        ('ikm', 87.5, 40)
    """
    given: object = index  # whatever its annotation promises
    if not isinstance(given, SatisfactionIndex):
        message = Message("expected a {kind}, got {value!r}", kind="SatisfactionIndex", value=given)
        raise InvalidModelError([Problem("index", message)])
    interval = index.interval
    value = index.value
    return Measurement(
        "ikm",
        value=value,
        period=period,
        service=service,
        population=index.respondents,
        obtained="survey",
        low=None if interval is None or value is None else min(interval.low, value),
        high=None if interval is None or value is None else max(interval.high, value),
        source=source or SOURCES[index.regime],
        reason=index.undefined["index"] if value is None else "",
    )


def kept_back_measurement(
    at_least: int, *, period: Period | str, service: str, source: str = ""
) -> Measurement:
    """
    Return that the index of a service is kept back, because so few answered that they could be recognised.

    Args:
        at_least: How many answers are shown at least.
        period: When they answered.
        service: Id of the service.
        source: Where it can be looked up.

    Example:
        >>> print(kept_back_measurement(10, period="2026-Q1", service="permit").reason)
        kept back: fewer than 10 answers, or others could be had from it
    """
    reason = Message("kept back: fewer than {n} answers, or others could be had from it", n=at_least)
    return Measurement(
        "ikm", value=None, period=period, service=service, obtained="survey", source=source, reason=reason
    )
