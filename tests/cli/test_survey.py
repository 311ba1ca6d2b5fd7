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
        "1 answer outside the scale is left out",
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
        "--population: only for the instruments skm, skm-2004\n"
        "--no-fee: only for the instruments skm, skm-2004\n"
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


def test_a_column_to_group_by_that_is_not_there_is_named_with_the_file(survey: str) -> None:
    """
    The error has the file, the option and the nearest column; a column that makes too many groups is told so too.
    """
    result = run(survey, "--by", "sx")
    assert (result.exit_code, result.stderr) == (2, f"{survey}: --by: no column 'sx', did you mean 'sex'?\n")
    many = Path(survey).parent / "many.csv"
    many.write_text("nps,name\n" + "".join(f"9,n{n}\n" for n in range(1001)), encoding="utf-8")
    result = run(str(many), "--instrument", "nps", "--by", "name")
    assert (result.exit_code, result.stderr) == (
        2,
        f"{many}: 'name' makes more than 1,000 groups\n",
    )


@pytest.fixture
def happiness(tmp_path: Path) -> str:
    """Return the path of a survey on 1 to 10, as cities ask how happy people are."""
    file = tmp_path / "happiness.csv"
    file.write_text("Q1,Q2,sex\n7,7,f\n8,NA,m\n10,4,f\n", encoding="utf-8")
    return str(file)


def test_questions_of_ones_own_have_a_scale_of_their_own(happiness: str) -> None:
    """
    Any columns on any scale have means, also scaled from 0 to 1, by group, with alpha, and as JSON.
    """
    asked = ("--instrument", "own", "--scale", "1-10", "--columns", "life=Q1", "--columns", "place=Q2")
    result = run(happiness, *asked)
    assert result.output.splitlines() == [
        "scaled mean 0.657, where 1 is 0 and 10 is 1, 3 respondents",
        "item   answers   mean  scaled mean",
        "life         3  8.333        0.815",
        "place        2  5.500        0.500",
    ]
    assert "rata-rata berskala 0.657, dengan 1 sebagai 0" in run(happiness, *asked, "--lang", "id").output
    options = ("--by", "sex", "--at-least", "1", "--reliability", "--format", "json")
    data = json.loads(run(happiness, *asked, *options).output)
    assert data["result"]["items"][1] == {"id": "place", "answers": 2, "mean": 5.5, "scaled": 0.5}
    assert [group["respondents"] for group in data["breakdown"]["groups"]] == [2, 1]
    assert data["reliability"]["respondents"] == 2


def test_questions_of_ones_own_need_names_and_a_scale(happiness: str) -> None:
    """
    Without columns and a scale there is no instrument; both are told at once, and so is a scale of another instrument.
    """
    result = run(happiness, "--instrument", "own", "--scale", "ten")
    assert result.stderr.splitlines() == [
        "--scale: expected a scale such as 1-10, got 'ten'",
        "--columns: expected the questions and their columns, such as happiness=Q1, got none",
    ]
    assert "--scale: only for the instruments own" in run(happiness, "--scale", "1-10").stderr
    nobody = run(
        happiness,
        "--instrument",
        "own",
        "--scale",
        "1-10",
        "--columns",
        "sex=sex",
        "--missing",
        "f",
        "--missing",
        "m",
    )
    assert (nobody.exit_code, nobody.output.splitlines()[0]) == (2, "nobody answered")


@pytest.fixture
def quality(tmp_path: Path) -> str:
    """Return the path of answers to SERVQUAL that fall short by one in the tangibles, and by two in empathy."""
    file = tmp_path / "quality.csv"
    head = [f"{part}{n}" for part in "EP" for n in range(1, 23)]
    perceived = [5] * 4 + [6] * 13 + [4] * 5
    rows = [[6] * 22 + perceived, [7] * 22 + [score + 1 for score in perceived]]
    lines = [",".join(head), *(",".join(str(score) for score in row) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def test_dimensions_are_weighted(quality: str) -> None:
    """
    Weights of the five dimensions give the weighted gap; without any there is none.
    """
    weights = {"tangibles": 11, "reliability": 32, "responsiveness": 22, "assurance": 19, "empathy": 16}
    given = [f"--dimension-weight={name}={weight}" for name, weight in weights.items()]
    result = run(quality, "--instrument", "servqual", *given)
    assert result.output.splitlines()[1].startswith("weighted gap -0.430; ")  # 0.11 × -1 + 0.16 × -2
    assert "weighted gap" not in run(quality, "--instrument", "servqual").output


def test_statements_are_turned_round(quality: str) -> None:
    """
    A negative statement counts as 8 - x, in the gaps and in alpha; 1988 names all of that version.
    """
    some = [f"--reversed={n}" for n in (*range(10, 14), *range(18, 23))]
    arguments = (quality, "--instrument", "servqual", "--reliability")
    named = run(*arguments, "--reversed", "1988")
    assert named.output == run(*arguments, *some).output
    assert "empathy               2        1.500       3.500   2.000" in named.output
    assert run(*arguments).output != named.output
    assert (
        "SERVPERF " in run(quality, "--instrument", "servperf", "--reversed", "1988", "--reliability").output
    )


def test_options_of_quality_that_are_wrong_are_named(quality: str) -> None:
    """
    Numbers that are no statement, weights that repeat or do not sum, and options of another instrument are told.
    """
    wrong = ("--reversed", "23", "--dimension-weight", "empathy=1", "--dimension-weight", "empathy=2")
    assert run(quality, "--instrument", "servqual", *wrong).stderr.splitlines() == [
        "--reversed: expected the number of a statement, 1 to 22, got '23'",
        "--dimension-weight: 'empathy' is named twice",
    ]
    assert run(quality, *wrong[2:4], "--reversed", "3").stderr.splitlines() == [
        "--reversed: only for the instruments servqual, servperf",
        "--dimension-weight: only for the instruments servqual",
    ]
    lone = run(quality, "--instrument", "servqual", "--dimension-weight", "empathy=100")
    assert "weights: expected a weight of 'tangibles', got None" in lone.stderr
    rounded = run(quality, "--instrument", "servqual", "--weights", "rounded")
    assert rounded.stderr == "--weights: only for the instruments skm, skm-2004\n"
