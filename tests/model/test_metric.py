"""Metrics and targets."""

from __future__ import annotations

import math
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice.errors import InvalidModelError, InvalidQuantityError
from pubservice.model.metric import Metric, Target, out_of_bounds, unit_of
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.service import PublicService
from pubservice.model.vocabulary import METRICS
from pubservice.units import Duration, Money, Rate, quantity

UNITS: tuple[Any, ...] = ("duration", "money", "rate", "fraction", "number")


@pytest.mark.parametrize(
    ("written", "expected", "units"),
    [
        ("14 working_day", Duration(14, "working_day"), ("duration",)),
        (Duration(1, "hour"), Duration(1, "hour"), ("duration",)),
        ("60000 IDR", Money(60000, "IDR"), ("money",)),
        ("12 cases per month", Rate(12, "month"), ("rate",)),
        ("3/4", 0.75, ("fraction", "number")),
        (0.75, 0.75, ("fraction", "number")),
        (76, 76.0, ("number",)),
        (-1, -1.0, ("number",)),
    ],
)
def test_targets_read_what_people_write(written: Any, expected: object, units: tuple[str, ...]) -> None:
    """
    A target is a duration, an amount, a rate or a number, and its value says which metrics it may belong to.
    """
    target = Target("m", value=written)
    assert (target.value, unit_of(target.value)) == (expected, units)


@pytest.mark.parametrize("value", ["soon", None, True, math.nan, math.inf, 10**400, ["1 h"]])
def test_targets_say_what_is_wrong(value: Any) -> None:
    """
    The error for what is no target shows what was found.
    """
    with pytest.raises(InvalidModelError) as caught:
        Target("m", value=value)
    assert str(caught.value) == f"expected a duration, an amount, a rate or a number, got {value!r}"


@pytest.mark.parametrize("share", [1.5, -0.1, "most", True])
def test_share_of_cases(share: Any) -> None:
    """
    The share of cases that must meet a target lies from 0 to 1.
    """
    with pytest.raises(InvalidQuantityError, match="expected a number from 0 to 1"):
        Target("m", value=1, share=share)


@given(st.integers(-(10**6), 10**6))
def test_a_fraction_is_a_number_from_zero_to_one(value: int) -> None:
    """
    Only numbers from 0 to 1 may be fractions.
    """
    assert ("fraction" in unit_of(float(value))) is (value in (0, 1))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"unit": "time"}, "unit: expected one of duration, money, rate, fraction, number, got 'time'"),
        ({"direction": "up"}, "direction: expected one of higher, lower, neither, got 'up'"),
        ({"goal": "fast"}, "goal: expected one of orderly, smooth, on-target, satisfying, got 'fast'"),
        ({"source": None}, "source: expected a text, got None"),
    ],
)
def test_metrics_say_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    """
    A metric names the field at fault, what it expected and what it found.
    """
    with pytest.raises(InvalidModelError) as caught:
        Metric("m", **{"unit": "number", "direction": "higher", "goal": "smooth"} | fields)
    assert str(caught.value) == message


def test_metrics_of_every_goal() -> None:
    """
    The metrics that come with the library are found by their id and serve all four goals.
    """
    assert all(metric.id == id for id, metric in METRICS.items())
    assert {metric.goal for metric in METRICS.values()} == {"orderly", "smooth", "on-target", "satisfying"}


@pytest.mark.parametrize(("unit", "like"), [("duration", "hour"), ("rate", "case/day"), ("number", "")])
def test_a_unit_has_a_dimension(unit: Any, like: str) -> None:
    """
    The dimension of a metric is the one that pint gives its values.
    """
    metric = Metric("m", unit=unit, direction="higher", goal="smooth")
    assert metric.dimensionality == quantity(1, like).dimensionality


def test_money_is_a_dimension_whatever_the_currency() -> None:
    """
    A metric of money has one dimension, which is none of time or cases; a fraction has none.
    """
    dimensions = {
        unit: Metric("m", unit=unit, direction="higher", goal="smooth").dimensionality for unit in UNITS
    }
    assert dict(dimensions["money"]) == {"[currency]": 1}
    assert not dimensions["fraction"]


