"""Where applicants meet a service: the steps at which they appear, and the channels that could do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.model.procedure import Gateway, Step

if TYPE_CHECKING:
    from pubservice.analysis.subject import Subject
    from pubservice.model.service import PublicService

REMOTE = ("online", "mobile", "phone", "post")  # the best first


def in_person(subject: Subject) -> list[int]:
    """Return the steps that cases reach and at which the applicant appears, in document order."""
    return [
        i
        for i, step in enumerate(subject.service.procedure.steps)
        if step.contact == "in-person" and subject.reached[i]
    ]


def remote_channel(service: PublicService) -> str | None:
    """Return the channel of a service that spares applicants most: online before mobile, phone and post."""
    found = [channel for channel in service.channels if channel.kind in REMOTE]
    return min(found, key=lambda channel: REMOTE.index(channel.kind)).id if found else None


def takes_presence(subject: Subject, step: Step) -> bool:
    """Return whether a step works on the applicants themselves: with a facility, such as a camera or a room."""
    organisation = subject.setting.organisation
    return any(organisation.resource(id).kind == "facility" for id in step.resource)


def hands_over(service: PublicService, step: Step) -> bool:
    """Return whether something changes hands at a step that may have to be an original."""
    owed = {output.id for output in service.outputs}
    return bool(step.asks) or not owed.isdisjoint((*step.needs, *step.gives))


def speaks_alone(subject: Subject) -> int | None:
    """Return the only step at which applicants appear in a service that they meet online else; None where there is none."""
    service = subject.service
    steps = in_person(subject)
    if len(steps) != 1 or takes_presence(subject, service.procedure.steps[steps[0]]):
        return None
    digital = {channel.id for channel in service.channels if channel.kind in ("online", "mobile")}
    others = [
        step
        for i, step in enumerate(service.procedure.steps)
        if step.contact == "remote" and subject.reached[i]
    ]
    return steps[0] if others and all(step.channel in digital for step in others) else None


def is_needless(subject: Subject, i: int) -> bool:
    """Return whether nothing known of a step takes the applicant there, and the service has another channel."""
    step = subject.service.procedure.steps[i]
    return (
        remote_channel(subject.service) is not None
        and not takes_presence(subject, step)
        and not hands_over(subject.service, step)
        and not _examines(step)
    )


def _examines(step: Step) -> bool:
    """Return whether a step finds something out and makes a result of it, as a test of the applicant does."""
    return bool(step.checks and (step.gives or step.competences))


def appearances(subject: Subject) -> dict[int, float]:
    """
    Return how often an applicant is expected to come to the office for each step at which they appear.

    Who appears at the step before is there already: such a step counts only for those who come to it otherwise.
    """
    graph, visits = subject.graph, subject.profile.visits
    assert visits is not None  # callers look
    steps = in_person(subject)
    found = {i: visits[i] for i in steps}
    for i in steps:
        ahead = [(i, visits[i])]
        seen: set[int] = set()
        while ahead:
            at, expected = ahead.pop()
            for j, p in zip(graph.successors[at], graph.probabilities[at], strict=True):
                share = expected * (1.0 if p is None else p)
                if j in found:
                    found[j] -= share
                elif (
                    isinstance(graph.nodes[j], Gateway)
                    and graph.joins[j] in ("", "exclusive")
                    and j not in seen
                ):
                    seen.add(j)
                    ahead.append((j, share))
    return {i: max(0.0, times) for i, times in found.items()}
