"""The JSON Schema of the file format, made from the classes."""

from __future__ import annotations

import inspect
import re
from typing import Any, Literal, get_args, get_origin

import attrs

from pubservice.io.document import BY_ID, CLASSES, VERSION, hints, nested
from pubservice.model.attribute import NAME, Attribute
from pubservice.model.condition import MOST_CHARACTERS, Condition
from pubservice.model.demand import MONTHS, MOST_GROWTH, HoursWeight, MonthWeight, WeekdayWeight
from pubservice.model.distribution import KINDS
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Check
from pubservice.model.resource import WEEKDAYS, Closure, OpenHours
from pubservice.model.service import PublicService
from pubservice.model.text import Text, check_id, check_ids
from pubservice.units import UNIT_WORDS, CostRate, Duration, Money, Rate

_NUMBER = r"\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_UNIT = f"({'|'.join(sorted(UNIT_WORDS, key=len, reverse=True))})"
_CURRENCY = "[A-Z]{3}"
_DAY = f"({'|'.join(WEEKDAYS)})"
_HOURS = "[0-9]{2}:[0-9]{2}"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


def _text(pattern: str, *examples: str) -> dict[str, Any]:
    return {"type": "string", "pattern": rf"^\s*{pattern}\s*$", "examples": list(examples)}


_ID = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"}
_FRACTION = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        _text(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\s*(/\s*[0-9]+)?", "1/3"),
    ],
}
_DISTRIBUTION = _text(
    rf"({_NUMBER}\s*{_UNIT}|({'|'.join(KINDS)})\s*\([^()]*\)\s*{_UNIT}?)",
    *("15 min", "triangular(5, 10, 20) min", "lognormal(mean=2 h, sd=30 min)"),
)
_CHECK = {
    "anyOf": [
        _ID,
        {
            "type": "object",
            "properties": {
                "check": {**_ID, "description": "What is checked."},
                "of": {
                    "anyOf": [_ID, {"type": "array", "items": _ID, "minItems": 1}],
                    "description": "Of which datum, or each of which data.",
                },
            },
            "required": ["check", "of"],
            "additionalProperties": False,
        },
    ],
}
_LEAVES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer", "minimum": 1},
    bool: {"type": "boolean"},
    float: _FRACTION,
    Text: {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]},
    Duration: _text(rf"{_NUMBER}\s*{_UNIT}", "15 min", "14 working_day"),
    Rate: _text(rf"{_NUMBER}\s*(cases?\s*)?(/|per)\s*{_UNIT}", "3 case/hour"),
    Money: _text(rf"{_NUMBER}\s*{_CURRENCY}", "60000 IDR"),
    CostRate: _text(rf"{_NUMBER}\s*{_CURRENCY}\s*(/|per)\s*{_UNIT}", "60000 IDR/hour"),
}


def _weights(part: str, *examples: dict[str, float]) -> dict[str, Any]:
    return {
        "type": "object",
        "propertyNames": {"pattern": rf"^{part}$"},
        "additionalProperties": {"type": "number", "minimum": 0},
        "examples": list(examples),
    }


_NUMBERS: dict[tuple[str, str], dict[str, Any]] = {  # numbers that are no share
    ("Demand", "growth"): {"type": "number", "exclusiveMinimum": -1, "maximum": MOST_GROWTH},
    ("Metric", "low"): {"type": "number"},
    ("Metric", "high"): {"type": "number"},
}
_TUPLES: dict[Any, dict[str, Any]] = {
    Text: {"anyOf": [{"type": "string"}, {"type": "array", "items": _LEAVES[Text]}]},
    OpenHours: {
        "type": "object",
        "propertyNames": {"pattern": f"^{_DAY}(-{_DAY})?$"},
        "additionalProperties": _text(
            rf"{_HOURS}\s*-\s*{_HOURS}(\s*,\s*{_HOURS}\s*-\s*{_HOURS})*", "08:00-12:00, 13:00-16:00"
        ),
        "minProperties": 1,
        "examples": [{"mon-fri": "08:00-12:00, 13:00-16:00"}],
    },
    Closure: {
        "type": "array",
        "items": _text(rf"{_DATE}(\.\.{_DATE})?", "2026-03-20", "2026-03-20..2026-03-27"),
    },
    WeekdayWeight: _weights(_DAY, {"mon": 1.5, "fri": 0.8}),
    HoursWeight: _weights(rf"\s*{_HOURS}\s*-\s*{_HOURS}\s*", {"08:00-10:00": 2}),
    MonthWeight: _weights(f"({'|'.join(MONTHS)})", {"jan": 1.2}),
    Attribute: {
        "type": "object",
        "propertyNames": {"pattern": f"^{NAME}$"},
        "additionalProperties": {
            "anyOf": [
                {"type": "number", "minimum": 0},
                _text(rf"({_NUMBER}|({'|'.join(KINDS)})\s*\([^()]*\))", "lognormal(mean=5, sd=2)"),
                {"type": "object", "additionalProperties": _FRACTION, "minProperties": 1},
            ]
        },
        "examples": [{"kind": {"new": 0.7, "renewal": 0.3}}],
    },
    Check: {"anyOf": [_CHECK, {"type": "array", "items": _CHECK}]},
    str: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}
