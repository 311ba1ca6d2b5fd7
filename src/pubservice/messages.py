"""
Texts for people, in English and Indonesian.

English stands where it is used, as the template of a `Message`; its Indonesian counterpart stands once, in
`pubservice.translations`, under the English template. Templates are ours alone: text from a file or a log only
ever fills a placeholder, so it cannot be read as a format string.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

Language = Literal["en", "id"]
LANGUAGES: tuple[Language, ...] = ("en", "id")

_LONGEST, _FEW, _MOST = (
    80,
    100,
    10_000,
)  # characters of a word, and words, that suggestions are looked for among


class Message(str):  # noqa: SLOT000 - it carries its template
    """
    An English text that knows how to say itself in Indonesian.

    It is a plain ``str`` in English, so it prints, compares and sorts as one.

    Attributes:
        template: The English text with named placeholders.
        values: What fills the placeholders.

    Example:
        >>> message = Message("repeats the check of {of}", of="identity")
        >>> message
        'repeats the check of identity'
        >>> message.text("id")
        'mengulang pemeriksaan atas identity'
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Fill the template in English."""
        self = super().__new__(cls, template.format_map(values) if values else template)
        self.template = template
        self.values = values
        return self

    def text(self, language: Language = "en") -> str:
        """Return the message in a language; one without a translation stays English."""
        if language == "en":
            return str(self)
        template = translate(self.template, language)
        values = {
            key: value.text(language) if isinstance(value, Message) else value
            for key, value in self.values.items()
        }
        return template.format_map(values) if values else template

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with template and values."""
        return _rebuild, (self.template, self.values)


def listed(items: Iterable[str]) -> Message:
    """
    Return texts one after another, each in the language in which the whole is said.

    Example:
        >>> listed([Message("service"), "x"]).text("id")
        'layanan, x'
    """
    values = {f"item{n}": item for n, item in enumerate(items)}
    return Message(", ".join(f"{{{name}}}" for name in values), **values)


def _rebuild(template: str, values: dict[str, Any]) -> Message:
    return Message(template, **values)


def translate(text: str, language: Language) -> str:
    """
    Return an English template, column title or label in a language.

    Example:
        >>> translate("utilisation", "id")
        'utilisasi'
        >>> translate("utilisation", "en")
        'utilisation'
    """
    if language == "en":
        return text
    from pubservice.translations import INDONESIAN

    return INDONESIAN.get(text, text)


def did_you_mean(word: str, known: Iterable[str]) -> Message:
    """
    Return ``", did you mean 'clerk'?"`` for the known word nearest to one that is not known, else ``""``.

    Among more than a hundred, only those with the same beginning and about the same length are compared; among more
    than ten thousand, or for a very long word, nothing is suggested.

    Example:
        >>> did_you_mean("clerc", ["clerk", "engineer"])
        ", did you mean 'clerk'?"
        >>> did_you_mean("judge", ["clerk", "engineer"])
        ''
    """
    words = list(known)
    if len(word) > _LONGEST or len(words) > _MOST:
        return Message("")
    if len(words) > _FEW:
        words = [w for w in words if w[:1] == word[:1] and abs(len(w) - len(word)) <= 2][:_FEW]
    near = difflib.get_close_matches(word, words, n=1)
    return Message(", did you mean {near!r}?", near=near[0]) if near else Message("")
