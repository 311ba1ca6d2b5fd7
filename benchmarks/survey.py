"""Time to index a survey of a million answers and of a million respondents, against the bare group-by in Polars."""

from __future__ import annotations

import statistics
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pubservice.surveys.answers import answers_from
from pubservice.surveys.satisfaction import satisfaction_index, satisfaction_indices

if TYPE_CHECKING:
    from collections.abc import Callable

ELEMENTS = [f"U{n}" for n in range(1, 10)]


def survey(respondents: int) -> pl.DataFrame:
    """Return answers to nine elements, of a hundred services."""
    rng = np.random.default_rng(1)
    columns = {element: rng.integers(1, 5, respondents) for element in ELEMENTS}
    return pl.DataFrame({"service": rng.integers(0, 100, respondents).astype(str), **columns})


def seconds(work: Callable[[], object]) -> float:
    """Return the elapsed seconds of one call: both sides may use all cores."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main(repetitions: int) -> None:
    """Measure in turn, and print medians and how fast we are, as a share of Polars' speed."""
    for respondents in (1_000_000 // len(ELEMENTS), 1_000_000):
        frame = survey(respondents)
        answers = answers_from(frame)
        works: dict[str, Callable[[], object]] = {
            "group-by in Polars": lambda frame=frame: frame.group_by("service").agg(  # type: ignore[misc]  # bound here
                pl.col(ELEMENTS).mean(), pl.len()
            ),
            "indices of 100 services": lambda answers=answers: satisfaction_indices(answers),  # type: ignore[misc]  # idem
            "one index": lambda answers=answers: satisfaction_index(answers),  # type: ignore[misc]  # idem
            "one index and interval": lambda answers=answers: satisfaction_index(answers).interval,  # type: ignore[misc]  # idem
            "checked, then indices": lambda frame=frame: satisfaction_indices(answers_from(frame)),  # type: ignore[misc]  # idem
        }
        times: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(repetitions):
            for name, work in works.items():
                times[name].append(seconds(work))
        base = statistics.median(times["group-by in Polars"])
        print(f"{respondents:,} respondents, {respondents * len(ELEMENTS):,} answers")
        for name, measured in times.items():
            mine = statistics.median(measured)
            print(f"{'':8}{name:25} {mine * 1e3:8.1f} ms: {base / mine:.2f} of the speed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
