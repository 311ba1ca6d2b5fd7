"""Organisations as YAML: the same model comes back, in a file that people like to read."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.io.example import example_text
from pubservice.io.file import write_text
from pubservice.io.place import locate, path_text, place_of
from pubservice.io.yaml import MAX_BYTES, _parse, _resolve, marks
from strategies import organisations, texts

quietly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@quietly
@given(organisations())
def test_what_is_written_is_read_back_equal(model: ps.PublicOrganisation) -> None:
    """
    Every model comes back equal from its YAML.
    """
    assert model == ps.from_yaml(ps.to_yaml(model))


@settings(max_examples=200, deadline=None)
@given(texts)
def test_any_text_survives(text: Any) -> None:
    """
    A name comes back as it was, whatever a YAML parser might take it for.
    """
    model = ps.PublicOrganisation("o", name=text)

    assert model == ps.from_yaml(ps.to_yaml(model))


@settings(max_examples=200, deadline=None)
@given(texts)
def test_other_parsers_read_the_same_text(text: Any) -> None:
    """
    What is written means the same to a parser of YAML 1.1: what it would misread is quoted.
    """
    model = ps.PublicOrganisation("o", legal_basis=[str(ps.model.text.text(text))])

    assert list(model.legal_basis) == yaml.safe_load(ps.to_yaml(model)).get("legal_basis", [])


@pytest.mark.parametrize("name", ps.example_names())
def test_examples_come_back_equal(name: str, tmp_path: Path) -> None:
    """
    A shipped example is the same after writing and reading a file.
    """
    model = ps.read_example(name)

    ps.write_yaml(model, tmp_path / "example.yaml")

    assert model == ps.read_yaml(tmp_path / "example.yaml")


def test_a_file_reads_as_people_write_it() -> None:
    """
    Short things stand on one line, defaults are left out, ids come first, days alike are one.
    """
    model = ps.PublicOrganisation(
        "city-hall",
        name={"en": "City Hall", "id": "Balai Kota"},
        calendars=[
            ps.Calendar("office", hours={"mon-thu": "08:00-12:00, 13:00-16:00", "sat": "08:00-12:00"})
        ],
        resources=[ps.Resource("clerk", capacity=2, cost="60000 IDR/hour")],
        services=[
            ps.PublicService("empty"),
            ps.PublicService(
                "permit",
                requirements=["form", ps.Requirement("identity-proof", evidence=["id-card", "passport"])],
                outputs=["permit"],
                arrival_rate="1 case/week",
                targets=[
                    ps.Target("cycle-time-efficiency", value=0.5),
                    ps.Target("office-cost", value="5 IDR"),
                ],
                procedure=ps.Procedure(
                    steps=[
                        ps.Step("intake", resource="clerk", processing_time="10 min", checks=["form"]),
                        ps.Step(
                            "assess",
                            resource=["clerk"],
                            checks=[ps.Check("valid", "id-card")],
                            legal_basis=["a long provision that says why, " * 8],
                        ),
                    ],
                    flows=[ps.Flow("intake", "assess")],
                ),
            ),
        ],
    )

    assert ps.to_yaml(model) == (
        """\
pubservice: 1
id: city-hall
name: {en: City Hall, id: Balai Kota}
calendars:
- {id: office, hours: {mon-thu: '08:00-12:00, 13:00-16:00', sat: '08:00-12:00'}}
resources:
- {id: clerk, capacity: 2, cost: 60000 IDR/hour}
services:
- {id: empty}
- id: permit
  requirements:
  - form
  - {id: identity-proof, evidence: [id-card, passport]}
  outputs: [permit]
  targets:
  - {metric: cycle-time-efficiency, value: 0.5}
  - {metric: office-cost, value: 5 IDR}
  arrival_rate: 1 case/week
  procedure:
    steps:
    - {id: intake, resource: clerk, processing_time: 10 min, checks: [form]}
    - id: assess
      resource: clerk
      checks:
      - {check: valid, of: id-card}
      legal_basis: ['"""
        + "a long provision that says why, " * 8
        + """']
    flows:
    - {source: intake, target: assess}
"""
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("12:30:00", "12:30:00"),
        ("2026-01-01", "2026-01-01"),
        ("1_000", "1_000"),
        ("0b1", "0b1"),
        ("<<", "<<"),
        ("010", 10),
        ("-7", -7),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("2.", 2.0),
        ("1.5E-1", 0.15),
        (".inf", float("inf")),
        ("-.INF", float("-inf")),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("nul", "nul"),
        ("9" * 4000, 10**4000 - 1),
        ("9" * 4001, "9" * 4001),
        ("e5", "e5"),
        (".", "."),
        ("-", "-"),
    ],
)
def test_scalars_are_those_of_the_core_schema(text: str, value: object) -> None:
    """
    A plain scalar means what the core schema of YAML 1.2 says (yaml.org/spec/1.2.2, section 10.3.2).
    """
    assert (value, type(value)) == (_resolve(text), type(_resolve(text)))


def test_not_a_number_is_a_number() -> None:
    """
    The core schema has ``.nan`` too.
    """
    assert str(_resolve(".nan")) == "nan"


def test_quoted_scalars_are_texts() -> None:
    """
    Quotation marks and blocks make a text of anything.
    """
    text = "{a: '1', b: \"true\"}\n"

    assert _parse(text, MAX_BYTES) == {"a": "1", "b": "true"}
    assert _parse("a: |\n  1\n", MAX_BYTES) == {"a": "1\n"}


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    """
    Files and texts may begin with the mark that some editors write.
    """
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfpubservice: 1\nid: o\n")

    assert ps.read_yaml(file) == ps.from_yaml("\ufeffpubservice: 1\nid: o\n") == ps.PublicOrganisation("o")


