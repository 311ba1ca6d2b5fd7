"""Several classes at one queue: who is more urgent goes first. Classes are listed from the most urgent on."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.queueing.domain import check_rates, check_scv, check_stable, finite
from pubservice.queueing.markovian import has_to_wait

if TYPE_CHECKING:
    from collections.abc import Sequence


def waiting_times_nonpreemptive(
    *, arrival_rates: Sequence[float], service_rate: float, servers: int
) -> list[float]:
    """
    Return the mean wait of each class in an M/M/c queue where nobody in service is interrupted.

    Args:
        arrival_rates: λ ≥ 0 of each class, the most urgent first, in cases per time unit; at least one class.
        service_rate: μ > 0 of one server, in cases per time unit, the same for all classes.
        servers: c ≥ 1.

    Returns:
        Wq of each class, in the time unit of the rates; classes wait in order of arrival among themselves.

    Raises:
        UnstableQueueError: Σ λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        An emergency room with two doctors: critical, serious and stable patients, 0.2, 0.6 and 1.2 an hour, treated in
        20 minutes, wait 0.029, 0.033 and 0.048 hours.

        >>> waits = waiting_times_nonpreemptive(arrival_rates=[0.2, 0.6, 1.2], service_rate=3, servers=2)
        >>> [round(wait, 3) for wait in waits]
        [0.029, 0.033, 0.048]

    Source:
        Cobham (1954), Priority assignment in waiting line problems, Operations Research 2(1), 70-76; Kella & Yechiali
        (1985), Waiting times in the non-preemptive priority M/M/c queue, Stochastic Models 1(2), 257-262. The example is
        that of Hillier & Lieberman, Introduction to Operations Research, chapter on queueing, County Hospital.
    """
    _check_classes(arrival_rates, [service_rate] * len(arrival_rates), servers)
    total = sum(arrival_rates)
    check_stable(total, service_rate, servers)
    all_busy = has_to_wait(total / service_rate, servers) / servers / service_rate
    return _shared(all_busy, [rate / (servers * service_rate) for rate in arrival_rates])


def priority_factors(loads: Sequence[float]) -> list[float]:
    """
    Return the mean wait of each class over what all would wait if first come were first served, nobody interrupted.

    Exact in M/G/1, whatever the times of the classes, and in M/M/c with one exponential time; elsewhere it shares the
    wait so that the law of conservation holds: weighted by the work that they bring, the factors are 1 on average.

    Args:
        loads: Utilisation ≥ 0 by each class, the most urgent first; at least one class, together below 1.

    Raises:
        UnstableQueueError: Together they are 1 or more.
        InvalidQuantityError: An argument is out of range.

    Example:
        Half of the work of clerks who are busy 80 % of their time is urgent: it waits a third as long.

        >>> [round(factor, 3) for factor in priority_factors([0.4, 0.4])]
        [0.333, 1.667]

    Source:
        Cobham (1954), Operations Research 2(1), 70-76: W = W₀ / ((1 - σ₋)(1 - σ)), with σ₋ and σ the utilisation by those
        who are more urgent, and by these too; Kleinrock (1965), A conservation law for a wide class of queueing
        disciplines, Naval Research Logistics 12.
    """
    _check_classes(loads, [1.0] * len(loads))
    check_stable(sum(loads), 1.0)
    return _shared(1 - sum(loads), loads)


def waiting_times_nonpreemptive_mg1(
    *, arrival_rates: Sequence[float], service_rates: Sequence[float], service_scvs: Sequence[float]
) -> list[float]:
    """
    Return the mean wait of each class in an M/G/1 queue where nobody in service is interrupted.

    Args:
        arrival_rates: λ ≥ 0 of each class, the most urgent first, in cases per time unit; at least one class.
        service_rates: μ > 0 of each class, in cases per time unit.
        service_scvs: Squared coefficient of variation of the processing time of each class, ≥ 0.

    Returns:
        Wq of each class, in the time unit of the rates.

    Raises:
        UnstableQueueError: Σ λ/μ ≥ 1.
        InvalidQuantityError: An argument is out of range, or the classes are not equally many everywhere.

    Example:
        The same emergency room with one doctor: 0.238 and 0.325 hours for the first two classes.

        >>> waits = waiting_times_nonpreemptive_mg1(
        ...     arrival_rates=[0.2, 0.6, 1.2], service_rates=[3, 3, 3], service_scvs=[1, 1, 1]
        ... )
        >>> [round(wait, 3) for wait in waits]
        [0.238, 0.325, 0.909]

    Source:
        Cobham (1954), Operations Research 2(1), 70-76; Gross et al., Fundamentals of Queueing Theory, 4th ed., ch. 3.
    """
    loads, residuals = _work(arrival_rates, service_rates, service_scvs)
    return _shared(sum(residuals), loads)


def waiting_times_preemptive_mg1(
    *, arrival_rates: Sequence[float], service_rates: Sequence[float], service_scvs: Sequence[float]
) -> list[float]:
    """
    Return how long cases of each class stand still in an M/G/1 queue where the more urgent interrupts.

    The interrupted case resumes where it was left (preemptive resume), so that less urgent classes do not exist for
    more urgent ones.

    Args:
        arrival_rates: λ ≥ 0 of each class, the most urgent first, in cases per time unit; at least one class.
        service_rates: μ > 0 of each class, in cases per time unit.
        service_scvs: Squared coefficient of variation of the processing time of each class, ≥ 0.

    Returns:
        Cycle time less processing time of each class: the wait before the first work and all interruptions.

    Raises:
        UnstableQueueError: Σ λ/μ ≥ 1.
        InvalidQuantityError: An argument is out of range, or the classes are not equally many everywhere.

    Example:
        The emergency room with one doctor who leaves a patient for a more urgent one: 0.024 and 0.154 hours.

        >>> waits = waiting_times_preemptive_mg1(
        ...     arrival_rates=[0.2, 0.6, 1.2], service_rates=[3, 3, 3], service_scvs=[1, 1, 1]
        ... )
        >>> [round(wait, 3) for wait in waits]
        [0.024, 0.154, 1.03]

    Source:
        Gross et al., Fundamentals of Queueing Theory, 4th ed., ch. 3; the example is that of Hillier & Lieberman,
        Introduction to Operations Research, chapter on queueing, County Hospital.
    """
    loads, residuals = _work(arrival_rates, service_rates, service_scvs)
    waits, before = [], 0.0
    for rate, load, residual in zip(service_rates, loads, accumulate(residuals), strict=True):
        waits.append(finite((before / rate + residual / (1 - before - load)) / (1 - before)))
        before += load
    return waits


def _check_classes(arrival_rates: Sequence[float], service_rates: Sequence[float], servers: int = 1) -> None:
    if not arrival_rates:
        raise InvalidQuantityError(Message("expected at least one class"))
    for arrival_rate, service_rate in zip(arrival_rates, service_rates, strict=True):
        check_rates(arrival_rate, service_rate, servers)


def _work(
    arrival_rates: Sequence[float], service_rates: Sequence[float], service_scvs: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Return the load of each class on the server, and what of a case in service is still to be done: λ E S² / 2."""
    if not len(arrival_rates) == len(service_rates) == len(service_scvs):
        message = Message(
            "expected as many arrival rates as service rates and scvs, got {arrivals}, {services} and {scvs}",
            arrivals=len(arrival_rates),
            services=len(service_rates),
            scvs=len(service_scvs),
        )
        raise InvalidQuantityError(message)
    _check_classes(arrival_rates, service_rates)
    check_scv(*service_scvs)
    loads = [
        arrival_rate / service_rate
        for arrival_rate, service_rate in zip(arrival_rates, service_rates, strict=True)
    ]
    total = sum(loads)
    if total:
        check_stable(sum(arrival_rates), sum(arrival_rates) / total)
    return loads, [
        load / rate * (1 + scv) / 2
        for load, rate, scv in zip(loads, service_rates, service_scvs, strict=True)
    ]


def _shared(residual: float, loads: Sequence[float]) -> list[float]:
    """Return the wait of each class: for what is in service, and for the equally and the more urgent."""
    waits, before = [], 0.0
    for load in loads:
        waits.append(finite(residual / (1 - before) / (1 - before - load)))
        before += load
    return waits
