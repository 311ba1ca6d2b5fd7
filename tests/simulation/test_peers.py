"""The same models in Ciw and in SimPy, written here, give the same means."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from functools import cache

import ciw
import pytest
import simpy

import pubservice as ps
from pubservice.simulation.intervals import estimate

HOURS = 4000.0
WARM_UP = 400.0
REPLICATIONS = 9
REWORK = 0.25  # of cases that the clerk sends back to the beginning


def office() -> ps.PublicOrganisation:
    """Return two clerks and an engineer; a quarter of what is checked is done again."""
    return ps.PublicOrganisation(
        "office",
        resources=[ps.Resource("clerk", capacity=2), ps.Resource("engineer", capacity=1)],
        services=[
            ps.PublicService(
                "permit",
                arrival_rate="1 case/hour",
                procedure=ps.Procedure(
                    start="check",
                    steps=[
                        ps.Step("check", resource="clerk", processing_time="exponential(60) min"),
                        ps.Step("assess", resource="engineer", processing_time="uniform(20, 60) min"),
                    ],
                    ends=[ps.End("granted")],
                    flows=[
                        ps.Flow("check", "assess", probability=1 - REWORK),
                        ps.Flow("check", "again", probability=REWORK),
                        ps.Flow("again", "check"),
                        ps.Flow("assess", "granted"),
                    ],
                    waits=[ps.Wait("again", cause="applicant", clock="elapsed", time="2 hour")],
                ),
            )
        ],
    )


def in_ciw(seed: int) -> float:
    """Return the mean cycle time of one run of Ciw; nodes: the clerks, the engineer, the applicant."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(1), None, None],
        service_distributions=[
            ciw.dists.Exponential(1),
            ciw.dists.Uniform(1 / 3, 1),
            ciw.dists.Deterministic(2),
        ],
        routing=[[0.0, 1 - REWORK, REWORK], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]],
        number_of_servers=[2, 1, float("inf")],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(HOURS)
    times = []
    for individual in simulation.nodes[-1].all_individuals:
        records = individual.data_records
        if records[-1].exit_date > WARM_UP:
            times.append(records[-1].exit_date - records[0].arrival_date)
    return float(sum(times) / len(times))


def in_simpy(seed: int) -> float:
    """Return the mean cycle time of one run of SimPy."""
    rng = random.Random(seed)
    env = simpy.Environment()
    clerk, engineer = simpy.Resource(env, 2), simpy.Resource(env, 1)
    times: list[float] = []

    def served(resource: simpy.Resource, time: float) -> Generator[simpy.Event, None, None]:
        with resource.request() as turn:
            yield turn
            yield env.timeout(time)

    def case() -> Generator[simpy.Event, None, None]:
        begun = env.now
        while True:
            yield from served(clerk, rng.expovariate(1))
            if rng.random() >= REWORK:
                break
            yield env.timeout(2)
        yield from served(engineer, rng.uniform(1 / 3, 1))
        if env.now > WARM_UP:
            times.append(env.now - begun)

    def arrivals() -> Generator[simpy.Event, None, None]:
        while True:
            yield env.timeout(rng.expovariate(1))
            env.process(case())

    env.process(arrivals())
    env.run(until=HOURS)
    return sum(times) / len(times)


@cache
def ours() -> ps.Study:
    return ps.simulate(office(), horizon=f"{HOURS:g} hour", warm_up=f"{WARM_UP:g} hour", replications=40)


@pytest.mark.parametrize("peer", [in_ciw, in_simpy])
def test_mean_cycle_times_agree(peer: Callable[[int], float]) -> None:
    """
    The interval of the difference of the means, at 99.9 %, holds zero, and is narrower than a tenth of the mean.
    """
    theirs = estimate([peer(seed) for seed in range(REPLICATIONS)], confidence=0.999)
    found = ours().scenarios[0].services[0].estimate("cycle_time", 0.999)
    assert found.mean is not None
    assert found.half_width is not None
    assert theirs.mean is not None
    assert theirs.half_width is not None
    reach = (theirs.half_width**2 + (found.half_width / 3600) ** 2) ** 0.5
    assert reach < 0.1 * theirs.mean
    assert found.mean / 3600 == pytest.approx(theirs.mean, abs=reach)
