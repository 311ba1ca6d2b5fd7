"""Ids, names in several languages, and the checks that one field needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message, did_you_mean

if TYPE_CHECKING:
    from pubservice.messages import Language

MOST_PROBLEMS = 1000  # that are reported of one thing
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]


@attrs.frozen
class Text:
    """
    A text for people, in one language or several.

    Attributes:
        translations: Pairs of language code and text; the code is empty where none was given.

    Example:
        >>> name = text({"en": "City Hall", "id": "Balai Kota"})
        >>> str(name), name.text("id")
        ('City Hall', 'Balai Kota')
    """

    translations: tuple[tuple[str, str], ...] = ()

    def __attrs_post_init__(self) -> None:
        if len(self.translations) > 1 and len(dict(self.translations)) < len(self.translations):
            message = Message("expected one text per language, got {value!r}", value=self.translations)
            raise fault("translations", message)

    def text(self, language: Language | str = "en") -> str:
        """Return the text in a language, else in English, else in the first there is, else ``""``."""
        found = dict(self.translations)
        return found.get(language) or found.get("en") or next(iter(found.values()), "")

    def __str__(self) -> str:
        return self.text()

    def __bool__(self) -> bool:
        return any(value for _, value in self.translations)


EMPTY = Text()


def text(value: str | Mapping[str, str] | Text) -> Text:
    """Return a `Text` from a string or a mapping of language to string."""
    if isinstance(value, Text):
        return value
    if isinstance(value, str):
        return Text((("", value),)) if value else EMPTY
    given: Any = value  # whatever its annotation promises
    if isinstance(given, Mapping) and all(isinstance(part, str) for pair in given.items() for part in pair):
        return Text(tuple(given.items()))
    raise fault("", Message("expected a text, or a text per language, got {value!r}", value=value))


def texts(value: str | Text | Iterable[str | Mapping[str, str] | Text]) -> tuple[Text, ...]:
    """Return a tuple of `Text` from one string or several texts."""
    if isinstance(value, str | Text):
        return (text(value),)
    return tuple(text(item) for item in _iterate(value))


def names(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return a tuple of strings from one string or several."""
    if type(value) is tuple and not value:
        return value
    result = (value,) if isinstance(value, str) else _iterate(value)
    for item in result:
        if not isinstance(item, str):
            raise fault("", Message("expected a text, got {value!r}", value=item))
    return result


def _iterate(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Mapping) or not isinstance(value, Iterable):
        raise fault("", Message("expected a text or a list of texts, got {value!r}", value=value))
    return tuple(value)


def fault(path: str, message: Message) -> InvalidModelError:
    """Return the error for one fault."""
    return InvalidModelError([Problem(path, message)])


def is_id(value: object) -> bool:
    """Return whether this is an id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def not_an_id(value: object) -> Message:
    """Return what to say of what is not an id."""
    return Message("expected an id of letters, digits, '.', '_' and '-', got {value!r}", value=value)


def check_id(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is not an id."""
    if not is_id(value):
        raise fault(attribute.name, not_an_id(value))


def check_ids(_: Any, attribute: attrs.Attribute[Any], value: tuple[str, ...]) -> None:
    """Refuse a tuple with anything that is not an id."""
    for item in value:
        check_id(_, attribute, item)


def one_of(*options: str) -> Validator:
    """Refuse what is not one of the options; None passes where it is the default."""

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if value in options or (value is None and attribute.default is None):
            return
        raise fault(
            attribute.name,
            Message(
                "expected one of {options}, got {value!r}{hint}",
                options=", ".join(options),
                value=value,
                hint=did_you_mean(str(value), options),
            ),
        )

    return check


def check_text(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is not a string; None passes where it is the default."""
    if not isinstance(value, str) and not (value is None and attribute.default is None):
        raise fault(attribute.name, Message("expected a text, got {value!r}", value=value))


def check_words(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is not a text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise fault(attribute.name, Message("expected a text that says why, got {value!r}", value=value))


def check_count(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is not a whole number of at least 1; None passes unless the default is a number."""
    if value is None and not isinstance(attribute.default, int):
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise fault(
            attribute.name, Message("expected a whole number of at least 1, got {value!r}", value=value)
        )


def check_flag(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse what is neither true nor false."""
    if not isinstance(value, bool):
        raise fault(attribute.name, Message("expected true or false, got {value!r}", value=value))


def instance_of(kind: type[Any]) -> Validator:
    """Refuse what is not an instance of a class; None passes where it is the default."""

    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, kind) and not (value is None and attribute.default is None):
            raise fault(
                attribute.name, Message("expected a {kind}, got {value!r}", kind=kind.__name__, value=value)
            )

    return check


def duplicates(ids: Iterable[str]) -> dict[str, int]:
    """Return each id that stands more than once, with the position of its first repetition."""
    seen: set[str] = set()
    repeated: dict[str, int] = {}
    for position, item in enumerate(ids):
        if item in seen:
            repeated.setdefault(item, position)
        seen.add(item)
    return repeated
