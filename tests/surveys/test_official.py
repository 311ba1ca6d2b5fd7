"""The official table, as text and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.table import csv_cell

CODES = [f"U{n}" for n in range(1, 10)]


def index(*rows: Sequence[int | None], **options: Any) -> ps.SatisfactionIndex:
    """Return the index of rows of nine answers."""
    table = {code: [row[i] for row in rows] for i, code in enumerate(CODES)}
    return ps.satisfaction_index(ps.answers_from(table), **options)


def test_the_table_is_that_of_the_regulation() -> None:
    """
    Respondents by elements, then sums, means, weighted means, and the IKM with its quality.
    """
    written = ps.official_csv(index([4] * 9, [3] * 8 + [None]))
    assert list(csv.reader(io.StringIO(written))) == [
        ["no.", *CODES],
        ["1", *["4"] * 9],
        ["2", *["3"] * 8, ""],
        ["jumlah nilai per unsur", *["7"] * 8, "4"],
        ["NRR per unsur", *["3.500"] * 8, "4.000"],
        ["NRR tertimbang per unsur", *["0.389"] * 8, "0.444"],
        ["jumlah NRR tertimbang", "3.556"],
        ["IKM unit pelayanan", "88.89"],
        ["mutu pelayanan", "A (sangat baik)"],
    ]


def test_the_text_shows_the_first_respondents() -> None:
    """
    A long survey is cut, and says by how many.
    """
    lines = ps.official_table(index(*[[4] * 9] * 30), language="en", most=2).splitlines()
    assert lines[0].split() == ["no.", *CODES]
    assert lines[3].rstrip() == "and 28 more respondents"
    assert lines[4].split()[:4] == ["sum", "per", "element", "120"]
    assert lines[-1] == "service quality: A (very good)"
    short = ps.official_table(index([4] * 9, [None, *[3] * 8]))
    assert "lagi" not in short
    assert "mutu pelayanan: A (sangat baik)" in short


def test_means_of_several_questions_are_in_the_body() -> None:
    """
    An element asked in several questions shows what each respondent means by them.
    """
    rows = [{"U1a": 4, "U1b": 3, **dict.fromkeys(CODES[1:], 4)}]
    written = ps.official_csv(ps.satisfaction_index(ps.answers_from(rows)))
    lines = list(csv.reader(io.StringIO(written)))
    assert lines[1] == ["1", "3.5", *["4"] * 8]
    assert lines[2][1] == "3.500"


def test_elements_that_do_not_apply_are_not_in_the_table() -> None:
    """
    The table of a service without fee has eight columns.
    """
    written = ps.official_csv(index([4] * 9, not_applicable=["fee"]))
    assert written.splitlines()[0] == "no.,U1,U2,U3,U5,U6,U7,U8,U9"


def test_what_is_undefined_stays_so_in_the_table() -> None:
    """
    Without answers there is no IKM but a reason; with rounded weights there may be no grade.
    """
    assert ps.official_csv(index(), language="en").splitlines()[-1] == "IKM of the unit,nobody answered"
    low = ps.official_csv(index([1] * 9, weights="rounded"), language="en").splitlines()
    assert low[-1] == "IKM of the unit,24.75"


def test_a_title_is_no_formula() -> None:
    """
    The name of a service stands above, and is only read.
    """
    assert ps.official_csv(index([4] * 9), title="=HYPERLINK(1)").startswith("'=HYPERLINK(1)\n")


@pytest.mark.parametrize("text", ["=1", "+cmd", "-x", "@A1", " =1", "\t=1", "\rx", "\nx"])
def test_formulas_are_escaped(text: str) -> None:
    """
    What a spreadsheet would compute gets an apostrophe.
    """
    assert csv_cell(text) == "'" + text


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_numbers_are_not_escaped(number: float) -> None:
    """
    A negative number is a number.
    """
    assert csv_cell(str(number)) == str(number)


def test_one_respondent_more_is_one() -> None:
    """
    Of a survey that is cut before its last respondent the text says one respondent.
    """
    lines = ps.official_table(index(*[[4] * 9] * 3), language="en", most=2).splitlines()
    assert lines[3].rstrip() == "and 1 more respondent"
