"""Organisations as JSON: the same document as YAML."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from pubservice.errors import InvalidFileError, InvalidModelError, Problem
from pubservice.io.document import structure, unstructure
from pubservice.io.yaml import MAX_BYTES, lines, read_text, with_lines, write_text
from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.model.organisation import PublicOrganisation


def read_json(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> PublicOrganisation:
    """
    Return the organisation that a JSON file describes.

    Args:
        path: The file, in UTF-8.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: The file cannot be read, or what it says breaks the format or the model; all faults with
            their lines.
    """
    return _parse(read_text(path, max_bytes=max_bytes), os.fspath(path))


def from_json(text: str) -> PublicOrganisation:
    """
    Return the organisation that a JSON text describes.

    Raises:
        InvalidFileError: What it says breaks the format or the model.

    Example:
        >>> from_json('{"pubservice": 1, "id": "city-hall"}').id
        'city-hall'
    """
    return _parse(text, "<text>")


def write_json(organisation: PublicOrganisation, path: str | os.PathLike[str]) -> None:
    """Write an organisation to a JSON file, whole or not at all; what has its default is left out."""
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
    return json.dumps(unstructure(organisation), indent=2, ensure_ascii=False)


class _DuplicateKeyError(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKeyError(key)
            seen.add(key)
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _parse(text: str, name: str) -> PublicOrganisation:
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        message = (
            Message("not JSON: {why}", why=error.msg)
            if text.strip()
            else Message("expected a description of an organisation, got nothing")
        )
        raise InvalidFileError(name, [Problem("", message, error.lineno if text.strip() else None)]) from None
    except _DuplicateKeyError as error:
        raise InvalidFileError(
            name, [Problem("", Message("the key {key!r} stands here twice", key=str(error)[:80]))]
        ) from None
    except RecursionError:
        message = Message("nested deeper than {bound} levels, which no organisation needs", bound="1000")
        raise InvalidFileError(name, [Problem("", message)]) from None
    except ValueError as error:
        raise InvalidFileError(name, [Problem("", Message("not JSON: {why}", why=str(error)[:80]))]) from None
    try:
        return structure(data)
    except InvalidModelError as error:
        raise InvalidFileError(name, with_lines(error.problems, lines(text))) from None
    except RecursionError:
        message = Message("nested deeper than {bound} levels, which no organisation needs", bound="1000")
        raise InvalidFileError(name, [Problem("", message)]) from None
