"""Distributions of cycle times."""

from __future__ import annotations

from datetime import timedelta
from math import comb, exp, log, sqrt

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from played_times import played_times
from pubservice.graph import passage
from pubservice.graph.chain import absorbing_chain
from strategies import organisations
from timed import timed


def one(procedure: ps.Procedure, **fields: object) -> ps.CycleTimeDistribution:
    """Return the cycle times of one service."""
    shared = {key: fields.pop(key) for key in ("resources", "calendars", "calendar") if key in fields}
    service = ps.PublicService("s", procedure=procedure, **fields)  # type: ignore[arg-type]
    return ps.cycle_time_distribution(ps.PublicOrganisation("o", services=[service], **shared), "s")  # type: ignore[arg-type]


def row(*times: str, **fields: object) -> ps.Procedure:
    """Return steps one after the other."""
    steps = [ps.Step(f"s{i}", processing_time=time, **fields) for i, time in enumerate(times)]  # type: ignore[arg-type]
    flows = [ps.Flow(f"s{i}", f"s{i + 1}") for i in range(len(times) - 1)]
    return ps.Procedure(steps=steps, flows=flows)


def fork(left: str, right: str, kind: str = "parallel", p: tuple[float, float] | None = None) -> ps.Procedure:
    """Return two branches."""
    probabilities = p or (None, None)
    return ps.Procedure(
        steps=[ps.Step("l", processing_time=left), ps.Step("r", processing_time=right)],
        gateways=[ps.Gateway("f", kind=kind), ps.Gateway("j", kind=kind)],  # type: ignore[arg-type]
        flows=[
            ps.Flow("f", "l", probability=probabilities[0]),
            ps.Flow("f", "r", probability=probabilities[1]),
            ps.Flow("l", "j"),
            ps.Flow("r", "j"),
        ],
    )


def loop(time: str, again: float) -> ps.Procedure:
    """Return a step that is done again with a probability."""
    return ps.Procedure(
        start="do",
        steps=[ps.Step("do", processing_time=time)],
        gateways=[ps.Gateway("ok", kind="exclusive")],
        ends=[ps.End("done")],
        flows=[
            ps.Flow("do", "ok"),
            ps.Flow("ok", "do", probability=again),
            ps.Flow("ok", "done", probability=1 - again),
        ],
    )


MINUTE, TEN = 60.0, "exponential(mean=10 min)"


@pytest.mark.parametrize("minutes", [1, 7, 15, 30, 60, 120])
def test_a_sum_of_exponential_times_is_erlang(minutes: int) -> None:
    """
    Three times of ten minutes each: mean, variance and P(T ≤ t) = 1 - exp(-x)(1 + x + x² / 2) with x = t / 10 min.
    """
    found = one(row(TEN, TEN, TEN))
    x = minutes / 10
    assert (found.mean_s, found.standard_deviation_s**2) == pytest.approx((1800, 3 * 600**2))
    assert found.probability_within(f"{minutes} min") == pytest.approx(
        1 - exp(-x) * (1 + x + x * x / 2), abs=2e-5
    )
    assert found.method["distribution"].kind == "exact"


def test_an_exponential_queue_leaves_after_an_exponential_time() -> None:
    """
    The stay in an M/M/1 queue is exponential with mean 1 / (μ - λ): here 50 minutes; so a share p is done within -50 ln(1 - p).
    """
    found = one(row(TEN, resource="r"), resources=[ps.Resource("r")], arrival_rate="4.8 case/hour")
    assert (found.mean_s, found.standard_deviation_s) == pytest.approx((3000, 3000))
    for share in (0.01, 0.5, 0.9, 0.999):
        assert found.quantile_s(share) == pytest.approx(-3000 * log(1 - share), rel=1e-3)
    assert found.method["distribution"].kind == "exact"


