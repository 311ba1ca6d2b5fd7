"""How many cases come in each interval of a week, and how many of each resource that takes to keep up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.load import evaluate
from pubservice.model.resource import QUEUEABLE, OpenHours
from pubservice.planning.attainment import Attainment
from pubservice.planning.interval import Week, interval_minutes, overlap, scaled, week
from pubservice.planning.rated import with_rates
from pubservice.provenance import Method
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.messages import Language, Message
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.units import Duration


@attrs.frozen
class ForecastInterval:
    """
    One interval of the week.

    Attributes:
        hours: Day, start and end.
        cases: New cases in it, by service.
        offered_loads: How many would be at work on average if nobody waited, in erlang, by resource.
        needed: The least number that keeps up with that, by resource; 0 where there is nothing to do.
    """

    hours: OpenHours
    cases: dict[str, float]
    offered_loads: dict[str, float]
    needed: dict[str, int]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"day": self.hours.day, "hours": str(self.hours), **attrs.asdict(self, filter=_not_hours)}


def _not_hours(attribute: attrs.Attribute[Any], _: object) -> bool:
    return attribute.name != "hours"


@attrs.frozen
class Forecast:
    """
    The demand of a week.

    Attributes:
        intervals: Of the hours in which any service is open, in order.
        notes: Services that are not in it, and why.
    """

    intervals: tuple[ForecastInterval, ...]
    notes: tuple[Message, ...]

    @property
    def busiest(self) -> dict[str, OpenHours]:
        """For each resource the first interval with its highest load."""
        ids = self.intervals[0].offered_loads
        return {id: max(self.intervals, key=lambda i: i.offered_loads[id]).hours for id in ids}

    @property
    def method(self) -> Method:
        """How loads were found."""
        return Method(
            "approximation",
            "modified offered load; a case comes to all its steps in the interval in which it arrives",
        )

    def rows(self) -> list[dict[str, str | float]]:
        """Return a row for each interval: cases of each service, and the number of each resource that keeps up."""
        return [
            {
                "day": interval.hours.day,
                "hours": str(interval.hours),
                **interval.cases,
                **interval.needed,
            }
            for interval in self.intervals
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "intervals": [interval.data() for interval in self.intervals],
            "method": self.method.data(),
            "notes": [str(note) for note in self.notes],
        }

    def text(self, language: Language = "en") -> str:
        """Return a table of the week, and what is not in it."""
        return "\n".join(
            [table(self.rows(), language=language), *(note.text(language) for note in self.notes)]
        )

    def __str__(self) -> str:
        return self.text()


def forecast_demand(
    organisation: PublicOrganisation,
    *,
    demand: float = 1.0,
    years: float = 0.0,
    month: str | None = None,
    interval: Duration | str = "1 hour",
) -> Forecast:
    """
    Return how many cases come in each interval of a week, and how many of each resource that takes to keep up.

    Loads follow the cases by as long as the work takes: what a busy hour has left is still done in the next.

    Args:
        organisation: With arrival rates; services without one are left out, and the forecast says so.
        demand: Times as many cases come as today; 1.2 for 20 % more.
        years: Of the growth that services state.
        month: ``jan`` to ``dec``, whose weights count; None for the mean month.
        interval: Into which the open week is cut; a divisor of a day.

    Raises:
        InvalidQuantityError: An option cannot be read.
        UndefinedResultError: No service has an arrival rate, or what a resource has to do is not known.

    Example:
        >>> week = forecast_demand(city_hall, demand=1.2, interval="1 day")
        >>> len(week.intervals), round(week.intervals[0].cases["building-permit"], 6)
        (7, 86.4)
        >>> week.intervals[0].needed
        {'clerk': 3, 'engineer': 4}

    Source:
        Jennings, Mandelbaum, Massey & Whitt (1996), Management Science 42(10), 1383-1394 (the modified offered load).
    """
    minutes = interval_minutes(interval)
    planned, notes = with_rates(scaled(organisation, factor=demand, years=years, month=month))
    whole = Week(evaluate(planned), minutes)
    visited = tuple(r.id for r in planned.resources if r.kind in QUEUEABLE and whole.visitors(r))
    attained = Attainment(whole, visited)
    calendars = {service.calendar: planned.calendar_of(service) for service in planned.services}
    open_by = {id: whole.calendars(planned.resource(id)) for id in visited}
    found = []
    for hours in week(calendars.values(), minutes):
        loads = {
            id: attained.offered(id, hours)
            if any(overlap(calendar, hours) for calendar in open_by[id])
            else 0.0
            for id in visited
        }
        needed = {id: attained.least(id, hours) if load else 0 for id, load in loads.items()}
        cases = {
            id: (of.rate or 0.0) * whole.factor(of, hours) * (hours.end - hours.start) * 60
            for id, of in whole.evaluation.profiles.items()
        }
        found.append(ForecastInterval(hours, cases, loads, needed))
    return Forecast(tuple(found), notes)
