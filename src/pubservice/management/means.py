"""The means of an organisation: people, facilities, systems, money and mandates, and what the money is used for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import attrs

from pubservice.analysis.expenses import office_costs
from pubservice.messages import Message
from pubservice.model.resource import QUEUEABLE, ResourceKind
from pubservice.units import SECONDS_PER_YEAR, Money

if TYPE_CHECKING:
    from pubservice.analysis.load import Evaluation
    from pubservice.analysis.performance import Performance
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Resource

KINDS: tuple[ResourceKind, ...] = get_args(ResourceKind)
_WORDS = {
    "staff": Message("people"),
    "facility": Message("facilities and equipment"),
    "information-system": Message("information"),
    "budget": Message("money"),
    "mandate": Message("mandate"),
}


@attrs.frozen
class Means:
    """
    The resources of one kind.

    Attributes:
        kind: ``staff``, ``facility``, ``information-system``, ``budget`` or ``mandate``.
        resources: In document order; none is a gap worth a look, not a fault.
    """

    kind: ResourceKind
    resources: tuple[Resource, ...]

    @property
    def said(self) -> Message:
        """The kind, as management calls it."""
        return _WORDS[self.kind]

    def row(self) -> dict[str, str | float | None]:
        """Return it as a row."""
        capacity = sum(resource.capacity or 0 for resource in self.resources)
        return {
            "means": self.said,
            "resources": ", ".join(resource.id for resource in self.resources) or None,
            "capacity": capacity if self.kind in QUEUEABLE and self.resources else None,
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"kind": self.kind, "resources": [resource.id for resource in self.resources]}


@attrs.frozen
class BudgetUse:
    """
    What a year costs the office in one currency, against its budgets in that currency. Nothing is converted.

    Attributes:
        currency: Three capital letters.
        budgets: Their ids, and those of budgets that state no amount.
        amount: Of the budgets together; None where there is none, or one states no amount.
        capacity_cost: What resources cost while they are open, used or not, with the expenses of steps.
        case_cost: What work on cases costs, with the same expenses: the part of it that is used.
        is_lower_bound: Whether something is not counted, so that costs are at least what they are said to be.
    """

    currency: str
    budgets: tuple[str, ...]
    amount: Money | None
    capacity_cost: Money
    case_cost: Money
    is_lower_bound: bool

    @property
    def share(self) -> float | None:
        """Cost of capacity / budget; None without a budget, or with one of nothing."""
        if self.amount is None or not self.amount.amount:
            return None
        return self.capacity_cost.amount / self.amount.amount

    @property
    def excess(self) -> Money | None:
        """By how much a year costs more than the budgets hold; None where it does not, or the budget is not known."""
        if self.amount is None or self.capacity_cost.amount <= self.amount.amount:
            return None
        return Money(self.capacity_cost.amount - self.amount.amount, self.currency)

    @property
    def is_over(self) -> bool | None:
        """Whether a year costs more than the budgets hold; None where something is not counted and the rest fits."""
        if self.amount is None:
            return None
        if self.excess is not None:
            return True
        return None if self.is_lower_bound else False

    def _said(self, cost: Money) -> str:
        return Message("at least {cost}", cost=str(cost)) if self.is_lower_bound else str(cost)

    def row(self) -> dict[str, str | float | None]:
        """Return it as a row."""
        return {
            "budget": ", ".join(self.budgets) or None,
            "amount": None if self.amount is None else str(self.amount),
            "cost of capacity": self._said(self.capacity_cost),
            "of which work on cases": self._said(self.case_cost),
            "use": None if self.share is None else f"{self.share:.0%}",
            "over": self.is_over,
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "currency": self.currency,
            "budgets": list(self.budgets),
            "amount": None if self.amount is None else self.amount.data(),
            "capacity_cost": self.capacity_cost.data(),
            "case_cost": self.case_cost.data(),
            "share": self.share,
            "is_over": self.is_over,
            "is_lower_bound": self.is_lower_bound,
        }


def means(organisation: PublicOrganisation) -> tuple[Means, ...]:
    """Return the resources of an organisation by kind: all five, also those of which there is none."""
    return tuple(
        Means(kind, tuple(resource for resource in organisation.resources if resource.kind == kind))
        for kind in KINDS
    )


def budget_use(
    evaluation: Evaluation, performance: Performance
) -> tuple[tuple[BudgetUse, ...], tuple[Message, ...]]:
    """
    Return what a year costs, by currency, against the budgets of the organisation, and what is not counted.

    Every budget pays for every service: a model does not say which pays for which.
    """
    organisation = evaluation.organisation
    capacity: dict[str, float] = {}
    work: dict[str, float] = {}
    uncounted = []
    for resource in organisation.resources:
        if resource.cost is not None and resource.capacity is not None:
            seconds = _open_share(organisation, resource) * SECONDS_PER_YEAR
            _add(capacity, resource.cost.currency, resource.cost.per_second * seconds * resource.capacity)
        elif resource.kind == "staff":
            uncounted.append(Message("the resource {id!r} has no cost", id=resource.id))
    for service in performance.services:
        of = evaluation.profiles[service.id]
        if not of.service.procedure.steps:
            continue
        costs = office_costs(service.case)
        if isinstance(costs, Message) or of.rate is None:
            why = costs if isinstance(costs, Message) else service.undefined["arrival_rate_per_s"]
            uncounted.append(Message("{service}: {why}", service=service.id, why=why))
            continue
        assert of.visits is not None  # there are costs
        cases = of.rate * of.clock.share * SECONDS_PER_YEAR
        for currency, amount in costs.items():
            _add(work, currency, amount * cases)
        for step, visits in zip(of.service.procedure.steps, of.visits, strict=False):
            if step.cost is not None:
                _add(capacity, step.cost.currency, step.cost.amount * visits * cases)
    budgets = [resource for resource in organisation.resources if resource.kind == "budget"]
    known = [budget.amount.currency for budget in budgets if budget.amount is not None]
    uses = tuple(
        _use(
            Money(capacity.get(c, 0.0), c),
            Money(work.get(c, 0.0), c),
            budgets,
            is_lower_bound=bool(uncounted),
        )
        for c in dict.fromkeys((*known, *capacity, *work))
    )
    silent = (Message("the budget {id!r} states no amount", id=b.id) for b in budgets if b.amount is None)
    overloaded = (
        Message(
            "{resource}: {why}: work on cases costs what is asked for, not what can be done",
            resource=load.resource,
            why=load.undefined["waiting_time_s"],
        )
        for load in performance.bottlenecks.loads
        if load.utilisation is not None and load.utilisation > 1
    )
    return uses, (*uncounted, *silent, *overloaded)


def _add(total: dict[str, float], currency: str, amount: float) -> None:
    total[currency] = total.get(currency, 0.0) + amount


def _use(capacity: Money, work: Money, budgets: list[Resource], *, is_lower_bound: bool) -> BudgetUse:
    currency = capacity.currency
    held = [b for b in budgets if b.amount is None or b.amount.currency == currency]
    amounts = [b.amount.amount for b in held if b.amount is not None]
    amount = Money(sum(amounts), currency) if held and len(amounts) == len(held) else None
    return BudgetUse(currency, tuple(b.id for b in held), amount, capacity, work, is_lower_bound)


def _open_share(organisation: PublicOrganisation, resource: Resource) -> float:
    calendar = organisation.calendar_of(resource)
    return 1.0 if calendar is None else calendar.open_share
