"""Event logs: readers, counts, discovery."""

from __future__ import annotations

import gzip
import warnings
from pathlib import Path

import polars as pl
import pytest

import pubservice as ps

LOGS = Path(__file__).resolve().parents[2] / "shared" / "data" / "logs"
needs_logs = pytest.mark.skipif(not LOGS.exists(), reason="the folder of real logs is not beside the project")
CORE = ["case", "activity", "time", "start", "resource", "group"]


@needs_logs
def test_receipt_is_the_same_from_every_format() -> None:
    """
    CSV, Parquet and XES of one log are equal, with the counts of oracle receipt-log-basic.
    """
    log = ps.read_csv(LOGS / "receipt.csv.gz")
    for other in (
        ps.read_parquet(LOGS / "receipt.parquet", time_zone="Europe/Amsterdam"),
        ps.read_xes(LOGS / "receipt.xes.gz"),
    ):
        assert other.frame.select(*CORE).to_native().equals(log.frame.select(*CORE).to_native())
    assert (log.cases, log.events, len(log.activities), len(log.variants)) == (1434, 8577, 27, 116)
    assert log.variants[0][1] == 713
    assert sum(n for variant, n in log.variants if len(variant) == 1) == 116
    assert dict(log.count_cases("activity"))["T03 Adjust confirmation of receipt"] == 37
    assert log.cases_with_rework == 91
    assert (len(log.resources), len(log.count("group"))) == (48, 10)
    assert dict(log.count_cases("case:channel")) == {
        "Internet": 1250,
        "Desk": 109,
        "Post": 53,
        "e-mail": 21,
        "Intern": 1,
    }


@needs_logs
@pytest.mark.parametrize(
    ("file", "cases", "events"),
    [
        ("receipt.xes.gz", 1434, 8577),
        ("road_traffic_fines.xes.gz", 150370, 561470),
        ("interval_event_log.csv.gz", 1266, 8109),
        ("consulta_data_mining.csv.gz", 954, 6829),
    ],
)
def test_a_discovered_model_takes_as_long_as_its_log(file: str, cases: int, events: int) -> None:
    """
    The mean cycle time of the discovered model is within 2 % of the mean duration of the cases.
    """
    log = ps.read_xes(LOGS / file) if ".xes" in file else ps.read_csv(LOGS / file)
    assert (log.cases, log.events) == (cases, events)
    model = ps.discover(log)
    found = ps.performance(model)
    native = log.frame.to_native()
    spans = native.group_by("case").agg(
        (pl.col("time").max() - pl.min_horizontal("time", "start").min()).alias("d")
    )["d"]
    assert found.services[0].cycle_time_s == pytest.approx(spans.mean() / 1e6, rel=0.02)
    assert ps.from_yaml(ps.to_yaml(model)) == model
    assert not [f for f in ps.check(model) if f.code.startswith("MOD")]


@needs_logs
def test_odd_files_load_or_are_refused() -> None:
    """
    Every odd XES file is read, or refused with the one error for it.
    """
    seen = 0
    for file in sorted((LOGS / "xes-edge-cases").iterdir()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ps.LossyImportWarning)
            try:
                ps.read_xes(file)
            except ps.InvalidFileError as error:
                assert str(error).startswith(str(file))
        seen += 1
    assert seen == 44


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected an event log, got nothing"),
        ("a,b\n1,2\n", "no column for the case: name it as case=; there are a, b"),
        (
            "case,activity,time\n1,a,2026-01-01\n1,b,yesterday\n",
            "log.csv:3: 1 values of the time are no ISO 8601 time",
        ),
        (
            "case,activity,time\n1,a,2026-01-01 08:00\n1,b,2026-01-01 09:00+07:00\n",
            "mixed time zones: 1 values of the time have an offset, 1 have none",
        ),
        ("case,activity,start,end\n1,a,2026-01-02,2026-01-01\n", "log.csv:2: 1 events end before they start"),
        ("case,activity,time\n1,,2026-01-01\n", "log.csv:2: 1 events have no activity"),
    ],
)
def test_wrong_logs_are_refused_with_the_line(text: str, message: str, tmp_path: Path) -> None:
    """
    A log without a column, with times that are none, or that run backwards is refused.
    """
    file = tmp_path / "log.csv"
    file.write_text(text)
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_csv(file)
    assert message in str(caught.value)


