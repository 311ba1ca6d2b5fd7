"""The rules, and the register that they are in."""

from __future__ import annotations

import inspect
import pkgutil
import re
import textwrap
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import attrs

from pubservice.errors import UnknownIdError
from pubservice.messages import Message, translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pubservice.analysis.findings import Finding
    from pubservice.analysis.subject import Subject
    from pubservice.messages import Language


class SkipRuleError(Exception):
    """Raised by a rule that cannot run, or go on, on a service; `check` lists it with the reason."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason
        super().__init__(reason)


@attrs.frozen
class Rule:
    """
    A pure function that finds one kind of fault, with its documentation and its own examples.

    Attributes:
        code: Stable; never used again for another rule.
        name: In words.
        find: The function.
        bad: A service, in YAML, in which it finds something.
        good: The same without the fault.
    """

    code: str
    name: str
    find: Callable[[Subject], Iterable[Finding]] = attrs.field(repr=False)
    bad: str = attrs.field(repr=False)
    good: str = attrs.field(repr=False)

    @property
    def title(self) -> Message:
        """What it finds, in a sentence."""
        return Message((inspect.getdoc(self.find) or self.name).partition("\n")[0])

    def text(self, language: Language = "en") -> str:
        """Return its page: what it finds, why that matters, the remedy, known limits, source, and both examples."""
        parts = [f"{self.code} {self.name}", "", translate(self.title, language)]
        for section, paragraph in self.sections:
            shown = paragraph if section == "Source" else translate(paragraph, language)
            parts.extend(
                [
                    "",
                    f"{translate(section, language)}:",
                    textwrap.fill(shown, 110, initial_indent="    ", subsequent_indent="    "),
                ]
            )
        for label, example in (("Found in", self.bad), ("Not found in", self.good)):
            shown = textwrap.indent(textwrap.dedent(example).strip(), "    ")
            parts.extend(["", f"{translate(label, language)}:", "", shown])
        return "\n".join(parts)

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """The sections of its documentation below the title, each with its text on one line."""
        parts = re.split(r"^(\w[\w ]*):\n", inspect.getdoc(self.find) or "", flags=re.MULTILINE)
        return tuple(
            (section, " ".join(text.split())) for section, text in zip(parts[1::2], parts[2::2], strict=True)
        )

    def __str__(self) -> str:
        return self.text()


_FAMILIES = ("MOD", "RED", "EVD", "HND", "WAI", "LEG")
_REGISTER: dict[str, Rule] = {}


def rule(
    code: str,
    name: str,
    *,
    bad: str,
    good: str,
) -> Callable[[Callable[[Subject], Iterable[Finding]]], Callable[[Subject], Iterable[Finding]]]:
    """
    Register a function as a rule.

    Args:
        code: Three capital letters and three digits; never used before.
        name: In words, joined by hyphens.
        bad: A service in YAML (requirements, outputs, procedure, resources, ...) in which it finds something.
        good: The same without the fault.

    Raises:
        ValueError: Another function has the code.

    Example:
        >>> @rule("OUR001", "no-name", bad="procedure: {steps: [{id: a}]}", good="procedure: {steps: [{id: a, name: A}]}")
        ... def no_name(subject):
        ...     "Find steps without a name."
        ...     for step in subject.service.procedure.steps:
        ...         if not step.name:
        ...             yield ps.Finding(subject.service.id, steps=(step.id,), message=ps.Message("has no name for people"))
        >>> print(ps.check(city_hall, select=["OUR"])[0])
        OUR001 building-permit: intake: has no name for people
    """

    def register(find: Callable[[Subject], Iterable[Finding]]) -> Callable[[Subject], Iterable[Finding]]:
        known = _REGISTER.get(code)
        if known is not None and (known.find.__module__, known.name) != (find.__module__, name):
            message = f"{code} is {known.name!r} already: a code is never used again"
            raise ValueError(message)
        _REGISTER[code] = Rule(code, name, find, bad, good)
        return find

    return register


@cache
def load_rules() -> tuple[tuple[str, Message], ...]:
    """Import every file of rules; return those that cannot be, with the reason."""
    package = import_module("pubservice.analysis.rules")
    failed = []
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        try:
            import_module(module.name)
        except Exception as error:  # noqa: BLE001 - one file that fails must not hide what other rules find
            reason = Message("the file of the rule cannot be loaded: {error}", error=repr(error))
            failed.append((module.name.rpartition(".")[2], reason))
    return tuple(failed)


def rules() -> tuple[Rule, ...]:
    """
    Return all rules, model errors first: every file in ``pubservice.analysis.rules``, and those you registered.

    Example:
        >>> [rule.code for rule in rules()][:3]
        ['MOD001', 'MOD002', 'MOD003']
    """
    load_rules()
    order = {family: position for position, family in enumerate(_FAMILIES)}
    return tuple(
        sorted(_REGISTER.values(), key=lambda found: (order.get(found.code[:3], len(order)), found.code))
    )


def find_rule(code: str) -> Rule:
    """
    Return the rule with a code.

    Raises:
        UnknownIdError: There is none.

    Example:
        >>> find_rule("red001").name
        'repeated-check'
    """
    for candidate in rules():
        if candidate.code == code.upper():
            return candidate
    raise UnknownIdError("rule", code, [candidate.code for candidate in rules()])
