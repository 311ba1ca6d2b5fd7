"""Plain data to models and back: what the text formats share."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_origin, get_type_hints

import attrs

from pubservice.errors import InvalidFileError, Problem
from pubservice.io.file import NotADocumentError
from pubservice.io.place import locate, path_text, shown
from pubservice.messages import Message
from pubservice.model.arrivals import Appointments, Arrivals
from pubservice.model.attribute import Attribute
from pubservice.model.demand import Demand, HoursWeight, MonthWeight, WeekdayWeight
from pubservice.model.metric import Metric, Target
from pubservice.model.open_cases import OpenCases
from pubservice.model.organisation import PublicOrganisation
from pubservice.model.procedure import Batch, Check, End, Flow, Gateway, Procedure, Step, Wait
from pubservice.model.resource import WEEKDAYS, Calendar, OpenHours, Resource
from pubservice.model.service import (
    Channel,
    Event,
    Evidence,
    Fee,
    Output,
    PublicService,
    Requirement,
    ServiceStandard,
    Suppression,
)
from pubservice.model.text import Text
from pubservice.units import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import cattrs

    from pubservice.io.place import Mark

VERSION = 1
MAX_DEPTH = 64

BY_ID: tuple[type, ...] = (Requirement, Output, Event)  # a bare id stands for one
CLASSES: tuple[type, ...] = (
    *(
        Metric,
        Target,
        Calendar,
        Resource,
        Evidence,
        Requirement,
        Output,
        Channel,
        Fee,
        Event,
        Appointments,
        Arrivals,
        Demand,
        OpenCases,
        ServiceStandard,
        Suppression,
    ),
    *(Batch, Step, Wait, Gateway, End, Flow, Procedure, PublicService, PublicOrganisation),
)  # what is written as a mapping, parts before what holds them


class Nested(NamedTuple):
    """
    What a field holds that is a mapping itself.

    Attributes:
        kind: The class of the mapping.
        many: Whether the field holds a list of them.
    """

    kind: type
    many: bool


@cache
def hints(kind: type) -> dict[str, Any]:
    """Return the type of each field of a class."""
    return get_type_hints(kind)


@cache
def nested(kind: type) -> dict[str, Nested]:
    """Return the fields of a class that hold further mappings."""
    found = {}
    for name, hint in hints(kind).items():
        many = get_origin(hint) is tuple
        item = next((part for part in (hint, *get_args(hint)) if part in CLASSES), None)
        if item is not None:
            found[name] = Nested(item, many)
    return found


def read_document(
    text: str,
    name: str,
    parse: Callable[[str], Any],
    marks: Callable[[str], Iterable[Mark]],
) -> PublicOrganisation:
    """
    Return the organisation that a text describes.

    The fast way stops at the first fault; only then the text is gone through again, for all faults and their lines.

    Args:
        text: What the file says.
        name: Of the file, for errors.
        parse: Turns a text into plain data, or raises `NotADocumentError`.
        marks: Yields where the parts of a text stand.

    Raises:
        InvalidFileError: With every fault, in document order.
    """
    try:
        content = _content(parse(text))
        try:
            made = _hook(PublicOrganisation)(content, PublicOrganisation)
        except Exception:
            from pubservice.io.diagnosis import diagnose

            problems = diagnose(content, lambda: marks(text))
            if not problems:
                raise  # a fault of ours, not of the file
            raise InvalidFileError(name, problems) from None
    except NotADocumentError as error:
        line = locate(marks(text), [error.place])[error.place][0] if error.place else error.line
        raise InvalidFileError(name, [Problem(path_text(error.place), error.message, line)]) from None
    assert isinstance(made, PublicOrganisation)
    return made


def _content(data: Any) -> dict[str, Any]:
    """Return what stands beside the version."""
    if data is None:
        raise NotADocumentError(Message("expected a description of an organisation, got nothing"))
    if not isinstance(data, dict):
        message = Message("expected a description of an organisation, got {value!r}", value=shown(data))
        raise NotADocumentError(message, 1)
    if "pubservice" not in data:
        raise NotADocumentError(Message("expected 'pubservice: 1' at the top: the version of the format"))
    version = data["pubservice"]
    if isinstance(version, bool) or not isinstance(version, int):
        message = Message(
            "expected the version of the format, such as 1, got {value!r}", value=shown(version)
        )
        raise NotADocumentError(message, place=("pubservice",))
    if version != VERSION:
        message = Message(
            "this file is version {found}; this pubservice reads version {known}",
            found=shown(version),
            known=VERSION,
        )
        raise NotADocumentError(message, place=("pubservice",))
    return {key: value for key, value in data.items() if key != "pubservice"}


@cache
def _converter() -> cattrs.Converter:
    import cattrs

    return cattrs.Converter(prefer_attrib_converters=True, detailed_validation=False)


@cache
def _hook(kind: type) -> Callable[[Any, Any], Any]:
    """Return the function that makes an object of a class from a mapping, the fast way."""
    from cattrs.gen import make_dict_structure_fn, override

    overrides: dict[str, Any] = {}
    for field in attrs.fields(kind):
        part = nested(kind).get(field.name)
        if part is not None:
            overrides[field.name] = override(struct_hook=(_many if part.many else _one)(part.kind))
        elif field.converter is None:
            overrides[field.name] = override(struct_hook=_as_it_is)  # validators judge it
    made: Callable[[Any, Any], Any] = make_dict_structure_fn(
        kind,
        _converter(),
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=False,
        **overrides,
    )
    if kind in BY_ID:
        return lambda value, type_: kind(value) if isinstance(value, str) else made(value, type_)
    return made


def _as_it_is(value: Any, _: Any) -> Any:
    return value


def _many(kind: type) -> Callable[[Any, Any], Any]:
    each = _hook(kind)
    return lambda value, _: [each(item, kind) for item in value] if isinstance(value, list) else value


def _one(kind: type) -> Callable[[Any, Any], Any]:
    make = _hook(kind)
    return lambda value, _: make(value, kind) if value is not None else None


def document(organisation: PublicOrganisation) -> dict[str, Any]:
    """
    Return an organisation as plain data; what has its default is left out.

    Example:
        >>> document(PublicOrganisation("city-hall", legal_basis=["UU 25/2009"]))
        {'pubservice': 1, 'id': 'city-hall', 'legal_basis': ['UU 25/2009']}
    """
    return {"pubservice": VERSION, **_fields(organisation)}


def _fields(item: Any) -> dict[str, Any]:
    found = {}
    for field in attrs.fields(type(item)):
        value = getattr(item, field.name)
        default = field.default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # attrs types it as a function
            default = default.factory(item)
        if value != default:
            plain = _plain(value)
            found[field.name] = plain[0] if field.name == "resource" and len(plain) == 1 else plain
    return found


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        if value and isinstance(value[0], OpenHours):
            return _hours(value)
        if value and isinstance(value[0], WeekdayWeight | HoursWeight | MonthWeight):
            return {weight.part: weight.weight for weight in value}
        if value and isinstance(value[0], Attribute):
            return {attribute.id: attribute.plain for attribute in value}
        return [_plain(item) for item in value]
    if isinstance(value, Money):
        return value.plain
    if isinstance(value, Text):
        match value.translations:
            case (("", alone),) if alone:
                return alone
        return dict(value.translations)
    if isinstance(value, Check):
        return value.of if value.check == value.of else {"check": value.check, "of": value.of}
    if type(value) in CLASSES:
        fields = _fields(value)
        return value.id if type(value) in BY_ID and len(fields) == 1 else fields
    return str(value)


def _hours(hours: tuple[OpenHours, ...]) -> dict[str, str]:
    """Return opening hours with days in a row that are alike under one name, such as ``mon-thu``."""
    times = [", ".join(str(h) for h in hours if h.day == day) for day in WEEKDAYS]
    found = {}
    for alike, days in groupby(range(len(WEEKDAYS)), key=times.__getitem__):
        if alike:
            first, *_, last = [WEEKDAYS[day] for day in days] * 2
            found[first if first == last else f"{first}-{last}"] = alike
    return found
