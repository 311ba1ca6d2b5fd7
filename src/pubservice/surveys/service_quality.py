"""SERVQUAL and SERVPERF: quality as those served see it, in five dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.engine import polars
from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message, did_you_mean
from pubservice.surveys.answers import check_answers, said_respondents
from pubservice.surveys.grade import rounded
from pubservice.surveys.instrument import SERVPERF, SERVQUAL
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.messages import Language
    from pubservice.surveys.answers import Answers

DIMENSIONS = {
    "tangibles": range(1, 5),
    "reliability": range(5, 10),
    "responsiveness": range(10, 14),
    "assurance": range(14, 18),
    "empathy": range(18, 23),
}
NEGATIVE_1988 = (*range(10, 14), *range(18, 23))  # worded negatively in the version of 1988
SOURCES = (
    "Parasuraman, Zeithaml & Berry (1988), Journal of Retailing 64(1), 12-40",
    "Cronin & Taylor (1992), Journal of Marketing 56(3), 55-68",
)
_TOP = 8  # reversed: 8 - x


@attrs.frozen
class QualityDimension:
    """
    What respondents say of one dimension.

    Attributes:
        id: ``tangibles``, ``reliability``, ``responsiveness``, ``assurance`` or ``empathy``.
        expectation: The mean of its statements on what should be, 1 to 7; None in SERVPERF.
        perception: The mean of its statements on what is, 1 to 7.
        gap: Perception less expectation, -6 to 6; negative is below what was expected.
        answers: How many respondents the least answered statement has; in SERVQUAL, with both parts.
    """

    id: str
    expectation: Fraction | None
    perception: Fraction | None
    gap: Fraction | None
    answers: int

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "id": self.id,
            "expectation": _float(self.expectation),
            "perception": _float(self.perception),
            "gap": _float(self.gap),
            "answers": self.answers,
        }


@attrs.frozen
class ServiceQuality:
    """
    Quality by SERVQUAL: how far what is falls short of what is expected. All numbers are exact.

    Attributes:
        respondents: How many answered anything.
        dimensions: The five.
        unweighted: The mean of their gaps.
        weighted: The sum of weight times gap, where the weights sum to 1.
        undefined: Why a number is None, by its name.
        notes: What a reader should know.
    """

    respondents: int
    dimensions: tuple[QualityDimension, ...]
    unweighted: Fraction | None
    weighted: Fraction | None
    undefined: Mapping[str, Message]
    notes: tuple[Message, ...]

    @property
    def weighted_over_five(self) -> Fraction | None:
        """The weighted sum divided by the number of dimensions, as some publish it."""
        return None if self.weighted is None else self.weighted / len(DIMENSIONS)

    @property
    def value(self) -> float | None:
        """The unweighted gap as a number."""
        return _float(self.unweighted)

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each dimension; numbers rounded to three decimals."""
        return [
            {
                "dimension": Message(one.id),
                "answers": one.answers,
                "expectation": _decimal(one.expectation),
                "perception": _decimal(one.perception),
                "gap": _decimal(one.gap),
            }
            for one in self.dimensions
        ]

    def text(self, language: Language = "en") -> str:
        """Return the gaps, and why one is missing."""
        lines = []
        if self.unweighted is not None:
            said = Message(
                "SERVQUAL gap {gap}, unweighted, {respondents}",
                gap=rounded(self.unweighted, 3),
                respondents=said_respondents(self.respondents),
            )
            lines.append(said.text(language))
        if self.weighted is not None and self.weighted_over_five is not None:
            said = Message(
                "weighted gap {gap}; divided by five, as some publish it: {over}",
                gap=rounded(self.weighted, 3),
                over=rounded(self.weighted_over_five, 3),
            )
            lines.append(said.text(language))
        lines.append(table(self.rows(), language=language))
        lines += [note.text(language) for note in self.notes]
        lines += [why.text(language) for name, why in self.undefined.items() if name != "weighted"]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "respondents": self.respondents,
            "unweighted": _float(self.unweighted),
            "weighted": _float(self.weighted),
            "weighted_over_five": _float(self.weighted_over_five),
            "dimensions": [one.data() for one in self.dimensions],
            "notes": [str(note) for note in self.notes],
            "undefined": {name: str(why) for name, why in self.undefined.items()},
            "source": SOURCES[0],
        }


