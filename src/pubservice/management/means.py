"""The means of an organisation: people, facilities, systems, money and mandates, and what the money is used for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import attrs

from pubservice.analysis.performance import as_data
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
        budgets: Their ids.
        amount: Of the budgets together; None where there is none.
        capacity_cost: What resources cost while they are open, used or not, with the expenses of steps.
        case_cost: What work on cases costs, with the same expenses: the part of it that is used.
        left_out: What is not counted, and why: where there is any, costs are at least what they are said to be.
    """

    currency: str
    budgets: tuple[str, ...]
    amount: Money | None
    capacity_cost: Money
    case_cost: Money
    left_out: tuple[Message, ...] = ()

    @property
    def share(self) -> float | None:
        """Cost of capacity / budget; None without a budget, or with one of nothing."""
        if self.amount is None or not self.amount.amount:
            return None
        return self.capacity_cost.amount / self.amount.amount

    @property
    def is_over(self) -> bool | None:
        """Whether a year costs more than the budgets hold; None where something is left out and what is counted fits."""
        if self.amount is None:
            return None
        if self.capacity_cost.amount > self.amount.amount:
            return True
        return None if self.left_out else False

    def row(self) -> dict[str, str | float | None]:
        """Return it as a row."""
        return {
            "budget": ", ".join(self.budgets) or None,
            "amount": None if self.amount is None else str(self.amount),
            "cost of capacity": str(self.capacity_cost),
            "of which work on cases": str(self.case_cost),
            "use": None if self.share is None else f"{self.share:.0%}",
            "over": self.is_over,
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "currency": self.currency,
            "budgets": list(self.budgets),
            "amount": as_data(self.amount),
            "capacity_cost": as_data(self.capacity_cost),
            "case_cost": as_data(self.case_cost),
            "share": self.share,
            "is_over": self.is_over,
            "left_out": [str(reason) for reason in self.left_out],
        }


def means(organisation: PublicOrganisation) -> tuple[Means, ...]:
    """Return the resources of an organisation by kind: all five, also those of which there is none."""
    return tuple(
        Means(kind, tuple(resource for resource in organisation.resources if resource.kind == kind))
        for kind in KINDS
    )


def budget_use(evaluation: Evaluation, performance: Performance) -> tuple[BudgetUse, ...]:
    """
    Return what a year costs, by currency, against the budgets of the organisation.

    Every budget pays for every service: a model does not say which pays for which.
    """
    organisation = evaluation.organisation
    budgets = [resource for resource in organisation.resources if resource.kind == "budget"]
    capacity: dict[str, float] = {}
    left_out = []
    for resource in organisation.resources:
        if resource.cost is not None and resource.capacity is not None:
            seconds = _open_share(organisation, resource) * SECONDS_PER_YEAR
            paid = resource.cost.per_second * seconds * resource.capacity
            capacity[resource.cost.currency] = capacity.get(resource.cost.currency, 0.0) + paid
        elif resource.kind == "staff":
            left_out.append(Message("the resource {id!r} has no cost", id=resource.id))
        elif resource.kind == "budget" and resource.amount is None:
            left_out.append(Message("the budget {id!r} states no amount", id=resource.id))
    work: dict[str, float] = {}
    for service in performance.services:
        of = evaluation.profiles[service.id]
        if not of.service.procedure.steps:
            continue
        why = service.undefined.get("office_cost") or service.undefined.get("arrival_rate_per_s")
        if why is not None:
            left_out.append(Message("{service}: {why}", service=service.id, why=why))
            continue
        assert of.rate is not None  # nothing says that it is not there
        assert of.visits is not None  # likewise
        assert service.office_cost is not None  # likewise
        cases = of.rate * of.clock.share * SECONDS_PER_YEAR
        currency = service.office_cost.currency
        work[currency] = work.get(currency, 0.0) + service.office_cost.amount * cases
        for step, visits in zip(of.service.procedure.steps, of.visits, strict=False):
            if step.cost is not None:
                capacity[currency] = capacity.get(currency, 0.0) + step.cost.amount * visits * cases
    known = [budget.amount.currency for budget in budgets if budget.amount is not None]
    return tuple(
        _use(currency, budgets, capacity.get(currency, 0.0), work.get(currency, 0.0), left_out)
        for currency in dict.fromkeys((*known, *capacity, *work))
    )


def _use(
    currency: str, budgets: list[Resource], capacity: float, work: float, left_out: list[Message]
) -> BudgetUse:
    held = [(b.id, b.amount) for b in budgets if b.amount is not None and b.amount.currency == currency]
    amount = Money(sum(amount.amount for _, amount in held), currency) if held else None
    return BudgetUse(
        currency,
        tuple(id for id, _ in held),
        amount,
        Money(capacity, currency),
        Money(work, currency),
        tuple(left_out),
    )


def _open_share(organisation: PublicOrganisation, resource: Resource) -> float:
    calendar = organisation.calendar_of(resource)
    return 1.0 if calendar is None else calendar.open_share
