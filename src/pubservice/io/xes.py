"""Event logs as XES, plain or gzipped, read as a stream."""

from __future__ import annotations

import gzip
import os
import warnings
import zlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidFileError, LossyImportWarning, MissingExtraError, Problem
from pubservice.io.csv import event_log, polars
from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.eventlog import EventLog

MAX_BYTES = 4 * 2**30
_VALUES = frozenset(("string", "date", "int", "float", "boolean", "id"))


def read_xes(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> EventLog:
    """
    Return the event log in an XES file, plain or gzipped.

    Events with a lifecycle of start and complete become one event with both times. Attributes of traces become columns
    that begin with ``case:``.

    Args:
        path: The file.
        max_bytes: Larger files, decompressed, are refused.

    Raises:
        InvalidFileError: The file cannot be read, is no XES, or its events lack a case, an activity or a time.
        MissingExtraError: The extra ``logs`` is not installed.

    Warns:
        LossyImportWarning: Nested attributes, lists, and lifecycle transitions other than start and complete were left
            out; the text says how many of which.

    Source:
        IEEE 1849, eXtensible Event Stream.
    """
    pl = polars()
    name = os.fspath(path)
    rows = _Rows()
    try:
        with Path(path).open("rb") as file:
            gzipped = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if gzipped else Path(path).open("rb") as stream:
            _read(_Bounded(stream, max_bytes), rows)
    except _NotXesError as error:
        raise InvalidFileError(name, [Problem("", error.message, error.line)]) from None
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InvalidFileError(name, [Problem("", Message("cannot be read: {why}", why=why))]) from None
    if not rows.count:
        raise InvalidFileError(name, [Problem("", Message("expected an event log, found no event"))])
    frame = pl.DataFrame(
        rows.columns,
        schema=dict.fromkeys(rows.columns, pl.String),
        strict=False,
    )
    frame = _paired(frame, rows)
    if rows.left_out:
        listed = "; ".join(f"{what} ({n})" for what, n in rows.left_out.items())
        warnings.warn(f"{name}: left out: {listed}", LossyImportWarning, stacklevel=2)
    columns = {
        "case": "case:concept:name",
        "activity": "concept:name",
        "time": "time:timestamp",
        "start": "start_timestamp" if "start_timestamp" in frame.columns else None,
        "resource": "org:resource" if "org:resource" in frame.columns else None,
        "group": next((key for key in ("org:group", "org:role") if key in frame.columns), None),
    }
    return event_log(frame, columns, name, first_line=None)


class _NotXesError(Exception):
    def __init__(self, message: Message, line: int | None = None) -> None:
        self.message = message
        self.line = line
        super().__init__(message, line)


class _Bounded:
    """A stream that is refused when it gets too long, as compressed ones may."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream = stream
        self._left = most
        self._most = most

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data: bytes = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise _NotXesError(
                Message(
                    "larger than {bound:,} bytes: raise max_bytes (--max-bytes) to read it", bound=self._most
                )
            )
        return data


@attrs.define
class _Rows:
    """Columns of text that grow event by event."""

    count: int = 0
    columns: dict[str, list[str | None]] = attrs.Factory(dict)
    left_out: dict[str, int] = attrs.Factory(dict)

    def add(self, values: dict[str, str]) -> None:
        columns = self.columns
        for key, value in values.items():
            column = columns.get(key)
            if column is None:
                column = columns[key] = [None] * self.count
            column.append(value)
        self.count += 1
        if len(values) < len(columns):
            for column in columns.values():
                if len(column) < self.count:
                    column.append(None)

    def leave_out(self, what: str, n: int = 1) -> None:
        self.left_out[what] = self.left_out.get(what, 0) + n


def _read(stream: _Bounded, rows: _Rows) -> None:
    try:
        from lxml import etree
    except ImportError:
        raise MissingExtraError("lxml", "logs") from None
    try:
        traces = etree.iterparse(
            stream,
            events=("end",),
            tag="{*}trace",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for _, element in traces:
            parent = element.getparent()
            if parent is None or parent.getparent() is not None:
                continue
            if not rows.count:
                _check_root(parent)
            _trace(element, rows)
            element.clear()
            while element.getprevious() is not None:
                del parent[0]
        _check_root(traces.root)
    except etree.XMLSyntaxError as error:
        raise _NotXesError(Message("not XML: {why}", why=str(error.msg)[:200]), error.lineno) from None


def _check_root(root: Any) -> None:
    if root.tag.rpartition("}")[2] != "log" or root.getroottree().docinfo.doctype:
        found = str(root.getroottree().docinfo.doctype or root.tag)[:80]
        raise _NotXesError(Message("expected a log of XES, found {found!r}", found=found), root.sourceline)


def _trace(trace: Any, rows: _Rows) -> None:
    of_case: dict[str, str] = {}
    events = []
    for child in trace:
        kind = child.tag.rpartition("}")[2]
        if kind == "event":
            events.append(child)
        else:
            _attribute(child, kind, of_case, rows, "case:")
    for event in events:
        values = dict(of_case)
        for child in event:
            _attribute(child, child.tag.rpartition("}")[2], values, rows, "")
        rows.add(values)


def _attribute(element: Any, kind: str, values: dict[str, str], rows: _Rows, prefix: str) -> None:
    key, value = element.get("key"), element.get("value")
    if kind not in _VALUES or key is None or value is None:
        rows.leave_out(f"element {kind}")
        return
    values[prefix + key] = value
    if len(element):
        rows.leave_out("nested attributes", len(element))


def _paired(frame: Any, rows: _Rows) -> Any:
    """Return events with start and completion in one row where the lifecycle has both."""
    pl = polars()
    if (
        "lifecycle:transition" not in frame.columns
        or "case:concept:name" not in frame.columns
        or "concept:name" not in frame.columns
    ):
        return frame
    frame = frame.with_row_index("_order").with_columns(
        _phase=pl.col("lifecycle:transition").str.to_lowercase()
    )
    other = frame.filter(~pl.col("_phase").is_in(["start", "complete"]) & pl.col("_phase").is_not_null())
    for phase, n in sorted(chain(other.group_by("_phase").len().iter_rows())):
        rows.leave_out(f"lifecycle {phase}", n)
    frame = frame.filter(pl.col("_phase").is_in(["start", "complete"]) | pl.col("_phase").is_null())
    if not (frame["_phase"] == "start").any():
        return frame.drop("_order", "_phase")
    key = ["case:concept:name", "concept:name"]
    frame = frame.with_columns(_nth=pl.col("_order").rank("ordinal").over([*key, "_phase"]))
    begun = frame.filter(pl.col("_phase") == "start")
    done = frame.filter((pl.col("_phase") != "start") | pl.col("_phase").is_null())
    starts = begun.select(*key, "_nth", pl.col("time:timestamp").alias("start_timestamp"))
    paired = done.join(starts, on=[*key, "_nth"], how="left", nulls_equal=True)
    lone = begun.join(done.select(*key, "_nth"), on=[*key, "_nth"], how="anti", nulls_equal=True)
    both = pl.concat([paired, lone.with_columns(start_timestamp=pl.lit(None, pl.String))], how="diagonal")
    return both.sort("_order").drop("_order", "_phase", "_nth")
