"""
A sludge audit: the frictions of a service by type, what each costs applicants, and which findings would remove it.

Sludge is excessive or unjustified friction. To map the way of the applicant and to put numbers on each friction is the
method of the New South Wales Behavioural Insights Unit; the types here, and what of a model belongs to each, are our
reading. How hard a form is to understand, or how it feels, no model says: that part of an audit has to be asked.
"""

from __future__ import annotations

from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import attrs

from pubservice.analysis.applicant import spent_at, travel_times
from pubservice.analysis.check import check
from pubservice.analysis.subject import Setting, Subject
from pubservice.errors import UnknownIdError
from pubservice.memory import uncollected
from pubservice.messages import Message, translate
from pubservice.model.procedure import Step, Wait
from pubservice.provenance import Provenance, provenance
from pubservice.table import table
from pubservice.units import CostRate, Money, cost_rate, per_currency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pubservice.analysis.applicant import Document
    from pubservice.analysis.findings import Finding
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Node
    from pubservice.model.service import Fee

FrictionType = Literal[
    "information",
    "unclear-channel",
    "form",
    "evidence",
    "asked-again",
    "certified-copy",
    "travel",
    "queue",
    "counter",
    "payment",
    "correction",
    "waiting",
]


class TypeOfFriction(NamedTuple):
    """
    One of the types that an audit knows.

    Attributes:
        meaning: What belongs to it.
        codes: Rules whose findings say how to lessen it.
    """

    meaning: Message
    codes: tuple[str, ...]


TYPES: dict[FrictionType, TypeOfFriction] = {
    "information": TypeOfFriction(
        Message("the published standard leaves open what applicants have to know"), ("LEG002", "LEG003")
    ),
    "unclear-channel": TypeOfFriction(
        Message("applicants have to be in touch, and nothing says by which channel"), ()
    ),
    "form": TypeOfFriction(Message("the applicant fills in, prepares or carries something"), ("LEG001",)),
    "evidence": TypeOfFriction(
        Message("a document has to be obtained and handed in"), ("EVD002", "EVD003", "EVD005", "LEG001")
    ),
    "asked-again": TypeOfFriction(Message("a document is asked for again"), ("EVD001", "EVD006")),
    "certified-copy": TypeOfFriction(Message("a copy has to be certified or legalised"), ("RED009",)),
    "travel": TypeOfFriction(
        Message("the applicant has to come to the office"), ("HND005", "HND007", "HND008", "LEG001")
    ),
    "queue": TypeOfFriction(
        Message("the applicant queues at the office"), ("WAI001", "WAI003", "WAI006", "WAI011")
    ),
    "counter": TypeOfFriction(Message("the applicant is served at the office"), ("HND007", "HND008")),
    "payment": TypeOfFriction(Message("the applicant has to pay"), ("HND006",)),
    "correction": TypeOfFriction(Message("the applicant does again what was done already"), ("WAI007",)),
    "waiting": TypeOfFriction(
        Message("the case waits, and the applicant with it"),
        ("WAI001", "WAI002", "WAI003", "WAI004", "WAI005", "WAI006", "WAI008", "WAI011"),
    ),
}
ASSUMPTIONS = (
    Message("each second of the applicant's time belongs to one friction"),
    Message("waits of parallel branches are added"),
    Message("what a step takes after its first visit is correction"),
)
SOURCES = (
    "New South Wales Behavioural Insights Unit, NSW Government Sludge Audit Method Guide and Sludge Toolkit",
    "Sunstein (2022), Sludge Audits, Behavioural Public Policy 6(4), 654-673",
)

_FEW = 3  # places that a table names


@attrs.frozen
class Friction:
    """
    What makes it harder for applicants to get what they came for, at one place. Amounts are those of a case.

    Attributes:
        type: One of `FrictionType`.
        of: The node or the document; the service where it concerns all of it.
        times: How often it is met, on average.
        applicant_time_s: What it takes of the applicant's time; None where unknown.
        delay_s: What it delays the case, on the service's clock; None where unknown.
        paid: What it costs the applicant, per currency.
        legal_basis: Provisions that demand it.
        findings: Those that say how to lessen it.
    """

    type: FrictionType
    of: str
    times: float
    applicant_time_s: float | None = 0.0
    delay_s: float | None = 0.0
    paid: tuple[Money, ...] = ()
    legal_basis: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its findings, each once."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "type": self.type,
            "of": self.of,
            "times": self.times,
            "applicant_time_s": self.applicant_time_s,
            "delay_s": self.delay_s,
            "paid": [attrs.asdict(amount) for amount in self.paid],
            "legal_basis": list(self.legal_basis),
            "findings": list(self.codes),
        }


