"""
Organisations as YAML.

Documents are built from the events of PyYAML's parser: scalars as in YAML 1.2 (``NO`` is a text, ``010`` is ten), no
duplicate keys, no tags, no anchors, bounded in size and depth, so that a hostile file is refused before it costs
anything.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidFileError, InvalidModelError, Problem
from pubservice.io.document import structure, unstructure
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.model.organisation import PublicOrganisation

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 40

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,300}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MAYBE = frozenset("0123456789.-+~nNtTfF")


def read_yaml(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> PublicOrganisation:
    """
    Return the organisation that a YAML file describes.

    Args:
        path: The file, in UTF-8.
        max_bytes: Larger files are refused.

    Raises:
        InvalidFileError: The file cannot be read, or what it says breaks the format or the model; all faults with
            their lines.
    """
    return _parse(read_text(path, max_bytes=max_bytes), os.fspath(path))


def from_yaml(text: str) -> PublicOrganisation:
    """
    Return the organisation that a YAML text describes.

    Raises:
        InvalidFileError: What it says breaks the format or the model; all faults with their lines.

    Example:
        >>> from_yaml("{pubservice: 1, id: city-hall, resources: [{id: clerk, capacity: 2}]}").resource("clerk").capacity
        2
    """
    return _parse(text, "<text>")


def write_yaml(organisation: PublicOrganisation, path: str | os.PathLike[str]) -> None:
    """Write an organisation to a YAML file, whole or not at all; what has its default is left out."""
    write_text(path, to_yaml(organisation))


def to_yaml(organisation: PublicOrganisation) -> str:
    """
    Return an organisation as YAML; `from_yaml` gives an equal one.

    Example:
        >>> from pubservice.model.organisation import PublicOrganisation
        >>> print(to_yaml(PublicOrganisation("city-hall")), end="")
        pubservice: 1
        id: city-hall
    """
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(base):  # type: ignore[misc]  # which of the two is known at run time
        def ignore_aliases(self, data: object) -> bool:
            del data
            return True

    text: str = yaml.dump(
        _Styled.of(unstructure(organisation)),
        Dumper=_with_styles(Dumper),
        sort_keys=False,
        allow_unicode=True,
        width=120,
    )
    return text


class _Styled(dict[str, Any]):
    """A mapping that is written on one line."""

    @staticmethod
    def of(data: Any, depth: int = 0) -> Any:
        """Return data in which what is short and flat is written on one line."""
        if isinstance(data, dict):
            parts = {key: _Styled.of(value, depth + 1) for key, value in data.items()}
            flat = depth > 1 and not any(
                isinstance(value, dict) and not isinstance(value, _Styled) for value in parts.values()
            )
            return _Styled(parts) if flat and len(repr(parts)) < 400 and "steps" not in parts else parts
        if isinstance(data, list):
            return [_Styled.of(item, depth + 1) for item in data]
        return data


def _with_styles(dumper: Any) -> Any:
    dumper.add_representer(
        _Styled, lambda d, data: d.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)
    )

    def sequence(d: Any, data: list[Any]) -> Any:
        simple = all(not isinstance(item, dict | list) for item in data)
        return d.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=simple)

    def text(d: Any, data: str) -> Any:
        plain = _resolve(data) == data and isinstance(_resolve(data), str)
        return d.represent_scalar(
            "tag:yaml.org,2002:str", data, style=None if plain and data.isprintable() else '"'
        )

    dumper.add_representer(list, sequence)
    dumper.add_representer(str, text)
    return dumper


def read_text(path: str | os.PathLike[str], *, max_bytes: int) -> str:
    """
    Return the text of a file in UTF-8.

    Raises:
        InvalidFileError: It cannot be read, is empty, is larger than allowed, or is in another encoding.
    """
    name = os.fspath(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise InvalidFileError(
            name, [Problem("", Message("cannot be read: {why}", why=error.strerror or str(error)))]
        ) from None
    if len(content) > max_bytes:
        message = Message(
            "larger than {bound:,} bytes: raise max_bytes (--max-bytes) to read it", bound=max_bytes
        )
        raise InvalidFileError(name, [Problem("", message)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = Message("expected UTF-8, found the byte {byte}", byte=f"0x{content[error.start]:02x}")
        raise InvalidFileError(name, [Problem("", message, line)]) from None
    return text


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """
    Write a text in UTF-8, whole or not at all.

    Raises:
        InvalidFileError: The file cannot be written.
    """
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
            Path(temporary).chmod(mode)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        message = Message("cannot be written: {why}", why=error.strerror or str(error))
        raise InvalidFileError(os.fspath(path), [Problem("", message)]) from None


def _parse(text: str, name: str) -> PublicOrganisation:
    try:
        data = _Builder(text).build()
    except _NotADocumentError as error:
        raise InvalidFileError(name, [Problem("", error.message, error.line)]) from None
    try:
        return structure(data)
    except InvalidModelError as error:
        raise InvalidFileError(name, with_lines(error.problems, lines(text))) from None


def with_lines(problems: tuple[Problem, ...], known: dict[str, int]) -> list[Problem]:
    """Return problems with the line of the nearest place there is, in document order."""
    found = []
    for problem in problems:
        path = problem.path
        while path and path not in known:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        found.append(problem._replace(line=known.get(path)))
    return sorted(found, key=lambda problem: problem.line or 0)


class _NotADocumentError(Exception):
    def __init__(self, message: Message, line: int | None) -> None:
        self.message = message
        self.line = line
        super().__init__(message, line)


def _resolve(value: str) -> str | float | bool | None:
    """Return what a plain scalar means in YAML 1.2."""
    if value and value[0] not in _MAYBE:
        return value
    if _NULL.fullmatch(value):
        return None
    if _INT.fullmatch(value):
        return int(value)
    if _FLOAT.fullmatch(value):
        return float(value)
    if _BOOL.fullmatch(value):
        return value[0] in "tT"
    return value


def _events(text: str) -> Iterator[Any]:
    import yaml

    try:
        yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        line = None if mark is None else mark.line + 1
        raise _NotADocumentError(Message("not YAML: {why}", why=str(why)[:200]), line) from None


@attrs.define
class _Builder:
    """Builds plain data from events, without recursion."""

    text: str

    def build(self) -> Any:
        """
        Return the one document of the text.

        Raises:
            _NotADocumentError: There is none or more than one, or it uses what the format has not.
        """
        import yaml

        result: Any = None
        documents = 0
        stack: list[Any] = []  # containers that are open
        keys: list[Any] = []  # for each of them the key that waits for its value; () in a list
        scalar, mapping, sequence = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        for event in _events(self.text):
            kind = type(event)
            if kind is scalar:
                value = event.value
                if event.tag is not None or event.anchor is not None:
                    raise self._refuse(event)
                if event.implicit[0]:
                    value = _resolve(value)
            elif kind is mapping or kind is sequence:
                if event.tag is not None or event.anchor is not None:
                    raise self._refuse(event)
                if len(stack) >= MAX_DEPTH:
                    message = Message(
                        "nested deeper than {bound} levels, which no organisation needs", bound=MAX_DEPTH
                    )
                    raise _NotADocumentError(message, event.start_mark.line + 1)
                if stack and keys[-1] is None:
                    raise self._key(event)
                value = {} if kind is mapping else []
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
                keys.pop()
                continue
            elif kind is yaml.AliasEvent:
                raise self._refuse(event)
            else:
                if kind is yaml.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        raise _NotADocumentError(
                            Message("expected one document, got another"), event.start_mark.line + 1
                        )
                continue
            if not stack:
                result = value
            elif keys[-1] == ():
                stack[-1].append(value)
            elif keys[-1] is None:
                if not isinstance(value, str):
                    raise self._key(event)
                if value in stack[-1]:
                    raise _NotADocumentError(
                        Message("the key {key!r} stands here twice", key=value[:80]),
                        event.start_mark.line + 1,
                    )
                keys[-1] = (value,)
                continue
            else:
                stack[-1][keys[-1][0]] = value
                keys[-1] = None
            if kind is not scalar:
                stack.append(value)
                keys.append(None if kind is mapping else ())
        if not documents or result is None:
            raise _NotADocumentError(Message("expected a description of an organisation, got nothing"), None)
        return result

    def _refuse(self, event: Any) -> _NotADocumentError:
        message = Message("anchors, aliases and tags are not part of the format: write it out")
        return _NotADocumentError(message, event.start_mark.line + 1)

    def _key(self, event: Any) -> _NotADocumentError:
        return _NotADocumentError(Message("expected the name of a field"), event.start_mark.line + 1)


def lines(text: str) -> dict[str, int]:
    """Return the line of every path of a YAML or JSON text; empty where it cannot be told."""
    import yaml

    found: dict[str, int] = {}
    stack: list[list[Any]] = []  # path, and the key that waits or the next index
    try:
        for event in _events(text):
            kind = type(event)
            if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
                continue
            if kind not in (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent):
                continue
            line = event.start_mark.line + 1
            path = ""
            if stack:
                parent, place = stack[-1]
                if place is None:
                    if kind is not yaml.ScalarEvent:
                        return {}  # JSON has no such keys, and YAML with them was refused before
                    stack[-1][1] = event.value
                    path = f"{parent}.{event.value}" if parent else event.value
                    found.setdefault(path, line)
                    continue
                if isinstance(place, int):
                    path = f"{parent}[{place}]"
                    stack[-1][1] = place + 1
                else:
                    path = f"{parent}.{place}" if parent else place
                    stack[-1][1] = None
            found.setdefault(path, line)
            if kind is not yaml.ScalarEvent:
                stack.append([path, None if kind is yaml.MappingStartEvent else 0])
    except _NotADocumentError:
        return {}
    return found
