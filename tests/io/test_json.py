"""Organisations as JSON: the same document, read as strictly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import pubservice as ps
from pubservice.io.json import marks
from pubservice.io.place import locate
from strategies import organisations


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(organisations())
def test_what_is_written_is_read_back_equal(model: ps.PublicOrganisation) -> None:
    """
    Every model comes back equal from its JSON, which is JSON to others too.
    """
    text = ps.to_json(model)

    assert model == ps.from_json(text)
    assert json.loads(text)["id"] == model.id


@pytest.mark.parametrize("name", ps.example_names())
def test_examples_come_back_equal(name: str, tmp_path: Path) -> None:
    """
    A shipped example is the same after writing and reading a file.
    """
    model = ps.read_example(name)

    ps.write_json(model, tmp_path / "example.json")

    assert model == ps.read_json(tmp_path / "example.json")
    assert (tmp_path / "example.json").read_text(encoding="utf-8").endswith("}\n")


HEAD = '{"pubservice": 1,\n "id": "o",\n '


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": expected a description of an organisation, got nothing"),
        (" \n", ": expected a description of an organisation, got nothing"),
        ("null", ": expected a description of an organisation, got nothing"),
        ("[]", "1: expected a description of an organisation, got []"),
        ("{\n", "2: not JSON: Expecting property name enclosed in double quotes"),
        (HEAD + '"id": "p"}', "3: the key 'id' stands here twice"),
        (HEAD + '"x": [{"a": 1}, {"a": 1,\n"\\u0061": {}}]}', "4: the key 'a' stands here twice"),
        (HEAD + '"name": NaN}', "3: not JSON: NaN"),
        (HEAD + '"name": [{"NaN": "NaN"},\n-Infinity]}', "4: not JSON: -Infinity"),
        (HEAD + '"name": "\\ud800"}', ": not JSON: surrogates not allowed"),
        (HEAD + '"name": 1e999}', "3: name: expected a text, or a text per language, got inf"),
        (HEAD + '"name":\n 5}', "3: name: expected a text, or a text per language, got 5"),
        (
            HEAD + '"services": [{"id": "s", "kind": "x",\n"name": "a \\" b",\n\n"calendar": "y"}]}',
            "3: services[0].kind: expected one of goods, services, administrative, got 'x'\n"
            "<text>:6: services[0].calendar: no calendar 'y'",
        ),
        (
            HEAD + '"resources": [{"id": "r", "capacity": -1' + "0" * 5000 + "}]}",
            "3: resources[0].capacity: expected a whole number of at least 1, got '-1" + "0" * 78 + "…'",
        ),
        (
            HEAD + '"name": ' + "[" * 65 + "]" * 65 + "}",
            "3: nested deeper than 64 levels, which no organisation needs",
        ),
        (HEAD + '"name": ' + "[" * 10**6, "3: nested deeper than 64 levels, which no organisation needs"),
    ],
)
def test_faults_have_their_lines(text: str, message: str) -> None:
    """
    What is no JSON, and what is wrong in it, is told with its line.
    """
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.from_json(text)

    assert f"<text>:{message.removeprefix(':')}" == str(caught.value)


def test_whole_numbers_may_be_long() -> None:
    """
    A number of any length is read or refused as a number.
    """
    for digits in (300, 5000):
        text = HEAD + '"resources": [{"id": "r", "capacity": 1' + "0" * digits + "}]}"
        with pytest.raises(ps.InvalidFileError, match=r"^<text>:3: resources\[0\]\.capacity: expected"):
            ps.from_json(text)


def test_escaped_pairs_are_one_character() -> None:
    """
    A pair of surrogates is the character that it stands for, and so is a byte order mark in front passed over.
    """
    assert str(ps.from_json("\ufeff" + HEAD + '"name": "\\ud83d\\ude00"}').name) == "😀"


def test_places_are_found_whatever_stands_in_texts() -> None:
    """
    Brackets, quotes and commas inside texts are no structure.
    """
    text = '{"a]": ["x,\\"{", {"b" :\n[1, -2.5e3, true]}],\n "c": {}}'

    found = locate(marks(text), [("a]",), ("a]", 1, "b", 2), ("c",)])

    assert found == {("a]",): (1, 2), ("a]", 1, "b", 2): (2, 13), ("c",): (3, 2)}
