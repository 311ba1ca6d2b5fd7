"""Files: round trips, and every fault with its place."""

from __future__ import annotations

import json
import time
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from pubservice.io.example import example_text
from pubservice.io.yaml import _Builder, lines

GOOD = """\
pubservice: 1
id: o
calendars: [{id: office, hours: {mon-fri: "08:00-16:00"}}]
resources: [{id: clerk, capacity: 2}]
services:
  - id: s
    arrival_rate: 3 case/hour
    procedure:
      steps:
        - {id: a, resource: clerk, processing_time: 10 min}
        - {id: b, processing_time: 5 min}
      gateways: [{id: f, kind: parallel}, {id: j, kind: parallel}]
      ends: [{id: z}]
      flows:
        - {source: a, target: f}
        - {source: f, target: b}
        - {source: f, target: j}
        - {source: b, target: j}
        - {source: j, target: z}
"""
P = "services[0].procedure"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "10 min",
            "15 kg",
            f"10: {P}.steps[0].processing_time: expected a duration such as '15 min', got '15 kg'",
        ),
        (
            "10 min",
            "-1 min",
            f"10: {P}.steps[0].processing_time: expected a duration that is not negative, got '-1 min'",
        ),
        (
            "10 min",
            "nan min",
            f"10: {P}.steps[0].processing_time: expected a duration such as '15 min', got 'nan min'",
        ),
        (
            "resource: clerk",
            "resource: clark",
            f"10: {P}.steps[0].resource: no resource 'clark', did you mean 'clerk'?",
        ),
        (
            "resource: clerk",
            "resourc: clerk",
            f"10: {P}.steps[0].resourc: unknown field 'resourc', did you mean 'resource'?",
        ),
        ("target: z", "target: y", f"19: {P}.flows[4].target: no node 'y'"),
        ("id: b, p", "id: a, p", f"11: {P}.steps[1].id: 'a' is the id of another node"),
        (
            "ends: [{id: z}]",
            "ends: [{id: z}, {id: y}]",
            f"8: {P}.start: ambiguous: a, y have no incoming flow: name the first node as start",
        ),
        (
            "target: j}\n        - {source: b",
            "target: j, probability: 0.5}\n        - {source: b",
            f"17: {P}.flows[2].probability: every flow out of the parallel gateway 'f' is taken: no probability",
        ),
        (
            "{source: a, target: f}",
            "{source: a, target: f, probability: 0.4}",
            f"15: {P}.flows[0].probability: probabilities out of 'a' sum to 0.4, expected 1",
        ),
        (
            "    arrival_rate: 3",
            "    calendar: office\n    arrival_rate: 3",
            "8: services[0].arrival_rate: under a calendar, write the rate per working_hour, working_day, week, month or year, got '3 case/hour'",
        ),
        (
            "pubservice: 1",
            "pubservice: 2",
            "1: pubservice: this file is version 2; this pubservice reads version 1",
        ),
        ("pubservice: 1\n", "", ": expected 'pubservice: 1' at the top: the version of the format"),
        (
            "capacity: 2",
            "capacity: 0",
            "4: resources[0].capacity: expected a whole number of at least 1, got 0",
        ),
        ("id: o\n", "id: o\nid: p\n", "3: the key 'id' stands here twice"),
        ("id: o\n", "id: &x o\n", "2: anchors, aliases and tags are not part of the format: write it out"),
        (
            "id: o\n",
            "id: !!python/object:os.system o\n",
            "2: anchors, aliases and tags are not part of the format: write it out",
        ),
        ("id: o\n", "name: x\n", "missing field 'id'"),
        ("id: o\n", "id: o\nname: [x]\n", "3: name: expected a text, or a text per language, got ['x']"),
        ("      ends: [{id: z}]", "      ends: 5", f"13: {P}.ends: expected a list, got 5"),
        (
            "resources: [{id: clerk, capacity: 2}]",
            "resources: [clerk]",
            "4: resources[0]: expected the fields of a Resource, got 'clerk'",
        ),
        ("id: o\n", "id: o\n? [x]\n: 1\n", "3: expected the name of a field"),
        ("id: o\n", "id: o\n1: 1\n", "3: expected the name of a field"),
        ("id: o\n", "id: 'o\n", "not YAML: "),
        ("id: o\n", "id: o\n--- \n", "expected one document, got another"),
        (
            'hours: {mon-fri: "08:00-16:00"}',
            "hours: {mon: 5}",
            "3: calendars[0].hours: expected hours such as",
        ),
    ],
)
def test_each_fault_is_named_with_its_place(old: str, new: str, message: str) -> None:
    """
    A fault says line, path, what was expected and what was found.
    """
    assert old in GOOD
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.from_yaml(GOOD.replace(old, new))
    assert message in str(caught.value)