def _sum(values: Iterable[float | None]) -> float | None:
    known = list(values)
    return None if None in known else fsum(value for value in known if value is not None)


@attrs.frozen
class SludgeAudit:
    """
    The frictions of one service.

    Attributes:
        service: Its id.
        frictions: By type, in the order of `FrictionType`, then in document order.
        cases_per_year: New cases in a year; None without an arrival rate.
        time_value: What the applicant's time is worth; None where it is not put into money.
        undefined: Why a number is None, by its name.
    """

    service: str
    frictions: tuple[Friction, ...]
    cases_per_year: float | None
    time_value: CostRate | None
    undefined: dict[str, Message] = attrs.field(eq=False)

    @property
    def types(self) -> tuple[FrictionType, ...]:
        """The types that are met, in the order of `FrictionType`."""
        return tuple(dict.fromkeys(friction.type for friction in self.frictions))

    def of_type(self, type: FrictionType) -> tuple[Friction, ...]:
        """
        Return the frictions of one type.

        Raises:
            UnknownIdError: There is no such type.
        """
        if type not in TYPES:
            raise UnknownIdError("type of friction", type, get_args(FrictionType))
        return tuple(friction for friction in self.frictions if friction.type == type)

    @property
    def applicant_time_s(self) -> float | None:
        """What all frictions take of the applicant's time: all of that time."""
        return _sum(friction.applicant_time_s for friction in self.frictions)

    @property
    def avoidable_time_s(self) -> float | None:
        """What those frictions take of the applicant's time of which a finding says how to lessen it: the most to gain."""
        return _sum(friction.applicant_time_s for friction in self.frictions if friction.findings)

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each type that is met; times are those of a case, hours and amounts those of a year."""
        return [self._row(type, self.of_type(type)) for type in self.types]

    def _row(self, type: FrictionType, frictions: tuple[Friction, ...]) -> dict[str, object]:
        time = _sum(friction.applicant_time_s for friction in frictions)
        delay = _sum(friction.delay_s for friction in frictions)
        cases, value = self.cases_per_year, self.time_value
        year = None if time is None or cases is None else time * cases
        worth = None if year is None or value is None else Money(year * value.per_second, value.currency)
        paid = per_currency(amount for friction in frictions for amount in friction.paid)
        return {
            "friction": Message(type),
            "times": fsum(friction.times for friction in frictions),
            "time / min": None if time is None else time / 60,
            "delay / hour": None if delay is None else delay / 3600,
            "hours a year": None if year is None else year / 3600,
            "time worth a year": None if worth is None else str(worth),
            "paid a year": None if cases is None else _listed(amount.times(cases) for amount in paid),
            "at": ", ".join(dict.fromkeys(friction.of for friction in frictions)),
            "findings": ", ".join(dict.fromkeys(code for f in frictions for code in f.codes)) or None,
        }

    def text(self, language: Language = "en") -> str:
        """Return a table, and why a number is missing."""
        rows = self.rows()
        for row, type in zip(rows, self.types, strict=True):
            row["at"] = _few([friction.of for friction in self.of_type(type)])
        lines = [self.service]
        lines += ["  " + line for line in table(rows, language=language).splitlines()]
        lines += [
            f"  {translate('undefined', language)}: {reason.text(language)}"
            for reason in dict.fromkeys(self.undefined.values())
        ]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "service": self.service,
            "frictions": [friction.data() for friction in self.frictions],
            "applicant_time_s": self.applicant_time_s,
            "avoidable_time_s": self.avoidable_time_s,
            "cases_per_year": self.cases_per_year,
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


def _few(places: Iterable[str]) -> str:
    """Return the first few places, and how many more there are."""
    each = list(dict.fromkeys(places))
    first = ", ".join(each[:_FEW])
    if len(each) <= _FEW:
        return first
    return Message("{first} and {more} more", first=first, more=len(each) - _FEW)


def _listed(amounts: Iterable[Money]) -> str | None:
    return ", ".join(str(amount) for amount in amounts if amount.amount) or None


@attrs.frozen
class SludgeAudits:
    """
    The frictions of the services of an organisation.

    Attributes:
        audits: One for each service, in document order.
        organisation: What was audited.
    """

    audits: tuple[SludgeAudit, ...]
    organisation: PublicOrganisation = attrs.field(eq=False, repr=False)

    def __len__(self) -> int:
        return len(self.audits)

    def __iter__(self) -> Iterator[SludgeAudit]:
        return iter(self.audits)

    @cached_property
    def _by_id(self) -> dict[str, SludgeAudit]:
        return {audit.service: audit for audit in self.audits}

    def service(self, id: str) -> SludgeAudit:
        """
        Return the audit of one service.

        Raises:
            UnknownIdError: There is no such service.
        """
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownIdError("service", id, self._by_id) from None

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return provenance(self.organisation, ASSUMPTIONS, SOURCES)

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each type of each service."""
        return [{"service": audit.service, **row} for audit in self.audits for row in audit.rows()]

    def text(self, language: Language = "en") -> str:
        """Return the audits one after the other."""
        return "\n".join(audit.text(language) for audit in self.audits)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> list[dict[str, Any]]:
        """Return them for JSON."""
        return [audit.data() for audit in self.audits]


