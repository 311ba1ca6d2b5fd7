"""How the cases of a service come."""

from __future__ import annotations

import math
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.model.arrivals import arrival_scv, most_cases, quickened
from pubservice.model.distribution import stretched
from pubservice.model.service import with_demand
from pubservice.units import ELAPSED_SECONDS
from strategies import arrivals, distributions

OFFICE = ps.Calendar("office", hours={"mon-fri": "08:00-12:00, 13:00-16:00"})
COUNTER: dict[str, Any] = {"slot": "20 min", "cases": 2, "no_show": 0.1}


def office(*, calendar: bool = False, **fields: Any) -> ps.PublicOrganisation:
    """Return an office with one service."""
    under: dict[str, Any] = {"calendar": "office", "calendars": [OFFICE]} if calendar else {}
    return ps.PublicOrganisation("o", services=[ps.PublicService("s", **fields)], **under)


def booked(**fields: Any) -> ps.Arrivals:
    """Return arrivals by appointment."""
    return ps.Arrivals(appointments=ps.Appointments(**{**COUNTER, **fields}))


def refused(function: Any, **fields: Any) -> str:
    """Return why something is refused."""
    with pytest.raises((ps.InvalidModelError, ps.InvalidQuantityError)) as caught:
        function(**fields)
    return str(caught.value)


@pytest.mark.parametrize(
    ("how", "rate"),
    [
        (ps.Arrivals(interval="20 min"), "3 case/hour"),
        (ps.Arrivals(interval="gamma(mean=12, sd=6) working_min"), "5 case/working_hour"),
        (ps.Arrivals(interval="empirical(1, 3) week"), "0.5 case/week"),
        (booked(), "5.4 case/hour"),
        (booked(slot="1 working_day", cases=40, no_show=0), "40 case/working_day"),
    ],
)
def test_arrivals_say_the_rate(how: ps.Arrivals, rate: str) -> None:
    """
    Where the arrival rate is left out it follows: one case for each interval, of appointments those that are kept.
    """
    assert str(ps.PublicService("s", arrivals=how).arrival_rate) == rate


@pytest.mark.parametrize(
    ("how", "rate", "problem"),
    [
        (ps.Arrivals(interval="20 min"), "72 case/day", ""),
        (
            ps.Arrivals(interval="20 min"),
            "4 case/hour",
            "arrival_rate: arrivals says 3 case/hour, got '4 case/hour': leave one out",
        ),
        (booked(), "4 case/hour", ""),
        (
            booked(),
            "6 case/hour",
            "arrival_rate: at most 5.4 case/hour can come by appointment, got '6 case/hour'",
        ),
        (
            booked(slot="20 working_min"),
            "30 case/working_day",
            "arrival_rate: cannot be compared with what arrivals says, 5.4 case/working_hour: leave it out, or write it per "
            "working_hour",
        ),
        (booked(slot="20 working_min"), "0.05 case/working_min", ""),
    ],
)
def test_a_rate_beside_arrivals_has_to_fit(how: ps.Arrivals, rate: str, problem: str) -> None:
    """
    Intervals leave no other rate; of appointments some may be free, and none can be had twice.
    """
    if problem:
        assert refused(ps.PublicService, id="s", arrivals=how, arrival_rate=rate) == problem
    else:
        assert str(ps.PublicService("s", arrivals=how, arrival_rate=rate).arrival_rate) == rate


@pytest.mark.parametrize(
    ("how", "calendar", "problem"),
    [
        (
            booked(),
            True,
            "services[0].arrivals.appointments.slot: under a calendar, write it in working_min, working_hour, working_day, "
            "week, month or year, got '20 min'",
        ),
        (
            ps.Arrivals(interval="2 working_hour"),
            False,
            "services[0].arrivals.interval: working time needs a calendar, got '2 working_hour'",
        ),
    ],
)
def test_the_time_between_cases_is_of_the_clock_of_the_service(
    how: ps.Arrivals, problem: str, *, calendar: bool
) -> None:
    """
    Under a calendar it is working time or a week and more, because an hour would be ambiguous; without one it is not.
    """
    assert refused(office, arrivals=how, calendar=calendar) == problem


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"slot": "0 min"}, "expected a slot of at least a second, got '0 min'"),
        ({"no_show": 1}, "expected a share below 1 of those who do not come, got 1"),
        ({"cases": 0}, "cases: expected a whole number of at least 1, got 0"),
        ({"cases": 1_001}, "cases: expected at most 1,000 cases, got more"),
        (
            {"late": "5 working_min"},
            "people are early or late in elapsed time, such as '5 min', got '5 working_min'",
        ),
        (
            {"early": "exponential(5) min"},
            "expected how early at most, such as 'uniform(0, 10) min', up to a day, got 'exponential(5) min'",
        ),
        (
            {"late": "2 day"},
            "expected how late, such as 'exponential(5) min', on average up to a day, got '2 day'",
        ),
    ],
)
def test_appointments_have_bounds(fields: dict[str, Any], problem: str) -> None:
    """
    A slot takes time, somebody comes, and nobody comes before the day has begun.
    """
    assert refused(booked, **fields) == problem


