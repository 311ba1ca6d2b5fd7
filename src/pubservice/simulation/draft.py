"""A program in the making: columns as lists, and what services share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import Problem
from pubservice.graph.blocks import Blocks, blocks
from pubservice.graph.flowgraph import FlowGraph, flowgraph
from pubservice.messages import Message
from pubservice.model.procedure import End
from pubservice.simulation.calendars import ALWAYS, Hours, hours_of, start_of
from pubservice.simulation.conditions import CaseAttribute, Decisions, case_attribute
from pubservice.simulation.parts import Parts
from pubservice.simulation.reachable import reached

if TYPE_CHECKING:
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Node
    from pubservice.model.service import PublicService
    from pubservice.units import Duration

HOURS_PER_WORKING_DAY = 8.0  # of applicants, whose days no calendar of ours says


@attrs.define(eq=False, slots=False)
class Draft:
    """An organisation in the making: columns as lists, numbers of what is shared, and what cannot be simulated."""

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

    def outcome(self, node: Node) -> int:
        """Return the number of the outcome of cases that end at a node."""
        name, done = (node.outcome, node.completed) if isinstance(node, End) else ("completed", True)
        if name not in self.outcomes:
            self.outcomes[name] = len(self.outcomes)
            self.completed.append(done)
        return self.outcomes[name]


@attrs.define(eq=False, slots=False)
class ServiceDraft:
    """One service in the making: what is known of it, and what it lacks."""

    draft: Draft
    service: PublicService
    number: int

    def __attrs_post_init__(self) -> None:
        office = self.draft.organisation
        self.calendar = calendar = office.calendar_of(self.service)
        self.path = f"services[{self.draft.places[self.service.id]}]"
        self.hours = ALWAYS if calendar is None else self.draft.known[calendar.id]
        self.hours_per_day = None if calendar is None else calendar.hours_per_working_day
        self.graph: FlowGraph = flowgraph(self.service.procedure)
        self.nested: Blocks = blocks(self.graph)
        flows = self.service.procedure.flows
        self.conditions = {(flow.source, flow.target): flow.condition for flow in flows}
        self.by_case = {flow.source for flow in flows if flow.condition is not None}
        self.reached = reached(self.graph, self.by_case)
        self.first = len(self.draft.ids)
        joins = [i for i, kind in enumerate(self.graph.joins) if kind in ("parallel", "inclusive")]
        self.joins = {i: n for n, i in enumerate(joins)}
        entered = [(source, i) for i in joins for source in self.graph.predecessors[i]]
        self.placed = {pair: n for n, pair in enumerate(entered)}
        self.gates = {i: n for n, (_, i) in reversed(list(enumerate(entered)))}
        self.closing = {block.split: block.join for block in self.nested.blocks if block.join >= 0}
        self.asked = {datum for step in self.service.procedure.steps for datum in step.asks}
        self.alternatives = {r.id: r.evidence for r in self.service.requirements}
        self.data: dict[str, int] = {}
        known = {}
        for attribute in self.service.attributes:
            drawn = case_attribute(attribute, self.number, self.draft.columns)
            known[attribute.id] = len(self.draft.attributes), drawn
            self.draft.attributes.append(drawn)
        self.tests = Decisions(self.draft.columns, known)

    def fault(self, where: str, message: Message) -> None:
        """Note what cannot be simulated."""
        self.draft.problems.append(Problem(f"{self.path}.{where}", message))

    def elapsed(self, where: str, length: Duration) -> float:
        """Return a length in elapsed seconds."""
        seconds = length.seconds(hours_per_working_day=self.hours_per_day)
        if seconds is None:
            self.fault(
                where, Message("{value!r} is working days, and there is no calendar", value=str(length))
            )
            return 0.0
        return seconds / (self.hours.share or 1.0) if length.unit.startswith("working_") else seconds

    def place(self, i: int) -> str:
        """Return the path of a node in its service."""
        return next(
            f"procedure.{collection}[{position}]"
            for collection in ("steps", "waits", "gateways", "ends")
            for position, node in enumerate(getattr(self.service.procedure, collection))
            if node.id == self.graph.id(i)
        )

    def obtain(self, datum: str) -> float | None:
        """Return the seconds in which a datum is obtained, of alternatives the soonest; None where not stated."""
        known = [
            self.draft.times[one] for one in self.alternatives.get(datum, (datum,)) if one in self.draft.times
        ]
        return min(known, default=None)
