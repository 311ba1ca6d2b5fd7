"""What a simulation study found: means with intervals, and differences between scenarios."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import UnknownIdError
from pubservice.messages import Message
from pubservice.provenance import Method, Provenance
from pubservice.simulation import intervals, jackknife, precision, warm_up
from pubservice.simulation.intervals import CONFIDENCE, ONE, Estimate
from pubservice.simulation.measures import COST, title
from pubservice.table import table
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.messages import Language
    from pubservice.simulation.measures import Title
    from pubservice.simulation.scenario import Scenario, Series, Simulated
    from pubservice.units import Duration

METHOD = Method("simulation", "discrete events, independent replications with common random numbers")
_SHOWN = ("cycle_time", "cycle_time_p90", "waiting_time", "on_time", "utilisation")
_MOST_WARNINGS = 20  # that are printed
_MINUS = "\N{MINUS SIGN}"
SOURCES = (
    "Law (2015), Simulation Modeling and Analysis, 5th ed., §9.4-9.5 and §11.2",
    intervals.SOURCE,
    jackknife.SOURCE,
    precision.SOURCE,
    warm_up.SOURCE,
)


@attrs.frozen
class WarmUp:
    """
    What is left out of the beginning of each run.

    Attributes:
        seconds: So much.
        method: ``given``, or ``MSER-5`` with what it was applied to.
    """

    seconds: float
    method: Message


@attrs.frozen
class Precision:
    """
    How sure every mean cycle time was to become.

    Attributes:
        wanted: Half of an interval / the mean, at most.
        most: Replications at most.
        reached: Whether every mean is as sure.
    """

    wanted: float
    most: int
    reached: bool


@attrs.frozen
class Difference:
    """
    One scenario less another, replication by replication.

    Attributes:
        scenario: Which.
        other: What is taken away.
        of: The service or resource.
        measure: What is compared.
        estimate: The mean difference, with its interval.
    """

    scenario: str
    other: str
    of: str
    measure: str
    estimate: Estimate

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out zero: the scenarios differ by more than chance."""
        interval = self.estimate.interval
        return interval is not None and (interval.low > 0 or interval.high < 0)

    def text(self, language: Language = "en") -> str:
        """Return the difference in the unit of its measure, with its interval, or why there is none."""
        shown, unit = title(self.measure)
        interval = self.estimate.interval
        head = f"{self.scenario} {_MINUS} {self.other}: {self.of}: {shown.text(language)}"
        if interval is None or self.estimate.mean is None:
            assert self.estimate.undefined is not None
            return f"{head}: {self.estimate.undefined.text(language)}"
        body = Message(
            "{mean:+.2f}, {confidence:.0%} interval {low:+.2f} to {high:+.2f} (paired, {method})",
            mean=self.estimate.mean / unit,
            low=interval.low / unit,
            high=interval.high / unit,
            confidence=interval.confidence,
            method=interval.method,
        )
        return f"{head}: {body.text(language)}"

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "scenario": self.scenario,
            "other": self.other,
            "of": self.of,
            "measure": self.measure,
            **self.estimate.data(),
        }


