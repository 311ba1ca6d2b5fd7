"""When cases come: at random, after intervals, or by appointment, on the clock on which cases arrive."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pubservice.simulation.calendars import moment, opening, shrunk
from pubservice.simulation.streams import MASK, NEXT, drawn, mixed, uniform

if TYPE_CHECKING:
    from pubservice.simulation.parts import Parts

_SOON = 1e-6  # seconds before closing time in which no slot begins, but for the last digits of a float


def slot_start(p: Parts, s: Any, of: int) -> float:
    """Return when the slot of the next place of a service begins: at an opening rather than at closing time."""
    k, c = p.clocks, p.arrival_clock[of]
    passed = shrunk(p.slot[of] * (s.called[of] // p.seats[of]), p.yearly[of], p.growth[of])
    if passed == 0.0:
        return opening(k, c, 0.0)
    time = moment(k, c, passed)
    if time == math.inf:
        return time
    opens = opening(k, c, time + _SOON)
    return opens if opens > time + _SOON else time


def next_arrival(p: Parts, s: Any, of: int) -> float:
    """Return when the next case of a service comes, or its next place is called up; the one before is over."""
    s.next_arrival[of] = (s.next_arrival[of] + NEXT) & MASK
    if p.slot[of] > 0.0:
        return max(0.0, slot_start(p, s, of) - p.earliest[of])  # type: ignore[no-any-return]  # lists and arrays alike
    w = mixed(s.next_arrival[of])
    if p.interval[of] >= 0:
        s.arrives[of] += drawn(
            p.interval[of], p.interval_a[of], p.interval_b[of], p.interval_c[of], p.values, w
        )
    else:
        s.arrives[of] -= math.log(uniform(w)) / p.arrival_rate[of]
    return moment(p.clocks, p.arrival_clock[of], shrunk(s.arrives[of], p.yearly[of], p.growth[of]))


def called_up(p: Parts, s: Any, of: int) -> float:
    """Return when whoever is booked to the next place of a service comes; infinite where nobody does."""
    w = mixed(s.next_arrival[of])
    time = slot_start(p, s, of)
    s.called[of] += 1
    if uniform(w ^ p.taken_key[of]) >= p.taken[of]:
        return math.inf
    if uniform(w ^ p.no_show_key[of]) < p.no_show[of]:
        s.missed[of] += 1
        return math.inf
    if p.early[of] >= 0:
        z = w ^ p.early_key[of]
        time -= drawn(p.early[of], p.early_a[of], p.early_b[of], p.early_c[of], p.values, z)
    if p.late[of] >= 0:
        z = w ^ p.late_key[of]
        time += drawn(p.late[of], p.late_a[of], p.late_b[of], p.late_c[of], p.values, z)
    return max(0.0, time)
