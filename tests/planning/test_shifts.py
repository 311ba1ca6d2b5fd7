"""Shifts that cover what a plan takes."""

from __future__ import annotations

import builtins
from collections import Counter
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from offices import HOURS, procedure, town_hall
from pubservice.errors import InvalidQuantityError
from pubservice.model.resource import WEEKDAYS

MORNINGS = ps.Demand(weekdays={"mon": 1.5}, hours={"08:00-10:00": 2})
RULES = ps.ShiftRules(lengths=["4 hour", "8 hour"], pause="1 hour")


def staffing(**fields: Any) -> ps.Staffing:
    return ps.staffing(town_hall(**fields), targets=["engineer: 80% within 30 min"])


def reasons(plan: ps.Staffing, **options: Any) -> list[str]:
    with pytest.raises(ps.InfeasiblePlanError) as caught:
        ps.plan_shifts(plan, "engineer", **options)
    return [str(reason) for reason in caught.value.reasons]


def test_shifts_cover_every_interval_with_the_fewest_hours() -> None:
    """
    Five days from eight to four with a pause at noon are covered without an idle minute by shifts of the office's hours.
    """
    found = ps.plan_shifts(staffing(), "engineer", rules=ps.ShiftRules(pause="1 hour"))
    needed = staffing().resource("engineer").needed

    assert [(shift.day, str(shift), shift.pause, shift.staff) for shift in found.shifts] == [
        (day, "08:00-16:00", (720, 780), needed) for day in WEEKDAYS[:5]
    ]
    assert found.employees == found.employed == needed
    assert found.worked_hours == needed * 7 * 5
    assert found.idle_hours == 0
    assert found.is_proven


@settings(max_examples=15)
@given(
    st.dictionaries(st.sampled_from(WEEKDAYS[:5]), st.integers(1, 3), max_size=3),
    st.sampled_from(
        [RULES, ps.ShiftRules(lengths="6 hour", days_off=3, pause="15 min"), ps.ShiftRules(pause=0)]
    ),
    st.sampled_from([0.0, 0.25]),
)
def test_every_shift_plan_can_be_worked(weights: dict[str, int], rules: ps.ShiftRules, away: float) -> None:
    """
    Every interval has as many as it takes; nobody has two shifts on a day, more days than the rules allow, or more hours; and
    the shifts of the roster are those of the plan.
    """
    office = town_hall(demand=ps.Demand(weekdays=weights, hours={"08:00-10:00": 2}))
    found = ps.plan_shifts(ps.staffing(office, shrinkage=away), "engineer", rules=rules)

    assert all(covered.on_duty >= covered.required for covered in found.coverage)
    assert Counter(attrs.evolve(s, staff=1) for shifts in found.roster for s in shifts) == Counter(
        {attrs.evolve(shift, staff=1): shift.staff for shift in found.shifts}
    )
    for shifts in found.roster:
        assert len({shift.day for shift in shifts}) == len(shifts) <= 7 - rules.days_off
        assert sum(rules.worked(shift.end - shift.start) for shift in shifts) <= rules.most_hours
        for shift in shifts:
            parts = [shift.end - shift.start]
            if shift.pause is not None:
                parts = [shift.pause[0] - shift.start, shift.end - shift.pause[1]]
            assert max(parts) <= max(rules.most_without_pause, 1440 if not rules.pause else 0)
    assert found.employed >= found.employees / (1 - away)
    assert found.idle_hours >= -1e-9


def test_short_shifts_save_hours() -> None:
    """
    Where only mornings are busy, shifts of four hours beside those of eight take fewer hours than those of eight alone.
    """
    plan = staffing(demand=MORNINGS)
    whole = ps.plan_shifts(plan, "engineer", rules=ps.ShiftRules(pause="1 hour"))
    mixed = ps.plan_shifts(plan, "engineer", rules=RULES)

    assert mixed.worked_hours < whole.worked_hours
    assert mixed.idle_hours < whole.idle_hours
    half = attrs.evolve(town_hall(), calendars=[ps.Calendar("hours", hours={"mon": "08:00-12:00"})])
    alone = ps.plan_shifts(ps.staffing(half), "engineer", rules=RULES)
    assert {shift.end - shift.start for shift in alone.shifts} == {240}


def test_the_cost_of_a_year_is_that_of_the_hours() -> None:
    """
    Hours of a week × the weeks of a year × cost per hour, more where part of the time is paid but not worked; closed days
    are not worked.
    """
    plan = ps.staffing(town_hall(), targets=["engineer: 80% within 30 min"], shrinkage=0.2)
    found = ps.plan_shifts(plan, "engineer", rules=ps.ShiftRules(pause="1 hour"))
    assert found.cost is not None
    assert found.cost.amount == pytest.approx(found.worked_hours * 365.25 / 7 * 90000 / 0.8)

    closed = attrs.evolve(HOURS, closures=["2026-01-01..2026-06-30"], year=2026)
    half = attrs.evolve(town_hall(arrival_rate="28 case/working_day"), calendars=[closed])
    year = ps.plan_shifts(ps.staffing(half), "engineer", rules=ps.ShiftRules(pause="1 hour"))
    assert year.cost is not None
    weeks = closed.open_share * 365.25 * 24 / 35
    assert year.cost.amount == pytest.approx(year.worked_hours * weeks * 90000)


