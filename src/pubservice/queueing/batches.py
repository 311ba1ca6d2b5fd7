"""Work in batches: waiting until there are enough, until the day comes, and for a server that takes several at once."""

from __future__ import annotations

from math import exp, expm1, inf, log, log1p

from pubservice.errors import InvalidQuantityError, UnstableQueueError
from pubservice.messages import Message
from pubservice.queueing.domain import check_rates, check_time, finite
from pubservice.queueing.general import waiting_time_two_moments

_LARGEST = 10**6


def waiting_time_to_fill(*, arrival_rate: float, batch: int) -> float:
    """
    Return how long a case waits on average until its batch is full, (b - 1) / (2λ), whatever the arrivals' variation.

    Args:
        arrival_rate: λ > 0, in cases per time unit.
        batch: b from 1 to 1,000,000.

    Raises:
        InvalidQuantityError: An argument is out of range; without arrivals no batch is ever full.

    Example:
        Files go to the director in folders of ten, four come an hour.

        >>> waiting_time_to_fill(arrival_rate=4, batch=10)
        1.125

    Source:
        The k-th of b waits for b - k arrivals; Hopp & Spearman, Factory Physics, ch. 9.
    """
    _check_batch(batch)
    if not 0 < arrival_rate < inf:
        message = Message("expected an arrival rate > 0, got {value!r}", value=arrival_rate)
        raise InvalidQuantityError(message)
    return finite((batch - 1) / 2 / arrival_rate)


def waiting_time_periodic(*, period: float) -> float:
    """
    Return how long a case waits on average for a date that comes round regularly: half a period.

    Args:
        period: ≥ 0, between two dates; cases come at any time, independently of it.

    Raises:
        InvalidQuantityError: The period is negative, infinite or not a number.

    Example:
        A committee that meets once a week keeps a file for three days and a half.

        >>> waiting_time_periodic(period=7)
        3.5

    Source:
        The time to the next date is uniform over the period; Ross, Introduction to Probability Models, ch. 7.
    """
    check_time(period)
    return period / 2


def waiting_time_bulk(*, arrival_rate: float, service_rate: float, most: int, least: int = 1) -> float:
    """
    Return the mean wait for one server that takes several cases at once, M/M(a,b)/1, exactly.

    The server starts when at least a are there, takes up to b together, and those who come meanwhile wait for the next.

    Args:
        arrival_rate: λ > 0, in cases per time unit.
        service_rate: μ > 0, in batches per time unit, however full.
        most: b from 1 to 1,000,000.
        least: a from 1 to b; with a = b only full batches are taken.

    Returns:
        Wq, in the time unit of the rates: until its batch starts.

    Raises:
        UnstableQueueError: λ ≥ bμ.
        InvalidQuantityError: An argument is out of range; without arrivals no batch is ever full.

    Example:
        20 an hour, two at once, five minutes: r = (√69 - 3) / 6 = 0.884 solves 12 r³ - 32 r + 20 = 0.

        >>> round(waiting_time_bulk(arrival_rate=20, service_rate=12, most=2) * 60, 2)
        21.47

    Source:
        Neuts (1967), A general class of bulk queues with Poisson input, Annals of Mathematical Statistics 38(3),
        759-770; Medhi, Stochastic Models in Queueing Theory, ch. 4: while the server works, n wait with probability
        proportional to r^n, r + ... + r^b = λ/μ.
    """
    _check_batch(most)
    check_rates(arrival_rate, service_rate, most)
    if not (1 <= least <= most and arrival_rate > 0):
        message = Message(
            "expected an arrival rate > 0 and batches from 1 to at most {most}, got {arrival!r} and {least!r}",
            most=most,
            arrival=arrival_rate,
            least=least,
        )
        raise InvalidQuantityError(message)
    if arrival_rate >= service_rate * most:
        raise UnstableQueueError(arrival_rate, service_rate, most)
    load = arrival_rate / service_rate
    fall = _root(load, most) if load else inf
    ratio, rest = exp(-fall), -expm1(-fall)
    # In one common unit, n waiting beside a working server have load × r^n, and k beside an idle one 1 + r + ... + r^k.
    idle = [-expm1(-(k + 1) * fall) / rest for k in range(least)]
    states = load / rest + sum(idle)
    waiting = load * ratio / rest / rest + sum(k * state for k, state in enumerate(idle))
    return finite(waiting / states / arrival_rate)


def waiting_time_full_batches(
    *,
    arrival_rate: float,
    service_rate: float,
    servers: int,
    batch: int,
    arrival_scv: float = 1.0,
    service_scv: float = 1.0,
) -> float:
    """
    Return the mean wait where full batches queue for several servers: to fill, exactly, and then by two moments.

    Args:
        arrival_rate: λ > 0 of cases, per time unit.
        service_rate: μ > 0 of one server, in batches per time unit.
        servers: c ≥ 1.
        batch: b from 1 to 1,000,000.
        arrival_scv: Squared coefficient of variation of the times between cases, ≥ 0; between batches it is that over b.
        service_scv: Of the time that a batch takes, ≥ 0.

    Returns:
        Wq, in the time unit of the rates; for one server and exponential times 0 to 5 % above the exact M/M(b,b)/1, most for
        small batches at utilisation 0.5; measured, see the guide.

    Raises:
        UnstableQueueError: λ ≥ bcμ.
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(waiting_time_full_batches(arrival_rate=20, service_rate=12, servers=1, batch=2) * 60, 2)
        19.84

    Source:
        Hopp & Spearman, Factory Physics, ch. 9: wait-to-batch time plus the queue of batches.
    """
    to_fill = waiting_time_to_fill(arrival_rate=arrival_rate, batch=batch)
    return to_fill + waiting_time_two_moments(
        arrival_rate=arrival_rate / batch,
        service_rate=service_rate,
        servers=servers,
        arrival_scv=arrival_scv / batch,
        service_scv=service_scv,
    )


def _check_batch(batch: int) -> None:
    if not 1 <= batch <= _LARGEST:
        raise InvalidQuantityError(
            Message("expected a batch of 1 to {most:,} cases, got {batch!r}", most=_LARGEST, batch=batch)
        )


def _root(load: float, most: int) -> float:
    """Return -ln r for the r below 1 with r + r² + ... + r^b = load, by halving."""
    low, high = 0.0, log1p(load) - log(load)
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        if exp(-middle) * expm1(-most * middle) / expm1(-middle) > load:
            low = middle
        else:
            high = middle
