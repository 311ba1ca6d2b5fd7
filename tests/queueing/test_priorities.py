"""Priorities: published numbers, the conservation law, and what one class does to another."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError, UnstableQueueError

HOSPITAL = [0.2, 0.6, 1.2]  # critical, serious and stable patients an hour, three treated an hour by a doctor
classes = st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.1, 10), st.floats(0, 5)), min_size=1, max_size=6)


def scaled(
    found: list[tuple[float, float, float]], rho: float
) -> tuple[list[float], list[float], list[float]]:
    """Return arrival rates, service rates and scvs of classes that use a server as much as asked."""
    total = sum(weight for weight, _, _ in found)
    rates = [rho * weight / total * mu for weight, mu, _ in found]
    return rates, [mu for _, mu, _ in found], [scv for _, _, scv in found]


def test_county_hospital() -> None:
    """
    With two doctors the three classes wait 0.029, 0.033 and 0.048 hours; with one who is not interrupted the first two
    wait 0.238 and 0.325, and with one who is, 0.024 and 0.154.

    Source: Hillier & Lieberman, Introduction to Operations Research, chapter on queueing theory, County Hospital
    emergency room with priorities.
    """
    two = q.waiting_times_nonpreemptive(arrival_rates=HOSPITAL, service_rate=3, servers=2)
    assert [round(wait, 3) for wait in two] == [0.029, 0.033, 0.048]
    one = {"arrival_rates": HOSPITAL, "service_rates": [3.0] * 3, "service_scvs": [1.0] * 3}
    assert [round(wait, 3) for wait in q.waiting_times_nonpreemptive_mg1(**one)[:2]] == [0.238, 0.325]
    assert [round(wait, 3) for wait in q.waiting_times_preemptive_mg1(**one)[:2]] == [0.024, 0.154]


@given(classes, st.floats(0.05, 0.95))
def test_kleinrocks_conservation_law(found: list[tuple[float, float, float]], rho: float) -> None:
    """
    Who goes first changes who waits, not the work that waits: Σ ρi Wi = ρ Σ ρi (1 + ci²) / (2μi) / (1 - ρ).

    Source: Kleinrock (1965), A conservation law for a wide class of queueing disciplines, Naval Research Logistics 12.
    """
    rates, services, scvs = scaled(found, rho)
    loads = [rate / mu for rate, mu in zip(rates, services, strict=True)]
    waits = q.waiting_times_nonpreemptive_mg1(arrival_rates=rates, service_rates=services, service_scvs=scvs)
    residual = sum(load * (1 + scv) / 2 / mu for load, mu, scv in zip(loads, services, scvs, strict=True))
    work = sum(load * wait for load, wait in zip(loads, waits, strict=True))
    assert work == pytest.approx(rho * residual / (1 - rho))


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.floats(0.05, 0.95), st.integers(1, 20))
def test_all_classes_together_wait_as_one(weights: list[float], rho: float, servers: int) -> None:
    """
    Weighted by their arrivals, classes with equal times wait as M/M/c does without classes, the urgent less.
    """
    rates = [rho * servers * 2 * weight / sum(weights) for weight in weights]
    waits = q.waiting_times_nonpreemptive(arrival_rates=rates, service_rate=2, servers=servers)
    mean = sum(rate * wait for rate, wait in zip(rates, waits, strict=True)) / sum(rates)
    assert mean == pytest.approx(q.waiting_time(arrival_rate=sum(rates), service_rate=2, servers=servers))
    assert waits == sorted(waits)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.floats(0.05, 0.95))
def test_one_server_is_the_same_in_both(weights: list[float], rho: float) -> None:
    """
    With one server and equal exponential times, the formulas for M/M/c and M/G/1 agree.
    """
    rates = [rho * 3 * weight / sum(weights) for weight in weights]
    several = q.waiting_times_nonpreemptive(arrival_rates=rates, service_rate=3, servers=1)
    one = q.waiting_times_nonpreemptive_mg1(
        arrival_rates=rates, service_rates=[3] * len(rates), service_scvs=[1] * len(rates)
    )
    assert one == pytest.approx(several)


@given(classes, st.floats(0.05, 0.95))
def test_who_may_interrupt_does_not_see_the_others(
    found: list[tuple[float, float, float]], rho: float
) -> None:
    """
    Where the urgent interrupts, the first class waits as if alone, and the first two as if the others were not there.
    """
    rates, services, scvs = scaled(found, rho)
    every = q.waiting_times_preemptive_mg1(arrival_rates=rates, service_rates=services, service_scvs=scvs)
    alone = q.waiting_time_mg1(arrival_rate=rates[0], service_rate=services[0], service_scv=scvs[0])
    assert every[0] == pytest.approx(alone)
    first = q.waiting_times_preemptive_mg1(
        arrival_rates=rates[:2], service_rates=services[:2], service_scvs=scvs[:2]
    )
    assert every[:2] == pytest.approx(first)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.floats(0.05, 0.95))
def test_interruptions_of_equal_exponential_work_keep_the_mean(weights: list[float], rho: float) -> None:
    """
    With equal exponential times as many cases are inside whoever goes first, interrupted or not.
    """
    rates = [rho * weight / sum(weights) for weight in weights]
    ones = [1.0] * len(rates)
    for waits in (
        q.waiting_times_preemptive_mg1(arrival_rates=rates, service_rates=ones, service_scvs=ones),
        q.waiting_times_nonpreemptive_mg1(arrival_rates=rates, service_rates=ones, service_scvs=ones),
    ):
        inside = sum(rate * (wait + 1) for rate, wait in zip(rates, waits, strict=True))
        assert inside == pytest.approx(rho / (1 - rho))


@given(classes, st.floats(0.05, 0.95))
def test_factors_share_the_wait_of_first_come_first_served(
    found: list[tuple[float, float, float]], rho: float
) -> None:
    """
    The factors times the wait of first come, first served are the waits of the classes in M/G/1.
    """
    rates, services, scvs = scaled(found, rho)
    loads = [rate / mu for rate, mu in zip(rates, services, strict=True)]
    first_come = sum(load * (1 + scv) / 2 / mu for load, mu, scv in zip(loads, services, scvs, strict=True))
    waits = q.waiting_times_nonpreemptive_mg1(arrival_rates=rates, service_rates=services, service_scvs=scvs)
    shared = [first_come / (1 - rho) * factor for factor in q.priority_factors(loads)]
    assert shared == pytest.approx(waits)


def test_classes_without_arrivals_still_have_a_wait() -> None:
    """
    A class that nobody is in waits as its first case would, and where nobody comes at all nobody waits.
    """
    assert q.waiting_times_nonpreemptive(arrival_rates=[0, 1], service_rate=2, servers=1) == [0.25, 0.5]
    for several in (q.waiting_times_nonpreemptive_mg1, q.waiting_times_preemptive_mg1):
        assert several(arrival_rates=[0, 0], service_rates=[1, 2], service_scvs=[1, 0]) == [0, 0]


def test_classes_that_cannot_be_are_refused() -> None:
    """
    No class, lists of different lengths, and values out of range are refused with what was given.
    """
    with pytest.raises(InvalidQuantityError, match="expected at least one class"):
        q.waiting_times_nonpreemptive(arrival_rates=[], service_rate=1, servers=1)
    for several in (q.waiting_times_nonpreemptive_mg1, q.waiting_times_preemptive_mg1):
        with pytest.raises(
            InvalidQuantityError, match="as many arrival rates as service rates and scvs, got 2, 1 and 1"
        ):
            several(arrival_rates=[1, 1], service_rates=[3], service_scvs=[1])
        with pytest.raises(InvalidQuantityError, match="expected at least one class"):
            several(arrival_rates=[], service_rates=[], service_scvs=[])
        with pytest.raises(InvalidQuantityError, match="expected an arrival rate ≥ 0"):
            several(arrival_rates=[1, -1], service_rates=[3, 3], service_scvs=[1, 1])
        with pytest.raises(InvalidQuantityError, match="squared coefficient of variation ≥ 0, got nan"):
            several(arrival_rates=[1, 1], service_rates=[3, 3], service_scvs=[1, math.nan])


def test_an_overload_by_all_classes_together_says_so() -> None:
    """
    Classes that together bring more than can be done have no steady state.
    """
    with pytest.raises(UnstableQueueError, match=r"utilisation is 1\.20: 1 server cannot keep up"):
        q.priority_factors([0.8, 0.4])
    with pytest.raises(UnstableQueueError, match=r"utilisation is 1\.00: 2 servers cannot keep up"):
        q.waiting_times_nonpreemptive(arrival_rates=[1, 1], service_rate=1, servers=2)
    for several in (q.waiting_times_nonpreemptive_mg1, q.waiting_times_preemptive_mg1):
        with pytest.raises(UnstableQueueError, match=r"utilisation is 1\.25: 1 server cannot keep up"):
            several(arrival_rates=[1, 1], service_rates=[1, 4], service_scvs=[1, 1])
