"""What can be planned: the services that cases are known to come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.errors import UndefinedResultError
from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.model.organisation import PublicOrganisation


def with_rates(organisation: PublicOrganisation) -> tuple[PublicOrganisation, tuple[Message, ...]]:
    """Return an organisation with those of its services that cases are known to come to, and what is left out."""
    for calendar in organisation.calendars:
        if not calendar.open_share:
            message = Message("calendar {id!r} is never open in {year}", id=calendar.id, year=calendar.year)
            raise UndefinedResultError(message)
    services, notes = [], []
    for service in organisation.services:
        if service.arrival_rate is not None and service.procedure.steps:
            services.append(service)
        else:
            why = Message("no arrival rate") if service.procedure.steps else Message("no procedure")
            notes.append(Message("{service}: not planned: {why}", service=service.id, why=why))
    if not services:
        raise UndefinedResultError(
            Message("nothing to plan: none of {count} services has an arrival rate", count=len(notes))
        )
    return attrs.evolve(organisation, services=services), tuple(notes)
