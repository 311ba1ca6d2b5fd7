"""The command ``plan``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pubservice as ps
from offices import town_hall
from pubservice.cli import main


def run(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def office(tmp_path: Path) -> str:
    """Return the path of a town hall with open cases."""
    file = tmp_path / "office.yaml"
    ps.write_yaml(town_hall(open_cases=[ps.OpenCases(at="sign", cases=30)]), file)
    return str(file)


def test_plan_prints_staff_targets_and_money(office: str) -> None:
    """
    The report has the staff, what each target costs, and the budget, in both languages.
    """
    result = run(
        "plan", office, "--target", "clerk: 90% within 15 min", "--demand", "1.2", "--shrinkage", "0.2"
    )
    assert result.exit_code == 0
    assert "clerk: 90 % within 15 min" in result.output
    assert "cost of a year" in result.output
    assert "open cases" not in result.output
    assert "biaya setahun" in run("plan", office, "--lang", "id").output


def test_plan_tells_when_the_backlog_is_cleared(office: str) -> None:
    """
    With the morning on which cases are open, the day on which they are done stands below; with a day, what it takes.
    """
    result = run("plan", office, "--since", "2026-01-05", "--by", "2026-01-09")
    assert "2026-01-06" in result.output
    data = json.loads(run("plan", office, "--since", "2026-01-05", "--format", "json").stdout)
    assert data["backlog"]["services"][0]["cases"] == 30
    assert json.loads(run("plan", office, "--format", "json").stdout)["backlog"] is None
    assert run("plan", office, "--by", "2026-01-09").exit_code == 2


def test_plan_says_what_cannot_be(office: str) -> None:
    """
    A promise shorter than the work ends with exit code 2 and a sentence with numbers on standard error.
    """
    result = run("plan", office, "--target", "permit: mean 10 min", "--lang", "id")
    assert result.exit_code == 2
    assert "lebih singkat daripada pekerjaannya sendiri" in result.stderr
    assert result.stdout == ""
