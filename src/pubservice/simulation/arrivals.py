"""How cases come: in which hours, how many, and how evenly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pubservice.messages import Message
from pubservice.model.arrivals import most_cases
from pubservice.simulation.calendars import ALWAYS, YEAR, Hours, weighted
from pubservice.simulation.streams import law_of, word
from pubservice.units import unit_seconds

if TYPE_CHECKING:
    from pubservice.model.distribution import Distribution
    from pubservice.simulation.draft import ServiceDraft
    from pubservice.units import Rate

_WORDS = ("taken", "no_show", "early", "late")
_LAWS = ("interval", "early", "late")


def add_arrivals(of: ServiceDraft) -> None:
    """Add how the cases of a service come."""
    columns = of.draft.columns
    arrivals, rate = _arrivals(of)
    columns["arrival_clock"].append(of.draft.clock(arrivals))
    columns["arrival_rate"].append(rate)
    columns["growth"].append(0.0 if of.service.demand is None else of.service.demand.growth)
    columns["yearly"].append(YEAR * (arrivals.weight if arrivals.weights else arrivals.share))
    row = {f"{name}_key": word(name) for name in _WORDS} | _evenness(of, rate)
    for name, value in row.items():
        columns[name].append(value)


def _evenness(of: ServiceDraft, rate: float) -> dict[str, Any]:
    """Return after how long cases come, or to which slots they are booked."""
    row: dict[str, Any] = dict.fromkeys((f"{name}_{letter}" for name in _LAWS for letter in "abc"), 0.0)
    row |= dict.fromkeys(_LAWS, -1) | {"slot": 0.0, "seats": 1, "taken": 1.0, "no_show": 0.0, "earliest": 0.0}
    arrivals, given = of.service.arrivals, of.service.arrival_rate
    if arrivals is None or given is None:
        return row
    if arrivals.interval is not None:
        _law(of, row, "interval", arrivals.interval, 1 / rate / arrivals.interval.mean_in_unit)
    booked, most = arrivals.appointments, most_cases(arrivals)
    if booked is not None and most is not None:
        taken = _per_second(of, given) / _per_second(of, most)
        row["slot"] = taken * booked.cases * (1 - booked.no_show) / rate
        row |= {"seats": booked.cases, "taken": min(1.0, taken), "no_show": booked.no_show}
        for name, time in (("early", booked.early), ("late", booked.late)):
            if time is not None:
                _law(of, row, name, time, unit_seconds(time.unit) or 0.0)
        if booked.early is not None:
            row["earliest"] = booked.early.support()[1] * (unit_seconds(booked.early.unit) or 0.0)
    return row


def _law(of: ServiceDraft, row: dict[str, Any], name: str, time: Distribution, seconds: float) -> None:
    row[name], *parameters = law_of(time, seconds, of.draft.columns["values"])
    for letter, parameter in zip("abc", parameters, strict=True):
        row[f"{name}_{letter}"] = parameter


def _per_second(of: ServiceDraft, rate: Rate) -> float:
    """Return cases per second that the service is open."""
    seconds = unit_seconds(rate.unit, of.hours_per_day)
    assert seconds is not None  # a rate per working day needs a calendar, which the organisation checks
    per_second = rate.magnitude / seconds
    return per_second if rate.unit.startswith("working_") else per_second / of.hours.share


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
    per_second = _per_second(of, rate)
    demand = of.service.demand
    if demand is None or not demand.varies:
        return of.hours, per_second
    arrivals = weighted(demand, of.calendar, of.draft.start)
    if not arrivals.share:
        of.fault("demand", Message("no case comes in open hours: the weights of demand are 0 there"))
        return ALWAYS, 1.0
    return arrivals, per_second * of.hours.share / arrivals.weight
