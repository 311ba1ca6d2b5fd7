"""M/M/c: Poisson arrivals, exponential times, c equal servers, one queue in order of arrival; without room to wait, B."""

from __future__ import annotations

from math import ceil, exp, inf, log

from pubservice.errors import InvalidQuantityError, UnstableQueueError
from pubservice.messages import Message
from pubservice.queueing.domain import (
    check_load,
    check_rates,
    check_share,
    check_stable,
    check_time,
    finite,
)


def blocked(offered_load: float, servers: int) -> float:
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


def has_to_wait(offered_load: float, servers: int) -> float:
    """Return Erlang's C of a load below the number of servers."""
    lost = blocked(offered_load, servers)
    return min(1.0, lost / (1 - offered_load / servers * (1 - lost)))  # 1 but for rounding


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
    check_rates(arrival_rate, service_rate, servers)
    return finite(arrival_rate / (service_rate * servers))


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
    check_load(offered_load, servers)
    return blocked(offered_load, servers)


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
    check_load(offered_load, servers)
    if offered_load >= servers:
        raise UnstableQueueError(offered_load, 1.0, servers)
    return has_to_wait(offered_load, servers)


def erlang_c_slope(*, offered_load: float, servers: int) -> float:
    """
    Return by how much the probability of having to wait in an M/M/c queue rises per erlang of load: dC/da.

    Args:
        offered_load: a = λ / μ, above 0 and below c, in erlang.
        servers: c ≥ 1.

    Raises:
        UnstableQueueError: a ≥ c.
        InvalidQuantityError: The load is 0, negative, infinite or not a number, or there is no server.

    Example:
        In M/M/1 the probability is the utilisation itself.

        >>> erlang_c_slope(offered_load=0.7, servers=1)
        1.0

    Source:
        From dB/da = B (c/a - 1 + B) and C = cB / (c - a(1 - B)); Jagers & van Doorn (1986), On the continued Erlang loss
        function, Operations Research Letters 5(1), 43-46.
    """
    check_load(offered_load, servers)
    if offered_load >= servers:
        raise UnstableQueueError(offered_load, 1.0, servers)
    if not offered_load:
        message = Message("expected an offered load > 0, got {load!r}", load=offered_load)
        raise InvalidQuantityError(message)
    lost = blocked(offered_load, servers)
    rise = lost * (servers / offered_load - 1 + lost)
    kept = servers - offered_load * (1 - lost)
    return servers * (rise * kept + lost * (1 - lost - offered_load * rise)) / (kept * kept)


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
    check_stable(arrival_rate, service_rate, servers)
    waits = has_to_wait(arrival_rate / service_rate, servers)
    return finite(waits / (service_rate * servers - arrival_rate))


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
    check_stable(arrival_rate, service_rate, servers)
    check_time(within)
    waits = has_to_wait(arrival_rate / service_rate, servers)
    if not waits or not within:
        return 1 - waits
    return 1 - waits * exp(-(service_rate * servers - arrival_rate) * within)


def waiting_time_quantile(
    *, arrival_rate: float, service_rate: float, servers: int = 1, share: float
) -> float:
    """
    Return the wait that a share of cases does not exceed in an M/M/c queue, exactly.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        share: p of all cases, at least 0 and below 1; 0 where at least so many do not wait at all.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        Fourteen agents, 100 calls of three minutes per half hour: 88.84 % wait at most a third of a minute.

        >>> wait = waiting_time_quantile(arrival_rate=10 / 3, service_rate=1 / 3, servers=14, share=0.8883500191794669)
        >>> round(wait, 6)
        0.333333

    Source:
        P(W > t) = C exp(-(cμ - λ)t), solved for t; Gross et al., Fundamentals of Queueing Theory, 4th ed., §2.3.
    """
    check_stable(arrival_rate, service_rate, servers)
    check_share(share)
    waits = has_to_wait(arrival_rate / service_rate, servers)
    if waits <= 1 - share:
        return 0.0
    return finite(log(waits / (1 - share)) / (service_rate * servers - arrival_rate))


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
