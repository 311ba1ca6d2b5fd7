"""What the reference says that only the code knows: every field, command and rule, as Markdown made at each build."""

from __future__ import annotations

import inspect
import textwrap
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import attrs
import click

import pubservice as ps
from pubservice.cli import main
from pubservice.io.document import hints, nested
from pubservice.io.schema import schema
from pubservice.messages import translate
from pubservice.model.attribute import Attribute
from pubservice.model.condition import Condition
from pubservice.model.demand import HoursWeight, MonthWeight, WeekdayWeight
from pubservice.model.distribution import KINDS
from pubservice.model.procedure import Check
from pubservice.model.resource import Closure, OpenHours
from pubservice.model.text import Text, check_id, check_ids
from pubservice.units import CostRate, Duration, Money, Rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_TYPES: dict[Any, tuple[str, str]] = {
    str: ("text", "civil registry"),
    int: ("whole number, at least 1", "2"),
    bool: ("true or false", "false"),
    float: ("number from 0 to 1", "1/3"),
    Text: ("text, or a text per language", "{en: City Hall, id: Balai Kota}"),
    Duration: ("duration", "2 hour"),
    Rate: ("rate", "3 case/hour"),
    Money: ("money", "150000 IDR"),
    CostRate: ("money per time", "60000 IDR/hour"),
}
_LISTS: dict[Any, tuple[str, str]] = {
    Text: ("list of texts, each in one language or several", "[{en: City Hall, id: Balai Kota}]"),
    str: ("list of texts", "[UU 25/2009]"),
    OpenHours: ("hours of weekdays", '{mon-fri: "08:00-12:00, 13:00-16:00"}'),
    Closure: ("list of days and spans of days", "[2026-01-01, 2026-03-18..2026-03-24]"),
    WeekdayWeight: ("weight of each weekday", "{mon: 1.5, fri: 0.8}"),
    HoursWeight: ("weight of hours of the day", '{"08:00-10:00": 2}'),
    MonthWeight: ("weight of each month", "{jan: 1.2}"),
    Attribute: (
        "numbers with distributions, and words with shares",
        '{amount: "lognormal(mean=5, sd=2)", kind: {new: 0.7, renewal: 0.3}}',
    ),
    Check: ("list of checks", "[identity, {check: valid, of: id-card}]"),
}
_EXAMPLES = {  # where the type alone would give a strange one
    ("PublicOrganisation", "commitments"): "[a decision within 28 working days]",
    ("PublicOrganisation", "calendar"): "office",
    ("PublicOrganisation", "id"): "city-hall",
    ("PublicService", "id"): "building-permit",
    ("PublicService", "provider"): "public works agency",
    ("PublicService", "audience"): "[home owners, developers]",
    ("PublicService", "calendar"): "office",
    ("PublicService", "time_value"): "20000 IDR/hour",
    ("Calendar", "id"): "office",
    ("Calendar", "time_zone"): "Asia/Jakarta",
    ("Calendar", "holidays"): "ID",
    ("Calendar", "year"): "2026",
    ("Resource", "calendar"): "office",
    ("Resource", "competences"): "[intake]",
    ("Resource", "amount"): "2400000000 IDR",
    ("Evidence", "id"): "id-card",
    ("Evidence", "validity"): "3 year",
    ("Requirement", "id"): "identity-proof",
    ("Requirement", "evidence"): "[id-card, passport]",
    ("Requirement", "business_as_usual"): "0.8",
    ("Output", "id"): "permit",
    ("Channel", "id"): "counter-visit",
    ("Channel", "travel_time"): "90 min",
    ("Fee", "at"): "pay",
    ("Event", "id"): "having-a-child",
    ("Appointments", "slot"): "20 working_min",
    ("Appointments", "cases"): "2",
    ("Appointments", "no_show"): "0.1",
    ("Appointments", "early"): '"uniform(0, 10) min"',
    ("Appointments", "late"): '"exponential(2) min"',
    ("Arrivals", "interval"): '"gamma(mean=20, sd=5) working_min"',
    ("OpenCases", "at"): "assess",
    ("OpenCases", "cases"): "12",
    ("OpenCases", "waited"): "2 working_day",
    ("Metric", "id"): "first-time-right",
    ("Metric", "source"): "our own",
    ("Metric", "formula"): "cases without rework / cases",
    ("Target", "metric"): "cycle-time",
    ("Target", "value"): "14 working_day",
    ("Target", "share"): "0.95",
    ("Suppression", "code"): "RED002",
    ("Suppression", "step"): "archive",
    ("Suppression", "reason"): "Perda 12/2019 art. 7",
    ("ServiceStandard", "completion_time"): "14 working_day",
    ("Procedure", "start"): "intake",
    ("Step", "id"): "intake",
    ("Step", "body"): "health laboratory",
    ("Step", "resource"): "[clerk, camera]",
    ("Step", "channel"): "counter-visit",
    ("Step", "competences"): "[zoning]",
    ("Wait", "id"): "correction",
    ("Wait", "time"): '"lognormal(mean=6 day, sd=4 day)"',
    ("Gateway", "id"): "fork",
    ("End", "id"): "granted",
    ("End", "outcome"): "refused",
    ("Flow", "source"): "intake",
    ("Flow", "target"): "assess",
}
_MADE = {  # defaults that follow from other fields
    ("Resource", "capacity"): "1; none for a budget or a mandate",
    ("PublicService", "arrival_rate"): "what `arrivals` says, else none",
    ("Requirement", "evidence"): "its own id",
    ("End", "outcome"): "its id",
    ("End", "completed"): "false for `withdrawn`, else true",
}