@attrs.frozen
class Study:
    """
    What a simulation study found.

    Attributes:
        scenarios: In the order given.
        replications: How many runs each has.
        seed: Of all random numbers.
        horizon: How long each run is; None where a number of cases ends it.
        cases: How many cases each run has; None where a horizon ends it.
        warm_up: What is left out of the beginning of each run.
        precision: How sure means were to become; None where the number of replications was given.
        confidence: Of every interval.
        warnings: What makes the figures doubtful.
        provenance: Where they come from.
    """

    scenarios: tuple[Scenario, ...]
    replications: int
    seed: int
    horizon: Duration | None
    cases: int | None
    warm_up: WarmUp
    precision: Precision | None
    warnings: tuple[Message, ...]
    provenance: Provenance
    confidence: float = CONFIDENCE

    @cached_property
    def _by_name(self) -> dict[str, Scenario]:
        return {scenario.name: scenario for scenario in self.scenarios}

    def scenario(self, name: str) -> Scenario:
        """
        Return what was observed of one scenario.

        Raises:
            UnknownIdError: There is no such scenario.
        """
        if name not in self._by_name:
            raise UnknownIdError("scenario", name, self._by_name)
        return self._by_name[name]

    def estimate(self, scenario: str, measure: str, *, of: str | None = None) -> Estimate:
        """
        Return the mean of a measure, of cases over all cases, with its interval; times are in seconds.

        Args:
            scenario: Its name.
            measure: Such as ``cycle_time``, ``on_time`` or ``utilisation``.
            of: Which service or resource, where several have the measure.

        Raises:
            UnknownIdError: There is no such scenario, measure, service or resource.
            InvalidStudyError: Several have the measure, and none was chosen.
        """
        return self.scenario(scenario).of(measure, of).estimate(measure, self.confidence)

    def difference(self, scenario: str, other: str, measure: str, *, of: str | None = None) -> Difference:
        """
        Return one scenario less another, paired by replication.

        Args:
            scenario: Its name.
            other: The name of what is taken away.
            measure: As for `estimate`.
            of: Likewise.

        Raises:
            UnknownIdError: There is no such scenario, measure, service or resource.
            InvalidStudyError: Several have the measure, and none was chosen.
        """
        one = self.scenario(scenario).of(measure, of)
        rest = self.scenario(other).of(measure, one.id)
        found = one.difference(rest, measure, self.confidence)
        return Difference(scenario, other, one.id, measure, found)

    def rows(self) -> list[dict[str, str | int | float | None]]:
        """Return a row for each scenario and replication; a column for each measure of each service and resource."""
        return [
            {
                "scenario": scenario.name,
                "replication": n,
                **{
                    f"{each.id}: {shown.text}": _in_unit(series[n], shown.unit)
                    for each, shown, series in _columns(scenario)
                },
            }
            for scenario in self.scenarios
            for n in range(self.replications)
        ]

    def means(self) -> list[dict[str, Any]]:
        """Return a row for each scenario, service or resource, and main measure: the mean with its interval."""
        return [
            self._row(scenario, each, measure)
            for scenario in self.scenarios
            for each in scenario.measured
            for measure in each.series
            if _is_shown(measure)
        ]

    def _row(self, scenario: Scenario, each: Simulated, measure: str) -> dict[str, Any]:
        found = each.estimate(measure, self.confidence)
        shown, unit = title(measure)
        interval = found.interval
        return {
            "scenario": scenario.name,
            "of": each.id,
            "measure": shown,
            "mean": None if interval is None or found.mean is None else found.mean / unit,
            "low": None if interval is None else interval.low / unit,
            "high": None if interval is None else interval.high / unit,
        }

    def text(self, language: Language = "en") -> str:
        """Return means with their intervals, how they were found, and what makes them doubtful."""
        return "\n".join([table(self.means(), language=language), *(n.text(language) for n in self.notes())])

    def notes(self) -> list[Message]:
        """Return how the figures were found, why some are missing, and what makes them doubtful."""
        warnings = [Message("warning: {text}", text=warning) for warning in self.warnings[:_MOST_WARNINGS]]
        if len(self.warnings) > _MOST_WARNINGS:
            warnings.append(Message("... and {n:,} more warnings", n=len(self.warnings) - _MOST_WARNINGS))
        return [self._design(), *self._reasons(), *warnings]

    def _design(self) -> Message:
        length = self.horizon or Message("{cases:,} cases", cases=self.cases)
        return Message(
            "{replications} replications of {length}, seed {seed}; warm-up {warm_up} ({method}); "
            "low to high: {confidence:.0%} interval of the mean, {statistic}",
            replications=self.replications,
            length=length if isinstance(length, Message) else str(length),
            seed=self.seed,
            warm_up=in_words(self.warm_up.seconds),
            method=self.warm_up.method,
            confidence=self.confidence,
            statistic=intervals.statistic(self.replications),
        )

    def _reasons(self) -> list[Message]:
        """Return why means or intervals are missing, each once."""
        found = (
            (each, each.estimate(measure, self.confidence).undefined)
            for scenario in self.scenarios
            for each in scenario.measured
            for measure in each.series
            if _is_shown(measure)
        )
        return list(
            dict.fromkeys(
                reason if reason is ONE else Message("{id}: {reason}", id=each.id, reason=reason)
                for each, reason in found
                if reason is not None
            )
        )

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "replications": self.replications,
            "seed": self.seed,
            "horizon_s": None if self.horizon is None else self.horizon.seconds(),
            "cases": self.cases,
            "warm_up": {"seconds": self.warm_up.seconds, "method": str(self.warm_up.method)},
            "precision": None if self.precision is None else attrs.asdict(self.precision),
            "method": METHOD.data(),
            "provenance": self.provenance.data(),
            "warnings": [str(warning) for warning in self.warnings],
            "scenarios": [
                {
                    "name": scenario.name,
                    "digest": scenario.digest,
                    "services": [self._measured(each) for each in scenario.services],
                    "resources": [self._measured(each) for each in scenario.resources],
                }
                for scenario in self.scenarios
            ],
        }

    def _measured(self, each: Simulated) -> dict[str, Any]:
        return {
            "id": each.id,
            "measures": {
                measure: each.estimate(measure, self.confidence).data() | {"values": list(series)}
                for measure, series in each.series.items()
            },
        }


def _in_unit(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit


def _is_shown(measure: str) -> bool:
    return measure in _SHOWN or measure.startswith(COST)


def _columns(scenario: Scenario) -> Iterator[tuple[Simulated, Title, Series]]:
    for each in scenario.measured:
        for measure, series in each.series.items():
            yield each, title(measure), series
