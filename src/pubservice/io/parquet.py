"""Event logs as Parquet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pubservice.io.events import event_log, warn_of
from pubservice.io.table import MAX_BYTES, parquet_table

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
    max_bytes: int = MAX_BYTES,
) -> EventLog:
    """
    Return the event log in a Parquet file.

    Columns are named or looked for as in `read_csv`; times may also be timestamps, whose zone is then `time_zone` if they
    have none. The path is that of one file: neither a pattern nor an address.

    Polars believes the sizes that a file states, and absurd ones would end the process. So those of the file, its
    columns and its pages are held against the file first. Known limits: what is written inside a page (run lengths,
    deltas, compressed streams) is only Polars' to check, and so is a file that changes while it is read.

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
        max_bytes: Files that unpack to more are refused; a value counts for 8 bytes at least.

    Raises:
        InvalidFileError: The file cannot be read, lacks a column, or its times are wrong; all faults, each with the case
            of the first row that has it.
        MissingExtraError: The extra ``logs`` is not installed.

    Warns:
        LossyImportWarning: Lifecycle transitions other than start and complete were left out.

    Example:
        >>> import polars as pl
        >>> rows = {"file_no": ["1", "1"], "activity": ["intake", "decide"], "time": ["2026-01-05", "2026-01-06"]}
        >>> pl.DataFrame(rows).write_parquet("log.parquet")
        >>> read_parquet("log.parquet", case="file_no").variants
        ((('intake', 'decide'), 1),)
    """
    name = os.fspath(path)
    frame = parquet_table(path, max_bytes=max_bytes)
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
