"""What it takes to start a business through a service, counted as Doing Business counted; a reading, not its data."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.subject import Setting, Subject
from pubservice.errors import InvalidModelError, Problem
from pubservice.graph.paths import reverse_postorder
from pubservice.management.journey import journey_of
from pubservice.messages import Message, translate
from pubservice.metrics.starting_business import BusinessStart, StartingBusinessScore, starting_business_score
from pubservice.model.procedure import Step
from pubservice.table import table
from pubservice.units import Money, money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation

RULES = (
    Message("a procedure is each contact of the founders with others, and each document obtained elsewhere"),
    Message("what at least half of the cases come to is counted, once"),
    Message("a procedure takes a day at least, online half a day, and each begins on a day of its own"),
    Message("documents are obtained at the same time, before the application"),
    Message("cost is fees and what documents cost, for each case on average"),
)
_DAY = 86400.0
_COMMON = 0.5  # of the cases


@attrs.frozen
class CountedProcedure:
    """
    One procedure in the sense of Doing Business.

    Attributes:
        of: The step, or the document.
        kind: ``document``, ``contact`` or ``online``.
        days: That it takes at least.
    """

    of: str
    kind: str
    days: float


@attrs.frozen
class StartingBusiness:
    """
    What it takes to start a business through a service. What does not exist is None, with the reason in `undefined`.

    Attributes:
        service: Its id.
        procedures: What was counted: documents first, then contacts in the order in which cases come to them.
        days: Calendar days, the time to obtain documents included.
        cost: As a fraction of income per capita.
        minimum_capital: As a fraction of income per capita.
        undefined: Why a number is None, by its name.
    """

    service: str
    procedures: tuple[CountedProcedure, ...]
    days: float | None
    cost: float | None
    minimum_capital: float | None
    undefined: dict[str, Message] = attrs.field(eq=False)

    @property
    def score(self) -> StartingBusinessScore | None:
        """The score by the formula of Doing Business; None where a number is."""
        if self.days is None or self.cost is None or self.minimum_capital is None:
            return None
        return starting_business_score(
            BusinessStart(
                procedures=len(self.procedures),
                days=self.days,
                cost=self.cost,
                minimum_capital=self.minimum_capital,
            )
        )

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each procedure."""
        return [{"procedure": p.of, "kind": Message(p.kind), "days": p.days} for p in self.procedures]

    def text(self, language: Language = "en") -> str:
        """Return what was counted, the score, the rules of counting, and why a number is missing."""
        lines = [table(self.rows(), language=language)]
        if self.score is not None:
            lines.append(self.score.text(language))
        lines += [
            f"{translate('undefined', language)}: {reason.text(language)}"
            for reason in dict.fromkeys(self.undefined.values())
        ]
        lines += [f"{translate('counted so', language)}: {rule.text(language)}" for rule in RULES]
        return "\n".join(line for line in lines if line)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "service": self.service,
            "procedures": [attrs.asdict(procedure) for procedure in self.procedures],
            "days": self.days,
            "cost": self.cost,
            "minimum_capital": self.minimum_capital,
            "score": None if self.score is None else self.score.data(),
            "rules": [str(rule) for rule in RULES],
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


def starting_business(
    organisation: PublicOrganisation,
    service: str,
    *,
    income_per_capita: Money | str,
    minimum_capital: Money | str | None = None,
) -> StartingBusiness:
    """
    Return what it takes to start a business through a service, by the counting rules of Doing Business as read here.

    Procedures are the contacts of the founders with others and the documents that they obtain elsewhere, where at least
    half of the cases come to them. Documents are obtained at the same time, each begun on a day of its own, the longest
    first; then the case takes its mean cycle time, and no less than a day for each contact, half a day online.

    Args:
        organisation: That provides the service.
        service: Its id.
        income_per_capita: Of the economy, in a year.
        minimum_capital: That has to be paid in; none where left out.

    Raises:
        UnknownIdError: There is no such service.
        InvalidModelError: The income is 0, or the capital is in another currency.

    Example:
        >>> from pubservice.io.example import read_example
        >>> office = read_example("business-licence")
        >>> found = starting_business(office, "business-identity", income_per_capita="78000000 IDR")
        >>> [(procedure.of, procedure.days) for procedure in found.procedures]
        [('id-card', 1.0), ('tax-number', 1.0), ('fill-in', 0.5), ('help', 1.0)]

    Source:
        World Bank, Doing Business, methodology of starting a business: a procedure is any interaction of the founders with
        external parties; at least a day each, begun on consecutive days. The half day online, and how a model is counted,
        are our reading.
    """
    income = money(income_per_capita)
    if not income.amount:
        message = Message("expected an amount above zero, got {value!r}", value=income.plain)
        raise InvalidModelError([Problem("income_per_capita", message)])
    capital = Money(0.0, income.currency) if minimum_capital is None else money(minimum_capital)
    if capital.currency != income.currency:
        raise InvalidModelError([Problem("minimum_capital", _mixed([income, capital]))])
    subject = Subject(organisation.service(service), Setting(organisation))
    journey = journey_of(subject)
    counted = [] if subject.profile.visits is None else list(_counted(subject, subject.profile.visits))
    undefined: dict[str, Message] = {}
    days, elapsed = None, journey.cycle_time_elapsed_s
    if elapsed is None:
        undefined["days"] = journey.undefined["cycle_time_elapsed_s"]
    else:
        documents = sorted((p.days for p in counted if p.kind == "document"), reverse=True)
        contacts = fsum(p.days for p in counted if p.kind != "document")
        before = max((begun + needed for begun, needed in enumerate(documents)), default=0.0)
        days = before + max(elapsed / _DAY, contacts)
    cost = None
    if journey.out_of_pocket is None:
        undefined["cost"] = journey.undefined["fees"]
    else:
        paid = [amount for amount in journey.out_of_pocket if amount.amount]
        if any(amount.currency != income.currency for amount in paid):
            undefined["cost"] = _mixed([income, *paid])
        else:
            cost = fsum(amount.amount for amount in paid) / income.amount
    return StartingBusiness(service, tuple(counted), days, cost, capital.amount / income.amount, undefined)


def _mixed(amounts: list[Money]) -> Message:
    currencies = dict.fromkeys(amount.currency for amount in amounts)
    return Message("costs in {currencies} do not add without a rate", currencies=", ".join(currencies))


def _counted(subject: Subject, visits: list[float]) -> Iterator[CountedProcedure]:
    for document in subject.performance.documents:
        if document.is_elsewhere and document.first >= _COMMON:
            yield CountedProcedure(document.id, "document", max(1.0, (document.time_s or 0.0) / _DAY))
    digital = {c.id for c in subject.service.channels if c.kind in ("online", "mobile")}
    for i in reverse_postorder(subject.graph):
        step = subject.graph.nodes[i]
        if isinstance(step, Step) and step.contact != "none" and visits[i] >= _COMMON:
            online = step.contact == "remote" and step.channel in digital
            yield CountedProcedure(step.id, "online" if online else "contact", 0.5 if online else 1.0)
