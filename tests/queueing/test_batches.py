"""Batches: closed forms, a chain solved as a matrix, and the queues of single cases that they contain."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError, UnstableQueueError


def chain(load: float, least: int, most: int) -> float:
    """Return the mean wait with μ = 1, from the chain of those waiting while the server is idle, and is not."""
    busy = 100 + int(40 * most / (1 - load / most))
    moves = np.zeros((least + busy, least + busy))
    for waiting in range(least):
        moves[waiting, waiting + 1] += (
            load  # the last of these is that the server starts, with nobody waiting
        )
    for waiting in range(busy):
        if waiting + 1 < busy:
            moves[least + waiting, least + waiting + 1] += load
        moves[least + waiting, waiting if waiting < least else least + max(0, waiting - most)] += 1
    moves -= np.diag(moves.sum(axis=1))
    balance = moves.T.copy()
    balance[-1] = 1
    states = np.linalg.solve(balance, np.eye(least + busy)[-1])
    return float(states @ np.array([*range(least), *range(busy)])) / load


@settings(max_examples=15)
@given(st.integers(1, 5), st.integers(0, 4), st.floats(0.05, 0.85))
def test_bulk_service_agrees_with_its_chain(least: int, more: int, rho: float) -> None:
    """
    The mean wait is that of the chain, whatever the least and the most that are taken.
    """
    most = least + more
    wait = q.waiting_time_bulk(arrival_rate=rho * most * 3, service_rate=3, most=most, least=least)
    assert wait == pytest.approx(chain(rho * most, least, most) / 3, rel=1e-8)


def test_the_root_of_two_at_once() -> None:
    """
    20 an hour, two at once in five minutes: r = (√69 - 3) / 6, and the wait follows from it by hand.

    Source: the car wash of Gross et al., Fundamentals of Queueing Theory, chapter 3, bulk service: 12r³ - 32r + 20 = 0,
    r0 = 0.8844; here, unlike there, who comes while one is washed waits for the next turn.
    """
    r = (math.sqrt(69) - 3) / 6
    assert round(r, 4) == 0.8844
    queue = r / (1 - r) ** 2 / (1 / (1 - r) + 12 / 20)
    assert q.waiting_time_bulk(arrival_rate=20, service_rate=12, most=2) == pytest.approx(queue / 20)


@given(st.floats(0.01, 0.98), st.floats(0.01, 100))
def test_batches_of_one_are_mm1(rho: float, mu: float) -> None:
    """
    A server that takes one at a time is M/M/1, and a batch of one is full at once.
    """
    rates: dict[str, Any] = {"arrival_rate": rho * mu, "service_rate": mu}
    single = q.waiting_time(**rates)
    assert q.waiting_time_bulk(**rates, most=1) == pytest.approx(single)
    assert q.waiting_time_full_batches(**rates, servers=1, batch=1) == pytest.approx(single)
    assert q.waiting_time_to_fill(arrival_rate=rho * mu, batch=1) == 0


@pytest.mark.parametrize("batch", [2, 3, 5, 20, 100])
@pytest.mark.parametrize("rho", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_full_batches_are_as_near_as_they_say(batch: int, rho: float) -> None:
    """
    Filling, then queueing, is at most 5 % more than the exact wait for full batches, and hardly ever less.
    """
    rates: dict[str, Any] = {"arrival_rate": rho * batch, "service_rate": 1.0}
    exact = q.waiting_time_bulk(**rates, most=batch, least=batch)
    assert -0.002 < q.waiting_time_full_batches(**rates, servers=1, batch=batch) / exact - 1 < 0.05


@given(st.integers(2, 30), st.floats(0.01, 0.95))
def test_waiting_for_more_helps_only_a_busy_server(most: int, rho: float) -> None:
    """
    Nobody waits longer where more are taken at once, and where almost nobody comes full batches wait the longest.
    """
    load = rho * most
    early = q.waiting_time_bulk(arrival_rate=load, service_rate=1, most=most)
    assert q.waiting_time_bulk(arrival_rate=load, service_rate=1, most=most + 1) <= early
    quiet: dict[str, Any] = {"arrival_rate": 0.01, "service_rate": 1.0}
    full = q.waiting_time_bulk(**quiet, most=most, least=most)
    assert full > q.waiting_time_bulk(**quiet, most=most)
    assert full == pytest.approx(q.waiting_time_to_fill(arrival_rate=0.01, batch=most), rel=0.02)


@given(st.integers(1, 1000), st.floats(0.01, 100))
def test_a_batch_fills_by_the_middle_of_its_arrivals(batch: int, rate: float) -> None:
    """
    The cases of a batch wait for 0, 1, ..., b - 1 arrivals, (b - 1) / 2 on average.
    """
    mean = sum(range(batch)) / batch / rate
    assert q.waiting_time_to_fill(arrival_rate=rate, batch=batch) == pytest.approx(mean)


def test_a_weekly_meeting_keeps_files_half_a_week() -> None:
    """
    Where the next date is uniform over the period, the mean wait is half of it.
    """
    assert q.waiting_time_periodic(period=7) == 3.5
    with pytest.raises(InvalidQuantityError, match="expected a duration that is not negative, got -1"):
        q.waiting_time_periodic(period=-1)


@pytest.mark.parametrize("most", [1, 1000, 10**6])
def test_large_batches_and_full_servers_are_answers(most: int) -> None:
    """
    A million at once, and a server that is all but full, still have a wait that is finite and not negative.
    """
    for load in (1e-300, 1e-9, 0.5 * most, math.nextafter(most, 0)):
        for least in {1, max(1, most // 1000)}:
            assert (
                0 <= q.waiting_time_bulk(arrival_rate=load, service_rate=1, most=most, least=least) < math.inf
            )


@pytest.mark.parametrize("batch", [0, -1, 10**6 + 1, math.nan])
def test_batches_out_of_range_are_refused(batch: int) -> None:
    """
    A batch is of one case at least, and there is a most.
    """
    with pytest.raises(InvalidQuantityError, match="expected a batch of 1 to 1,000,000 cases"):
        q.waiting_time_to_fill(arrival_rate=1, batch=batch)
    with pytest.raises(InvalidQuantityError, match="expected a batch of 1 to 1,000,000 cases"):
        q.waiting_time_bulk(arrival_rate=1, service_rate=1, most=batch)


def test_a_batch_that_nobody_fills_is_refused() -> None:
    """
    Without arrivals no batch is ever full, so that there is no wait to speak of; an overload has none either.
    """
    for rate in (0.0, -1.0, math.nan):
        with pytest.raises(InvalidQuantityError, match="expected an arrival rate"):
            q.waiting_time_to_fill(arrival_rate=rate, batch=3)
        with pytest.raises(InvalidQuantityError, match="expected an arrival rate"):
            q.waiting_time_bulk(arrival_rate=rate, service_rate=1, most=3)
    with pytest.raises(InvalidQuantityError, match="batches from 1 to at most 3, got 1 and 4"):
        q.waiting_time_bulk(arrival_rate=1, service_rate=1, most=3, least=4)
    with pytest.raises(UnstableQueueError, match=r"utilisation is 1\.00"):
        q.waiting_time_bulk(arrival_rate=3, service_rate=1, most=3)
