"""How sure an index is: what it would have been with other respondents drawn in the same way."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

from pubservice.confidence import ConfidenceInterval
from pubservice.engine import polars
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from pubservice.surveys.answers import Answers
    from pubservice.surveys.tally import Tally

MOST_PATTERNS = (
    2000  # of answers; where there are more, respondents are thousands and the normal approximation serves
)
_CHUNK = 250  # resamples at once, so that memory stays small


def interval_of(
    answers: Answers,
    tallies: Mapping[str, Tally],
    weight: float,
    *,
    confidence: float,
    resamples: int,
    seed: int,
) -> ConfidenceInterval | Message:
    """
    Return a confidence interval for the weighted sum of the means of items, or why there is none.

    Respondents are resampled, not single answers, so that what one person says of several items stays together. Equal
    answers are drawn together: the counts of each pattern of answers are multinomial. Where every respondent answered
    every item, only the sum of a respondent matters, and a million of them are a few dozen patterns. With more than
    2,000 patterns the normal approximation is used, with the variance of the ratio estimators linearised.

    Args:
        answers: Of the respondents.
        tallies: Of the items that count, each with an answer at least.
        weight: Of each item.
        confidence: Of the interval, between 0 and 1.
        resamples: Of the bootstrap.
        seed: Idem.

    Source:
        Efron & Tibshirani (1993), An Introduction to the Bootstrap, §13.3 (percentile interval); Särndal, Swensson &
        Wretman (1992), Model Assisted Survey Sampling, §5.5 (linearisation).
    """
    n = answers.respondents
    if n < 2:
        return Message("one respondent alone says nothing of how sure the index is")
    values, answered, counts = _patterns(answers, tallies)
    if len(counts) == 1:
        return Message(
            "all respondents answered alike, so that resampling says nothing of how sure the index is"
        )
    if len(counts) > MOST_PATTERNS:
        return _normal(values, answered, counts, weight, confidence)
    return _percentile(values, answered, counts, weight, confidence, resamples, seed)


def _patterns(
    answers: Answers, tallies: Mapping[str, Tally]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return the distinct answers, shape (patterns, items), 0 where there is none; which there are; how often each is."""
    import numpy as np

    pl = polars()
    asked = {id: answers.questions[id] for id in tallies}
    complete = all(item.count == answers.respondents for item in tallies.values())
    single = all(len(columns) == 1 for columns in asked.values())
    if complete and single:
        sums = pl.sum_horizontal(pl.col(columns[0]).cast(pl.Int32) for columns in asked.values())
        found = answers.frame.select(sums.alias("sum")).to_series().value_counts().sort("sum")
        values = found.get_column("sum").to_numpy().reshape(-1, 1).astype(np.float64)
        return values, np.ones_like(values), found.get_column("count").to_numpy().astype(np.int64)
    columns = [column for several in asked.values() for column in several]
    counted = answers.frame.group_by(columns).agg(pl.len().alias("\0n")).sort(columns)
    means = counted.select(
        pl.mean_horizontal(pl.col(column) for column in several).alias(id) for id, several in asked.items()
    )
    values = means.to_numpy().astype(np.float64)
    answered = ~np.isnan(values)
    return (
        np.where(answered, values, 0.0),
        answered.astype(np.float64),
        counted.get_column("\0n").to_numpy().astype(np.int64),
    )


def _percentile(
    values: NDArray[np.float64],
    answered: NDArray[np.float64],
    counts: NDArray[np.int64],
    weight: float,
    confidence: float,
    resamples: int,
    seed: int,
) -> ConfidenceInterval:
    import numpy as np

    rng = np.random.default_rng(seed)
    total, found = int(counts.sum()), []
    for begin in range(0, resamples, _CHUNK):
        drawn = rng.multinomial(total, counts / total, size=min(_CHUNK, resamples - begin)).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append(((drawn @ values) / (drawn @ answered)).sum(axis=1) * weight)
    drawn_indices = np.concatenate(found)
    tail = (1 - confidence) / 2  # a resample in which nobody answers some item has no index and is left out
    low, high = np.nanquantile(drawn_indices, [tail, 1 - tail])
    method = Message(
        "percentile bootstrap, {resamples:,} resamples, seed {seed}", resamples=resamples, seed=seed
    )
    return ConfidenceInterval(float(low), float(high), confidence, method)


def _normal(
    values: NDArray[np.float64],
    answered: NDArray[np.float64],
    counts: NDArray[np.int64],
    weight: float,
    confidence: float,
) -> ConfidenceInterval:
    import numpy as np

    n = counts.sum()
    each = counts @ answered
    means = (counts @ values) / each
    influence = (weight * (values - answered * means) / each).sum(axis=1)
    error = float(np.sqrt(counts @ influence**2 * n / (n - 1)))
    middle, reach = float(weight * means.sum()), NormalDist().inv_cdf((1 + confidence) / 2) * error
    method = Message("normal approximation, linearised variance")
    return ConfidenceInterval(middle - reach, middle + reach, confidence, method)
