"""Event logs: readers, counts, discovery."""

from __future__ import annotations

import contextlib
import gzip
import sys
import warnings
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

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
        ("a,b\n1,2\n", "no column for the case: name it with case= (--case); there are a, b"),
        (
            "case,activity,time\n1,a,2026-01-01\n1,b,yesterday\n",
            "log.csv:3: expected an ISO 8601 time such as 2026-01-05T09:30:00+07:00, got 'yesterday'; "
            "values of the time that are none: 1",
        ),
        (
            "case,activity,time\n1,a,2026-01-01 08:00\n1,b,2026-01-01 09:00+07:00\n",
            "log.csv:3: mixed time zones: values of the time with an offset: 1, without: 1",
        ),
        (
            "case,activity,start,end\n1,a,2026-01-02,2026-01-01\n",
            "log.csv:2: events that end before they start: 1",
        ),
        ("case,activity,time\n1,,2026-01-01\n", "log.csv:2: events without activity: 1"),
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


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with-mark"])
@pytest.mark.parametrize("quote", ["", '"'], ids=["bare", "quoted"])
def test_the_separator_is_found_in_the_first_line(
    separator: str, mark: str, quote: str, tmp_path: Path
) -> None:
    """
    Spreadsheets export with other separators: that of the first line is found, with or without a byte order mark.
    """
    file = tmp_path / "log.csv"
    header = separator.join(f"{quote}{name}{quote}" for name in ("case", "activity", "time"))
    row = separator.join(("1", '"a, b; c\t|"', "2026-01-05"))
    file.write_text(f"{mark}\n{header}\r\n{row}\r\n", encoding="utf-8")
    assert ps.read_csv(file).activities == ("a, b; c\t|",)
    assert ps.read_csv(file, separator=separator).activities == ("a, b; c\t|",)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("a;b,c", "a;b, c"),
        ('"x;y;z",b', "x;y;z, b"),
        ('"x\n;;""y",b,c', '"x\n;;"y", b, c'),
        ("a", "a"),
    ],
    ids=["tie", "quoted", "over-two-lines", "none"],
)
def test_the_comma_stands_between_columns_unless_another_does_more_often(
    header: str, columns: str, tmp_path: Path
) -> None:
    """
    Of as many commas as others the comma counts, and what is inside quotes counts for nothing.
    """
    file = tmp_path / "log.csv"
    file.write_text(f"{header}\n{','.join('1' for _ in columns.split(', '))}\n")
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_csv(file)
    assert caught.value.problems[0].message.values["columns"].replace('"', "") == columns.replace('"', "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'case,activity,time\n1,"a\nb",2026-01-01\n2,c\n3,d,2026-01-01,x,y\n',
            "log.csv:5: expected a field for each column of the header (3), got 5",
        ),
        (
            "\ncase;activity;time\n1;a;2026-01-01;\n",
            "log.csv:3: expected a field for each column of the header (3), got 4",
        ),
        ('case,activity,time\n1,a,2026-01-01\n2,"b"c,2026-01-01\n', "log.csv:3: not CSV: ',' expected after"),
        (
            'case,activity,time\n1,a,2026-01-01\n2,"b,2026-01-01\n',
            "log.csv:3: not CSV: unexpected end of data",
        ),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_lines_that_do_not_fit_the_header_are_named(
    text: str, message: str, tmp_path: Path, *, packed: bool
) -> None:
    """
    A line with more fields than the header, or with a quote that does not end, is named with what was expected.
    """
    file = tmp_path / "log.csv"
    file.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_csv(file)
    assert message in str(caught.value)


def test_what_only_the_engine_sees_is_told_in_its_words(tmp_path: Path) -> None:
    """
    A byte that is no text, far behind the beginning, is refused as the engine says it.
    """
    file = tmp_path / "log.csv"
    file.write_bytes(b"case,activity,time\n" + b"1,a,2026-01-01\n" * 10_000 + b"1,\xff,2026-01-01\n")
    with pytest.raises(ps.InvalidFileError, match=r"log\.csv: not CSV: .*utf-8"):
        ps.read_csv(file)


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


