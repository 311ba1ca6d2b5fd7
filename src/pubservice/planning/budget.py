"""What a year of a plan costs, by resource and by service, for a transaction, and against the budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.performance import performance
from pubservice.messages import Message, translate
from pubservice.table import table
from pubservice.units import Money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.messages import Language
    from pubservice.planning.staffed import Staffing


@attrs.frozen
class ServiceCost:
    """
    What a service costs in a year of the plan, in one currency.

    Attributes:
        service: Its id.
        staff: Its share of what resources cost, by the work that it asks of each.
        expenses: Of its steps.
        transactions: Cases in a year that end with what the service is there for.
    """

    service: str
    staff: Money
    expenses: Money
    transactions: float

    @property
    def total(self) -> Money:
        """Staff and expenses."""
        return Money(self.staff.amount + self.expenses.amount, self.staff.currency)

    @property
    def per_transaction(self) -> Money | None:
        """Total / transactions; None where there are none."""
        return self.total.times(1 / self.transactions) if self.transactions else None

    def row(self) -> dict[str, object]:
        """Return it as a row."""
        return {
            "service": self.service,
            "staff": str(self.staff),
            "expenses": str(self.expenses),
            "cost a year": str(self.total),
            "transactions": f"{self.transactions:,.0f}",
            "per transaction": None if self.per_transaction is None else str(self.per_transaction),
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "id": self.service,
            "staff": self.staff.data(),
            "expenses": self.expenses.data(),
            "cost": self.total.data(),
            "transactions": self.transactions,
            "per_transaction": None if self.per_transaction is None else self.per_transaction.data(),
        }


@attrs.frozen
class PlanBudget:
    """
    A year of a plan in money of one currency. Nothing is converted.

    Attributes:
        resources: What each costs, idle time, leave and training included.
        services: What each costs; they add up to the same, and their expenses.
        budgets: Ids of the budgets in this currency.
        amount: What these hold; None where there is none, or one states no amount.
        notes: What is not counted.
    """

    resources: dict[str, Money]
    services: tuple[ServiceCost, ...]
    budgets: tuple[str, ...]
    amount: Money | None
    notes: tuple[Message, ...]

    @property
    def total(self) -> Money:
        """Staff and expenses of all services."""
        return Money(sum(s.total.amount for s in self.services), self.services[0].staff.currency)

    @property
    def excess(self) -> Money | None:
        """By how much it costs more than the budgets hold, negative where something is left; None without a budget."""
        return (
            None
            if self.amount is None
            else Money(self.total.amount - self.amount.amount, self.amount.currency)
        )

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each service."""
        return [service.row() for service in self.services]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "resources": {id: cost.data() for id, cost in self.resources.items()},
            "services": [service.data() for service in self.services],
            "total": self.total.data(),
            "budgets": list(self.budgets),
            "amount": None if self.amount is None else self.amount.data(),
            "excess": None if self.excess is None else self.excess.data(),
            "notes": [str(note) for note in self.notes],
        }

    def text(self, language: Language = "en") -> str:
        """Return a table of services, the total, and what the budgets hold."""
        lines = [f"{translate('cost of a year', language)}: {self.total}"]
        if self.excess is not None:
            over = self.excess.amount > 0
            template = (
                "{budgets}: {amount}, {excess} too little" if over else "{budgets}: {amount}, {excess} left"
            )
            lines.append(
                Message(
                    template,
                    budgets=", ".join(self.budgets),
                    amount=str(self.amount),
                    excess=str(self.excess.times(1 if over else -1)),
                ).text(language)
            )
        lines += [note.text(language) for note in self.notes]
        return "\n\n".join([table(self.rows(), language=language), "\n".join(lines)])

    def __str__(self) -> str:
        return self.text()


def plan_budget(staffing: Staffing) -> tuple[PlanBudget, ...]:
    """
    Return what a year of a plan costs, one budget for each currency in which anything costs.

    What a resource costs is shared out among services by the work that they ask of it; idle time goes with it. A
    transaction is a case that ends with what the service is there for.

    Args:
        staffing: The plan.

    Example:
        >>> plan = ps.staffing(ps.read_example("civil-registration"), shrinkage=0.2)
        >>> budget, = plan_budget(plan)
        >>> print(budget.services[0].per_transaction, budget.excess)
        62,965 IDR -40,958,911 IDR
    """
    found = performance(staffing.planned)
    notes = [
        Message("the resource {id!r} has no cost", id=staffed.resource)
        for staffed in staffing.resources
        if staffed.cost is None
    ]
    staff: dict[str, dict[str, float]] = {}
    resources: dict[str, dict[str, Money]] = {}
    for staffed in staffing.resources:
        if staffed.cost is None:
            continue
        currency = staffed.cost.currency
        resources.setdefault(currency, {})[staffed.resource] = staffed.cost
        asked = {
            service.id: _cases(service) * service.case.of.demands[staffed.resource].staffed
            for service in found.services
            if staffed.resource in service.case.of.demands
        }
        for id, work in asked.items():
            share = staffed.cost.amount * work / sum(asked.values())
            of_currency = staff.setdefault(currency, {})
            of_currency[id] = of_currency.get(id, 0.0) + share
    expenses: dict[str, dict[str, float]] = {}
    for service in found.services:
        for currency, amount in _expenses(service).items():
            expenses.setdefault(currency, {})[service.id] = amount
    budgets = [r for r in staffing.organisation.resources if r.kind == "budget"]
    result = []
    for currency in dict.fromkeys((*staff, *expenses)):
        services = tuple(
            ServiceCost(
                service.id,
                Money(staff.get(currency, {}).get(service.id, 0.0), currency),
                Money(expenses.get(currency, {}).get(service.id, 0.0), currency),
                _transactions(service),
            )
            for service in found.services
        )
        held = [b for b in budgets if b.amount is not None and b.amount.currency == currency]
        amounts = [b.amount for b in held if b.amount is not None]
        result.append(
            PlanBudget(
                resources.get(currency, {}),
                services,
                tuple(budget.id for budget in held),
                _sum(amounts, currency),
                tuple(notes),
            )
        )
    return tuple(result)


def _sum(amounts: Sequence[Money], currency: str) -> Money | None:
    return Money(sum(amount.amount for amount in amounts), currency) if amounts else None


def _cases(service: ServicePerformance) -> float:
    cases = service.case.of.cases_per_year
    assert cases is not None  # only services with an arrival rate are planned
    return cases


def _transactions(service: ServicePerformance) -> float:
    return _cases(service) * sum(o.probability for o in service.outcomes if o.completed)


def _expenses(service: ServicePerformance) -> dict[str, float]:
    """Return what steps cost beside the work, in a year, by currency."""
    found: dict[str, float] = {}
    of = service.case.of
    for step, visits in zip(of.service.procedure.steps, of.visits or (), strict=False):
        if step.cost is not None:
            amount = step.cost.amount * visits * _cases(service)
            found[step.cost.currency] = found.get(step.cost.currency, 0.0) + amount
    return found
