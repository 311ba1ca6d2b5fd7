"""Who is next at a resource that serves by priority: how the wait is shared among services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.queueing import priority_factors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.analysis.load import PriorityClass, Total


def waits_by_priority(
    total: Total, *, available: int, servers: int, first_come: float | None
) -> dict[int, float | None]:
    """
    Return the mean wait of visits of each priority, in seconds of the resource's open time.

    Who is served by priority finds the resource busy as often as first come, first served, and of all work as much waits:
    Cobham's factors share it. A resource that cannot keep up with all is always busy, but those come soon who are so
    urgent that it keeps up with them and with all who are more urgent; the others, None, wait without bound.

    Args:
        total: What is asked of the resource.
        available: How many can be at work.
        servers: How many visits they serve at once.
        first_come: The mean wait if first come were first served; None where they cannot keep up.

    Source:
        Cobham (1954), Operations Research 2(1), 70-76; Buzen & Bondi (1983), The response times of priority classes under
        preemptive resume in M/M/m queues, Operations Research 31(3), 456-465, for the factors of one server with several.
    """
    ordered = sorted(total.classes.items(), reverse=True)
    loads = [max(0.0, asked.staffed) / available for _, asked in ordered]
    used = sum(loads)
    if first_come is not None:
        cobham: list[float | None] = [first_come * factor for factor in priority_factors(loads)]
    else:
        cobham = list(_always_busy(_rest((asked for _, asked in ordered), loads) / servers, loads))
    of_means = sum(asked.work * asked.work / asked.rate for _, asked in ordered if asked.rate > 0)
    scv = total.square / of_means - 1
    found: dict[int, float | None] = {}
    up_to = 0.0
    for (priority, _), load, wait in zip(ordered, loads, cobham, strict=True):
        up_to += load
        found[priority] = None if wait is None else wait * _soon_free(scv, servers, up_to / used)
    return found


def _rest(classes: Iterable[PriorityClass], loads: Iterable[float]) -> float:
    """Return how much of the work in hand is still to do on average where there is too much: the urgent is done first."""
    work = square = before = 0.0
    for asked, load in zip(classes, loads, strict=True):
        part = min(1.0, (1 - before) / load) if load and before < 1 else 0.0
        work += asked.work * part
        square += asked.square * part
        before += load
    return square / work / 2


def _always_busy(rest: float, loads: Iterable[float]) -> Iterable[float | None]:
    """Yield the wait of each class for the next who is free and for the equally and the more urgent."""
    before = 0.0
    for load in loads:
        yield rest / (1 - before) / (1 - before - load) if before + load < 1 else None
        before += load


def _soon_free(scv: float, servers: int, share: float) -> float:
    """
    Return by how much longer than in the measure of the mean the urgent wait for the next of several who is free.

    Of several who work equally long the next is free later, of those who work very unevenly sooner, than the waits of all
    tell; those wait so who bring little of the work, so that they seldom wait for their like. With one, and where times
    are exponential, it is 1, and exact. Of fixed times the least of c evenly spread rests is 1 / (c + 1) of one; of uneven
    ones those who are at short work free themselves.

    Args:
        scv: Squared coefficient of variation of the times of visits of one priority, the mean of all.
        servers: c.
        share: Of the work, that the class and those that are more urgent bring.
    """
    felt = (servers - 1) / (servers + 1) if scv < 1 else (servers - 1) / servers
    return 1 + (2 / (1 + max(0.0, scv)) - 1) * felt * max(0.0, 1 - share)


def mean_wait(total: Total, waits: Mapping[int, float | None]) -> float | None:
    """Return the mean over the visits of all priorities; None where those of one wait without bound."""
    found = 0.0
    for priority, wait in waits.items():
        if wait is None:
            return None
        found += total.classes[priority].rate * wait
    return found / total.rate