def sludge_audit(
    organisation: PublicOrganisation,
    *,
    tariff: CostRate | str | None = None,
    findings: Iterable[Finding] | None = None,
) -> SludgeAudits:
    """
    Return the frictions that applicants of each service meet, by type, with their time and money.

    Args:
        organisation: Services with procedures; frictions of a year need arrival rates.
        tariff: What an hour of the applicant is worth; the `time_value` of each service where left out.
        findings: What `check` found, to be linked with frictions; found here where left out.

    Returns:
        One audit for each service. Its frictions share the applicant's time: together they take all of it.

    Raises:
        InvalidQuantityError: The tariff cannot be read, or is negative.

    Example:
        >>> from pubservice.io.example import read_example
        >>> audit = sludge_audit(read_example("building-permit")).service("building-permit")
        >>> [(friction.of, friction.codes) for friction in audit.of_type("asked-again")][1]
        ('land-title', ('EVD001', 'EVD006'))

    Source:
        New South Wales Behavioural Insights Unit, NSW Government Sludge Audit Method Guide; the types are our reading.
    """
    rate = None if tariff is None else cost_rate(tariff)
    by_service: dict[str, list[Finding]] = {service.id: [] for service in organisation.services}
    for finding in check(organisation) if findings is None else findings:
        by_service.setdefault(finding.service, []).append(finding)
    setting = Setting(organisation)
    with uncollected():
        audits = [
            audit_of(Subject(service, setting), by_service[service.id], rate or service.time_value)
            for service in organisation.services
        ]
    return SludgeAudits(tuple(audits), organisation)


def audit_of(subject: Subject, findings: Iterable[Finding], tariff: CostRate | None) -> SludgeAudit:
    """Return the audit of one service, with the findings on it."""
    of = subject.profile
    undefined = {}
    if of.cases_per_year is None:
        undefined["cases_per_year"] = Message("the service has no arrival rate")
    if of.visits is None:
        assert of.undefined is not None  # visits exist, or something says why they do not
        undefined["frictions"] = of.undefined
        return SludgeAudit(subject.service.id, (), of.cases_per_year, tariff, undefined)
    found = list(_Audit(subject, of.visits, list(findings)).frictions())
    place = {type: position for position, type in enumerate(TYPES)}
    found.sort(key=lambda friction: place[friction.type])
    performance = subject.performance
    if _sum(friction.applicant_time_s for friction in found) is None:
        undefined["applicant_time_s"] = performance.undefined["applicant_time_s"]
    if _sum(friction.delay_s for friction in found) is None:
        undefined["delay_s"] = performance.undefined["cycle_time_s"]
    return SludgeAudit(subject.service.id, tuple(found), of.cases_per_year, tariff, undefined)


