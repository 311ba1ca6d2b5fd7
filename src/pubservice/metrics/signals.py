"""The rules by which a control chart signals: patterns of points that chance seldom makes."""

from __future__ import annotations

from itertools import pairwise
from math import copysign, inf, isclose
from typing import TYPE_CHECKING, Literal, Self

import attrs

from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pubservice.messages import Language

RuleSet = Literal["western-electric", "nelson"]
Side = Literal["higher", "lower", "neither"]
_ROUNDING = 1e-9  # of a standard deviation, by which a point on a line may miss it


@attrs.frozen
class Signal:
    """
    Points that chance seldom makes.

    Attributes:
        rule: The id of the rule.
        first: Position of the first point that it is about, from 0.
        since: Position of the point at which it was first seen.
        last: Position of the last one.
        side: Which way the points went: ``higher`` or ``lower``; ``neither`` where the rule is about no side.
        message: What happened, in words.
    """

    rule: str
    first: int
    since: int
    last: int
    side: Side
    message: Message

    @classmethod
    def jump(cls, before: str, after: str, position: int) -> Self:
        """Return the signal of a moving range beyond its limit."""
        message = Message(
            "from {before} to {after} it changed by more than chance does", before=before, after=after
        )
        return cls("range-beyond-limit", position - 1, position, position, "neither", message)

    def text(self, language: Language = "en") -> str:
        """Return what happened."""
        return self.message.text(language)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "rule": self.rule,
            "first": self.first,
            "since": self.since,
            "last": self.last,
            "side": self.side,
            "message": str(self.message),
        }


@attrs.frozen
class _Rule:
    """
    A pattern.

    Attributes:
        id: Of the rule.
        length: How many points in a row it looks at.
        holds: Whether deviations in standard deviations, all turned to one side, make it.
        sided: Whether it is about one side; it is then looked for on both.
        message: What it says of how many points, the first, the last, and their side.
    """

    id: str
    length: int
    holds: Callable[[Sequence[float]], bool]
    sided: bool
    message: Callable[[int, str, str, Side], Message]


@attrs.frozen
class _Rules:
    rules: tuple[_Rule, ...]
    source: str


def _all_above(bound: float, *, but: int = 0) -> Callable[[Sequence[float]], bool]:
    """Return a test that all but so many of the points are above a number of standard deviations, the last one among them."""
    return lambda z: z[-1] > bound + _ROUNDING and sum(x > bound + _ROUNDING for x in z) >= len(z) - but


def _rising(z: Sequence[float]) -> bool:
    return all(b > a for a, b in pairwise(z))


def _alternating(z: Sequence[float]) -> bool:
    steps = [b - a for a, b in pairwise(z)]
    return all(a * b < 0 for a, b in pairwise(steps))


def _hugging(z: Sequence[float]) -> bool:
    return all(abs(x) < 1 - _ROUNDING for x in z)


def _shunning(z: Sequence[float]) -> bool:
    return all(abs(x) > 1 + _ROUNDING for x in z) and min(z) < 0 < max(z)


def _beyond(_: int, point: str, _last: str, side: Side) -> Message:
    if side == "higher":
        return Message("{point} is above the upper limit", point=point)
    return Message("{point} is below the lower limit", point=point)


def _run(n: int, first: str, last: str, side: Side) -> Message:
    if side == "higher":
        return Message("{n} points in a row above the centre, {first} to {last}", n=n, first=first, last=last)
    return Message("{n} points in a row below the centre, {first} to {last}", n=n, first=first, last=last)


def _trend(n: int, first: str, last: str, side: Side) -> Message:
    if side == "higher":
        return Message(
            "{n} points in a row, each above the one before, {first} to {last}", n=n, first=first, last=last
        )
    return Message(
        "{n} points in a row, each below the one before, {first} to {last}", n=n, first=first, last=last
    )


def _zone(count: int, length: int, sigmas: int) -> Callable[[int, str, str, Side], Message]:
    def say(_: int, first: str, last: str, side: Side) -> Message:
        values = {"count": count, "length": length, "sigmas": sigmas, "first": first, "last": last}
        if side == "higher":
            return Message(
                "of {length} points in a row at least {count} are over {sigmas} × the standard deviation above the centre,"
                " {first} to {last}",
                **values,
            )
        return Message(
            "of {length} points in a row at least {count} are over {sigmas} × the standard deviation below the centre,"
            " {first} to {last}",
            **values,
        )

    return say


