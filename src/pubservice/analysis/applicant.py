"""What a case takes of the applicant: the time by what it is spent on, and the documents that are handed in."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pubservice.model.procedure import Step
    from pubservice.model.service import Evidence, PublicService
    from pubservice.units import Money

HOURS_PER_WORKING_DAY = 8.0  # of applicants, whose days no calendar of ours says


@attrs.frozen
class ApplicantTimes:
    """
    The applicant's time by what it is spent on, in mean seconds; together they are the applicant's time.

    What is not known is None, and so is the whole then.

    Attributes:
        obtaining_s: Getting documents elsewhere.
        own_work_s: Steps that the applicant does, such as filling in a form.
        travel_s: On the way to the office and back.
        queueing_s: At the office, before being served.
        served_s: At the office, being served.
    """

    obtaining_s: float | None = 0.0
    own_work_s: float | None = 0.0
    travel_s: float | None = 0.0
    queueing_s: float | None = 0.0
    served_s: float | None = 0.0

    @property
    def _parts(self) -> tuple[float | None, ...]:
        return (self.obtaining_s, self.own_work_s, self.travel_s, self.queueing_s, self.served_s)

    @property
    def total_s(self) -> float | None:
        """All of it; None where a part is unknown."""
        total = 0.0
        for seconds in self._parts:
            if seconds is None:
                return None
            total += seconds
        return total

    def plus(self, other: ApplicantTimes, times: float = 1.0) -> ApplicantTimes:
        """Return these and others, so many times."""
        pairs = zip(self._parts, other._parts, strict=True)
        return ApplicantTimes(*(None if a is None or b is None else a + times * b for a, b in pairs))


UNKNOWN = ApplicantTimes(None, None, None, None, None)


def travel_times(service: PublicService) -> dict[str, float]:
    """Return the seconds that the way there and back takes, by channel."""
    return {
        channel.id: channel.travel_time.seconds(hours_per_working_day=HOURS_PER_WORKING_DAY) or 0.0
        for channel in service.channels
        if channel.travel_time is not None
    }


def spent_at(
    step: Step, work: float | None, queue: float | None, travel: Mapping[str, float]
) -> ApplicantTimes:
    """
    Return what one visit of a step takes of the applicant, obtaining documents left out.

    Args:
        step: The step.
        work: Mean seconds of work of a visit; None where unknown.
        queue: Mean seconds that a visit waits for the resource and the batch; None where unknown.
        travel: By channel, as `travel_times` returns it.
    """
    comes = step.contact == "in-person"
    own, served = step.actor == "applicant", comes and step.actor == "office"
    return ApplicantTimes(
        own_work_s=work if own else 0.0,
        travel_s=travel.get(step.channel or "", 0.0) if comes else 0.0,
        queueing_s=queue if comes and (own or served) else 0.0,
        served_s=work if served else 0.0,
    )


@attrs.frozen
class Document:
    """
    A datum that applicants hand in.

    Attributes:
        id: The requirement, or what a step asks for.
        evidence: What is handed in: of the alternatives the one that is obtained soonest, the first where none says.
        first: How often a case hands it in for the first time: the probability that it is asked for at all.
        time_s: Seconds to obtain it; None where not stated.
        asked_at: Steps that ask for it, as indices with their visits, in document order; none where it comes with the
            application.
        described: What the model says of the evidence.
    """

    id: str
    evidence: str
    first: float
    time_s: float | None
    asked_at: tuple[tuple[int, float], ...]
    described: Evidence | None

    @property
    def again(self) -> float:
        """How often it is handed in again, on average."""
        return max(0.0, sum(visits for _, visits in self.asked_at) - self.first) if self.asked_at else 0.0

    @property
    def cost(self) -> Money | None:
        """What it costs to obtain it, if that is stated."""
        return None if self.described is None else self.described.cost_to_obtain

    @property
    def is_elsewhere(self) -> bool:
        """Whether it has to be obtained: something says by whom, how long it takes or what it costs."""
        stated = self.described
        return stated is not None and not (
            stated.issuer is None and stated.time_to_obtain is None and stated.cost_to_obtain is None
        )

    def first_at(self, order: Mapping[int, int]) -> list[tuple[int, float]]:
        """Return the steps at which it is first handed in, with how often, where cases meet steps in an order."""
        found, left = [], self.first
        for i, visits in sorted(self.asked_at, key=lambda pair: order[pair[0]]):
            found.append((i, min(left, visits)))
            left -= found[-1][1]
        return found


def alternatives_of(service: PublicService) -> dict[str, tuple[str, ...]]:
    """Return what may be handed in for each requirement of a service."""
    return {requirement.id: requirement.evidence for requirement in service.requirements}


def handed_in(service: PublicService, visits: Sequence[float]) -> dict[str, list[int]]:
    """
    Return what applicants of a service hand in, with the steps that ask for it; none where it comes with the application.

    Args:
        service: The service.
        visits: Of its steps, in document order; those to which no case comes ask for nothing.
    """
    found: dict[str, list[int]] = {}
    steps = service.procedure.steps
    for i, step in enumerate(steps):
        if visits[i]:
            for datum in step.asks:
                found.setdefault(datum, []).append(i)
    later = {datum for step in steps for datum in step.asks}
    found.update({requirement.id: [] for requirement in service.requirements if requirement.id not in later})
    return found


def soonest(
    alternatives: Sequence[str], times_to_obtain: Mapping[str, float]
) -> tuple[str | None, float | None]:
    """Return which of several data is obtained soonest and in how many seconds; the first where none says."""
    found = min(alternatives, key=lambda datum: times_to_obtain.get(datum, inf), default=None)
    return found, None if found is None else times_to_obtain.get(found)
