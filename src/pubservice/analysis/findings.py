"""Findings, the rules that make them, and `check`."""

from __future__ import annotations

import inspect
import pkgutil
import re
import textwrap
from collections import defaultdict
from functools import cache, cached_property
from importlib import import_module
from itertools import combinations
from typing import TYPE_CHECKING, Any, overload

import attrs

from pubservice.analysis.controls import Controls
from pubservice.analysis.load import Evaluation, evaluate
from pubservice.analysis.performance import ServicePerformance, evidence_times, service_performance
from pubservice.analysis.questions import Asked
from pubservice.analysis.unused import what_is_unused
from pubservice.edits.edit import as_data
from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.graph.blocks import Blocks, blocks
from pubservice.graph.dataflow import DataFlow
from pubservice.graph.flowgraph import FlowGraph, flowgraph
from pubservice.graph.paths import from_start, likeliest_way, runs
from pubservice.graph.presence import Presence
from pubservice.graph.soundness import soundness_of
from pubservice.memory import uncollected
from pubservice.messages import Message, did_you_mean, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pubservice.analysis.profile import Profile
    from pubservice.analysis.unused import UnusedData
    from pubservice.edits.edit import Edit, ServiceEdit
    from pubservice.graph.soundness import Soundness
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Node
    from pubservice.model.service import Evidence, PublicService, Suppression


@attrs.frozen
class Proposal:
    """
    A remedy that the law forbids today, with the provisions that would have to change for it. Never applied by itself.

    Attributes:
        provisions: As the model states them.
        edit: What could be done then.
    """

    provisions: tuple[str, ...]
    edit: ServiceEdit

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"provisions": list(self.provisions), "edit": as_data(self.edit)}


@attrs.frozen
class Finding:
    """
    A claim that something in a procedure is wrong or redundant, and what would help.

    Attributes:
        service: The service it concerns.
        steps: The nodes it concerns, the first to look at first.
        message: What is claimed.
        remedy: The edit that would help; None where there is none.
        proposal: What would help if provisions were changed; None where there is none.
        code: Of the rule that claims it.
    """

    service: str
    steps: tuple[str, ...] = attrs.field(kw_only=True)
    message: Message = attrs.field(kw_only=True)
    remedy: Edit | None = attrs.field(default=None, kw_only=True)
    proposal: Proposal | None = attrs.field(default=None, kw_only=True)
    code: str = attrs.field(default="", kw_only=True)

    def text(self, language: Language = "en") -> str:
        """Return ``code service: steps: message``."""
        where = f"{', '.join(self.steps)}: " if self.steps else ""
        return f"{self.code} {self.service}: {where}{self.message.text(language)}"

    def __str__(self) -> str:
        return self.text()

    @property
    def would_help(self) -> Message:
        """The remedy, or what is proposed and by which provisions it is forbidden today, in words; else nothing."""
        if self.remedy is not None:
            return self.remedy.describe()
        if self.proposal is not None:
            return Message(
                "{edit} (if {provisions} changed)",
                edit=self.proposal.edit.describe(),
                provisions=", ".join(self.proposal.provisions),
            )
        return Message("")

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "code": self.code,
            "service": self.service,
            "steps": list(self.steps),
            "message": str(self.message),
            "remedy": None if self.remedy is None else as_data(self.remedy),
            "proposal": None if self.proposal is None else self.proposal.data(),
        }


@attrs.frozen
class Skipped:
    """
    A rule that did not run on a service.

    Attributes:
        code: Of the rule.
        service: The service.
        reason: Why not.
        failed: Whether it went wrong on the way, which is a fault of the rule.
    """

    code: str
    service: str
    reason: Message
    failed: bool = False


@attrs.frozen
class Suppressed:
    """
    A finding that the model says to ignore.

    Attributes:
        finding: The claim.
        reason: Why the model ignores it.
    """

    finding: Finding
    reason: str


@attrs.frozen
class Unused:
    """
    A suppression of a model that no finding needed: what it was for is gone, or it was never found.

    Attributes:
        service: The service that states it.
        suppression: As stated.
    """

    service: str
    suppression: Suppression


