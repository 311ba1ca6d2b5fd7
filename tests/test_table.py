"""Tables for people."""

from __future__ import annotations

from pubservice.table import table


def test_numbers_stand_right_and_what_is_missing_is_a_dash() -> None:
    """
    Text stands left, numbers right, None is a dash, and flags are words.
    """
    rows = [
        {"a": "x", "b": 1.5, "t / min": 3.0, "ok": True, "n": 2},
        {"a": "yy", "b": None, "t / min": 1234.56, "ok": False, "n": 10},
    ]
    assert table(rows) == "a      b  t / min   ok   n\nx   1.50      3.0  yes   2\nyy     -  1,234.6   no  10"


def test_no_rows_are_no_table() -> None:
    """
    Nothing prints as nothing.
    """
    assert table([]) == ""


def test_titles_and_flags_are_translated() -> None:
    """
    Titles and flags are in the language asked for.
    """
    assert table([{"resource": "x", "ok": True}], language="id") == "sumber daya  ok\nx            ya"
