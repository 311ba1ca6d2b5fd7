"""The grade of a satisfaction index, cut in decimal arithmetic."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import attrs

from pubservice.errors import InvalidQuantityError
from pubservice.messages import Message
from pubservice.model.text import Text

Regime = Literal["2017", "2004"]


@attrs.frozen
class Grade:
    """
    How well a unit performs.

    Attributes:
        letter: ``A`` to ``D``.
        perception: 4 to 1.
        performance: In words, in both languages.
    """

    letter: str
    perception: int
    performance: Text


GRADES = (
    Grade("D", 1, Text((("en", "poor"), ("id", "tidak baik")))),
    Grade("C", 2, Text((("en", "fair"), ("id", "kurang baik")))),
    Grade("B", 3, Text((("en", "good"), ("id", "baik")))),
    Grade("A", 4, Text((("en", "very good"), ("id", "sangat baik")))),
)
BOUNDS: dict[str, tuple[Decimal, ...]] = {
    "2017": tuple(map(Decimal, ("64.99", "76.60", "88.30", "100.00"))),
    "2004": tuple(map(Decimal, ("43.75", "62.50", "81.25", "100.00"))),
}
_LOWEST = Decimal(25)


def rounded(value: Fraction, places: int = 2) -> Decimal:
    """
    Return an exact number with so many decimals, halves away from zero.

    Example:
        >>> rounded(Fraction(2675, 1000)), round(2.675, 2)
        (Decimal('2.68'), 2.67)
    """
    units = abs(value) * 10**places
    whole = int(units + Fraction(1, 2))
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def grade(ikm: Fraction | Decimal | float | str, *, regime: Regime = "2017") -> Grade:
    """
    Return the grade of an IKM.

    The printed intervals leave gaps (64.99, then 65.00), and no rule says how to close them. Here the index is rounded to
    two decimals, halves up, in decimal arithmetic, and then compared. A float is taken as the decimal number that it
    prints as.

    Args:
        ikm: 25 to 100.
        regime: ``2017`` (Permenpan RB 14/2017) or ``2004`` (Kepmenpan 25/2004), whose bounds are lower.

    Raises:
        InvalidQuantityError: The number is outside 25 to 100, or none; or there is no such regime.

    Example:
        >>> grade("76.605").letter, grade("76.604").letter, str(grade(88.31).performance)
        ('B', 'C', 'very good')

    Source:
        Permenpan RB 14/2017 and Kepmenpan KEP/25/M.PAN/2/2004, conversion tables as agencies print them.
    """
    if regime not in BOUNDS:
        raise InvalidQuantityError(
            Message("expected the regime '2017' or '2004', got {value!r}", value=regime)
        )
    try:
        exact = ikm if isinstance(ikm, Fraction) else Fraction(Decimal(str(ikm)))
    except (ArithmeticError, ValueError, OverflowError):
        exact = Fraction(0)
    if isinstance(ikm, bool) or not _LOWEST <= exact <= 100:
        raise InvalidQuantityError(Message("expected an IKM from 25 to 100, got {value!r}", value=str(ikm)))
    value = rounded(exact)
    return next(grade for grade, most in zip(GRADES, BOUNDS[regime], strict=True) if value <= most)
