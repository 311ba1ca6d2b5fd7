"""How cases come: in which hours, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.messages import Message
from pubservice.simulation.calendars import ALWAYS, YEAR, Hours, weighted
from pubservice.units import unit_seconds

if TYPE_CHECKING:
    from pubservice.simulation.draft import ServiceDraft


def add_arrivals(of: ServiceDraft) -> None:
    """Add how the cases of a service come."""
    columns = of.draft.columns
    arrivals, rate = _arrivals(of)
    columns["arrival_clock"].append(of.draft.clock(arrivals))
    columns["arrival_rate"].append(rate)
    columns["growth"].append(0.0 if of.service.demand is None else of.service.demand.growth)
    columns["yearly"].append(YEAR * (arrivals.weight if arrivals.weights else arrivals.share))


def _arrivals(of: ServiceDraft) -> tuple[Hours, float]:
    """Return the hours in which cases arrive, with weights, and how many in a second of weight 1."""
    rate = of.service.arrival_rate
    if rate is None:
        of.fault("arrival_rate", Message("without an arrival rate no case arrives"))
        return ALWAYS, 1.0
    shut = of.calendar is not None and not of.calendar.open_share
    if shut or not of.hours.share:
        of.fault("calendar", Message("the calendar is never open"))
        return ALWAYS, 1.0
    seconds = unit_seconds(rate.unit, of.hours_per_day)
    assert seconds is not None  # a rate per working day needs a calendar, which the organisation checks
    per_second = rate.magnitude / seconds
    if not rate.unit.startswith("working_"):
        per_second /= of.hours.share
    demand = of.service.demand
    if demand is None or not demand.varies:
        return of.hours, per_second
    arrivals = weighted(demand, of.calendar, of.draft.start)
    if not arrivals.share:
        of.fault("demand", Message("no case comes in open hours: the weights of demand are 0 there"))
        return ALWAYS, 1.0
    return arrivals, per_second * of.hours.share / arrivals.weight
