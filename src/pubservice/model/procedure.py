"""The ordered work behind a service: steps, waits, gateways, ends, and the flows between them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import attrs

from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.messages import Message, did_you_mean
from pubservice.model.cause import WaitCause
from pubservice.model.condition import Condition, condition
from pubservice.model.distribution import Distribution, distribution
from pubservice.model.text import (
    EMPTY,
    MOST_PROBLEMS,
    Text,
    check_count,
    check_flag,
    check_id,
    check_ids,
    check_text,
    fault,
    instance_of,
    is_id,
    names,
    not_an_id,
    one_of,
    text,
)
from pubservice.units import Duration, Money, duration, fraction, money

if TYPE_CHECKING:
    from collections.abc import Iterator

Actor = Literal["office", "applicant", "other-body"]
StepKind = Literal["work", "check", "approval", "decision", "payment", "transport", "certify"]
Contact = Literal["none", "remote", "in-person"]
Value = Literal["value-adding", "business-value-adding", "non-value-adding"]
Clock = Literal["elapsed", "working"]
GatewayKind = Literal["exclusive", "parallel", "inclusive"]


def _optional_distribution(value: object) -> Distribution | None:
    return None if value is None else distribution(value)


def _optional_duration(value: object) -> Duration | None:
    return None if value is None else duration(value)


def _optional_condition(value: str | Condition | None) -> Condition | None:
    return None if value is None else condition(value)


def _optional_fraction(value: object) -> float | None:
    return None if value is None else fraction(value)


@attrs.frozen
class Check:
    """
    A fact that a step establishes: `check` holds of the datum `of`, in its present version.

    Two facts are the same only if both parts are.
    """

    check: str = attrs.field(validator=check_id)
    of: str = attrs.field(validator=check_id)

    @property
    def said(self) -> Message:
        """The fact in words."""
        if self.check == self.of:
            return Message("{of}", of=self.of)
        return Message("{check} of {of}", check=self.check, of=self.of)

    def __str__(self) -> str:
        return str(self.said)


def checks(value: Iterable[str | Mapping[str, Any] | Check]) -> tuple[Check, ...]:
    """
    Return facts: ``"identity"`` is ``{check: identity, of: identity}``; ``of`` with a list is one fact for each.

    Raises:
        InvalidModelError: One is none of these; each fault with its place, as in ``checks[0].of``.
    """
    if type(value) is tuple and not value:
        return value
    alone = isinstance(value, str | Mapping | Check) or not isinstance(value, Iterable)
    items: Iterable[Any] = (value,) if alone else value
    facts: list[Check] = []
    problems: list[Problem] = []
    for position, item in enumerate(items):
        try:
            facts += _facts(item)
        except InvalidModelError as error:
            where = "checks" if alone else f"checks[{position}]"
            problems += [problem._replace(path=where + problem.path) for problem in error.problems]
            if len(problems) >= MOST_PROBLEMS:
                break
    if problems:
        raise InvalidModelError(problems[:MOST_PROBLEMS])
    return tuple(facts)


def _facts(item: object) -> tuple[Check, ...]:
    """Return what a text or a mapping states; all that is wrong with its parts is told, with the place in it."""
    if isinstance(item, Check):
        return (item,)
    if isinstance(item, str):
        check, data, parts = item, {"": item}, {"": item}
    elif isinstance(item, Mapping) and set(item) == {"check", "of"}:
        check, of = item["check"], item["of"]
        alone = isinstance(of, str | Mapping) or not isinstance(of, Iterable)
        data = {".of": of} if alone else {f".of[{i}]": datum for i, datum in enumerate(of)}
        parts = {".check": check, **data}
    else:
        raise fault(
            "", Message("expected a check such as {{check: valid, of: id-card}}, got {value!r}", value=item)
        )
    problems = [Problem(path, not_an_id(part)) for path, part in parts.items() if not is_id(part)]
    if not data:
        problems.append(Problem(".of", Message("expected at least one datum, got {value!r}", value=of)))
    if problems:
        raise InvalidModelError(problems[:MOST_PROBLEMS])
    return tuple(Check(check, datum) for datum in data.values())


@attrs.frozen
class Batch:
    """
    Cases that are collected and done at once.

    Attributes:
        size: As soon as so many wait; at least 1.
        period: Or each time so long has passed.
    """

    size: int | None = attrs.field(default=None, kw_only=True, validator=check_count)
    period: Duration | None = attrs.field(converter=_optional_duration, default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(batch_problems(self))
        if problems:
            raise InvalidModelError(problems)


def batch_problems(batch: Batch) -> Iterator[Problem]:
    """Yield what does not fit together in a batch."""
    if (batch.size is None) == (batch.period is None):
        yield Problem("", Message("expected a batch by size or by period, one of them"))


@attrs.frozen
class Step:
    """
    One piece of work on a case.

    Order inside a step: it needs, asks, checks, then gives; a step that gives a datum keeps no fact about it.

    Attributes:
        id: Unique in the procedure, over all nodes.
        name: For people.
        actor: Who acts: ``office``, ``applicant`` or ``other-body`` (with `body`).
        body: Which other body.
        resource: Ids of what the office uses, needed together; without any the step never queues.
        staff: How many of each resource one case takes, at least 1.
        kind: ``work``, ``check``, ``approval``, ``decision``, ``payment``, ``transport`` or ``certify``.
        processing_time: Time that it takes to work on a case; None is unknown, never 0.
        setup_time: Time before the work on each batch.
        batch: Whether cases are collected first.
        patience: How long a case waits for what it uses before it is withdrawn; None is for ever.
        cost: Extra office expense each time.
        needs: Data that it reads.
        asks: Data that the applicant must hand in at this step.
        checks: Facts that it establishes.
        gives: Data of which it makes a new version.
        value: ``value-adding``, ``business-value-adding`` or ``non-value-adding``; None is not classified.
        legal_basis: Provisions that demand the step.
        channel: Id of the channel by which the applicant is met.
        contact: What it takes of the applicant: ``none``, ``remote`` or ``in-person``.
        competences: What whoever does it must be able to do.

    Example:
        >>> Step("intake", resource="clerk", processing_time="10 min", checks=["identity"]).checks
        (Check(check='identity', of='identity'),)
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    actor: Actor = attrs.field(
        default="office", kw_only=True, validator=one_of("office", "applicant", "other-body")
    )
    body: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    resource: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)
    staff: int = attrs.field(default=1, kw_only=True, validator=check_count)
    kind: StepKind = attrs.field(
        default="work",
        kw_only=True,
        validator=one_of("work", "check", "approval", "decision", "payment", "transport", "certify"),
    )
    processing_time: Distribution | None = attrs.field(
        converter=_optional_distribution, default=None, kw_only=True
    )
    setup_time: Distribution | None = attrs.field(
        converter=_optional_distribution, default=None, kw_only=True
    )
    batch: Batch | None = attrs.field(default=None, kw_only=True, validator=instance_of(Batch))
    patience: Distribution | None = attrs.field(converter=_optional_distribution, default=None, kw_only=True)
    cost: Money | None = attrs.field(converter=attrs.converters.optional(money), default=None, kw_only=True)
    needs: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True, validator=check_ids)
    asks: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True, validator=check_ids)
    checks: tuple[Check, ...] = attrs.field(converter=checks, default=(), kw_only=True)
    gives: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True, validator=check_ids)
    value: Value | None = attrs.field(
        default=None,
        kw_only=True,
        validator=one_of("value-adding", "business-value-adding", "non-value-adding"),
    )
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    contact: Contact = attrs.field(
        default="none", kw_only=True, validator=one_of("none", "remote", "in-person")
    )
    competences: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True, validator=check_ids)

    def __attrs_post_init__(self) -> None:
        if self.actor != "office" or self.body is not None:
            problems = list(step_problems(self))
            if problems:
                raise InvalidModelError(problems)