def test_all_faults_are_reported_together() -> None:
    """
    One run names every fault, in document order, and none twice.
    """
    bad = (
        GOOD.replace("10 min", "10 kg")
        .replace("capacity: 2", "capacity: -1")
        .replace("target: z", "target: y")
        .replace("kind: parallel}, ", "kind: paralel}, ")
    )
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.from_yaml(bad)
    assert [p.line for p in caught.value.problems] == [4, 10, 12, 19]


def test_files_that_are_no_documents(tmp_path: Path) -> None:
    """
    Empty, missing, wrongly encoded and oversized files are refused with the reason.
    """
    file = tmp_path / "f.yaml"
    file.write_bytes(b"")
    with pytest.raises(ps.InvalidFileError, match="got nothing"):
        ps.read_yaml(file)
    with pytest.raises(ps.InvalidFileError, match="got nothing"):
        ps.read_json(file)
    file.write_bytes(b"pubservice: 1\nid: \xff\n")
    with pytest.raises(ps.InvalidFileError, match=r":2: expected UTF-8, found the byte 0xff"):
        ps.read_yaml(file)
    with pytest.raises(ps.InvalidFileError, match="larger than 5 bytes: raise max_bytes"):
        ps.read_yaml(file, max_bytes=5)
    with pytest.raises(ps.InvalidFileError, match="cannot be read: No such file"):
        ps.read_yaml(tmp_path / "none.yaml")
    with pytest.raises(ps.InvalidFileError, match="cannot be written"):
        ps.write_yaml(ps.PublicOrganisation("o"), tmp_path / "no" / "f.yaml")
    with pytest.raises(ps.InvalidFileError, match="cannot be written"):
        ps.write_yaml(ps.PublicOrganisation("o"), tmp_path)
    assert list(tmp_path.iterdir()) == [file]


def test_hostile_nesting_costs_nothing() -> None:
    """
    A hundred megabytes of brackets, and an alias bomb, are refused before they cost anything.
    """
    begun = time.process_time()
    for text in ("[" * 100_000_000, "pubservice: 1\na: &a [x]\nb: [*a, *a]\n"):
        with pytest.raises(ps.InvalidFileError):
            ps.from_yaml(text)
    with pytest.raises(ps.InvalidFileError, match="nested deeper"):
        ps.from_json("[" * 100_000 + "]" * 100_000)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ('{"pubservice": 1, "id": "o", "id": "p"}', "the key 'id' stands here twice"),
        ('{"pubservice": NaN}', "not JSON: NaN"),
        ('{"pubservice": 1,\n "id": "o o"}', "<text>:2: id: expected an id"),
        ("[]", "expected a description of an organisation, got []"),
    ],
)
def test_json_is_read_as_strictly(text: str, message: str) -> None:
    """
    JSON has no duplicate keys and no NaN, and its faults have lines too.
    """
    with pytest.raises(ps.InvalidFileError) as caught:
        ps.from_json(text)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ps.example_names())