def test_a_parquet_name_is_only_ever_a_file(tmp_path: Path) -> None:
    """
    A pattern or an address is no file, and is refused instead of being looked up.
    """
    pl.DataFrame({"case": ["1"], "activity": ["a"], "time": ["2026-01-01"]}).write_parquet(
        tmp_path / "log.parquet"
    )
    assert ps.read_parquet(tmp_path / "log.parquet").cases == 1
    for name in (tmp_path / "*.parquet", "http://127.0.0.1:9/log.parquet"):
        with pytest.raises(ps.InvalidFileError, match="cannot be read"):
            ps.read_parquet(name)


def test_a_log_prints_its_size_and_activities() -> None:
    """
    A log says how many cases, events and activities it has; a table without a case is refused.
    """
    log = ps.EventLog(pl.DataFrame({"case": ["1", "1"], "activity": ["a", "a"], "time": [0, 1]}))
    assert str(log).splitlines()[0] == "cases: 1, events: 2, activities: 1"
    assert log.repeated() == {"a": 1}
    assert log.text("id").startswith("kasus: 1")
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


HOUR = 3_600_000_000


def in_hand() -> ps.EventLog:
    """Return ten cases whose two activities overlap in resources, with start times of their own."""
    rows = [
        {
            "case": f"c{i:02}",
            "activity": a,
            "start": (24 * i + k) * HOUR,
            "time": (24 * i + k) * HOUR + (i % 3 + 1) * HOUR // 4,
            "resource": r,
        }
        for i in range(10)
        for k, (a, r) in enumerate((("intake", "ani"), ("decide" if i % 2 else "reject", "budi")))
    ]
    return ps.EventLog(pl.DataFrame(rows))


def test_discovery_knows_outcomes_and_observed_times() -> None:
    """
    Last activities become outcomes, and processing times can stay as they were observed, with the same mean.
    """
    fitted = ps.discover(in_hand(), outcomes={"refused": ["reject"]})
    observed = ps.discover(
        in_hand(), outcomes={"refused": ["reject"]}, empirical=True, time_zone="Asia/Jakarta"
    )
    outcomes = {o.outcome: o.probability for o in ps.performance(fitted).services[0].outcomes}
    assert outcomes == pytest.approx({"completed": 0.5, "refused": 0.5})
    for a, b in zip(fitted.services[0].procedure.steps, observed.services[0].procedure.steps, strict=True):
        assert isinstance(b.processing_time, ps.Empirical)
        assert a.processing_time.mean_seconds() == pytest.approx(b.processing_time.mean_seconds(), rel=1e-4)  # type: ignore[union-attr]
    with pytest.raises(ps.UnknownIdError, match="no activity 'rejct', did you mean 'reject'"):
        ps.discover(in_hand(), outcomes={"refused": ["rejct"]})
    with pytest.raises(ps.InvalidModelError, match="'reject' has two outcomes"):
        ps.discover(in_hand(), outcomes={"refused": ["reject"], "withdrawn": ["reject"]})
    with pytest.raises(ps.InvalidModelError, match="expected a time zone"):
        ps.discover(in_hand(), time_zone="Nowhere/Else")


def test_pools_without_names_have_what_was_in_hand_at_once() -> None:
    """
    A group in which nobody is named has the capacity of the most work that it had in hand at once, and says so.
    """
    rows = {
        "case": ["1", "2", "3"],
        "activity": ["a"] * 3,
        "start": [0, 0, 5 * HOUR],
        "time": [HOUR, 2 * HOUR, 6 * HOUR],
        "group": ["g"] * 3,
    }
    model = ps.discover(ps.EventLog(pl.DataFrame(rows)))
    assert model.resource("g").capacity == 2
    assert "Nobody is named in g" in str(model.description)
    assert "Tidak ada" in model.description.text("id") or "tidak" in model.description.text("id")


