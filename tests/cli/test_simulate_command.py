"""The command ``simulate``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pubservice as ps
from blocks import city_hall
from pubservice.cli import main

SHORT = ("--cases", "100", "--warm-up", "0 s", "--replications", "4")


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["simulate", *arguments])


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Return the paths of two scenarios."""
    today, third = tmp_path / "today.yaml", tmp_path / "third-clerk.json"
    ps.write_yaml(city_hall(), today)
    ps.write_json(ps.redesign(city_hall(), [ps.SetCapacity("clerk", 3)]), third)
    return str(today), str(third)


def test_each_file_is_a_scenario(files: tuple[str, str]) -> None:
    """
    Means stand with their intervals, and the difference to the first file below them.
    """
    result = run(*files, *SHORT)
    assert result.exit_code == 0
    assert "today        building-permit  cycle time / hour" in result.stdout
    assert "4 replications of 100 cases, seed 0" in result.stdout
    assert "third-clerk − today: building-permit: cycle time / hour: " in result.stdout
    assert result.stderr == ""
    assert "ulangan" in run(*files, *SHORT, "--lang", "id").stdout


def test_files_of_the_same_name_are_told_apart(tmp_path: Path, files: tuple[str, str]) -> None:
    """
    Where stems are the same, scenarios are called by their paths.
    """
    other = tmp_path / "other" / "today.yaml"
    other.parent.mkdir()
    ps.write_yaml(ps.PublicOrganisation("other", services=[attended()]), other)
    result = run(files[0], str(other), *SHORT, "--format", "json")
    data = json.loads(result.stdout)
    assert [scenario["name"] for scenario in data["scenarios"]] == [files[0], str(other)]
    assert data["differences"] == []  # they have no service in common


def attended() -> ps.PublicService:
    return ps.PublicService(
        "enquiry",
        arrival_rate="1 case/hour",
        procedure=ps.Procedure(steps=[ps.Step("answer", processing_time="5 min")]),
    )


def test_json_holds_the_study_and_its_differences(files: tuple[str, str]) -> None:
    """
    The study of the command is that of `simulate` with the same words.
    """
    data = json.loads(run(*files, *SHORT, "--format", "json", "--seed", "7").stdout)
    study = ps.simulate(
        {"today": ps.read_yaml(files[0]), "third-clerk": ps.read_json(files[1])},
        cases=100,
        warm_up="0 s",
        replications=4,
        seed=7,
    )
    (difference,) = data.pop("differences")
    assert data == json.loads(json.dumps(study.data()))
    found = study.difference("third-clerk", "today", "cycle_time").data()
    assert difference == json.loads(json.dumps(found))


def test_processes_print_the_same(files: tuple[str, str]) -> None:
    """
    Whoever runs it, the output is the same.
    """
    assert run(*files, *SHORT, "--workers", "2").stdout == run(*files, *SHORT).stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "expected either a horizon"),
        (("--horizon", "1 year", "--cases", "5"), "expected either a horizon"),
        (
            ("--cases", "5", "--replications", "0"),
            "replications: expected a whole number of at least 1, got 0",
        ),
        (("--cases", "5", "--precision", "two"), "expected a precision between 0 and 1"),
        (("--cases", "5", "--max-memory", "1000"), "max_memory allows more"),
        (("--cases", "5", "--precision", "2 %", "--most-replications", "5"), "at least 20, got 5"),
        (("--horizon", "soon"), "expected a duration such as '15 min', got 'soon'"),
    ],
)
def test_bad_input_is_exit_code_two(files: tuple[str, str], options: tuple[str, ...], says: str) -> None:
    """
    What is wrong stands on standard error, and nothing on standard output.
    """
    result = run(files[0], *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_the_log_of_the_first_run_is_written(files: tuple[str, str], tmp_path: Path) -> None:
    """
    Parquet that analysis reads: the same events as of the first run of the study; a file that is there is kept.
    """
    log = tmp_path / "log.parquet"
    assert run(files[0], *SHORT, "--seed", "7", "--log", str(log)).exit_code == 0
    written = ps.read_parquet(log)
    assert written.cases == 100
    assert written.frame.to_native().equals(
        ps.simulated_log(ps.read_yaml(files[0]), cases=100, seed=7).frame.to_native()
    )
    again = run(files[0], *SHORT, "--log", str(log))
    assert (again.exit_code, again.stdout) == (2, "")
    assert "is there already: --overwrite replaces it" in again.stderr
    assert run(files[0], *SHORT, "--log", str(log), "--overwrite").exit_code == 0
    both = run(*files, *SHORT, "--log", str(log), "--overwrite")
    assert both.exit_code == 2
    assert "--log takes one file" in both.stderr


def test_the_log_goes_where_it_can_and_nothing_is_lost(files: tuple[str, str], tmp_path: Path) -> None:
    """
    A folder that is not there is told before anything is simulated, and the file that is simulated is never replaced.
    """
    nowhere = run(files[0], *SHORT, "--log", str(tmp_path / "none" / "log.parquet"))
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")
    assert "cannot be written: there is no such folder" in nowhere.stderr
    before = Path(files[0]).read_text()
    itself = run(files[0], *SHORT, "--log", files[0], "--overwrite")
    assert (itself.exit_code, Path(files[0]).read_text()) == (2, before)
    assert "is what is simulated: name another file for the log" in itself.stderr


def test_no_file_is_no_study() -> None:
    """
    Something has to be simulated.
    """
    assert run(*SHORT).exit_code == 2


def test_a_terminal_sees_progress(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A bar is drawn on standard error where that is a terminal, to the end; standard output is the same.
    """
    plain = run(*files, *SHORT).stdout
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    result = run(*files, *SHORT)
    assert "100%" in result.stderr
    assert result.stdout == plain


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_join_that_waits_for_ever_is_told(tmp_path: Path, workers: str) -> None:
    """
    What fails in a run is bad input too, also where a process of its own ran it.
    """
    choice = ps.Procedure(
        steps=[ps.Step(id, processing_time="1 min") for id in ("choose", "left", "right")],
        gateways=[ps.Gateway("both", kind="parallel")],
        flows=[
            ps.Flow("choose", "left", probability=0.5),
            ps.Flow("choose", "right", probability=0.5),
            ps.Flow("left", "both"),
            ps.Flow("right", "both"),
        ],
    )
    office = ps.PublicOrganisation(
        "office", services=[ps.PublicService("permit", arrival_rate="1 case/hour", procedure=choice)]
    )
    file = tmp_path / "office.yaml"
    ps.write_yaml(office, file)
    result = run(str(file), *SHORT, "--workers", workers)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "permit: case 0 waits for ever at 'both'" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_it_without_output(files: tuple[str, str], workers: str) -> None:
    """
    An interrupt ends the command and its processes soon; no figure of a part is printed.
    """
    code = "import sys; from pubservice.cli import main; print('begun', file=sys.stderr, flush=True); main()"
    options = ("--horizon", "20 year", "--warm-up", "1 day", "--replications", "900", "--workers", workers)
    process = subprocess.Popen(
        [sys.executable, "-c", code, "simulate", *files, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "begun\n"
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
