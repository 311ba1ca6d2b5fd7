"""
Closed formulas of queueing theory, on plain floats.

Times are in the time unit of the rates. A queue without a steady state raises `UnstableQueueError`; nothing ever
returns infinity or a negative time.
"""

from __future__ import annotations

from math import ceil, exp, inf, sqrt

from pubservice.errors import InvalidQuantityError, UnstableQueueError
from pubservice.messages import Message

_MOST_SERVERS = 10**12  # Erlang's sum has some 10 √c terms at full load: beyond this it takes many seconds


def _check_rates(arrival_rate: float, service_rate: float, servers: int) -> None:
    if not (0 <= arrival_rate < inf and 0 < service_rate < inf and 1 <= servers <= _MOST_SERVERS):
        raise InvalidQuantityError(
            Message(
                "expected an arrival rate ≥ 0, a service rate > 0 and 1 to {most:,} servers, got {arrival}, {service}, {servers}",
                most=_MOST_SERVERS,
                arrival=arrival_rate,
                service=service_rate,
                servers=servers,
            ),
        )


def _check_stable(arrival_rate: float, service_rate: float, servers: int) -> None:
    _check_rates(arrival_rate, service_rate, servers)
    if arrival_rate >= service_rate * servers:
        raise UnstableQueueError(arrival_rate, service_rate, servers)


def _check_load(offered_load: float, servers: int) -> None:
    if not (0 <= offered_load < inf and 1 <= servers <= _MOST_SERVERS):
        raise InvalidQuantityError(
            Message(
                "expected an offered load ≥ 0 and 1 to {most:,} servers, got {load}, {servers}",
                most=_MOST_SERVERS,
                load=offered_load,
                servers=servers,
            ),
        )


def _check_scv(*values: float) -> None:
    for value in values:
        if not 0 <= value < inf:
            message = Message("expected a squared coefficient of variation ≥ 0, got {value!r}", value=value)
            raise InvalidQuantityError(message)


def _finite(result: float) -> float:
    if not result < inf:
        raise InvalidQuantityError(Message("the result is larger than a number can be"))
    return result


def _blocked(offered_load: float, servers: int) -> float:
    """
    Return Erlang's B from the sum of its inverse, 1 + c/a + c(c-1)/a² + ...

    This is the recursion 1/B(k) = 1 + k/a × 1/B(k-1), written out from c downwards: all terms are positive, and it can
    stop where they no longer count (or exceed every float: B is 0), after some √c of them instead of c.
    """
    if not offered_load:
        return 0.0
    inverse = term = 1.0
    for k in range(servers, 0, -1):
        term *= k / offered_load
        inverse += term
        if term <= inverse * 1e-20:  # also where both are infinite
            break
    return 1 / inverse


def _has_to_wait(offered_load: float, servers: int) -> float:
    blocked = _blocked(offered_load, servers)
    return min(1.0, blocked / (1 - offered_load / servers * (1 - blocked)))  # 1 but for rounding


def utilisation(*, arrival_rate: float, service_rate: float, servers: int = 1) -> float:
    """
    Return the work demanded over the work available, ρ = λ / (cμ); 1 or more where the queue grows without bound.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.

    Raises:
        InvalidQuantityError: A rate is negative, infinite or not a number, or there is no server.

    Example:
        >>> utilisation(arrival_rate=4, service_rate=1, servers=5)
        0.8
    """
    _check_rates(arrival_rate, service_rate, servers)
    return _finite(arrival_rate / (service_rate * servers))


def erlang_b(*, offered_load: float, servers: int) -> float:
    """
    Return the probability that a case finds all servers busy where none waits (M/M/c/c).

    Args:
        offered_load: a = λ / μ ≥ 0, in erlang.
        servers: c ≥ 1.

    Raises:
        InvalidQuantityError: The load is negative, infinite or not a number, or there is no server.

    Example:
        >>> round(erlang_b(offered_load=2, servers=2), 6)
        0.4

    Source:
        The stable recursion B(0) = 1, B(k) = aB(k-1) / (k + aB(k-1)); Gross et al., Fundamentals of Queueing
        Theory, 4th ed., §2.5.
    """
    _check_load(offered_load, servers)
    return _blocked(offered_load, servers)


def erlang_c(*, offered_load: float, servers: int) -> float:
    """
    Return the probability that a case has to wait in an M/M/c queue.

    Args:
        offered_load: a = λ / μ, at least 0 and below c, in erlang.
        servers: c ≥ 1.

    Raises:
        UnstableQueueError: a ≥ c.
        InvalidQuantityError: The load is negative, infinite or not a number, or there is no server.

    Example:
        >>> round(erlang_c(offered_load=10, servers=14), 12)
        0.174131933595

    Source:
        C = B / (1 - ρ(1 - B)); Gross et al., Fundamentals of Queueing Theory, 4th ed., §2.3.
    """
    _check_load(offered_load, servers)
    if offered_load >= servers:
        raise UnstableQueueError(offered_load, 1.0, servers)
    return _has_to_wait(offered_load, servers)