def test_one_name_for_many_at_work_is_seen() -> None:
    """
    Where one name stands for more work than one person can do, capacity is what was in hand at once.
    """
    rows = [
        {"case": f"c{i}", "activity": "a", "start": i * HOUR, "time": (i + 4) * HOUR, "resource": "office"}
        for i in range(12)
    ]
    model = ps.discover(ps.EventLog(pl.DataFrame(rows)))
    assert model.resources[0].capacity == 4
    assert "stand for more than one at work" in str(model.description)


def test_cases_of_one_moment_have_no_arrival_rate() -> None:
    """
    Cases that all begin at once have no rate, which the description says.
    """
    model = ps.discover(
        ps.EventLog(pl.DataFrame({"case": ["1", "2"], "activity": ["a", "a"], "time": [0, 0]}))
    )
    assert model.services[0].arrival_rate is None
    assert "no arrival rate" in str(model.description)


def test_columns_that_are_called_as_ours_are_kept(tmp_path: Path) -> None:
    """
    A further column called as one of ours gets a number behind its name; a lifecycle column is paired in CSV too.
    """
    file = tmp_path / "log.csv"
    file.write_text(
        "nr,activity,end,case,_order,lifecycle:transition\n1,a,2026-01-01T08:00Z,x,7,start\n1,a,2026-01-01T09:00:00.5Z,x,8,complete\n,,,,,\n"
    )
    log = ps.read_csv(file, case="nr")
    assert log.events == 1
    assert log.frame["time"][0] - log.frame["start"][0] == HOUR + 500_000
    assert (log.frame["case_2"][0], log.frame["_order"][0]) == ("x", "8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "case,activity,time\n1,a,2026-03-29 02:30\n",
            "log.csv:2: the clocks of Europe/Amsterdam skip '2026-03-29 02:30'; values of the time that they skip: 1",
        ),
        (
            "case,activity,start,end\n1,a,2026-01-01 08:00,2026-01-01 09:00Z\n",
            "log.csv:2: mixed time zones: values of the time with an offset: 1, values of the start without: 1",
        ),
        ("case,activity,time\n1,a,\n", "log.csv:2: events without time: 1"),
        (
            "case,activity,start,end\n1,a,,2026-01-01 09:00\n1,a,2026-01-01 08:00Z,2026-01-01 09:00\n",
            "log.csv:2: mixed time zones: values of the start with an offset: 1, values of the time without: 2",
        ),
        ("case,activity,time\n", "expected an event log, found no event"),
        (
            "case,activity,time\n1,a,1\n\n1,b\n",
            "log.csv:4: expected a field for each column of the header (3), got 2",
        ),
        (
            "\ncase,activity,time,time,case\n1,a,1,1,1\n",
            "log.csv:2: the column 'time' stands here twice",
        ),
        ("case,activity,time\n1,a\0,2026-01-01\n", "log.csv:2: expected UTF-8, found the byte 0x00"),
    ],
)
def test_more_wrong_logs_are_refused(text: str, message: str, tmp_path: Path) -> None:
    """
    Times that do not exist or cannot be ordered, and files that are no text, are refused with the line.
    """
    file = tmp_path / "log.csv"
    file.write_text(text)
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_csv(file, time_zone="Europe/Amsterdam")
    assert message in str(caught.value)
    with pytest.raises(ps.InvalidFileError, match="expected one ASCII character"):
        ps.read_csv(file, separator=";;")
    with pytest.raises(ps.InvalidFileError, match="larger than 3 bytes"):
        ps.read_csv(file, max_bytes=3)