def step_problems(step: Step) -> Iterator[Problem]:
    """Yield what does not fit together in a step."""
    if step.actor != "office" and step.resource:
        message = Message("only a step of the office uses resources, got actor {actor!r}", actor=step.actor)
        yield Problem("resource", message)
    if step.actor != "office" and step.staff != 1:
        yield Problem(
            "staff", Message("only a step of the office has staff, got actor {actor!r}", actor=step.actor)
        )
    if step.body is not None and step.actor != "other-body":
        yield Problem(
            "body", Message("only a step of an other-body names it, got actor {actor!r}", actor=step.actor)
        )


@attrs.frozen
class Wait:
    """
    Time that passes without our work.

    Attributes:
        id: Unique in the procedure, over all nodes.
        name: For people.
        cause: ``applicant``, ``other-body``, ``statutory``, ``signature`` or ``other``.
        clock: Whether it passes always (``elapsed``) or while the office is open (``working``).
        time: How long; None is unknown.
        needs: Data that whoever acts meanwhile must have at its start: the letter that is answered, the file that is
            looked at.
        gives: Data that come with its end: the form comes back, an opinion arrives.
        legal_basis: Provisions that demand it.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    cause: WaitCause = attrs.field(
        kw_only=True,
        validator=one_of(*get_args(WaitCause)),
    )
    clock: Clock = attrs.field(kw_only=True, validator=one_of("elapsed", "working"))
    time: Distribution | None = attrs.field(converter=_optional_distribution, default=None, kw_only=True)
    needs: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True, validator=check_ids)
    gives: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True, validator=check_ids)
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(wait_problems(self))
        if problems:
            raise InvalidModelError(problems)


def wait_problems(wait: Wait) -> Iterator[Problem]:
    """Yield what does not fit together in a wait."""
    if wait.clock == "elapsed" and wait.time is not None and wait.time.unit.startswith("working_"):
        message = Message(
            "working time passes on the working clock, got {value!r} and clock 'elapsed'",
            value=str(wait.time),
        )
        yield Problem("time", message)


@attrs.frozen
class Gateway:
    """
    Where flows split, join, or both.

    Attributes:
        id: Unique in the procedure, over all nodes.
        name: The question it asks.
        kind: ``exclusive`` (one flow), ``parallel`` (all) or ``inclusive`` (each with its own probability, given that
            at least one is taken).
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    kind: GatewayKind = attrs.field(kw_only=True, validator=one_of("exclusive", "parallel", "inclusive"))


