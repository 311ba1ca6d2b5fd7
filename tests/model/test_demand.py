"""When cases come, and which of them are open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.model.demand import MONTHS, edges, mean_weight, weight_within
from pubservice.model.resource import WEEKDAYS
from strategies import calendars, demands

OFFICE = ps.Calendar("office", hours={"mon-fri": "08:00-12:00, 13:00-16:00"})
SERVICE = {
    "procedure": ps.Procedure(
        steps=[ps.Step("intake"), ps.Step("assess")],
        waits=[ps.Wait("post", cause="other", clock="elapsed", time="1 day")],
        ends=[ps.End("done")],
        flows=[ps.Flow("intake", "assess"), ps.Flow("assess", "post"), ps.Flow("post", "done")],
    )
}


def service(**fields: Any) -> ps.PublicService:
    return ps.PublicService("permit", **{**SERVICE, **fields})


def rejected(function: Any, **fields: Any) -> str:
    with pytest.raises((ps.InvalidModelError, ps.InvalidQuantityError)) as caught:
        function(**fields)
    return str(caught.value)


@given(demands(), st.none() | calendars().filter(lambda calendar: calendar.year is None))
def test_the_arrival_rate_stays_the_mean(demand: ps.Demand, calendar: ps.Calendar | None) -> None:
    """
    Over the open time of a week the relative rate is 1 on average, whatever the weights are.
    """
    hours = (
        [(h.day, h.start, h.end) for h in calendar.hours] if calendar else [(d, 0, 1440) for d in WEEKDAYS]
    )
    total = minutes = 0.0
    for day, start, end in hours:
        cuts = sorted({start, end, *(edge for edge in edges(demand) if start < edge < end)})
        for begins, ends in zip(cuts[:-1], cuts[1:], strict=True):
            total += (ends - begins) * ps.relative_rate(demand, calendar, day=day, minute=begins)
            minutes += ends - begins

    assert total / minutes == pytest.approx(1)


@given(demands())
def test_months_are_weighted_by_their_days(demand: ps.Demand) -> None:
    """
    Over a year of 365.25 days the relative rates of the months are 1 on average.
    """
    days = dict(zip(MONTHS, (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
    week = sum(weight_within(demand, day, 0, 1440) for day in WEEKDAYS) / 7 / 1440
    mean = sum(days[m] * demand.weight(day="mon", minute=0, month=m) for m in MONTHS) / 365.25
    mean *= week / demand.weight(day="mon", minute=0)

    assert mean_weight(demand) == pytest.approx(mean)


def test_a_year_with_closed_days_is_gone_through_day_by_day() -> None:
    """
    Where a calendar has a year, months count with the hours that it is open in them.
    """
    closed = ps.Calendar(
        "c", hours={"mon-sun": "08:00-09:00"}, closures=["2026-02-01..2026-12-31"], year=2026
    )
    demand = ps.Demand(months={"jan": 3, "feb": 7})

    assert mean_weight(demand, closed) == 3
    assert ps.relative_rate(demand, closed, day="mon", minute=480, month="jan") == 1


def test_mondays_and_mornings_are_busier() -> None:
    """
    Five days of seven hours, Monday with weight 2 and two hours of each day with weight 3: the mean weight is
    (2 + 4) / 5 × (2 × 3 + 5) / 7.
    """
    demand = ps.Demand(weekdays={"mon": 2}, hours={"08:00-10:00": 3})
    mean = 6 / 5 * 11 / 7

    assert mean_weight(demand, OFFICE) == pytest.approx(mean)
    assert ps.relative_rate(demand, OFFICE, day="mon", minute=540) == pytest.approx(6 / mean)
    assert ps.relative_rate(demand, OFFICE, day="tue", minute=600) == pytest.approx(1 / mean)
    assert ps.relative_rate(None, OFFICE, day="tue", minute=600) == 1


def test_weights_are_read_from_what_people_write() -> None:
    """
    A mapping, or the weights themselves, in any order; each part once.
    """
    demand = ps.Demand(
        weekdays=[ps.WeekdayWeight("fri", 0.5), ps.WeekdayWeight("mon", 2)],
        hours={"13:00-14:00": 1, "08:00-10:00": 2},
        months={"feb": 1, "jan": 1.5},
    )

    assert [weight.part for weight in demand.weekdays] == ["mon", "fri"]
    assert [weight.part for weight in demand.hours] == ["08:00-10:00", "13:00-14:00"]
    assert [weight.part for weight in demand.months] == ["jan", "feb"]
    assert demand.varies
    assert not ps.Demand(weekdays={"mon": 1}, growth=0.5).varies


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"weekdays": {"mon": -1}}, "not negative"),
        ({"weekdays": {"monday": 1}}, "did you mean 'mon'"),
        ({"weekdays": [ps.WeekdayWeight("mon", 1)] * 2}, "'mon' is there already"),
        ({"weekdays": [1]}, "expected weights such as {mon: 1.5}, got [1]"),
        ({"weekdays": "mon"}, "expected weights"),
        ({"months": [ps.MonthWeight("jan", 1)] * 2}, "'jan' is there already"),
        ({"months": {"january": 1}}, "did you mean 'jan'"),
        ({"hours": {"8-10": 1}}, "expected hours such as '08:00-10:00', got '8-10'"),
        ({"hours": {"08:60-10:00": 1}}, "got '08:60-10:00'"),
        ({"hours": {"10:00-08:00": 1}}, "got '10:00-08:00'"),
        ({"hours": {"08:00-10:00": 1, "09:00-11:00": 1}}, "hours overlap: 08:00-10:00 and 09:00-11:00"),
        ({"hours": {"08:00-10:00": "x"}}, "not negative"),
        ({"growth": -1}, "above -1, at most 100, such as 0.05, got -1"),
        ({"growth": True}, "got True"),
        ({"weekdays": dict.fromkeys(WEEKDAYS, 0)}, "no case would ever come"),
        ({"months": dict.fromkeys(MONTHS, 0)}, "no case would ever come"),
        ({"hours": {"00:00-12:00": 0, "12:00-24:00": 0}}, "no case would ever come"),
    ],
)
def test_what_is_no_demand_is_refused(fields: dict[str, Any], said: str) -> None:
    """
    Weights that cannot be read, parts that repeat, and weights of which all are 0 are refused, with what would be right.
    """
    assert said in rejected(ps.Demand, **fields)


def test_hours_lie_within_a_day() -> None:
    """
    Hours that end before they begin are refused.
    """
    with pytest.raises(ps.InvalidModelError, match="expected hours"):
        ps.HoursWeight(600, 480, 1)


def test_somebody_comes_in_open_hours() -> None:
    """
    Weights that are 0 in all open hours contradict the arrival rate; an organisation refuses them.
    """
    office: dict[str, Any] = {"calendar": "office", "calendars": [OFFICE]}
    weekend = ps.Demand(weekdays=dict.fromkeys(WEEKDAYS[:5], 0))
    said = rejected(lambda: ps.PublicOrganisation("o", services=[service(demand=weekend)], **office))

    assert "services[0].demand: expected a weight above 0 in an open hour of 'office', got none" in said
    assert ps.PublicOrganisation("o", services=[service(demand=weekend)]).service("permit").demand == weekend
    with pytest.raises(ps.UndefinedResultError, match="the weights of demand are 0 there"):
        mean_weight(weekend, OFFICE)


def test_open_cases_stand_at_steps_and_waits() -> None:
    """
    Open cases stand at a step or a wait of the service; how long they have waited need not be known.
    """
    standing = [ps.OpenCases(at="assess", cases=12, waited="2 working_day"), ps.OpenCases(at="post", cases=3)]

    assert service(open_cases=standing).open_cases == tuple(standing)
    assert "no step or wait 'done'" in rejected(service, open_cases=[ps.OpenCases(at="done", cases=1)])
    assert "did you mean 'assess'" in rejected(service, open_cases=[ps.OpenCases(at="asess", cases=1)])


@pytest.mark.parametrize(
    ("cases", "said"), [(None, "got None"), (0, "got 0"), (10**10, "at most 1,000,000,000")]
)
def test_open_cases_are_counted(cases: Any, said: str) -> None:
    """
    Their number is whole, at least 1 and bounded.
    """
    assert said in rejected(ps.OpenCases, at="a", cases=cases)


def test_open_cases_move_on_when_their_step_goes() -> None:
    """
    Cases at a step that is removed stand at the next one, at a step that replaces it, or are done.
    """
    office = ps.PublicOrganisation(
        "o",
        services=[
            service(open_cases=[ps.OpenCases(at="intake", cases=2), ps.OpenCases(at="assess", cases=1)]),
        ],
    )
    shorter = ps.apply(office, ps.RemoveStep("permit", "intake"))
    last = open_cases(shorter)

    assert [(standing.at, standing.cases) for standing in last] == [("assess", 2), ("assess", 1)]
    assert "permit: open cases stand at assess (2), assess (1)" in [
        str(c) for c in ps.changes(office, shorter)
    ]


def open_cases(office: ps.PublicOrganisation) -> tuple[ps.OpenCases, ...]:
    return office.service("permit").open_cases


def test_open_cases_whose_last_step_goes_are_done() -> None:
    """
    Where nothing follows a removed step but the end, the cases that stood there are done.
    """
    alone = ps.Procedure(
        steps=[ps.Step("intake"), ps.Step("assess")],
        ends=[ps.End("done")],
        flows=[ps.Flow("intake", "assess"), ps.Flow("assess", "done")],
    )
    office = ps.PublicOrganisation(
        "o", services=[service(procedure=alone, open_cases=[ps.OpenCases(at="assess", cases=4)])]
    )

    shorter = ps.apply(office, ps.RemoveStep("permit", "assess"))
    assert open_cases(shorter) == ()
    assert "permit: open cases stand at -" in [str(change) for change in ps.changes(office, shorter)]


def test_varying_demand_is_taken_at_its_mean_and_said() -> None:
    """
    The stationary analysis takes the mean rate; where demand varies it is no longer exact, and says why.
    """

    def office(**more: Any) -> ps.PublicOrganisation:
        one = ps.PublicService(
            "permit",
            arrival_rate="1 case/working_hour",
            procedure=ps.Procedure(
                steps=[ps.Step("intake", resource="clerk", processing_time="exponential(30) min")]
            ),
            **more,
        )
        clerk = ps.Resource("clerk")
        return ps.PublicOrganisation(
            "o", calendar="office", calendars=[OFFICE], resources=[clerk], services=[one]
        )

    even = ps.performance(office()).service("permit")
    busy = ps.performance(office(demand=ps.Demand(weekdays={"mon": 2}))).service("permit")

    assert even.cycle_time_s == busy.cycle_time_s
    assert even.method["cycle_time_s"].kind == "exact"
    assert busy.method["cycle_time_s"].kind == "approximation"
    assert "demand that varies over time taken at its mean rate" in busy.method["cycle_time_s"].name


def test_open_cases_at_merged_steps_stand_at_what_stands_for_them() -> None:
    """
    Cases at a step that was merged with another stand at the step that both became.
    """
    standing = [ps.OpenCases(at="intake", cases=2), ps.OpenCases(at="assess", cases=1)]
    office = ps.PublicOrganisation("o", services=[service(open_cases=standing)])
    merged = ps.apply(office, ps.MergeSteps("permit", ["intake", "assess"]))

    places = {standing.at for standing in open_cases(merged)}
    assert len(places) == 1
    assert places <= {step.id for step in merged.service("permit").procedure.steps}
