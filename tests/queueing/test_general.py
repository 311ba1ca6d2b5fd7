"""What goes beyond the mean of M/G/1, and the named approximations against the exact waits of three queues."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import polynomial

from pubservice import queueing as q
from pubservice.errors import InvalidQuantityError

UTILISATIONS = (0.5, 0.7, 0.8, 0.9, 0.95)
Late = Callable[[float], float]  # P(W > t), with μ = 1


def rational(rho: float, above: list[float], below: list[float]) -> Late:
    """Return the waits of M/G/1 whose processing time has the transform above / below, by the poles of theirs."""
    arrivals = np.array([-rho, 1.0])
    denominator = polynomial.polyadd(polynomial.polymul(arrivals, below), rho * np.array(above))[1:]
    poles = polynomial.polyroots(denominator)
    residues = (
        (1 - rho)
        * polynomial.polyval(poles, below)
        / polynomial.polyval(poles, polynomial.polyder(denominator))
    )
    return lambda t: float(np.real(np.sum(residues / -poles * np.exp(poles * t))))


def fixed(rho: float) -> Late:
    """Return the waits of M/D/1, by Erlang's sum with sixty digits."""

    def late(t: float) -> float:
        with localcontext(prec=60):
            time, rate, total, factorial = Decimal(t), Decimal(rho), Decimal(0), Decimal(1)
            for k in range(int(t) + 1):
                factorial *= max(k, 1)
                left = rate * (k - time)
                total += left**k / factorial * (-left).exp() if k else (-left).exp()
            return float(1 - (1 - rate) * total)

    return late


def erlang2(rho: float) -> Late:
    """Return the waits of M/E2/1."""
    return rational(rho, [4.0], [4.0, 4.0, 1.0])


def hyperexponential(rho: float) -> Late:
    """Return the waits of M/H2/1 with squared coefficient of variation 4 and balanced means."""
    p = (1 + math.sqrt(3 / 5)) / 2
    fast, slow = 2 * p, 2 * (1 - p)
    above = [p * fast * slow + (1 - p) * fast * slow, p * fast + (1 - p) * slow]
    return rational(rho, above, [fast * slow, fast + slow, 1.0])


EXACT: dict[str, tuple[Callable[[float], Late], float]] = {
    "M/D/1": (fixed, 0.0),
    "M/E2/1": (erlang2, 0.5),
    "M/H2/1": (hyperexponential, 4.0),
}


@pytest.mark.parametrize("queue", EXACT)
@pytest.mark.parametrize("rho", UTILISATIONS)
def test_exact_waits_have_the_exact_mean(queue: str, rho: float) -> None:
    """
    The waits that the approximations are held against begin at ρ and have the mean of Pollaczek and Khinchine.
    """
    exact, scv = EXACT[queue]
    late = exact(rho)
    assert late(0) == pytest.approx(rho)
    if queue != "M/D/1":
        times = np.linspace(0, 400 * (1 + scv) / 2, 400_001)
        mean = float(np.trapezoid([late(t) for t in times[::40]], times[::40]))
        assert mean == pytest.approx(
            q.waiting_time_mg1(arrival_rate=rho, service_rate=1, service_scv=scv), rel=1e-3
        )


@pytest.mark.parametrize("queue", EXACT)
@pytest.mark.parametrize("rho", UTILISATIONS)
def test_exponential_waits_are_as_near_as_they_say(queue: str, rho: float) -> None:
    """
    The share served in time is off by at most 0.08, the 90th percentile by 8 %, the 99th by 20 %.
    """
    exact, scv = EXACT[queue]
    late = exact(rho)
    system: dict[str, Any] = {
        "arrival_rate": rho,
        "service_rate": 1.0,
        "servers": 1,
        "arrival_scv": 1.0,
        "service_scv": scv,
    }
    for within in np.linspace(0, 6 / (1 - rho) * (1 + scv) / 2, 60):
        if queue == "M/D/1" and within > 50:
            break
        level = q.service_level_allen_cunneen(**system, within=float(within))
        assert level == pytest.approx(1 - late(float(within)), abs=0.08)
    for share, off in ((0.9, 0.08), (0.99, 0.2)):
        wait = q.waiting_time_quantile_allen_cunneen(**system, share=share)
        # Late at a time is a falling function: the exact percentile lies between these two.
        assert late(wait / (1 - off)) < 1 - share < late(wait / (1 + off))


@given(st.floats(0.01, 0.98), st.floats(0.01, 100))
def test_the_variance_of_mm1(rho: float, mu: float) -> None:
    """
    With exponential times W is 0 with 1 - ρ, else exponential with μ - λ: its variance is ρ(2 - ρ) / (μ - λ)².
    """
    variance = q.waiting_time_variance_mg1(
        arrival_rate=rho * mu, service_rate=mu, service_scv=1, service_skewness=2
    )
    assert variance == pytest.approx(rho * (2 - rho) / (mu - rho * mu) ** 2)


