"""Which steps that follow each other could be one: what `MergeSteps` asks, and who would do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.model.procedure import Step


def stretches(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """
    Return steps that follow each other in stretches, each of which can become one step, as long as they can be.

    The same people do it in the same way, the applicant is met alike, times and costs add up, and none asks for or checks
    what is made in between.
    """
    stretch: list[Step] = []
    made: set[str] = set()
    currency = None
    for step in steps:
        own = None if step.cost is None else step.cost.currency
        fits = (
            stretch
            and _manner(step) == _manner(stretch[0])
            and (own is None or currency is None or own == currency)
            and made.isdisjoint((*step.asks, *(fact.of for fact in step.checks)))
        )
        if not fits:
            if stretch:
                yield stretch
            stretch, made, currency = [], set(), None
        stretch.append(step)
        made.update(step.gives)
        currency = currency or own
    if stretch:
        yield stretch


def _manner(step: Step) -> tuple[object, ...]:
    channel = step.channel if step.contact != "none" else None
    clock = _clock(step)
    return (step.actor, step.body, step.resource, step.staff, step.batch, step.contact, channel, clock)


def _clock(step: Step) -> str:
    """Return the kind of time of a step; kinds do not add without a calendar, an unknown time fits only others."""
    time = step.processing_time
    if time is None:
        return ""
    return (
        time.unit
        if time.unit == "working_day"
        else "working"
        if time.unit.startswith("working_")
        else "elapsed"
    )
