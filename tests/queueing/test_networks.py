"""Open Jackson networks: a published exercise, what holds of every network, and networks that cannot be."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError, UnknownIdError, UnstableQueueError
from pubservice.queueing import Station
from stations import networks

ROSS = [
    Station("1", arrival_rate=5, service_rate=10),
    Station("2", arrival_rate=10, service_rate=50),
    Station("3", arrival_rate=15, service_rate=100),
]
ROSS_ROUTING = {"1": {"2": 1 / 3, "3": 1 / 3}, "2": {"3": 1.0}, "3": {"2": 0.5}}


def test_jackson_ross() -> None:
    """
    Three stations with choices and a way back: λ (5, 40, 170/3), ρ (0.5, 0.8, 0.567), L 82/13, W 41/195.

    Source: oracle jackson-ross, exercise of Ross, Introduction to Probability Models, chapter 8.
    """
    network = q.jackson(ROSS, ROSS_ROUTING)
    assert [s.arrival_rate for s in network.stations] == pytest.approx([5, 40, 56.66666667], abs=1e-6)
    assert [s.utilisation for s in network.stations] == pytest.approx([0.5, 0.8, 0.56666667], abs=1e-6)
    assert network.work_in_progress == pytest.approx(6.30769231, abs=1e-6)
    assert network.cycle_time == pytest.approx(0.21025641, abs=1e-6)
    assert max(network.stations, key=lambda s: s.utilisation).station == "2"


@given(networks())
def test_every_station_is_as_if_alone(network: tuple[list[Station], dict[str, dict[str, float]]]) -> None:
    """
    Each station waits as M/M/c with its arrivals, as many leave as enter, and Little's law holds of all.
    """
    stations, routing = network
    found = q.jackson(stations, routing)
    for station, result in zip(stations, found.stations, strict=True):
        wait = q.waiting_time(
            arrival_rate=result.arrival_rate, service_rate=station.service_rate, servers=station.servers
        )
        assert result.waiting_time == wait
        assert result.cycle_time == pytest.approx(wait + 1 / station.service_rate)
        assert result.arrival_rate == pytest.approx(
            station.arrival_rate
            + sum(s.arrival_rate * routing[s.station][station.id] for s in found.stations)
        )
    leaving = sum(s.arrival_rate * (1 - sum(routing[s.station].values())) for s in found.stations)
    assert leaving == pytest.approx(found.arrival_rate)
    visited = sum(s.visits * s.cycle_time for s in found.stations)
    assert visited == pytest.approx(found.cycle_time)
    assert found.waiting_time == pytest.approx(sum(s.visits * s.waiting_time for s in found.stations))


@given(st.floats(0.05, 0.95), st.floats(0, 0.9))
def test_rework_is_a_slower_queue(rho: float, again: float) -> None:
    """
    A station whose work is done again with a probability takes a case as long as M/M/1 that works it off at once.
    """
    station = Station("desk", arrival_rate=rho * (1 - again), service_rate=1)
    network = q.jackson([station], {"desk": {"desk": again}})
    assert network.cycle_time == pytest.approx(1 / (1 - again) / (1 - rho))


def test_a_network_prints_as_a_table() -> None:
    """
    One line per station with its numbers and its formula, in either language; a station is found by its id.
    """
    network = q.jackson(ROSS, ROSS_ROUTING)
    lines = str(network).splitlines()
    assert lines[0].split("  ")[0] == "station"
    assert len(lines) == 4
    assert network.text("id").startswith("stasiun")
    assert network.station("2") is network.stations[1]
    with pytest.raises(UnknownIdError, match="no station 'x'"):
        network.station("x")


def test_a_station_that_nobody_visits_has_no_queue() -> None:
    """
    Where no case comes, nobody waits and how variable arrivals are is undefined.
    """
    stations = [Station("used", arrival_rate=1, service_rate=2), Station("spare", service_rate=1)]
    for network in (q.jackson(stations, {}), q.qna(stations, {})):
        spare = network.station("spare")
        assert (spare.visits, spare.waiting_time, spare.arrival_scv) == (0, 0, None)


def test_the_busiest_station_that_cannot_keep_up_is_named() -> None:
    """
    An overload says which station and by how much, also after a journey to another process.
    """
    stations = [Station("a", arrival_rate=3, service_rate=2), Station("b", service_rate=0.5, servers=2)]
    for analyse in (q.jackson, q.qna):
        with pytest.raises(UnstableQueueError) as caught:
            analyse(stations, {"a": {"b": 1}})
        assert str(caught.value) == "b: utilisation is 3.00: 2 servers cannot keep up"
        assert caught.value.station == "b"
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_station_that_is_just_full_is_an_overload() -> None:
    """
    A utilisation of 1 stays 1, whatever the last digit of the traffic equations says.
    """
    full = [Station("a", arrival_rate=0.3, service_rate=0.3 / 0.7 + 1e-12)]
    with pytest.raises(UnstableQueueError, match=r"a: utilisation is 1\.00"):
        q.jackson(full, {"a": {"a": 0.3}})


def test_stations_that_no_case_leaves_are_named() -> None:
    """
    A loop without a way out is named, at most five of its stations, and the others are not.
    """
    stations = [Station("in", arrival_rate=1, service_rate=2)]
    stations += [Station(f"t{n}", service_rate=2) for n in range(7)]
    routing = {"in": {"t0": 0.5}} | {f"t{n}": {f"t{(n + 1) % 7}": 1.0} for n in range(7)}
    for analyse in (q.jackson, q.qna):
        with pytest.raises(InvalidQuantityError, match=r"^cases never leave t0, t1, t2, t3, t4, \.\.\.$"):
            analyse(stations, routing)
    thirds: dict[str, dict[str, float]] = {
        "in": {"in": 1 / 3, "t0": 1 / 3, "t1": 1 / 3},
        "t0": {"t1": 1},
        "t1": {"t0": 1},
    }
    with pytest.raises(InvalidQuantityError, match="^cases never leave in, t0, t1$"):
        q.jackson(stations, thirds)


def test_networks_that_cannot_be_are_refused() -> None:
    """
    Nobody, no station, an id twice, unknown ids and probabilities that are none: each has its sentence.
    """
    a = Station("a", arrival_rate=1, service_rate=2)
    with pytest.raises(InvalidQuantityError, match="every station has an arrival rate of 0"):
        q.jackson([Station("a", service_rate=1)], {})
    with pytest.raises(InvalidQuantityError, match="expected 1 to 2,000 stations, got 0"):
        q.jackson([], {})
    with pytest.raises(InvalidQuantityError, match="got one id twice"):
        q.qna([a, a], {})
    with pytest.raises(UnknownIdError, match="no station 'b'"):
        q.qna([a], {"a": {"b": 0.5}})
    with pytest.raises(InvalidQuantityError, match=r"probability from 0 to 1, got -0\.5"):
        q.jackson([a], {"a": {"a": -0.5}})
    with pytest.raises(
        InvalidQuantityError, match=r"a: expected probabilities that sum to at most 1, got 1\.2"
    ):
        q.jackson([a, Station("b", service_rate=9)], {"a": {"a": 0.4, "b": 0.8}})
    with pytest.raises(InvalidQuantityError, match="squared coefficient of variation"):
        Station("a", service_rate=1, service_scv=-1)
    with pytest.raises(InvalidQuantityError, match="a service rate > 0"):
        Station("a", service_rate=0)


def test_a_jackson_network_is_exponential() -> None:
    """
    Other times are refused by name, since the answer would not be exact.
    """
    with pytest.raises(
        InvalidQuantityError, match=r"^a: a Jackson network needs Poisson .* got 1.0 and 0.5$"
    ):
        q.jackson([Station("a", arrival_rate=1, service_rate=2, service_scv=0.5)], {})
