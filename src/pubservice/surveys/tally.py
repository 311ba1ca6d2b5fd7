"""Sums and counts of answers by item, exact: the one thing that indices need of the table."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.engine import polars

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    sums = answers.frame.select(polars().len().alias("respondents"), **_sums(answers)).row(0, named=True)
    return _tallies(answers, sums)


def tally_by(answers: Answers, column: str) -> list[tuple[str | None, int, dict[str, Tally]]]:
    """Return each value of a column in order, null last, with how many respondents have it and their tallies."""
    pl = polars()
    grouped = (
        answers.frame.group_by(pl.col(column).alias("group"))
        .agg(pl.len().alias("respondents"), **_sums(answers))
        .sort("group", nulls_last=True)
    )
    return [
        (sums["group"], sums["respondents"], _tallies(answers, sums))
        for sums in grouped.iter_rows(named=True)
    ]


def _sums(answers: Answers) -> dict[str, Any]:
    """
    Return the sum of the answers to each item, and how many answered.

    Who was asked several questions of an item is summed by how many of them they answered. A question without gaps is
    not counted: all answered it, and counting takes as long as summing.
    """
    pl = polars()
    sums: dict[str, Any] = {}
    for id, columns in answers.questions.items():
        if len(columns) == 1:
            sums[f"{id}:1:sum"] = pl.col(columns[0]).sum()
            if answers.frame.get_column(columns[0]).has_nulls():
                sums[f"{id}:1:count"] = pl.col(columns[0]).count()
            continue
        total = pl.sum_horizontal(pl.col(column).cast(pl.Int32) for column in columns)
        answered = pl.sum_horizontal(pl.col(column).is_not_null() for column in columns)
        for n in range(1, len(columns) + 1):
            sums[f"{id}:{n}:sum"] = total.filter(answered == n).sum()
            sums[f"{id}:{n}:count"] = (answered == n).sum()
    return sums


def _tallies(answers: Answers, sums: Mapping[str, Any]) -> dict[str, Tally]:
    found = {}
    for id, columns in answers.questions.items():
        total, count = Fraction(0), 0
        for n in range(1, len(columns) + 1):
            total += Fraction(sums[f"{id}:{n}:sum"], n)
            count += sums.get(f"{id}:{n}:count", sums["respondents"])
        found[id] = Tally(total, count)
    return found
