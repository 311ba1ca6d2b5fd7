"""One run by itself: what happened in it, as an event log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.simulation.bounds import MAX_MEMORY, check_log, check_run, length_of
from pubservice.simulation.log import event_log, write_event_log
from pubservice.simulation.program import program
from pubservice.simulation.run import run

if TYPE_CHECKING:
    from os import PathLike

    from pubservice.eventlog import EventLog
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.units import Duration


def simulated_log(
    organisation: PublicOrganisation,
    *,
    horizon: Duration | str | None = None,
    cases: int | None = None,
    seed: int = 0,
    replication: int = 0,
    max_memory: int = MAX_MEMORY,
) -> EventLog:
    """
    Return the event log of one run, such as a study has among others: one run says nothing of how sure anything is.

    Args:
        organisation: What is simulated.
        horizon: How long it is run, in elapsed time, such as ``1 year``.
        cases: Instead: how many cases arrive.
        seed: Of the study.
        replication: Which of its runs.
        max_memory: In bytes; a log that would take more is refused, before anything is run.

    Raises:
        InvalidStudyError: It cannot be run as asked, or would take more memory than `max_memory`.
        InvalidModelError: The organisation cannot be simulated; all reasons are named.
        MissingExtraError: The extra ``logs`` is not installed.

    Example:
        >>> log = simulated_log(city_hall, cases=200, seed=2026)
        >>> log.cases, len(log.activities)
        (200, 5)
    """
    named = {organisation.id: organisation}
    length = length_of(named, horizon, cases)
    check_run(seed, replication)
    check_log(named, horizon, cases, max_memory)
    record = run(
        program(organisation),
        seed=seed,
        replication=replication,
        horizon_s=length.horizon_s,
        cases=cases,
        log=True,
    )
    return event_log(record)


def write_simulated_log(
    organisation: PublicOrganisation,
    path: str | PathLike[str],
    *,
    horizon: Duration | str | None = None,
    cases: int | None = None,
    seed: int = 0,
    replication: int = 0,
) -> None:
    """
    Write the event log of one run as Parquet, as it goes on: ten million cases need no more memory than a thousand.

    Args:
        organisation: What is simulated.
        path: Of the file, which is replaced if it is there.
        horizon: As for `simulated_log`.
        cases: Likewise.
        seed: Likewise.
        replication: Likewise.

    Raises:
        InvalidStudyError: It cannot be run as asked.
        InvalidModelError: The organisation cannot be simulated; all reasons are named.
        MissingExtraError: The extra ``logs`` is not installed.

    Example:
        >>> write_simulated_log(city_hall, "log.parquet", cases=200, seed=2026)
        >>> ps.read_parquet("log.parquet").cases
        200
    """
    length = length_of({organisation.id: organisation}, horizon, cases)
    check_run(seed, replication)
    write_event_log(
        program(organisation),
        path,
        seed=seed,
        replication=replication,
        horizon_s=length.horizon_s,
        cases=cases,
    )
