"""Measurements in files: CSV, which a spreadsheet can open and append to, and Parquet."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from pubservice.engine import polars
from pubservice.errors import InvalidFileError, InvalidModelError, InvalidQuantityError, Problem
from pubservice.io.file import MAX_BYTES, read_text, write_text
from pubservice.io.table import parquet_table, separator_of
from pubservice.messages import Message, did_you_mean
from pubservice.model.measurement import Measurement, misfits
from pubservice.model.text import MOST_PROBLEMS
from pubservice.units import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.model.measurement import Value
    from pubservice.model.organisation import PublicOrganisation

COLUMNS = (
    *("metric", "service", "period", "value", "population", "obtained"),
    *("low", "high", "within", "source", "reason"),
)
_REQUIRED = ("metric", "value", "obtained")
_WORDS = ("source", "reason")  # kept as they are, spaces too
_ENDS = ("first", "last")  # in the place of the period
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet recognises one
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_FIELDS = {field.name: field for field in attrs.fields(Measurement)}


class _Row(NamedTuple):
    """A row of a file: its cells by column, empty ones left out, and its line."""

    cells: dict[str, str]
    line: int


def read_measurements(
    path: str | os.PathLike[str],
    *,
    organisation: PublicOrganisation | None = None,
    max_bytes: int = MAX_BYTES,
) -> tuple[Measurement, ...]:
    r"""
    Return the measurements in a file, in its order.

    A file whose name ends in ``.parquet`` is read as Parquet, any other as CSV in UTF-8 with a comma, semicolon, tab or bar
    between columns. The columns are those of `Measurement`: ``metric``, ``value``, ``obtained`` and ``period``, and as far as there is
    something to say ``service``, ``population``, ``low``, ``high``, ``within``, ``source`` and ``reason``. Two columns ``first``
    and ``last`` with days may stand in the place of the period. Values are written as in an organisation file: ``0.93``,
    ``12 working_day``, ``60000 IDR``, ``40 case/month``. Empty cells are left out, and so are empty lines.

    Args:
        path: The file.
        organisation: Whose they are, to judge metrics, services, units, bounds, currencies and overlapping periods too.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: The file cannot be read, or anything in it is wrong; all faults with lines.
        MissingExtraError: A Parquet file is read, and the extra ``logs`` is not installed.

    Example:
        >>> from pathlib import Path
        >>> rows = ["metric;service;period;value;obtained", "cycle-time;permit;2026-Q1;12 working_day;register"]
        >>> _ = Path("measurements.csv").write_text("\n".join(rows))
        >>> [(m.metric, str(m.period), str(m.value)) for m in read_measurements("measurements.csv")]
        [('cycle-time', '2026-Q1', '12 working_day')]
    """
    name = os.fspath(path)
    rows = _parquet_rows(path, max_bytes) if _is_parquet(name) else _csv_rows(path, max_bytes)
    problems: list[Problem] = []
    found: list[Measurement] = []
    lines: list[int] = []
    for row in rows:
        made, faults = _measurement(row)
        problems += faults
        if made is not None:
            found.append(made)
            lines.append(row.line)
        if len(problems) >= MOST_PROBLEMS:
            break
    if organisation is not None and len(problems) < MOST_PROBLEMS:
        wrong = misfits(found, organisation, place=lambda i: Message("line {line}", line=lines[i]))
        problems += [Problem(misfit.field, misfit.message, lines[misfit.position]) for misfit in wrong]
    if problems:
        raise InvalidFileError(name, sorted(problems, key=lambda problem: problem.line or 0)[:MOST_PROBLEMS])
    return tuple(found)


def write_measurements(measurements: Iterable[Measurement], path: str | os.PathLike[str]) -> None:
    """
    Write measurements to a file, whole or not at all, in the place of what is there.

    A file whose name ends in ``.parquet`` becomes Parquet, any other CSV. A text that a spreadsheet would take for a formula
    gets an apostrophe before it, which `read_measurements` takes away again.

    Raises:
        InvalidFileError: The file cannot be written.
        MissingExtraError: A Parquet file is written, and the extra ``logs`` is not installed.

    Example:
        >>> spring = Measurement("on-time", value=0.93, period="2026-Q2", obtained="register")
        >>> write_measurements([spring], "measurements.csv")
        >>> read_measurements("measurements.csv") == (spring,)
        True
    """
    rows = [_cells(measurement) for measurement in measurements]
    if not _is_parquet(os.fspath(path)):
        write_text(path, _csv_text([COLUMNS, *([_guarded(row[name]) for name in COLUMNS] for row in rows)]))
        return
    pl = polars()
    columns = {name: [row[name] or None for row in rows] for name in COLUMNS}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(COLUMNS, pl.String))
    try:
        frame.write_parquet(Path(path))
    except (OSError, pl.exceptions.PolarsError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InvalidFileError(
            os.fspath(path), [Problem("", Message("cannot be written: {why}", why=why))]
        ) from None


def append_measurements(
    measurements: Iterable[Measurement],
    path: str | os.PathLike[str],
    *,
    organisation: PublicOrganisation | None = None,
    max_bytes: int = MAX_BYTES,
) -> None:
    """
    Write measurements behind those in a file; one that is not there is made.

    The file is read first, and nothing is written where it or what is added to it would be wrong. It is written anew, whole
    or not at all, with the columns of `write_measurements`.

    Args:
        measurements: To be added.
        path: The file.
        organisation: Whose they are, to judge them as `read_measurements` does.
        max_bytes: A larger file is refused.

    Raises:
        InvalidFileError: The file cannot be read or written, or is wrong.
        InvalidModelError: What is added does not fit the organisation, or what is there, such as a period that overlaps.
        MissingExtraError: As for the others.

    Example:
        >>> for quarter, share in (("2026-Q1", 0.9), ("2026-Q2", 0.93)):
        ...     measured = Measurement("on-time", value=share, period=quarter, obtained="register")
        ...     append_measurements([measured], "on-time.csv")
        >>> [m.value for m in read_measurements("on-time.csv")]
        [0.9, 0.93]
    """
    before = (
        read_measurements(path, organisation=organisation, max_bytes=max_bytes) if Path(path).exists() else ()
    )
    added = tuple(measurements)
    wrong = misfits((*before, *added), organisation, place=lambda i: _place(i, len(before)))
    if wrong:
        raise InvalidModelError(
            Problem(f"{_place(misfit.position, len(before))}.{misfit.field}", misfit.message)
            for misfit in wrong
        )
    write_measurements((*before, *added), path)


def _place(position: int, before: int) -> str:
    return f"measurements[{position - before}]" if position >= before else f"row {position + 1} of the file"


def _is_parquet(name: str) -> bool:
    return name.lower().endswith(".parquet")


def _csv_rows(path: str | os.PathLike[str], max_bytes: int) -> Iterator[_Row]:
    """Yield the rows of a CSV file, each with the line on which it begins."""
    name = os.fspath(path)
    text = read_text(path, max_bytes=max_bytes)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    titles: list[str] | None = None
    line = 1
    try:
        for values in reader:
            if any(value.strip() for value in values):
                if titles is None:
                    titles = _titles(values, name, line)
                elif len(values) > len(titles):
                    message = Message("expected {n} columns, got {found}", n=len(titles), found=len(values))
                    raise InvalidFileError(name, [Problem("", message, line)])
                else:
                    yield _Row(_filled(zip(titles, values, strict=False)), line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidFileError(name, [Problem("", Message("not CSV: {why}", why=str(error)), line)]) from None
    if titles is None:
        raise InvalidFileError(name, [Problem("", Message("expected measurements, got nothing"))])


def _parquet_rows(path: str | os.PathLike[str], max_bytes: int) -> Iterator[_Row]:
    """Yield the rows of a Parquet file, numbered from 1 in the place of lines."""
    frame = parquet_table(path, max_bytes=max_bytes)
    titles = _titles(frame.columns, os.fspath(path), None)
    for number, values in enumerate(frame.iter_rows(), 1):
        given = (
            (title, "" if value is None else str(value)) for title, value in zip(titles, values, strict=True)
        )
        yield _Row(_filled(given), number)


def _filled(cells: Iterable[tuple[str, str]]) -> dict[str, str]:
    kept = ((title, value if title in _WORDS else value.strip()) for title, value in cells)
    return {title: _unguarded(value) for title, value in kept if value}


def _titles(values: Iterable[str], name: str, line: int | None) -> list[str]:
    """Return the columns by the names of fields, or say which are not known, doubled, or missing."""
    known = (*COLUMNS, *_ENDS)
    titles = [value.strip().lower() for value in values]
    problems = []
    for title in dict.fromkeys(titles):
        if title not in known:
            message = Message("no column {title!r}{hint}", title=title, hint=did_you_mean(title, known))
            problems.append(Problem("", message, line))
        elif titles.count(title) > 1:
            problems.append(Problem("", Message("the column {title!r} stands here twice", title=title), line))
    missing = [title for title in _REQUIRED if title not in titles]
    if "period" not in titles and not set(_ENDS) <= set(titles):
        missing.append("period")
    if "period" in titles and set(_ENDS) & set(titles):
        problems.append(Problem("", Message("expected either a period, or its first and last day"), line))
    if missing:
        message = Message("expected the columns {titles}: they are not there", titles=", ".join(missing))
        problems.append(Problem("", message, line))
    if problems:
        raise InvalidFileError(name, problems)
    return titles


def _measurement(row: _Row) -> tuple[Measurement | None, list[Problem]]:
    """Return the measurement of a row, or everything that is wrong with it."""
    cells = dict(row.cells)
    if "first" in cells or "last" in cells:
        cells["period"] = f"{cells.pop('first', '')}..{cells.pop('last', '')}"
    problems = [
        Problem(name, Message("expected something, got nothing"), row.line)
        for name in ("metric", "period", "obtained")
        if name not in cells
    ]
    fields: dict[str, Any] = {"value": None}
    for name, text in cells.items():
        field = _FIELDS[name]
        try:
            given = _plain(name, text)
            fields[name] = given if field.converter is None else field.converter(given)  # type: ignore[operator]  # a function
            if field.validator is not None:
                field.validator(None, field, fields[name])
        except (InvalidModelError, InvalidQuantityError) as error:
            said = error.problems[0].message if isinstance(error, InvalidModelError) else error.args[0]
            problems.append(Problem(name, said, row.line))
    if problems:
        return None, problems
    try:
        return Measurement(**fields), []
    except InvalidModelError as error:
        return None, [problem._replace(line=row.line) for problem in error.problems]


def _plain(name: str, text: str) -> object:
    """Return a number where a cell holds one, else its text."""
    if name == "population":
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else text
    if name in ("value", "low", "high", "within") and _NUMBER.fullmatch(text):
        return float(text)
    return text


def _cells(measurement: Measurement) -> dict[str, str]:
    """Return what stands in the columns of a measurement."""
    found = {}
    for name in COLUMNS:
        value = getattr(measurement, name)
        found[name] = "" if value is None else _text(value)
    return found


def _text(value: Value | str) -> str:
    if isinstance(value, Money):
        return value.plain
    return repr(value) if isinstance(value, float) else str(value)


def _guarded(text: str) -> str:
    """
    Return a cell that no spreadsheet takes for a formula; numbers stay.

    Example:
        >>> _guarded("=1+1"), _guarded("-0.25"), _guarded("'tis")
        ("'=1+1", '-0.25', "''tis")
    """
    return f"'{text}" if text.startswith((*_FORMULA, "'")) and not _NUMBER.fullmatch(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def _csv_text(rows: Iterable[Iterable[str]]) -> str:
    target = io.StringIO(newline="")
    plain = csv.writer(target, lineterminator="\n")
    quoted = csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        cells = list(row)
        # The writer would leave a carriage return bare, which readers take for the end of a line.
        (quoted if any("\r" in cell for cell in cells) else plain).writerow(cells)
    return target.getvalue()