@pytest.mark.parametrize("limit", ["4 min", "10 min", "25 min"])
def test_a_queue_of_several_servers_waits_by_erlangs_c(limit: str) -> None:
    """
    In M/M/3 the share that is done without a wait longer than a time is its service level; of fixed work it is shifted by that.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", resource="r", processing_time="exponential(mean=6 min)")],
    )
    found = one(procedure, resources=[ps.Resource("r", capacity=3)], arrival_rate="24 case/hour")
    t, mu, lam = float(limit.removesuffix(" min")) / 6, 1.0, 2.4
    waits = ps.queueing.erlang_c(offered_load=lam, servers=3)
    # Gross et al. §2.3: the stay in M/M/c, here with cμ - λ = 0.6 μ.
    theta = 3 * mu - lam
    expected = 1 - exp(-mu * t) - waits * mu / (mu - theta) * (exp(-theta * t) - exp(-mu * t))
    assert found.probability_within(limit) == pytest.approx(expected, abs=3e-5)


def test_a_choice_is_a_mixture() -> None:
    """
    A hyperexponential: one minute in nine cases of ten, else an hour.
    """
    procedure = ps.Procedure(
        start="x",
        steps=[
            ps.Step("a", processing_time="exponential(mean=1 min)"),
            ps.Step("b", processing_time="exponential(mean=60 min)"),
        ],
        gateways=[ps.Gateway("x", kind="exclusive")],
        flows=[ps.Flow("x", "a", probability=0.9), ps.Flow("x", "b", probability=0.1)],
    )
    found = one(procedure)
    mean = 0.9 + 6
    variance = 2 * (0.9 * 1 + 0.1 * 3600) - mean * mean
    assert found.mean_s / 60 == pytest.approx(mean)
    assert (found.standard_deviation_s / 60) ** 2 == pytest.approx(variance)
    for minutes in (0.1, 0.5, 1, 5, 100, 400):
        expected = 0.9 * -np.expm1(-minutes) + 0.1 * -np.expm1(-minutes / 60)
        assert found.probability_within(f"{minutes} min") == pytest.approx(expected, abs=1e-4)
        share = float(expected)
        assert found.quantile_s(share) / 60 == pytest.approx(minutes, rel=5e-3)


def test_rework_of_fixed_work_is_geometric() -> None:
    """
    Five fixed minutes that one case in five needs again (oracle rework-geometric): 5, 10, 15 minutes with 0.8, 0.16, 0.032.
    """
    found = one(loop("5 min", 0.2))
    assert (found.mean_s, found.standard_deviation_s) == pytest.approx(
        (6.25 * 60, 2.795084972 * 60), rel=1e-9
    )
    for n in range(1, 6):
        assert found.probability_within(f"{5 * n} min") == pytest.approx(1 - 0.2**n, abs=1e-7)
        assert found.probability_within(f"{5 * n - 0.01} min") == pytest.approx(1 - 0.2 ** (n - 1), abs=1e-7)
    assert found.quantile_s(0.8) == 300
    assert found.quantile_s(0.81) == 600


@pytest.mark.parametrize("again", [0.1, 0.5, 0.95])
def test_a_geometric_sum_of_exponential_times_is_exponential(again: float) -> None:
    """
    Ten minutes repeated with probability p are exponential with mean 10 / (1 - p).
    """
    found = one(loop(TEN, again))
    mean = 600 / (1 - again)
    assert (found.mean_s, found.standard_deviation_s) == pytest.approx((mean, mean))
    assert found.quantile_s(0.5) == pytest.approx(mean * log(2), rel=1e-3)
    assert found.quantile_s(0.99) == pytest.approx(mean * log(100), rel=1e-3)


def test_the_variance_is_that_of_the_absorbing_chain() -> None:
    """
    The walk between two doors (Grinstead & Snell, oracle absorb-drunkard): three steps on average from an outer place,
    variance 8; with random steps what the chain says of them.
    """
    steps = [ps.Step(k, processing_time="1 min") for k in "abc"]
    procedure = ps.Procedure(
        start="a",
        steps=steps,
        ends=[ps.End("left"), ps.End("right")],
        flows=[
            ps.Flow("a", "left", probability=0.5),
            ps.Flow("a", "b", probability=0.5),
            ps.Flow("b", "a", probability=0.5),
            ps.Flow("b", "c", probability=0.5),
            ps.Flow("c", "b", probability=0.5),
            ps.Flow("c", "right", probability=0.5),
        ],
    )
    found = one(procedure)
    assert found.mean_s / 60 == pytest.approx(3, rel=1e-9)
    assert (found.standard_deviation_s / 60) ** 2 == pytest.approx(8, rel=1e-9)
    assert found.probability_within("1 min") == pytest.approx(0.5, abs=1e-7)
    random = attrs.evolve(
        procedure,
        steps=[attrs.evolve(s, processing_time=f"exponential(mean={n} min)") for n, s in enumerate(steps, 1)],
    )
    chain = absorbing_chain([[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]], [[0.5, 0], [0, 0], [0, 0.5]])
    means, variances = chain.duration([1, 2, 3], [1, 4, 9])
    found = one(random)
    assert found.mean_s / 60 == pytest.approx(means[0], rel=1e-9)
    assert (found.standard_deviation_s / 60) ** 2 == pytest.approx(variances[0], rel=1e-9)


@given(st.integers(0, 10**6))
def test_mean_and_variance_of_any_loop_are_those_of_its_chain(seed: int) -> None:
    """
    In random procedures of choices and loops both agree with the fundamental matrix, and the mean with performance.
    """
    model = timed(seed, size=8, kinds=("exclusive", "loop"))
    found = ps.cycle_time_distribution(model, "s")
    procedure = model.services[0].procedure
    index = {node.id: i for i, node in enumerate(procedure.nodes) if not isinstance(node, ps.End)}
    matrix = np.zeros((len(index), len(index)))
    leaving = np.zeros((len(index), 1))
    for flow in procedure.flows:
        p = 1.0 if flow.probability is None else flow.probability
        if flow.target in index:
            matrix[index[flow.source], index[flow.target]] += p
        else:
            leaving[index[flow.source]] += p
    means, variances = [0.0] * len(index), [0.0] * len(index)
    for node in procedure.workers:
        time = node.processing_time if isinstance(node, ps.Step) else node.time
        assert time is not None
        means[index[node.id]] = seconds = time.mean_seconds() or 0.0
        variances[index[node.id]] = time.scv * seconds**2
    chain = absorbing_chain(matrix.tolist(), leaving.tolist())
    mean, variance = chain.duration(means, variances)
    start = index[procedure.first or ""]
    assert found.mean_s == pytest.approx(mean[start], rel=1e-9)
    assert found.standard_deviation_s**2 == pytest.approx(variance[start], rel=1e-6)
    assert ps.performance(model).services[0].cycle_time_s == pytest.approx(found.mean_s, rel=1e-9)


def test_of_parallel_branches_the_last_decides() -> None:
    """
    Two exponential times of 10 and 20 minutes: P(max ≤ t) is the product, its mean 10 + 20 - 1 / (1/10 + 1/20).
    """
    found = one(fork(TEN, "exponential(mean=20 min)"))
    least = 20 / 3
    mean = 30 - least
    square = 2 * (100 + 400 - least**2)
    assert found.mean_s / 60 == pytest.approx(mean, rel=1e-5)
    assert (found.standard_deviation_s / 60) ** 2 == pytest.approx(square - mean**2, rel=1e-4)
    for minutes in (1, 10, 50):
        expected = np.expm1(-minutes / 10) * np.expm1(-minutes / 20)
        assert found.probability_within(f"{minutes} min") == pytest.approx(expected, abs=1e-5)


def test_of_many_branches_it_is_the_greatest_order_statistic() -> None:
    """
    Of five exponential times of ten minutes the last ends after 10 (1 + 1/2 + 1/3 + 1/4 + 1/5) on average.
    """
    steps = [ps.Step(f"s{i}", processing_time=TEN) for i in range(5)]
    flows = [ps.Flow("f", f"s{i}") for i in range(5)] + [ps.Flow(f"s{i}", "j") for i in range(5)]
    gateways = [ps.Gateway("f", kind="parallel"), ps.Gateway("j", kind="parallel")]
    found = one(ps.Procedure(steps=steps, gateways=gateways, flows=flows))
    assert found.mean_s / 600 == pytest.approx(sum(1 / n for n in range(1, 6)), rel=1e-5)
    assert (found.standard_deviation_s / 600) ** 2 == pytest.approx(
        sum(1 / n**2 for n in range(1, 6)), rel=5e-4
    )


def test_of_inclusive_branches_those_that_are_taken_count() -> None:
    """
    Ten fixed minutes and twenty, with 0.5 and 0.4, given that one is taken; random ones by every combination.
    """
    some = 1 - 0.5 * 0.6
    found = one(fork("10 min", "20 min", "inclusive", (0.5, 0.4)))
    assert found.probability_within("10 min") == pytest.approx(0.5 * 0.6 / some, abs=1e-7)
    assert found.probability_within("20 min") == pytest.approx(1, abs=1e-7)
    assert found.mean_s / 60 == pytest.approx((0.3 * 10 + 0.4 * 20) / some)
    random = one(fork(TEN, TEN, "inclusive", (0.5, 0.4)))
    both, left, right = 0.5 * 0.4, 0.5 * 0.6, 0.5 * 0.4
    assert random.mean_s / 600 == pytest.approx((1.5 * both + left + right) / some, rel=1e-5)


def test_fixed_times_are_certain() -> None:
    """
    Where nothing varies all cases take the same, to the second, and no deviation is left.
    """
    found = one(row("10 min", "25 min"))
    assert (found.standard_deviation_s, found.quantile_s(0.01), found.quantile_s(0.99)) == (0, 2100, 2100)
    assert found.probability_within("35 min") == 1
    assert found.probability_within("34.99 min") == 0
    assert one(row("0 min")).quantile_s(0.5) == 0


def test_a_batch_is_waited_for_by_place() -> None:
    """
    In a batch of three, come to once in ten minutes, a third waits for two others, a third for one, a third for none.
    """
    procedure = ps.Procedure(steps=[ps.Step("a", processing_time="0 min", batch=ps.Batch(size=3))])
    found = one(procedure, arrival_rate="6 case/hour")
    mean, square = 600.0, (0 + 2 * 600**2 + 6 * 600**2) / 3
    assert found.mean_s == pytest.approx(mean)
    assert found.standard_deviation_s**2 == pytest.approx(square - mean**2)
    x = 1.5
    expected = (1 + (1 - exp(-x)) + (1 - exp(-x) * (1 + x))) / 3
    assert found.probability_within("15 min") == pytest.approx(expected, abs=1e-5)
    period = ps.Procedure(steps=[ps.Step("a", processing_time="1 hour", batch=ps.Batch(period="8 hour"))])
    found = one(period)
    assert found.quantile_s(0.25) == pytest.approx(3 * 3600, rel=1e-3)
    assert found.standard_deviation_s == pytest.approx(8 * 3600 / sqrt(12))


def test_a_set_up_is_shared_by_its_batch() -> None:
    """
    An hour of set-up for ten cases is six minutes of each, without a batch an hour.
    """
    step = ps.Step("a", processing_time="1 min", setup_time="1 hour", batch=ps.Batch(size=1))
    assert one(ps.Procedure(steps=[step]), arrival_rate="1 case/hour").mean_s == pytest.approx(3660)
    ten = attrs.evolve(step, batch=ps.Batch(size=10))
    found = one(ps.Procedure(steps=[ten]), arrival_rate="60 case/hour")
    assert found.mean_s == pytest.approx(60 + 360 + 4.5 * 60)
    assert found.method["mean_s"].name == "batches fill evenly"


@pytest.mark.parametrize("seed", range(10))
def test_random_procedures_agree_with_played_cases(seed: int) -> None:
    """
    The distribution function stays within what 4,000 played cases can tell (Kolmogorov & Smirnov, one in a thousand).
    """
    model = timed(seed, size=10)
    found = ps.cycle_time_distribution(model, "s")
    times = played_times(model.services[0].procedure, 4000, seed)
    assert found.mean_s == pytest.approx(times.mean(), abs=4 * times.std() / sqrt(len(times)) + 1e-6)
    at = [found.probability_within(f"{seconds} s") for seconds in times[::40]]
    far = [
        abs(p - (np.searchsorted(times, s, side="right")) / len(times))
        for p, s in zip(at, times[::40], strict=True)
    ]
    assert max(far) < 1.95 / sqrt(len(times)) + 1e-3


@given(st.integers(0, 10**6), st.booleans())
def test_quantiles_and_probabilities_are_inverse(seed: int, queued: bool) -> None:
    """
    The share that is done within a quantile is its share or, where many are done at once, more; quantiles grow with it.
    """
    found = ps.cycle_time_distribution(timed(seed, queued=queued), "s")
    last = 0.0
    for share in (0.05, 0.5, 0.9, 0.99):
        quantile = found.quantile_s(share)
        assert quantile >= last
        last = quantile
        length = ps.Duration(quantile / 3600, "working_hour") if queued else ps.Duration(quantile, "s")
        assert found.probability_within(length) >= share - 2e-3
        elapsed = found.quantile_s(share, clock="elapsed")
        assert elapsed >= quantile * (1 - 1e-9)
        assert found.probability_within(ps.Duration(elapsed * (1 + 1e-6), "s")) >= share - 2e-3


@given(st.integers(0, 10**6))
def test_the_mean_is_that_of_causes_and_not_below_performance(seed: int) -> None:
    """
    It is the sum of all causes; performance is a lower bound where joins wait, and the same elsewhere.
    """
    model = timed(seed, queued=True)
    found = ps.cycle_time_distribution(model, "s")
    (times,) = ps.time_by_cause(model).services
    (service,) = ps.performance(model).services
    assert found.mean_s == pytest.approx(times.cycle_time_s, rel=1e-9)
    assert service.cycle_time_s is not None
    assert found.mean_s >= service.cycle_time_s * (1 - 1e-9)
    if times.causes["synchronisation"] == 0:
        assert found.mean_s == pytest.approx(service.cycle_time_s, rel=1e-9)


def test_working_days_are_held_on_the_clock_of_the_service() -> None:
    """
    Under office hours a working day is eight hours; without a calendar it cannot be told.
    """
    office = ps.Calendar("office", hours={"mon-fri": "08:00-16:00"})
    procedure = ps.Procedure(
        waits=[ps.Wait("w", cause="signature", clock="working", time="exponential(mean=4 working_hour)")]
    )
    found = one(procedure, calendars=[office], calendar="office")
    assert found.probability_within("1 working_day") == pytest.approx(1 - exp(-2), abs=1e-4)
    assert found.probability_within(ps.Duration(8, "working_hour")) == found.probability_within(
        "1 working_day"
    )
    with pytest.raises(ps.UndefinedResultError, match="there is no calendar"):
        one(row(TEN)).probability_within("1 working_day")


def test_elapsed_time_passes_through_the_calendar() -> None:
    """
    Work of four hours, begun at any time of a day open from eight to four: half is done the same day, half after a night.
    """
    days = ps.Calendar("days", hours={"mon-sun": "08:00-16:00"})
    found = one(row("4 hour"), calendars=[days], calendar="days")
    assert found.probability_within("4 hour") == pytest.approx(0.5, abs=0.01)
    assert found.probability_within("19 hour") == pytest.approx(0.5, abs=0.01)
    assert found.probability_within("20 hour") == pytest.approx(1, abs=0.01)
    assert found.quantile_s(0.4, clock="elapsed") == pytest.approx(4 * 3600, rel=1e-6)
    assert found.quantile_s(0.9, clock="elapsed") == pytest.approx(20 * 3600, rel=1e-6)
    assert found.quantile(0.9).magnitude == 4
    assert found.method["elapsed"].kind == "approximation"
    played = []
    rng = np.random.default_rng(5)
    weekly = ps.Calendar("week", hours={"mon-thu": "08:00-12:00, 13:00-16:00", "fri": "08:00-11:00"})
    found = one(row("exponential(mean=9 hour)"), calendars=[weekly], calendar="week")
    _, stretches = weekly.open_cycle
    opened = np.concatenate([np.arange(start, end) for start, end in stretches])
    for work in rng.exponential(9 * 60, 20000):
        start = int(rng.integers(len(opened)))
        weeks, place = divmod(start + int(work), len(opened))
        played.append(weeks * 10080 + opened[place] - opened[start])
    for hours in (5, 24, 60, 170):
        share = float((np.array(played) <= hours * 60).mean())
        assert found.probability_within(f"{hours} hour") == pytest.approx(share, abs=0.015)


def test_closed_days_lengthen_the_year() -> None:
    """
    A calendar with closures repeats its year: a closed week in it is waited for by those who meet it.
    """
    year = ps.Calendar(
        "year", hours={"mon-sun": "00:00-24:00"}, year=2026, closures=["2026-03-02..2026-03-08"]
    )
    found = one(row("2 day"), calendars=[year], calendar="year")
    assert found.probability_within("2 day") == pytest.approx(1 - 2 / 358, abs=0.005)
    assert found.probability_within("9 day") == 1


def test_a_network_without_choice_is_a_bound() -> None:
    """
    Branches that cross share steps: independent ways end later, which is said; fixed times are exact.
    """

    def network(*times: str) -> ps.Procedure:
        steps = [ps.Step(k, processing_time=t) for k, t in zip("abcd", times, strict=True)]
        gateways = [ps.Gateway(k, kind="parallel") for k in ("f", "g", "h", "j")]
        pairs = ("f a", "f b", "a g", "g c", "g h", "b h", "h d", "c j", "d j")
        return ps.Procedure(
            start="f", steps=steps, gateways=gateways, flows=[ps.Flow(*p.split()) for p in pairs]
        )

    fixed = one(network("1 hour", "5 hour", "2 hour", "4 hour"))
    assert (fixed.mean_s, fixed.standard_deviation_s) == (9 * 3600, 0)
    assert fixed.method["mean_s"].kind == "exact"
    found = one(network(*["exponential(mean=1 hour)"] * 4))
    rng = np.random.default_rng(3)
    a, b, c, d = rng.exponential(3600, (4, 100_000))
    played = np.maximum(a + c, np.maximum(a, b) + d)
    assert played.mean() < found.mean_s < played.mean() * 1.1
    for hours in (1, 2, 4):
        assert found.probability_within(f"{hours} hour") < (played <= hours * 3600).mean() + 0.005
    assert "upper bound" in found.method["mean_s"].name


def test_small_and_large_shares_are_found_on_grids_of_their_own() -> None:
    """
    One case in a thousand takes a month, the others a minute: the median is that of the minute, and the tail is found too.
    """
    procedure = ps.Procedure(
        start="x",
        steps=[ps.Step("a", processing_time="exponential(mean=1 min)")],
        waits=[ps.Wait("w", cause="statutory", clock="elapsed", time="exponential(mean=30 day)")],
        gateways=[ps.Gateway("x", kind="exclusive")],
        flows=[ps.Flow("x", "a", probability=0.999), ps.Flow("x", "w", probability=0.001)],
    )
    found = one(procedure)
    assert found.quantile_s(0.5) == pytest.approx(60 * -log(1 - 0.5 / 0.999), rel=2e-3)
    assert found.quantile_s(1 - 1e-6) == pytest.approx(30 * 86400 * log(1000), rel=1e-2)
    heavy = one(row("weibull(shape=0.2, scale=1 min)"))
    assert heavy.quantile_s(0.9999) == pytest.approx(60 * (-log(0.0001)) ** 5, rel=1e-2)
    immediate = one(row("0 min", "0 min"))
    assert immediate.probability_within("0 min") == 1
    assert one(row(TEN)).probability_within("0 min") == pytest.approx(0, abs=1e-3)


def test_ages_are_told_too() -> None:
    """
    Fixed times of a million years lie where they are, though no grid is laid through them.
    """
    found = one(row("1e14 s", "exponential(mean=1e13 s)"))
    assert found.quantile_s(0.5) == pytest.approx(1e14 + 1e13 * log(2), rel=1e-3)


def test_a_step_that_takes_no_time_has_no_queue() -> None:
    """
    A resource that nothing is asked of is waited for by nobody.
    """
    procedure = ps.Procedure(
        steps=[ps.Step("a", processing_time=TEN), ps.Step("b", resource="r", processing_time="0 min")],
        flows=[ps.Flow("a", "b")],
    )
    found = one(procedure, resources=[ps.Resource("r")], arrival_rate="1 case/hour")
    assert found.quantile_s(0.5) == pytest.approx(600 * log(2), rel=1e-3)


def test_half_of_the_cases_may_be_done_at_once() -> None:
    """
    Where nothing has to be done for most cases their quantile is 0, and a small one is not looked for below.
    """
    procedure = ps.Procedure(
        start="x",
        waits=[ps.Wait("w", cause="statutory", clock="elapsed", time=TEN)],
        gateways=[ps.Gateway("x", kind="exclusive")],
        ends=[ps.End("e")],
        flows=[ps.Flow("x", "e", probability=0.6), ps.Flow("x", "w", probability=0.4)],
    )
    assert one(procedure).quantile_s(0.5) == 0
    assert one(procedure).quantile_s(0.6000001) > 0


def test_what_cannot_be_told_is_refused_with_the_reason() -> None:
    """
    A service that does not exist, a share of nothing or all, a cycle time that does not exist, numbers beyond numbers.
    """
    with pytest.raises(ps.UnknownIdError):
        ps.cycle_time_distribution(timed(1), "t")
    for share in (0, 1, -0.5, 0.9999999, float("nan")):
        with pytest.raises(ps.InvalidQuantityError, match="above 0, at most 0.999999"):
            one(row(TEN)).quantile(share)
    with pytest.raises(ps.UndefinedResultError, match="the processing time of step 'a' is unknown"):
        one(ps.Procedure(steps=[ps.Step("a")]))
    with pytest.raises(ps.UndefinedResultError, match="larger than a number"):
        one(row("exponential(mean=1e153 s)"))


def test_a_loop_of_too_many_flows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Products of flows in a loop are bounded.
    """
    monkeypatch.setattr(passage, "MOST_WAYS", 0)
    with pytest.raises(ps.UndefinedResultError, match="too many flows"):
        one(loop(TEN, 0.5))


