"""Durations, rates, money and the one registry."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import units
from pubservice.errors import InvalidQuantityError
from pubservice.model.distribution import distribution
from pubservice.units import (
    CostRate,
    Duration,
    Money,
    Rate,
    above_zero,
    canonical_unit,
    cost_rate,
    duration,
    fraction,
    in_words,
    money,
    not_negative,
    number_text,
    per_currency,
    quantity,
    rate,
    registry,
    unit_seconds,
)

if TYPE_CHECKING:
    from collections.abc import Callable

UNITS = ["s", "min", "hour", "day", "week", "month", "year", "working_min", "working_hour", "working_day"]
CURRENCIES = st.from_regex("[A-Z]{3}", fullmatch=True)
AMOUNTS = st.floats(min_value=0, max_value=1e300)


def refusal(function: Callable[..., object], *arguments: Any) -> str:
    with pytest.raises(InvalidQuantityError) as caught:
        function(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("15 min", Duration(15, "min")),
        ("15min", Duration(15, "min")),
        ("  1.5e1   minutes ", Duration(15, "min")),
        (".5 h", Duration(0.5, "hour")),
        ("2 hrs", Duration(2, "hour")),
        ("1 d", Duration(1, "day")),
        ("30 seconds", Duration(30, "s")),
        ("3 weeks", Duration(3, "week")),
        ("6 months", Duration(6, "month")),
        ("5 years", Duration(5, "year")),
        ("14 working days", Duration(14, "working_day")),
        ("14 working_day", Duration(14, "working_day")),
        ("1 working hour", Duration(1, "working_hour")),
        ("20 working minutes", Duration(20, "working_min")),
        (timedelta(minutes=15), Duration(900, "s")),
        (pint.UnitRegistry().Quantity(15, "min"), Duration(15, "min")),
        (Duration(15, "min"), Duration(15, "min")),
    ],
)
def test_duration_reads_what_people_write(written: object, expected: Duration) -> None:
    """
    A duration is read from text in many spellings, from a quantity of any registry and from a timedelta.
    """
    assert expected == duration(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "15",
        "min",
        "15 kg",
        "15 Min",
        "min 15",
        "1,5 h",
        "nan min",
        "1h 30min",
        15,
        None,
        True,
        b"15 min",
        ["15 min"],
    ],
)
def test_duration_refuses_what_is_none(written: object) -> None:
    """
    The error for what is no duration shows a right one and what was found.
    """
    assert f"expected a duration such as '15 min', got {written!r}" == refusal(duration, written)


def test_duration_refuses_long_text() -> None:
    """
    Text that is far longer than any duration is refused, not parsed and remembered.
    """
    assert "expected a duration such as" in refusal(duration, "0" * 1000 + "1 min")


@pytest.mark.parametrize(
    "written",
    ["-5 min", timedelta(minutes=-1)],
)
def test_duration_refuses_negative_text(written: object) -> None:
    """
    A duration is not negative.
    """
    assert "expected a duration that is not negative, got" in refusal(duration, written)


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (duration, "1e400 min"),
        (duration, "-1e400 min"),
        (rate, "1e400 case/hour"),
        (money, "1e400 IDR"),
        (cost_rate, "1e400 IDR/hour"),
        (distribution, "1e400 min"),
        (distribution, "triangular(1, 2, 1e400) min"),
    ],
)
def test_numbers_beyond_what_a_float_holds_are_refused_as_they_are_written(
    read: Callable[[object], object], written: str
) -> None:
    """
    A text with a number that is too large is refused for that, and shown as it was written.
    """
    assert refusal(read, written) == f"expected a number within ±1.8e308, got {written!r}"


def test_duration_refuses_negative_magnitudes() -> None:
    """
    The class takes no number below zero.
    """
    assert refusal(Duration, -1, "min") == "expected a duration that is not negative, got '-1 min'"


@pytest.mark.parametrize("magnitude", [math.inf, math.nan, 10**400, None, "abc", [1]])
def test_duration_refuses_magnitudes_that_are_no_numbers(magnitude: Any) -> None:
    """
    A magnitude that is no number, or too large for one, is refused by our own error.
    """
    assert "expected a finite number, got" in refusal(Duration, magnitude, "min")


@pytest.mark.parametrize(
    ("seconds", "english", "indonesian"),
    [
        (0, "0 min", "0 menit"),
        (0.4512, "0.451 s", "0.451 detik"),
        (-30, "-30 s", "-30 detik"),
        (59.9, "59.9 s", "59.9 detik"),
        (60, "1 min", "1 menit"),
        (7199, "120 min", "120 menit"),
        (7200, "2.0 hour", "2.0 jam"),
        (-36e6, "-10,000.0 hour", "-10,000.0 jam"),
    ],
)
def test_times_for_people_have_a_unit_of_their_size(seconds: float, english: str, indonesian: str) -> None:
    """
    A length of time is said in seconds below a minute, in hours from two hours on, in either language.
    """
    assert (in_words(seconds).text(), in_words(seconds).text("id")) == (english, indonesian)


@pytest.mark.parametrize("unit", ["minutes", "kg", "", None, ["min"]])
def test_duration_refuses_wrong_units(unit: Any) -> None:
    """
    The class takes the canonical name of a unit only; the reader knows the other spellings.
    """
    found = f"15 {unit}"
    assert refusal(Duration, 15, unit) == f"expected a duration such as '15 min', got {found!r}"


@given(AMOUNTS, st.sampled_from(UNITS))
def test_duration_text_reads_back(magnitude: float, unit: str) -> None:
    """
    The text of a duration reads back as the same duration.
    """
    length = Duration(magnitude, unit)
    assert length == duration(str(length))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_text_reads_back(value: float) -> None:
    """
    The text of a number reads back as the same float.
    """
    assert value == float(number_text(value))


@pytest.mark.parametrize(
    ("length", "hours", "expected"),
    [
        ("2 min", None, 120.0),
        ("1 day", 7.5, 86400.0),
        ("1 month", None, 2629800.0),
        ("2 working_hour", None, 7200.0),
        ("2 working_min", None, 120.0),
        ("14 working_day", 7.5, 378000.0),
        ("14 working_day", None, None),
    ],
)
def test_working_days_become_seconds_only_through_a_calendar(
    length: str,
    hours: float | None,
    expected: float | None,
) -> None:
    """
    Working days have no seconds without the hours of a calendar: 14 of them are never 336 hours.
    """
    assert expected == duration(length).seconds(hours_per_working_day=hours)


def test_elapsed_units_are_those_of_pint() -> None:
    """
    Our elapsed units have the lengths that pint gives them.
    """
    assert {unit: registry().Quantity(1, unit).m_as("s") for unit in units.ELAPSED_SECONDS} == pytest.approx(
        units.ELAPSED_SECONDS,
        rel=1e-12,
    )


def test_unit_seconds_of_a_working_day() -> None:
    """
    A working day is worth the hours given.
    """
    assert unit_seconds("working_day", 8) == 28800


def test_canonical_unit() -> None:
    """
    Every spelling has one canonical name, and what is no unit has none.
    """
    assert (canonical_unit("minutes"), canonical_unit("fortnight")) == ("min", None)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3 case/hour", "3 case/hour"),
        ("3 cases per hour", "3 case/hour"),
        ("3/hour", "3 case/hour"),
        ("3 per working day", "3 case/working_day"),
        ("0.5 case / min", "0.5 case/min"),
        (pint.UnitRegistry().Quantity(3, "1/hour"), "3 case/hour"),
        (quantity(3, "case/hour"), "3 case/hour"),
        (Rate(3, "hour"), "3 case/hour"),
    ],
)
def test_rate_reads_what_people_write(written: object, expected: str) -> None:
    """
    A rate is read from text in many spellings and from a quantity.
    """
    assert expected == str(rate(written))


@pytest.mark.parametrize("written", ["", "3", "3 hour", "3 case/kg", "case/hour", 3, None])
def test_rate_refuses_what_is_none(written: object) -> None:
    """
    The error for what is no rate shows a right one and what was found.
    """
    assert f"expected a rate such as '3 case/hour', got {written!r}" == refusal(rate, written)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("0 case/hour", "expected a rate above zero, got '0 case/hour'"),
        (Rate(0, "hour"), "expected a rate above zero, got '0 case/hour'"),
        ("-1 case/hour", "expected a finite rate of at least 0, got '-1 case/hour'"),
    ],
)
def test_rate_refuses_what_is_not_above_zero(written: object, message: str) -> None:
    """
    A rate is above zero, where it is not measured.
    """
    assert refusal(rate, written) == message


def test_a_measured_rate_may_be_zero() -> None:
    """
    Where no case came or left in a period, its rate is 0.
    """
    assert rate("0 case/month", zero=True) == Rate(0, "month")


def test_rate_class_refuses_a_wrong_unit() -> None:
    """
    The class takes the canonical name of a unit only.
    """
    assert refusal(Rate, 3, "hours") == "expected a rate such as '3 case/hour', got '3 case/hours'"


@given(st.floats(min_value=1e-300, max_value=1e300), st.sampled_from(UNITS))
def test_rate_text_reads_back(magnitude: float, unit: str) -> None:
    """
    The text of a rate reads back as the same rate.
    """
    arrivals = Rate(magnitude, unit)
    assert arrivals == rate(str(arrivals))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("60000 IDR", Money(60000, "IDR")),
        ("60000IDR", Money(60000, "IDR")),
        (quantity(2.5, "EUR"), Money(2.5, "EUR")),
        (Money(1, "USD"), Money(1, "USD")),
    ],
)
def test_money_reads_what_people_write(written: object, expected: Money) -> None:
    """
    An amount of money is read from text and from a quantity.
    """
    assert expected == money(written)


@pytest.mark.parametrize("written", ["", "60000", "60000 idr", "IDR 60000", "60,000 IDR", 60000, None])
def test_money_refuses_what_is_none(written: object) -> None:
    """
    The error for what is no amount shows a right one and what was found.
    """
    assert f"expected an amount such as '60000 IDR', got {written!r}" == refusal(money, written)


@pytest.mark.parametrize("written", ["-5 IDR", Money(-5, "IDR")])
def test_money_of_a_model_is_not_negative(written: object) -> None:
    """
    A negative amount is a difference, and no fee or expense.
    """
    assert refusal(money, written) == "expected an amount that is not negative, got '-5 IDR'"


@pytest.mark.parametrize(("amount", "currency"), [(math.inf, "IDR"), (1, "rupiah"), (1, None), ("x", "IDR")])
def test_money_class_refuses_wrong_parts(amount: Any, currency: Any) -> None:
    """
    Money is a finite amount in a currency of three capital letters.
    """
    assert "expected an amount such as '60000 IDR', got" in refusal(Money, amount, currency)


def test_money_is_plain_data_in_json() -> None:
    """
    An amount of money is its number and its currency.
    """
    assert Money(60000, "IDR").data() == {"amount": 60000.0, "currency": "IDR"}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(60000, "60,000 IDR"), (-1500.4, "-1,500 IDR"), (12.5, "12.50 IDR"), (0, "0 IDR")],
)
def test_money_prints_for_people(amount: float, expected: str) -> None:
    """
    Money prints with thousands separated, and with two digits where they matter.
    """
    assert expected == str(Money(amount, "IDR"))


@given(AMOUNTS, CURRENCIES)
def test_plain_money_reads_back(amount: float, currency: str) -> None:
    """
    The plain text of an amount reads back as the same amount.
    """
    price = Money(amount, currency)
    assert price == money(price.plain)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("60000 IDR/hour", CostRate(60000, "IDR", "hour")),
        ("60000 IDR per hours", CostRate(60000, "IDR", "hour")),
        ("60000 IDR/working hour", CostRate(60000, "IDR", "working_hour")),
        (quantity(60000, "IDR/hour"), CostRate(60000, "IDR", "hour")),
        (CostRate(0, "IDR", "hour"), CostRate(0, "IDR", "hour")),
    ],
)
def test_cost_rate_reads_what_people_write(written: object, expected: CostRate) -> None:
    """
    Money per time is read from text and from a quantity.
    """
    assert expected == cost_rate(written)


@pytest.mark.parametrize("written", ["", "60000 IDR", "60000 IDR/kg", "60000/hour", 60000, None])
def test_cost_rate_refuses_what_is_none(written: object) -> None:
    """
    The error for what is no cost shows a right one and what was found.
    """
    assert f"expected a cost such as '60000 IDR/hour', got {written!r}" == refusal(cost_rate, written)


@pytest.mark.parametrize(
    ("amount", "currency", "unit"),
    [
        (-1, "IDR", "hour"),
        (math.nan, "IDR", "hour"),
        (1, "rupiah", "hour"),
        (1, "IDR", "hours"),
        (1, "IDR", "working_day"),
    ],
)
def test_cost_rate_class_refuses_wrong_parts(amount: float, currency: str, unit: str) -> None:
    """
    A cost is not negative, in a currency, per unit of time that has seconds without a calendar.
    """
    assert "expected a cost such as '60000 IDR/hour', got" in refusal(CostRate, amount, currency, unit)


@given(AMOUNTS, CURRENCIES, st.sampled_from(UNITS[:-1]))
def test_cost_rate_text_reads_back(amount: float, currency: str, unit: str) -> None:
    """
    The text of a cost reads back as the same cost.
    """
    cost = CostRate(amount, currency, unit)
    assert cost == cost_rate(str(cost))


@pytest.mark.parametrize("unit", ["hour", "working_hour"])
def test_cost_per_second(unit: str) -> None:
    """
    An hourly cost is 3600 times that of a second, on either clock.
    """
    assert CostRate(36000, "IDR", unit).per_second == 10


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (0, 0.0),
        (1, 1.0),
        (0.25, 0.25),
        ("0.25", 0.25),
        ("1/3", 1 / 3),
        (" 1 / 4 ", 0.25),
        ("1e-3", 0.001),
        ("0.5/2", 0.25),
    ],
)
def test_fraction_reads_numbers_and_text(written: object, expected: float) -> None:
    """
    A fraction is read from a number, a decimal text and a text with a slash.
    """
    assert expected == fraction(written)


@pytest.mark.parametrize(
    "written",
    [
        -0.1,
        1.1,
        math.nan,
        math.inf,
        10**400,
        True,
        None,
        "half",
        "1/0",
        "3/2",
        "-1/3",
        "1e999",
        "0." + "3" * 100,
        "",
    ],
)
def test_fraction_refuses_what_is_none(written: object) -> None:
    """
    The error for what is no fraction shows right ones and what was found.
    """
    assert f"expected a number from 0 to 1 such as 0.25 or 1/4, got {written!r}" == refusal(fraction, written)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_fraction_of_two_whole_numbers(top: int, bottom: int) -> None:
    """
    A text with a slash is the nearest float to the quotient.
    """
    top %= bottom + 1
    assert top / bottom == fraction(f"{top}/{bottom}")


@given(
    st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.none(), st.lists(st.text(), max_size=2))
)
def test_readers_raise_only_their_own_error(value: object) -> None:
    """
    Whatever the value, a reader returns a quantity or says by our own error what it expected.
    """
    for reader in (duration, rate, money, cost_rate, fraction):
        try:
            reader(value)
        except InvalidQuantityError as error:
            assert repr(value) in str(error) or "expected a" in str(error)


def test_quantities_are_those_of_pint() -> None:
    """
    Durations, rates, money and costs give pint quantities that compute together.
    """
    cost = duration("90 min").quantity * cost_rate("60000 IDR/hour").quantity + money("1000 IDR").quantity
    assert cost.m_as("IDR") == pytest.approx(91000)


def test_rate_times_time_is_cases() -> None:
    """
    A rate times a duration is a number of cases.
    """
    assert (rate("3 case/hour").quantity * duration("2 hour").quantity).m_as("case") == pytest.approx(6)


def test_currencies_do_not_add() -> None:
    """
    Every currency is a dimension of its own.
    """
    with pytest.raises(pint.DimensionalityError):
        money("1 IDR").quantity + money("1 USD").quantity


@pytest.mark.parametrize("unit", ["hour", "working_hour"])
def test_working_days_do_not_convert(unit: str) -> None:
    """
    A working day is neither 24 hours nor a number of working hours.
    """
    with pytest.raises(pint.DimensionalityError):
        duration("14 working_day").quantity.to(unit)


def test_quantities_cross_process_boundaries() -> None:
    """
    A quantity of the private registry is pickled, also in a currency that the reader has not met.
    """
    data = pickle.dumps(quantity(1.5, "SCR/hour"))
    code = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()))"
    program = f"import pubservice.units\n{code}"
    printed = subprocess.run(
        [sys.executable, "-c", program], input=data, capture_output=True, check=True
    ).stdout
    assert printed.decode().strip() == "1.5 SCR / hour"


def test_quantities_pickle_here() -> None:
    """
    A pickled quantity comes back equal, in the one registry.
    """
    assert pickle.loads(pickle.dumps(quantity(1.5, "hour"))) == quantity(1.5, "hour")


@pytest.mark.parametrize(
    "value", [Duration(1, "min"), Rate(1, "hour"), Money(1, "IDR"), CostRate(1, "IDR", "hour")]
)
def test_values_are_frozen_hashable_and_pickle(value: Any) -> None:
    """
    The small values cannot be changed, stand in sets, and travel between processes.
    """
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.unit = "day"
    assert {value} == {pickle.loads(pickle.dumps(value))}


def test_one_registry() -> None:
    """
    There is one registry, and it is not pint's application registry.
    """
    assert units.ureg is registry()
    assert units.ureg is not pint.get_application_registry()  # type: ignore[no-untyped-call]


def test_no_other_names() -> None:
    """
    A name that the module does not have is an AttributeError that says so.
    """
    with pytest.raises(AttributeError, match=r"module 'pubservice\.units' has no attribute 'Length'"):
        units.Length  # noqa: B018 - the access is the test


def test_pint_is_imported_on_use() -> None:
    """
    Reading quantities imports neither pint nor numpy; only making a pint quantity does.
    """
    code = "import sys; from pubservice.units import duration; duration('1 h'); print({'pint', 'numpy'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert printed == "set()\n"


def test_sums_keep_currencies_apart() -> None:
    """
    Amounts add within a currency, without the rounding of one after the other; nothing adds to nothing.
    """
    amounts = [Money(0.1, "EUR")] * 10 + [Money(5, "IDR").times(2)]
    assert per_currency(amounts) == (Money(1.0, "EUR"), Money(10, "IDR"))
    assert per_currency([]) == ()


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), True, "1", None, 10**400])
def test_numbers_that_are_none_are_refused(value: object) -> None:
    """
    What has to be a finite number of at least 0, or above it, is no flag, text or infinity.
    """
    for read in (not_negative, above_zero):
        with pytest.raises(InvalidQuantityError):
            read(value)
    assert (not_negative(0), above_zero(2)) == (0.0, 2.0)
    with pytest.raises(InvalidQuantityError, match="expected a number above zero, got 0"):
        above_zero(0)