def test_frames_of_other_types_are_refused() -> None:
    """
    Times that are text, and cases that are lists, are refused with the type that was found; datetimes are times.
    """
    from datetime import datetime

    with pytest.raises(ps.InvalidModelError, match="time: expected whole microseconds or a time, got"):
        ps.EventLog(pl.DataFrame({"case": ["1"], "activity": ["a"], "time": ["x"]}))
    with pytest.raises(ps.InvalidModelError, match="case: expected text, got"):
        ps.EventLog(pl.DataFrame({"case": [["1"]], "activity": ["a"], "time": [0]}))
    with pytest.raises(ps.InvalidModelError, match="events without case: 1"):
        ps.EventLog(pl.DataFrame({"case": [None, "1"], "activity": ["a", "a"], "time": [0, 0]}))
    with pytest.raises(ps.InvalidModelError, match="events that end before they start: 1"):
        ps.EventLog(pl.DataFrame({"case": ["1"], "activity": ["a"], "time": [0], "start": [1]}))
    log = ps.EventLog(pl.DataFrame({"case": [1], "activity": ["a"], "time": [datetime(2026, 1, 1)]}))
    assert log.frame["time"][0] == 1767225600 * 10**6


def test_parquet_times_of_other_types(tmp_path: Path) -> None:
    """
    Dates and timestamps are times in a Parquet file; numbers are not, and the case of the first is named.
    """
    from datetime import date

    file = tmp_path / "log.parquet"
    pl.DataFrame({"case": ["1"], "activity": ["a"], "time": [date(2026, 1, 1)]}).write_parquet(file)
    assert ps.read_parquet(file, time_zone="Asia/Jakarta").frame["time"][0] == (1767225600 - 7 * 3600) * 10**6
    pl.DataFrame({"case": ["1"], "activity": [["a"]], "time": [1.5]}).write_parquet(file)
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_parquet(file)
    assert "case '1': expected a time, got Float64" in str(caught.value)
    assert "activity: expected text, got List(String)" in str(caught.value)
    rows = {"case": ["1", None], "activity": ["a", "b"], "time": [date(2026, 1, 1)] * 2}
    pl.DataFrame(rows).write_parquet(file)
    with pytest.raises(ps.InvalidFileError, match=r"event 2: events without case: 1"):
        ps.read_parquet(file)


def test_odd_attributes_of_xes_are_listed(tmp_path: Path) -> None:
    """
    Attributes twice, lists, empty traces and filled-in activities are listed; too many attributes are refused.
    """
    file = tmp_path / "log.xes"
    date = '<date key="time:timestamp" value="2026-01-01T08:00:00Z"/>'
    name = '<string key="concept:name" value="{}"/>'
    file.write_text(
        f'<log><global scope="event">{name.format("unknown")}</global><trace>{name.format("1")}'
        f'<event>{date}<list key="x"/>{name.format("a")}{name.format("b")}<string key="y"/></event><event>{date}</event></trace>'
        f"<trace>{name.format('2')}</trace></log>",
    )
    with pytest.warns(ps.LossyImportWarning) as caught:
        log = ps.read_xes(file)
    said = str(caught[0].message)
    assert [a for a, _ in log.count("activity")] == ["a", "unknown"]
    for what in (
        "attributes given twice (1)",
        "element list (1)",
        "element string (1)",
        "traces without events (1)",
        "filled in from the global (1)",
    ):
        assert what in said
    file.write_text(
        f'<log><trace>{name.format("1")}<event>{date}{name.format("a")}<int key="z" value="1"/></event></trace></log>'
    )
    with pytest.raises(ps.InvalidFileError, match="more than 1 different attributes"):
        ps.read_xes(file, max_attributes=1)


