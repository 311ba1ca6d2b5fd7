from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

import pubservice as ps
from pubservice.model.attribute import attributes as several
from strategies import attributes


@given(attributes())
def test_an_attribute_is_written_as_it_is_read(attribute: ps.Attribute) -> None:
    """
    What an attribute is written as gives the attribute again.
    """
    assert several({attribute.id: attribute.plain}) == (attribute,)


def test_a_number_alone_is_a_fixed_one() -> None:
    """
    A number is the same for all cases, and a distribution is taken as it is.
    """
    assert several({"amount": 5}) == several({"amount": "5"}) == several({"amount": ps.Fixed(5)})
    assert several({"amount": 5})[0].plain == "5"


@pytest.mark.parametrize(
    ("value", "path", "said"),
    [
        ({"5": 1}, "attributes", "expected a name of letters"),
        ({"a.b": 1}, "attributes", "expected a name of letters"),
        ({"or": 1}, "attributes", "'or' is a word of conditions"),
        ({"service": 1}, "attributes", "'service' of a case is its service in event logs"),
        ({3: 1}, "attributes", "expected a name of letters"),
        ({"a": "5 min"}, "attributes.a", "expected a number of at least 0"),
        ({"a": "lognormal(mean=5 min, sd=2)"}, "attributes.a", "expected a number of at least 0"),
        ({"a": "triangular(5, 4, 3)"}, "attributes.a", "expected a number of at least 0"),
        ({"a": -1}, "attributes.a", "expected a number of at least 0"),
        ({"a": True}, "attributes.a", "expected a number of at least 0"),
        ({"a": ps.Fixed(1, unit="min")}, "attributes.a", "expected a number of at least 0"),
        ({"a": None}, "attributes.a", "one of them"),
        ({"a": {}}, "attributes.a", "one of them"),
        ({"a": {"x": 0.5}}, "attributes.a", "shares sum to 0.5, expected 1"),
        ({"a": {"x": "half"}}, "attributes.a", "'half'"),
        ({"a": {"": 1}}, "attributes.a", "expected a word without"),
        ({"a": {'"': 1}}, "attributes.a", "expected a word without"),
        ({"a": {3: 1}}, "attributes.a", "expected a word without"),
        ([ps.Attribute("a", number=1)] * 2, "attributes", "'a' is there already"),
        ("a", "attributes", "expected attributes such as"),
        (["a"], "attributes", "expected attributes such as"),
        (1, "attributes", "expected attributes such as"),
    ],
)
def test_what_is_no_attribute_is_refused(value: Any, path: str, said: str) -> None:
    """
    Each fault of attributes is told with its place.
    """
    with pytest.raises(ps.InvalidModelError) as caught:
        several(value)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert said in str(problem.message)


def test_each_word_stands_once() -> None:
    """
    Pairs of words and shares do as well as a mapping, without repetition.
    """
    assert ps.Attribute("a", words=[("x", 0.5), ("y", "1/2")]) == ps.Attribute(
        "a", words={"x": 0.5, "y": 0.5}
    )
    with pytest.raises(ps.InvalidModelError, match="expected each word once"):
        ps.Attribute("a", words=[("x", 0.5), ("x", 0.5)])