def test_files_that_are_no_logs(tmp_path: Path) -> None:
    """
    Missing files, other formats and unknown columns and zones are refused.
    """
    file = tmp_path / "x"
    file.write_bytes(b"case,activity,time\n1,\xff,2026-01-01\n")
    for read in (ps.read_csv, ps.read_parquet, ps.read_xes):
        with pytest.raises(ps.InvalidFileError, match="cannot be read"):
            read(tmp_path / "none")
    with pytest.raises(ps.InvalidFileError, match="not Parquet"):
        ps.read_parquet(file)
    with pytest.raises(ps.InvalidFileError):
        ps.read_csv(file)
    file.write_text("case,activity,time\n1,a,2026-01-01\n")
    with pytest.raises(ps.InvalidFileError, match="no column 'x' for the case"):
        ps.read_csv(file, case="x")
    with pytest.raises(ps.InvalidFileError, match="expected a time zone"):
        ps.read_csv(file, time_zone="Nowhere/Else")
    with pytest.raises(ps.InvalidFileError, match="not XML"):
        ps.read_xes(file)
    file.write_bytes(gzip.compress(b"<log></log>")[:-4])
    with pytest.raises(ps.InvalidFileError, match="cannot be read|no event"):
        ps.read_xes(file)


XES = '<log><trace><string key="concept:name" value="1"/>{events}</trace></log>'
EVENT = '<event><string key="concept:name" value="a"><string key="x" value="y"/></string><date key="time:timestamp" value="2026-01-01T0{h}:00:00Z"/><string key="lifecycle:transition" value="{phase}"/></event>'


def test_lifecycles_are_paired_and_what_is_left_out_is_listed(tmp_path: Path) -> None:
    """
    Start and complete become one event; other transitions and nested attributes are left out and listed.
    """
    file = tmp_path / "log.xes"
    phases = ((1, "start"), (2, "complete"), (3, "ate_abort"), (4, "start"))
    file.write_text(XES.format(events="".join(EVENT.format(h=h, phase=p) for h, p in phases)))
    with pytest.warns(ps.LossyImportWarning, match=r"nested attributes \(4\); lifecycle ate_abort \(1\)"):
        log = ps.read_xes(file)
    hours = log.frame.select("start", "time").to_native() - log.frame["time"].min()
    assert (log.events, hours.rows()) == (2, [(-3600000000, 0), (None, 7200000000)])
    file.write_text('<!DOCTYPE log [<!ENTITY a "b">]>' + XES.format(events=""))
    with pytest.raises(ps.InvalidFileError, match="expected a log of XES"):
        ps.read_xes(file)
    file.write_text("<html/>")
    with pytest.raises(ps.InvalidFileError, match="expected a log of XES, found 'html'"):
        ps.read_xes(file)
    with pytest.raises(ps.InvalidFileError, match="larger than 3 bytes"):
        ps.read_xes(file, max_bytes=3)


def test_a_log_prints_its_size_and_activities() -> None:
    """
    A log says how many cases, events and activities it has; a table without a case is refused.
    """
    log = ps.EventLog(pl.DataFrame({"case": ["1", "1"], "activity": ["a", "a"], "time": [0, 1]}))
    assert str(log).splitlines()[0] == "1 cases, 2 events, 1 activities"
    assert log.repeated() == {"a": 1}
    assert log.text("id").startswith("1 kasus")
    with pytest.raises(ps.InvalidModelError, match="case: no such column"):
        ps.EventLog(pl.DataFrame({"activity": ["a"], "time": [0]}))


def test_discovery_keeps_names_and_starts() -> None:
    """
    Ids are slugs, collisions are numbered, several starts get a gateway, and capacity is what was seen at work.
    """
    log = ps.EventLog(
        pl.DataFrame(
            {
                "case": ["1", "1", "2", "3"],
                "activity": ["Take in!", "Take in?", "Take in?", "***"],
                "time": [0, 60_000_000, 90_000_000, 95_000_000],
                "resource": ["x", "y", "x", None],
            }
        )
    )
    model = ps.discover(log)
    assert {s.id for s in model.services[0].procedure.steps} == {"take-in", "take-in-2", "activity"}
    assert model.services[0].procedure.first == "start"
    assert "estimated" in str(model.description)
