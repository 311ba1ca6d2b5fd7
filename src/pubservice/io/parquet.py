"""Event logs as Parquet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pubservice.io.events import event_log, first_line_of, polars, reading_errors, refuse, warn_of
from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.eventlog import EventLog


def read_parquet(
    path: str | os.PathLike[str],
    *,
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    start: str | None = None,
    resource: str | None = None,
    group: str | None = None,
    lifecycle: str | None = None,
    time_zone: str = "UTC",
) -> EventLog:
    """
    Return the event log in a Parquet file.

    Columns are named or looked for as in `read_csv`; times may also be timestamps, whose zone is then `time_zone` if they
    have none. The path is that of one file: neither a pattern nor an address. Known limit: the sizes that a file states
    are believed by Polars, and one that states absurd ones ends the process; read files of strangers as CSV or XES.

    Args:
        path: The file.
        case: Column of the case.
        activity: Column of the activity.
        time: Column of the time at which the event was complete.
        start: Column of the time at which it began.
        resource: Column of who did it.
        group: Column of the group they belong to.
        lifecycle: Column that says of each row whether it is the ``start`` or the ``complete`` of an event; the two become
            one event, unless there is a start column.
        time_zone: Of times without an offset, as in the IANA database.

    Raises:
        InvalidFileError: The file cannot be read, lacks a column, or its times are wrong; all faults, each with the case
            of the first row that has it.
        MissingExtraError: The extra ``logs`` is not installed.

    Warns:
        LossyImportWarning: Lifecycle transitions other than start and complete were left out.
    """
    pl = polars()
    name = os.fspath(path)
    try:
        with Path(path).open("rb"):
            pass
    except OSError as error:
        raise refuse(name, Message("cannot be read: {why}", why=error.strerror or str(error))) from None
    try:
        frame = pl.read_parquet(Path(path).absolute(), glob=False, hive_partitioning=False)
    except reading_errors() as error:
        raise refuse(name, Message("not Parquet: {why}", why=first_line_of(error))) from None
    given = {
        "case": case,
        "activity": activity,
        "time": time,
        "start": start,
        "resource": resource,
        "group": group,
        "lifecycle": lifecycle,
    }
    log, left_out = event_log(frame, given, name, time_zone=time_zone)
    warn_of(left_out, name)
    return log
