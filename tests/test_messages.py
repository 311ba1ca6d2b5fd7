"""Texts for people, in two languages."""

from __future__ import annotations

import ast
import copy
import pickle
import string
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice
from pubservice import translations
from pubservice.messages import LANGUAGES, Message, did_you_mean, translate
from pubservice.translations import INDONESIAN

SOURCES = Path(pubservice.__file__).parent
SPEAKING = {"Message", "translate", "_wrong", "UnknownIdError"}  # their first argument is shown to people


def said(tree: ast.AST) -> list[tuple[str, int]]:
    """Return each literal text that a module says, with its line; either side of a condition is said."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        pending = [node.args[0]] if name in SPEAKING else []
        while pending:
            text = pending.pop()
            if isinstance(text, ast.IfExp):
                pending += [text.body, text.orelse]
            elif isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                found.append((text.value, node.lineno))
    return found


def fields(template: str) -> set[tuple[str, str, str]]:
    """Return the placeholders of a template: name, conversion and format."""
    parts = string.Formatter().parse(template)
    return {(name, how or "", form or "") for _, name, form, how in parts if name is not None}


TEXTS = [
    (f"{file.relative_to(SOURCES)}:{line}", text)
    for file in sorted(SOURCES.rglob("*.py"))
    for text, line in said(ast.parse(file.read_text(encoding="utf-8")))
]


def test_what_is_said_is_found() -> None:
    """
    The search sees plain texts, conditions and calls through a module, and leaves computed and other texts.
    """
    source = "Message('a'); m.Message('b' if x else 'c'); Message(d); Message(''); print('e'); Message()"
    assert sorted(text for text, _ in said(ast.parse(source))) == ["a", "b", "c"]
    assert len(TEXTS) > 100


def test_every_text_has_an_indonesian_one() -> None:
    """
    Nothing is said in English only; all misses are named at once.
    """
    missing = [f"{where}: {text}" for where, text in TEXTS if text not in INDONESIAN]
    assert not missing, "without Indonesian:\n" + "\n".join(missing)


def test_translations_fill_in_the_same_things() -> None:
    """
    A translation has the placeholders of its template, written the same way.
    """
    different = [english for english, other in INDONESIAN.items() if fields(english) != fields(other)]
    assert not different, "other placeholders:\n" + "\n".join(different)


def test_no_template_reaches_into_its_values() -> None:
    """
    A placeholder is a plain name: no attribute, no index, no position.
    """
    assert [t for t in INDONESIAN if any(not name.isidentifier() for name, _, _ in fields(t))] == []


def test_no_text_is_translated_twice() -> None:
    """
    A template stands once in the source, so that no translation hides another.
    """
    keys: Counter[str] = Counter()
    for file in Path(translations.__file__).parent.glob("*.py"):
        for table in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(table, ast.Dict):
                keys.update(str(key.value) for key in table.keys if isinstance(key, ast.Constant))
    assert [key for key, times in keys.items() if times > 1] == []
    assert len(keys) == len(INDONESIAN)


def test_rule_titles_are_translated() -> None:
    """
    The first line of every rule's page has an Indonesian counterpart.
    """
    assert [rule.code for rule in pubservice.rules() if rule.title not in INDONESIAN] == []


def test_a_message_is_its_english_text() -> None:
    """
    A message prints, compares, sorts and hashes as the text it is.
    """
    message = Message("repeats the check of {of}", of="identity")
    assert message == "repeats the check of identity" == str(message) == message.text() == message.text("en")
    assert hash(message) == hash("repeats the check of identity")
    assert (message.template, message.values) == ("repeats the check of {of}", {"of": "identity"})


def test_messages_inside_messages_are_translated_too() -> None:
    """
    A message that fills another speaks the same language.
    """
    message = Message(
        "no {kind} {id!r}{hint}", kind=Message("service"), id="x", hint=did_you_mean("x", ["x1"])
    )
    assert message == "no service 'x', did you mean 'x1'?"
    assert message.text("id") == "tidak ada layanan 'x', maksud Anda 'x1'?"


def test_a_message_without_translation_stays_english() -> None:
    """
    What has no Indonesian counterpart is said in English, filled in all the same.
    """
    assert Message("never {translated}", translated=1).text("id") == "never 1"
    assert Message("never").text("id") == "never"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_that_travelled_says_the_same(language: str) -> None:
    """
    A message that was pickled or copied still knows its translation, nested ones too.
    """
    message = Message("no {kind} {id!r}{hint}", kind=Message("service"), id="x", hint=Message(""))
    for again in (pickle.loads(pickle.dumps(message)), copy.copy(message), copy.deepcopy(message)):
        assert type(again) is Message
        assert (again.template, again.values) == (message.template, message.values)
        assert again.text(language) == message.text(language)  # type: ignore[arg-type]


@given(st.text())
def test_values_are_never_read_as_templates(text: str) -> None:
    """
    Braces in text from a file stay braces, in every language.
    """
    for value in (text, "{0.__class__}", "{kind.__init__}", "{"):
        message = Message("{resource}: capacity {capacity}", resource=value, capacity=3)
        assert message == f"{value}: capacity 3"
        assert message.text("id") == f"{value}: kapasitas 3"
    assert Message("{literal}").text("id") == "{literal}"


def test_words_are_translated_where_there_is_a_translation() -> None:
    """
    A known title changes with the language; English and unknown words stay.
    """
    assert translate("utilisation", "en") == "utilisation"
    assert translate("utilisation", "id") == "utilisasi"
    assert translate("no such word", "id") == "no such word"


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("clerc", ["engineer", "clerk"], "clerk"),
        ("clerc", ["clerk"] + [f"step-{i}" for i in range(200)], "clerk"),
        ("clerc", [], None),
        ("judge", ["clerk", "engineer"], None),
        ("clerc", ["klerk"] + [f"step-{i}" for i in range(200)], None),
        ("clerc", ["clerk"] + [f"step-{i}" for i in range(10_000)], None),
        ("x" * 81, ["x" * 82], None),
    ],
    ids=["near", "near of many", "none known", "none near", "other initial of many", "too many", "too long"],
)
def test_a_hint_names_the_nearest_known_word(word: str, known: list[str], near: str | None) -> None:
    """
    A hint is given where a known word is near, and where looking for it takes no time.
    """
    assert did_you_mean(word, iter(known)) == (f", did you mean {near!r}?" if near else "")


def test_rule_pages_are_translated() -> None:
    """
    Every paragraph and label of every rule's page has an Indonesian counterpart, sources aside.
    """
    said = [
        (rule.code, part)
        for rule in pubservice.rules()
        for s, text in rule.sections
        if s != "Source"
        for part in (s, text)
    ]
    said += [("", label) for label in ("Source", "Found in", "Not found in")]
    missing = [f"{code}: {text}" for code, text in said if text not in INDONESIAN]
    assert not missing, "without Indonesian:\n" + "\n".join(missing)
