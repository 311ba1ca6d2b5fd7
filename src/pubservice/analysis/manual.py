"""Work by hand that a system could do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubservice.analysis.subject import Subject
    from pubservice.model.procedure import Step

AT_ONCE = "0 min"  # what a system takes to pass something on is nothing against the hours of an office


def is_by_hand(subject: Subject, step: Step) -> bool:
    """Return whether somebody does a step; who does one of the office without a resource is not known."""
    if step.actor != "office":
        return True
    organisation = subject.setting.organisation
    return any(organisation.resource(id).kind != "information-system" for id in step.resource)


def is_unread(subject: Subject, i: int) -> bool:
    """Return whether a node makes nothing that anybody uses; where no outputs are declared, that anybody reads."""
    made = [(i, datum) for datum in subject.flow.gives.get(i, ())]
    if subject.service.outputs:
        return all(definition in subject.unused.dropped for definition in made)
    readers, setting = subject.flow.readers, subject.setting
    return not any(readers[d] or setting.wanted_elsewhere(d[1], subject.service.id) for d in made)
