"""CPU time of a plan over 15 resources and 48 intervals, against one full analysis of the same organisation."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

sys.path.insert(0, str(Path(__file__).parent))

from quantiles import organisation

from pubservice.analysis.analyse import analyse
from pubservice.model.demand import Demand
from pubservice.model.resource import Calendar
from pubservice.planning.staffing import staffing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubservice.model.organisation import PublicOrganisation

HOURS = {"mon-sat": "08:00-16:00"}  # 48 intervals of an hour
DEMAND = Demand(
    weekdays={"mon": 1.4, "fri": 0.8, "sat": 0.5},
    hours={"08:00-10:00": 2, "10:00-11:00": 1.5, "13:00-16:00": 0.7},
)
TARGETS = (
    "utilisation 0.9",
    "r0: 90% within 30 min",
    "r1: mean wait 20 min",
    *(f"service-{n}: 90% within {30 + n} working_day" for n in range(20)),
)


def model(*, varying: bool) -> PublicOrganisation:
    """Return twenty services that share fifteen resources, with the hours of the plan."""
    office = organisation()
    services = [
        attrs.evolve(service, demand=DEMAND if varying else None, arrival_rate="4 case/working_day")
        for service in office.services
    ]
    return attrs.evolve(office, calendars=[Calendar("office", hours=HOURS)], services=services)


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Measure in turn, and print medians and ratios."""
    even, varying = model(varying=False), model(varying=True)
    work: dict[str, Callable[[], object]] = {
        "full analysis": lambda: analyse(varying).data(),
        "staffing, no target": lambda: staffing(varying),
        "staffing of one interval, 23 targets": lambda: staffing(even, targets=TARGETS),
        "staffing of 48 intervals, 23 targets": lambda: staffing(varying, targets=TARGETS),
    }
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(3):
        for name, call in work.items():
            times[name].append(cpu(call))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, value in medians.items():
        print(f"{name:40} {value * 1000:9.1f} ms  {value / medians['full analysis']:7.2f} × full analysis")


if __name__ == "__main__":
    main()
