"""
Plain data to models and back: what all text formats share.

The fast way structures the whole document and stops at the first fault. Only then a slow walk collects every fault with
its path; the reader of the format adds the lines.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidModelError, Problem, PubserviceError
from pubservice.messages import Message, did_you_mean
from pubservice.model.distribution import KINDS
from pubservice.model.metric import Metric, Target
from pubservice.model.organisation import PublicOrganisation, organisation_problems
from pubservice.model.procedure import (
    Batch,
    Check,
    End,
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
from pubservice.model.resource import (
    WEEKDAYS,
    Calendar,
    Closure,
    OpenHours,
    Resource,
    calendar_problems,
    resource_problems,
)
from pubservice.model.service import (
    Channel,
    Event,
    Evidence,
    Fee,
    Output,
    PublicService,
    Requirement,
    ServiceStandard,
    service_problems,
)
from pubservice.model.text import Text
from pubservice.units import CostRate, Duration, Money, Rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import cattrs

VERSION = 1

LISTS: dict[type, dict[str, type]] = {
    PublicOrganisation: {
        "calendars": Calendar,
        "resources": Resource,
        "evidence": Evidence,
        "metrics": Metric,
        "services": PublicService,
    },
    PublicService: {
        "requirements": Requirement,
        "outputs": Output,
        "channels": Channel,
        "fees": Fee,
        "life_events": Event,
        "business_events": Event,
        "targets": Target,
    },
    Procedure: {"steps": Step, "waits": Wait, "gateways": Gateway, "ends": End, "flows": Flow},
}
PARTS: dict[type, dict[str, type]] = {
    PublicService: {"standard": ServiceStandard, "procedure": Procedure},
    Step: {"batch": Batch},
}
BY_ID = (Requirement, Output, Event)  # a bare id stands for one
CLASSES = (
    *(
        Calendar,
        Resource,
        Evidence,
        Metric,
        Requirement,
        Output,
        Channel,
        Fee,
        Event,
        Target,
        Batch,
        Step,
        Wait,
    ),
    *(Gateway, End, Flow, Procedure, ServiceStandard, PublicService, PublicOrganisation),
)
_CROSS: dict[type, Callable[[Any], Iterable[Problem]]] = {
    Batch: batch_problems,
    Step: step_problems,
    Wait: wait_problems,
    Procedure: procedure_problems,
    Calendar: calendar_problems,
    Resource: resource_problems,
    PublicService: service_problems,
    PublicOrganisation: organisation_problems,
}


def structure(data: object) -> PublicOrganisation:
    """
    Return the organisation that a document describes.

    Raises:
        InvalidModelError: With every fault and its path.
    """
    problems = list(_version_problems(data))
    if problems:
        raise InvalidModelError(problems)
    assert isinstance(data, dict)  # its version was read
    content = {key: value for key, value in data.items() if key != "pubservice"}
    try:
        return _converter().structure(content, PublicOrganisation)
    except Exception as error:
        _, problems = _diagnose(PublicOrganisation, content, "")
        if not problems:
            raise  # a fault of ours
        raise InvalidModelError(problems) from error


def _version_problems(data: object) -> Iterable[Problem]:
    if not isinstance(data, dict):
        yield Problem(
            "", Message("expected a description of an organisation, got {value!r}", value=_short(data))
        )
    elif "pubservice" not in data:
        yield Problem("", Message("expected 'pubservice: 1' at the top: the version of the format"))
    elif data["pubservice"] != VERSION or isinstance(data["pubservice"], bool):
        yield Problem(
            "pubservice",
            Message(
                "this file is version {found}; this pubservice reads version {known}",
                found=_short(data["pubservice"]),
                known=VERSION,
            ),
        )


def unstructure(organisation: PublicOrganisation) -> dict[str, Any]:
    """Return the document that describes an organisation; what has its default is left out."""
    return {"pubservice": VERSION, **_converter().unstructure(organisation)}


@cache
def _converter() -> cattrs.Converter:
    import cattrs
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

    converter = cattrs.Converter(prefer_attrib_converters=True, detailed_validation=False)

    for leaf in (Duration, Rate, CostRate, OpenHours, Closure, *KINDS.values()):
        converter.register_unstructure_hook(leaf, str)
    converter.register_unstructure_hook(Money, lambda value: value.plain)
    converter.register_unstructure_hook(Text, _text)
    converter.register_unstructure_hook(
        Check, lambda c: c.of if c.check == c.of else {"check": c.check, "of": c.of}
    )

    def many(kind: type) -> Callable[[Any, Any], Any]:
        def hook(value: Any, _: Any) -> Any:
            each = hooks[kind]
            return [each(item, kind) for item in value] if isinstance(value, list) else value

        return hook

    def one(kind: type) -> Callable[[Any, Any], Any]:
        return lambda value, _: hooks[kind](value, kind) if value is not None else None

    hooks: dict[type, Callable[[Any, Any], Any]] = {}
    for kind in CLASSES:
        nested: Any = {name: override(struct_hook=many(item)) for name, item in LISTS.get(kind, {}).items()}
        nested |= {name: override(struct_hook=one(item)) for name, item in PARTS.get(kind, {}).items()}
        plain: Any = {
            field.name: override(struct_hook=lambda value, _: value)
            for field in attrs.fields(kind)
            if field.name not in nested and field.converter is None
        }
        made = make_dict_structure_fn(
            kind,
            converter,
            _cattrs_forbid_extra_keys=True,
            _cattrs_detailed_validation=False,
            **nested,
            **plain,
        )
        hooks[kind] = _by_id(kind, made) if kind in BY_ID else made
        converter.register_structure_hook(kind, hooks[kind])
        out = make_dict_unstructure_fn(kind, converter, _cattrs_omit_if_default=True)
        converter.register_unstructure_hook(kind, _bare(out) if kind in BY_ID else out)
    _register_special(converter)
    return converter


def _by_id(kind: type, made: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, type_: kind(value) if isinstance(value, str) else made(value, type_)


def _bare(out: Callable[[Any], dict[str, Any]]) -> Callable[[Any], Any]:
    def hook(value: Any) -> Any:
        data = out(value)
        return data["id"] if set(data) == {"id"} else data

    return hook


def _text(value: Text) -> str | dict[str, str]:
    found = dict(value.translations)
    return found[""] if set(found) == {""} else found


def _register_special(converter: cattrs.Converter) -> None:
    """Write each tuple as a list, opening hours by day, and a number of a target as a number."""
    calendar, target = (converter.get_unstructure_hook(kind) for kind in (Calendar, Target))

    def write_calendar(value: Calendar) -> dict[str, Any]:
        data: dict[str, Any] = calendar(value)
        days = {day: ", ".join(str(h) for h in value.hours if h.day == day) for day in WEEKDAYS}
        return data | {"hours": {day: times for day, times in days.items() if times}}

    def write_target(value: Target) -> dict[str, Any]:
        data: dict[str, Any] = target(value)
        stated = value.value
        return data | {
            "value": stated.plain
            if isinstance(stated, Money)
            else stated
            if isinstance(stated, float)
            else str(stated)
        }

    converter.register_unstructure_hook(Calendar, write_calendar)
    converter.register_unstructure_hook(Target, write_target)
    for kind, lists in LISTS.items():
        _rewrite(converter, kind, tuple(lists))
    _rewrite(converter, Step, ("checks",))


def _rewrite(converter: cattrs.Converter, kind: type, names: tuple[str, ...]) -> None:
    """Write the named collections item by item, with the hooks that are registered by now."""
    out = converter.get_unstructure_hook(kind)

    def hook(value: Any) -> dict[str, Any]:
        data: dict[str, Any] = out(value)
        for name in names:
            if name in data:
                data[name] = [converter.unstructure(item) for item in getattr(value, name)]
        for name, item in data.items():
            if isinstance(item, tuple):
                data[name] = item[0] if name == "resource" and len(item) == 1 else list(item)
        return data

    converter.register_unstructure_hook(kind, hook)


# Faults


def _diagnose(kind: type, data: object, path: str) -> tuple[Any, list[Problem]]:
    """Return a stand-in with whatever is right, and every fault with its path."""
    if isinstance(data, str) and kind in BY_ID:
        data = {"id": data}
    if not isinstance(data, dict):
        message = Message(
            "expected the fields of a {kind}, got {value!r}", kind=kind.__name__, value=_short(data)
        )
        return _stand_in(kind, {}), [Problem(path, message)]
    fields = {field.name: field for field in attrs.fields(kind)}
    problems = [
        Problem(
            _join(path, key),
            Message("unknown field {key!r}{hint}", key=_short(key), hint=did_you_mean(key, fields)),
        )
        for key in data
        if key not in fields
    ]
    known: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in data:
            if field.default is attrs.NOTHING:
                problems.append(Problem(path, Message("missing field {name!r}", name=name)))
            continue
        value, found = _diagnose_field(kind, field, data[name], _join(path, name))
        problems += found
        if not found or value is not None:
            known[name] = value
    stand_in = _stand_in(kind, known)
    if kind in _CROSS:
        faulty = {problem.path for problem in problems}
        problems += [
            shortened
            for problem in _CROSS[kind](stand_in)
            if not _follows((shortened := _shortened(path, problem)).path, faulty)
        ]
    return stand_in, problems


def _diagnose_field(
    kind: type, field: attrs.Attribute[Any], value: Any, path: str
) -> tuple[Any, list[Problem]]:
    """Return the value of a field, None where it is wrong, and its faults."""
    if item := LISTS.get(kind, {}).get(field.name):
        if not isinstance(value, list):
            return (), [Problem(path, Message("expected a list, got {value!r}", value=_short(value)))]
        pairs = [_diagnose(item, part, f"{path}[{i}]") for i, part in enumerate(value)]
        return tuple(part for part, _ in pairs), [problem for _, found in pairs for problem in found]
    if item := PARTS.get(kind, {}).get(field.name):
        return _diagnose(item, value, path) if value is not None or field.default is not None else (None, [])
    try:
        converted = value if field.converter is None else field.converter(value)  # type: ignore[operator]  # a plain one
        if field.validator is not None:
            field.validator(None, field, converted)
    except InvalidModelError as error:
        # A validator names its field, which the path ends in already.
        return None, [_shortened(path, problem._replace(path="")) for problem in error.problems]
    except PubserviceError as error:
        return None, [_shortened(path, Problem("", error.args[0]))]
    except (TypeError, ValueError):
        return None, [Problem(path, Message("expected something else, got {value!r}", value=_short(value)))]
    return converted, []


def _stand_in(kind: type, known: dict[str, Any]) -> Any:
    stand_in = SimpleNamespace(**known)
    for field in attrs.fields(kind):
        if field.name not in known:
            default = field.default
            if default is attrs.NOTHING:
                default = "?" if field.name in ("id", "source", "target", "metric") else None
            elif isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # attrs types it as a function
                default = default.factory(stand_in)
            setattr(stand_in, field.name, default)
    if kind is Procedure:
        stand_in.nodes = (*stand_in.steps, *stand_in.waits, *stand_in.gateways, *stand_in.ends)
    return stand_in


def _follows(path: str, faulty: set[str]) -> bool:
    """Return whether a fault between parts only follows from a fault inside one."""
    if any(path == fault or path.startswith((f"{fault}.", f"{fault}[")) for fault in faulty if fault):
        return True
    field = path.rpartition(".")[2]
    wrong = {fault.rpartition(".")[2] for fault in faulty}
    related = {
        "probability": {"probability", "kind", "source"},
        "source": {"id"},
        "target": {"id"},
        "start": {"id", "source", "target"},
        "resource": {"id", "kind"},
        "staff": {"capacity"},
    }
    return bool(related.get(field, set()) & wrong)


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _shortened(path: str, problem: Problem) -> Problem:
    """Return a fault under a path, with what was found cut to a length that can be read."""
    message = problem.message
    values = {key: _short(value) for key, value in message.values.items()}
    return Problem(_join(path, problem.path) if problem.path else path, Message(message.template, **values))


def _short(value: object, longest: int = 80) -> object:
    """Return a value as it is, or the beginning of its text where that is long."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18:
        return value
    if isinstance(value, Message):
        return value
    if isinstance(value, str):
        return value if len(value) <= longest else value[:longest] + "…"
    text = repr(value)
    return value if len(text) <= longest else text[:longest] + "…"
