"""
Peak memory of simulations: of one run with its full log, and of many cases whose log is written as they go.

Each is measured in a process of its own, above what the same process takes for a small run.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pubservice.simulation.log import event_log, write_event_log
from pubservice.simulation.program import program
from pubservice.simulation.run import run
from simulation import office

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL, CASES, LARGE = 1_000, 100_000, 10_000_000


def peak() -> float:
    """Return the most memory that this process has taken, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def above(work: Callable[[int], float], cases: int) -> tuple[float, float]:
    """Return by how much many cases take more memory than few, in MB, and what the work returns."""
    work(SMALL)
    before = peak()
    found = work(cases)
    return peak() - before, found


def with_log(cases: int) -> float:
    """Run with the full log; return the size of its arrays, in MB."""
    record = run(program(office()), seed=1, cases=cases, log=True)
    return float(sum(column.nbytes for column in record.arrays().values())) / 1e6


def as_frame(cases: int) -> float:
    """Run, and make the event log; return the size of its frame, in MB."""
    frame = event_log(run(program(office()), seed=1, cases=cases, log=True)).frame
    return float(frame.estimated_size("mb"))


def streamed(cases: int) -> float:
    """Write the log as the run goes on; return the seconds that it takes."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        write_event_log(program(office()), Path(folder) / "log.parquet", seed=1, cases=cases)
        return time.perf_counter() - begun


def alone(work: Callable[[int], float], cases: int) -> tuple[float, float]:
    """Return what is measured in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        return executor.submit(above, work, cases).result()


def main() -> None:
    """Print peaks."""
    taken, arrays = alone(with_log, CASES)
    print(f"{CASES:,} cases with full log: {taken:.0f} MB, arrays {arrays:.0f} MB: {taken / arrays:.2f}")
    taken, frame = alone(as_frame, CASES)
    print(f"the same as an event log: {taken:.0f} MB, frame {frame:.0f} MB, arrays {arrays:.0f} MB")
    for cases in (CASES, LARGE) if "--large" in sys.argv else (CASES,):
        taken, seconds = alone(streamed, cases)
        print(f"{cases:,} cases to Parquet: {taken:.0f} MB, {seconds:.1f} s")


if __name__ == "__main__":
    main()
