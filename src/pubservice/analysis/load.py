"""The load of a resource: what all services ask of it, and how long a visit waits for it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from math import isclose
from typing import TYPE_CHECKING

import attrs

from pubservice import queueing
from pubservice.analysis.profile import Clocks, Demand, Profile, profile
from pubservice.analysis.turns import mean_wait, waits_by_priority
from pubservice.memory import uncollected
from pubservice.messages import Message
from pubservice.model.resource import QUEUEABLE
from pubservice.provenance import Method
from pubservice.units import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.resource import Resource
    from pubservice.model.service import Evidence, PublicService
    from pubservice.units import Quantity

_FULL = 1e-9  # short of it, a resource counts as full


@attrs.define(eq=False)
class PriorityClass:
    """
    What the services of one priority ask of a resource, on its own open time.

    Attributes:
        rate: Visits per second.
        work: Visits per second × mean time.
        square: Visits per second × mean squared time.
        staffed: Visits per second × mean time × staff.
    """

    rate: float = 0.0
    work: float = 0.0
    square: float = 0.0
    staffed: float = 0.0

    def add(self, other: PriorityClass | Demand, factor: float) -> None:
        """Add what others ask, so many times."""
        self.rate += factor * (other.rate if isinstance(other, PriorityClass) else other.visits)
        self.work += factor * other.work
        self.square += factor * other.square
        self.staffed += factor * other.staffed


@attrs.define(eq=False)
class Total:
    """
    Sums over the services that use a resource; times are on its own open time.

    Attributes:
        services: How many have cases that visit it.
        rate: Visits per second.
        work: Visits per second × mean time.
        square: Visits per second × mean squared time.
        staffed: Visits per second × mean time × staff.
        staff: Visits per second × staff.
        teams: In how many services a visit takes so many staff at once.
        cases: Cases per second of the services' clocks, of all services whose cases visit it.
        unit_work: Seconds of work of a case, as long as only one service uses it.
        without_rate: How many of these services have no arrival rate.
        classes: What those of each priority ask.
        undefined: Why the sums do not exist, by service.
    """

    services: int = 0
    rate: float = 0.0
    work: float = 0.0
    square: float = 0.0
    staffed: float = 0.0
    staff: float = 0.0
    teams: Counter[int] = attrs.Factory(Counter)
    cases: float = 0.0
    unit_work: float = 0.0
    without_rate: int = 0
    classes: dict[int, PriorityClass] = attrs.Factory(dict)
    undefined: dict[str, Message] = attrs.Factory(dict)

    def add(self, of: Profile, demand: Demand, sign: int = 1) -> None:
        """Add what one service asks, or take it away with sign -1."""
        if demand.undefined is not None:
            if sign > 0:
                self.undefined[of.service.id] = demand.undefined
            else:
                self.undefined.pop(of.service.id, None)
            return
        if not demand.visits:
            return
        self.services += sign
        self.unit_work += sign * demand.staffed / demand.open_share
        for staff in demand.teams:
            self.teams[staff] += sign
        if of.rate is None:
            self.without_rate += sign
            return
        rate = sign * of.rate / demand.open_share
        self.rate += rate * demand.visits
        self.work += rate * demand.work
        self.square += rate * demand.square
        self.staffed += rate * demand.staffed
        self.staff += rate * demand.staff
        self.cases += sign * of.rate
        self._class(of.service.priority).add(demand, rate)

    def _class(self, priority: int) -> PriorityClass:
        if priority not in self.classes:
            self.classes[priority] = PriorityClass()
        return self.classes[priority]

    def plus(self, other: Total) -> Total:
        """Return the sums of two resources as of one; a service that uses both counts twice."""
        sums = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in attrs.fields(Total)
            if field.name not in ("classes", "undefined")
        }
        both = Total(**sums, undefined=self.undefined | other.undefined)
        for one in (self, other):
            for priority, asked in one.classes.items():
                both._class(priority).add(asked, 1.0)
        return both

    def copy(self) -> Total:
        """Return sums that can be changed without changing these."""
        classes = {priority: attrs.evolve(asked) for priority, asked in self.classes.items()}
        return attrs.evolve(self, teams=self.teams.copy(), classes=classes, undefined=dict(self.undefined))

    @property
    def team(self) -> int:
        """How many staff every visit takes at once; 1 where visits differ."""
        sizes = [staff for staff, services in self.teams.items() if services]
        return sizes[0] if len(sizes) == 1 else 1


@attrs.frozen
class Stream:
    """
    How unevenly visits come to a resource, and the work with them.

    Attributes:
        arrival_scv: Squared coefficient of variation of the times between arrivals; 1 is Poisson.
        service_scv: Of the work of a visit.
        again: What is added to it by the work that those who wait bring back later; 0 where times are exponential.
        beside: Work that comes at the same moment as other work of its case, in the measure of half a squared
            coefficient of variation.
        batched_s: Mean work, in seconds, of those before a visit in its own batch.
    """

    arrival_scv: float = 1.0
    service_scv: float = 1.0
    again: float = 0.0
    beside: float = 0.0
    batched_s: float = 0.0

    @property
    def is_poisson(self) -> bool:
        """Whether visits come one by one at random, and what cases bring back makes no difference."""
        return isclose(self.arrival_scv, 1, rel_tol=1e-9) and not (
            abs(self.again) > 1e-9 or self.beside or self.batched_s
        )

    def waiting_time(self, *, arrival_rate: float, service_rate: float, servers: int) -> float:
        """
        Return the mean wait of a visit, in the time unit of the rates.

        The wait for those who came before is that of Allen and Cunneen. Of two who come together the second waits for the
        first too, which adds κ beside / (cμ(1 - ρ)). With one server κ is 1, and exact; with several it is less, for a
        free one takes the second at once: κ = C^((c - 1) / 2c), C Erlang's, is within 0.05 of the exact κ of pairs in
        M/M/c. What comes again is felt as much.

        Source:
            Allen (1990), Probability, Statistics and Queueing Theory, §5.3; Chaudhry & Templeton (1983), A First Course
            in Bulk Queues, for one server.
        """
        busy = queueing.erlang_c(offered_load=arrival_rate / service_rate, servers=servers)
        felt = float(busy ** ((servers - 1) / 2 / servers))
        wait = queueing.waiting_time_allen_cunneen(
            arrival_rate=arrival_rate,
            service_rate=service_rate,
            servers=servers,
            arrival_scv=self.arrival_scv,
            service_scv=max(0.0, self.service_scv + felt * self.again),
        )
        spare = service_rate * servers - arrival_rate
        return wait + felt * (self.beside / spare + self.batched_s / servers)


@attrs.frozen
class ResourceLoad:
    """
    How busy a resource is.

    Attributes:
        resource: Its id.
        capacity: How many cases it can serve at once.
        team: How many of it every visit takes at once; 1 where visits differ. Whole teams are available, so that of a
            capacity of 3 one of the staff is not where every visit takes 2.
        utilisation: Work demanded / work available, at least 0; at 1 or more it cannot keep up.
        processing_time_s: Mean seconds of work of a visit.
        waiting_time_s: Mean seconds that a visit waits for it, while it is open; of all services together.
        throughput_limit_per_s: Cases per second, in the given mix, at which it would be fully used.
        undefined: Why a number is None, by its name.
        first_come_s: Mean seconds that it would be if who came first were served first; None where that has no bound.
        by_priority: Likewise as they are served, of visits of each priority; empty where none goes first.
    """

    resource: str
    capacity: int
    team: int
    utilisation: float | None
    processing_time_s: float | None
    waiting_time_s: float | None
    throughput_limit_per_s: float | None
    undefined: dict[str, Message] = attrs.field(factory=dict, eq=False)
    demands: tuple[tuple[Profile, Demand], ...] = attrs.field(default=(), eq=False, repr=False)
    servers: int = attrs.field(default=1, eq=False, repr=False)
    stream: Stream | None = attrs.field(default=None, eq=False, repr=False)
    left_out: tuple[Message, ...] = attrs.field(default=(), eq=False, repr=False)
    first_come_s: float | None = attrs.field(default=None, eq=False, repr=False)
    by_priority: Mapping[int, float | None] = attrs.field(factory=dict, eq=False, repr=False)
    cases_at_once: int = attrs.field(default=1, eq=False, repr=False)

    def waiting_time_of(self, service: PublicService) -> float | None:
        """Return the mean seconds that a visit of one service waits; None where that has no bound, or is not known."""
        return self.by_priority.get(service.priority, self.waiting_time_s)

    @property
    def is_waited_for(self) -> bool:
        """Whether it is known how long visits wait, if only of some services."""
        return self.waiting_time_s is not None or any(wait is not None for wait in self.by_priority.values())

    @cached_property
    def waiting_probability(self) -> float | None:
        """
        The share of visits that find it busy and wait, 0 to 1, by Erlang's C; None where the waiting time is.

        Cases that take several of the staff at once count as served by fewer, faster servers.
        """
        if self.utilisation is None or not self.is_waited_for:
            return None
        if self.utilisation >= 1:
            return 1.0  # for those who are urgent
        if not self.waiting_time_s:
            return 0.0
        return queueing.erlang_c(offered_load=self.utilisation * self.servers, servers=self.servers)

    @property
    def available(self) -> int:
        """How many places it has at work: its capacity × the cases that each serves at once, in whole teams."""
        return self.capacity * self.cases_at_once // self.team * self.team

    @property
    def offered_load(self) -> float | None:
        """How many of it would be at work on average if nobody waited, in erlang."""
        return None if self.utilisation is None else self.utilisation * self.available / self.cases_at_once

    @property
    def capacity_needed(self) -> int | None:
        """The least capacity that keeps up; None where the load is not known."""
        load = self.offered_load
        return None if load is None else keeps_up(load, self.team, self.cases_at_once)

    @property
    def processing_time(self) -> Quantity | None:
        """Mean work of a visit, in minutes."""
        return None if self.processing_time_s is None else quantity(self.processing_time_s / 60, "min")

    @property
    def waiting_time(self) -> Quantity | None:
        """Mean wait of a visit, in minutes."""
        return None if self.waiting_time_s is None else quantity(self.waiting_time_s / 60, "min")

    def data(self, *, bottleneck: bool) -> dict[str, object]:
        """Return it for JSON, as the file format describes."""
        return {
            "id": self.resource,
            "capacity": self.capacity,
            "utilisation": self.utilisation,
            "processing_time_s": self.processing_time_s,
            "waiting_time_s": self.waiting_time_s,
            "throughput_limit_per_s": self.throughput_limit_per_s,
            "bottleneck": bottleneck,
            "method": {name: method.data() for name, method in self.method.items()},
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }

    @cached_property
    def method(self) -> dict[str, Method]:
        """How the numbers were found."""
        if not self.is_waited_for:
            return {}
        visited = [(of, demand) for of, demand in self.demands if demand.visits]
        means = {demand.exponential for _, demand in visited}
        left_out = self.left_out
        alike = len(means) == 1 and None not in means and all(demand.open_share == 1 for _, demand in visited)
        plain = alike and not left_out and (self.stream is None or self.stream.is_poisson)
        if plain and not self.by_priority:
            return {"waiting_time_s": Method("exact", "M/M/c")}
        if plain and all(_comes_once(of, demand) for of, demand in visited):
            return {"waiting_time_s": Method("exact", "M/M/c, by priority")}
        parts = ["Allen-Cunneen" if self.stream is None else "QNA for cases"]
        if self.by_priority:
            parts.append("by priority in Cobham's shares")
        if any(demand.staff != demand.visits for _, demand in visited):
            whole = self.team > 1
            parts.append(
                "several staff at once as whole teams"
                if whole
                else "several staff at once as fewer, faster servers"
            )
        if any(demand.open_share != 1 for _, demand in visited):
            parts.append("own calendar as a share of the service's")
        parts.extend(left_out)
        return {"waiting_time_s": Method("approximation", "; ".join(parts))}


def load(
    resource: Resource,
    total: Total,
    demands: tuple[tuple[Profile, Demand], ...] = (),
    stream: Stream | None = None,
) -> ResourceLoad:
    """
    Return the load of a resource from what services ask of it.

    Utilisation is λ E[S] E[staff] / c, with c places: capacity × cases at once, in whole teams. Without a stream waiting is that of M/M/c × (1 + cs²) / 2
    (Allen-Cunneen, arrivals Poisson), exact for one exponential time.

    Source:
        Allen (1990), Probability, Statistics and Queueing Theory, §5.3; Gross et al. §2.3.
    """
    capacity = resource.capacity
    assert capacity is not None  # only resources with capacity are asked
    team, at_once = total.team, resource.cases_at_once
    places = capacity * at_once
    available = places // team * team
    undefined: dict[str, Message] = {}
    utilisation = processing = waiting = limit = None
    servers = places
    if total.undefined:
        service, why = next(iter(total.undefined.items()))
        reason = Message("{service}: {why}", service=service, why=why)
    elif not (total.rate or total.without_rate):
        reason = Message("no case needs it")
        utilisation = 0.0
    elif total.without_rate:
        reason = Message("a service that uses it has no arrival rate")
        if total.services == 1 and total.unit_work:
            limit = available / total.unit_work
    else:
        utilisation = total.staffed / available
        if isclose(utilisation, 1, rel_tol=_FULL):
            utilisation = 1.0  # full, whatever the last digit says
        processing = total.work / total.rate
        limit = total.cases / utilisation if utilisation else None
        reason = Message("its steps take no time")
        staff = total.staff / total.rate
        servers = places // team if team > 1 else max(1, int(places / staff + 1e-9))
        if utilisation >= 1:
            asked = total.staffed / at_once
            needed = keeps_up(asked, team, at_once)
            reason = overload(utilisation, capacity, -(-available // at_once), asked, needed)
        elif not utilisation:
            waiting = 0.0
        else:
            rates = {"arrival_rate": total.rate, "service_rate": total.rate / (utilisation * servers)}
            if stream is None:
                scv = max(0.0, total.square / total.rate / processing**2 - 1)
                waiting = queueing.waiting_time_allen_cunneen(
                    **rates, servers=servers, arrival_scv=1.0, service_scv=scv
                )
            else:
                waiting = stream.waiting_time(**rates, servers=servers)
    first_come, by_priority = waiting, dict[int, float | None]()
    if resource.discipline == "priority" and len(total.classes) > 1 and utilisation:
        by_priority = waits_by_priority(total, available=available, servers=servers, first_come=waiting)
        waiting = mean_wait(total, by_priority)
    values = {
        "utilisation": utilisation,
        "processing_time_s": processing,
        "waiting_time_s": waiting,
        "throughput_limit_per_s": limit,
    }
    for name, value in values.items():
        if value is None:
            undefined[name] = reason
    return ResourceLoad(
        resource.id,
        capacity,
        team,
        utilisation,
        processing,
        waiting,
        limit,
        undefined,
        demands,
        servers,
        stream,
        _left_out(resource, demands),
        first_come,
        by_priority,
        at_once,
    )


def _comes_once(of: Profile, demand: Demand) -> bool:
    """Return whether cases of a service come to a resource from outside only, by no way back and from no other queue."""
    procedure = of.service.procedure
    return len(of.demands) == 1 and demand.visits <= 1 and len(procedure.flows) < len(procedure.nodes)


def _left_out(resource: Resource, demands: tuple[tuple[Profile, Demand], ...]) -> tuple[Message, ...]:
    """Return what no formula here knows of how a resource is queued for: all that methods, plans and sensitivities name."""
    found = []
    if resource.discipline == "due-date":
        found.append(Message("due dates left out: first come, first served"))
    if resource.closing == "finish":
        found.append(Message("work after closing time left out"))
    if any(demand.impatient and demand.visits for _, demand in demands):
        found.append(Message("withdrawal from the queue left out"))
    if any(of.service.arrivals is not None and demand.visits for of, demand in demands):
        found.append(Message("arrivals taken as Poisson"))
    return tuple(found)


def keeps_up(load: float, team: int, cases_at_once: int = 1) -> int:
    """Return the least capacity, in whole teams, that keeps up with a load and is not full but for the last digit."""
    asked = load * cases_at_once / team
    teams = queueing.servers_needed(offered_load=asked)
    return -(-(teams + isclose(asked / teams, 1, rel_tol=_FULL)) * team // cases_at_once)


def overload(utilisation: float, capacity: int, available: int, load: float, needed: int) -> Message:
    """Return why there is no steady state, and which capacity would do, in numbers."""
    if available == capacity:
        template = "utilisation {utilisation:.2f}: capacity {capacity} cannot keep up with {load:.3g}; {needed} would"
    else:
        template = (
            "utilisation {utilisation:.2f}: {available} of capacity {capacity}, in whole teams, "
            "cannot keep up with {load:.3g}; {needed} would"
        )
    return Message(
        template,
        utilisation=utilisation,
        capacity=capacity,
        available=available,
        load=load,
        needed=needed,
    )


@attrs.frozen(eq=False)
class Evaluation:
    """
    An organisation, worked out: the profiles of its services and the loads of its resources.

    Attributes:
        organisation: What was worked out.
        clocks: Of its services.
        profiles: By service.
        totals: Sums by resource that has capacity.
        streams: How visits come to each resource; as Poisson where nothing is said.
    """

    organisation: PublicOrganisation
    clocks: Clocks
    profiles: dict[str, Profile]
    totals: dict[str, Total]
    streams: Mapping[str, Stream] = attrs.Factory(dict)

    @cached_property
    def loads(self) -> dict[str, ResourceLoad]:
        """The load of each resource that has capacity."""
        demands: dict[str, list[tuple[Profile, Demand]]] = {id: [] for id in self.totals}
        for of in self.profiles.values():
            for id, demand in of.demands.items():
                demands[id].append((of, demand))
        return {
            id: load(self.organisation.resource(id), total, tuple(demands[id]), self.streams.get(id))
            for id, total in self.totals.items()
        }

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """The data there is something to say about."""
        return {item.id: item for item in self.organisation.evidence}

    @cached_property
    def product_form(self) -> bool:
        """Whether every resource that is visited is an M/M/c queue, so that mean waits are exact."""
        return all(
            load.method["waiting_time_s"].kind == "exact"
            for load in self.loads.values()
            if "waiting_time_s" in load.method
        )


def evaluate(organisation: PublicOrganisation) -> Evaluation:
    """Return an organisation, worked out."""
    clocks = Clocks(organisation)
    with uncollected():
        profiles = {service.id: profile(service, organisation, clocks) for service in organisation.services}
    return Evaluation(organisation, clocks, profiles, _totals(organisation.resources, profiles.values()))


def _totals(resources: Iterable[Resource], profiles: Iterable[Profile]) -> dict[str, Total]:
    totals = {resource.id: Total() for resource in resources if resource.kind in QUEUEABLE}
    for of in profiles:
        for id, demand in of.demands.items():
            totals[id].add(of, demand)
    return totals
