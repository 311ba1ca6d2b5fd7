"""Tables for people."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pubservice.messages import Message
from pubservice.table import table


def test_numbers_stand_right_and_text_left() -> None:
    """
    Text and flags stand left, numbers right, and no line ends in blanks.
    """
    rows: list[dict[str, object]] = [
        {"id": "x", "flag": True, "n": 2, "last": "long"},
        {"id": "yy", "flag": False, "n": 10, "last": "s"},
    ]
    assert table(rows) == "id  flag   n  last\nx   yes    2  long\nyy  no    10  s"


def test_a_unit_in_the_title_sets_the_digits() -> None:
    """
    A quantity with a unit has one digit and thousands, a share two digits, a count none.
    """
    rows: list[dict[str, object]] = [{"time / min": 1234.56, "share": 0.916, "count": 3}]
    assert table(rows) == "time / min  share  count\n   1,234.6   0.92      3"


def test_what_is_missing_is_a_dash_that_stands_like_its_column() -> None:
    """
    None is a dash: right among numbers, left among texts and where there is nothing else.
    """
    rows: list[dict[str, object]] = [
        {"name": "clerk", "rho": 0.5, "none": None},
        {"name": None, "rho": None, "none": None},
    ]
    assert table(rows) == "name    rho  none\nclerk  0.50  -\n-         -  -"


def test_no_rows_are_no_table() -> None:
    """
    Nothing prints as nothing.
    """
    assert table([]) == ""


def test_rows_may_come_one_by_one() -> None:
    """
    Rows are read once, from any iterable.
    """
    assert table({"n": n} for n in (1, 2)) == "n\n1\n2"


def test_titles_flags_and_messages_are_translated() -> None:
    """
    What we say is in the language asked for; what the user named stays.
    """
    rows = [{"resource": "check", "ok": True, "no": False, "finding": Message("{resource}: capacity {capacity}", resource="clerk", capacity=3)}]  # fmt: skip
    head, line = table(rows, language="id").splitlines()
    assert head.startswith("sumber daya  ok")
    assert line.split(maxsplit=3) == ["check", "ya", "tidak", "clerk: kapasitas 3"]
    assert table(rows).splitlines()[1].split(maxsplit=3) == ["check", "yes", "no", "clerk: capacity 3"]


CELLS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | st.text(max_size=8)


@given(st.lists(st.fixed_dictionaries({"a": CELLS, "b / min": CELLS}), min_size=1, max_size=5))
def test_a_row_is_a_line_whatever_it_holds(rows: list[dict[str, object]]) -> None:
    """
    Line breaks and terminal codes in a text from a file cannot break the table or reach the terminal.
    """
    lines = table(rows).split("\n")
    assert len(lines) == len(rows) + 1
    assert all(line.isprintable() for line in lines)


def test_decimals_keep_their_digits() -> None:
    """
    A decimal number stands right as it was rounded, where a float would be rounded again.
    """
    assert table([{"n": Decimal("3.667")}, {"n": Decimal("12.5")}]) == "    n\n3.667\n 12.5"
