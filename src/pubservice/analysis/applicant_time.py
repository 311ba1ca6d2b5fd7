"""How much of the applicant's time a case takes, and what is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.applicant import (
    Document,
    alternatives_of,
    handed_in,
    soonest,
    spent_at,
    travel_times,
)
from pubservice.messages import Message
from pubservice.model.procedure import Step
from pubservice.provenance import Method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.case import Case


def applicant_time(case: Case) -> float | Message:
    """Return the mean seconds of the applicant's time that a case takes, or why that is unknown."""
    of = case.of
    if of.undefined is not None or of.visits is None:
        return of.undefined or Message("")
    total = 0.0
    travel = travel_times(of.service)
    for i, node in enumerate(of.graph.nodes):
        if not isinstance(node, Step):
            break
        if not of.visits[i]:
            continue
        spent = spent_at(node, of.times[i], case.queues[i], travel).total_s
        if spent is None:
            return case.no_queue(i, node)
        total += of.visits[i] * spent
    return total + sum(_chance(case, at) * time for at, time in _obtained(case))


def _obtained(case: Case) -> Iterator[tuple[list[int], float]]:
    """Yield at which steps a datum is asked for, and how long it takes to obtain, where that is stated."""
    assert case.of.visits is not None  # the caller looked
    alternatives = alternatives_of(case.of.service)
    for datum, at in handed_in(case.of.service, case.of.visits).items():
        _, time = soonest(alternatives.get(datum, (datum,)), case.evidence)
        if time is not None:
            yield at, time


def documents(case: Case) -> tuple[Document, ...]:
    """Return what the applicant hands in; none where a procedure is described and visits do not exist."""
    of = case.of
    if of.visits is None and of.service.procedure.steps:
        return ()
    visits, alternatives = of.visits or [], alternatives_of(of.service)
    found = []
    for datum, at in handed_in(of.service, visits).items():
        evidence, time = soonest(alternatives.get(datum, (datum,)), case.evidence)
        found.append(
            Document(
                datum,
                evidence or datum,
                _chance(case, at),
                time,
                tuple((i, visits[i]) for i in at),
                None if evidence is None else case.evaluation.evidence.get(evidence),
            )
        )
    return tuple(found)


def _chance(case: Case, at: list[int]) -> float:
    """Return the probability that a case comes to any of some steps, where it is asked for something; 1 without any."""
    chance = case.presence.chance(at) if at else 1.0
    return min(1.0, sum(case.presence.visits[i] for i in at)) if chance is None else chance


def applicant_time_method(case: Case) -> Method:
    """Return how the applicant's time was found."""
    parts: list[str] = []
    queued = [
        case.loads[id]
        for i, node in enumerate(case.of.graph.nodes)
        if isinstance(node, Step) and node.contact == "in-person" and case.queues.get(i)
        for id in node.resource
    ]
    if queued and not case.evaluation.product_form:
        parts.extend(dict.fromkeys(load.method["waiting_time_s"].name for load in queued))
    if any(_side_by_side(case, at) for at, _ in _obtained(case)):
        parts.append("a datum asked for side by side is obtained with the visits of all, at most once")
    return Method("approximation", "; ".join(parts)) if parts else Method("exact", "flow analysis")


def _side_by_side(case: Case, at: list[int]) -> bool:
    return (len(at) > 1 or (bool(at) and case.has_loop)) and case.presence.chance(at) is None