RIGHT_CSV = b"case,activity,start,end,resource\n1,intake,2026-01-05 08:00,2026-01-05 08:10,clerk\n2,intake,2026-01-06,,\n"
RIGHT_XES = (
    b'<log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="intake"/>'
    b'<date key="time:timestamp" value="2026-01-05T08:00:00+07:00"/></event></trace></log>'
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a log with a few stretches of bytes cut out, doubled or replaced; sometimes gzipped."""
    content: bytes = draw(st.sampled_from([RIGHT_CSV, RIGHT_XES]))
    for _ in range(draw(st.integers(0, 4))):
        first, last = sorted(draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=2)))
        middle: bytes = draw(st.binary(max_size=6) | st.just(content[first:last] * 2))
        content = content[:first] + middle + content[last:]
    packed = gzip.compress(content) if draw(st.booleans()) else content
    return packed[: draw(st.integers(0, len(packed)))] if draw(st.integers(0, 9)) == 0 else packed


@settings(max_examples=300)
@given(damaged() | st.binary(max_size=40))
@example(b"\xe3")  # the first byte of a character, and no more
@example(RIGHT_CSV + b"\xe3")
def test_no_log_raises_anything_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """
    Whatever is in a file, each reader gives a log or says what is wrong with the file.
    """
    file = tmp_path_factory.getbasetemp() / "damaged-log"
    file.write_bytes(content)
    for read in (ps.read_csv, ps.read_xes, ps.read_parquet):
        with contextlib.suppress(ps.InvalidFileError), warnings.catch_warnings():
            warnings.simplefilter("ignore", ps.LossyImportWarning)
            read(file)


def test_a_log_without_events_discovers_nothing() -> None:
    """
    A log of no events is refused by discovery.
    """
    empty = pl.DataFrame(schema={"case": pl.String, "activity": pl.String, "time": pl.Datetime("us", "UTC")})
    with pytest.raises(ps.InvalidModelError, match="expected an event log, found no event"):
        ps.discover(ps.EventLog(empty))


def test_what_polars_would_unpack_without_a_bound_is_refused(tmp_path: Path) -> None:
    """
    A file that begins as zlib does is no CSV.
    """
    file = tmp_path / "log.csv"
    file.write_bytes(b"x\x01case,activity,time\n")
    with pytest.raises(ps.InvalidFileError, match=r":1: expected UTF-8, found the byte 0x01"):
        ps.read_csv(file)


def test_xes_globals_fill_in_and_clashes_are_told(tmp_path: Path) -> None:
    """
    An event without a name takes the global one; an attribute named like one of the case is left out; both are told.
    """
    file = tmp_path / "log.xes"
    file.write_text(
        '<log><global scope="event"><string key="concept:name" value="work"/></global>'
        '<trace><string key="concept:name" value="1"/><event><string key="case:kind" value="x"/>'
        '<date key="time:timestamp" value="2026-01-05T08:00:00+07:00"/></event></trace></log>'
    )
    with pytest.warns(ps.LossyImportWarning) as warned:
        log = ps.read_xes(file)
    assert log.activities == ("work",)
    told = str(warned[0].message)
    assert "attribute case:kind of events" in told
    assert "missing concept:name, filled in from the global" in told


def test_xes_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without lxml the error names the extra.
    """
    (tmp_path / "log.xes").write_text("<log/>")
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(ps.MissingExtraError, match="logs"):
        ps.read_xes(tmp_path / "log.xes")


def test_a_panic_of_the_engine_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A damaged Parquet file at which Polars panics is refused: a panic is no ordinary exception to Python.
    """
    file = tmp_path / "log.parquet"
    pl.read_csv(RIGHT_CSV, try_parse_dates=True).write_parquet(file)

    def panics(*_: object, **__: object) -> None:
        raise pl.exceptions.PanicException("offset + length <= self.length")

    monkeypatch.setattr(pl, "read_parquet", panics)
    with pytest.raises(ps.InvalidFileError, match="not Parquet: offset"):
        ps.read_parquet(file)


def test_logs_need_their_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without the engine the error names the extra.
    """
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ps.MissingExtraError, match="logs"):
        ps.EventLog(pl.DataFrame({"case": ["1"], "activity": ["a"], "time": [0]}))


