"""
Conditions on the attributes of a case, such as ``amount > 5 and kind in ('new', 'renewal')``.

A language of its own, parsed and never evaluated as code: an attribute is compared with a number by ``<``, ``<=``, ``>``,
``>=``, ``==`` and ``!=``, with a quoted word by ``==`` and ``!=``, or with several by ``in``; these are joined by ``and``,
``or``, ``not`` and brackets, which bind as in Python.
"""

from __future__ import annotations

import math
import operator
import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, assert_never

import attrs

from pubservice.messages import Message
from pubservice.model.attribute import KEYWORDS, NAME
from pubservice.model.text import fault
from pubservice.units import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pubservice.errors import InvalidModelError

Sign = Literal["<", "<=", ">", ">=", "==", "!="]

MOST_CHARACTERS = 1_000
MOST_NESTED = 32
SIGNS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_TOKEN = re.compile(
    rf"\s*(?:(?P<name>{NAME})|(?P<sign>[<>=!]=|[<>])|(?P<mark>[(),])|(?P<word>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?))"
)


@attrs.frozen
class Comparison:
    """An attribute compared with a number or a word."""

    attribute: str
    sign: Sign
    value: float | str

    def __str__(self) -> str:
        return f"{self.attribute} {self.sign} {_written(self.value)}"


@attrs.frozen
class Membership:
    """Whether an attribute is one of some numbers or words."""

    attribute: str
    values: tuple[float | str, ...]

    def __str__(self) -> str:
        return f"{self.attribute} in ({', '.join(map(_written, self.values))})"


@attrs.frozen
class Not:
    """That something does not hold."""

    of: Condition

    def __str__(self) -> str:
        return f"not {_bracketed(self.of, And, Or)}"


@attrs.frozen
class And:
    """That all of its parts hold."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return " and ".join(_bracketed(part, And, Or) for part in self.parts)


@attrs.frozen
class Or:
    """That one of its parts holds, or more."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        return " or ".join(_bracketed(part, Or) for part in self.parts)


Condition: TypeAlias = Comparison | Membership | Not | And | Or


def _bracketed(part: Condition, *kinds: type) -> str:
    return f"({part})" if isinstance(part, kinds) else str(part)


def _written(value: float | str) -> str:
    if isinstance(value, float):
        return number_text(value)
    return f'"{value}"' if "'" in value else f"'{value}'"


def condition(value: str | Condition) -> Condition:
    """
    Return a condition from its text.

    Raises:
        InvalidModelError: It is none, with the place in the text; or it is too long, or nested too deep.

    Example:
        >>> read = condition("amount>5 and not (kind == 'new' or amount >= 20)")
        >>> print(read)
        amount > 5 and not (kind == 'new' or amount >= 20)
        >>> holds(read, {"amount": 7.0, "kind": "renewal"})
        True
    """
    if isinstance(value, Comparison | Membership | Not | And | Or):
        return value
    given: object = value  # whatever its annotation promises
    if not isinstance(given, str) or not given.strip():
        raise fault(
            "condition", Message("expected a condition such as 'amount > 5', got {value!r}", value=given)
        )
    if len(given) > MOST_CHARACTERS:
        message = Message(
            "expected a condition of at most {most:,} characters, got {found:,}",
            most=MOST_CHARACTERS,
            found=len(given),
        )
        raise fault("condition", message)
    return _Reader(given).read()


class _Token(NamedTuple):
    """A piece of a text: what kind it is (a keyword and a mark are their own kinds), and where it begins."""

    kind: str
    text: str
    start: int


class _Reader:
    """A condition being read, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.place = 0
        self.depth = 0

    def _tokens(self) -> Iterator[_Token]:
        at, end = 0, len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if found is None:
                rest = self.text[at:].lstrip()
                raise self._wrong(len(self.text) - len(rest), rest[0])
            kind = str(found.lastgroup)
            text, at = found[kind], found.end()
            yield _Token(text if kind == "mark" or text in KEYWORDS else kind, text, found.start(kind))
        yield _Token("end", "", end)

    def _wrong(self, at: int, found: str) -> InvalidModelError:
        message = Message(
            "cannot read the condition {text!r} at character {place}: {found!r} does not fit there",
            text=self.text,
            place=at + 1,
            found=found,
        )
        if not found:
            message = Message("the condition {text!r} ends too early", text=self.text)
        return fault("condition", message)

    def _next(self, *kinds: str) -> _Token:
        """Take the next token, which has to be of one of some kinds."""
        token = self.tokens[self.place]
        if token.kind not in kinds:
            raise self._wrong(token.start, token.text)
        self.place += 1
        return token

    def _takes(self, kind: str) -> bool:
        """Take the next token if it is of a kind; return whether it was."""
        found = self.tokens[self.place].kind == kind
        self.place += found
        return found

    def read(self) -> Condition:
        """Return what the whole text says."""
        found = self._either()
        self._next("end")
        return found

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def _one(self) -> Condition:
        self.depth += 1
        if self.depth > MOST_NESTED:
            message = Message("the condition is nested more than {most} deep", most=MOST_NESTED)
            raise fault("condition", message)
        token = self._next("name", "not", "(")
        found: Condition
        if token.kind == "not":
            found = Not(self._one())
        elif token.kind == "(":
            found = self._either()
            self._next(")")
        else:
            found = self._test(token.text)
        self.depth -= 1
        return found

    def _test(self, attribute: str) -> Condition:
        token = self._next("sign", "in", "not")
        if token.kind == "sign":
            sign: Sign = token.text  # type: ignore[assignment]  # the pattern lets no other pass
            return Comparison(attribute, sign, self._value())
        if token.kind == "not":
            self._next("in")
        self._next("(")
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        self._next(")")
        among = Membership(attribute, tuple(values))
        return Not(among) if token.kind == "not" else among

    def _value(self) -> float | str:
        token = self._next("number", "word")
        if token.kind == "word":
            return token.text[1:-1]
        number = float(token.text)
        if not math.isfinite(number):
            raise self._wrong(token.start, token.text)
        return number


def comparisons(of: Condition) -> Iterator[Comparison | Membership]:
    """Yield the comparisons that a condition is made of, from left to right."""
    match of:
        case Comparison() | Membership():
            yield of
        case Not(of=inner):
            yield from comparisons(inner)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from comparisons(part)
        case _:
            assert_never(of)


def holds(of: Condition, values: Mapping[str, float | str]) -> bool:
    """
    Return whether a condition holds for a case.

    Args:
        of: The condition.
        values: Of each attribute that it names, what it is, in the kind that it is compared with.
    """
    match of:
        case Comparison(attribute=attribute, sign=sign, value=value):
            return bool(SIGNS[sign](values[attribute], value))
        case Membership(attribute=attribute, values=among):
            return values[attribute] in among
        case Not(of=inner):
            return not holds(inner, values)
        case And(parts=parts):
            return all(holds(part, values) for part in parts)
        case Or(parts=parts):
            return any(holds(part, values) for part in parts)
        case _:
            assert_never(of)
