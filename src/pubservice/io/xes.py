"""Event logs as XES, plain or gzipped, read as a stream."""

from __future__ import annotations

import gzip
import os
import zlib
from array import array
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.engine import polars
from pubservice.errors import MissingExtraError
from pubservice.io.events import event_log, warn_of
from pubservice.io.file import open_file
from pubservice.io.table import MAX_BYTES, refuse
from pubservice.messages import Message

if TYPE_CHECKING:
    import polars as pl

    from pubservice.eventlog import EventLog

MAX_ATTRIBUTES = 2_000
_VALUES = frozenset(("string", "date", "int", "float", "boolean", "id"))
_CELLS = 200_000  # how many values wait in Python before they go to the engine
_FAR = 65_535  # the parser tells lines up to here, and beyond only about where they are
_OF_CASES = "case:"
_FILLED = frozenset(("concept:name", "lifecycle:transition"))


def read_xes(
    path: str | os.PathLike[str],
    *,
    time_zone: str = "UTC",
    max_bytes: int = MAX_BYTES,
    max_attributes: int = MAX_ATTRIBUTES,
) -> EventLog:
    """
    Return the event log in an XES file, plain or gzipped.

    Events with a lifecycle of start and complete become one event with both times: of the same case, activity, resource
    and instance, first in, first out. Attributes of traces become columns that begin with ``case:``. An activity
    (``concept:name``) or transition that events lack is filled in from the global attributes; other defaults would make
    up cases, times, people and facts. Extensions, classifiers and attributes of the log as a whole are no part of an
    `EventLog`.

    Args:
        path: The file.
        time_zone: Of times without an offset, as in the IANA database.
        max_bytes: Larger files, decompressed, are refused.
        max_attributes: Files with more different attributes are refused.

    Raises:
        InvalidFileError: The file cannot be read, is no XES, declares a document type, or its events lack a case, an
            activity or a time.
        MissingExtraError: The extra ``logs`` is not installed.

    Warns:
        LossyImportWarning: Left out were nested attributes, lists, attributes given twice, traces without events, lifecycle
            transitions other than start and complete; or attributes were filled in. The text says how many of which.

    Example:
        >>> from pathlib import Path
        >>> name = '<string key="concept:name" value="{}"/>'
        >>> event = name.format("intake") + '<date key="time:timestamp" value="2026-01-05T09:00:00+07:00"/>'
        >>> _ = Path("log.xes").write_text(f"<log><trace>{name.format('1')}<event>{event}</event></trace></log>")
        >>> read_xes("log.xes").count("activity")
        [('intake', 1)]

    Source:
        IEEE 1849, eXtensible Event Stream.
    """
    polars()
    name = os.fspath(path)
    rows = _Rows(max_attributes)
    try:
        with open_file(path, max_bytes=max_bytes) as file:
            gzipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            with gzip.open(file) if gzipped else nullcontext(file) as stream:
                _read(_Bounded(stream, max_bytes), rows)
    except _NotXesError as error:
        raise refuse(name, error.message, error.line) from None
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise refuse(name, Message("cannot be read: {why}", why=why)) from None
    if not rows.count:
        raise refuse(name, Message("expected an event log, found no event"))
    frame = rows.frame()
    columns: dict[str, str | None] = {
        "case": f"{_OF_CASES}concept:name",
        "activity": "concept:name",
        "time": "time:timestamp",
    }
    for part, keys in (
        ("start", ("start_timestamp",)),
        ("resource", ("org:resource",)),
        ("group", ("org:group", "org:role")),
        ("lifecycle", ("lifecycle:transition",)),
    ):
        key = next((key for key in keys if key in frame.columns), None)
        if key is not None:
            columns[part] = key
    log, left_out = event_log(frame, columns, name, line=rows.line, time_zone=time_zone)
    warn_of(rows.left_out | left_out, name)
    return log


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


class _Kinds(dict[str, str]):
    """What elements are called without their namespace; looked up, because there are millions."""

    def __missing__(self, tag: str) -> str:
        kind = self[tag] = tag.rpartition("}")[2]
        return kind


