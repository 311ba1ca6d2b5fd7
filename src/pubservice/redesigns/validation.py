"""
What must still hold after edits: translation validation.

Both organisations are analysed and compared; that an edit was meant well proves nothing. Whatever did not hold before
need not hold afterwards, so that a procedure with faults can be improved bit by bit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import attrs

from pubservice.messages import Message
from pubservice.redesigns.kinship import Kinship
from pubservice.redesigns.proof import Guarantee, Proof
from pubservice.redesigns.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.edits.edit import Edit
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.model.procedure import Check


@attrs.frozen
class Validation:
    """
    What was proven of a redesign.

    Attributes:
        guarantees: In the order of services; every one that was looked at.
        given_up: Facts that were established of every case that ended in some way, and are not any more, because a step
            was removed that established them and the edit says so; pairs of service and fact.
    """

    guarantees: tuple[Guarantee, ...]
    given_up: tuple[tuple[str, Check], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken

    @property
    def broken(self) -> tuple[Message, ...]:
        """The proofs of what is lost, each with its service."""
        return tuple(
            Message("{service}: {why}", service=g.service, why=g.broken)
            for g in self.guarantees
            if g.broken is not None
        )

    def text(self, language: Language = "en") -> str:
        """Return a line for each guarantee, then one for each control that is given up."""
        lines = [guarantee.text(language) for guarantee in self.guarantees]
        lines.extend(
            Message("{service}: {fact} is no longer checked", service=service, fact=fact.said).text(language)
            for service, fact in self.given_up
        )
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


def validate(before: PublicOrganisation, after: PublicOrganisation, edits: Iterable[Edit] = ()) -> Validation:
    """
    Return what still holds of the services that edits have changed.

    For each: it is as sound as before; every outcome is as probable; each step has what it needs on every path, and reads
    what the same steps made; each case gets with its outcome what it got, from the same steps; each step that a provision
    demands is done, behind those of them that always came before; what was verified of a case still is, unless a step was
    removed that verified it, which is listed, or the case is turned away before.

    Args:
        before: As it was.
        after: With the edits applied.
        edits: Which; they decide on what may change.

    Example:
        >>> from pubservice.edits.application import apply
        >>> from pubservice.edits.edit import RemoveStep
        >>> leaner = apply(city_hall, RemoveStep("building-permit", "request-evidence"))
        >>> validate(city_hall, leaner).holds
        True

    Source:
        Pnueli, Siegel & Singerman (1998), Translation validation, TACAS, LNCS 1384, 151-166.
    """
    edits_of: defaultdict[str | None, list[Edit]] = defaultdict(list)
    for edit in edits:
        edits_of[getattr(edit, "service", None)].append(edit)
    issued = Counter(output.id for service in before.services for output in service.outputs)
    guarantees: list[Guarantee] = []
    given_up: list[tuple[str, Check]] = []
    for old, new in zip(before.services, after.services, strict=True):
        if old is new or (old.procedure is new.procedure and old.requirements == new.requirements):
            continue
        elsewhere = issued - Counter(output.id for output in old.outputs)
        kinship = Kinship(old, edits_of[old.id])
        proof = Proof(View(old, elsewhere, kinship), View(new, elsewhere, kinship), edits_of[old.id])
        guarantees.extend(proof.guarantees())
        given_up.extend((old.id, fact) for fact in proof.given_up)
    return Validation(tuple(guarantees), tuple(given_up))