@attrs.frozen
class PerceivedQuality:
    """
    Quality by SERVPERF: what is, whatever was expected.

    Attributes:
        respondents: How many answered anything.
        dimensions: The five, without expectations.
        mean: The mean of the 22 statements, 1 to 7, exact.
        undefined: Why it is None.
        notes: What a reader should know.
    """

    respondents: int
    dimensions: tuple[QualityDimension, ...]
    mean: Fraction | None
    undefined: Mapping[str, Message]
    notes: tuple[Message, ...]

    @property
    def value(self) -> float | None:
        """The mean as a number."""
        return _float(self.mean)

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each dimension; numbers rounded to three decimals."""
        return [
            {"dimension": Message(one.id), "answers": one.answers, "perception": _decimal(one.perception)}
            for one in self.dimensions
        ]

    def text(self, language: Language = "en") -> str:
        """Return the mean and its dimensions, and why one is missing."""
        lines = []
        if self.mean is not None:
            said = Message(
                "SERVPERF {mean} of 7, {respondents}",
                mean=rounded(self.mean, 3),
                respondents=said_respondents(self.respondents),
            )
            lines.append(said.text(language))
        lines.append(table(self.rows(), language=language))
        lines += [text.text(language) for text in (*self.notes, *self.undefined.values())]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "respondents": self.respondents,
            "mean": _float(self.mean),
            "dimensions": [one.data() for one in self.dimensions],
            "notes": [str(note) for note in self.notes],
            "undefined": {name: str(why) for name, why in self.undefined.items()},
            "source": SOURCES[1],
        }


def service_quality(
    answers: Answers,
    *,
    weights: Mapping[str, float | Decimal] | None = None,
    reversed_items: Iterable[int] = (),
) -> ServiceQuality:
    """
    Return the SERVQUAL gaps.

    The gap of a statement is the mean over those who answered both its parts; that of a dimension the mean of its
    statements.

    Args:
        answers: To the instrument ``servqual``: statements E1 to E22 and P1 to P22 on 1 to 7.
        weights: Of the dimensions by their ids, summing to 100 or to 1; None for no weighted score.
        reversed_items: Numbers of statements that were worded negatively, so that x counts as 8 - x; `NEGATIVE_1988`
            where the version of 1988 was asked.

    Raises:
        InvalidModelError: The answers are to another instrument, statements were not asked, or weights do not sum; all
            faults together.

    Example:
        >>> row = {f"E{n}": 6 for n in range(1, 23)} | {f"P{n}": 5 if n < 5 else 6 for n in range(1, 23)}
        >>> print(service_quality(ps.answers_from([row], instrument="servqual")))
        SERVQUAL gap -0.200, unweighted, 1 respondent
        dimension       answers  expectation  perception     gap
        tangibles             1        6.000       5.000  -1.000
        reliability           1        6.000       6.000   0.000
        responsiveness        1        6.000       6.000   0.000
        assurance             1        6.000       6.000   0.000
        empathy               1        6.000       6.000   0.000

    Source:
        Parasuraman, Zeithaml & Berry (1988), Journal of Retailing 64(1), 12-40.
    """
    problems = _unfit(answers, (SERVQUAL.id,), ("expectation", "perception"))
    turned = _turned(reversed_items, problems)
    shares = None if weights is None else _shares(weights, problems)
    if problems:
        raise InvalidModelError(problems)
    pl = polars()
    sums: dict[str, Any] = {}
    for n in range(1, 23):
        before, after = (
            pl.col(answers.questions[f"{part}-{n}"][0]).cast(pl.Int64)
            for part in ("expectation", "perception")
        )
        both = before.is_not_null() & after.is_not_null()
        sums |= {f"n{n}": both.sum(), f"e{n}": before.filter(both).sum(), f"p{n}": after.filter(both).sum()}
    found = answers.frame.select(**sums).row(0, named=True)
    means = {n: _means(n, found, turned) for n in range(1, 23)}
    dimensions, undefined = [], {}
    for id, numbers in DIMENSIONS.items():
        count = min(found[f"n{n}"] for n in numbers)
        each = [means[n] for n in numbers]
        if any(pair is None for pair in each):
            silent = ", ".join(str(n) for n in numbers if means[n] is None)
            undefined[id] = Message(
                "no gap of {dimension}: nobody answered both parts of {statements}",
                dimension=Message(id),
                statements=silent,
            )
            dimensions.append(QualityDimension(id, None, None, None, count))
            continue
        expectation, perception = (
            sum((pair[side] for pair in each if pair), Fraction(0)) / len(numbers) for side in (0, 1)
        )
        dimensions.append(QualityDimension(id, expectation, perception, perception - expectation, count))
    gaps = {one.id: one.gap for one in dimensions if one.gap is not None}
    whole = len(gaps) == len(DIMENSIONS)
    if not whole:
        undefined["unweighted"] = undefined["weighted"] = Message(
            "nobody answered" if not answers.respondents else "no score: a dimension has no gap"
        )
    elif shares is None:
        undefined["weighted"] = Message("no weights were given")
    return ServiceQuality(
        answers.respondents,
        tuple(dimensions),
        sum(gaps.values(), Fraction(0)) / len(gaps) if whole else None,
        sum((shares[id] * gap for id, gap in gaps.items()), Fraction(0)) if whole and shares else None,
        undefined,
        answers.notes(),
    )


def perceived_quality(answers: Answers, *, reversed_items: Iterable[int] = ()) -> PerceivedQuality:
    """
    Return the SERVPERF score: the mean of the 22 statements on what is.

    Args:
        answers: To the instrument ``servperf`` or ``servqual``, of which the perceptions count.
        reversed_items: As for `service_quality`.

    Raises:
        InvalidModelError: The answers are to another instrument, or statements were not asked.

    Example:
        >>> rows = [{f"P{n}": score for n in range(1, 23)} for score in (5, 6)]
        >>> print(perceived_quality(ps.answers_from(rows, instrument="servperf")))
        SERVPERF 5.500 of 7, 2 respondents
        dimension       answers  perception
        tangibles             2       5.500
        reliability           2       5.500
        responsiveness        2       5.500
        assurance             2       5.500
        empathy               2       5.500

    Source:
        Cronin & Taylor (1992), Journal of Marketing 56(3), 55-68.
    """
    problems = _unfit(answers, (SERVPERF.id, SERVQUAL.id), ("perception",))
    turned = _turned(reversed_items, problems)
    if problems:
        raise InvalidModelError(problems)
    pl = polars()
    sums: dict[str, Any] = {}
    for n in range(1, 23):
        column = pl.col(answers.questions[f"perception-{n}"][0])
        sums |= {f"n{n}": column.count(), f"e{n}": pl.lit(0), f"p{n}": column.sum()}
    found = answers.frame.select(**sums).row(0, named=True)
    means = {n: _means(n, found, turned) for n in range(1, 23)}
    known = {n: pair[1] for n, pair in means.items() if pair is not None}
    dimensions = []
    for id, numbers in DIMENSIONS.items():
        each = [known[n] for n in numbers if n in known]
        mean = sum(each, Fraction(0)) / len(numbers) if len(each) == len(numbers) else None
        dimensions.append(QualityDimension(id, None, mean, None, min(found[f"n{n}"] for n in numbers)))
    undefined = {}
    if len(known) < len(means):
        silent = ", ".join(f"P{n}" for n in means if n not in known)
        undefined["mean"] = (
            Message("nobody answered {elements}", elements=silent)
            if answers.respondents
            else Message("nobody answered")
        )
    return PerceivedQuality(
        answers.respondents,
        tuple(dimensions),
        None if undefined else sum(known.values(), Fraction(0)) / len(known),
        undefined,
        answers.notes(),
    )


def _means(n: int, found: Mapping[str, int], turned: frozenset[int]) -> tuple[Fraction, Fraction] | None:
    """Return the mean expectation and perception of a statement, None where nobody answered."""
    count = found[f"n{n}"]
    if not count:
        return None
    pair = Fraction(found[f"e{n}"], count), Fraction(found[f"p{n}"], count)
    return (_TOP - pair[0], _TOP - pair[1]) if n in turned else pair


def _unfit(answers: Answers, instruments: tuple[str, ...], parts: tuple[str, ...]) -> list[Problem]:
    """Return why answers cannot be scored: another instrument, or statements that are not there once."""
    check_answers(answers)
    if answers.instrument.id not in instruments:
        message = Message(
            "expected answers to {wanted}, got {instrument!r}",
            wanted=", ".join(instruments),
            instrument=answers.instrument.id,
        )
        return [Problem("", message)]
    wanted = [f"{part}-{n}" for part in parts for n in range(1, 23)]
    missing = [id for id in wanted if id not in answers.questions]
    several = [id for id in wanted if len(answers.questions.get(id, ())) > 1]
    problems = []
    if missing:
        message = Message("no column for the statements {items}", items=", ".join(missing))
        problems.append(Problem("", message))
    if several:
        message = Message("expected one column for each of {items}", items=", ".join(several))
        problems.append(Problem("", message))
    return problems


def _turned(numbers: Any, problems: list[Problem]) -> frozenset[int]:
    if not isinstance(numbers, Iterable):
        problems.append(Problem("reversed_items", Message("expected a list, got {value!r}", value=numbers)))
        return frozenset()
    given = tuple(numbers)
    for n in given:
        if type(n) is not int or not 1 <= n <= 22:
            message = Message("expected the number of a statement, 1 to 22, got {value!r}", value=n)
            problems.append(Problem("reversed_items", message))
    return frozenset(given)


def _shares(weights: Mapping[str, float | Decimal], problems: list[Problem]) -> dict[str, Fraction]:
    """Return weights that sum to 1, as the decimal numbers that they were written as."""
    given: Any = weights  # whatever its annotation promises
    if not isinstance(given, Mapping):
        message = Message("expected weights by dimension, got {value!r}", value=given)
        problems.append(Problem("weights", message))
        return {}
    shares: dict[str, Fraction] = {}
    before = len(problems)
    for id in weights:
        if id not in DIMENSIONS:
            hint = did_you_mean(str(id), DIMENSIONS)
            problems.append(Problem("weights", Message("no dimension {id!r}{hint}", id=id, hint=hint)))
    for id in DIMENSIONS:
        value: Any = weights.get(id)
        try:
            shares[id] = Fraction(Decimal(str(value)))
        except (ArithmeticError, ValueError):
            shares[id] = Fraction(-1)
        if isinstance(value, bool) or shares[id] < 0:
            message = Message("expected a weight of {id!r}, got {value!r}", id=id, value=value)
            problems.append(Problem("weights", message))
    total = sum(shares.values(), Fraction(0))
    if len(problems) == before and total not in (1, 100):
        message = Message("expected weights that sum to 100 or to 1, got {total:g}", total=float(total))
        problems.append(Problem("weights", message))
    return {id: share / 100 if total == 100 else share for id, share in shares.items()}


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, 3)
