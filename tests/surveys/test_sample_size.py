"""How many respondents a population asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pubservice as ps


@pytest.mark.parametrize(
    ("population", "needed"),
    [
        (10, 10),
        (50, 44),
        (100, 80),
        (200, 132),
        (500, 217),
        (1000, 278),
        (1500, 306),
        (5000, 357),
        (10_000, 370),
        (50_000, 381),
        (1_000_000, 384),
    ],
)
def test_krejcie_morgan_table(population: int, needed: int) -> None:
    """
    Oracle krejcie-morgan-table: the sizes are those of Krejcie & Morgan (1970), table 1.
    """
    assert ps.sample_size(population) == needed


def test_krejcie_morgan_anomaly() -> None:
    """
    Oracle krejcie-morgan-anomaly: for 100,000 the formula gives 382.6341, so 383, where the printed table says 384.
    """
    assert float(ps.krejcie_morgan(100_000)) == pytest.approx(382.6341, abs=1e-4)
    assert ps.sample_size(100_000) == 383


@given(st.integers(1, 10**12))
def test_no_population_asks_for_more_than_it_has(population: int) -> None:
    """
    A sample is at least one, never larger than the population, and never more than 384.
    """
    assert 1 <= ps.sample_size(population) <= min(population, 384)
    assert ps.sample_size(population) <= ps.sample_size(population + 1)


@pytest.mark.parametrize("population", [0, -1, 1.5, "10", True])
def test_what_is_no_population_is_refused(population: object) -> None:
    """
    A population is a whole number of at least 1.
    """
    with pytest.raises(ps.InvalidQuantityError, match="expected a whole number of at least 1"):
        ps.sample_size(population)  # type: ignore[arg-type]  # as a caller may do
