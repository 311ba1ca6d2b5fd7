"""Durations as random variables."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from datetime import timedelta
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubservice.errors import InvalidQuantityError
from pubservice.model.distribution import (
    KINDS,
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Pert,
    Triangular,
    Uniform,
    Weibull,
    distribution,
)
from pubservice.units import ELAPSED_SECONDS, duration, quantity

UNITS = st.sampled_from([*ELAPSED_SECONDS, "working_hour", "working_day"])
NUMBERS = st.floats(min_value=0, max_value=1e9)
POSITIVE = st.floats(min_value=1e-3, max_value=1e6)

# Mean and variance from the closed forms, worked by hand with other formulas than those of the library.
CLOSED_FORMS = [
    (Fixed(15, unit="min"), 15, 0),
    (Uniform(5, 15, unit="min"), 10, 100 / 12),
    (Uniform(5, 5, unit="min"), 5, 0),
    (Triangular(30, 50, 90, unit="min"), 170 / 3, (900 + 2500 + 8100 - 1500 - 2700 - 4500) / 18),
    (Triangular(0.1, 0.1, 0.1, unit="min"), 0.1, 0),
    (Pert(30, 50, 90, unit="min"), 160 / 3, (160 / 3 - 30) * (90 - 160 / 3) / 7),
    (Pert(0.1, 0.1, 0.1, unit="min"), 0.1, 0),
    (Exponential(10, unit="min"), 10, 100),
    (Exponential(0, unit="min"), 0, 0),
    (Lognormal(2, 0.5, unit="hour"), 2, 0.25),
    (Gamma(20, 10, unit="min"), 20, 100),
    (Gamma(20, 0, unit="min"), 20, 0),
    (Weibull(2, 10, unit="min"), 10 * math.sqrt(math.pi) / 2, 100 * (1 - math.pi / 4)),
    (Weibull(1, 10, unit="min"), 10, 100),
    (Weibull(0.5, 10, unit="min"), 20, 2000),
    (Empirical([10, 20, 60], unit="min"), 30, 1400 / 3),
]


def refusal(value: Any) -> str:
    with pytest.raises(InvalidQuantityError) as caught:
        distribution(value)
    return str(caught.value)


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    kind = draw(st.sampled_from(sorted(KINDS)))
    unit = draw(UNITS)
    if kind == "empirical":
        return Empirical(draw(st.lists(NUMBERS, min_size=1, max_size=5)), unit=unit)
    if kind in ("lognormal", "gamma"):
        return (Gamma if kind == "gamma" else Lognormal)(draw(POSITIVE), draw(NUMBERS), unit=unit)
    if kind == "weibull":
        return Weibull(draw(st.floats(0.1, 50)), draw(NUMBERS), unit=unit)
    low, mode, high = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
    if kind == "uniform":
        return Uniform(low, high, unit=unit)
    if kind in ("triangular", "pert"):
        return (Pert if kind == "pert" else Triangular)(low, mode, high, unit=unit)
    return (Fixed if kind == "fixed" else Exponential)(low, unit=unit)


@pytest.mark.parametrize(("random", "mean", "variance"), CLOSED_FORMS)
def test_mean_and_deviation_are_the_closed_forms(random: Distribution, mean: float, variance: float) -> None:
    """
    Mean and standard deviation are those of the closed form, as quantities.
    """
    assert random.mean_in_unit == random.mean.magnitude
    found = (random.mean.m_as(random.unit), random.standard_deviation.m_as(random.unit) ** 2)
    assert found == pytest.approx((mean, variance), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("random", "mean", "variance"), CLOSED_FORMS)
def test_scv(random: Distribution, mean: float, variance: float) -> None:
    """
    The squared coefficient of variation is variance / mean², and 0 where the mean is 0.
    """
    assert random.scv == pytest.approx(variance / mean**2 if mean else 0, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("random", "mean", "variance"), CLOSED_FORMS)
def test_samples_have_the_mean(random: Distribution, mean: float, variance: float) -> None:
    """
    The mean of 200,000 draws is within five standard errors of the closed form.
    """
    drawn = random.sample(np.random.default_rng(2026), 200_000)
    assert float(drawn.mean()) == pytest.approx(mean, abs=5 * math.sqrt(variance / drawn.size) + 1e-9)


@pytest.mark.parametrize(("random", "mean", "variance"), CLOSED_FORMS)
def test_samples_have_the_variance(random: Distribution, mean: float, variance: float) -> None:
    """
    The variance of 200,000 draws is near that of the closed form.
    """
    del mean
    drawn = random.sample(np.random.default_rng(2026), 200_000)
    assert float(drawn.var()) == pytest.approx(variance, rel=0.05, abs=1e-9)


@given(distributions())
@settings(max_examples=60)
def test_samples_lie_in_the_support(random: Distribution) -> None:
    """
    Every draw lies between the least and the greatest value, and there are as many as asked for.
    """
    low, high = random.support()
    drawn = random.sample(np.random.default_rng(1), 50)
    slack = 1e-9 * max(low, 1.0)
    assert drawn.shape == (50,)
    assert low - slack <= drawn.min()
    assert drawn.max() <= high * (1 + 1e-9)


@given(distributions())
def test_mean_lies_in_the_support(random: Distribution) -> None:
    """
    The mean lies between the least and the greatest value, and the variance is not negative.
    """
    low, high = random.support()
    assert low * (1 - 1e-9) <= random.mean.m_as(random.unit) <= high * (1 + 1e-9)
    assert random.scv >= 0


@given(distributions())
def test_text_reads_back(random: Distribution) -> None:
    """
    The text of a distribution of any of the nine kinds reads back as the same distribution.
    """
    assert random == distribution(str(random))


@given(distributions())
def test_distributions_pickle(random: Distribution) -> None:
    """
    A distribution travels between processes and stays hashable.
    """
    assert {random} == {pickle.loads(pickle.dumps(random))}


@pytest.mark.parametrize("random", [case[0] for case in CLOSED_FORMS])
def test_distributions_are_frozen(random: Any) -> None:
    """
    A distribution cannot be changed.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        random.unit = "s"


