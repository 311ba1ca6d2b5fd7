"""What remedies save: only what changes is worked out again."""

from __future__ import annotations

import attrs
import pytest

import pubservice as ps


def finding(remedy: ps.Edit | None) -> ps.Finding:
    """Return a finding with a remedy."""
    return ps.Finding("s", steps=(), message=ps.Message("no findings"), remedy=remedy)


def office(*steps: ps.Step, rate: str | None = None) -> ps.PublicOrganisation:
    """Return a row of steps and two clerks."""
    flows = [ps.Flow(a.id, b.id) for a, b in zip(steps, steps[1:], strict=False)]
    return ps.PublicOrganisation(
        "o",
        resources=[ps.Resource("ani", cost="60 EUR/hour"), ps.Resource("budi", cost="30 EUR/hour")],
        services=[ps.PublicService("s", arrival_rate=rate, procedure=ps.Procedure(steps=steps, flows=flows))],
    )


def test_work_that_moves_unloads_one_resource_and_loads_the_other() -> None:
    """
    A step that another resource takes over costs that resource's price; without an arrival rate nothing is per year.
    """
    model = office(
        ps.Step("a", processing_time="1 min"), ps.Step("b", resource="ani", processing_time="30 min")
    )
    (saved,) = ps.savings(model, [finding(ps.Reassign("s", ("b",), "budi"))])
    assert saved.per_case is not None
    assert str(saved.per_case.office_cost) == "15 EUR"
    assert saved.per_year is None


def test_what_a_step_of_unknown_time_costs_is_known_once_it_is_gone() -> None:
    """
    Without the step of unknown time the resource it used has a load again; what the step took stays unknown.
    """
    model = office(
        ps.Step("a", resource="ani", processing_time="30 min", gives=["x"]),
        ps.Step("b", resource="ani"),
        rate="1 case/hour",
    )
    (saved,) = ps.savings(model, [finding(ps.RemoveStep("s", "b"))])
    assert saved.per_case is not None
    assert saved.per_case.cycle_time_s is None
    assert saved.undefined["cycle_time_s"] == "the processing time of step 'b' is unknown"


def test_findings_without_a_remedy_save_nothing() -> None:
    """
    Nothing is measured for a claim that offers nothing; a saving of one prints without a remedy.
    """
    assert len(ps.savings(office(ps.Step("a")), [finding(None)])) == 0
    bare = ps.Savings((ps.Saving(finding(None), None, None),))
    assert bare.rows()[0]["remedy"] == ""
    assert "perbaikan" in bare.text("id")


def test_capacity_is_paid_for_while_it_is_open() -> None:
    """
    A second clerk at 60 EUR an hour costs 60 × 8,766 hours a year, or × 40/168 of that under office hours.
    """
    step = ps.Step("a", resource="ani", processing_time="30 min")
    always = office(step, rate="1 case/hour")
    more = finding(ps.SetCapacity("ani", 2))
    (saved,) = ps.savings(always, [more])
    assert saved.per_case is not None
    assert saved.per_year is not None
    assert saved.per_year.office_cost is not None
    assert (saved.per_case.cycle_time_s or 0) > 0
    assert saved.per_case.office_cost == ps.Money(0, "EUR")
    assert saved.per_year.office_cost.amount == pytest.approx(-60 * 8766)
    hours = ps.Calendar("week", hours={"mon-fri": "08:00-16:00"})
    under = attrs.evolve(office(step, rate="1 case/week"), calendars=[hours], calendar="week")
    own = attrs.evolve(
        always, calendars=[hours], resources=[attrs.evolve(always.resource("ani"), calendar="week")]
    )
    for model in (under, own):
        (saved,) = ps.savings(model, [more])
        assert saved.per_year is not None
        assert saved.per_year.office_cost is not None
        assert saved.per_year.office_cost.amount == pytest.approx(-60 * 8766 * 40 / 168)


def test_capacity_that_is_given_up_saves_its_pay() -> None:
    """
    One of three clerks less saves what that one cost, in the currency of the resource, whatever cases cost otherwise.
    """
    model = office(ps.Step("a", resource="ani", processing_time="6 min", cost="5 USD"), rate="1 case/hour")
    ani = attrs.evolve(model.resource("ani"), capacity=3)
    (saved,) = ps.savings(attrs.evolve(model, resources=[ani]), [finding(ps.SetCapacity("ani", 2))])
    assert saved.per_year is not None
    assert saved.per_year.office_cost == ps.Money(60 * 8766, "EUR")


def test_capacity_without_a_price_has_no_yearly_cost() -> None:
    """
    What more of a resource costs is unknown without its cost, and is not taken for nothing.
    """
    model = office(ps.Step("a", resource="ani", processing_time="6 min", cost="5 USD"), rate="1 case/hour")
    free = attrs.evolve(model, resources=[ps.Resource("ani")])
    (saved,) = ps.savings(free, [finding(ps.SetCapacity("ani", 2))])
    assert saved.per_year is not None
    assert saved.per_year.office_cost is None
    assert saved.undefined["office_cost"] == "the resource 'ani' has no cost"
