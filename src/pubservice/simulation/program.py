"""An organisation as flat arrays: what the event loop reads, and nothing else."""

from __future__ import annotations

from itertools import accumulate, pairwise
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.graph.blocks import Blocks, blocks
from pubservice.graph.flowgraph import FlowGraph, flowgraph
from pubservice.graph.paths import strong_components
from pubservice.messages import Message
from pubservice.model.cause import CAUSES
from pubservice.model.procedure import End, Gateway, Step, Wait
from pubservice.model.text import MOST_PROBLEMS
from pubservice.simulation.calendars import ALWAYS, YEAR, Clocks, Hours, clocks, hours_of, start_of, weighted
from pubservice.simulation.conditions import HOLDS, CaseAttribute, Decisions, case_attribute
from pubservice.simulation.streams import law_of, word
from pubservice.units import unit_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from pubservice.model.distribution import Distribution
    from pubservice.model.open_cases import OpenCases
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Node
    from pubservice.model.service import PublicService
    from pubservice.units import Duration

END, PASS, STEP, WAIT, JOIN, MEET = range(6)
ONWARD, CHOICE, ALL, SOME, FINAL, FIRST, EACH = range(7)
NOT_MET, OWN_WORK, SERVED, COMES_AND_WORKS = range(4)
HOURS_PER_WORKING_DAY = 8.0  # of applicants, whose days no calendar of ours says


