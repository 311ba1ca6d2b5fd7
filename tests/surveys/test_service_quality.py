"""SERVQUAL and SERVPERF."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.surveys.service_quality import DIMENSIONS, NEGATIVE_1988

EXPECTED = [7, 7, 7, 7, 6, 6, 6, 6, 7, 7, 5, 6, 5, 6, 6, 7, 7, 5, 5, 6, 7, 5]
PERCEIVED = [6, 5, 7, 6, 5, 6, 4, 5, 6, 6, 6, 6, 4, 6, 6, 6, 7, 5, 4, 6, 6, 5]
WEIGHTS = {"tangibles": 11, "reliability": 32, "responsiveness": 22, "assurance": 19, "empathy": 16}


def both(*pairs: tuple[list[Any], list[Any]]) -> ps.Answers:
    """Return answers of respondents: what they expect, what they see."""
    return ps.answers_from(
        [
            {f"E{n}": e for n, e in enumerate(expected, 1)} | {f"P{n}": p for n, p in enumerate(perceived, 1)}
            for expected, perceived in pairs
        ],
        instrument="servqual",
    )


def faults(answers: ps.Answers, **options: Any) -> list[str]:
    """Return what is wrong with a call."""
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.service_quality(answers, **options)
    return [str(problem.message) for problem in caught.value.problems]


def test_servqual() -> None:
    """
    Oracle servqual: gaps of a restaurant's questionnaire, unweighted, and weighted by both conventions.
    """
    result = ps.service_quality(both((EXPECTED, PERCEIVED)), weights=WEIGHTS)
    gaps = {one.id: one.gap for one in result.dimensions}
    assert gaps == {
        "tangibles": -1,
        "reliability": -1,
        "responsiveness": Fraction("-0.25"),
        "assurance": Fraction("-0.25"),
        "empathy": Fraction("-0.4"),
    }
    assert (result.unweighted, result.value) == (Fraction("-0.58"), -0.58)
    assert result.weighted == Fraction("-0.5965")
    assert result.weighted_over_five == Fraction("-0.1193")
    shares = ps.service_quality(both((EXPECTED, PERCEIVED)), weights={k: v / 100 for k, v in WEIGHTS.items()})
    assert shares.weighted == result.weighted
    mean = ps.perceived_quality(both((EXPECTED, PERCEIVED))).value
    assert mean == pytest.approx(5.590909, abs=1e-6)


def test_a_gap_needs_both_parts() -> None:
    """
    Who leaves one part of a statement open does not count for its gap.
    """
    answers = both((EXPECTED, PERCEIVED), ([1, *EXPECTED[1:]], [None, *PERCEIVED[1:]]))
    result = ps.service_quality(answers)
    assert result.dimensions[0].gap == -1
    assert (result.dimensions[0].answers, result.dimensions[1].answers) == (1, 2)
    assert result.weighted is None
    assert result.undefined == {"weighted": "no weights were given"}


def test_a_statement_without_answers_leaves_no_score() -> None:
    """
    Its dimension has no gap, the others do, and the reason is told.
    """
    result = ps.service_quality(both((EXPECTED, [None, *PERCEIVED[1:]])), weights=WEIGHTS)
    assert result.dimensions[0].gap is None
    assert result.dimensions[1].gap == -1
    assert (result.unweighted, result.weighted, result.weighted_over_five) == (None, None, None)
    assert result.undefined["tangibles"] == "no gap of tangibles: nobody answered both parts of 1"
    assert "tidak ada kesenjangan bukti fisik: tidak ada yang menjawab kedua bagian dari 1" in result.text(
        "id"
    )
    assert result.undefined["unweighted"] == "no score: a dimension has no gap"


def test_nobody_has_no_score() -> None:
    """
    Without respondents nothing is 0.
    """
    result = ps.service_quality(
        ps.answers_from({f"{part}{n}": [] for part in "EP" for n in range(1, 23)}, instrument="servqual")
    )
    assert result.value is None
    assert result.undefined["unweighted"] == "nobody answered"
    nothing = ps.perceived_quality(
        ps.answers_from({f"P{n}": [] for n in range(1, 23)}, instrument="servperf")
    )
    assert (nothing.value, nothing.undefined) == (None, {"mean": "nobody answered"})
    assert str(nothing).endswith("nobody answered")


def test_servperf_is_of_what_is() -> None:
    """
    The mean of 22 statements and of each dimension, None where a statement has no answer.
    """
    rows = [{f"P{n}": p for n, p in enumerate(PERCEIVED, 1)}]
    result = ps.perceived_quality(ps.answers_from(rows, instrument="servperf"))
    assert result.mean == Fraction(sum(PERCEIVED), 22)
    assert result.dimensions[0].perception == 6
    assert result.rows()[0] == {"dimension": "tangibles", "answers": 1, "perception": 6}
    assert str(result).startswith("SERVPERF 5.591 of 7, 1 respondent\n")
    data: Any = result.data()
    assert data["dimensions"][0] == {
        "id": "tangibles",
        "expectation": None,
        "perception": 6.0,
        "gap": None,
        "answers": 1,
    }
    partly = ps.perceived_quality(ps.answers_from([{**rows[0], "P2": None}], instrument="servperf"))
    assert (partly.mean, partly.dimensions[0].perception) == (None, None)
    assert partly.undefined == {"mean": "nobody answered P2"}


def test_negative_statements_are_reversed() -> None:
    """
    Those of 1988 count as 8 - x, on both sides, so that their gaps change sign.
    """
    turned = ps.service_quality(both((EXPECTED, PERCEIVED)), reversed_items=NEGATIVE_1988)
    gaps = {one.id: one.gap for one in turned.dimensions}
    assert gaps["responsiveness"] == Fraction("0.25")
    assert gaps["empathy"] == Fraction("0.4")
    assert gaps["tangibles"] == -1
    lone = ps.perceived_quality(both((EXPECTED, PERCEIVED)), reversed_items=range(1, 23))
    assert lone.mean == 8 - Fraction(sum(PERCEIVED), 22)


def test_what_cannot_be_scored_is_refused() -> None:
    """
    Other instruments, statements not asked or asked twice, weights that do not sum, and statements that are not there.
    """
    whole = both((EXPECTED, PERCEIVED))
    assert faults(ps.answers_from({"nps": [9]}, instrument="nps")) == [
        "expected answers to servqual, got 'nps'"
    ]
    (text,) = faults(ps.answers_from({"E1": [1], "P1": [1]}, instrument="servqual"))
    assert text.startswith("no column for the statements expectation-2, expectation-3, ")
    twice = ps.answers_from(
        {f"{part}{n}": [1] for part in "EP" for n in range(2, 23)} | {"E1": [1], "P1 a": [1], "P1 b": [2]},
        instrument="servqual",
    )
    assert faults(twice) == ["expected one column for each of perception-1"]
    assert faults(whole, weights={**WEIGHTS, "empathy": 15}) == [
        "expected weights that sum to 100 or to 1, got 99"
    ]
    assert faults(whole, weights={"tangibles": 100, "reliabilty": 0, "empathy": True, "assurance": -1}) == [
        "no dimension 'reliabilty', did you mean 'reliability'?",
        "expected a weight of 'reliability', got None",
        "expected a weight of 'responsiveness', got None",
        "expected a weight of 'assurance', got -1",
        "expected a weight of 'empathy', got True",
    ]
    assert faults(whole, reversed_items=[0, 23, 5]) == [
        "expected the number of a statement, 1 to 22, got 0",
        "expected the number of a statement, 1 to 22, got 23",
    ]
    with pytest.raises(ps.InvalidModelError, match="expected answers to servperf, servqual"):
        ps.perceived_quality(ps.answers_from({"nps": [9]}, instrument="nps"))


def test_results_say_themselves() -> None:
    """
    Text in both languages, rows and JSON hold the same.
    """
    result = ps.service_quality(both((EXPECTED, PERCEIVED)), weights=WEIGHTS)
    lines = str(result).splitlines()
    assert lines[0] == "SERVQUAL gap -0.580, unweighted, 1 respondent"
    assert lines[1] == "weighted gap -0.597; divided by five, as some publish it: -0.119"
    assert "bukti fisik" in result.text("id")
    data: Any = result.data()
    assert (data["unweighted"], data["weighted"], data["weighted_over_five"]) == (-0.58, -0.5965, -0.1193)


answers = st.lists(st.integers(1, 7), min_size=22, max_size=22)


@given(st.lists(st.tuples(answers, answers), min_size=1, max_size=5))
def test_the_gap_is_perception_less_expectation(pairs: list[tuple[list[int], list[int]]]) -> None:
    """
    Gaps stay within -6 and 6, and swapping the parts changes their sign.
    """
    result = ps.service_quality(both(*pairs))
    swapped = ps.service_quality(both(*((p, e) for e, p in pairs)))
    for one, other in zip(result.dimensions, swapped.dimensions, strict=True):
        assert one.gap == -(other.gap or 0)
        assert -6 <= (one.gap or 0) <= 6
    assert result.unweighted == sum(one.gap or 0 for one in result.dimensions) / Fraction(5)


def test_the_dimensions_share_the_statements() -> None:
    """
    Each of the 22 statements is of one dimension.
    """
    assert [n for numbers in DIMENSIONS.values() for n in numbers] == list(range(1, 23))


def test_options_of_the_wrong_kind_are_refused() -> None:
    """
    Weights are by dimension and reversed statements are a list: both faults together.
    """
    row = {f"{part}{n}": 5 for part in "EP" for n in range(1, 23)}
    wrong: Any = 3
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.service_quality(ps.answers_from([row], instrument="servqual"), weights=wrong, reversed_items=wrong)
    assert str(caught.value).splitlines() == [
        "reversed_items: expected a list, got 3",
        "weights: expected weights by dimension, got 3",
    ]
