"""
Separation of functions: nobody approves their own work.

A *second look* is an approval, or a check or a decision that a provision demands. What it looks at is the work right before
it, whatever gateways, waits, payments and transports stand between, and the steps that make what it reads.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from pubservice.errors import InvalidEditError
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pubservice.model.procedure import Procedure, Step
    from pubservice.model.service import PublicService

_MOST_BEFORE = (
    200  # nodes before a second look that are looked at, and makers of one datum; a procedure has a few
)


def check_separation(
    old: PublicService, new: PublicService, instead: Mapping[str, Collection[str]] | None = None
) -> None:
    """
    Refuse that a resource comes to look at its own work.

    Args:
        old: As it was; a second look that was no other's then need be none now.
        new: With who does what changed.
        instead: By step that is gone, those that stand for it; they are no second look at each other.

    Raises:
        InvalidEditError: It names the second look, the work, who would do both, and the provision.
    """
    origin = {id: gone for gone, ids in (instead or {}).items() for id in ids}
    before: set[tuple[str, str]] | None = None
    for look, work in _own_looks(new.procedure):
        came = origin.get(look.id, look.id), origin.get(work.id, work.id)
        if came[0] == came[1]:
            continue
        if before is None:
            before = {(one.id, other.id) for one, other in _own_looks(old.procedure)}
        if came not in before:
            raise InvalidEditError(_refusal(look, work))


def _refusal(look: Step, work: Step) -> Message:
    both = ", ".join(id for id in look.resource if id in work.resource)
    if look.legal_basis:
        return Message(
            "{look!r}, demanded by {basis}, looks at {work!r}, and {resource} would do both: nobody approves their own work",
            look=look.id,
            basis=", ".join(look.legal_basis),
            work=work.id,
            resource=both,
        )
    return Message(
        "{look!r} looks at {work!r}, and {resource} would do both: nobody approves their own work",
        look=look.id,
        work=work.id,
        resource=both,
    )


def _own_looks(procedure: Procedure) -> Iterator[tuple[Step, Step]]:
    """Yield each second look with each work that it looks at and that the same resource does."""
    looks = [step for step in procedure.steps if _is_second_look(step)]
    if not looks:
        return
    steps = {step.id: step for step in procedure.steps}
    into: defaultdict[str, list[str]] = defaultdict(list)
    for flow in procedure.flows:
        into[flow.target].append(flow.source)
    makers: defaultdict[str, list[str]] = defaultdict(list)
    for step in procedure.steps:
        for datum in step.gives:
            makers[datum].append(step.id)
    for look in looks:
        work = dict.fromkeys(_right_before(look, steps, into))
        for datum in (*look.needs, *(fact.of for fact in look.checks)):
            work.update(dict.fromkeys(islice(makers[datum], _MOST_BEFORE)))
        for id in work:
            if id != look.id and not set(look.resource).isdisjoint(steps[id].resource):
                yield look, steps[id]


def _is_second_look(step: Step) -> bool:
    if step.kind == "approval":
        return bool(step.resource)
    return bool(step.resource and step.legal_basis) and step.kind in ("check", "decision")


def _right_before(look: Step, steps: Mapping[str, Step], into: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield the steps at which work was done last before a step."""
    seen = {look.id}
    stack = [look.id]
    while stack and len(seen) < _MOST_BEFORE:
        for id in into.get(stack.pop(), ()):
            if id in seen:
                continue
            seen.add(id)
            if id in steps and steps[id].kind not in ("payment", "transport"):
                yield id
            else:
                stack.append(id)
