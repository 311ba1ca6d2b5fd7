"""
A measured organisation from an event log.

Counting is done in the engine of the log; only what is counted by activity reaches Python. What is estimated, and how, is
written into the description of the organisation that comes back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.load import evaluate
from pubservice.eventlog import EventLog, engine
from pubservice.messages import Message
from pubservice.model.distribution import Distribution, Exponential, Fixed, Gamma, Lognormal
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step, Wait
from pubservice.model.resource import Resource
from pubservice.model.service import PublicService

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAY = 86_400_000_000  # microseconds
_OVERLAP = 0.5


def discover(log: EventLog, *, id: str = "discovered") -> PublicOrganisation:
    """
    Return the organisation that an event log shows: one service, its procedure, times, resources and arrival rate.

    Every activity becomes a step; shares of what follows it become probabilities. Where the log has start times,
    processing is completion − start and waiting is start − the completion before it in the case. Where it has none, a
    start is taken to be the later of the previous event of the case and the previous event of the same resource, and
    only events whose start falls on the day of their completion count: nights are no work. What is left of the time
    between events becomes a wait before the step; what the queue of the resource explains is taken off it again, so
    that nothing counts twice.

    Distributions keep the measured mean and standard deviation: fixed where there is no spread, exponential where the
    coefficient of variation is within 0.05 of 1, else gamma below 1 and lognormal above. Resources are pools: the groups of the
    log where it has any, else activities whose sets of resources overlap by half; the capacity of a pool is the median,
    over days with events, of how many of its resources were at work.

    Args:
        log: With at least one event.
        id: Of the organisation and of its service.

    Returns:
        An organisation without calendar: all times are elapsed.

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
    slugs = _slugs(log.activities)
    measured = _times(log)
    pools, capacities = _pools(log, slugs)
    steps = [
        Step(
            slugs[activity],
            name="" if slugs[activity] == activity else activity,
            resource=pools.get(activity, ()),
            processing_time=_fit(measured[activity].processing),
        )
        for activity in log.activities
    ]
    waits = {
        activity: _fit(attrs.evolve(found.gap, mean=found.gap.mean - found.processing.mean))
        for activity, found in measured.items()
        if found.gap.mean > found.processing.mean
    }
    resources = [Resource(pool, capacity=capacity) for pool, capacity in capacities.items()]
    notes = _notes(log)
    organisation = _organisation(id, log, slugs, steps, waits, resources, notes)
    explained = {load.resource: load.waiting_time_s or 0.0 for load in evaluate(organisation).loads.values()}
    left = {}
    for activity, time in waits.items():
        queue = sum(explained.get(pool, 0.0) for pool in pools.get(activity, ()))
        seconds = (time.mean_seconds() or 0.0) - queue
        if seconds > 0:
            left[activity] = _fit(_Moments(seconds, measured[activity].gap.deviation)) if queue else time
    return _organisation(id, log, slugs, steps, left, resources, notes)


@attrs.frozen
class _Moments:
    """The mean and standard deviation of a time, in seconds."""

    mean: float
    deviation: float


@attrs.frozen
class _Measured:
    processing: _Moments
    gap: _Moments


def _slugs(activities: Iterable[str]) -> dict[str, str]:
    """Return an id for each activity; collisions are numbered."""
    used: set[str] = {"start", "end"}
    slugs = {}
    for activity in sorted(activities):
        slug = re.sub(r"[^a-z0-9]+", "-", activity.lower()).strip("-") or "activity"
        unique, n = slug, 2
        while unique in used or f"before-{unique}" in used:
            unique, n = f"{slug}-{n}", n + 1
        used |= {unique, f"before-{unique}"}
        slugs[activity] = unique
    return {activity: slugs[activity] for activity in activities}


