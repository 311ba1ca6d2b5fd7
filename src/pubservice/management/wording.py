"""Lengths of time, money and dates as a text for the public says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.messages import Message, translate

if TYPE_CHECKING:
    from datetime import date

    from pubservice.messages import Language
    from pubservice.units import Duration, Money

_UNITS = {  # one of them, several of them
    "s": (Message("second"), Message("seconds")),
    "min": (Message("minute"), Message("minutes")),
    "hour": (Message("hour"), Message("hours")),
    "day": (Message("day"), Message("days")),
    "week": (Message("week"), Message("weeks")),
    "month": (Message("month"), Message("months")),
    "year": (Message("year"), Message("years")),
    "working_min": (Message("working minute"), Message("working minutes")),
    "working_hour": (Message("working hour"), Message("working hours")),
    "working_day": (Message("working day"), Message("working days")),
}
_MONTHS = (
    Message("January"),
    Message("February"),
    Message("March"),
    Message("April"),
    Message("May"),
    Message("June"),
    Message("July"),
    Message("August"),
    Message("September"),
    Message("October"),
    Message("November"),
    Message("December"),
)


def number(value: float, language: Language) -> str:
    """
    Return a number with at most two decimals, grouped as the language does.

    Example:
        >>> number(2500000, "id"), number(1.5, "id"), number(2500000, "en")
        ('2.500.000', '1,5', '2,500,000')
    """
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "id" else text


def length(duration: Duration, language: Language) -> str:
    """
    Return a length of time in words.

    Example:
        >>> from pubservice.units import Duration
        >>> length(Duration(14, "working_day"), "en"), length(Duration(1, "working_day"), "id")
        ('14 working days', '1 hari kerja')
    """
    one, several = _UNITS[duration.unit]
    word = one if duration.magnitude == 1 else several
    return f"{number(duration.magnitude, language)} {word.text(language)}"


def amount(money: Money, language: Language) -> str:
    """
    Return an amount of money; rupiah in Indonesian as they are written there.

    Example:
        >>> from pubservice.units import Money
        >>> amount(Money(2500000, "IDR"), "id"), amount(Money(12.5, "EUR"), "id"), amount(Money(2500000, "IDR"), "en")
        ('Rp2.500.000', '12,5 EUR', '2,500,000 IDR')
    """
    value = number(money.amount, language)
    return f"Rp{value}" if (money.currency, language) == ("IDR", "id") else f"{value} {money.currency}"


def day(when: date, language: Language) -> str:
    """
    Return a date with its month in words.

    Example:
        >>> from datetime import date
        >>> day(date(2026, 8, 17), "id")
        '17 Agustus 2026'
    """
    return f"{when.day} {translate(_MONTHS[when.month - 1], language)} {when.year}"
