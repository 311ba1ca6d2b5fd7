"""What a service asks of its applicants."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService, Requirement


@attrs.frozen
class Question:
    """
    Something that applicants have to hand in.

    Attributes:
        data: The kinds of evidence that answer it, any of which will do, and its own name where it is a requirement.
        steps: The steps that ask for it; none where it comes with the application.
        requirement: What it proves; None where a step asks for something that is no requirement.
    """

    data: tuple[str, ...]
    steps: tuple[str, ...]
    requirement: Requirement | None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.data[0]

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called, and the only evidence that answers it."""
        several = self.requirement is not None and len(self.requirement.evidence) > 1
        return self.data[:1] if several else self.data


def questions(service: PublicService) -> list[Question]:
    """Return what a service asks of its applicants, requirements first, each once."""
    asking: dict[str, list[str]] = {}
    for step in service.procedure.steps:
        for datum in step.asks:
            asking.setdefault(datum, []).append(step.id)
    found = []
    for requirement in service.requirements:
        data = tuple(dict.fromkeys((requirement.id, *requirement.evidence)))
        steps = dict.fromkeys(step for datum in data for step in asking.pop(datum, ()))
        found.append(Question(data, tuple(steps), requirement))
    found.extend(Question((datum,), tuple(dict.fromkeys(steps)), None) for datum, steps in asking.items())
    return found


class Asked:
    """What the services of an organisation ask of their applicants."""

    def __init__(self, organisation: PublicOrganisation) -> None:
        self._services = organisation.services

    @cached_property
    def _names(self) -> dict[str, dict[str, None]]:
        return {
            service.id: dict.fromkeys(name for question in questions(service) for name in question.names)
            for service in self._services
        }

    def by(self, service: str, datum: str) -> bool:
        """Return whether applicants have to hand in a datum to a service."""
        return datum in self._names[service]

    @cached_property
    def _first(self) -> dict[tuple[str, str], str]:
        first: dict[tuple[str, str], str] = {}
        for service in self._services:
            for event in (*service.life_events, *service.business_events):
                for datum in self._names[service.id]:
                    first.setdefault((event.id, datum), service.id)
        return first

    def first(self, event: str, datum: str) -> str | None:
        """Return the first service of a life or business event to which applicants have to hand in a datum."""
        return self._first.get((event, datum))
