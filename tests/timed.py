"""Organisations with random times, choices, loops and blocks; import as ``from timed import timed``."""

from __future__ import annotations

import random
from typing import Any

import attrs

import pubservice as ps
from planting import Sketch

CAUSES = ("applicant", "other-body", "statutory", "signature", "other")


@attrs.define(eq=False)
class _Timed(Sketch):
    """A sketch whose steps take random times; some are waits, some fixed."""

    queued: bool = False

    def step(self, **fields: Any) -> Any:
        assert not fields  # nothing is planted here
        self._count += 1
        mean = self.rng.randint(1, 30)
        times = (
            f"{mean} min",
            f"exponential(mean={mean} min)",
            f"lognormal(mean={mean} min, sd={mean / 2} min)",
            f"uniform({mean}, {2 * mean}) min",
            f"triangular({mean}, {2 * mean}, {5 * mean}) min",
        )
        time = self.rng.choice(times)
        if self.rng.random() < 0.2:
            clock: Any = self.rng.choice(("elapsed", "working"))
            cause: Any = self.rng.choice(CAUSES)
            return ps.Wait(f"w{self._count}", cause=cause, clock=clock, time=time)
        resource = self.rng.choice(self.resources) if self.queued else ()
        batch = ps.Batch(size=self.rng.randint(1, 5)) if self.queued and self.rng.random() < 0.2 else None
        return ps.Step(f"s{self._count}", resource=resource, processing_time=time, batch=batch)


def timed(
    seed: int,
    *,
    size: int = 12,
    kinds: tuple[str, ...] = ("exclusive", "parallel", "inclusive", "loop"),
    queued: bool = False,
) -> ps.PublicOrganisation:
    """
    Return an organisation with one random service.

    Args:
        seed: Everything is drawn from it.
        size: About how many steps.
        kinds: Of blocks.
        queued: Whether it runs by a calendar, its resources are busy and have hours of their own, and batches collect.
    """
    sketch = _Timed(random.Random(seed), queued=queued)
    sketch.fill(sketch.root, size, kinds=kinds)
    if not queued:
        return ps.PublicOrganisation("o", services=[sketch.service()])
    calendars = [
        ps.Calendar("office", hours={"mon-fri": "08:00-16:00"}),
        ps.Calendar("mornings", hours={"mon-fri": "08:00-12:00"}),
    ]
    model = ps.PublicOrganisation(
        "o",
        calendars=calendars,
        calendar="office",
        resources=[
            ps.Resource(id, capacity=10**6, calendar="mornings" if id == "clerk" else None)
            for id in sketch.resources
        ],
        services=[sketch.service(arrival_rate="2 case/working_hour")],
    )
    loads = ps.find_bottlenecks(model).loads
    busy = {
        load.resource: max(1, int((load.utilisation or 0.0) * 10**6 / sketch.rng.uniform(0.5, 0.95)) + 1)
        for load in loads
    }
    return attrs.evolve(model, resources=[attrs.evolve(r, capacity=busy[r.id]) for r in model.resources])
