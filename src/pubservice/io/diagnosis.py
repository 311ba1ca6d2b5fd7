"""
Every fault of a document, each once.

The slow walk behind a failed reading. A part with faults is stood in for by an object that keeps what is right in it, so
that the checks between parts still run; what they say is dropped where it only follows from a fault inside a part.
"""

from __future__ import annotations

import math
from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from pubservice.errors import InvalidModelError, Problem, PubserviceError
from pubservice.io.document import BY_ID, nested
from pubservice.io.place import locate, path_text, place_of, shown
from pubservice.messages import Message, did_you_mean
from pubservice.model.arrivals import Appointments, Arrivals, arrivals_problems
from pubservice.model.condition import And
from pubservice.model.demand import Demand, demand_problems
from pubservice.model.metric import Metric, Target, metric_problems
from pubservice.model.organisation import PublicOrganisation, organisation_problems
from pubservice.model.procedure import (
    Batch,
    Flow,
    Gateway,
    Procedure,
    Step,
    Wait,
    batch_problems,
    procedure_problems,
    step_problems,
    wait_problems,
)
from pubservice.model.resource import Calendar, Resource, calendar_problems, closures, resource_problems
from pubservice.model.service import PublicService, service_problems
from pubservice.model.text import MOST_PROBLEMS, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pubservice.io.place import Mark, Place

_BETWEEN: dict[type, Callable[[Any], Iterable[Problem]]] = {
    Batch: batch_problems,
    Step: step_problems,
    Wait: wait_problems,
    Calendar: calendar_problems,
    Resource: resource_problems,
    Arrivals: arrivals_problems,
    Demand: demand_problems,
    Metric: metric_problems,
    Procedure: procedure_problems,
    PublicService: service_problems,
    PublicOrganisation: organisation_problems,
}
_DECISIVE: dict[type, tuple[str, ...]] = {  # without these, nothing can be said of the others
    Batch: ("size", "period"),
    Arrivals: ("interval", "appointments"),
    Step: ("actor",),
    Wait: ("clock",),
    Resource: ("kind",),
    Metric: ("unit",),
}
_TELLING: dict[type, tuple[str, ...]] = {Metric: ("id", "unit")}  # what others rely on, else the id
_NAMING = ("id", "source", "target", "start", "at", "channel", "calendar", "metric")
_LENIENT: dict[tuple[type, str], Any] = {  # what gives no reason for a further fault
    (Gateway, "kind"): "inclusive",
    (Flow, "condition"): And(()),
    (Resource, "capacity"): math.inf,
    (PublicService, "arrival_rate"): None,
    (Appointments, "slot"): None,
    (Appointments, "no_show"): 0.0,
    (Target, "value"): math.nan,
}
_NODES = ("steps", "waits", "gateways", "ends")
_NAMED_BY: dict[str, tuple[str, ...]] = {  # where what a field names may stand
    "source": _NODES,
    "target": _NODES,
    "at": _NODES,
    "start": (*_NODES, "flows"),
    "channel": ("channels",),
    "calendar": ("calendars",),
    "resource": ("resources",),
    "condition": ("attributes",),
    "metric": ("metrics",),
    "value": ("metrics",),
}


class _Fault(NamedTuple):
    path: Place
    message: Message
    at: Place  # whose line is told


class _EnoughError(Exception):
    pass


@attrs.define
class _Faults:
    found: list[_Fault] = attrs.Factory(list)
    places: set[Place] = attrs.Factory(set)
    lost: set[Place] = attrs.Factory(set)  # collections of which a part cannot be told by what names it
    misspelt: dict[Place, str] = attrs.Factory(
        dict
    )  # fields under the name that was meant: the name as written

    def add(self, path: Place, message: Message, at: Place | None = None) -> None:
        if len(self.found) == MOST_PROBLEMS:
            raise _EnoughError
        at = path if at is None else at
        shortened: Message = shown(message)
        self.found.append(_Fault(path, shortened, at))
        self.places.add(at)

    def inside(self, place: Place) -> bool:
        """Return whether a place is one of a fault, or inside one."""
        return any(place[:length] in self.places for length in range(1, len(place) + 1))

    def written(self, place: Place) -> Place:
        """Return a place as the text has it."""
        return tuple(self.misspelt.get(place[: i + 1], part) for i, part in enumerate(place))

    def moot(self, owner: Place, field: object) -> bool:
        """Return whether what a field names may be there after all, among what cannot be read."""
        within = _NAMED_BY.get(str(field), ())
        return any(lost[: len(owner)] == owner and lost[-1] in within for lost in self.lost if lost)


def diagnose(content: dict[str, Any], marks: Callable[[], Iterable[Mark]]) -> list[Problem]:
    """
    Return every fault in what describes an organisation, in document order.

    Args:
        content: Plain data.
        marks: Yields where the parts of the text stand.
    """
    faults = _Faults()
    enough = False
    try:
        _part(PublicOrganisation, content, (), faults)
    except _EnoughError:
        enough = True
    places = [faults.written(fault.at) for fault in faults.found]
    found = locate(marks(), places)
    in_order = sorted(zip(faults.found, places, strict=True), key=lambda pair: found[pair[1]])
    problems = [Problem(path_text(fault.path), fault.message, found[place][0]) for fault, place in in_order]
    if enough:
        problems.append(
            Problem("", Message("only the first {bound:,} faults are shown", bound=MOST_PROBLEMS))
        )
    return problems


