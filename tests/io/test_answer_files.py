"""Surveys in files: CSV and Parquet, odd ones, and real ones where they are beside the project."""

from __future__ import annotations

import csv
import gzip
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import pubservice as ps

SURVEYS = Path(__file__).resolve().parents[3] / "shared" / "data" / "surveys"
needs_surveys = pytest.mark.skipif(
    not SURVEYS.exists(), reason="the folder of real surveys is not beside the project"
)
SCALE = {str(score) for score in range(1, 11)}
KANSAS, SOMERVILLE = (
    SURVEYS / "kansas_city_resident_survey_fy2022.csv.gz",
    SURVEYS / "somerville_happiness_survey_2011_2015.csv.gz",
)
HEAD = "respondent," + ",".join(f"U{n}" for n in range(1, 10))


def written(folder: Path, text: str | bytes, name: str = "survey.csv") -> Path:
    """Return a file that holds a text."""
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def faults(file: Path, **options: Any) -> list[str]:
    """Return what is wrong with a file, without its folder."""
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.read_answers(file, **options)
    return [line.replace(f"{file.parent}/", "") for line in str(caught.value).splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\na,4,4,4,4,4,4,4,4,4\nb,3,3,3,3,3,3,3,3,NA\n",
        f"\ufeff{HEAD}\na,4,4,4,4,4,4,4,4,4\n\nb,3,3,3,3,3,3,3,3,\n",
        f"{HEAD}\na,4,4,4,4,4,4,4,4,4\nb,3,3,3,3,3,3,3,3,\n".replace(",", ";"),
        gzip.compress(f"{HEAD}\r\na,4,4,4,4,4,4,4,4,4\r\nb,3,3,3,3,3,3,3,3,\r\n".encode()),
    ],
    ids=["comma", "byte order mark", "semicolon", "gzip"],
)
def test_csv_of_every_kind_is_read(tmp_path: Path, text: str | bytes) -> None:
    """
    Commas or semicolons, a byte order mark, empty lines, line ends of either kind, plain or gzipped.
    """
    result = ps.satisfaction_index(ps.read_answers(written(tmp_path, text)))
    assert [element.answers for element in result.elements] == [2] * 8 + [1]
    assert result.respondents == 2


def test_parquet_is_read(tmp_path: Path) -> None:
    """
    A Parquet file is known by its name; its faults are told by row.
    """
    file = tmp_path / "survey.parquet"
    pl.DataFrame({"nps": [10, 0, None]}).write_parquet(file)
    assert ps.net_promoter_score(ps.read_answers(file, instrument="nps")).score == 0
    pl.DataFrame({"nps": [10, 11]}).write_parquet(file)
    assert faults(file, instrument="nps") == [
        "survey.parquet: row 2, nps: expected a whole number from 0 to 10, got '11'"
    ]


def test_faults_have_lines(tmp_path: Path) -> None:
    """
    Answers outside the scale and respondents who answer twice are named with the lines of the file, also behind line
    breaks in cells and empty lines.
    """
    text = 'respondent,note,U1,U2\na,"x\ny",4,5\n\na,,3,four\n'
    assert faults(written(tmp_path, text)) == [
        "survey.csv:2: U2: expected a whole number from 1 to 4, got '5'",
        "survey.csv:5: U2: expected a whole number from 1 to 4, got 'four'",
        "survey.csv:5: respondent 'a' has answered in line 2",
    ]


def test_what_was_excluded_has_lines(tmp_path: Path) -> None:
    """
    Excluded answers are listed with the lines they stand in.
    """
    answers = ps.read_answers(written(tmp_path, "U1\n4\n\n7\n"), invalid="exclude")
    assert [one.data() for one in answers.excluded] == [{"row": 4, "column": "U1", "value": "7"}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "expected answers, got nothing"),
        ("age,sex\n3,f\n", "no column for any item of 'skm': name them in columns=; there are age, sex"),
        ("U1,U2\n1,2,3\n", "survey.csv:2: expected a field for each column of the header (2), got 3"),
        (b"U1\n\xff\n", "expected UTF-8, found the byte 0xff"),
    ],
)
def test_what_is_no_survey_is_refused(tmp_path: Path, text: str | bytes, why: str) -> None:
    """
    The error says what was expected.
    """
    (line,) = faults(written(tmp_path, text))
    assert why in line


