"""Queueing formulas against published numbers, against a chain solved step by step, and against each other."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError, UnstableQueueError
from pubservice.translations import INDONESIAN

# --- published and worked numbers


def test_mm1_49_55() -> None:
    """
    49 arrivals and 55 services an hour wait 0.1485 hours, 7.28 at a time.

    Source: oracle mm1-49-55, a published M/M/1 worked answer (rho 0.8909, Lq 7.2758, Wq 0.1485 h).
    """
    wait = q.waiting_time(arrival_rate=49, service_rate=55)
    assert wait == pytest.approx(0.14848485, abs=1e-4)
    assert q.utilisation(arrival_rate=49, service_rate=55) == pytest.approx(0.89090909, abs=1e-4)
    assert q.erlang_c(offered_load=49 / 55, servers=1) == pytest.approx(0.89090909, abs=1e-4)
    assert q.queue_length(arrival_rate=49, waiting_time=wait) == pytest.approx(7.27575758, abs=1e-4)
    assert wait + 1 / 55 == pytest.approx(0.16666667, abs=1e-4)
    assert q.work_in_progress(arrival_rate=49, cycle_time=wait + 1 / 55) == pytest.approx(
        8.16666667, abs=1e-4
    )


def test_mm1_design_team() -> None:
    """
    One order per 20 working days and 10 days of design make a cycle of 20 working days, one order inside.

    Source: oracle mm1-design-team, set-up of Dumas et al. (2018), Fundamentals of BPM, example 7.6; computed.
    """
    wait = q.waiting_time(arrival_rate=0.05, service_rate=0.1)
    assert wait == pytest.approx(10, abs=1e-6)
    assert q.utilisation(arrival_rate=0.05, service_rate=0.1) == pytest.approx(0.5, abs=1e-6)
    assert q.erlang_c(offered_load=0.5, servers=1) == pytest.approx(0.5, abs=1e-6)
    assert q.queue_length(arrival_rate=0.05, waiting_time=wait) == pytest.approx(0.5, abs=1e-6)
    assert q.work_in_progress(arrival_rate=0.05, cycle_time=wait + 10) == pytest.approx(1, abs=1e-6)


def test_mmc_pyworkforce_14() -> None:
    """
    100 calls per half hour of 3 minutes each find 14 agents busy with 17.4 %, and 88.8 % wait at most 20 seconds.

    Source: oracle mmc-pyworkforce-14, README of pyworkforce (raw_positions 14). Its 30 % shrinkage is no queueing.
    """
    assert q.erlang_c(offered_load=10, servers=14) == pytest.approx(0.17413193359504991, abs=1e-9)
    assert q.utilisation(arrival_rate=100 / 30, service_rate=1 / 3, servers=14) == pytest.approx(
        0.7142857142857143, abs=1e-9
    )
    level = q.service_level(arrival_rate=100 / 30, service_rate=1 / 3, servers=14, within=1 / 3)
    assert level == pytest.approx(0.8883500191794669, abs=1e-9)


def test_mmc_pooling() -> None:
    """
    Two queues of 49 and 55 an hour, pooled into one with two servers, wait 0.47 times as long.

    Source: oracle mmc-pooling, set-up of the published M/M/1 exercise; pooled values computed.
    """
    pooled = q.waiting_time(arrival_rate=98, service_rate=55, servers=2)
    separate = q.waiting_time(arrival_rate=49, service_rate=55, servers=1)
    assert q.utilisation(arrival_rate=98, service_rate=55, servers=2) == pytest.approx(0.89090909, abs=1e-6)
    assert q.erlang_c(offered_load=98 / 55, servers=2) == pytest.approx(0.83951049, abs=1e-6)
    assert pooled == pytest.approx(0.06995921, abs=1e-6)
    assert q.queue_length(arrival_rate=98, waiting_time=pooled) == pytest.approx(6.85600233, abs=1e-6)
    assert pooled + 1 / 55 == pytest.approx(0.08814103, abs=1e-6)
    assert q.work_in_progress(arrival_rate=98, cycle_time=pooled + 1 / 55) == pytest.approx(
        8.63782051, abs=1e-6
    )
    assert separate == pytest.approx(0.14848485, abs=1e-6)
    assert pooled / separate == pytest.approx(0.47115385, abs=1e-6)


def test_mg1_pk() -> None:
    """
    Pollaczek and Khinchine keep the term ρ² that a calculator on the web drops: 7.33 inside, not 6.67.

    Source: oracle mg1-pk (λ 2, mean 1/3, variance 1), computed.
    """
    wait = q.waiting_time_mg1(arrival_rate=2, service_rate=3, service_scv=1 * 3**2)
    assert wait == pytest.approx(3.33333333, abs=1e-6)
    assert q.queue_length(arrival_rate=2, waiting_time=wait) == pytest.approx(6.66666667, abs=1e-6)
    assert wait + 1 / 3 == pytest.approx(3.66666667, abs=1e-6)
    assert q.work_in_progress(arrival_rate=2, cycle_time=wait + 1 / 3) == pytest.approx(7.33333333, abs=1e-6)


def test_kingman() -> None:
    """
    At ρ 0.9, ca² 0.5, cs² 1.5 and ten units of work a case waits 90 units.

    Source: oracle kingman, computed from Kingman (VUT).
    """
    wait = q.waiting_time_kingman(arrival_rate=0.09, service_rate=1 / 10, arrival_scv=0.5, service_scv=1.5)
    assert wait == pytest.approx(90, rel=1e-9)


def test_sakasegawa() -> None:
    """
    The closed form gives 1.1728 at c 4 and ρ 0.85, where Erlang's exact one gives 1.1489.

    Source: oracle sakasegawa, computed in the form of Hopp & Spearman.
    """
    wait = q.waiting_time_sakasegawa(
        arrival_rate=3.4, service_rate=1, servers=4, arrival_scv=1, service_scv=1
    )
    assert wait == pytest.approx(1.172824067, abs=1e-6)
    assert q.waiting_time(arrival_rate=3.4, service_rate=1, servers=4) == pytest.approx(1.148860369, abs=1e-6)


def test_little_drive_through() -> None:
    """
    300 customers in 600 minutes, 10 minutes each, are 5 inside.

    Source: oracle little-drive-through, a published textbook exercise.
    """
    assert q.work_in_progress(arrival_rate=300 / 600, cycle_time=10) == pytest.approx(5, abs=1e-9)


def test_bank_with_three_tellers() -> None:
    """
    Twelve customers an hour and three tellers of ten minutes make a wait of 4.444 minutes.

    Source: a = 2, c = 3 by hand: C = 4/9, Wq = C / (18 - 12) hours.
    """
    assert q.erlang_c(offered_load=2, servers=3) == pytest.approx(4 / 9)
    assert q.waiting_time(arrival_rate=12, service_rate=6, servers=3) * 60 == pytest.approx(40 / 9)


# --- laws

UTILISATION = st.floats(0.01, 0.98)
RATE = st.floats(0.01, 100)
SCV = st.floats(0, 10)
SERVERS = st.integers(1, 40)


@settings(max_examples=60)
@given(SERVERS, UTILISATION, RATE, st.floats(0, 5))
def test_mmc_agrees_with_its_birth_death_chain(servers: int, rho: float, mu: float, services: float) -> None:
    """
    Wait, probability to wait and service level are those of the chain of cases inside, cut off far out.
    """
    lam = rho * servers * mu
    terms = [1.0]
    for n in range(1, servers + int(60 / (1 - rho))):
        terms.append(terms[-1] * lam / (min(n, servers) * mu))
    total = math.fsum(terms)
    queue = math.fsum(p * (n - servers) for n, p in enumerate(terms) if n > servers) / total
    wait = q.waiting_time(arrival_rate=lam, service_rate=mu, servers=servers)
    assert wait == pytest.approx(queue / lam, rel=1e-8)

    waits = math.fsum(terms[servers:]) / total  # arrivals see time averages
    assert q.erlang_c(offered_load=lam / mu, servers=servers) == pytest.approx(waits, rel=1e-8)

    within = services / (servers * mu)
    late = 0.0  # who finds n ≥ c waits for n - c + 1 departures: late if fewer came within the time
    poisson = fewer = math.exp(-services)
    for ahead, p in enumerate(terms[servers:]):
        late += p / total * fewer
        poisson *= services / (ahead + 1)
        fewer += poisson
    level = q.service_level(arrival_rate=lam, service_rate=mu, servers=servers, within=within)
    assert level == pytest.approx(1 - late, abs=1e-8)


@given(st.integers(1, 60), st.fractions(0, 150, max_denominator=50))
def test_erlang_b_agrees_with_its_definition_in_fractions(servers: int, load: Fraction) -> None:
    """
    Erlang's B is (a^c / c!) / Σ a^n / n!, computed without rounding.
    """
    terms = [load**n / math.factorial(n) for n in range(servers + 1)]
    exact = float(terms[-1] / sum(terms))
    assert q.erlang_b(offered_load=float(load), servers=servers) == pytest.approx(exact, rel=1e-12)


@settings(max_examples=30)
@given(st.integers(1, 3000), st.floats(0.3, 3))
def test_erlang_b_agrees_with_the_recursion(servers: int, load: float) -> None:
    """
    The sum that stops early is the recursion B(k) = aB(k-1) / (k + aB(k-1)), also for thousands of servers.
    """
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * servers * blocked / (k + load * servers * blocked)
    assert q.erlang_b(offered_load=load * servers, servers=servers) == pytest.approx(blocked, rel=1e-10)


@given(UTILISATION, RATE)
def test_one_server_is_mm1(rho: float, mu: float) -> None:
    """
    With one server a case waits with probability ρ, and ρ / (μ - λ) in the mean.
    """
    lam = rho * mu
    assert q.erlang_c(offered_load=rho, servers=1) == pytest.approx(rho)
    assert q.waiting_time(arrival_rate=lam, service_rate=mu, servers=1) == pytest.approx(rho / (mu - lam))


@given(UTILISATION, RATE)
def test_pollaczek_khinchine_with_exponential_work_is_mm1(rho: float, mu: float) -> None:
    """
    An M/G/1 queue with a squared coefficient of variation of 1 is M/M/1; with fixed times it waits half as long.
    """
    exact = q.waiting_time(arrival_rate=rho * mu, service_rate=mu)
    assert q.waiting_time_mg1(arrival_rate=rho * mu, service_rate=mu, service_scv=1) == pytest.approx(exact)
    assert q.waiting_time_mg1(arrival_rate=rho * mu, service_rate=mu, service_scv=0) == pytest.approx(
        exact / 2
    )


@given(SERVERS, UTILISATION, RATE)
def test_allen_cunneen_with_exponential_times_is_mmc(servers: int, rho: float, mu: float) -> None:
    """
    Allen and Cunneen's formula is exact where both squared coefficients of variation are 1.
    """
    rates = {"arrival_rate": rho * servers * mu, "service_rate": mu}
    wait = q.waiting_time_allen_cunneen(**rates, servers=servers, arrival_scv=1, service_scv=1)
    assert wait == pytest.approx(q.waiting_time(**rates, servers=servers))


@given(UTILISATION, RATE, SCV, SCV)
def test_approximations_agree_on_one_server(rho: float, mu: float, ca2: float, cs2: float) -> None:
    """
    With one server Allen-Cunneen and Sakasegawa are Kingman's formula, which with Poisson arrivals is exact.
    """
    rates = {"arrival_rate": rho * mu, "service_rate": mu}
    kingman = q.waiting_time_kingman(**rates, arrival_scv=ca2, service_scv=cs2)
    for several in (q.waiting_time_allen_cunneen, q.waiting_time_sakasegawa):
        assert several(**rates, servers=1, arrival_scv=ca2, service_scv=cs2) == pytest.approx(kingman)
    poisson = q.waiting_time_kingman(**rates, arrival_scv=1, service_scv=cs2)
    assert q.waiting_time_mg1(**rates, service_scv=cs2) == pytest.approx(poisson)


@given(SERVERS, UTILISATION, st.floats(1.0001, 1.02), RATE)
def test_more_arrivals_wait_longer_and_more_servers_shorter(
    servers: int, rho: float, factor: float, mu: float
) -> None:
    """
    Waiting grows with the arrival rate and shrinks with every server, and so does the chance to wait.
    """
    lam = rho * servers * mu
    wait = q.waiting_time(arrival_rate=lam, service_rate=mu, servers=servers)
    assert q.waiting_time(arrival_rate=lam * factor, service_rate=mu, servers=servers) > wait
    assert q.waiting_time(arrival_rate=lam, service_rate=mu, servers=servers + 1) < wait
    waits = q.erlang_c(offered_load=lam / mu, servers=servers)
    assert q.erlang_c(offered_load=lam / mu * factor, servers=servers) > waits
    assert q.erlang_c(offered_load=lam / mu, servers=servers + 1) < waits
    assert q.erlang_b(offered_load=lam / mu, servers=servers) < waits


@given(SERVERS, UTILISATION, RATE, st.floats(0, 10))
def test_service_level_starts_at_no_wait_and_grows(
    servers: int, rho: float, mu: float, within: float
) -> None:
    """
    The share served at once is 1 - C; more time never serves fewer.
    """
    rates = {"arrival_rate": rho * servers * mu, "service_rate": mu}
    level = q.service_level(**rates, servers=servers, within=within)
    at_once = q.service_level(**rates, servers=servers, within=0)
    assert at_once == pytest.approx(1 - q.erlang_c(offered_load=rho * servers, servers=servers))
    assert at_once <= level <= q.service_level(**rates, servers=servers, within=within + 1) <= 1


@given(SERVERS, UTILISATION, st.floats(0.001, 1000))
def test_the_time_unit_does_not_matter(servers: int, rho: float, unit: float) -> None:
    """
    Rates per minute give minutes, and the same rates per hour the same wait in hours.
    """
    wait = q.waiting_time(arrival_rate=rho * servers, service_rate=1, servers=servers)
    other = q.waiting_time(arrival_rate=rho * servers * unit, service_rate=unit, servers=servers)
    assert other * unit == pytest.approx(wait, rel=1e-9)


@given(st.floats(0, 1e6), st.floats(0.01, 1))
def test_servers_needed_is_the_least(load: float, below: float) -> None:
    """
    The number of servers keeps utilisation below the limit, and one fewer does not.
    """
    servers = q.servers_needed(offered_load=load, below=below)
    assert load / servers < below
    assert servers == 1 or load / (servers - 1) >= below


@pytest.mark.parametrize(("load", "servers"), [(0, 1), (0.5, 1), (1, 2), (3.999, 4), (4, 5), (4.5, 5)])
def test_a_load_that_just_fills_the_servers_needs_one_more(load: float, servers: int) -> None:
    """
    A whole number of erlang needs one server more, because a queue at utilisation 1 never settles.
    """
    assert q.servers_needed(offered_load=load) == servers


# --- the edges

Call = Callable[..., float]
QUEUES: dict[str, Call] = {
    "M/M/c": lambda lam, mu, c: q.waiting_time(arrival_rate=lam, service_rate=mu, servers=c),
    "service level": lambda lam, mu, c: q.service_level(
        arrival_rate=lam, service_rate=mu, servers=c, within=1
    ),
    "Allen-Cunneen": lambda lam, mu, c: q.waiting_time_allen_cunneen(
        arrival_rate=lam, service_rate=mu, servers=c, arrival_scv=0.5, service_scv=2
    ),
    "Sakasegawa": lambda lam, mu, c: q.waiting_time_sakasegawa(
        arrival_rate=lam, service_rate=mu, servers=c, arrival_scv=0.5, service_scv=2
    ),
}
UTILISED: Call = lambda lam, mu, c: q.utilisation(arrival_rate=lam, service_rate=mu, servers=c)  # noqa: E731
ONE_SERVER: dict[str, Call] = {
    "M/G/1": lambda lam, mu: q.waiting_time_mg1(arrival_rate=lam, service_rate=mu, service_scv=2),
    "Kingman": lambda lam, mu: q.waiting_time_kingman(
        arrival_rate=lam, service_rate=mu, arrival_scv=0.5, service_scv=2
    ),
}


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize("lam", [3, 4])
def test_an_unstable_queue_says_by_how_much(queue: str, lam: int) -> None:
    """
    A queue that cannot keep up, or only just, raises with its numbers and never returns one.
    """
    with pytest.raises(UnstableQueueError) as caught:
        QUEUES[queue](lam, 1, 3)
    assert str(caught.value) == f"utilisation is {lam / 3:.2f}: 3 servers cannot keep up"
    assert (caught.value.arrival_rate, caught.value.service_rate, caught.value.servers) == (lam, 1, 3)


@pytest.mark.parametrize("queue", ONE_SERVER)
@pytest.mark.parametrize("lam", [2, 3])
def test_an_unstable_queue_of_one_server_says_so(queue: str, lam: int) -> None:
    """
    The formulas for one server speak of one server.
    """
    with pytest.raises(UnstableQueueError) as caught:
        ONE_SERVER[queue](lam, 2)
    assert str(caught.value) == f"utilisation is {lam / 2:.2f}: 1 server cannot keep up"


@pytest.mark.parametrize("load", [3, 3.5])
def test_erlang_c_of_an_overload_does_not_exist(load: float) -> None:
    """
    Erlang's C refuses a load that its servers cannot do, where Erlang's B, without a queue, still answers.
    """
    with pytest.raises(UnstableQueueError):
        q.erlang_c(offered_load=load, servers=3)
    assert 0 < q.erlang_b(offered_load=load, servers=3) < 1


def test_utilisation_of_an_overload_is_a_number() -> None:
    """
    Utilisation says how much more work comes than can be done.
    """
    assert q.utilisation(arrival_rate=4, service_rate=1, servers=3) == pytest.approx(4 / 3)


@given(SERVERS, st.floats(1e-3, 1e3))
def test_just_below_saturation_is_an_answer_with_the_numbers_given(servers: int, mu: float) -> None:
    """
    The last float below saturation has a finite wait, however its load rounds.
    """
    lam = math.nextafter(mu * servers, 0)
    for queue in (QUEUES["M/M/c"], QUEUES["Allen-Cunneen"], QUEUES["Sakasegawa"]):
        assert 0 < queue(lam, mu, servers) < math.inf
    for one in ONE_SERVER.values():
        assert 0 < one(math.nextafter(mu, 0), mu) < math.inf


def test_a_chance_to_wait_never_rounds_above_one() -> None:
    """
    Where C rounds to a little more than 1, the share served at once is 0 and not below.
    """
    mu = 71.41580706628415
    lam = math.nextafter(5 * mu, 0)
    assert q.service_level(arrival_rate=lam, service_rate=mu, servers=5, within=0) == 0


def test_nobody_waits_where_nobody_comes() -> None:
    """
    Without arrivals there is no wait, no queue and no work.
    """
    waits = [QUEUES[queue](0, 1, 3) for queue in ("M/M/c", "Allen-Cunneen", "Sakasegawa")]
    assert waits + [one(0, 1) for one in ONE_SERVER.values()] == [0] * 5
    assert q.service_level(arrival_rate=0, service_rate=1, servers=3, within=0) == 1
    assert (q.erlang_b(offered_load=0, servers=3), q.erlang_c(offered_load=0, servers=3)) == (0, 0)
    assert q.utilisation(arrival_rate=0, service_rate=1) == 0
    assert q.work_in_progress(arrival_rate=0, cycle_time=5) == 0


@given(SERVERS, UTILISATION, RATE)
def test_nobody_waits_where_nothing_varies(servers: int, rho: float, mu: float) -> None:
    """
    Arrivals like clockwork and fixed times never queue.
    """
    rates = {"arrival_rate": rho * mu, "service_rate": mu}
    assert q.waiting_time_kingman(**rates, arrival_scv=0, service_scv=0) == 0
    for several in (q.waiting_time_allen_cunneen, q.waiting_time_sakasegawa):
        assert several(**rates, servers=servers, arrival_scv=0, service_scv=0) == 0


@pytest.mark.parametrize("servers", [10_000, 10**9])
def test_many_servers_neither_overflow_nor_take_long(servers: int) -> None:
    """
    Staffed to β = 1, a case waits with probability 1 / (1 + Φ(1) / φ(1)) = 0.2234 in the limit of many servers.

    Source: Halfin & Whitt (1981), Heavy-traffic limits for queues with many exponential servers, Operations
    Research 29(3), 567-588.
    """
    load = servers - math.sqrt(servers)
    density, distribution = math.exp(-0.5) / math.sqrt(2 * math.pi), (1 + math.erf(math.sqrt(0.5))) / 2
    limit = 1 / (1 + distribution / density)
    assert q.erlang_c(offered_load=load, servers=servers) == pytest.approx(limit, rel=2 / math.sqrt(servers))
    assert q.waiting_time(arrival_rate=load, service_rate=1, servers=servers) == pytest.approx(
        limit / math.sqrt(servers), rel=2 / math.sqrt(servers)
    )


def test_far_more_servers_than_work_never_wait() -> None:
    """
    A chance to wait that is smaller than any float is 0, at once.
    """
    assert q.waiting_time(arrival_rate=1, service_rate=1, servers=10**12) == 0


NOT_A_RATE = [-1.0, -1e-300, math.nan, math.inf, -math.inf]
BAD_SERVERS: list[float] = [0, -3, math.nan, math.inf, 10**12 + 1, 10**400]


@pytest.mark.parametrize("value", NOT_A_RATE)
def test_rates_out_of_range_are_refused(value: float) -> None:
    """
    A negative, infinite or undefined rate is refused by every formula, and a service rate of zero as well.
    """
    for queue in [*QUEUES.values(), UTILISED]:
        for lam, mu in [(value, 1.0), (1.0, value), (0.0, 0.0)]:
            with pytest.raises(
                InvalidQuantityError, match="expected an arrival rate ≥ 0, a service rate > 0"
            ):
                queue(lam, mu, 3)
    for one in ONE_SERVER.values():
        for lam, mu in [(value, 1.0), (1.0, value), (0.0, 0.0)]:
            with pytest.raises(
                InvalidQuantityError, match="expected an arrival rate ≥ 0, a service rate > 0"
            ):
                one(lam, mu)


@pytest.mark.parametrize("servers", BAD_SERVERS, ids=lambda value: f"{value!s:.20}")
def test_servers_out_of_range_are_refused(servers: float) -> None:
    """
    No server, and more than 10¹², are refused; the error names the bound.
    """
    for queue in [*QUEUES.values(), UTILISED]:
        with pytest.raises(InvalidQuantityError, match="1 to 1,000,000,000,000 servers, got"):
            queue(1, 2, servers)
    for call in (q.erlang_b, q.erlang_c):
        with pytest.raises(InvalidQuantityError, match="1 to 1,000,000,000,000 servers, got"):
            call(offered_load=0.5, servers=servers)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", NOT_A_RATE)
def test_the_error_shows_what_was_given(value: float) -> None:
    """
    Each formula quotes the argument that is wrong, as it was given.
    """
    rates = {"arrival_rate": 1.0, "service_rate": 2.0}
    calls: list[Callable[[], float]] = [
        lambda: q.erlang_b(offered_load=value, servers=3),
        lambda: q.erlang_c(offered_load=value, servers=3),
        lambda: q.service_level(**rates, servers=1, within=value),
        lambda: q.waiting_time_mg1(**rates, service_scv=value),
        lambda: q.waiting_time_kingman(**rates, arrival_scv=value, service_scv=1),
        lambda: q.waiting_time_kingman(**rates, arrival_scv=1, service_scv=value),
        lambda: q.waiting_time_allen_cunneen(**rates, servers=1, arrival_scv=value, service_scv=1),
        lambda: q.waiting_time_sakasegawa(**rates, servers=1, arrival_scv=1, service_scv=value),
        lambda: q.work_in_progress(arrival_rate=value, cycle_time=1),
        lambda: q.queue_length(arrival_rate=1, waiting_time=value),
        lambda: q.servers_needed(offered_load=value),
        lambda: q.servers_needed(offered_load=1, below=value),
    ]
    for call in calls:
        with pytest.raises(InvalidQuantityError) as caught:
            call()
        assert repr(value) in str(caught.value)
        assert caught.value.text("id") != str(caught.value)


@pytest.mark.parametrize(("load", "below"), [(1.0, 0.0), (1.0, 1.5), (1e308, 1e-10)])
def test_a_limit_that_no_number_of_servers_keeps_is_refused(load: float, below: float) -> None:
    """
    A limit of zero, above one, or that takes more servers than can be counted, is refused.
    """
    with pytest.raises(InvalidQuantityError, match="expected a load ≥ 0 and a limit from 0 to 1"):
        q.servers_needed(offered_load=load, below=below)


def test_a_result_larger_than_any_number_is_refused() -> None:
    """
    Where a float overflows there is an error, never infinity.
    """
    with pytest.raises(InvalidQuantityError) as caught:
        q.work_in_progress(arrival_rate=1e200, cycle_time=1e200)
    assert str(caught.value) in INDONESIAN


ANY = st.one_of(st.floats(), st.floats(0, 10), st.sampled_from([0.0, 5e-324, 1e-308, 1e308]))


@settings(max_examples=300)
@given(ANY, ANY, st.integers(-1, 10**13) | st.integers(1, 5), ANY, ANY)
def test_every_answer_is_a_number_that_makes_sense(
    lam: float, mu: float, servers: int, x: float, y: float
) -> None:
    """
    Whatever floats come in, out comes a finite number that is not negative, or one of our errors.
    """
    rates = {"arrival_rate": lam, "service_rate": mu}
    moments = {"arrival_scv": x, "service_scv": y}
    some = min(servers, 10**4)  # beyond that a formula that sums over servers takes its time
    shares: list[Callable[[], float]] = [
        lambda: q.blocking_probability(**rates, servers=servers, room=servers + 3),
        lambda: q.abandonment_probability(**rates, servers=servers, patience=x),
        lambda: q.service_level_impatient(**rates, servers=servers, patience=x, within=y),
        lambda: q.service_level_allen_cunneen(**rates, servers=servers, **moments, within=x),
        lambda: q.erlang_b(offered_load=lam, servers=servers),
        lambda: q.erlang_c(offered_load=lam, servers=servers),
        lambda: q.service_level(**rates, servers=servers, within=x),
    ]
    numbers: list[Callable[[], float]] = [
        lambda: q.waiting_time_quantile(**rates, servers=servers, share=x),
        lambda: q.waiting_time_quantile_allen_cunneen(**rates, servers=servers, **moments, share=x),
        lambda: q.waiting_time_limited(**rates, servers=servers, room=servers + 3),
        lambda: q.throughput_limited(**rates, servers=servers, room=servers),
        lambda: q.waiting_time_impatient(**rates, servers=servers, patience=x),
        lambda: q.waiting_time_mdc(**rates, servers=some),
        lambda: q.waiting_time_cosmetatos(**rates, servers=servers),
        lambda: q.waiting_time_variance_mg1(**rates, service_scv=x, service_skewness=y),
        lambda: q.waiting_time_kraemer(**rates, **moments),
        lambda: q.waiting_time_two_moments(**rates, servers=servers, **moments),
        lambda: q.waiting_time_bulk(arrival_rate=lam, service_rate=mu, most=some),
        lambda: q.waiting_time_full_batches(**rates, servers=servers, batch=some, **moments),
        lambda: q.waiting_time_to_fill(arrival_rate=lam, batch=some),
        lambda: q.waiting_time_periodic(period=x),
        lambda: q.departure_scv(utilisation=lam, arrival_scv=x, service_scv=y, servers=servers),
        lambda: q.splitting_scv(scv=x, probability=y),
        lambda: q.superposition_scv(rates=[lam, mu], scvs=[x, y], utilisation=0.5),
        lambda: max(q.waiting_times_nonpreemptive(arrival_rates=[lam, x], service_rate=mu, servers=servers)),
        lambda: max(
            q.waiting_times_nonpreemptive_mg1(
                arrival_rates=[lam, x], service_rates=[mu, y], service_scvs=[1, x]
            )
        ),
        lambda: max(
            q.waiting_times_preemptive_mg1(arrival_rates=[lam, x], service_rates=[mu, y], service_scvs=[1, x])
        ),
        lambda: max(q.priority_factors([lam, x])),
        lambda: q.utilisation(**rates, servers=servers),
        lambda: q.waiting_time(**rates, servers=servers),
        lambda: q.waiting_time_mg1(**rates, service_scv=x),
        lambda: q.waiting_time_kingman(**rates, arrival_scv=x, service_scv=y),
        lambda: q.waiting_time_allen_cunneen(**rates, servers=servers, arrival_scv=x, service_scv=y),
        lambda: q.waiting_time_sakasegawa(**rates, servers=servers, arrival_scv=x, service_scv=y),
        lambda: q.work_in_progress(arrival_rate=lam, cycle_time=x),
        lambda: q.queue_length(arrival_rate=lam, waiting_time=x),
        lambda: q.servers_needed(offered_load=lam, below=x),
    ]
    for call in shares + numbers:
        try:
            result = call()
        except (InvalidQuantityError, UnstableQueueError):
            continue
        assert 0 <= result < math.inf
        assert call not in shares or result <= 1
