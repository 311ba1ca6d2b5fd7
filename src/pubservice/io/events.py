"""From a table with column names of its own to an event log: columns, times, lifecycle."""

from __future__ import annotations

import warnings
from itertools import permutations
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pubservice.engine import fresh, polars
from pubservice.errors import InvalidFileError, LossyImportWarning, Problem
from pubservice.eventlog import COLUMNS, EventLog
from pubservice.io.table import refuse
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

USUAL = {
    "case": ("case:concept:name", "case_id", "case", "caseid", "case id"),
    "activity": ("concept:name", "activity", "activity_name", "task"),
    "time": (
        "time:timestamp",
        "end_time",
        "end",
        "timestamp",
        "time",
        "complete_time",
        "completion_time",
        "end_timestamp",
    ),
    "start": ("start_timestamp", "start_time", "start", "start:timestamp"),
    "resource": ("org:resource", "resource", "user"),
    "group": ("org:group", "org:role", "group", "role"),
    "lifecycle": ("lifecycle:transition",),
}
_TIME = (
    r"^\s*(?<date>\d{4}-\d\d-\d\d)(?:[Tt ](?<clock>\d\d:\d\d)(?<seconds>:\d\d)?(?:[.,](?<fraction>\d{1,9}))?)?"
    r"\s*(?<zone>[Zz]|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?\s*$"
)


def warn_of(left_out: Mapping[str, int], file: str) -> None:
    """Say, to the caller of the reader, what a log does not hold of its file."""
    if left_out:
        listed = "; ".join(f"{what} ({n})" for what, n in left_out.items())
        warnings.warn(f"{file}: left out: {listed}", LossyImportWarning, stacklevel=3)


def event_log(
    frame: pl.DataFrame,
    given: Mapping[str, str | None],
    file: str,
    *,
    line: Callable[[int], int | None] = lambda _: None,
    time_zone: str = "UTC",
) -> tuple[EventLog, dict[str, int]]:
    """
    Return an event log from a table with its own column names, and how much of what was left out.

    Events with a lifecycle of start and complete become one event with both times: of the same case, activity, resource
    and instance, first in, first out. A start without completion stays an event, at the time it started. Other
    transitions are left out. A further column that is called as one of ours is kept with a number behind its name.

    Args:
        frame: A row for each event.
        given: The column of each part of an event, as far as stated.
        file: For errors.
        line: From the number of a row, from 0, to its line; None where it is not known.
        time_zone: Of times without an offset.

    Raises:
        InvalidFileError: A column is missing, or times are wrong; all faults together.
    """
    found, problems = _columns(frame, given)
    try:
        ZoneInfo(time_zone)
    except (ValueError, OSError, LookupError, TypeError):
        message = Message("expected a time zone such as 'Asia/Jakarta', got {value!r}", value=time_zone)
        problems.append(Problem("", message))
    if problems:
        raise InvalidFileError(file, problems)
    if not frame.height:
        raise refuse(file, Message("expected an event log, found no event"))
    events, problems = _typed(frame, found, line, time_zone)
    if problems:
        raise InvalidFileError(file, problems)
    left_out: dict[str, int] = {}
    if "lifecycle" in found:
        phase = frame.get_column(found["lifecycle"])
        events, left_out = _paired(events, phase, pair="start" not in found)
        if not events.height:
            raise refuse(file, Message("expected an event log, found no event"))
    return EventLog(events), left_out


def _columns(frame: pl.DataFrame, given: Mapping[str, str | None]) -> tuple[dict[str, str], list[Problem]]:
    """Return the column of each part of an event: the one that was named, else the first with a usual name."""
    problems: list[Problem] = []
    found: dict[str, str] = {}
    lower = {column.lower(): column for column in reversed(frame.columns)}
    listed = ", ".join(frame.columns[:20])
    for part, stated in given.items():
        if stated is None:
            column = next((lower[usual] for usual in USUAL[part] if usual in lower), None)
            if column is not None:
                found[part] = column
            elif part in COLUMNS[:3]:
                message = Message(
                    "no column for the {part}: name it with {part}= (--{part}); there are {columns}",
                    part=part,
                    columns=listed,
                )
                problems.append(Problem("", message))
        elif stated in frame.columns:
            found[part] = stated
        else:
            message = Message(
                "no column {column!r} for the {part}; there are {columns}",
                column=stated,
                part=part,
                columns=listed,
            )
            problems.append(Problem("", message))
    return found, problems


