"""Texts for people."""

from __future__ import annotations

import ast
import pickle
import re
import string
from pathlib import Path

import pubservice
from pubservice.messages import Message, did_you_mean, translate
from pubservice.translations import INDONESIAN

SOURCES = Path(pubservice.__file__).parent


def templates() -> dict[str, str]:
    """Return every English template in the sources, with the file it stands in."""
    found = {}
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("Message", "translate", "_wrong")
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and node.args[0].value
            ):
                found[str(node.args[0].value)] = file.name
    return found


def placeholders(template: str) -> set[str]:
    """Return the names that a template fills in."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_text_has_an_indonesian_one() -> None:
    """
    Nothing is said in English only.
    """
    assert {text: file for text, file in templates().items() if text not in INDONESIAN} == {}


def test_translations_fill_in_the_same_things() -> None:
    """
    A translation has the placeholders of its template.
    """
    assert [t for t, other in INDONESIAN.items() if placeholders(t) != placeholders(other)] == []


def test_rule_titles_are_translated() -> None:
    """
    The first line of every rule's page has an Indonesian counterpart.
    """
    assert [rule.code for rule in pubservice.rules() if rule.title not in INDONESIAN] == []


def test_a_message_travels_between_processes() -> None:
    """
    A message that was pickled still knows its translation, nested ones too.
    """
    message = Message("no {kind} {id!r}{hint}", kind=Message("service"), id="x", hint=Message(""))
    again = pickle.loads(pickle.dumps(message))
    assert again == message == "no service 'x'"
    assert again.text("id") == "tidak ada layanan 'x'"
    assert again.text() == "no service 'x'"


def test_values_are_never_read_as_templates() -> None:
    """
    Braces in text from a file stay braces.
    """
    assert Message("no {kind} {id!r}{hint}", kind="x", id="{0.__class__}", hint="") == "no x '{0.__class__}'"
    assert Message("{literal}") == "{literal}"


def test_did_you_mean_is_silent_without_a_near_word() -> None:
    """
    A hint is given only where a known word is near.
    """
    assert did_you_mean("clerc", ["clerk"]) == ", did you mean 'clerk'?"
    assert did_you_mean("zzz", ["clerk"]) == ""
    assert translate("utilisation", "en") == "utilisation"
    assert re.match("utilisasi", translate("utilisation", "id"))
