"""The engine in which tables are counted: Polars, by way of narwhals where the expressions are the same elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pubservice.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable


def engine() -> Any:
    """Return the expression layer, narwhals, or say which extra brings it."""
    try:
        import narwhals.stable.v2 as layer
        import polars  # noqa: F401, ICN001 - the engine behind it
    except ImportError as error:
        raise MissingExtraError(error.name or "polars", "logs") from None
    return layer


def polars() -> Any:
    """Return Polars, or say which extra brings it."""
    engine()
    import polars as pl

    return pl


def fresh(name: str, taken: Iterable[str]) -> str:
    """
    Return the name, with a number behind it where it is taken.

    Example:
        >>> fresh("time", ["case", "time", "time_2"])
        'time_3'
    """
    used, n, found = set(taken), 2, name
    while found in used:
        found, n = f"{name}_{n}", n + 1
    return found