@attrs.frozen
class Findings:
    """
    What `check` found, in the order of services and rules; a sequence of findings.

    Attributes:
        findings: The claims.
        skipped: What was not checked, and why.
        suppressed: What was found and the model says to ignore, with its reasons.
        unused: Suppressions that nothing needed, of rules that ran.
    """

    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    unused: tuple[Unused, ...] = ()

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self.findings[index]

    def rows(self) -> list[dict[str, str | None]]:
        """Return a row for each finding."""
        return [
            {
                "code": finding.code,
                "service": finding.service,
                "steps": ", ".join(finding.steps),
                "message": str(finding.message),
                "remedy": str(finding.would_help) or None,
            }
            for finding in self.findings
        ]

    def data(self) -> dict[str, list[dict[str, Any]]]:
        """Return them for JSON."""
        return {
            "findings": [finding.data() for finding in self.findings],
            "skipped": [
                {"code": s.code, "service": s.service, "reason": str(s.reason), "failed": s.failed}
                for s in self.skipped
            ],
            "suppressed": [s.finding.data() | {"reason": s.reason} for s in self.suppressed],
            "unused": [{"service": u.service, **attrs.asdict(u.suppression)} for u in self.unused],
        }

    def text(self, language: Language = "en") -> str:
        """Return a line for each finding, then one for each rule skipped, finding suppressed, suppression unused."""
        lines = [finding.text(language) for finding in self.findings] or [translate("no findings", language)]
        lines.extend(note.text(language) for note in self.notes())
        return "\n".join(lines)

    def notes(self) -> list[Message]:
        """Return what is not a claim: rules skipped, findings suppressed, suppressions unused."""
        return [
            *(
                Message("{code} {service}: not checked: {reason}", **attrs.asdict(skipped))
                for skipped in self.skipped
            ),
            *(
                Message(
                    "{code} {service}: {steps}: ignored: {reason}",
                    code=s.finding.code,
                    service=s.finding.service,
                    steps=", ".join(s.finding.steps),
                    reason=s.reason,
                )
                for s in self.suppressed
            ),
            *(
                Message(
                    "{code} {service}: nothing to ignore: {reason}",
                    code=u.suppression.code,
                    service=u.service,
                    reason=u.suppression.reason,
                )
                for u in self.unused
            ),
        ]

    def __str__(self) -> str:
        return self.text()


