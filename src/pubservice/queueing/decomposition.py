"""QNA: open networks with any times, each station on its own, joined by two moments of the streams between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.queueing.flows import served_scv, superposition_weight
from pubservice.queueing.general import waiting_time_two_moments
from pubservice.queueing.networks import check_capacity, performance, routing_matrix, traffic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pubservice.queueing.networks import NetworkPerformance, Routing, Station


def qna(stations: Iterable[Station], routing: Routing) -> NetworkPerformance:
    """
    Return the steady state of an open network by Whitt's queueing network analyzer, an approximation from two moments.

    A case that returns to the station it leaves is taken as served longer at once (immediate feedback is eliminated).
    Rates are exact. Waits are exact for Jackson networks and M/G/1; they are least sure where a stream that is far from
    Poisson passes lightly used stations to a busy one.

    Args:
        stations: Their rates and squared coefficients of variation.
        routing: With which probability a case goes on, ``{from: {to: probability}}``; what is missing to 1 leaves.

    Raises:
        UnstableQueueError: A station cannot keep up; it is named, and the busiest is if there are several.
        InvalidQuantityError: Cases never leave some stations, which are named; a probability is out of range; nobody
            comes.
        UnknownIdError: The routing names a station that is not there.

    Example:
        Nine exponential queues in a row, the first eight used 60 %, the last 90 %; very irregular arrivals (scv 8).
        QNA says 8.9 for the last, where its mean wait is about 29 in simulations.

        >>> from pubservice.queueing import Station
        >>> row = [Station(str(n), service_rate=1 / 0.6) for n in range(1, 9)] + [Station("9", service_rate=1 / 0.9)]
        >>> row[0] = Station("1", service_rate=1 / 0.6, arrival_rate=1, arrival_scv=8)
        >>> network = qna(row, {str(n): {str(n + 1): 1} for n in range(1, 9)})
        >>> round(network.station("9").waiting_time, 1)
        8.9

    Source:
        Whitt (1983), The queueing network analyzer, Bell System Technical Journal 62(9), 2779-2815; the example is
        that of Suresh & Whitt (1990), The heavy-traffic bottleneck phenomenon in open queueing networks, Operations
        Research Letters 9(6), 355-362.
    """
    found = tuple(stations)
    matrix = routing_matrix(found, routing)
    rates = traffic(found, matrix)
    check_capacity(found, rates)
    again = [row[i] for i, row in enumerate(matrix)]
    once = [_served_at_once(station, back) for station, back in zip(found, again, strict=True)]
    ways = [[0.0 if i == j else p / (1 - row[i]) for j, p in enumerate(row)] for i, row in enumerate(matrix)]
    fewer = [rate * (1 - back) for rate, back in zip(rates, again, strict=True)]
    scvs = _arrival_scvs(once, ways, fewer)
    waits = [
        (1 - back)
        * waiting_time_two_moments(
            arrival_rate=rate,
            service_rate=station.service_rate,
            servers=station.servers,
            arrival_scv=1.0 if scv is None else scv,
            service_scv=station.service_scv,
        )
        for station, rate, scv, back in zip(once, fewer, scvs, again, strict=True)
    ]
    return performance(found, rates, scvs, waits, "QNA")


def _served_at_once(station: Station, back: float) -> Station:
    """Return a station where all visits in a row of a case are one, given the probability of another."""
    return attrs.evolve(
        station,
        service_rate=station.service_rate * (1 - back),
        service_scv=back + (1 - back) * station.service_scv,
    )


def _arrival_scvs(
    stations: Sequence[Station], ways: Sequence[Sequence[float]], rates: Sequence[float]
) -> list[float | None]:
    """
    Return the squared coefficient of variation of arrivals at each station; None where nobody comes.

    What departs from i and goes to j has q((1 - ρ²) ca² + ρ² x) + 1 - q; what comes to j is the weighted mean of that
    over its streams, and 1 for the rest of the weight: one linear equation for each station.
    """
    import numpy as np

    size = len(stations)
    used = [rate / s.service_rate / s.servers for s, rate in zip(stations, rates, strict=True)]
    slopes, constants = np.eye(size), np.ones(size)
    for j, (station, rate) in enumerate(zip(stations, rates, strict=True)):
        if not rate:
            continue
        streams = [
            (i, rates[i] * ways[i][j] / rate, ways[i][j]) for i in range(size) if rates[i] * ways[i][j]
        ]
        outside = station.arrival_rate / rate
        weight = superposition_weight([outside, *(share for _, share, _ in streams)], used[j])
        constants[j] = 1 + weight * outside * (station.arrival_scv - 1)
        for i, share, way in streams:
            leaving = 1 - used[i] ** 2
            slopes[j, i] -= weight * share * way * leaving
            constants[j] += (
                weight
                * share
                * way
                * (used[i] ** 2 * served_scv(stations[i].service_scv, stations[i].servers) - 1)
            )
    solved = np.linalg.solve(slopes, constants)
    return [max(0.0, float(scv)) if rate else None for scv, rate in zip(solved, rates, strict=True)]
