"""M/D/c: against its chain, against M/D/1, and Cosmetatos' approximation against it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError, UnstableQueueError


def in_queue(load: float, servers: int) -> float:
    """Return how many wait, from the chain of cases inside at times one service apart, solved as a matrix."""
    size = servers + 200 + int(60 * servers / (servers - load))
    poisson = np.array([math.exp(-load + n * math.log(load) - math.lgamma(n + 1)) for n in range(size)])
    moves = np.zeros((size, size))
    for n in range(size):
        left = max(0, n - servers)
        moves[n, left:] = poisson[: size - left]
    moves[:, -1] += 1 - moves.sum(axis=1)
    balance = moves.T - np.eye(size)
    balance[-1] = 1
    states = np.linalg.solve(balance, np.eye(size)[-1])
    return float(sum(p * max(0, n - servers) for n, p in enumerate(states)))


@pytest.mark.parametrize("servers", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("rho", [0.5, 0.7, 0.9, 0.97])
def test_it_agrees_with_its_chain(servers: int, rho: float) -> None:
    """
    The exact wait is that of the chain of cases inside from one service time to the next.
    """
    wait = q.waiting_time_mdc(arrival_rate=rho * servers, service_rate=1, servers=servers)
    assert wait * rho * servers == pytest.approx(in_queue(rho * servers, servers), rel=1e-7)


@settings(max_examples=40)
@given(st.integers(2, 400), st.floats(0.35, 0.45))
def test_both_ways_to_sum_agree(servers: int, near: float) -> None:
    """
    Where the sum gives way to the roots the wait has no step: its slope carries it over.
    """
    # c(1 - ρ)²/2 is near 0.4, where the way changes; a utilisation a little higher waits a little longer.
    rho = 1 - math.sqrt(2 * near / servers)
    waits = [
        q.waiting_time_mdc(arrival_rate=(rho + step * 1e-4) * servers, service_rate=1, servers=servers)
        if rho > 0
        else step
        for step in range(3)
    ]
    assert waits[0] < waits[1] < waits[2]
    assert waits[1] - waits[0] == pytest.approx(waits[2] - waits[1], rel=0.02)


@given(st.integers(1, 60), st.floats(0.05, 0.98), st.floats(0.01, 100))
def test_it_waits_between_half_and_all_of_mmc(servers: int, rho: float, mu: float) -> None:
    """
    Where all work takes the same time, waits are at least half of those with exponential times, and less than them.
    """
    rates: dict[str, Any] = {"arrival_rate": rho * servers * mu, "service_rate": mu, "servers": servers}
    exponential = q.waiting_time(**rates)
    assert exponential / 2 * (1 - 1e-9) <= q.waiting_time_mdc(**rates) < exponential


@given(st.floats(0.01, 0.99), st.floats(0.01, 100))
def test_one_server_is_half_of_mm1(rho: float, mu: float) -> None:
    """
    With one server both formulas are Pollaczek and Khinchine's.
    """
    rates: dict[str, Any] = {"arrival_rate": rho * mu, "service_rate": mu, "servers": 1}
    half = q.waiting_time(**rates) / 2
    assert q.waiting_time_mdc(**rates) == pytest.approx(half)
    assert q.waiting_time_cosmetatos(**rates) == pytest.approx(half)


@pytest.mark.parametrize(("most", "off"), [(10, 0.01), (30, 0.04)])
def test_cosmetatos_is_as_near_as_it_says(most: int, off: float) -> None:
    """
    From utilisation 0.5 on, the approximation is within 1 % up to ten servers and within 4 % up to thirty.
    """
    for servers in range(1, most + 1, 3):
        for rho in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99):
            rates: dict[str, Any] = {"arrival_rate": rho * servers, "service_rate": 1.0, "servers": servers}
            assert q.waiting_time_cosmetatos(**rates) == pytest.approx(q.waiting_time_mdc(**rates), rel=off)


def test_cosmetatos_is_far_off_where_almost_nobody_waits() -> None:
    """
    At utilisation 0.1 it says a fifth too much for two servers, and twice as much for ten.
    """
    for servers, factor in ((2, 1.21), (10, 2.12)):
        rates: dict[str, Any] = {"arrival_rate": servers / 10, "service_rate": 1.0, "servers": servers}
        assert q.waiting_time_cosmetatos(**rates) / q.waiting_time_mdc(**rates) == pytest.approx(
            factor, abs=0.01
        )


@pytest.mark.parametrize("free", [1e-2, 1e-4, 1e-6])
def test_many_servers_are_quick(free: float) -> None:
    """
    A hundred thousand servers wait at most as long as M/M/c, and half as long where they are all but full.
    """
    rates: dict[str, Any] = {"arrival_rate": 1e5 * (1 - free), "service_rate": 1.0, "servers": 10**5}
    part = q.waiting_time_mdc(**rates) / q.waiting_time(**rates)
    assert 0.5 < part < 1
    assert free > 1e-6 or part == pytest.approx(0.5, abs=1e-3)


def test_almost_no_work_hardly_waits() -> None:
    """
    With fewer arrivals than a float can tell, and with none, there is no wait.
    """
    for rate in (0.0, 5e-324, 1e-200):
        assert q.waiting_time_mdc(arrival_rate=rate, service_rate=1, servers=2) == pytest.approx(
            0, abs=1e-100
        )
        assert q.waiting_time_cosmetatos(arrival_rate=0, service_rate=1, servers=2) == 0


def test_its_bounds_are_said() -> None:
    """
    An overload is refused with its numbers, and so are more servers than there are roots for in a second.
    """
    with pytest.raises(UnstableQueueError, match=r"utilisation is 1\.00: 3 servers cannot keep up"):
        q.waiting_time_mdc(arrival_rate=3, service_rate=1, servers=3)
    with pytest.raises(InvalidQuantityError, match="1 to 100,000 servers of an M/D/c queue, got 100001"):
        q.waiting_time_mdc(arrival_rate=3, service_rate=1, servers=100_001)
