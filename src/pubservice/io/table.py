"""Tables as they lie in files: CSV, plain or gzipped, with the line of each row; Parquet."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
import zlib
from collections import Counter
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pubservice.engine import polars
from pubservice.errors import InvalidFileError, Problem
from pubservice.io.file import open_file
from pubservice.io.parquet_sizes import WrongSizesError, check_sizes
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

MAX_BYTES = 4 * 2**30
_HEAD = 2**16
_SEPARATORS = ",;\t|"


def refuse(file: str, message: Message, line: int | None = None) -> InvalidFileError:
    """Return the error for a file with one fault."""
    return InvalidFileError(file, [Problem("", message, line)])


def csv_table(
    path: str | os.PathLike[str], *, separator: str | None, max_bytes: int, nothing: Message
) -> tuple[pl.DataFrame, Callable[[int], int]]:
    """
    Return the texts in a CSV file, and from the number of a row, from 0, to its line.

    Lines without any value are passed over. A line has as many fields as the first, or something is torn.

    Args:
        path: The file, in UTF-8, plain or gzipped.
        separator: Between columns, one ASCII character; None for that of comma, semicolon, tab and bar which the first line
            has most of outside quotes, the comma where none has more.
        max_bytes: Larger files, decompressed, are refused.
        nothing: What to say of an empty file.

    Raises:
        InvalidFileError: The file cannot be read, or two columns have the same name.
        MissingExtraError: The extra ``logs`` is not installed.
    """
    pl = polars()
    name = os.fspath(path)
    if separator is not None and (len(separator) != 1 or not separator.isascii() or separator in '"\r\n'):
        raise refuse(
            name, Message("expected one ASCII character between columns, got {value!r}", value=separator)
        )
    source, head = _source(path, name, max_bytes, nothing)
    separator = separator or separator_of(head)
    _check_titles(head, separator, name)
    try:
        frame = pl.read_csv(source, infer_schema=False, separator=separator, glob=False)
    except reading_errors() as error:
        line, message = _fault(source, separator) or (
            None,
            Message("not CSV: {why}", why=first_line_of(error)),
        )
        raise refuse(name, message, line) from None
    if frame.get_column(frame.columns[-1]).null_count():
        fault = _fault(source, separator, fewer=True)
        if fault is not None:
            raise refuse(name, fault[1], fault[0])
    row = "_row" if "_row" not in frame.columns else max(frame.columns, key=len) + "_"
    full = frame.with_row_index(row).filter(~pl.all_horizontal(pl.all().exclude(row).is_null()))
    return full.drop(row), _lines(frame, full.get_column(row))


def parquet_table(path: str | os.PathLike[str], *, max_bytes: int) -> pl.DataFrame:
    """
    Return the table in a Parquet file.

    Polars believes the sizes that a file states, and absurd ones would end the process. So those of the file, its
    columns and its pages are held against the file first.

    Raises:
        InvalidFileError: The file cannot be read, or unpacks to more than is allowed.
        MissingExtraError: The extra ``logs`` is not installed.
    """
    read_parquet = polars().read_parquet
    name = os.fspath(path)
    source: Any = Path(path).absolute()
    with open_file(path, max_bytes=max_bytes) as file:
        try:
            if isinstance(file, io.BytesIO):
                source = io.BytesIO(file.getvalue())
                check_sizes(file.getvalue(), max_bytes=max_bytes)
            else:
                with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
                    check_sizes(content, max_bytes=max_bytes)
        except (OSError, ValueError) as error:  # an empty file is a ValueError
            why = getattr(error, "strerror", None) or str(error)
            raise refuse(name, Message("cannot be read: {why}", why=why)) from None
        except WrongSizesError as error:
            raise refuse(name, error.message) from None
    try:
        frame: pl.DataFrame = read_parquet(source, glob=False, hive_partitioning=False)
    except reading_errors() as error:
        raise refuse(name, Message("not Parquet: {why}", why=first_line_of(error))) from None
    return frame


def reading_errors() -> tuple[type[BaseException], ...]:
    """Return what Polars raises at a file that it cannot read; a panic is no ordinary exception to Python."""
    exceptions = polars().exceptions
    return OSError, exceptions.PolarsError, exceptions.PanicException


def first_line_of(error: BaseException) -> str:
    """Return the first line of what an engine says."""
    return (str(error).strip().splitlines() or [""])[0][:200]


def _source(path: str | os.PathLike[str], name: str, max_bytes: int, nothing: Message) -> tuple[Any, str]:
    """Return what Polars is to read: the file, or what it was before it was gzipped; bounded, in UTF-8; how it begins."""
    with open_file(path, max_bytes=max_bytes) as file:
        try:
            head = file.read(_HEAD)
            size = file.seek(0, os.SEEK_END)
            content = file.getvalue() if isinstance(file, io.BytesIO) else None
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
        raise refuse(name, nothing)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) == size)
    except UnicodeDecodeError as error:
        raise _not_text(name, head[error.start], head[: error.start].count(b"\n") + 1) from None
    if text[0] in "\x01x" and text[1:2] == "\x01":  # what Polars would take for compressed, without any bound
        raise _not_text(name, 1, 1)
    if "\0" in text:
        raise _not_text(name, 0, text[: text.index("\0")].count("\n") + 1)
    return (Path(path).absolute() if content is None else io.BytesIO(content)), text


def _not_text(name: str, byte: int, line: int) -> Exception:
    return refuse(name, Message("expected UTF-8, found the byte {byte}", byte=f"0x{byte:02x}"), line)


def separator_of(head: str) -> str:
    """
    Return which of comma, semicolon, tab and bar the first line has most of outside quotes; the comma where none has more.

    Example:
        >>> separator_of('case;"activity, in words";time')
        ';'
    """
    found = Counter[str]()
    quoted = False
    for character in head.lstrip("\ufeff\r\n"):
        quoted ^= character == '"'
        if not quoted and character in "\r\n":
            break
        found[character] += not quoted
    return max(_SEPARATORS, key=found.__getitem__)


def _check_titles(head: str, separator: str, file: str) -> None:
    """Refuse columns of the same name, of which the engine would call the second something else."""
    before = len(head) - len(head.lstrip("\ufeff\r\n"))
    titles = next(csv.reader(io.StringIO(head[before:], newline=""), delimiter=separator), [])
    line = 1 + head[:before].count("\n")
    twice = [title for title, times in Counter(titles).items() if times > 1 and title]
    if twice:
        messages = [Message("the column {title!r} stands here twice", title=title) for title in twice]
        raise InvalidFileError(file, [Problem("", message, line) for message in messages])


def _fault(source: Any, separator: str, *, fewer: bool = False) -> tuple[int, Message] | None:
    """
    Return the first line that does not fit the header, and what to say of it.

    Args:
        source: The file.
        separator: Between columns.
        fewer: Whether too few fields are a fault, of a table that can be read; else too many, and wrong quotes.
    """
    opened = source.open("rb") if isinstance(source, Path) else io.BytesIO(source.getvalue())
    with io.TextIOWrapper(opened, "utf-8", errors="replace", newline="") as text:
        rows = csv.reader(text, delimiter=separator, strict=not fewer)
        line, columns = 1, 0
        try:
            for row in rows:
                columns = columns or len(row)
                if (len(row) < columns and any(row)) if fewer else len(row) > columns:
                    return line, Message(
                        "expected a field for each column of the header ({columns:,}), got {found:,}",
                        columns=columns,
                        found=len(row),
                    )
                line = rows.line_num + 1
        except csv.Error as error:
            return line, Message("not CSV: {why}", why=str(error))
    return None


def _lines(frame: pl.DataFrame, kept: pl.Series) -> Callable[[int], int]:
    """Return from the number of a row its line, counting those inside quotes, without those that hold nothing."""

    def line(row: int) -> int:
        pl = polars()
        before = int(kept[row])
        inside = frame.head(before).select(pl.all().str.count_matches("\n", literal=True).sum())
        lines: int = 2 + before + sum(inside.row(0)) + sum(name.count("\n") for name in frame.columns)
        return lines

    return line
