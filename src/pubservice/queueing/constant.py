"""M/D/c: Poisson arrivals, and every case takes the same time."""

from __future__ import annotations

from cmath import exp as complex_exp
from cmath import log as complex_log
from cmath import sqrt as complex_sqrt
from math import exp, fsum, lgamma, log, log1p, pi, sqrt

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.queueing.domain import check_stable, finite
from pubservice.queueing.general import waiting_time_mg1
from pubservice.queueing.markovian import waiting_time

_MOST_SERVERS = 10**5  # a root for each pair of them, at some microseconds
_SLOW = 0.4  # with c(ρ - 1 - ln ρ) below this, Crommelin's sum takes more than about a hundred terms


def waiting_time_mdc(*, arrival_rate: float, service_rate: float, servers: int) -> float:
    """
    Return the mean wait in an M/D/c queue, exactly.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit; every case takes 1/μ.
        servers: c from 1 to 100,000.

    Returns:
        Wq, in the time unit of the rates; relative error below 1e-9.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        One server: half the wait of M/M/1.

        >>> round(waiting_time_mdc(arrival_rate=0.9, service_rate=1, servers=1), 9)
        4.5
        >>> round(waiting_time_mdc(arrival_rate=3.4, service_rate=1, servers=4), 4)
        0.5888

    Source:
        Crommelin (1934), Delay probability formulae, Post Office Electrical Engineers' Journal 26, 266-274: those in
        queue are Σ E[(N(n) - nc)+] / n, N(n) Poisson with mean nλ/μ. Where that converges slowly, by the roots of
        z^c = exp(λ(z - 1)/μ) inside the unit circle; Franx (2001), A simple solution for the M/D/c waiting time
        distribution, Operations Research Letters 29(5), 221-229.
    """
    check_stable(arrival_rate, service_rate, servers)
    if servers > _MOST_SERVERS:
        message = Message(
            "expected 1 to {most:,} servers of an M/D/c queue, got {servers}",
            most=_MOST_SERVERS,
            servers=servers,
        )
        raise InvalidQuantityError(message)
    if servers == 1:
        return waiting_time_mg1(arrival_rate=arrival_rate, service_rate=service_rate, service_scv=0)
    rho = arrival_rate / service_rate / servers
    if not rho:
        return 0.0
    free = (servers - arrival_rate / service_rate) / servers
    decay = rho - 1 - log(rho) if rho < 0.5 else -log1p(-free) - free
    if servers * decay < _SLOW:
        return finite(_queue_by_roots(servers, free, decay) / arrival_rate)
    return finite(_queue_by_terms(rho * servers, servers, decay) / arrival_rate)


def waiting_time_cosmetatos(*, arrival_rate: float, service_rate: float, servers: int) -> float:
    """
    Return the mean wait in an M/D/c queue by Cosmetatos' approximation, for any number of servers.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit.
        service_rate: μ > 0 of one server, in cases per time unit; every case takes 1/μ.
        servers: c ≥ 1.

    Returns:
        Wq, in the time unit of the rates; exact for one server; within 1 % of the exact one for 2 to 10 servers and
        utilisations from 0.5, within 4 % to 30 servers; far too high (20 % and more) at utilisation 0.1.

    Raises:
        UnstableQueueError: λ ≥ cμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(waiting_time_cosmetatos(arrival_rate=3.4, service_rate=1, servers=4), 4)
        0.5882

    Source:
        Cosmetatos (1975), Approximate explicit formulae for the average queueing time in the processes (M/D/r) and
        (D/M/r), INFOR 13(3), 328-331.
    """
    exponential = waiting_time(arrival_rate=arrival_rate, service_rate=service_rate, servers=servers)
    rho = arrival_rate / (service_rate * servers)
    if not rho:
        return 0.0
    bend = (1 - rho) * (servers - 1) * (sqrt(4 + 5 * servers) - 2) / (16 * rho * servers)
    return finite(exponential / 2 * (1 + bend))


def _queue_by_terms(load: float, servers: int, decay: float) -> float:
    """Return how many wait, by Crommelin's sum; its terms fall like exp(-n × c × decay)."""
    total, n = 0.0, 0
    while True:
        n += 1
        most, mean = n * servers, n * load
        beyond, ratio, count = 0.0, 1.0, 0
        while ratio * (count + 1) > beyond * 1e-17:
            count += 1
            ratio *= mean / (most + count)
            beyond += count * ratio
        term = beyond * _poisson(most, decay) / n
        total += term
        if term <= total * 1e-17:
            return total


def _poisson(count: int, decay: float) -> float:
    """Return the probability of a count whose mean is ρ × count, with decay = ρ - 1 - ln ρ."""
    if count < 16:
        stirling = lgamma(count + 1) - (count * log(count) - count + log(2 * pi * count) / 2)
    else:
        stirling = 1 / (12 * count) - 1 / (360 * count**3) + 1 / (1260 * count**5)
    return exp(-count * decay - stirling) / sqrt(2 * pi * count)


def _queue_by_roots(servers: int, free: float, decay: float) -> float:
    """
    Return how many wait, by the roots z of z^c = exp(λ(z - 1)/μ) inside the unit circle.

    Those in queue are Σ 1 / (1 - z) + 1 / (2(1 - ρ)) - c(1 + ρ) / 2, the sum over the c - 1 roots, which come in conjugate
    pairs. With w = 1 - ρz each solves -w - ln(1 - w) = ρ - 1 - ln ρ - 2πik/c, by Newton's method.
    """
    parts = [1 / (2 * free), -servers * (1 - free / 2)]
    for k in range(1, servers // 2 + 1):
        right = complex(decay, -2 * pi * k / servers)
        if abs(right) < 1.5:
            start = complex_sqrt(2 * right)
            w = start - start**2 / 3 + start**3 / 36
        else:
            power = complex_exp(-1 - right)
            w = 1 - power * (1 + power * (1 + 1.5 * power))
        step = w
        while abs(step) > 1e-15 * abs(w):
            before = abs(step)
            step = (-w - complex_log(1 - w) - right) * (1 - w) / w
            if abs(step) >= before:
                break  # only rounding is left
            w -= step
        pair = 1 if 2 * k == servers else 2
        parts.append(pair * ((1 - free) / (w - free)).real)
    return fsum(parts)
