"""Means of questions on a scale of their own."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps


def asked(low: int, high: int, *items: str) -> ps.Instrument:
    """Return an instrument on a scale."""
    return ps.Instrument("own", items=items, low=low, high=high)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=50))
def test_on_one_to_five_it_is_the_scaled_mean_of_satisfaction(scores: list[int]) -> None:
    """
    A question on 1 to 5 has the scaled mean that `customer_satisfaction` gives.
    """
    own = ps.scaled_means(ps.answers_from({"q": scores}, instrument=asked(1, 5, "q")))
    known = ps.customer_satisfaction(ps.answers_from({"csat": scores}, instrument="csat"))
    assert own.value == pytest.approx(known.scaled_mean, abs=1e-12)


@given(st.lists(st.integers(1, 10), min_size=1, max_size=50))
def test_a_scale_that_is_shifted_has_the_same_scaled_mean(scores: list[int]) -> None:
    """
    Scaled means are from 0 to 1, and 1 to 10 gives what 0 to 9 gives.
    """
    one = ps.scaled_means(ps.answers_from({"q": scores}, instrument=asked(1, 10, "q")))
    other = ps.scaled_means(ps.answers_from({"q": [s - 1 for s in scores]}, instrument=asked(0, 9, "q")))
    assert one.scaled == other.scaled
    assert one.scaled is not None
    assert 0 <= one.scaled <= 1


def test_questions_count_the_same() -> None:
    """
    The whole is the mean of the questions, however many answered each; all numbers are exact.
    """
    table = {"a": [10, 10, 10], "b": [1, None, None]}
    found = ps.scaled_means(ps.answers_from(table, instrument=asked(1, 10, "a", "b")))
    assert found.scaled == Fraction(1, 2)
    assert found.data()["items"] == [one.data() for one in found.items]
    assert [(one.item, one.answers, one.mean, one.scaled) for one in found.items] == [
        ("a", 3, Fraction(10), Fraction(1)),
        ("b", 1, Fraction(1), Fraction(0)),
    ]


def test_a_question_that_nobody_answered_leaves_no_whole() -> None:
    """
    There is a reason in the place of a number, and the other questions keep theirs.
    """
    table = {"a": [10], "b": [None]}
    found = ps.scaled_means(ps.answers_from(table, instrument=asked(1, 10, "a", "b")))
    assert (found.scaled, found.value) == (None, None)
    assert str(found).splitlines() == [
        "nobody answered b",
        "item  answers    mean  scaled mean",
        "a           1  10.000        1.000",
        "b           0       -            -",
    ]
    assert found.data()["undefined"] == {"scaled": "nobody answered b"}
    nobody = ps.scaled_means(ps.answers_from({"a": [None]}, instrument=asked(1, 10, "a")))
    assert nobody.undefined == {"scaled": "nobody answered"}
