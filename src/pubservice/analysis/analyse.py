"""Everything at once: performance, time by cause and how sure promises are, bottlenecks, what moves, findings and savings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.bottleneck_kinds import kinds_of
from pubservice.analysis.case_time import CaseTime
from pubservice.analysis.causes import ServiceTimes, times_of
from pubservice.analysis.check import check
from pubservice.analysis.cycle_times import SHARES, CycleTimeDistribution, distribution_of
from pubservice.analysis.performance import Performance, performance
from pubservice.analysis.savings import Savings, savings
from pubservice.analysis.sensitivity import Sensitivities, sensitivity
from pubservice.errors import UndefinedResultError
from pubservice.messages import Message, listed, translate
from pubservice.units import in_words

if TYPE_CHECKING:
    from pubservice.analysis.findings import Findings
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation


@attrs.frozen
class _Lasting:
    """
    How long the cases of one service take, and why.

    Attributes:
        times: By cause.
        distribution: None where it is undefined.
        promise: The probability that a case takes no longer than the standard of the service says.
        undefined: Why one is None, by its name.
    """

    times: ServiceTimes
    distribution: CycleTimeDistribution | None
    promise: float | None
    undefined: dict[str, Message]


def _lasting(service: ServicePerformance) -> _Lasting:
    """Return how long the cases of one service take; worked out when asked for, because its grids are large."""
    time = CaseTime(service.case)
    distribution = promise = None
    undefined: dict[str, Message] = {}
    limit = service.case.of.service.standard.completion_time
    if limit is None:
        undefined["promise"] = Message("the standard of the service promises no completion time")
    if service.cycle_time_s is None:
        undefined["distribution"] = service.undefined["cycle_time_s"]
    else:
        try:
            distribution = distribution_of(time)
            promise = None if limit is None else distribution.probability_within(limit)
        except UndefinedResultError as error:
            undefined["promise" if distribution else "distribution"] = error.message
    if distribution is None and limit is not None:
        undefined["promise"] = undefined["distribution"]
    return _Lasting(times_of(service, time), distribution, promise, undefined)


@attrs.frozen
class Analysis:
    """
    What an organisation does, where it is held up, what is redundant, and what that costs.

    Attributes:
        performance: Of each service; its bottlenecks are in it.
        findings: Of all rules.
        savings: Of the remedies.
        sensitivity: What moving each number does; None where it was not asked for.
    """

    performance: Performance
    findings: Findings
    savings: Savings
    sensitivity: Sensitivities | None = None

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        result = self.performance
        held = result.bottlenecks.bottlenecks
        saved = iter(self.savings)
        moves = self.sensitivity
        asked = (
            {}
            if moves is None
            else {"sensitivity": moves.data() | {"bottlenecks": kinds_of(result, moves).data()}}
        )
        return {
            "pubservice": 1,
            "organisation": result.organisation.id,
            "provenance": result.provenance.data(),
            "services": [_data(service) for service in result.services],
            "resources": [load.data(bottleneck=load in held) for load in result.bottlenecks.loads],
            "findings": [
                finding.data() | {"saving": next(saved).data() if finding.would_help else None}
                for finding in self.findings
            ],
            **asked,
        }

    def text(self, language: Language = "en") -> str:
        """Return all of it for people."""
        held = ", ".join(load.resource for load in self.performance.bottlenecks.bottlenecks)
        parts = [str(self.performance.organisation.name.text(language) or self.performance.organisation.id)]
        parts.extend(_text(service, language) for service in self.performance.services)
        parts.append(self.performance.bottlenecks.text(language))
        if held:
            parts.append(f"{translate('bottleneck', language)}: {held}")
        if self.sensitivity is not None:
            parts.append(kinds_of(self.performance, self.sensitivity).text(language))
            parts.append(self.sensitivity.text(language))
        parts.append(self.findings.text(language))
        if len(self.savings):
            parts.append(
                f"{translate('what each remedy saves by itself', language)}:\n{self.savings.text(language)}"
            )
        return "\n\n".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.text()


def _data(service: ServicePerformance) -> dict[str, Any]:
    """Return a service for JSON, with causes, distribution and promise."""
    data, lasting = service.data(), _lasting(service)
    times = lasting.times
    found: dict[str, Any] = {
        "causes": [
            {"cause": cause, "time_s": seconds, "elapsed_s": times.elapsed[cause]}
            for cause, seconds in times.causes.items()
        ],
        "cycle_time_with_joins_s": times.cycle_time_s,
        "distribution": None if lasting.distribution is None else lasting.distribution.data(),
        "promise": lasting.promise,
    }
    undefined = {name: str(reason) for of in (times, lasting) for name, reason in of.undefined.items()}
    if times.cycle_time_s is None:
        undefined["cycle_time_with_joins_s"] = str(next(iter(times.undefined.values())))
    return data | found | {"undefined": data["undefined"] | undefined}


def _text(service: ServicePerformance, language: Language) -> str:
    """Return a service for people, with how long most cases take and what they wait for."""
    lasting = _lasting(service)
    lines = [service.text(language)]
    if lasting.times.causes["synchronisation"] and lasting.times.cycle_time_s is not None:
        time = in_words(lasting.times.cycle_time_s).text(language)
        lines.append(f"  {translate('cycle time with what joins wait for', language)}: {time}")
    if lasting.distribution is not None:
        shares = [
            Message(
                "{share:.0%} within {time}",
                share=share,
                time=in_words(lasting.distribution.quantile_s(share)),
            )
            for share in SHARES
        ]
        lines.append(f"  {translate('cases done', language)}: {listed(shares).text(language)}")
    if lasting.promise is not None:
        limit = service.case.of.service.standard.completion_time
        kept = Message("{share:.1%} within {limit}", share=lasting.promise, limit=str(limit))
        lines.append(f"  {translate('promise kept', language)}: {kept.text(language)}")
    if any(lasting.times.causes.values()):
        told = {reason.text(language) for reason in service.undefined.values()}
        shown = lasting.times.text(language).splitlines()[1:]
        lines.extend("  " + line for line in shown if line not in told)
    return "\n".join(lines)


def analyse(organisation: PublicOrganisation, *, moves: bool = False) -> Analysis:
    """
    Return performance, bottlenecks, findings and savings of an organisation.

    Args:
        organisation: Services with procedures; queues need arrival rates.
        moves: Whether to tell too what moving each of its numbers does, which takes longer than all else.

    Example:
        >>> analyse(city_hall).performance.bottlenecks.bottlenecks[0].resource
        'clerk'
    """
    found = check(organisation)
    moved = sensitivity(organisation) if moves else None
    return Analysis(performance(organisation), found, savings(organisation, found), moved)
