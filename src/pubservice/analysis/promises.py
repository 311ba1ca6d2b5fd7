"""The published completion time of a service, held against what its procedure takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.analysis.lasting import said_like
from pubservice.analysis.profile import promised_seconds
from pubservice.messages import Message
from pubservice.units import in_words

if TYPE_CHECKING:
    from pubservice.analysis.profile import Clock
    from pubservice.analysis.service_performance import ServicePerformance
    from pubservice.units import Duration

Verdict = Literal["impossible", "missed", "kept"]


@attrs.frozen
class Promise:
    """
    A promised completion time beside what a case takes; times are means on the service's clock, in seconds.

    Attributes:
        length: As published.
        promised_s: The same on the service's clock; None for working days without a calendar.
        theoretical_s: What a case takes if nothing ever waits.
        mean_s: What a case takes.
        undefined: Why a number is None, by its name.
    """

    length: Duration
    promised_s: float | None
    theoretical_s: float | None
    mean_s: float | None
    undefined: dict[str, Message] = attrs.field(factory=dict, eq=False)

    @property
    def verdict(self) -> Verdict | None:
        """
        ``impossible`` where even without waiting a case takes longer, ``missed`` where it does on average, else ``kept``.

        None where that is not known. Kept on average is not kept for each: about half of the cases take longer than
        their mean.
        """
        if self.promised_s is None:
            return None
        if self.theoretical_s is not None and self.theoretical_s > self.promised_s:
            return "impossible"
        if self.mean_s is None:
            return None
        return "missed" if self.mean_s > self.promised_s else "kept"

    @property
    def margin(self) -> float | None:
        """(Promised − mean) / promised: the share of the promise that is left; negative where it is missed."""
        if not self.promised_s or self.mean_s is None:
            return None
        return (self.promised_s - self.mean_s) / self.promised_s

    def said(self, seconds: float) -> Message:
        """Return a time on the service's clock in the unit of the promise; one of no time at all says none."""
        if not self.promised_s:
            return in_words(seconds)
        return said_like(self.length, seconds / self.promised_s)

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "length": str(self.length),
            "promised_s": self.promised_s,
            "theoretical_cycle_time_s": self.theoretical_s,
            "cycle_time_s": self.mean_s,
            "verdict": self.verdict,
            "margin": self.margin,
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }


def promise(length: Duration, clock: Clock, performance: ServicePerformance) -> Promise:
    """Return a promised completion time beside what a case of the service takes."""
    promised = promised_seconds(length, clock)
    theoretical, mean = performance.theoretical_cycle_time_s, performance.cycle_time_s
    undefined: dict[str, Message] = {}
    if promised is None:
        undefined["promised_s"] = Message("the promise is in working days, and there is no calendar")
    if theoretical is None:
        undefined["theoretical_cycle_time_s"] = performance.undefined["theoretical_cycle_time_s"]
    if mean is None:
        undefined["cycle_time_s"] = performance.undefined["cycle_time_s"]
    return Promise(length, promised, theoretical, mean, undefined)
