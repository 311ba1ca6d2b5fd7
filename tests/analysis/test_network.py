"""Queues that feed each other: exact where that is known, and near long simulations elsewhere."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice import queueing as q
from pubservice.analysis import network
from stations import networks
from timed import timed

TEN = "exponential(mean=10 min)"


def office(procedure: ps.Procedure, rate: str, **capacity: int) -> ps.PublicOrganisation:
    """Return a service of which the resources have so many servers each."""
    service = ps.PublicService("s", arrival_rate=rate, procedure=procedure)
    resources = [ps.Resource(id, capacity=servers) for id, servers in capacity.items()]
    return ps.PublicOrganisation("o", resources=resources, services=[service])


def row(*steps: tuple[str, str]) -> ps.Procedure:
    """Return steps one after another, each a resource and a time."""
    made = [ps.Step(f"s{n}", resource=id, processing_time=time) for n, (id, time) in enumerate(steps)]
    flows = [ps.Flow(f"s{n}", f"s{n + 1}") for n in range(len(steps) - 1)]
    return ps.Procedure(steps=made, flows=flows)


def side_by_side(kind: Any, *branches: tuple[str, str], chance: float | None = None) -> ps.Procedure:
    """Return steps between a split and a join."""
    steps = [ps.Step(f"s{n}", resource=id, processing_time=time) for n, (id, time) in enumerate(branches)]
    flows = [ps.Flow("split", step.id, probability=chance) for step in steps]
    flows += [ps.Flow(step.id, "join") for step in steps]
    gateways = [ps.Gateway("split", kind=kind), ps.Gateway("join", kind=kind)]
    return ps.Procedure(steps=steps, gateways=gateways, flows=flows)


def waits(model: ps.PublicOrganisation, *, poisson: bool = False) -> dict[str, float]:
    """Return the mean wait for each resource, in minutes."""
    found = ps.performance(model) if poisson else ps.network_performance(model)
    return {load.resource: (load.waiting_time_s or 0.0) / 60 for load in found.bottlenecks.loads}


@given(networks())
def test_a_jackson_network_is_exact(drawn: tuple[list[q.Station], dict[str, dict[str, float]]]) -> None:
    """
    With exponential times, whatever the ways through, each wait is that of the Jackson network, and so said.
    """
    stations, routing = drawn
    steps = [
        ps.Step(one.id, resource=one.id, processing_time=f"exponential(mean={1 / one.service_rate} hour)")
        for one in stations
    ]
    entry, leave = ps.Step("enter", processing_time="0 min"), ps.End("leave")
    total = sum(one.arrival_rate for one in stations)
    flows = [
        ps.Flow("enter", one.id, probability=one.arrival_rate / total) for one in stations if one.arrival_rate
    ]
    for id, targets in routing.items():
        ways = {target: p for target, p in targets.items() if p}
        flows += [ps.Flow(id, target, probability=p) for target, p in ways.items()]
        flows.append(ps.Flow(id, "leave", probability=1 - sum(ways.values())))
    procedure = ps.Procedure(start="enter", steps=[entry, *steps], ends=[leave], flows=flows)
    model = office(procedure, f"{total} case/hour", **{one.id: one.servers for one in stations})
    found = ps.network_performance(model)
    expected = {one.station: one.waiting_time * 60 for one in q.jackson(stations, routing).stations}
    assert waits(model) == pytest.approx(expected, rel=1e-6, abs=1e-9)
    methods = {load.method["waiting_time_s"].name for load in found.bottlenecks.loads if load.utilisation}
    assert methods == {"M/M/c"}


@given(
    st.floats(0.05, 0.95),
    st.floats(0, 0.9),
    st.sampled_from(["10 min", TEN, "lognormal(mean=10 min, sd=20 min)"]),
)
def test_work_done_again_is_exact_for_one_server(used: float, again: float, time: str) -> None:
    """
    Work that is done again with a probability, whatever its time, waits as in M/G/1 with all of it at once: who comes back
    has as much before them as who is new.

    Source: Takács (1963), A single-server queue with feedback, Bell System Technical Journal 42(2), 505-519.
    """
    procedure = ps.Procedure(
        start="do",
        steps=[ps.Step("do", resource="r", processing_time=time)],
        ends=[ps.End("done")],
        flows=[ps.Flow("do", "do", probability=again), ps.Flow("do", "done", probability=1 - again)],
    )
    rate = used * (1 - again) / 10
    scv = {"10 min": 0.0, TEN: 1.0}.get(time, 4.0)
    at_once = again + (1 - again) * scv
    wait = q.waiting_time_mg1(arrival_rate=rate, service_rate=(1 - again) / 10, service_scv=at_once)
    model = office(procedure, f"{rate * 60} case/hour", r=1)
    assert waits(model)["r"] == pytest.approx(wait * (1 - again), rel=1e-9)


@given(st.floats(0.05, 0.95), st.integers(2, 5))
def test_a_fork_to_one_server_is_a_batch_of_arrivals(used: float, branches: int) -> None:
    """
    Cases whose exponential branches all go to one server wait as in M^X/M/1: (ρ + (x - 1) / 2) m / (1 - ρ).
    """
    model = office(
        side_by_side("parallel", *[("r", TEN)] * branches), f"{used / 10 / branches * 60} case/hour", r=1
    )
    assert waits(model)["r"] == pytest.approx((used + (branches - 1) / 2) * 10 / (1 - used))


def pairs(used: float, servers: int) -> float:
    """Return the mean wait in M²/M/c for work of mean 1, from its balance equations."""
    size = int(servers + 120 / (1 - used))
    chances = np.zeros(size)
    chances[0] = 1.0
    for n in range(1, size):
        # As many go from below n to n or more as from n or more to below.
        chances[n] = used * servers / 2 * chances[max(0, n - 2) : n].sum() / min(n, servers)
    chances /= chances.sum()
    return float(np.maximum(np.arange(size) - servers, 0) @ chances) / (used * servers)


@pytest.mark.parametrize("servers", [2, 3, 5, 8])
@pytest.mark.parametrize("used", [0.5, 0.7, 0.9])
def test_a_fork_to_several_servers_is_near_a_batch_of_arrivals(servers: int, used: float) -> None:
    """
    With several servers the wait of pairs is within 5 % of M²/M/c.
    """
    model = office(
        side_by_side("parallel", ("r", TEN), ("r", TEN)), f"{used * servers / 2 * 6} case/hour", r=servers
    )
    assert waits(model)["r"] == pytest.approx(pairs(used, servers) * 10, rel=0.05)


def test_branches_that_are_not_always_taken_meet_less_often() -> None:
    """
    Two branches that are each taken in half of the cases, but at least one, are both taken in a third.
    """
    model = office(side_by_side("inclusive", ("r", TEN), ("r", TEN), chance=0.5), "3 case/hour", r=1)
    used = 3 / 60 * 10 * 4 / 3
    # Of a batch of 1 or 2: E X² / E X - 1 = 2 P(2) / E X.
    assert waits(model)["r"] == pytest.approx((used + 2 / 3 / (4 / 3) / 2) * 10 / (1 - used))


def test_even_work_comes_evenly_to_the_next() -> None:
    """
    Behind fixed work the next queue is shorter than behind Poisson arrivals, behind very uneven work longer; the first is
    what M/G/1 says, and time that nobody queues for in between changes nothing.
    """
    for time, sign in (("9 min", -1), ("lognormal(mean=9 min, sd=20 min)", 1)):
        procedure = row(("first", time), ("second", TEN))
        model = office(procedure, "5 case/hour", first=1, second=1)
        alone, found = waits(model, poisson=True), waits(model)
        assert found["first"] == pytest.approx(alone["first"])
        assert sign * (found["second"] - alone["second"]) > 0.1 * alone["second"]
        between = [ps.Flow("s0", "pause"), ps.Flow("pause", "s1")]
        pause = ps.Wait("pause", cause="applicant", clock="elapsed", time="1 day")
        paused = attrs.evolve(procedure, waits=[pause], flows=between)
        assert waits(office(paused, "5 case/hour", first=1, second=1)) == pytest.approx(found)


def test_a_slow_queue_does_not_feel_how_even_a_quick_one_works() -> None:
    """
    A queue that is busy far longer than the one before it sees nearly Poisson arrivals, a quick one does not.
    """
    slow, quick = (
        office(
            row(("first", "5 min"), ("second", f"exponential(mean={mean} min)")),
            "6 case/hour",
            first=1,
            second=1,
        )
        for mean in (9.5, 2)
    )
    eased = [waits(model)["second"] / waits(model, poisson=True)["second"] for model in (slow, quick)]
    assert eased[0] > 0.97
    assert eased[1] < 0.92


def test_cases_of_a_batch_wait_for_each_other() -> None:
    """
    Ten files that come at once are done one after the other: each waits for those before it too.
    """
    step = ps.Step("sign", resource="r", processing_time="3 min", batch=ps.Batch(size=10))
    alone = waits(office(ps.Procedure(steps=[step]), "10 case/hour", r=1), poisson=True)
    found = waits(office(ps.Procedure(steps=[step]), "10 case/hour", r=1))
    assert found["r"] - alone["r"] == pytest.approx(4.5 * 3)


def test_the_examples_are_near_long_simulations() -> None:
    """
    Busy resources of the examples wait within 10 % of 400,000 simulated cases (the table of the page on accuracy); taken
    one by one they are up to half too low.
    """
    simulated = {
        "building-permit": {"counter": 1.97, "engineer": 899.55, "planner": 116.12},
        "business-licence": {"desk": 5.11, "verifier": 197.20, "health": 360.67},
        "civil-registration": {"counter": 1.01},
    }
    for name, expected in simulated.items():
        found = waits(ps.read_example(name))
        assert {id: found[id] for id in expected} == pytest.approx(expected, rel=0.1)
    assert waits(ps.read_example("building-permit"), poisson=True)["engineer"] < 0.55 * 899.55


def test_what_is_approximate_is_named() -> None:
    """
    The method of a load, and of the cycle time, says that queues feed each other.
    """
    found = ps.network_performance(ps.read_example("business-licence"))
    health = next(load for load in found.bottlenecks.loads if load.resource == "health")
    assert health.method["waiting_time_s"].name == "QNA for cases"
    assert "QNA for cases" in found.service("food-licence").method["cycle_time_s"].name
    assert found.provenance.assumptions[0].startswith("cases come from outside as Poisson")
    assert found.bottlenecks.provenance.sources[-1].startswith("Whitt (1983)")


def test_what_is_unknown_stays_unknown() -> None:
    """
    Without a rate, with an unknown time or beyond capacity there is no wait; what comes behind an overloaded resource has
    one, as if that were just full.
    """
    procedure = row(("first", "20 min"), ("second", TEN), ("third", "1 min"))
    model = office(procedure, "4 case/hour", first=1, second=1, third=1)
    first, second, third = (
        next(load for load in ps.network_performance(model).bottlenecks.loads if load.resource == id)
        for id in ("first", "second", "third")
    )
    assert first.waiting_time_s is None
    assert second.waiting_time_s is not None
    assert third.waiting_time_s is not None
    silent = attrs.evolve(model, services=[attrs.evolve(model.services[0], arrival_rate=None)])
    assert set(waits(silent).values()) == {0.0}
    steps = [attrs.evolve(procedure.steps[0], processing_time=None), *procedure.steps[1:]]
    unknown = office(attrs.evolve(procedure, steps=steps), "1 case/hour", first=1, second=1, third=1)
    assert waits(unknown)["first"] == 0
    assert waits(unknown)["second"] > 0
    assert ps.network_performance(ps.PublicOrganisation("o", services=[ps.PublicService("s")])).services


def test_branches_that_cross_are_looked_at_visit_by_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where branches do not nest, and in procedures beyond the bound, visits of a case are taken as independent.
    """
    pairs_ = "s f, f a, f b, a g, b h, g h, g c, h d, c k, d k, k e"
    steps = [ps.Step(n, resource="r", processing_time="5 min") for n in "sabcde"]
    gateways = [ps.Gateway(n, kind="parallel") for n in "fghk"]
    procedure = ps.Procedure(
        start="s", steps=steps, gateways=gateways, flows=[ps.Flow(*p.split()) for p in pairs_.split(", ")]
    )
    model = office(procedure, "1 case/hour", r=1)
    assert waits(model) == pytest.approx(waits(model, poisson=True))
    again = office(row(("r", "10 min"), ("r", "10 min")), "2 case/hour", r=1)
    assert waits(again)["r"] > waits(again, poisson=True)["r"]
    monkeypatch.setattr(network, "_MOST_SWEEPS", 0)
    assert waits(again) == pytest.approx(waits(again, poisson=True))