class Parts(NamedTuple):
    """
    Everything as flat arrays; of what hangs together, the first of each and of what comes behind the last.

    Attributes:
        clocks: Opening hours; number 0 is always open.
        start: Of each service, its first node.
        service_clock: Of each service, its clock.
        arrival_clock: Of each service, the clock on which cases arrive: its seconds weigh as much as cases come in them.
        arrival_rate: Of each service, cases per second of that clock.
        growth: Of each service, by which share more cases arrive each year.
        yearly: Of each service, seconds of its arrival clock in a year.
        standing: Of each place where open cases stand, its node.
        standing_service: Likewise, the service.
        standing_cases: Likewise, how many.
        standing_waited: Likewise, for how many elapsed seconds they have stood there.
        standing_held: Likewise, the first of the places at joins where their other branches wait.
        standing_place: The numbers of these places.
        standing_join: The joins that they are at.
        standing_needs: How many branches these joins wait for.
        standing_key: Of each place where open cases stand, its word.
        promise: Of each service, elapsed seconds until its cases are due.
        withdrawn: Of each service, the number of the outcome of cases that give up; -1 where none does.
        start_obtain: Of each service, seconds in which applicants obtain what they hand in with the application.
        kind: Of each node, what a case meets there.
        local: Of each node, its number in its service.
        counts: Of each node, whether visits of it are counted: it takes time, or chooses.
        extra: Of each step, whether it collects, asks, sets up or meets the applicant: what few steps do.
        split: Of each node, how flows leave it.
        out: Of each node, its first flow.
        target: Of each flow, the node it leads to.
        chance: Of each flow, its probability; of a choice added up.
        first: Of each flow out of an inclusive split, the probability that it or one before it is the first that is taken.
        test: Of each flow, the first test of its condition; where some have conditions, one without is the last.
        test_attribute: Of each test, the number of its attribute.
        test_sign: How it compares it.
        test_value: With what.
        test_yes: Which test comes where it is so, or that the condition holds or fails.
        test_no: Likewise where it is not.
        attribute: Of each attribute of cases, the law of its value.
        attribute_a: Its parameters.
        attribute_b: Likewise.
        attribute_c: Likewise.
        attribute_key: Its word.
        place: Of each flow, its number among those into joins of the service; -1 elsewhere.
        join: Of each node, its number among the joins of its service; -1 elsewhere.
        gate: Of each node, the first place of the flows into it; -1 elsewhere.
        lags: Of each node, the same among all services.
        enters: Of each node, how many flows enter it.
        closing: Of each node that splits inclusively, the number of the join that closes it; -1 elsewhere.
        law: Of each step and wait, the law of its time.
        law_a: Its parameters.
        law_b: Likewise.
        law_c: Likewise.
        setup: Likewise of its set-up; -1 without.
        setup_a: Likewise.
        setup_b: Likewise.
        setup_c: Likewise.
        values: What was observed, of all empirical laws.
        clock: Of each step and wait, the clock on which it passes.
        cause: Of each wait, the number of its cause.
        group: Of each step, who it is done by; -1 where nobody is waited for.
        patience: Likewise of how long it is waited for; -1 is for ever.
        patience_a: Likewise.
        patience_b: Likewise.
        patience_c: Likewise.
        patience_key: Of each node, its word for patience.
        batch: Of each step, how many cases it collects; 0 is none, or by time.
        period: Of each step, after how many seconds it takes what is collected; 0 is never.
        period_clock: Of each step, the clock of the period.
        time_key: Of each node, its word for times.
        setup_key: Of each node, its word for set-ups.
        choice_key: Of each node, its word for choices.
        outcome: Of each end, the number of its outcome; -1 elsewhere.
        meets: Of each step, how the applicant takes part.
        travel: Of each step, the applicant's seconds on the way.
        asks: Of each step, the first datum that it asks for and that has to be obtained.
        datum: Of each of these data, its number in the service.
        obtain: Likewise, seconds to obtain it.
        expense: Of each node and currency, what a visit costs.
        hourly: Of each node and currency, what a second of work costs.
        fee: Of each node and currency, what the applicant pays for a visit.
        uses: Of each group, the first resource it takes.
        used: The numbers of these resources.
        only: Of each group, its resource where it takes one alone; -1 where it takes several.
        staff: Of each group, how many of each resource it takes.
        group_clock: Of each group, when all it takes are there.
        rank: Of each group, what stands before the number in the queue: groups of a higher priority have a lower one.
        by_due: Of each group, whether who is due first is next.
        finish: Of each group, whether work that was begun is finished behind closing time.
        ordered: Of each resource, whether somebody may be served before who came earlier.
        capacity: Of each resource.
        serves: Of each resource, the first group that takes it.
        served: The numbers of these groups.
    """

    clocks: Clocks
    start: Any
    service_clock: Any
    arrival_clock: Any
    arrival_rate: Any
    growth: Any
    yearly: Any
    standing: Any
    standing_service: Any
    standing_cases: Any
    standing_waited: Any
    standing_held: Any
    standing_place: Any
    standing_join: Any
    standing_needs: Any
    standing_key: Any
    promise: Any
    withdrawn: Any
    start_obtain: Any
    kind: Any
    local: Any
    counts: Any
    extra: Any
    split: Any
    out: Any
    target: Any
    chance: Any
    first: Any
    test: Any
    test_attribute: Any
    test_sign: Any
    test_value: Any
    test_yes: Any
    test_no: Any
    attribute: Any
    attribute_a: Any
    attribute_b: Any
    attribute_c: Any
    attribute_key: Any
    place: Any
    join: Any
    gate: Any
    lags: Any
    enters: Any
    closing: Any
    law: Any
    law_a: Any
    law_b: Any
    law_c: Any
    setup: Any
    setup_a: Any
    setup_b: Any
    setup_c: Any
    values: Any
    clock: Any
    cause: Any
    group: Any
    patience: Any
    patience_a: Any
    patience_b: Any
    patience_c: Any
    patience_key: Any
    batch: Any
    period: Any
    period_clock: Any
    time_key: Any
    setup_key: Any
    choice_key: Any
    outcome: Any
    meets: Any
    travel: Any
    asks: Any
    datum: Any
    obtain: Any
    expense: Any
    hourly: Any
    fee: Any
    uses: Any
    used: Any
    only: Any
    staff: Any
    group_clock: Any
    rank: Any
    by_due: Any
    finish: Any
    ordered: Any
    capacity: Any
    serves: Any
    served: Any


class Sizes(NamedTuple):
    """
    How much room a case takes.

    Attributes:
        nodes: The most nodes of a service.
        places: The most flows into joins of a service.
        joins: The most joins of a service.
        data: The most data that have to be obtained for a service.
        currencies: How many currencies there are.
        fan: The most flows out of a node.
        lags: How many flows into joins there are.
    """

    nodes: int
    places: int
    joins: int
    data: int
    currencies: int
    fan: int
    lags: int


@attrs.frozen(eq=False)
class Program:
    """
    What is simulated: an organisation as arrays, and the names of what stands in them.

    Attributes:
        parts: The arrays.
        sizes: How much room a case takes.
        services: Ids of the services that have a procedure.
        nodes: Id of each node; of a gateway that joins and splits twice.
        node_service: Of each node, the number of its service.
        resources: Ids of all resources that cases queue for.
        resource_clock: Of each resource, the number of the clock that it is open by; where it has no calendar, and
            services differ, that of the organisation.
        outcomes: The outcomes there are.
        completed: Of each outcome, whether the service did what it is there for.
        currencies: The currencies there are.
        attributes: The attributes of cases, of all services.
        starts: The moment from which seconds run.
    """

    parts: Parts = attrs.field(repr=False)
    sizes: Sizes
    services: tuple[str, ...]
    nodes: tuple[str, ...] = attrs.field(repr=False)
    node_service: tuple[int, ...] = attrs.field(repr=False)
    resources: tuple[str, ...]
    resource_clock: tuple[int, ...] = attrs.field(repr=False)
    outcomes: tuple[str, ...]
    completed: tuple[bool, ...]
    currencies: tuple[str, ...]
    attributes: tuple[CaseAttribute, ...] = attrs.field(repr=False)
    starts: datetime


