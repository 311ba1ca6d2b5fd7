"""One queue with any times: M/G/1 exactly, G/G/1 and G/G/c by named approximations from two moments."""

from __future__ import annotations

from math import exp, inf, log, sqrt

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.queueing.domain import check_scv, check_share, check_stable, check_time, finite
from pubservice.queueing.markovian import erlang_c, waiting_time


def waiting_time_mg1(*, arrival_rate: float, service_rate: float, service_scv: float) -> float:
    """
    Return the mean wait in an M/G/1 queue, by Pollaczek and Khinchine.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0, in cases per time unit; 1/μ is the mean processing time.
        service_scv: Squared coefficient of variation of the processing time, variance × μ², ≥ 0.

    Returns:
        Wq, in the time unit of the rates; excludes the processing time.

    Raises:
        UnstableQueueError: λ ≥ μ.
        InvalidQuantityError: An argument is out of range.

    Example:
        Two cases per hour, 20 minutes each, with a standard deviation of an hour.

        >>> round(waiting_time_mg1(arrival_rate=2, service_rate=3, service_scv=9), 6)
        3.333333

    Source:
        Lq = ρ²(1 + cs²) / (2(1 - ρ)); Gross et al., Fundamentals of Queueing Theory, 4th ed., §5.1.
    """
    check_scv(service_scv)
    check_stable(arrival_rate, service_rate, 1)
    rho = arrival_rate / service_rate
    return finite((1 + service_scv) / 2 * rho / (1 - rho) / service_rate)


def waiting_time_variance_mg1(
    *, arrival_rate: float, service_rate: float, service_scv: float, service_skewness: float
) -> float:
    """
    Return the variance of the wait in an M/G/1 queue in order of arrival, by Takács' second moment.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0, in cases per time unit; 1/μ is the mean processing time.
        service_scv: Squared coefficient of variation of the processing time, ≥ 0.
        service_skewness: Of the processing time: third central moment over the cube of the standard deviation.

    Returns:
        Var W, in squared time units.

    Raises:
        UnstableQueueError: λ ≥ μ.
        InvalidQuantityError: An argument is out of range, or no positive time is so little skewed.

    Example:
        Exponential times (skewness 2) at utilisation 0.5: P(W > t) = 0.5 exp(-0.5t), so E W² = 4 and Var W = 3.

        >>> waiting_time_variance_mg1(arrival_rate=0.5, service_rate=1, service_scv=1, service_skewness=2)
        3.0

    Source:
        Takács (1962), Introduction to the Theory of Queues: E W² = 2(E W)² + λ E S³ / (3(1 - ρ)).
    """
    mean = waiting_time_mg1(arrival_rate=arrival_rate, service_rate=service_rate, service_scv=service_scv)
    third = (
        1 + 3 * service_scv + service_skewness * service_scv * sqrt(service_scv)
    )  # E S³ over the cube of the mean
    if not (1 + service_scv) * (1 + service_scv) * (1 - 1e-9) <= third < inf:
        message = Message(
            "expected a skewness that a positive time with scv {scv!r} can have, got {value!r}",
            scv=service_scv,
            value=service_skewness,
        )
        raise InvalidQuantityError(message)
    rho = arrival_rate / service_rate
    return finite(mean * mean + rho / (1 - rho) * third / 3 / service_rate / service_rate)


def waiting_time_kingman(
    *, arrival_rate: float, service_rate: float, arrival_scv: float, service_scv: float
) -> float:
    """
    Return the mean wait in a G/G/1 queue, by Kingman's approximation; exact for M/M/1 and M/G/1.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0, in cases per time unit.
        arrival_scv: Squared coefficient of variation of the times between arrivals, ≥ 0.
        service_scv: Of the processing time, ≥ 0.

    Raises:
        UnstableQueueError: λ ≥ μ.
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(waiting_time_kingman(arrival_rate=0.09, service_rate=0.1, arrival_scv=0.5, service_scv=1.5), 6)
        90.0

    Source:
        Kingman (1961), Proc. Cambridge Phil. Soc. 57(4), 902-904.
    """
    check_scv(arrival_scv, service_scv)
    check_stable(arrival_rate, service_rate, 1)
    rho = arrival_rate / service_rate
    return finite((arrival_scv / 2 + service_scv / 2) * rho / (1 - rho) / service_rate)


