"""How errors point at a part of a document: its path, its line in the text, and what was found there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

Place: TypeAlias = tuple[str | int, ...]
Position: TypeAlias = tuple[int, int]  # line and column, from 1


class Mark(NamedTuple):
    """
    One step through a text.

    Attributes:
        kind: ``{`` or ``[`` where a mapping or a list begins, ``]`` where either ends; for a scalar ``:`` if it is known
            to be a key, else empty.
        text: Of a scalar; at least of keys.
        position: Where it stands.
    """

    kind: str
    text: str
    position: Position


def path_text(place: Place) -> str:
    """
    Return a place as people write it.

    Example:
        >>> path_text(("services", 0, "procedure", "flows", 2, "target"))
        'services[0].procedure.flows[2].target'
    """
    parts = (f"[{part}]" if isinstance(part, int) else f".{_printable(part)}" for part in place)
    return "".join(parts).removeprefix(".")


def _printable(part: str) -> str:
    return part if part.isprintable() else ascii(part)[1:-1]


def place_of(path: str) -> Place:
    """
    Return the place that a path of a model names.

    Example:
        >>> place_of("flows[2].target")
        ('flows', 2, 'target')
    """
    return tuple(int(part) if part.isdecimal() else part for part in re.findall(r"\w+", path))


def locate(marks: Iterable[Mark], wanted: Iterable[Place]) -> dict[Place, Position]:
    """
    Return where places stand; for one that is not in the text, where the nearest around it stands.

    A field stands where its name does. Only what is wanted is kept, however long the text.
    """
    wanted = set(wanted)
    around = {place[:length] for place in wanted for length in range(len(place) + 1)}
    found: dict[Place, Position] = {}
    open_: list[
        tuple[Place | None, bool]
    ] = []  # what is open: its place, None where nobody asks; is it a mapping
    keys: list[
        str | int | None
    ] = []  # for each of them: the name that waits for its value, or the next position
    for kind, text, position in marks:
        if kind == "]":
            open_.pop()
            keys.pop()
            continue
        place: Place | None = ()
        if open_:
            parent, is_mapping = open_[-1]
            key = keys[-1]
            if is_mapping and key is None:
                keys[-1] = text
                if parent is not None and (*parent, text) in around:
                    found.setdefault((*parent, text), position)
                continue
            assert key is not None  # a mapping without a waiting name has just been given one
            place = (*parent, key) if parent is not None else None
            keys[-1] = key + 1 if isinstance(key, int) else None
        if place is None or place not in around:
            place = None
        else:
            found.setdefault(place, position)
        if kind in ("{", "["):
            open_.append((place, kind == "{"))
            keys.append(None if kind == "{" else 0)
    return {place: found[nearest] for place in wanted if (nearest := _nearest(place, found)) is not None}


def _nearest(place: Place, found: dict[Place, Position]) -> Place | None:
    return next((place[:length] for length in range(len(place), -1, -1) if place[:length] in found), None)


_LONGEST = 80  # characters of a value in a message


class _AsWritten(str):
    """A text that stands in a message without quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def shown(value: Any) -> Any:
    """
    Return what a message says of a value: as the file says it, and no longer than can be read.

    Example:
        >>> shown([None, True]), shown("a" * 100)[-4:], shown(3)
        ([null, true], 'aaa…', 3)
    """
    if isinstance(value, Message):
        return Message(value.template, **{key: shown(part) for key, part in value.values.items()})
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    if isinstance(value, float) or (type(value) is int and abs(value) < 10**_LONGEST):
        return value
    text = ""
    for part in json.JSONEncoder(ensure_ascii=False, default=str).iterencode(value):
        text += part
        if len(text) > _LONGEST:
            return _AsWritten(f"{text[:_LONGEST]}…")
    return _AsWritten(text)
