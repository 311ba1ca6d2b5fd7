"""The shortest time that a service can publish so that a share of its cases keeps it."""

from __future__ import annotations

from itertools import count
from math import ceil
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.cycle_times import cycle_time_distribution
from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.planning.target import MOST_SHARE
from pubservice.units import Duration
from pubservice.units import share as share_of

if TYPE_CHECKING:
    from pubservice.analysis.cycle_times import CycleTimeDistribution
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.provenance import Method

_DAY = 24 * 3600.0


@attrs.frozen
class ShortestPromise:
    """
    The shortest completion time that can be published.

    Attributes:
        service: Its id.
        share: Of the cases that must keep it.
        length: In whole working days, or whole working hours where it is less than one; days and hours without a calendar.
        kept: The share of cases that take no longer.
        kept_shorter: The share that takes no longer than one day, or hour, less.
        published: The completion time of the standard today; None where there is none.
        kept_today: The share that keeps that; None where there is none.
        method: How shares were found.
    """

    service: str
    share: float
    length: Duration
    kept: float
    kept_shorter: float
    published: Duration | None
    kept_today: float | None
    method: Method = attrs.field(eq=False)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return one row."""
        return [
            {
                "service": self.service,
                "promise": str(self.length),
                "kept": f"{self.kept:.1%}",
                "published": None if self.published is None else str(self.published),
                "kept today": None if self.kept_today is None else f"{self.kept_today:.1%}",
            }
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "service": self.service,
            "share": self.share,
            "length": str(self.length),
            "kept": self.kept,
            "kept_shorter": self.kept_shorter,
            "published": None if self.published is None else str(self.published),
            "kept_today": self.kept_today,
            "method": self.method.data(),
        }

    def text(self, language: Language = "en") -> str:
        """Return it as a sentence, and one on what is published today."""
        found = [
            Message(
                "{service}: {length} can be promised: {kept} of cases take no longer",
                service=self.service,
                length=str(self.length),
                kept=f"{self.kept:.1%}",
            )
        ]
        if self.kept_today is not None:
            found.append(
                Message(
                    "{service}: {length} is published: {kept} of cases take no longer",
                    service=self.service,
                    length=str(self.published),
                    kept=f"{self.kept_today:.1%}",
                )
            )
        return "\n".join(message.text(language) for message in found)

    def __str__(self) -> str:
        return self.text()


def shortest_promise(
    organisation: PublicOrganisation, service: str, *, share: float | str = 0.95
) -> ShortestPromise:
    """
    Return the shortest time that can be published so that a share of cases takes no longer.

    Args:
        organisation: With all services that share its resources.
        service: The id of the one that promises.
        share: Of its cases, above 0, at most 0.999999.

    Raises:
        UnknownIdError: There is no such service.
        InvalidQuantityError: The share is out of range.
        UndefinedResultError: Its cycle time does not exist; the text says why.

    Example:
        >>> print(shortest_promise(city_hall, "building-permit"))
        building-permit: 9 hour can be promised: 96.1% of cases take no longer
    """
    wanted = share_of(share)
    if not 0 < wanted <= MOST_SHARE:
        message = Message(
            "expected a share above 0, at most {most}, got {value!r}", most=MOST_SHARE, value=share
        )
        raise InvalidQuantityError(message)
    found = cycle_time_distribution(organisation, service)
    of = organisation.service(service)
    calendar = organisation.calendar_of(of)
    day = _DAY if calendar is None else calendar.hours_per_working_day * 3600
    seconds = found.quantile_s(wanted)
    days, hours = ("day", "hour") if calendar is None else ("working_day", "working_hour")
    unit, length = (days, day) if seconds > day else (hours, 3600.0)
    at_least = max(1, ceil(seconds / length - 1e-9))
    most = next(n for n in count(at_least) if found.probability_within(Duration(n, unit)) >= wanted - 1e-9)
    published = of.standard.completion_time
    return ShortestPromise(
        service,
        wanted,
        Duration(most, unit),
        found.probability_within(Duration(most, unit)),
        found.probability_within(Duration(most - 1, unit)),
        published,
        _kept(found, published, has_calendar=calendar is not None),
        found.method["distribution"],
    )


def _kept(found: CycleTimeDistribution, published: Duration | None, *, has_calendar: bool) -> float | None:
    """Return the share that keeps what is published; None where nothing is, or it is in working days of no calendar."""
    if published is None or (published.unit == "working_day" and not has_calendar):
        return None
    return found.probability_within(published)
