"""The JSON Schema of the file format, made from the classes."""

from __future__ import annotations

import inspect
import re
from typing import Any, Literal, get_args, get_origin, get_type_hints

import attrs

from pubservice.io.document import BY_ID, CLASSES, LISTS, PARTS, VERSION
from pubservice.model.distribution import Distribution
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Check
from pubservice.model.resource import Calendar, Closure, OpenHours
from pubservice.model.text import Text
from pubservice.units import CostRate, Duration, Money, Rate

_ID = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"}
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_TEXT = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
_LEAVES: dict[Any, dict[str, Any]] = {
    Text: _TEXT,
    Duration: {
        "type": "string",
        "pattern": rf"^\s*{_NUMBER}\s*[a-z_]+( [a-z]+)?\s*$",
        "examples": ["15 min", "14 working_day"],
    },
    Rate: {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*(cases?)?\s*(/|per)", "examples": ["3 case/hour"]},
    Money: {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*[A-Z]{{3}}\s*$", "examples": ["60000 IDR"]},
    CostRate: {
        "type": "string",
        "pattern": rf"^\s*{_NUMBER}\s*[A-Z]{{3}}\s*(/|per)",
        "examples": ["60000 IDR/hour"],
    },
    str: {"type": "string"},
    int: {"type": "integer", "minimum": 1},
    bool: {"type": "boolean"},
    float: {
        "anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*(/\s*[0-9]+)?\s*$"},
        ],
    },
}
_DISTRIBUTION = {
    "type": "string",
    "examples": ["15 min", "triangular(5, 10, 20) min", "lognormal(mean=2 h, sd=30 min)"],
}
_CHECK = {
    "anyOf": [
        _ID,
        {
            "type": "object",
            "properties": {"check": _ID, "of": {"anyOf": [_ID, {"type": "array", "items": _ID}]}},
            "required": ["check", "of"],
            "additionalProperties": False,
        },
    ],
}
_HOURS = {
    "type": "object",
    "propertyNames": {"pattern": "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$"},
    "additionalProperties": {"type": "string"},
    "examples": [{"mon-fri": "08:00-12:00, 13:00-16:00"}],
}


def schema() -> dict[str, Any]:
    """
    Return the JSON Schema (draft 2020-12) of an organisation file, for editors that complete and check.

    Example:
        >>> schema()["required"]
        ['pubservice', 'id']
    """
    top = _object(PublicOrganisation)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pubservice organisation",
        **top,
        "properties": {
            "pubservice": {"const": VERSION, "description": "The version of the format."},
            **top["properties"],
        },
        "required": ["pubservice", *top["required"]],
        "$defs": {kind.__name__: _definition(kind) for kind in CLASSES if kind is not PublicOrganisation},
    }


def _definition(kind: type) -> dict[str, Any]:
    return {"anyOf": [_ID, _object(kind)]} if kind in BY_ID else _object(kind)


def _object(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    told = _attributes(kind)
    properties = {}
    for field in attrs.fields(kind):
        part = _field(kind, field, hints[field.name])
        properties[field.name] = part | {"description": told[field.name]} if field.name in told else part
    return {
        "type": "object",
        "description": (inspect.getdoc(kind) or "").partition("\n")[0],
        "properties": properties,
        "required": [field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING],
        "additionalProperties": False,
    }


def _attributes(kind: type) -> dict[str, str]:
    """Return what the docstring of a class says of each of its attributes."""
    _, _, section = (inspect.getdoc(kind) or "").partition("Attributes:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def _field(kind: type, field: attrs.Attribute[Any], hint: Any) -> dict[str, Any]:
    if item := LISTS.get(kind, {}).get(field.name):
        return {"type": "array", "items": {"$ref": f"#/$defs/{item.__name__}"}}
    if item := PARTS.get(kind, {}).get(field.name):
        return {"$ref": f"#/$defs/{item.__name__}"}
    if field.name == "id":
        return dict(_ID)
    if kind is Calendar and field.name == "year":
        return {"type": "integer", "minimum": 1}
    if field.name == "value" and get_origin(hint) is not Literal and Money in get_args(hint):
        return {"anyOf": [{"type": "number"}, {"type": "string"}]}
    return _value(hint)


def _value(hint: Any) -> dict[str, Any]:
    """Return the schema of a value by its type; None is written by leaving the field out."""
    if hint in _LEAVES:
        return dict(_LEAVES[hint])
    parts = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if hint == Distribution or set(get_args(Distribution)) <= set(parts):
        return dict(_DISTRIBUTION)
    if get_origin(hint) is tuple:
        return _tuple(parts[0])
    return _value(parts[0])  # a type or None


def _tuple(item: Any) -> dict[str, Any]:
    if item is OpenHours:
        return dict(_HOURS)
    if item is Check:
        return {"anyOf": [_CHECK, {"type": "array", "items": _CHECK}]}
    if item is Closure:
        return {
            "type": "array",
            "items": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?$"},
        }
    return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