def test_same_seed_same_draws() -> None:
    """
    The generator alone decides the draws.
    """
    first, second = (Gamma(2, 1).sample(np.random.default_rng(7), 5) for _ in range(2))
    assert first.tolist() == second.tolist()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("15 min", Fixed(15, unit="min")),
        (" fixed( 15 ) min", Fixed(15, unit="min")),
        ("fixed(15 min)", Fixed(15, unit="min")),
        ("uniform(5, 15) minutes", Uniform(5, 15, unit="min")),
        ("triangular(5, 10, 20) min", Triangular(5, 10, 20, unit="min")),
        ("triangular(high=20, low=5, mode=10) min", Triangular(5, 10, 20, unit="min")),
        ("triangular(5, 10, high=20) working day", Triangular(5, 10, 20, unit="working_day")),
        ("pert(5 min, 10 min, 1 h)", Pert(5, 10, 60, unit="min")),
        ("exponential(10 min)", Exponential(10, unit="min")),
        ("exponential(mean=1 hour) min", Exponential(60, unit="min")),
        ("lognormal(mean=2 h, sd=30 min)", Lognormal(2, 0.5, unit="hour")),
        ("lognormal(mean=3 day, sd=2 day)", Lognormal(3, 2, unit="day")),
        ("gamma(2, 1e-1) working_hour", Gamma(2, 0.1, unit="working_hour")),
        ("weibull(1.5, 10 min)", Weibull(1.5, 10, unit="min")),
        ("weibull(shape=1.5, scale=10) min", Weibull(1.5, 10, unit="min")),
        ("empirical(10, 20, 1 h) min", Empirical([10, 20, 60], unit="min")),
        (timedelta(minutes=2), Fixed(120, unit="s")),
        (quantity(2, "hour"), Fixed(2, unit="hour")),
        (duration("14 working_day"), Fixed(14, unit="working_day")),
        (Fixed(15, unit="minutes"), Fixed(15, unit="min")),
    ],
)
def test_distribution_reads_what_people_write(written: object, expected: Distribution) -> None:
    """
    A distribution is read from text, a quantity, a timedelta or a duration.
    """
    assert expected == distribution(written)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("15 kg", "expected a duration such as '15 min', got '15 kg'"),
        (15, "expected a duration such as '15 min', got 15"),
        (None, "expected a duration such as '15 min', got None"),
        ("-15 min", "expected a duration that is not negative, got '-15 min'"),
        (
            "normal(5, 1) min",
            "expected a duration such as 'triangular(5, 10, 20) min', got 'normal(5, 1) min'",
        ),
        ("fixed(5) kg", "expected a duration such as 'triangular(5, 10, 20) min', got 'fixed(5) kg'"),
        (
            "fixed(__import__('os')) s",
            "expected a duration such as '15 min', got \"fixed(__import__('os')) s\"",
        ),
        ("uniform(5) min", "expected uniform(low, high) with a unit of time, got 'uniform(5) min'"),
        ("uniform() min", "expected uniform(low, high) with a unit of time, got 'uniform() min'"),
        (
            "uniform(1, 2, 3) min",
            "expected uniform(low, high) with a unit of time, got 'uniform(1, 2, 3) min'",
        ),
        (
            "uniform(low=1, low=2) min",
            "expected uniform(low, high) with a unit of time, got 'uniform(low=1, low=2) min'",
        ),
        (
            "uniform(least=1, high=2) min",
            "expected uniform(low, high) with a unit of time, got 'uniform(least=1, high=2) min'",
        ),
        ("uniform(1, 2)", "expected a unit of time after 'uniform(1, 2)', such as 'uniform(1, 2) min'"),
        ("empirical()", "expected a unit of time after 'empirical()', such as 'empirical() min'"),
        ("empirical() min", "expected at least one value, got 'empirical() min'"),
        ("uniform(e, 2) min", "expected a number in 'uniform(e, 2) min', got 'e'"),
        ("weibull(1 min, 2) min", "expected a number in 'weibull(1 min, 2) min', got '1 min'"),
        ("uniform(x, 2) min", "expected a duration such as '15 min', got 'x'"),
        ("uniform(3, 2) min", "expected low ≤ high, got 'uniform(low=3, high=2) min'"),
        (
            "triangular(5, 30, 20) min",
            "expected low ≤ mode ≤ high, got 'triangular(low=5, mode=30, high=20) min'",
        ),
        ("pert(5, 3, 20) min", "expected low ≤ mode ≤ high, got 'pert(low=5, mode=3, high=20) min'"),
        ("lognormal(0, 1) min", "expected a mean above zero, got 'lognormal(mean=0, sd=1) min'"),
        ("gamma(0, 1) min", "expected a mean above zero, got 'gamma(mean=0, sd=1) min'"),
        ("weibull(0, 1) min", "expected a shape above zero, got 'weibull(shape=0, scale=1) min'"),
        (
            "weibull(0.001, 1) min",
            "expected parameters with a finite mean and variance, got 'weibull(shape=0.001, scale=1) min'",
        ),
        (
            "uniform(0, 1e300) min",
            "expected parameters with a finite mean and variance, got 'uniform(low=0, high=1e+300) min'",
        ),
        (
            "lognormal(1e-200, 1) min",
            "expected parameters with a finite mean and variance, got 'lognormal(mean=1e-200, sd=1) min'",
        ),
        ("uniform(-1, 2) min", "expected a finite number of at least 0 in each parameter, got -1.0"),
        ("uniform(1, 1e999) min", "expected a number within ±1.8e308, got 'uniform(1, 1e999) min'"),
        (
            "uniform(1 working_day, 2 day)",
            "working time and other units do not mix without a calendar, got 'uniform(1 working_day, 2 day)'",
        ),
        (
            "uniform(1 hour, 2 working_hour)",
            "working time and other units do not mix without a calendar, got 'uniform(1 hour, 2 working_hour)'",
        ),
        (
            "fixed(1 working_hour) working_day",
            "working time and other units do not mix without a calendar, got 'fixed(1 working_hour) working_day'",
        ),
    ],
)
def test_distribution_says_what_is_wrong(written: object, message: str) -> None:
    """
    The error for what is no distribution says what was expected and what was found.
    """
    assert message == refusal(written)


