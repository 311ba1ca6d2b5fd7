"""Event logs as tables of text: CSV, plain or gzipped."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pubservice.io.events import MAX_BYTES, event_log, first_line_of, polars, reading_errors, refuse, warn_of
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from pubservice.eventlog import EventLog

_HEAD = 2**16


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
    separator: str = ",",
    time_zone: str = "UTC",
    max_bytes: int = MAX_BYTES,
) -> EventLog:
    """
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
        separator: Between columns, one ASCII character.
        time_zone: Of times without an offset, as in the IANA database.
        max_bytes: Larger files, decompressed, are refused.

    Raises:
        InvalidFileError: The file cannot be read, lacks a column, or its times are wrong; all faults with line numbers.
        MissingExtraError: The extra ``logs`` is not installed.

    Warns:
        LossyImportWarning: Lifecycle transitions other than start and complete were left out.
    """
    pl = polars()
    name = os.fspath(path)
    if len(separator) != 1 or not separator.isascii() or separator in '"\r\n':
        raise refuse(
            name, Message("expected one ASCII character between columns, got {value!r}", value=separator)
        )
    source = _source(path, name, max_bytes)
    try:
        frame = pl.read_csv(source, infer_schema=False, separator=separator, glob=False)
    except reading_errors() as error:
        raise refuse(name, Message("not CSV: {why}", why=first_line_of(error))) from None
    row = "_row" if "_row" not in frame.columns else max(frame.columns, key=len) + "_"
    full = frame.with_row_index(row).filter(~pl.all_horizontal(pl.all().exclude(row).is_null()))
    given = {
        "case": case,
        "activity": activity,
        "time": time,
        "start": start,
        "resource": resource,
        "group": group,
        "lifecycle": lifecycle,
    }
    log, left_out = event_log(
        full.drop(row), given, name, line=_lines(frame, full.get_column(row)), time_zone=time_zone
    )
    warn_of(left_out, name)
    return log


def _source(path: str | os.PathLike[str], name: str, max_bytes: int) -> Any:
    """Return what Polars is to read: the file, or what it was before it was gzipped; bounded, and in UTF-8."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEAD)
            size = os.fstat(file.fileno()).st_size
            content = None
            if head.startswith(b"\x1f\x8b"):
                file.seek(0)
                with gzip.open(file) as unpacked:
                    content = unpacked.read(max_bytes + 1)
                head, size = content[:_HEAD], len(content)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise refuse(name, Message("cannot be read: {why}", why=why)) from None
    if size > max_bytes:
        raise refuse(
            name,
            Message("larger than {bound:,} bytes: raise max_bytes (--max-bytes) to read it", bound=max_bytes),
        )
    if not head:
        raise refuse(name, Message("expected an event log, got nothing"))
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) == size)
    except UnicodeDecodeError as error:
        raise _not_text(name, head[error.start], head[: error.start].count(b"\n") + 1) from None
    if text[0] in "\x01x" and text[1:2] == "\x01":  # what Polars would take for compressed, without any bound
        raise _not_text(name, 1, 1)
    if "\0" in text:
        raise _not_text(name, 0, text[: text.index("\0")].count("\n") + 1)
    return Path(path).absolute() if content is None else io.BytesIO(content)


def _not_text(name: str, byte: int, line: int) -> Exception:
    return refuse(name, Message("expected UTF-8, found the byte {byte}", byte=f"0x{byte:02x}"), line)


def _lines(frame: pl.DataFrame, kept: pl.Series) -> Callable[[int], int]:
    """Return from the number of a row its line, counting those inside quotes, without those that hold nothing."""

    def line(row: int) -> int:
        pl = polars()
        before = int(kept[row])
        inside = frame.head(before).select(pl.all().str.count_matches("\n", literal=True).sum())
        lines: int = 2 + before + sum(inside.row(0)) + sum(name.count("\n") for name in frame.columns)
        return lines

    return line
