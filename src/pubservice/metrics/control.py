"""
Control charts: which changes of a measure over time are more than chance.

A chart has a centre and limits at three standard deviations. Points beyond the limits, and patterns that chance seldom
makes, are signals: something else has happened, and it is worth to find out what.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from numbers import Real
from operator import index
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex

import attrs

from pubservice.errors import InvalidQuantityError, UndefinedResultError
from pubservice.messages import Message
from pubservice.metrics.signals import RULE_SETS, RuleSet, Signal, signals
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.messages import Language

ChartKind = Literal["XmR", "p", "u"]
_LIMIT_OF_RANGES = 3.268  # D4 for ranges of two: the upper limit over their mean
_THREE_SIGMA = 2.66  # 3 / d2 for ranges of two, as it is published
_SOURCES = {
    "XmR": "Shewhart (1931); Wheeler (1993), Understanding Variation",
    "p": "Montgomery (2013), Introduction to Statistical Quality Control, 7th ed., §7.2",
    "u": "Montgomery (2013), §7.3",
}


@attrs.frozen
class ChartPoint:
    """
    One point of a control chart.

    Attributes:
        label: Of when or what.
        value: What was measured.
        lower: Its lower limit; None where that would be impossible, below 0 for shares and counts.
        upper: Its upper limit; None where that would be impossible, above 1 for shares.
        sigma: The standard deviation that the limits are three of.
    """

    label: str
    value: float
    lower: float | None
    upper: float | None
    sigma: float


@attrs.frozen
class ControlChart:
    """
    A measure over time, with what chance allows.

    Attributes:
        kind: ``XmR``, ``p`` or ``u``.
        points: In order of time.
        centre: The mean.
        range_limit: Upper limit of the moving ranges, for XmR; else None.
        signals: What chance seldom does, in order of time.
        rules: By which rules: ``western-electric`` or ``nelson``.
    """

    kind: ChartKind
    points: tuple[ChartPoint, ...]
    centre: float
    range_limit: float | None
    signals: tuple[Signal, ...]
    rules: RuleSet

    @property
    def source(self) -> str:
        """Where the formulas and the rules come from."""
        return f"{_SOURCES[self.kind]}; {RULE_SETS[self.rules].source}"

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each point, with the numbers of the signals that end at it."""
        ends: dict[int, list[str]] = {}
        for number, signal in enumerate(self.signals, 1):
            ends.setdefault(signal.last, []).append(str(number))
        return [
            {
                "point": point.label,
                "value": point.value,
                "lower limit": point.lower,
                "centre": self.centre,
                "upper limit": point.upper,
                "signal": ", ".join(ends[i]) if i in ends else None,
            }
            for i, point in enumerate(self.points)
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table of the points, and below it each signal in words."""
        lines = [table(self.rows(), language=language)]
        lines += [f"{n}. {signal.text(language)}" for n, signal in enumerate(self.signals, 1)]
        if not self.signals:
            lines.append(Message("no signal: nothing here is more than chance").text(language))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "kind": self.kind,
            "centre": self.centre,
            "range_limit": self.range_limit,
            "points": [attrs.asdict(point) for point in self.points],
            "signals": [signal.data() for signal in self.signals],
            "rules": self.rules,
            "source": self.source,
        }


def xmr_chart(
    values: Iterable[float],
    *,
    labels: Iterable[str] | None = None,
    baseline: SupportsIndex | None = None,
    rules: RuleSet = "western-electric",
) -> ControlChart:
    """
    Return a chart of single values, whose spread is taken from how much each differs from the one before.

    Limits are the mean ± 2.66 × the mean moving range; the limit of a moving range is 3.268 × their mean. It needs no
    assumption about how the values come about, and suits a measure that is taken once a month.

    Args:
        values: In order of time, at least two.
        labels: Of the values; their numbers from 1 where left out.
        baseline: How many of the first values the centre and the limits are taken from; None for all.
        rules: By which signals are found: ``western-electric`` or ``nelson``.

    Raises:
        UndefinedResultError: There are fewer than two values.
        InvalidQuantityError: A value is not finite, or an option is wrong.

    Example:
        Flow rates of ten batches.

        >>> chart = xmr_chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
        >>> round(chart.centre, 2), round(chart.points[0].lower, 2), round(chart.points[0].upper, 2), chart.signals
        (50.81, 45.82, 55.8, ())

    Source:
        NIST/SEMATECH e-Handbook of Statistical Methods, §6.3.2.2, also for the example; Wheeler (1993).
    """
    given = _finite(_listed("values", values))
    first = _baseline(given, baseline)
    centre = math.fsum(first) / len(first)
    moving = [abs(b - a) for a, b in pairwise(given)]
    mean_range = math.fsum(moving[: len(first) - 1]) / (len(first) - 1)
    width = _THREE_SIGMA * mean_range
    points = tuple(
        ChartPoint(label, value, centre - width, centre + width, width / 3)
        for label, value in zip(_labels(labels, given), given, strict=True)
    )
    limit = _LIMIT_OF_RANGES * mean_range
    found = _signals(points, centre, rules)
    jumps = [
        Signal.jump(points[i].label, points[i + 1].label, i + 1) for i, r in enumerate(moving) if r > limit
    ]
    ordered = tuple(sorted([*found, *jumps], key=lambda signal: (signal.last, signal.first)))
    return ControlChart("XmR", points, centre, limit, ordered, rules)


def p_chart(
    counts: Iterable[float],
    sizes: Iterable[float],
    *,
    labels: Iterable[str] | None = None,
    baseline: SupportsIndex | None = None,
    rules: RuleSet = "western-electric",
) -> ControlChart:
    """
    Return a chart of shares, such as cases on time / cases; a month with few cases has wider limits.

    Limits are p ± 3 √(p (1 − p) / n), where p is the share of all together. Cases are taken as independent and alike;
    where thousands stand behind a point the limits become narrower than any office is steady, and `xmr_chart` of the
    shares serves better.

    Args:
        counts: Cases that count, of each point.
        sizes: All cases of each point, above 0.
        labels: As for `xmr_chart`, and so are the others.
        baseline: Idem.
        rules: Idem.

    Raises:
        UndefinedResultError: There are fewer than two points.
        InvalidQuantityError: A count is negative or more than its size, a size is 0, or an option is wrong.

    Example:
        >>> chart = p_chart([18, 25, 21, 9], [200, 240, 210, 220])
        >>> round(chart.centre, 4), [s.rule for s in chart.signals]
        (0.0839, [])

    Source:
        Montgomery (2013), §7.2; NIST/SEMATECH e-Handbook, §6.3.3.2.
    """
    tops, bottoms = _counted(counts, sizes)
    for i, (top, bottom) in enumerate(zip(tops, bottoms, strict=True), 1):
        if top > bottom:
            message = Message("point {n}: {count:,.10g} of {size:,.10g}", n=i, count=top, size=bottom)
            raise InvalidQuantityError(message)
    first = len(_baseline(tops, baseline))
    centre = math.fsum(tops[:first]) / math.fsum(bottoms[:first])
    sigmas = [math.sqrt(centre * (1 - centre) / size) for size in bottoms]
    points = _points(labels, tops, bottoms, centre, sigmas, most=1.0)
    return ControlChart("p", points, centre, None, _signals(points, centre, rules), rules)


def u_chart(
    counts: Iterable[float],
    sizes: Iterable[float],
    *,
    labels: Iterable[str] | None = None,
    baseline: SupportsIndex | None = None,
    rules: RuleSet = "western-electric",
) -> ControlChart:
    """
    Return a chart of how often something happens per case, such as complaints or errors, of which a case may have several.

    Limits are u ± 3 √(u / n), where u is the rate of all together. What happens is taken as Poisson.

    Args:
        counts: How often it happened, of each point.
        sizes: Cases of each point, above 0.
        labels: As for `xmr_chart`, and so are the others.
        baseline: Idem.
        rules: Idem.

    Raises:
        UndefinedResultError: There are fewer than two points.
        InvalidQuantityError: A count is negative, a size is 0, or an option is wrong.

    Example:
        Flaws in ten rolls of cloth of different sizes.

        >>> flaws, sizes = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23], [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5]
        >>> chart = u_chart(flaws, sizes)
        >>> round(chart.centre, 2), round(chart.points[0].upper, 2)
        (1.42, 2.56)

    Source:
        Montgomery (2013), §7.3; the manual of the R package qcc (dyedcloth) for the example.
    """
    tops, bottoms = _counted(counts, sizes)
    first = len(_baseline(tops, baseline))
    centre = math.fsum(tops[:first]) / math.fsum(bottoms[:first])
    sigmas = [math.sqrt(centre / size) for size in bottoms]
    points = _points(labels, tops, bottoms, centre, sigmas, most=math.inf)
    return ControlChart("u", points, centre, None, _signals(points, centre, rules), rules)


def _points(
    labels: Iterable[str] | None,
    tops: list[float],
    bottoms: list[float],
    centre: float,
    sigmas: list[float],
    *,
    most: float,
) -> tuple[ChartPoint, ...]:
    """Return points that are counts over sizes; a limit that no point can pass is none."""
    return tuple(
        ChartPoint(
            label,
            top / bottom,
            centre - 3 * sigma if centre - 3 * sigma > 0 else None,
            centre + 3 * sigma if centre + 3 * sigma < most else None,
            sigma,
        )
        for label, top, bottom, sigma in zip(_labels(labels, tops), tops, bottoms, sigmas, strict=True)
    )


def _signals(points: tuple[ChartPoint, ...], centre: float, rules: RuleSet) -> tuple[Signal, ...]:
    if rules not in RULE_SETS:
        message = Message(
            "expected the rules {options}, got {value!r}", options=", ".join(RULE_SETS), value=rules
        )
        raise InvalidQuantityError(message)
    return signals(
        [point.value for point in points],
        centre=centre,
        sigmas=[point.sigma for point in points],
        labels=[point.label for point in points],
        rules=rules,
    )


def _listed(name: str, items: Any) -> list[Any]:
    if not isinstance(items, Iterable):
        raise InvalidQuantityError(Message("{name}: expected a list, got {value!r}", name=name, value=items))
    return list(items)


def _finite(found: list[Any]) -> list[float]:
    for i, value in enumerate(found, 1):
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise InvalidQuantityError(
                Message("point {n}: expected a number, got {value!r}", n=i, value=value)
            )
    if len(found) < 2:
        raise UndefinedResultError(Message("a control chart needs at least 2 points, got {n}", n=len(found)))
    return [float(value) for value in found]


def _counted(counts: Iterable[float], sizes: Iterable[float]) -> tuple[list[float], list[float]]:
    above, below = _listed("counts", counts), _listed("sizes", sizes)
    if len(above) != len(below):
        message = Message("expected as many sizes as counts, got {n} and {m}", n=len(below), m=len(above))
        raise InvalidQuantityError(message)
    tops, bottoms = _finite(above), _finite(below)
    for i, (top, bottom) in enumerate(zip(tops, bottoms, strict=True), 1):
        if top < 0 or bottom <= 0:
            message = Message(
                "point {n}: expected a count of at least 0 and a size above 0, got {count:g} and {size:g}",
                n=i,
                count=top,
                size=bottom,
            )
            raise InvalidQuantityError(message)
    return tops, bottoms


def _baseline(values: list[float], baseline: Any) -> list[float]:
    if baseline is None:
        return values
    count = index(baseline) if isinstance(baseline, SupportsIndex) else 0  # whole numbers of numpy too
    if not 2 <= count <= len(values):
        message = Message(
            "expected a baseline from 2 to {n} points, got {value!r}", n=len(values), value=baseline
        )
        raise InvalidQuantityError(message)
    return values[:count]


def _labels(labels: Iterable[str] | None, values: list[float]) -> list[str]:
    if labels is None:
        return [str(n) for n in range(1, len(values) + 1)]
    found = [str(label) for label in _listed("labels", labels)]
    if len(found) != len(values):
        message = Message("expected as many labels as points, got {n} and {m}", n=len(found), m=len(values))
        raise InvalidQuantityError(message)
    return found