@pytest.mark.parametrize("value", [True, "5", None, math.nan, math.inf, -1, 10**400])
def test_classes_refuse_wrong_parameters(value: Any) -> None:
    """
    A parameter that is no finite number from zero up is refused.
    """
    with pytest.raises(InvalidQuantityError) as caught:
        Exponential(value)
    assert str(caught.value) == f"expected a finite number of at least 0 in each parameter, got {value!r}"


def test_classes_refuse_wrong_units() -> None:
    """
    A unit that is none of time is refused.
    """
    with pytest.raises(InvalidQuantityError, match=r"expected a unit of time such as 'min', got 'kg'"):
        Fixed(1, unit="kg")


@pytest.mark.parametrize("values", ["1, 2", {1: 2}, 3, None])
def test_empirical_refuses_what_is_no_list(values: Any) -> None:
    """
    Observations are a list of numbers.
    """
    with pytest.raises(InvalidQuantityError) as caught:
        Empirical(values)
    assert str(caught.value) == f"expected a list of numbers, got {values!r}"


def test_empirical_takes_arrays() -> None:
    """
    Observations may come as an array of floats.
    """
    assert Empirical(np.array([1.0, 2.0])) == Empirical([1, 2])


def test_long_texts_are_read() -> None:
    """
    Thousands of observations are read from one text.
    """
    numbers = [float(i) for i in range(2000)]
    assert Empirical(numbers, unit="s") == distribution(str(Empirical(numbers, unit="s")))


