"""When the cases that are open this morning are done, and what it takes to have them done by a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import ceil, inf
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.load import evaluate
from pubservice.analysis.profile import service_seconds
from pubservice.errors import InvalidQuantityError, UndefinedResultError
from pubservice.graph.visits import balance, flow_shares
from pubservice.messages import Message
from pubservice.model.resource import QUEUEABLE
from pubservice.planning.interval import open_by
from pubservice.provenance import Method
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubservice.analysis.load import Evaluation
    from pubservice.analysis.profile import Profile
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Calendar, Resource

_MOST_DAYS = 36_525  # that are looked ahead
_SAME = 1e-9


@attrs.frozen
class ClearedResource:
    """
    The open work of one resource.

    Attributes:
        resource: Its id.
        capacity: How many there are.
        work_s: Seconds of work, of one of it, that the open cases still ask for.
        offered_load: How many the new cases keep busy meanwhile, in erlang.
        cleared_s: Seconds of its open time until its open work is done; None where it never is.
        cleared_on: The day; None where it never is, or not within a hundred years.
        needed: How many it takes to be done by the day that was asked for; None where none was, or no time is left.
        missing_s: Seconds of work that are not done by that day with those there are.
        undefined: Why a number is None, by its name.
    """

    resource: str
    capacity: int
    work_s: float
    offered_load: float
    cleared_s: float | None
    cleared_on: date | None
    needed: int | None
    missing_s: float | None
    undefined: dict[str, Message] = attrs.field(factory=dict, eq=False)

    def row(self) -> dict[str, object]:
        """Return it as a row."""
        return {
            "resource": self.resource,
            "capacity": self.capacity,
            "open work / hour": self.work_s / 3600,
            "new work": self.offered_load,
            "cleared in / hour": None if self.cleared_s is None else self.cleared_s / 3600,
            "cleared on": None if self.cleared_on is None else str(self.cleared_on),
            "needed": self.needed,
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "id": self.resource,
            "capacity": self.capacity,
            "work_s": self.work_s,
            "offered_load": self.offered_load,
            "cleared_s": self.cleared_s,
            "cleared_on": None if self.cleared_on is None else str(self.cleared_on),
            "needed": self.needed,
            "missing_s": self.missing_s,
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


@attrs.frozen
class ClearedService:
    """
    The open cases of one service.

    Attributes:
        service: Its id.
        cases: How many are open.
        late: How many of them have stood where they stand for longer than the whole promise; None where that is not known.
        cleared_on: The day on which the last resource that they need has done its open work; None where one never has.
        resource: Which that is; None where they need none.
    """

    service: str
    cases: int
    late: int | None
    cleared_on: date | None
    resource: str | None

    def row(self) -> dict[str, object]:
        """Return it as a row."""
        return {
            "service": self.service,
            "open cases": self.cases,
            "late": self.late,
            "cleared on": None if self.cleared_on is None else str(self.cleared_on),
            "by": self.resource,
        }

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "id": self.service,
            "cases": self.cases,
            "late": self.late,
            "cleared_on": None if self.cleared_on is None else str(self.cleared_on),
            "resource": self.resource,
        }


@attrs.frozen
class Backlog:
    """
    When open cases are done.

    Attributes:
        since: The day on whose morning they are open.
        by: The day by the end of which they shall be done; None where none was asked for.
        resources: Those that open cases still need.
        services: Those with open cases.
    """

    since: date
    by: date | None
    resources: tuple[ClearedResource, ...]
    services: tuple[ClearedService, ...]

    @property
    def method(self) -> Method:
        """How dates were found."""
        parts = (
            "fluid: work flows evenly, new work at its mean rate",
            "no resource waits for another, or for an applicant",
            "a lower bound",
        )
        return Method("approximation", "; ".join(parts))

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each resource."""
        return [found.row() for found in self.resources]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "since": str(self.since),
            "by": None if self.by is None else str(self.by),
            "resources": [found.data() for found in self.resources],
            "services": [found.data() for found in self.services],
            "method": self.method.data(),
        }

    def text(self, language: Language = "en") -> str:
        """Return a table of services, one of resources, and why one is never done."""
        parts = [table([s.row() for s in self.services], language=language)]
        parts.append(table(self.rows(), language=language))
        reasons = [
            f"{found.resource}: {reason.text(language)}"
            for found in self.resources
            for reason in dict.fromkeys(found.undefined.values())
        ]
        return "\n\n".join(part for part in [*parts, "\n".join(reasons)] if part)

    def __str__(self) -> str:
        return self.text()


