"""The JSON Schema: what it accepts, what it refuses, and that the reader agrees."""

from __future__ import annotations

import json
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

import pubservice as ps
from pubservice.io.document import CLASSES, document, nested
from pubservice.io.example import example_text
from pubservice.io.yaml import MAX_BYTES, _parse
from strategies import organisations

SCHEMA = ps.schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def service(**fields: Any) -> dict[str, Any]:
    return {"pubservice": 1, "id": "o", "services": [{"id": "s", **fields}]}


def step(**fields: Any) -> dict[str, Any]:
    return service(procedure={"steps": [{"id": "a", **fields}]})


def test_it_is_a_schema() -> None:
    """
    It is valid in the draft that it names.
    """
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == jsonschema.Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("name", ps.example_names())
def test_examples_are_valid(name: str) -> None:
    """
    Every shipped example is accepted as it is written.
    """
    assert list(VALIDATOR.iter_errors(_parse(example_text(name), MAX_BYTES))) == []


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(organisations())
def test_whatever_is_written_is_valid(model: ps.PublicOrganisation) -> None:
    """
    Every model is accepted in the form in which it is written.
    """
    assert list(VALIDATOR.iter_errors(document(model))) == []


@pytest.mark.parametrize(
    "right",
    [
        service(requirements=["id-card", {"id": "proof", "evidence": "passport"}], outputs=["permit"]),
        service(name="Izin", description={"en": "x", "id": "y"}, arrival_rate="3 cases per hour"),
        service(provider=None, arrival_rate=None, fees=[{"amount": "5000 IDR", "at": None}]),
        service(standard={"completion_time": "14 working days", "fee": {"id": "gratis"}}),
        service(targets=[{"metric": "cycle-time", "value": "2 hours", "share": "9/10"}]),
        service(targets=[{"metric": "satisfaction", "value": -3.5, "share": 1}]),
        service(targets=[{"metric": "coverage", "value": "1/3"}]),
        service(
            demand={"weekdays": {"mon": 2}, "hours": {" 08:00 - 10:00": 1.5}, "months": {}, "growth": -0.1}
        ),
        step(resource="clerk", needs="form", checks="identity", processing_time=" 1.5e1 min "),
        step(checks=["a", {"check": "valid", "of": ["b", "c"]}], processing_time="pert(1, 2, 3) h"),
        step(processing_time="lognormal(mean=2 h, sd=30 min)", batch={"period": "1 week"}, cost="5 IDR"),
        {
            "pubservice": 1,
            "id": "o",
            "calendars": [{"id": "c", "hours": {"mon-fri": "08:00-12:00, 13:00 - 16:00"}}],
        },
    ],
)
def test_every_accepted_form_is_valid(right: dict[str, Any]) -> None:
    """
    The short forms and spellings that the reader takes are in the schema.
    """
    assert list(VALIDATOR.iter_errors(right)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"id": "o"},
        {"pubservice": 2, "id": "o"},
        {"pubservice": 1},
        {"pubservice": 1, "id": "o o"},
        {"pubservice": 1, "id": "o", "nam": "x"},
        {"pubservice": 1, "id": "o", "name": 5},
        {"pubservice": 1, "id": "o", "services": {}},
        {"pubservice": 1, "id": "o", "legal_basis": None},
        {"pubservice": 1, "id": "o", "resources": [{"id": "r", "capacity": 0}]},
        {"pubservice": 1, "id": "o", "resources": [{"id": "r", "kind": "robot"}]},
        {"pubservice": 1, "id": "o", "resources": [{"id": "r", "cost": "60000 IDR"}]},
        {"pubservice": 1, "id": "o", "calendars": [{"id": "c", "hours": {"monday": "08:00-12:00"}}]},
        {"pubservice": 1, "id": "o", "calendars": [{"id": "c", "hours": {"mon": "8-12"}}]},
        {"pubservice": 1, "id": "o", "calendars": [{"id": "c", "hours": {}}]},
        service(arrival_rate="3 per lightyear"),
        service(fees=[{"amount": "-5 IDR"}]),
        service(fees=[{}]),
        service(targets=[{"metric": "cycle-time", "value": "soon"}]),
        service(requirements=[{"id": "a b"}]),
        service(demand={"weekdays": {"monday": 1}}),
        service(demand={"weekdays": [1]}),
        service(demand={"hours": {"8-10": 1}}),
        service(demand={"months": {"jan": -1}}),
        service(demand={"growth": -1}),
        service(open_cases=[{"at": "intake"}]),
        service(open_cases=[{"at": "intake", "cases": 0}]),
        step(processing_time="15 kg"),
        step(processing_time="-15 min"),
        step(processing_time=15),
        step(processing_time="sawtooth(1, 2) min"),
        step(staff=1.5),
        step(actor="nobody"),
        step(needs=["a b"]),
        step(checks=[{"check": "valid"}]),
        step(checks=[{"check": "valid", "of": []}]),
        step(batch=5),
        service(procedure={"flows": [{"source": "a"}]}),
        service(procedure={"flows": [{"source": "a", "target": "b", "probability": 1.5}]}),
        service(procedure={"waits": [{"id": "w", "cause": "applicant"}]}),
    ],
)
def test_what_is_wrong_is_refused_by_both(wrong: Any) -> None:
    """
    The schema refuses what the reader refuses, as far as a schema can tell.
    """
    assert not VALIDATOR.is_valid(wrong)
    with pytest.raises(ps.InvalidFileError):
        ps.from_json(json.dumps(wrong))


def test_every_class_and_field_is_described() -> None:
    """
    An editor can show what each field is for: the words come from the docstrings.
    """
    kinds = {"PublicOrganisation": SCHEMA} | SCHEMA["$defs"]
    steps = SCHEMA["$defs"]["Step"]["properties"]

    assert set(kinds) == {kind.__name__ for kind in CLASSES}
    assert steps["needs"]["description"] == "Data that it reads."
    assert steps["staff"]["default"] == 1
    assert SCHEMA["$defs"]["Flow"]["properties"]["probability"]["description"].startswith(
        "With which a choice"
    )


def test_every_field_is_in_the_schema() -> None:
    """
    Each field of each class is a property, and no other is allowed.
    """
    for kind in CLASSES:
        found = SCHEMA if kind is ps.PublicOrganisation else SCHEMA["$defs"][kind.__name__]
        found = found["anyOf"][1] if "anyOf" in found else found
        assert set(attrs.fields_dict(kind)) == set(found["properties"]) - {"pubservice"}
        assert found["additionalProperties"] is False


def test_nested_parts_are_told_from_the_types() -> None:
    """
    Which fields hold further mappings, and whether lists of them, follows from their annotations.
    """
    assert {name: (part.kind, part.many) for name, part in nested(ps.PublicService).items()} == {
        "requirements": (ps.Requirement, True),
        "outputs": (ps.Output, True),
        "channels": (ps.Channel, True),
        "fees": (ps.Fee, True),
        "life_events": (ps.Event, True),
        "business_events": (ps.Event, True),
        "standard": (ps.ServiceStandard, False),
        "arrivals": (ps.Arrivals, False),
        "demand": (ps.Demand, False),
        "open_cases": (ps.OpenCases, True),
        "targets": (ps.Target, True),
        "procedure": (ps.Procedure, False),
        "ignore": (ps.Suppression, True),
    }
    assert {name: (part.kind, part.many) for name, part in nested(ps.Step).items()} == {
        "batch": (ps.Batch, False)
    }
