"""M/M/c+M (Erlang A): who waits longer than an exponential patience leaves. It always has a steady state."""

from __future__ import annotations

from functools import cache
from math import cosh, exp, expm1, inf, log, pi, sinh
from typing import TYPE_CHECKING

import attrs

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.queueing.domain import check_rates, check_time, finite
from pubservice.queueing.markovian import blocked

if TYPE_CHECKING:
    from collections.abc import Callable

_NEGLIGIBLE = 45.0  # exp(-45) is 3e-20


def abandonment_probability(
    *, arrival_rate: float, service_rate: float, servers: int, patience: float
) -> float:
    """
    Return the share of cases that leave an M/M/c+M queue before they are served.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit; it may exceed what the servers can do.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        patience: Mean time 1/θ > 0 that a case is ready to wait, in the time unit of the rates.

    Raises:
        InvalidQuantityError: An argument is out of range.

    Example:
        48 calls a minute, 50 agents of a minute each, callers ready to wait two minutes: 3.1 % hang up.

        >>> left = abandonment_probability(arrival_rate=48, service_rate=1, servers=50, patience=2)
        >>> round(left, 3)
        0.031

    Source:
        Garnett, Mandelbaum & Reiman (2002), Designing a call center with impatient customers, Manufacturing & Service
        Operations Management 4(3), 208-227.
    """
    offered = _offered_wait(arrival_rate, service_rate, servers, patience)
    return offered.waits * offered.mean(lambda wait: -expm1(-wait / patience)) if offered else 0.0


def waiting_time_impatient(
    *, arrival_rate: float, service_rate: float, servers: int, patience: float
) -> float:
    """
    Return the mean wait in an M/M/c+M queue of all cases, those who leave included.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit; it may exceed what the servers can do.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        patience: Mean time 1/θ > 0 that a case is ready to wait, in the time unit of the rates.

    Raises:
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> wait = waiting_time_impatient(arrival_rate=48, service_rate=1, servers=50, patience=2)
        >>> round(wait * 60, 1)
        3.7

    Source:
        P(abandons) = θ Wq, as in any queue with exponential patience; Garnett, Mandelbaum & Reiman (2002).
    """
    return patience * abandonment_probability(
        arrival_rate=arrival_rate, service_rate=service_rate, servers=servers, patience=patience
    )


def service_level_impatient(
    *, arrival_rate: float, service_rate: float, servers: int, patience: float, within: float
) -> float:
    """
    Return the share of all cases of an M/M/c+M queue that are served after no longer than a time.

    Those who leave, however soon, count as not served.

    Args:
        arrival_rate: λ ≥ 0, in cases per time unit; it may exceed what the servers can do.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        patience: Mean time 1/θ > 0 that a case is ready to wait, in the time unit of the rates.
        within: t ≥ 0, in the time unit of the rates.

    Raises:
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> level = service_level_impatient(arrival_rate=48, service_rate=1, servers=50, patience=2, within=1 / 3)
        >>> round(level, 3)
        0.943

    Source:
        Zeltyn & Mandelbaum (2005), Call centers with impatient customers: many-server asymptotics of the M/M/n+G queue,
        Queueing Systems 51, 361-402.
    """
    check_time(within)
    offered = _offered_wait(arrival_rate, service_rate, servers, patience)
    if offered is None:
        return 1.0
    served = offered.mean(lambda wait: exp(-wait / patience), until=within)
    return 1 - offered.waits + offered.waits * served


@attrs.frozen
class _OfferedWait:
    """
    How long a case with endless patience would wait.

    Attributes:
        waits: The probability that it waits at all.
        fall: By how much the logarithm of the density of its wait falls from the peak to so long after it.
        low: Below this the density is negligible.
        peak: Where the density is highest; it falls on both sides.
        high: Above this the density is negligible.
    """

    waits: float
    fall: Callable[[float], float]
    low: float
    peak: float
    high: float

    def integral(self, of: Callable[[float], float], until: float = inf) -> float:
        """Return the integral of a function times the density, whose peak is 1, up to a time."""
        low, peak, high = (min(time, until) for time in (self.low, self.peak, self.high))
        total = 0.0
        for start, length in ((low, peak - low), (peak, high - peak)):
            for place, weight in _nodes() if length > 0 else ():
                time = start + length * place
                total += length * weight * of(time) * exp(-self.fall(time - self.peak))
        return total

    def mean(self, of: Callable[[float], float], until: float = inf) -> float:
        """Return the mean of a function of the wait, given that there is one; 0 of waits beyond a time."""
        return self.integral(of, until) / self.integral(lambda _: 1.0)


def _offered_wait(
    arrival_rate: float, service_rate: float, servers: int, patience: float
) -> _OfferedWait | None:
    """
    Return the offered wait, or None where nobody waits; its density is proportional to exp(λ (1 - exp(-θt)) / θ - cμt).

    Its exponent is written from its peak as a sum of terms of one sign, so that it keeps its digits however large the
    system, and so that the number of steps does not grow with it.
    """
    check_rates(arrival_rate, service_rate, servers)
    if not 0 < patience < inf:
        raise InvalidQuantityError(
            Message("expected a patience that is a positive duration, got {value!r}", value=patience)
        )
    work = finite(service_rate * servers)
    lost = blocked(finite(arrival_rate / service_rate), servers - 1) if arrival_rate else 0.0
    if not lost:
        return None
    overload = arrival_rate / service_rate / servers
    slack, force = max(0.0, work - arrival_rate), min(work, arrival_rate)

    def fall(since: float) -> float:
        return slack * since + force * _unpatient(since, patience)

    high = finite(_NEGLIGIBLE / work)
    while fall(high) < _NEGLIGIBLE:
        high = finite(high * 2)
    low = peak = 0.0
    if overload > 1:
        peak = finite(patience * log(overload))
        low, near = 0.0, peak
        if fall(-peak) > _NEGLIGIBLE:
            for _ in range(40):
                middle = (low + near) / 2
                low, near = (middle, near) if fall(middle - peak) > _NEGLIGIBLE else (low, middle)
    offered = _OfferedWait(1.0, fall, low, peak, finite(peak + high))
    weight = lost * arrival_rate * offered.integral(lambda _: 1.0)
    return attrs.evolve(offered, waits=1 / (1 + exp(-fall(-peak)) / weight)) if weight else None


def _unpatient(time: float, patience: float) -> float:
    """Return t - (1 - exp(-θt)) / θ for any sign of t, by its series where both nearly cancel."""
    share = time / patience
    if abs(share) >= 0.1:
        return time + patience * expm1(min(-share, 700.0))
    total = term = share * share / 2
    for n in range(3, 12):
        term *= -share / n
        total += term
    return patience * total


@cache
def _nodes() -> tuple[tuple[float, float], ...]:
    """
    Return places between 0 and 1 and weights that integrate smooth functions, dense towards both ends.

    Source:
        Takahasi & Mori (1974), Double exponential formulas for numerical integration, Publ. RIMS 9, 721-741.
    """
    step, found = 1 / 24, []
    for i in range(-87, 88):
        place = 1 / (1 + exp(-pi * sinh(i * step)))
        found.append((place, step * pi * cosh(i * step) * place * (1 - place)))
    return tuple(found)
