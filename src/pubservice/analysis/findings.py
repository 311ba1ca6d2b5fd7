"""Findings: claims that something is wrong or redundant, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import attrs

from pubservice.edits.edit import as_data
from pubservice.messages import Message, translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.edits.edit import Edit, ServiceEdit
    from pubservice.messages import Language
    from pubservice.model.service import Suppression


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
