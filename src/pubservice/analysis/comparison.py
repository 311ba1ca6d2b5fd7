"""Two organisations, or two results, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.performance import Performance, performance
from pubservice.messages import Message
from pubservice.model.organisation import PublicOrganisation
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.messages import Language

_MEASURES = (
    (Message("cycle time / hour"), "cycle_time_s", 3600.0),
    (Message("waiting time / hour"), "waiting_time_s", 3600.0),
    (Message("processing time / hour"), "processing_time_s", 3600.0),
    (Message("cycle time efficiency"), "cycle_time_efficiency", 1.0),
    (Message("applicant's time / hour"), "applicant_time_s", 3600.0),
)


@attrs.frozen
class Change:
    """
    One measure of one service or resource, before and after.

    Attributes:
        of: The service or resource.
        measure: What is measured, with its unit.
        before: None where undefined, or where there was no such service or resource.
        after: Likewise.
    """

    of: str
    measure: str
    before: float | None
    after: float | None

    @property
    def difference(self) -> float | None:
        """After − before."""
        return None if self.before is None or self.after is None else self.after - self.before


@attrs.frozen
class Comparison:
    """
    Two organisations side by side.

    Attributes:
        changes: A row for each measure of each service and resource of either.
    """

    changes: tuple[Change, ...]

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each measure."""
        return [
            {
                "of": c.of,
                "measure": c.measure,
                "before": c.before,
                "after": c.after,
                "difference": c.difference,
            }
            for c in self.changes
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table."""
        return table(self.rows(), language=language)

    def __str__(self) -> str:
        return self.text()


def compare(before: PublicOrganisation | Performance, after: PublicOrganisation | Performance) -> Comparison:
    """
    Return two organisations, or what was found of them, side by side.

    Example:
        >>> from pubservice.edits.application import apply
        >>> from pubservice.edits.edit import SetCapacity
        >>> third = apply(city_hall, SetCapacity("clerk", 3))
        >>> print(compare(city_hall, third))
        of               measure                  before  after  difference
        building-permit  cycle time / hour          4.64   2.85       -1.79
        building-permit  waiting time / hour        3.13   1.34       -1.79
        building-permit  processing time / hour     1.51   1.51        0.00
        building-permit  cycle time efficiency      0.33   0.53        0.20
        building-permit  applicant's time / hour    0.00   0.00        0.00
        clerk            utilisation                0.92   0.61       -0.31
        engineer         utilisation                0.90   0.90        0.00
    """
    first, second = (performance(x) if isinstance(x, PublicOrganisation) else x for x in (before, after))
    changes = []
    old, new = ({service.id: service for service in result.services} for result in (first, second))
    for id in dict.fromkeys((*old, *new)):
        for label, name, divisor in _MEASURES:
            values = [getattr(services[id], name) if id in services else None for services in (old, new)]
            scaled = [None if value is None else value / divisor for value in values]
            changes.append(Change(id, label, scaled[0], scaled[1]))
        costs = [services[id].office_cost if id in services else None for services in (old, new)]
        currencies = {cost.currency for cost in costs if cost is not None}
        for currency in sorted(currencies):
            amounts = [
                cost.amount if cost is not None and cost.currency == currency else None for cost in costs
            ]
            changes.append(
                Change(id, Message("office cost / {currency}", currency=currency), amounts[0], amounts[1])
            )
    loads = [
        {load.resource: load.utilisation for load in result.bottlenecks.loads} for result in (first, second)
    ]
    changes.extend(
        Change(id, Message("utilisation"), loads[0].get(id), loads[1].get(id))
        for id in dict.fromkeys((*loads[0], *loads[1]))
    )
    return Comparison(tuple(changes))
