"""
What the cases of a service spend their time on, by cause.

The causes of a visit add up to how long it lasts, those of the visits to the cycle time:

- Of several visits of a node only the first is counted by its causes; later ones are rework, all of them.
- Of branches side by side the one that is longest on average counts, of an inclusive block the longest of those that are
  taken; of equal ones each in part. Time on the others passes meanwhile.
- What a join waits beyond that, because now one branch takes longest, now another, is synchronisation.
- Of a queue by priority what first come, first served would take is contention; what is more is priority. Those who are
  served sooner have only contention, and less of it.
- A resource that is not there for all of the service's clock takes longer for the same work, and queues longer on that
  clock: what is added is unavailability. On the elapsed clock so is all time in which the service is closed; only waits
  that pass then too, rework and synchronisation keep theirs.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.counted import shares_counted
from pubservice.analysis.performance import Performance, performance
from pubservice.analysis.stays import Stay, stay
from pubservice.errors import UndefinedResultError, UnknownIdError
from pubservice.graph.firsts import first_visits
from pubservice.model.cause import CAUSES, Cause
from pubservice.model.procedure import Step, Wait
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.case import Case
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.messages import Language, Message
    from pubservice.model.organisation import PublicOrganisation

Times = dict[Cause, float | None]


@attrs.frozen
class NodeTimes:
    """
    What a case spends at one step or wait, all its visits together.

    Attributes:
        id: The node.
        counted: The share of it that counts in the cycle time: 1 but on branches beside others; None where unknown.
        causes: Mean seconds on the service's clock, by cause; None where unknown. No cause that cannot be.
        resource: Which resource is waited for; None without any.
    """

    id: str
    counted: float | None
    causes: Times
    resource: str | None = None


@attrs.frozen
class ResourceTimes:
    """
    What a case spends because of one resource, all visits together, also beside a longer branch.

    Attributes:
        resource: Its id.
        processing_s: Mean seconds of work that it is used for.
        contention_s: Mean seconds in its queue while it is there; of resources needed together the longest queue counts.
        unavailability_s: Mean seconds on the service's clock that are added because it is not always there.
        priority_s: Mean seconds longer in its queue than if first come were first served, because others go first.
    """

    resource: str
    processing_s: float | None
    contention_s: float | None
    unavailability_s: float | None
    priority_s: float | None


@attrs.frozen
class ServiceTimes:
    """
    What a case of one service spends its time on. Times are means in seconds.

    Attributes:
        id: The service.
        causes: On the service's clock, by cause; every cause is there, None where unknown.
        elapsed: On the clock of those who wait outside, likewise.
        nodes: Of each step and wait, in document order.
        resources: Of each resource that is used, in document order.
        undefined: Why a time is None, by cause.
    """

    id: str
    causes: Times
    elapsed: Times
    nodes: tuple[NodeTimes, ...]
    resources: tuple[ResourceTimes, ...]
    undefined: dict[Cause, Message] = attrs.field(eq=False)

    @property
    def cycle_time_s(self) -> float | None:
        """
        The sum of all causes, in seconds on the service's clock; None where one is unknown.

        `Performance` leaves synchronisation out; where there is any, it calls its number a lower bound.
        """
        return _sum(self.causes)

    @property
    def cycle_time_elapsed_s(self) -> float | None:
        """The same in elapsed seconds."""
        return _sum(self.elapsed)

    def node(self, id: str) -> NodeTimes:
        """
        Return what a case spends at one step or wait.

        Raises:
            UnknownIdError: There is no such node.
        """
        for node in self.nodes:
            if node.id == id:
                return node
        raise UnknownIdError("node", id, [node.id for node in self.nodes])

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each cause that there is or that is unknown, the longest first; times in hours."""
        total = self.cycle_time_s
        known = [
            (cause, seconds)
            for cause, seconds in self.causes.items()
            if seconds != 0 or self.elapsed[cause] != 0
        ]
        known.sort(key=lambda pair: -1.0 if pair[1] is None else pair[1], reverse=True)
        return [
            {
                "cause": CAUSES[cause],
                "time / hour": _hours(seconds),
                "elapsed / hour": _hours(self.elapsed[cause]),
                "share": None if seconds is None or not total else seconds / total,
            }
            for cause, seconds in known
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        return {
            "id": self.id,
            "causes": dict(self.causes),
            "elapsed": dict(self.elapsed),
            "cycle_time_s": self.cycle_time_s,
            "nodes": [attrs.asdict(node) for node in self.nodes],
            "resources": [attrs.asdict(resource) for resource in self.resources],
            "undefined": {cause: str(reason) for cause, reason in self.undefined.items()},
        }

    def text(self, language: Language = "en") -> str:
        """Return a table, and below it why a time is missing; elapsed time only under a calendar."""
        rows = self.rows() if any(self.causes.values()) else []
        if all(row["time / hour"] == row["elapsed / hour"] for row in rows):
            rows = [{key: value for key, value in row.items() if key != "elapsed / hour"} for row in rows]
        reasons = dict.fromkeys(reason.text(language) for reason in self.undefined.values())
        return "\n".join([self.id, table(rows, language=language), *reasons]).strip()

    def __str__(self) -> str:
        return self.text()


@attrs.frozen
class TimeByCause:
    """
    What the cases of each service of an organisation spend their time on.

    Attributes:
        services: In document order.
    """

    services: tuple[ServiceTimes, ...]

    def service(self, id: str) -> ServiceTimes:
        """
        Return the times of one service.

        Raises:
            UnknownIdError: There is no such service.
        """
        for service in self.services:
            if service.id == id:
                return service
        raise UnknownIdError("service", id, [service.id for service in self.services])

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each service and cause."""
        return [{"service": service.id, **row} for service in self.services for row in service.rows()]

    def data(self) -> list[dict[str, Any]]:
        """Return it for JSON: an object for each service."""
        return [service.data() for service in self.services]

    def text(self, language: Language = "en") -> str:
        """Return a table for each service."""
        return "\n\n".join(service.text(language) for service in self.services)

    def __str__(self) -> str:
        return self.text()


def _sum(times: Times) -> float | None:
    known = [seconds for seconds in times.values() if seconds is not None]
    return sum(known) if len(known) == len(times) else None


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 3600


def time_by_cause(organisation: PublicOrganisation | Performance) -> TimeByCause:
    """
    Return what the cases of each service spend their time on, by cause.

    The causes of a service add up to its cycle time. It is that of `performance`, and `synchronisation` beside it: what
    joins wait because their branches vary, worked out on a grid of times. Where the cycle time is undefined, the causes
    that do exist are still there.

    Args:
        organisation: Services with procedures; queues need arrival rates. Or what `performance` or `network_performance`
            found.

    Returns:
        One entry per service, with its steps, waits and resources.

    Example:
        >>> print(time_by_cause(city_hall).service("building-permit"))
        building-permit
        cause                      time / hour  share
        queue for a busy resource          2.9   0.63
        work on the case                   1.4   0.31
        doing it again                     0.3   0.07

    Source:
        Lashkevich, Milani, Chapela-Campa, Suvorau & Dumas (2023), CAiSE, for causes of waiting; Dumas et al. (2018), §7.1,
        for the composition.
    """
    of = organisation if isinstance(organisation, Performance) else performance(organisation)
    return TimeByCause(tuple(times_of(service, CaseTime(service.case)) for service in of.services))


def times_of(service: ServicePerformance, time: CaseTime) -> ServiceTimes:
    """Return what the cases of one service spend their time on."""
    return _Accounts(service, time).times()


@attrs.define(eq=False)
class _Accounts:
    """
    The accounts of one service.

    Attributes:
        service: Its performance.
        time: Of a case.
        undefined: Why a time is unknown, by cause.
    """

    service: ServicePerformance
    time: CaseTime
    undefined: dict[Cause, Message] = attrs.Factory(dict)

    @property
    def _case(self) -> Case:
        return self.service.case

    @cached_property
    def _stays(self) -> list[Stay]:
        return [stay(self._case, i) for i in range(len(self._case.of.graph.nodes))]

    def times(self) -> ServiceTimes:
        """Return them."""
        of = self._case.of
        causes: Times = dict.fromkeys(CAUSES, 0.0)
        elapsed: Times = dict(causes)
        why = of.undefined
        if why is None and of.nested.unstructured is not None and not self._case.is_precedence():
            why = of.nested.unstructured
        if why is not None:
            self.undefined.update(dict.fromkeys(CAUSES, why))
            return ServiceTimes(
                of.service.id, dict.fromkeys(CAUSES), dict.fromkeys(CAUSES), (), (), self.undefined
            )
        nodes = tuple(self._nodes())
        for i, node in enumerate(nodes):
            for cause, seconds in node.causes.items():
                self._add(i, cause, seconds, node.counted, causes, elapsed)
        waiting = self._synchronisation()
        causes["synchronisation"] = waiting
        elapsed["synchronisation"] = None if waiting is None else waiting / of.clock.share
        return ServiceTimes(of.service.id, causes, elapsed, nodes, tuple(self._resources()), self.undefined)

    def _nodes(self) -> Iterator[NodeTimes]:
        """Yield what a case spends at each step and wait, which are the first nodes."""
        of = self._case.of
        assert of.visits is not None  # nothing says why they do not exist
        first = first_visits(of.graph, of.nested, of.visits)
        unknown = [n > 0 and here.total is None for n, here in zip(of.visits, self._stays, strict=True)]
        counted = shares_counted(self._case, unknown)
        for i, node in enumerate(of.graph.nodes):
            if not isinstance(node, Step | Wait):
                return
            here, visits = self._stays[i], of.visits[i]
            causes: Times = {
                cause: 0.0 if not visits else None if seconds is None else first[i] * seconds
                for cause, seconds in here.causes.items()
            }
            if visits > first[i]:
                total = here.total
                causes["rework"] = None if total is None else (visits - first[i]) * total
            yield NodeTimes(node.id, counted[i], causes, here.resource)

    def _add(
        self,
        i: int,
        cause: Cause,
        seconds: float | None,
        counted: float | None,
        causes: Times,
        elapsed: Times,
    ) -> None:
        """Add what a case spends at a node to its service, as far as it counts."""
        if seconds == 0 or counted == 0:
            return
        if seconds is None or counted is None:
            if causes[cause] is not None:
                self.undefined[cause] = self._why(i, seconds)
            causes[cause] = elapsed[cause] = None
            if self._case.of.clock.share != 1:
                self.undefined.setdefault("unavailability", self._why(i, seconds))
                elapsed["unavailability"] = None
            return
        open_share, time = self._case.of.clock.share, seconds * counted
        here = self._stays[i]
        _more(causes, cause, time)
        if here.elapsed is not None and here.total:
            visits = time / here.total
            rest = here.rest * visits
            _more(elapsed, cause, here.elapsed * visits + (rest if cause == "rework" else 0.0))
            _more(elapsed, "unavailability", 0.0 if cause == "rework" else rest)
        elif cause == "rework":
            _more(elapsed, cause, time / open_share)
        else:
            _more(elapsed, cause, time)
            _more(elapsed, "unavailability", time / open_share - time)

    def _why(self, i: int, seconds: float | None) -> Message:
        """Return why a time is unknown: that of the visit itself, or whether it counts."""
        case, resource = self._case, self._stays[i].resource
        if seconds is not None:
            return self.service.undefined["cycle_time_s"]
        if i in case.of.unknown or resource is None:
            return case.of.unknown[i]
        return case.no_wait(case.loads[resource])

    def _synchronisation(self) -> float | None:
        why = self.service.undefined.get("cycle_time_s")
        if self.service.cycle_time_s is not None:
            try:
                if not self.time.waits_for_branches:
                    return 0.0
                return max(0.0, self.time.spread.mean - self.service.cycle_time_s)
            except UndefinedResultError as error:
                why = error.message
        elif not self._case.of.nested.blocks:
            return 0.0
        assert why is not None  # there is no cycle time
        self.undefined["synchronisation"] = why
        return None

    # By resource

    def _resources(self) -> Iterator[ResourceTimes]:
        """Yield what a case spends because of each resource that it uses."""
        of = self._case.of
        assert of.visits is not None  # the caller looked
        totals: dict[str, Times] = {
            id: {"processing": 0.0, "contention": 0.0, "unavailability": 0.0, "priority": 0.0}
            for id in of.demands
        }
        for i, step in enumerate(of.service.procedure.steps):
            if not of.visits[i]:
                continue
            here = self._stays[i]
            for id in step.resource:
                total = totals[id]
                causes: list[Cause] = list(total) if here.resource == id else ["processing"]
                for cause in causes:
                    seconds = here.causes.get(cause, 0.0)
                    if seconds is None:
                        total[cause] = None
                    else:
                        _more(total, cause, of.visits[i] * seconds)
        for id, total in totals.items():
            yield ResourceTimes(id, *total.values())


def _more(times: Times, cause: Cause, seconds: float) -> None:
    """Add to what is known of a cause."""
    known = times[cause]
    if known is not None:
        times[cause] = known + seconds
