"""The table of a satisfaction survey as agencies publish it: respondents by elements, sums, means, and the IKM."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from pubservice.engine import polars
from pubservice.messages import Message
from pubservice.surveys.grade import rounded
from pubservice.table import csv_cell, table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    import polars as pl

    from pubservice.messages import Language
    from pubservice.surveys.satisfaction import SatisfactionIndex


def official_table(index: SatisfactionIndex, *, language: Language = "id", most: int = 20) -> str:
    """
    Return the official table as text.

    Args:
        index: Of the survey.
        language: ``id`` or ``en``.
        most: So many respondents are shown; the others are counted.

    Example:
        >>> rows = [{f"U{n}": 4 for n in range(1, 10)}, {f"U{n}": 3 for n in range(1, 10)}]
        >>> index = ps.satisfaction_index(ps.answers_from(rows, instrument="skm"))
        >>> print(official_table(index, language="en"))
        no.                          U1     U2     U3     U4     U5     U6     U7     U8     U9
        1                             4      4      4      4      4      4      4      4      4
        2                             3      3      3      3      3      3      3      3      3
        sum per element               7      7      7      7      7      7      7      7      7
        NRR per element           3.500  3.500  3.500  3.500  3.500  3.500  3.500  3.500  3.500
        weighted NRR per element  0.389  0.389  0.389  0.389  0.389  0.389  0.389  0.389  0.389
        sum of the weighted NRR: 3.500
        IKM of the unit: 87.50
        service quality: B (good)

    Source:
        The annex of Permenpan RB 14/2017, as agencies print it; not verified against the text of the regulation.
    """
    body = _body(index)
    no = "no."
    rows = [
        {no: str(n), **dict(zip(_codes(index), row, strict=True))}
        for n, row in enumerate(body.head(most).iter_rows(), 1)
    ]
    if body.height > most:
        left = body.height - most
        message = Message(
            "and {n:,} more respondent" if left == 1 else "and {n:,} more respondents", n=left
        ).text(language)
        rows.append({no: message, **dict.fromkeys(_codes(index), "")})
    rows += [
        {no: label.text(language), **dict(zip(_codes(index), cells, strict=True))}
        for label, cells in _sums(index)
    ]
    lines = [table(rows, language=language)]
    lines += [f"{label.text(language)}: {value}" for label, value in _results(index, language)]
    return "\n".join(lines)


def official_csv(index: SatisfactionIndex, *, language: Language = "id", title: str = "") -> str:
    """
    Return the official table as CSV, with every respondent.

    A title that a spreadsheet would read as a formula gets an apostrophe before it.

    Args:
        index: Of the survey.
        language: ``id`` or ``en``.
        title: Stands above, such as the name of the service.

    Example:
        >>> rows = [{f"U{n}": 4 for n in range(1, 10)}, {f"U{n}": 3 for n in range(1, 10)}]
        >>> index = ps.satisfaction_index(ps.answers_from(rows, instrument="skm"))
        >>> for line in official_csv(index, language="en", title="Building permit").splitlines()[:3]:
        ...     print(line)
        Building permit
        no.,U1,U2,U3,U4,U5,U6,U7,U8,U9
        1,4,4,4,4,4,4,4,4,4

    Source:
        The annex of Permenpan RB 14/2017, as agencies print it; not verified against the text of the regulation.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if title:
        writer.writerow([csv_cell(title)])
    writer.writerow([Message("no.").text(language), *_codes(index)])
    text.write(_body(index).with_row_index("\0n", offset=1).write_csv(include_header=False))
    for label, cells in _sums(index):
        writer.writerow([label.text(language), *("" if cell is None else str(cell) for cell in cells)])
    for label, value in _results(index, language):
        writer.writerow([label.text(language), value])
    return text.getvalue()


def _codes(index: SatisfactionIndex) -> list[str]:
    return [element.code for element in index.elements]


def _body(index: SatisfactionIndex) -> pl.DataFrame:
    """Return what each respondent answered to each element, the mean where it was asked in several questions."""
    column, mean = polars().col, polars().mean_horizontal
    columns: list[Any] = []
    for element in index.elements:
        asked = [column(name) for name in index.answers.questions[element.id]]
        columns.append((asked[0] if len(asked) == 1 else mean(asked).round(3)).alias(element.code))
    found: pl.DataFrame = index.answers.frame.select(columns)
    return found


def _sums(index: SatisfactionIndex) -> Iterable[tuple[Message, list[object]]]:
    yield (
        Message("sum per element"),
        [rounded(one.total, 0 if one.total.denominator == 1 else 3) for one in index.elements],
    )
    yield Message("NRR per element"), [_three(one.nrr) for one in index.elements]
    yield Message("weighted NRR per element"), [_three(one.weighted) for one in index.elements]


def _results(index: SatisfactionIndex, language: Language) -> Iterable[tuple[Message, str]]:
    if index.index is None or index.ikm is None:
        yield Message("IKM of the unit"), index.undefined["index"].text(language)
        return
    yield Message("sum of the weighted NRR"), str(rounded(index.index, 3))
    yield Message("IKM of the unit"), str(rounded(index.ikm))
    if index.grade is not None:
        yield (
            Message("service quality"),
            f"{index.grade.letter} ({index.grade.performance.text(language)})",
        )


def _three(value: Fraction | None) -> object:
    return None if value is None else rounded(value, 3)
