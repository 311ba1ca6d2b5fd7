"""Findings where editors and forges show them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pubservice as ps
from pubservice.analysis.findings import Skipped
from pubservice.cli import main
from pubservice.io.annotations import Checked, github, sarif

MODEL = """\
pubservice: 1
id: o
services:
  - id: s
    requirements: [card]
    ignore:
      - {code: RED001, step: c, reason: "four eyes, Perda 12/2019"}
      - {code: RED002, reason: nothing like it any more}
    procedure:
      steps:
        - {id: a, checks: [card]}
        - {id: b, checks: [card]}
        - {id: c, checks: [card]}
        - {id: d, needs: [nothing]}
      flows: [{source: a, target: b}, {source: b, target: c}, {source: c, target: d}]
  - id: t
    outputs: [x]
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a file with faults."""
    monkeypatch.chdir(tmp_path)
    Path("office.yaml").write_text(MODEL, encoding="utf-8")
    return "office.yaml"


def run(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(arguments))


def test_github_shows_a_finding_at_the_line_of_its_first_node(office: str) -> None:
    """
    Each finding is one workflow command with file, line and code; model errors are errors, the rest warnings.
    """
    result = run("check", office, "--format", "github", "--select", "RED001", "--select", "MOD005")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "::error file=office.yaml,line=14,title=MOD005::s: d: nothing supplies 'nothing' before it",
        "::warning file=office.yaml,line=11,title=RED001::s: a, b: repeats the check of card",
    ]


def test_what_would_break_a_workflow_command_is_escaped() -> None:
    """
    Percent signs and line breaks of a text, and what separates properties, are written as GitHub reads them.
    """
    organisation = ps.from_yaml(MODEL)
    finding = ps.Finding("s", steps=(), message=ps.Message("100 %\nsure"), code="X001")
    path = Path("a,b:c.yaml")
    path.write_text(MODEL, encoding="utf-8")
    try:
        text = github([Checked(str(path), organisation, ps.Findings((finding,)))])
    finally:
        path.unlink()
    assert text == "::warning file=a%2Cb%3Ac.yaml,line=4,title=X001::s: 100 %25%0Asure"


def test_sarif_has_rules_results_suppressions_and_what_was_skipped(office: str) -> None:
    """
    A finding is a result at its line; one that the file ignores carries its justification; a rule that did not run is told.
    """
    result = run(
        "check", office, "--format", "sarif", "--select", "RED001", "--select", "RED002", "--lang", "id"
    )
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    (log,) = data["runs"]
    assert data["version"] == "2.1.0"
    assert [rule["id"] for rule in log["tool"]["driver"]["rules"]] == [rule.code for rule in ps.rules()]
    found, ignored = log["results"]
    assert found["message"]["text"] == "s: a, b: mengulang pemeriksaan card"
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 11}
    assert "suppressions" not in found
    assert ignored["suppressions"] == [{"kind": "inSource", "justification": "four eyes, Perda 12/2019"}]
    notes = log["invocations"][0]["toolExecutionNotifications"]
    assert [note["associatedRule"]["id"] for note in notes] == ["RED002"]


def test_sarif_of_json_files(tmp_path: Path) -> None:
    """
    Lines of a JSON file are found as well; without findings there are no results.
    """
    file = tmp_path / "office.json"
    ps.write_json(ps.from_yaml(MODEL), file)
    organisation = ps.read_json(file)
    found = ps.check(organisation, select=["RED001"])
    (log,) = sarif([Checked(str(file), organisation, found)])["runs"]
    line = log["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert '"id": "a"' in "".join(file.read_text().splitlines()[line - 1 : line + 1])
    assert sarif([Checked(str(file), organisation, ps.Findings(()))])["runs"][0]["results"] == []


def test_what_a_model_ignores_is_listed_with_its_reason(office: str) -> None:
    """
    Text and JSON list what was ignored, and what a file says to ignore and nothing needed.
    """
    text = run("check", office, "--select", "RED001").output
    assert "RED001 s: b, c: ignored: four eyes, Perda 12/2019" in text
    everything = run("check", office).output
    assert "RED002 s: nothing to ignore: nothing like it any more" in everything
    (report,) = json.loads(run("check", office, "--select", "RED0", "--format", "json").stdout)
    assert [f["reason"] for f in report["suppressed"]] == ["four eyes, Perda 12/2019"]
    assert report["unused"] == [
        {"service": "s", "code": "RED002", "step": None, "reason": "nothing like it any more"}
    ]


@pytest.mark.parametrize(
    ("ignore", "message"),
    [
        ("{code: RED991, reason: x}", "office.yaml:7: services[0].ignore[0].code: no rule 'RED991'"),
        ("{code: RED001}", "office.yaml:7: services[0].ignore[0]: missing field 'reason'"),
        (
            "{code: RED001, reason: '  '}",
            "office.yaml:7: services[0].ignore[0].reason: expected a text that says",
        ),
        ("{code: RED001, reason: x, step: aa}", "office.yaml:7: services[0].ignore[0].step: no node 'aa'"),
        ("{code: 7, reason: x}", "office.yaml:7: services[0].ignore[0].code: expected an id"),
    ],
)
def test_a_suppression_that_says_too_little_is_refused(office: str, ignore: str, message: str) -> None:
    """
    A suppression without a reason, of an unknown rule or of an unknown node is bad input, told with its line.
    """
    text = MODEL.replace('{code: RED001, step: c, reason: "four eyes, Perda 12/2019"}', ignore)
    Path(office).write_text(text, encoding="utf-8")
    result = run("check", office)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_rule_that_cannot_say_anything_is_no_annotation(office: str) -> None:
    """
    A rule that is skipped for a reason of the model is nothing that a change has to mend.
    """
    organisation = ps.from_yaml(MODEL)
    findings = ps.Findings((), (Skipped("RED002", "s", ps.Message("no outputs")),))
    assert github([Checked(office, organisation, findings)]) == ""
