"""QNA: published numbers, its own equations put together otherwise, and the networks where it is exact."""

from __future__ import annotations

import math

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.queueing import Station
from stations import networks

SCVS = st.lists(st.tuples(st.floats(0, 4), st.floats(0, 4)), min_size=6, max_size=6)


def nine_in_a_row(scv: float) -> tuple[list[Station], dict[str, dict[str, float]]]:
    """Return eight exponential queues used 60 % before one used 90 %."""
    row = [Station(str(n), service_rate=1 / 0.6) for n in range(8)] + [Station("8", service_rate=1 / 0.9)]
    row[0] = attrs.evolve(row[0], arrival_rate=1, arrival_scv=scv)
    return row, {str(n): {str(n + 1): 1.0} for n in range(8)}


@pytest.mark.parametrize(("scv", "wait"), [(8.0, 8.9), (0.0, 8.0)])
def test_nine_queues_in_a_row(scv: float, wait: float) -> None:
    """
    QNA says 8.9 and 8.0 at the last of nine queues, for irregular arrivals and for clockwork.

    Source: Suresh & Whitt (1990), The heavy-traffic bottleneck phenomenon in open queueing networks, Operations
    Research Letters 9(6), 355-362.
    """
    stations, routing = nine_in_a_row(scv)
    assert round(q.qna(stations, routing).station("8").waiting_time, 1) == wait


@pytest.mark.parametrize(("scv", "wait"), [(8.0, 28.8), (0.0, 5.26)])
def test_what_qna_misses_is_as_much_as_the_guide_says(scv: float, wait: float) -> None:
    """
    Simulated case by case, the last of nine queues waits three times as long as QNA says, or two thirds of it.

    Source: 2,000 runs of 14,000 cases gave 28.8 ± 0.5 and 5.26 ± 0.02; here fewer are run.
    """
    rng, runs = np.random.default_rng(2026), 300
    fast = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2 if scv else 1.0
    clock, free, waits = np.zeros(runs), np.zeros((9, runs)), []
    for case in range(6000):
        if scv:  # hyperexponential with balanced means
            clock = clock + rng.exponential(1, runs) / np.where(
                rng.random(runs) < fast, 2 * fast, 2 - 2 * fast
            )
        else:
            clock = clock + 1
        ready = clock
        for n in range(9):
            start = np.maximum(ready, free[n])
            if n == 8 and case >= 2000:
                waits.append(float(np.mean(start - ready)))
            ready = free[n] = start + rng.exponential(0.6 if n < 8 else 0.9, runs)
    assert sum(waits) / len(waits) == pytest.approx(wait, rel=0.12)


@given(networks())
def test_it_is_exact_for_jackson_networks(network: tuple[list[Station], dict[str, dict[str, float]]]) -> None:
    """
    With Poisson arrivals and exponential times, rework and ways back included, QNA is Jackson's exact answer.
    """
    stations, routing = network
    exact, found = q.jackson(stations, routing), q.qna(stations, routing)
    for one, other in zip(exact.stations, found.stations, strict=True):
        assert other.arrival_scv == pytest.approx(one.arrival_scv)
        assert other.waiting_time == pytest.approx(one.waiting_time, rel=1e-6)
    assert found.cycle_time == pytest.approx(exact.cycle_time)
    assert {station.method for station in found.stations} == {"QNA"}


@given(networks(again=False), SCVS)
def test_every_merge_split_and_departure_fits(
    network: tuple[list[Station], dict[str, dict[str, float]]], scvs: list[tuple[float, float]]
) -> None:
    """
    Departures, split by the routing and merged, are again the arrivals that were found; waits follow from them.
    """
    stations = [
        attrs.evolve(station, arrival_scv=ca2, service_scv=cs2)
        for station, (ca2, cs2) in zip(network[0], scvs, strict=False)
    ]
    found = q.qna(stations, network[1]).stations
    for station, result in zip(stations, found, strict=True):
        rates, merged = [station.arrival_rate], [station.arrival_scv]
        for source, other in zip(stations, found, strict=True):
            way = network[1][source.id][station.id]
            if way and other.arrival_scv is not None:
                departing = q.departure_scv(
                    utilisation=other.utilisation,
                    arrival_scv=other.arrival_scv,
                    service_scv=source.service_scv,
                    servers=source.servers,
                )
                rates.append(other.arrival_rate * way)
                merged.append(q.splitting_scv(scv=departing, probability=way))
        if result.arrival_scv is None:
            assert not any(rates)
            continue
        expected = q.superposition_scv(rates=rates, scvs=merged, utilisation=result.utilisation)
        assert result.arrival_scv == pytest.approx(expected, rel=1e-6)
        assert result.waiting_time == pytest.approx(
            q.waiting_time_two_moments(
                arrival_rate=result.arrival_rate,
                service_rate=station.service_rate,
                servers=station.servers,
                arrival_scv=result.arrival_scv,
                service_scv=station.service_scv,
            )
        )


@given(st.floats(0.05, 0.95), st.floats(0, 0.9), st.floats(0, 4))
def test_work_done_again_is_work_done_at_once(rho: float, again: float, scv: float) -> None:
    """
    A desk whose work is done again takes a case as long as M/G/1 with the sum of a geometric number of times.
    """
    desk = Station("desk", arrival_rate=rho * (1 - again), service_rate=1, service_scv=scv)
    found = q.qna([desk], {"desk": {"desk": again}})
    whole = q.waiting_time_mg1(
        arrival_rate=rho * (1 - again), service_rate=1 - again, service_scv=again + (1 - again) * scv
    )
    assert found.waiting_time == pytest.approx(whole)
    assert found.cycle_time == pytest.approx(whole + 1 / (1 - again))
    assert found.station("desk").visits == pytest.approx(1 / (1 - again))


@given(st.floats(0.05, 0.95), st.floats(0, 4))
def test_one_station_is_pollaczek_and_khinchine(rho: float, scv: float) -> None:
    """
    A network of one M/G/1 station is exact.
    """
    found = q.qna([Station("a", arrival_rate=rho, service_rate=1, service_scv=scv)], {})
    exact = q.waiting_time_mg1(arrival_rate=rho, service_rate=1, service_scv=scv)
    assert found.waiting_time == pytest.approx(exact)
