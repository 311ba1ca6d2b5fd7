"""What was observed of a scenario, in every replication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.errors import InvalidStudyError, UnknownIdError
from pubservice.messages import Message
from pubservice.simulation.intervals import CONFIDENCE, Estimate, estimate, paired, share_estimate
from pubservice.simulation.jackknife import quantiles, ratios
from pubservice.simulation.measures import QUANTILES, SHARES, counted_in, why_nothing

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

Series = tuple[float | None, ...]


@attrs.frozen
class Simulated:
    """
    What was observed of one service or one resource, in every replication.

    Attributes:
        id: Of it.
        series: One value for each replication, by measure; None where a replication has none.
        samples: Of a service, for each replication, cycle times that stand for equally many cases.
    """

    id: str
    series: dict[str, Series] = attrs.field(repr=False)
    samples: tuple[array[float], ...] = attrs.field(default=(), repr=False)

    def estimate(self, measure: str, confidence: float = CONFIDENCE) -> Estimate:
        """
        Return the mean of a measure, with its interval: of all cases of all replications, or of the replications.

        Raises:
            UnknownIdError: There is no such measure.
        """
        values = self._independent(measure)
        if measure.startswith(SHARES):
            cases = [n or 0.0 for n in self.series["cases"]]
            found = share_estimate(values, cases, confidence=confidence)
        else:
            found = estimate(values, confidence=confidence)
        return self._counted(found, measure)

    def difference(self, other: Simulated, measure: str, confidence: float = CONFIDENCE) -> Estimate:
        """
        Return the mean of a measure less that of another, paired by replication.

        Raises:
            UnknownIdError: One of them has no such measure.
        """
        values, others = self._independent(measure), other._independent(measure)
        return self._counted(paired(values, others, confidence=confidence), measure, other)

    def _independent(self, measure: str) -> Sequence[float | None]:
        """Return independent values whose mean is that of the measure: of replications, or of groups of them."""
        if measure not in self.series:
            raise UnknownIdError("measure", measure, self.series)
        series, counts = self.series[measure], counted_in(measure)
        if counts is None:
            return series
        if measure in QUANTILES:
            return quantiles(self.samples, self.series[counts], QUANTILES[measure])
        return ratios(series, self.series[counts])

    def _counted(self, found: Estimate, measure: str, other: Simulated | None = None) -> Estimate:
        """Return an estimate with the number of replications that have a value, which may be found in groups."""
        pairs = zip(self.series[measure], (other or self).series[measure], strict=True)
        count = sum(None not in pair for pair in pairs)
        if not found.replications and other is None:
            return attrs.evolve(found, undefined=why_nothing(measure))
        return attrs.evolve(found, replications=count)


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