def program(organisation: PublicOrganisation) -> Program:
    """
    Return what is simulated of an organisation.

    Services without a procedure are left out: nothing happens in them.

    Raises:
        InvalidModelError: Something cannot be simulated: an unknown time, an unknown probability, a service without
            arrival rate, a place from where no end is reached, an inclusive join whose branches cannot be told, a
            calendar that is never open. All of them, each with its place.
    """
    return _Writer(organisation).program()


@attrs.define(eq=False, slots=False)
class _Writer:
    """The arrays in the making, as lists."""

    organisation: PublicOrganisation
    problems: list[Problem] = attrs.Factory(list)
    columns: dict[str, list[Any]] = attrs.Factory(lambda: {name: [] for name in Parts._fields[1:]})
    hours: dict[Hours, int] = attrs.Factory(lambda: {ALWAYS: 0})
    groups: dict[tuple[tuple[int, ...], int, int, int], int] = attrs.Factory(dict)
    ids: list[tuple[int, str]] = attrs.Factory(list)
    attributes: list[CaseAttribute] = attrs.Factory(list)
    outcomes: dict[str, int] = attrs.Factory(dict)
    completed: list[bool] = attrs.Factory(list)
    currencies: dict[str, int] = attrs.Factory(dict)
    lags: int = 0
    expenses: list[dict[str, float]] = attrs.Factory(list)
    hourly: list[dict[str, float]] = attrs.Factory(list)
    fees: list[dict[str, float]] = attrs.Factory(list)
    most: dict[str, int] = attrs.Factory(lambda: {"nodes": 1, "places": 0, "joins": 0, "data": 0})

    def __attrs_post_init__(self) -> None:
        office = self.organisation
        first = (
            []
            if office.calendar is None
            else [calendar for calendar in office.calendars if calendar.id == office.calendar]
        )
        self.start = start_of([*first, *office.calendars])
        self.known = {calendar.id: hours_of(calendar, self.start) for calendar in office.calendars}
        self.pools = [resource for resource in office.resources if resource.capacity is not None]
        self.resources = {resource.id: n for n, resource in enumerate(self.pools)}
        self.places = {service.id: n for n, service in enumerate(office.services)}
        self.times = {
            item.id: item.time_to_obtain.seconds(hours_per_working_day=HOURS_PER_WORKING_DAY) or 0.0
            for item in office.evidence
            if item.time_to_obtain is not None
        }

    def program(self) -> Program:
        """Return the program, or say what cannot be simulated."""
        described = [service for service in self.organisation.services if service.procedure.nodes]
        for number, service in enumerate(described):
            _Service(self, service, number).write()
        if not described:
            self.problems.append(Problem("services", Message("no service describes a procedure")))
        if self.problems:
            raise InvalidModelError(self.problems[:MOST_PROBLEMS])
        self._resources()
        self._by_currency()
        columns = self.columns
        open_by = tuple(self._open_by(id) for id in self.resources)
        for name, of in (("out", "target"), ("asks", "datum"), ("standing_held", "standing_place")):
            columns[name].append(len(columns[of]))
        fan = max((after - first for first, after in pairwise(columns["out"])), default=0)
        return Program(
            Parts(clocks(self.hours), **{name: _array(name, column) for name, column in columns.items()}),
            Sizes(**self.most, currencies=len(self.currencies), fan=fan, lags=self.lags),
            tuple(service.id for service in described),
            tuple(id for _, id in self.ids),
            tuple(service for service, _ in self.ids),
            tuple(self.resources),
            open_by,
            tuple(self.outcomes),
            tuple(self.completed),
            tuple(self.currencies),
            tuple(self.attributes),
            self.start,
        )

    def clock(self, hours: Hours) -> int:
        """Return the number of some hours."""
        return self.hours.setdefault(hours, len(self.hours))

    def group(self, uses: tuple[int, ...], staff: int, clock: int, service: PublicService) -> int:
        """
        Return the number of a group: what is taken together, how many of each, by which clock.

        Services of different priorities, or due at different times, are different groups where that matters.
        """
        discipline = self.pools[uses[0]].discipline
        level = {"first-come": 0, "priority": service.priority}.get(discipline, self.places[service.id])
        return self.groups.setdefault((uses, staff, clock, level), len(self.groups))

    def _open_by(self, id: str) -> int:
        calendar = self.organisation.calendar_of(self.organisation.resource(id))
        if calendar is not None:
            return self.clock(self.known[calendar.id])
        own = {clock for uses, _, clock, _ in self.groups if self.resources[id] in uses}
        return own.pop() if len(own) == 1 else 0

    def _resources(self) -> None:
        columns = self.columns
        serves: list[list[int]] = [[] for _ in self.resources]
        levels = sorted({level for *_, level in self.groups}, reverse=True)
        for (uses, staff, clock, level), number in self.groups.items():
            pool = self.pools[uses[0]]
            columns["rank"].append(_RANK * levels.index(level) if pool.discipline == "priority" else 0.0)
            columns["by_due"].append(int(pool.discipline == "due-date"))
            columns["finish"].append(int(all(self.pools[r].closing == "finish" for r in uses)))
            columns["uses"].append(len(columns["used"]))
            columns["used"] += uses
            columns["only"].append(uses[0] if len(uses) == 1 else -1)
            columns["staff"].append(staff)
            columns["group_clock"].append(clock)
            for r in uses:
                serves[r].append(number)
        columns["uses"].append(len(columns["used"]))
        for pool, groups in zip(self.pools, serves, strict=True):
            columns["capacity"].append(pool.capacity)
            columns["ordered"].append(
                int(any(self.pools[self._first(g)].discipline != "first-come" for g in groups))
            )
            columns["serves"].append(len(columns["served"]))
            columns["served"] += groups
        columns["serves"].append(len(columns["served"]))

    def _first(self, group: int) -> int:
        """Return the first resource of a group, whose discipline is that of the group."""
        return int(self.columns["used"][self.columns["uses"][group]])

    def _by_currency(self) -> None:
        several = {"expense": self.expenses, "hourly": self.hourly, "fee": self.fees}
        for currency in (currency for amounts in several.values() for of in amounts for currency in of):
            self.currencies.setdefault(currency, len(self.currencies))
        for name, amounts in several.items():
            self.columns[name] = [of.get(currency, 0.0) for of in amounts for currency in self.currencies]


