"""What the cases of a service differ in: a number, or one of several words, that a choice may depend on."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

import attrs

from pubservice.errors import InvalidModelError, InvalidQuantityError, Problem
from pubservice.messages import Message
from pubservice.model.distribution import Distribution, distribution
from pubservice.model.text import MOST_PROBLEMS, fault
from pubservice.units import fraction

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORDS = frozenset(("and", "or", "not", "in"))
NAME = r"[A-Za-z][A-Za-z0-9_-]*"
_PLAIN = r"\s*\+?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*"
_ARGUMENT = rf"(\s*[a-z]+\s*=)?{_PLAIN}"
_NUMBER = re.compile(rf"{_PLAIN}|\s*[a-z]+\s*\({_ARGUMENT}(,{_ARGUMENT})*\)\s*")
_WORD = re.compile(r'[^"\x00-\x1f\x7f]+')  # what can stand between quotation marks
_UNIT = "s"  # that a distribution has where none is named


def _check_name(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if not isinstance(value, str) or not re.fullmatch(NAME, value):
        message = Message(
            "expected a name of letters, digits, '_' and '-', a letter first, got {value!r}", value=value
        )
        raise fault(attribute.name, message)
    if value in KEYWORDS:
        raise fault(attribute.name, Message("{value!r} is a word of conditions", value=value))
    if value == "service":
        raise fault(attribute.name, Message("{value!r} of a case is its service in event logs", value=value))


def _number(value: object) -> Distribution | None:
    """Return how a number is distributed, from a text such as ``lognormal(mean=5, sd=2)`` without a unit."""
    if value is None:
        return None
    if isinstance(value, get_args(Distribution)) and value.unit == _UNIT:
        return value  # type: ignore[no-any-return]  # one of these classes, which mypy does not see
    written = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    try:
        if _NUMBER.fullmatch(written):
            return distribution(f"{written} {_UNIT}")
    except InvalidQuantityError:
        pass
    message = Message(
        "expected a number of at least 0, or a distribution of numbers such as 'lognormal(mean=5, sd=2)', got {value!r}",
        value=value,
    )
    raise fault("number", message)


Shares: TypeAlias = Mapping[str, float | str] | Mapping[str, float]


def _words(value: Shares | Iterable[tuple[str, float | str]]) -> tuple[tuple[str, float], ...]:
    pairs = tuple(value.items()) if isinstance(value, Mapping) else tuple(value)
    for word, _ in pairs:
        if not isinstance(word, str) or not _WORD.fullmatch(word):
            raise fault("words", Message("expected a word without '\"', got {value!r}", value=word))
    try:
        found = tuple((word, fraction(share)) for word, share in pairs)
    except InvalidQuantityError as error:
        raise fault("words", error.args[0]) from None
    total = math.fsum(share for _, share in found)
    if found and abs(total - 1) > 1e-9:
        raise fault("words", Message("shares sum to {total:.10g}, expected 1", total=total))
    if len(dict(found)) < len(found):
        raise fault("words", Message("expected each word once, got {value!r}", value=[w for w, _ in found]))
    return found


@attrs.frozen
class Attribute:
    """
    What cases differ in, known when they arrive, and the same until they leave.

    Attributes:
        id: What conditions name.
        number: How it is distributed, without a unit; None where it is a word.
        words: The words there are, each with the share of cases, which sum to 1; empty where it is a number.

    Example:
        >>> Attribute("kind", words={"new": 0.7, "renewal": 0.3}).words
        (('new', 0.7), ('renewal', 0.3))
        >>> Attribute("amount", number="lognormal(mean=5, sd=2)").plain
        'lognormal(mean=5, sd=2)'
    """

    id: str = attrs.field(validator=_check_name)
    number: Distribution | None = attrs.field(converter=_number, default=None, kw_only=True)
    words: tuple[tuple[str, float], ...] = attrs.field(converter=_words, default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        if (self.number is None) == (not self.words):
            raise fault("", Message("expected a number or words with shares, one of them"))

    @property
    def plain(self) -> str | dict[str, float]:
        """What it is, as it is written."""
        return dict(self.words) if self.number is None else str(self.number).removesuffix(f" {_UNIT}")


def attributes(
    value: Mapping[str, str | float | Distribution | Shares] | Iterable[Attribute],
) -> tuple[Attribute, ...]:
    """
    Return attributes from a mapping of ids to numbers or words, or from several attributes.

    Raises:
        InvalidModelError: One is none of these, or an id repeats; each fault with its place, as in ``attributes.kind``.
    """
    problems: list[Problem] = []
    found: list[Attribute] = []
    if isinstance(value, Mapping):
        for id, of in value.items():
            try:
                found.append(Attribute(id, words=of) if isinstance(of, Mapping) else Attribute(id, number=of))
            except InvalidModelError as error:
                problems += [
                    problem._replace(path="attributes" if problem.path == "id" else f"attributes.{id}")
                    for problem in error.problems
                ]
    else:
        given: Any = value  # whatever its annotation promises
        found = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
        problems += _list_problems(given, found)
    if problems:
        raise InvalidModelError(problems[:MOST_PROBLEMS])
    return tuple(found)


def _list_problems(value: object, found: list[Any]) -> Iterator[Problem]:
    if not all(isinstance(item, Attribute) for item in found):
        message = Message(
            "expected attributes such as {{kind: {{new: 0.7, renewal: 0.3}}}}, got {value!r}", value=value
        )
        yield Problem("attributes", message)
        return
    seen: set[str] = set()
    for item in found:
        if item.id in seen:
            yield Problem("attributes", Message("{id!r} is there already", id=item.id))
        seen.add(item.id)
