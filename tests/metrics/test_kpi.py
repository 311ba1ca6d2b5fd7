"""Key figures: published and worked numbers, bounds, and what does not exist."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import kpi
from pubservice.errors import InvalidQuantityError, UndefinedResultError
from pubservice.messages import Message

COUNTS = {"very_satisfied": 39, "satisfied": 62, "neither": 81, "dissatisfied": 9, "very_dissatisfied": 3}
counts = st.integers(0, 10**9)


def test_govuk_cpt_shared() -> None:
    """
    Half of a call centre is shared and start-up costs are left out: 5.00 a transaction (oracle govuk-cpt-shared, rule of the
    Government Service Design Manual, numbers computed).
    """
    shared = kpi.shared_costs(80_000, {"this": 0.5, "other": 0.5})["this"]
    assert kpi.cost_per_transaction(cost=120_000 + shared, completed=32_000) == pytest.approx(5.0, abs=1e-9)


def test_govuk_satisfaction() -> None:
    """
    Uttlesford Citizens Panel, autumn 2013, 194 answers: 52.06 % in the top two, scaled mean 66.11 % (oracle
    govuk-satisfaction).
    """
    assert sum(COUNTS.values()) == 194
    assert 100 * kpi.user_satisfaction(**COUNTS) == pytest.approx(52.061856, abs=1e-5)
    assert 100 * kpi.user_satisfaction_mean(**COUNTS) == pytest.approx(66.108247, abs=1e-5)


def test_govuk_completion() -> None:
    """
    GOV.UK Service Manual: 2,000 tried, 1,000 completed, 50 % (oracle govuk-completion, published).
    """
    assert 100 * kpi.completion_rate(begun=2000, completed=1000) == pytest.approx(50.0, abs=1e-9)


def test_govuk_takeup() -> None:
    """
    Both published rules: 75 % where assisted transactions count as digital, 70 % where they do not (oracle govuk-takeup).
    """
    channels = {"digital": 420, "assisted": 30, "other": 90 + 60}
    assert 100 * kpi.digital_take_up(**channels) == pytest.approx(75.0, abs=1e-9)
    assert 100 * kpi.digital_take_up_2013(**channels) == pytest.approx(70.0, abs=1e-9)


def test_sla_attainment() -> None:
    """
    Three of six closed cases took at most 5; one of two open ones is late already: 50 % and 42.86 % (oracle sla-attainment).
    """
    closed, ages = [3, 5, 5, 7, 9, 14], [2, 6]
    assert 100 * kpi.on_time_share(closed, within=5) == pytest.approx(50.0, abs=1e-5)
    found = kpi.on_time_share_with_open(closed, ages=ages, within=5)
    assert 100 * found == pytest.approx(42.857143, abs=1e-5)


UNDEFINED: dict[str, Any] = {
    "completed is 0": partial(kpi.cost_per_transaction, cost=10, completed=0),
    "cost is 0": partial(kpi.cost_recovery, fees=10, cost=0),
    "begun is 0": partial(kpi.completion_rate, begun=0, completed=0),
    "durations is 0": partial(kpi.on_time_share, [], within=5),
    "cases is 0": partial(kpi.first_time_right, cases=0, reworked=0),
    "eligible is 0": partial(kpi.coverage, eligible=0, eligible_served=0),
    "served is 0": partial(kpi.inclusion_error, served=0, ineligible_served=0),
    "answers is 0": partial(kpi.user_satisfaction, **dict.fromkeys(COUNTS, 0)),
}


@pytest.mark.parametrize("said", UNDEFINED)
def test_a_share_of_nothing_is_undefined(said: str) -> None:
    """
    Zero transactions, cases or answers have no share: the error says what there is nothing of, in both languages.
    """
    with pytest.raises(UndefinedResultError) as caught:
        UNDEFINED[said]()
    assert str(caught.value) == f"{said}: there is nothing to divide by"
    assert caught.value.text("id") == f"{said.replace(' is ', ' adalah ')}: tidak ada pembagi"


@pytest.mark.parametrize(
    "work",
    [
        partial(kpi.user_satisfaction_mean, **dict.fromkeys(COUNTS, 0)),
        partial(kpi.digital_take_up, digital=0, assisted=0, other=0),
        partial(kpi.digital_take_up_2013, digital=0, assisted=0, other=0),
        partial(kpi.on_time_share_with_open, [], ages=[1], within=5),
        partial(kpi.complaints_per_1000, complaints=3, cases=0),
        partial(kpi.exclusion_error, eligible=0, eligible_served=0),
    ],
)
def test_nothing_is_never_zero(work: Any) -> None:
    """
    No formula returns 0 for nothing.
    """
    with pytest.raises(UndefinedResultError):
        work()


@pytest.mark.parametrize(
    ("work", "message"),
    [
        (partial(kpi.completion_rate, begun=10, completed=11), "completed: 11 is more than begun: 10"),
        (
            partial(kpi.coverage, eligible=10, eligible_served=12.5),
            "eligible_served: 12.5 is more than eligible: 10",
        ),
        (
            partial(kpi.cost_per_transaction, cost=-1, completed=1),
            "cost: expected a finite number of at least 0, got -1",
        ),
        (
            partial(kpi.cost_per_transaction, cost=math.nan, completed=1),
            "cost: expected a finite number of at least 0, got nan",
        ),
        (
            partial(kpi.complaints_per_1000, complaints=True, cases=1),
            "complaints: expected a finite number of at least 0, got True",
        ),
        (partial(kpi.shared_costs, 100, {"a": 0.5, "b": 0.4}), "expected shares that sum to 1, got 0.9"),
        (partial(kpi.shared_costs, 100, {}), "expected shares that sum to 1, got 0"),
    ],
)
def test_what_cannot_be_is_refused(work: Any, message: str) -> None:
    """
    A part that is more than its whole, a number below zero or none at all, and shares that do not sum to 1 are errors.
    """
    with pytest.raises(InvalidQuantityError) as caught:
        work()
    assert str(caught.value) == message
    assert isinstance(caught.value.args[0], Message)


@given(counts, counts)
def test_who_is_eligible_is_served_or_left_out(served: int, left_out: int) -> None:
    """
    Coverage and exclusion error are 1 together.
    """
    people = {"eligible": served + left_out + 1, "eligible_served": served}
    assert kpi.coverage(**people) + kpi.exclusion_error(**people) == pytest.approx(1)


@given(st.tuples(counts, counts, counts))
def test_counting_assisted_transactions_never_lowers_digital_take_up(parts: tuple[int, int, int]) -> None:
    """
    The present rule gives at least what the rule of 2013 gives, and both are shares.
    """
    channels = dict(zip(("digital", "assisted", "other"), parts, strict=True))
    channels["other"] += 1
    assert 0 <= kpi.digital_take_up_2013(**channels) <= kpi.digital_take_up(**channels) <= 1


@given(st.lists(st.floats(0, 100), min_size=1), st.lists(st.floats(0, 100)), st.floats(0, 100))
def test_late_open_cases_never_raise_the_share_on_time(
    closed: list[float], ages: list[float], within: float
) -> None:
    """
    Counting late open cases as failures never makes a service look better.
    """
    with_open = kpi.on_time_share_with_open(closed, ages=ages, within=within)
    assert 0 <= with_open <= kpi.on_time_share(closed, within=within) <= 1


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=9), st.floats(0, 1e12))
def test_shared_costs_are_borne_in_full(weights: list[int], cost: float) -> None:
    """
    What the services bear of a shared cost is the cost, together.
    """
    shares = {str(i): weight / sum(weights) for i, weight in enumerate(weights)}
    assert math.fsum(kpi.shared_costs(cost, shares).values()) == pytest.approx(cost)


@pytest.mark.parametrize("wrong", [None, "3", [3], True, math.nan])
def test_what_is_no_number_is_named(wrong: Any) -> None:
    """
    A figure says which of its numbers is none.
    """
    with pytest.raises(InvalidQuantityError, match="^cost: expected a finite number of at least 0, got "):
        kpi.cost_per_transaction(cost=wrong, completed=3)
    with pytest.raises(
        InvalidQuantityError, match="^completed: expected a finite number of at least 0, got "
    ):
        kpi.completion_rate(begun=3, completed=wrong)
    with pytest.raises(InvalidQuantityError, match="^within: expected a finite number of at least 0, got "):
        kpi.on_time_share_with_open([1], ages=[2], within=wrong)


@pytest.mark.parametrize("wrong", [None, "345", 3])
def test_what_is_no_list_is_named(wrong: Any) -> None:
    """
    Durations and ages are several numbers, shares are by service.
    """
    with pytest.raises(InvalidQuantityError, match="^durations: expected numbers, got "):
        kpi.on_time_share(wrong, within=3)
    with pytest.raises(InvalidQuantityError, match="^ages: expected numbers, got "):
        kpi.on_time_share_with_open([1], ages=wrong, within=3)
    with pytest.raises(InvalidQuantityError, match="^expected shares by service, got "):
        kpi.shared_costs(3, wrong)
