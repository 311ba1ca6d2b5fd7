"""Run scenarios with the same random numbers, as often as wanted or until the means are sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import attrs

from pubservice.errors import InvalidStudyError
from pubservice.messages import Message
from pubservice.model.organisation import PublicOrganisation
from pubservice.provenance import digest, provenance
from pubservice.simulation.bounds import (
    MAX_MEMORY,
    check_counts,
    check_memory,
    elapsed_seconds,
    length_of,
)
from pubservice.simulation.doubts import doubts
from pubservice.simulation.execution import execute, workers_of
from pubservice.simulation.measures import OUTCOME, standing
from pubservice.simulation.precision import further, is_sure, relative
from pubservice.simulation.program import program
from pubservice.simulation.replication import Replication, beginning, observed
from pubservice.simulation.scenario import Scenario, Simulated
from pubservice.simulation.study import SOURCES, Precision, Study, WarmUp
from pubservice.simulation.warm_up import settled
from pubservice.units import duration, in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor

    from pubservice.simulation.intervals import Estimate
    from pubservice.simulation.measures import Observed, Standing, Values
    from pubservice.simulation.program import Program
    from pubservice.units import Duration

R = TypeVar("R")

REPLICATIONS = 20
MOST_REPLICATIONS = 1_000
_PILOTS = 10  # replications whose average beginning shows the warm-up
ASSUMPTIONS = (
    Message("replications are independent, and enough for their mean to be about normal"),
    Message("scenarios share the random numbers of each case and step"),
)


def simulate(
    scenarios: Mapping[str, PublicOrganisation] | PublicOrganisation,
    *,
    horizon: Duration | str | None = None,
    cases: int | None = None,
    warm_up: Duration | str | None = None,
    replications: int = REPLICATIONS,
    precision: float | str | None = None,
    most_replications: int = MOST_REPLICATIONS,
    seed: int = 0,
    executor: Executor | None = None,
    max_memory: int = MAX_MEMORY,
    progress: Callable[[int, int], object] | None = None,
) -> Study:
    """
    Return what happens to cases in each scenario: means over replications, each with its 95 % interval.

    Scenarios share their random numbers, per case and step, so that differences between them are surer than the means
    themselves. The same seed gives the same study, on any executor and any number of its workers.

    Args:
        scenarios: Organisations by the name of the scenario; or one alone, which is then called by its id.
        horizon: How long each run is, in elapsed time, such as ``1 year``.
        cases: Instead: how many cases arrive in each run, which goes on until the last has ended.
        warm_up: What is left out of the beginning of each run, in elapsed time. Where it is not said, MSER-5 finds it; or it
            is none, if runs start from open cases.
        replications: How many runs each scenario has; at least so many with a precision.
        precision: Such as ``2 %``: runs are added until the interval of the mean cycle time of every service in every
            scenario is as near to it.
        most_replications: At most so many runs of a scenario, with a precision.
        seed: Of all random numbers, at least 0.
        executor: Runs are done on it: threads, processes, or any other of `concurrent.futures`.
        max_memory: In bytes; a study that would take more is refused.
        progress: Told how many runs are done and how many there are to be, as they are.

    Raises:
        InvalidStudyError: It cannot be made as asked, or would take more memory than `max_memory`.
        InvalidModelError: A scenario cannot be simulated; all reasons are named.
        InvalidQuantityError: A duration or the precision cannot be read.

    Example:
        >>> third = ps.redesign(city_hall, [ps.SetCapacity("clerk", 3)])
        >>> study = simulate({"today": city_hall, "third clerk": third}, cases=500, warm_up="0 s", replications=10)
        >>> study.difference("third clerk", "today", "cycle_time").certain
        True

    Source:
        Law (2015), Simulation Modeling and Analysis, 5th ed., §9.4-9.5 and §11.2.
    """
    named = _named(scenarios)
    wanted = None if precision is None else relative(precision)
    length = length_of(named, horizon, cases)
    given = _given(named, warm_up)
    check_counts(replications, most_replications, seed, wanted)
    workers = workers_of(executor)
    check_memory(named, length, replications, workers=workers, bound=max_memory)
    runs = [
        Replication(name, *_prepared(organisation), seed, 0, length.horizon_s, cases)
        for name, organisation in named.items()
    ]
    pilots = 0 if given is not None else min(replications, _PILOTS)
    work = _Work(executor, progress, len(runs) * (pilots + replications))
    warm, notes = (given, []) if given is not None else _found(runs, pilots, work)
    if length.horizon_s is not None and warm.seconds >= length.horizon_s:
        message = Message(
            "expected a warm-up shorter than the horizon of {horizon}, got {warm_up}",
            horizon=in_words(length.horizon_s),
            warm_up=in_words(warm.seconds),
        )
        raise InvalidStudyError(message)
    runs = [attrs.evolve(run, warm_up_s=warm.seconds) for run in runs]

    def wants_more(found: Sequence[Scenario], count: int) -> int:
        more = 0 if wanted is None else further(_means(found), wanted, done=count, most=most_replications)
        check_memory(named, length, count + more, workers=workers, bound=max_memory)
        work.planned += more * len(runs)
        return more

    found, count = _repeated(named, runs, work, replications, wants_more)
    aim = None
    if wanted is not None:
        aim = Precision(wanted, most_replications, all(is_sure(mean, wanted) for mean in _means(found)))
    study = Study(
        found,
        count,
        seed,
        None if horizon is None else duration(horizon),
        cases,
        warm,
        aim,
        (),
        provenance(named, ASSUMPTIONS, SOURCES),
    )
    return attrs.evolve(study, warnings=(*notes, *doubts(study, named)))


def _prepared(organisation: PublicOrganisation) -> tuple[Program, tuple[Standing, ...]]:
    """Return what is run, and what cases are held against."""
    compiled = program(organisation)
    return compiled, tuple(standing(organisation.service(id), organisation) for id in compiled.services)


@attrs.define
class _Work:
    """
    Tasks on an executor, and how many of them are done.

    Attributes:
        executor: None for this thread.
        progress: Told.
        planned: How many there are to be.
        done: How many are.
    """

    executor: Executor | None
    progress: Callable[[int, int], object] | None
    planned: int
    done: int = 0

    def do(self, function: Callable[[Replication], R], tasks: Sequence[Replication]) -> list[R]:
        """Return the result of each task."""
        return execute(function, tasks, executor=self.executor, done=self._tell)

    def _tell(self, more: int) -> None:
        self.done += more
        if self.progress is not None:
            self.progress(self.done, self.planned)


def _named(scenarios: object) -> dict[str, PublicOrganisation]:
    """Return scenarios by their names."""
    if isinstance(scenarios, PublicOrganisation):
        return {scenarios.id: scenarios}
    named = dict(scenarios) if isinstance(scenarios, Mapping) else {}
    if not named or not all(
        isinstance(name, str) and isinstance(each, PublicOrganisation) for name, each in named.items()
    ):
        raise InvalidStudyError(
            Message("expected organisations by the name of their scenario, got {value!r}", value=scenarios)
        )
    return named


def _given(named: Mapping[str, PublicOrganisation], warm_up: object) -> WarmUp | None:
    """Return the warm-up that needs no looking for: as given, or none where runs start from the cases of today."""
    if warm_up is not None:
        return WarmUp(elapsed_seconds(warm_up), Message("given"))
    if any(service.open_cases for organisation in named.values() for service in organisation.services):
        return WarmUp(0.0, Message("none: runs start from the cases that are open"))
    return None


def _found(runs: Sequence[Replication], pilots: int, work: _Work) -> tuple[WarmUp, list[Message]]:
    """Return the warm-up after which every service of every scenario has settled, and which have not."""
    tasks = [attrs.evolve(run, number=n) for run in runs for n in range(pilots)]
    begun = work.do(beginning, tasks)
    longest, notes = 0.0, []
    for i, run in enumerate(runs):
        of_run = begun[i * pilots : (i + 1) * pilots]
        for service, replications in zip(run.program.services, zip(*of_run, strict=True), strict=True):
            seconds, found = settled(replications)
            longest = max(longest, seconds)
            if not found:
                notes.append(
                    Message(
                        "{scenario}: {service}: cycle times have not settled in the first half of the run: simulate longer",
                        scenario=run.scenario,
                        service=service,
                    )
                )
    return WarmUp(longest, Message("MSER-5 over the mean of {pilots} replications", pilots=pilots)), notes


def _repeated(
    named: Mapping[str, PublicOrganisation],
    runs: Sequence[Replication],
    work: _Work,
    first: int,
    wants_more: Callable[[Sequence[Scenario], int], int],
) -> tuple[tuple[Scenario, ...], int]:
    """Return what was observed of each scenario, and in how many replications: so many at first, then as many as wanted."""
    results: dict[str, list[Observed]] = {name: [] for name in named}
    found: tuple[Scenario, ...] = ()
    count, more = 0, first
    while more:
        tasks = [attrs.evolve(run, number=count + n) for run in runs for n in range(more)]
        for task, result in zip(tasks, work.do(observed, tasks), strict=True):
            results[task.scenario].append(result)
        count += more
        found = tuple(_gathered(name, named[name], results[name]) for name in named)
        more = wants_more(found, count)
    return found, count


def _gathered(name: str, organisation: PublicOrganisation, results: Sequence[Observed]) -> Scenario:
    """Return the observations of all replications, measure by measure."""
    return Scenario(
        name,
        digest(organisation),
        tuple(
            attrs.evolve(
                _series(id, [result.services[id] for result in results]),
                samples=tuple(result.samples[id] for result in results),
            )
            for id in results[0].services
        ),
        tuple(_series(id, [result.resources[id] for result in results]) for id in results[0].resources),
    )


def _series(id: str, replications: Sequence[Values]) -> Simulated:
    measures = dict.fromkeys(measure for values in replications for measure in values)
    return Simulated(
        id, {measure: tuple(_value(values, measure) for values in replications) for measure in measures}
    )


def _value(values: Values, measure: str) -> float | None:
    """Return a value; no case ended with an outcome that only other replications have met."""
    none_met = 0.0 if measure.startswith(OUTCOME) and values["cases"] else None
    return values.get(measure, none_met)


def _means(scenarios: Iterable[Scenario]) -> list[Estimate]:
    """Return the mean cycle time of every service in every scenario."""
    return [service.estimate("cycle_time") for scenario in scenarios for service in scenario.services]
