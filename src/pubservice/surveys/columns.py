"""Which column answers what: by its name in either language, by its code, or as the caller says."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import attrs

from pubservice.errors import Problem
from pubservice.messages import Message, did_you_mean
from pubservice.surveys.instrument import SKM, SKM_2004, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.surveys.instrument import Instrument, Item

ABOUT = ("respondent", "service", "period")
_USUAL = {
    "respondent": (
        *("respondent", "responden", "respondent id", "id responden", "no responden", "nomor responden"),
        *("id", "nik"),
    ),
    "service": ("service", "layanan", "pelayanan", "jenis layanan", "jenis pelayanan"),
    "period": ("period", "periode", "semester", "triwulan"),
}
_CODE = re.compile(r"([a-z]+\d+)(?: (?:(?P<part>\d{1,2}|[a-z])|(?P<name>.+)))?|([a-z]+\d+)(?P<letter>[a-z])")
_PART = re.compile(r"(.+) (?:\d{1,2}|[a-z])")
_SHOWN = 20


@attrs.frozen
class Columns:
    """
    What the columns of a table hold.

    Attributes:
        questions: The columns that answer each item, several where it was asked in several questions; by the id of the
            item, in the order of the instrument. Items without any are left out.
        about: The columns of the respondent, the service and the period, as far as there are.
        by_code: Ids of the items whose column has nothing but a code such as ``U8``.
    """

    questions: Mapping[str, tuple[str, ...]]
    about: Mapping[str, str]
    by_code: tuple[str, ...]


def find_columns(
    names: Iterable[str], instrument: Instrument, given: Mapping[str, str | Iterable[str]]
) -> tuple[Columns, list[Problem]]:
    """
    Return what the columns of a table hold, and what is wrong with that.

    A column is recognised by the name of an item in either language, with or without its code before it (``U8 Sarana dan
    prasarana``): then the name counts, not the code. Else by the code alone. A number or letter behind it (``U1a``,
    ``persyaratan 2``) makes it one of several questions of the item. Other columns are left alone.

    Args:
        names: Of the columns.
        instrument: Whose items are looked for.
        given: Columns by what they hold: the id, code or name of an item, or ``respondent``, ``service``, ``period``.
    """
    all_names = list(names)
    label_of = {plain(label): item for item in reversed(instrument.items) for label in item.labels}
    code_of = {item.code.lower(): item for item in instrument.items if item.code}
    stated, about, problems = _stated(all_names, instrument, given)
    used = {column for columns in stated.values() for column in columns} | set(about.values())
    whole: defaultdict[str, list[str]] = defaultdict(list)
    parts: defaultdict[str, list[str]] = defaultdict(list)
    coded: set[str] = set()
    left = []
    for name in all_names:
        if name in used:
            continue
        item, part, by_code = _recognised(plain(name), label_of, code_of)
        if item is None:
            left.append(name)
        elif item.id not in stated:
            (parts if part else whole)[item.id].append(name)
            if by_code:
                coded.add(item.id)
    for item in instrument.items:
        several = [*whole[item.id], *parts[item.id]]
        if len(several) > 1 and whole[item.id]:
            message = Message(
                "{n} columns answer {item!r}: {columns}; say in columns= which, or that all of them do",
                n=len(several),
                item=item.id,
                columns=", ".join(several[:_SHOWN]),
            )
            problems.append(Problem("", message))
    for kind in ABOUT:
        found = [name for name in left if plain(name) in _USUAL[kind]]
        if kind not in given and found:
            about[kind] = found[0]
    problems += _of_the_other_regime([name for name in left if name not in about.values()], instrument)
    questions = {
        item.id: columns
        for item in instrument.items
        if (columns := tuple(stated.get(item.id) or (*whole[item.id], *parts[item.id])))
    }
    if not questions and not problems:
        message = Message(
            "no column for any item of {instrument!r}: name them in columns=; there are {columns}",
            instrument=instrument.id,
            columns=", ".join(all_names[:_SHOWN]),
        )
        problems.append(Problem("", message))
    return Columns(
        questions, about, tuple(item.id for item in instrument.items if item.id in coded)
    ), problems


def _stated(
    names: list[str],
    instrument: Instrument,
    given: Mapping[str, str | Iterable[str]],
) -> tuple[dict[str, tuple[str, ...]], dict[str, str], list[Problem]]:
    """Return the columns that the caller named."""
    stated: dict[str, tuple[str, ...]] = {}
    about: dict[str, str] = {}
    problems: list[Problem] = []
    holder: dict[str, str] = {}
    for key, value in given.items():
        columns = (value,) if isinstance(value, str) else tuple(value)
        item = None if key in ABOUT else instrument.find(key)
        if key not in ABOUT and item is None:
            hint = did_you_mean(key, [*(item.id for item in instrument.items), *ABOUT])
            message = Message(
                "no item {item!r} in {instrument!r}{hint}", item=key, instrument=instrument.id, hint=hint
            )
            problems.append(Problem("columns", message))
            continue
        for column in columns:
            if column not in names:
                hint = did_you_mean(column, names)
                message = Message(
                    "no column {column!r} for {item!r}{hint}", column=column, item=key, hint=hint
                )
                problems.append(Problem("columns", message))
            elif column in holder:
                message = Message(
                    "the column {column!r} stands for {item!r} already", column=column, item=holder[column]
                )
                problems.append(Problem("columns", message))
            holder[column] = key
        if not columns or (key in ABOUT and len(columns) > 1):
            message = Message("expected one column for {item!r}, got {value!r}", item=key, value=columns)
            problems.append(Problem("columns", message))
        elif item is None:
            about[key] = columns[0]
        elif item.id in stated:
            problems.append(Problem("columns", Message("{item!r} is named twice", item=item.id)))
        else:
            stated[item.id] = columns
    return stated, about, problems


def _recognised(
    key: str, label_of: Mapping[str, Item], code_of: Mapping[str, Item]
) -> tuple[Item | None, bool, bool]:
    """Return the item that a column answers, whether it is one of several questions of it, and if only a code says so."""
    item, part = _named(key, label_of)
    if item is not None:
        return item, part, False
    match = _CODE.fullmatch(key)
    if match is None:
        return None, False, False
    if match["name"]:
        item, part = _named(match["name"], label_of)
        return (item, part, False) if match[1] in code_of else (None, False, False)
    return code_of.get(match[1] or match[4]), bool(match["part"] or match["letter"]), True


def _named(key: str, label_of: Mapping[str, Item]) -> tuple[Item | None, bool]:
    if key in label_of:
        return label_of[key], False
    match = _PART.fullmatch(key)
    return (label_of.get(match[1]), True) if match else (None, False)


def _of_the_other_regime(names: Iterable[str], instrument: Instrument) -> list[Problem]:
    """Refuse a table that mixes the nine elements of 2017 with the fourteen of 2004: it cannot be graded."""
    other = {SKM.id: SKM_2004, SKM_2004.id: SKM}.get(instrument.id)
    if other is None:
        return []
    theirs = {plain(name) for item in other.items for _, name in item.name.translations}
    theirs |= {item.code.lower() for item in other.items}
    found = [name for name in names if plain(name) in theirs]
    if not found:
        return []
    message = Message(
        "mixed regimes: {columns} are of {other!r}, the others of {instrument!r}",
        columns=", ".join(found[:_SHOWN]),
        other=other.id,
        instrument=instrument.id,
    )
    return [Problem("", message)]
