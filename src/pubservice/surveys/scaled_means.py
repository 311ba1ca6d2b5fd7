"""The mean answers to questions of one's own, on whatever scale they were asked."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from pubservice.messages import Message
from pubservice.surveys.answers import check_answers, said_respondents
from pubservice.surveys.grade import rounded
from pubservice.surveys.tally import tally
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.messages import Language
    from pubservice.surveys.answers import Answers


@attrs.frozen
class ScaledMean:
    """
    What respondents say to one question.

    Attributes:
        item: Its id.
        answers: How many answered.
        mean: The mean answer, exact; None where nobody answered.
        scaled: The same from 0 for the lowest answer to 1 for the highest.
    """

    item: str
    answers: int
    mean: Fraction | None
    scaled: Fraction | None

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "id": self.item,
            "answers": self.answers,
            "mean": _float(self.mean),
            "scaled": _float(self.scaled),
        }


@attrs.frozen
class ScaledMeans:
    """
    The mean answers to the questions of an instrument. All numbers are exact.

    Attributes:
        respondents: How many answered anything.
        low: The lowest answer.
        high: The highest answer.
        items: What was asked, in the order of the instrument.
        scaled: The mean of their scaled means, each counting the same; None where nobody answered one of them.
        undefined: Why it is None.
        notes: What a reader should know.
    """

    respondents: int
    low: int
    high: int
    items: tuple[ScaledMean, ...]
    scaled: Fraction | None
    undefined: Mapping[str, Message]
    notes: tuple[Message, ...]

    @property
    def value(self) -> float | None:
        """The mean of the scaled means as a number."""
        return _float(self.scaled)

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each question; means rounded to three decimals."""
        return [
            {
                "item": one.item,
                "answers": one.answers,
                "mean": None if one.mean is None else rounded(one.mean, 3),
                "scaled mean": None if one.scaled is None else rounded(one.scaled, 3),
            }
            for one in self.items
        ]

    def text(self, language: Language = "en") -> str:
        """Return the mean over all questions or why there is none, each question, and what to know of them."""
        said = self.undefined.get("scaled") or Message(
            "scaled mean {mean}, where {low} is 0 and {high} is 1, {respondents}",
            mean=None if self.scaled is None else rounded(self.scaled, 3),
            low=self.low,
            high=self.high,
            respondents=said_respondents(self.respondents),
        )
        lines = [said.text(language), table(self.rows(), language=language)]
        return "\n".join([*lines, *(note.text(language) for note in self.notes)])

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "respondents": self.respondents,
            "low": self.low,
            "high": self.high,
            "scaled": _float(self.scaled),
            "items": [one.data() for one in self.items],
            "notes": [str(note) for note in self.notes],
            "undefined": {name: str(why) for name, why in self.undefined.items()},
        }


def scaled_means(answers: Answers) -> ScaledMeans:
    """
    Return the mean answer to each question, and from 0 to 1, so that surveys on different scales can be set side by side.

    That steps of a scale are alike, and that its ends mean the same to all, are assumptions of every such mean.

    Args:
        answers: To any instrument whose questions run the same way.

    Example:
        >>> happy = ps.Instrument("happiness", items=["life", "place"], low=1, high=10)
        >>> print(scaled_means(ps.answers_from({"life": [7, 8, 10], "place": [7, 7, 4]}, instrument=happy)))
        scaled mean 0.685, where 1 is 0 and 10 is 1, 3 respondents
        item   answers   mean  scaled mean
        life         3  8.333        0.815
        place        3  6.000        0.556
    """
    check_answers(answers)
    low, high = answers.instrument.low, answers.instrument.high
    items = tuple(
        ScaledMean(
            id, found.count, found.mean, None if found.mean is None else (found.mean - low) / (high - low)
        )
        for id, found in tally(answers).items()
    )
    scaled = [one.scaled for one in items if one.scaled is not None]
    undefined = {}
    if not answers.respondents:
        undefined["scaled"] = Message("nobody answered")
    elif len(scaled) < len(items):
        silent = ", ".join(one.item for one in items if one.scaled is None)
        undefined["scaled"] = Message("nobody answered {elements}", elements=silent)
    return ScaledMeans(
        answers.respondents,
        low,
        high,
        items,
        None if undefined else sum(scaled, Fraction(0)) / len(scaled),
        undefined,
        answers.notes(),
    )


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
