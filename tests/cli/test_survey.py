"""The command ``survey``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pubservice.cli import main


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["survey", *arguments])


@pytest.fixture
def survey(tmp_path: Path) -> str:
    """Return the path of a survey of two services."""
    file = tmp_path / "survey.csv"
    rows = [
        f"{i},{'KTP' if i % 2 else 'KK'},{'f' if i % 3 else 'm'},{','.join(str(1 + (i * n) % 4) for n in range(9))}"
        for i in range(40)
    ]
    head = "respondent,service,sex," + ",".join(f"U{n}" for n in range(1, 10))
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(file)


def test_the_index_is_printed(survey: str) -> None:
    """
    Index, grade, interval, elements and sample, in either language; the same with rounded weights is lower.
    """
    result = run(survey, "--population", "100")
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "IKM 47.22 (D, poor), 40 respondents"  # 25 × 17/9
    assert "sample: 40 of the 80 respondents that 100 served ask for" in result.output
    assert "(D, tidak baik), 40 responden" in run(survey, "--lang", "id").output
    assert run(survey, "--weights", "rounded").output.startswith("IKM 46.75 ")


def test_json_is_whole(survey: str) -> None:
    """
    The result, the breakdown and the reliability are keys of one object.
    """
    result = run(survey, "--format", "json", "--by", "sex", "--reliability", "--no-fee", "--seed", "3")
    data = json.loads(result.output)
    assert list(data) == ["pubservice", "instrument", "result", "breakdown", "reliability"]
    assert len(data["result"]["elements"]) == 8
    assert data["result"]["interval"]["method"] == "percentile bootstrap, 2,000 resamples, seed 3"
    assert [group["group"] for group in data["breakdown"]["groups"]] == ["f", "m"]
    assert len(data["breakdown"]["groups"][0]["index"]["elements"]) == 8
    assert list(json.loads(run(survey, "--format", "json").output)) == ["pubservice", "instrument", "result"]


def test_services_are_indexed(survey: str, tmp_path: Path) -> None:
    """
    A column makes services, and the official tables stand one below the other, that of all last.
    """
    output = tmp_path / "table.csv"
    result = run(survey, "--service", "service", "--csv", str(output), "--lang", "id")
    assert result.exit_code == 0
    assert "rata-rata layanan: " in result.output
    lines = list(csv.reader(io.StringIO(output.read_text(encoding="utf-8"))))
    assert [line[0] for line in lines if len(line) == 1] == ["KK", "KTP"]
    assert sum(line[:1] == ["mutu pelayanan"] for line in lines) == 3


def test_a_table_is_not_replaced_unasked(survey: str, tmp_path: Path) -> None:
    """
    A file that is there stays, unless it may be replaced.
    """
    output = tmp_path / "table.csv"
    assert run(survey, "--csv", str(output)).exit_code == 0
    before = output.read_text(encoding="utf-8")
    refused = run(survey, "--csv", str(output), "--no-fee")
    assert (refused.exit_code, output.read_text(encoding="utf-8")) == (2, before)
    assert refused.stderr == f"{output}: is there already: --overwrite replaces it\n"
    assert run(survey, "--csv", str(output), "--no-fee", "--overwrite").exit_code == 0
    assert output.read_text(encoding="utf-8") != before


@pytest.mark.parametrize(
    ("instrument", "head", "row", "said"),
    [
        ("nps", "score", "9", "NPS +100.0"),
        ("csat", "kepuasan", "4", "CSAT 100.0%"),
        ("ces", "ease", "6", "CES 6.00"),
        ("servperf", ",".join(f"P{n}" for n in range(1, 23)), ",".join(["6"] * 22), "SERVPERF 6.000"),
        (
            "servqual",
            ",".join(f"{part}{n}" for part in "EP" for n in range(1, 23)),
            ",".join(["7"] * 22 + ["5"] * 22),
            "SERVQUAL gap -2.000",
        ),
        ("skm-2004", ",".join(f"U{n}" for n in range(1, 15)), ",".join(["3"] * 14), "IKM 75.00 (B, good)"),
    ],
)
def test_every_instrument_is_scored(tmp_path: Path, instrument: str, head: str, row: str, said: str) -> None:
    """
    Each instrument has its own result.
    """
    file = tmp_path / "survey.csv"
    file.write_text(f"{head}\n{row}\n", encoding="utf-8")
    result = run(str(file), "--instrument", instrument)
    assert (result.exit_code, result.output.startswith(said)) == (0, True)


def test_a_survey_of_2004_without_fee(tmp_path: Path) -> None:
    """
    Both elements of the fee are left out.
    """
    file = tmp_path / "survey.csv"
    file.write_text(",".join(f"U{n}" for n in range(1, 15)) + "\n" + ",".join(["3"] * 14), encoding="utf-8")
    result = run(str(file), "--instrument", "skm-2004", "--no-fee")
    assert "not applicable: U10, U11; the others weigh 1/12" in result.output


def test_columns_and_codes_are_named(tmp_path: Path) -> None:
    """
    A column that is not recognised is named, and so are codes for no answer; what is outside may be excluded.
    """
    file = tmp_path / "survey.csv"
    file.write_text("Q1,Q2\n5,1\n9,1\n7,1\n", encoding="utf-8")
    named = ["--instrument", "csat", "--columns", "satisfaction=Q1"]
    assert run(str(file), *named, "--missing", "9").exit_code == 2
    result = run(str(file), *named, "--missing", "9", "--invalid", "exclude")
    assert (result.exit_code, result.output.splitlines()[1]) == (
        0,
        "1 answers outside the scale are left out",
    )
    several = run(
        str(file),
        "--instrument",
        "csat",
        "--columns",
        "satisfaction=Q1",
        "--columns",
        "satisfaction=Q2",
        "--missing",
        "9",
        "--missing",
        "7",
    )
    assert several.stderr == "item: expected one question, got 2: Q1, Q2\n"


def test_bad_input_is_told(survey: str, tmp_path: Path) -> None:
    """
    Wrong options, files and faults in them exit with 2, in the language asked for.
    """
    wrong = run(survey, "--instrument", "nps", "--no-fee", "--population", "3")
    assert wrong.exit_code == 2
    assert wrong.stderr == (
        "--population: only for the instruments skm and skm-2004\n"
        "--no-fee: only for the instruments skm and skm-2004\n"
    )
    assert run(survey, "--columns", "fee").stderr == (
        "--columns: expected a text such as fee=Q4, got 'fee'\n"
    )
    assert "kolom" in run(survey, "--by", "seks", "--lang", "id").stderr
    file = tmp_path / "bad.csv"
    file.write_text("U1\n5\n", encoding="utf-8")
    result = run(str(file), "--lang", "id")
    assert result.exit_code == 2
    assert result.stderr == f"{file}:2: U1: diharapkan bilangan bulat dari 1 sampai 4, diperoleh '5'\n"


def test_a_survey_of_nobody_has_no_index(tmp_path: Path) -> None:
    """
    It is printed with its reason, and exits with 2.
    """
    file = tmp_path / "empty.csv"
    file.write_text(",".join(f"U{n}" for n in range(1, 10)) + "\n", encoding="utf-8")
    result = run(str(file))
    assert result.exit_code == 2
    assert result.output.startswith("no index: nobody answered\n")


def test_small_services_are_kept_back(survey: str) -> None:
    """
    A service is shown from ten respondents on, or from as many as is said, as a group is.
    """
    hidden = json.loads(run(survey, "--service", "service", "--at-least", "25", "--format", "json").output)
    assert (hidden["result"]["services"], hidden["result"]["hidden"]) == ([], ["KK", "KTP"])
    shown = run(survey, "--service", "service", "--by", "sex", "--at-least", "1")
    assert "kept back" not in shown.output


def test_one_service_has_no_fee(survey: str) -> None:
    """
    Its element is left out of that service alone; that needs a column of the service, and not that none has one.
    """
    data = json.loads(run(survey, "--service", "service", "--no-fee-of", "KK", "--format", "json").output)
    assert [len(service["elements"]) for service in data["result"]["services"]] == [8, 9]
    assert run(survey, "--no-fee-of", "KK", "--no-fee").stderr == (
        "--no-fee-of: needs services to tell apart: name their column\n--no-fee-of: not beside --no-fee\n"
    )
