"""The Standard Cost Model: price × quantity, burden, hours where time is not put into money."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps


def obligation(**more: Any) -> ps.InformationObligation:
    """Return an obligation of one hour at ten euros for a hundred, unless said otherwise."""
    given: dict[str, Any] = {
        "activities": [ps.AdministrativeActivity("report", time="1 hour", tariff="10 EUR/hour")],
        "population": 100,
    }
    return ps.InformationObligation("report", **{**given, **more})


def test_scm_compliance_team() -> None:
    """
    20 staff, 52 weeks, 6 hours at NOK 600 are NOK 3,744,000 a year (oracle scm-compliance-team, a published example).
    """
    found = ps.InformationObligation(
        "documentation",
        activities=[ps.AdministrativeActivity("by hand", time="6 hour", tariff="600 NOK/hour")],
        population=20,
        frequency=52,
    )
    assert found.cost == ps.Money(3_744_000, "NOK")
    assert found.burden == found.cost


def test_scm_full() -> None:
    """
    With overhead, external cost, renewal every two years and business as usual (oracle scm-full, computed).
    """
    found = ps.InformationObligation(
        "renewal",
        activities=[
            ps.AdministrativeActivity("fill in", time="1.5 hour", tariff="40 EUR/hour", overhead=0.25),
            ps.AdministrativeActivity("certify", time="0 min", overhead=0.25, external_cost="15 EUR"),
        ],
        population=8000,
        frequency=0.5,
        business_as_usual=0.3,
    )
    assert found.price == ps.Money(90, "EUR")
    assert found.quantity == 4000
    assert found.cost == ps.Money(360_000, "EUR")
    assert found.burden is not None
    assert found.burden.amount == pytest.approx(252_000)


def test_time_without_a_tariff_is_told_as_hours() -> None:
    """
    Without a tariff there are hours and what is paid to others; a price is undefined, and says why.
    """
    found = obligation(
        activities=[ps.AdministrativeActivity("obtain", time="2 hour", external_cost="5 EUR", times=0.5)]
    )
    assert (found.hours, found.hours_per_year) == (1.0, 100.0)
    assert found.external_cost == (ps.Money(2.5, "EUR"),)
    assert (found.price, found.cost, found.burden) == (None, None, None)
    assert found.undefined["cost"] == "without a tariff, time is not put into money"
    total = ps.AdministrativeCost([found])
    assert (total.hours, total.cost) == (100.0, None)
    assert total.external_cost == (ps.Money(250, "EUR"),)
    assert total.undefined["burden"] == "report: without a tariff, time is not put into money"
    assert "paid to others a year: 250 EUR" in str(total)


def test_currencies_never_mix() -> None:
    """
    Two currencies in one obligation have no price, and it names both; obligations in several have a sum in each.
    """
    mixed = obligation(
        activities=[
            ps.AdministrativeActivity(
                "obtain", time="1 hour", tariff="10 EUR/hour", external_cost="50000 IDR"
            )
        ]
    )
    assert mixed.price is None
    assert mixed.undefined["price"] == "costs in EUR, IDR do not add without a rate"
    rupiah = obligation(activities=[ps.AdministrativeActivity("x", time="1 hour", tariff="20000 IDR/hour")])
    both = ps.AdministrativeCost([obligation(), rupiah])
    assert both.cost == (ps.Money(1000, "EUR"), ps.Money(2_000_000, "IDR"))
    assert "cost a year: 1,000 EUR, 2,000,000 IDR" in str(both)


def test_an_unknown_number_of_cases_leaves_the_year_undefined() -> None:
    """
    Without a population the price is there, and the year is not, with the reason.
    """
    found = obligation(
        population=None,
        activities=[
            ps.AdministrativeActivity("x", time="1 hour", tariff="10 EUR/hour", external_cost="1 EUR")
        ],
    )
    assert found.price == ps.Money(11, "EUR")
    assert (found.quantity, found.hours_per_year, found.cost) == (None, None, None)
    assert set(found.undefined) == {"quantity", "hours_per_year", "cost", "burden"}
    total = ps.AdministrativeCost([found])
    assert set(total.undefined) == {"hours", "external_cost", "cost", "burden"}
    assert total.data()["external_cost"] is None
    assert str(total).endswith("undefined: report: how many cases there are in a year is not known")


def test_an_unknown_time_leaves_hours_undefined() -> None:
    """
    An activity of unknown time is named, or says itself why.
    """
    found = obligation(activities=[ps.AdministrativeActivity("audit")])
    assert found.hours is None
    assert found.undefined["hours"] == "the time of 'audit' is not known"
    told = obligation(activities=[ps.AdministrativeActivity("audit", unknown=ps.Message("nobody asked"))])
    assert told.undefined["price"] == "nobody asked"
    assert ps.AdministrativeCost([told]).undefined["hours"] == "report: nobody asked"


def test_what_takes_nothing_is_no_hindrance_to_a_sum() -> None:
    """
    An obligation without time and money has no price of its own, and leaves sums as they are.
    """
    free = obligation(activities=[ps.AdministrativeActivity("show", time="0 min")])
    assert free.is_free
    assert free.undefined["price"] == "nothing of it costs money"
    assert ps.AdministrativeCost([free, obligation()]).cost == (ps.Money(1000, "EUR"),)
    unknown = obligation(activities=[ps.AdministrativeActivity("audit")])
    assert (
        ps.AdministrativeCost([free, unknown]).undefined["cost"] == "report: the time of 'audit' is not known"
    )
    at_no_cost = obligation(
        activities=[ps.AdministrativeActivity("x", time="0 min", tariff="1 EUR/hour", external_cost="0 IDR")]
    )
    assert at_no_cost.price == ps.Money(0, "EUR")
    assert ps.AdministrativeCost([]).cost == ()


def test_a_working_day_has_eight_hours() -> None:
    """
    Working time of those served is counted with eight hours a day.
    """
    assert ps.AdministrativeActivity("x", time="2 working_day").hours == 16


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"population": 0}, "expected a number above zero, got 0"),
        ({"population": "many"}, "expected a number above zero, got 'many'"),
        ({"frequency": -1}, "expected a number above zero, got -1"),
        ({"business_as_usual": 1.5}, "expected a number from 0 to 1 such as 0.25 or 1/4, got 1.5"),
    ],
)
def test_an_obligation_out_of_range_is_refused(wrong: dict[str, Any], what: str) -> None:
    """
    A population or a frequency of zero, and a share beyond 1, are refused with what was given.
    """
    with pytest.raises(ps.InvalidQuantityError) as caught:
        obligation(**wrong)
    assert str(caught.value) == what


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"tariff": "-5 EUR/hour"}, "expected a cost such as '60000 IDR/hour', got '-5 EUR/hour'"),
        ({"tariff": "5 EUR"}, "expected a cost such as '60000 IDR/hour', got '5 EUR'"),
        ({"overhead": -0.1}, "expected a number that is not negative, got -0.1"),
        ({"times": True}, "expected a number that is not negative, got True"),
        ({"external_cost": "-1 EUR"}, "expected an amount that is not negative, got '-1 EUR'"),
        ({"time": "1 kg"}, "expected a duration such as '15 min', got '1 kg'"),
    ],
)
def test_an_activity_out_of_range_is_refused(wrong: dict[str, Any], what: str) -> None:
    """
    A negative tariff, overhead, cost or count is refused with what was given.
    """
    with pytest.raises(ps.InvalidQuantityError) as caught:
        ps.AdministrativeActivity("x", **wrong)
    assert str(caught.value) == what


numbers = st.floats(0, 1e6)


@given(numbers, numbers, st.floats(0, 2), st.floats(1e-3, 1e6), st.floats(1e-3, 1e3), st.floats(0, 1))
def test_burden_is_at_most_the_cost(
    hours: float, paid: float, overhead: float, population: float, frequency: float, usual: float
) -> None:
    """
    The burden of a year is between nothing and the cost, which is price × population × frequency.
    """
    found = obligation(
        activities=[
            ps.AdministrativeActivity(
                "x",
                time=ps.Duration(hours, "hour"),
                tariff="3 EUR/hour",
                overhead=overhead,
                external_cost=ps.Money(paid, "EUR"),
            )
        ],
        population=population,
        frequency=frequency,
        business_as_usual=usual,
    )
    assert found.price is not None
    assert found.cost is not None
    assert found.burden is not None
    assert found.price.amount == pytest.approx(hours * 3 * (1 + overhead) + paid)
    assert found.cost.amount == pytest.approx(found.price.amount * population * frequency)
    assert 0 <= found.burden.amount <= found.cost.amount * (1 + 1e-12)


@given(st.lists(numbers, min_size=1, max_size=4), st.floats(0.01, 100))
def test_cost_grows_with_the_quantity(hours: list[float], factor: float) -> None:
    """
    So many times the population has so many times the hours and the cost; a sum is that of its obligations.
    """

    def total(population: float) -> ps.AdministrativeCost:
        return ps.AdministrativeCost(
            obligation(
                activities=[ps.AdministrativeActivity("x", time=ps.Duration(h, "hour"), tariff="3 EUR/hour")],
                population=population,
            )
            for h in hours
        )

    once, scaled = total(100), total(100 * factor)
    assert scaled.hours == pytest.approx((once.hours or 0.0) * factor)
    assert once.hours == pytest.approx(100 * sum(hours))
    assert [m.amount for m in scaled.cost or ()] == pytest.approx(
        [m.amount * factor for m in once.cost or ()]
    )
    assert sum(m.amount for m in once.cost or ()) == pytest.approx(300 * sum(hours))


def test_it_prints_and_travels_as_json() -> None:
    """
    It prints as a table in both languages, and as data keeps prices, sums, reasons and the source.
    """
    total = ps.AdministrativeCost([obligation()])
    assert "burden a year: 1,000 EUR" in str(total)
    assert "beban per tahun: 1,000 EUR" in total.text("id")
    data = total.data()
    assert data["cost"] == data["burden"] == [{"amount": 1000.0, "currency": "EUR"}]
    (found,) = data["obligations"]
    assert found["price"] == {"amount": 10.0, "currency": "EUR"}
    assert found["activities"] == [
        {"name": "report", "hours": 1.0, "external_cost": None, "times": 1.0},
    ]
    assert "Standard Cost Model" in data["source"]


@pytest.mark.parametrize("wrong", [None, 3, "fill in"])
def test_activities_and_obligations_are_lists(wrong: Any) -> None:
    """
    What is no list of activities, or of obligations, is refused.
    """
    with pytest.raises(ps.InvalidModelError, match="^activities: expected a list, got "):
        ps.InformationObligation("report", activities=wrong)
    with pytest.raises(ps.InvalidModelError, match="^obligations: expected a list, got "):
        ps.AdministrativeCost(wrong)


def test_what_is_no_activity_is_refused_with_its_position() -> None:
    """
    Each thing in a list that does not belong there is named.
    """
    wrong: Any = [ps.AdministrativeActivity("fill in"), None, "send"]
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.InformationObligation("report", activities=wrong)
    assert str(caught.value).splitlines() == [
        "activities[1]: expected a AdministrativeActivity, got None",
        "activities[2]: expected a AdministrativeActivity, got 'send'",
    ]
    reason: Any = "lost"
    with pytest.raises(ps.InvalidModelError, match="^unknown: expected a Message, got 'lost'"):
        ps.AdministrativeActivity("fill in", unknown=reason)
    with pytest.raises(ps.InvalidModelError, match="^of: expected a text, got None"):
        ps.InformationObligation("report", of=wrong[1], activities=[])