def test_arrivals_are_of_one_kind() -> None:
    """
    Either intervals are told or appointments, and intervals are not all zero.
    """
    message = "expected an interval or appointments, one of them"
    assert refused(ps.Arrivals) == message
    assert refused(ps.Arrivals, interval="1 hour", appointments=ps.Appointments(slot="1 hour")) == message
    assert refused(ps.Arrivals, interval="0 s") == "expected times between cases above zero, got '0 s'"
    assert "expected a Arrivals, got" in refused(ps.PublicService, id="s", arrivals={"interval": "1 hour"})


def test_all_faults_of_a_file_are_told() -> None:
    """
    What is wrong inside arrivals, and where they stand, is told with its line; nothing follows from a fault.
    """
    text = """
    pubservice: 1
    id: o
    services:
    - id: a
      arrivals:
        appointments:
          slot: 0 min
          no_show: 2
          xyz: 3
    - id: b
      arrival_rate: 4 case/hour
      arrivals: {interval: 20 min, appointments: {slot: 1 hour}}
    - id: c
      arrival_rate: 4 case/hour
      arrivals: {interval: 20 min}
    - id: d
      arrivals: 20 min
    """
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.from_yaml(text)
    assert [f"{problem.line} {problem.path}: {problem.message}" for problem in caught.value.problems] == [
        "8 services[0].arrivals.appointments.slot: expected a slot of at least a second, got '0 min'",
        "9 services[0].arrivals.appointments.no_show: expected a number from 0 to 1 such as 0.25 or 1/4, got 2",
        "10 services[0].arrivals.appointments: unknown field 'xyz'",
        "13 services[1].arrivals: expected an interval or appointments, one of them",
        "15 services[2].arrival_rate: arrivals says 3 case/hour, got '4 case/hour': leave one out",
        "18 services[3].arrivals: expected the fields of a Arrivals, got '20 min'",
    ]


def test_a_rate_that_follows_is_not_written() -> None:
    """
    A file says how cases come once.
    """
    made = office(arrivals=ps.Arrivals(interval="20 min"))
    assert "arrival_rate" not in ps.to_yaml(made)
    assert ps.from_yaml(ps.to_yaml(made)) == made


@given(st.none() | arrivals(tuple(ELAPSED_SECONDS)))
def test_scv_is_that_of_intervals_and_of_who_keeps_an_appointment(how: ps.Arrivals | None) -> None:
    """
    Random arrivals have 1, intervals their own, and of appointments only who does not come makes a difference.
    """
    expected = 1.0
    if how is not None and how.interval is not None:
        expected = how.interval.scv
    if how is not None and how.appointments is not None:
        expected = how.appointments.no_show
    assert arrival_scv(how) == pytest.approx(expected, abs=1e-12)


def test_places_that_are_free_make_appointments_random() -> None:
    """
    Of slots with one place that are rarely taken, cases come nearly as at random; of a fixed book they do not vary.
    """
    book = booked(no_show=0.2)
    assert [arrival_scv(book, taken) for taken in (0.0, 0.5, 1.0)] == pytest.approx([1, 0.6, 0.2])


factors = st.floats(1e-3, 1e3)


@given(arrivals(tuple(ELAPSED_SECONDS)), factors)
def test_more_cases_come_as_evenly(how: ps.Arrivals, factor: float) -> None:
    """
    So many times as many cases come in shorter intervals or slots, whose unevenness stays.
    """
    before, after = most_cases(how), most_cases(quickened(how, factor))
    assert before is not None
    assert after is not None
    assume(after.magnitude < math.inf)
    assert after.magnitude == pytest.approx(before.magnitude * factor, rel=1e-9)
    assert arrival_scv(quickened(how, factor)) == pytest.approx(arrival_scv(how), abs=1e-9, rel=1e-6)


@given(distributions(), factors)
def test_what_is_stretched_varies_as_much(time: ps.Distribution, factor: float) -> None:
    """
    Times that are so many times as long have a mean as much longer, and the same scv.
    """
    longer = stretched(time, factor)
    assert longer.mean_in_unit == pytest.approx(time.mean_in_unit * factor, rel=1e-9)
    assert longer.scv == pytest.approx(time.scv, rel=1e-6, abs=1e-9)
    assert longer.unit == time.unit


def test_demand_of_a_service_changes_what_says_it() -> None:
    """
    More cases come by the same means, a rate that follows still follows, and a service without a rate stays as it is.
    """
    even = with_demand(ps.PublicService("s", arrivals=ps.Arrivals(interval="20 min")), 2)
    assert even == ps.PublicService("s", arrivals=ps.Arrivals(interval="10 min"))
    half = ps.PublicService("s", arrivals=booked(), arrival_rate="2.7 case/hour")
    more = with_demand(half, 3)
    assert str(more.arrival_rate) == "8.100000000000001 case/hour"
    assert more.arrivals is not None
    assert more.arrivals.appointments is not None
    assert more.arrivals.appointments.slot.quantity.m_as("min") == pytest.approx(20 / 3)
    bare = ps.PublicService("s")
    assert with_demand(bare, 2) is bare
    assert with_demand(attrs.evolve(bare, arrival_rate="1 case/day"), 2).arrivals is None