def example(kind: type, field: attrs.Attribute[Any]) -> str:
    """Return what may stand in a field of a file."""
    return _EXAMPLES.get((kind.__name__, field.name)) or _type(kind, field)[1]


def fields_of(kind: type) -> str:
    """Return the table of a class: each key with its meaning, type, default and an example."""
    lines = ["| Key | Meaning | Type | Default | Example |", "|---|---|---|---|---|"]
    properties = _properties(kind)
    for field in attrs.fields(kind):
        cells = (
            f"`{field.name}`",
            properties[field.name].get("description", ""),
            _type(kind, field)[0],
            _default(kind, field),
            _code(example(kind, field)),
        )
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


def _properties(kind: type) -> dict[str, Any]:
    found = schema() if kind is ps.PublicOrganisation else schema()["$defs"][kind.__name__]
    properties: dict[str, Any] = (found["anyOf"][1] if "anyOf" in found else found)["properties"]
    return properties


_NUMBERS = {  # numbers that are no share
    ("Demand", "growth"): ("number above -1", "0.05"),
    ("Metric", "low"): ("number", "-100"),
    ("Metric", "high"): ("number", "100"),
}


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _type(kind: type, field: attrs.Attribute[Any]) -> tuple[str, str]:
    """Return in words what a field holds, and an example of it."""
    part = nested(kind).get(field.name)
    if part is not None:
        name = part.kind.__name__
        link = f"[{name}](#{name.lower()})"
        return (f"list of {link}" if part.many else link), ""
    if (kind.__name__, field.name) in _NUMBERS:
        return _NUMBERS[kind.__name__, field.name]
    if field.validator is check_id:
        return "id", "clerk"
    if field.validator is check_ids:
        return "list of ids", "[case-file]"
    return _of_hint(hints(kind)[field.name])


def _of_hint(hint: Any) -> tuple[str, str]:
    if hint in _TYPES:
        return _TYPES[hint]
    parts = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(f"`{part}`" for part in parts), parts[-1]
    if get_origin(hint) is tuple:
        return _LISTS[parts[0]]
    if set(get_args(Condition)) <= set(parts):
        return "condition on attributes", "\"amount > 5 and kind == 'new'\""
    if set(KINDS.values()) <= set(parts):
        return "duration, fixed or random", '"triangular(30, 50, 90) min"'
    return (
        ("duration, money, rate or number", "")
        if Money in parts and Duration in parts
        else _of_hint(parts[0])
    )


def _default(kind: type, field: attrs.Attribute[Any]) -> str:
    if field.default is attrs.NOTHING:
        return "required"
    if isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]  # a class at run time
        return _MADE[kind.__name__, field.name]
    if isinstance(field.default, str | int | float) and field.default != "":
        return f"`{field.default}`"
    return "none"


def every_field() -> str:
    """Return a section for each class of the file format, each behind the first that holds it."""
    parts = []
    for kind in dict.fromkeys(_inside(ps.PublicOrganisation)):
        about = (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ")
        parts.append(f"### {kind.__name__}\n\n{about}\n\n{fields_of(kind)}")
    return "\n\n".join(parts)


def _inside(kind: type) -> Iterator[type]:
    yield kind
    for part in nested(kind).values():
        yield from _inside(part.kind)


def every_command() -> str:
    """Return a section for each command: what it does, its arguments and its options."""
    context = click.Context(main)
    return "\n\n".join(
        _command(name, main.get_command(context, name)) for name in main.list_commands(context)
    )


def _command(name: str, command: click.Command | None) -> str:
    assert command is not None  # it was listed
    lines = [f"### pubservice {name}", "", inspect.cleandoc(command.help or ""), ""]
    lines += ["| Argument or option | Meaning | Default |", "|---|---|---|"]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            spelled = ", ".join(f"`{spelling}`" for spelling in parameter.opts)
            meaning = parameter.help or ""
        else:
            spelled, meaning = f"`{parameter.human_readable_name}`", _argument(parameter)
        if isinstance(parameter.type, click.Choice):
            meaning += f" One of {', '.join(f'`{choice}`' for choice in parameter.type.choices)}."
        default = "required" if parameter.required else _code(_text(parameter.default))
        lines.append(f"| {spelled} | {meaning} | {default} |")
    if not command.params:
        lines[-2:] = ["It takes no arguments."]
    return "\n".join(lines)


def _argument(parameter: click.Parameter) -> str:
    return "One or more." if parameter.nargs == -1 else ("One." if parameter.required else "One, or none.")


def _text(default: object) -> str:
    return default if isinstance(default, str) else ""


def every_rule() -> str:
    """Return a section for each registered rule: its page, both examples, and its title in Indonesian."""
    return "\n\n".join(_rule(rule) for rule in ps.rules())


def _rule(rule: ps.Rule) -> str:
    parts = [f"## {rule.code} {rule.name}", str(rule.title), f"*{translate(rule.title, 'id')}*"]
    parts += [f"**{section}.** {text}" for section, text in rule.sections]
    for label, text in (("Found in", rule.bad), ("Not found in", rule.good)):
        parts.append(f"**{label}**\n\n```yaml\n{textwrap.dedent(text).strip()}\n```")
    return "\n\n".join(parts)


MADE: dict[str, Callable[[], str]] = {
    "reference/format": every_field,
    "reference/command-line": every_command,
    "reference/rules": every_rule,
}
PLACE = "<!-- made from the code at each build -->"


def fill_in(page: str, text: str) -> str:
    """Return the text of a page with what the code says in its place."""
    return text.replace(PLACE, MADE[page]()) if page in MADE else text


def made_pages() -> Iterable[str]:
    """Return the pages that are read anew at each build, whether their own text has changed or not."""
    return list(MADE)
