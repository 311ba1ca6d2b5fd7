"""Random numbers by counting."""

from __future__ import annotations

import math
import statistics
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.simulation.streams import (
    MASK,
    NEXT,
    drawn,
    law_of,
    mixed,
    normal_quantile,
    uniform,
    uniform_of_hash,
    uniform_of_word,
    word,
)

words = st.integers(0, MASK)
CASES = 20_000


def sequence(n: int, name: str = "cases") -> list[int]:
    """Return the words of so many cases."""
    return [mixed((word(name) + i * NEXT) & MASK) for i in range(1, n + 1)]


KEYS = sequence(CASES)


@given(words)
def test_the_interpreter_hashes_as_the_formula_says(z: int) -> None:
    """
    A number worked out from a word is the one that the interpreter's own hash gives, to the last bit.
    """
    assert uniform_of_hash(z) == uniform_of_word(z) == uniform(z)


def test_the_hash_that_no_interpreter_returns() -> None:
    """
    The word that would hash to -1 gives the number of what stands for it.
    """
    wide = 2**64 - 1
    z = (wide - (1 ^ (2870177450012600261 ^ 3527539))) & wide
    z = (z * pow(11400714785074694791, -1, 2**64)) & wide
    z = ((z >> 31) | (z << 33)) & wide
    z = ((z - 2870177450012600261) * pow(14029467366897019727, -1, 2**64)) & wide
    assert uniform_of_word(z) == ((1546275796 ^ 2**63) >> 12) * 2.0**-52 + 2.0**-53


@given(words)
def test_numbers_lie_between_0_and_1(z: int) -> None:
    """
    Neither 0 nor 1 is ever drawn, so that every quantile is finite.
    """
    assert 0 < uniform(z) < 1


@given(words)
def test_mixed_words_are_words(z: int) -> None:
    """
    A word that is mixed is a word of 60 bits.
    """
    assert 0 <= mixed(z) <= MASK


def test_words_differ() -> None:
    """
    No two words of a long sequence, and no two texts, give the same.
    """
    assert len(set(KEYS)) == CASES
    assert len({word(f"node {n}") for n in range(1000)}) == 1000


def _unlike_independent(one: list[float], other: list[float]) -> float:
    """Return by how many standard deviations the chi-square of two columns in a grid of 16 × 16 is off."""
    cells, _, _ = np.histogram2d(one, other, bins=16, range=[[0, 1], [0, 1]])
    expected = len(one) / 256
    return float((((cells - expected) ** 2 / expected).sum() - 255) / math.sqrt(2 * 255))


def test_numbers_for_different_purposes_are_independent() -> None:
    """
    Numbers of two nodes, two visits, two purposes or neighbouring cases fill the square evenly.
    """
    purposes = [word(f"{kind} {id}") for kind in ("time", "choice") for id in ("intake", "assess")]
    purposes += [(word("time intake")) ^ (visit * NEXT & MASK) for visit in (1, 2, 3)]
    columns = [[uniform(key ^ purpose) for key in KEYS] for purpose in purposes]
    columns.append(columns[0][1:] + columns[0][:1])
    assert max(_unlike_independent(a, b) for a, b in combinations(columns, 2)) < 5


@given(st.floats(1e-300, 1 - 1e-15))
def test_the_normal_quantile_is_that_of_the_standard_library(u: float) -> None:
    """
    The quantile agrees with Python's own, which works by the same algorithm.
    """
    assert normal_quantile(u) == pytest.approx(statistics.NormalDist().inv_cdf(u), rel=1e-13, abs=1e-13)


LAWS: dict[str, Any] = {
    "fixed": ps.Fixed(15, unit="min"),
    "uniform": ps.Uniform(5, 15, unit="min"),
    "triangular": ps.Triangular(5, 10, 30, unit="min"),
    "a point": ps.Triangular(7, 7, 7, unit="min"),
    "pert": ps.Pert(5, 10, 30, unit="min"),
    "a point by pert": ps.Pert(7, 7, 7, unit="min"),
    "exponential": ps.Exponential(10, unit="min"),
    "lognormal": ps.Lognormal(2, 0.5, unit="hour"),
    "gamma": ps.Gamma(10, 4, unit="min"),
    "gamma below one": ps.Gamma(10, 15, unit="min"),
    "gamma without spread": ps.Gamma(10, 1e-12, unit="min"),
    "weibull": ps.Weibull(1.5, 10, unit="min"),
    "empirical": ps.Empirical([10, 20, 60], unit="min"),
}


@pytest.mark.parametrize("name", LAWS)
def test_times_have_the_mean_and_the_spread_of_their_distribution(name: str) -> None:
    """
    The mean of many times lies within five standard errors of the distribution's, and so does the variance.
    """
    time = LAWS[name]
    values: list[float] = [99.0]
    law, a, b, c = law_of(time, 60.0, values)
    times = [drawn(law, a, b, c, values, key) for key in KEYS]
    mean = time.mean_in_unit * 60
    variance = time.scv * mean * mean
    assert min(times) >= time.support()[0] * 60 * (1 - 1e-12)
    assert max(times) <= time.support()[1] * 60 * (1 + 1e-12)
    if not variance or name == "gamma without spread":
        assert times == pytest.approx([mean] * CASES, rel=1e-9)
        return
    assert statistics.fmean(times) == pytest.approx(mean, abs=5 * math.sqrt(variance / CASES))
    squares = [(t - mean) ** 2 for t in times]
    assert statistics.fmean(squares) == pytest.approx(
        variance, abs=5 * statistics.stdev(squares) / math.sqrt(CASES)
    )


@pytest.mark.parametrize(
    "name", ["uniform", "triangular", "pert", "exponential", "lognormal", "gamma", "weibull"]
)
def test_times_have_the_distribution_that_numpy_draws(name: str) -> None:
    """
    Times agree with as many that numpy draws of the same distribution: Kolmogorov and Smirnov's distance, at 1 in 10,000.
    """
    time = LAWS[name]
    values: list[float] = []
    law, a, b, c = law_of(time, 1.0, values)
    mine = np.sort([drawn(law, a, b, c, values, key) for key in KEYS])
    others = np.sort(time.sample(np.random.default_rng(2026), CASES))
    both = np.concatenate([mine, others])
    gap = np.abs(np.searchsorted(mine, both, "right") - np.searchsorted(others, both, "right")) / CASES
    assert gap.max() < math.sqrt(-math.log(1e-4 / 2) / CASES)