def _typed(
    frame: pl.DataFrame, found: dict[str, str], line: Callable[[int], int | None], zone: str
) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the events under our names, texts as text and times as numbers; and what is wrong with them."""
    pl = polars()
    problems: list[Problem] = []
    named: dict[str, Any] = {}
    for part in ("case", "activity", "resource", "group", "lifecycle"):
        if part in found:
            column = frame.get_column(found[part])
            if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
                problems.append(
                    Problem(found[part], Message("expected text, got {kind}", kind=str(column.dtype)))
                )
                continue
            if part != "lifecycle":
                named[part] = column.cast(pl.String).replace("", None).alias(part)

    def at(mask: Any, message: Message) -> None:
        """Add a fault at the first of the rows: at its line, else in its case, else at its number."""
        row = int(mask.arg_true()[0])
        where, case = line(row), named["case"][row] if "case" in named else None
        place = f"event {row + 1:,}" if case is None else f"case {case!r}"
        problems.append(Problem("" if where is not None else place, message, where))

    for part in ("case", "activity"):
        if part in named and named[part].null_count():
            missing = named[part].is_null()
            at(missing, Message("events without {part}: {n:,}", part=part, n=int(missing.sum())))
    zones: dict[str, Any] = {}
    for part in ("time", "start"):
        if part in found:
            named[part], zones[part] = _moments(frame.get_column(found[part]), part, zone, at)
    _mixed(zones, at)
    if "start" in named:
        backwards = (named["time"] < named["start"]).fill_null(value=False)
        if backwards.any():
            at(backwards, Message("events that end before they start: {n:,}", n=int(backwards.sum())))
    ours = {column for part, column in found.items() if part != "lifecycle"}
    taken = set(frame.columns) | set(COLUMNS)
    rest = []
    for column in frame.get_columns():
        if column.name not in ours:
            name = fresh(column.name, taken) if column.name in COLUMNS else column.name
            rest.append(column.alias(name))
            taken.add(name)
    return pl.DataFrame([*named.values(), *rest]), problems


def _mixed(zones: dict[str, pl.Series], at: Callable[[Any, Message], None]) -> None:
    """Refuse a log with times of which some have an offset and some do not: they cannot be ordered."""
    for part, zoned in zones.items():
        if zoned.n_unique() - zoned.has_nulls() == 2:
            message = Message(
                "mixed time zones: values of the {part} with an offset: {zoned:,}, without: {naive:,}",
                zoned=int(zoned.sum()),
                naive=int((~zoned).sum()),
                part=part,
            )
            at((zoned != zoned.drop_nulls()[0]).fill_null(value=False), message)
    for one, other in permutations(zones, 2):
        zoned, naive = zones[one], ~zones[other]
        if zoned.any() and zoned.all() and naive.any() and naive.all():
            message = Message(
                "mixed time zones: values of the {part} with an offset: {zoned:,}, values of the {other} without: {naive:,}",
                zoned=int(zoned.sum()),
                part=one,
                naive=int(naive.sum()),
                other=other,
            )
            at(naive.fill_null(value=False), message)


def _moments(
    column: pl.Series, part: str, zone: str, at: Callable[[pl.Series, Message], None]
) -> tuple[pl.Series, pl.Series]:
    """Return times as whole microseconds since 1970 in UTC, and whether each has an offset, null where there is none."""
    pl = polars()
    n = len(column)
    if column.dtype in (pl.Date, pl.Datetime):
        aware = getattr(column.dtype, "time_zone", None) is not None
        empty = column.is_null()
        stamps = column.cast(pl.Datetime("us", getattr(column.dtype, "time_zone", None)))
        known, local = stamps.is_not_null(), stamps
        if not aware:
            stamps = stamps.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        result, zoned = stamps.cast(pl.Int64).alias(part), pl.repeat(aware, n, eager=True)
        written = local
    elif column.dtype not in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        at(pl.repeat(True, n, eager=True), Message("expected a time, got {kind}", kind=str(column.dtype)))
        nothing = pl.repeat(None, n, dtype=pl.Int64, eager=True).alias(part)
        return nothing, nothing.cast(pl.Boolean)
    else:
        written = column.cast(pl.String)
        empty = column.is_null() | (written.str.strip_chars() == "")
        parsed = _parsed(written, zone)
        known, result, zoned = parsed["known"], parsed["at"].alias(part), parsed["zoned"]
    if part == "time" and empty.any():
        at(empty, Message("events without {part}: {n:,}", part=part, n=int(empty.sum())))
    wrong = ~known & ~empty
    if wrong.any():
        message = Message(
            "expected an ISO 8601 time such as 2026-01-05T09:30:00+07:00, got {value!r}; values of the {part} that are none: {n:,}",
            value=str(written.filter(wrong)[0])[:40],
            part=part,
            n=int(wrong.sum()),
        )
        at(wrong, message)
    skipped = known & result.is_null()
    if skipped.any():
        message = Message(
            "the clocks of {zone} skip {value!r}; values of the {part} that they skip: {n:,}",
            zone=zone,
            value=str(written.filter(skipped)[0])[:40],
            part=part,
            n=int(skipped.sum()),
        )
        at(skipped, message)
    return result, zoned.set(~known, None)


def _parsed(text: pl.Series, zone: str) -> pl.DataFrame:
    """Return for each text: whether it is a time, whether it has an offset, and the microseconds."""
    pl = polars()
    parts = text.str.extract_groups(_TIME).struct.unnest()
    local = (
        pl.concat_str(
            "date", pl.lit(" "), pl.col("clock").fill_null("00:00"), pl.col("seconds").fill_null(":00")
        )
        .str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
        .alias("local")
    )
    digits = pl.col("zone").str.replace_all(r"[^\d]", "").str.pad_end(4, "0")
    minutes = digits.str.slice(0, 2).cast(pl.Int64, strict=False) * 60 + digits.str.slice(2, 2).cast(
        pl.Int64, strict=False
    )
    minutes = pl.when(pl.col("zone").str.starts_with("-")).then(-minutes).otherwise(minutes)
    micros = pl.col("fraction").fill_null("").str.slice(0, 6).str.pad_end(6, "0").cast(pl.Int64)
    utc = pl.col("local")
    if zone != "UTC":
        utc = utc.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return parts.select(local, micros.alias("micros"), minutes.alias("minutes"), "zone").select(
        known=pl.col("local").is_not_null(),
        zoned=pl.col("zone").is_not_null(),
        at=pl.when(pl.col("zone").is_null())
        .then(utc.cast(pl.Int64))
        .otherwise(pl.col("local").cast(pl.Int64) - pl.col("minutes") * 60_000_000)
        + pl.col("micros"),
    )


def _paired(events: pl.DataFrame, lifecycle: pl.Series, *, pair: bool) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return events with start and completion in one row where the lifecycle has both, and what was left out."""
    pl = polars()
    phase = fresh("_phase", events.columns)
    clean = lifecycle.cast(pl.String).str.strip_chars().str.to_lowercase()
    events = events.with_columns(clean.replace("", None).alias(phase))
    ours = pl.col(phase).is_null() | pl.col(phase).is_in(["start", "complete"])
    others = events.filter(~ours).get_column(phase).value_counts(sort=True).sort(phase)
    left_out = {f"lifecycle {name}": int(n) for name, n in others.iter_rows()}
    events = events.filter(ours)
    if not pair or not (events.get_column(phase) == "start").any():
        return events.drop(phase), left_out
    names = {name: fresh(name, events.columns) for name in ("_order", "_open", "_least", "_lone", "_nth")}
    order, opened, least, lone, nth = (pl.col(name) for name in names.values())
    key = [name for name in ("case", "activity", "resource", "concept:instance") if name in events.columns]
    begins = pl.col(phase).eq_missing("start")
    # How many starts are open, had every completion found one; each new low below nothing is one that did not.
    timed = (
        events.with_row_index(names["_order"])
        .sort("time", names["_order"])
        .with_columns(pl.when(begins).then(1).otherwise(-1).cum_sum().over(key).alias(names["_open"]))
        .with_columns(pl.min_horizontal(opened.cum_min().over(key), 0).alias(names["_least"]))
        .with_columns((~begins & (least < least.shift(1, fill_value=0).over(key))).alias(names["_lone"]))
        .with_columns(pl.int_range(pl.len()).over([*key, phase, names["_lone"]]).alias(names["_nth"]))
    )
    starts = timed.filter(begins).select(*key, nth, pl.col("time").alias("start"))
    done = timed.filter(~begins & ~lone)
    paired = done.join(starts, on=[*key, names["_nth"]], how="left", nulls_equal=True)
    single = timed.filter(~begins & lone)
    waiting = timed.filter(begins).join(
        done.select(*key, nth), on=[*key, names["_nth"]], how="anti", nulls_equal=True
    )
    result = pl.concat([paired, single, waiting], how="diagonal").sort(order)
    return result.drop(phase, *names.values()), left_out