def test_every_metric_is_told_in_both_languages() -> None:
    """
    Each metric has a name and a formula in English and Indonesian, and says where it comes from.
    """
    for metric in METRICS.values():
        assert [
            {code for code, said in text.translations if said} for text in (metric.name, metric.formula)
        ] == [{"en", "id"}] * 2
        assert metric.source


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (Target("cycle-time", value="5 IDR"), "expected a duration for 'cycle-time', got '5 IDR'"),
        (Target("throughput", value=3), "expected a rate for 'throughput', got '3.0'"),
        (Target("coverage", value=1.5), "expected a fraction for 'coverage', got '1.5'"),
        (Target("fee", value="3 case/day"), "expected a money for 'fee', got '3 case/day'"),
    ],
)
def test_a_target_in_another_dimension_is_refused(target: Target, message: str) -> None:
    """
    A target whose value is not in the unit of its metric is an error, with its path.
    """
    with pytest.raises(InvalidModelError) as caught:
        PublicOrganisation("o", services=[PublicService("s", targets=[target])])
    assert str(caught.value) == f"services[0].targets[0].value: {message}"


@pytest.mark.parametrize("thing", [METRICS["cycle-time"], Target("cycle-time", value="1 h", share="19/20")])
def test_parts_are_frozen_hashable_and_pickle(thing: Any) -> None:
    """
    Metrics and targets cannot be changed, stand in sets and travel between processes.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        thing.name = "x"
    assert {thing} == {pickle.loads(pickle.dumps(thing))}


@pytest.mark.parametrize(
    ("unit", "bounds", "said"),
    [
        ("duration", {"low": 1}, "low: expected no bound of a duration: it is at least 0"),
        ("fraction", {"high": 85}, "high: expected a number from 0 to 1, got 85.0"),
        ("number", {"low": 7, "high": 1}, "low: expected low < high, got 7.0 and 1.0"),
        ("number", {"low": math.nan}, "low: expected a number, got nan"),
        ("number", {"high": True}, "high: expected a number, got True"),
    ],
)
def test_bounds_that_are_none(unit: Any, bounds: dict[str, Any], said: str) -> None:
    """
    Only numbers and fractions have bounds, a lower one below a higher one.
    """
    with pytest.raises(InvalidModelError) as caught:
        Metric("m", unit=unit, direction="higher", goal="smooth", **bounds)
    assert said.endswith(str(caught.value).removeprefix("low: ").removeprefix("high: "))


@pytest.mark.parametrize(
    ("metric", "value", "said"),
    [
        ("ikm", 181.0, "expected 24.75 to 100 for 'ikm', got 181"),
        ("ikm", 0.9, "expected 24.75 to 100 for 'ikm', got 0.9"),
        ("nps", 500.0, "expected -100 to 100 for 'nps', got 500"),
        ("utilisation", 85.0, "expected 0 to 10 for 'utilisation', got 85; did you mean 0.85?"),
        ("handovers", -1.0, "expected at least 0 for 'handovers', got -1"),
        ("noise", 200.0, "expected at most 140 for 'noise', got 200"),
        ("noise", -3.0, None),
        ("ikm", 76.61, None),
        ("cycle-time", 1.0, None),  # of another unit: that is said elsewhere
        ("cycle-time", Duration(1, "hour"), None),
    ],
)
def test_values_that_a_metric_cannot_have(metric: str, value: Any, said: str | None) -> None:
    """
    A value outside the bounds of its metric is named with them, and what a percentage probably meant.
    """
    noise = Metric("noise", unit="number", direction="lower", goal="satisfying", high=140)
    found = out_of_bounds((METRICS | {"noise": noise})[metric], value)
    assert (None if found is None else str(found)) == said


def test_targets_outside_the_bounds() -> None:
    """
    An organisation refuses a target that its metric cannot reach, with its path.
    """
    with pytest.raises(InvalidModelError) as caught:
        PublicOrganisation("o", services=[PublicService("s", targets=[Target("ikm", value=180)])])
    assert str(caught.value) == "services[0].targets[0].value: expected 24.75 to 100 for 'ikm', got 180"