def _default_outcome(end: End) -> str:
    return end.id


def _default_completed(end: End) -> bool:
    return end.outcome != "withdrawn"


@attrs.frozen
class End:
    """
    Where cases leave.

    Attributes:
        id: Unique in the procedure, over all nodes.
        name: For people.
        outcome: ``granted``, ``refused``, ``withdrawn`` or your own word; the id where left out.
        completed: Whether the service did what it is there for, a correct refusal included; false for ``withdrawn``.

    Example:
        >>> End("withdrawn").completed, End("refused").completed
        (False, True)
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    outcome: str = attrs.field(
        default=attrs.Factory(_default_outcome, takes_self=True),
        kw_only=True,
        validator=check_text,
    )
    completed: bool = attrs.field(
        default=attrs.Factory(_default_completed, takes_self=True),
        kw_only=True,
        validator=check_flag,
    )


@attrs.frozen
class Flow:
    """
    Order: when the source is done, the case goes to the target.

    Attributes:
        source: Id of a node.
        target: Id of a node.
        probability: With which a choice takes it, 0 to 1; ``1/3`` is read as a third.
        condition: On the attributes of cases: which of them take it, such as ``amount > 5``. Out of a choice, the first
            flow whose condition holds is taken; of an inclusive gateway, each. One flow without is for all others.
        name: What stands on the line.
    """

    source: str = attrs.field(validator=check_text)
    target: str = attrs.field(validator=check_text)
    probability: float | None = attrs.field(converter=_optional_fraction, default=None, kw_only=True)
    condition: Condition | None = attrs.field(converter=_optional_condition, default=None, kw_only=True)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)


Node: TypeAlias = Step | Wait | Gateway | End


def _steps(items: Iterable[Step]) -> tuple[Step, ...]:
    return _all(items, Step)


def _waits(items: Iterable[Wait]) -> tuple[Wait, ...]:
    return _all(items, Wait)


def _gateways(items: Iterable[Gateway]) -> tuple[Gateway, ...]:
    return _all(items, Gateway)


def _ends(items: Iterable[End]) -> tuple[End, ...]:
    return _all(items, End)


def _flows(items: Iterable[Flow]) -> tuple[Flow, ...]:
    return _all(items, Flow)


def _all(items: Iterable[Any], kind: type[Any]) -> tuple[Any, ...]:
    if isinstance(items, str | Mapping) or not isinstance(items, Iterable):
        raise fault("", Message("expected a list, got {value!r}", value=items))
    result = tuple(items)
    for item in result:
        if not isinstance(item, kind):
            raise fault("", Message("expected a {kind}, got {value!r}", kind=kind.__name__, value=item))
    return result


@attrs.frozen
class Procedure:
    """
    The work that delivers a service.

    Attributes:
        start: Id of the first node; where left out, the only node without an incoming flow.
        steps: Pieces of work.
        waits: Time that passes without our work.
        gateways: Splits and joins.
        ends: Where cases leave. A node without an outgoing flow is an implicit end with outcome ``completed``.
        flows: Order. Several out of a step, a wait or an exclusive gateway are a choice.

    Raises:
        InvalidModelError: Ids repeat, flows name nothing, probabilities do not fit, or the start is ambiguous.
    """

    start: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    steps: tuple[Step, ...] = attrs.field(converter=_steps, default=(), kw_only=True)
    waits: tuple[Wait, ...] = attrs.field(converter=_waits, default=(), kw_only=True)
    gateways: tuple[Gateway, ...] = attrs.field(converter=_gateways, default=(), kw_only=True)
    ends: tuple[End, ...] = attrs.field(converter=_ends, default=(), kw_only=True)
    flows: tuple[Flow, ...] = attrs.field(converter=_flows, default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(islice(procedure_problems(self), MOST_PROBLEMS))
        if problems:
            raise InvalidModelError(problems)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Steps, waits, gateways and ends, in this order."""
        return (*self.steps, *self.waits, *self.gateways, *self.ends)

    @property
    def workers(self) -> tuple[Step | Wait, ...]:
        """Steps and waits: the nodes that take time and make data."""
        return (*self.steps, *self.waits)

    @cached_property
    def _by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    def node(self, id: str) -> Node:
        """
        Return the node with an id.

        Raises:
            UnknownIdError: There is none.
        """
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownIdError("node", id, self._by_id) from None

    @cached_property
    def first(self) -> str | None:
        """The id of the first node, stated or found; None for an empty procedure."""
        if self.start is not None or not self._by_id:
            return self.start
        targets = {flow.target for flow in self.flows}
        return next(node for node in self._by_id if node not in targets)