def test_methods_name_what_is_approximate() -> None:
    """
    One exponential queue is exact; several, general times and several visits are named.
    """
    fields = {"resources": [ps.Resource("r"), ps.Resource("q")], "arrival_rate": "3 case/hour"}
    tandem = ps.Procedure(
        steps=[
            ps.Step("a", resource="r", processing_time=TEN),
            ps.Step("b", resource="q", processing_time=TEN),
        ],
        flows=[ps.Flow("a", "b")],
    )
    assert one(tandem, **fields).method["distribution"].name == "waits of a case independent of each other"
    assert one(tandem, **fields).method["mean_s"].kind == "exact"
    general = row("10 min", resource="r")
    assert "exponential where there are any" in one(general, **fields).method["distribution"].name
    joined = one(fork(TEN, TEN))
    assert joined.method["mean_s"] == joined.method["distribution"]


def test_a_distribution_prints_as_rows_and_data() -> None:
    """
    Four quantiles on both clocks, in either language.
    """
    found = ps.cycle_time_distribution(timed(3, queued=True), "s")
    assert [line["share"] for line in found.rows()] == [0.5, 0.8, 0.9, 0.95]
    assert list(found.data()) == ["mean_s", "standard_deviation_s", "quantiles", "method"]
    assert set(found.data()["quantiles"][0]) == {"share", "cycle_time_s", "cycle_time_elapsed_s"}
    assert "mean cycle time" in str(found)
    assert "simpangan baku" in found.text("id")
    assert found.mean.magnitude == found.mean_s / 3600
    assert found.standard_deviation.magnitude == found.standard_deviation_s / 3600
    assert found.probability_within(timedelta(days=9)) == found.probability_within("9 day")  # type: ignore[arg-type]