@attrs.define
class _Rows:
    """Events and traces on their way into the engine, and what does not get there."""

    most: int
    traces: int = 0
    owners: array[int] = attrs.Factory(lambda: array("q"))
    lines: array[int] = attrs.Factory(lambda: array("H"))
    events: list[dict[str, str]] = attrs.Factory(list)
    cases: list[dict[str, str]] = attrs.Factory(list)
    chunks: list[pl.DataFrame] = attrs.Factory(list)
    kinds: _Kinds = attrs.Factory(_Kinds)
    keys: dict[str, None] = attrs.Factory(lambda: {"concept:name": None, "time:timestamp": None})
    case_keys: dict[str, None] = attrs.Factory(lambda: {"concept:name": None})
    defaults: dict[str, str] = attrs.Factory(dict)
    left_out: dict[str, int] = attrs.Factory(dict)

    def add(self, values: dict[str, str], line: int) -> None:
        """Add an event of the trace that is being read."""
        if not values.keys() <= self.keys.keys():
            self.keys |= dict.fromkeys(values)
            self._bound()
        self.events.append(values)
        self.owners.append(self.traces)
        self.lines.append(min(line, _FAR))
        if len(self.events) * len(self.keys) > _CELLS:
            self.flush()

    def line(self, event: int) -> int | None:
        """Return the line of an event, as far as the parser tells it rightly."""
        line = self.lines[event]
        return line if line < _FAR else None

    @property
    def count(self) -> int:
        """How many events there were so far."""
        return len(self.owners)

    def add_case(self, values: dict[str, str]) -> None:
        """Add a trace, once its events are in."""
        if not values.keys() <= self.case_keys.keys():
            self.case_keys |= dict.fromkeys(values)
            self._bound()
        self.cases.append(values)
        self.traces += 1

    def _bound(self) -> None:
        if len(self.keys) + len(self.case_keys) > self.most:
            raise _NotXesError(
                Message(
                    "more than {bound:,} different attributes: raise max_attributes to read it",
                    bound=self.most,
                )
            )

    def flush(self) -> None:
        """Hand events over to the engine."""
        pl = polars()
        self.chunks.append(pl.DataFrame(self.events, schema=dict.fromkeys(self.keys, pl.String)))
        self.events.clear()

    def leave_out(self, what: str, n: int = 1) -> None:
        """Count what cannot be represented."""
        self.left_out[what] = self.left_out.get(what, 0) + n

    def frame(self) -> pl.DataFrame:
        """Return a row for each event, with the attributes of its trace."""
        pl = polars()
        self.flush()
        events = self._filled(pl.concat(self.chunks, how="diagonal"))
        cases = pl.DataFrame(self.cases, schema=dict.fromkeys(self.case_keys, pl.String))
        clash = [key for key in events.columns if key.startswith(_OF_CASES)]
        for key in clash:
            self.leave_out(f"attribute {key} of events", len(events) - events.get_column(key).null_count())
        of_case = cases.select(pl.all().name.prefix(_OF_CASES))[pl.Series(self.owners)]
        return events.drop(*clash).hstack(of_case)

    def _filled(self, events: pl.DataFrame) -> pl.DataFrame:
        """Return the events with the activity and transition they lack filled in from the global attributes."""
        pl = polars()
        for key in sorted(_FILLED & self.defaults.keys()):
            if key not in events.columns:
                events = events.with_columns(pl.lit(None, pl.String).alias(key))
            lacking = events.get_column(key).null_count()
            if lacking:
                self.leave_out(f"missing {key}, filled in from the global", lacking)
                events = events.with_columns(pl.col(key).fill_null(pl.lit(self.defaults[key])))
        return events


def _read(stream: _Bounded, rows: _Rows) -> None:
    try:
        from lxml import etree
    except ImportError:
        raise MissingExtraError("lxml", "logs") from None
    try:
        elements = etree.iterparse(
            stream,
            events=("end",),
            tag=("{*}event", "{*}trace"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        first, before, inside = True, 0, None
        for _, element in elements:
            parent = element.getparent()
            if first:
                _check_root(element.getroottree().getroot())
                first = False
            if element.tag.endswith("event"):
                if parent is not inside and not _is_trace(parent):
                    rows.leave_out("events outside a trace")
                else:
                    inside = parent
                    rows.add(_attributes(element, rows), element.sourceline)
                element.clear()
            elif _is_trace(element):
                if rows.count == before:
                    rows.leave_out("traces without events")
                _trace(element, parent, rows)
                before, inside = rows.count, None
        _check_root(elements.root)
    except etree.XMLSyntaxError as error:
        raise _NotXesError(Message("not XML: {why}", why=str(error.msg)[:200]), error.lineno) from None


def _kind(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _check_root(root: Any) -> None:
    doctype = root.getroottree().docinfo.doctype
    if _kind(root) != "log" or doctype:
        message = Message("expected a log of XES, found {found!r}", found=str(doctype or root.tag)[:80])
        raise _NotXesError(message, root.sourceline)


def _is_trace(element: Any) -> bool:
    """Whether this is a trace of the log itself."""
    log = None if element is None or _kind(element) != "trace" else element.getparent()
    return log is not None and log.getparent() is None


def _trace(trace: Any, log: Any, rows: _Rows) -> None:
    """Take in what a trace says of itself, behind its events, and let go of it."""
    if not rows.traces:
        for element in log:
            if _kind(element) == "global" and element.get("scope") == "event":
                given = {child.get("key"): child.get("value") for child in element}
                rows.defaults |= {key: value for key, value in given.items() if key and value}
    rows.add_case(_attributes(trace, rows))
    trace.clear()
    while trace.getprevious() is not None:
        del log[0]


def _attributes(element: Any, rows: _Rows) -> dict[str, str]:
    """Return the attributes that are one value with a name, and count what else there is."""
    values: dict[str, str] = {}
    kinds = rows.kinds
    for child in element:
        kind = kinds[child.tag]
        if kind in _VALUES:
            key, value = child.get("key"), child.get("value")
            if key in values:
                rows.leave_out("attributes given twice")
            elif key and value is not None:
                values[key] = value
            else:
                rows.leave_out(f"element {kind}")
            if len(child):
                rows.leave_out("nested attributes", len(child))
        elif kind != "event":  # that of a trace, taken in already
            rows.leave_out(f"element {kind}"[:80])
    return values
