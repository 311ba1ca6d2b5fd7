"""What a study may be: how long, how often, how large."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pubservice.errors import InvalidStudyError, UndefinedResultError
from pubservice.graph.blocks import blocks
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.visits import visits
from pubservice.messages import Message
from pubservice.model.procedure import Step, Wait
from pubservice.simulation.measures import SAMPLE
from pubservice.simulation.offered import cases_per_second
from pubservice.units import WORKING_UNITS, duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.model.organisation import PublicOrganisation

MAX_MEMORY = 2 * 1024**3
_COUNTLESS = 10**15  # more than any memory holds, and still a float
_PER_CASE = 500  # of a run: its results, and what they are computed from
_PER_EVENT = 250  # of a log in memory: its numbers, and the frame that is made of them
_PER_VALUE = 64  # of one measure of one replication
_MEASURES, _OF_RESOURCE = 30, 5  # measures, about
_SAMPLE = SAMPLE * 8


class Length(NamedTuple):
    """
    How long each run is.

    Attributes:
        horizon_s: None where a number of cases ends it.
        cases: How many arrive or are open, about, in the scenario that has most.
    """

    horizon_s: float | None
    cases: float


def elapsed_seconds(value: object) -> float:
    """
    Return a length of time in elapsed seconds.

    Raises:
        InvalidStudyError: It is in working time.
        InvalidQuantityError: It cannot be read.
    """
    length = duration(value)
    seconds = None if length.unit in WORKING_UNITS else length.seconds()
    if seconds is None:
        raise InvalidStudyError(
            Message("expected elapsed time such as '8 week', got {value!r}", value=str(length))
        )
    return seconds


def length_of(named: Mapping[str, PublicOrganisation], horizon: object, cases: object) -> Length:
    """
    Return how long each run is, by a horizon or a number of cases.

    Raises:
        InvalidStudyError: Not exactly one of them is given, or it is none.
        InvalidQuantityError: The horizon cannot be read.
    """
    if (horizon is None) == (cases is None):
        raise InvalidStudyError(
            Message("expected either a horizon such as '1 year' or a number of cases to end each run")
        )
    open_cases = max(_open_cases(organisation) for organisation in named.values())
    if horizon is None:
        return Length(None, float(min(_whole("cases", cases, 1), _COUNTLESS) + open_cases))
    seconds = elapsed_seconds(horizon)
    if not seconds:
        raise InvalidStudyError(Message("expected a horizon above zero, got {value!r}", value=str(horizon)))
    rates = (
        sum(cases_per_second(service, organisation) for service in organisation.services)
        for organisation in named.values()
    )
    return Length(seconds, max(rates) * seconds + open_cases)


def _open_cases(organisation: PublicOrganisation) -> int:
    return sum(each.cases for service in organisation.services for each in service.open_cases)


def _whole(name: str, value: object, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidStudyError(
            Message(
                "{name}: expected a whole number of at least {least}, got {value!r}",
                name=name,
                least=least,
                value=value,
            )
        )
    return value


def check_counts(replications: object, most: object, seed: object, precision: float | None) -> None:
    """
    Check the numbers of a study.

    Raises:
        InvalidStudyError: One is no whole number, or too small; a precision needs two replications to begin with.
    """
    _whole("seed", seed, 0)
    least = _whole("replications", replications, 1 if precision is None else 2)
    _whole("most_replications", most, 1 if precision is None else least)


def check_run(seed: object, replication: object) -> None:
    """
    Check which run is asked for.

    Raises:
        InvalidStudyError: One of the numbers is no whole number, or is negative.
    """
    _whole("seed", seed, 0)
    _whole("replication", replication, 0)


def check_log(named: Mapping[str, PublicOrganisation], horizon: object, cases: object, bound: int) -> None:
    """
    Check that a log in memory does not take too much of it.

    Args:
        named: The organisation, by any name.
        horizon: Of the run.
        cases: Or how many cases arrive.
        bound: In bytes.

    Raises:
        InvalidStudyError: It is more than the bound.
    """
    _whole("max_memory", bound, 1)
    count = length_of(named, horizon, cases).cases
    events = max(map(_events_per_case, named.values()))
    needed = count * (_PER_CASE + events * _PER_EVENT)
    if needed > bound:
        message = Message(
            "a log of {cases:,.0f} cases would take about {needed:,.0f} MB, more than {bound:,.0f} MB: write it to a file as "
            "the run goes on, or allow more by max_memory",
            cases=count,
            needed=needed / 1e6,
            bound=bound / 1e6,
        )
        raise InvalidStudyError(message)


def _events_per_case(organisation: PublicOrganisation) -> float:
    """Return how many steps and waits a case goes through, about, in the service where they are most."""
    found = [1.0]
    for service in organisation.services:
        graph = flowgraph(service.procedure)
        timed = [isinstance(node, Step | Wait) for node in graph.nodes]
        try:
            visited = visits(graph, blocks(graph)) if graph.start >= 0 else []
        except UndefinedResultError:  # where probabilities depend on the case, say
            visited = [1.0] * len(timed)
        found.append(sum(often for often, is_timed in zip(visited, timed, strict=False) if is_timed))
    return max(found)


def check_memory(
    named: Mapping[str, PublicOrganisation],
    length: Length,
    replications: int,
    *,
    workers: int,
    bound: int,
) -> None:
    """
    Check that a study does not take too much memory.

    Args:
        named: Its scenarios.
        length: Of each run.
        replications: Of each scenario.
        workers: How many run at once.
        bound: In bytes.

    Raises:
        InvalidStudyError: It is more than the bound.
    """
    _whole("max_memory", bound, 1)
    measures = sum(
        _MEASURES * len(each.services) + _OF_RESOURCE * len(each.resources) for each in named.values()
    )
    services = sum(len(each.services) for each in named.values())
    kept = min(replications, _COUNTLESS) * (measures * _PER_VALUE + services * _SAMPLE)
    needed = workers * length.cases * _PER_CASE + kept
    if needed > bound:
        message = Message(
            "{replications:,} replications of {cases:,.0f} cases would take about {needed:,.0f} MB at once, more than "
            "{bound:,.0f} MB: max_memory allows more",
            replications=replications,
            cases=length.cases,
            needed=needed / 1e6,
            bound=bound / 1e6,
        )
        raise InvalidStudyError(message)
