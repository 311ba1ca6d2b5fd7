"""M/M/c/K: room for K cases, in service or waiting; who finds it full is lost. It always has a steady state."""

from __future__ import annotations

from math import exp, expm1, inf, log

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.queueing.domain import check_rates, finite
from pubservice.queueing.markovian import blocked

_MOST_ROOM = 10**15  # beyond this a float no longer counts places one by one


def blocking_probability(*, arrival_rate: float, service_rate: float, servers: int, room: int) -> float:
    """
    Return the share of cases that find an M/M/c/K system full and are lost.

    Args:
        arrival_rate: λ ≥ 0 of those who come, in cases per time unit; it may exceed what the servers can do.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        room: K ≥ c, cases in service and waiting together; with K = c this is Erlang's B.

    Raises:
        InvalidQuantityError: An argument is out of range.

    Example:
        One server at utilisation 1 and room for four: all five states are equally likely.

        >>> round(blocking_probability(arrival_rate=3, service_rate=3, servers=1, room=4), 12)
        0.2

    Source:
        Gross et al., Fundamentals of Queueing Theory, 4th ed., §2.4.
    """
    _check_room(arrival_rate, service_rate, servers, room)
    return _steady(arrival_rate / service_rate, servers, room)[0]


def throughput_limited(*, arrival_rate: float, service_rate: float, servers: int, room: int) -> float:
    """
    Return how many cases an M/M/c/K system admits, and so completes, per time unit: λ (1 - P(full)).

    Args:
        arrival_rate: λ ≥ 0 of those who come, in cases per time unit; it may exceed what the servers can do.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        room: K ≥ c, cases in service and waiting together.

    Raises:
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(throughput_limited(arrival_rate=3, service_rate=3, servers=1, room=4), 12)
        2.4

    Source:
        Gross et al., Fundamentals of Queueing Theory, 4th ed., §2.4.
    """
    _check_room(arrival_rate, service_rate, servers, room)
    return arrival_rate * _steady(arrival_rate / service_rate, servers, room)[1]


def waiting_time_limited(*, arrival_rate: float, service_rate: float, servers: int, room: int) -> float:
    """
    Return the mean wait of those whom an M/M/c/K system admits.

    Args:
        arrival_rate: λ ≥ 0 of those who come, in cases per time unit; it may exceed what the servers can do.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        room: K ≥ c, cases in service and waiting together.

    Returns:
        Wq, in the time unit of the rates; excludes the processing time, and those who are lost.

    Raises:
        InvalidQuantityError: An argument is out of range.

    Example:
        Three inspection stations of six minutes a car, room for four more, a car a minute: 3.09 cars wait.

        >>> inspection = {"arrival_rate": 1, "service_rate": 1 / 6, "servers": 3, "room": 7}
        >>> wait = waiting_time_limited(**inspection)
        >>> round(wait, 2), round(wait * throughput_limited(**inspection), 2)
        (6.24, 3.09)

    Source:
        Gross et al., Fundamentals of Queueing Theory, 4th ed., §2.4: Lq / (λ (1 - P(full))).
    """
    _check_room(arrival_rate, service_rate, servers, room)
    if not arrival_rate:
        return 0.0
    _, admitted, queue = _steady(arrival_rate / service_rate, servers, room)
    return finite(queue / arrival_rate / admitted)


def _check_room(arrival_rate: float, service_rate: float, servers: int, room: int) -> None:
    check_rates(arrival_rate, service_rate, servers)
    finite(arrival_rate / service_rate)
    if not servers <= room <= _MOST_ROOM:
        raise InvalidQuantityError(
            Message(
                "expected room for {servers} (all in service) to {most:,} cases, got {room!r}",
                servers=servers,
                most=_MOST_ROOM,
                room=room,
            )
        )


def _steady(load: float, servers: int, room: int) -> tuple[float, float, float]:
    """
    Return the probabilities that the system is full and that it is not, and how many wait on average.

    While all servers are busy, the number waiting is geometric with ratio ρ, cut off at K - c. Where ρ > 1 it is counted
    from full downwards, so that nothing overflows.
    """
    rho, places = load / servers, room - servers
    below = blocked(load, servers - 1) * rho  # all busy with nobody waiting, over a server free
    free = 1 / below if below else inf
    if free == inf:
        return 0.0, 1.0, 0.0
    step = abs(log(rho))
    busy, others, full = _geometric(places + 1, step), _geometric(places, step), exp(-places * step)
    waiting = _geometric_mean(places, step)
    if rho > 1:
        free, others, full, waiting = free * full, others * exp(-step), 1.0, places - waiting
    total = free + busy
    return full / total, (free + others) / total, waiting * (busy / total)


def _geometric(terms: int, step: float) -> float:
    """Return 1 + r + r² + ..., so many terms, with r = exp(-step)."""
    return expm1(-terms * step) / expm1(-step) if step else float(terms)


def _geometric_mean(last: int, step: float) -> float:
    """Return the mean of 0, 1, ..., last with weights 1, r, r², ..., with r = exp(-step)."""
    if not last:
        return 0.0
    terms = last + 1
    if step > 0.7:
        return exp(-step) / -expm1(-step) - terms * exp(-terms * step) / -expm1(-terms * step)
    return _bent(step) - terms * _bent(terms * step)


def _bent(x: float) -> float:
    """Return 1 / (exp(x) - 1) - 1 / x; the poles cancel, so that a series is used where x is small."""
    if x < 0.1:
        return -1 / 2 + x / 12 - x**3 / 720 + x**5 / 30240 - x**7 / 1209600
    return exp(-x) / -expm1(-x) - 1 / x
