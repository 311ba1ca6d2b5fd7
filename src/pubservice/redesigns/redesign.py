"""A redesign as a whole: the edits, what they change, what they mean, and what was proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from pubservice.edits.edit import as_data
from pubservice.errors import UnknownIdError
from pubservice.messages import translate
from pubservice.redesigns.changes import changes
from pubservice.redesigns.proposal import Goal, Plans, propose
from pubservice.redesigns.sequence import in_sequence, redesign
from pubservice.redesigns.simplification import Simplification, simplification
from pubservice.redesigns.validation import Validation, validate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.analysis.findings import Finding
    from pubservice.edits.edit import Edit
    from pubservice.messages import Language, Message
    from pubservice.model.organisation import PublicOrganisation

SEARCHED = "which plan, and how many remedies at most, is chosen among what a search finds: give a goal"


@attrs.frozen
class Redesign:
    """
    What a redesign comes to.

    Attributes:
        edits: In the order in which they were applied.
        after: The redesigned organisation.
        simplification: What it means, before and after.
        changes: What differs, in words.
        validation: What was proven.
        plans: What the search found; None where nothing was searched.
    """

    edits: tuple[Edit, ...]
    after: PublicOrganisation = attrs.field(repr=False)
    simplification: Simplification
    changes: tuple[Message, ...]
    validation: Validation
    plans: Plans | None = None

    def text(self, language: Language = "en") -> str:
        """Return all of it for people."""

        def titled(title: str, body: str) -> str:
            return f"{translate(title, language)}:\n{body}"

        if not self.edits:
            parts = [] if self.plans is None else [self.plans.text(language)]
            return "\n\n".join([*parts, translate("nothing to change", language)])
        parts = [] if self.plans is None else [self.plans.text(language)]
        if self.plans is None or self.edits != self.plans[0].edits:  # else they stand there already
            numbered = "\n".join(
                f"{n}. {edit.describe().text(language)}" for n, edit in enumerate(self.edits, start=1)
            )
            parts.append(titled("edits", numbered))
        parts += [
            titled("before and after", self.simplification.text(language)),
            titled("what changes", "\n".join(change.text(language) for change in self.changes)),
            titled("what was proven", self.validation.text(language)),
        ]
        return "\n\n".join(parts)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "organisation": self.after.id,
            "edits": [as_data(edit) for edit in self.edits],
            "before_and_after": self.simplification.rows(),
            "changes": [str(change) for change in self.changes],
            "guarantees": [
                {
                    "service": g.service,
                    "claim": str(g.claim),
                    "broken": None if g.broken is None else str(g.broken),
                }
                for g in self.validation.guarantees
            ],
            "given_up": [
                {"service": service, "check": fact.check, "of": fact.of}
                for service, fact in self.validation.given_up
            ],
            "search": None if self.plans is None else self.plans.data(),
        }


def redesign_for(
    organisation: PublicOrganisation,
    findings: Iterable[Finding],
    *,
    goal: Goal | None = None,
    at_most: int | None = None,
    plan: int | None = None,
) -> Redesign:
    """
    Return what the remedies of findings come to: all of them, or the combination that is best for a goal.

    Args:
        organisation: What was checked.
        findings: What `check` found.
        goal: As for `propose`; without it all remedies are applied in their order.
        at_most: So many of them, with a goal.
        plan: Which of the plans of the search, from 1; the best where left out, which may be to change nothing.

    Raises:
        InvalidEditError: Remedies contradict each other, or something would be lost.
        ValueError: A plan, or how many remedies, is chosen without a goal.
        UnknownIdError: The search found no such plan.

    Example:
        >>> from pubservice.analysis.check import check
        >>> leaner = redesign_for(city_hall, check(city_hall, select=["RED001"]))
        >>> [str(change) for change in leaner.changes]
        ['building-permit: assess: checks without identity']
    """
    if goal is None and (plan is not None or at_most is not None):
        raise ValueError(SEARCHED)
    remedies = tuple(dict.fromkeys(finding.remedy for finding in findings if finding.remedy is not None))
    plans = None
    if goal is None:
        edits, after = remedies, redesign(organisation, remedies)
    else:
        plans = propose(organisation, goal=goal, edits=remedies, at_most=at_most)
        if plan is not None and not 1 <= plan <= len(plans):
            raise UnknownIdError("plan", str(plan), [str(n + 1) for n in range(len(plans))])
        edits = (plans.best if plan is None else plans[plan - 1]).edits
        after = in_sequence(organisation, edits)
    return Redesign(
        edits,
        after,
        simplification(organisation, after),
        changes(organisation, after),
        validate(organisation, after, edits),
        plans,
    )