def test_overlong_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A text of more characters than a file may have is no distribution; a shorter one is, however long.
    """
    text = "empirical(" + "1, " * 100_000 + "1) s"
    assert distribution(text).mean_seconds() == 1

    monkeypatch.setattr(sys.modules["pubservice.model.distribution"], "_LONGEST", 200_000)
    assert refusal(text).startswith("expected a duration such as '15 min'")


@pytest.mark.parametrize(
    ("random", "hours", "expected"),
    [
        (Exponential(10, unit="min"), None, 600.0),
        (Fixed(2, unit="working_day"), 7.5, 54000.0),
        (Fixed(2, unit="working_day"), None, None),
    ],
)
def test_mean_seconds(random: Distribution, hours: float | None, expected: float | None) -> None:
    """
    The mean is in seconds of its own clock, and undefined for working days without a calendar.
    """
    assert expected == random.mean_seconds(hours_per_working_day=hours)


@given(st.text(alphabet="fixedunormtabpw(),.=0123456789 e+-ihsmd_", max_size=40))
def test_reader_raises_only_its_own_error(written: str) -> None:
    """
    Whatever the text, the reader returns a distribution or says by our own error what it expected.
    """
    try:
        found: object = distribution(written)
    except InvalidQuantityError as error:
        found = error
    assert isinstance(found, (*KINDS.values(), InvalidQuantityError))


def test_numpy_is_imported_on_use() -> None:
    """
    Describing a distribution imports neither numpy nor pint; only sampling and quantities do.
    """
    code = (
        "import sys; from pubservice.model.distribution import distribution; distribution('gamma(2, 1) h').scv; "
        "print({'pint', 'numpy'} & set(sys.modules))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert printed == "set()\n"
