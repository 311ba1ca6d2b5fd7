"""Measurements, and what does not fit between them and an organisation."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given

import pubservice as ps
from pubservice.errors import InvalidModelError
from pubservice.model.measurement import magnitude, misfits, unit_text
from strategies import measurements

GIVEN: dict[str, Any] = {"value": 0.9, "period": "2026-Q1", "obtained": "register"}


def measured(metric: str = "on-time-share", **fields: Any) -> ps.Measurement:
    return ps.Measurement(metric, **GIVEN | fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"value": "soon"}, "expected a duration, an amount, a rate or a number, got 'soon'"),
        ({"period": "spring"}, "expected a period such as"),
        (
            {"obtained": "hearsay"},
            "obtained: expected one of log, survey, register, model, simulation, report",
        ),
        ({"service": "a b"}, "service: expected an id"),
        ({"population": -1}, "population: expected a whole number of at least 0, got -1"),
        ({"population": 1.5}, "population: expected a whole number of at least 0, got 1.5"),
        ({"population": True}, "population: expected a whole number of at least 0, got True"),
        ({"source": None}, "source: expected a text, got None"),
        ({"value": None}, "value: expected a value, or the reason why there is none"),
        ({"value": None, "reason": " "}, "value: expected a value, or the reason why there is none"),
        ({"reason": "lost"}, "reason: a value needs no reason, got 'lost'"),
        ({"low": 0.8}, "high: an interval has two ends"),
        ({"high": 0.8}, "low: an interval has two ends"),
        ({"low": 0.91, "high": 0.95}, "low: expected low ≤ value ≤ high, got '0.91', '0.9', '0.95'"),
        ({"low": "1 hour", "high": "2 hour"}, "low: expected an interval in the unit of the value '0.9'"),
        (
            {"value": "5 EUR", "low": "4 EUR", "high": "6 USD"},
            "low: expected an interval in the unit of the value",
        ),
        ({"value": None, "reason": "lost", "low": 0.1, "high": 0.2}, "low: an interval needs a value"),
    ],
)
def test_measurements_say_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    A measurement names the field at fault, what it expected and what it found.
    """
    with pytest.raises(ps.InvalidModelError) as caught:
        measured(**fields)
    assert str(caught.value).startswith(message)


def test_faults_of_several_fields_are_told_at_once() -> None:
    """
    Fields that do not fit together are all named.
    """
    with pytest.raises(ps.InvalidModelError) as caught:
        measured(reason="lost", low=0.95, high=0.99)
    assert [problem.path for problem in caught.value.problems] == ["reason", "low"]


def test_a_rate_of_nothing_is_a_measurement() -> None:
    """
    A month without a closed case has a throughput, of 0.
    """
    assert measured("throughput", value="0 case/day").value == ps.Rate(0, "day")


@pytest.mark.parametrize(
    ("value", "number", "unit"),
    [
        ("14 working_day", 14, "working_day"),
        ("60000 IDR", 60000, "IDR"),
        ("3 case/day", 3, "case/day"),
        (0.5, 0.5, ""),
    ],
)
def test_a_value_is_a_number_of_something(value: str | float, number: float, unit: str) -> None:
    """
    Every value has a number, and what it counts.
    """
    found = measured(value=value).value
    assert found is not None
    assert (magnitude(found), unit_text(found)) == (number, unit)


