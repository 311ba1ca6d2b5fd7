"""What a plan by intervals attains in simulation: the share of visits that wait no longer than was asked, hour by hour."""

from __future__ import annotations

import heapq
import random
from collections import Counter

from pubservice.model.demand import Demand
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Procedure, Step
from pubservice.model.resource import Calendar, Resource
from pubservice.model.service import PublicService
from pubservice.planning.forecast import forecast_demand
from pubservice.planning.staffing import staffing
from pubservice.queueing import servers_needed, service_level

DEMAND = Demand(weekdays={"mon": 1.4}, hours={"08:00-10:00": 2, "10:00-12:00": 1.2, "14:00-16:00": 0.5})
WITHIN = 15.0  # minutes
SHARE = 0.9
WEEKS = 500


def office(minutes: float, load: float) -> PublicOrganisation:
    """Return a counter that is open for eight hours on five days, with so many busy on average."""
    step = Step("serve", resource="counter", processing_time=f"exponential({minutes}) min")
    return PublicOrganisation(
        "office",
        calendar="hours",
        calendars=[Calendar("hours", hours={"mon-fri": "08:00-16:00"})],
        resources=[Resource("counter")],
        services=[
            PublicService(
                "visit",
                arrival_rate=f"{load * 60 / minutes} case/working_hour",
                demand=DEMAND,
                procedure=Procedure(steps=[step]),
            )
        ],
    )


def simulated(staff: list[int], rates: list[float], minutes: float) -> tuple[float, float]:
    """
    Return the share of visits in time, in the worst interval and of all.

    Args:
        staff: How many serve in each hour of the week; who is at work when fewer serve goes on until the case is done.
        rates: Visits in a minute of each hour.
        minutes: Mean time of a visit.
    """
    rng = random.Random(2026)
    came: Counter[int] = Counter()
    in_time: Counter[int] = Counter()
    queue: list[tuple[float, int]] = []
    busy: list[float] = []  # when work ends
    horizon, peak = WEEKS * len(rates) * 60.0, max(rates)
    now, arrival, change = 0.0, rng.expovariate(peak), 60.0
    while now < horizon:
        now = min(arrival, change, busy[0] if busy else horizon)
        hour = int(min(now, horizon - 1e-6) // 60) % len(rates)
        if busy and now == busy[0]:
            heapq.heappop(busy)
        elif now == arrival:
            if rng.random() * peak < rates[hour]:
                queue.append((now, hour))
            arrival = now + rng.expovariate(peak)
        else:
            change += 60.0
        served = 0
        while served < len(queue) and len(busy) < staff[hour]:
            since, came_in = queue[served]
            came[came_in] += 1
            in_time[came_in] += now - since <= WITHIN
            heapq.heappush(busy, now + rng.expovariate(1 / minutes))
            served += 1
        del queue[:served]
    return min(in_time[hour] / n for hour, n in came.items()), in_time.total() / came.total()


def alone(load: float, minutes: float) -> int:
    """Return the least number for a load, as if each hour had always been as it is (plain SIPP)."""
    staff = servers_needed(offered_load=load)
    while _level(load, staff, minutes) < SHARE:
        staff += 1
    return staff


def _level(load: float, staff: int, minutes: float) -> float:
    return service_level(arrival_rate=load / minutes, service_rate=1 / minutes, servers=staff, within=WITHIN)


def main() -> None:
    """Print hours of staff, and planned and simulated shares, by how long a visit takes."""
    print(
        f"{'minutes':>8}{'load':>6}{'hours':>7}{'worst planned':>15}{'simulated':>11}{'all':>7}"
        f"{'  plain SIPP: hours':>20}{'worst':>7}{'all':>7}"
    )
    for minutes in (3.0, 10.0, 30.0, 60.0):
        for load in (3.0, 10.0):
            model = office(minutes, load)
            plan = staffing(model, targets=[f"counter: {SHARE * 100:g}% within {WITHIN:g} min"])
            rates = [interval.cases["visit"] / 60 for interval in forecast_demand(model).intervals]
            staff = [interval.staff for interval in plan.resource("counter").intervals]
            plain = [alone(rate * minutes, minutes) for rate in rates]
            worst, whole = simulated(staff, rates, minutes)
            worst_plain, whole_plain = simulated(plain, rates, minutes)
            print(
                f"{minutes:8.0f}{load:6.0f}{sum(staff):7}{plan.targets[0].planned:15.3f}{worst:11.3f}{whole:7.3f}"
                f"{sum(plain):20}{worst_plain:7.3f}{whole_plain:7.3f}"
            )


if __name__ == "__main__":
    main()