def test_a_log_of_other_transitions_has_no_event(tmp_path: Path) -> None:
    """
    A file in which nothing was started or completed holds no event.
    """
    file = tmp_path / "log.csv"
    file.write_text("case,activity,time,lifecycle:transition\n1,a,2026-01-01T08:00Z,schedule\n")
    with pytest.raises(ps.InvalidFileError, match="expected an event log, found no event"):
        ps.read_csv(file)


def test_parquet_times_with_a_zone_keep_it(tmp_path: Path) -> None:
    """
    The zone of a timestamp counts, not the one that is given for times without.
    """
    file = tmp_path / "log.parquet"
    moment = pl.Series("time", [0]).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone("Asia/Jakarta")
    pl.DataFrame({"case": ["1"], "activity": ["a"], "time": moment}).write_parquet(file)
    assert ps.read_parquet(file, time_zone="Europe/Amsterdam").frame["time"][0] == 0


def test_a_transition_that_no_event_names_comes_from_the_global(tmp_path: Path) -> None:
    """
    Where no event at all says its transition, all take the global one.
    """
    file = tmp_path / "log.xes"
    file.write_text(
        '<log><global scope="event"><string key="lifecycle:transition" value="complete"/></global>'
        '<trace><string key="concept:name" value="1"/><event><string key="concept:name" value="work"/>'
        '<date key="time:timestamp" value="2026-01-05T08:00:00+07:00"/></event></trace></log>'
    )
    with pytest.warns(ps.LossyImportWarning, match="missing lifecycle:transition, filled in from the global"):
        log = ps.read_xes(file)
    assert log.activities == ("work",)


def test_one_who_is_always_busy_stays_one() -> None:
    """
    Where one person works without a break, one at a time, the capacity stays the number of persons seen.
    """
    rows = [
        {"case": f"c{i}", "activity": "a", "start": i * HOUR, "time": (i + 1) * HOUR, "resource": "ani"}
        for i in range(12)
    ]
    model = ps.discover(ps.EventLog(pl.DataFrame(rows)))
    assert model.resources[0].capacity == 1
    assert (ps.find_bottlenecks(model).loads[0].utilisation or 0) >= 1


def test_a_log_counts_who_worked_and_what_was_done_again() -> None:
    """
    Resources come most frequent first; a case in which an activity occurs twice is one with rework.
    """
    rows = {
        "case": ["1", "1", "1", "2"],
        "activity": ["a", "b", "a", "a"],
        "time": [0, HOUR, 2 * HOUR, 0],
        "resource": ["budi", "ani", "budi", "budi"],
    }
    log = ps.EventLog(pl.DataFrame(rows))
    assert log.resources == ("budi", "ani")
    assert log.cases_with_rework == 1


def test_times_that_vary_like_their_mean_are_exponential() -> None:
    """
    Where the deviation is within 5 % of the mean, the fitted distribution is exponential.
    """
    hours = [1, 1, 1, 1, 6]  # mean 2, deviation 2
    rows = {
        "case": [str(i) for i in range(len(hours))],
        "activity": ["a"] * len(hours),
        "start": [i * 100 * HOUR for i in range(len(hours))],
        "time": [(i * 100 + h) * HOUR for i, h in enumerate(hours)],
        "resource": ["ani"] * len(hours),
    }
    step = ps.discover(ps.EventLog(pl.DataFrame(rows))).services[0].procedure.steps[0]
    assert isinstance(step.processing_time, ps.Exponential)


def xes(traces: str, before: str = "") -> str:
    """Return a log of XES."""
    return f"<log>{before}{traces}</log>"


def event(inside: str = "") -> str:
    """Return an event of XES with a time and a name."""
    return (
        '<event><string key="concept:name" value="a"/>'
        f'<date key="time:timestamp" value="2026-01-05T08:00:00+07:00"/>{inside}</event>'
    )


