"""The way of an applicant through a service: contacts, visits, documents, time and money."""

from __future__ import annotations

from functools import cached_property
from math import fsum
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.applicant import UNKNOWN, ApplicantTimes, spent_at, travel_times
from pubservice.analysis.comparison import Change, Comparison
from pubservice.analysis.contacts import appearances
from pubservice.analysis.subject import Setting, Subject
from pubservice.errors import UnknownIdError
from pubservice.graph.paths import reverse_postorder
from pubservice.memory import uncollected
from pubservice.messages import Message, translate
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Step
from pubservice.provenance import Provenance, provenance
from pubservice.table import table
from pubservice.units import Money, per_currency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.messages import Language

ASSUMPTIONS = (
    Message("an applicant obtains a document once, of alternatives the one that is there soonest"),
    Message("the way to the office and back is counted at each step at which the applicant appears"),
    Message("a document of which no time or cost is stated takes none"),
)
CONTACTS = {"none": None, "remote": Message("from afar"), "in-person": Message("in person")}
SOURCES = ("the file format of pubservice: applicant's time, fees, evidence",)


@attrs.frozen
class Touchpoint:
    """
    Where the applicant meets a service, or does something for it. Amounts are those of a case.

    Attributes:
        node: Id of the node; None for what is obtained for the application, before the first step.
        channel: By which the applicant meets it.
        contact: ``in-person``, ``remote`` or ``none``.
        times: How often a case comes to it, on average.
        visits: How often the applicant comes to the office for it; who is there already does not come again.
        spent: The applicant's time, by what it is spent on.
        documents: What is handed in here.
        paid: Fees, and what documents cost that are first handed in here, per currency.
    """

    node: str | None
    channel: str | None
    contact: str
    times: float
    visits: float
    spent: ApplicantTimes
    documents: tuple[str, ...]
    paid: tuple[Money, ...]


