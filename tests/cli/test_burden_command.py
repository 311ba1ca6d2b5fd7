"""The command ``burden``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pubservice.cli import main
from pubservice.io.example import example_text


@pytest.fixture
def office(tmp_path: Path) -> str:
    """Return the path of an example."""
    file = tmp_path / "office.yaml"
    file.write_text(example_text("building-permit"), encoding="utf-8")
    return str(file)


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["burden", *arguments])


def test_it_prints_every_service_in_both_languages(office: str) -> None:
    """
    Journey, administrative cost and frictions of each service are printed, in the language that is asked for.
    """
    english, indonesian = run(office), run(office, "--lang", "id")
    assert (english.exit_code, indonesian.exit_code) == (0, 0)
    assert english.output.count("frictions: ") == 2
    assert "visits to the office: 2.33" in english.output
    assert "kunjungan ke kantor: 2.33" in indonesian.output


def test_json_has_the_chosen_service(office: str) -> None:
    """
    JSON has the parts of the service that is named, with money where there is a tariff.
    """
    result = run(office, "--service", "building-permit", "--tariff", "20000 IDR/hour", "--format", "json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert set(data) == {"pubservice", "organisation", "provenance", "services"}
    (service,) = data["services"]
    assert set(service) == {"id", "journey", "administrative_cost", "sludge"}
    assert service["administrative_cost"]["cost"][0]["currency"] == "IDR"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--service", "building-permits"), "no service 'building-permits', did you mean 'building-permit'?"),
        (("--tariff", "-1 IDR/hour"), "expected a cost such as '60000 IDR/hour', got '-1 IDR/hour'"),
        (("--tariff", "dear"), "expected a cost such as '60000 IDR/hour', got 'dear'"),
        (("--max-bytes", "5"), "larger than 5 bytes"),
    ],
)
def test_bad_input_exits_with_two(office: str, arguments: tuple[str, ...], said: str) -> None:
    """
    An unknown service and a tariff that is none are named on standard error, with exit code 2.
    """
    result = run(office, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