def test_always_open_offices_and_machines_have_shifts_too() -> None:
    """
    Without a calendar the whole week is covered; a machine takes no leave, and without a cost none is said.
    """
    office = ps.PublicOrganisation(
        "kiosk",
        resources=[ps.Resource("printer", kind="facility", cost="100 IDR/hour"), ps.Resource("guard")],
        services=[
            ps.PublicService(
                "copy",
                arrival_rate="6 case/hour",
                procedure=procedure(copy=("printer", "5 min"), look=("guard", "3 min")),
            )
        ],
    )
    plan = ps.staffing(office, shrinkage=0.5)
    rules = ps.ShiftRules(lengths="8 hour", pause=0)
    printer, guard = (ps.plan_shifts(plan, id, rules=rules) for id in ("printer", "guard"))

    assert printer.worked_hours == guard.worked_hours == 7 * 24
    assert printer.employed == printer.employees
    assert guard.employed == 2 * guard.employees
    assert printer.cost is not None
    assert printer.cost.amount == pytest.approx(365.25 * 24 * 100)
    assert guard.cost is None
    assert "cost of a year" not in str(guard)


def test_an_interval_that_no_shift_covers_is_named() -> None:
    """
    Shifts that may not begin before nine leave the first hour of each day uncovered, and the text says why.
    """
    said = reasons(staffing(), rules=ps.ShiftRules(earliest="09:00", latest="18:00", pause="1 hour"))

    assert len(said) == 5
    assert said[0] == (
        "engineer: mon 08:00-09:00 takes 5, and no shift covers it: shifts of 8 hours lie between 09:00 and 18:00, with at "
        "most 4 hours before and after a pause of 60 min"
    )


def test_too_few_employees_are_told_with_the_intervals_they_leave() -> None:
    """
    With three employees where five are needed, the intervals that fall short are named with how many are there.
    """
    said = reasons(staffing(), employees=3)

    assert (
        "engineer: mon 08:00-09:00 takes 5, and 3 employees with 2 days off and at most 40 hours in a week leave 3"
        in said
    )


def test_days_off_and_hours_take_more_employees() -> None:
    """
    With three days off a week five days take more employees than are there at once; with 20 hours a week, more still.
    """
    plan, hours = staffing(), "1 hour"
    needed = plan.resource("engineer").needed
    found = [
        ps.plan_shifts(plan, "engineer", rules=rules).employees
        for rules in (
            ps.ShiftRules(pause=hours),
            ps.ShiftRules(pause=hours, days_off=3),
            ps.ShiftRules(pause=hours, most_hours="20 hour"),
        )
    ]
    assert found == [needed, -(-needed * 5 // 4), -(-needed * 5 // 2)]


def test_shifts_print_and_are_data() -> None:
    """
    The table has a row for each shift of a day; employees, hours and money stand below it, in both languages.
    """
    found = ps.plan_shifts(staffing(demand=MORNINGS), "engineer", rules=RULES)
    data = found.data()

    assert str(found).splitlines()[1].split() == ["day", "shift", "pause", "staff"]
    assert "jam kerja seminggu" in found.text("id")
    assert data["employees"] == len(data["roster"]) == found.employees
    assert data["coverage"][0] == {
        "day": "mon",
        "hours": "08:00-09:00",
        "required": found.coverage[0].required,
        "on_duty": found.coverage[0].on_duty,
    }
    assert len(found.rows()) == len(found.shifts)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lengths": "8 working_hour"}, "expected whole minutes, got '8 working_hour'"),
        ({"lengths": []}, "expected shifts of at most a day"),
        ({"lengths": "25 hour"}, "expected shifts of at most a day, got '25 hour'"),
        ({"pause": "30 s"}, "expected whole minutes"),
        ({"earliest": "8"}, "expected a time such as '08:00', got '8'"),
        ({"latest": "08:75"}, "expected a time such as '08:00', got '08:75'"),
        (
            {"earliest": "14:00", "latest": "10:00"},
            "between 14:00 and 10:00 there is no room for a shift of 480 min",
        ),
        ({"pause": "9 hour"}, "a pause of 540 min leaves no work in a shift of 480 min"),
        ({"days_off": 7}, "expected from 0 to 6 days off in a week, got 7"),
    ],
)
def test_rules_out_of_range_are_refused(fields: dict[str, Any], said: str) -> None:
    """
    Rules that cannot be read or kept are refused with what would be right.
    """
    with pytest.raises(ps.InvalidQuantityError) as caught:
        ps.ShiftRules(**fields)
    assert said in str(caught.value)


def test_shifts_that_are_longer_than_a_week_of_work_are_no_shifts() -> None:
    """
    Where one shift is longer than may be worked in a week, nothing is covered.
    """
    assert len(reasons(staffing(), rules=ps.ShiftRules(most_hours="5 hour"))) == 35


def test_without_scipy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The error says which extra brings the solver.
    """
    plain = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name.startswith("scipy"):
            raise ImportError(name)
        return plain(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ps.MissingExtraError, match=r"pubservice\[planning\]"):
        ps.plan_shifts(staffing(), "engineer")


def test_a_solver_without_time_says_so() -> None:
    """
    Where the solver finds nothing in the time that it has, the text says what would make it easier.
    """
    busy = staffing(demand=MORNINGS)
    with pytest.raises(
        ps.UndefinedResultError, match="possible shifts was found in 0 s: allow fewer lengths"
    ):
        ps.plan_shifts(busy, "engineer", rules=RULES, seconds=0)


@pytest.mark.parametrize("employees", [-1, 0, 2.5, True])
def test_a_number_of_employees_is_one(employees: Any) -> None:
    """
    There is at least one employee, and no half of one.
    """
    with pytest.raises(InvalidQuantityError, match="expected a whole number of at least 1, got"):
        ps.plan_shifts(staffing(), "clerk", employees=employees)
