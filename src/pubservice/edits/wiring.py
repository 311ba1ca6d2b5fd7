"""
Changes to the order of a procedure: a procedure in, a new one out.

A *run* is steps that follow each other with nothing between them but, behind a step, the exclusive gateway that decides
on what the step found. Each step of a run leads on to the next; the other ways out of it, such as a refusal, are its own
and stay with it wherever it goes.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from pubservice.errors import InvalidEditError
from pubservice.graph.decisions import decides, parting
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.paths import from_start
from pubservice.messages import Message, did_you_mean
from pubservice.model.procedure import End, Flow, Gateway, Procedure, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pubservice.model.open_cases import OpenCases
    from pubservice.model.service import PublicService, Suppression


def find_step(procedure: Procedure, id: str, service: str) -> Step:
    """
    Return the step with an id.

    Raises:
        InvalidEditError: There is none; the service is named.
    """
    for step in procedure.steps:
        if step.id == id:
            return step
    raise InvalidEditError(
        Message(
            "no step {id!r} in service {service!r}{hint}",
            id=id,
            service=service,
            hint=did_you_mean(id, [step.id for step in procedure.steps]),
        )
    )


@attrs.frozen
class Unit:
    """
    A step of a run.

    Attributes:
        step: The step.
        last: Id of the node that its ways out leave from: its own, or that of the gateway that decides behind it.
        exits: Its ways out, in document order.
        onward: The one of them that leads on; None where cases leave behind it, or where that is not clear.
    """

    step: Step
    last: str
    exits: tuple[Flow, ...]
    onward: Flow | None


@attrs.frozen
class Run:
    """
    Steps that follow each other.

    Attributes:
        units: In the order of the procedure.
        entries: The flows that lead to the first of them.
    """

    units: tuple[Unit, ...]
    entries: tuple[Flow, ...]

    @property
    def ids(self) -> list[str]:
        """The ids of its steps."""
        return [unit.step.id for unit in self.units]

    @property
    def target(self) -> str | None:
        """Where the last of them leads on to."""
        onward = self.units[-1].onward
        return None if onward is None else onward.target


def find_run(procedure: Procedure, steps: Iterable[str], service: str) -> Run:
    """
    Return steps, named in any order, as the run that they are.

    Raises:
        InvalidEditError: A step is not there, or they do not follow each other; the text says which.
    """
    named = list(dict.fromkeys(steps))
    wanted = {id: find_step(procedure, id, service) for id in named}
    if len(named) < 2:
        raise InvalidEditError(
            Message(
                "expected several steps that follow each other, got {steps}", steps=", ".join(named) or "-"
            )
        )
    out: dict[str, list[Flow]] = {}
    into: dict[str, list[Flow]] = {}
    for flow in procedure.flows:
        out.setdefault(flow.source, []).append(flow)
        into.setdefault(flow.target, []).append(flow)
    first = procedure.first  # cases also come to it from outside
    graph = flowgraph(procedure)
    parts = {id: parting(graph, graph.index[id]) for id in named}
    last = {id: id if i < 0 else graph.id(i) for id, i in parts.items()}
    following: dict[str, Flow] = {}
    for id in named:
        inside = [flow for flow in out.get(last[id], ()) if flow.target in wanted]
        inside = [flow for flow in inside if len(into[flow.target]) == 1 and flow.target != first]
        if len(inside) == 1:
            following[id] = inside[0]
    reached = {flow.target for flow in following.values()}
    heads = [id for id in named if id not in reached]
    order = heads[:1]
    while order and order[-1] in following and len(order) <= len(named):
        order.append(following[order[-1]].target)
    if len(heads) != 1 or len(order) != len(named):
        raise InvalidEditError(
            Message("{steps} do not follow each other without anything between", steps=", ".join(named))
        )
    knocked = {
        flow.target for id in order[:-1] for flow in out.get(last[id], ()) if flow is not following[id]
    }
    ends = {end.id for end in procedure.ends}
    units = []
    for id in order:
        exits = tuple(out.get(last[id], ()))
        onward = following.get(id) or _onward(
            [flow for flow in exits if flow.target != order[0]], knocked, ends
        )
        units.append(Unit(wanted[id], last[id], exits, onward))
    return Run(tuple(units), tuple(into.get(order[0], ())))


def _onward(exits: Sequence[Flow], knocked: set[str], ends: set[str]) -> Flow | None:
    """Return the way that leads on behind a run: the only one, or the only one to where no other step leads, or to no end."""
    left = [flow for flow in exits if flow.target not in knocked] if len(exits) > 1 else exits
    if len(left) > 1:
        left = [flow for flow in left if flow.target not in ends]
    return left[0] if len(left) == 1 else None


def plain_run(procedure: Procedure, steps: Iterable[str], service: str, *, but_last: bool = False) -> Run:
    """
    Return a run in which no step decides where the case goes on.

    Args:
        procedure: Of the service.
        steps: In any order.
        service: Its id, for errors.
        but_last: The last of them may decide.

    Raises:
        InvalidEditError: They are no such run.
    """
    run = find_run(procedure, steps, service)
    for unit in run.units[:-1] if but_last else run.units:
        if len(unit.exits) > 1:
            raise InvalidEditError(Message("step {id!r} decides where the case goes on", id=unit.step.id))
    return run


def _check_way_on(run: Run) -> None:
    last = run.units[-1]
    if last.exits and last.onward is None:
        raise InvalidEditError(Message("which way leads on from {step!r} is not clear", step=last.step.id))


def reorder(procedure: Procedure, steps: Sequence[str], service: str) -> Procedure:
    """
    Return a procedure in which steps that follow each other are done in another order.

    Raises:
        InvalidEditError: They do not follow each other, it is not clear which way leads on behind them, or a step that
            decides would become the last before the case leaves without an end of its own.
    """
    run = find_run(procedure, steps, service)
    new = [next(unit for unit in run.units if unit.step.id == id) for id in dict.fromkeys(steps)]
    first = run.units[0].step.id
    _check_way_on(run)
    if run.target is None and len(new[-1].exits) > 1:
        raise InvalidEditError(
            Message("cases leave behind {step!r}: give the procedure an end", step=run.units[-1].step.id)
        )
    leads = {
        unit.last: following.step.id
        for unit, following in zip(new, [*new[1:], None], strict=True)
        if following
    }
    if run.target is not None:
        leads[new[-1].last] = run.target
    moved = {id(unit.onward): unit.last for unit in run.units if unit.onward is not None}
    flows = []
    for flow in procedure.flows:
        if id(flow) in moved:
            source = moved[id(flow)]
            if source in leads:
                flows.append(attrs.evolve(flow, target=leads.pop(source)))
        elif flow.target == first:
            flows.append(attrs.evolve(flow, target=new[0].step.id))
        else:
            flows.append(flow)
    flows.extend(Flow(source, target) for source, target in leads.items())
    start = new[0].step.id if procedure.first == first else procedure.start
    return attrs.evolve(procedure, start=start, flows=flows)


def parallelise(procedure: Procedure, branches: Sequence[Sequence[str]], service: str) -> Procedure:
    """
    Return a procedure in which steps that follow each other are done side by side.

    Raises:
        InvalidEditError: They do not follow each other, one of them decides, or there is only one branch.
    """
    steps = [id for branch in branches for id in branch]
    if len(branches) < 2 or not all(branches) or len(set(steps)) < len(steps):
        raise InvalidEditError(Message("expected at least two branches of different steps"))
    run = plain_run(procedure, steps, service)
    _check_way_on(run)
    position = {id: i for i, id in enumerate(run.ids)}
    for branch in branches:
        if [position[id] for id in branch] != sorted(position[id] for id in branch):
            raise InvalidEditError(
                Message("{steps} stand in another order in the procedure", steps=", ".join(branch))
            )
    taken = {node.id for node in procedure.nodes}
    fork, join = (new_id(f"{run.ids[0]}-{word}", taken) for word in ("fork", "join"))
    gateways = [*procedure.gateways, Gateway(fork, kind="parallel"), Gateway(join, kind="parallel")]
    entry = fork
    starts = procedure.first == run.ids[0]
    if len(run.entries) + starts > 1:  # several flows into a parallel gateway would wait for each other
        entry = new_id(f"{run.ids[0]}-merge", taken)
        gateways.append(Gateway(entry, kind="exclusive"))
    inside = {id(unit.onward) for unit in run.units}
    flows = [
        attrs.evolve(flow, target=entry) if flow.target == run.ids[0] else flow
        for flow in procedure.flows
        if id(flow) not in inside
    ]
    if entry != fork:
        flows.append(Flow(entry, fork))
    for branch in branches:
        way = [fork, *branch, join]
        flows.extend(Flow(source, target) for source, target in pairwise(way))
    if run.target is not None:
        flows.append(Flow(join, run.target))
    start = entry if starts else procedure.start
    return attrs.evolve(procedure, start=start, gateways=gateways, flows=flows)


def replace_steps(procedure: Procedure, old: Sequence[str], new: Sequence[Step]) -> Procedure:
    """
    Return a procedure in which steps that follow each other are others instead, one after the other.

    What led to the first of the old leads to the first of the new; what the last of the old led to follows the last of
    the new.
    """
    gone = set(old)
    flows = []
    for flow in procedure.flows:
        if flow.source in gone and flow.target in gone and flow.source != old[-1]:
            continue
        source = new[-1].id if flow.source == old[-1] else flow.source
        target = new[0].id if flow.target == old[0] else flow.target
        flows.append(
            flow
            if (source, target) == (flow.source, flow.target)
            else attrs.evolve(flow, source=source, target=target)
        )
    flows.extend(Flow(a.id, b.id) for a, b in pairwise(new))
    steps: list[Step] = []
    for step in procedure.steps:
        if step.id == old[0]:
            steps.extend(new)
        elif step.id not in gone:
            steps.append(step)
    start = new[0].id if procedure.first == old[0] else procedure.start
    return attrs.evolve(procedure, start=start, steps=steps, flows=flows)


def alternatives(procedure: Procedure, old: str, new: Sequence[tuple[Step, float]]) -> Procedure:
    """Return a procedure in which a step is a choice between others, each with its probability."""
    taken = {node.id for node in procedure.nodes} - {old} | {step.id for step, _ in new}
    split, done = (new_id(f"{old}-{word}", taken) for word in ("triage", "done"))
    out = [flow for flow in procedure.flows if flow.source == old]
    flows = [
        attrs.evolve(flow, target=split) if flow.target == old else flow
        for flow in procedure.flows
        if flow.source != old
    ]
    gateways = [*procedure.gateways, Gateway(split, kind="exclusive")]
    flows.extend(Flow(split, step.id, probability=p) for step, p in new)
    if out:
        gateways.append(Gateway(done, kind="exclusive"))
        flows.extend(Flow(step.id, done) for step, _ in new)
        flows.extend(
            attrs.evolve(flow, source=done, target=split if flow.target == old else flow.target)
            for flow in out
        )
    steps = [
        other for step in procedure.steps for other in ([s for s, _ in new] if step.id == old else [step])
    ]
    start = split if procedure.first == old else procedure.start
    return attrs.evolve(procedure, start=start, steps=steps, gateways=gateways, flows=flows)


def new_id(wanted: str, taken: set[str]) -> str:
    """Return an id that nothing has yet, and take it."""
    id, n = wanted, 1
    while id in taken:
        n += 1
        id = f"{wanted}-{n}"
    taken.add(id)
    return id


def remove_step(procedure: Procedure, step: Step, due: Collection[str] = ()) -> Procedure:
    """
    Return a procedure without a step; what led to it leads on to what followed it.

    Args:
        procedure: Of the service.
        step: Which step.
        due: Nodes at which fees are due, by the cases that pass there.

    Raises:
        InvalidEditError: Cases reach it and it decides where they go on, or it is all there is.
    """
    id = step.id
    after = [flow for flow in procedure.flows if flow.source == id]
    graph = flowgraph(procedure)
    place = graph.index[id]
    if len(after) > 1 or (from_start(graph)[place] and decides(graph, place)):
        raise InvalidEditError(Message("step {id!r} decides where the case goes on", id=id))
    following = after[0].target if after else None
    first = procedure.first
    if following == id or (following is None and first == id):
        raise InvalidEditError(Message("step {id!r} is all there is", id=id))
    rest = tuple(other for other in procedure.steps if other.id != id)
    before = {flow.source for flow in procedure.flows if flow.target == id}
    joins = {gateway.id for gateway in procedure.gateways if gateway.kind != "exclusive"}
    meet = len(before) + (first == id) > 1 and following in joins
    if following is not None and (id in due or meet):
        # A place stays where the step was: a fee is due there, or the gateway behind it would wait for ways that exclude
        # each other and have met in the step.
        gateways = (*procedure.gateways, Gateway(id, kind="exclusive"))
        return attrs.evolve(procedure, steps=rest, gateways=gateways)
    if following is None:
        chosen = any(flow.source in before and flow.target != id for flow in procedure.flows)
        if chosen or id in due:  # where cases leave stays a place of its own
            return attrs.evolve(procedure, steps=rest, ends=(*procedure.ends, End(id, outcome="completed")))
        flows = [flow for flow in procedure.flows if flow.target != id]
        return attrs.evolve(procedure, steps=rest, flows=flows)
    flows = [
        attrs.evolve(flow, target=following) if flow.target == id else flow
        for flow in procedure.flows
        if flow.source != id
    ]
    start = following if first == id else procedure.start
    return _tidied(procedure, flows, [*before, following], start=start, steps=rest, due=due)


def remove_flow(procedure: Procedure, source: str, target: str, due: Collection[str] = ()) -> Procedure:
    """
    Return a procedure without a flow between parallel gateways that other flows imply.

    Args:
        procedure: Of the service.
        source: Where it leaves.
        target: Where it leads.
        due: Nodes at which fees are due, by the cases that pass there.

    Raises:
        InvalidEditError: There is no such flow, or others do not imply it.
    """
    parallel = {gateway.id for gateway in procedure.gateways if gateway.kind == "parallel"}
    rest = [flow for flow in procedure.flows if (flow.source, flow.target) != (source, target)]
    if len(rest) == len(procedure.flows):
        raise InvalidEditError(Message("no flow from {source!r} to {target!r}", source=source, target=target))
    if not {source, target} <= parallel or not _leads(rest, source, target):
        message = Message(
            "only a flow between parallel gateways is implied by others, got {source!r} to {target!r}",
            source=source,
            target=target,
        )
        raise InvalidEditError(message)
    return _tidied(procedure, rest, [source, target], start=procedure.start, steps=procedure.steps, due=due)


def _leads(flows: Iterable[Flow], source: str, target: str) -> bool:
    """Return whether some way leads from one node to another."""
    following: defaultdict[str, list[str]] = defaultdict(list)
    for flow in flows:
        following[flow.source].append(flow.target)
    reached, pending = {source}, [source]
    while pending and target not in reached:
        new = [node for node in following[pending.pop()] if node not in reached]
        reached.update(new)
        pending.extend(new)
    return target in reached


def _tidied(
    procedure: Procedure,
    flows: Iterable[Flow],
    touched: Iterable[str],
    *,
    start: str | None,
    steps: Sequence[Step],
    due: Collection[str],
) -> Procedure:
    """
    Return a procedure with other flows, where nothing stands that no longer has a purpose.

    Flows between the same two nodes become one. Gateways with one way in and one way out go, as far as what was touched
    reaches. Flows stay in document order.
    """
    kinds = {gateway.id: gateway.kind for gateway in procedure.gateways}
    out: defaultdict[str, dict[str, tuple[int, Flow]]] = defaultdict(dict)
    into: defaultdict[str, set[str]] = defaultdict(set)
    joined: dict[str, str] = {}

    def link(place: int, flow: Flow) -> None:
        known = out[flow.source].get(flow.target)
        if known is not None:
            if known[1].condition is not None or flow.condition is not None:
                joined[flow.source] = flow.target
            place, flow = min(place, known[0]), _united(known[1], flow, kinds.get(flow.source))
        out[flow.source][flow.target] = place, flow
        into[flow.target].add(flow.source)

    for place, flow in enumerate(flows):
        link(place, flow)
    first = start or procedure.first
    pending = list(touched)
    while pending:
        id = pending.pop()
        single = len(out[id]) == 1 and len(into[id]) + (id == first) == 1
        if id not in kinds or id in due or not single or id in out[id]:
            continue
        (target,) = out.pop(id)
        del kinds[id]
        into[target].discard(id)
        for source in into.pop(id, ()):
            place, flow = out[source].pop(id)
            link(place, attrs.evolve(flow, target=target))
            pending.append(source)
        pending.append(target)
        if id == first:
            start = first = target
    for source, target in joined.items():
        if len(out[source]) > 1:
            raise InvalidEditError(
                Message(
                    "two flows from {source!r} would both lead to {target!r}: put their conditions together first",
                    source=source,
                    target=target,
                )
            )
    left = sorted((entry for way in out.values() for entry in way.values()), key=lambda entry: entry[0])
    gateways = [gateway for gateway in procedure.gateways if gateway.id in kinds]
    return attrs.evolve(
        procedure, start=start, steps=steps, gateways=gateways, flows=[flow for _, flow in left]
    )


def _united(one: Flow, other: Flow, kind: str | None) -> Flow:
    """Return one flow for two between the same nodes, taken as often as any of them was, without condition."""
    one = attrs.evolve(one, condition=None)
    if one.probability is None or other.probability is None:
        return one
    either = one.probability + other.probability
    if kind == "inclusive":
        either -= one.probability * other.probability
    return attrs.evolve(one, probability=min(1.0, either))


def rewired(
    service: PublicService, procedure: Procedure, instead: Mapping[str, Sequence[str]] | None = None
) -> PublicService:
    """
    Return a service with another procedure.

    A fee due at a node that is gone is due at the first of those that stand for it; a suppression holds for all of them,
    and goes where there are none. Open cases that stand at such a node stand at the first of those, else at the next
    step or wait; they are done where none follows.

    Args:
        service: As it was.
        procedure: That of the new service.
        instead: By node that is gone, those that stand for it.
    """
    moved = instead or {}
    kept = {node.id for node in procedure.nodes}
    fees = [
        attrs.evolve(fee, at=moved[fee.at][0]) if fee.at is not None and fee.at in moved else fee
        for fee in service.fees
    ]
    ignore: dict[Suppression, None] = {}
    for suppression in service.ignore:
        if suppression.step is None:
            ignore[suppression] = None
            continue
        for step in moved.get(suppression.step, (suppression.step,)):
            if step in kept:
                ignore[attrs.evolve(suppression, step=step)] = None
    return attrs.evolve(
        service,
        procedure=procedure,
        fees=fees,
        ignore=tuple(ignore),
        open_cases=tuple(_moved_on(service, procedure, moved)),
    )


def _moved_on(
    service: PublicService, procedure: Procedure, moved: Mapping[str, Sequence[str]]
) -> Iterator[OpenCases]:
    """Yield the open cases of a service where they stand in another procedure."""
    kept = {step.id for step in procedure.steps} | {wait.id for wait in procedure.waits}
    for standing in service.open_cases:
        place = standing.at
        passed: set[str] = set()
        while place and place not in kept and place not in passed:
            passed.add(place)
            after = (flow.target for flow in service.procedure.flows if flow.source == place)
            place = moved[place][0] if place in moved else next(after, "")
        if place in kept:
            yield standing if place == standing.at else attrs.evolve(standing, at=place)
