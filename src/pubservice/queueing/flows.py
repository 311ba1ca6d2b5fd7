"""How variable a stream of cases is after it is merged, split or served: the squared coefficients of variation of QNA."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.queueing.domain import check_probability, check_rates, check_scv, finite

if TYPE_CHECKING:
    from collections.abc import Sequence


def departure_scv(*, utilisation: float, arrival_scv: float, service_scv: float, servers: int = 1) -> float:
    """
    Return the squared coefficient of variation of the times between departures from a queue.

    Args:
        utilisation: ρ from 0 to 1.
        arrival_scv: Of the times between arrivals, ≥ 0.
        service_scv: Of the processing time, ≥ 0; below 0.2 it is taken as 0.2, as in QNA.
        servers: c ≥ 1.

    Returns:
        A value between those that come and those that are served; exact for M/M/c.

    Raises:
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(departure_scv(utilisation=0.8, arrival_scv=1, service_scv=0.25), 12)
        0.52

    Source:
        Whitt (1983), The queueing network analyzer, Bell System Technical Journal 62(9), 2779-2815, §4.5:
        1 + (1 - ρ²)(ca² - 1) + ρ²(max(cs², 0.2) - 1) / √c.
    """
    check_probability(utilisation)
    check_scv(arrival_scv, service_scv)
    check_rates(0, 1, servers)
    return (1 - utilisation**2) * arrival_scv + utilisation**2 * served_scv(service_scv, servers)


def served_scv(service_scv: float, servers: int) -> float:
    """Return what a queue that is always busy sends out: 1 + (max(cs², 0.2) - 1) / √c."""
    return 1 + (max(service_scv, 0.2) - 1) / sqrt(servers)


def splitting_scv(*, scv: float, probability: float) -> float:
    """
    Return the squared coefficient of variation of the part of a stream that a choice sends one way.

    Args:
        scv: Of the times between cases of the whole stream, ≥ 0.
        probability: With which each case goes this way, independently.

    Returns:
        p c² + 1 - p, exact for a renewal stream.

    Raises:
        InvalidQuantityError: An argument is out of range.

    Example:
        >>> round(splitting_scv(scv=0.52, probability=0.3), 12)
        0.856

    Source:
        Whitt (1983), Bell System Technical Journal 62(9), §4.4.
    """
    check_scv(scv)
    check_probability(probability)
    return probability * scv + 1 - probability


def superposition_scv(*, rates: Sequence[float], scvs: Sequence[float], utilisation: float) -> float:
    """
    Return the squared coefficient of variation of several streams that come to one queue together.

    Args:
        rates: λ ≥ 0 of each stream, in cases per time unit, at least one above 0.
        scvs: Squared coefficient of variation of the times between cases of each stream, ≥ 0.
        utilisation: ρ from 0 to 1 of the queue they come to.

    Returns:
        w Σ λi ci² / λ + 1 - w; the less the queue is used and the more streams there are, the nearer to Poisson, 1.

    Raises:
        InvalidQuantityError: An argument is out of range, there are not equally many rates and scvs, or no case comes.

    Example:
        Two streams like clockwork at a queue that is half used.

        >>> superposition_scv(rates=[1, 1], scvs=[0, 0], utilisation=0.5)
        0.5

    Source:
        Albin's weighting, refined: Whitt (1983), Bell System Technical Journal 62(9), §4.3:
        w = 1 / (1 + 4(1 - ρ)²(ν - 1)), ν = λ² / Σ λi².
    """
    check_probability(utilisation)
    check_scv(*scvs)
    for rate in rates:
        check_rates(rate, 1)
    total = finite(sum(rates))
    if len(rates) != len(scvs) or not total > 0:
        message = Message(
            "expected as many rates as scvs, and a rate above 0, got {rates} and {scvs}",
            rates=rates,
            scvs=scvs,
        )
        raise InvalidQuantityError(message)
    shares = [rate / total for rate in rates]
    weight = superposition_weight(shares, utilisation)
    return weight * sum(share * scv for share, scv in zip(shares, scvs, strict=True)) + 1 - weight


def superposition_weight(shares: Sequence[float], utilisation: float) -> float:
    """Return how much of the streams' own variation counts, from their shares in the whole; the rest is Poisson."""
    streams = 1 / sum(share * share for share in shares)
    return 1 / (1 + 4 * (1 - utilisation) ** 2 * max(0.0, streams - 1))
