"""What is promised, what the model says, and what was measured, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.performance import performance as performance_of
from pubservice.analysis.profile import ALWAYS, Clocks
from pubservice.errors import InvalidModelError, Problem
from pubservice.management.modelled import NOT_MODELLED, Modelled, Models
from pubservice.management.trend import Trend, key_of, trends
from pubservice.management.verdict import (
    VERDICTS,
    Judgement,
    Promised,
    Verdict,
    judge,
    keeps,
    on_clock,
    pair,
    value_data,
    value_text,
)
from pubservice.messages import Message
from pubservice.model.measurement import Measurement, magnitude, misfits
from pubservice.model.organisation import metrics_of
from pubservice.model.period import period
from pubservice.model.vocabulary import METRICS
from pubservice.provenance import Provenance, provenance
from pubservice.table import table
from pubservice.units import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pubservice.analysis.performance import Performance
    from pubservice.analysis.profile import Clock
    from pubservice.messages import Language
    from pubservice.model.metric import Metric
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.period import Period
    from pubservice.model.service import PublicService


ASSUMPTIONS = (
    Message("measured as their sources say, and cases at exactly what is promised keep it"),
    Message("the published completion time is for every case, unless a target says for what share"),
)


_SURE = 1e-6  # of the slowest cases the model tells no more


@attrs.frozen
class ScorecardRow:
    """
    One metric of one service in one period.

    Attributes:
        service: Its id; None for the organisation as a whole.
        metric: What is promised, or else measured.
        promised: What it shall reach; None where nothing is promised.
        modelled: What the model of the service says; of a promise for a share of cases, what share would keep it.
        meets: Whether the model keeps the promise; None where that is not known.
        measured: What was measured; of a promise for a share of cases, that share. None where nothing was.
        judgement: Whether what was measured keeps the promise, and why.
    """

    service: str | None
    metric: Metric
    promised: Promised | None
    modelled: Modelled
    meets: bool | None
    measured: Measurement | None
    judgement: Judgement
    _clock: Clock = attrs.field(eq=False, repr=False)

    @property
    def verdict(self) -> Verdict:
        """``met``, ``at-risk``, ``missed`` or ``unknown``."""
        return self.judgement.verdict

    @property
    def period(self) -> Period | None:
        """Over which days it was measured."""
        return self.measured.period if self.measured else None

    @property
    def unmeasured(self) -> bool:
        """Whether there is a measurement that has no value, but a reason."""
        return self.measured is not None and self.measured.value is None

    def cells(self, language: Language = "en") -> dict[str, object]:
        """Return the row of a table, in words."""
        measured, promised = self.measured, self.promised
        like = promised.value if promised else None
        hours = self._clock.hours_per_working_day
        of = METRICS["on-time-share"] if _is_share(promised) else self.metric
        model = self.modelled.value
        return {
            "service": self.service,
            "metric": self.metric.name.text(language) or self.metric.id,
            "promised": promised.text(self.metric, language) if promised else None,
            "modelled": None if model is None else value_text(model, of, like=like, hours=hours),
            "measured": value_text(measured.value, of, like=like, hours=hours)
            if measured and measured.value is not None
            else None,
            "period": str(measured.period) if measured else None,
            "verdict": VERDICTS[self.verdict],
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        measured = self.measured
        return {
            "service": self.service,
            "metric": self.metric.id,
            "period": str(measured.period) if measured else None,
            "promised": self.promised.data() if self.promised else None,
            "modelled": {
                "value": value_data(self.modelled.value),
                "meets": self.meets,
                "method": self.modelled.method.data() if self.modelled.method else None,
                "undefined": None if self.modelled.reason is None else str(self.modelled.reason),
            },
            "measured": None
            if measured is None
            else {
                "metric": measured.metric,
                "value": value_data(measured.value),
                "low": value_data(measured.low),
                "high": value_data(measured.high),
                "population": measured.population,
                "obtained": measured.obtained,
                "source": measured.source,
                "undefined": str(measured.reason) or None,
            },
            "verdict": self.verdict,
            "reason": str(self.judgement.reason),
        }


def _is_share(promised: Promised | None) -> bool:
    return promised is not None and promised.share is not None


@attrs.frozen
class Scorecard:
    """
    Metrics of the services of an organisation: promised, modelled and measured.

    Attributes:
        organisation: Whose it is.
        every: A row for each promise, or metric that was measured, and each period; in document order, the earliest first.
        trends: What was measured in several periods, each with its control chart.
    """

    organisation: PublicOrganisation = attrs.field(repr=False)
    every: tuple[ScorecardRow, ...]
    trends: tuple[Trend, ...]

    @cached_property
    def latest(self) -> tuple[ScorecardRow, ...]:
        """Of each promise or metric that was measured, from each source, the row of the last period."""
        found: dict[tuple[object, ...], ScorecardRow] = {}
        for row in self.every:
            m = row.measured
            found[
                row.service, row.metric.id, row.promised, m and m.metric, m and m.obtained, m and m.source
            ] = row
        return tuple(found.values())

    @property
    def missed(self) -> tuple[ScorecardRow, ...]:
        """The latest rows whose promise is missed."""
        return tuple(row for row in self.latest if row.verdict == "missed")

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        sources = dict.fromkeys(row.metric.source for row in self.every if row.metric.source)
        charts = dict.fromkeys(one.chart.source for one in self.trends if one.chart)
        return provenance(self.organisation, ASSUMPTIONS, (*sources, *charts))

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each promise or measured metric and each period, in words."""
        return [row.cells() | {"reason": row.judgement.reason} for row in self.every]

    def text(self, language: Language = "en") -> str:
        """Return a table of the latest period, why a promise is not known to be met, and the signals of control charts."""
        if not self.every:
            return Message("nothing is promised, and nothing was measured").text(language)
        lines = [table([row.cells(language) for row in self.latest], language=language)]
        lines += [
            f"{row.service or self.organisation.id}, {row.metric.name.text(language) or row.metric.id}:"
            f" {row.judgement.reason.text(language)}"
            for row in self.latest
            if row.verdict != "met" and (row.promised is not None or row.unmeasured)
        ]
        lines += [line for trend in self.trends for line in trend.lines(language)]
        return "\n".join(line for line in lines if line)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "organisation": self.organisation.id,
            "provenance": self.provenance.data(),
            "rows": [row.data() for row in self.every],
            "trends": [trend.data() for trend in self.trends],
        }


