"""What a model shows of a claim: the ways to look."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.check import check
from pubservice.analysis.performance import performance
from pubservice.management.division import competence_gaps, owners
from pubservice.management.standard import check_standards
from pubservice.messages import Message
from pubservice.model.organisation import metrics_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pubservice.analysis.findings import Finding, Findings
    from pubservice.analysis.performance import Performance
    from pubservice.management.standard import Standards
    from pubservice.model.metric import Metric
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Step
    from pubservice.model.service import PublicService

_CHECKED = (
    *("MOD", "RED", "LEG001", "WAI009", "EVD001", "EVD002", "EVD003"),
    *("HND005", "HND006", "HND007", "HND008"),
)
_ONLINE = {"online", "mobile"}
_FEW = 3  # names in a sentence


@attrs.frozen
class Showing:
    """
    What a model shows of a claim.

    Attributes:
        holds: Whether it holds; None where the model shows neither.
        why: The fact that shows it, or what is not there to show it.
        codes: Of the findings that speak against it.
    """

    holds: bool | None
    why: Message
    codes: tuple[str, ...] = ()


class Office:
    """An organisation with what is worked out of it, once for all claims."""

    def __init__(self, organisation: PublicOrganisation) -> None:
        self.organisation = organisation

    @cached_property
    def standards(self) -> Standards:
        """The standards of its services."""
        return check_standards(self.organisation)

    @cached_property
    def performance(self) -> Performance:
        """What its cases go through."""
        return performance(self.organisation)

    @cached_property
    def findings(self) -> Findings:
        """What the rules that claims rest on find."""
        return check(self.organisation, select=_CHECKED)

    @cached_property
    def office_steps(self) -> list[tuple[str, Step]]:
        """The steps of the office, each with its service."""
        return [
            (service.id, step)
            for service in self.organisation.services
            for step in service.procedure.steps
            if step.actor == "office"
        ]

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """The metrics that its targets may name."""
        return metrics_of(self.organisation)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of each resource."""
        return {resource.id: resource.kind for resource in self.organisation.resources}


def _named(items: Iterable[str]) -> str:
    """Return a few names, and how many more there are."""
    names = list(dict.fromkeys(items))
    more = f" +{len(names) - _FEW}" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more


def stated(field: str) -> Callable[[Office], Showing]:
    """Return what tells whether the organisation states something of itself."""

    def look(office: Office) -> Showing:
        if getattr(office.organisation, field):
            return Showing(True, Message("the organisation states it"))
        return Showing(None, Message("the organisation states none"))

    return look


def each(has: Callable[[Office, PublicService], bool]) -> Callable[[Office], Showing]:
    """
    Return what tells whether each service has something.

    Where some have it and others not, the others lack it; where none has it, the model may just not say.
    """

    def look(office: Office) -> Showing:
        services = office.organisation.services
        lacking = [service.id for service in services if not has(office, service)]
        if len(lacking) == len(services):
            return Showing(None, Message("no service says so"))
        if lacking:
            return Showing(False, Message("not in {services}", services=_named(lacking)))
        return Showing(True, Message("in all services: {count}", count=len(services)))

    return look


def has_components(*names: str) -> Callable[[Office], Showing]:
    """Return what tells whether the standard of each service has some components."""

    def has(office: Office, service: PublicService) -> bool:
        places = office.standards.service(service.id).places
        return all(places[name] is not None for name in names)

    return each(has)


def nothing_found(*codes: str) -> Callable[[Office], Showing]:
    """Return what tells whether rules find nothing in any service."""

    def look(office: Office) -> Showing:
        against = [finding for finding in office.findings if finding.code.startswith(codes)]
        if against:
            return _against(against)
        if not office.organisation.services:
            return Showing(None, Message("there are no services"))
        silent = [service.id for service in office.organisation.services if not service.procedure.nodes]
        if silent:
            return Showing(None, Message("no procedure is described: {services}", services=_named(silent)))
        for skipped in office.findings.skipped:
            if skipped.code.startswith(codes):
                reason = Message("{service}: {why}", service=skipped.service, why=skipped.reason)
                return Showing(None, reason)
        return Showing(True, Message("none found by {codes}", codes=", ".join(codes)))

    return look


