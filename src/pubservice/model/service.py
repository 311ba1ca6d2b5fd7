"""A public service: what it delivers, to whom, by which procedure, against which promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message, did_you_mean
from pubservice.model.arrivals import Arrivals, booked_problems, most_cases, quickened
from pubservice.model.attribute import Attribute, attributes
from pubservice.model.choice import choice_problems
from pubservice.model.demand import Demand
from pubservice.model.metric import Target
from pubservice.model.open_cases import OpenCases
from pubservice.model.procedure import Procedure, _all, _optional_duration
from pubservice.model.text import (
    EMPTY,
    MOST_PROBLEMS,
    Text,
    check_count,
    check_id,
    check_ids,
    check_text,
    check_words,
    duplicates,
    fault,
    instance_of,
    names,
    one_of,
    text,
)
from pubservice.units import CostRate, Duration, Money, Rate, cost_rate, fraction, money, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

ServiceKind = Literal["goods", "services", "administrative"]


@attrs.frozen
class Evidence:
    """
    A datum there is something to say about: a document, a register entry, a proof.

    Attributes:
        id: The datum that steps need, ask for, check and give.
        name: For people.
        issuer: Who issues it.
        validity: How long it is valid.
        time_to_obtain: The applicant's time to obtain it.
        cost_to_obtain: What the applicant pays for it.
        legal_basis: Provisions that demand it.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    issuer: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    validity: Duration | None = attrs.field(converter=_optional_duration, default=None, kw_only=True)
    time_to_obtain: Duration | None = attrs.field(converter=_optional_duration, default=None, kw_only=True)
    cost_to_obtain: Money | None = attrs.field(
        converter=attrs.converters.optional(money), default=None, kw_only=True
    )
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)


def _own_id(requirement: Requirement) -> tuple[str, ...]:
    return (requirement.id,)


@attrs.frozen
class Requirement:
    """
    What an applicant has to prove.

    Attributes:
        id: What steps name where several kinds of evidence prove it.
        name: For people.
        evidence: Ids of data, any of which meets it; the requirement's own id where left out.
        business_as_usual: Share of what it costs, 0 to 1, that applicants would bear without being asked.
        legal_basis: Provisions that demand it.

    Example:
        >>> Requirement("id-card").evidence
        ('id-card',)
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    evidence: tuple[str, ...] = attrs.field(
        converter=names,
        default=attrs.Factory(_own_id, takes_self=True),
        kw_only=True,
        validator=check_ids,
    )
    business_as_usual: float = attrs.field(converter=fraction, default=0.0, kw_only=True)
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)


@attrs.frozen
class Output:
    """
    A datum that the service owes.

    Attributes:
        id: The datum.
        name: For people.
        legal_basis: Provisions by which it is owed.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)


@attrs.frozen
class Channel:
    """
    A way by which applicants meet the service.

    Attributes:
        id: What steps name.
        name: For people.
        kind: ``counter``, ``online``, ``phone``, ``post``, ``mobile`` or ``other``.
        travel_time: There and back, for each time the applicant appears.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    kind: Literal["counter", "online", "phone", "post", "mobile", "other"] = attrs.field(
        default="other",
        kw_only=True,
        validator=one_of("counter", "online", "phone", "post", "mobile", "other"),
    )
    travel_time: Duration | None = attrs.field(converter=_optional_duration, default=None, kw_only=True)


@attrs.frozen
class Fee:
    """
    What the applicant pays.

    Attributes:
        amount: Each time.
        at: Id of the node where it is due; None for the start.
        name: For people.
        legal_basis: Provisions that set it.
    """

    amount: Money = attrs.field(converter=money)
    at: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)


@attrs.frozen
class Event:
    """
    A situation in the life of a person or a business in which the service is wanted.

    Attributes:
        id: Unique among the life events or the business events of the service.
        name: For people.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)


@attrs.frozen
class Suppression:
    """
    A finding that is known, and not to be reported, for a reason that is stated.

    Attributes:
        code: Of the rule, such as ``RED002``.
        reason: Why it stays as it is.
        step: Id of the node that it concerns; None for the whole service.

    Example:
        >>> Suppression("RED002", step="archive", reason="Perda 12/2019 art. 7").concerns("RED002", ("archive",))
        True
    """

    code: str = attrs.field(validator=check_id)
    step: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    reason: str = attrs.field(kw_only=True, validator=check_words)

    def concerns(self, code: str, steps: Iterable[str]) -> bool:
        """Return whether it is about a finding of a rule at some steps."""
        return self.code == code and (self.step is None or self.step in steps)


DELIVERY_COMPONENTS = ("requirements", "procedure", "completion_time", "fee", "product", "complaints")
MANUFACTURING_COMPONENTS = (
    "legal_basis",
    "facilities",
    "staff_competence",
    "internal_supervision",
    "staff_count",
    "service_guarantee",
    "safety_guarantee",
    "performance_evaluation",
)


