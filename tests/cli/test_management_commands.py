"""The commands ``standard`` and ``manage``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pubservice as ps
from pubservice.cli import main
from pubservice.io.example import example_text


def run(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def office(tmp_path: Path) -> str:
    """Return the path of an example."""
    file = tmp_path / "office.yaml"
    file.write_text(example_text("building-permit"), encoding="utf-8")
    return str(file)


def test_standard_prints_completeness_and_promise(office: str) -> None:
    """
    The report has a line for each service, in both languages; a service can be chosen.
    """
    result = run("standard", office)
    assert result.exit_code == 0
    assert "zoning-advice    7/14" in result.output
    assert "kept on average" in result.output
    chosen = run("standard", office, "--service", "building-permit", "--lang", "id")
    assert "zoning-advice" not in chosen.output
    assert "rata-rata ditepati" in chosen.output
    data = json.loads(run("standard", office, "--format", "json").stdout)
    assert [service["service"] for service in data["services"]] == ["zoning-advice", "building-permit"]


def test_standard_writes_the_notice(office: str) -> None:
    """
    With --notice the document is printed, as text, Markdown or JSON, signed as told.
    """
    signed = (
        "--place",
        "Bandung",
        "--date",
        "2026-08-17",
        "--signatory",
        "A. Wijaya",
        "--position",
        "Kepala Dinas",
    )
    text = run("standard", office, "--notice", "id", *signed)
    assert text.output.startswith("MAKLUMAT PELAYANAN")
    assert text.output.endswith("Bandung, 17 Agustus 2026\nKepala Dinas\nA. Wijaya\n")
    markdown = run(
        "standard", office, "--notice", "en", "--format", "markdown", "--service", "building-permit"
    )
    assert markdown.output.startswith("# Public service notice\n")
    assert "## Confirmation of land use" not in markdown.output
    data = json.loads(run("standard", office, "--notice", "en", "--format", "json").stdout)
    assert (data["language"], data["missing"]) == ("en", [])


def test_standard_refuses_what_it_cannot_do(office: str) -> None:
    """
    Markdown without a notice, an unknown service and a file that is not there are exit code 2.
    """
    assert "add --notice" in run("standard", office, "--format", "markdown").stderr
    for arguments in (("--service", "no"), ("--notice", "id", "--service", "no"), ("--format", "markdown")):
        assert run("standard", office, *arguments).exit_code == 2
    assert run("standard", "none.yaml").exit_code == 2


def test_manage_prints_plan_triangle_and_principles(office: str) -> None:
    """
    The three stand one below another; answers fill the triangle.
    """
    result = run("manage", office, "--answer", "training=yes", "--answer", "courtesy=no")
    assert result.exit_code == 0
    assert "budget use in a year" in result.output
    assert "no: courtesy" in result.output
    assert "special facilities for vulnerable groups" in result.output
    data = json.loads(run("manage", office, "--format", "json").stdout)
    assert set(data) == {"organisation", "plan", "triangle", "principles"}
    assert "pengorganisasian" in run("manage", office, "--lang", "id").output


def test_manage_refuses_what_is_no_answer(office: str) -> None:
    """
    An answer is a question, a sign and yes or no; questions that are not there are named.
    """
    assert "expected a text such as leadership=yes" in run("manage", office, "--answer", "training").stderr
    unknown = run("manage", office, "--answer", "trainin=yes")
    assert unknown.exit_code == 2
    assert "no question 'trainin', did you mean 'training'?" in unknown.stderr


def test_manage_refuses_a_question_that_is_answered_twice(office: str) -> None:
    """
    Of two answers to one question none is taken; all wrong answers are told at once, in the language asked for.
    """
    twice = ("--answer", "training=yes", "--answer", "training=no", "--answer", "courtesy=maybe")
    result = run("manage", office, *twice, "--lang", "id")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "--answer: 'training' dijawab lebih dari sekali",
        "--answer: diharapkan teks seperti courtesy=yes, diperoleh 'courtesy=maybe'",
    ]


def test_manage_says_which_answers_the_model_decides(office: str) -> None:
    """
    An answer to what the model shows is named, with what the model shows; one that is used is not.
    """
    result = run("manage", office, "--answer", "owner=no", "--answer", "training=yes")
    assert (
        "answers that are not used, because the model shows it\n  overruled: owner: answered no, the model shows yes"
        in result.output
    )
    assert "training: answered" not in result.output


def test_manage_shows_what_was_measured(tmp_path: Path) -> None:
    """
    Measurements in files stand beside the targets.
    """
    office = str(tmp_path / "office.yaml")
    Path(office).write_text(example_text("business-licence"), encoding="utf-8")
    file = tmp_path / "measured.csv"
    measured = ps.Measurement("ikm", value=70, period="2026-Q1", service="food-licence", obtained="survey")
    ps.write_measurements([measured], file)
    result = run("manage", office, "--measurements", str(file))
    assert result.exit_code == 0
    assert "2026-Q1" in result.output
    assert "verdict" in result.output
    assert "verdict" not in run("manage", office).output