def clear_backlog(
    organisation: PublicOrganisation, *, since: date | str, by: date | str | None = None
) -> Backlog:
    """
    Return when the cases that are open this morning are done with today's staff, and what it takes to do them by a day.

    Each resource does its open work with what the new cases leave of it: open work ÷ (capacity − offered load), in its
    open time; its calendar tells the day.

    Args:
        organisation: With `open_cases`; a service without an arrival rate brings no new work.
        since: The day on whose morning they are open.
        by: The day by the end of which they shall be done.

    Raises:
        InvalidQuantityError: A day cannot be read, or one is before the other.
        UndefinedResultError: No case is open, or how much work they still are is not known.

    Example:
        Forty cases wait for the clerk, half an hour each; new cases take a third of the day.

        >>> office = ps.PublicOrganisation(
        ...     "office", calendar="hours",
        ...     calendars=[ps.Calendar("hours", hours={"mon-fri": "08:00-14:00"})],
        ...     resources=[ps.Resource("clerk")],
        ...     services=[ps.PublicService(
        ...         "permit", arrival_rate="4 case/working_day", open_cases=[ps.OpenCases(at="decide", cases=40)],
        ...         procedure=ps.Procedure(steps=[
        ...             ps.Step("decide", resource="clerk", processing_time="30 min")]),
        ...     )],
        ... )
        >>> found = clear_backlog(office, since="2026-01-05", by="2026-01-07")
        >>> print(found.services[0].cleared_on, found.resources[0].needed)
        2026-01-09 2

    Source:
        Newell (1982), Applications of Queueing Theory, 2nd ed., ch. 2 (fluid approximations).
    """
    first, last = _day(since), None if by is None else _day(by)
    if last is not None and last < first:
        message = Message("expected a day from {since} on, got {by}", since=str(first), by=str(last))
        raise InvalidQuantityError(message)
    evaluation = evaluate(organisation)
    asked: dict[str, dict[str, float]] = {}
    for service in organisation.services:
        if service.open_cases:
            asked[service.id] = _open_work(evaluation.profiles[service.id])
    if not asked:
        count = len(organisation.services)
        raise UndefinedResultError(
            Message("no open cases are stated for any of {count} services", count=count)
        )
    found: dict[str, ClearedResource] = {}
    for resource in organisation.resources:
        work = sum(works.get(resource.id, 0.0) for works in asked.values())
        if resource.kind in QUEUEABLE and work:
            found[resource.id] = _cleared(evaluation, resource, work, first, last)
    services = tuple(_of_service(evaluation.profiles[id], works, found) for id, works in asked.items())
    return Backlog(first, last, tuple(found.values()), services)


def _day(value: date | str) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        message = Message("expected a day such as 2026-03-20, got {value!r}", value=value)
        raise InvalidQuantityError(message) from None


def _open_work(of: Profile) -> dict[str, float]:
    """Return the seconds of work that the open cases of a service still ask of each resource."""
    if of.visits is None:
        assert of.undefined is not None  # it says why
        raise UndefinedResultError(Message("{service}: {why}", service=of.service.id, why=of.undefined))
    graph, weights = of.graph, _weights(of)
    work: dict[str, float] = {}
    for standing in of.service.open_cases:
        visits = balance(attrs.evolve(graph, start=graph.index[standing.at]), weights)
        for i, step in enumerate(of.service.procedure.steps):
            if not visits[i] or not step.resource:
                continue
            time = of.times[i]
            if time is None:
                raise UndefinedResultError(
                    Message("{service}: {why}", service=of.service.id, why=of.unknown[i])
                )
            for id in step.resource:
                work[id] = work.get(id, 0.0) + standing.cases * visits[i] * time * step.staff
    return work