def procedure_problems(procedure: Procedure) -> Iterator[Problem]:
    """Yield what does not fit together in a procedure, in document order."""
    kinds: dict[str, str] = {}
    for collection in ("steps", "waits", "gateways", "ends"):
        for position, node in enumerate(getattr(procedure, collection)):
            if node.id in kinds:
                yield Problem(
                    f"{collection}[{position}].id", Message("{id!r} is the id of another node", id=node.id)
                )
            else:
                kinds[node.id] = node.kind if collection == "gateways" else collection
    out: defaultdict[str, list[int]] = defaultdict(list)
    targets = set()
    pairs = set()
    flows = procedure.flows
    for position, flow in enumerate(flows):
        for end in ("source", "target"):
            node_id = getattr(flow, end)
            if node_id not in kinds:
                message = Message("no node {id!r}{hint}", id=node_id, hint=did_you_mean(str(node_id), kinds))
                yield Problem(f"flows[{position}].{end}", message)
        if kinds.get(flow.source) == "ends":
            message = Message("{id!r} is an end, nothing flows out of it", id=flow.source)
            yield Problem(f"flows[{position}].source", message)
        pair = (flow.source, flow.target)
        if pair in pairs:
            message = Message(
                "a second flow from {source!r} to {target!r}: put a gateway between",
                source=flow.source,
                target=flow.target,
            )
            yield Problem(f"flows[{position}]", message)
        pairs.add(pair)
        out[flow.source].append(position)
        targets.add(flow.target)
    complete = out.keys() <= kinds.keys()  # a flow from nowhere may be what lacks somewhere
    for source, positions in out.items():
        if kinds.get(source, "ends") != "ends":
            yield from _probability_problems(source, kinds[source], positions, flows, complete=complete)
            yield from _condition_problems(source, kinds[source], positions, flows)
    if procedure.start is not None:
        if procedure.start not in kinds:
            message = Message(
                "no node {id!r}{hint}", id=procedure.start, hint=did_you_mean(procedure.start, kinds)
            )
            yield Problem("start", message)
    elif kinds and targets <= kinds.keys():  # a flow to nowhere would make its target look like a start
        candidates = [node for node in kinds if node not in targets]
        if not candidates:
            yield Problem("start", Message("every node has an incoming flow: name the first node as start"))
        elif len(candidates) > 1:
            found = ", ".join(candidates[:5]) + (", ..." if len(candidates) > 5 else "")
            yield Problem(
                "start",
                Message(
                    "ambiguous: {found} have no incoming flow: name the first node as start", found=found
                ),
            )


