"""One measure over several periods: how it moves, and whether that is more than chance."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.management.verdict import value_data, value_text
from pubservice.messages import Message
from pubservice.metrics.control import ControlChart, xmr_chart
from pubservice.model.measurement import magnitude, unit_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pubservice.messages import Language
    from pubservice.model.measurement import Measurement
    from pubservice.model.metric import Metric
    from pubservice.model.period import Period

SHORTEST = 8  # periods of a chart: the longest pattern that its rules look for
_ALIKE = 1.2  # times as long as the shortest may the longest period be, as months, quarters and years are


@attrs.frozen
class Trend:
    """
    What was measured of one metric of one service, from one source.

    Attributes:
        metric: What was measured.
        measurements: In order of time.
    """

    metric: Metric
    measurements: tuple[Measurement, ...]

    @property
    def service(self) -> str | None:
        """The id of the service."""
        return self.measurements[0].service

    @cached_property
    def _known(self) -> tuple[Measurement, ...]:
        return tuple(m for m in self.measurements if m.value is not None)

    @cached_property
    def _places(self) -> dict[Period, int]:
        return {m.period: i for i, m in enumerate(self._known)}

    @cached_property
    def _chart(self) -> ControlChart | Message:
        values = [m.value for m in self._known if m.value is not None]
        if len(values) < SHORTEST:
            return Message(
                "a control chart takes at least {n} periods, there are {found}", n=SHORTEST, found=len(values)
            )
        units = sorted({unit_text(value) for value in values})
        if len(units) > 1:
            return Message("no control chart: values in {units}", units=", ".join(units))
        days = [m.period.days for m in self._known]
        if max(days) > _ALIKE * min(days):
            return Message(
                "no control chart: periods of {least} to {most} days", least=min(days), most=max(days)
            )
        return xmr_chart([magnitude(value) for value in values], labels=[str(m.period) for m in self._known])

    @property
    def chart(self) -> ControlChart | None:
        """Its control chart of single values, by the rules of Western Electric; None below eight alike periods."""
        return self._chart if isinstance(self._chart, ControlChart) else None

    @property
    def change(self) -> float | None:
        """Last value − the one before, in the unit of the last; None where there are not two in one unit."""
        if len(self._known) < 2:
            return None
        before, last = (m.value for m in self._known[-2:])
        if before is None or last is None or unit_text(before) != unit_text(last):
            return None
        return magnitude(last) - magnitude(before)

    def worsening(self, measurement: Measurement) -> Message | None:
        """Return the first signal at a measurement that it gets worse; None where there is none."""
        if self.chart is None or measurement.value is None:
            return None
        at = self._places[measurement.period]
        worse = "higher" if self.metric.direction == "lower" else "lower"
        for signal in self.chart.signals:
            if signal.side == worse and signal.since <= at <= signal.last:
                return signal.message
        return None

    def lines(self, language: Language = "en") -> list[str]:
        """Return the signals of its chart that the last period takes part in, in words."""
        if self.chart is None:
            return []
        last = len(self.chart.points) - 1
        name = self.metric.name.text(language) or self.metric.id
        of = f"{self.service}, {name}" if self.service else name
        return [f"{of}: {signal.text(language)}" for signal in self.chart.signals if signal.last == last]

    def text(self, language: Language = "en") -> str:
        """Return its values by period, and its chart or why there is none."""
        lines = [
            f"{m.period}: {'-' if m.value is None else value_text(m.value, self.metric).text(language)}"
            for m in self.measurements
        ]
        return "\n".join([*lines, self._chart.text(language)])

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        first = self.measurements[0]
        return {
            "service": self.service,
            "metric": self.metric.id,
            "within": value_data(first.within),
            "obtained": first.obtained,
            "source": first.source,
            "periods": [str(m.period) for m in self.measurements],
            "values": [value_data(m.value) for m in self.measurements],
            "change": self.change,
            "chart": self.chart.data() if self.chart else None,
            "undefined": str(self._chart) if self.chart is None else None,
        }


def key_of(measurement: Measurement) -> tuple[object, ...]:
    """Return what the measurements of one trend have in common."""
    return (
        measurement.service,
        measurement.metric,
        measurement.obtained,
        measurement.within,
        measurement.source,
    )


def trends(measurements: Sequence[Measurement], metrics: Mapping[str, Metric]) -> tuple[Trend, ...]:
    """Return measurements, which are in order of time, by metric, service and source."""
    found: dict[tuple[object, ...], list[Measurement]] = {}
    for measurement in measurements:
        found.setdefault(key_of(measurement), []).append(measurement)
    return tuple(Trend(metrics[group[0].metric], tuple(group)) for group in found.values())
