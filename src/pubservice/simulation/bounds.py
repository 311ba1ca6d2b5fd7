"""What a study may be: how long, how often, how large."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pubservice.errors import InvalidStudyError
from pubservice.messages import Message
from pubservice.simulation.offered import cases_per_second
from pubservice.units import WORKING_UNITS, duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.model.organisation import PublicOrganisation

_COUNTLESS = 10**15  # more than any memory holds, and still a float
_PER_CASE = 500  # of a run: its results, and what they are computed from
_PER_VALUE = 64  # of one measure of one replication
_MEASURES, _OF_RESOURCE = 30, 4  # measures, about


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
    measures = sum(
        _MEASURES * len(each.services) + _OF_RESOURCE * len(each.resources) for each in named.values()
    )
    needed = workers * length.cases * _PER_CASE + min(replications, _COUNTLESS) * measures * _PER_VALUE
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
