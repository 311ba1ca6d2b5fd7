"""Demand by interval of the week."""

from __future__ import annotations

from math import exp

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from offices import HOURS, procedure, town_hall
from pubservice.planning.interval import overlap, week
from strategies import calendars, demands

MORNINGS = ps.Demand(weekdays={"mon": 2}, hours={"08:00-10:00": 3}, months={"jan": 2}, growth=0.1)


@given(st.lists(st.none() | calendars(), min_size=1, max_size=2), st.sampled_from([15, 60, 240, 1440]))
def test_intervals_are_the_open_week(open_by: list[ps.Calendar | None], minutes: int) -> None:
    """
    Intervals do not overlap, are no longer than asked, lie wholly inside or outside each calendar, and together are its
    open week.
    """
    found = week(open_by, minutes)

    assert list(found) == sorted(found, key=lambda h: ("mon tue wed thu fri sat sun".index(h.day), h.start))
    assert all(hours.end - hours.start <= minutes for hours in found)
    for calendar in open_by:
        inside = [overlap(calendar, hours) for hours in found]
        whole = sum(h.end - h.start for h in calendar.hours) if calendar else 7 * 1440
        assert sum(inside) == whole
        assert all(n in (0, h.end - h.start) for n, h in zip(inside, found, strict=True))


@given(demands(), st.sampled_from(["30 min", "1 hour", "1 day"]))
def test_cases_of_a_week_are_as_many_as_ever(demand: ps.Demand, interval: str) -> None:
    """
    Whatever the weights are, as many cases come in a week as the arrival rate says: 5 × 28.
    """
    found = ps.forecast_demand(town_hall(demand=demand), interval=interval)

    assert sum(i.cases["permit"] for i in found.intervals) == pytest.approx(5 * 28)


def test_mornings_take_more_than_afternoons() -> None:
    """
    Mondays have weight 2 and two hours of each day weight 3: the mean is 6/5 × 11/7, and 4 cases come in an average hour.
    """
    found = ps.forecast_demand(town_hall(demand=MORNINGS))
    mean = 6 / 5 * 11 / 7
    first, last = found.intervals[0], found.intervals[-1]

    assert (str(first.hours), str(last.hours)) == ("08:00-09:00", "15:00-16:00")
    assert first.cases["permit"] == pytest.approx(4 * 6 / mean)
    assert first.needed == {"clerk": 3, "engineer": 6, "head": 2}
    assert last.needed == {"clerk": 1, "engineer": 2, "head": 1}
    assert str(found.busiest["clerk"]) == "09:00-10:00"
    assert found.method.kind == "approximation"


def test_work_follows_the_cases_by_as_long_as_it_takes() -> None:
    """
    With as many engineers as cases, those at work are the cases that came in the last exponential time: the load of each
    interval is the mean of ∫ λ(t - u) exp(-u / 45 min) du, here added up minute by minute over three weeks.
    """
    found = ps.forecast_demand(town_hall(demand=MORNINGS))
    rates = [i.cases["permit"] / 60 for i in found.intervals for _ in range(60)] * 3
    at_work, loads = 0.0, []
    for rate in rates:
        before = at_work
        at_work = rate * 45 + (at_work - rate * 45) * exp(-1 / 45)
        loads.append((before + at_work) / 2)
    last_week = loads[-35 * 60 :]

    assert [i.offered_loads["engineer"] for i in found.intervals] == pytest.approx(
        [sum(last_week[n : n + 60]) / 60 for n in range(0, 35 * 60, 60)], rel=1e-3
    )
    assert sum(i.offered_loads["engineer"] for i in found.intervals) == pytest.approx(35 * 4 * 0.75)


def test_growth_month_and_factor_multiply() -> None:
    """
    Two years of 10 % growth, a fifth more, and January with weight 2 beside a mean of (31 × 2 + 334.25) / 365.25.
    """
    plain = ps.forecast_demand(town_hall(demand=MORNINGS))
    found = ps.forecast_demand(town_hall(demand=MORNINGS), demand=1.2, years=2, month="jan")
    mean = (31 * 2 + 334.25) / 365.25

    assert found.intervals[0].cases["permit"] == pytest.approx(
        plain.intervals[0].cases["permit"] * 1.2 * 1.21 * 2 / mean
    )


def test_a_resource_that_is_closed_is_not_needed() -> None:
    """
    A resource with a calendar of its own has its work in its own hours, and none outside them.
    """
    office = town_hall()
    short = ps.Calendar("short", hours={"mon-fri": "08:00-12:00"})
    resources = [attrs.evolve(r, calendar="short") if r.id == "head" else r for r in office.resources]
    found = ps.forecast_demand(attrs.evolve(office, calendars=[HOURS, short], resources=resources))
    noon = {str(i.hours): i.needed["head"] for i in found.intervals if i.hours.day == "mon"}

    assert (noon["11:00-12:00"], noon["13:00-14:00"]) == (1, 0)


def test_it_prints_a_row_for_each_interval() -> None:
    """
    The table has a column for each service and resource; what is left out is named below it, and all is in the data.
    """
    office = town_hall()
    more = [*office.services, ps.PublicService("advice", procedure=procedure(talk=("clerk", "5 min")))]
    found = ps.forecast_demand(attrs.evolve(office, services=more), interval="4 hour")
    lines = str(found).splitlines()

    assert lines[0].split() == ["day", "hours", "permit", "clerk", "engineer", "head"]
    assert lines[1].split() == ["mon", "08:00-12:00", "16.00", "1", "4", "1"]
    assert lines[-1] == "advice: not planned: no arrival rate"
    data = found.data()
    assert data["intervals"][0]["day"] == "mon"
    assert data["intervals"][0]["needed"] == {"clerk": 1, "engineer": 4, "head": 1}
    assert data["notes"] == ["advice: not planned: no arrival rate"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"demand": 0}, "expected a number above zero, got 0"),
        ({"month": "january"}, "expected a month from jan to dec, got 'january'"),
        ({"interval": "7 min"}, "expected an interval that divides a day"),
        ({"interval": "1 min"}, "at least 5 min"),
        ({"interval": "1 working_hour"}, "expected an interval"),
    ],
)
def test_options_out_of_range_are_refused(fields: dict[str, object], said: str) -> None:
    """
    No demand, no such month, and intervals that do not divide a day are refused with what would be right.
    """
    with pytest.raises(ps.InvalidQuantityError) as caught:
        ps.forecast_demand(town_hall(), **fields)  # type: ignore[arg-type]  # what it refuses
    assert said in str(caught.value)


def test_what_cannot_be_forecast_says_why() -> None:
    """
    Without arrival rates, in a month without cases, and under a calendar that is never open there is no demand.
    """
    closed = ps.Calendar(
        "hours", hours={"mon": "08:00-09:00"}, closures=["2026-01-01..2026-12-31"], year=2026
    )
    cases = [
        (town_hall(arrival_rate=None), {}, "none of 1 services has an arrival rate"),
        (town_hall(procedure=ps.Procedure()), {}, "none of 1 services has an arrival rate"),
        (town_hall(demand=ps.Demand(months={"jan": 0})), {"month": "jan"}, "permit: no case comes in jan"),
        (
            attrs.evolve(town_hall(arrival_rate="1 case/working_hour"), calendars=[closed]),
            {},
            "'hours' is never open in 2026",
        ),
    ]
    for office, fields, said in cases:
        with pytest.raises(ps.UndefinedResultError, match=said):
            ps.forecast_demand(office, **fields)  # type: ignore[arg-type]  # idem
