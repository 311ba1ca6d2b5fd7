"""Measurements in files."""

from __future__ import annotations

import csv
from pathlib import Path

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.errors import InvalidModelError
from strategies import measurements

HEAD = "metric,service,period,value,population,obtained\n"
OFFICE = ps.PublicOrganisation("office", services=[ps.PublicService("permit")])
LAW = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a place for a file."""
    return tmp_path / "measurements.csv"


def refused(file: Path, text: str, organisation: ps.PublicOrganisation | None = OFFICE) -> list[str]:
    """Return what is said of a file that is wrong, without its name."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_measurements(file, organisation=organisation)
    return [line.removeprefix(f"{file}:") for line in str(caught.value).splitlines()]


@LAW
@pytest.mark.parametrize("ending", ["csv", "parquet"])
@given(given_=st.lists(measurements(), max_size=4))
def test_what_is_written_reads_back(ending: str, given_: list[ps.Measurement], tmp_path: Path) -> None:
    """
    Measurements that were written read back equal, whatever their texts hold.
    """
    file = tmp_path / f"measurements.{ending}"
    ps.write_measurements(given_, file)
    assert ps.read_measurements(file) == tuple(given_)


def test_values_are_read_as_people_write_them(file: Path) -> None:
    """
    Columns may stand in any order, cells may be empty, and values are numbers, shares, times, amounts and rates.
    """
    file.write_text(
        "obtained, Metric ,value,service,first,last,low,high,source\n"
        "survey,ikm,83.2,permit,2026-01-01,2026-03-31,81,85.5,SKM 2026\n"
        "\n"
        "register,on-time-share,19/20,permit,2026-01,2026-03,,,\n"
        "register,cycle-time,12 working days,permit,2026-01-01,2026-01-31\n"
        "report,cost-per-transaction,5.50 GBP,,2026,2026,,,\n"
        "log,throughput,0 case/day,permit,2026-01,2026-01,,,\n",
        encoding="utf-8-sig",
    )
    found = ps.read_measurements(file, organisation=OFFICE)
    assert [m.value for m in found] == [
        83.2,
        0.95,
        ps.Duration(12, "working_day"),
        ps.Money(5.5, "GBP"),
        ps.Rate(0, "day"),
    ]
    assert [str(m.period) for m in found] == ["2026-Q1", "2026-Q1", "2026-01", "2026", "2026-01"]
    assert (found[0].low, found[0].high, found[0].source) == (81, 85.5, "SKM 2026")
    assert found[3].service is None


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_other_separators_may_part_columns(separator: str, file: Path) -> None:
    """
    Spreadsheets of countries with a decimal comma write semicolons, other systems tabs or bars.
    """
    text = HEAD + "ikm,permit,2026,80,12,survey\n"
    file.write_text(text.replace(",", separator), encoding="utf-8")
    assert ps.read_measurements(file)[0].population == 12


def test_every_fault_is_told_with_its_line(file: Path) -> None:
    """
    All wrong cells of all rows are one error, each with the line and the column.
    """
    text = (
        HEAD
        + "ikmm,permit,2026-01,80,12,survey\n"
        + 'ikm,"per\nmit",spring,many,-3,hearsay\n'
        + "cycle-time,permits,2026-01,0.5,,log\n"
        + ",,,,,\n"
        + "ikm,permit,,,,\n"
    )
    assert refused(file, text) == [
        "2: metric: no metric 'ikmm', did you mean 'ikm'?",
        "3: service: expected an id of letters, digits, '.', '_' and '-', got 'per\\nmit'",
        "3: period: expected a period such as 2026, 2026-Q1, 2026-03 or 2026-01-01..2026-03-31, got 'spring'",
        "3: value: expected a duration, an amount, a rate or a number, got 'many'",
        "3: population: expected a whole number of at least 0, got '-3'",
        "3: obtained: expected one of log, survey, register, model, simulation, report, got 'hearsay'",
        "5: value: expected a duration for 'cycle-time', got '0.5'",
        "5: service: no service 'permits', did you mean 'permit'?",
        "7: period: expected something, got nothing",
        "7: obtained: expected something, got nothing",
    ]


def test_rows_that_do_not_fit_each_other_are_told_with_both_lines(file: Path) -> None:
    """
    Overlapping periods and mixed currencies name the other line, in either language.
    """
    text = (
        HEAD
        + "ikm,permit,2026-Q1,80,12,survey\n"
        + "ikm,permit,2026-03,82,12,survey\n"
        + "fee,permit,2025,5 GBP,,report\n"
        + "fee,permit,2026,5 EUR,,report\n"
    )
    assert refused(file, text) == [
        "3: period: the period 2026-03 overlaps 2026-Q1 of line 2, from the same source",
        "5: value: expected GBP, the currency of line 4, got '5 EUR': they do not compare without a rate",
    ]
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_measurements(file, organisation=OFFICE)
    assert "bertumpang tindih dengan 2026-Q1 pada baris 2" in caught.value.text("id")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", " expected measurements, got nothing"),
        ("\n\n", " expected measurements, got nothing"),
        ("metric,value\n", "1: expected the columns obtained, period: they are not there"),
        (HEAD.replace("period", "first"), "1: expected the columns period: they are not there"),
        (HEAD.replace("service", "servce"), "1: no column 'servce', did you mean 'service'?"),
        (HEAD.replace("service", "metric"), "1: the column 'metric' stands here twice"),
        (HEAD.replace("service", "first"), "1: expected either a period, or its first and last day"),
        (HEAD + "ikm,permit,2026,80,12,survey,and more\n", "2: expected 6 columns, got 7"),
        (
            HEAD + "ikm,permit,2026,,12,survey\n",
            "2: value: expected a value, or the reason why there is none",
        ),
        (
            HEAD + "ikm,permit,2026,nan,12,survey\n",
            "2: value: expected a duration, an amount, a rate or a number, got 'nan'",
        ),
        (
            HEAD + "ikm,permit,2026,1_0,12,survey\n",
            "2: value: expected a duration, an amount, a rate or a number, got '1_0'",
        ),
        (
            HEAD + "ikm,permit,2026,80,1.5,survey\n",
            "2: population: expected a whole number of at least 0, got '1.5'",
        ),
    ],
)
def test_what_is_no_table_of_measurements_is_refused(text: str, said: str, file: Path) -> None:
    """
    Columns that are missing, unknown or doubled, and rows that are too long or hold no value, are errors.
    """
    assert refused(file, text) == [said]