def _times(log: EventLog) -> dict[str, _Measured]:
    """Return the processing time of each activity, and the time between it and the event before it in the case."""
    nw = engine()
    frame: Any = log.frame.select("case", "activity", "time", "start", "resource").with_row_index("_order")
    frame = frame.with_columns(before=nw.col("time").shift(1).over("case", order_by="_order"))
    frame = frame.sort("resource", "time", "_order").with_row_index("_turn")
    freed = nw.col("time").shift(1).over("resource", order_by="_turn")
    frame = frame.with_columns(
        freed=nw.when(~nw.col("resource").is_null()).then(freed).otherwise(nw.lit(None))
    )
    # The later of two times, either of which may be missing.
    both = nw.max_horizontal(nw.col("before"), nw.col("freed"))
    frame = frame.with_columns(begun=nw.when(nw.col("start").is_null()).then(both).otherwise(nw.col("start")))
    same_day = (nw.col("time") // _DAY) == (nw.col("begun") // _DAY)
    counts = (~nw.col("start").is_null()) | same_day
    processing = (
        nw.when(counts & (~nw.col("begun").is_null()))
        .then(nw.col("time") - nw.col("begun"))
        .otherwise(nw.lit(None))
    )
    grouped = (
        frame.with_columns(processing=processing / 1e6, gap=(nw.col("time") - nw.col("before")) / 1e6)
        .group_by("activity")
        .agg(
            nw.col("processing").mean().alias("p_mean"),
            nw.col("processing").std(ddof=0).alias("p_sd"),
            nw.col("gap").mean().alias("g_mean"),
            nw.col("gap").std(ddof=0).alias("g_sd"),
        )
    )
    return {
        activity: _Measured(
            _Moments(max(0.0, p or 0.0), psd or 0.0), _Moments(max(0.0, g or 0.0), gsd or 0.0)
        )
        for activity, p, psd, g, gsd in grouped.select(
            "activity", "p_mean", "p_sd", "g_mean", "g_sd"
        ).iter_rows()
    }


def _fit(moments: _Moments) -> Distribution:
    """Return a distribution with these moments, in a unit that reads well."""
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
    variation = deviation / mean
    if abs(variation - 1) <= 0.05:
        return Exponential(mean, unit=unit)
    return (Gamma if variation < 1 else Lognormal)(mean, deviation, unit=unit)


def _pools(log: EventLog, slugs: dict[str, str]) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Return the pool that does each activity, and the capacity of each pool."""
    nw = engine()
    by = "group" if log.count("group") else "resource"
    known = log.frame.filter(~nw.col(by).is_null())
    counted = known.group_by("activity", by).agg(nw.len().alias("n")).sort("n", by, descending=[True, False])
    members: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for activity, member, n in counted.select("activity", by, "n").iter_rows():
        members[activity][member] = int(n)
    if by == "group":
        names = _slugs({next(iter(found)) for found in members.values()})
        pool_of = {activity: names[next(iter(found))] for activity, found in members.items()}
    else:
        pool_of = _overlapping(members, slugs)
    capacities = {}
    for pool in dict.fromkeys(pool_of[activity] for activity in log.activities if activity in pool_of):
        activities = [activity for activity, its in pool_of.items() if its == pool]
        at_work = (
            known.filter(nw.col("activity").is_in(activities))
            .with_columns(_day=nw.col("time") // _DAY)
            .group_by("_day")
            .agg(nw.col("resource").n_unique().alias("n"))
        )
        capacities[pool] = max(1, round(float(at_work["n"].median())))
    return {activity: (pool,) for activity, pool in pool_of.items()}, capacities


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


def _organisation(
    id: str,
    log: EventLog,
    slugs: dict[str, str],
    steps: list[Step],
    waits: dict[str, Distribution],
    resources: list[Resource],
    notes: str,
) -> PublicOrganisation:
    follows = log.directly_follows
    total: defaultdict[str, int] = defaultdict(int)
    for (source, _), n in follows.items():
        total[source] += n
    starts = [target for source, target in follows if not source]
    flows = [Flow(f"before-{slugs[activity]}", slugs[activity]) for activity in waits]
    for (source, target), n in follows.items():
        into = (
            "end"
            if not target
            else f"before-{slugs[target]}"
            if target in waits and source
            else slugs[target]
        )
        if source or len(starts) > 1:
            probability = n / total[source] if n < total[source] else None
            flows.append(Flow(slugs[source] if source else "start", into, probability=probability))
    procedure = Procedure(
        start=slugs[starts[0]] if len(starts) == 1 else "start",
        steps=steps,
        waits=[
            Wait(f"before-{slugs[a]}", cause="other", clock="elapsed", time=time) for a, time in waits.items()
        ],
        gateways=[Gateway("start", kind="exclusive")] if len(starts) > 1 else [],
        ends=[End("end", outcome="completed")],
        flows=flows,
    )
    service = PublicService(id, arrival_rate=_arrival_rate(log), procedure=procedure)
    return PublicOrganisation(id, description=notes, resources=resources, services=[service])


def _arrival_rate(log: EventLog) -> str | None:
    """Return cases per day between the first and the last arrival; None for a log of one moment."""
    nw = engine()
    first = log.frame.group_by("case").agg(
        nw.min_horizontal(nw.col("time"), nw.col("start")).min().alias("t")
    )["t"]
    days = (int(first.max()) - int(first.min())) / _DAY
    return f"{float(f'{(log.cases - 1) / days:.6g}')!r} case/day" if days > 0 and log.cases > 1 else None


def _notes(log: EventLog) -> str:
    """Return what was estimated, for whoever reads the model."""
    nw = engine()
    without = int(log.frame.filter(nw.col("start").is_null()).select(nw.len()).item())
    notes = [
        Message(
            "Discovered from an event log of {cases} cases and {events} events.",
            cases=log.cases,
            events=log.events,
        ),
        Message("Time is elapsed: no calendar was taken from the log, so utilisation is over day and night."),
    ]
    if without:
        notes.append(
            Message(
                "{n} events have no start: it is estimated as the later of the case's and the resource's previous event, on the same day.",
                n=without,
            ),
        )
    unnamed = int(
        log.frame.filter(nw.col("resource").is_null() & nw.col("group").is_null()).select(nw.len()).item()
    )
    if unnamed:
        notes.append(Message("{n} events name no resource: they wait for none.", n=unnamed))
    return " ".join(notes)
