"""Answers to a survey, as they lie in files: CSV, plain or gzipped, and Parquet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pubservice.errors import InvalidFileError, InvalidModelError
from pubservice.io.table import MAX_BYTES, csv_table, parquet_table
from pubservice.messages import Message
from pubservice.surveys.answers import Answers, Invalid, assemble

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.surveys.instrument import Instrument


def read_answers(
    path: str | os.PathLike[str],
    *,
    instrument: Instrument | str = "skm",
    columns: Mapping[str, str | Iterable[str]] | None = None,
    missing: Iterable[str | int] = (),
    invalid: Invalid = "refuse",
    separator: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Answers:
    r"""
    Return the answers in a file: one line for each respondent, one column for each question.

    Columns are recognised as by `answers_from`. A file whose name ends in ``.parquet`` is read as Parquet, any other as
    CSV in UTF-8, plain or gzipped, with or without a byte order mark.

    Args:
        path: The file.
        instrument: ``skm``, ``skm-2004``, ``servqual``, ``servperf``, ``nps``, ``csat``, ``ces``, or one of your own.
        columns: What is not recognised: the id, code or name of an item, or ``respondent``, ``service`` or ``period``, and
            the column or columns that hold it.
        missing: Codes that mean that there is no answer, such as 9.
        invalid: What becomes of an answer outside the scale: ``refuse`` the file, or ``exclude`` the answer.
        separator: Between the columns of a CSV file; a comma, semicolon, tab or bar is found by itself.
        max_bytes: Larger files, decompressed, are refused.

    Raises:
        InvalidFileError: The file cannot be read, answers are outside the scale, respondents answer twice, two regimes are
            mixed, or columns are not there; all faults, with lines.
        UnknownIdError: There is no such instrument.
        MissingExtraError: The extra ``logs`` is not installed.

    Example:
        >>> from pathlib import Path
        >>> _ = Path("answers.csv").write_text("\n".join(["respondent;nps", "1;10", "2;9", "3;"]))
        >>> read_answers("answers.csv", instrument="nps").respondents
        2
    """
    name = os.fspath(path)
    line = None
    if name.lower().endswith(".parquet"):
        frame = parquet_table(path, max_bytes=max_bytes)
    else:
        nothing = Message("expected answers, got nothing")
        frame, line = csv_table(path, separator=separator, max_bytes=max_bytes, nothing=nothing)
    try:
        return assemble(
            frame, instrument=instrument, columns=columns, missing=missing, invalid=invalid, line=line
        )
    except InvalidModelError as error:
        raise InvalidFileError(name, error.problems) from None
