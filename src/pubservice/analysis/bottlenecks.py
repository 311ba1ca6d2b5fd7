"""Which resource holds the services up."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.load import Evaluation, ResourceLoad, evaluate
from pubservice.memory import uncollected
from pubservice.messages import Message
from pubservice.provenance import Provenance, provenance
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation

SOURCES = (
    "Dumas, La Rosa, Mendling & Reijers (2018), Fundamentals of Business Process Management, 2nd ed., ch. 7",
    "Laguna & Marklund (2018), Business Process Modeling, Simulation and Design, 3rd ed., ch. 5",
    "Allen (1990), Probability, Statistics and Queueing Theory, 2nd ed., §5.3",
)


@attrs.frozen
class Bottlenecks:
    """
    The resources of an organisation, busiest first.

    Attributes:
        loads: The load of each resource that cases can queue for; those of unknown utilisation last.
    """

    loads: tuple[ResourceLoad, ...]
    _evaluation: Evaluation = attrs.field(eq=False, repr=False)

    @property
    def bottlenecks(self) -> tuple[ResourceLoad, ...]:
        """
        The resources with the highest utilisation, all of them where there are ties.

        Without arrival rates, those with the lowest throughput limit.
        """
        known = [load for load in self.loads if load.utilisation]
        if known:
            most = max(load.utilisation or 0.0 for load in known)
            return tuple(load for load in known if isclose(load.utilisation or 0.0, most, rel_tol=1e-9))
        limited = [load for load in self.loads if load.throughput_limit_per_s]
        if len({of.service.id for load in limited for of, _ in load.demands}) != 1:
            return ()
        least = min(load.throughput_limit_per_s or 0.0 for load in limited)
        return tuple(
            load for load in limited if isclose(load.throughput_limit_per_s or 0.0, least, rel_tol=1e-9)
        )

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return provenance_of(self._evaluation)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each resource; times in minutes."""
        return [
            {
                "resource": load.resource,
                "utilisation": load.utilisation,
                "processing time / min": None
                if load.processing_time_s is None
                else load.processing_time_s / 60,
                "waiting time / min": None if load.waiting_time_s is None else load.waiting_time_s / 60,
            }
            for load in self.loads
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table, and below it why a number is missing and what waits do not know of."""
        notes = [
            f"{load.resource}: {note.text(language)}"
            for load in self.loads
            for note in dict.fromkeys([*load.undefined.values(), *load.left_out])
        ]
        return "\n".join([table(self.rows(), language=language), *notes]).strip()

    def __str__(self) -> str:
        return self.text()


ASSUMPTIONS = (
    Message("arrivals at every resource are Poisson"),
    Message("cases are served first come, first served"),
    Message("processing times are independent of each other and of the load"),
)


_FROM_OUTSIDE = Message("cases come from outside as Poisson, and from resource to resource as QNA says")
_NETWORK = "Whitt (1983), The queueing network analyzer, Bell System Technical Journal 62(9), 2779-2815"


def provenance_of(evaluation: Evaluation) -> Provenance:
    """Return where the numbers of an organisation come from."""
    if not evaluation.streams:
        return provenance(evaluation.organisation, ASSUMPTIONS, SOURCES)
    return provenance(evaluation.organisation, (_FROM_OUTSIDE, *ASSUMPTIONS[1:]), (*SOURCES, _NETWORK))


def bottlenecks_of(evaluation: Evaluation) -> Bottlenecks:
    """Return the bottlenecks of an organisation that is worked out already."""
    loads = sorted(
        evaluation.loads.values(),
        key=lambda load: -1.0 if load.utilisation is None else load.utilisation,
        reverse=True,
    )
    return Bottlenecks(tuple(loads), evaluation)


def find_bottlenecks(organisation: PublicOrganisation) -> Bottlenecks:
    """
    Return how busy each resource is, over all services that share it.

    Utilisation is exact. Waiting is exact for M/M/c (one exponential processing time, arrivals Poisson), otherwise the
    Allen-Cunneen approximation; each load says which in `method`. An overloaded resource has its utilisation and
    throughput limit, no waiting time, and the reason.

    Args:
        organisation: With arrival rates; a resource whose visitors have none keeps its throughput limit alone.

    Returns:
        Loads, busiest first. Times are in seconds per visit of the resource, as quantities in minutes.

    Example:
        >>> print(find_bottlenecks(city_hall))
        resource  utilisation  processing time / min  waiting time / min
        clerk            0.92                   10.0                31.1
        engineer         0.90                   54.0                73.5

    Source:
        Dumas et al. (2018), ch. 7; Laguna & Marklund (2018), ch. 5; Allen (1990), §5.3.
    """
    with uncollected():
        evaluation = evaluate(organisation)
        for of in evaluation.profiles.values():
            of.release()
        return bottlenecks_of(evaluation)
