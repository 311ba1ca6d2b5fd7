"""
Simulation against Ciw, SimPy and Prosimos on one procedure: eight steps, four resources, rework, full event log; CPU time.

Beside it a floor, a heap with random numbers and nothing else; what a calendar costs; whether the cost of a case grows
with their number or with the number of resources; and what two threads gain. Peers run in an environment of their own,
made by ``uv run --with``.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from simulation_peers import CAPACITY, GAP, MINUTES, RESOURCE, ROUTES, STEPS

import pubservice as ps
from pubservice.simulation import compiled
from pubservice.simulation.agenda import note, take
from pubservice.simulation.log import write_event_log
from pubservice.simulation.program import program
from pubservice.simulation.run import run
from pubservice.simulation.streams import MASK, NEXT, mixed, uniform

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 5
PEERS = Path(__file__).parent / "simulation_peers.py"
PROSIMOS = Path(__file__).parent / "prosimos_peer.py"


def office(*, calendar: bool = False) -> ps.PublicOrganisation:
    """Return the procedure of the peers."""
    flows = [
        ps.Flow(source, target, probability=p if len(ways) > 1 else None)
        for source, ways in ROUTES.items()
        for target, p in ways.items()
    ]
    steps = [
        ps.Step(id, resource=RESOURCE[id], processing_time=f"exponential({MINUTES[id]}) min") for id in STEPS
    ]
    hours = ps.Calendar("hours", hours={"mon-fri": "08:00-12:00, 13:00-16:00"})
    rate = 60 / GAP
    return ps.PublicOrganisation(
        "office",
        calendar="hours" if calendar else None,
        calendars=[hours] if calendar else [],
        resources=[ps.Resource(id, capacity=n) for id, n in CAPACITY.items()],
        services=[
            ps.PublicService(
                "permit",
                arrival_rate=f"{rate} case/working_hour" if calendar else f"{rate} case/hour",
                procedure=ps.Procedure(steps=steps, flows=flows),
            )
        ],
    )


def line_of(resources: int) -> ps.PublicOrganisation:
    """Return ten steps in a row, shared out among so many resources of the same load."""
    steps = [
        ps.Step(f"s{i}", resource=f"r{i % resources}", processing_time="exponential(10) min")
        for i in range(50)
    ]
    return ps.PublicOrganisation(
        "line",
        resources=[ps.Resource(f"r{i}", capacity=100 // resources) for i in range(resources)],
        services=[
            ps.PublicService(
                "s",
                arrival_rate="6 case/hour",
                procedure=ps.Procedure(
                    steps=steps, flows=[ps.Flow(f"s{i}", f"s{i + 1}") for i in range(len(steps) - 1)]
                ),
            )
        ],
    )


def microseconds(what: Callable[[], object], cases: int) -> float:
    """Return the median CPU time for a case."""
    taken = []
    for _ in range(TIMES):
        begun = time.process_time()
        what()
        taken.append(time.process_time() - begun)
    return statistics.median(taken) / cases * 1e6


def peer(name: str, cases: int) -> float:
    """Return the median CPU time for a case in another tool, in an environment of its own."""
    command = ["uv", "run", "-q", "--no-project"]
    if name == "prosimos":
        command += ["--with", "prosimos==2.1.0", "python", str(PROSIMOS), str(cases)]
    else:
        command += ["--with", "ciw==3.2.7", "--with", "simpy==4.1.1", "python", str(PEERS), name, str(cases)]
    taken = []
    for _ in range(3):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        taken.append(float(done.stdout.split()[0]))
    return statistics.median(taken) / cases * 1e6


def floor_of(visits: int) -> Callable[[], object]:
    """Return a loop that takes so many things off a heap of 20, draws a time for each, and puts it back."""
    names: dict[str, Any] = dict(vars(compiled.compiled())["py_func"].__globals__)

    def loop(agenda: Any, visits: int, z: Any) -> float:
        for i in range(20):
            note(agenda, (float(i), i, i))
        now = 0.0
        for number in range(20, visits + 20):
            now, _, code = take(agenda)
            z = mixed((z + NEXT) & MASK)
            note(agenda, (now - math.log(uniform(z)), number, code))
        return now

    bare: Any = numba.njit(FunctionType(loop.__code__, names))

    def once() -> object:
        agenda = (np.zeros(32), np.zeros(32, np.int64), np.zeros(32, np.int64), np.zeros(1, np.int64))
        return bare(agenda, visits, np.uint64(mixed(1)))

    once()
    return once


def main() -> None:
    """Print medians and ratios."""
    here, timed = program(office()), program(office(calendar=True))
    visits = int(run(here, seed=1, cases=10_000).visits.sum()) / 10_000
    for one in (here, timed):
        run(one, seed=1, cases=1000, log=True, compiled=True)
    cases = 100_000
    fast = microseconds(lambda: run(here, seed=1, cases=cases, log=True, compiled=True), cases)
    floor = microseconds(floor_of(int(visits * cases)), cases)
    plain = microseconds(lambda: run(here, seed=1, cases=10_000, log=True, compiled=False), 10_000)
    hours = microseconds(lambda: run(timed, seed=1, cases=cases, log=True, compiled=True), cases)
    ciw, simpy, prosimos = (peer(name, 10_000) for name in ("ciw", "simpy", "prosimos"))
    print(f"microseconds of CPU time for a case ({visits:.2f} visits), medians of {TIMES}")
    print(f"compiled       {fast:8.2f}   Ciw / this {ciw / fast:6.1f}   this / floor {fast / floor:5.2f}")
    print(f"interpreted    {plain:8.2f}   Ciw / this {ciw / plain:6.1f}   SimPy / this {simpy / plain:5.2f}")
    print(f"floor          {floor:8.2f}")
    print(f"with calendar  {hours:8.2f}   this / without {hours / fast:5.2f}")
    print(f"Ciw            {ciw:8.2f}")
    print(f"SimPy          {simpy:8.2f}")
    print(f"Prosimos       {prosimos:8.2f}   Prosimos / compiled {prosimos / fast:6.1f}")
    for log in (False, True):
        few, many = (
            microseconds(partial(run, here, seed=1, cases=n, log=log, compiled=True), n)
            for n in (10_000, 1_000_000)
        )
        print(f"a case of 1,000,000 / of 10,000, {'with' if log else 'without'} log: {many / few:.2f}")
    single, fifty = (
        microseconds(partial(run, program(line_of(n)), seed=1, cases=20_000, compiled=True), 20_000)
        for n in (1, 50)
    )
    print(f"50 resources / 1 resource: {fifty / single:.2f}")
    elapsed = {}
    for workers in (1, 2):
        begun = time.perf_counter()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda n: run(here, seed=1, replication=n, cases=cases, compiled=True), range(8)))
        elapsed[workers] = time.perf_counter() - begun
    print(
        f"eight replications: two threads are {elapsed[1] / elapsed[2]:.2f} times as fast as one ({os.cpu_count()} cores)"
    )
    if "--large" in sys.argv:
        large(10_000_000)


def large(cases: int) -> None:
    """Print how long many cases take whose log is written as they go, and how much memory."""
    import resource

    here = program(office())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        for n in (cases // 100, cases):
            begun = time.perf_counter()
            write_event_log(here, path, seed=1, cases=n)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            print(
                f"{n:,} cases to Parquet: {time.perf_counter() - begun:.1f} s, peak {peak:,.0f} MB, file {path.stat().st_size / 1e6:,.0f} MB"
            )


if __name__ == "__main__":
    main()