class SkipRuleError(Exception):
    """Raised by a rule that cannot run, or go on, on a service; `check` lists it with the reason."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason
        super().__init__(reason)


class Setting:
    """What rules may ask of the organisation around a service; worked out once for all services."""

    def __init__(self, organisation: PublicOrganisation) -> None:
        self.organisation = organisation

    @cached_property
    def evaluation(self) -> Evaluation:
        """The organisation, worked out."""
        return evaluate(self.organisation)

    @cached_property
    def times_to_obtain(self) -> dict[str, float]:
        """The seconds that it takes an applicant to obtain each datum of which that is stated."""
        return evidence_times(self.organisation)

    def performance(self, service: str) -> ServicePerformance:
        """Return what a case of a service goes through."""
        evaluation = self.evaluation
        return service_performance(
            evaluation.profiles[service], evaluation.loads, self.times_to_obtain, evaluation
        )

    @cached_property
    def staff(self) -> frozenset[str]:
        """The resources that are people."""
        return frozenset(resource.id for resource in self.organisation.resources if resource.kind == "staff")

    @cached_property
    def busiest(self) -> dict[str, str]:
        """By resource of which the utilisation is known, the service that brings it most work; the first where there are ties."""
        found = {}
        for id, load in self.evaluation.loads.items():
            if load.utilisation:
                of, _ = max(
                    load.demands,
                    key=lambda pair: (pair[0].rate or 0.0) * pair[1].staffed / pair[1].open_share,
                )
                found[id] = of.service.id
        return found

    @cached_property
    def _holders(self) -> dict[str, frozenset[str]]:
        holders: defaultdict[str, set[str]] = defaultdict(set)
        for resource in self.organisation.resources:
            for competence in resource.competences:
                holders[competence].add(resource.id)
        return {competence: frozenset(ids) for competence, ids in holders.items()}

    def able(self, competences: Iterable[str]) -> frozenset[str]:
        """Return the resources that have all of some competences, at least one; none where none are named."""
        holders = [self._holders.get(competence, frozenset()) for competence in competences]
        return frozenset.intersection(*holders) if holders else frozenset()

    @cached_property
    def _work(self) -> tuple[dict[str, frozenset[str]], set[frozenset[str]]]:
        """What the steps of each resource take, none where one does not say, and which resources steps use together."""
        required: dict[str, set[str]] = {}
        silent: set[str] = set()
        together: set[frozenset[str]] = set()
        for service in self.organisation.services:
            for step in service.procedure.steps:
                for id in step.resource:
                    required.setdefault(id, set()).update(step.competences)
                    if not step.competences:
                        silent.add(id)
                if len(step.resource) > 1:
                    together.update(map(frozenset, combinations(step.resource, 2)))
        known = {id: frozenset(needed) for id, needed in required.items() if id not in silent}
        return known, together

    def required(self, resource: str) -> frozenset[str]:
        """Return the competences that the steps of a resource take; none where one of them does not say."""
        return self._work[0].get(resource, frozenset())

    def are_used_together(self, one: str, other: str) -> bool:
        """Return whether a step takes two resources at once."""
        return frozenset((one, other)) in self._work[1]

    @cached_property
    def _wanted_by(self) -> dict[str, set[str]]:
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for service in self.organisation.services:
            for requirement in service.requirements:
                for datum in (requirement.id, *requirement.evidence):
                    wanted[datum].add(service.id)
            for step in service.procedure.steps:
                for datum in (*step.needs, *step.asks, *(fact.of for fact in step.checks)):
                    wanted[datum].add(service.id)
            for wait in service.procedure.waits:
                for datum in wait.needs:
                    wanted[datum].add(service.id)
        return wanted

    def wanted_elsewhere(self, datum: str, service: str) -> bool:
        """Return whether another service needs, asks for or checks a datum."""
        return bool(self._wanted_by.get(datum, set()) - {service})

    @cached_property
    def _owed_by(self) -> dict[str, dict[str, None]]:
        owed: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for service in self.organisation.services:
            for output in service.outputs:
                owed[output.id][service.id] = None
        return owed

    def owed_elsewhere(self, datum: str, service: str) -> bool:
        """Return whether a datum is the output of another service."""
        return self.source(datum, service) is not None

    def source(self, datum: str, service: str) -> str | None:
        """Return the first other service of which a datum is an output; None where there is none."""
        return next((other for other in self._owed_by.get(datum, ()) if other != service), None)

    @cached_property
    def asked(self) -> Asked:
        """What all services ask of their applicants."""
        return Asked(self.organisation)

    @cached_property
    def own_names(self) -> frozenset[str]:
        """What the organisation and its services are called."""
        organisation = self.organisation
        named = [(organisation.id, organisation.name), *((s.id, s.name) for s in organisation.services)]
        return frozenset(
            word for id, name in named for word in (id, *(text for _, text in name.translations))
        )

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """The data there is something to say about."""
        return {item.id: item for item in self.organisation.evidence}


_MOST_STATES = 1_000  # of one procedure: what is wrong shows early, and a catalogue holds thousands of them


class Subject:
    """One service in its organisation: graph, blocks and data flow, worked out once for all rules."""

    def __init__(self, service: PublicService, setting: Setting) -> None:
        self.service = service
        self.setting = setting

    @cached_property
    def graph(self) -> FlowGraph:
        """The graph of its procedure."""
        return flowgraph(self.service.procedure)

    @cached_property
    def nested(self) -> Blocks:
        """Its parallel and inclusive blocks."""
        return blocks(self.graph)

    @cached_property
    def reached(self) -> list[bool]:
        """For each node, whether a case can get there."""
        return from_start(self.graph)

    @cached_property
    def flow(self) -> DataFlow:
        """Its data flow."""
        return DataFlow(self.graph, self.nested, self.service.requirements)

    @cached_property
    def soundness(self) -> Soundness:
        """Whether every case of it can finish."""
        return soundness_of(self.graph, self.nested, at_most_states=_MOST_STATES)

    @cached_property
    def controls(self) -> Controls:
        """Its knock-outs."""
        return Controls(self.graph, self.flow, (output.id for output in self.service.outputs))

    @cached_property
    def profile(self) -> Profile:
        """What one case of it asks of the organisation, queues left out."""
        return self.setting.evaluation.profiles[self.service.id]

    @cached_property
    def unused(self) -> UnusedData:
        """What nobody uses of what it makes; only of a service that declares outputs can that be said."""
        return what_is_unused(self)

    @cached_property
    def presence(self) -> Presence | None:
        """How probable it is that something is there at a node; None where visits are undefined."""
        visits = self.setting.evaluation.profiles[self.service.id].visits
        return None if visits is None else Presence(self.graph, self.nested, visits)

    @cached_property
    def performance(self) -> ServicePerformance:
        """What a case of it goes through."""
        return self.setting.performance(self.service.id)

    @cached_property
    def runs(self) -> list[list[int]]:
        """Its steps that follow each other with nothing between, in stretches as long as they can be."""
        return [run for run in runs(self.graph) if self.reached[run[0]]]

    @cached_property
    def likeliest_way(self) -> list[int]:
        """The nodes of its likeliest way; none where that is not known."""
        return likeliest_way(self.graph, self.nested)

    def node(self, index: int) -> Node:
        """Return a node of its graph."""
        return self.graph.nodes[index]


@attrs.frozen
class Rule:
    """
    A pure function that finds one kind of fault, with its documentation and its own examples.

    Attributes:
        code: Stable; never used again for another rule.
        name: In words.
        find: The function.
        bad: A service, in YAML, in which it finds something.
        good: The same without the fault.
    """

    code: str
    name: str
    find: Callable[[Subject], Iterable[Finding]] = attrs.field(repr=False)
    bad: str = attrs.field(repr=False)
    good: str = attrs.field(repr=False)

    @property
    def title(self) -> Message:
        """What it finds, in a sentence."""
        return Message((inspect.getdoc(self.find) or self.name).partition("\n")[0])

    def text(self, language: Language = "en") -> str:
        """Return its page: what it finds, why that matters, the remedy, known limits, source, and both examples."""
        parts = [f"{self.code} {self.name}", "", translate(self.title, language)]
        for section, paragraph in self.sections:
            shown = paragraph if section == "Source" else translate(paragraph, language)
            parts.extend(
                [
                    "",
                    f"{translate(section, language)}:",
                    textwrap.fill(shown, 110, initial_indent="    ", subsequent_indent="    "),
                ]
            )
        for label, example in (("Found in", self.bad), ("Not found in", self.good)):
            shown = textwrap.indent(textwrap.dedent(example).strip(), "    ")
            parts.extend(["", f"{translate(label, language)}:", "", shown])
        return "\n".join(parts)

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """The sections of its documentation below the title, each with its text on one line."""
        parts = re.split(r"^(\w[\w ]*):\n", inspect.getdoc(self.find) or "", flags=re.MULTILINE)
        return tuple(
            (section, " ".join(text.split())) for section, text in zip(parts[1::2], parts[2::2], strict=True)
        )

    def __str__(self) -> str:
        return self.text()


_FAMILIES = ("MOD", "RED", "EVD", "HND", "WAI", "LEG")
_REGISTER: dict[str, Rule] = {}


def rule(
    code: str,
    name: str,
    *,
    bad: str,
    good: str,
) -> Callable[[Callable[[Subject], Iterable[Finding]]], Callable[[Subject], Iterable[Finding]]]:
    """
    Register a function as a rule.

    Args:
        code: Three capital letters and three digits; never used before.
        name: In words, joined by hyphens.
        bad: A service in YAML (requirements, outputs, procedure, resources, ...) in which it finds something.
        good: The same without the fault.

    Raises:
        ValueError: Another function has the code.

    Example:
        >>> @rule("OUR001", "no-name", bad="procedure: {steps: [{id: a}]}", good="procedure: {steps: [{id: a, name: A}]}")
        ... def no_name(subject):
        ...     "Find steps without a name."
        ...     for step in subject.service.procedure.steps:
        ...         if not step.name:
        ...             yield Finding(subject.service.id, steps=(step.id,), message=Message("has no name for people"))
        >>> print(check(city_hall, select=["OUR"])[0])
        OUR001 building-permit: intake: has no name for people
    """

    def register(find: Callable[[Subject], Iterable[Finding]]) -> Callable[[Subject], Iterable[Finding]]:
        known = _REGISTER.get(code)
        if known is not None and (known.find.__module__, known.name) != (find.__module__, name):
            message = f"{code} is {known.name!r} already: a code is never used again"
            raise ValueError(message)
        _REGISTER[code] = Rule(code, name, find, bad, good)
        return find

    return register


@cache
def _load_rules() -> tuple[tuple[str, Message], ...]:
    """Import every file of rules; return those that cannot be, with the reason."""
    package = import_module("pubservice.analysis.rules")
    failed = []
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        try:
            import_module(module.name)
        except Exception as error:  # noqa: BLE001 - one file that fails must not hide what other rules find
            reason = Message("the file of the rule cannot be loaded: {error}", error=repr(error))
            failed.append((module.name.rpartition(".")[2], reason))
    return tuple(failed)


def rules() -> tuple[Rule, ...]:
    """
    Return all rules, model errors first: every file in ``pubservice.analysis.rules``, and those you registered.

    Example:
        >>> [rule.code for rule in rules()][:3]
        ['MOD001', 'MOD002', 'MOD003']
    """
    _load_rules()
    order = {family: position for position, family in enumerate(_FAMILIES)}
    return tuple(
        sorted(_REGISTER.values(), key=lambda found: (order.get(found.code[:3], len(order)), found.code))
    )


def find_rule(code: str) -> Rule:
    """
    Return the rule with a code.

    Raises:
        UnknownIdError: There is none.

    Example:
        >>> find_rule("red001").name
        'repeated-check'
    """
    for candidate in rules():
        if candidate.code == code.upper():
            return candidate
    raise UnknownIdError("rule", code, [candidate.code for candidate in rules()])


def _chosen(select: Iterable[str] | None, ignore: Iterable[str] | None) -> list[Rule]:
    def matches(patterns: Iterable[str]) -> set[str]:
        found: set[str] = set()
        for pattern in patterns:
            codes = {candidate.code for candidate in rules() if candidate.code.startswith(pattern.upper())}
            if not pattern or not codes:
                raise UnknownIdError("rule", pattern, [candidate.code for candidate in rules()])
            found |= codes
        return found

    selected = matches([select] if isinstance(select, str) else select) if select is not None else None
    ignored = matches([ignore] if isinstance(ignore, str) else ignore) if ignore is not None else set()
    return [r for r in rules() if (selected is None or r.code in selected) and r.code not in ignored]


def check(
    organisation: PublicOrganisation,
    *,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
) -> Findings:
    """
    Return what the rules find in the services of an organisation.

    A rule that cannot run on a service, or fails there, hides nothing that others find: it is listed in `skipped`.

    Args:
        organisation: What is checked.
        select: Codes of rules, or how they begin, such as ``RED``; all where left out.
        ignore: Codes of rules that do not run, likewise.

    Raises:
        UnknownIdError: A code matches no rule.
        InvalidModelError: A service ignores a rule that does not exist.

    Example:
        >>> print(check(city_hall, select=["RED001"]))
        RED001 building-permit: intake, assess: repeats the check of identity
    """
    chosen = _chosen(select, ignore)
    _check_suppressions(organisation)
    setting = Setting(organisation)
    findings: list[Finding] = []
    skipped = [Skipped(file, organisation.id, reason, failed=True) for file, reason in _load_rules()]
    suppressed: list[Suppressed] = []
    unused: list[Unused] = []
    with uncollected():
        for service in organisation.services:
            subject = Subject(service, setting)
            found: list[Finding] = []
            for candidate in chosen:
                try:
                    for finding in candidate.find(subject):
                        found.append(attrs.evolve(finding, code=candidate.code))  # noqa: PERF401 - keeps what came before a failure
                except SkipRuleError as skip:
                    skipped.append(Skipped(candidate.code, service.id, skip.reason))
                except Exception as error:  # noqa: BLE001 - one rule that fails must not hide what others find
                    reason = Message("the rule failed: {error}", error=repr(error))
                    skipped.append(Skipped(candidate.code, service.id, reason, failed=True))
            if service.ignore:
                found = _suppress(service, chosen, found, suppressed, unused)
            findings.extend(found)
    return Findings(tuple(findings), tuple(skipped), tuple(suppressed), tuple(unused))


def _check_suppressions(organisation: PublicOrganisation) -> None:
    """Refuse suppressions of rules that do not exist, all at once."""
    if not any(service.ignore for service in organisation.services):
        return
    known = [candidate.code for candidate in rules()]
    problems = [
        Problem(
            f"services[{i}].ignore[{j}].code",
            Message("no rule {id!r}{hint}", id=suppression.code, hint=did_you_mean(suppression.code, known)),
        )
        for i, service in enumerate(organisation.services)
        for j, suppression in enumerate(service.ignore)
        if suppression.code not in known
    ]
    if problems:
        raise InvalidModelError(problems)


def _suppress(
    service: PublicService,
    chosen: list[Rule],
    found: list[Finding],
    suppressed: list[Suppressed],
    unused: list[Unused],
) -> list[Finding]:
    """Return the findings that no suppression of the service concerns; note the others, and what was not needed."""
    kept = []
    needed: set[Suppression] = set()
    for finding in found:
        by = next((s for s in service.ignore if s.concerns(finding.code, finding.steps)), None)
        if by is None:
            kept.append(finding)
        else:
            needed.add(by)
            suppressed.append(Suppressed(finding, by.reason))
    ran = {candidate.code for candidate in chosen}
    unused.extend(Unused(service.id, s) for s in service.ignore if s.code in ran and s not in needed)
    return kept
