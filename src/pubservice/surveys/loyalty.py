"""Scores of a single question: NPS, CSAT, CES."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.engine import polars
from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.messages import Message
from pubservice.surveys.answers import check_answers, said_respondents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.messages import Language
    from pubservice.surveys.answers import Answers


@attrs.frozen
class PromoterScore:
    """
    The Net Promoter Score.

    Attributes:
        respondents: How many answered the question.
        promoters: The share who answered 9 or 10, 0 to 1.
        passives: The share who answered 7 or 8.
        detractors: The share who answered 0 to 6.
        score: Promoters less detractors in points, -100 to 100; None where nobody answered.
        undefined: Why a number is None, by its name.
        notes: What a reader should know.
    """

    respondents: int
    promoters: float | None
    passives: float | None
    detractors: float | None
    score: float | None
    undefined: Mapping[str, Message]
    notes: tuple[Message, ...]

    @property
    def value(self) -> float | None:
        """The score."""
        return self.score

    def rows(self) -> list[dict[str, object]]:
        """Return the one row."""
        return [self.data()]

    def text(self, language: Language = "en") -> str:
        """Return the score and the shares behind it, or why there is none."""
        said = self.undefined.get("score") or Message(
            "NPS {score:+.1f}, {respondents}: {promoters:.1%} promoters, {passives:.1%} passives, {detractors:.1%} detractors",
            score=self.score,
            respondents=said_respondents(self.respondents),
            promoters=self.promoters,
            passives=self.passives,
            detractors=self.detractors,
        )
        return _lines(said, self.notes, language)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return _data(self)


@attrs.frozen
class SatisfactionShare:
    """
    Customer satisfaction, CSAT, of a five-point scale, by both of its variants.

    Attributes:
        respondents: How many answered the question.
        top_two_share: The share who answered 4 or 5, 0 to 1; neutral answers count among the others.
        scaled_mean: The mean with 1 as 0 and 5 as 1.
        undefined: Why a number is None, by its name.
        notes: What a reader should know.
    """

    respondents: int
    top_two_share: float | None
    scaled_mean: float | None
    undefined: Mapping[str, Message]
    notes: tuple[Message, ...]

    @property
    def value(self) -> float | None:
        """The top-two share."""
        return self.top_two_share

    def rows(self) -> list[dict[str, object]]:
        """Return the one row."""
        return [self.data()]

    def text(self, language: Language = "en") -> str:
        """Return both variants, or why there are none."""
        said = self.undefined.get("top_two_share") or Message(
            "CSAT {share:.1%} in the top two boxes, {respondents}; scaled mean {mean:.1%}",
            share=self.top_two_share,
            respondents=said_respondents(self.respondents),
            mean=self.scaled_mean,
        )
        return _lines(said, self.notes, language)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return _data(self)


@attrs.frozen
class EffortScore:
    """
    The Customer Effort Score, CES 2.0: how easy it was, by both of its variants.

    Attributes:
        respondents: How many answered the question.
        mean: The mean answer, 1 to 7, where 7 is easiest.
        easy_share: The share who answered 5 to 7, 0 to 1.
        undefined: Why a number is None, by its name.
        notes: What a reader should know.
    """

    respondents: int
    mean: float | None
    easy_share: float | None
    undefined: Mapping[str, Message]
    notes: tuple[Message, ...]

    @property
    def value(self) -> float | None:
        """The mean."""
        return self.mean

    def rows(self) -> list[dict[str, object]]:
        """Return the one row."""
        return [self.data()]

    def text(self, language: Language = "en") -> str:
        """Return both variants, or why there are none."""
        said = self.undefined.get("mean") or Message(
            "CES {mean:.2f} of 7, {respondents}; {share:.1%} found it easy (5 to 7)",
            mean=self.mean,
            respondents=said_respondents(self.respondents),
            share=self.easy_share,
        )
        return _lines(said, self.notes, language)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return _data(self)


def net_promoter_score(answers: Answers, *, item: str | None = None) -> PromoterScore:
    """
    Return the Net Promoter Score of a question on 0 to 10: promoters (9, 10) less detractors (0 to 6).

    Args:
        answers: To the instrument ``nps``, or another on that scale.
        item: Which question; may be left out where there is only one.

    Raises:
        InvalidModelError: The scale is another, or there are several questions.
        UnknownIdError: There is no such question.

    Example:
        >>> print(net_promoter_score(ps.answers_from({"nps": [10, 10, 9, 8, 3]}, instrument="nps")))
        NPS +40.0, 5 respondents: 60.0% promoters, 20.0% passives, 20.0% detractors

    Source:
        Reichheld (2003), The One Number You Need to Grow, Harvard Business Review 81(12).
    """
    counts = _counts(answers, item, 0, 10)
    n = sum(counts.values())
    if not n:
        return PromoterScore(0, None, None, None, None, _nobody("score"), answers.notes())
    detractors = sum(count for score, count in counts.items() if score <= 6)
    promoters = counts.get(9, 0) + counts.get(10, 0)
    return PromoterScore(
        n,
        promoters / n,
        (n - promoters - detractors) / n,
        detractors / n,
        100 * (promoters - detractors) / n,
        {},
        answers.notes(),
    )


def customer_satisfaction(answers: Answers, *, item: str | None = None) -> SatisfactionShare:
    """
    Return the share of satisfied answers to a question on 1 to 5, and the scaled mean.

    Args:
        answers: To the instrument ``csat``, or another on that scale.
        item: Which question; may be left out where there is only one.

    Raises:
        InvalidModelError: The scale is another, or there are several questions.
        UnknownIdError: There is no such question.

    Example:
        Of 39, 62, 81, 9 and 3 residents, the first two groups are satisfied.

        >>> panel = [5] * 39 + [4] * 62 + [3] * 81 + [2] * 9 + [1] * 3
        >>> print(customer_satisfaction(ps.answers_from({"csat": panel}, instrument="csat")))
        CSAT 52.1% in the top two boxes, 194 respondents; scaled mean 66.1%

    Source:
        GOV.UK Service Manual, measuring user satisfaction; the panel is Uttlesford's.
    """
    counts = _counts(answers, item, 1, 5)
    n = sum(counts.values())
    if not n:
        return SatisfactionShare(0, None, None, _nobody("top_two_share", "scaled_mean"), answers.notes())
    share = (counts.get(4, 0) + counts.get(5, 0)) / n
    mean = sum((score - 1) * count for score, count in counts.items()) / (4 * n)
    return SatisfactionShare(n, share, mean, {}, answers.notes())


def customer_effort(answers: Answers, *, item: str | None = None) -> EffortScore:
    """
    Return how easy a question on 1 to 7 says it was: the mean, and the share of 5 to 7.

    Args:
        answers: To the instrument ``ces``, or another on that scale, where 7 is easiest.
        item: Which question; may be left out where there is only one.

    Raises:
        InvalidModelError: The scale is another, or there are several questions.
        UnknownIdError: There is no such question.

    Example:
        >>> print(customer_effort(ps.answers_from({"ces": [7, 6, 5, 2]}, instrument="ces")))
        CES 5.00 of 7, 4 respondents; 75.0% found it easy (5 to 7)

    Source:
        CES 2.0, as it is commonly used; not verified against a publication.
    """
    counts = _counts(answers, item, 1, 7)
    n = sum(counts.values())
    if not n:
        return EffortScore(0, None, None, _nobody("mean", "easy_share"), answers.notes())
    mean = sum(score * count for score, count in counts.items()) / n
    share = sum(count for score, count in counts.items() if score >= 5) / n
    return EffortScore(n, mean, share, {}, answers.notes())


def _counts(answers: Answers, item: str | None, low: int, high: int) -> dict[int, int]:
    """Return how often each answer was given to a question."""
    check_answers(answers)
    if item is not None and item not in answers.questions:
        raise UnknownIdError("item", item, answers.questions)
    columns = answers.columns if item is None else answers.questions[item]
    problems = []
    if (answers.instrument.low, answers.instrument.high) != (low, high):
        message = Message(
            "expected a scale from {low} to {high}, got {found_low} to {found_high}",
            low=low,
            high=high,
            found_low=answers.instrument.low,
            found_high=answers.instrument.high,
        )
        problems.append(Problem("", message))
    if len(columns) > 1:
        message = Message(
            "expected one question, got {n}: {columns}", n=len(columns), columns=", ".join(columns[:20])
        )
        problems.append(Problem("item", message))
    if problems:
        raise InvalidModelError(problems)
    pl = polars()
    counted = answers.frame.group_by(pl.col(columns[0]).alias("score")).agg(pl.len().alias("n"))
    return {int(score): int(n) for score, n in counted.drop_nulls().iter_rows()}


def _nobody(*names: str) -> dict[str, Message]:
    return dict.fromkeys(names, Message("nobody answered"))


def _lines(first: Message, notes: tuple[Message, ...], language: Language) -> str:
    return "\n".join(text.text(language) for text in (first, *notes))


def _data(result: PromoterScore | SatisfactionShare | EffortScore) -> dict[str, object]:
    found = {field.name: getattr(result, field.name) for field in attrs.fields(type(result))}
    found["undefined"] = {name: str(why) for name, why in result.undefined.items()}
    found["notes"] = [str(note) for note in result.notes]
    return found
