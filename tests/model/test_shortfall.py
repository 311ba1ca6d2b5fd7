"""How far durations stay below times."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps
from pubservice.model.shortfall import _beta, _gamma, atoms, shortfall

lengths = st.floats(0.01, 100)
spread_out = st.one_of(
    st.builds(ps.Exponential, lengths),
    st.builds(lambda low, width: ps.Uniform(low, low + width), lengths, lengths),
    st.builds(lambda low, a, b: ps.Triangular(low, low + a, low + a + b), lengths, lengths, lengths),
    st.builds(lambda low, a: ps.Triangular(low, low, low + a), lengths, lengths),
    st.builds(lambda low, a: ps.Triangular(low, low + a, low + a), lengths, lengths),
    st.builds(lambda low, a, b: ps.Pert(low, low + a, low + a + b), lengths, lengths, lengths),
    st.builds(lambda low, a: ps.Pert(low, low, low + a), lengths, lengths),
    st.builds(ps.Lognormal, lengths, lengths),
    st.builds(lambda mean, scv: ps.Gamma(mean, mean * math.sqrt(scv)), lengths, st.floats(1e-4, 20)),
    st.builds(ps.Weibull, st.floats(0.3, 20), lengths),
    st.builds(ps.Empirical, st.lists(lengths, min_size=1, max_size=5)),
    st.builds(ps.Fixed, lengths),
)


@given(spread_out)
def test_a_shortfall_is_a_distribution_function_integrated(distribution: ps.Distribution) -> None:
    """
    It begins at 0, its slope grows from 0 to 1, and at the end it is the time less the mean.
    """
    mean = distribution.mean_in_unit
    times = np.linspace(0.0, 4 * mean, 400)
    found = shortfall(distribution, times)
    slopes = np.diff(found) / np.diff(times)
    assert found[0] == pytest.approx(0.0, abs=1e-9 * mean)
    assert slopes.min() > -1e-6
    assert slopes.max() < 1 + 1e-6
    assert np.diff(slopes).min() > -1e-4
    far = np.array([0.0, mean * 1e9])
    assert shortfall(distribution, far)[1] == pytest.approx(far[1] - mean, rel=1e-9)


@given(spread_out)
def test_a_shortfall_agrees_with_samples(distribution: ps.Distribution) -> None:
    """
    It is the mean of what samples stay below a time, within five standard errors.
    """
    mean = distribution.mean_in_unit
    values = distribution.sample(np.random.default_rng(1), 4000)
    for time in (0.5 * mean, mean, 2 * mean):
        below = np.maximum(0.0, time - values)
        (found,) = shortfall(distribution, np.array([time]))
        error = 5 * below.std() / math.sqrt(len(values)) + 1e-9 * mean + 1e-3 * time / math.sqrt(len(values))
        assert found == pytest.approx(below.mean(), abs=error)


def test_incomplete_functions_have_their_closed_forms() -> None:
    """
    P(2, x) = 1 - (1 + x) exp(-x), P(1/2, x²) = erf(x), and the beta function of whole numbers is a polynomial.
    """
    at = np.array([0.0, 0.01, 0.5, 2.9, 3.1, 10.0, 60.0, 1e6])
    np.testing.assert_allclose(_gamma(2.0, at), 1 - (1 + at) * np.exp(-at), atol=1e-14)
    np.testing.assert_allclose(_gamma(0.5, at), [math.erf(math.sqrt(x)) for x in at], rtol=1e-13, atol=1e-14)
    at = np.linspace(0.0, 1.0, 11)
    np.testing.assert_allclose(_beta(2.0, 3.0, at), 6 * at**2 - 8 * at**3 + 3 * at**4, atol=1e-14)


def test_a_narrow_gamma_is_nearly_normal() -> None:
    """
    From a shape of a thousand on, where its cube root counts as normal, it agrees with the series below to four digits.
    """
    at = np.linspace(900.0, 1100.0, 21)
    np.testing.assert_allclose(_gamma(1000 + 1e-9, at), _gamma(1000.0, at), atol=1e-5)


def test_what_never_varies_is_a_single_value() -> None:
    """
    Fixed, empirical and degenerate durations have values of their own; the others have none.
    """
    assert atoms(ps.Fixed(3)) == atoms(ps.Uniform(3, 3)) == atoms(ps.Lognormal(3, 0)) == [(3.0, 1.0)]
    assert atoms(ps.Empirical([1, 2, 2, 1])) == [(1.0, 0.5), (2.0, 0.5)]
    assert atoms(ps.Exponential(3)) == []