_IDS = {"anyOf": [_ID, {"type": "array", "items": _ID}]}


def schema() -> dict[str, Any]:
    """
    Return the JSON Schema (draft 2020-12) of an organisation file, for editors that complete and check.

    Example:
        >>> schema()["required"]
        ['pubservice', 'id']
    """
    top = _object(PublicOrganisation)
    version = {"const": VERSION, "description": "The version of the format."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pubservice organisation",
        **top,
        "properties": {"pubservice": version, **top["properties"]},
        "required": ["pubservice", *top["required"]],
        "$defs": {kind.__name__: _definition(kind) for kind in CLASSES if kind is not PublicOrganisation},
    }


def _definition(kind: type) -> dict[str, Any]:
    return {"anyOf": [_ID, _object(kind)]} if kind in BY_ID else _object(kind)


def _object(kind: type) -> dict[str, Any]:
    told = _attributes(kind)
    properties = {}
    for field in attrs.fields(kind):
        part = _field(kind, field)
        properties[field.name] = part | {"description": told[field.name]} if field.name in told else part
    return {
        "type": "object",
        "description": (inspect.getdoc(kind) or "").partition("\n\n")[0],
        "properties": properties,
        "required": [field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING],
        "additionalProperties": False,
    }


def _attributes(kind: type) -> dict[str, str]:
    """Return what the docstring of a class says of each of its attributes."""
    _, _, section = (inspect.getdoc(kind) or "").partition("Attributes:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()).replace("``", "`") for name, text in found}


def _field(kind: type, field: attrs.Attribute[Any]) -> dict[str, Any]:
    found = _of_field(kind, field)
    if field.default is None or (kind, field.name) == (PublicService, "arrival_rate"):
        return {"anyOf": [found, {"type": "null"}]}
    if isinstance(field.default, str | int | float):
        return {**found, "default": field.default}
    return found


def _of_field(kind: type, field: attrs.Attribute[Any]) -> dict[str, Any]:
    part = nested(kind).get(field.name)
    if part is not None:
        reference = {"$ref": f"#/$defs/{part.kind.__name__}"}
        return {"type": "array", "items": reference} if part.many else reference
    if (kind.__name__, field.name) in _NUMBERS:
        return dict(_NUMBERS[kind.__name__, field.name])
    if field.validator is check_id:
        return dict(_ID)
    if field.validator is check_ids:
        return dict(_IDS)
    return _of_type(hints(kind)[field.name])


def _of_type(hint: Any) -> dict[str, Any]:
    """Return the schema of a value by its type, None left out."""
    if hint in _LEAVES:
        return dict(_LEAVES[hint])
    parts = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) is Literal:
        return {"enum": parts}
    if get_origin(hint) is tuple:
        return dict(_TUPLES[parts[0]])
    if parts == [Duration, Money, Rate, float]:  # of a target
        texts = [_LEAVES[Duration], _LEAVES[Money], _LEAVES[Rate], _FRACTION["anyOf"][1]]
        return {"anyOf": [{"type": "number"}, *texts]}
    if set(get_args(Condition)) <= set(parts):
        return {"type": "string", "maxLength": MOST_CHARACTERS, "examples": ["amount > 5"]}
    if set(KINDS.values()) <= set(parts):
        return dict(_DISTRIBUTION)
    return _of_type(parts[0])
