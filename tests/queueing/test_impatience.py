"""Erlang A: against published numbers, a chain summed step by step, and the queues on either side of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError

SERVERS = st.integers(1, 40)
LOAD = st.floats(0.05, 3)  # per server: more than 1 has a steady state, too
PATIENCE = st.floats(0.01, 20)
CALLS: dict[str, Any] = {"arrival_rate": 48.0, "service_rate": 1.0, "servers": 50, "patience": 2.0}


def test_a_call_centre_whose_callers_hang_up() -> None:
    """
    48 calls a minute, 50 agents of a minute, patience of two: 3.1 % hang up, the others and they wait 3.7 seconds.

    Source: Garnett, Mandelbaum & Reiman (2002), Designing a call center with impatient customers, M&SOM 4(3), 208-227,
    table "comparing models with and without abandonment": 3.1 %, 3.7 s, 3 in queue, agents busy 93 %.
    """
    left = q.abandonment_probability(**CALLS)
    wait = q.waiting_time_impatient(**CALLS)
    assert round(left, 3) == 0.031
    assert round(wait * 60, 1) == 3.7
    assert round(48 * wait) == 3
    assert round(48 * (1 - left) / 50, 2) == 0.93


def chain(load: float, servers: int, patience: float) -> list[float]:
    """Return the probabilities of 0, 1, 2, ... cases inside, with μ = 1."""
    logs = [0.0]
    while len(logs) < servers + 2 or logs[-1] > max(logs) - 60:
        n = len(logs)
        logs.append(logs[-1] + math.log(load) - math.log(min(n, servers) + max(0, n - servers) / patience))
    terms = [math.exp(term - max(logs)) for term in logs]
    return [term / math.fsum(terms) for term in terms]


@settings(max_examples=60)
@given(SERVERS, LOAD, PATIENCE, st.floats(0, 3))
def test_it_agrees_with_its_chain(servers: int, load: float, patience: float, within: float) -> None:
    """
    Who leaves, how long all wait, and who is served in time are those of the chain of cases inside.
    """
    states = chain(load * servers, servers, patience)
    queue = math.fsum(p * max(0, n - servers) for n, p in enumerate(states))
    system: dict[str, Any] = {
        "arrival_rate": load * servers,
        "service_rate": 1.0,
        "servers": servers,
        "patience": patience,
    }
    assert q.waiting_time_impatient(**system) == pytest.approx(queue / load / servers, rel=1e-8)
    assert q.abandonment_probability(**system) == pytest.approx(queue / patience / load / servers, rel=1e-8)
    assert 1 - q.service_level_impatient(**system, within=1e9) == pytest.approx(
        q.abandonment_probability(**system), rel=1e-6, abs=1e-12
    )
    at_once = math.fsum(states[:servers])
    assert q.service_level_impatient(**system, within=0) == pytest.approx(at_once, rel=1e-8, abs=1e-12)
    level = q.service_level_impatient(**system, within=within)
    assert at_once - 1e-9 <= level <= q.service_level_impatient(**system, within=within * 1.01 + 0.01) + 1e-9


def served_from(place: int, servers: int, patience: float, within: float) -> float:
    """Return the probability that a case with so many ahead in the queue is served within a time, with μ = 1."""
    size = place + 2
    moves = np.zeros((size, size))
    for ahead in range(place + 1):
        moves[place - ahead, place - ahead + 1] = servers + ahead / patience
        moves[place - ahead, place - ahead] = -(servers + (ahead + 1) / patience)  # or it leaves itself
    small = moves * within / 2**20
    exponential = np.eye(size) + small + small @ small / 2 + small @ small @ small / 6
    for _ in range(20):
        exponential = exponential @ exponential
    return float(exponential[0, -1])


@pytest.mark.parametrize(("load", "patience"), [(6.0, 0.7), (3.2, 5.0), (40.0, 0.5)])
@pytest.mark.parametrize("within", [0.05, 0.4, 2.0])
def test_who_is_served_in_time_is_found_place_by_place(load: float, patience: float, within: float) -> None:
    """
    The share served within a time is that of a case that finds 0, 1, 2, ... ahead of it, each worked out by its phases.
    """
    servers = 4
    states = chain(load, servers, patience)
    expected = math.fsum(states[:servers]) + math.fsum(
        p * served_from(place, servers, patience, within) for place, p in enumerate(states[servers:])
    )
    system: dict[str, Any] = {
        "arrival_rate": load,
        "service_rate": 1.0,
        "servers": servers,
        "patience": patience,
    }
    assert q.service_level_impatient(**system, within=within) == pytest.approx(expected, abs=1e-8)


@given(SERVERS, st.floats(0.05, 0.95))
def test_with_endless_patience_it_is_erlang_c(servers: int, rho: float) -> None:
    """
    The more patient cases are, the nearer is a queue that keeps up to M/M/c.
    """
    rates: dict[str, Any] = {"arrival_rate": rho * servers, "service_rate": 1.0, "servers": servers}
    assert q.waiting_time_impatient(**rates, patience=1e12) == pytest.approx(
        q.waiting_time(**rates), rel=1e-6
    )
    assert q.service_level_impatient(**rates, patience=1e12, within=0.3) == pytest.approx(
        q.service_level(**rates, within=0.3), abs=1e-8
    )


@given(SERVERS, LOAD)
def test_without_patience_it_is_erlang_b(servers: int, load: float) -> None:
    """
    The less patient cases are, the nearer is the share that leaves to the one that finds all busy.
    """
    rates: dict[str, Any] = {"arrival_rate": load * servers, "service_rate": 1.0, "servers": servers}
    left = q.abandonment_probability(**rates, patience=1e-9)
    assert left == pytest.approx(
        q.erlang_b(offered_load=load * servers, servers=servers), rel=1e-6, abs=1e-15
    )


@given(SERVERS, LOAD, PATIENCE)
def test_more_servers_lose_fewer_and_more_arrivals_more(servers: int, load: float, patience: float) -> None:
    """
    A server more, or fewer arrivals, and fewer leave; no more is completed than can be done.
    """
    system: dict[str, Any] = {"arrival_rate": load * servers, "service_rate": 1.0, "patience": patience}
    left = q.abandonment_probability(**system, servers=servers)
    assert q.abandonment_probability(**system, servers=servers + 1) < left
    more = system | {"arrival_rate": load * servers * 1.1}
    assert q.abandonment_probability(**more, servers=servers) > left
    assert load * servers * (1 - left) <= servers * (1 + 1e-9)


@pytest.mark.parametrize("factor", [0.999, 1, 1.1])
@pytest.mark.parametrize("patience", [0.01, 1, 1e9])
def test_a_million_servers_are_as_quick_as_one(factor: float, patience: float) -> None:
    """
    Of many servers' overload the excess leaves; within a tenth of a percent that is all.

    Source: the fluid limit; Whitt (2006), Fluid models for multiserver queues with abandonments, Operations Research 54(1).
    """
    system: dict[str, Any] = {
        "arrival_rate": 1e6 * factor,
        "service_rate": 1.0,
        "servers": 10**6,
        "patience": patience,
    }
    assert q.abandonment_probability(**system) == pytest.approx(max(0, 1 - 1 / factor), abs=1e-3)


def test_nobody_comes_and_nobody_leaves() -> None:
    """
    Without arrivals, or with far more servers than work, nobody waits and nobody leaves.
    """
    for rate, servers in ((0.0, 2), (1.0, 10**6), (5e-324, 2)):
        system: dict[str, Any] = {
            "arrival_rate": rate,
            "service_rate": 1.0,
            "servers": servers,
            "patience": 1.0,
        }
        assert q.abandonment_probability(**system) == q.waiting_time_impatient(**system) == 0
        assert q.service_level_impatient(**system, within=0) == 1


@pytest.mark.parametrize("patience", [0.0, -1.0, math.nan, math.inf])
def test_patience_is_a_positive_time(patience: float) -> None:
    """
    No patience is Erlang's B and endless patience Erlang's C: both are refused here, as is a negative time.
    """
    with pytest.raises(InvalidQuantityError, match="expected a patience that is a positive duration"):
        q.abandonment_probability(arrival_rate=1, service_rate=1, servers=3, patience=patience)