def test_examples_survive_both_formats_and_match_the_schema(name: str, tmp_path: Path) -> None:
    """
    An example reads back equal from YAML and JSON, and the schema accepts it.
    """
    model = ps.read_example(name)
    ps.write_yaml(model, tmp_path / "a.yaml")
    ps.write_json(model, tmp_path / "a.json")
    ps.write_json(model, tmp_path / "a.json")
    assert ps.read_yaml(tmp_path / "a.yaml") == ps.read_json(tmp_path / "a.json") == model
    jsonschema.Draft202012Validator.check_schema(ps.schema())
    jsonschema.validate(_Builder(example_text(name)).build(), ps.schema())
    jsonschema.validate(json.loads(ps.to_json(model)), ps.schema())


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    """
    An unknown field and a wrong id fail the schema.
    """
    for wrong in (
        {"pubservice": 1, "id": "o", "nam": "x"},
        {"pubservice": 1, "id": "o o"},
        {"pubservice": 2, "id": "o"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, ps.schema())


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
names = st.one_of(texts, st.dictionaries(st.sampled_from(["en", "id", "fr"]), texts, min_size=1))
numbers = st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 3))


@st.composite
def organisations(draw: st.DrawFn) -> ps.PublicOrganisation:
    """Return an organisation with a little of everything."""
    steps = draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    made = [
        ps.Step(
            i,
            name=draw(names),
            resource=draw(st.sampled_from([(), ("r",), ("r", "q")])),
            processing_time=draw(
                st.none()
                | st.sampled_from(
                    [
                        "5 min",
                        "triangular(1, 2, 3) hour",
                        "weibull(shape=1.5, scale=2 h)",
                        "empirical(1, 2) s",
                    ]
                )
                | numbers.map(lambda x: f"{x!r} min")
            ),
            checks=draw(st.lists(st.builds(ps.Check, ids, ids), max_size=2)),
            needs=draw(st.lists(ids, max_size=2)),
            gives=draw(st.lists(ids, max_size=2)),
            batch=draw(st.none() | st.builds(ps.Batch, size=st.integers(1, 9))),
            legal_basis=draw(st.lists(texts, max_size=2)),
        )
        for i in steps
    ]
    procedure = ps.Procedure(
        start=steps[0],
        steps=made,
        flows=[ps.Flow(a, b, name=draw(names)) for a, b in zip(steps, steps[1:], strict=False)],
    )
    service = ps.PublicService(
        draw(ids),
        name=draw(names),
        description=draw(names),
        audience=draw(st.lists(texts, max_size=2)),
        requirements=[
            ps.Requirement(i, evidence=draw(st.lists(ids, min_size=1, max_size=2)))
            for i in draw(st.lists(ids, max_size=2, unique=True))
        ],
        fees=draw(st.lists(st.builds(ps.Fee, numbers.map(lambda x: ps.Money(x, "IDR"))), max_size=2)),
        targets=[ps.Target("cycle-time", value="14 working_day", share=draw(st.none() | st.floats(0, 1)))],
        standard=ps.ServiceStandard(completion_time="14 working_day", fee=draw(names)),
        procedure=procedure,
    )
    return ps.PublicOrganisation(
        draw(ids),
        name=draw(names),
        calendars=[
            ps.Calendar(
                "c",
                hours={"mon-thu": "08:00-12:00, 13:00-16:00"},
                closures=["2026-01-01..2026-01-03"],
                year=2026,
            )
        ],
        resources=[
            ps.Resource("r", cost="5 IDR/hour"),
            ps.Resource("q", kind="facility", capacity=3),
            ps.Resource("b", kind="budget", amount="9 IDR"),
        ],
        services=[service],
    )


@settings(max_examples=60, deadline=None)
@given(organisations())
def test_what_is_written_is_read_back_equal(model: ps.PublicOrganisation) -> None:
    """
    Writing and reading gives the same model, in both formats.
    """
    assert ps.from_yaml(ps.to_yaml(model)) == model
    assert ps.from_json(ps.to_json(model)) == model


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(max_size=12)).map(
            lambda t: GOOD[: t[0]] + t[2] + GOOD[t[0] + t[1] :]
        ),
    )
)
def test_no_text_raises_anything_else(text: str) -> None:
    """
    Arbitrary and damaged text is read, or refused with the one error for it.
    """
    for read in (ps.from_yaml, ps.from_json):
        try:
            read(text)
        except ps.InvalidFileError as error:
            assert str(error)
    lines(text)
