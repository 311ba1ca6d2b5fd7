"""An index by group, without a group so small that its members could be recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import attrs

from pubservice.engine import polars
from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message
from pubservice.surveys.answers import Answers, check_answers
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pubservice.messages import Language

AT_LEAST = 10


class Index(Protocol):
    """What is computed of answers: a number, in words and for JSON."""

    @property
    def value(self) -> float | None:
        """The number, None where it does not exist."""

    def text(self, language: Language = "en") -> str:
        """Return it in words."""

    def data(self) -> dict[str, object]:
        """Return it for JSON."""


@attrs.frozen
class RespondentGroup:
    """
    One group of respondents.

    Attributes:
        name: The value that they share; None for those without one.
        respondents: How many they are; None where the group is suppressed.
        index: Of their answers; None where the group is suppressed.
    """

    name: str | None
    respondents: int | None
    index: Index | None = attrs.field(repr=False)

    @property
    def suppressed(self) -> bool:
        """Whether the group is kept back."""
        return self.index is None


@attrs.frozen
class Breakdown:
    """
    An index by group.

    Attributes:
        by: The column of the group.
        at_least: How many answers are shown at least.
        groups: In alphabetical order, those without a value last.
        total: The index of all; None where even they are too few.
        respondents: How many all are; None likewise.
    """

    by: str
    at_least: int
    groups: tuple[RespondentGroup, ...]
    total: Index | None = attrs.field(repr=False)
    respondents: int | None

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each group, and one for all."""
        rows: list[dict[str, object]] = [
            {
                "group": group.name,
                "respondents": Message("suppressed") if group.suppressed else group.respondents,
                "value": group.index.value if group.index else None,
            }
            for group in self.groups
        ]
        whole: dict[str, object] = {
            "group": Message("all"),
            "respondents": Message("suppressed") if self.respondents is None else self.respondents,
            "value": self.total.value if self.total else None,
        }
        return [*rows, whole]

    def text(self, language: Language = "en") -> str:
        """Return a table, and what was kept back."""
        lines = [table(self.rows(), language=language)]
        hidden = sum(group.suppressed for group in self.groups)
        if hidden:
            lines.append(said_of_hidden(hidden, self.at_least).text(language))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "by": self.by,
            "at_least": self.at_least,
            "groups": [
                {
                    "group": group.name,
                    "respondents": group.respondents,
                    "suppressed": group.suppressed,
                    "index": group.index.data() if group.index else None,
                }
                for group in self.groups
            ],
            "respondents": self.respondents,
            "total": self.total.data() if self.total else None,
        }


def said_of_hidden(groups: int, at_least: int) -> Message:
    """Return why so many groups are not shown."""
    return Message(
        "{n} group is kept back, so that nobody can be recognised: each number shown, and the difference between"
        " all and those shown, rests on at least {least} answers"
        if groups == 1
        else "{n} groups are kept back, so that nobody can be recognised: each number shown, and the difference"
        " between all and those shown, rests on at least {least} answers",
        n=groups,
        least=at_least,
    )


def breakdown(
    answers: Answers, by: str, of: Callable[[Answers], Index], *, at_least: int = AT_LEAST
) -> Breakdown:
    """
    Return an index for each group of respondents, but for those that are too small.

    A group is kept back where any question has from 1 to ``at_least`` - 1 answers in it. What the groups that are kept
    back hold together can be had by subtraction from the total, so while any question has from 1 to ``at_least`` - 1
    answers there, or only one group is kept back, the smallest group of the others is kept back too.

    Known limits: a group whose members all answer alike says what each of them answered; several breakdowns of one
    survey can be set against each other.

    Args:
        answers: Of all respondents.
        by: The column of the group, or ``service`` or ``period``.
        of: What to compute, as `satisfaction_index`.
        at_least: How many answers are shown at least; offices of statistics use 3, 5 or more.

    Raises:
        UnknownIdError: There is no such column.
        InvalidModelError: There are more than a thousand groups, or the bound is none.

    Example:
        >>> rows = [{"nps": n % 11, "sex": "f" if n % 3 else "m"} for n in range(60)]
        >>> print(breakdown(ps.answers_from(rows, instrument="nps"), "sex", ps.net_promoter_score))
        group  respondents   value
        f               40  -52.50
        m               20  -45.00
        all             60  -50.00

    Source:
        Hundepool et al. (2012), Statistical Disclosure Control, ch. 4 (threshold rule, secondary suppression). The default
        of 10 is a choice, stricter than the usual 3 or 5.
    """
    check_answers(answers)
    check_at_least(at_least)
    parts = answers.parts(by)
    sizes = {name: _sizes(part) for name, part in parts.items()}
    hidden = kept_back(sizes, at_least)
    few = _few(_sizes(answers), at_least)
    groups = tuple(
        RespondentGroup(name, None, None)
        if few or name in hidden
        else RespondentGroup(name, part.respondents, of(part))
        for name, part in parts.items()
    )
    if few:
        return Breakdown(by, at_least, groups, None, None)
    return Breakdown(by, at_least, groups, of(answers), answers.respondents)


def check_at_least(at_least: object) -> None:
    """Refuse what is no number of answers."""
    if type(at_least) is not int or at_least < 1:
        message = Message("expected a whole number of at least 1, got {value!r}", value=at_least)
        raise InvalidModelError([Problem("at_least", message)])


def _sizes(answers: Answers) -> tuple[int, ...]:
    """Return how many respondents there are, and how many answered each question."""
    pl = polars()
    counted = answers.frame.select(pl.len(), *(pl.col(column).count() for column in answers.columns))
    return tuple(map(int, counted.row(0)))


def _few(sizes: Iterable[int], at_least: int) -> bool:
    return any(0 < size < at_least for size in sizes)


def kept_back(sizes: Mapping[str | None, tuple[int, ...]], at_least: int) -> set[str | None]:
    """
    Return the groups to keep back: those that are too small, and others until the rest that they make is large enough.

    Args:
        sizes: Of each group, how many answered anything, and how many each question.
        at_least: How many answers are shown at least.
    """
    hidden = {name for name, size in sizes.items() if _few(size, at_least)}
    others = sorted((size, name or "", name) for name, size in sizes.items() if name not in hidden)
    for _, _, name in others:
        together = [sum(column) for column in zip(*(sizes[name] for name in hidden), strict=True)]
        if not hidden or (len(hidden) > 1 and not _few(together, at_least)):
            break
        hidden.add(name)
    return hidden
