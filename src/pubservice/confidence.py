"""How sure a number is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from pubservice.messages import Message

if TYPE_CHECKING:
    from pubservice.messages import Language


@attrs.frozen
class ConfidenceInterval:
    """
    A confidence interval.

    Attributes:
        low: Its lower end.
        high: Its upper end.
        confidence: How often such intervals hold the true value, 0 to 1.
        method: How it was found.
    """

    low: float
    high: float
    confidence: float
    method: Message

    def text(self, language: Language = "en") -> str:
        """Return both ends, and how they were found."""
        return Message(
            "{confidence:.0%} interval {low:.2f} to {high:.2f} ({method})",
            confidence=self.confidence,
            low=self.low,
            high=self.high,
            method=self.method,
        ).text(language)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {"low": self.low, "high": self.high, "confidence": self.confidence, "method": str(self.method)}