def scorecard(
    organisation: PublicOrganisation,
    measurements: Iterable[Measurement] = (),
    *,
    performance: Performance | None = None,
    periods: Iterable[Period | str] | None = None,
) -> Scorecard:
    """
    Return what an organisation promises, what its model says, and what was measured, side by side.

    Promises are the targets of a service, and the completion time of its published standard, which is for every case unless
    a target says of the same time for what share of cases it shall be kept. A target for a share of the cases is held
    against the measured share (``on-time-share`` within that time), since a mean says nothing about it. Nothing is averaged
    over metrics or periods, and there is no total: weights would have to come from somewhere.

    The verdict is on what was measured; what the model says stands beside it. It is *met* or *missed* by the value, but *at
    risk* where its 95 % interval contains the promised value, and where the promise is kept while the control chart of at
    least eight periods signals at that period that the measure gets worse. It is *unknown*, with the reason, where nothing
    that compares was measured.

    Args:
        organisation: With targets and standards.
        measurements: From logs, surveys, registers, in any order.
        performance: Of this organisation, where it is there already.
        periods: Only what was measured within these; everything where left out.

    Raises:
        InvalidModelError: A measurement names an unknown metric or service, has a value of another unit, an amount in
            another currency, or a period that overlaps another from the same source; all faults at once, by their numbers.

    Example:
        >>> office = ps.PublicOrganisation("office", services=[
        ...     ps.PublicService("permit", targets=[ps.Target("ikm", value=80)])])
        >>> spring = ps.Measurement("ikm", value=83.2, period="2026-Q1", service="permit", obtained="survey")
        >>> print(scorecard(office, [spring]))
        service  metric                     promised  modelled  measured  period   verdict
        permit   Public satisfaction index  80        -         83.2      2026-Q1  met
    """
    given = _checked(measurements)
    problems = [
        Problem(f"measurements[{m.position}].{m.field}", m.message) for m in misfits(given, organisation)
    ]
    if problems:
        raise InvalidModelError(problems)
    if periods is not None:
        wanted = [period(item) for item in periods]
        given = tuple(m for m in given if any(p.contains(m.period) for p in wanted))
    moving = trends(sorted(given, key=lambda m: m.period), metrics_of(organisation))
    builder = _Builder(
        organisation, performance_of(organisation) if performance is None else performance, moving
    )
    of: dict[str | None, list[Measurement]] = {}
    for one in moving:
        of.setdefault(one.service, []).extend(one.measurements)
    rows: list[ScorecardRow] = []
    for service in organisation.services:
        rows += builder.rows(service, of.get(service.id, []))
    rows += builder.unpromised(None, of.get(None, []))
    return Scorecard(organisation, tuple(rows), tuple(one for one in moving if len(one.measurements) > 1))


def _checked(measurements: Any) -> tuple[Measurement, ...]:
    """Return measurements; refuse what is no list of them, each with its position."""
    if isinstance(measurements, str) or not isinstance(measurements, Iterable):
        message = Message("expected a list, got {value!r}", value=measurements)
        raise InvalidModelError([Problem("measurements", message)])
    given = tuple(measurements)
    problems = [
        Problem(
            f"measurements[{i}]", Message("expected a {kind}, got {value!r}", kind="Measurement", value=item)
        )
        for i, item in enumerate(given)
        if not isinstance(item, Measurement)
    ]
    if problems:
        raise InvalidModelError(problems)
    return given


def promises(service: PublicService) -> list[tuple[str, Promised]]:
    """Return the metric and the value of everything that a service promises, the standard first."""
    found = [(target.metric, Promised(target.value, target.share, "target")) for target in service.targets]
    published = service.standard.completion_time
    told = any(metric == "cycle-time" and p.share is not None and p.value == published for metric, p in found)
    if published is not None and not told:
        found.insert(0, ("cycle-time", Promised(published, 1.0, "standard")))
    return found


