"""Event logs as tables of text: CSV, plain or gzipped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pubservice.io.events import event_log, warn_of
from pubservice.io.table import MAX_BYTES, csv_table
from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.eventlog import EventLog


def read_csv(
    path: str | os.PathLike[str],
    *,
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    start: str | None = None,
    resource: str | None = None,
    group: str | None = None,
    lifecycle: str | None = None,
    separator: str | None = None,
    time_zone: str = "UTC",
    max_bytes: int = MAX_BYTES,
) -> EventLog:
    r"""
    Return the event log in a CSV file, plain or gzipped.

    Columns that are not named are looked for under their usual names, whatever their case, those of XES first:

    - case: ``case:concept:name``, ``case_id``, ``case``, ``caseid``, ``case id``
    - activity: ``concept:name``, ``activity``, ``activity_name``, ``task``
    - time: ``time:timestamp``, ``end_time``, ``end``, ``timestamp``, ``time``, ``complete_time``, ``completion_time``,
      ``end_timestamp``
    - start: ``start_timestamp``, ``start_time``, ``start``, ``start:timestamp``
    - resource: ``org:resource``, ``resource``, ``user``
    - group: ``org:group``, ``org:role``, ``group``, ``role``
    - lifecycle: ``lifecycle:transition``

    Times are ISO 8601. Offsets may differ, but all times have one or none has. A local time that occurs twice, when clocks
    go back, is the earlier. Further columns are kept under their names; one called as a column of `EventLog` gets a number
    behind it (``time_2``). Lines without any value are passed over.

    Args:
        path: The file, in UTF-8.
        case: Column of the case.
        activity: Column of the activity.
        time: Column of the time at which the event was complete.
        start: Column of the time at which it began.
        resource: Column of who did it.
        group: Column of the group they belong to.
        lifecycle: Column that says of each row whether it is the ``start`` or the ``complete`` of an event; the two become
            one event, unless there is a start column.
        separator: Between columns, one ASCII character; None for that of comma, semicolon, tab and bar which the first line
            has most of outside quotes, the comma where none has more.
        time_zone: Of times without an offset, as in the IANA database.
        max_bytes: Larger files, decompressed, are refused.

    Raises:
        InvalidFileError: The file cannot be read, lacks a column, has a line with more fields than columns, or its times
            are wrong; all faults with line numbers.
        MissingExtraError: The extra ``logs`` is not installed.

    Warns:
        LossyImportWarning: Lifecycle transitions other than start and complete were left out.

    Example:
        >>> from pathlib import Path
        >>> rows = ["case;activity;time", "1;intake;2026-01-05 09:00", "1;decide;2026-01-05 10:30"]
        >>> _ = Path("log.csv").write_text("\n".join(rows))
        >>> print(read_csv("log.csv", time_zone="Asia/Jakarta"))
        cases: 1, events: 2, activities: 2
        activity  events  cases  cases with rework
        decide         1      1                  0
        intake         1      1                  0
    """
    name = os.fspath(path)
    nothing = Message("expected an event log, got nothing")
    frame, line = csv_table(path, separator=separator, max_bytes=max_bytes, nothing=nothing)
    given = {
        "case": case,
        "activity": activity,
        "time": time,
        "start": start,
        "resource": resource,
        "group": group,
        "lifecycle": lifecycle,
    }
    log, left_out = event_log(frame, given, name, line=line, time_zone=time_zone)
    warn_of(left_out, name)
    return log