def _part(kind: type, data: Any, path: Place, faults: _Faults) -> Any:
    """Return a stand-in for a part of a document; its faults are added."""
    if isinstance(data, str) and kind in BY_ID:
        data = {"id": data}
    fields = attrs.fields_dict(kind)
    if not isinstance(data, dict):
        message = Message("expected the fields of a {kind}, got {value!r}", kind=kind.__name__, value=data)
        faults.add(path, message)
        faults.lost.update((*path, name) for name, part in nested(kind).items() if part.many)
        faults.lost.add(path[:-1])
        return _stand_in(kind, {}, path)
    values = {key: value for key, value in data.items() if key in fields}
    for key in (key for key in data if key not in fields):
        hint = did_you_mean(key, fields)
        faults.add(path, Message("unknown field {key!r}{hint}", key=key, hint=hint), at=(*path, key))
        meant = hint.values.get("near")
        if meant is None:  # it may be any of those that are not there
            faults.lost.update((*path, n) for n, part in nested(kind).items() if part.many and n not in data)
        elif meant not in values:
            values[meant] = data[key]
            faults.misspelt[*path, meant] = key
    known = {}
    for name, field in fields.items():
        if name in values:
            known[name] = _field(kind, field, values[name], (*path, name), faults)
        elif field.default is attrs.NOTHING:
            faults.add(path, Message("missing field {name!r}", name=name), at=(*path, name))
            known[name] = _lenient(kind, field, None, (*path, name))
    if any((*path, name) in faults.places for name in _TELLING.get(kind, ("id",))):
        faults.lost.add(path[:-1])
    stand_in = _stand_in(kind, known, path)
    if kind in _BETWEEN and not any((*path, name) in faults.places for name in _DECISIVE.get(kind, ())):
        for problem in islice(_BETWEEN[kind](stand_in), MOST_PROBLEMS + 1):
            place = (*path, *place_of(problem.path))
            if not faults.inside(place) and not faults.moot(path, place[-1] if place else ""):
                faults.add(place, problem.message)
    return stand_in


def _field(kind: type, field: attrs.Attribute[Any], value: Any, path: Place, faults: _Faults) -> Any:
    """Return the value of a field, or what harms nothing in its place."""
    part = nested(kind).get(field.name)
    if part is not None and part.many:
        if not isinstance(value, list):
            faults.add(path, Message("expected a list, got {value!r}", value=value))
            faults.lost.add(path)
            return ()
        return tuple(_part(part.kind, item, (*path, i), faults) for i, item in enumerate(value))
    if part is not None:
        if value is None and field.default is None:
            return None
        return _part(part.kind, value, path, faults)
    try:
        return _converted(field, value)
    except PubserviceError as error:
        for place, message in _messages(field, value, error):
            faults.add((*path, *place), message)
    faults.lost.add(path)
    return _lenient(kind, field, value, path)


def _converted(field: attrs.Attribute[Any], value: Any) -> Any:
    if field.converter is not None:
        value = field.converter(value)  # type: ignore[operator]  # a function
    if field.validator is not None:
        field.validator(None, field, value)
    return value


def _messages(field: attrs.Attribute[Any], value: Any, error: PubserviceError) -> list[tuple[Place, Message]]:
    """Return what is wrong with a field, and where in it: item by item where it is a list of texts."""
    found: list[tuple[Place, Message]] = []
    by_item: tuple[Any, ...] = (names, closures)
    if isinstance(value, list) and field.converter in by_item:
        for i, item in enumerate(value):
            try:
                _converted(field, [item])
            except PubserviceError as fault:
                found += [((i,), message) for _, message in _said(field, fault)]
    return found or _said(field, error)


def _said(field: attrs.Attribute[Any], error: PubserviceError) -> list[tuple[Place, Message]]:
    """Return what an error says, and of which part of the field."""
    if not isinstance(error, InvalidModelError):
        return [((), error.args[0])]
    places = [(place_of(problem.path), problem.message) for problem in error.problems]
    return [(place[1:] if place[:1] == (field.name,) else (), message) for place, message in places]


_UNREADABLE = "\0"  # begins no id


def _lenient(kind: type, field: attrs.Attribute[Any], value: Any, path: Place) -> Any:
    """Return a value in place of a wrong one that gives no reason for a further fault."""
    if field.name in _NAMING:
        return value if isinstance(value, str) else f"{_UNREADABLE}{path_text(path)}"
    if field.name == "probability":
        return math.nan  # no sum with it is compared
    if (kind, field.name) in _LENIENT:
        return _LENIENT[kind, field.name]
    default = field.default
    return default if default is None or isinstance(default, str | int | tuple) else ()


def _stand_in(kind: type, known: dict[str, Any], path: Place) -> Any:
    """Return an object with the fields of a class, none of which has been checked."""
    stand_in = SimpleNamespace(**known)
    for field in attrs.fields(kind):
        if field.name not in known:
            default = field.default
            if default is attrs.NOTHING:
                default = _lenient(kind, field, None, (*path, field.name))
            elif isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # attrs types it as a function
                default = default.factory(stand_in)
            setattr(stand_in, field.name, default)
    if kind is Procedure:
        stand_in.nodes = tuple(node for name in _NODES for node in getattr(stand_in, name))
    return stand_in