def waiting_time(*, arrival_rate: float, service_rate: float, servers: int = 1) -> float:
    """
    Return the mean wait in an M/M/c queue, by Erlang's C formula.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.

    Returns:
        Wq, in the time unit of the rates; excludes the processing time.

    Raises:
        UnstableQueueError: λ ≥ cμ, so the queue grows without bound.
        InvalidQuantityError: An argument is out of range.

    Example:
        A bank: 12 customers per hour, three tellers, ten minutes each.

        >>> round(waiting_time(arrival_rate=12, service_rate=6, servers=3) * 60, 3)
        4.444

    Source:
        Gross et al., Fundamentals of Queueing Theory, 4th ed., §2.3.
    """
    _check_stable(arrival_rate, service_rate, servers)
    waits = _has_to_wait(arrival_rate / service_rate, servers)
    return _finite(waits / (service_rate * servers - arrival_rate))


def service_level(*, arrival_rate: float, service_rate: float, servers: int, within: float) -> float:
    """
    Return the share of cases that wait no longer than a time in an M/M/c queue.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        within: t ≥ 0, in the time unit of the rates.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(service_level(arrival_rate=10 / 3, service_rate=1 / 3, servers=14, within=1 / 3), 4)
        0.8884

    Source:
        P(W ≤ t) = 1 - C exp(-(cμ - λ)t); Gross et al. §2.3.
    """
    _check_stable(arrival_rate, service_rate, servers)
    if not 0 <= within < inf:
        raise InvalidQuantityError(
            Message("expected a duration that is not negative, got {value!r}", value=within)
        )
    waits = _has_to_wait(arrival_rate / service_rate, servers)
    if not waits or not within:
        return 1 - waits
    return 1 - waits * exp(-(service_rate * servers - arrival_rate) * within)


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
    _check_scv(service_scv)
    _check_stable(arrival_rate, service_rate, 1)
    rho = arrival_rate / service_rate
    return _finite((1 + service_scv) / 2 * rho / (1 - rho) / service_rate)


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
    _check_scv(arrival_scv, service_scv)
    _check_stable(arrival_rate, service_rate, 1)
    rho = arrival_rate / service_rate
    return _finite((arrival_scv / 2 + service_scv / 2) * rho / (1 - rho) / service_rate)


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
    _check_scv(arrival_scv, service_scv)
    exponential = waiting_time(arrival_rate=arrival_rate, service_rate=service_rate, servers=servers)
    return _finite(exponential * (arrival_scv / 2 + service_scv / 2))


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
    _check_scv(arrival_scv, service_scv)
    _check_stable(arrival_rate, service_rate, servers)
    rho = arrival_rate / (service_rate * servers)
    exponential = rho ** (sqrt(2 * (servers + 1)) - 1) / (servers * (1 - rho)) / service_rate
    return _finite(exponential * (arrival_scv / 2 + service_scv / 2))


def work_in_progress(*, arrival_rate: float, cycle_time: float) -> float:
    """
    Return the mean number of cases inside by Little's law, L = λW.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        cycle_time: W ≥ 0, in the same time unit.

    Raises:
        InvalidQuantityError: One is negative, infinite or not a number.

    Example:
        A drive-through: 300 customers in 600 minutes, each 10 minutes inside.

        >>> work_in_progress(arrival_rate=300 / 600, cycle_time=10)
        5.0

    Source:
        Little (1961), Operations Research 9(3), 383-387.
    """
    return _little(arrival_rate, cycle_time)


def queue_length(*, arrival_rate: float, waiting_time: float) -> float:
    """
    Return the mean number of cases that wait by Little's law, Lq = λWq.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        waiting_time: Wq ≥ 0, in the same time unit.

    Raises:
        InvalidQuantityError: One is negative, infinite or not a number.

    Example:
        >>> queue_length(arrival_rate=12, waiting_time=0.25)
        3.0

    Source:
        Little (1961), Operations Research 9(3), 383-387.
    """
    return _little(arrival_rate, waiting_time)


def _little(rate: float, time: float) -> float:
    if not (0 <= rate < inf and 0 <= time < inf):
        message = Message(
            "expected a rate and a time that are not negative, got {rate}, {time}", rate=rate, time=time
        )
        raise InvalidQuantityError(message)
    return _finite(rate * time)


def servers_needed(*, offered_load: float, below: float = 1.0) -> int:
    """
    Return the least number of servers with which utilisation stays below a limit.

    Args:
        offered_load: a = λ / μ ≥ 0, in erlang.
        below: The limit, above 0, at most 1.

    Raises:
        InvalidQuantityError: The load or the limit is out of range.

    Example:
        >>> servers_needed(offered_load=4), servers_needed(offered_load=4, below=0.75)
        (5, 6)
    """
    if not (0 <= offered_load < inf and 0 < below <= 1 and offered_load / below < inf):
        message = Message(
            "expected a load ≥ 0 and a limit from 0 to 1, got {load}, {limit}", load=offered_load, limit=below
        )
        raise InvalidQuantityError(message)
    servers = max(1, ceil(offered_load / below))
    return servers if offered_load / servers < below else servers + 1