def test_a_log_of_xes_without_events_is_refused(tmp_path: Path) -> None:
    """
    Traces that hold no event are no event log.
    """
    file = tmp_path / "log.xes"
    file.write_text(xes('<trace><string key="concept:name" value="1"/></trace>'))
    with pytest.raises(ps.InvalidFileError, match="expected an event log, found no event"):
        ps.read_xes(file)


def test_attributes_of_traces_come_along_and_count_against_the_bound(tmp_path: Path) -> None:
    """
    What a trace says of itself is a column of each of its events, and one more attribute.
    """
    file = tmp_path / "log.xes"
    of_case = '<string key="concept:name" value="1"/><string key="channel" value="desk"/>'
    file.write_text(xes(f"<trace>{of_case}{event()}</trace>"))
    assert ps.read_xes(file).frame["case:channel"].to_list() == ["desk"]
    with pytest.raises(ps.InvalidFileError, match="more than 3 different attributes"):
        ps.read_xes(file, max_attributes=3)


def test_events_outside_a_trace_are_told(tmp_path: Path) -> None:
    """
    An event of no trace, or of one that is not the log's, is listed; a global that every event overrides fills nothing in.
    """
    file = tmp_path / "log.xes"
    before = f'<global scope="event"><string key="concept:name" value="work"/></global>{event()}<x><trace>{event()}</trace></x>'
    file.write_text(xes(f'<trace><string key="concept:name" value="1"/>{event()}</trace>', before))
    with pytest.warns(ps.LossyImportWarning, match=r"events outside a trace \(2\)") as told:
        log = ps.read_xes(file)
    assert log.activities == ("a",)
    assert "filled in" not in str(told[0].message)


def test_faults_of_xes_have_their_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What is wrong with events is told with the line of the first, or with its case or number where that is unknown.
    """
    file = tmp_path / "log.xes"
    name, naive = '<string key="concept:name" value="1"/>', "2026-01-05T08:00:00"
    mixed = f"{event()}\n{event().replace(naive + '+07:00', naive)}"
    file.write_text(xes(f"\n<trace>{name}\n{mixed}</trace>\n<trace>\n{event()}</trace>"))
    expected = [
        (6, "", "events without case: 1"),
        (4, "", "mixed time zones: values of the time with an offset: 2, without: 1"),
    ]
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_xes(file)
    assert [(p.line, p.path, str(p.message)) for p in caught.value.problems] == expected
    monkeypatch.setattr("pubservice.io.xes._FAR", 3)
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_xes(file)
    assert [(p.line, p.path) for p in caught.value.problems] == [(None, "event 3"), (None, "case '1'")]


def test_lines_of_long_files_of_xes_are_right_or_not_told(tmp_path: Path) -> None:
    """
    The parser counts lines rightly up to 65,535; beyond it no line is told rather than a wrong one.
    """
    file = tmp_path / "log.xes"
    name, wrong = '<string key="concept:name" value="1"/>', event().replace("2026", "soon")
    for before in (60_000, 65_533, 65_534, 100_000):
        file.write_text(xes(f"<trace>{name}\n" + "\n" * (before - 1) + f"{wrong}</trace>"))
        with pytest.raises(ps.InvalidFileError) as caught:
            ps.read_xes(file)
        assert caught.value.problems[0].line in (before + 1, None)
        assert (caught.value.problems[0].line is None) == (before + 1 >= 65_535)


def test_long_logs_of_xes_reach_the_engine_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Events are handed over whenever enough wait, and a log in parts is the same log.
    """
    file = tmp_path / "log.xes"
    inside = "".join(event(f'<string key="k{i}" value="{i}"/>') for i in range(20))
    file.write_text(xes(f'<trace><string key="concept:name" value="1"/>{inside}</trace>'))
    whole = ps.read_xes(file).frame.to_native()
    monkeypatch.setattr("pubservice.io.xes._CELLS", 10)
    assert ps.read_xes(file).frame.to_native().equals(whole)
