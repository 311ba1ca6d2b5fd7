"""What an event log says of the metrics of a service: measurements, period by period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.analysis.working_time import open_microseconds, working_microseconds
from pubservice.engine import polars
from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.messages import Message, did_you_mean
from pubservice.model.measurement import Measurement
from pubservice.model.period import Period
from pubservice.model.procedure import End
from pubservice.units import Duration, Rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import polars as pl

    from pubservice.eventlog import EventLog
    from pubservice.model.measurement import Value
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Calendar
    from pubservice.model.service import PublicService

LOGGED = (
    *("cycle-time", "first-time-right", "completion-rate", "on-time-share", "on-time-share-with-open"),
    *("throughput", "arrival-rate"),
)  # the metrics that `measure` measures
Each = Literal["month", "quarter", "year"]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_HOUR_US = 3_600_000_000
_ONE = timedelta(days=1)
_EARLIEST_US, _LATEST_US = (
    -62_104_060_800_000_000,
    253_339_228_800_000_000,
)  # the first days of the years 2 and 9998


def measure(
    log: EventLog,
    organisation: PublicOrganisation,
    service: str,
    *,
    each: Each = "month",
    outcomes: Mapping[str, Iterable[str]] | None = None,
    source: str = "",
) -> tuple[Measurement, ...]:
    """
    Return what an event log says of a service, for each period from the first in which a case is closed to the last.

    - ``cycle-time``: mean time of the cases that were closed in the period, from the first start or completion of a case to
      its last completion; working hours by the calendar of the service, else elapsed hours;
    - ``on-time-share``: of these cases, those that took at most a promised time, once for each such time: the completion
      time of the standard, and targets of the cycle time for a share of the cases; on the clock of the promise;
    - ``first-time-right``: those in which no activity occurs twice;
    - ``throughput`` and ``arrival-rate``: cases closed, and cases begun, per working day by the calendar, else per day;
      only of periods that the log holds in full;
    - with outcomes also ``completion-rate``: of the cases that ended in the period, those that were completed; and, for the
      last period, ``on-time-share-with-open``: cases that are open at the end of the log and late already count too.

    A log counts every case, so that nothing is estimated and there are no intervals.

    Args:
        log: Cases of the service, and of no other.
        organisation: Whose service it is.
        service: Its id.
        each: Of a ``month``, a ``quarter`` or a ``year``, in the time zone of the calendar, else in UTC.
        outcomes: For each outcome, the last activities of the cases that have it; all other cases are still open. None
            where every case in the log is closed. An end of the procedure with this outcome says whether it counts as
            completed; where there is none, ``granted``, ``refused`` and ``completed`` do, and ``withdrawn`` does not.
        source: Of the measurements.

    Raises:
        InvalidModelError: The log has no event, an activity has two outcomes, or no end of the procedure has an outcome.
        UnknownIdError: There is no such service or activity.
        MissingExtraError: The extra ``logs`` is not installed.

    Example:
        >>> import polars as pl
        >>> hour = 3_600_000_000
        >>> log = ps.EventLog(pl.DataFrame({"case": ["1", "1"], "activity": ["in", "out"], "time": [0, 5 * hour]}))
        >>> office = ps.PublicOrganisation("office", services=[ps.PublicService("permit")])
        >>> [(m.metric, str(m.value)) for m in measure(log, office, "permit")][:2]
        [('cycle-time', '5 hour'), ('first-time-right', '1.0')]
    """
    if not log.events:
        raise InvalidModelError([Problem("", Message("expected an event log, found no event"))])
    of = organisation.service(service)
    context = _Context(of, organisation.calendar_of(of), each, source)
    cases = _cases(log, context, _closing(log, outcomes, of))
    return tuple(_measured(cases, context, with_outcomes=outcomes is not None))


@attrs.frozen
class _Context:
    """
    Whose log it is, and how its time is told.

    Attributes:
        service: The service.
        calendar: That it runs by.
        each: How long periods are.
        source: Of the measurements.
    """

    service: PublicService
    calendar: Calendar | None
    each: Each
    source: str

    @property
    def promises(self) -> tuple[Duration, ...]:
        """The times within which cases are promised to be closed, each once."""
        published = self.service.standard.completion_time
        targets = [t.value for t in self.service.targets if t.metric == "cycle-time" and t.share is not None]
        found = [] if published is None else [published]
        return tuple(dict.fromkeys([*found, *(value for value in targets if isinstance(value, Duration))]))

    def measurement(
        self, metric: str, period: Period, value: Value | Message, population: int, **more: Any
    ) -> Measurement:
        """Return a measurement, or the reason why there is no value."""
        reason = value if isinstance(value, Message) else ""
        return Measurement(
            metric,
            value=None if isinstance(value, Message) else value,
            period=period,
            service=self.service.id,
            population=population,
            obtained="log",
            source=self.source,
            reason=reason,
            **more,
        )


def _closing(
    log: EventLog, outcomes: Mapping[str, Iterable[str]] | None, service: PublicService
) -> dict[str, bool] | None:
    """Return the last activities that close a case, and whether it is completed then; None where all cases are closed."""
    if outcomes is None:
        return None
    ends = {"granted": True, "refused": True, "completed": True, "withdrawn": False}
    ends |= {node.outcome: node.completed for node in service.procedure.nodes if isinstance(node, End)}
    problems = [
        Problem(
            f"outcomes.{outcome}",
            Message(
                "no end of the procedure has the outcome {outcome!r}, so that nothing says whether a case is completed then{hint}",
                outcome=outcome,
                hint=did_you_mean(outcome, ends),
            ),
        )
        for outcome in outcomes
        if outcome not in ends
    ]
    if problems:
        raise InvalidModelError(problems)
    known, found = set(log.activities), dict[str, bool]()
    for outcome, activities in outcomes.items():
        for activity in activities:
            if activity not in known:
                raise UnknownIdError("activity", activity, log.activities)
            if activity in found:
                message = Message("{activity!r} has two outcomes", activity=activity)
                raise InvalidModelError([Problem(f"outcomes.{outcome}", message)])
            found[activity] = ends[outcome]
    return found


def _cases(log: EventLog, context: _Context, closing: dict[str, bool] | None) -> pl.DataFrame:
    """
    Return a row for each case, in the engine.

    The columns are ``begun`` and ``ended`` (microseconds), ``right`` (nothing done twice), ``closed``, ``completed``, the
    first day of the periods in which it began and ended (``began_in``, ``ended_in``), and ``working`` (microseconds).
    """
    engine = polars()
    zone = context.calendar.time_zone if context.calendar else "UTC"
    events = engine.DataFrame(log.frame.select("case", "activity", "time", "start").to_native())
    last = engine.col("activity").last()
    cases = (
        events.lazy()
        .group_by("case", maintain_order=True)
        .agg(
            begun=engine.min_horizontal(engine.col("time").min(), engine.col("start").min()),
            ended=engine.col("time").max(),
            right=engine.col("activity").n_unique() == engine.len(),
            closed=engine.lit(value=True) if closing is None else last.is_in(list(closing)),
            completed=engine.lit(value=True)
            if closing is None
            else last.is_in([activity for activity, completed in closing.items() if completed]),
        )
        .collect()
    )
    _check_times(cases)
    horizon = cases["ended"].max()
    ages = cases.select(begun="begun", ended=engine.when("closed").then("ended").otherwise(horizon))
    if context.calendar is not None:
        worked = working_microseconds(context.calendar, ages["begun"].to_numpy(), ages["ended"].to_numpy())
        working = engine.Series("working", worked)
    else:
        working = engine.Series("working", ages["ended"] - ages["begun"])
    step = f"{_MONTHS[context.each]}mo"
    local = {
        name: engine.from_epoch(column, "us")
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone(zone)
        .dt.date()
        .dt.truncate(step)
        for name, column in (("began_in", "begun"), ("ended_in", "ended"))
    }
    found: pl.DataFrame = cases.with_columns(elapsed=ages["ended"] - ages["begun"], working=working, **local)
    return found


def _check_times(cases: pl.DataFrame) -> None:
    """Refuse times that no calendar has."""
    first, last = _span(cases)
    if first < _EARLIEST_US or last >= _LATEST_US:
        raise InvalidModelError([Problem("time", Message("expected times between the years 2 and 9998"))])


def _measured(cases: pl.DataFrame, context: _Context, *, with_outcomes: bool) -> Iterator[Measurement]:
    pl = polars()
    promises = {f"within_{n}": length for n, length in enumerate(context.promises)}
    clocks = {name: _limit(length, context) for name, length in promises.items()}
    within = {
        name: (pl.col(clock) <= limit).sum() if limit is not None else pl.lit(None)
        for name, (clock, limit) in clocks.items()
    }
    closed = cases.filter("closed")
    counted = closed.group_by("ended_in").agg(
        n=pl.len(),
        mean=pl.col("working" if context.calendar else "elapsed").mean(),
        right=pl.col("right").sum(),
        completed=pl.col("completed").sum(),
        **within,
    )
    rows = {row["ended_in"]: row for row in counted.iter_rows(named=True)}
    if not rows:
        return
    begun = dict(cases.group_by("began_in").agg(pl.len()).iter_rows())
    covered = _days(cases, context)
    periods = list(_periods(min(rows), max(rows), context.each))
    nothing = Message("no case was closed")

    def of_each(metric: str, value: Any, **more: Any) -> Iterator[Measurement]:
        for period in periods:
            row = rows.get(period.first)
            n = 0 if row is None else row["n"]
            yield context.measurement(metric, period, nothing if row is None else value(row), n, **more)

    unit = "working_hour" if context.calendar else "hour"
    yield from of_each("cycle-time", lambda row: Duration(row["mean"] / _HOUR_US, unit))
    yield from of_each("first-time-right", lambda row: row["right"] / row["n"])
    if with_outcomes:
        yield from of_each("completion-rate", lambda row: row["completed"] / row["n"])
    for name, length in promises.items():
        yield from of_each("on-time-share", lambda row, name=name: _share(row[name], row["n"]), within=length)
    for period in periods:
        n = rows[period.first]["n"] if period.first in rows else 0
        yield context.measurement("throughput", period, _rate(n, period, covered, context), n)
    for period in periods:
        n = begun.get(period.first, 0)
        yield context.measurement("arrival-rate", period, _rate(n, period, covered, context), n)
    if with_outcomes:
        last = periods[-1]
        for name, length in promises.items():
            clock, limit = clocks[name]
            late = 0 if limit is None else cases.filter(~pl.col("closed") & (pl.col(clock) > limit)).height
            n = rows[last.first]["n"] + late
            value = _share(rows[last.first][name], n)
            yield context.measurement("on-time-share-with-open", last, value, n, within=length)


def _share(met: int | None, cases: int) -> float | Message:
    return Message("a working day has no hours without a calendar") if met is None else met / cases


def _limit(length: Duration, context: _Context) -> tuple[str, int | None]:
    """Return the clock that a promised time is on, and its microseconds; None for working days without a calendar."""
    hours = context.calendar.hours_per_working_day if context.calendar else None
    seconds = length.seconds(hours_per_working_day=hours)
    clock = "working" if length.unit.startswith("working_") else "elapsed"
    if seconds is None or (clock == "working" and context.calendar is None):
        return clock, None
    return clock, round(min(seconds, 1e12) * 1e6)


def _days(cases: pl.DataFrame, context: _Context) -> Period:
    """Return the days that the log holds, from its first event to its last."""
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(context.calendar.time_zone if context.calendar else "UTC")
    first, last = (datetime.fromtimestamp(moment // 1_000_000, zone).date() for moment in _span(cases))
    return Period(first, last)


def _span(cases: pl.DataFrame) -> tuple[int, int]:
    """Return the first and the last moment of all cases, in microseconds."""
    first, last = cases.select(first=polars().col("begun").min(), last=polars().col("ended").max()).row(0)
    return int(first), int(last)


def _rate(cases: int, period: Period, covered: Period, context: _Context) -> Rate | Message:
    """Return cases per day of a period that the log holds in full."""
    if not covered.contains(period):
        return Message("the log holds only {covered} of it", covered=f"{covered.first}..{covered.last}")
    if context.calendar is None:
        return Rate(cases / period.days, "day")
    days = open_microseconds(context.calendar, period.first, period.last) / (
        context.calendar.hours_per_working_day * _HOUR_US
    )
    return Rate(cases / days, "working_day") if days else Message("the calendar is closed all the time")


def _periods(first: date, last: date, each: Each) -> Iterator[Period]:
    """Yield periods in a row, by their first days."""
    while first <= last:
        months = first.year * 12 + first.month - 1 + _MONTHS[each]
        after = date(months // 12, months % 12 + 1, 1)
        yield Period(first, after - _ONE)
        first = after