def test_sizes_are_bounded(tmp_path: Path) -> None:
    """
    A file larger than allowed is refused before it is read.
    """
    (line,) = faults(written(tmp_path, "U1\n" + "4\n" * 100), max_bytes=50)
    assert line == "survey.csv: larger than 50 bytes: raise max_bytes (--max-bytes) to read it"
    (line,) = faults(tmp_path / "none.csv")
    assert line.startswith("none.csv: cannot be read: ")


def test_a_survey_without_lines_is_of_nobody(tmp_path: Path) -> None:
    """
    Titles alone are a survey that nobody answered.
    """
    result = ps.satisfaction_index(ps.read_answers(written(tmp_path, HEAD + "\n")))
    assert result.undefined == {"index": "nobody answered"}


@needs_surveys
def test_the_sample_of_the_regulation_s_survey() -> None:
    """
    A thesis project's 45 rows: the means of the elements, IKM 85.8642 with 1/9 and 85.0056 with 0.11.
    """
    answers = ps.read_answers(SURVEYS / "skm_student_project_sample.csv")
    result = ps.satisfaction_index(answers)
    means = [round(float(element.nrr or 0), 4) for element in result.elements]
    assert means == [3.6667, 3.4222, 3.2222, 3.4, 3.4222, 3.2667, 3.4889, 3.5778, 3.4444]
    assert round(result.value or 0, 4) == 85.8642
    assert round(ps.satisfaction_index(answers, weights="rounded").value or 0, 4) == 85.0056
    services = ps.satisfaction_indices(answers, at_least=1).services
    assert [index.respondents for _, index in services] == [6, 10, 8, 10, 7, 4]


@needs_surveys
def test_kansas_city() -> None:
    """
    694 residents on 1 to 5, where 9 is "do not know": a count of the file gives 518 of 689 satisfied with question 1.1.
    """
    columns = {"satisfaction": "q1_01", "respondent": "id"}
    answers = ps.read_answers(KANSAS, instrument="csat", columns=columns, missing=[9])
    result = ps.customer_satisfaction(answers)
    assert (result.respondents, result.top_two_share) == (689, 518 / 689)
    assert answers.blank == 5
    found = faults(KANSAS, instrument="csat", columns=columns)
    assert len(found) == 5
    assert found[0].endswith(":99: q1_01: expected a whole number from 1 to 5, got '9'")


@needs_surveys
def test_kansas_city_is_reliable_and_breaks_down() -> None:
    """
    Eight questions of one block are consistent; the six who answered by phone are kept back, and the mail with them.
    """
    block = [f"q2_0{n}" for n in range(1, 9)]
    own = ps.Instrument("kansas-city", items=block, low=1, high=5)
    answers = ps.read_answers(KANSAS, instrument=own, columns={name: name for name in block}, missing=[9])
    assert 0.7 < (ps.cronbach_alpha(answers).alpha or 0) < 1
    result = ps.breakdown(answers, "method", ps.cronbach_alpha)
    assert [(group.name, group.suppressed) for group in result.groups] == [
        ("Mail", True),
        ("Phone", True),
        ("Web", False),
    ]


@needs_surveys
def test_somerville() -> None:
    """
    6,352 residents: R for refused, half points and typing errors are excluded and counted, the rest is scored.
    """
    columns = {"satisfaction": "The.availability.of.affordable.housing_2011", "respondent": "Combined_ID"}
    options: Any = {"instrument": "csat", "columns": columns, "missing": ["R"]}
    answers = ps.read_answers(SOMERVILLE, invalid="exclude", **options)
    result = ps.customer_satisfaction(answers)
    assert (result.respondents, answers.excluded_count, answers.blank) == (5647, 18, 705)
    assert result.top_two_share == (1288 + 378) / 5647
    assert len(faults(SOMERVILLE, **options)) == 18


@needs_surveys
def test_somerville_on_one_to_ten() -> None:
    """
    How satisfied 6,352 residents are with their lives and their city, on 1 to 10: counts and means are those of a plain
    reading, in which half points and other texts are no answers.
    """
    columns = {
        "life": "How.satisfied.are.you.with.your.life.in.general.",
        "place": "How.satisfied.are.you.with.Somerville.as.a.place.to.live.",
    }
    own = ps.Instrument("somerville", items=columns, low=1, high=10)
    found = ps.scaled_means(ps.read_answers(SOMERVILLE, instrument=own, columns=columns, invalid="exclude"))
    with gzip.open(SOMERVILLE, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for one in found.items:
        given = [int(row[columns[one.item]]) for row in rows if row[columns[one.item]] in SCALE]
        assert (one.answers, one.mean) == (len(given), Fraction(sum(given), len(given)))
    assert [one.answers for one in found.items] == [6169, 6034]