def test_few_rounds_are_near_the_end_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The equations of the streams are solved in rounds, each of which changes less than the one before.
    """
    model = ps.read_example("civil-registration")
    found = waits(model)
    monkeypatch.setattr(network, "_ROUNDS", 1)
    assert waits(model) == pytest.approx(found, rel=0.05)


def test_causes_and_distributions_are_told_of_a_network_too() -> None:
    """
    What was found of queues that feed each other can be told by cause, and from the quickest to the slowest.
    """
    found = ps.network_performance(ps.read_example("business-licence"))
    times = ps.time_by_cause(found).service("food-licence")
    distribution = ps.cycle_time_distribution(found, "food-licence")
    assert times.cycle_time_s == pytest.approx(distribution.mean_s)
    assert distribution.mean_s >= (found.service("food-licence").cycle_time_s or 0.0)
    alone = ps.cycle_time_distribution(ps.read_example("business-licence"), "food-licence")
    assert distribution.mean_s > alone.mean_s


def test_the_network_of_ross_is_exact_through_an_organisation() -> None:
    """
    Ross's exercise as a service (oracle jackson-ross): 30 cases an hour, three stations, W = 41/195 hours.
    """
    means = {"1": 1 / 10, "2": 1 / 50, "3": 1 / 100}
    steps = [
        ps.Step(f"s{n}", resource=f"r{n}", processing_time=f"exponential(mean={m} hour)")
        for n, m in means.items()
    ]
    ways = {
        ("enter", "s1"): 5 / 30,
        ("enter", "s2"): 10 / 30,
        ("enter", "s3"): 15 / 30,
        ("s1", "s2"): 1 / 3,
        ("s1", "s3"): 1 / 3,
        ("s1", "out"): 1 / 3,
        ("s2", "s3"): None,
        ("s3", "s2"): 0.5,
        ("s3", "out"): 0.5,
    }
    procedure = ps.Procedure(
        start="enter",
        steps=[ps.Step("enter", processing_time="0 min"), *steps],
        ends=[ps.End("out")],
        flows=[ps.Flow(source, target, probability=p) for (source, target), p in ways.items()],
    )
    model = office(procedure, "30 case/hour", r1=1, r2=1, r3=1)
    found = ps.network_performance(model).services[0]
    assert (found.cycle_time_s or 0.0) / 3600 == pytest.approx(41 / 195)
    assert found.method["cycle_time_s"].kind == "exact"


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_any_organisation_has_waits_that_make_sense(seed: int) -> None:
    """
    Whatever the choices, loops, blocks, batches and hours: loads are those of `performance`, waits numbers of at least 0.
    """
    model = timed(seed, queued=True)
    alone, found = ps.performance(model), ps.network_performance(model)
    for one, other in zip(alone.bottlenecks.loads, found.bottlenecks.loads, strict=True):
        assert (one.resource, one.utilisation) == (other.resource, other.utilisation)
        if one.waiting_time_s is None:
            assert other.waiting_time_s is None
        else:
            assert other.waiting_time_s is not None
            assert 0 <= other.waiting_time_s < 1e9
