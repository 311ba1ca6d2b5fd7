"""WAI006: hidden batch."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message
from pubservice.model.resource import WEEKDAYS
from pubservice.units import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject
    from pubservice.model.resource import Calendar

SELDOM = 0.5  # of the time in which the service is open
WEEK = 7 * 1440


@rule(
    "WAI006",
    "hidden-batch",
    bad="""
    calendar: office
    calendars:
      - {id: office, hours: {mon-fri: "08:00-16:00"}}
      - {id: fridays, hours: {fri: "08:00-16:00"}}
    resources: [{id: clerk}, {id: head, calendar: fridays}]
    procedure:
      steps:
        - {id: draft, resource: clerk, processing_time: 20 min}
        - {id: sign, resource: head, processing_time: 2 min}
      flows:
        - {source: draft, target: sign}
    """,
    good="""
    calendar: office
    calendars:
      - {id: office, hours: {mon-fri: "08:00-16:00"}}
      - {id: mornings, hours: {mon-fri: "08:00-13:00"}}
    resources: [{id: clerk}, {id: head, calendar: mornings}]
    procedure:
      steps:
        - {id: draft, resource: clerk, processing_time: 20 min}
        - {id: sign, resource: head, processing_time: 2 min}
      flows:
        - {source: draft, target: sign}
    """,
)
def hidden_batch(subject: Subject) -> Iterator[Finding]:
    """
    Find resources that are there less than half of the time in which the service is open: cases collect for them.

    Why it matters:
        Who signs on Fridays makes a batch of the week, though no step says so.

    Remedy:
        Order-based work: short times every day instead of one long time in the week, or a deputy. No edit says this yet.

    Known limits:
        Of an ordinary week; holidays and closures are left out, and so are calendars of different time zones. Cases are
        taken to come evenly while the service is open.

    Source:
        Reijers & Liman Mansar (2005), order-based work, Omega 33(4), 283-306; Lashkevich et al. (2023), waiting time
        analysis (unavailability of resources), CAiSE.
    """
    organisation = subject.setting.organisation
    for id, demand in subject.profile.demands.items():
        if demand.open_share >= SELDOM:
            continue
        own, office = (
            organisation.calendar_of(organisation.resource(id)),
            organisation.calendar_of(subject.service),
        )
        assert own is not None  # it is open by a calendar of its own
        if office is not None and office.time_zone != own.time_zone:
            continue
        steps = tuple(
            step.id
            for i, step in enumerate(subject.service.procedure.steps)
            if id in step.resource and subject.reached[i]
        )
        wait = until_open(own, office)
        if steps and wait:
            message = Message(
                "{resource} is there {share:.0%} of the time: a case that comes waits {wait} for it, others before it left out",
                resource=id,
                share=demand.open_share,
                wait=in_words(wait),
            )
            yield Finding(subject.service.id, steps=steps, message=message)


def until_open(own: Calendar, office: Calendar | None) -> float:
    """
    Return the mean seconds, on the clock of an office, from a random moment of it until another calendar is open.

    Of an ordinary week: a gap of length g in which the office is open and the other is not is met with a share of g / week
    and lasts g / 2 more on average.
    """
    changes: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for side, stretches in enumerate((_minutes(own), [(0, WEEK)] if office is None else _minutes(office))):
        for start, end in stretches:
            changes[start][side] += 1
            changes[end][side] -= 1
    moments = sorted(changes)
    gaps = [0]
    total = there = here = 0
    for moment, following in pairwise(moments):
        there += changes[moment][0]
        here += changes[moment][1]
        if here:
            total += following - moment
        if not there and here:
            gaps[-1] += following - moment
        elif there and (gaps[-1] or len(gaps) == 1):
            gaps.append(0)
    gaps[0] += gaps.pop()  # what is open at the end of the week goes on in the next
    return 60 * sum(gap * gap for gap in gaps) / (2 * total)


def _minutes(calendar: Calendar) -> list[tuple[int, int]]:
    """Return its open hours as minutes of the week."""
    return [
        (WEEKDAYS.index(h.day) * 1440 + h.start, WEEKDAYS.index(h.day) * 1440 + h.end) for h in calendar.hours
    ]