@attrs.frozen(kw_only=True)
class ServiceStandard:
    """
    The published standard of a service: its 14 components, as texts.

    A component is also present where the service holds its typed counterpart: requirements, procedure, fees, outputs,
    legal basis.

    Attributes:
        requirements: What has to be met or handed in (persyaratan).
        procedure: How the service goes (sistem, mekanisme, dan prosedur).
        completion_time: How long it takes at most (jangka waktu).
        fee: What it costs the applicant (biaya atau tarif).
        product: What the applicant gets (produk pelayanan).
        complaints: How complaints and suggestions are handled (penanganan pengaduan, saran, dan masukan).
        legal_basis: The provisions it rests on (dasar hukum).
        facilities: Rooms, equipment, facilities for those with special needs (sarana, prasarana, fasilitas).
        staff_competence: What the staff are able to do (kompetensi pelaksana).
        internal_supervision: Who supervises (pengawasan internal).
        staff_count: How many do the work (jumlah pelaksana).
        service_guarantee: What guarantees that the standard is kept (jaminan pelayanan).
        safety_guarantee: What guarantees security and safety (jaminan keamanan dan keselamatan).
        performance_evaluation: How the work is evaluated (evaluasi kinerja pelaksana).

    Source:
        UU 25/2009 art. 21; Permenpan RB 15/2014 (six components of delivery, eight of manufacturing).
    """

    requirements: Text = attrs.field(converter=text, default=EMPTY)
    procedure: Text = attrs.field(converter=text, default=EMPTY)
    completion_time: Duration | None = attrs.field(converter=_optional_duration, default=None)
    fee: Text = attrs.field(converter=text, default=EMPTY)
    product: Text = attrs.field(converter=text, default=EMPTY)
    complaints: Text = attrs.field(converter=text, default=EMPTY)
    legal_basis: Text = attrs.field(converter=text, default=EMPTY)
    facilities: Text = attrs.field(converter=text, default=EMPTY)
    staff_competence: Text = attrs.field(converter=text, default=EMPTY)
    internal_supervision: Text = attrs.field(converter=text, default=EMPTY)
    staff_count: Text = attrs.field(converter=text, default=EMPTY)
    service_guarantee: Text = attrs.field(converter=text, default=EMPTY)
    safety_guarantee: Text = attrs.field(converter=text, default=EMPTY)
    performance_evaluation: Text = attrs.field(converter=text, default=EMPTY)


def _requirements(items: Iterable[str | Requirement]) -> tuple[Requirement, ...]:
    return _named(items, Requirement)


def _outputs(items: Iterable[str | Output]) -> tuple[Output, ...]:
    return _named(items, Output)


def _events(items: Iterable[str | Event]) -> tuple[Event, ...]:
    return _named(items, Event)


def _named(items: Any, kind: Any) -> tuple[Any, ...]:
    if isinstance(items, str | Mapping) or not isinstance(items, Iterable):
        raise fault("", Message("expected a list, got {value!r}", value=items))
    return _all([kind(item) if isinstance(item, str) else item for item in items], kind)


def _channels(items: Iterable[Channel]) -> tuple[Channel, ...]:
    return _all(items, Channel)


def _fees(items: Iterable[Fee]) -> tuple[Fee, ...]:
    return _all(items, Fee)


def _targets(items: Iterable[Target]) -> tuple[Target, ...]:
    return _all(items, Target)


def _open_cases(items: Iterable[OpenCases]) -> tuple[OpenCases, ...]:
    return _all(items, OpenCases)


def _suppressions(items: Iterable[Suppression]) -> tuple[Suppression, ...]:
    return _all(items, Suppression)


def _optional_cost(value: object) -> CostRate | None:
    return None if value is None else cost_rate(value)


def _optional_rate(value: object) -> Rate | None:
    return None if value is None else rate(value)


def _own_rate(service: PublicService) -> Rate | None:
    arrivals: Any = service.arrivals  # whatever its annotation promises
    return most_cases(arrivals) if hasattr(arrivals, "appointments") else None


