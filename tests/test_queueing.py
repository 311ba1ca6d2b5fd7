"""Queueing formulas against published numbers and against each other."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError, UnstableQueueError


def test_mm1_49_55() -> None:
    """
    The published M/M/1 answer: 49 arrivals and 55 services per hour wait 0.1485 hours (oracle mm1-49-55).
    """
    wait = q.waiting_time(arrival_rate=49, service_rate=55)
    assert wait == pytest.approx(0.14848485, abs=1e-4)
    assert q.work_in_progress(arrival_rate=49, cycle_time=wait) == pytest.approx(7.27575758, abs=1e-4)
    assert q.utilisation(arrival_rate=49, service_rate=55) == pytest.approx(0.89090909)


def test_mm1_design_team() -> None:
    """
    Dumas et al., example 7.6: one order per 20 days, 10 days of design, spend 20 days (oracle mm1-design-team).
    """
    assert q.waiting_time(arrival_rate=0.05, service_rate=0.1) + 10 == pytest.approx(20)


def test_mmc_pyworkforce_14() -> None:
    """
    The README of pyworkforce: 14 agents at 10 erlang (oracle mmc-pyworkforce-14).
    """
    assert q.erlang_c(offered_load=10, servers=14) == pytest.approx(0.1741319335950498, abs=1e-9)
    level = q.service_level(arrival_rate=10 / 3, service_rate=1 / 3, servers=14, within=1 / 3)
    assert level == pytest.approx(0.8883500191794669, abs=1e-9)


def test_mmc_pooling() -> None:
    """
    Two queues of 49 and 55 pooled wait 0.47 times as long (oracle mmc-pooling).
    """
    pooled = q.waiting_time(arrival_rate=98, service_rate=55, servers=2)
    assert pooled == pytest.approx(0.06995921, abs=1e-6)
    assert pooled / q.waiting_time(arrival_rate=49, service_rate=55) == pytest.approx(0.47115385, abs=1e-6)


def test_mg1_pk() -> None:
    """
    Pollaczek and Khinchine keep the term ρ² that a calculator on the web drops (oracle mg1-pk).
    """
    wait = q.waiting_time_mg1(arrival_rate=2, mean_service=1 / 3, service_variance=1)
    assert wait == pytest.approx(3.33333333, abs=1e-6)


def test_kingman() -> None:
    """
    Kingman's formula at ρ 0.9, ca² 0.5, cs² 1.5 and ten units of service gives 90 (oracle kingman).
    """
    assert q.waiting_time_kingman(
        arrival_rate=0.09, service_rate=0.1, arrival_scv=0.5, service_scv=1.5
    ) == pytest.approx(90)


def test_sakasegawa() -> None:
    """
    Hopp and Spearman's closed form at c 4 and ρ 0.85 is near Erlang's (oracle sakasegawa).
    """
    assert q.waiting_time_sakasegawa(arrival_rate=3.4, service_rate=1, servers=4) == pytest.approx(
        1.172824067, abs=1e-6
    )
    assert q.waiting_time(arrival_rate=3.4, service_rate=1, servers=4) == pytest.approx(1.148860369, abs=1e-6)


def test_little_drive_through() -> None:
    """
    300 customers in 600 minutes, 10 minutes each, are 5 inside (oracle little-drive-through).
    """
    assert q.work_in_progress(arrival_rate=300 / 600, cycle_time=10) == 5


stable = st.tuples(st.integers(1, 40), st.floats(0.01, 0.98), st.floats(0.01, 100))


@given(stable)
def test_erlang_c_agrees_with_the_truncated_birth_death_chain(given_: tuple[int, float, float]) -> None:
    """
    The wait of M/M/c is that of its birth-death chain, cut off far out.
    """
    servers, rho, mu = given_
    lam = rho * servers * mu
    terms = [1.0]
    for n in range(1, servers + int(40 / (1 - rho)) + 200):
        terms.append(terms[-1] * lam / (min(n, servers) * mu))
        if terms[-1] < 1e-300:
            break
    queue = sum(p * max(0, n - servers) for n, p in enumerate(terms)) / sum(terms)
    assert q.waiting_time(arrival_rate=lam, service_rate=mu, servers=servers) == pytest.approx(
        queue / lam, rel=1e-6, abs=1e-12
    )


@given(stable, st.floats(0, 5), st.floats(0, 5))
def test_approximations_reduce_to_the_exact_formulas(
    given_: tuple[int, float, float], ca2: float, cs2: float
) -> None:
    """
    Allen-Cunneen with both variations 1 is M/M/c; with one server it is Kingman's.
    """
    servers, rho, mu = given_
    lam = rho * servers * mu
    exact = q.waiting_time(arrival_rate=lam, service_rate=mu, servers=servers)
    same = q.waiting_time_allen_cunneen(
        arrival_rate=lam, service_rate=mu, servers=servers, arrival_scv=1, service_scv=1
    )
    assert same == pytest.approx(exact)
    one = q.waiting_time_allen_cunneen(
        arrival_rate=rho * mu, service_rate=mu, servers=1, arrival_scv=ca2, service_scv=cs2
    )
    kingman = q.waiting_time_kingman(arrival_rate=rho * mu, service_rate=mu, arrival_scv=ca2, service_scv=cs2)
    assert one == pytest.approx(kingman)
    mg1 = q.waiting_time_mg1(arrival_rate=rho * mu, mean_service=1 / mu, service_variance=1 / mu**2)
    assert mg1 == pytest.approx(q.waiting_time(arrival_rate=rho * mu, service_rate=mu))


def test_an_unstable_queue_says_by_how_much() -> None:
    """
    A queue that cannot keep up raises with its utilisation, and never returns a number.
    """
    with pytest.raises(UnstableQueueError) as caught:
        q.waiting_time(arrival_rate=4, service_rate=1, servers=3)
    assert str(caught.value) == "utilisation is 1.33: 3 servers cannot keep up"
    assert (caught.value.arrival_rate, caught.value.service_rate, caught.value.servers) == (4, 1, 3)


def test_many_servers_do_not_overflow() -> None:
    """
    Ten thousand servers are as easy as ten.
    """
    assert 0 < q.waiting_time(arrival_rate=9990, service_rate=1, servers=10000) < 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: q.waiting_time(arrival_rate=-1, service_rate=1),
        lambda: q.waiting_time(arrival_rate=math.nan, service_rate=1),
        lambda: q.waiting_time(arrival_rate=1, service_rate=math.inf),
        lambda: q.utilisation(arrival_rate=1, service_rate=1, servers=0),
        lambda: q.erlang_b(offered_load=-1, servers=1),
        lambda: q.erlang_b(offered_load=1, servers=0),
        lambda: q.service_level(arrival_rate=1, service_rate=2, servers=1, within=-1),
        lambda: q.waiting_time_mg1(arrival_rate=1, mean_service=0, service_variance=1),
        lambda: q.waiting_time_mg1(arrival_rate=1, mean_service=0.5, service_variance=-1),
        lambda: q.work_in_progress(arrival_rate=-1, cycle_time=1),
        lambda: q.servers_needed(offered_load=1, below=0),
    ],
)
def test_arguments_out_of_range_are_refused(call: object) -> None:
    """
    Negative, infinite and undefined numbers are refused before anything is computed.
    """
    with pytest.raises(InvalidQuantityError):
        call()  # type: ignore[operator]


def test_servers_needed_is_the_least() -> None:
    """
    The least number of servers keeps utilisation below the limit, and one fewer does not.
    """
    assert [q.servers_needed(offered_load=a) for a in (0, 0.5, 1, 4, 4.5)] == [1, 1, 2, 5, 5]
