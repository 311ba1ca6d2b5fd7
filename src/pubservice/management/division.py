"""The division of work: who does which step, with which share of their capacity, and what they lack for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.messages import Message
from pubservice.units import SECONDS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pubservice.analysis.load import Evaluation
    from pubservice.analysis.profile import Profile
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Step


@attrs.frozen
class Assignment:
    """
    A step of the office and one of the resources that do it.

    Attributes:
        service: Its id.
        step: Its id.
        resource: Id of the resource; None where the step names none.
        is_owner: Whether it alone answers for the step: the only kind of staff, or the only resource where it takes none.
        hours_per_year: Work of it on the step in a year.
        share: Of its capacity; the shares of a resource sum to its utilisation.
        lacking: Competences that the step requires and none of its resources has.
        undefined: Why a number is None, by its name.
    """

    service: str
    step: str
    resource: str | None
    is_owner: bool
    hours_per_year: float | None
    share: float | None
    lacking: tuple[str, ...]
    undefined: dict[str, Message] = attrs.field(factory=dict, eq=False)

    def row(self) -> dict[str, str | float | None]:
        """Return it as a row."""
        return {
            "service": self.service,
            "step": self.step,
            "resource": self.resource,
            "owner": self.is_owner,
            "work per year / hour": self.hours_per_year,
            "share of capacity": None if self.share is None else f"{self.share:.1%}",
            "lacking": ", ".join(self.lacking) or None,
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "service": self.service,
            "step": self.step,
            "resource": self.resource,
            "is_owner": self.is_owner,
            "hours_per_year": self.hours_per_year,
            "share": self.share,
            "lacking": list(self.lacking),
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


def owners(step: Step, kinds: Mapping[str, str]) -> list[str]:
    """
    Return who answers for a step: its staff, or what does it where it takes none. One of them is as it should be.

    Args:
        step: Of the office.
        kinds: The kind of each resource.
    """
    return [id for id in step.resource if kinds[id] == "staff"] or list(step.resource)


def competence_gaps(organisation: PublicOrganisation) -> Iterator[tuple[str, Step, tuple[str, ...]]]:
    """Yield the service, the step and the competences of each step of the office that lacks some, in document order."""
    held = {resource.id: set(resource.competences) for resource in organisation.resources}
    for service in organisation.services:
        for step in service.procedure.steps:
            able: set[str] = set().union(*(held[id] for id in step.resource))
            lacking = tuple(competence for competence in step.competences if competence not in able)
            if lacking and step.actor == "office":
                yield service.id, step, lacking


def division_of_work(evaluation: Evaluation) -> tuple[Assignment, ...]:
    """Return who does each step of the office, in document order."""
    organisation = evaluation.organisation
    gaps = {(service, step.id): lacking for service, step, lacking in competence_gaps(organisation)}
    kinds = {resource.id: resource.kind for resource in organisation.resources}
    found = []
    for of in evaluation.profiles.values():
        for i, step in enumerate(of.service.procedure.steps):
            if step.actor != "office":
                continue
            lacking = gaps.get((of.service.id, step.id), ())
            for id in step.resource:
                assigned = _assignment(evaluation, of, i, step, id)
                found.append(attrs.evolve(assigned, is_owner=owners(step, kinds) == [id], lacking=lacking))
            if not step.resource:
                why = Message("the step names no resource")
                undefined = {"hours_per_year": why, "share": why}
                nobody = Assignment(
                    of.service.id,
                    step.id,
                    None,
                    is_owner=False,
                    hours_per_year=None,
                    share=None,
                    lacking=lacking,
                    undefined=undefined,
                )
                found.append(nobody)
    return tuple(found)


def _assignment(evaluation: Evaluation, of: Profile, i: int, step: Step, resource: str) -> Assignment:
    """Return what a step takes of a resource that does it."""
    why = of.undefined
    if why is None and of.rate is None:
        why = Message("the service has no arrival rate")
    if why is None and of.times[i] is None:
        why = of.unknown[i]
    hours = share = None
    if why is None:
        assert of.visits is not None  # they exist where nothing says why they do not
        capacity = evaluation.organisation.resource(resource).capacity
        assert capacity is not None  # steps use what cases can queue for
        work = (of.rate or 0.0) * of.visits[i] * (of.times[i] or 0.0) * step.staff
        hours = work * of.clock.share * SECONDS_PER_YEAR / 3600
        share = work / of.demands[resource].open_share / capacity
    undefined = {} if why is None else {"hours_per_year": why, "share": why}
    return Assignment(
        of.service.id,
        step.id,
        resource,
        is_owner=False,
        hours_per_year=hours,
        share=share,
        lacking=(),
        undefined=undefined,
    )
