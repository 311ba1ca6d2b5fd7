"""
Choices by the attributes of a case: conditions as tests that lead to each other, until a condition holds or fails.

An attribute is not kept: whenever it is asked for, it is drawn again from the word of its case, and is the same again. A
word is a stretch of the numbers between 0 and 1, as long as its share.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from pubservice.model.condition import And, Comparison, Membership, Not, Or
from pubservice.simulation.streams import UNIFORM, drawn, law_of, word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.model.attribute import Attribute
    from pubservice.model.condition import Condition
    from pubservice.simulation.parts import Parts

HOLDS = -1
FAILS = -2
BELOW, UP_TO, EQUAL = range(3)


class CaseAttribute(NamedTuple):
    """
    An attribute of the cases of a service, as it is drawn.

    Attributes:
        service: The number of the service.
        id: Its id.
        words: The words it can be; none where it is a number.
        bounds: Of each word, where its stretch ends.
    """

    service: int
    id: str
    words: tuple[str, ...]
    bounds: tuple[float, ...]


def case_attribute(of: Attribute, service: int, columns: dict[str, list[Any]]) -> CaseAttribute:
    """Return an attribute as it is drawn, and add to the columns how."""
    law: tuple[int, float, float, float] = (UNIFORM, 0.0, 1.0, 0.0)
    if of.number is not None:
        law = law_of(of.number, 1.0, columns["values"])
    for name, value in zip(["attribute", "attribute_a", "attribute_b", "attribute_c"], law, strict=True):
        columns[name].append(value)
    columns["attribute_key"].append(word(f"attribute {of.id}"))
    bounds = list(accumulate(share for _, share in of.words))
    last = max((n for n, (_, share) in enumerate(of.words) if share), default=0)
    bounds[last:] = [1.0] * len(bounds[last:])  # whatever is lost in the last digits goes there
    return CaseAttribute(service, of.id, tuple(name for name, _ in of.words), tuple(bounds))


def value_of(parts: Parts, number: int, attribute: CaseAttribute, key: int) -> float | str:
    """
    Return an attribute of a case.

    Args:
        parts: What is simulated, as arrays.
        number: Of the attribute.
        attribute: What it is.
        key: The word of the case.
    """
    x = drawn(
        int(parts.attribute[number]),
        float(parts.attribute_a[number]),
        float(parts.attribute_b[number]),
        float(parts.attribute_c[number]),
        parts.values,
        key ^ int(parts.attribute_key[number]),
    )
    if not attribute.words:
        return float(x)
    return next(name for name, bound in zip(attribute.words, attribute.bounds, strict=True) if x < bound)


class Lookup(NamedTuple):
    """
    What of the program conditions are looked up in: little, because it is handed over each time.

    Attributes:
        attribute: Of each attribute, the law of its value.
        attribute_a: Its parameters.
        attribute_b: Likewise.
        attribute_c: Likewise.
        attribute_key: Its word.
        values: What was observed, of all empirical laws.
        test_attribute: Of each test, the number of its attribute.
        test_sign: How it compares it.
        test_value: With what.
        test_yes: What comes where it is so.
        test_no: What comes where it is not.
    """

    attribute: Any
    attribute_a: Any
    attribute_b: Any
    attribute_c: Any
    attribute_key: Any
    values: Any
    test_attribute: Any
    test_sign: Any
    test_value: Any
    test_yes: Any
    test_no: Any


def lookup_of(p: Parts) -> Lookup:
    """Return the part of a program in which conditions are looked up."""
    return Lookup(
        p.attribute,
        p.attribute_a,
        p.attribute_b,
        p.attribute_c,
        p.attribute_key,
        p.values,
        p.test_attribute,
        p.test_sign,
        p.test_value,
        p.test_yes,
        p.test_no,
    )


def passes(of: Lookup, i: int, z: Any) -> bool:
    """
    Return whether a condition holds for a case.

    Args:
        of: Where it is looked up.
        i: The first of its tests, or that it holds without.
        z: The word of the case.
    """
    while i >= 0:
        a = of.test_attribute[i]
        x = drawn(
            of.attribute[a],
            of.attribute_a[a],
            of.attribute_b[a],
            of.attribute_c[a],
            of.values,
            z ^ of.attribute_key[a],
        )
        y = of.test_value[i]
        sign = of.test_sign[i]
        if (sign == BELOW and x < y) or (sign == UP_TO and x <= y) or (sign == EQUAL and x == y):
            i = of.test_yes[i]
        else:
            i = of.test_no[i]
    return bool(i == HOLDS)


class Decisions:
    """
    The tests of conditions in the making.

    Args:
        columns: Of the program, to which they are added.
        attributes: What conditions can name: their numbers among all attributes.
    """

    def __init__(
        self, columns: dict[str, list[Any]], attributes: dict[str, tuple[int, CaseAttribute]]
    ) -> None:
        self.columns, self.attributes = columns, attributes

    def first(self, of: Condition, yes: int = HOLDS, no: int = FAILS) -> int:
        """
        Add the tests of a condition, from the last to the first; return the first.

        Args:
            of: The condition.
            yes: Which test, or end, comes where it holds.
            no: Likewise where it fails.
        """
        match of:
            case Comparison(attribute=attribute, sign=sign, value=value):
                if sign in (">", ">=", "!="):
                    yes, no = no, yes
                if isinstance(value, str):
                    return self._is_one_of(attribute, [value], yes, no)
                kind = {"<": BELOW, ">=": BELOW, "<=": UP_TO, ">": UP_TO}.get(sign, EQUAL)
                return self._add(attribute, kind, value, yes, no)
            case Membership(attribute=attribute, values=values):
                return self._is_one_of(attribute, values, yes, no)
            case Not(of=inner):
                return self.first(inner, no, yes)
            case And(parts=parts):
                for part in reversed(parts):
                    yes = self.first(part, yes, no)
                return yes
            case Or(parts=parts):
                for part in reversed(parts):
                    no = self.first(part, yes, no)
                return no
            case _:
                assert_never(of)

    def _is_one_of(self, attribute: str, values: Iterable[float | str], yes: int, no: int) -> int:
        known = self.attributes[attribute][1]
        for value in values:
            if isinstance(value, str):
                n = known.words.index(value)
                after = no
                no = self._add(attribute, BELOW, known.bounds[n], yes, after)
                no = self._add(attribute, BELOW, known.bounds[n - 1] if n else 0.0, after, no)
            else:
                no = self._add(attribute, EQUAL, value, yes, no)
        return no

    def _add(self, attribute: str, sign: int, value: float, yes: int, no: int) -> int:
        columns = self.columns
        for name, entry in (
            ("test_attribute", self.attributes[attribute][0]),
            ("test_sign", sign),
            ("test_value", value),
            ("test_yes", yes),
            ("test_no", no),
        ):
            columns[name].append(entry)
        return len(columns["test_sign"]) - 1
