"""What the information obligations of services cost those served, by the Standard Cost Model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.applicant import spent_at, travel_times
from pubservice.analysis.subject import Setting, Subject
from pubservice.memory import uncollected
from pubservice.messages import Message
from pubservice.metrics.standard_cost import (
    AdministrativeActivity,
    AdministrativeCost,
    InformationObligation,
)
from pubservice.units import CostRate, Duration, cost_rate, not_negative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.applicant import Document
    from pubservice.model.organisation import PublicOrganisation

OTHER_STEPS = Message("steps that ask for no document")


def administrative_cost(
    organisation: PublicOrganisation,
    *,
    service: str | None = None,
    tariff: CostRate | str | None = None,
    overhead: float = 0.0,
) -> AdministrativeCost:
    """
    Return what it costs applicants to give the information that services ask for, by obligation and year.

    Each document that is handed in is an information obligation: obtaining it, and its share of the applicant's time at
    the steps that ask for it, which share a step equally. What the applicant does at other steps is an obligation of its
    own, so that all hours together are the applicant's time. Fees are no administrative cost.

    Args:
        organisation: Services with requirements, procedures and arrival rates, which say how many cases there are.
        service: Id of the only service that is looked at; all where left out.
        tariff: What an hour is worth, such as ``50000 IDR/hour``; the `time_value` of each service where left out. Without
            either, hours and what is paid are told, and no money is made of time.
        overhead: On top of the tariff, as a fraction of it.

    Raises:
        UnknownIdError: There is no such service.
        InvalidQuantityError: The tariff or the overhead cannot be read, or is negative.

    Example:
        >>> from pubservice.io.example import read_example
        >>> office = read_example("civil-registration")
        >>> cost = administrative_cost(office, service="birth-certificate", tariff="20000 IDR/hour")
        >>> [str(obligation.price) for obligation in cost.obligations if obligation.name == "birth-notice"]
        ['27,635 IDR']

    Source:
        SCM Network (2005), International Standard Cost Model Manual; which step belongs to which document is our reading.
    """
    rate, share = None if tariff is None else cost_rate(tariff), not_negative(overhead)
    setting = Setting(organisation)
    chosen = organisation.services if service is None else [organisation.service(service)]
    with uncollected():
        return AdministrativeCost(
            obligation
            for each in chosen
            for obligation in obligations_of(Subject(each, setting), rate or each.time_value, share)
        )


def obligations_of(
    subject: Subject, tariff: CostRate | None, overhead: float
) -> Iterator[InformationObligation]:
    """Yield the information obligations of one service."""
    service, of = subject.service, subject.profile
    usual = {requirement.id: requirement.business_as_usual for requirement in service.requirements}
    steps = service.procedure.steps
    if of.visits is None and steps:
        unknown = AdministrativeActivity(OTHER_STEPS, unknown=of.undefined)
        yield InformationObligation(
            OTHER_STEPS, of=service.id, activities=[unknown], population=of.cases_per_year
        )
        return
    visits = of.visits or []
    for document in subject.performance.documents:
        yield InformationObligation(
            document.id,
            of=service.id,
            activities=[
                _obtaining(document, tariff, overhead),
                *(_at_step(subject, i, times, tariff, overhead) for i, times in document.asked_at),
            ],
            population=of.cases_per_year,
            business_as_usual=usual.get(document.id, 0.0),
        )
    others = [i for i, step in enumerate(steps) if visits[i] and not step.asks and _takes_part(subject, i)]
    if others:
        yield InformationObligation(
            OTHER_STEPS,
            of=service.id,
            activities=[_at_step(subject, i, visits[i], tariff, overhead) for i in others],
            population=of.cases_per_year,
        )


def _takes_part(subject: Subject, i: int) -> bool:
    step = subject.service.procedure.steps[i]
    return step.actor == "applicant" or step.contact == "in-person"


def _obtaining(document: Document, tariff: CostRate | None, overhead: float) -> AdministrativeActivity:
    return AdministrativeActivity(
        Message("obtain {document}", document=document.evidence),
        time=Duration(document.time_s or 0.0, "s"),
        tariff=tariff,
        overhead=overhead,
        external_cost=document.cost,
        times=document.first,
    )


def _at_step(
    subject: Subject, i: int, times: float, tariff: CostRate | None, overhead: float
) -> AdministrativeActivity:
    """Return what one document takes at a step: the applicant's time there, shared equally with what else is asked for."""
    step, found = subject.service.procedure.steps[i], subject.performance.steps[i]
    travel = travel_times(subject.service)
    seconds = spent_at(step, found.processing_time_s, found.waiting_time_s, travel).total_s
    return AdministrativeActivity(
        step.id,
        time=None if seconds is None else Duration(seconds / max(1, len(step.asks)), "s"),
        tariff=tariff,
        overhead=overhead,
        times=times,
        unknown=subject.performance.undefined.get("applicant_time_s") if seconds is None else None,
    )
