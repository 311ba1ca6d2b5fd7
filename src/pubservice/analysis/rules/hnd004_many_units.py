"""HND004: many units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding
from pubservice.analysis.register import rule
from pubservice.messages import Message
from pubservice.model.procedure import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.analysis.subject import Subject

MANY = 5  # units: one more than applicant's side, counter, expert and who signs need
DENSE = 0.6  # units to a step: most do a single step


@rule(
    "HND004",
    "many-units",
    bad="""
    resources: [{id: counter}, {id: planner}, {id: engineer}, {id: lawyer}, {id: head}]
    procedure:
      steps:
        - {id: receive, resource: counter}
        - {id: look-up, resource: planner}
        - {id: inspect, resource: engineer}
        - {id: read, resource: lawyer}
        - {id: sign, resource: head}
      flows:
        - {source: receive, target: look-up}
        - {source: look-up, target: inspect}
        - {source: inspect, target: read}
        - {source: read, target: sign}
    """,
    good="""
    resources: [{id: counter}, {id: engineer}, {id: head}]
    procedure:
      steps:
        - {id: receive, resource: counter}
        - {id: look-up, resource: engineer}
        - {id: inspect, resource: engineer}
        - {id: read, resource: head}
        - {id: sign, resource: head}
      flows:
        - {source: receive, target: look-up}
        - {source: look-up, target: inspect}
        - {source: inspect, target: read}
        - {source: read, target: sign}
    """,
)
def many_units(subject: Subject) -> Iterator[Finding]:
    """
    Find procedures whose likeliest way leads past five or more kinds of staff and other bodies, most for a single step.

    Why it matters:
        Whoever is involved has to be informed, waited for and agreed with; nobody has the case as a whole.

    Remedy:
        Numerical involvement: fewer who do more each, or a case manager who answers for the whole. Which can take over whose
        work, competences and provisions say; no single edit does it.

    Known limits:
        A resource of kind staff counts as a unit, for a model knows no departments. The limits are conventions. What runs
        side by side is left out.

    Source:
        Reijers & Liman Mansar (2005), numerical involvement and case manager, Omega 33(4), 283-306.
    """
    service = subject.service
    staff = subject.setting.staff
    if (
        len({id for step in service.procedure.steps for id in (*step.resource, step.body) if id is not None})
        < MANY
    ):
        return
    way = [node for node in map(subject.node, subject.likeliest_way) if isinstance(node, Step)]
    units: dict[str, str] = {}
    steps = []
    for step in way:
        involved = [id for id in step.resource if id in staff] + ([step.body] if step.body else [])
        if involved:
            steps.append(step)
        for id in involved:
            units.setdefault(id, step.id)
    if len(units) >= MANY and len(units) >= DENSE * len(steps):
        yield Finding(
            service.id,
            steps=tuple(dict.fromkeys(units.values())),
            message=Message(
                "{units} units for {steps} steps on the likeliest way: {names}",
                units=len(units),
                steps=len(steps),
                names=", ".join(units),
            ),
        )
