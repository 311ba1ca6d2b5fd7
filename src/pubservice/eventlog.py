"""
Event logs: what happened, as a table.

A log stays a table in its engine (Polars, by way of narwhals) and is never turned into Python objects to be counted.
Times are whole microseconds since 1970 in UTC.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.engine import engine, fresh
from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from narwhals.stable.v2 import DataFrame

    from pubservice.messages import Language

COLUMNS = ("case", "activity", "time", "start", "resource", "group")


def _frame(native: Any) -> DataFrame[Any]:
    """Return events in the order of each case; what is not there is null."""
    nw = engine()
    frame: DataFrame[Any] = nw.from_native(native, eager_only=True)
    problems = [
        Problem(name, Message("no such column; there are {columns}", columns=", ".join(frame.columns)))
        for name in COLUMNS[:3]
        if name not in frame.columns
    ]
    columns = []
    for name in COLUMNS:
        kind = frame.schema.get(name)
        moment = name in ("time", "start")
        if kind is None:
            columns.append(nw.lit(None).cast(nw.Int64 if moment else nw.String).alias(name))
        elif moment and isinstance(kind, nw.Datetime):
            columns.append(nw.col(name).dt.timestamp("us").cast(nw.Int64))
        elif moment and not (kind.is_integer() or kind == nw.Unknown):
            wanted = Message("expected whole microseconds or a time, got {kind}", kind=str(kind))
            problems.append(Problem(name, wanted))
        elif kind.is_nested() or kind in (nw.Binary, nw.Object):
            problems.append(Problem(name, Message("expected text, got {kind}", kind=str(kind))))
        else:
            columns.append(nw.col(name).cast(nw.Int64 if moment else nw.String))
    if not problems:
        rest = [name for name in frame.columns if name not in COLUMNS]
        frame = frame.select(*columns, *rest)
        problems = list(_faults(frame))
    if problems:
        raise InvalidModelError(problems)
    order = fresh("_order", frame.columns)
    return frame.with_row_index(order).sort("case", "time", order).drop(order)


def _faults(frame: DataFrame[Any]) -> Iterator[Problem]:
    nw = engine()
    for name in COLUMNS[:3]:
        missing = int(frame[name].null_count())
        if missing:
            yield Problem(name, Message("events without {part}: {n:,}", part=name, n=missing))
    backwards = int(frame.select((nw.col("time") < nw.col("start")).sum()).item() or 0)
    if backwards:
        yield Problem("start", Message("events that end before they start: {n:,}", n=backwards))


@attrs.frozen(eq=False)
class EventLog:
    """
    Events of cases, in the order of each case.

    Attributes:
        frame: A narwhals frame with the columns ``case``, ``activity``, ``time`` (completion), ``start`` (or null),
            ``resource`` (or null), ``group`` (or null), and whatever else the log holds; attributes of cases begin with
            ``case:``. Times are whole microseconds; columns of datetimes are turned into them, those without a zone
            read as UTC. Events of a case at the same time keep their order.

    Raises:
        InvalidModelError: A column is missing or of another kind, an event has no case, activity or time, or ends before
            it starts.

    Example:
        >>> import polars as pl
        >>> log = EventLog(pl.DataFrame({"case": ["1", "1"], "activity": ["a", "b"], "time": [0, 60_000_000]}))
        >>> log.cases, log.events
        (1, 2)
    """

    frame: DataFrame[Any] = attrs.field(converter=_frame, repr=False)

    @cached_property
    def cases(self) -> int:
        """How many cases there are."""
        return int(self.frame["case"].n_unique())

    @property
    def events(self) -> int:
        """How many events there are."""
        return len(self.frame)

    def count(self, column: str) -> list[tuple[str, int]]:
        """
        Return the values of a column and how many events have them, most frequent first; nulls are left out.

        Args:
            column: ``activity``, ``resource``, ``group`` or any other.
        """
        nw = engine()
        counted = (
            self.frame.filter(~nw.col(column).is_null())
            .group_by(column)
            .agg(nw.len().alias("events"))
            .sort("events", column, descending=[True, False])
        )
        return [(value, int(n)) for value, n in counted.select(column, "events").iter_rows()]

    def count_cases(self, column: str) -> list[tuple[str, int]]:
        """Return the values of a column and in how many cases they occur, most frequent first; nulls are left out."""
        nw = engine()
        counted = (
            self.frame.select("case", column)
            .filter(~nw.col(column).is_null())
            .unique()
            .group_by(column)
            .agg(nw.len().alias("cases"))
            .sort("cases", column, descending=[True, False])
        )
        return [(value, int(n)) for value, n in counted.select(column, "cases").iter_rows()]

    @cached_property
    def activities(self) -> tuple[str, ...]:
        """The activities, most frequent first."""
        return tuple(name for name, _ in self.count("activity"))

    @cached_property
    def resources(self) -> tuple[str, ...]:
        """The resources, most frequent first."""
        return tuple(name for name, _ in self.count("resource"))

    @cached_property
    def variants(self) -> tuple[tuple[tuple[str, ...], int], ...]:
        """The sequences of activities that occur and in how many cases, most frequent first."""
        return _variants(self.frame)

    @cached_property
    def directly_follows(self) -> dict[tuple[str, str], int]:
        """How often one activity follows another in a case; ``""`` stands before the first and behind the last."""
        nw = engine()
        steps = self.frame.select("case", "activity").with_columns(
            before=nw.col("activity").shift(1).over("case"),
            after=nw.col("activity").shift(-1).over("case"),
        )
        inner = steps.filter(~nw.col("before").is_null()).select(source="before", target="activity")
        first = steps.filter(nw.col("before").is_null()).select(source=nw.lit(""), target="activity")
        last = steps.filter(nw.col("after").is_null()).select(source="activity", target=nw.lit(""))
        counted = nw.concat([inner, first, last]).group_by("source", "target").agg(nw.len().alias("n"))
        rows = counted.sort("n", "source", "target", descending=[True, False, False]).select(
            "source", "target", "n"
        )
        return {(source, target): int(n) for source, target, n in rows.iter_rows()}

    @property
    def start_activities(self) -> dict[str, int]:
        """How many cases begin with each activity, most frequent first."""
        return {target: n for (source, target), n in self.directly_follows.items() if not source}

    @property
    def end_activities(self) -> dict[str, int]:
        """How many cases end with each activity, most frequent first."""
        return {source: n for (source, target), n in self.directly_follows.items() if not target}

    def repeated(self) -> dict[str, int]:
        """Return in how many cases each activity occurs more than once; those that never do are left out."""
        nw = engine()
        each = self.frame.group_by("case", "activity").agg(nw.len().alias("n")).filter(nw.col("n") > 1)
        counted = (
            each.group_by("activity")
            .agg(nw.len().alias("cases"))
            .sort("cases", "activity", descending=[True, False])
        )
        return {activity: int(n) for activity, n in counted.select("activity", "cases").iter_rows()}

    @property
    def cases_with_rework(self) -> int:
        """In how many cases some activity occurs more than once."""
        nw = engine()
        each = self.frame.group_by("case", "activity").agg(nw.len().alias("n")).filter(nw.col("n") > 1)
        return int(each["case"].n_unique())

    def rows(self) -> list[dict[str, str | int]]:
        """Return a row for each activity: its events, the cases it occurs in, and those in which it is repeated."""
        cases, repeated = dict(self.count_cases("activity")), self.repeated()
        return [
            {"activity": name, "events": n, "cases": cases[name], "cases with rework": repeated.get(name, 0)}
            for name, n in self.count("activity")
        ]

    def text(self, language: Language = "en") -> str:
        """Return the size of the log, and a table of its activities."""
        size = Message(
            "cases: {cases:,}, events: {events:,}, activities: {activities:,}",
            cases=self.cases,
            events=self.events,
            activities=len(self.activities),
        )
        return f"{size.text(language)}\n{table(self.rows(), language=language)}"

    def __str__(self) -> str:
        return self.text()


def _variants(frame: DataFrame[Any]) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Count sequences in the engine itself: narwhals has no ordered collection."""
    import polars as pl

    native: pl.DataFrame = frame.to_native()
    counted = (
        native.lazy()
        .group_by("case", maintain_order=True)
        .agg(pl.col("activity"))
        .group_by("activity")
        .agg(pl.len().alias("n"))
        .collect()
    )
    found = [(tuple(sequence), int(n)) for sequence, n in counted.iter_rows()]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))
