"""One replication: a task that any process can do by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.simulation.measures import Observed, Standing, observe
from pubservice.simulation.run import run
from pubservice.simulation.warm_up import beginnings

if TYPE_CHECKING:
    from pubservice.simulation.program import Program
    from pubservice.simulation.record import Record
    from pubservice.simulation.warm_up import Beginning


@attrs.frozen(eq=False)
class Replication:
    """
    One run of a scenario.

    Attributes:
        scenario: Its name.
        program: What is run.
        standings: What the cases of each service are held against.
        seed: Of the study.
        number: Of the replication, from 0; scenarios share their random numbers where it is the same.
        horizon_s: How long it runs; None for a number of cases.
        cases: How many arrive; None for a horizon.
        warm_up_s: What is left out of its beginning.
    """

    scenario: str
    program: Program
    standings: tuple[Standing, ...]
    seed: int
    number: int
    horizon_s: float | None
    cases: int | None
    warm_up_s: float = 0.0

    def record(self) -> Record:
        """Run it."""
        return run(
            self.program,
            seed=self.seed,
            replication=self.number,
            horizon_s=self.horizon_s,
            cases=self.cases,
            since_s=self.warm_up_s,
        )


def observed(replication: Replication) -> Observed:
    """Return what a replication comes to."""
    return observe(replication.record(), replication.standings)


def beginning(replication: Replication) -> list[Beginning]:
    """Return how the cycle times of each service begin in a replication."""
    return beginnings(replication.record())
