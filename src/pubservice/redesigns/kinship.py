"""Which nodes after edits are those of before: what is merged, split or sorted by types of case is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.edits.application import names_of
from pubservice.edits.edit import FetchEvidence, MergeSteps, SplitStep, Triage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.edits.edit import Edit
    from pubservice.model.service import PublicService


class Kinship:
    """Names of nodes and data that are the same before and after edits."""

    def __init__(self, service: PublicService, edits: Iterable[Edit]) -> None:
        self._parent: dict[str, str] = {}
        self._called: dict[str, str] = {}
        for edit in edits:
            if isinstance(edit, MergeSteps):
                self._join(edit.steps)
            elif isinstance(edit, SplitStep):
                self._join((edit.step, *(part.id for part in edit.parts)))
            elif isinstance(edit, Triage):
                self._join((edit.step, *(case.id for case in edit.cases)))
            elif isinstance(edit, FetchEvidence):
                self._called |= dict.fromkeys(names_of(service, edit.datum), edit.datum)

    def _join(self, ids: tuple[str, ...]) -> None:
        for id in ids[1:]:
            one, other = self.of(ids[0]), self.of(id)
            if one != other:
                self._parent[other] = one

    def of(self, id: str) -> str:
        """Return the one name of a node and of all that became of it."""
        while id in self._parent:
            id = self._parent[id]
        return id

    def called(self, datum: str) -> str:
        """Return what a datum is called where it is fetched."""
        return self._called.get(datum, datum)