_RANK = 2.0**42  # more than there are numbers in a queue

_REAL = {
    "growth",
    "promise",
    "rank",
    "patience_a",
    "patience_b",
    "patience_c",
    "yearly",
    "standing_waited",
    "arrival_rate",
    "start_obtain",
    "chance",
    "first",
    "test_value",
    "attribute_a",
    "attribute_b",
    "attribute_c",
    "law_a",
    "law_b",
    "law_c",
    "setup_a",
    "setup_b",
    "setup_c",
    "values",
    "period",
    "travel",
    "obtain",
    "expense",
    "hourly",
    "fee",
}


def _array(name: str, column: list[Any]) -> Any:
    import numpy as np

    if name.endswith("_key"):
        return np.array(column, np.uint64)
    return np.array(column, np.float64 if name in _REAL else np.int64)


@attrs.define(eq=False, slots=False)
class _Service:
    """What one service adds."""

    of: _Writer
    service: PublicService
    number: int

    def __attrs_post_init__(self) -> None:
        office = self.of.organisation
        self.calendar = calendar = office.calendar_of(self.service)
        self.path = f"services[{self.of.places[self.service.id]}]"
        self.hours = ALWAYS if calendar is None else self.of.known[calendar.id]
        self.hours_per_day = None if calendar is None else calendar.hours_per_working_day
        self.graph: FlowGraph = flowgraph(self.service.procedure)
        self.nested: Blocks = blocks(self.graph)
        flows = self.service.procedure.flows
        self.conditions = {(flow.source, flow.target): flow.condition for flow in flows}
        self.by_case = {flow.source for flow in flows if flow.condition is not None}
        self.reached = _reached(self.graph, self.by_case)
        self.first = len(self.of.ids)
        self.asked = {datum for step in self.service.procedure.steps for datum in step.asks}
        self.alternatives = {r.id: r.evidence for r in self.service.requirements}
        self.data: dict[str, int] = {}
        known = {}
        for attribute in self.service.attributes:
            drawn = case_attribute(attribute, self.number, self.of.columns)
            known[attribute.id] = len(self.of.attributes), drawn
            self.of.attributes.append(drawn)
        self.tests = Decisions(self.of.columns, known)

    def fault(self, where: str, message: Message) -> None:
        """Note what cannot be simulated."""
        self.of.problems.append(Problem(f"{self.path}.{where}", message))

    def write(self) -> None:
        """Add the service to the arrays, or what is wrong with it to the problems."""
        columns = self.of.columns
        columns["start"].append(self.first + self.graph.start)
        columns["service_clock"].append(self.of.clock(self.hours))
        arrivals, rate = self._arrivals()
        columns["arrival_clock"].append(self.of.clock(arrivals))
        columns["arrival_rate"].append(rate)
        promise = self.service.standard.completion_time
        columns["promise"].append(
            0.0 if promise is None else self._elapsed("standard.completion_time", promise)
        )
        gives_up = any(step.patience is not None for step in self.service.procedure.steps)
        columns["withdrawn"].append(self._outcome(End("withdrawn")) if gives_up else -1)
        columns["growth"].append(0.0 if self.service.demand is None else self.service.demand.growth)
        columns["yearly"].append(YEAR * (arrivals.weight if arrivals.weights else arrivals.share))
        early = [r.id for r in self.service.requirements if r.id not in self.asked]
        columns["start_obtain"].append(sum(self._obtain(datum) or 0.0 for datum in early))
        joins = [i for i, kind in enumerate(self.graph.joins) if kind in ("parallel", "inclusive")]
        self.joins = {i: n for n, i in enumerate(joins)}
        entered = [(source, i) for i in joins for source in self.graph.predecessors[i]]
        self.placed = {pair: n for n, pair in enumerate(entered)}
        self.gates = {i: n for n, (_, i) in reversed(list(enumerate(entered)))}
        self.closing = {block.split: block.join for block in self.nested.blocks if block.join >= 0}
        for name, size in (("nodes", len(self.graph.nodes)), ("places", len(entered)), ("joins", len(joins))):
            self.of.most[name] = max(self.of.most[name], size)
        fees: dict[int, dict[str, float]] = {}
        for fee in self.service.fees:
            at = self.graph.start if fee.at is None else self.graph.index[fee.at]
            amounts = fees.setdefault(at, {})
            amounts[fee.amount.currency] = amounts.get(fee.amount.currency, 0.0) + fee.amount.amount
        stuck = self.reached - _to_an_end(self.graph, self.reached, self.by_case)
        if self.graph.start in self.joins:
            self.fault("procedure.start", Message("a case cannot begin at a gateway that joins"))
        for i, node in enumerate(self.graph.nodes):
            self._node(i, node, fees.get(i, {}))
            if i in stuck:
                self.fault(self._place(i), Message("no end can be reached from {id!r}", id=node.id))
        for i in _round_for_ever(self.graph, self.reached, self.by_case):
            message = Message(
                "a case that conditions send back to {id!r} goes round for ever: leave rework to probabilities",
                id=self.graph.id(i),
            )
            self.fault(self._place(i), message)
        for position, item in enumerate(self.service.open_cases):
            self._open_cases(f"open_cases[{position}]", item)
        self.of.most["data"] = max(self.of.most["data"], len(self.data))
        self.of.lags += len(entered)

    def _open_cases(self, where: str, item: OpenCases) -> None:
        """Add cases that stand at a node; of blocks around it all other branches are done."""
        columns, i = self.of.columns, self.graph.index[item.at]
        region = self.nested.region_of[i]
        if i not in self.reached or (self.joins and self.nested.unstructured is not None):
            self.fault(where, Message("where else a case at {id!r} is, cannot be told", id=item.at))
            return
        columns["standing"].append(self.first + i)
        columns["standing_service"].append(self.number)
        columns["standing_cases"].append(item.cases)
        columns["standing_waited"].append(0.0 if item.waited is None else self._elapsed(where, item.waited))
        columns["standing_held"].append(len(columns["standing_place"]))
        columns["standing_key"].append(word(f"open cases {self.service.id} {item.at}"))
        while region is not None and region.block is not None:
            block = region.block
            sources = self.graph.predecessors[block.join]
            inside = [self.nested.region_of[source] for source in sources]
            for source, branch in zip(sources, inside, strict=True):
                mine = branch is region
                if block.kind == "parallel" and not mine:
                    columns["standing_place"].append(self.placed[source, block.join])
                    columns["standing_join"].append(self.joins[block.join])
                    columns["standing_needs"].append(0)
                elif block.kind == "inclusive" and mine:
                    columns["standing_place"].append(-1)  # nobody waits: this branch is the only one
                    columns["standing_join"].append(self.joins[block.join])
                    columns["standing_needs"].append(1)
            region = block.region

    def _elapsed(self, where: str, length: Duration) -> float:
        """Return a length in elapsed seconds."""
        seconds = length.seconds(hours_per_working_day=self.hours_per_day)
        if seconds is None:
            self.fault(
                where, Message("{value!r} is working days, and there is no calendar", value=str(length))
            )
            return 0.0
        return seconds / (self.hours.share or 1.0) if length.unit.startswith("working_") else seconds

    def _place(self, i: int) -> str:
        """Return the path of a node in its service."""
        return next(
            f"procedure.{collection}[{position}]"
            for collection in ("steps", "waits", "gateways", "ends")
            for position, node in enumerate(getattr(self.service.procedure, collection))
            if node.id == self.graph.id(i)
        )

    def _arrivals(self) -> tuple[Hours, float]:
        """Return the hours in which cases arrive, with weights, and how many in a second of weight 1."""
        rate = self.service.arrival_rate
        if rate is None:
            self.fault("arrival_rate", Message("without an arrival rate no case arrives"))
            return ALWAYS, 1.0
        shut = self.calendar is not None and not self.calendar.open_share
        if shut or not self.hours.share:
            self.fault("calendar", Message("the calendar is never open"))
            return ALWAYS, 1.0
        seconds = unit_seconds(rate.unit, self.hours_per_day)
        assert seconds is not None  # a rate per working day needs a calendar, which the organisation checks
        per_second = rate.magnitude / seconds
        if not rate.unit.startswith("working_"):
            per_second /= self.hours.share
        demand = self.service.demand
        if demand is None or not demand.varies:
            return self.hours, per_second
        arrivals = weighted(demand, self.calendar, self.of.start)
        if not arrivals.share:
            self.fault("demand", Message("no case comes in open hours: the weights of demand are 0 there"))
            return ALWAYS, 1.0
        return arrivals, per_second * self.hours.share / arrivals.weight

    def _obtain(self, datum: str) -> float | None:
        """Return the seconds in which a datum is obtained, of alternatives the soonest; None where not stated."""
        known = [self.of.times[one] for one in self.alternatives.get(datum, (datum,)) if one in self.of.times]
        return min(known, default=None)

    # Nodes

    def _node(self, i: int, node: Node, fees: dict[str, float]) -> None:
        columns = self.of.columns
        graph = self.graph
        self.of.ids.append((self.number, node.id))
        row: dict[str, Any] = dict.fromkeys(
            ("setup", "patience", "group", "outcome", "closing"), -1
        ) | dict.fromkeys(
            (
                "law",
                "law_a",
                "law_b",
                "law_c",
                "setup_a",
                "setup_b",
                "setup_c",
                "patience_a",
                "patience_b",
                "patience_c",
                "clock",
                "cause",
                "batch",
                "period",
                "period_clock",
                "meets",
                "travel",
            ),
            0,
        )
        key = node.id if graph.index[node.id] == i else f"{node.id} split"
        row["local"] = i
        row["time_key"] = word(f"time {key}")
        row["setup_key"] = word(f"setup {key}")
        row["patience_key"] = word(f"patience {key}")
        row["choice_key"] = word(f"choice {key}")
        row["join"] = self.joins.get(i, -1)
        row["gate"] = self.gates.get(i, -1)
        row["lags"] = self.of.lags + row["gate"]
        row["enters"] = len(graph.predecessors[i])
        row["asks"] = len(columns["datum"])
        self.of.fees.append(fees)
        expense: dict[str, float] = {}
        hourly: dict[str, float] = {}
        row["kind"] = PASS
        if not graph.successors[i]:
            row["outcome"] = self._outcome(node)
        match node:
            case Step():
                row["kind"] = STEP
                if i in self.reached:
                    self._step(i, node, row, expense, hourly)
            case Wait():
                row["kind"] = WAIT
                row["cause"] = list(CAUSES).index(node.cause)
                if i in self.reached:
                    self._wait(i, node, row)
            case End():
                row["kind"] = END
            case Gateway():
                if graph.joins[i] == "parallel":
                    row["kind"] = JOIN
                elif graph.joins[i] == "inclusive":
                    row["kind"] = MEET
                    if self.nested.unstructured is not None and i in self.reached:
                        self.of.problems.append(
                            Problem(f"{self.path}.{self._place(i)}", self.nested.unstructured)
                        )
            case _:
                assert_never(node)
        self.of.expenses.append(expense)
        self.of.hourly.append(hourly)
        self._flows(i, row)
        row["counts"] = int(row["kind"] in (STEP, WAIT) or row["split"] in (CHOICE, SOME))
        does = (
            row["batch"],
            row["period"],
            row["meets"],
            row["travel"],
            row["setup"] >= 0,
            row["patience"] >= 0,
        )
        row["extra"] = int(any(does) or len(columns["datum"]) > row["asks"])
        for name, value in row.items():
            columns[name].append(value)

    def _outcome(self, node: Node) -> int:
        name, done = (node.outcome, node.completed) if isinstance(node, End) else ("completed", True)
        if name not in self.of.outcomes:
            self.of.outcomes[name] = len(self.of.outcomes)
            self.of.completed.append(done)
        return self.of.outcomes[name]

    def _flows(self, i: int, row: dict[str, Any]) -> None:
        """Add the flows out of a node; a choice has its probabilities added up, or is made by conditions."""
        columns, graph = self.of.columns, self.graph
        targets, given = graph.successors[i], graph.probabilities[i]
        row["out"] = len(columns["target"])
        row["split"] = {
            "": ONWARD if targets else FINAL,
            "exclusive": CHOICE,
            "parallel": ALL,
            "inclusive": SOME,
        }[graph.splits[i]]
        chances: list[float] = [1.0] * len(targets)
        tests = [HOLDS] * len(targets)
        if row["split"] in (CHOICE, SOME) and graph.id(i) in self.by_case:
            row["split"] = FIRST if row["split"] == CHOICE else EACH
            conditions = {target: self.conditions[graph.id(i), graph.id(target)] for target in targets}
            targets = sorted(targets, key=lambda target: conditions[target] is None)
            tests = [HOLDS if of is None else self.tests.first(of) for of in map(conditions.get, targets)]
        elif row["split"] in (CHOICE, SOME):
            if None in given and i in self.reached:
                self.fault(
                    self._place(i), Message("the flows out of {id!r} have no probabilities", id=graph.id(i))
                )
            chances = [p or 0.0 for p in given]
        first = [0.0] * len(targets)
        if row["split"] == CHOICE:
            chances = _added_up(chances)
        if row["split"] == SOME:
            none = list(accumulate((1 - p for p in chances), mul, initial=1.0))
            some = 1 - none[-1] or 1.0
            first = _added_up([before * p / some for before, p in zip(none, chances, strict=False)])
        if row["split"] in (SOME, EACH) and i in self.closing:
            row["closing"] = self.joins[self.closing[i]]
        for target, chance, so_far, test in zip(targets, chances, first, tests, strict=True):
            columns["target"].append(self.first + target)
            columns["chance"].append(chance)
            columns["first"].append(so_far)
            columns["test"].append(test)
            columns["place"].append(self.placed.get((i, target), -1))

    def _time(self, i: int, time: Distribution | None, row: dict[str, Any], name: str) -> None:
        """Add the law of a time, or that it is unknown."""
        of = self.graph.id(i)
        if time is None:
            unknown = Message("the processing time of step {id!r} is unknown", id=of)
            if row["kind"] == WAIT:
                unknown = Message("the time of the wait {id!r} is unknown", id=of)
            self.fault(self._place(i), unknown)
            return
        seconds = unit_seconds(time.unit, self.hours_per_day)
        if seconds is None:
            self.fault(self._place(i), Message("{id!r} lasts working days, and there is no calendar", id=of))
            return
        law, *parameters = law_of(time, seconds, self.of.columns["values"])
        row[name] = law
        for letter, parameter in zip("abc", parameters, strict=True):
            row[f"{name}_{letter}"] = parameter

    def _wait(self, i: int, wait: Wait, row: dict[str, Any]) -> None:
        self._time(i, wait.time, row, "law")
        row["clock"] = self.of.clock(self.hours) if wait.clock == "working" else 0

    def _step(
        self, i: int, step: Step, row: dict[str, Any], expense: dict[str, float], hourly: dict[str, float]
    ) -> None:
        office = self.of.organisation
        self._time(i, step.processing_time, row, "law")
        if step.setup_time is not None:
            self._time(i, step.setup_time, row, "setup")
        hours = self.hours
        for id in step.resource:
            resource = office.resource(id)
            if resource.calendar is not None:
                hours = hours.both(self.of.known[resource.calendar])
            if resource.cost is not None:
                currency = resource.cost.currency
                hourly[currency] = hourly.get(currency, 0.0) + resource.cost.per_second * step.staff
        if hours.cycle and not hours.stretches:
            self.fault(self._place(i), Message("what step {id!r} uses is never open together", id=step.id))
        row["clock"] = self.of.clock(hours)
        if step.resource:
            uses = tuple(dict.fromkeys(self.of.resources[id] for id in step.resource))
            row["group"] = self.of.group(uses, step.staff, row["clock"], self.service)
            if (
                self.of.pools[uses[0]].discipline == "due-date"
                and self.service.standard.completion_time is None
            ):
                message = Message(
                    "{resource} serves by due date, and the service promises no completion time",
                    resource=step.resource[0],
                )
                self.fault("standard.completion_time", message)
            if step.patience is not None:
                self._patience(i, step, step.patience, row)
        if step.cost is not None:
            expense[step.cost.currency] = step.cost.amount
        if step.batch is not None:
            row["batch"] = min(step.batch.size or 0, 2**62)
            if step.batch.period is not None:
                row["period"], row["period_clock"] = self._period(i, step.batch.period)
        if step.actor == "applicant":
            row["meets"] = COMES_AND_WORKS if step.contact == "in-person" else OWN_WORK
        elif step.actor == "office" and step.contact == "in-person":
            row["meets"] = SERVED
        if step.contact == "in-person":
            row["travel"] = self._travel(step)
        for datum in step.asks:
            time = self._obtain(datum)
            if time:
                self.of.columns["datum"].append(self.data.setdefault(datum, len(self.data)))
                self.of.columns["obtain"].append(time)

    def _patience(self, i: int, step: Step, patience: Distribution, row: dict[str, Any]) -> None:
        """Add how long a step is waited for."""
        self._time(i, patience, row, "patience")
        if patience.unit.startswith("working_"):
            message = Message(
                "patience ends while it is closed too: expected elapsed time, got {value!r}",
                value=str(patience),
            )
            self.fault(self._place(i), message)
        region = self.nested.region_of[i]
        if region is None or region.block is not None:
            self.fault(
                self._place(i), Message("a branch of a case cannot give up waiting: {id!r}", id=step.id)
            )

    def _travel(self, step: Step) -> float:
        for channel in self.service.channels:
            if channel.id == step.channel and channel.travel_time is not None:
                return channel.travel_time.seconds(hours_per_working_day=HOURS_PER_WORKING_DAY) or 0.0
        return 0.0

    def _period(self, i: int, period: Duration) -> tuple[float, int]:
        seconds = period.seconds(hours_per_working_day=self.hours_per_day)
        if seconds is None:
            self.fault(
                self._place(i),
                Message("{id!r} lasts working days, and there is no calendar", id=self.graph.id(i)),
            )
            return 0.0, 0
        return seconds, self.of.clock(self.hours) if period.unit.startswith("working_") else 0


