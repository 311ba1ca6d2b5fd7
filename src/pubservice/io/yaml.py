"""
Organisations as YAML.

Documents are built from the events of PyYAML's parser: scalars as in the core schema of YAML 1.2 (``NO`` is a text,
``010`` is ten), no duplicate keys, no tags, no anchors, bounded in size and depth, so that a hostile file is refused
before it costs anything.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pubservice.io.document import MAX_DEPTH, document, read_document
from pubservice.io.file import MAX_BYTES, NotADocumentError, bound_values, read_text, write_text
from pubservice.io.place import Mark
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.model.organisation import PublicOrganisation

__all__ = ["MAX_BYTES", "from_yaml", "read_yaml", "to_yaml", "write_yaml"]

_NEVER_FOLDED = 10**9  # characters of a line
_EVERY = 1024  # values, after which their number is compared with the bound


def read_yaml(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> PublicOrganisation:
    """
    Return the organisation that a YAML file describes.

    Args:
        path: The file, in UTF-8.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: The file cannot be read, or what it says breaks the format or the model; all faults with
            their lines.

    Example:
        >>> write_yaml(city_hall, "city-hall.yaml")
        >>> read_yaml("city-hall.yaml") == city_hall
        True
    """
    return _read(read_text(path, max_bytes=max_bytes), os.fspath(path), max_bytes)


def from_yaml(text: str, *, max_bytes: int = MAX_BYTES) -> PublicOrganisation:
    """
    Return the organisation that a YAML text describes.

    Args:
        text: What a file would say.
        max_bytes: Texts with more values than one for every eight bytes of it are refused.

    Raises:
        InvalidFileError: What it says breaks the format or the model; all faults with their lines.

    Example:
        >>> from_yaml("{pubservice: 1, id: city-hall, resources: [{id: clerk, capacity: 2}]}").resource("clerk").capacity
        2
    """
    return _read(text, "<text>", max_bytes)


def write_yaml(organisation: PublicOrganisation, path: str | os.PathLike[str]) -> None:
    """
    Write an organisation to a YAML file, whole or not at all; what has its default is left out.

    Raises:
        InvalidFileError: The file cannot be written.

    Example:
        >>> from pathlib import Path
        >>> write_yaml(ps.PublicOrganisation("city-hall", name={"en": "City Hall", "id": "Balai Kota"}), "city-hall.yaml")
        >>> print(Path("city-hall.yaml").read_text(), end="")
        pubservice: 1
        id: city-hall
        name: {en: City Hall, id: Balai Kota}
    """
    write_text(path, to_yaml(organisation))


def to_yaml(organisation: PublicOrganisation) -> str:
    """
    Return an organisation as YAML; `from_yaml` gives an equal one.

    Example:
        >>> from pubservice.model.organisation import PublicOrganisation
        >>> from pubservice.model.resource import Resource
        >>> print(to_yaml(PublicOrganisation("city-hall", resources=[Resource("clerk", capacity=2)])), end="")
        pubservice: 1
        id: city-hall
        resources:
        - {id: clerk, capacity: 2}
    """
    import yaml

    text: str = yaml.dump(
        _styled(document(organisation)),
        Dumper=_dumper(),
        sort_keys=False,
        allow_unicode=True,
        width=_NEVER_FOLDED,
    )
    return text


def _read(text: str, name: str, max_bytes: int) -> PublicOrganisation:
    return read_document(text, name, lambda t: _parse(t, max_bytes), marks)


# Reading

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {word: word[0] in "tT" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]{1,4000})"  # Python reads no longer ones
    r"|(?P<float>[-+]?(?:(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+))"
    r"|(?P<inf>[-+]?)\.(?:inf|Inf|INF)|(?P<nan>\.(?:nan|NaN|NAN))"
    r"|0o(?P<octal>[0-7]{1,4000})|0x(?P<hex>[0-9a-fA-F]{1,3000})",
)
_NOT_TEXT = frozenset("0123456789.-+~nNtTfF")  # what begins anything but a text


def _resolve(value: str) -> str | float | bool | None:
    """Return what a plain scalar means in the core schema of YAML 1.2."""
    if value and value[0] not in _NOT_TEXT:
        return value
    if value in _NULL:
        return None
    if value in _BOOL:
        return _BOOL[value]
    match = _NUMBER.fullmatch(value)
    if match is None:
        return value
    match match.lastgroup:
        case "int":
            return int(value)
        case "octal":
            return int(match["octal"], 8)
        case "hex":
            return int(match["hex"], 16)
        case "float":
            return float(value)
        case "nan":
            return float("nan")
        case _:
            return float(f"{match['inf']}inf")


def _events(text: str) -> Iterator[Any]:
    import yaml

    try:
        yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise NotADocumentError(
            Message("not YAML: {why}", why=_why(error)), _line(error.problem_mark)
        ) from None
    except yaml.reader.ReaderError as error:
        before = text.encode(errors="replace")[: error.position].decode(
            errors="ignore"
        )  # the C parser counts bytes
        message = Message("not YAML: {why}", why=f"{error.reason}: U+{_code(error.character):04X}")
        raise NotADocumentError(message, before.count("\n") + 1) from None
    except UnicodeEncodeError as error:
        message = Message("not YAML: {why}", why=error.reason)
        raise NotADocumentError(message, text.count("\n", 0, error.start) + 1) from None


def _code(character: int | str) -> int:
    return character if isinstance(character, int) else ord(character)


def _why(error: Any) -> str:
    begun = _line(error.context_mark)
    context = f"{error.context} (line {begun}): " if error.context and begun is not None else ""
    return f"{context}{error.problem}"


def _line(mark: Any) -> int | None:
    return None if mark is None else mark.line + 1


def _parse(text: str, max_bytes: int) -> Any:
    """
    Return the one document of a text as plain data, without recursion.

    Raises:
        NotADocumentError: There is none or more than one, or it uses what the format has not.
    """
    import yaml

    result: Any = None
    documents = 0
    stack: list[Any] = []  # containers that are open
    keys: list[Any] = []  # for each of them the key that waits for its value; () in a list
    scalar, mapping, sequence = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
    ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
    value: Any
    count = 0
    for event in _events(text):
        kind = type(event)
        if kind is scalar:
            value = event.value
            if event.implicit[0]:
                value = _resolve(value)
        elif kind is mapping or kind is sequence:
            if len(stack) >= MAX_DEPTH:
                message = Message(
                    "nested deeper than {bound} levels, which no organisation needs", bound=MAX_DEPTH
                )
                raise NotADocumentError(message, _line(event.start_mark))
            if stack and keys[-1] is None:
                raise _not_a_key(event)
            value = {} if kind is mapping else []
        elif kind in ends:
            stack.pop()
            keys.pop()
            continue
        elif kind is yaml.AliasEvent:
            raise _not_plain(event)
        else:
            documents += kind is yaml.DocumentStartEvent
            if documents > 1:
                raise NotADocumentError(
                    Message("expected one document, got another"), _line(event.start_mark)
                )
            continue
        if event.tag is not None or event.anchor is not None:
            raise _not_plain(event)
        count += 1
        if not count % _EVERY:
            bound_values(count, max_bytes=max_bytes, line=_line(event.start_mark))
        if not stack:
            result = value
        elif keys[-1] == ():
            stack[-1].append(value)
        elif keys[-1] is None:
            if not isinstance(value, str):
                raise _not_a_key(event)
            if value in stack[-1]:
                message = Message("the key {key!r} stands here twice", key=value[:80])
                raise NotADocumentError(message, _line(event.start_mark))
            keys[-1] = (value,)
            continue
        else:
            stack[-1][keys[-1][0]] = value
            keys[-1] = None
        if kind is not scalar:
            stack.append(value)
            keys.append(None if kind is mapping else ())
    return result


def _not_plain(event: Any) -> NotADocumentError:
    message = Message("anchors, aliases and tags are not part of the format: write it out")
    return NotADocumentError(message, _line(event.start_mark))


def _not_a_key(event: Any) -> NotADocumentError:
    return NotADocumentError(Message("expected the name of a field"), _line(event.start_mark))


def marks(text: str) -> Iterator[Mark]:
    """Yield where the parts of a document stand that has been built."""
    import yaml

    kinds: dict[type, str] = {
        yaml.ScalarEvent: "",
        yaml.MappingStartEvent: "{",
        yaml.SequenceStartEvent: "[",
        yaml.MappingEndEvent: "]",
        yaml.SequenceEndEvent: "]",
    }
    for event in _events(text):
        kind = kinds.get(type(event))
        if kind is not None:
            mark = event.start_mark
            yield Mark(kind, event.value if not kind else "", (mark.line + 1, mark.column + 1))


# Writing

_BLOCKS = frozenset(("services", "procedure"))  # never on one line, if there is anything inside
_LONGEST_LINE = 240  # of a mapping on one line, about


class _OneLine(dict[str, Any]):
    """A mapping that is written on one line."""


def _styled(data: Any, key: str = "") -> Any:
    """Return data in which what is short is written on one line."""
    if isinstance(data, dict):
        inside = {name: _styled(value, name) for name, value in data.items()}
        block = key in _BLOCKS and any(isinstance(value, dict | list) for value in inside.values())
        return inside if not key or block or len(str(inside)) > _LONGEST_LINE else _OneLine(inside)
    return [_styled(item, key) for item in data] if isinstance(data, list) else data


@cache
def _dumper() -> Any:
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(base):  # type: ignore[misc]  # which of the two is known at run time
        def ignore_aliases(self, data: object) -> bool:
            del data
            return True

    def one_line(dumper: Any, data: _OneLine) -> Any:
        return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)

    def sequence(dumper: Any, data: list[Any]) -> Any:
        flat = not any(isinstance(item, dict | list) for item in data)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flat)

    def text(dumper: Any, data: str) -> Any:
        plain = isinstance(_resolve(data), str) and data.isprintable()  # PyYAML quotes what YAML 1.1 misreads
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=None if plain else '"')

    Dumper.add_representer(_OneLine, one_line)
    Dumper.add_representer(list, sequence)
    Dumper.add_representer(str, text)
    return Dumper