@attrs.frozen
class Journey:
    """
    What a service asks of an applicant, on average. What does not exist is None, with the reason in `undefined`.

    Attributes:
        service: Its id.
        visits: How often the applicant comes to the office.
        in_person: How often the applicant appears at a step.
        remote: How often the applicant is in touch without appearing.
        documents: How many documents are handed in for the first time.
        documents_elsewhere: How many of these have to be obtained elsewhere: those that say by whom, how long or how dear.
        documents_again: How many documents are handed in again.
        payments: How often the applicant pays the office.
        spent: The applicant's time, by what it is spent on.
        applicant_time_s: All of it, in seconds.
        waiting_time_s: Cycle time that is not work, on the service's clock; what is queued at the counter is in both.
        cycle_time_elapsed_s: From the application to the end, closed hours too.
        fees: What the applicant pays the office, per currency.
        cost_to_obtain: What the applicant pays others for documents, per currency.
        touchpoints: In the order in which cases come to them.
        unstated: Documents of which no time to obtain is stated.
        undefined: Why a number is None, by its name.
    """

    service: str
    visits: float | None
    in_person: float | None
    remote: float | None
    documents: float | None
    documents_elsewhere: float | None
    documents_again: float | None
    payments: float | None
    spent: ApplicantTimes | None
    applicant_time_s: float | None
    waiting_time_s: float | None
    cycle_time_elapsed_s: float | None
    fees: tuple[Money, ...] | None
    cost_to_obtain: tuple[Money, ...] | None
    touchpoints: tuple[Touchpoint, ...]
    unstated: tuple[str, ...]
    undefined: dict[str, Message] = attrs.field(eq=False)

    @property
    def out_of_pocket(self) -> tuple[Money, ...] | None:
        """Fees and what documents cost, per currency."""
        if self.fees is None or self.cost_to_obtain is None:
            return None
        return per_currency((*self.fees, *self.cost_to_obtain))

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each touchpoint; time in minutes."""
        return [
            {
                "step": touchpoint.node or Message("before the application"),
                "channel": touchpoint.channel,
                "contact": CONTACTS[touchpoint.contact],
                "times": touchpoint.times,
                "visits to the office": touchpoint.visits,
                "time / min": None if touchpoint.spent.total_s is None else touchpoint.spent.total_s / 60,
                "paid": _listed(touchpoint.paid),
                "documents": ", ".join(touchpoint.documents) or None,
            }
            for touchpoint in self.touchpoints
        ]

    def measures(self) -> Iterator[tuple[Message, float | None]]:
        """Yield the numbers of the journey with what they measure; times in hours."""
        spent = self.spent or UNKNOWN
        yield Message("visits to the office"), self.visits
        yield Message("contacts in person"), self.in_person
        yield Message("contacts from afar"), self.remote
        yield Message("documents"), self.documents
        yield Message("documents from elsewhere"), self.documents_elsewhere
        yield Message("documents asked again"), self.documents_again
        yield Message("payments"), self.payments
        yield Message("applicant's time / hour"), _hours(self.applicant_time_s)
        yield Message("obtaining documents / hour"), _hours(spent.obtaining_s)
        yield Message("own work / hour"), _hours(spent.own_work_s)
        yield Message("travel / hour"), _hours(spent.travel_s)
        yield Message("queueing / hour"), _hours(spent.queueing_s)
        yield Message("being served / hour"), _hours(spent.served_s)
        yield Message("waiting time / hour"), _hours(self.waiting_time_s)

    def text(self, language: Language = "en") -> str:
        """Return the numbers line by line, the touchpoints as a table, and why a number is missing."""
        lines = [self.service]
        lines += [
            f"  {label.text(language)}: {value:.2f}" for label, value in self.measures() if value is not None
        ]
        money = (("fee", self.fees), ("cost of documents", self.cost_to_obtain))
        lines += [f"  {translate(label, language)}: {_listed(paid)}" for label, paid in money if paid]
        if self.unstated:
            lines.append(
                "  "
                + Message("no time to obtain is stated for {data}", data=", ".join(self.unstated)).text(
                    language
                )
            )
        lines += [
            f"  {translate('undefined', language)}: {reason.text(language)}"
            for reason in dict.fromkeys(self.undefined.values())
        ]
        lines += ["  " + line for line in table(self.rows(), language=language).splitlines()]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "service": self.service,
            "visits": self.visits,
            "in_person": self.in_person,
            "remote": self.remote,
            "documents": self.documents,
            "documents_elsewhere": self.documents_elsewhere,
            "documents_again": self.documents_again,
            "payments": self.payments,
            "applicant_time_s": self.applicant_time_s,
            "spent": None if self.spent is None else attrs.asdict(self.spent),
            "waiting_time_s": self.waiting_time_s,
            "cycle_time_elapsed_s": self.cycle_time_elapsed_s,
            "fees": None if self.fees is None else [attrs.asdict(amount) for amount in self.fees],
            "cost_to_obtain": None
            if self.cost_to_obtain is None
            else [attrs.asdict(amount) for amount in self.cost_to_obtain],
            "touchpoints": [
                attrs.asdict(touchpoint) | {"documents": list(touchpoint.documents)}
                for touchpoint in self.touchpoints
            ],
            "unstated": list(self.unstated),
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 3600


def _listed(amounts: Iterable[Money]) -> str | None:
    return ", ".join(str(amount) for amount in amounts) or None


@attrs.frozen
class Journeys:
    """
    The ways of applicants through the services of an organisation.

    Attributes:
        journeys: One for each service, in document order.
        organisation: What was looked at.
    """

    journeys: tuple[Journey, ...]
    organisation: PublicOrganisation = attrs.field(eq=False, repr=False)

    def __len__(self) -> int:
        return len(self.journeys)

    def __iter__(self) -> Iterator[Journey]:
        return iter(self.journeys)

    @cached_property
    def _by_id(self) -> dict[str, Journey]:
        return {journey.service: journey for journey in self.journeys}

    def service(self, id: str) -> Journey:
        """
        Return the journey through one service.

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
        """Return a row for each service; times in hours."""
        return [
            {
                "service": journey.service,
                "visits to the office": journey.visits,
                "documents": journey.documents,
                "documents asked again": journey.documents_again,
                "payments": journey.payments,
                "applicant's time / hour": _hours(journey.applicant_time_s),
                "waiting time / hour": _hours(journey.waiting_time_s),
                "paid": _listed(journey.out_of_pocket or ()),
            }
            for journey in self.journeys
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table, and below it why a number is missing."""
        notes = [
            f"{journey.service}: {reason.text(language)}"
            for journey in self.journeys
            for reason in dict.fromkeys(journey.undefined.values())
        ]
        return "\n".join([table(self.rows(), language=language), *notes]).strip()

    def __str__(self) -> str:
        return self.text()

    def data(self) -> list[dict[str, Any]]:
        """Return them for JSON."""
        return [journey.data() for journey in self.journeys]


def journeys(organisation: PublicOrganisation) -> Journeys:
    """
    Return what the services of an organisation ask of applicants: contacts, visits, documents, time and money.

    Every number is an expectation over the ways through the procedure. The times are those of `performance`: together
    they are its applicant's time.

    Args:
        organisation: Services with procedures, requirements, channels and fees.

    Returns:
        One journey for each service. What does not exist is None, with the reason in `undefined`.

    Example:
        >>> from pubservice.io.example import read_example
        >>> permit = journeys(read_example("building-permit")).service("building-permit")
        >>> round(permit.visits, 2), round(permit.documents_again, 2)
        (2.33, 2.0)
    """
    setting = Setting(organisation)
    with uncollected():
        found = [journey_of(Subject(service, setting)) for service in organisation.services]
    return Journeys(tuple(found), organisation)


def journey_of(subject: Subject) -> Journey:
    """Return the journey through one service."""
    performance = subject.performance
    of = subject.profile
    undefined = {
        name: reason
        for name, reason in performance.undefined.items()
        if name in ("applicant_time_s", "waiting_time_s", "cycle_time_elapsed_s")
    }
    if of.visits is None:
        reason = of.undefined
        assert reason is not None  # visits exist, or something says why they do not
        nothing = (
            *("visits", "in_person", "remote", "documents", "documents_elsewhere", "documents_again"),
            *("payments", "spent", "fees", "cost_to_obtain"),
        )
        return Journey(
            service=subject.service.id,
            **dict.fromkeys(nothing, None),
            applicant_time_s=None,
            waiting_time_s=None,
            cycle_time_elapsed_s=None,
            touchpoints=(),
            unstated=(),
            undefined=undefined | dict.fromkeys(nothing, reason),
        )
    way = _Way(subject, of.visits)
    spent = ApplicantTimes()
    for touchpoint in way.touchpoints:
        spent = spent.plus(touchpoint.spent)
    return Journey(
        service=subject.service.id,
        visits=fsum(point.visits for point in way.touchpoints),
        in_person=fsum(point.times for point in way.touchpoints if point.contact == "in-person"),
        remote=fsum(point.times for point in way.touchpoints if point.contact == "remote"),
        documents=fsum(document.first for document in performance.documents),
        documents_elsewhere=fsum(
            document.first for document in performance.documents if document.is_elsewhere
        ),
        documents_again=fsum(document.again for document in performance.documents),
        payments=fsum(of.visits[i] for i in way.due),
        spent=spent,
        applicant_time_s=performance.applicant_time_s,
        waiting_time_s=performance.waiting_time_s,
        cycle_time_elapsed_s=performance.cycle_time_elapsed_s,
        fees=performance.fees,
        cost_to_obtain=per_currency(
            document.cost.times(document.first)
            for document in performance.documents
            if document.cost is not None
        ),
        touchpoints=tuple(way.touchpoints),
        unstated=tuple(document.id for document in performance.documents if document.time_s is None),
        undefined=undefined,
    )


class _Way:
    """The way of an applicant through one service, touchpoint by touchpoint."""

    def __init__(self, subject: Subject, visits: list[float]) -> None:
        self._subject = subject
        self._visits = visits
        self.due = self._due()
        self.touchpoints = list(self._touchpoints())

    def _due(self) -> dict[int, list[Money]]:
        """Return where the applicant pays the office, with the fees; a step of payment may have none of its own."""
        graph, service = self._subject.graph, self._subject.service
        due: dict[int, list[Money]] = {
            i: [] for i, step in enumerate(service.procedure.steps) if step.kind == "payment"
        }
        for fee in service.fees:
            due.setdefault(graph.start if fee.at is None else graph.index[fee.at], []).append(fee.amount)
        return due

    def _touchpoints(self) -> Iterator[Touchpoint]:
        order = {i: place for place, i in enumerate(reverse_postorder(self._subject.graph))}
        obtaining: dict[int | None, ApplicantTimes] = {}
        paid: dict[int | None, list[Money]] = {
            i: [fee.times(self._visits[i]) for fee in fees] for i, fees in self.due.items()
        }
        handed_in: dict[int | None, list[str]] = {}
        for document in self._subject.performance.documents:
            at: list[tuple[int | None, float]] = [*document.first_at(order)] or [(None, 1.0)]
            for i, times in at:
                time = ApplicantTimes(obtaining_s=times * (document.time_s or 0.0))
                obtaining[i] = obtaining.get(i, ApplicantTimes()).plus(time)
                if document.cost is not None:
                    paid.setdefault(i, []).append(document.cost.times(times))
                handed_in.setdefault(i, []).append(document.id)
        if None in handed_in:
            amounts = _worth_naming(paid.get(None, []))
            yield Touchpoint(None, None, "none", 1.0, 0.0, obtaining[None], tuple(handed_in[None]), amounts)
        coming = appearances(self._subject)
        performance, travel = self._subject.performance, travel_times(self._subject.service)
        for i in order:
            node, times = self._subject.graph.nodes[i], self._visits[i]
            spent, channel, contact = obtaining.get(i, ApplicantTimes()), None, "none"
            if isinstance(node, Step):
                step = performance.steps[i]
                visit = spent_at(node, step.processing_time_s, step.waiting_time_s, travel)
                spent, channel, contact = spent.plus(visit, times), node.channel, node.contact
                if node.actor == "applicant" or contact != "none":
                    paid.setdefault(i, [])  # met, whatever is paid or handed in
            if times and (i in paid or i in handed_in):
                yield Touchpoint(
                    node.id,
                    channel,
                    contact,
                    times,
                    coming.get(i, 0.0),
                    spent,
                    tuple(handed_in.get(i, ())),
                    _worth_naming(paid.get(i, [])),
                )


def _worth_naming(amounts: Iterable[Money]) -> tuple[Money, ...]:
    return tuple(amount for amount in per_currency(amounts) if amount.amount)


def compare_journeys(
    before: PublicOrganisation | Journeys, after: PublicOrganisation | Journeys
) -> Comparison:
    """
    Return the journeys through the services of two organisations side by side: what applicants save, and what not.

    Example:
        >>> from pubservice.edits.application import apply
        >>> from pubservice.edits.edit import DropAsk
        >>> from pubservice.io.example import read_example
        >>> office = read_example("building-permit")
        >>> leaner = apply(office, DropAsk("building-permit", "ask-zoning", "land-title"))
        >>> asked = "documents asked again"
        >>> [round(c.difference, 2) for c in compare_journeys(office, leaner).changes if c.measure == asked]
        [0.0, -1.0]
    """
    old, new = (
        {
            journey.service: journey
            for journey in (journeys(each) if isinstance(each, PublicOrganisation) else each)
        }
        for each in (before, after)
    )
    changes = []
    for id in dict.fromkeys((*old, *new)):
        first, second = (_numbers(found.get(id)) for found in (old, new))
        changes += [
            Change(id, measure, first.get(measure), second.get(measure)) for measure in {**first, **second}
        ]
    return Comparison(tuple(changes))


def _numbers(journey: Journey | None) -> dict[Message, float | None]:
    if journey is None:
        return {}
    paid = {
        Message("paid / {currency}", currency=amount.currency): amount.amount
        for amount in journey.out_of_pocket or ()
    }
    return {**dict(journey.measures()), **paid}
