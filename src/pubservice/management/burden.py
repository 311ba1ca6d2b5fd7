"""What services cost those served, in one: the journey, the administrative cost, the frictions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.check import check
from pubservice.analysis.subject import Setting, Subject
from pubservice.management import journey, sludge
from pubservice.management.administrative_cost import obligations_of
from pubservice.memory import uncollected
from pubservice.messages import Message, translate
from pubservice.metrics.standard_cost import SOURCE, AdministrativeCost
from pubservice.provenance import Provenance, provenance
from pubservice.units import CostRate, cost_rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.findings import Finding
    from pubservice.management.journey import Journey
    from pubservice.management.sludge import SludgeAudit
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation


@attrs.frozen
class ServiceBurden:
    """
    What one service costs those served.

    Attributes:
        journey: The way of an applicant through it.
        administrative_cost: What its information obligations cost.
        sludge: Its frictions by type.
    """

    journey: Journey
    administrative_cost: AdministrativeCost
    sludge: SludgeAudit

    @property
    def service(self) -> str:
        """Its id."""
        return self.journey.service

    def text(self, language: Language = "en") -> str:
        """Return the three one after the other."""
        cost, frictions = self.administrative_cost.text(language), self.sludge.text(language)
        return "\n\n".join(
            [
                self.journey.text(language),
                f"{translate('administrative cost', language)}: {self.service}\n" + _indented(cost),
                f"{translate('frictions', language)}: {frictions}",
            ]
        )

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "id": self.service,
            "journey": self.journey.data(),
            "administrative_cost": self.administrative_cost.data(),
            "sludge": self.sludge.data(),
        }


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


@attrs.frozen
class Burden:
    """
    What the services of an organisation cost those served.

    Attributes:
        services: In document order.
        organisation: What was looked at.
    """

    services: tuple[ServiceBurden, ...]
    organisation: PublicOrganisation = attrs.field(eq=False, repr=False)

    def __len__(self) -> int:
        return len(self.services)

    def __iter__(self) -> Iterator[ServiceBurden]:
        return iter(self.services)

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return provenance(
            self.organisation,
            (*journey.ASSUMPTIONS, *sludge.ASSUMPTIONS),
            (*journey.SOURCES, SOURCE, *sludge.SOURCES),
        )

    def text(self, language: Language = "en") -> str:
        """Return the services one after the other."""
        if not self.services:
            return Message("there are no services").text(language)
        return "\n\n".join(service.text(language) for service in self.services)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "pubservice": 1,
            "organisation": self.organisation.id,
            "provenance": self.provenance.data(),
            "services": [service.data() for service in self.services],
        }


def burden(
    organisation: PublicOrganisation,
    *,
    service: str | None = None,
    tariff: CostRate | str | None = None,
) -> Burden:
    """
    Return what services cost those served: journeys, administrative cost and frictions, worked out once.

    They are those of `journeys`, `administrative_cost` and `sludge_audit`.

    Args:
        organisation: What is looked at.
        service: Id of the only service that is looked at; all where left out.
        tariff: What an hour of the applicant is worth; the `time_value` of each service where left out.

    Raises:
        UnknownIdError: There is no such service.
        InvalidQuantityError: The tariff cannot be read, or is negative.

    Example:
        >>> from pubservice.io.example import read_example
        >>> (found,) = burden(read_example("civil-registration"), service="identity-card")
        >>> round(found.administrative_cost.hours), round(found.journey.visits, 2)
        (25660, 1.03)
    """
    rate = None if tariff is None else cost_rate(tariff)
    chosen = organisation.services if service is None else (organisation.service(service),)
    findings: dict[str, list[Finding]] = {}
    for finding in check(organisation):
        findings.setdefault(finding.service, []).append(finding)
    setting = Setting(organisation)
    found = []
    with uncollected():
        for each in chosen:
            subject, value = Subject(each, setting), rate or each.time_value
            found.append(
                ServiceBurden(
                    journey.journey_of(subject),
                    AdministrativeCost(obligations_of(subject, value, 0.0)),
                    sludge.audit_of(subject, findings.get(each.id, []), value),
                )
            )
    return Burden(tuple(found), organisation)