def _against(findings: list[Finding]) -> Showing:
    codes = tuple(dict.fromkeys(finding.code for finding in findings))
    services = _named(finding.service for finding in findings)
    message = Message(
        "{count} found by {codes}: {services}",
        count=len(findings),
        codes=", ".join(codes),
        services=services,
    )
    return Showing(False, message, codes)


def has_full_standard(office: Office, service: PublicService) -> bool:
    """Return whether the standard of a service has all 14 components."""
    return not office.standards.service(service.id).missing


def has_satisfying_target(office: Office, service: PublicService) -> bool:
    """Return whether a service has a target of a metric that serves satisfaction."""
    return any(office.metrics[target.metric].goal == "satisfying" for target in service.targets)


def one_owner(office: Office) -> Showing:
    """Tell whether each step of the office has one owner."""
    split: list[str] = []
    nobody: list[str] = []
    owned = 0
    for service, step in office.office_steps:
        found = owners(step, office.kinds)
        if len(found) == 1:
            owned += 1
        else:
            (split if found else nobody).append(f"{service}.{step.id}")
    if split:
        return Showing(False, Message("several owners: {steps}", steps=_named(split)))
    if not owned:
        return Showing(None, Message("no step says who does it"))
    if nobody:
        return Showing(False, Message("no owner: {steps}", steps=_named(nobody)))
    return Showing(True, Message("all steps have one: {count}", count=owned))


def competent(office: Office) -> Showing:
    """Tell whether what steps require is held by one of their resources."""
    if not any(step.competences for _, step in office.office_steps):
        return Showing(None, Message("no step says what it takes"))
    gaps = [
        f"{service}.{step.id}: {'+'.join(lacking)}"
        for service, step, lacking in competence_gaps(office.organisation)
    ]
    if gaps:
        return Showing(False, Message("not held: {gaps}", gaps=_named(gaps)))
    return Showing(True, Message("all that steps require are held by who does them"))


def not_overloaded(office: Office) -> Showing:
    """Tell whether no staff have more work than they can do."""
    staff = [load for load in office.performance.bottlenecks.loads if office.kinds[load.resource] == "staff"]
    over = [load.resource for load in staff if load.utilisation is not None and load.utilisation >= 1]
    if over:
        return Showing(False, Message("cannot keep up: {resources}", resources=_named(over)), ("WAI001",))
    for load in staff:
        if load.utilisation is None:
            why = load.undefined["utilisation"]
            return Showing(None, Message("{resource}: {why}", resource=load.resource, why=why))
    if not staff:
        return Showing(None, Message("there are no staff in the model"))
    busiest = max(staff, key=lambda load: load.utilisation or 0.0)
    message = Message(
        "busiest: {resource}, {utilisation:.0%}",
        resource=busiest.resource,
        utilisation=busiest.utilisation,
    )
    return Showing(True, message)


def reachable_online(office: Office) -> Showing:
    """Tell whether each service has an online or mobile channel; one that states no channel shows nothing."""
    stated = [service for service in office.organisation.services if service.channels]
    if not stated:
        return Showing(None, Message("no service says how it is reached"))
    lacking = [s.id for s in stated if _ONLINE.isdisjoint(channel.kind for channel in s.channels)]
    if lacking:
        return Showing(False, Message("not in {services}", services=_named(lacking)))
    silent = [service.id for service in office.organisation.services if not service.channels]
    if silent:
        return Showing(None, Message("no channels are stated: {services}", services=_named(silent)))
    return Showing(True, Message("in all services: {count}", count=len(stated)))


def keeps_promises(office: Office) -> Showing:
    """Tell whether each service publishes a completion time that it keeps on average."""
    promises = [(found.service, found.promise) for found in office.standards.services]
    broken = [service for service, p in promises if p is not None and p.verdict in ("impossible", "missed")]
    if broken:
        return Showing(False, Message("missed on average: {services}", services=_named(broken)), ("LEG003",))
    if not promises:
        return Showing(None, Message("there are no services"))
    unknown = [service for service, p in promises if p is None or p.verdict is None]
    if unknown:
        return Showing(None, Message("no promise, or no cycle time: {services}", services=_named(unknown)))
    return Showing(True, Message("kept on average in all services: {count}", count=len(promises)))
