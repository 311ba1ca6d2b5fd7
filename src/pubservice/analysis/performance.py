"""What cases of each service of an organisation go through: time, money, outcomes, and how each number was found."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.applicant import HOURS_PER_WORKING_DAY
from pubservice.analysis.bottlenecks import Bottlenecks, bottlenecks_of, provenance_of
from pubservice.analysis.case import Case
from pubservice.analysis.load import Evaluation, ResourceLoad, evaluate
from pubservice.errors import UnknownIdError
from pubservice.memory import uncollected
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.analysis.profile import Profile
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import Evidence
    from pubservice.provenance import Provenance


@attrs.frozen
class Performance:
    """
    What cases of each service of an organisation go through.

    Attributes:
        services: In document order.
    """

    services: tuple[ServicePerformance, ...]
    _evaluation: Evaluation = attrs.field(eq=False, repr=False)

    @cached_property
    def _by_id(self) -> dict[str, ServicePerformance]:
        return {service.id: service for service in self.services}

    def service(self, id: str) -> ServicePerformance:
        """
        Return the performance of one service.

        Raises:
            UnknownIdError: There is no such service.
        """
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownIdError("service", id, self._by_id) from None

    @cached_property
    def bottlenecks(self) -> Bottlenecks:
        """How busy each resource is."""
        return bottlenecks_of(self._evaluation)

    @property
    def organisation(self) -> PublicOrganisation:
        """What was analysed."""
        return self._evaluation.organisation

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return provenance_of(self._evaluation)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each service; times in hours of its clock."""
        return [
            {
                "service": service.id,
                "cycle time / hour": _in_hours(service.cycle_time_s),
                "waiting time / hour": _in_hours(service.waiting_time_s),
                "processing time / hour": _in_hours(service.processing_time_s),
                "cycle time efficiency": service.cycle_time_efficiency,
                "office cost": None if service.office_cost is None else str(service.office_cost),
                "applicant's time / hour": _in_hours(service.applicant_time_s),
            }
            for service in self.services
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table, and below it why a number is missing."""
        notes = [
            f"{service.id}: {reason.text(language)}"
            for service in self.services
            for reason in dict.fromkeys(service.undefined.values())
        ]
        return "\n".join([table(self.rows(), language=language), *notes]).strip()

    def __str__(self) -> str:
        return self.text()


def _in_hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 3600


def performance(organisation: PublicOrganisation) -> Performance:
    """
    Return what cases of each service go through: visits, time, money, outcomes.

    Visits, outcomes, processing time, cost and fees are exact for every procedure that a case can finish. Cycle times are
    composed over nested blocks: added in sequence and choice, the longest branch of a parallel block, so that they are
    exact where one branch always is the longest, and a lower bound elsewhere; each number says which in `method`.

    Args:
        organisation: Services with procedures; queues need arrival rates.

    Returns:
        One entry per service. What does not exist is None, with the reason in `undefined`.

    Example:
        >>> permit = performance(city_hall).service("building-permit")
        >>> round(permit.step("completeness-check").visits, 3), round(permit.processing_time.magnitude, 3)
        (1.333, 1.511)

    Source:
        Dumas et al. (2018), §7.1; Laguna & Marklund (2018), ch. 5; Grinstead & Snell, ch. 11.
    """
    with uncollected():
        return performance_of(evaluate(organisation))


def performance_of(evaluation: Evaluation) -> Performance:
    """Return what cases go through in an organisation that is worked out already."""
    evidence = evidence_times(evaluation.organisation)
    services = []
    for of in evaluation.profiles.values():
        services.append(service_performance(of, evaluation.loads, evidence, evaluation))
        of.release()
    return Performance(tuple(services), evaluation)


def evidence_times(organisation: PublicOrganisation) -> dict[str, float]:
    """Return the seconds that it takes an applicant to obtain each datum of which that is stated."""
    return {item.id: _obtain(item) for item in organisation.evidence if item.time_to_obtain is not None}


def _obtain(item: Evidence) -> float:
    assert item.time_to_obtain is not None  # the caller looked
    return item.time_to_obtain.seconds(hours_per_working_day=HOURS_PER_WORKING_DAY) or 0.0


def service_performance(
    of: Profile,
    loads: Mapping[str, ResourceLoad],
    evidence: Mapping[str, float],
    evaluation: Evaluation,
) -> ServicePerformance:
    """Return the performance of one service from its profile and the loads of the resources it uses."""
    return Case(of, loads, evidence, evaluation).performance()