@given(organisations())
def test_any_model_has_a_distribution_or_a_reason(model: ps.PublicOrganisation) -> None:
    """
    Whatever a model holds, quantiles of every service with a cycle time are numbers that grow, or say why not.
    """
    for service in ps.performance(model).services:
        try:
            found = ps.cycle_time_distribution(model, service.id)
            quantiles = [found.quantile_s(share) for share in (0.1, 0.5, 0.9)]
        except ps.UndefinedResultError as error:
            assert str(error)
        else:
            assert quantiles == sorted(quantiles)
            assert np.isfinite(quantiles).all()


def test_a_binomial_choice_of_fixed_times_lies_on_the_grid() -> None:
    """
    Ten choices between one minute and two: the probability of 10 + k minutes is binomial, to seven digits.
    """
    steps, flows = [], []
    gateways = [ps.Gateway(f"g{i}", kind="exclusive") for i in range(11)]
    for i in range(10):
        steps += [ps.Step(f"a{i}", processing_time="1 min"), ps.Step(f"b{i}", processing_time="2 min")]
        flows += [
            ps.Flow(f"g{i}", f"a{i}", probability=0.7),
            ps.Flow(f"g{i}", f"b{i}", probability=0.3),
            ps.Flow(f"a{i}", f"g{i + 1}"),
            ps.Flow(f"b{i}", f"g{i + 1}"),
        ]
    found = one(ps.Procedure(start="g0", steps=steps, gateways=gateways, flows=flows))
    total = 0.0
    for k in range(11):
        total += comb(10, k) * 0.3**k * 0.7 ** (10 - k)
        assert found.probability_within(f"{10 + k} min") == pytest.approx(total, abs=1e-7)
