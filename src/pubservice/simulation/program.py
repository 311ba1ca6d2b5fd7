"""An organisation as flat arrays, and the names of what stands in them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message
from pubservice.model.text import MOST_PROBLEMS
from pubservice.simulation.calendars import clocks
from pubservice.simulation.draft import Draft, ServiceDraft
from pubservice.simulation.groups import add_resources, open_by
from pubservice.simulation.nodes import add_service
from pubservice.simulation.parts import Parts, Sizes, array_of

if TYPE_CHECKING:
    from datetime import datetime

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.simulation.conditions import CaseAttribute


@attrs.frozen(eq=False)
class Program:
    """
    What is simulated: an organisation as arrays, and the names of what stands in them.

    Attributes:
        parts: The arrays.
        sizes: How much room a case takes.
        services: Ids of the services that have a procedure.
        nodes: Id of each node; of a gateway that joins and splits twice.
        node_service: Of each node, the number of its service.
        resources: Ids of all resources that cases queue for.
        resource_clock: Of each resource, the number of the clock that it is open by; where it has no calendar, and
            services differ, that of the organisation.
        outcomes: The outcomes there are.
        completed: Of each outcome, whether the service did what it is there for.
        currencies: The currencies there are.
        attributes: The attributes of cases, of all services.
        starts: The moment from which seconds run.
    """

    parts: Parts = attrs.field(repr=False)
    sizes: Sizes
    services: tuple[str, ...]
    nodes: tuple[str, ...] = attrs.field(repr=False)
    node_service: tuple[int, ...] = attrs.field(repr=False)
    resources: tuple[str, ...]
    resource_clock: tuple[int, ...] = attrs.field(repr=False)
    outcomes: tuple[str, ...]
    completed: tuple[bool, ...]
    currencies: tuple[str, ...]
    attributes: tuple[CaseAttribute, ...] = attrs.field(repr=False)
    starts: datetime


def program(organisation: PublicOrganisation) -> Program:
    """
    Return what is simulated of an organisation.

    Services without a procedure are left out: nothing happens in them.

    Raises:
        InvalidModelError: Something cannot be simulated: an unknown time, an unknown probability, a service without
            arrival rate, a place from where no end is reached, an inclusive join whose branches cannot be told, a
            calendar that is never open. All of them, each with its place.
    """
    draft = Draft(organisation)
    described = [service for service in draft.organisation.services if service.procedure.nodes]
    for number, service in enumerate(described):
        add_service(ServiceDraft(draft, service, number))
    if not described:
        draft.problems.append(Problem("services", Message("no service describes a procedure")))
    if draft.problems:
        raise InvalidModelError(draft.problems[:MOST_PROBLEMS])
    add_resources(draft)
    _add_amounts(draft)
    columns = draft.columns
    resource_clock = tuple(open_by(draft, id) for id in draft.resources)
    for name, of in (("out", "target"), ("asks", "datum"), ("standing_held", "standing_place")):
        columns[name].append(len(columns[of]))
    fan = max((after - first for first, after in pairwise(columns["out"])), default=0)
    return Program(
        Parts(clocks(draft.hours), **{name: array_of(name, column) for name, column in columns.items()}),
        Sizes(**draft.most, currencies=len(draft.currencies), fan=fan, lags=draft.lags),
        tuple(service.id for service in described),
        tuple(id for _, id in draft.ids),
        tuple(service for service, _ in draft.ids),
        tuple(draft.resources),
        resource_clock,
        tuple(draft.outcomes),
        tuple(draft.completed),
        tuple(draft.currencies),
        tuple(draft.attributes),
        draft.start,
    )


def _add_amounts(draft: Draft) -> None:
    """Add what visits and work cost, and what applicants pay, by currency."""
    several = {"expense": draft.expenses, "hourly": draft.hourly, "fee": draft.fees}
    for currency in (currency for amounts in several.values() for of in amounts for currency in of):
        draft.currencies.setdefault(currency, len(draft.currencies))
    for name, amounts in several.items():
        draft.columns[name] = [of.get(currency, 0.0) for of in amounts for currency in draft.currencies]
