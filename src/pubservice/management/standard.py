"""The service standard: which of its 14 components are there, and whether the promised time can be kept."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.analysis.components import COMPONENTS, has_standard, places
from pubservice.analysis.performance import performance
from pubservice.analysis.profile import Clocks
from pubservice.analysis.promises import Promise, promise
from pubservice.errors import UnknownIdError
from pubservice.messages import Message, listed
from pubservice.model.service import DELIVERY_COMPONENTS, MANUFACTURING_COMPONENTS
from pubservice.provenance import provenance
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.analysis.components import Place
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.provenance import Provenance

SOURCES = (
    "UU 25/2009 art. 21; Permenpan RB 15/2014 (six components of delivery, eight of manufacturing)",
    "Dumas et al. (2018), §7.1 (cycle time)",
)
_VERDICTS = {
    "impossible": Message("impossible"),
    "missed": Message("missed on average"),
    "kept": Message("kept on average"),
}


@attrs.frozen
class CheckedStandard:
    """
    The standard of one service.

    Attributes:
        service: Its id.
        stated: Whether it states anything of a standard; a service that does not may have one that the model lacks.
        places: Where each component stands: ``text`` in the standard, ``model`` in its typed counterpart only (requirements,
            procedure, fees, outputs, legal basis), None nowhere. In the order of the law.
        promise: The published completion time beside what a case takes; None where none is published.
    """

    service: str
    stated: bool
    places: dict[str, Place | None]
    promise: Promise | None

    @property
    def present(self) -> tuple[str, ...]:
        """The components that are there."""
        return tuple(name for name, place in self.places.items() if place is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The components that are not."""
        return tuple(name for name, place in self.places.items() if place is None)

    @property
    def completeness(self) -> float:
        """Components present / 14."""
        return self._share(COMPONENTS)

    @property
    def delivery_completeness(self) -> float:
        """Components of delivery present / 6: those that are published to users."""
        return self._share(DELIVERY_COMPONENTS)

    @property
    def manufacturing_completeness(self) -> float:
        """Components of manufacturing present / 8: those that are internal to the organisation."""
        return self._share(MANUFACTURING_COMPONENTS)

    def _share(self, names: Iterable[str]) -> float:
        found = [self.places[name] is not None for name in names]
        return sum(found) / len(found)

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "service": self.service,
            "stated": self.stated,
            "completeness": self.completeness,
            "delivery_completeness": self.delivery_completeness,
            "manufacturing_completeness": self.manufacturing_completeness,
            "components": dict(self.places),
            "promise": None if self.promise is None else self.promise.data(),
        }

    def notes(self) -> list[Message]:
        """Return what a reader has to know beside the numbers: what is missing, and why something is not known."""
        found = []
        if not self.stated:
            found.append(Message("states nothing of a standard; what counts stands elsewhere in the service"))
        if self.missing:
            found.append(
                Message("missing: {components}", components=listed([COMPONENTS[c] for c in self.missing]))
            )
        if self.promise is not None:
            why = dict.fromkeys(self.promise.undefined.values())
            known = self.promise.verdict is not None
            found.extend(
                reason if known else Message("whether the promise is kept is not known: {why}", why=reason)
                for reason in why
            )
        return found


@attrs.frozen
class Standards:
    """
    The standards of the services of an organisation.

    Attributes:
        services: In document order.
    """

    services: tuple[CheckedStandard, ...]
    _organisation: PublicOrganisation = attrs.field(eq=False, repr=False)

    @cached_property
    def _by_id(self) -> dict[str, CheckedStandard]:
        return {service.service: service for service in self.services}

    def service(self, id: str) -> CheckedStandard:
        """
        Return the standard of one service.

        Raises:
            UnknownIdError: There is no such service.
        """
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownIdError("service", id, self._by_id) from None

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return provenance(self._organisation, (), SOURCES)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each service; times in the unit of its promise."""
        return [
            {
                "service": found.service,
                "components": f"{len(found.present)}/{len(found.places)}",
                "delivery": f"{_count(found, DELIVERY_COMPONENTS)}/{len(DELIVERY_COMPONENTS)}",
                "manufacturing": f"{_count(found, MANUFACTURING_COMPONENTS)}/{len(MANUFACTURING_COMPONENTS)}",
                **_promise_row(found.promise),
            }
            for found in self.services
        ]

    def data(self) -> dict[str, Any]:
        """Return them for JSON."""
        return {
            "organisation": self._organisation.id,
            "provenance": self.provenance.data(),
            "services": [found.data() for found in self.services],
        }

    def text(self, language: Language = "en") -> str:
        """Return a table, and below it what is missing."""
        if not self.services:
            return Message("there are no services").text(language)
        notes = [
            f"{found.service}: {note.text(language)}" for found in self.services for note in found.notes()
        ]
        return "\n".join([table(self.rows(), language=language), *notes]).strip()

    def __str__(self) -> str:
        return self.text()


def _count(found: CheckedStandard, names: Iterable[str]) -> int:
    return sum(found.places[name] is not None for name in names)


def _promise_row(found: Promise | None) -> dict[str, str | float | None]:
    row: dict[str, str | float | None] = dict.fromkeys(
        ("promise", "without waiting", "mean", "margin", "verdict")
    )
    if found is not None:
        row["promise"] = found.length.said
        if found.promised_s is not None:
            row["without waiting"] = None if found.theoretical_s is None else found.said(found.theoretical_s)
            row["mean"] = None if found.mean_s is None else found.said(found.mean_s)
        row["margin"] = None if found.margin is None else f"{found.margin:.0%}"
        row["verdict"] = Message("unknown") if found.verdict is None else _VERDICTS[found.verdict]
    return row


def check_standards(organisation: PublicOrganisation) -> Standards:
    """
    Return how complete the standard of each service is, and whether its promise can be kept.

    A component is there if its text is, or what the service states in its place. A promise is compared with the
    theoretical and the mean cycle time on the clock of the service; that a promise is kept on average does not say for how
    many cases.

    Example:
        >>> found = check_standards(city_hall).service("building-permit")
        >>> found.present, found.delivery_completeness
        (('requirements', 'procedure'), 0.3333333333333333)

    Source:
        UU 25/2009 art. 21; Permenpan RB 15/2014.
    """
    found = performance(organisation)
    clocks = Clocks(organisation)
    checked = []
    for service, takes in zip(organisation.services, found.services, strict=True):
        length = service.standard.completion_time
        kept = None if length is None else promise(length, clocks.service(service), takes)
        checked.append(CheckedStandard(service.id, has_standard(service), places(service), kept))
    return Standards(tuple(checked), organisation)