class _Audit:
    """One service on its way through the types."""

    def __init__(self, subject: Subject, visits: list[float], findings: list[Finding]) -> None:
        self._subject = subject
        self._service = subject.service
        self._visits = visits
        self._findings: dict[str, list[Finding]] = {}
        for finding in findings:
            self._findings.setdefault(finding.code, []).append(finding)

    def frictions(self) -> Iterator[Friction]:
        """Yield the frictions that are met."""
        service = self._service
        yield from self._of_service()
        for document in self._subject.performance.documents:
            yield from self._of_document(document)
        travel, fees = travel_times(service), self._fees()
        for i, node in enumerate(self._subject.graph.nodes):
            if not self._visits[i]:
                continue
            if isinstance(node, Step):
                yield from self._of_step(i, node, travel)
            elif isinstance(node, Wait):
                yield from self._of_wait(i, node)
            if i in fees or (isinstance(node, Step) and node.kind == "payment"):
                yield self._of_payment(i, node, fees.get(i, []))

    def _fees(self) -> dict[int, list[Fee]]:
        graph = self._subject.graph
        due: dict[int, list[Fee]] = {}
        for fee in self._service.fees:
            due.setdefault(graph.start if fee.at is None else graph.index[fee.at], []).append(fee)
        return due

    def _of_payment(self, i: int, node: Node, fees: list[Fee]) -> Friction:
        visits = self._visits[i]
        time: float | None = 0.0
        if isinstance(node, Step) and node.kind == "payment" and node.actor == "applicant":
            time = self._subject.performance.steps[i].processing_time_s
        return self._at(
            "payment",
            node.id,
            visits,
            _times(time, min(1.0, visits)),
            paid=per_currency(fee.amount.times(visits) for fee in fees),
            basis=tuple(dict.fromkeys(provision for fee in fees for provision in fee.legal_basis)),
        )

    def _of_service(self) -> Iterator[Friction]:
        known = self._told("information", lambda _: True)
        if known:
            yield Friction("information", self._service.id, 1.0, findings=known)

    def _of_document(self, document: Document) -> Iterator[Friction]:
        requirement = next((r for r in self._service.requirements if r.id == document.id), None)
        names = {document.id, document.evidence, *(requirement.evidence if requirement else ())}
        basis = requirement.legal_basis if requirement else ()

        def is_about(finding: Finding) -> bool:
            said = finding.message.values.get("claim", finding.message)  # a provision may stand around it
            return said.values.get("datum") in names

        cost = () if document.cost is None else (document.cost.times(document.first),)
        yield Friction(
            "evidence",
            document.id,
            document.first,
            document.first * (document.time_s or 0.0),
            paid=cost,
            legal_basis=basis,
            findings=self._told("evidence", is_about),
        )
        if document.again:
            known = self._told("asked-again", is_about)
            yield Friction("asked-again", document.id, document.again, legal_basis=basis, findings=known)

    def _of_step(self, i: int, step: Step, travel: dict[str, float]) -> Iterator[Friction]:
        found, visits = self._subject.performance.steps[i], self._visits[i]
        spent = spent_at(step, found.processing_time_s, found.waiting_time_s, travel)
        first, again = min(1.0, visits), max(0.0, visits - 1.0)
        meets = step.actor == "applicant" or step.contact != "none"
        comes = step.contact == "in-person"
        if meets and step.kind == "certify":
            yield self._at(
                "certified-copy", step.id, first, _times(spent.own_work_s, first), basis=step.legal_basis
            )
        elif step.actor == "applicant" and step.kind != "payment":
            yield self._at("form", step.id, first, _times(spent.own_work_s, first), basis=step.legal_basis)
        if comes:
            yield self._at("travel", step.id, first, _times(spent.travel_s, first), basis=step.legal_basis)
        if spent.queueing_s is None or spent.queueing_s:
            yield self._at("queue", step.id, first, _times(spent.queueing_s, first))
        if comes and step.actor == "office":
            yield self._at("counter", step.id, first, _times(spent.served_s, first))
        if meets and again:
            yield self._at("correction", step.id, again, _times(spent.total_s, again))
        if meets and step.channel is None:
            yield self._at("unclear-channel", step.id, first)
        if not comes or step.actor == "other-body":
            delay = _times(found.waiting_time_s, visits)
            if delay is None or delay:
                yield self._at("waiting", step.id, visits, delay=delay)

    def _of_wait(self, i: int, wait: Wait) -> Iterator[Friction]:
        delay = _times(self._subject.profile.waits[i], self._visits[i])
        type: FrictionType = "correction" if wait.cause == "applicant" else "waiting"
        yield self._at(type, wait.id, self._visits[i], delay=delay, basis=wait.legal_basis)

    def _at(
        self,
        type: FrictionType,
        node: str,
        times: float,
        time: float | None = 0.0,
        *,
        delay: float | None = 0.0,
        paid: tuple[Money, ...] = (),
        basis: tuple[str, ...] = (),
    ) -> Friction:
        """Return a friction at a node, with the findings that name the node."""
        known = self._told(type, lambda f: node in f.steps and "datum" not in f.message.values)
        return Friction(type, node, times, time, delay, paid, basis, known)

    def _told(self, type: FrictionType, fits: Callable[[Finding], bool]) -> tuple[Finding, ...]:
        return tuple(
            finding for code in TYPES[type].codes for finding in self._findings.get(code, ()) if fits(finding)
        )


def _times(value: float | None, times: float) -> float | None:
    return None if value is None else value * times
