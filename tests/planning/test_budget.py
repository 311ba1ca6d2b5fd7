"""What a year of a plan costs."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

import pubservice as ps
from offices import procedure, town_hall


def office(**fields: Any) -> ps.PublicOrganisation:
    """Return a town hall with a second service that the clerk works for, and expenses in it."""
    stamp = ps.Step("stamp", resource="clerk", processing_time="exponential(6) min", cost="5000 IDR")
    second = ps.PublicService(
        "stamp",
        arrival_rate="14 case/working_day",
        procedure=ps.Procedure(
            steps=[stamp],
            ends=[ps.End("granted"), ps.End("withdrawn")],
            flows=[
                ps.Flow("stamp", "granted", probability=0.75),
                ps.Flow("stamp", "withdrawn", probability=0.25),
            ],
        ),
    )
    hall = town_hall()
    return attrs.evolve(hall, services=[*hall.services, second], **fields)


def test_shares_and_expenses_add_up_to_the_plan() -> None:
    """
    What services bear of resources is what the plan costs; a shared resource is borne by the work of each: 28 × 12 minutes
    against 14 × 6.
    """
    plan = ps.staffing(office())
    (budget,) = ps.plan_budget(plan)
    permit, stamp = budget.services
    clerk = plan.resource("clerk").cost
    year = 365.25 * 5 / 7
    assert plan.cost is not None
    assert clerk is not None

    assert permit.staff.amount + stamp.staff.amount == pytest.approx(plan.cost.amount)
    assert stamp.staff.amount == pytest.approx(clerk.amount * 84 / (336 + 84))
    assert stamp.expenses.amount == pytest.approx(14 * year * 5000)
    assert stamp.transactions == pytest.approx(14 * year * 0.75)
    assert stamp.per_transaction is not None
    assert stamp.per_transaction.amount == pytest.approx(stamp.total.amount / stamp.transactions)
    assert budget.total.amount == pytest.approx(plan.cost.amount + stamp.expenses.amount)
    assert budget.amount is None
    assert budget.excess is None


@pytest.mark.parametrize(("held", "said"), [("1 IDR", "too little"), ("9000000000 IDR", "left")])
def test_budgets_are_held_against_it(held: str, said: str) -> None:
    """
    The budgets in the currency are added; what is missing or left is said.
    """
    budgets = [
        ps.Resource("fund", kind="budget", amount=held),
        ps.Resource("other", kind="budget", amount="5 EUR"),
    ]
    plan = ps.staffing(office(resources=[*town_hall().resources, *budgets]))
    (budget,) = ps.plan_budget(plan)

    assert budget.budgets == ("fund",)
    assert said in str(budget)
    assert budget.excess is not None
    assert (budget.excess.amount > 0) == (said == "too little")


def test_currencies_have_budgets_of_their_own_and_gaps_are_named() -> None:
    """
    Nothing is converted; a resource without a cost is named; a service that never completes has no cost per transaction.
    """
    euro = attrs.evolve(town_hall().resources[0], cost="5 EUR/hour")
    free = attrs.evolve(town_hall().resources[2], cost=None)
    never = town_hall(
        procedure=ps.Procedure(
            steps=list(procedure(a=("clerk", "5 min"), b=("engineer", "5 min"), c=("head", "5 min")).steps),
            ends=[ps.End("withdrawn")],
            flows=[ps.Flow("a", "b"), ps.Flow("b", "c"), ps.Flow("c", "withdrawn")],
        )
    )
    plan = ps.staffing(attrs.evolve(never, resources=[euro, town_hall().resources[1], free]))
    budgets = ps.plan_budget(plan)

    assert [budget.total.currency for budget in budgets] == ["EUR", "IDR"]
    assert [str(note) for note in budgets[0].notes] == ["the resource 'head' has no cost"]
    assert budgets[0].services[0].per_transaction is None
    assert budgets[0].resources.keys() == {"clerk"}


def test_it_prints_and_is_data() -> None:
    """
    The table has a row for each service; the data hold the same sums.
    """
    (budget,) = ps.plan_budget(ps.staffing(office()))

    assert str(budget).splitlines()[0].split()[:2] == ["service", "staff"]
    assert "biaya setahun" in budget.text("id")
    assert budget.data()["total"] == budget.total.data()
    assert budget.data()["services"][0]["id"] == budget.rows()[0]["service"] == "permit"