def waiting_time_kraemer(
    *, arrival_rate: float, service_rate: float, arrival_scv: float, service_scv: float
) -> float:
    """
    Return the mean wait in a G/G/1 queue by Krämer and Langenbach-Belz, who correct Kingman where arrivals are regular.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0, in cases per time unit.
        arrival_scv: Squared coefficient of variation of the times between arrivals, ≥ 0; from 1 it is Kingman's formula.
        service_scv: Of the processing time, ≥ 0.

    Raises:
        UnstableQueueError: λ ≥ μ.
        InvalidQuantityError: An argument is out of range.

    Example:
        D/M/1 at utilisation 0.5: exactly 0.255, where Kingman says 0.5.

        >>> wait = waiting_time_kraemer(arrival_rate=0.5, service_rate=1, arrival_scv=0, service_scv=1)
        >>> round(wait, 3)
        0.257

    Source:
        Krämer & Langenbach-Belz (1976), Approximate formulae for the delay in the queueing system GI/G/1, 8th
        International Teletraffic Congress; as in Whitt (1983), The queueing network analyzer, Bell System Technical
        Journal 62(9), 2779-2815, eq. 44-45.
    """
    wait = waiting_time_kingman(
        arrival_rate=arrival_rate, service_rate=service_rate, arrival_scv=arrival_scv, service_scv=service_scv
    )
    rho = arrival_rate / service_rate
    if arrival_scv >= 1 or not rho:
        return wait
    regular = (1 - arrival_scv) ** 2 / (arrival_scv + service_scv) if arrival_scv + service_scv else inf
    return wait * exp(-2 * (1 - rho) / (3 * rho) * regular)


def waiting_time_allen_cunneen(
    *,
    arrival_rate: float,
    service_rate: float,
    servers: int,
    arrival_scv: float,
    service_scv: float,
) -> float:
    """
    Return the mean wait in a G/G/c queue, by Allen and Cunneen's approximation.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        arrival_scv: Squared coefficient of variation of the times between arrivals, ≥ 0.
        service_scv: Of the processing time, ≥ 0.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> wait = waiting_time_allen_cunneen(arrival_rate=3.4, service_rate=1, servers=4, arrival_scv=1, service_scv=0)
        >>> round(wait, 6)
        0.57443

    Source:
        Wq(M/M/c) × (ca² + cs²) / 2; Allen (1990), Probability, Statistics and Queueing Theory, 2nd ed., §5.3.
    """
    check_scv(arrival_scv, service_scv)
    exponential = waiting_time(arrival_rate=arrival_rate, service_rate=service_rate, servers=servers)
    return finite(exponential * (arrival_scv / 2 + service_scv / 2))


def waiting_time_sakasegawa(
    *,
    arrival_rate: float,
    service_rate: float,
    servers: int,
    arrival_scv: float = 1.0,
    service_scv: float = 1.0,
) -> float:
    """
    Return the mean wait in a G/G/c queue by Sakasegawa's closed form, which needs no recursion over servers.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        arrival_scv: Squared coefficient of variation of the times between arrivals, ≥ 0.
        service_scv: Of the processing time, ≥ 0.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(waiting_time_sakasegawa(arrival_rate=3.4, service_rate=1, servers=4), 6)
        1.172824

    Source:
        Sakasegawa (1977); Hopp & Spearman, Factory Physics, ch. 8: ρ^(√(2(c+1)) - 1) / (c(1 - ρ)) × t.
    """
    check_scv(arrival_scv, service_scv)
    check_stable(arrival_rate, service_rate, servers)
    rho = arrival_rate / (service_rate * servers)
    exponential = rho ** (sqrt(2 * (servers + 1)) - 1) / (servers * (1 - rho)) / service_rate
    return finite(exponential * (arrival_scv / 2 + service_scv / 2))