def _added_up(chances: list[float]) -> list[float]:
    """Return chances added up; what is lost in the last digits goes to the last that there is."""
    last = max((n for n, p in enumerate(chances) if p), default=0)
    return [total if n < last else 2.0 for n, total in enumerate(accumulate(chances))]


def _possible(graph: FlowGraph, i: int, by_case: set[str]) -> Iterator[int]:
    """Yield where cases can go from a node; where conditions or no probabilities are given, all of it."""
    exclusive = graph.splits[i] != "parallel" and graph.id(i) not in by_case
    for target, p in zip(graph.successors[i], graph.probabilities[i], strict=True):
        if not exclusive or p is None or p > 0:
            yield target


def _reached(graph: FlowGraph, by_case: set[str]) -> set[int]:
    """Return the nodes to which cases can come."""
    found, pending = {graph.start}, [graph.start]
    while pending:
        for target in _possible(graph, pending.pop(), by_case):
            if target not in found:
                found.add(target)
                pending.append(target)
    return found


def _round_for_ever(graph: FlowGraph, reached: set[int], by_case: set[str]) -> Iterator[int]:
    """Yield a node of each round in which nothing but conditions chooses: a case that goes it once does so again."""
    choosing = [i for i in sorted(reached) if graph.splits[i] and graph.id(i) in by_case]
    ways = [
        out if graph.splits[i] in ("", "parallel") or graph.id(i) in by_case else []
        for i, out in enumerate(graph.successors)
    ]
    ways.append(choosing)  # from where all of them are reached
    for component in strong_components(len(ways) - 1, ways):
        if len(component) > 1 or component[0] in ways[component[0]]:
            yield from sorted(set(choosing).intersection(component))[:1]


def _to_an_end(graph: FlowGraph, among: Iterable[int], by_case: set[str]) -> set[int]:
    """Return the nodes, of some, from which an end can be reached."""
    into: dict[int, list[int]] = {}
    found = set()
    for i in among:
        if not graph.successors[i]:
            found.add(i)
        for target in _possible(graph, i, by_case):
            into.setdefault(target, []).append(i)
    pending = list(found)
    while pending:
        for source in into.get(pending.pop(), ()):
            if source not in found:
                found.add(source)
                pending.append(source)
    return found
