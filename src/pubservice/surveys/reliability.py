"""Whether the items of a survey measure one thing: Cronbach's alpha."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.errors import UnknownIdError
from pubservice.messages import Message
from pubservice.surveys.answers import check_answers, said_respondents
from pubservice.surveys.instrument import EXPECTATIONS, PERCEPTIONS, SERVQUAL
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.messages import Language
    from pubservice.surveys.answers import Answers


@attrs.frozen
class ItemStatistics:
    """
    How one question fits the others.

    Attributes:
        column: The question.
        mean: Of its answers.
        deviation: Their standard deviation.
        correlation: With the sum of the other questions; None where either does not vary.
        alpha_without: Alpha of the others; None where it does not exist.
    """

    column: str
    mean: float
    deviation: float
    correlation: float | None
    alpha_without: float | None


@attrs.frozen
class Reliability:
    """
    The internal consistency of a survey.

    Attributes:
        alpha: Cronbach's alpha, at most 1; negative where questions contradict each other; None where it does not exist.
        respondents: How many answered every question; the others are left out.
        left_out: How many that are.
        items: How each question fits.
        undefined: Why alpha is None.
    """

    alpha: float | None
    respondents: int
    left_out: int
    items: tuple[ItemStatistics, ...]
    undefined: Mapping[str, Message]

    @property
    def value(self) -> float | None:
        """Alpha."""
        return self.alpha

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each question."""
        return [
            {
                "question": item.column,
                "mean": item.mean,
                "standard deviation": item.deviation,
                "item-total correlation": item.correlation,
                "alpha without": item.alpha_without,
            }
            for item in self.items
        ]

    def text(self, language: Language = "en") -> str:
        """Return alpha or why there is none, and how each question fits."""
        said = self.undefined.get("alpha") or Message(
            "Cronbach's alpha {alpha:.3f}, {respondents} who answered everything, {out:,} left out",
            alpha=self.alpha,
            respondents=said_respondents(self.respondents),
            out=self.left_out,
        )
        return "\n".join(
            line for line in (said.text(language), table(self.rows(), language=language)) if line
        )

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "alpha": self.alpha,
            "respondents": self.respondents,
            "left_out": self.left_out,
            "items": [attrs.asdict(item) for item in self.items],
            "undefined": {name: str(why) for name, why in self.undefined.items()},
            "source": "Cronbach (1951), Psychometrika 16(3), 297-334",
        }


def cronbach_alpha(answers: Answers, *, reversed_items: Iterable[str] = ()) -> Reliability:
    """
    Return Cronbach's alpha over all questions, and how each of them fits.

    ``α = k/(k-1) (1 - Σ var(item) / var(sum))``, with variances over n-1, of the respondents who answered every question.
    Of SERVQUAL the gap of each statement is taken, perception less expectation, under the question on the perception.

    Args:
        answers: To questions that run the same way, but for those that are reversed.
        reversed_items: Ids of items that were worded negatively, so that the lowest answer counts as the highest.

    Raises:
        UnknownIdError: There is no such item.

    Example:
        >>> print(cronbach_alpha(ps.answers_from({"P1": [5, 6, 7], "P2": [4, 6, 7]}, instrument="servperf")))
        Cronbach's alpha 0.947, 3 respondents who answered everything, 0 left out
        question  mean  standard deviation  item-total correlation  alpha without
        P1        6.00                1.00                    0.98  -
        P2        5.67                1.53                    0.98  -

    Source:
        Cronbach (1951), Psychometrika 16(3), 297-334; of gaps as Parasuraman, Zeithaml & Berry (1988), Journal of
        Retailing 64(1), 12-40.
    """
    import numpy as np

    check_answers(answers)
    columns = answers.columns
    turned = _turned(answers, reversed_items)
    complete = answers.frame.select(columns).drop_nulls()
    n, left_out = complete.height, answers.respondents - complete.height
    paired = _paired(answers)
    why = None
    if len(paired or columns) < 2:
        why = Message("no alpha: one question alone has no consistency")
    elif n < 2:
        why = Message(
            "no alpha: {respondents} who answered every question, two are needed",
            respondents=said_respondents(n),
        )
    if why is not None:
        return Reliability(None, n, left_out, (), {"alpha": why})
    scores = complete.to_numpy().astype(np.float64)
    scores[:, turned] = answers.instrument.low + answers.instrument.high - scores[:, turned]
    if paired:
        place = {column: position for position, column in enumerate(columns)}
        scores = scores[:, [place[p] for p, _ in paired]] - scores[:, [place[e] for _, e in paired]]
        columns = tuple(perception for perception, _ in paired)
    covariance = np.cov(scores, rowvar=False)
    alpha = _alpha(covariance)
    undefined = (
        {} if alpha is not None else {"alpha": Message("no alpha: the sums of the answers do not vary")}
    )
    items = tuple(
        _item(column, float(mean), covariance, position)
        for position, (column, mean) in enumerate(zip(columns, scores.mean(axis=0), strict=True))
    )
    return Reliability(alpha, n, left_out, items, undefined)


def _paired(answers: Answers) -> list[tuple[str, str]]:
    """Return the questions of SERVQUAL on perception and expectation of each statement; none of other instruments."""
    if answers.instrument is not SERVQUAL:
        return []
    asked = answers.questions
    return [
        (asked[p.id][0], asked[e.id][0])
        for p, e in zip(PERCEPTIONS, EXPECTATIONS, strict=True)
        if p.id in asked and e.id in asked
    ]


def _turned(answers: Answers, items: Iterable[str]) -> list[int]:
    """Return the positions of the columns of some items."""
    names: set[str] = set()
    for item in items:
        if item not in answers.questions:
            raise UnknownIdError("item", item, answers.questions)
        names.update(answers.questions[item])
    return [position for position, column in enumerate(answers.columns) if column in names]


def _alpha(covariance: NDArray[np.float64]) -> float | None:
    """Return alpha from the covariances of the questions."""
    k, total = len(covariance), float(covariance.sum())
    if k < 2 or total <= 1e-12 * max(float(covariance.trace()), 1):
        return None
    return k / (k - 1) * (1 - float(covariance.trace()) / total)


def _item(column: str, mean: float, covariance: NDArray[np.float64], position: int) -> ItemStatistics:
    """Return how a question fits; all follows from the covariances."""
    import numpy as np

    rest = np.delete(np.delete(covariance, position, 0), position, 1)
    own, others = float(covariance[position, position]), float(rest.sum())
    shared = float(covariance[position].sum()) - own
    varies = own > 0 and others > 1e-12 * max(float(rest.trace()), 1)
    return ItemStatistics(
        column, mean, own**0.5, shared / (own * others) ** 0.5 if varies else None, _alpha(rest)
    )
