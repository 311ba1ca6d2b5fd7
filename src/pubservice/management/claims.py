"""What can be claimed of an organisation, and what its model shows of each claim."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.findings import Finding, check
from pubservice.analysis.performance import performance
from pubservice.management.division import competence_gaps, owners
from pubservice.management.standard import check_standards
from pubservice.messages import Message
from pubservice.model.service import DELIVERY_COMPONENTS
from pubservice.model.vocabulary import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pubservice.analysis.findings import Findings
    from pubservice.analysis.performance import Performance
    from pubservice.management.standard import Standards
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
    def kinds(self) -> dict[str, str]:
        """The kind of each resource."""
        return {resource.id: resource.kind for resource in self.organisation.resources}


@attrs.frozen
class Claim:
    """
    Something that is true of an organisation, or is not.

    Attributes:
        id: What answers name.
        words: The claim, in words.
        raised_by: What would make it true, or show that it is.
        source: Where it comes from.
        look: What tells it from a model; None where no model can.
    """

    id: str
    words: Message
    raised_by: Message
    source: str
    look: Callable[[Office], Showing] | None = attrs.field(default=None, eq=False, repr=False)

    def shown_by(self, office: Office) -> Showing:
        """Return what a model shows of it."""
        if self.look is None:
            return Showing(None, Message("no model can show it"))
        return self.look(office)


def _named(items: Iterable[str]) -> str:
    """Return a few names, and how many more there are."""
    names = list(dict.fromkeys(items))
    more = f" +{len(names) - _FEW}" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more


def _stated(field: str) -> Callable[[Office], Showing]:
    """Return what tells whether the organisation states something of itself."""

    def look(office: Office) -> Showing:
        if getattr(office.organisation, field):
            return Showing(True, Message("the organisation states it"))
        return Showing(None, Message("the organisation states none"))

    return look


def _each(has: Callable[[Office, PublicService], bool]) -> Callable[[Office], Showing]:
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


def _has_components(*names: str) -> Callable[[Office], Showing]:
    """Return what tells whether the standard of each service has some components."""

    def has(office: Office, service: PublicService) -> bool:
        places = office.standards.service(service.id).places
        return all(places[name] is not None for name in names)

    return _each(has)


def _nothing_found(*codes: str) -> Callable[[Office], Showing]:
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


def _has_full_standard(office: Office, service: PublicService) -> bool:
    return not office.standards.service(service.id).missing


def _has_satisfying_target(office: Office, service: PublicService) -> bool:
    goals = {metric.id: metric.goal for metric in (*METRICS.values(), *office.organisation.metrics)}
    return any(goals[target.metric] == "satisfying" for target in service.targets)


def _one_owner(office: Office) -> Showing:
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


def _competent(office: Office) -> Showing:
    if not any(step.competences for _, step in office.office_steps):
        return Showing(None, Message("no step says what it takes"))
    gaps = [
        f"{service}.{step.id}: {'+'.join(lacking)}"
        for service, step, lacking in competence_gaps(office.organisation)
    ]
    if gaps:
        return Showing(False, Message("not held: {gaps}", gaps=_named(gaps)))
    return Showing(True, Message("all that steps require are held by who does them"))


def _not_overloaded(office: Office) -> Showing:
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


def _reachable_online(office: Office) -> Showing:
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


def _keeps_promises(office: Office) -> Showing:
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


_FRAME = "our reading; frame: Albrecht & Zemke (1985), Service America!"
_LAW = "our reading of UU 25/2009 art. 21"
_PRINCIPLES = "our reading of UU 25/2009 art. 4"


def _claim(
    id: str,
    words: Message,
    raised_by: Message,
    look: Callable[[Office], Showing] | None = None,
    source: str = _FRAME,
) -> Claim:
    return Claim(id, words, raised_by, source, look)


CLAIMS = {
    claim.id: claim
    for claim in (
        # strategy and culture
        _claim("vision", Message("a vision is stated"), Message("state the vision"), _stated("vision")),
        _claim(
            "commitments",
            Message("commitments to those served are stated"),
            Message("state what those served can count on"),
            _stated("commitments"),
        ),
        _claim(
            "targets",
            Message("every service has targets"),
            Message("set targets for every service"),
            _each(lambda _, service: bool(service.targets)),
        ),
        _claim(
            "owner",
            Message("every step of the office has one owner"),
            Message("name one kind of staff for every step"),
            _one_owner,
        ),
        _claim(
            "values",
            Message("staff know what the organisation stands for, and say it in their own words"),
            Message("talk about what the organisation stands for until staff can say it"),
        ),
        _claim(
            "leadership",
            Message("those who lead meet those served, and act on what they hear"),
            Message("let those who lead sit at the counter, and follow up what they hear"),
        ),
        _claim(
            "recognition",
            Message("good service is noticed and rewarded"),
            Message("notice and reward good service"),
        ),
        # system
        _claim(
            "standard",
            Message("the standard of every service is complete"),
            Message("write and publish the missing components"),
            _each(_has_full_standard),
            _LAW,
        ),
        _claim(
            "sound",
            Message("every case can finish"),
            Message("repair what the MOD rules name"),
            _nothing_found("MOD"),
        ),
        _claim(
            "lean",
            Message("nothing is done twice or for nobody"),
            Message("apply the remedies of the RED rules"),
            _nothing_found("RED"),
        ),
        _claim(
            "digital",
            Message("every service can be reached online"),
            Message("open an online channel, and keep the counter"),
            _reachable_online,
        ),
        _claim(
            "promises-kept",
            Message("every published completion time is kept on average"),
            Message("shorten the procedure, add capacity, or publish a time that can be kept"),
            _keeps_promises,
            _LAW,
        ),
        _claim(
            "reliability",
            Message("systems work when they are needed"),
            Message("record when systems fail, and repair the most frequent cause"),
        ),
        _claim(
            "forms",
            Message("forms are understood without help"),
            Message("let applicants fill in the forms while you watch, and change what stops them"),
        ),
        # people
        _claim(
            "competences",
            Message("whoever does a step has the competences it requires"),
            Message("train, or give the step to those who are able"),
            _competent,
        ),
        _claim(
            "load",
            Message("no staff have more work than they can do"),
            Message("add capacity, or take work away"),
            _not_overloaded,
        ),
        _claim(
            "deputies",
            Message("no step hangs on a single person"),
            Message("name and train deputies"),
            _nothing_found("WAI009"),
        ),
        _claim(
            "training",
            Message("staff are trained for their work every year"),
            Message("train staff every year"),
        ),
        _claim(
            "courtesy",
            Message("staff are polite and helpful"),
            Message("ask those served, and train where they disagree"),
        ),
        _claim(
            "discretion",
            Message("staff may solve a problem on the spot"),
            Message("let staff decide within bounds that are written down"),
        ),
        # those served
        _claim(
            "audience",
            Message("every service says whom it is for"),
            Message("state the audience of every service"),
            _each(lambda _, service: bool(service.audience)),
        ),
        _claim(
            "requirements",
            Message("every service says what it requires"),
            Message("state the requirements of every service"),
            _has_components("requirements"),
            _LAW,
        ),
        _claim(
            "asked-once",
            Message("nothing is asked for that the office holds"),
            Message("apply the remedies of the EVD rules"),
            _nothing_found("EVD001", "EVD002", "EVD003"),
            "our reading of Regulation (EU) 2018/1724 art. 14 (once only)",
        ),
        _claim(
            "contacts",
            Message("applicants come and pay no more often than they must"),
            Message("apply the remedies of HND005 to HND008"),
            _nothing_found("HND005", "HND006", "HND007", "HND008"),
        ),
        _claim(
            "satisfaction",
            Message("every service has a target for the satisfaction of those served"),
            Message("set a target for satisfaction or for the applicant's time"),
            _each(_has_satisfying_target),
        ),
        _claim(
            "complaints",
            Message("every service says how complaints and suggestions are handled"),
            Message("state how complaints and suggestions are handled"),
            _has_components("complaints"),
            _LAW,
        ),
        _claim(
            "survey",
            Message("those served were surveyed in the last twelve months"),
            Message("survey those served once a year"),
            source="our reading of Permenpan RB 14/2017 art. 1",
        ),
        _claim(
            "listening",
            Message("what the survey said was published and acted on"),
            Message("publish the results, and say what was changed"),
        ),
        # the law asks for these beyond the triangle
        _claim(
            "outputs",
            Message("every service says what it owes"),
            Message("state the outputs of every service"),
            _each(lambda _, service: bool(service.outputs)),
            _LAW,
        ),
        _claim(
            "legal-basis",
            Message("every service names the provisions it rests on"),
            Message("state the legal basis of every service"),
            _has_components("legal_basis"),
            _LAW,
        ),
        _claim(
            "demands-based",
            Message("every demand on applicants has a legal basis"),
            Message("state the provision, or stop demanding it"),
            _nothing_found("LEG001"),
            _LAW,
        ),
        _claim(
            "published",
            Message("the six components that have to be published are there in every service"),
            Message("write and publish the missing components"),
            _has_components(*DELIVERY_COMPONENTS),
            _LAW,
        ),
        _claim(
            "oversight",
            Message("every service says who supervises and how the work is evaluated"),
            Message("state the internal supervision and the evaluation of performance"),
            _has_components("internal_supervision", "performance_evaluation"),
            _LAW,
        ),
        _claim(
            "promised",
            Message("every service publishes a completion time"),
            Message("publish a completion time for every service"),
            _has_components("completion_time"),
            _LAW,
        ),
        _claim(
            "fees",
            Message("every service says what it costs"),
            Message("state the fee of every service, also where there is none"),
            _has_components("fee"),
            _LAW,
        ),
        _claim(
            "impartiality",
            Message("no decision serves a private interest"),
            Message("let somebody else look at decisions in which staff have an interest"),
            source=_PRINCIPLES,
        ),
        _claim(
            "equality",
            Message("everybody who is entitled is treated alike"),
            Message("count complaints of unequal treatment, and follow them up"),
            source=_PRINCIPLES,
        ),
        _claim(
            "vulnerable",
            Message("vulnerable groups have facilities and treatment of their own"),
            Message("ask those concerned what they lack, and provide it"),
            source=_PRINCIPLES,
        ),
        _claim(
            "notice",
            Message("the public notice hangs where everybody sees it"),
            Message("publish the notice at the counter and online"),
            source="our reading of UU 25/2009 art. 22",
        ),
    )
}
