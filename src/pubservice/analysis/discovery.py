"""
A measured organisation from an event log.

Counting is done in the engine of the log; only what is counted by activity reaches Python. What is estimated, and how, is
written into the description of the organisation that comes back.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

from pubservice.analysis.load import evaluate
from pubservice.engine import engine
from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.eventlog import COLUMNS, EventLog
from pubservice.messages import LANGUAGES, Message
from pubservice.model.distribution import Distribution, Empirical, Exponential, Fixed, Gamma, Lognormal
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step, Wait
from pubservice.model.resource import Resource
from pubservice.model.service import PublicService

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_DAY = 86_400_000_000  # microseconds
_OVERLAP = 0.5
_STEPS_OF_A_CURVE = 100
_NAMED = 10  # activities in a note


def discover(
    log: EventLog,
    *,
    id: str = "discovered",
    outcomes: Mapping[str, Iterable[str]] | None = None,
    empirical: bool = False,
    time_zone: str = "UTC",
) -> PublicOrganisation:
    """
    Return the organisation that an event log shows: one service, its procedure, times, resources and arrival rate.

    Every activity becomes a step; shares of what follows it become probabilities. Where the log has start times,
    processing is completion − start and waiting is start − the completion before it in the case. Where it has none, a
    start is taken to be the later of the previous event of the case and the previous event of the same resource, and
    only events whose start falls on the day of their completion count: nights are no work. What is left of the time
    between events becomes a wait before the step; what the queue of the resource explains is taken off it again, so
    that nothing counts twice.

    Distributions keep the measured mean and standard deviation, to six digits: fixed where there is no spread, exponential
    where the coefficient of variation is within 0.05 of 1, else gamma below 1 and lognormal above. A wait keeps the spread
    of the whole time between events. Resources are pools: the groups of the log where it has any, the most frequent of each
    activity, else activities whose sets of resources overlap by half of the smaller. The capacity of a pool is the median,
    over days with events, of how many of its resources were at work; the most work it had in hand at once where none is
    named, or where those who are named could not have done it all.

    The description of what comes back says what was estimated in this log.

    Args:
        log: With at least one event.
        id: Of the organisation and of its service.
        outcomes: For each outcome, the last activities of the cases that have it; all other cases are ``completed``.
        empirical: Give processing times as they were observed, by up to 100 values with the same mean, instead of fitted.
        time_zone: Whose days are meant, as in the IANA database.

    Returns:
        An organisation without calendar: all times are elapsed.

    Raises:
        InvalidModelError: The log has no event, an activity has two outcomes, or there is no such time zone.
        UnknownIdError: The log has no such activity.

    Known limits:
        Work on one case side by side is shown one after the other. Pools overlap where people work in two groups.

    Example:
        >>> import polars as pl
        >>> hour = 3_600_000_000
        >>> log = EventLog(pl.DataFrame({
        ...     "case": ["1", "1", "2", "2"],
        ...     "activity": ["Intake", "Decide", "Intake", "Decide"],
        ...     "start": [0, hour, 24 * hour, 25 * hour],
        ...     "time": [hour, 2 * hour, 25 * hour, 26 * hour],
        ... }))
        >>> [step.id for step in discover(log).services[0].procedure.steps]
        ['decide', 'intake']

    Source:
        Chapela-Campa & Dumas (2024), repairing activity start times: enablement and resource availability.
    """
    if not log.events:
        raise InvalidModelError([Problem("", Message("expected an event log, found no event"))])
    slugs = _slugs(log.activities)
    ends = _ends(log, outcomes or {}, slugs)
    work = _work(log, _zone(time_zone))
    measured = _times(work)
    curves = _curves(work) if empirical else {}
    pools, capacities, nameless = _pools(work, log.activities, slugs)
    steps = [
        Step(
            slugs[activity],
            name="" if slugs[activity] == activity else activity,
            resource=pools.get(activity, ()),
            processing_time=_fit(measured[activity].processing, curves.get(activity, ())),
        )
        for activity in log.activities
    ]
    waits = {
        activity: _fit(attrs.evolve(found.gap, mean=found.gap.mean - found.processing.mean))
        for activity, found in measured.items()
        if found.gap.mean > found.processing.mean
    }

    def organisation(left: Mapping[str, Distribution], notes: Iterable[Message] = ()) -> PublicOrganisation:
        said = list(notes)
        return PublicOrganisation(
            id,
            description={language: " ".join(n.text(language) for n in said) for language in LANGUAGES}
            if said
            else "",
            resources=[Resource(pool, capacity=n) for pool, n in capacities.items()],
            services=[
                PublicService(
                    id, arrival_rate=_arrival_rate(log), procedure=_procedure(log, slugs, steps, left, ends)
                )
            ],
        )

    loads = evaluate(organisation(waits)).loads.values()
    busy = {load.resource for load in loads if (load.utilisation or 0.0) >= 1}
    several = {}
    for pool in busy - set(nameless):
        at_once = _at_once(work, [activity for activity, its in pools.items() if pool in its])
        if at_once > capacities[pool]:
            several[pool] = capacities[pool] = at_once
    if several:
        loads = evaluate(organisation(waits)).loads.values()
    explained = {load.resource: load.waiting_time_s or 0.0 for load in loads}
    left, longer = {}, set()
    for activity in log.activities:
        queue = sum(explained.get(pool, 0.0) for pool in pools.get(activity, ()))
        time = waits.get(activity)
        seconds = (time.mean_seconds() or 0.0) - queue if time else -queue
        if time and seconds > 0:
            left[activity] = _fit(_Moments(seconds, measured[activity].gap.deviation)) if queue else time
        elif seconds < 0 and activity in measured and measured[activity].gap.mean:
            longer |= set(pools[activity])
    return organisation(left, _notes(log, measured, nameless, sorted(several), sorted(longer)))


@attrs.frozen
class _Moments:
    """The mean and standard deviation of a time, in seconds."""

    mean: float
    deviation: float


@attrs.frozen
class _Measured:
    processing: _Moments
    gap: _Moments


def _slugs(names: Iterable[str], taken: Iterable[str] = ("start", "end")) -> dict[str, str]:
    """Return an id for each name; collisions are numbered."""
    used = set(taken)
    slugs = {}
    for name in sorted(names):
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "activity"
        unique, n = slug, 2
        while unique in used or f"before-{unique}" in used:
            unique, n = f"{slug}-{n}", n + 1
        used |= {unique, f"before-{unique}"}
        slugs[name] = unique
    return {name: slugs[name] for name in names}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError, TypeError):
        message = Message("expected a time zone such as 'Asia/Jakarta', got {value!r}", value=name)
        raise InvalidModelError([Problem("time_zone", message)]) from None
    return name


def _ends(log: EventLog, outcomes: Mapping[str, Iterable[str]], slugs: Mapping[str, str]) -> dict[str, End]:
    """Return where cases go whose last activity this is."""
    nodes = {"start", "end", *slugs.values(), *(f"before-{slug}" for slug in slugs.values())}
    ids = _slugs(outcomes, nodes)
    found: dict[str, End] = {}
    for outcome, activities in outcomes.items():
        for activity in activities:
            if activity not in slugs:
                raise UnknownIdError("activity", activity, slugs)
            if activity in found:
                message = Message("{activity!r} has two outcomes", activity=activity)
                raise InvalidModelError([Problem(f"outcomes.{outcome}", message)])
            found[activity] = End(ids[outcome], outcome=outcome)
    completed = End("end", outcome="completed")
    return {activity: found.get(activity, completed) for activity in log.end_activities}


def _work(log: EventLog, zone: str) -> Any:
    """
    Return the events with the seconds they were worked on, where that can be told, and since the one before in the case.

    The columns are those of the log, ``day``, ``begun`` (microseconds), ``processing`` and ``gap``.
    """
    nw = engine()
    frame: Any = log.frame.select(*COLUMNS).with_row_index("_order")
    frame = frame.with_columns(before=nw.col("time").shift(1).over("case", order_by="_order"))
    frame = frame.sort("resource", "time", "_order").with_row_index("_turn")
    freed = nw.col("time").shift(1).over("resource", order_by="_turn")
    frame = frame.with_columns(
        freed=nw.when(~nw.col("resource").is_null()).then(freed).otherwise(nw.lit(None))
    )
    # The later of two times, either of which may be missing.
    both = nw.max_horizontal(nw.col("before"), nw.col("freed"))
    frame = frame.with_columns(begun=nw.when(nw.col("start").is_null()).then(both).otherwise(nw.col("start")))
    frame = frame.with_columns(day=_day("time", zone))
    counts = (~nw.col("start").is_null()) | (nw.col("day") == _day("begun", zone))
    worked = nw.when(counts).then(nw.col("time") - nw.col("begun")).otherwise(nw.lit(None))
    return frame.with_columns(processing=worked / 1e6, gap=(nw.col("time") - nw.col("before")) / 1e6)


def _day(column: str, zone: str) -> Any:
    """Return the day of a time, in its time zone."""
    nw = engine()
    moment = nw.col(column).cast(nw.Datetime("us")).dt.replace_time_zone("UTC")
    return moment.dt.convert_time_zone(zone).dt.date()


def _times(work: Any) -> dict[str, _Measured]:
    """Return the processing time of each activity, and the time between it and the event before it in the case."""
    nw = engine()
    grouped = work.group_by("activity").agg(
        nw.col("processing").mean().alias("p_mean"),
        nw.col("processing").std(ddof=0).alias("p_sd"),
        nw.col("gap").mean().alias("g_mean"),
        nw.col("gap").std(ddof=0).alias("g_sd"),
    )
    rows = grouped.select("activity", "p_mean", "p_sd", "g_mean", "g_sd").iter_rows()
    return {
        activity: _Measured(_Moments(p or 0.0, psd or 0.0), _Moments(g or 0.0, gsd or 0.0))
        for activity, p, psd, g, gsd in rows
    }


def _curves(work: Any) -> dict[str, tuple[float, ...]]:
    """Return up to a hundred processing times of each activity: the means of equal shares of them, from low to high."""
    nw = engine()
    known = work.filter(~nw.col("processing").is_null()).select("activity", "processing")
    rank = nw.col("processing").rank("ordinal").over("activity").cast(nw.Int64) - 1
    share = (rank * _STEPS_OF_A_CURVE) // nw.len().over("activity").cast(nw.Int64)
    steps = (
        known.with_columns(share=share)
        .group_by("activity", "share")
        .agg(nw.col("processing").mean())
        .sort("activity", "share")
    )
    curves: defaultdict[str, list[float]] = defaultdict(list)
    for activity, seconds in steps.select("activity", "processing").iter_rows():
        curves[activity].append(seconds)
    return {activity: tuple(values) for activity, values in curves.items()}


def _at_once(work: Any, activities: Iterable[str]) -> int:
    """Return how many events of these activities were in hand at once, at most."""
    nw = engine()
    known = work.filter(nw.col("activity").is_in(list(activities)) & ~nw.col("processing").is_null())
    turns = nw.concat(
        [
            known.select(nw.col("begun").alias("at"), nw.lit(1).alias("change")),
            known.select(nw.col("time").alias("at"), nw.lit(-1).alias("change")),
        ]
    )
    return max(1, int(turns.sort("at", "change").select(nw.col("change").cum_sum().max()).item() or 0))


def _fit(moments: _Moments, curve: Sequence[float] = ()) -> Distribution:
    """Return a distribution with these moments, or along the curve if there is one, in a unit that reads well."""
    unit, size = next(
        (unit, size)
        for unit, size, most in (
            ("s", 1.0, 120.0),
            ("min", 60.0, 7200.0),
            ("hour", 3600.0, 172800.0),
            ("day", 86400.0, None),
        )
        if most is None or moments.mean < most
    )
    mean, deviation = float(f"{moments.mean / size:.6g}"), float(f"{moments.deviation / size:.6g}")
    if not mean or deviation < 1e-3 * mean:
        return Fixed(mean, unit=unit)
    if curve:
        exact = (
            moments.mean / (math.fsum(curve) / len(curve)) / size
        )  # shares of a few events are not quite equal
        return Empirical([float(f"{value * exact:.6g}") for value in curve], unit=unit)
    variation = deviation / mean
    if abs(variation - 1) <= 0.05:
        return Exponential(mean, unit=unit)
    return (Gamma if variation < 1 else Lognormal)(mean, deviation, unit=unit)


def _pools(
    work: Any, activities: Iterable[str], slugs: dict[str, str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, int], list[str]]:
    """Return the pool that does each activity, the capacity of each pool, and the pools in which nobody is named."""
    nw = engine()
    by = "resource" if work["group"].is_null().all() else "group"
    known = work.filter(~nw.col(by).is_null())
    counted = known.group_by("activity", by).agg(nw.len().alias("n"))
    counted = counted.sort("n", "activity", by, descending=[True, False, False])
    members: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for activity, member, n in counted.select("activity", by, "n").iter_rows():
        members[activity][member] = int(n)
    if by == "group":
        names = _slugs({next(iter(found)) for found in members.values()})
        pool_of = {activity: names[next(iter(found))] for activity, found in members.items()}
    else:
        pool_of = _overlapping(members, slugs)
    capacities, nameless = {}, []
    for pool in dict.fromkeys(pool_of[activity] for activity in activities if activity in pool_of):
        its = [activity for activity, other in pool_of.items() if other == pool]
        named = known.filter(nw.col("activity").is_in(its) & ~nw.col("resource").is_null())
        at_work = named.group_by("day").agg(nw.col("resource").n_unique().alias("n"))
        if len(at_work):
            capacities[pool] = max(1, round(float(at_work["n"].median())))
        else:
            capacities[pool] = _at_once(work, its)
            nameless.append(pool)
    return {activity: (pool,) for activity, pool in pool_of.items()}, capacities, nameless


def _overlapping(members: dict[str, dict[str, int]], slugs: dict[str, str]) -> dict[str, str]:
    """Return a pool for each activity: those whose resources overlap by half of the smaller set share one."""
    pool_of: dict[str, str] = {}
    sets: dict[str, set[str]] = {}
    for activity, found in members.items():
        own = set(found)
        for pool, others in sets.items():
            if len(own & others) >= _OVERLAP * min(len(own), len(others)):
                others.update(own)
                pool_of[activity] = pool
                break
        else:
            pool = f"staff-{slugs[activity]}"
            pool_of[activity] = pool
            sets[pool] = own
    return pool_of


def _procedure(
    log: EventLog,
    slugs: Mapping[str, str],
    steps: list[Step],
    waits: Mapping[str, Distribution],
    ends: Mapping[str, End],
) -> Procedure:
    follows = log.directly_follows
    total: defaultdict[str, int] = defaultdict(int)
    for (source, _), n in follows.items():
        total[source] += n
    starts = list(log.start_activities)
    flows = [Flow(f"before-{slugs[activity]}", slugs[activity]) for activity in waits]
    for (source, target), n in follows.items():
        if not target:
            into = ends[source].id
        else:
            into = f"before-{slugs[target]}" if source and target in waits else slugs[target]
        if source or len(starts) > 1:
            probability = n / total[source] if n < total[source] else None
            flows.append(Flow(slugs[source] if source else "start", into, probability=probability))
    return Procedure(
        start=slugs[starts[0]] if len(starts) == 1 else "start",
        steps=steps,
        waits=[
            Wait(f"before-{slugs[a]}", cause="other", clock="elapsed", time=time) for a, time in waits.items()
        ],
        gateways=[Gateway("start", kind="exclusive")] if len(starts) > 1 else [],
        ends=list(dict.fromkeys(ends.values())),
        flows=flows,
    )


def _arrival_rate(log: EventLog) -> str | None:
    """Return cases per day between the first and the last arrival; None for a log of one moment."""
    nw = engine()
    first = log.frame.group_by("case").agg(
        nw.min_horizontal(nw.col("time"), nw.col("start")).min().alias("t")
    )["t"]
    days = (int(first.max()) - int(first.min())) / _DAY
    return f"{float(f'{(log.cases - 1) / days:.6g}')!r} case/day" if days > 0 and log.cases > 1 else None


def _notes(
    log: EventLog,
    measured: Mapping[str, _Measured],
    nameless: Sequence[str],
    several: Sequence[str],
    longer: Sequence[str],
) -> Iterator[Message]:
    """Say what was estimated, for whoever reads the model."""
    nw = engine()
    yield Message(
        "Discovered from an event log (cases: {cases:,}, events: {events:,}).",
        cases=log.cases,
        events=log.events,
    )
    yield Message(
        "Time is elapsed: no calendar was taken from the log, so utilisation is over day and night."
    )
    if _arrival_rate(log) is None:
        yield Message("All cases begin at the same moment: there is no arrival rate.")
    without = int(log.frame["start"].null_count())
    if without:
        yield Message(
            "Events without a start: {n:,}. It is estimated as the later of the case's and the resource's previous event, on the same day.",
            n=without,
        )
    instant = [activity for activity, found in measured.items() if not found.processing.mean]
    if instant:
        yield Message(
            "Activities that take no time that the log shows: {n:,} ({which}). Their processing time is 0, all of it is waiting.",
            n=len(instant),
            which=_listed(instant),
        )
    overlapping = [
        activity for activity, found in measured.items() if 0 < found.gap.mean < found.processing.mean
    ]
    if overlapping:
        yield Message(
            "Activities that begin before the one before is complete: {n:,} ({which}). Here they stand one after the other.",
            n=len(overlapping),
            which=_listed(overlapping),
        )
    unnamed = int(
        log.frame.filter(nw.col("resource").is_null() & nw.col("group").is_null()).select(nw.len()).item()
    )
    if unnamed:
        yield Message("Events that name no resource: {n:,}. They wait for none.", n=unnamed)
    if nameless:
        yield Message(
            "Nobody is named in {pools}: the capacity is the most work in hand at once.",
            pools=_listed(nameless),
        )
    if several:
        yield Message(
            "The names in {pools} stand for more than one at work: the capacity is the most work in hand at once.",
            pools=_listed(several),
        )
    if longer:
        yield Message(
            "The queues computed for {pools} are longer than the log shows: the cycle time is too long by that.",
            pools=_listed(longer),
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
