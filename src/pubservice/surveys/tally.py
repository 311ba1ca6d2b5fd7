"""Sums and counts of answers by item, exact: the one thing that indices need of the table."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.engine import polars

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.surveys.answers import Answers


@attrs.frozen
class Tally:
    """
    The answers to one item.

    Attributes:
        total: The sum of what the respondents answered; where an item has several questions, of their means.
        count: How many answered.
    """

    total: Fraction
    count: int

    @property
    def mean(self) -> Fraction | None:
        """The mean answer, None where there is none."""
        return self.total / self.count if self.count else None


def tally(answers: Answers) -> dict[str, Tally]:
    """Return the sum and count of each item, by its id."""
    row = answers.frame.select(**_sums(answers)).row(0)
    return _tallies(answers, row)


def tally_by(answers: Answers, column: str) -> list[tuple[str | None, int, dict[str, Tally]]]:
    """Return each value of a column in order, null last, with how many respondents have it and their tallies."""
    pl = polars()
    grouped = (
        answers.frame.group_by(pl.col(column).alias("group"))
        .agg(pl.len().alias("respondents"), **_sums(answers))
        .sort("group", nulls_last=True)
    )
    return [(value, int(n), _tallies(answers, sums)) for value, n, *sums in grouped.iter_rows()]


def _sums(answers: Answers) -> dict[str, Any]:
    """Return for each item and number of questions answered: the sum of the answers, and how many respondents."""
    pl = polars()
    sums: dict[str, Any] = {}
    for id, columns in answers.questions.items():
        if len(columns) == 1:
            sums[f"{id}:1:sum"], sums[f"{id}:1:count"] = pl.col(columns[0]).sum(), pl.col(columns[0]).count()
            continue
        total = pl.sum_horizontal(pl.col(column).cast(pl.Int32) for column in columns)
        answered = pl.sum_horizontal(pl.col(column).is_not_null() for column in columns)
        for n in range(1, len(columns) + 1):
            sums[f"{id}:{n}:sum"] = total.filter(answered == n).sum()
            sums[f"{id}:{n}:count"] = (answered == n).sum()
    return sums


def _tallies(answers: Answers, row: Iterable[Any]) -> dict[str, Tally]:
    numbers = iter(row)
    found = {}
    for id, columns in answers.questions.items():
        total, count = Fraction(0), 0
        for n in range(1, len(columns) + 1):
            total += Fraction(int(next(numbers)), n)
            count += int(next(numbers))
        found[id] = Tally(total, count)
    return found