def test_hostile_files_are_bounded(file: Path) -> None:
    """
    A large file, a huge cell, bytes that are no text and thousands of faults are refused in bounded time and length.
    """
    file.write_text(HEAD + "ikm,permit,2026,80,12,survey\n" * 100)
    with pytest.raises(ps.InvalidFileError, match="larger than 1,000 bytes"):
        ps.read_measurements(file, max_bytes=1000)
    assert "not CSV: field larger than field limit" in refused(file, HEAD + "x" * 200_000)[0]
    assert len(refused(file, HEAD + "a b,c d,never,much,few,nobody\n" * 2000)) == 1000
    file.write_bytes(b"metric\xff")
    with pytest.raises(ps.InvalidFileError, match="expected UTF-8"):
        ps.read_measurements(file)


def test_no_cell_is_a_formula(file: Path) -> None:
    """
    A source that a spreadsheet would calculate is written with an apostrophe before it; numbers stay numbers.
    """
    given_ = [
        ps.Measurement("servqual-gap", value=-0.5, period="2026", obtained="survey", source=source)
        for source in ("=HYPERLINK(1)", "+1+1", "-cmd", "@x", "'tis", "-7")
    ]
    ps.write_measurements(given_, file)
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["source"] for row in rows] == ["'=HYPERLINK(1)", "'+1+1", "'-cmd", "'@x", "''tis", "-7"]
    assert rows[0]["value"] == "-0.5"
    assert ps.read_measurements(file) == tuple(given_)


def test_measurements_can_be_appended(file: Path) -> None:
    """
    What is added stands behind what is there; a file that is not there is made.
    """
    spring, summer = (
        ps.Measurement("ikm", value=v, period=p, service="permit", obtained="survey")
        for v, p in [(80, "2026-Q1"), (82, "2026-Q2")]
    )
    ps.append_measurements([spring], file)
    ps.append_measurements([summer], file, organisation=OFFICE)
    assert ps.read_measurements(file) == (spring, summer)


def test_nothing_is_measured_twice_in_a_file(file: Path) -> None:
    """
    Without an organisation too, a period that overlaps one in the file is refused, and the file stays as it was.
    """
    quarter = ps.Measurement("ikm", value=80, period="2026-Q1", obtained="survey")
    ps.append_measurements([quarter], file)
    with pytest.raises(InvalidModelError) as caught:
        ps.append_measurements([attrs.evolve(quarter, period="2026-03")], file)
    said = "measurements[0].period: the period 2026-03 overlaps 2026-Q1 of row 1 of the file, from the same source"
    assert (str(caught.value), ps.read_measurements(file)) == (said, (quarter,))


def test_what_does_not_fit_is_not_appended(file: Path) -> None:
    """
    A period that overlaps one that is there is refused with both places, and the file stays as it was.
    """
    spring = ps.Measurement("ikm", value=80, period="2026-Q1", service="permit", obtained="survey")
    ps.write_measurements([spring], file)
    before = file.read_bytes()
    with pytest.raises(ps.InvalidModelError) as caught:
        ps.append_measurements([spring], file, organisation=OFFICE)
    assert str(caught.value) == (
        "measurements[0].period: the period 2026-Q1 overlaps 2026-Q1 of row 1 of the file, from the same source"
    )
    assert file.read_bytes() == before


def test_a_file_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    """
    A folder that is not there is an error with the name of the file.
    """
    for ending in ("csv", "parquet"):
        with pytest.raises(ps.InvalidFileError, match="cannot be written: "):
            ps.write_measurements([], tmp_path / "nowhere" / f"m.{ending}")


def test_parquet_with_numbers_is_read_and_rows_are_counted(tmp_path: Path) -> None:
    """
    Columns of numbers are read as cells; what is wrong is told with the number of its row.
    """
    file = tmp_path / "m.parquet"
    columns = {
        "metric": ["ikm", "ikm"],
        "period": ["2026", "2027"],
        "value": [80.5, 81.0],
        "obtained": ["survey"] * 2,
    }
    pl.DataFrame(columns).write_parquet(file)
    assert [m.value for m in ps.read_measurements(file)] == [80.5, 81.0]
    pl.DataFrame({**columns, "obtained": ["survey", "x"]}).write_parquet(file)
    with pytest.raises(ps.InvalidFileError, match="m.parquet:2: obtained: expected one of"):
        ps.read_measurements(file)
