"""Scores of one question: NPS, CSAT, CES."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps

SCORES: dict[str, Any] = {
    "nps": ps.net_promoter_score,
    "csat": ps.customer_satisfaction,
    "ces": ps.customer_effort,
}


def test_nps() -> None:
    """
    Oracle nps: 70 % promoters, 20 % passives and 10 % detractors are 60.
    """
    counts = {10: 50, 9: 20, 8: 12, 7: 8, 6: 4, 3: 4, 0: 2}
    given = [score for score, n in counts.items() for _ in range(n)]
    result = ps.net_promoter_score(ps.answers_from({"nps": given}, instrument="nps"))
    assert (result.promoters, result.passives, result.detractors) == (0.7, 0.2, 0.1)
    assert (result.score, result.value) == (60.0, 60.0)
    assert result.rows() == [result.data()]
    assert result.text("id") == "NPS +60.0, 100 responden: 70.0% promotor, 20.0% pasif, 10.0% detraktor"


def test_csat_of_a_residents_panel() -> None:
    """
    Oracle govuk-satisfaction: of 39, 62, 81, 9 and 3 residents of Uttlesford 52.06 % are satisfied; scaled mean 66.11 %.
    """
    panel = [5] * 39 + [4] * 62 + [3] * 81 + [2] * 9 + [1] * 3
    result = ps.customer_satisfaction(ps.answers_from({"csat": panel}, instrument="csat"))
    assert result.value == pytest.approx(0.5206, abs=5e-5)
    assert result.scaled_mean == pytest.approx(0.6611, abs=5e-5)
    assert result.rows() == [result.data()]


def test_ces_by_both_variants() -> None:
    """
    The mean of the ease, and the share of 5 to 7.
    """
    result = ps.customer_effort(ps.answers_from({"ces": [7, 5, 4, 2]}, instrument="ces"))
    assert (result.mean, result.easy_share, result.value) == (4.5, 0.5, 4.5)
    assert result.rows() == [result.data()]


@pytest.mark.parametrize("instrument", SCORES)
def test_nobody_has_no_score(instrument: str) -> None:
    """
    Without an answer a score is None with its reason, never 0.
    """
    result = SCORES[instrument](ps.answers_from({instrument: [None, "NA"]}, instrument=instrument))
    data: Any = result.data()
    assert result.value is None
    assert set(data["undefined"].values()) == {"nobody answered"}
    assert str(result) == "nobody answered\n2 respondents answered nothing and are not counted"


def test_one_question_is_chosen() -> None:
    """
    A survey with several questions on the scale is scored one by one; another scale or question is refused.
    """
    own = ps.Instrument("city", items=["parks", "roads"], low=1, high=5)
    answers = ps.answers_from({"parks": [5, 4], "roads": [1, 5]}, instrument=own)
    assert ps.customer_satisfaction(answers, item="roads").value == 0.5
    with pytest.raises(ps.InvalidModelError, match="expected one question, got 2: parks, roads"):
        ps.customer_satisfaction(answers)
    with pytest.raises(ps.InvalidModelError, match="expected a scale from 0 to 10, got 1 to 5"):
        ps.net_promoter_score(answers, item="parks")
    with pytest.raises(ps.UnknownIdError, match="no item 'road', did you mean 'roads'"):
        ps.customer_satisfaction(answers, item="road")


@given(st.lists(st.integers(0, 10), min_size=1))
def test_the_shares_of_a_promoter_score_are_all(scores: list[int]) -> None:
    """
    Promoters, passives and detractors are everyone, and the score is between -100 and 100.
    """
    result = ps.net_promoter_score(ps.answers_from({"nps": scores}, instrument="nps"))
    assert result.promoters is not None
    assert result.passives is not None
    assert result.detractors is not None
    assert result.score is not None
    assert result.promoters + result.passives + result.detractors == pytest.approx(1)
    assert result.score == pytest.approx(100 * (result.promoters - result.detractors))
    assert -100 <= result.score <= 100