def _weights(of: Profile) -> list[list[float]]:
    """Return how often a case goes on by each flow; into a join, such that its branches together are one case."""
    graph, visits = of.graph, of.visits
    assert visits is not None  # the caller looked
    shares = flow_shares(graph)
    inflow = [0.0] * len(graph.nodes)
    for node, others in enumerate(graph.successors):
        for other, share in zip(others, shares[node], strict=False):
            inflow[other] += visits[node] * share
    return [
        [
            share
            * (
                visits[other] / inflow[other]
                if inflow[other] and graph.joins[other] in ("parallel", "inclusive")
                else 1.0
            )
            for other, share in zip(others, shares[node], strict=False)
        ]
        for node, others in enumerate(graph.successors)
    ]


def _cleared(
    evaluation: Evaluation, resource: Resource, work: float, first: date, last: date | None
) -> ClearedResource:
    capacity = resource.capacity
    assert capacity is not None  # cases queue for it
    total = evaluation.totals[resource.id]
    if total.undefined:
        service, why = next(iter(total.undefined.items()))
        raise UndefinedResultError(
            Message(
                "{resource}: {why}",
                resource=resource.id,
                why=Message("{service}: {why}", service=service, why=why),
            )
        )
    calendar = open_by(evaluation.organisation, resource)
    places = capacity * resource.cases_at_once
    spare, busy = places - total.staffed, total.staffed / resource.cases_at_once
    undefined: dict[str, Message] = {}
    seconds = work / spare if spare > _SAME * places else None
    day = None
    if seconds is None:
        reason = Message(
            "never cleared: new cases alone keep {load:.3g} busy, and there are {capacity}",
            load=busy,
            capacity=capacity,
        )
        undefined["cleared_s"] = undefined["cleared_on"] = reason
    else:
        day = _reached(calendar, first, seconds)
        if day is None:
            undefined["cleared_on"] = Message("not cleared within {days:,} days", days=_MOST_DAYS)
    needed = missing = None
    if last is not None:
        until = _open_seconds(calendar, first, last)
        missing = max(0.0, work - max(0.0, spare) * until)
        if until:
            needed = max(1, ceil((total.staffed + work / until) / resource.cases_at_once - _SAME))
        else:
            undefined["needed"] = Message(
                "it is not open from {since} to {by}", since=str(first), by=str(last)
            )
    return ClearedResource(resource.id, capacity, work, busy, seconds, day, needed, missing, undefined)


def _stretches(calendar: Calendar | None, day: date) -> Sequence[tuple[datetime, datetime]]:
    if calendar is None:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return ((midnight, midnight + timedelta(days=1)),)
    return calendar.open_on(day)


def _open_on(calendar: Calendar | None, day: date) -> float:
    return sum((end - start).total_seconds() for start, end in _stretches(calendar, day))


def _open_seconds(calendar: Calendar | None, first: date, last: date) -> float:
    return sum(_open_on(calendar, first + timedelta(days=n)) for n in range((last - first).days + 1))


def _reached(calendar: Calendar | None, first: date, seconds: float) -> date | None:
    """Return the day on which so many seconds have been open since a morning; None where that is too far away."""
    left = seconds
    for n in range(_MOST_DAYS):
        try:
            day = first + timedelta(days=n)
        except OverflowError:
            return None
        left -= _open_on(calendar, day)
        if left <= _SAME * seconds:
            return day
    return None


def _of_service(of: Profile, works: dict[str, float], found: dict[str, ClearedResource]) -> ClearedService:
    cleared = [found[id] for id in works if works[id]]
    slowest = max(
        cleared,
        key=lambda c: inf if c.cleared_on is None else c.cleared_on.toordinal(),
        default=None,
    )
    return ClearedService(
        of.service.id,
        sum(standing.cases for standing in of.service.open_cases),
        _late(of),
        None if slowest is None else slowest.cleared_on,
        None if slowest is None else slowest.resource,
    )


def _late(of: Profile) -> int | None:
    """Return how many open cases have stood for longer than the service promises for all of it."""
    published = of.service.standard.completion_time
    promised = None if published is None else service_seconds(published, of.clock)
    if promised is None:
        return None
    waits = [
        (standing.cases, service_seconds(standing.waited, of.clock))
        for standing in of.service.open_cases
        if standing.waited is not None
    ]
    known = [(cases, seconds) for cases, seconds in waits if seconds is not None]
    return sum(cases for cases, seconds in known if seconds > promised) if known else None