def _alternate(n: int, first: str, last: str, _: Side) -> Message:
    return Message("{n} points in a row up and down by turns, {first} to {last}", n=n, first=first, last=last)


def _near(n: int, first: str, last: str, _: Side) -> Message:
    return Message(
        "{n} points in a row within one standard deviation of the centre, {first} to {last}",
        n=n,
        first=first,
        last=last,
    )


def _far(n: int, first: str, last: str, _: Side) -> Message:
    return Message(
        "{n} points in a row on both sides, none within one standard deviation of the centre, {first} to {last}",
        n=n,
        first=first,
        last=last,
    )


_LIMITS = _Rule("beyond-limits", 1, _all_above(3), sided=True, message=_beyond)
_TWO_OF_THREE = _Rule("two-of-three", 3, _all_above(2, but=1), sided=True, message=_zone(2, 3, 2))
_FOUR_OF_FIVE = _Rule("four-of-five", 5, _all_above(1, but=1), sided=True, message=_zone(4, 5, 1))
RULE_SETS = {
    "western-electric": _Rules(
        (
            _LIMITS,
            _TWO_OF_THREE,
            _FOUR_OF_FIVE,
            _Rule("eight-in-a-row", 8, _all_above(0), sided=True, message=_run),
        ),
        "Western Electric (1956), Statistical Quality Control Handbook",
    ),
    "nelson": _Rules(
        (
            _LIMITS,
            _Rule("nine-in-a-row", 9, _all_above(0), sided=True, message=_run),
            _Rule("six-trending", 6, _rising, sided=True, message=_trend),
            _Rule("fourteen-alternating", 14, _alternating, sided=False, message=_alternate),
            _TWO_OF_THREE,
            _FOUR_OF_FIVE,
            _Rule("fifteen-within-one", 15, _hugging, sided=False, message=_near),
            _Rule("eight-beyond-one", 8, _shunning, sided=False, message=_far),
        ),
        "Nelson (1984), The Shewhart Control Chart: Tests for Special Causes, Journal of Quality Technology 16(4)",
    ),
}


def signals(
    values: Sequence[float],
    *,
    centre: float,
    sigmas: Sequence[float],
    labels: Sequence[str],
    rules: RuleSet,
) -> tuple[Signal, ...]:
    """
    Return what a set of rules finds, in order of time; a pattern that goes on is one signal, from its first point to its last.

    Every rule looks at the points in standard deviations from the centre, so that those of different sizes compare.

    Args:
        values: In order of time.
        centre: Of the chart.
        sigmas: The standard deviation of each point; where it is 0, a point off the centre is infinitely far from it.
        labels: Of the points.
        rules: ``western-electric`` or ``nelson``.
    """
    z = [_distance(value - centre, sigma) for value, sigma in zip(values, sigmas, strict=True)]
    found = [signal for rule in RULE_SETS[rules].rules for signal in _found(rule, z, labels)]
    return tuple(sorted(found, key=lambda signal: (signal.last, signal.first)))


def _distance(difference: float, sigma: float) -> float:
    if sigma:
        return difference / sigma
    return 0.0 if isclose(difference, 0.0, abs_tol=1e-12) else copysign(inf, difference)


def _found(rule: _Rule, z: Sequence[float], labels: Sequence[str]) -> Iterator[Signal]:
    ways: tuple[tuple[Side, int], ...] = (("higher", 1), ("lower", -1)) if rule.sided else (("neither", 1),)
    for side, sign in ways:
        turned = [sign * x for x in z]
        seen = [
            last
            for last in range(rule.length - 1, len(z))
            if rule.holds(turned[last - rule.length + 1 : last + 1])
        ]
        for since, last in _stretches(seen) if rule.length > 1 else [(i, i) for i in seen]:
            first = since - rule.length + 1
            message = rule.message(last - first + 1, labels[first], labels[last], side)
            yield Signal(rule.id, first, since, last, side, message)


def _stretches(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of numbers that follow each other."""
    for i, number in enumerate(numbers):
        if i == 0 or numbers[i - 1] != number - 1:
            first = number
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            yield first, number