class _Builder:
    """What rows are made from."""

    def __init__(
        self, organisation: PublicOrganisation, performance: Performance, trends: Iterable[Trend]
    ) -> None:
        self.metrics = metrics_of(organisation)
        self._models = Models(performance)
        self._clocks = Clocks(organisation)
        self._trends = {key_of(one.measurements[0]): one for one in trends}

    def rows(self, service: PublicService, measurements: Sequence[Measurement]) -> Iterator[ScorecardRow]:
        """Yield the rows of one service: its promises, then what was measured besides."""
        promised = promises(service)
        alone = (
            len({p.value for metric, p in promised if metric == "cycle-time" and p.share is not None}) == 1
        )
        used: set[int] = set()
        for metric, promise in promised:
            fitting = [m for m in measurements if _fits(m, metric, promise, alone=alone)]
            used |= {id(m) for m in fitting}
            if not fitting:
                yield self._row(service, self.metrics[metric], promise, None)
            for measurement in fitting:
                yield self._row(service, self.metrics[metric], promise, measurement)
        yield from self.unpromised(service, [m for m in measurements if id(m) not in used])

    def unpromised(
        self, service: PublicService | None, measurements: Sequence[Measurement]
    ) -> Iterator[ScorecardRow]:
        """Yield rows of what was measured and nothing is promised of, by metric."""
        order = {id: position for position, id in enumerate(self.metrics)}
        for measurement in sorted(measurements, key=lambda m: order[m.metric]):
            yield self._row(service, self.metrics[measurement.metric], None, measurement)

    def _row(
        self,
        service: PublicService | None,
        metric: Metric,
        promised: Promised | None,
        measured: Measurement | None,
    ) -> ScorecardRow:
        if service is None:
            clock, model = ALWAYS, NOT_MODELLED
        else:
            clock = self._clocks.service(service)
            limit = _limit(metric, promised)
            model = self._models.of(metric, service) if limit is None else self._models.within(limit, service)
        meets = _model_meets(model, promised, metric, clock)
        judgement = self._judgement(metric, promised, measured, meets, clock)
        return ScorecardRow(
            service.id if service else None, metric, promised, model, meets, measured, judgement, clock
        )

    def _judgement(
        self,
        metric: Metric,
        promised: Promised | None,
        measured: Measurement | None,
        meets: bool | None,
        clock: Clock,
    ) -> Judgement:
        """Return the verdict on a measurement, or why there is none."""
        if promised is None:
            if measured is not None and measured.value is None:
                return judge(measured, 0.0, metric, clock, None)
            return Judgement("unknown", Message("nothing is promised"))
        if measured is None:
            return Judgement("unknown", _not_measured(metric, promised, meets))
        signal = self._trends[key_of(measured)].worsening(measured)
        if promised.share is None:
            return judge(measured, promised.value, metric, clock, signal)
        return judge(measured, promised.share, METRICS["on-time-share"], clock, signal)


def _fits(measurement: Measurement, metric: str, promised: Promised, *, alone: bool) -> bool:
    """
    Return whether a measurement is of what is promised.

    Args:
        measurement: Of the same service.
        metric: Of which something is promised.
        promised: The value, and the share.
        alone: Whether only one time is promised, so that a measured share without a time is of it.
    """
    if promised.share is None:
        return measurement.metric == metric
    if metric != "cycle-time" or measurement.metric != "on-time-share":
        return False
    return alone if measurement.within is None else measurement.within == promised.value


def _limit(metric: Metric, promised: Promised | None) -> Duration | None:
    """Return the time within which a share of the cases is promised to be closed, where that is what is promised."""
    if promised is None or promised.share is None or metric.id != "cycle-time":
        return None
    return promised.value if isinstance(promised.value, Duration) else None


def _model_meets(model: Modelled, promised: Promised | None, metric: Metric, clock: Clock) -> bool | None:
    """Return whether the model keeps a promise; only of cycle times does it know what share of the cases would."""
    if model.value is None or promised is None or metric.direction == "neither":
        return None
    if promised.share is not None:
        known = _limit(metric, promised) is not None and isinstance(model.value, float)
        return magnitude(model.value) >= promised.share - _SURE if known else None
    numbers = pair(model.value, on_clock(promised.value, metric, clock), metric, clock)
    return None if isinstance(numbers, Message) else keeps(*numbers, metric)


def _not_measured(metric: Metric, promised: Promised, meets: bool | None) -> Message:
    if promised.share is not None:
        if _limit(metric, promised) is None:
            return Message("no metric measures what share of the cases reaches it")
        what = value_text(promised.value, metric)
        if meets is None:
            return Message("not measured: the share of cases within {value}", value=what)
        if meets:
            return Message("not measured: the share of cases within {value}; the model keeps it", value=what)
        return Message(
            "not measured: the share of cases within {value}; the model does not keep it", value=what
        )
    if meets is None:
        return Message("not measured")
    if meets:
        return Message("not measured; the model keeps it")
    return Message("not measured; the model does not keep it")