@pytest.mark.parametrize(("scv", "skewness", "make"), [(0.5, math.sqrt(2), erlang2), (0.0, 0.0, fixed)])
def test_the_variance_is_that_of_the_exact_waits(
    scv: float, skewness: float, make: Callable[[float], Late]
) -> None:
    """
    Takács' second moment is the integral of 2t P(W > t), for two-stage and for fixed times.
    """
    times, exact = np.linspace(0, 45, 1801), make(0.6)
    late = np.array([exact(float(t)) for t in times])
    mean = float(np.trapezoid(late, times))
    second = float(np.trapezoid(2 * times * late, times))
    variance = q.waiting_time_variance_mg1(
        arrival_rate=0.6, service_rate=1, service_scv=scv, service_skewness=skewness
    )
    assert variance == pytest.approx(second - mean**2, rel=1e-3)


@pytest.mark.parametrize(("scv", "skewness"), [(1.0, -1.0), (0.5, -1.0), (1.0, math.inf), (1.0, math.nan)])
def test_a_skewness_that_no_time_has_is_refused(scv: float, skewness: float) -> None:
    """
    A positive time has E S³ E S ≥ (E S²)²; what breaks that, or is no number, is refused.
    """
    with pytest.raises(InvalidQuantityError, match="expected a skewness that a positive time with scv"):
        q.waiting_time_variance_mg1(
            arrival_rate=1, service_rate=2, service_scv=scv, service_skewness=skewness
        )


@pytest.mark.parametrize("rho", [0.3, 0.5, 0.7, 0.9])
def test_kraemer_is_near_where_arrivals_are_like_clockwork(rho: float) -> None:
    """
    For D/M/1 the correction is within 7 % of the exact wait, where Kingman's formula says up to five times as much.

    Source: D/M/1 waits σ / (μ(1 - σ)) with σ = exp(-(1 - σ) / ρ); Gross et al., Fundamentals of Queueing Theory, §5.3.
    """
    sigma = 0.5
    for _ in range(1000):
        sigma = math.exp(-(1 - sigma) / rho)
    exact = sigma / (1 - sigma)
    clockwork: dict[str, Any] = {
        "arrival_rate": rho,
        "service_rate": 1.0,
        "arrival_scv": 0.0,
        "service_scv": 1.0,
    }
    assert q.waiting_time_kraemer(**clockwork) == pytest.approx(exact, rel=0.07)
    assert q.waiting_time_kingman(**clockwork) > exact * 1.07


@given(st.floats(0.01, 0.98), st.floats(1, 10), st.floats(0, 10))
def test_kraemer_is_kingman_for_irregular_arrivals(rho: float, ca2: float, cs2: float) -> None:
    """
    From Poisson arrivals on, nothing is corrected.
    """
    moments: dict[str, Any] = {
        "arrival_rate": rho,
        "service_rate": 1.0,
        "arrival_scv": ca2,
        "service_scv": cs2,
    }
    assert q.waiting_time_kraemer(**moments) == q.waiting_time_kingman(**moments)
    assert q.waiting_time_two_moments(**moments, servers=1) == q.waiting_time_kraemer(**moments)
    assert q.waiting_time_two_moments(**moments, servers=2) == q.waiting_time_allen_cunneen(
        **moments, servers=2
    )


@given(st.integers(1, 40), st.floats(0.01, 0.98), st.floats(0, 5), st.floats(0, 0.99))
def test_exponential_waits_are_exact_for_mmc(servers: int, rho: float, within: float, share: float) -> None:
    """
    With both squared coefficients of variation 1, level and quantile are those of M/M/c.
    """
    rates: dict[str, Any] = {"arrival_rate": rho * servers, "service_rate": 1.0, "servers": servers}
    general: dict[str, Any] = {**rates, "arrival_scv": 1.0, "service_scv": 1.0}
    assert q.service_level_allen_cunneen(**general, within=within) == pytest.approx(
        q.service_level(**rates, within=within)
    )
    assert q.waiting_time_quantile_allen_cunneen(**general, share=share) == pytest.approx(
        q.waiting_time_quantile(**rates, share=share)
    )


def test_where_nothing_varies_nobody_waits() -> None:
    """
    Arrivals like clockwork and fixed times are served at once, all of them; so is nobody.
    """
    still: dict[str, Any] = {"service_rate": 1.0, "servers": 2, "arrival_scv": 0.0, "service_scv": 0.0}
    for rate in (0.0, 1.5):
        assert q.service_level_allen_cunneen(arrival_rate=rate, **still, within=0) == 1
        assert q.waiting_time_quantile_allen_cunneen(arrival_rate=rate, **still, share=0.99) == 0
    assert q.waiting_time_kraemer(arrival_rate=0.5, service_rate=1, arrival_scv=0, service_scv=0) == 0
    assert q.waiting_time_kraemer(arrival_rate=0, service_rate=1, arrival_scv=0, service_scv=1) == 0
