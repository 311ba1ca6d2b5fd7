"""Event logs as tables of text: CSV, plain or gzipped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pubservice.errors import InvalidFileError, MissingExtraError, Problem
from pubservice.eventlog import EventLog
from pubservice.messages import Message

if TYPE_CHECKING:
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
}
_TIME = r"^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?\s*$"


def read_csv(
    path: str | os.PathLike[str],
    *,
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    start: str | None = None,
    resource: str | None = None,
    group: str | None = None,
    separator: str = ",",
    time_zone: str = "UTC",
) -> EventLog:
    """
    Return the event log in a CSV file, plain or gzipped.

    Columns that are not named are looked for under their usual names, those of XES first (``case:concept:name``,
    ``concept:name``, ``time:timestamp``, ``start_timestamp``, ``org:resource``, ``org:group``). Times are ISO 8601.

    Args:
        path: The file, in UTF-8.
        case: Column of the case.
        activity: Column of the activity.
        time: Column of the time at which the event was complete.
        start: Column of the time at which it began.
        resource: Column of who did it.
        group: Column of the group they belong to.
        separator: Between columns.
        time_zone: Of times without an offset, as in the IANA database.

    Raises:
        InvalidFileError: The file cannot be read, lacks a column, or its times are wrong; all faults with line numbers.
        MissingExtraError: The extra ``logs`` is not installed.
    """
    pl = polars()
    name = os.fspath(path)
    try:
        with Path(path).open("rb") as file:
            if not file.read(1):
                raise InvalidFileError(name, [Problem("", Message("expected an event log, got nothing"))])
        frame = pl.read_csv(path, infer_schema=False, separator=separator)
    except OSError as error:
        raise InvalidFileError(
            name, [Problem("", Message("cannot be read: {why}", why=error.strerror or str(error)))]
        ) from None
    except pl.exceptions.PolarsError as error:
        raise InvalidFileError(
            name, [Problem("", Message("not CSV: {why}", why=first_line_of(error)))]
        ) from None
    except UnicodeDecodeError:
        raise InvalidFileError(name, [Problem("", Message("not CSV: {why}", why="expected UTF-8"))]) from None
    given = {
        "case": case,
        "activity": activity,
        "time": time,
        "start": start,
        "resource": resource,
        "group": group,
    }
    return event_log(frame, given, name, first_line=2, time_zone=time_zone)


def polars() -> Any:
    """Return Polars, or say which extra brings it."""
    try:
        import polars as pl
    except ImportError:
        raise MissingExtraError("polars", "logs") from None
    return pl


def first_line_of(error: BaseException) -> str:
    """Return the first line of what an engine says."""
    return (str(error).strip().splitlines() or [""])[0][:200]


def event_log(
    frame: pl.DataFrame,
    given: dict[str, str | None],
    file: str,
    *,
    first_line: int | None,
    time_zone: str = "UTC",
) -> EventLog:
    """
    Return an event log from a table with its own column names.

    Args:
        frame: A row for each event.
        given: The column of each part of an event, as far as stated.
        file: For errors.
        first_line: The line of the first row; None where the file has no lines.
        time_zone: Of times without an offset.

    Raises:
        InvalidFileError: A column is missing, or times are wrong.
    """
    problems: list[Problem] = []
    found: dict[str, str] = {}
    lower = {column.lower(): column for column in reversed(frame.columns)}
    for part, stated in given.items():
        column = stated if stated is not None else next((lower[u] for u in USUAL[part] if u in lower), None)
        if column in frame.columns:
            found[part] = str(column)
        elif stated is not None or part in ("case", "activity", "time"):
            problems.append(
                Problem(
                    "",
                    Message(
                        "no column for the {part}: name it as {part}=; there are {columns}",
                        part=part,
                        columns=", ".join(frame.columns[:20]),
                    )
                    if stated is None
                    else Message(
                        "no column {column!r} for the {part}; there are {columns}",
                        column=stated,
                        part=part,
                        columns=", ".join(frame.columns[:20]),
                    ),
                ),
            )
    if problems:
        raise InvalidFileError(file, problems)
    return _with_times(frame, found, file, first_line, _zone(time_zone, file))


def _zone(name: str, file: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        message = Message("expected a time zone such as 'Asia/Jakarta', got {value!r}", value=name)
        raise InvalidFileError(file, [Problem("", message)]) from None
    return name


def _with_times(
    frame: pl.DataFrame, found: dict[str, str], file: str, first_line: int | None, zone: str
) -> EventLog:
    pl = polars()
    problems: list[Problem] = []
    columns = {part: frame.get_column(name) for part, name in found.items()}
    for part in ("case", "activity"):
        missing = columns[part].is_null() | (columns[part].cast(pl.String) == "")
        if missing.any():
            problems.append(
                _rows(
                    missing, Message("{n} events have no {part}", n=int(missing.sum()), part=part), first_line
                )
            )
    micros = {}
    for part in ("time", "start"):
        if part in columns:
            micros[part], faults = _microseconds(
                columns[part],
                part,
                required=part == "time",
                first_line=first_line,
                zone=zone,
            )
            problems += faults
    if "start" in micros and not problems:
        backwards = (micros["time"] < micros["start"]).fill_null(value=False)
        if backwards.any():
            message = Message("{n} events end before they start", n=int(backwards.sum()))
            problems.append(_rows(backwards, message, first_line))
    if problems:
        raise InvalidFileError(file, problems)
    named = {part: columns[part].cast(pl.String).alias(part) for part in ("case", "activity")}
    named |= {part: column.alias(part) for part, column in micros.items()}
    named |= {
        part: columns[part].cast(pl.String).alias(part) for part in ("resource", "group") if part in columns
    }
    rest = [
        column
        for column in frame.get_columns()
        if column.name not in found.values() and column.name not in named
    ]
    return EventLog(pl.DataFrame([*named.values(), *rest]))


def _rows(mask: pl.Series, message: Message, first_line: int | None) -> Problem:
    """Return a fault at the first of the rows."""
    line = None if first_line is None else int(mask.arg_true()[0]) + first_line
    return Problem("", message, line)


def _microseconds(
    column: pl.Series,
    part: str,
    *,
    required: bool,
    first_line: int | None,
    zone: str,
) -> tuple[pl.Series, list[Problem]]:
    """Return times as whole microseconds since 1970 in UTC, and what is wrong with them."""
    pl = polars()
    if column.dtype.is_temporal():
        stamps = column.cast(pl.Datetime("us", getattr(column.dtype, "time_zone", None)))
        if getattr(stamps.dtype, "time_zone", None) is None:
            stamps = stamps.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        return stamps.cast(pl.Int64), []
    text = column.cast(pl.String)
    empty = text.is_null() | (text.str.strip_chars() == "")
    split = text.to_frame("t").select(
        pl.col("t").str.extract(_TIME, 1).alias("date"),
        pl.col("t").str.extract(_TIME, 2).fill_null("00:00").alias("clock"),
        pl.col("t").str.extract(_TIME, 3).fill_null(":00").alias("seconds"),
        pl.col("t")
        .str.extract(_TIME, 4)
        .fill_null("0")
        .str.pad_end(6, "0")
        .str.slice(0, 6)
        .cast(pl.Int64)
        .alias("us"),
        pl.col("t").str.extract(_TIME, 5).alias("zone"),
    )
    moments = split.select(
        pl.concat_str("date", pl.lit(" "), "clock", "seconds")
        .str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
        .alias("at"),
        "us",
        "zone",
        pl.col("zone")
        .str.replace("Z", "+00:00")
        .str.replace(":", "")
        .cast(pl.Int64, strict=False)
        .fill_null(0)
        .alias("offset"),
    )
    sign, size = pl.col("offset").sign(), pl.col("offset").abs()
    minutes = sign * (size // 100 * 60 + size % 100)
    if zone != "UTC":
        local = pl.col("at").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        local = local.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        moments = moments.with_columns(at=pl.when(pl.col("zone").is_null()).then(local).otherwise("at"))
    result = moments.select(
        (pl.col("at").cast(pl.Int64) + pl.col("us") - minutes * 60_000_000).alias("t")
    ).get_column("t")
    problems = []
    wrong = (result.is_null() & ~empty) | (empty if required else pl.Series([False] * len(column)))
    if wrong.any():
        at = int(wrong.arg_true()[0])
        message = Message(
            "{n} values of the {part} are no ISO 8601 time such as 2026-01-05T09:30:00+07:00; the first is {value!r}",
            n=int(wrong.sum()),
            part=part,
            value=str(text[at])[:40],
        )
        problems.append(_rows(wrong, message, first_line))
    zoned, naive = (
        int(split["zone"].is_not_null().sum()),
        int((split["zone"].is_null() & ~empty & ~wrong).sum()),
    )
    if zoned and naive:
        message = Message(
            "mixed time zones: {zoned} values of the {part} have an offset, {naive} have none",
            zoned=zoned,
            naive=naive,
            part=part,
        )
        problems.append(Problem("", message))
    return result, problems
