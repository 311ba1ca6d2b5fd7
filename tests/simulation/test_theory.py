"""
Simulated queues against closed formulas, each within its 99 % interval over many seeds.

The intervals are narrow enough that a bias of 2 % would be seen: the standard error of what is tested is below 0.4 %, so
that 2 % are more than five standard errors, and an engine that is biased so much falls outside with a probability of 99 %
(the power of the test); the same numbers made 2 % longer do fall outside.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import pubservice as ps
from played_offices import one_service, station
from pubservice import queueing as q
from pubservice.simulation.program import Program, program
from pubservice.simulation.run import run

Z = 2.5758  # of 99 %
HOUR = 3600.0


def means(here: Program, replications: int, hours: float, warm_up: float) -> tuple[np.ndarray, np.ndarray]:
    """Return of each replication the mean stay of cases, and of each resource the mean wait of a visit, in hours."""

    def one(replication: int) -> tuple[float, np.ndarray]:
        record = run(
            here,
            seed=2026,
            replication=replication,
            horizon_s=hours * HOUR,
            since_s=warm_up * HOUR,
            compiled=True,
        )
        late = (record.case_arrival_s >= warm_up * HOUR) & (record.case_outcome >= 0)
        stay = (record.case_end_s - record.case_arrival_s)[late].mean() / HOUR
        return stay, record.queue_s / record.visits / HOUR

    one(0)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, range(replications)))
    return np.array([stay for stay, _ in found]), np.array([waits for _, waits in found])


def agrees(sample: np.ndarray, exact: float) -> bool:
    """Return whether a 99 % interval of the mean covers a number, and would not if all of the sample were 2 % more."""
    error = float(sample.std(ddof=1) / math.sqrt(len(sample)))
    assert error < 0.004 * exact, f"the standard error is {error / exact:.2%}"
    assert abs(float(sample.mean()) * 1.02 - exact) > 1.02 * Z * error
    return abs(float(sample.mean()) - exact) <= Z * error


@pytest.mark.parametrize(("servers", "replications"), [(1, 200), (3, 150), (10, 60)])
def test_m_m_c(servers: int, replications: int) -> None:
    """
    The stay in M/M/c at 80 % is that of Erlang's formula.
    """
    rate = 0.8 * servers
    here = program(station(rate=f"{rate} case/hour", capacity=servers))
    stays, _ = means(here, replications, 40_000 / servers, 1000)
    exact = 1 + q.waiting_time(arrival_rate=rate, service_rate=1, servers=servers)
    assert agrees(stays, exact)


@pytest.mark.parametrize(
    ("time", "scv", "replications"),
    [
        ("1 hour", 0.0, 60),
        ("gamma(mean=1 hour, sd=0.5 hour)", 0.25, 60),
        ("lognormal(mean=1 hour, sd=1.2 hour)", 1.44, 250),
        ("uniform(0.5, 1.5) hour", 1 / 12, 60),
    ],
)
def test_m_g_1(time: str, scv: float, replications: int) -> None:
    """
    The stay in M/G/1 at 70 %, M/D/1 among them, is that of Pollaczek and Khinchine.
    """
    here = program(station(time, rate="0.7 case/hour", capacity=1))
    stays, _ = means(here, replications, 40_000, 1000)
    assert agrees(stays, 1 + 0.7 * (1 + scv) / 2 / 0.3)


def test_an_open_jackson_network() -> None:
    """
    Two stations with feedback, each an M/M/c queue by itself: the waits at both and the stay are those of Jackson.
    """
    office = one_service(
        ps.Step("intake", resource="clerk", processing_time="exponential(20 min)"),
        ps.Step("assess", resource="engineer", processing_time="exponential(40 min)"),
        rate="3 case/hour",
        start="intake",
        ends=[ps.End("done")],
        flows=[
            ps.Flow("intake", "assess", probability=0.8),
            ps.Flow("intake", "done", probability=0.2),
            ps.Flow("assess", "intake", probability=0.25),
            ps.Flow("assess", "done", probability=0.75),
        ],
        resources=[ps.Resource("clerk", capacity=2), ps.Resource("engineer", capacity=3)],
    )
    first = 3 / (1 - 0.8 * 0.25)
    waits = (
        q.waiting_time(arrival_rate=first, service_rate=3, servers=2),
        q.waiting_time(arrival_rate=0.8 * first, service_rate=1.5, servers=3),
    )
    stays, found = means(program(office), 130, 20_000, 500)
    assert agrees(found[:, 0], waits[0])
    assert agrees(found[:, 1], waits[1])
    assert agrees(stays, (first * (waits[0] + 1 / 3) + 0.8 * first * (waits[1] + 2 / 3)) / 3)


def test_the_analysis_where_it_is_exact() -> None:
    """
    Visits, work, outcomes and cost of a procedure with a loop and a choice agree with the exact analysis.
    """
    office = one_service(
        ps.Step("check", resource="clerk", processing_time="lognormal(mean=10 min, sd=5 min)", cost="2 IDR"),
        ps.Step("ask", resource="clerk", processing_time="exponential(5 min)"),
        ps.Step("decide", resource="clerk", processing_time="pert(2, 5, 20) min"),
        rate="2 case/hour",
        start="check",
        ends=[ps.End("granted"), ps.End("refused")],
        flows=[
            ps.Flow("check", "ask", probability=0.3),
            ps.Flow("check", "decide", probability=0.7),
            ps.Flow("ask", "check"),
            ps.Flow("decide", "granted", probability=0.9),
            ps.Flow("decide", "refused", probability=0.1),
        ],
        resources=[ps.Resource("clerk", capacity=2, cost="60 IDR/hour")],
    )
    exact: Any = ps.performance(office).services[0]
    record = run(program(office), seed=2026, cases=200_000, compiled=True)
    refused = (record.case_outcome == record.program.outcomes.index("refused")).mean()
    for sample, expected in (
        (record.case_work_s, exact.processing_time_s),
        (record.case_cost[:, 0], exact.data()["cost"]["office"]["amount"]),
    ):
        assert abs(sample.mean() - expected) < Z * sample.std() / math.sqrt(len(sample))
    assert abs(refused - 0.1) < Z * math.sqrt(0.09 / 200_000)
