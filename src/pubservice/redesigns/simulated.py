"""What a redesign saves: as it is computed, and as it is simulated, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.performance import performance
from pubservice.messages import Message
from pubservice.model.organisation import PublicOrganisation
from pubservice.redesigns.proposal import Plans
from pubservice.redesigns.sequence import in_sequence
from pubservice.simulation.measures import COST, title
from pubservice.simulation.simulate import REPLICATIONS, simulate
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor

    from pubservice.analysis.performance import Performance
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.messages import Language
    from pubservice.simulation.intervals import Estimate
    from pubservice.simulation.study import Study
    from pubservice.units import Duration

MOST_PLANS = 10
TODAY = "today"
AFTER = "after"


@attrs.frozen
class SimulatedSaving:
    """
    What a case of one service saves by one redesign; positive is saved.

    Attributes:
        scenario: The redesign.
        service: Its id.
        measure: ``cycle_time`` and ``applicant_time`` in elapsed seconds, or the office's cost in a currency.
        computed: By closed formulas; None where undefined.
        simulated: The mean of paired differences, with its interval.
    """

    scenario: str
    service: str
    measure: str
    computed: float | None
    simulated: Estimate

    def row(self) -> dict[str, Any]:
        """Return it as a row of a table, in the unit of the measure."""
        text, unit = title(self.measure)
        interval = self.simulated.interval
        mean = None if interval is None else self.simulated.mean
        return {
            "scenario": self.scenario,
            "service": self.service,
            "saved": text,
            "computed": None if self.computed is None else self.computed / unit,
            "simulated": None if mean is None else mean / unit,
            "low": None if interval is None else interval.low / unit,
            "high": None if interval is None else interval.high / unit,
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "scenario": self.scenario,
            "service": self.service,
            "measure": self.measure,
            "computed": self.computed,
            "simulated": self.simulated.data(),
        }


@attrs.frozen
class SimulatedSavings:
    """
    What redesigns save per case: computed beside simulated.

    Attributes:
        savings: A row for each redesign, service and measure.
        study: Which simulated them; today's organisation is its scenario ``today``.
        left_out: How many plans of a search, the last ones, were not simulated.
    """

    savings: tuple[SimulatedSaving, ...]
    study: Study = attrs.field(repr=False)
    left_out: int = 0

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each redesign, service and measure; times in hours."""
        return [saving.row() for saving in self.savings]

    def text(self, language: Language = "en") -> str:
        """Return a table, how it was simulated, and what makes it doubtful."""
        notes = [note.text(language) for note in self.study.notes()]
        if self.left_out:
            message = Message("plans that were not simulated: {n:,}", n=self.left_out)
            notes.insert(0, message.text(language))
        return "\n".join([table(self.rows(), language=language), *notes])

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "savings": [saving.data() for saving in self.savings],
            "study": self.study.data(),
            "plans_left_out": self.left_out,
        }


def simulated(
    before: PublicOrganisation,
    after: PublicOrganisation | Mapping[str, PublicOrganisation] | Plans,
    *,
    horizon: Duration | str | None = None,
    cases: int | None = None,
    warm_up: Duration | str | None = None,
    replications: int = REPLICATIONS,
    precision: float | str | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    most_plans: int = MOST_PLANS,
) -> SimulatedSavings:
    """
    Return what redesigns save per case, computed and simulated.

    All are simulated with the same random numbers as today, so that a saving is the mean of differences between runs in
    which the same cases arrive.

    Args:
        before: As it is today.
        after: As it would be: an organisation, several by name, or what `propose` found for today's.
        horizon: As for `simulate`.
        cases: Likewise.
        warm_up: Likewise.
        replications: Likewise.
        precision: Likewise.
        seed: Likewise.
        executor: Likewise.
        most_plans: Of what `propose` found so many are simulated, the best for the goal first.

    Raises:
        InvalidStudyError: It cannot be simulated as asked.
        InvalidModelError: An organisation cannot be simulated; all reasons are named.
        ValueError: `most_plans` is below 1.

    Example:
        >>> leaner = ps.redesign(city_hall, [ps.SetCapacity("clerk", 3)])
        >>> saved = simulated(city_hall, leaner, cases=500, warm_up="0 s", replications=5)
        >>> [(saving.measure, saving.simulated.replications) for saving in saved.savings]
        [('cycle_time', 5), ('applicant_time', 5)]

    Source:
        Law (2015), Simulation Modeling and Analysis, 5th ed., §10.2.1 and §11.2.
    """
    if most_plans < 1:
        message = f"expected a bound of at least 1, got most_plans {most_plans}"
        raise ValueError(message)
    redesigns = _by_name(before, after, most_plans)
    study = simulate(
        {TODAY: before} | redesigns,
        horizon=horizon,
        cases=cases,
        warm_up=warm_up,
        replications=replications,
        precision=precision,
        seed=seed,
        executor=executor,
    )
    old = performance(before)
    return SimulatedSavings(
        tuple(
            saving
            for name, redesign in redesigns.items()
            for saving in _savings(study, name, old, performance(redesign))
        ),
        study,
        max(0, len(after) - most_plans) if isinstance(after, Plans) else 0,
    )


def _by_name(
    before: PublicOrganisation,
    after: PublicOrganisation | Mapping[str, PublicOrganisation] | Plans,
    most_plans: int,
) -> dict[str, PublicOrganisation]:
    if isinstance(after, Plans):
        first = after.plans[:most_plans]
        return {str(n): in_sequence(before, plan.edits) for n, plan in enumerate(first, start=1)}
    return {AFTER: after} if isinstance(after, PublicOrganisation) else dict(after)


def _savings(study: Study, name: str, old: Performance, new: Performance) -> Iterator[SimulatedSaving]:
    kept = {service.id for service in study.scenario(TODAY).services}
    for service in study.scenario(name).services:
        if service.id not in kept:
            continue
        was, will_be = old.service(service.id), new.service(service.id)
        for measure in service.series:
            if measure in ("cycle_time", "applicant_time") or measure.startswith(COST):
                found = study.difference(TODAY, name, measure, of=service.id).estimate
                yield SimulatedSaving(name, service.id, measure, _computed(measure, was, will_be), found)


def _computed(measure: str, was: ServicePerformance, will_be: ServicePerformance) -> float | None:
    before, after = (_number(measure, found) for found in (was, will_be))
    return None if before is None or after is None else before - after


def _number(measure: str, found: ServicePerformance) -> float | None:
    if measure == "cycle_time":
        return found.cycle_time_elapsed_s
    if measure == "applicant_time":
        return found.applicant_time_s
    cost = found.office_cost
    return None if cost is None or cost.currency != measure.removeprefix(COST) else cost.amount
