"""Confidence intervals: the bootstrap against one that is written out, and against the normal approximation."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import polars as pl
import pytest

import pubservice as ps
from pubservice.surveys import interval as interval_module

CODES = [f"U{n}" for n in range(1, 10)]


def table(n: int, *, missing: float = 0.0, seed: int = 1) -> pl.DataFrame:
    """Return answers of so many respondents, some of whom are easier to please."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(0, 0.6, size=(n, 1))
    scores = np.clip(np.rint(3.1 + mood + rng.normal(0, 0.6, size=(n, 9))), 1, 4)
    scores[rng.random((n, 9)) < missing] = np.nan
    return pl.DataFrame({code: scores[:, i] for i, code in enumerate(CODES)})


def interval(frame: Any, **options: Any) -> ps.ConfidenceInterval:
    """Return the interval of an index."""
    found = ps.satisfaction_index(ps.answers_from(frame), **options).interval
    assert found is not None
    return found


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_the_bootstrap_is_that_of_respondents(missing: float) -> None:
    """
    Drawing patterns of answers together gives the percentiles of drawing one respondent after another.
    """
    frame = table(60, missing=missing)
    found = interval(frame, resamples=4000)
    rows = [[None if value != value else value for value in row] for row in frame.iter_rows()]
    rng = random.Random(2)
    indices = []
    for _ in range(4000):
        drawn = list(zip(*rng.choices(rows, k=60), strict=True))
        answered = [[value for value in column if value is not None] for column in drawn]
        indices.append(25 * sum(sum(column) / len(column) for column in answered) / 9)
    low, high = np.quantile(indices, [0.025, 0.975])
    assert found.low == pytest.approx(low, abs=0.35)
    assert found.high == pytest.approx(high, abs=0.35)
    assert str(found.method) == "percentile bootstrap, 4,000 resamples, seed 0"


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_the_normal_approximation_agrees_with_the_bootstrap(
    missing: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    With a thousand respondents both are the same, to a tenth of the width.
    """
    frame = table(1000, missing=missing)
    drawn = interval(frame)
    monkeypatch.setattr(interval_module, "MOST_PATTERNS", 1)
    formula = interval(frame)
    assert str(formula.method) == "normal approximation, linearised variance"
    width = drawn.high - drawn.low
    assert formula.low == pytest.approx(drawn.low, abs=width / 10)
    assert formula.high == pytest.approx(drawn.high, abs=width / 10)


def test_complete_answers_have_the_textbook_variance(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where everyone answers everything, the error is the standard deviation of the respondents' means over √n.
    """
    frame = table(400)
    monkeypatch.setattr(interval_module, "MOST_PATTERNS", 1)
    found = interval(frame)
    means = 25 * frame.to_numpy().mean(axis=1)
    reach = 1.959964 * means.std(ddof=1) / 400**0.5
    assert found.low == pytest.approx(means.mean() - reach, abs=1e-5)
    assert found.high == pytest.approx(means.mean() + reach, abs=1e-5)


def test_many_patterns_are_approximated() -> None:
    """
    Above 2,000 patterns of answers the interval is that of the formula, which its method says.
    """
    found = interval(table(4000, missing=0.1))
    assert str(found.method) == "normal approximation, linearised variance"


def test_the_same_seed_draws_the_same() -> None:
    """
    An interval can be made again, whatever the order of the respondents; another seed draws another.
    """
    frame = table(50)
    assert interval(frame, seed=7) == interval(frame.reverse(), seed=7)
    assert interval(frame, seed=7) != interval(frame, seed=8)
    assert interval(frame, confidence=0.99).low < interval(frame, confidence=0.9).low


@pytest.mark.parametrize("rows", [1, 5])
def test_nothing_to_draw_has_no_interval(rows: int) -> None:
    """
    One respondent, or several who all say the same, have no interval, and the reason is told.
    """
    result = ps.satisfaction_index(ps.answers_from({code: [3] * rows for code in CODES}))
    assert result.interval is None
    data: Any = result.data()
    why = data["undefined"]["interval"]
    assert why in result.text()
    assert why.endswith("of how sure the index is")


def test_a_resample_without_answers_to_an_element_is_left_out() -> None:
    """
    Where few answered an element, the interval is over the draws that have any.
    """
    frame = pl.DataFrame({code: [4, 3, 2, 3] for code in CODES[:8]} | {"U9": [4, None, None, None]})
    found = interval(frame)
    assert 25 <= found.low < found.high <= 100


def test_an_interval_says_itself() -> None:
    """
    Both ends, the confidence and the method, in text and for JSON.
    """
    found = interval(table(50), resamples=100)
    assert (
        str(found)
        == f"95% interval {found.low:.2f} to {found.high:.2f} (percentile bootstrap, 100 resamples, seed 0)"
    )
    assert found.text("id").startswith("selang kepercayaan 95% ")
    assert found.data()["confidence"] == 0.95
