"""
Elapsed time of a simulation study against its bare runs, on threads and processes, and what pairing is worth.

Compiled where numba is installed; medians of seven, the first, which compiles, left out.
"""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from pubservice.edits.application import apply
from pubservice.edits.edit import SetCapacity
from pubservice.io.example import read_example
from pubservice.simulation.program import program
from pubservice.simulation.run import run
from pubservice.simulation.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

REPLICATIONS, YEAR = 20, 365 * 86400.0
OPTIONS: dict[str, Any] = {
    "horizon": "365 day",
    "warm_up": "28 day",
    "replications": REPLICATIONS,
    "seed": 2026,
}


def elapsed(work: Callable[[], object]) -> float:
    """Return the median seconds of seven calls, after one that is not counted."""
    seconds = []
    for _ in range(8):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds[1:])


def main() -> None:
    """Print ratios."""
    office = read_example("civil-registration")
    more = 1 + (office.resource("operator").capacity or 0)
    scenarios = {"today": office, "one operator more": apply(office, SetCapacity("operator", more))}
    programs = [program(each) for each in scenarios.values()]

    def bare() -> None:
        for each in programs:
            for n in range(REPLICATIONS):
                run(each, seed=2026, replication=n, horizon_s=YEAR)

    runs = elapsed(bare)
    alone = elapsed(lambda: simulate(scenarios, **OPTIONS))
    print(f"bare runs: {runs:.2f} s; study / bare runs: {alone / runs:.2f}")
    with ThreadPoolExecutor(2) as threads:
        print(
            f"two threads: {alone / elapsed(lambda: simulate(scenarios, **OPTIONS, executor=threads)):.2f} ×"
        )
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        print(
            f"two processes: {alone / elapsed(lambda: simulate(scenarios, **OPTIONS, executor=processes)):.2f} ×"
        )
    searched = elapsed(lambda: simulate(scenarios, **OPTIONS | {"warm_up": None}))
    print(f"warm-up looked for: {searched / alone:.2f}")
    study = simulate(scenarios, **OPTIONS)
    for service in study.scenarios[0].services:
        one, other = (
            study.estimate(name, "cycle_time", of=service.id).half_width or 0.0 for name in scenarios
        )
        paired = study.difference(
            "one operator more", "today", "cycle_time", of=service.id
        ).estimate.half_width
        print(
            f"{service.id}: interval of the difference, paired / unpaired: {(paired or 0) / (one**2 + other**2) ** 0.5:.2f}"
        )


if __name__ == "__main__":
    main()