def test_one_document_may_have_its_marks() -> None:
    """
    A document may say where it begins and ends, and of which YAML it is.
    """
    assert ps.from_yaml("%YAML 1.1\n---\npubservice: 1\nid: o\n...\n").id == "o"


def test_the_parser_in_python_does_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where PyYAML was built without its C library, everything works, only slower.
    """
    from pubservice.io.yaml import _dumper

    model = ps.read_example("building-permit")
    expected = ps.from_yaml(ps.to_yaml(model))
    monkeypatch.delattr(yaml, "CSafeLoader")
    monkeypatch.delattr(yaml, "CSafeDumper")
    _dumper.cache_clear()
    try:
        assert expected == ps.from_yaml(ps.to_yaml(model))
        with pytest.raises(ps.InvalidFileError) as caught:
            ps.from_yaml("pubservice: 1\nid: \x01\n")
        assert str(caught.value) == "<text>:2: not YAML: special characters are not allowed: U+0001"
    finally:
        _dumper.cache_clear()


PROJECT = Path(__file__).parents[2]
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
SHIPPED = {name: [example_text(name)] for name in ps.example_names()}
SHIPPED |= {rule.code: [rule.bad, rule.good] for rule in ps.rules()}
SHIPPED |= {
    str(page.relative_to(PROJECT)): blocks
    for page in PAGES
    if (
        blocks := re.findall(
            r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
    )
}


@pytest.mark.parametrize("source", SHIPPED)
def test_what_we_write_is_the_same_to_either_parser(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The examples, those of the rules and those of the docs say the same to the parser in C and to that in Python.
    """
    in_c = [_parse(text, MAX_BYTES) for text in SHIPPED[source]]
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert [_parse(text, MAX_BYTES) for text in SHIPPED[source]] == in_c


@settings(max_examples=100, deadline=None)
@given(texts | st.text("?: ,[]{}-#'\"a\n", max_size=6))
def test_what_is_written_is_the_same_to_either_parser(text: Any) -> None:
    """
    A name in a file that we wrote says the same to either parser, wherever it stands.
    """
    written = ps.to_yaml(ps.PublicOrganisation("o", resources=[ps.Resource("clerk", name=text)]))
    in_c = _parse(written, MAX_BYTES)
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader")
        assert _parse(written, MAX_BYTES) == in_c


# Files


def test_writing_fails_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A failure while writing leaves the file as it was, and nothing beside it.
    """
    file = tmp_path / "f.yaml"
    ps.write_yaml(ps.PublicOrganisation("before"), file)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.write_yaml(ps.PublicOrganisation("after"), file)

    assert str(caught.value) == f"{file}: cannot be written: No space left on device"
    assert (ps.read_yaml(file).id, list(tmp_path.iterdir())) == ("before", [file])


def test_writing_keeps_permissions_and_links(tmp_path: Path) -> None:
    """
    A file that is there keeps its permissions, and a link to it stays a link.
    """
    file, link = tmp_path / "f.yaml", tmp_path / "link.yaml"
    file.write_text("")
    file.chmod(0o640)
    link.symlink_to(file)

    ps.write_yaml(ps.PublicOrganisation("o"), link)

    assert link.is_symlink()
    assert (stat.S_IMODE(file.stat().st_mode), ps.read_yaml(file).id) == (0o640, "o")


def test_a_device_is_written_to_and_not_replaced() -> None:
    """
    What is no plain file stays what it is.
    """
    ps.write_yaml(ps.PublicOrganisation("o"), os.devnull)

    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none/f.yaml", "cannot be written: No such file or directory"),
        ("", "cannot be written: Is a directory"),
        ("a\0b", "cannot be written: "),
    ],
)
def test_where_nothing_can_be_written(name: str, message: str, tmp_path: Path) -> None:
    """
    A path that cannot be written to is an error with the reason.
    """
    with pytest.raises(ps.InvalidFileError, match=message):
        ps.write_yaml(ps.PublicOrganisation("o"), f"{tmp_path}/{name}")
    assert not list(tmp_path.iterdir())


def test_half_a_surrogate_pair_is_not_written(tmp_path: Path) -> None:
    """
    A text that UTF-8 cannot hold is refused before anything is written.
    """
    with pytest.raises(ps.InvalidFileError, match="cannot be written"):
        write_text(tmp_path / "f.yaml", "\ud800")
    assert not list(tmp_path.iterdir())


# Places


def test_places_are_found_in_a_text() -> None:
    """
    A field stands where its name does, an item where it begins, what is not there where its surroundings do.
    """
    text = "a:\n  - b: 1\n    c: [x, {d: 2}]\n  -   e\n"
    wanted = {
        (): (1, 1),
        ("a",): (1, 1),
        ("a", 0): (2, 5),
        ("a", 0, "c"): (3, 5),
        ("a", 0, "c", 1, "d"): (3, 13),
    }
    absent = {("a", 1): (4, 7), ("a", 1, "z"): (4, 7), ("z", "y"): (1, 1)}

    assert wanted | absent == locate(marks(text), wanted | absent)


def test_nothing_has_no_places() -> None:
    """
    In a text without a value nothing is found.
    """
    assert locate([], [("a",)]) == {}


def test_paths_are_read_and_written() -> None:
    """
    A path of a model and a place are two forms of one thing, and a strange key is escaped.
    """
    path = "services[0].procedure.flows[12].target"

    assert path == path_text(place_of(path))
    assert path_text(("a\nb", 0)) == r"a\nb[0]"
