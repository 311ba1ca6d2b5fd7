"""The twelve principles of public service, each beside what a model shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.management.claims import CLAIMS
from pubservice.management.showing import Office
from pubservice.messages import Message
from pubservice.provenance import provenance
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.management.claims import Claim
    from pubservice.management.showing import Showing
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.provenance import Provenance

State = Literal["met", "partly", "not shown", "contradicted"]

PRINCIPLES = {
    "public-interest": (Message("public interest"), ("audience", "outputs", "impartiality")),
    "legal-certainty": (Message("legal certainty"), ("legal-basis", "demands-based")),
    "equal-rights": (Message("equal rights"), ("requirements", "equality")),
    "rights-and-duties": (Message("balance of rights and duties"), ("outputs", "demands-based")),
    "professionalism": (Message("professionalism"), ("competences", "training")),
    "participation": (Message("participation"), ("complaints", "survey")),
    "equal-treatment": (Message("equal treatment"), ("equality",)),
    "openness": (Message("openness"), ("published", "notice")),
    "accountability": (Message("accountability"), ("owner", "oversight")),
    "vulnerable-groups": (Message("special facilities for vulnerable groups"), ("vulnerable",)),
    "timeliness": (Message("timeliness"), ("promised", "promises-kept")),
    "speed-ease-affordability": (
        Message("speed, ease and affordability"),
        ("lean", "asked-once", "contacts", "fees"),
    ),
}
_STATES: dict[State, Message] = {
    "met": Message("met"),
    "partly": Message("partly shown"),
    "not shown": Message("not shown"),
    "contradicted": Message("contradicted"),
}
SOURCES = ("UU 25/2009 art. 4 (the principles); which facts show them is our reading",)


@attrs.frozen
class Principle:
    """
    One principle with the facts that speak for it and against it.

    Attributes:
        id: In English words.
        letter: Of art. 4 of the law, ``a`` to ``l``.
        name: In words.
        facts: Each claim that shows the principle, with what the model shows of it.
    """

    id: str
    letter: str
    name: Message
    facts: tuple[tuple[Claim, Showing], ...]

    @property
    def state(self) -> State:
        """
        ``contradicted`` by a fact, ``met`` where every fact under it holds, ``partly`` where some do, else ``not shown``.

        A reading of the model, and no judgement of the law: never met without a fact.
        """
        held = [shown.holds for _, shown in self.facts]
        if False in held:
            return "contradicted"
        if True not in held:
            return "not shown"
        return "partly" if None in held else "met"

    @property
    def codes(self) -> tuple[str, ...]:
        """The rules whose findings contradict it."""
        return tuple(dict.fromkeys(code for _, shown in self.facts for code in shown.codes))

    @property
    def why(self) -> tuple[Message, ...]:
        """The facts, each in a sentence: those against it first, then those not shown, then those for it."""
        order = (False, None, True)
        ranked = sorted(self.facts, key=lambda fact: order.index(fact[1].holds))
        return tuple(Message("{claim}: {why}", claim=claim.words, why=shown.why) for claim, shown in ranked)

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "principle": self.id,
            "letter": self.letter,
            "state": self.state,
            "codes": list(self.codes),
            "facts": [
                {"claim": claim.id, "holds": shown.holds, "why": str(shown.why), "codes": list(shown.codes)}
                for claim, shown in self.facts
            ],
        }


@attrs.frozen
class Principles:
    """
    The twelve principles, held against a model.

    Attributes:
        principles: In the order of the law.
    """

    principles: tuple[Principle, ...]
    _organisation: PublicOrganisation = attrs.field(eq=False, repr=False)

    def principle(self, id: str) -> Principle:
        """Return one principle, by its id such as ``timeliness``."""
        return self.principles[list(PRINCIPLES).index(id)]

    @property
    def provenance(self) -> Provenance:
        """Where the states come from."""
        return provenance(self._organisation, (), SOURCES)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each principle, with the fact that decides."""
        return [
            {
                "letter": principle.letter,
                "principle": principle.name,
                "state": _STATES[principle.state],
                "fact": principle.why[0],
            }
            for principle in self.principles
        ]

    def data(self) -> dict[str, Any]:
        """Return them for JSON."""
        return {
            "organisation": self._organisation.id,
            "provenance": self.provenance.data(),
            "principles": [principle.data() for principle in self.principles],
        }

    def text(self, language: Language = "en") -> str:
        """Return a table."""
        return table(self.rows(), language=language)

    def __str__(self) -> str:
        return self.text()


def check_principles(organisation: PublicOrganisation) -> Principles:
    """
    Return the twelve principles of public service with the facts of a model that speak for and against each.

    Raises:
        InvalidModelError: A service ignores a rule that does not exist.

    Example:
        >>> checked = check_principles(city_hall)
        >>> checked.principle("accountability").state, checked.principle("equal-treatment").state
        ('partly', 'not shown')

    Source:
        UU 25/2009 art. 4; which facts show a principle is our reading.
    """
    office = Office(organisation)
    shown = {
        id: CLAIMS[id].shown_by(office)
        for id in dict.fromkeys(claim for _, claims in PRINCIPLES.values() for claim in claims)
    }
    return Principles(
        tuple(
            Principle(id, chr(ord("a") + n), name, tuple((CLAIMS[claim], shown[claim]) for claim in claims))
            for n, (id, (name, claims)) in enumerate(PRINCIPLES.items())
        ),
        organisation,
    )
