"""What a case costs the office, and what its applicant pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.messages import Message
from pubservice.model.procedure import Step
from pubservice.units import Money

if TYPE_CHECKING:
    from pubservice.analysis.case import Case
    from pubservice.model.resource import Resource


_NO_COST = Message("no step and no resource it uses has a cost")


def office_cost(case: Case) -> Money | Message:
    """Return what a case costs the office in its one currency, or why that is unknown."""
    found = office_costs(case)
    return found if isinstance(found, Message) else _sum(found)


def office_costs(case: Case) -> dict[str, float] | Message:
    """Return what a case costs the office, by currency, or why that is unknown."""
    of = case.of
    if of.undefined is not None or of.visits is None:
        return of.undefined or Message("")
    total: dict[str, float] = {}
    for i, node in enumerate(of.graph.nodes):
        if not isinstance(node, Step):
            break
        if of.visits[i] and not _add(case, i, node, of.visits[i], total):
            return of.unknown[i]
    return total or _NO_COST


def visit_cost(case: Case, i: int, step: Step) -> Money | Message:
    """Return what a visit of a step costs the office, or why that is unknown."""
    total: dict[str, float] = {}
    return _sum(total) if _add(case, i, step, 1.0, total) else case.of.unknown[i]


def _add(case: Case, i: int, step: Step, visits: float, total: dict[str, float]) -> bool:
    """Add what visits of a step cost; return whether that is known."""
    if step.cost is not None:
        total[step.cost.currency] = total.get(step.cost.currency, 0.0) + visits * step.cost.amount
    time = case.of.times[i]
    for resource in _priced(case, step):
        assert resource.cost is not None  # only those with a cost are priced
        if time is None:
            return False
        amount = visits * time * step.staff * resource.cost_per_second
        total[resource.cost.currency] = total.get(resource.cost.currency, 0.0) + amount
    return True


def _priced(case: Case, step: Step) -> list[Resource]:
    found = [case.evaluation.organisation.resource(id) for id in step.resource]
    return [resource for resource in found if resource.cost is not None]


def _sum(total: dict[str, float]) -> Money | Message:
    """Return amounts, by their currencies, as one amount, or why they are not."""
    if not total:
        return _NO_COST
    if len(total) > 1:
        return Message("costs in {currencies} do not add without a rate", currencies=", ".join(total))
    ((currency, amount),) = total.items()
    return Money(amount, currency)


def fees(case: Case) -> tuple[Money, ...] | Message:
    """Return what an applicant is expected to pay, per currency, or why that is unknown."""
    of = case.of
    if not of.service.fees:
        return ()
    if of.undefined is not None or of.visits is None:
        return of.undefined or Message("")
    total: dict[str, float] = {}
    for fee in of.service.fees:
        at = of.graph.start if fee.at is None else of.graph.index[fee.at]
        total[fee.amount.currency] = total.get(fee.amount.currency, 0.0) + of.visits[at] * fee.amount.amount
    return tuple(Money(amount, currency) for currency, amount in total.items())
