"""What was observed of a scenario, in every replication."""

from __future__ import annotations

import attrs

from pubservice.errors import InvalidStudyError, UnknownIdError
from pubservice.messages import Message
from pubservice.simulation.intervals import CONFIDENCE, Estimate, estimate, share_estimate
from pubservice.simulation.measures import SHARES, why_nothing

Series = tuple[float | None, ...]


@attrs.frozen
class Simulated:
    """
    What was observed of one service or one resource, in every replication.

    Attributes:
        id: Of it.
        series: One value for each replication, by measure; None where a replication has none.
    """

    id: str
    series: dict[str, Series] = attrs.field(repr=False)

    def estimate(self, measure: str, confidence: float = CONFIDENCE) -> Estimate:
        """
        Return the mean of a measure over replications, with its interval.

        Raises:
            UnknownIdError: There is no such measure.
        """
        if measure not in self.series:
            raise UnknownIdError("measure", measure, self.series)
        if measure.startswith(SHARES):
            cases = [n or 0.0 for n in self.series["cases"]]
            found = share_estimate(self.series[measure], cases, confidence=confidence)
        else:
            found = estimate(self.series[measure], confidence=confidence)
        return found if found.replications else attrs.evolve(found, undefined=why_nothing(measure))


@attrs.frozen
class Scenario:
    """
    What was observed of one scenario.

    Attributes:
        name: As given.
        digest: SHA-256 of its model.
        services: In document order.
        resources: Likewise, those that cases can queue for.
    """

    name: str
    digest: str
    services: tuple[Simulated, ...]
    resources: tuple[Simulated, ...]

    @property
    def measured(self) -> tuple[Simulated, ...]:
        """Services, then resources."""
        return (*self.services, *self.resources)

    def of(self, measure: str, id: str | None = None) -> Simulated:
        """
        Return the one service or resource that has a measure.

        Args:
            measure: Such as ``cycle_time`` or ``utilisation``.
            id: Which of them, where several have it.

        Raises:
            UnknownIdError: Nothing has the measure, or the id.
            InvalidStudyError: Several have it, and none was chosen.
        """
        having = [each for each in self.measured if measure in each.series]
        if not having:
            known = dict.fromkeys(other for each in self.measured for other in each.series)
            raise UnknownIdError("measure", measure, known)
        found = having if id is None else [each for each in having if each.id == id]
        if not found:
            assert id is not None
            raise UnknownIdError("service or resource", id, [each.id for each in having])
        if len(found) > 1:
            message = Message(
                "{measure!r} is measured of {found}: say of which",
                measure=measure,
                found=", ".join(e.id for e in found),
            )
            raise InvalidStudyError(message)
        return found[0]