@attrs.frozen
class PublicService:
    """
    A service that an organisation provides by rule and procedure.

    Attributes:
        id: Unique in the organisation.
        name: For people.
        description: For people.
        kind: What it delivers: ``goods``, ``services`` or ``administrative`` products.
        provider: Who provides it, where it is not the organisation.
        audience: Who is entitled to it.
        legal_basis: Provisions it rests on.
        requirements: What an applicant has to prove.
        outputs: Data that it owes.
        channels: Ways by which applicants meet it.
        fees: What the applicant pays.
        life_events: Situations of a person in which it is wanted.
        business_events: Situations of a business in which it is wanted.
        standard: What it promises in public.
        targets: What its metrics shall reach.
        arrivals: How they come: evenly, or by appointment; None is at random (Poisson).
        arrival_rate: New cases per time, on average; where it is left out, as many as `arrivals` says.
        demand: When they come, and how their number grows; None where they come alike at all open times.
        attributes: What its cases differ in, so that choices can depend on it.
        open_cases: Cases that are open this morning, by where they stand.
        priority: The higher, the earlier its cases are served where a resource serves by priority; at least 1.
        time_value: What the applicant's time is worth; None where it is not put into money.
        calendar: Id of the calendar it runs by; None for the organisation's.
        procedure: The ordered work behind it; empty where none is described.
        ignore: Findings that are not to be reported, each with its reason.
    """

    id: str = attrs.field(validator=check_id)
    name: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    description: Text = attrs.field(converter=text, default=EMPTY, kw_only=True)
    kind: ServiceKind = attrs.field(
        default="administrative",
        kw_only=True,
        validator=one_of("goods", "services", "administrative"),
    )
    provider: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    audience: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)
    legal_basis: tuple[str, ...] = attrs.field(converter=names, default=(), kw_only=True)
    requirements: tuple[Requirement, ...] = attrs.field(converter=_requirements, default=(), kw_only=True)
    outputs: tuple[Output, ...] = attrs.field(converter=_outputs, default=(), kw_only=True)
    channels: tuple[Channel, ...] = attrs.field(converter=_channels, default=(), kw_only=True)
    fees: tuple[Fee, ...] = attrs.field(converter=_fees, default=(), kw_only=True)
    life_events: tuple[Event, ...] = attrs.field(converter=_events, default=(), kw_only=True)
    business_events: tuple[Event, ...] = attrs.field(converter=_events, default=(), kw_only=True)
    standard: ServiceStandard = attrs.field(
        default=ServiceStandard(),
        kw_only=True,
        validator=instance_of(ServiceStandard),
    )
    targets: tuple[Target, ...] = attrs.field(converter=_targets, default=(), kw_only=True)
    arrivals: Arrivals | None = attrs.field(default=None, kw_only=True, validator=instance_of(Arrivals))
    arrival_rate: Rate | None = attrs.field(
        converter=_optional_rate, default=attrs.Factory(_own_rate, takes_self=True), kw_only=True
    )
    demand: Demand | None = attrs.field(default=None, kw_only=True, validator=instance_of(Demand))
    attributes: tuple[Attribute, ...] = attrs.field(converter=attributes, default=(), kw_only=True)
    open_cases: tuple[OpenCases, ...] = attrs.field(converter=_open_cases, default=(), kw_only=True)
    priority: int = attrs.field(default=1, kw_only=True, validator=check_count)
    time_value: CostRate | None = attrs.field(converter=_optional_cost, default=None, kw_only=True)
    calendar: str | None = attrs.field(default=None, kw_only=True, validator=check_text)
    procedure: Procedure = attrs.field(default=Procedure(), kw_only=True, validator=instance_of(Procedure))
    ignore: tuple[Suppression, ...] = attrs.field(converter=_suppressions, default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(islice(service_problems(self), MOST_PROBLEMS))
        if problems:
            raise InvalidModelError(problems)


def service_problems(service: PublicService) -> Iterator[Problem]:
    """Yield what does not fit together in a service, its procedure left out."""
    for collection in ("requirements", "outputs", "channels", "life_events", "business_events"):
        for item, position in duplicates(x.id for x in getattr(service, collection)).items():
            yield Problem(f"{collection}[{position}].id", Message("{id!r} is there already", id=item))
    yield from booked_problems(service.arrivals, service.arrival_rate)
    nodes: set[str] | None = None
    for position, fee in enumerate(service.fees):
        if fee.at is not None:
            nodes = nodes or {node.id for node in service.procedure.nodes}
            if fee.at not in nodes:
                yield Problem(
                    f"fees[{position}].at",
                    Message("no node {id!r}{hint}", id=fee.at, hint=did_you_mean(fee.at, nodes)),
                )
    places: set[str] | None = None
    for position, standing in enumerate(service.open_cases):
        if places is None:
            places = {step.id for step in service.procedure.steps}
            places |= {wait.id for wait in service.procedure.waits}
        if standing.at not in places:
            hint = did_you_mean(standing.at, places)
            yield Problem(
                f"open_cases[{position}].at",
                Message("no step or wait {id!r}{hint}", id=standing.at, hint=hint),
            )
    for position, suppression in enumerate(service.ignore):
        if suppression.step is not None:
            nodes = nodes or {node.id for node in service.procedure.nodes}
            if suppression.step not in nodes:
                hint = did_you_mean(suppression.step, nodes)
                yield Problem(
                    f"ignore[{position}].step",
                    Message("no node {id!r}{hint}", id=suppression.step, hint=hint),
                )
    channels = {channel.id for channel in service.channels}
    for position, step in enumerate(service.procedure.steps):
        if step.channel is not None and step.channel not in channels:
            yield Problem(
                f"procedure.steps[{position}].channel",
                Message(
                    "no channel {id!r}{hint}", id=step.channel, hint=did_you_mean(step.channel, channels)
                ),
            )
    yield from choice_problems(service)


def with_demand(service: PublicService, factor: float) -> PublicService:
    """
    Return a service that so many times as many cases come to, as evenly as before.

    Args:
        service: As it is; without an arrival rate nothing changes.
        factor: Above 0.
    """
    known, arrivals = service.arrival_rate, quickened(service.arrivals, factor)
    if known is None:
        return service
    own = known == most_cases(service.arrivals)
    rate = most_cases(arrivals) if own else Rate(known.magnitude * factor, known.unit)
    return attrs.evolve(service, arrivals=arrivals, arrival_rate=rate)
