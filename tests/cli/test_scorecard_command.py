"""The command ``scorecard``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pubservice.cli import main

MODEL = """
pubservice: 1
id: office
calendar: office
calendars: [{id: office, hours: {mon-fri: "08:00-16:00"}}]
services:
  - id: permit
    standard: {completion_time: 2 working_day}
    targets: [{metric: cycle-time, value: 2 working_day, share: 0.9}, {metric: ikm, value: 60}]
"""
LOG = """case,activity,time
1,receive,2026-01-05 08:00
1,decide,2026-01-06 09:00
2,receive,2026-01-07 08:00
2,decide,2026-01-19 09:00
3,receive,2026-01-20 08:00
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a model, a log, measurements and two surveys."""
    monkeypatch.chdir(tmp_path)
    Path("office.yaml").write_text(MODEL)
    Path("log.csv").write_text(LOG)
    Path("measured.csv").write_text(
        "metric,service,period,value,obtained,within\n"
        "on-time-share,permit,2025,0.95,register,2 working_day\n"
        "ikm,permit,2025,82,report,\n"
    )
    head = ",".join(f"U{n}" for n in range(1, 10))
    answers = [",".join(str(2 + (i + n) % 3) for n in range(9)) for i in range(60)]
    Path("survey.csv").write_text("\n".join([head, *answers]) + "\n")
    named = [f"{'permit' if i % 2 else ''},{row}" for i, row in enumerate(answers)]
    Path("services.csv").write_text("\n".join([f"service,{head}", *named]) + "\n")
    return tmp_path


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["scorecard", "office.yaml", *arguments])


def rows(*arguments: str) -> list[tuple[str | None, str, str | None, str]]:
    """Return service, metric, period and verdict of each row."""
    data = json.loads(run(*arguments, "--format", "json").stdout)
    assert data["pubservice"] == 1
    return [(row["service"], row["metric"], row["period"], row["verdict"]) for row in data["rows"]]


def test_promises_that_are_kept_exit_with_zero() -> None:
    """
    Measurements of a file are held against the promises of another.
    """
    result = run("--measurements", "measured.csv")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split()[-1] for line in result.output.splitlines()] == ["verdict", "met", "met"]


def test_a_promise_that_is_missed_exits_with_one() -> None:
    """
    Of two cases in January one is in time, which is less than nine of ten.
    """
    result = run("--log", "log.csv", "--service", "permit", "--outcome", "granted=decide")
    assert result.exit_code == 1
    assert "50%" in result.output
    assert "permit, Cycle time: worse than promised" in result.output


def test_a_promise_that_nothing_measures_is_unknown() -> None:
    """
    Without measurements nothing is missed, in either language.
    """
    result = run("--lang", "id")
    assert result.exit_code == 0
    assert "tidak diukur: proporsi permohonan dalam 2 hari kerja" in result.output


def test_a_survey_is_measured_in_its_period() -> None:
    """
    The index of a survey is of the service that is named, else of each that the answers name and of all.
    """
    told = [("permit", "cycle-time", None, "unknown"), ("permit", "ikm", "2026-Q1", "met")]
    assert rows("--survey", "survey.csv", "--service", "permit", "--period", "2026-Q1") == told
    every = rows("--survey", "services.csv", "--period", "2026-Q1")
    assert every == [*told, (None, "ikm", "2026-Q1", "unknown")]
    assert rows("--survey", "survey.csv", "--period", "2026-Q1")[-1] == (None, "ikm", "2026-Q1", "unknown")


def test_everything_together() -> None:
    """
    Several files of measurements, a log by quarter and a survey stand in one scorecard.
    """
    sources = (
        "--measurements",
        "measured.csv",
        "--log",
        "log.csv",
        "--each",
        "quarter",
        "--service",
        "permit",
    )
    found = rows(*sources, "--survey", "survey.csv", "--period", "2026-Q1", "--time", "time")
    assert ("permit", "cycle-time", "2025", "met") in found
    assert ("permit", "cycle-time", "2026-Q1", "missed") in found
    assert ("permit", "ikm", "2026-Q1", "met") in found


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--log", "log.csv"], "--service: expected the id of the service that the log is of, got nothing"),
        (
            ["--survey", "survey.csv", "--outcome", "granted"],
            "--outcome: needs --log\n--period: expected the period of the survey, such as 2026-Q1, got nothing\n"
            "--outcome: expected a text such as granted=Decide, got 'granted'",
        ),
        (["--log", "log.csv", "--service", "permits"], "no service 'permits', did you mean 'permit'?"),
        (["--survey", "survey.csv", "--service", "x", "--period", "2026"], "no service 'x'"),
        (["--survey", "survey.csv", "--period", "spring"], "expected a period such as"),
        (["--measurements", "nowhere.csv"], "nowhere.csv: cannot be read"),
        (["--measurements", "log.csv"], "log.csv:1: no column 'case'"),
        (
            ["--measurements", "measured.csv", "--measurements", "measured.csv"],
            "measured.csv, measurement 1: period: the period 2025 overlaps 2025 of measured.csv, measurement 1",
        ),
    ],
)
def test_what_is_wrong_is_told(arguments: list[str], said: str) -> None:
    """
    Options that others ask for, unknown services and files that are wrong exit with 2.
    """
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)


def test_answers_may_call_services_by_their_names() -> None:
    """
    The name of a service is as good as its id, any other is told; and answers are read as the command survey reads them.
    """
    Path("office.yaml").write_text(MODEL.replace("id: permit", "id: permit\n    name: {id: Izin}"))
    survey = Path("services.csv").read_text()
    Path("services.csv").write_text(
        survey.replace("permit,", "Izin,").replace("U4", "Q4").replace(",4", ",9")
    )
    told = ["--survey", "services.csv", "--period", "2026-Q1", "--columns", "fee=Q4", "--missing", "9"]
    assert ("permit", "ikm", "2026-Q1", "met") in rows(*told)
    free = json.loads(run(*told, "--no-fee-of", "Izin", "--weights", "rounded", "--format", "json").stdout)
    assert [row["measured"] for row in free["rows"]] != [row["measured"] for row in rows_data(*told)]
    Path("services.csv").write_text(survey.replace("permit,", "Perizinan,"))
    assert "no service 'Perizinan'" in run("--survey", "services.csv", "--period", "2026-Q1").stderr
    named = ["--survey", "services.csv", "--period", "2026-Q1", "--named"]
    assert ("permit", "ikm", "2026-Q1", "met") in rows(*named, "Perizinan=permit")
    assert "no service 'permits'" in run(*named, "Perizinan=permits").stderr


def test_two_names_of_one_service_are_told() -> None:
    """
    Answers that name one service in two ways would make two indices of it.
    """
    survey = Path("services.csv").read_text()
    Path("services.csv").write_text(survey.replace("permit,", "Izin,", 3))
    result = run("--survey", "services.csv", "--period", "2026-Q1", "--named", "Izin=permit")
    assert (result.exit_code, result.stderr) == (
        2,
        "services.csv: two names in the answers are the service 'permit': write them alike\n",
    )


def test_small_services_are_unknown() -> None:
    """
    A service of few respondents has no index, with the reason, as the command survey keeps it back.
    """
    survey = Path("services.csv").read_text().splitlines()
    few = [survey[0], *(line for line in survey[1:] if line.startswith("permit"))][:8]
    Path("services.csv").write_text(
        "\n".join([*few, *(f"other{line}" for line in survey[1:] if line[0] == ",")]) + "\n"
    )
    Path("office.yaml").write_text(MODEL + "  - id: other\n")
    result = run("--survey", "services.csv", "--period", "2026-Q1")
    assert "permit, Public satisfaction index: kept back: fewer than 10 answers" in result.output
    assert ("permit", "ikm", "2026-Q1", "unknown") in rows("--survey", "services.csv", "--period", "2026-Q1")


def test_only_the_answers_of_the_service_count() -> None:
    """
    Where answers name services, those of the one that is asked for count alone; where none is of it, that is told.
    """
    Path("office.yaml").write_text(MODEL + "  - id: other\n")
    told = ["--survey", "services.csv", "--period", "2026-Q1"]
    every = [row for row in rows_data(*told) if row["metric"] == "ikm" and row["service"] == "permit"]
    one = [row for row in rows_data(*told, "--service", "permit") if row["metric"] == "ikm"]
    assert one == every
    assert (
        run(*told, "--service", "other").stderr
        == "services.csv: no answer is of 'other'; they are of permit\n"
    )


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        (["2026-01", "2026-03"], ""),
        (["semester I"], ""),
        (["2025", "2026-01"], "services.csv: periode: expected answers of 2026-Q1, got 2025 too\n"),
        (["2026-01", "spring"], "services.csv: periode: expected answers of 2026-Q1, got spring too\n"),
    ],
)
def test_answers_are_of_the_period(periods: list[str], said: str) -> None:
    """
    Where answers say when they were given, that is within the period, or all say the same in words of their own.
    """
    head, *lines = Path("services.csv").read_text().splitlines()
    dated = [f"{periods[i % len(periods)]},{line}" for i, line in enumerate(lines)]
    Path("services.csv").write_text("\n".join([f"periode,{head}", *dated]) + "\n")
    assert run("--survey", "services.csv", "--period", "2026-Q1").stderr == said


def test_one_of_several_services_needs_their_column() -> None:
    """
    Which service has no fee can only be said of answers that name services.
    """
    result = run("--survey", "survey.csv", "--period", "2026-Q1", "--no-fee-of", "permit")
    assert result.stderr == "--no-fee-of: needs services to tell apart: name their column\n"


def test_options_without_use_are_told() -> None:
    """
    What concerns a survey or a log needs one.
    """
    result = run("--outcome", "granted=decide", "--period", "2026", "--service", "permit", "--no-fee")
    assert result.stderr == (
        "--outcome: needs --log\n--period: needs --survey\n--service: needs --log\n--no-fee: needs --survey\n"
    )


@pytest.mark.parametrize(
    "option",
    [("--weights", "equal"), ("--invalid", "refuse"), ("--missing", "9"), ("--columns", "fee=Q4")],
)
def test_what_only_answers_have_is_told_without_a_survey(option: tuple[str, str]) -> None:
    """
    Weights, what becomes of wrong answers, codes and columns need a survey, even if what is written is the default.
    """
    assert run(*option).stderr == f"{option[0]}: needs --survey\n"


def rows_data(*arguments: str) -> list[dict[str, object]]:
    """Return the rows as they are in JSON."""
    found: list[dict[str, object]] = json.loads(run(*arguments, "--format", "json").stdout)["rows"]
    return found
