"""The command line."""

from __future__ import annotations

import datetime as dt
import json
import runpy
from inspect import signature
from pathlib import Path

import polars as pl
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
    file.write_text(example_text("business-licence"), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("name", ps.example_names())
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_example_has_a_bottleneck_and_redundancies(name: str, language: str) -> None:
    """
    The demo of each example names a busy bottleneck and several redundancies, in both languages.
    """
    result = run("demo", name, "--lang", language)
    assert result.exit_code == 0
    held = ps.find_bottlenecks(ps.read_example(name)).bottlenecks[0]
    assert 0.85 <= (held.utilisation or 0) < 1
    assert held.resource in result.output
    assert {"RED001", "RED002", "EVD001", "HND001"} <= {f.code for f in ps.check(ps.read_example(name))}


def test_check_exits_with_one_where_it_finds_something(office: str) -> None:
    """
    Findings are exit code 1, none is 0, bad input is 2 with the error on standard error; good files are still checked.
    """
    found = run("check", office)
    assert found.exit_code == 1
    assert f"{office}: RED001 food-licence" in found.output
    assert run("check", office, "--select", "MOD").exit_code == 0
    both = run("check", office, "none.yaml", "--format", "json", "--select", "RED", "--ignore", "RED002")
    assert both.exit_code == 2
    assert both.stderr.startswith("none.yaml: cannot be read")
    (report,) = json.loads(both.stdout)
    assert [f["code"] for f in report["findings"]] == ["RED001"]
    assert report["findings"][0]["remedy"]["edit"] == "drop_check"


def test_analyse_prints_the_documented_json(office: str, tmp_path: Path) -> None:
    """
    JSON has the keys of the format; where nothing could be computed the exit code is 2.
    """
    result = run("analyse", office, "--format", "json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert set(data) == {"pubservice", "organisation", "provenance", "services", "resources", "findings"}
    empty = tmp_path / "empty.json"
    empty.write_text('{"pubservice": 1, "id": "o", "services": [{"id": "s"}]}')
    assert run("analyse", str(empty)).exit_code == 2
    wrong = run("analyse", office, "--max-bytes", "5", "--lang", "id")
    assert wrong.exit_code == 2
    assert "lebih besar dari 5 bita" in wrong.stderr


def test_discover_writes_a_model(tmp_path: Path) -> None:
    """
    A log becomes YAML on standard output or in a file, by usual or by named columns.
    """
    log = tmp_path / "log.csv"
    log.write_text("file,what,end\n1,a,2026-01-05\n1,b,2026-01-06\n")
    wrong = run("discover", str(log))
    assert wrong.exit_code == 2
    assert "no column for the case: name it with case= (--case); there are file, what, end" in wrong.stderr
    assert wrong.stderr.count("no column") == 2
    named = ("discover", str(log), "--case", "file", "--activity", "what")
    assert ps.from_yaml(run(*named).stdout).services[0].procedure.first == "a"
    for target in ("m.yaml", "m.json"):
        assert run(*named, "-o", str(tmp_path / target)).exit_code == 0
        assert run("check", str(tmp_path / target), "--select", "MOD").exit_code == 0


def test_discover_reads_what_spreadsheets_export(tmp_path: Path) -> None:
    """
    A file with semicolons and a byte order mark needs no option.
    """
    log = tmp_path / "log.csv"
    log.write_text("case;activity;time\n1;a;2026-01-05\n", encoding="utf-8-sig")
    assert ps.from_yaml(run("discover", str(log)).stdout).services[0].procedure.first == "a"


def test_every_option_of_a_log_is_one_of_discover(tmp_path: Path) -> None:
    """
    Whatever can be said of a log in Python can be said on the command line.
    """
    log = tmp_path / "log.csv"
    log.write_text("file:what:from:till:who:unit:phase\n1:a:2026-01-05:2026-01-06:x:y:start\n")
    columns = ("--case=file", "--activity=what", "--start=from", "--time=till", "--resource=who")
    options = (*columns, "--group=unit", "--lifecycle=phase", "--separator=:", "--time-zone=Asia/Jakarta")
    result = run("discover", str(log), *options)
    assert ps.from_yaml(result.stdout).resource("y").capacity == 1
    taken = {option.partition("=")[0].strip("-").replace("-", "_") for option in (*options, "--max-bytes=5")}
    assert taken == set(signature(ps.read_csv).parameters) - {"path"}
    assert "larger than 5 bytes" in run("discover", str(log), "--max-bytes=5").stderr
    assert "time zone such as" in run("discover", str(log), *columns, "--separator=:", "--time-zone=X").stderr


def test_an_option_without_use_is_refused(tmp_path: Path) -> None:
    """
    XES names its own columns and only CSV has a separator: an option that changes nothing is an error, not passed over.
    """
    for kind, options in (("xes", ("--case=a", "--separator=;")), ("parquet", ("--separator=;",))):
        result = run("discover", str(tmp_path / f"log.{kind}"), *options)
        listed = ", ".join(option.partition("=")[0] for option in options)
        assert (result.exit_code, result.stderr) == (
            2,
            f"{tmp_path / f'log.{kind}'}: this format has no use for {listed}\n",
        )


def test_schema_and_rules() -> None:
    """
    The schema is JSON, the rules are listed, and each has a page.
    """
    assert json.loads(run("schema").stdout) == ps.schema()
    assert "RED001  repeated-check" in run("rules").stdout
    assert "Known limits:" in run("rules", "RED001").stdout
    assert len(json.loads(run("rules", "--format", "json").stdout)) == len(ps.rules())
    assert run("rules", "RED0").exit_code == 2
    assert run("demo", "nothing").stderr.startswith("no example 'nothing'")


def test_public_names_resolve() -> None:
    """
    Every public name exists, the list of them is complete, and any other is an error.
    """
    assert set(ps._HOME_OF) | {"__version__", "kpi", "queueing", "ureg"} == set(ps.__all__) == set(dir(ps))
    assert all(getattr(ps, name) is not None for name in ps.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ps.nothing  # noqa: B018


@pytest.mark.parametrize(
    "script", sorted((Path(__file__).parents[1] / "examples").glob("*.py")), ids=lambda p: p.stem
)
def test_example_scripts_run(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Each example script prints its findings and what the redesign changes.
    """
    runpy.run_path(str(script))
    assert "RED002" in (printed := capsys.readouterr().out)
    assert "difference" in printed


def test_discover_reads_every_format(tmp_path: Path) -> None:
    """
    CSV, Parquet and XES of one log give one model.
    """
    rows = [("1", "a", dt.datetime(2026, 1, 5, 8)), ("1", "b", dt.datetime(2026, 1, 5, 9))]
    frame = pl.DataFrame(rows, schema=["case", "activity", "time"], orient="row")
    frame.write_parquet(tmp_path / "log.parquet")
    frame.with_columns(pl.col("time").dt.to_string("iso")).write_csv(tmp_path / "log.csv")
    events = "".join(
        f'<event><string key="concept:name" value="{activity}"/>'
        f'<date key="time:timestamp" value="{time.isoformat()}+00:00"/></event>'
        for _, activity, time in rows
    )
    (tmp_path / "log.xes").write_text(
        f'<log><trace><string key="concept:name" value="1"/>{events}</trace></log>'
    )
    texts = {run("discover", str(tmp_path / f"log.{kind}")).stdout for kind in ("csv", "parquet", "xes")}
    assert len(texts) == 1
    assert ps.from_yaml(texts.pop()).services[0].procedure.first == "a"
