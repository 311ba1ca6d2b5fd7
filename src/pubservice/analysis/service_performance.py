"""What a case of one service goes through, as a result that prints."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.applicant_time import applicant_time_method, documents
from pubservice.analysis.composition import cycle_time_method
from pubservice.errors import UnknownIdError
from pubservice.messages import Message, translate
from pubservice.provenance import Method
from pubservice.table import table
from pubservice.units import Money, in_words, quantity

if TYPE_CHECKING:
    from pubservice.analysis.applicant import Document
    from pubservice.analysis.case import Case
    from pubservice.messages import Language
    from pubservice.units import Quantity


@attrs.frozen
class Outcome:
    """
    How a case may end.

    Attributes:
        outcome: In the words of the model; ``completed`` where a node merely has no flow out of it.
        probability: 0 to 1.
        completed: Whether the service then did what it is there for.
    """

    outcome: str
    probability: float
    completed: bool


@attrs.frozen
class StepPerformance:
    """
    What a step means for a case.

    Attributes:
        id: The step.
        visits: Expected times that a case comes to it.
        processing_time_s: Mean seconds of work of a visit; None where unknown.
        waiting_time_s: Mean seconds on the service's clock that a visit waits, for the resource and for the batch.
        cost: What a visit costs the office; None where unknown.
        on_every_path: Whether every case that ends must pass it.
    """

    id: str
    visits: float | None
    processing_time_s: float | None
    waiting_time_s: float | None
    cost: Money | None
    on_every_path: bool


@attrs.frozen
class ValueTimes:
    """
    Work on a case by what it is worth: mean seconds, branches added; together they are the processing time.

    Attributes:
        value_adding_s: The applicant would pay for it, or miss it.
        business_value_adding_s: The office needs it, or the law requires it.
        non_value_adding_s: Neither: handing over, correcting, doing again.
        unclassified_s: Steps that do not say.

    Source:
        Dumas et al. (2018), §6.1.
    """

    value_adding_s: float = 0.0
    business_value_adding_s: float = 0.0
    non_value_adding_s: float = 0.0
    unclassified_s: float = 0.0


@attrs.frozen
class ServicePerformance:
    """
    What a case of one service goes through. Times are means on the service's clock, in seconds.

    Attributes:
        id: The service.
        arrival_rate_per_s: New cases per second of the service's clock.
        cycle_time_s: From arrival to end: work, queues and waits.
        waiting_time_s: Cycle time − theoretical cycle time.
        processing_time_s: Work on a case, branches added.
        theoretical_cycle_time_s: Cycle time if nothing ever waited: work alone, of parallel branches the longest.
        cycle_time_efficiency: Theoretical cycle time / cycle time, 0 to 1.
        office_cost: What a case costs the office.
        fees: What an applicant is expected to pay, per currency.
        applicant_time_s: What a case takes of the applicant's time.
        undefined: Why a number is None, by its name.
        case: What it was worked out from.
    """

    id: str
    arrival_rate_per_s: float | None
    cycle_time_s: float | None
    waiting_time_s: float | None
    processing_time_s: float | None
    theoretical_cycle_time_s: float | None
    cycle_time_efficiency: float | None
    office_cost: Money | None
    fees: tuple[Money, ...]
    applicant_time_s: float | None
    undefined: dict[str, Message] = attrs.field(eq=False)
    case: Case = attrs.field(eq=False, repr=False)

    @property
    def cycle_time(self) -> Quantity | None:
        """Mean time from arrival to end on the service's clock, in hours."""
        return _hours(self.cycle_time_s)

    @cached_property
    def cycle_time_elapsed_s(self) -> float | None:
        """
        The cycle time while the calendar is closed too, in seconds: that on the service's clock / open share.

        Waits that pass while it is closed take their own length instead, and what is left until it opens.
        """
        return None if self.cycle_time_s is None else self.case.elapsed(self.cycle_time_s)

    @property
    def waiting_time(self) -> Quantity | None:
        """Mean time that is not work, in hours."""
        return _hours(self.waiting_time_s)

    @property
    def processing_time(self) -> Quantity | None:
        """Mean work on a case, in hours."""
        return _hours(self.processing_time_s)

    @property
    def theoretical_cycle_time(self) -> Quantity | None:
        """Mean cycle time without any waiting, in hours."""
        return _hours(self.theoretical_cycle_time_s)

    @property
    def applicant_time(self) -> Quantity | None:
        """Mean time that a case takes of the applicant, in hours."""
        return _hours(self.applicant_time_s)

    @cached_property
    def value_times(self) -> ValueTimes | None:
        """Work on a case by what it is worth, in seconds; None where the processing time is."""
        return None if self.processing_time_s is None else self.case.value_times()

    @cached_property
    def value_added_ratio(self) -> float | None:
        """
        Cycle time of the value-adding work alone / cycle time, 0 to the cycle time efficiency.

        Where nothing runs side by side that is value-adding time / cycle time; of parallel branches the longest counts,
        as in the efficiency.
        """
        if not self.cycle_time_s or self.theoretical_cycle_time_s is None:
            return None
        return self.case.value_added_time() / self.cycle_time_s

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """What the applicant hands in: what steps ask for in document order, then what comes with the application."""
        return documents(self.case)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How cases end, in document order; ends with the same outcome together."""
        return self.case.outcomes()

    @cached_property
    def steps(self) -> tuple[StepPerformance, ...]:
        """What each step means for a case, in document order."""
        return self.case.steps()

    def step(self, id: str) -> StepPerformance:
        """
        Return what one step means for a case.

        Raises:
            UnknownIdError: There is no such step.
        """
        for step in self.steps:
            if step.id == id:
                return step
        raise UnknownIdError("step", id, [step.id for step in self.steps])

    @property
    def on_every_path(self) -> tuple[str, ...]:
        """The steps that every case must pass, in document order."""
        return tuple(step.id for step in self.steps if step.on_every_path)

    @cached_property
    def critical_paths(self) -> tuple[tuple[str, ...], ...]:
        """
        The longest ways through the procedure by mean time, as node ids; all of them where there are ties, at most 100.

        Of a choice the longest alternative counts, and a loop is passed once. Queues are left out where they are
        unknown.
        """
        return self.case.critical_paths()

    @cached_property
    def branch_times(self) -> tuple[tuple[float, ...], ...]:
        """
        For each parallel or inclusive block the mean seconds that a case spends on each of its branches, queues included.

        Blocks are in the order of `graph.blocks`, branches in document order; none where blocks do not close. Queues are
        left out where they are unknown.
        """
        return self.case.branch_times()

    @cached_property
    def method(self) -> dict[str, Method]:
        """How each number was found, by its name."""
        exact = Method("exact", "flow analysis")
        found = {
            name: exact
            for name in (
                "processing_time_s",
                "value_times",
                "office_cost",
                "waiting_time_s",
                "cycle_time_s",
                "theoretical_cycle_time_s",
            )
            if getattr(self, name) is not None
        }
        if self.case.of.visits is not None:
            found["outcomes"] = found["visits"] = self._chain_method()
            found["fees"] = exact
        if "theoretical_cycle_time_s" in found:
            found["theoretical_cycle_time_s"] = cycle_time_method(self.case, with_waits=False)
        if "cycle_time_s" in found:
            found["cycle_time_s"] = cycle_time_method(self.case, with_waits=True)
            for name in ("waiting_time_s", "cycle_time_efficiency"):
                if getattr(self, name) is not None:
                    found[name] = found["cycle_time_s"]
        if self.value_added_ratio is not None:
            found["value_added_ratio"] = self._value_method(found["cycle_time_s"])
        if self.cycle_time_elapsed_s is not None:
            share = self.case.of.clock.share
            found["cycle_time_elapsed_s"] = (
                found["cycle_time_s"]
                if share == 1
                else Method(
                    "approximation",
                    "elapsed waits, and cycle time without them / open share of the calendar"
                    if self.case.of.passing
                    else "cycle time / open share of the calendar",
                )
            )
        if self.applicant_time_s is not None:
            found["applicant_time_s"] = applicant_time_method(self.case)
        return found

    def _chain_method(self) -> Method:
        if any(demand.impatient for demand in self.case.of.demands.values()):
            return Method("approximation", "absorbing chain; withdrawal from the queue left out")
        return Method("exact", "absorbing chain")

    def _value_method(self, of_cycle: Method) -> Method:
        if self.value_times is None or not self.value_times.unclassified_s:
            return of_cycle
        parts = ["unclassified work taken as adding no value, a lower bound"]
        if of_cycle.kind == "approximation":
            parts.insert(0, of_cycle.name)
        return Method("approximation", "; ".join(parts))

    def data(self) -> dict[str, Any]:
        """Return it for JSON, as the file format describes."""
        return {
            "id": self.id,
            "arrival_rate_per_s": self.arrival_rate_per_s,
            "cycle_time_s": self.cycle_time_s,
            "cycle_time_elapsed_s": self.cycle_time_elapsed_s,
            "waiting_time_s": self.waiting_time_s,
            "processing_time_s": self.processing_time_s,
            "value_times": None if self.value_times is None else attrs.asdict(self.value_times),
            "theoretical_cycle_time_s": self.theoretical_cycle_time_s,
            "cycle_time_efficiency": self.cycle_time_efficiency,
            "value_added_ratio": self.value_added_ratio,
            "cost": {
                "office": _as_data(self.office_cost),
                "fee": [_as_data(fee) for fee in self.fees],
                "applicant_time_s": self.applicant_time_s,
            },
            "outcomes": [attrs.asdict(outcome) for outcome in self.outcomes],
            "steps": [
                attrs.asdict(step, recurse=False) | {"cost": _as_data(step.cost)} for step in self.steps
            ],
            "critical_paths": [list(path) for path in self.critical_paths],
            "method": {name: method.data() for name, method in self.method.items()},
            "undefined": {
                name: str(reason)
                for name, reason in {**self.undefined, **self.case.undefined_of_steps()}.items()
            },
        }

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each step; times in minutes."""
        return [
            {
                "step": step.id,
                "visits": step.visits,
                "processing time / min": None
                if step.processing_time_s is None
                else step.processing_time_s / 60,
                "waiting time / min": None if step.waiting_time_s is None else step.waiting_time_s / 60,
                "cost": None if step.cost is None else str(step.cost),
                "on every path": step.on_every_path,
            }
            for step in self.steps
        ]

    def text(self, language: Language = "en") -> str:
        """Return the main numbers line by line, then why any is missing, then the table of steps."""
        lines = [self.id]
        lines.extend(f"  {translate(label, language)}: {value}" for label, value in self._labelled(language))
        lines.extend(
            f"  {translate('outcome', language)} {o.outcome}: {o.probability:.1%}" for o in self.outcomes
        )
        lines.extend(
            f"  {translate('undefined', language)}: {reason.text(language)}"
            for reason in dict.fromkeys(self.undefined.values())
        )
        steps = table(self.rows(), language=language)
        return "\n".join([*lines, *("  " + line for line in steps.splitlines())])

    def __str__(self) -> str:
        return self.text()

    def _labelled(self, language: Language) -> list[tuple[str, str]]:
        def span(seconds: float | None) -> str | None:
            return None if seconds is None else in_words(seconds).text(language)

        values = [
            ("cycle time", span(self.cycle_time_s)),
            ("of which waiting", span(self.waiting_time_s)),
            ("processing time", span(self.processing_time_s)),
            ("of which value-adding", span(self._value_adding_s)),
            ("theoretical cycle time", span(self.theoretical_cycle_time_s)),
            (
                "cycle time efficiency",
                None if self.cycle_time_efficiency is None else f"{self.cycle_time_efficiency:.1%}",
            ),
            ("cost to the office", None if self.office_cost is None else str(self.office_cost)),
            ("fee", ", ".join(str(fee) for fee in self.fees) or None),
            ("applicant's time", span(self.applicant_time_s)),
        ]
        return [(label, value) for label, value in values if value is not None]

    @property
    def _value_adding_s(self) -> float | None:
        """Value-adding work, if any step says what its work is worth."""
        times = self.value_times
        return (
            None if times is None or times.unclassified_s == self.processing_time_s else times.value_adding_s
        )


def _hours(seconds: float | None) -> Quantity | None:
    return None if seconds is None else quantity(seconds / 3600, "hour")


def _as_data(value: Money | None) -> dict[str, Any] | None:
    """Return money for JSON."""
    return None if value is None else value.data()