def waiting_time_two_moments(
    *,
    arrival_rate: float,
    service_rate: float,
    servers: int,
    arrival_scv: float,
    service_scv: float,
) -> float:
    """
    Return the mean wait in a G/G/c queue as QNA finds it: one server by Krämer, several by Allen and Cunneen.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        arrival_scv: Squared coefficient of variation of the times between arrivals, ≥ 0.
        service_scv: Of the processing time, ≥ 0.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(waiting_time_two_moments(arrival_rate=0.5, service_rate=1, servers=1, arrival_scv=0, service_scv=1), 3)
        0.257

    Source:
        Whitt (1983), Bell System Technical Journal 62(9), 2779-2815, §5.
    """
    if servers == 1:
        return waiting_time_kraemer(
            arrival_rate=arrival_rate,
            service_rate=service_rate,
            arrival_scv=arrival_scv,
            service_scv=service_scv,
        )
    return waiting_time_allen_cunneen(
        arrival_rate=arrival_rate,
        service_rate=service_rate,
        servers=servers,
        arrival_scv=arrival_scv,
        service_scv=service_scv,
    )


def service_level_allen_cunneen(
    *,
    arrival_rate: float,
    service_rate: float,
    servers: int,
    arrival_scv: float,
    service_scv: float,
    within: float,
) -> float:
    """
    Return the share of cases that wait no longer than a time in a G/G/c queue, taking waits as exponential.

    Who waits does so with the probability of M/M/c, for an exponential time whose mean is that of Allen and Cunneen.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        arrival_scv: Squared coefficient of variation of the times between arrivals, ≥ 0.
        service_scv: Of the processing time, ≥ 0.
        within: t ≥ 0, in the time unit of the rates.

    Returns:
        A share; exact for M/M/c. Against M/D/1, M/E2/1 and M/H2/1 (scv 4, balanced means) at utilisations 0.5 to 0.95
        it is off by at most 0.08; measured, see the guide.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> level = service_level_allen_cunneen(
        ...     arrival_rate=10 / 3, service_rate=1 / 3, servers=14, arrival_scv=1, service_scv=1, within=1 / 3
        ... )
        >>> round(level, 4)
        0.8884

    Source:
        Whitt (1993), Approximations for the GI/G/m queue, Production and Operations Management 2(2), 114-161, discusses
        it and better ones; Allen (1990), Probability, Statistics and Queueing Theory, 2nd ed., §5.3.
    """
    check_time(within)
    waits, mean = _exponential_wait(arrival_rate, service_rate, servers, arrival_scv, service_scv)
    return 1 - waits * exp(-within / mean) if mean else 1.0


def waiting_time_quantile_allen_cunneen(
    *,
    arrival_rate: float,
    service_rate: float,
    servers: int,
    arrival_scv: float,
    service_scv: float,
    share: float,
) -> float:
    """
    Return the wait that a share of cases does not exceed in a G/G/c queue, taking waits as exponential.

    The inverse of `service_level_allen_cunneen`, with its assumptions.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        arrival_scv: Squared coefficient of variation of the times between arrivals, ≥ 0.
        service_scv: Of the processing time, ≥ 0.
        share: p of all cases, at least 0 and below 1; 0 where at least so many do not wait at all.

    Returns:
        A time; exact for M/M/c. Against M/D/1, M/E2/1 and M/H2/1 (scv 4, balanced means) at utilisations 0.5 to 0.95 the
        90th percentile is off by at most 8 %, the 99th by at most 20 %; measured, see the guide.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        A single clerk at utilisation 0.9 whose work is always alike: 90 % wait at most 11 times as long as it takes.

        >>> wait = waiting_time_quantile_allen_cunneen(
        ...     arrival_rate=0.9, service_rate=1, servers=1, arrival_scv=1, service_scv=0, share=0.9
        ... )
        >>> round(wait, 2)
        10.99

    Source:
        As `service_level_allen_cunneen`.
    """
    check_share(share)
    waits, mean = _exponential_wait(arrival_rate, service_rate, servers, arrival_scv, service_scv)
    return finite(mean * log(waits / (1 - share))) if waits > 1 - share else 0.0


def _exponential_wait(
    arrival_rate: float, service_rate: float, servers: int, arrival_scv: float, service_scv: float
) -> tuple[float, float]:
    """Return with which probability a case waits, and how long on average if it does."""
    mean = waiting_time_allen_cunneen(
        arrival_rate=arrival_rate,
        service_rate=service_rate,
        servers=servers,
        arrival_scv=arrival_scv,
        service_scv=service_scv,
    )
    waits = erlang_c(offered_load=arrival_rate / service_rate, servers=servers) if mean else 0.0
    return waits, finite(mean / waits) if waits else 0.0
