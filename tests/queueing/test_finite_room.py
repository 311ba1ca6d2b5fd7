"""M/M/c/K: against published numbers, a chain solved step by step, and the queues on either side of it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError

SERVERS, MORE = st.integers(1, 30), st.integers(0, 60)
LOAD = st.floats(0.01, 5)  # per server: more than 1 has a steady state, too


def test_inspection_stations() -> None:
    """
    Three stations of six minutes, room for seven, a car a minute: 3.09 wait, 6.06 are inside, half are turned away.

    Source: Gross et al., Fundamentals of Queueing Theory, chapter 2, queues with truncation, the example of an
    automobile inspection: Lq 3.09, L 6.06; it prints 30.4 cars an hour turned away, from a rounded p0.
    """
    inspection: dict[str, Any] = {"arrival_rate": 1.0, "service_rate": 1 / 6, "servers": 3, "room": 7}
    wait, served = q.waiting_time_limited(**inspection), q.throughput_limited(**inspection)
    assert round(served * wait, 2) == 3.09
    assert round(served * (wait + 6), 2) == 6.06
    assert 60 * q.blocking_probability(**inspection) == pytest.approx(30.4, abs=0.2)


@given(SERVERS, MORE, LOAD)
def test_it_agrees_with_its_chain(servers: int, more: int, load: float) -> None:
    """
    Loss, throughput and wait are those of the chain of cases inside, summed in fractions.
    """
    rate = Fraction(load * servers)
    terms = [Fraction(1)]
    for n in range(1, servers + more + 1):
        terms.append(terms[-1] * rate / min(n, servers))
    total = sum(terms)
    lost = terms[-1] / total
    queue = sum(p * max(0, n - servers) for n, p in enumerate(terms)) / total
    system: dict[str, Any] = {
        "arrival_rate": load * servers,
        "service_rate": 1.0,
        "servers": servers,
        "room": servers + more,
    }
    assert q.blocking_probability(**system) == pytest.approx(float(lost), rel=1e-9)
    assert q.throughput_limited(**system) == pytest.approx(float(rate * (1 - lost)), rel=1e-9)
    assert q.waiting_time_limited(**system) == pytest.approx(float(queue / rate / (1 - lost)), rel=1e-9)


@given(SERVERS, LOAD)
def test_without_room_to_wait_it_is_erlang_b(servers: int, load: float) -> None:
    """
    With room for those in service alone nobody waits, and who finds all busy is lost.
    """
    system: dict[str, Any] = {
        "arrival_rate": load * servers,
        "service_rate": 1.0,
        "servers": servers,
        "room": servers,
    }
    lost = q.erlang_b(offered_load=load * servers, servers=servers)
    assert q.blocking_probability(**system) == pytest.approx(lost)
    assert q.waiting_time_limited(**system) == 0


@given(SERVERS, st.floats(0.01, 0.98), st.floats(0.01, 100))
def test_with_much_room_it_is_mmc(servers: int, rho: float, mu: float) -> None:
    """
    With ever more room nobody is lost, and those admitted wait as in M/M/c.
    """
    rates: dict[str, Any] = {"arrival_rate": rho * servers * mu, "service_rate": mu, "servers": servers}
    assert q.blocking_probability(**rates, room=10**6) == pytest.approx(0, abs=1e-12)
    assert q.waiting_time_limited(**rates, room=10**6) == pytest.approx(q.waiting_time(**rates), rel=1e-9)


@given(st.integers(1, 20), st.integers(0, 30), LOAD)
def test_a_place_more_loses_fewer_and_keeps_them_longer(servers: int, more: int, load: float) -> None:
    """
    More room means fewer lost, longer waits; no more is completed than comes or than can be done.
    """
    rates: dict[str, Any] = {"arrival_rate": load * servers, "service_rate": 1.0, "servers": servers}
    room = servers + more
    lost, wait = q.blocking_probability(**rates, room=room), q.waiting_time_limited(**rates, room=room)
    assert q.blocking_probability(**rates, room=room + 1) <= lost * (1 + 1e-12)
    assert q.waiting_time_limited(**rates, room=room + 1) >= wait * (1 - 1e-12)
    served = q.throughput_limited(**rates, room=room)
    assert served < q.throughput_limited(**rates, room=room + 1) * (1 + 1e-12)
    assert served <= min(load * servers, servers) * (1 + 1e-12)


@pytest.mark.parametrize("factor", [0.999, 1, 1.001, 3])
def test_a_million_servers_are_quick(factor: float) -> None:
    """
    A million servers and a thousand places more complete what comes, or what they can, to a tenth of a percent.
    """
    system: dict[str, Any] = {
        "arrival_rate": 1e6 * factor,
        "service_rate": 1.0,
        "servers": 10**6,
        "room": 10**6 + 1000,
    }
    assert q.throughput_limited(**system) == pytest.approx(1e6 * min(factor, 1), rel=1e-3)
    assert 0 < q.waiting_time_limited(**system) <= 1e-3
    assert q.blocking_probability(**system) == pytest.approx(max(0, 1 - 1 / factor), abs=1e-3)


def test_nobody_comes_and_nobody_waits() -> None:
    """
    Without arrivals nothing is lost and nothing waits; so it is where arrivals are fewer than a float can tell.
    """
    for rate in (0.0, 5e-324):
        system: dict[str, Any] = {"arrival_rate": rate, "service_rate": 3.0, "servers": 2, "room": 3}
        assert (q.blocking_probability(**system), q.waiting_time_limited(**system)) == (0, 0)
        assert q.throughput_limited(**system) == rate


@pytest.mark.parametrize("room", [2, math.nan, math.inf, 10**16])
def test_room_for_fewer_than_the_servers_is_refused(room: int) -> None:
    """
    Room for those in service is the least, and there is a most; the error says both.
    """
    with pytest.raises(
        InvalidQuantityError, match=r"expected room for 3 \(all in service\) to 1,000,000,000,000,000"
    ):
        q.blocking_probability(arrival_rate=1, service_rate=1, servers=3, room=room)
