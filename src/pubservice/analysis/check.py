"""Checking: all rules on all services, less what services say to ignore."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.findings import Finding, Findings, Skipped, Suppressed, Unused
from pubservice.analysis.register import Rule, SkipRuleError, load_rules, rules
from pubservice.analysis.subject import Setting, Subject
from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.memory import uncollected
from pubservice.messages import Message, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.service import PublicService, Suppression


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
    skipped = [Skipped(file, organisation.id, reason, failed=True) for file, reason in load_rules()]
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
