"""Everything at once: performance, bottlenecks, findings and what their remedies save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.findings import Findings, check
from pubservice.analysis.performance import Performance, performance
from pubservice.analysis.savings import Savings, savings
from pubservice.messages import translate

if TYPE_CHECKING:
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation


@attrs.frozen
class Analysis:
    """
    What an organisation does, where it is held up, what is redundant, and what that costs.

    Attributes:
        performance: Of each service; its bottlenecks are in it.
        findings: Of all rules.
        savings: Of the remedies.
    """

    performance: Performance
    findings: Findings
    savings: Savings

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        result = self.performance
        held = result.bottlenecks.bottlenecks
        saved = iter(self.savings)
        return {
            "pubservice": 1,
            "organisation": result.organisation.id,
            "provenance": result.provenance.data(),
            "services": [service.data() for service in result.services],
            "resources": [load.data(bottleneck=load in held) for load in result.bottlenecks.loads],
            "findings": [
                finding.data() | {"saving": next(saved).data() if finding.would_help else None}
                for finding in self.findings
            ],
        }

    def text(self, language: Language = "en") -> str:
        """Return all of it for people."""
        held = ", ".join(load.resource for load in self.performance.bottlenecks.bottlenecks)
        parts = [str(self.performance.organisation.name.text(language) or self.performance.organisation.id)]
        parts.extend(service.text(language) for service in self.performance.services)
        parts.append(self.performance.bottlenecks.text(language))
        if held:
            parts.append(f"{translate('bottleneck', language)}: {held}")
        parts.append(self.findings.text(language))
        if len(self.savings):
            parts.append(
                f"{translate('what each remedy saves by itself', language)}:\n{self.savings.text(language)}"
            )
        return "\n\n".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.text()


def analyse(organisation: PublicOrganisation) -> Analysis:
    """
    Return performance, bottlenecks, findings and savings of an organisation.

    Example:
        >>> analyse(city_hall).performance.bottlenecks.bottlenecks[0].resource
        'clerk'
    """
    found = check(organisation)
    return Analysis(performance(organisation), found, savings(organisation, found))
