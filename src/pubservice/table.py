"""Rows to aligned text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pubservice.messages import Message, translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pubservice.messages import Language


def table(rows: Iterable[Mapping[str, object]], *, language: Language = "en") -> str:
    """
    Return rows as a table with one title line; numbers stand right, text left, and None is a dash.

    A decimal number keeps its digits, a float is shown with two. A row is a line whatever its text holds: what does not
    print, such as a line break in a name, becomes a space.

    Args:
        rows: Mappings with the same keys, which become the titles.
        language: Of the titles, flags and messages.

    Example:
        >>> print(table([{"resource": "clerk", "utilisation": 0.916}, {"resource": "engineer", "utilisation": None}]))
        resource  utilisation
        clerk            0.92
        engineer            -
    """
    records = [dict(row) for row in rows]
    if not records:
        return ""
    keys = list(records[0])
    titles = [translate(key, language) for key in keys]
    cells = [[_cell(record[key], key, language) for key in keys] for record in records]
    widths = [max(len(line[i]) for line in [titles, *cells]) for i in range(len(keys))]
    right = [any(_is_number(record[key]) for record in records) for key in keys]
    return "\n".join(
        "  ".join(
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in [titles, *cells]
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _cell(value: object, key: str, language: Language) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return translate("yes" if value else "no", language)
    if isinstance(value, float):
        return f"{value:z,.1f}" if " / " in key else f"{value:z.2f}"
    text = value.text(language) if isinstance(value, Message) else str(value)
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def csv_cell(text: str) -> str:
    """
    Return a text that no spreadsheet reads as a formula: an apostrophe stands before what begins like one.

    Example:
        >>> csv_cell("=1+2"), csv_cell("-1.5"), csv_cell("City Hall")
        ("'=1+2", '-1.5', 'City Hall')
    """
    if not text.lstrip().startswith(("=", "+", "-", "@")) and not text.startswith(("\t", "\r", "\n")):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text
