"""Ids, names in several languages, and the checks of one field."""

from __future__ import annotations

import ast
import string
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice.model
import pubservice.units
from pubservice.errors import InvalidModelError
from pubservice.model.text import (
    EMPTY,
    Text,
    check_count,
    check_flag,
    check_id,
    check_ids,
    check_text,
    duplicates,
    instance_of,
    names,
    one_of,
    text,
)
from pubservice.translations import INDONESIAN

SOURCES = [Path(pubservice.units.__file__), *sorted(Path(pubservice.model.__path__[0]).glob("*.py"))]


def templates() -> list[str]:
    found = []
    for source in SOURCES:
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("Message", "_wrong"):
                found += [
                    a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
    return sorted(set(found))


def placeholders(template: str) -> set[tuple[str | None, str | None, str | None]]:
    return {parts[1:] for parts in string.Formatter().parse(template) if parts[1] is not None}


@attrs.frozen
class Form:
    """Has a field of each sort."""

    id: str = attrs.field(default="a", validator=check_id)
    ids: tuple[str, ...] = attrs.field(default=(), converter=names, validator=check_ids)
    colour: str = attrs.field(default="red", validator=one_of("red", "green"))
    shade: str | None = attrs.field(default=None, validator=one_of("light", "dark"))
    note: str = attrs.field(default="", validator=check_text)
    remark: str | None = attrs.field(default=None, validator=check_text)
    count: int = attrs.field(default=1, validator=check_count)
    limit: int | None = attrs.field(default=None, validator=check_count)
    flag: bool = attrs.field(default=True, validator=check_flag)
    part: Text = attrs.field(default=EMPTY, validator=instance_of(Text))
    extra: Text | None = attrs.field(default=None, validator=instance_of(Text))


def refusal(**fields: Any) -> str:
    with pytest.raises(InvalidModelError) as caught:
        Form(**fields)
    return str(caught.value)


@pytest.mark.parametrize("template", templates())
def test_every_message_is_translated_with_its_placeholders(template: str) -> None:
    """
    Every text of the units and the model stands in Indonesian too, with the same placeholders.
    """
    assert placeholders(INDONESIAN[template]) == placeholders(template)


def test_text_in_languages() -> None:
    """
    A text per language is said in the language asked for, else in English.
    """
    name = text({"id": "Balai Kota", "en": "City Hall"})
    assert [name.text("id"), name.text("en"), name.text("fr"), str(name)] == [
        "Balai Kota",
        "City Hall",
        "City Hall",
        "City Hall",
    ]


def test_text_without_english() -> None:
    """
    Without English the first language stands in.
    """
    assert str(text({"id": "Balai Kota", "jv": "Bale Kutha"})) == "Balai Kota"


def test_text_in_one_language() -> None:
    """
    A plain string is a text in no particular language.
    """
    assert text("City Hall") == Text((("", "City Hall"),))


@pytest.mark.parametrize(
    ("given_text", "expected"), [("", False), ({}, False), ({"id": ""}, False), ({"id": "x"}, True)]
)
def test_text_is_true_where_it_says_something(given_text: Any, expected: bool) -> None:
    """
    A text is true if it says something in some language.
    """
    assert expected is bool(text(given_text))


def test_empty_text_says_nothing() -> None:
    """
    The empty text is the empty string in every language.
    """
    assert (text("") is EMPTY, str(EMPTY)) == (True, "")


def test_text_stays_itself() -> None:
    """
    A text is taken as it is.
    """
    assert text(EMPTY) is EMPTY


@pytest.mark.parametrize("wrong", [3, None, {"en": 3}, {3: "x"}, ["x"]])
def test_text_refuses_what_is_none(wrong: Any) -> None:
    """
    The error for what is no text shows what was found.
    """
    with pytest.raises(InvalidModelError) as caught:
        text(wrong)
    assert str(caught.value) == f"expected a text, or a text per language, got {wrong!r}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [((), ()), ([], ()), ("a", ("a",)), (["a", "b"], ("a", "b")), ((x for x in "ab"), ("a", "b"))],
)
def test_names_are_one_or_several(value: Any, expected: tuple[str, ...]) -> None:
    """
    One string is a tuple of one; any other collection becomes a tuple.
    """
    assert expected == names(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": 1}, "expected a text or a list of texts, got {'a': 1}"),
        (3, "expected a text or a list of texts, got 3"),
        (["a", 3], "expected a text, got 3"),
    ],
)
def test_names_refuse_what_is_none(value: Any, message: str) -> None:
    """
    Names are a string or several.
    """
    with pytest.raises(InvalidModelError) as caught:
        names(value)
    assert str(caught.value) == message


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]*", fullmatch=True))
def test_ids(value: str) -> None:
    """
    Letters, digits, dots, underscores and hyphens make an id, if a letter or a digit comes first.
    """
    assert Form(id=value, ids=value).ids == (value,)


@pytest.mark.parametrize("value", ["", "-a", ".a", "a b", "a\n", "kantor/1", "é", 3, None])
def test_wrong_ids(value: Any) -> None:
    """
    Anything else is no id.
    """
    assert refusal(id=value) == f"id: expected an id of letters, digits, '.', '_' and '-', got {value!r}"


def test_wrong_id_among_several() -> None:
    """
    Each of several ids is checked.
    """
    assert refusal(ids=["a", "b c"]) == "ids: expected an id of letters, digits, '.', '_' and '-', got 'b c'"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"colour": "gren"}, "colour: expected one of red, green, got 'gren', did you mean 'green'?"),
        ({"colour": None}, "colour: expected one of red, green, got None"),
        ({"shade": 3}, "shade: expected one of light, dark, got 3"),
        ({"note": None}, "note: expected a text, got None"),
        ({"remark": 3}, "remark: expected a text, got 3"),
        ({"count": 0}, "count: expected a whole number of at least 1, got 0"),
        ({"count": None}, "count: expected a whole number of at least 1, got None"),
        ({"count": True}, "count: expected a whole number of at least 1, got True"),
        ({"limit": 1.5}, "limit: expected a whole number of at least 1, got 1.5"),
        ({"flag": 1}, "flag: expected true or false, got 1"),
        ({"part": None}, "part: expected a Text, got None"),
        ({"extra": "x"}, "extra: expected a Text, got 'x'"),
    ],
)
def test_wrong_fields(fields: dict[str, Any], message: str) -> None:
    """
    Each check names its field, what it expected and what it found.
    """
    assert refusal(**fields) == message


def test_none_where_it_is_the_default() -> None:
    """
    None passes where it is the default.
    """
    assert Form(shade=None, remark=None, limit=None, extra=None) == Form()


@given(st.lists(st.sampled_from("abcdef")))
def test_duplicates(ids: list[str]) -> None:
    """
    Each id that stands more than once is named with the position of its first repetition.
    """
    expected = {x: [i for i, y in enumerate(ids) if y == x][1] for x in ids if ids.count(x) > 1}
    assert expected == duplicates(ids)


def test_a_language_has_one_text() -> None:
    """
    Two texts in one language are refused.
    """
    with pytest.raises(InvalidModelError, match="expected one text per language"):
        Text((("en", "a"), ("en", "b")))
