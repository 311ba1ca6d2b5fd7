"""Starting a business by the formula of Doing Business, against what was published."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.metrics.starting_business import BOUNDS, DISCONTINUED, INDONESIA

JAKARTA = ps.BusinessStart(procedures=11, days=10, cost=0.057)
SURABAYA = ps.BusinessStart(procedures=12, days=22, cost=0.057)


def scores(found: ps.StartingBusinessScore) -> list[float]:
    """Return the scores of the four components."""
    return [component.score for component in found.components]


def test_db_jakarta_2020() -> None:
    """
    Jakarta scores 82.2 (oracle db-jakarta-2020, World Bank historical data set; cost was scored before rounding).
    """
    found = ps.starting_business_score(JAKARTA)
    assert scores(found) == pytest.approx([41.17647, 90.45226, 97.15, 100.0], abs=1e-5)
    assert scores(found) == pytest.approx([41.17647, 90.45226, 97.15456, 100.0], abs=0.06)
    assert found.score == pytest.approx(82.19468, abs=1e-5)
    assert found.score == pytest.approx(82.2, abs=0.051)


def test_db_new_zealand_2020() -> None:
    """
    New Zealand scores 100.0 in print, 99.975 exactly (oracle db-new-zealand-2020, World Bank historical data set).
    """
    found = ps.starting_business_score(ps.BusinessStart(procedures=1, days=0.5, cost=0.002))
    assert scores(found) == pytest.approx([100.0, 100.0, 99.9, 100.0])
    assert found.score == pytest.approx(99.975)
    assert found.score == pytest.approx(100.0, abs=0.051)


def test_db_timor_leste_2006() -> None:
    """
    What is beyond the worst scores 0, never less (oracle db-timor-leste-2006, World Bank historical data set).
    """
    found = ps.starting_business_score(
        ps.BusinessStart(procedures=11, days=167, cost=1.254, minimum_capital=9.091)
    )
    assert scores(found) == pytest.approx([41.17647, 0.0, 37.3, 0.0], abs=1e-5)
    assert found.score == pytest.approx(19.61912, abs=1e-5)
    assert found.score == pytest.approx(19.6, abs=0.051)


def test_db_indonesia_2020_national() -> None:
    """
    Jakarta and Surabaya, weighted 78 to 22, score 81.2 (oracle db-indonesia-2020-national, World Bank data set).
    """
    found = ps.weighted_score(
        [(ps.starting_business_score(JAKARTA), 0.78), (ps.starting_business_score(SURABAYA), 0.22)]
    )
    assert [c.value for c in found.components][:2] == pytest.approx([11.22, 12.64])
    assert found.score == pytest.approx(81.2078, abs=1e-4)
    assert found.score == pytest.approx(INDONESIA[2020], abs=0.051)


def test_db_malaysia_2020_gender() -> None:
    """
    The scores for men and for women count half each (oracle db-malaysia-2020-gender, World Bank historical data set).
    """
    found = ps.starting_business_score(
        ps.BusinessStart(procedures=8, days=17, cost=0.111),
        women=ps.BusinessStart(procedures=9, days=18, cost=0.111),
    )
    assert scores(found) == pytest.approx([55.88235, 82.91457, 94.45, 100.0], abs=1e-5)
    assert found.score == pytest.approx(83.31173, abs=1e-5)
    assert found.score == pytest.approx(83.3, abs=0.051)


def test_db_jakarta_2017_edition() -> None:
    """
    Jakarta was printed with 77.50 in 2017, the tightest check (oracle db-jakarta-2017-edition, doingbusiness.org).
    """
    found = ps.starting_business_score(ps.BusinessStart(procedures=11, days=22, cost=0.191))
    assert scores(found) == pytest.approx([41.17647, 78.39196, 90.45, 100.0], abs=1e-5)
    assert found.score == pytest.approx(77.50, abs=0.0051)


def test_the_history_of_indonesia_rises() -> None:
    """
    From 2014 to 2020 the published score of Indonesia rises every year, to what the formula gives.
    """
    assert list(INDONESIA) == list(range(2014, 2021))
    assert sorted(INDONESIA.values()) == list(INDONESIA.values())


def test_it_says_that_it_is_history() -> None:
    """
    Text and data say that the benchmark was discontinued, when and why.
    """
    found = ps.starting_business_score(JAKARTA)
    assert "score: 82.2 of 100\nDoing Business was discontinued on 16 September 2021" in str(found)
    assert "dihentikan pada 16 September 2021" in found.text("id")
    assert found.data()["discontinued"] == DISCONTINUED.isoformat() == "2021-09-16"
    assert found.data()["components"][0] == {"name": "procedures", "value": 11.0, "score": scores(found)[0]}
    assert [row["value"] for row in found.rows()] == ["11.00", "10.00", "5.7%", "0.0%"]


@pytest.mark.parametrize("weights", [(0.5, 0.4), (1.5, -0.5), (0.7, 0.7)])
def test_weights_that_do_not_sum_to_one_are_refused(weights: tuple[float, float]) -> None:
    """
    The weights of cities have to sum to 1, and none is negative.
    """
    score = ps.starting_business_score(JAKARTA)
    with pytest.raises(ps.InvalidModelError, match="cities: expected weights that sum to 1, got"):
        ps.weighted_score([(score, weights[0]), (score, weights[1])])


def test_a_negative_number_is_refused() -> None:
    """
    Nothing takes less than nothing.
    """
    with pytest.raises(ps.InvalidQuantityError, match="expected a number that is not negative, got -1"):
        ps.BusinessStart(procedures=-1, days=1, cost=0)


values = st.floats(0, 1000)
starts = st.builds(ps.BusinessStart, procedures=values, days=values, cost=values, minimum_capital=values)


@given(starts, st.sampled_from(list(BOUNDS)), values)
def test_scores_stay_within_bounds_and_fall_with_every_number(
    start: ps.BusinessStart, name: str, more: float
) -> None:
    """
    A score is 0 to 100; where more of one thing is asked it is not higher, and no other component changes.
    """
    found = ps.starting_business_score(start)
    assert 0 <= found.score <= 100
    assert all(0 <= score <= 100 for score in scores(found))
    harder = ps.starting_business_score(attrs.evolve(start, **{name: getattr(start, name) + more}))
    assert harder.score <= found.score
    changed = [a.name for a, b in zip(found.components, harder.components, strict=True) if a != b]
    assert changed in ([], [name])


@given(starts, starts)
def test_men_and_women_count_half_each(one: ps.BusinessStart, other: ps.BusinessStart) -> None:
    """
    Where men and women meet different rules, the score is the mean of theirs.
    """
    first, second = ps.starting_business_score(one), ps.starting_business_score(other)
    both = ps.starting_business_score(one, women=other)
    assert both.score == pytest.approx((first.score + second.score) / 2)


@given(starts, starts, st.floats(0, 1))
def test_a_weighted_score_lies_between_those_of_its_cities(
    one: ps.BusinessStart, other: ps.BusinessStart, weight: float
) -> None:
    """
    The score of an economy is the weighted mean of those of its cities.
    """
    first, second = ps.starting_business_score(one), ps.starting_business_score(other)
    found = ps.weighted_score([(first, weight), (second, 1 - weight)])
    assert found.score == pytest.approx(weight * first.score + (1 - weight) * second.score, abs=1e-9)
