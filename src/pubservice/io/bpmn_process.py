"""What one process of BPMN means as a procedure, and what of it a procedure cannot hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidFileError, Problem
from pubservice.io.bpmn_draft import Arrow, Draft, Ids, Pass, split_kind
from pubservice.io.bpmn_elements import (
    BPMN,
    DRAWING,
    EVENTS,
    GATEWAYS,
    NODES,
    SUBPROCESSES,
    TASKS,
    duration_of,
    foreign_name,
    kind_of,
    label_of,
    name_of,
    reference,
)
from pubservice.messages import Message, did_you_mean
from pubservice.model.distribution import Fixed
from pubservice.model.procedure import End, Gateway, Step, Wait
from pubservice.model.resource import Resource
from pubservice.model.text import MOST_PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.model.procedure import GatewayKind, Node, Procedure

_SAME = frozenset(("task", "exclusiveGateway", "parallelGateway", "inclusiveGateway"))
_ACTIVITIES = TASKS | SUBPROCESSES
_REPEATED = frozenset(("incoming", "outgoing"))  # what the flows say themselves
_SCOPE = frozenset(("laneSet", "sequenceFlow", *_REPEATED, *NODES))


@attrs.frozen
class Reading:
    """
    A process as it was read.

    Attributes:
        procedure: What it means.
        resources: Of its steps, one for each lane.
        left_out: What a procedure cannot hold: for each kind of element, and how it was read instead, the ids.
        foreign: How often elements of other vocabularies stand there.
    """

    procedure: Procedure
    resources: tuple[Resource, ...]
    left_out: dict[str, list[str]]
    foreign: Counter[str]

    def listed(self) -> str:
        """Return what was left out, on one line."""
        parts = [f"{what}: {', '.join(ids)}" for what, ids in self.left_out.items()]
        return "; ".join([*parts, *(f"{name} ({n})" for name, n in self.foreign.items())])


def read_process(file: str, element: Any) -> Reading:
    """
    Return a process as it was read.

    Args:
        file: For errors.
        element: The process, in its tree.

    Raises:
        InvalidFileError: Something refers to nothing, or nothing starts; all faults together.
    """
    reader = _Reader(element)
    starts, together = reader.read()
    if reader.problems:
        ordered = sorted(reader.problems, key=lambda problem: problem.line or 0)
        raise InvalidFileError(file, islice(ordered, MOST_PROBLEMS))
    procedure = reader.draft.procedure(starts, together=together)
    if reader.draft.unnamed:
        reader.left_out["name of sequenceFlow"] = reader.draft.unnamed
    used = {id for node in reader.draft.nodes if isinstance(node, Step) for id in node.resource}
    return Reading(
        procedure,
        tuple(resource for resource in reader.resources.values() if resource.id in used),
        reader.left_out,
        reader.foreign,
    )


@attrs.define(eq=False)
class _Item:
    """
    A flow node of BPMN in the draft.

    Attributes:
        element: Of the file.
        entry: Position of the node at which flows arrive.
        exit: Position of the node from which flows leave.
        inside: Of a sub-process that is replaced by what is in it: that; None for everything else.
        join: Position of the node at which what is inside ends.
    """

    element: Any
    entry: int
    exit: int
    inside: list[_Item] | None = None
    join: int = -1

    @property
    def kind(self) -> str:
        return kind_of(self.element)

    @property
    def beside(self) -> bool:
        """Whether it is an event that begins something beside its activity, which goes on."""
        return self.kind == "boundaryEvent" and self.element.get("cancelActivity") in ("false", "0")


@attrs.define
class _Reader:
    """The work in progress on one process."""

    element: Any
    draft: Draft = attrs.Factory(Draft)
    problems: list[Problem] = attrs.Factory(list)
    left_out: dict[str, list[str]] = attrs.Factory(dict)
    foreign: Counter[str] = attrs.Factory(Counter)
    items: dict[str, _Item] = attrs.Factory(dict)
    flows: list[Any] = attrs.Factory(list)
    lanes: dict[str, Any] = attrs.Factory(dict)
    resources: dict[Any, Resource] = attrs.Factory(dict)

    def read(self) -> tuple[list[int], bool]:
        """Draft the process, and return where it begins, and whether everywhere at once."""
        self.list_surroundings()
        self.read_lanes()
        items = self.read_scope(self.element, inside=False)
        self.attach()
        self.connect()
        self.link()
        return self.fill(items)

    # What is listed

    def leave_out(self, what: str, element: Any) -> None:
        self.left_out.setdefault(what, []).append(label_of(element))

    def list_rest(self, element: Any, known: Iterable[str] = _REPEATED, *, own: bool = False) -> None:
        """List the children that nothing reads: under the id of the element, or each under its own."""
        for child in element:
            kind = kind_of(child)
            if kind == "extensionElements":
                self.foreign.update(foreign_name(extension) for extension in child)
            elif not kind and not str(child.tag).startswith(DRAWING):
                self.foreign[foreign_name(child)] += 1
            elif kind and kind not in known:
                self.leave_out(kind, child if own else element)

    def list_surroundings(self) -> None:
        """List what stands beside the process, and beside the nodes in it."""
        definitions = self.element.getparent()
        for child in definitions:
            if kind_of(child) == "collaboration":
                self.list_rest(child, own=True)
            elif kind_of(child) == "process" and child is not self.element:
                self.leave_out("process", child)
        self.list_rest(definitions, ("process", "collaboration"), own=True)
        self.list_rest(self.element, _SCOPE, own=True)

    def skip(self, element: Any, how: str) -> None:
        """List an element that is not read as what it is, and all nodes and flows in it."""
        self.leave_out(f"{kind_of(element)}, {how}", element)
        for inner in element.iterdescendants():
            if kind_of(inner) in NODES or kind_of(inner) == "sequenceFlow":
                self.leave_out(f"{kind_of(inner)}, not read", inner)

    def blame(self, element: Any, message: Message) -> None:
        where = f"{kind_of(element)} {label_of(element)}"
        self.problems.append(Problem(where, message, element.sourceline))

    # Lanes

    def read_lanes(self) -> None:
        """Make a resource of each lane, and find for each node the innermost lane it stands in."""
        ids = Ids()
        for lane in self.element.iterdescendants(f"{BPMN}lane"):
            name = name_of(lane)
            slug = ids.take(name.lower() or lane.get("id", ""), "lane")
            self.resources[lane] = Resource(slug, name="" if name == slug else name)
            self.list_rest(lane, ("flowNodeRef", "childLaneSet"))
            around = set(lane.iterancestors())
            for child in lane.iterchildren(f"{BPMN}flowNodeRef"):
                node = reference(child.text)
                before = self.lanes.setdefault(node, lane)
                if before in around:
                    self.lanes[node] = lane
                elif before is not lane:
                    self.leave_out(f"flowNodeRef to {node}, which is in another lane", lane)

    def resource(self, element: Any) -> tuple[str, ...]:
        """Return the resource of a step: of its lane, or of the lane of a sub-process around it."""
        for around in (element, *element.iterancestors()):
            lane = self.lanes.get(around.get("id", ""))
            if lane is not None:
                return (self.resources[lane].id,)
        return ()

    # Nodes

    def read_scope(self, scope: Any, *, inside: bool) -> list[_Item]:
        """Draft the nodes of a process or sub-process; its flows are kept until all nodes are there."""
        items = []
        for child in scope:
            kind = kind_of(child)
            if kind == "sequenceFlow":
                self.flows.append(child)
            elif child.get("triggeredByEvent") in ("true", "1"):
                self.skip(child, "begun by an event and not read")
            elif child.get("isForCompensation") in ("true", "1"):
                self.skip(child, "for compensation and not read")
            elif kind in NODES:
                items.append(self.read_node(child, kind, inside=inside))
        return items

    def read_node(self, element: Any, kind: str, *, inside: bool) -> _Item:
        for attribute in ("startQuantity", "completionQuantity"):
            if element.get(attribute, "1") != "1":
                self.leave_out(attribute, element)
        original = element.get("id", "")
        id = self.draft.ids.take(original, kind)
        name = name_of(element) or ("" if id == original else original)
        if kind in SUBPROCESSES:
            item = self.read_subprocess(element, kind, id, name)
        else:
            item = self.single(element, self.read_single(element, kind, id, name, inside=inside))
        if original in self.items:
            self.blame(element, Message("{id!r} is the id of another node", id=original))
        self.items[original or f" {len(self.items)}"] = item
        return item

    def single(self, element: Any, node: Node | Pass) -> _Item:
        at = self.draft.add(node)
        return _Item(element, at, at)

    def read_single(self, element: Any, kind: str, id: str, name: str, *, inside: bool) -> Node | Pass:
        """Return the one node that an element is."""
        if kind in EVENTS:
            return self.read_event(element, kind, id, name, inside=inside)
        self.list_rest(element)
        if kind in GATEWAYS:
            if kind not in _SAME:
                self.leave_out(f"{kind}, read as {GATEWAYS[kind]}", element)
            return Gateway(id, name=name, kind=GATEWAYS[kind])
        if kind == "receiveTask":
            self.leave_out(f"{kind}, read as a wait", element)
            return _wait(id, name)
        if kind not in _SAME:
            self.leave_out(f"{kind}, read as a step", element)
        if element.get("calledElement"):
            self.leave_out("calledElement", element)
        return Step(id, name=name, resource=self.resource(element))

    def read_subprocess(self, element: Any, kind: str, id: str, name: str) -> _Item:
        """Draft a sub-process: what is in it, or one step where nothing is or the order is left to whoever does it."""
        self.list_rest(element, _SCOPE, own=True)
        if kind == "adHocSubProcess" or not any(kind_of(child) in NODES for child in element):
            self.skip(element, "read as a step")
            return self.single(element, Step(id, name=name, resource=self.resource(element)))
        self.leave_out(f"{kind}, read as what is in it", element)
        entry = self.draft.add(Pass(id, name))
        join = self.draft.add(Pass(self.draft.ids.take(f"{id}-end", kind)))
        return _Item(element, entry, join, self.read_scope(element, inside=True), join)

    def read_event(self, element: Any, kind: str, id: str, name: str, *, inside: bool) -> Node | Pass:
        """Return an event, and list what it says beyond what its node does."""
        triggers = [child for child in element if "ventDefinition" in kind_of(child)]
        kinds = {kind_of(child) for child in triggers}
        self.list_rest(element, kinds | _REPEATED)
        catching = kind == "intermediateCatchEvent"
        link = "linkEventDefinition" in kinds and kind != "boundaryEvent"
        time = duration_of(triggers[0].findtext(f"{BPMN}timeDuration", "")) if len(triggers) == 1 else None
        said = {"linkEventDefinition"} if link else set()
        if catching or kind == "startEvent":
            said.add("messageEventDefinition")
        if catching and time is not None:
            said.add("timerEventDefinition")
        for trigger in triggers:
            if kind_of(trigger) not in said:
                self.leave_out(kind_of(trigger), element)
        if kind == "startEvent" or (kind == "endEvent" and inside):
            if name_of(element):
                self.leave_out(f"name of {kind}", element)
            return Pass(id)
        if kind == "endEvent":
            return End(id, name=name)
        if link:
            return Pass(id, name)
        return _wait(id, name, time if catching and triggers else Fixed(0, unit="s"))

    # Flows

    def find(self, element: Any, attribute: str) -> _Item | None:
        """Return the node that an attribute refers to; None, and a fault, where there is none."""
        wanted = reference(element.get(attribute))
        item = self.items.get(wanted)
        if not wanted:
            self.blame(element, Message("missing field {name!r}", name=attribute))
        elif item is None:
            known = self.items if len(self.problems) < MOST_PROBLEMS else ()  # what nobody sees needs no hint
            hint = did_you_mean(wanted, known)
            message = Message(
                "no node {id!r} as {attribute}{hint}", id=wanted, attribute=attribute, hint=hint
            )
            self.blame(element, message)
        return item

    def attach(self) -> None:
        """Draft what interrupts an activity, or begins beside it, as a choice behind it."""
        hosts: defaultdict[tuple[_Item, bool], list[_Item]] = defaultdict(list)
        for item in self.items.values():
            if item.kind == "boundaryEvent":
                host = self.find(item.element, "attachedToRef")
                if host is not None and host.kind not in _ACTIVITIES:
                    self.blame(item.element, Message("{id!r} is no activity", id=label_of(host.element)))
                elif host is not None:
                    hosts[host, item.beside].append(item)
        for (host, beside), events in hosts.items():
            kind: GatewayKind = "inclusive" if beside else "exclusive"
            id = self.draft.nodes[host.entry].id
            split = self.draft.add(Gateway(self.draft.ids.take(f"{id}-events", kind), kind=kind))
            onward = self.draft.add(Pass(self.draft.ids.take(f"{id}-done", kind)))
            self.draft.arrows += [Arrow(host.exit, split), Arrow(split, onward)]
            for event in events:
                self.draft.arrows.append(Arrow(split, event.entry))
                self.leave_out(f"boundaryEvent, read as an {kind} choice behind its activity", event.element)
            host.exit = onward

    def connect(self) -> None:
        """Draft the flows."""
        for flow in self.flows:
            self.list_rest(flow)
            source, target = self.find(flow, "sourceRef"), self.find(flow, "targetRef")
            if source is None or target is None:
                continue
            if isinstance(self.draft.nodes[source.exit], End):
                message = Message("{id!r} is an end, nothing flows out of it", id=label_of(source.element))
                self.blame(flow, message)
                continue
            default = flow.get("id") is not None and reference(source.element.get("default")) == flow.get(
                "id"
            )
            if default:
                self.leave_out("default", flow)
            conditional = flow.find(f"{BPMN}conditionExpression") is not None
            self.draft.arrows.append(
                Arrow(
                    source.exit,
                    target.entry,
                    name_of(flow),
                    conditional=conditional,
                    default=default,
                    id=label_of(flow),
                )
            )

    def link(self) -> None:
        """Draft a flow from each link that is thrown to where it is caught."""
        caught: defaultdict[str, list[_Item]] = defaultdict(list)
        thrown: list[tuple[str, _Item]] = []
        for item in self.items.values():
            link = item.element.find(f"{BPMN}linkEventDefinition")
            if link is not None and item.kind.startswith("intermediate"):
                name = name_of(link) or name_of(item.element)
                if item.kind == "intermediateCatchEvent":
                    caught[name].append(item)
                else:
                    thrown.append((name, item))
        for name, item in thrown:
            if len(caught[name]) == 1:
                self.draft.arrows.append(Arrow(item.exit, caught[name][0].entry))
            else:
                message = Message(
                    "expected the link {link!r} to be caught once, found {n}", link=name, n=len(caught[name])
                )
                self.blame(item.element, message)

    # Scopes

    def fill(self, top: list[_Item]) -> tuple[list[int], bool]:
        """
        Connect all sub-processes with what is in them, and return where the process begins, and whether everywhere.

        A sub-process is done when all is that began in it: where several branches can end it, an inclusive gateway waits
        for those that were taken.
        """
        arriving = Counter(arrow.target for arrow in self.draft.arrows)
        leaving: defaultdict[int, list[Arrow]] = defaultdict(list)
        for arrow in self.draft.arrows:
            leaving[arrow.source].append(arrow)
        for item in list(self.items.values()):
            if item.inside is None:
                continue
            starts, together = self.starts(item.element, item.inside, arriving)
            entry, join = self.draft.nodes[item.entry], self.draft.nodes[item.join]
            if len(starts) > 1 and not together:
                self.draft.nodes[item.entry] = Gateway(entry.id, kind="exclusive", name=entry.name)
            ends = [inner for inner in item.inside if inner.exit not in leaving]
            arrivals = sum(arriving[end.entry] if end.kind == "endEvent" else 1 for end in ends)
            if arrivals > 1 and (together or any(_splits(inner, leaving) for inner in item.inside)):
                self.draft.nodes[item.join] = Gateway(join.id, kind="inclusive")
            self.draft.arrows += [Arrow(item.entry, start) for start in starts]
            self.draft.arrows += [Arrow(end.exit, item.join) for end in ends]
        return self.starts(self.element, top, arriving)

    def starts(self, scope: Any, items: list[_Item], arriving: Counter[int]) -> tuple[list[int], bool]:
        """
        Return where a scope begins, and whether everywhere at once.

        At one of its start events; without any, at every node that no flow leads to.
        """
        events = [item.entry for item in items if item.kind == "startEvent"]
        if events:
            return events, False
        free = [item.entry for item in items if item.entry not in arriving and item.kind != "boundaryEvent"]
        if not items:
            self.blame(scope, Message("expected a process with steps, found none"))
        elif not free:
            self.blame(scope, Message("every node has an incoming flow: nothing begins here"))
        return free, len(free) > 1


def _wait(id: str, name: str, time: Fixed | None = None) -> Wait:
    return Wait(id, name=name, cause="other", clock="elapsed", time=time)


def _splits(item: _Item, leaving: dict[int, list[Arrow]]) -> bool:
    """Whether more than one branch may go on from a node."""
    arrows = leaving.get(item.exit, [])
    if len(arrows) < 2:
        return item.beside
    kind = GATEWAYS.get(item.kind) or split_kind(arrows)
    return item.beside or kind != "exclusive"
