"""What a redesign means for those served and for the office: what programmes of simplification count."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.performance import performance
from pubservice.graph.flowgraph import flowgraph
from pubservice.graph.paths import from_start
from pubservice.messages import Message
from pubservice.model.procedure import Step
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService

_ONLINE = ("online", "mobile")


@attrs.frozen
class Count:
    """
    One measure of one service, before and after.

    Attributes:
        service: Its id.
        measure: What is counted, with its unit.
        before: None where undefined.
        after: Likewise.
    """

    service: str
    measure: Message
    before: float | None
    after: float | None


@attrs.frozen
class Simplification:
    """
    The services that a redesign touches, before and after.

    Per case: cycle time, the office's cost, the applicant's time and money (fees, and what obtaining evidence costs), the
    times that the applicant has to act or appear. Of the procedure: its steps, the documents that applicants hand in, the
    steps that are done online or by an information system.

    Attributes:
        counts: A row for each measure of each service.
    """

    counts: tuple[Count, ...]

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each measure."""
        return [
            {
                "service": count.service,
                "measure": count.measure,
                "before": count.before,
                "after": count.after,
                "difference": None
                if count.before is None or count.after is None
                else count.after - count.before,
            }
            for count in self.counts
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table."""
        return table(self.rows(), language=language)

    def __str__(self) -> str:
        return self.text()


def simplification(before: PublicOrganisation, after: PublicOrganisation) -> Simplification:
    """
    Return what a redesign means for the services of which a number differs.

    Args:
        before: As it was.
        after: As it would be.

    Example:
        >>> from pubservice.edits.application import apply
        >>> from pubservice.edits.edit import SetCapacity
        >>> print(simplification(city_hall, apply(city_hall, SetCapacity("clerk", 3))))
        service          measure                  before  after  difference
        building-permit  cycle time / hour          4.64   2.85       -1.79
        building-permit  applicant's time / hour    0.00   0.00        0.00
        building-permit  steps                         5      5           0
        building-permit  contacts                   0.00   0.00        0.00
        building-permit  documents                     1      1           0
        building-permit  digital steps                 0      0           0

    Source:
        The Standard Cost Model counts time and money of those served; steps, contacts, documents and digital steps are what
        one-stop programmes report.
    """
    old, new = performance(before), performance(after)
    counts: list[Count] = []
    for service in after.services:
        measures = (
            _measures(of.service(service.id), found.service(service.id), of)
            for of, found in ((before, old), (after, new))
        )
        was, will_be = measures
        if was != will_be:
            counts.extend(
                Count(service.id, measure, was.get(measure, 0.0), will_be.get(measure, 0.0))
                for measure in {**was, **will_be}
            )
    return Simplification(tuple(counts))


def _measures(
    service: PublicService, found: ServicePerformance, organisation: PublicOrganisation
) -> dict[Message, float | None]:
    measures: dict[Message, float | None] = {Message("cycle time / hour"): _hours(found.cycle_time_s)}
    if found.office_cost is not None:
        cost = found.office_cost
        measures[Message("office cost / {currency}", currency=cost.currency)] = cost.amount
    measures[Message("applicant's time / hour")] = _hours(found.applicant_time_s)
    for currency, amount in _pays(service, found, organisation).items():
        measures[Message("applicant's money / {currency}", currency=currency)] = amount
    graph = flowgraph(service.procedure)
    reached = from_start(graph)
    steps = [node for i, node in enumerate(graph.nodes) if isinstance(node, Step) and reached[i]]
    visits = {step.id: step.visits for step in found.steps}
    acting = [visits[step.id] for step in steps if step.contact != "none" or step.actor == "applicant"]
    channels = {channel.id: channel.kind for channel in service.channels}
    systems = {r.id for r in organisation.resources if r.kind == "information-system"}
    digital = [
        step
        for step in steps
        if channels.get(step.channel or "") in _ONLINE
        or (step.resource and systems.issuperset(step.resource))
    ]
    measures |= {
        Message("steps"): len(steps),
        Message("contacts"): None if None in acting else fsum(n or 0.0 for n in acting),
        Message("documents"): len(_documents(service)),
        Message("digital steps"): len(digital),
    }
    return measures


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 3600


def _documents(service: PublicService) -> dict[str, tuple[str, ...]]:
    """Return what applicants hand in, with the application or when asked, and the evidence that meets each."""
    meets = {requirement.id: requirement.evidence for requirement in service.requirements}
    asked = {datum: meets.get(datum, (datum,)) for step in service.procedure.steps for datum in step.asks}
    return meets | asked


def _pays(
    service: PublicService, found: ServicePerformance, organisation: PublicOrganisation
) -> dict[str, float]:
    """Return what an applicant is expected to pay, by currency: fees, and the cheapest evidence of each document."""
    total = {fee.currency: fee.amount for fee in found.fees}
    prices = {
        item.id: item.cost_to_obtain for item in organisation.evidence if item.cost_to_obtain is not None
    }
    visits = {step.id: step.visits or 0.0 for step in found.steps}
    asked: dict[str, float] = {}
    for step in service.procedure.steps:
        for datum in step.asks:
            asked[datum] = asked.get(datum, 0.0) + visits[step.id]
    for document, evidence in _documents(service).items():
        times = min(1.0, asked.get(document, 1.0))
        known = [prices[datum] for datum in evidence if datum in prices]
        if known and len({price.currency for price in known}) == 1:
            least = min(known, key=lambda price: price.amount)
            total[least.currency] = total.get(least.currency, 0.0) + times * least.amount
    return total
