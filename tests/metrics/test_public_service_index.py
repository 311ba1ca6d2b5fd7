"""The public service index: weights, bands, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.metrics.public_service_index import ASPECTS, WEIGHTS

SCORES: dict[str, Any] = {
    "policy": 4.2,
    "professionalism": 3.9,
    "facilities": 3.5,
    "information_system": 4.0,
    "complaints": 3.0,
    "innovation": 2.5,
}
scores = st.fixed_dictionaries({aspect: st.decimals(0, 5, places=2) for aspect in ASPECTS})


def test_oracle_ipp_weights() -> None:
    """
    The weights of the six aspects sum to 1, and the index of a worked example is exact.

    Source:
        Oracle ipp-weights: weights of PEKPPP as the Sijunjung assessment and BPSDM/IDTH (2025) report them; score computed.
    """
    assert sum(WEIGHTS.values()) == 1
    assert ps.public_service_index(SCORES).index == Decimal("3.653")


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("5", "A"),
        ("4.51", "A"),
        ("4.505", "A"),
        ("4.5049", "A-"),
        ("4.01", "A-"),
        ("3.51", "B"),
        ("3.01", "B-"),
        ("2.51", "C"),
        ("2.01", "C-"),
        ("1.51", "D"),
        ("1.01", "E"),
        ("1.00", "F"),
        ("0", "F"),
    ],
)
def test_grades_are_cut_in_decimal(score: str, grade: str) -> None:
    """
    An index between two printed bands is rounded half up to two digits, and then falls into one.
    """
    assert ps.public_service_index(dict.fromkeys(ASPECTS, score)).grade == grade


@given(scores)
def test_the_index_lies_between_its_scores(given_scores: dict[str, Decimal]) -> None:
    """
    A weighted mean is never outside of what it is the mean of.
    """
    index = ps.public_service_index(given_scores).index
    assert index is not None
    assert min(given_scores.values()) <= index <= max(given_scores.values())


@given(scores)
def test_equal_weights_give_the_mean(given_scores: dict[str, Decimal]) -> None:
    """
    Weights of one's own are used as they are given.
    """
    alone = {**dict.fromkeys(ASPECTS, 0), "policy": 1}
    assert ps.public_service_index(given_scores, weights=alone).index == given_scores["policy"]


def test_an_aspect_that_was_not_assessed_leaves_no_index() -> None:
    """
    A missing score is no zero: there is no index and no grade, and the reason names the aspect.
    """
    found = ps.public_service_index({**SCORES, "innovation": None})
    assert (found.index, found.grade, found.performance) == (None, None, None)
    assert found.undefined == {"index": "not assessed: innovation"}
    assert str(found).splitlines()[-1] == "not assessed: innovation"
    assert found.data()["index"] is None
    assert found.data()["undefined"] == {"index": "not assessed: innovation"}


def test_what_does_not_fit_is_named_all_at_once() -> None:
    """
    Unknown aspects, scores out of scale and texts that are no number are told together, each with its path.
    """
    wrong: dict[str, Any] = {
        "policyy": 4,
        "policy": 5.1,
        "facilities": -1,
        "innovation": "x",
        "complaints": True,
    }
    with pytest.raises(ps.InvalidModelError) as error:
        ps.public_service_index(wrong)
    assert str(error.value).splitlines() == [
        "scores.policyy: no aspect 'policyy', did you mean 'policy'?",
        "scores.policy: expected a number from 0 to 5, got 5.1",
        "scores.facilities: expected a number from 0 to 5, got -1",
        "scores.innovation: expected a number from 0 to 5, got 'x'",
        "scores.complaints: expected a number from 0 to 5, got True",
    ]


def test_weights_that_do_not_sum_are_refused() -> None:
    """
    Weights have to sum to 1 exactly, to be there for every aspect, and to be from 0 to 1.
    """
    with pytest.raises(ps.InvalidModelError, match=r"weights: weights sum to 1.01, expected 1"):
        ps.public_service_index(SCORES, weights={**WEIGHTS, "policy": 0.25})
    with pytest.raises(ps.InvalidModelError) as error:
        ps.public_service_index(SCORES, weights={"policy": 2, "other": 1})
    paths = [problem.path for problem in error.value.problems]
    assert paths[:2] == ["weights.policy", "weights.other"]
    assert set(paths[2:]) == {f"weights.{aspect}" for aspect in ASPECTS if aspect != "policy"}


def test_it_prints_and_says_that_bands_are_not_verified() -> None:
    """
    The table has a row for each aspect; the line below says the grade and that nobody has verified its band.
    """
    found = ps.public_service_index(SCORES)
    assert [row["aspect"] for row in found.rows()] == list(ASPECTS.values())
    assert str(found).splitlines()[-1] == "public service index 3.65: B, good (bands not verified)"
    assert (
        found.text("id").splitlines()[-1]
        == "indeks pelayanan publik 3.65: B, baik (rentang belum diverifikasi)"
    )
    data = found.data()
    assert (data["index"], data["grade"], data["undefined"]) == (3.653, "B", {})
    assert data["aspects"][0] == {"id": "policy", "weight": 0.24, "score": 4.2}
    assert any("not verified" in source for source in data["sources"])


@pytest.mark.parametrize("wrong", [None, "policy", 3])
def test_scores_and_weights_are_by_aspect(wrong: Any) -> None:
    """
    What is no mapping of aspects to numbers is refused, both at once; weights that are left out are the usual ones.
    """
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.public_service_index(wrong, weights=wrong)
    paths = ["scores"] if wrong is None else ["scores", "weights"]
    assert [problem.path for problem in caught.value.problems] == paths
    assert str(caught.value.problems[0].message) == f"expected numbers by aspect, got {wrong!r}"