def _probability_problems(
    source: str,
    kind: str,
    positions: list[int],
    flows: tuple[Flow, ...],
    *,
    complete: bool,
) -> Iterator[Problem]:
    values = [flows[i].probability for i in positions]
    given = [value for value in values if value is not None]
    if not given:
        return
    where = f"flows[{positions[0]}].probability"
    if kind == "parallel":
        for i in positions:
            if flows[i].probability is not None:
                message = Message(
                    "every flow out of the parallel gateway {id!r} is taken: no probability", id=source
                )
                yield Problem(f"flows[{i}].probability", message)
    elif len(given) < len(values):
        missing = next(i for i in positions if flows[i].probability is None)
        message = Message("expected a probability on all flows out of {id!r} or on none", id=source)
        yield Problem(f"flows[{missing}].probability", message)
    elif kind == "inclusive":
        if not any(given):
            yield Problem(
                where, Message("no flow out of the inclusive gateway {id!r} can be taken", id=source)
            )
    elif abs(math.fsum(given) - 1) > 1e-9 and (complete or math.fsum(given) > 1):
        message = Message(
            "probabilities out of {id!r} sum to {total:.10g}, expected 1",
            id=source,
            total=math.fsum(given),
        )
        yield Problem(where, message)


def _condition_problems(
    source: str, kind: str, positions: list[int], flows: tuple[Flow, ...]
) -> Iterator[Problem]:
    conditional = [i for i in positions if flows[i].condition is not None]
    if kind == "parallel":
        for i in conditional:
            message = Message(
                "every flow out of the parallel gateway {id!r} is taken: no condition", id=source
            )
            yield Problem(f"flows[{i}].condition", message)
    elif conditional and len(positions) == 1:
        message = Message("the only flow out of {id!r} is always taken: no condition", id=source)
        yield Problem(f"flows[{positions[0]}].condition", message)
    elif conditional and len(positions) - len(conditional) > 1:
        _, second, *_ = (i for i in positions if flows[i].condition is None)
        message = Message(
            "a second flow without condition out of {id!r}: one is for all other cases", id=source
        )
        yield Problem(f"flows[{second}].condition", message)
