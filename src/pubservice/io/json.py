"""Organisations as JSON: the same document as YAML."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from pubservice.io.document import MAX_DEPTH, document, read_document
from pubservice.io.file import MAX_BYTES, NotADocumentError, bound_values, read_text, write_text
from pubservice.io.place import Mark
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.model.organisation import PublicOrganisation

__all__ = ["from_json", "read_json", "to_json", "write_json"]


def read_json(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> PublicOrganisation:
    """
    Return the organisation that a JSON file describes.

    Args:
        path: The file, in UTF-8.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: The file cannot be read, or what it says breaks the format or the model; all faults with
            their lines.

    Example:
        >>> write_json(city_hall, "city-hall.json")
        >>> read_json("city-hall.json") == city_hall
        True
    """
    return _read(read_text(path, max_bytes=max_bytes), os.fspath(path), max_bytes)


def from_json(text: str, *, max_bytes: int = MAX_BYTES) -> PublicOrganisation:
    """
    Return the organisation that a JSON text describes.

    Args:
        text: What a file would say.
        max_bytes: Texts with more values than one for every eight bytes of it are refused.

    Raises:
        InvalidFileError: What it says breaks the format or the model; all faults with their lines.

    Example:
        >>> from_json('{"pubservice": 1, "id": "city-hall"}').id
        'city-hall'
    """
    return _read(text, "<text>", max_bytes)


def write_json(organisation: PublicOrganisation, path: str | os.PathLike[str]) -> None:
    """
    Write an organisation to a JSON file, whole or not at all; what has its default is left out.

    Raises:
        InvalidFileError: The file cannot be written.

    Example:
        >>> from pathlib import Path
        >>> write_json(ps.PublicOrganisation("city-hall"), "city-hall.json")
        >>> print(Path("city-hall.json").read_text(), end="")
        {
          "pubservice": 1,
          "id": "city-hall"
        }
    """
    write_text(path, to_json(organisation) + "\n")


def to_json(organisation: PublicOrganisation) -> str:
    """
    Return an organisation as JSON; `from_json` gives an equal one.

    Example:
        >>> from pubservice.model.organisation import PublicOrganisation
        >>> print(to_json(PublicOrganisation("city-hall")))
        {
          "pubservice": 1,
          "id": "city-hall"
        }
    """
    return json.dumps(document(organisation), indent=2, ensure_ascii=False)


def _read(text: str, name: str, max_bytes: int) -> PublicOrganisation:
    return read_document(text, name, lambda t: _parse(t, max_bytes), marks)


class _RefusedError(ValueError):
    pass


_LONGEST_INTEGER = 4000  # digits; Python reads no longer ones
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?|[\[{\]}]|[^\s\[\]{}:,"]+', re.DOTALL)
_KINDS = {"{": "{", "[": "[", "}": "]", "]": "]"}  # of a `Mark`


def _parse(text: str, max_bytes: int) -> Any:
    text = text.removeprefix("\ufeff")
    bound_values(sum(map(text.count, ",:[{")), max_bytes=max_bytes)
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_int=_integer)
        if _SURROGATE.search(text):
            json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        if not text.strip():
            return None
        raise NotADocumentError(Message("not JSON: {why}", why=error.msg), error.lineno) from None
    except UnicodeEncodeError as error:
        raise NotADocumentError(Message("not JSON: {why}", why=error.reason)) from None
    except (_RefusedError, RecursionError):
        raise _refusal(text) from None
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RefusedError
    return found


def _refuse(_: str) -> Any:
    raise _RefusedError


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


def _refusal(text: str) -> NotADocumentError:
    """Return what the reader refused, with its line: a constant, a key that stands twice, or too deep a nesting."""
    try:
        return next(_refusals(text))
    except NotADocumentError as error:
        return error


def _refusals(text: str) -> Iterator[NotADocumentError]:
    open_: list[set[str]] = []  # the keys of what is open
    for kind, value, (line, _) in marks(text):
        if kind == "]":
            open_.pop()
        elif kind == ":":
            if value in open_[-1]:
                yield NotADocumentError(Message("the key {key!r} stands here twice", key=value[:80]), line)
            open_[-1].add(value)
        elif kind:
            open_.append(set())
        elif value in ("NaN", "Infinity", "-Infinity"):
            yield NotADocumentError(Message("not JSON: {why}", why=value), line)


def marks(text: str) -> Iterator[Mark]:
    """Yield where the parts of a JSON text stand; of texts only the keys are told."""
    line, begun, depth, last = 1, 0, 0, 0
    for match in _TOKEN.finditer(text):
        start = match.start()
        newlines = text.count("\n", last, start)
        if newlines:
            line += newlines
            begun = text.rfind("\n", last, start) + 1
        last = start
        position = (line, start - begun + 1)
        token = match[0]
        if token[0] == '"':
            yield (
                Mark(":", json.loads(f'"{match[1]}"', strict=False), position)
                if match[2]
                else Mark("", "", position)
            )
        elif token in _KINDS:
            kind = _KINDS[token]
            depth += -1 if kind == "]" else 1
            if depth > MAX_DEPTH:
                message = Message(
                    "nested deeper than {bound} levels, which no organisation needs", bound=MAX_DEPTH
                )
                raise NotADocumentError(message, line)
            yield Mark(kind, "", position)
        else:
            yield Mark("", token, position)