@given(measurements())
def test_measurements_are_frozen_hashable_and_pickle(measurement: ps.Measurement) -> None:
    """
    A measurement cannot be changed, stands in sets and travels between processes.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        measurement.source = "x"  # type: ignore[misc]  # as it says
    assert {measurement} == {pickle.loads(pickle.dumps(measurement))}


OFFICE = ps.PublicOrganisation(
    "office",
    metrics=[ps.Metric("queue-at-noon", unit="number", direction="lower", goal="smooth")],
    services=[ps.PublicService("permit", targets=[ps.Target("cost-per-transaction", value="5 GBP")])],
)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"metric": "on-time-shar"}, "metric", "no metric 'on-time-shar', did you mean 'on-time-share'?"),
        ({"service": "permits"}, "service", "no service 'permits', did you mean 'permit'?"),
        ({"value": "3 day"}, "value", "expected a fraction for 'csat', got '3 day'"),
        ({"value": 1.2}, "value", "expected a fraction for 'csat', got '1.2'"),
        ({"metric": "throughput", "value": 3}, "value", "expected a rate for 'throughput', got '3.0'"),
        (
            {"metric": "cost-per-transaction", "service": "permit", "value": "6 EUR"},
            "value",
            "expected GBP, the currency of the target, got '6 EUR': they do not compare without a rate",
        ),
    ],
)
def test_a_measurement_that_fits_no_organisation_is_named(
    fields: dict[str, Any], field: str, message: str
) -> None:
    """
    An unknown metric or service, another unit and another currency are told with the position of the measurement.
    """
    (found,) = misfits([measured(), measured(**{"metric": "csat"} | fields)], OFFICE)
    assert found == (1, field, message)


def test_what_fits_is_not_named() -> None:
    """
    Metrics of the organisation's own, values that are not there, and a cost in the currency of its target fit.
    """
    fitting = [
        measured("queue-at-noon", value=31),
        measured("cycle-time", value=None, reason="not counted"),
        measured("cost-per-transaction", value="6 GBP", service="permit"),
        measured("cost-per-transaction", value="6 EUR"),
    ]
    assert misfits(fitting, OFFICE) == []


def test_currencies_are_not_mixed() -> None:
    """
    Two amounts of one metric and service in two currencies are told with where the first one stands.
    """
    amounts = [
        measured("fee", value=v, period=p)
        for v, p in [("5 GBP", "2025"), ("5 GBP", "2026"), ("6 EUR", "2027")]
    ]
    (found,) = misfits(amounts, OFFICE)
    assert found.position == 2
    assert "expected GBP, the currency of measurements[0], got '6 EUR'" in found.message


@pytest.mark.parametrize(
    ("periods", "wrong"),
    [
        (["2026-01", "2026-02", "2026-03"], []),
        (["2026-01", "2026-01"], [1]),
        (["2026", "2026-02", "2026-05"], [1, 2]),
        (["2026-02", "2026", "2027"], [1]),
        (["2026-03..2026-05", "2026-01..2026-03", "2026-06"], [1]),
    ],
)
def test_periods_of_one_source_do_not_overlap(periods: list[str], wrong: list[int]) -> None:
    """
    Of one metric, service and source each day is measured once; the later row is named, with the earlier one.
    """
    found = misfits([measured(period=period) for period in periods], OFFICE)
    assert [misfit.position for misfit in found] == wrong
    assert all("overlaps" in misfit.message and "of measurements[" in misfit.message for misfit in found)


def test_other_sources_may_measure_the_same_days() -> None:
    """
    Another source, another way to obtain it, another time that cases were held against, and another service are apart.
    """
    apart = [
        measured(),
        measured(source="audit"),
        measured(obtained="log"),
        measured(within="3 day"),
        measured(service="permit"),
    ]
    assert misfits(apart, OFFICE) == []


def test_what_shows_without_an_organisation() -> None:
    """
    Overlapping periods, mixed currencies and impossible values need no organisation to be seen; unknown metrics do.
    """
    given = [
        measured("fee", value="5 GBP", period="2026-Q1"),
        measured("fee", value="5 EUR", period="2026-02"),
        measured("fame"),
        measured("ikm", value=181, service="nowhere"),
        measured("ikm", value="5 day"),
    ]
    found = [(m.position, m.field) for m in misfits(given, None)]
    assert found == [(1, "value"), (1, "period"), (3, "value"), (4, "value")]


def test_values_outside_their_bounds() -> None:
    """
    A value, and each end of its interval, lies within the bounds of the metric.
    """
    given = [
        measured("ikm", value=181),
        measured("ikm", value=90, low=88, high=101, period="2027"),
        measured("on-time-share", value=0.5, population=0),
    ]
    found = [(m.position, m.field, str(m.message)) for m in misfits(given, OFFICE)]
    assert found == [
        (0, "value", "expected 24.75 to 100 for 'ikm', got 181"),
        (1, "high", "expected 24.75 to 100 for 'ikm', got 101"),
        (2, "population", "expected at least 1 case behind '0.5', got 0"),
    ]


@pytest.mark.parametrize(
    "given", [{"value": "3 day"}, {"value": "5 GBP"}, {"value": 80, "obtained": "survey"}]
)
def test_a_mean_of_nothing(given: dict[str, Any]) -> None:
    """
    A mean is of at least one case; counts and rates may be of none.
    """
    with pytest.raises(InvalidModelError, match="population: expected at least 1 case behind"):
        measured(**given, population=0)
    assert measured("throughput", value="0 case/day", population=0).population == 0
