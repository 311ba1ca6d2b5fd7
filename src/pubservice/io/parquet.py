"""Event logs as Parquet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pubservice.errors import InvalidFileError, Problem
from pubservice.io.csv import event_log, first_line_of, polars
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
    time_zone: str = "UTC",
) -> EventLog:
    """
    Return the event log in a Parquet file.

    Columns are named or looked for as in `read_csv`; times may also be timestamps, whose zone is then `time_zone` if they have none.

    Args:
        path: The file.
        case: Column of the case.
        activity: Column of the activity.
        time: Column of the time at which the event was complete.
        start: Column of the time at which it began.
        resource: Column of who did it.
        group: Column of the group they belong to.
        time_zone: Of times without an offset, as in the IANA database.

    Raises:
        InvalidFileError: The file cannot be read, lacks a column, or its times are wrong.
        MissingExtraError: The extra ``logs`` is not installed.
    """
    pl = polars()
    name = os.fspath(path)
    try:
        frame = pl.read_parquet(path)
    except OSError as error:
        raise InvalidFileError(
            name, [Problem("", Message("cannot be read: {why}", why=error.strerror or first_line_of(error)))]
        ) from None
    except pl.exceptions.PolarsError as error:
        raise InvalidFileError(
            name, [Problem("", Message("not Parquet: {why}", why=first_line_of(error)))]
        ) from None
    given = {
        "case": case,
        "activity": activity,
        "time": time,
        "start": start,
        "resource": resource,
        "group": group,
    }
    return event_log(frame, given, name, first_line=None, time_zone=time_zone)
