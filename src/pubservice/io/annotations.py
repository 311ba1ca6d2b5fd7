"""Findings where editors and forges show them: at their lines, as SARIF or as GitHub workflow commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pubservice.analysis.register import rules
from pubservice.io import json, yaml
from pubservice.io.file import MAX_BYTES, read_text
from pubservice.io.place import Place, locate
from pubservice.messages import translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pubservice.analysis.findings import Finding, Findings
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_COLLECTIONS = ("steps", "waits", "gateways", "ends")


class Checked(NamedTuple):
    """
    A file that has been checked.

    Attributes:
        file: Its path, as it was given.
        organisation: What it describes.
        findings: What was found in it.
    """

    file: str
    organisation: PublicOrganisation
    findings: Findings


def lines(file: str, places: Iterable[Place], *, max_bytes: int = MAX_BYTES) -> dict[Place, int]:
    """
    Return the lines of places of an organisation file; for one that is not there, of the nearest around it.

    Args:
        file: YAML, or JSON where its name ends so.
        places: As in ``("services", 0, "procedure", "steps", 2)``.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: The file cannot be read.
    """
    text = read_text(file, max_bytes=max_bytes)
    marks = (json if file.lower().endswith(".json") else yaml).marks(text)
    return {place: line for place, (line, _) in locate(marks, places).items()}


def _place(organisation: PublicOrganisation, finding: Finding) -> Place:
    """Return where the first node of a finding stands, else its service."""
    position = next(i for i, service in enumerate(organisation.services) if service.id == finding.service)
    procedure = organisation.services[position].procedure
    nodes = {
        node.id: ("procedure", collection, i)
        for collection in _COLLECTIONS
        for i, node in enumerate(getattr(procedure, collection))
    }
    return ("services", position, *nodes.get(finding.steps[0] if finding.steps else "", ()))


def _lines(checked: Checked, max_bytes: int) -> list[int]:
    """Return the line of each finding."""
    if not len(checked.findings):
        return []
    places = [_place(checked.organisation, finding) for finding in checked.findings]
    found = lines(checked.file, places, max_bytes=max_bytes)
    return [found.get(place, 1) for place in places]


def sarif(
    checked: Sequence[Checked], *, language: Language = "en", max_bytes: int = MAX_BYTES
) -> dict[str, Any]:
    """
    Return findings as SARIF 2.1.0, which editors and code scanning read.

    Suppressed findings are results with their justification; what was skipped are notifications.

    Args:
        checked: Files, and what was found in them.
        language: Of the messages.
        max_bytes: Larger files are refused.

    Source:
        OASIS (2020), Static Analysis Results Interchange Format, version 2.1.0.
    """
    from importlib.metadata import version

    results: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for file in checked:
        found = file.findings
        for finding, line in zip(found, _lines(file, max_bytes), strict=True):
            results.append(_result(finding, file.file, line, language))
        for suppressed in found.suppressed:
            result = _result(suppressed.finding, file.file, 1, language)
            results.append(
                result | {"suppressions": [{"kind": "inSource", "justification": suppressed.reason}]}
            )
        notes.extend(
            {
                "message": {"text": f"{skipped.service}: {skipped.reason.text(language)}"},
                "associatedRule": {"id": skipped.code},
                "level": "note",
            }
            for skipped in found.skipped
        )
    driver = {
        "name": "pubservice",
        "version": version("pubservice"),
        "rules": [
            {
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": translate(rule.title, language)},
                "help": {"text": rule.text(language)},
            }
            for rule in rules()
        ],
    }
    run = {
        "tool": {"driver": driver},
        "results": results,
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding, file: str, line: int, language: Language) -> dict[str, Any]:
    text = finding.text(language).removeprefix(f"{finding.code} ")
    return {
        "ruleId": finding.code,
        "level": "error" if finding.code.startswith("MOD") else "warning",
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": file.replace("\\", "/")},
                    "region": {"startLine": line},
                }
            }
        ],
    }


def github(checked: Sequence[Checked], *, language: Language = "en", max_bytes: int = MAX_BYTES) -> str:
    """
    Return findings as GitHub workflow commands, a line each, which annotate a change.

    Source:
        GitHub Docs, Workflow commands for GitHub Actions, setting a warning message.
    """
    found = []
    for file in checked:
        for finding, line in zip(file.findings, _lines(file, max_bytes), strict=True):
            kind = "error" if finding.code.startswith("MOD") else "warning"
            text = finding.text(language).removeprefix(f"{finding.code} ")
            found.append(
                f"::{kind} file={_property(file.file)},line={line},title={finding.code}::{_escaped(text)}"
            )
        for skipped in file.findings.skipped:
            if skipped.failed:
                where = f"file={_property(file.file)},title={_property(skipped.code)}"
                text = f"{skipped.service}: {skipped.reason.text(language)}"
                found.append(f"::error {where}::{_escaped(text)}")
    return "\n".join(found)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
