"""A plan of staff: how many of each resource, when, for which targets, and at which cost."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.edits.application import apply
from pubservice.edits.edit import SetCapacity
from pubservice.errors import UnknownIdError
from pubservice.messages import Message, listed, translate
from pubservice.provenance import Method, Provenance, provenance
from pubservice.table import table
from pubservice.units import Duration, Money, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import OpenHours
    from pubservice.planning.target import LeftOut, PlanningTarget

ASSUMPTIONS = (
    Message("cases arrive independently of each other (Poisson)"),
    Message(
        "each interval is in a steady state of its own (stationary, independent, period by period), with the load that work "
        "begun before still is"
    ),
    Message("a case comes to all its steps in the interval in which it arrives"),
)
SOURCES = (
    "Jennings et al. (1996), Server staffing to meet time-varying demand, Management Science 42(10), 1383-1394",
    "Green, Kolesar & Whitt (2007), Coping with time-varying demand, Production and Operations Management 16(1), 13-39",
    "Gans, Koole & Mandelbaum (2003), Telephone call centers, M&SOM 5(2), 79-141 (shrinkage)",
    "Allen (1990), Probability, Statistics and Queueing Theory, 2nd ed., §5.3",
)
_SAME = 1e-9


@attrs.frozen
class StaffedInterval:
    """
    One resource in one interval of the week.

    Attributes:
        hours: Day, start and end; None for the whole open week, where nothing varies.
        offered_load: How many would be at work on average if nobody waited, in erlang.
        staff: How many it takes at the same time.
        utilisation: Offered load / staff; None where nobody is needed.
        waiting_time_s: Mean wait of a visit, in seconds of open time.
    """

    hours: OpenHours | None
    offered_load: float
    staff: int
    utilisation: float | None
    waiting_time_s: float | None

    @property
    def minutes(self) -> float:
        """How long it is, in minutes; 1 where it is the whole week."""
        return 1.0 if self.hours is None else float(self.hours.end - self.hours.start)

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "day": None if self.hours is None else self.hours.day,
            "hours": None if self.hours is None else str(self.hours),
            "offered_load": self.offered_load,
            "staff": self.staff,
            "utilisation": self.utilisation,
            "waiting_time_s": self.waiting_time_s,
        }


@attrs.frozen
class StaffedResource:
    """
    How many it takes of a resource.

    Attributes:
        resource: Its id.
        today: How many there are.
        needed: How many it takes at the same time, in the busiest interval.
        employed: How many to employ so that so many are there in spite of leave and training.
        mean_staff: How many it takes on average over the open week.
        utilisation: Offered load / staff over the open week.
        utilisation_today: The same at the mean rate with those there are today; 1 or more cannot keep up.
        intervals: Of the open week.
        bound_by: The targets that would be missed with one less; none where it merely keeps up.
        cost: What a year costs, leave and training included; None where the resource states no cost.
    """

    resource: str
    today: int
    needed: int
    employed: int
    mean_staff: float
    utilisation: float
    utilisation_today: float
    intervals: tuple[StaffedInterval, ...]
    bound_by: tuple[PlanningTarget, ...]
    cost: Money | None

    def row(self) -> dict[str, str | float | None]:
        """Return it as a row."""
        bound = [target.words for target in self.bound_by]
        return {
            "resource": self.resource,
            "today": self.today,
            "needed": self.needed,
            "employed": self.employed,
            "utilisation": self.utilisation,
            "cost a year": None if self.cost is None else str(self.cost),
            "bound by": listed(bound) if bound else Message("the work itself"),
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "id": self.resource,
            "today": self.today,
            "needed": self.needed,
            "employed": self.employed,
            "mean_staff": self.mean_staff,
            "utilisation": self.utilisation,
            "utilisation_today": self.utilisation_today,
            "bound_by": [target.text() for target in self.bound_by],
            "cost": None if self.cost is None else self.cost.data(),
            "intervals": [interval.data() for interval in self.intervals],
        }


@attrs.frozen
class PlannedTarget:
    """
    A target, with what is attained today, what the plan attains, and what it costs.

    Attributes:
        target: What is asked.
        today: What is attained with those there are, of a cycle time at the mean rate; None where a resource cannot keep
            up.
        is_met_today: Whether that is what is asked.
        planned: What the plan attains: a share, seconds of the clock that runs, or a number; in the worst interval.
        cost: What a year would cost less without this target; None where a resource states no cost.
        staff: How many less it would take on average without it.
    """

    target: PlanningTarget
    today: float | None
    is_met_today: bool
    planned: float
    cost: Money | None
    staff: float

    @property
    def is_binding(self) -> bool:
        """Whether the plan would be smaller without it."""
        return self.staff > _SAME or (self.cost is not None and self.cost.amount > _SAME)

    def row(self) -> dict[str, str | float | None]:
        """Return it as a row."""
        return {
            "target": self.target.words,
            "today": Message("cannot keep up") if self.today is None else said(self.target, self.today),
            "met today": self.is_met_today,
            "planned": said(self.target, self.planned),
            "binding": self.is_binding,
            "staff for it": self.staff,
            "cost a year": None if self.cost is None else str(self.cost),
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            **self.target.data(),
            "target": self.target.text(),
            "today": self.today,
            "is_met_today": self.is_met_today,
            "planned": self.planned,
            "is_binding": self.is_binding,
            "staff": self.staff,
            "cost": None if self.cost is None else self.cost.data(),
        }


def said(target: PlanningTarget, value: float) -> str:
    """Return what is attained of a target, for people."""
    if target.share is not None:
        return f"{value:.1%}"
    return in_words(value) if isinstance(target.value, Duration) else f"{value:.2f}"


@attrs.frozen
class Staffing:
    """
    How many of each resource it takes so that every target holds.

    Attributes:
        resources: In document order; those that no case visits are not among them.
        targets: What the plan reaches: first those given, then those of the model.
        left_out: Targets of the model that a plan has nothing to do with, each with its reason.
        notes: Services and resources that are not planned, and what cannot keep up today.
        is_proven: Whether nothing cheaper that was to be compared reaches the targets; `method` says what was.
        shrinkage: The share of paid time in which staff are not there.
        organisation: What was planned for: the services with arrival rates, with the demand of the plan and the capacities
            of today.
    """

    resources: tuple[StaffedResource, ...]
    targets: tuple[PlannedTarget, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Message, ...]
    is_proven: bool
    shrinkage: float
    organisation: PublicOrganisation = attrs.field(eq=False, repr=False)

    def resource(self, id: str) -> StaffedResource:
        """
        Return how many it takes of one resource.

        Raises:
            UnknownIdError: No case visits one of that id.
        """
        for found in self.resources:
            if found.resource == id:
                return found
        raise UnknownIdError("resource", id, [found.resource for found in self.resources])

    @property
    def cost(self) -> Money | None:
        """What a year of the plan costs; None where a resource states no cost, or currencies differ."""
        return total([found.cost for found in self.resources])

    @property
    def varies(self) -> bool:
        """Whether it takes more at some hours than at others."""
        return any(interval.hours is not None for found in self.resources for interval in found.intervals)

    @property
    def edits(self) -> tuple[SetCapacity, ...]:
        """The capacities of the plan as edits: those of the busiest interval, at least 1, of what differs from today."""
        return tuple(
            SetCapacity(found.resource, max(1, found.needed))
            for found in self.resources
            if max(1, found.needed) != found.today
        )

    @cached_property
    def planned(self) -> PublicOrganisation:
        """
        The organisation with these capacities, and the demand of the plan.

        A resource has one capacity at all hours: that of the busiest interval. Where the plan takes fewer at others, this
        has more staff than the plan, and waits less.
        """
        organisation = self.organisation
        for edit in self.edits:
            organisation = apply(organisation, edit)
        return organisation

    @property
    def method(self) -> dict[str, Method]:
        """How the plan was found."""
        by_levels = self.varies and any(found.target.of_week for found in self.targets)
        if not self.is_proven:
            search = Method("approximation", "cheapest way up, then down: not proven to cost least")
        elif by_levels:
            name = "least cost of plans in which each resource has one longest wait for all intervals"
            search = Method("approximation", name)
        else:
            search = Method("exact", "least cost, best first")
        parts = ["M/M/c, waits of Allen-Cunneen"]
        if self.varies:
            parts.append("SIPP on the modified offered load: each interval in a steady state of its own")
            parts.append("cycle times from the mean wait of the week's visits")
        return {"staff": search, "waits": Method("approximation", "; ".join(parts))}

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return provenance(self.organisation, ASSUMPTIONS, SOURCES)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each resource and interval: when, offered load, staff, utilisation, and wait in minutes."""
        return [
            {
                "resource": found.resource,
                "day": None if interval.hours is None else interval.hours.day,
                "hours": None if interval.hours is None else str(interval.hours),
                "offered load": interval.offered_load,
                "staff": interval.staff,
                "utilisation": interval.utilisation,
                "waiting time / min": None
                if interval.waiting_time_s is None
                else interval.waiting_time_s / 60,
            }
            for found in self.resources
            for interval in found.intervals
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "organisation": self.organisation.id,
            "provenance": self.provenance.data(),
            "shrinkage": self.shrinkage,
            "resources": [found.data() for found in self.resources],
            "targets": [found.data() for found in self.targets],
            "cost": None if self.cost is None else self.cost.data(),
            "left_out": [
                {"service": out.service, "metric": out.metric, "reason": str(out.reason)}
                for out in self.left_out
            ],
            "notes": [str(note) for note in self.notes],
            "method": {name: method.data() for name, method in self.method.items()},
        }

    def text(self, language: Language = "en") -> str:
        """Return a table of resources, one of hours where they differ, one of targets, and what is to be known."""
        parts = [table([found.row() for found in self.resources], language=language)]
        if self.varies:
            parts.append(table(self._by_hour(), language=language))
        if self.targets:
            parts.append(table([found.row() for found in self.targets], language=language))
        if self.cost is not None:
            parts.append(f"{translate('cost of a year', language)}: {self.cost}")
        lines = [note.text(language) for note in self.notes]
        if not self.resources and not lines:
            lines = [Message("nothing to plan: no case needs a resource").text(language)]
        lines += [f"{out.service}: {out.metric}: {out.reason.text(language)}" for out in self.left_out]
        return "\n\n".join([*parts, "\n".join(lines)]).strip()

    def _by_hour(self) -> list[dict[str, object]]:
        """Return a row for each interval of a day, days with the same numbers together: the staff of each resource."""
        ids = [found.resource for found in self.resources]
        counts: dict[OpenHours, dict[str, int]] = {}
        for found in self.resources:
            for hours, staff in [(i.hours, i.staff) for i in found.intervals if i.hours is not None]:
                counts.setdefault(hours, dict.fromkeys(ids, 0))[found.resource] = staff
        days: dict[str, list[tuple[str, dict[str, int]]]] = {}
        for hours, of_hours in counts.items():
            days.setdefault(hours.day, []).append((str(hours), of_hours))
        alike: list[tuple[list[str], list[tuple[str, dict[str, int]]]]] = []
        for day, rows in days.items():
            same = next((names for names, known in alike if known == rows), None)
            if same is None:
                alike.append(([day], rows))
            else:
                same.append(day)
        return [
            {"day": ", ".join(names), "hours": hours, **staff}
            for names, rows in alike
            for hours, staff in rows
        ]

    def __str__(self) -> str:
        return self.text()


def total(amounts: Sequence[Money | None]) -> Money | None:
    """Return a sum of money; None where a part is not known, or currencies differ."""
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts) or len({amount.currency for amount in known}) > 1:
        return None
    return Money(sum(amount.amount for amount in known), known[0].currency)


def mean_staff(intervals: Sequence[StaffedInterval]) -> float:
    """Return how many it takes on average over the open week."""
    minutes = sum(interval.minutes for interval in intervals)
    return sum(interval.staff * interval.minutes for interval in intervals) / minutes
