"""The public service index of Indonesia (Indeks Pelayanan Publik): six aspects, weighted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message, did_you_mean, listed
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.messages import Language

ASPECTS = {
    "policy": Message("service policy"),
    "professionalism": Message("professionalism of staff"),
    "facilities": Message("facilities"),
    "information_system": Message("information system of the service"),
    "complaints": Message("consultation and complaints"),
    "innovation": Message("innovation"),
}
WEIGHTS = {
    "policy": Decimal("0.24"),
    "professionalism": Decimal("0.25"),
    "facilities": Decimal("0.18"),
    "information_system": Decimal("0.11"),
    "complaints": Decimal("0.10"),
    "innovation": Decimal("0.12"),
}
SOURCES = (
    "Permenpan RB 29/2022; weights as assessed agencies report them (Sijunjung; IDTH, 2025)",
    "scale and bands: general knowledge, not verified against the text of the regulation",
)
BEST = Decimal(5)

_BANDS = (  # the least index of each, best first
    (Decimal("4.51"), "A", Message("excellent")),
    (Decimal("4.01"), "A-", Message("very good")),
    (Decimal("3.51"), "B", Message("good")),
    (Decimal("3.01"), "B-", Message("good, with remarks")),
    (Decimal("2.51"), "C", Message("fair")),
    (Decimal("2.01"), "C-", Message("fair, with remarks")),
    (Decimal("1.51"), "D", Message("poor")),
    (Decimal("1.01"), "E", Message("very poor")),
    (Decimal(0), "F", Message("failed")),
)


@attrs.frozen
class Aspect:
    """
    One aspect of the index.

    Attributes:
        id: ``policy``, ``professionalism``, ``facilities``, ``information_system``, ``complaints`` or ``innovation``.
        weight: Its share of the index; all of them sum to 1.
        score: From 0 to 5; None where it was not assessed.
    """

    id: str
    weight: Decimal
    score: Decimal | None

    @property
    def weighted(self) -> Decimal | None:
        """Weight × score."""
        return None if self.score is None else self.weight * self.score


@attrs.frozen
class PublicServiceIndex:
    """
    The public service index of a unit.

    The bands behind `grade` are not verified against the text of the regulation.

    Attributes:
        aspects: The six, in the order of the instrument.
    """

    aspects: tuple[Aspect, ...]

    @property
    def index(self) -> Decimal | None:
        """Σ weight × score, from 0 to 5; None where an aspect was not assessed."""
        weighted = [aspect.weighted for aspect in self.aspects]
        known = [part for part in weighted if part is not None]
        return sum(known, Decimal(0)) if len(known) == len(weighted) else None

    @property
    def grade(self) -> str | None:
        """``A`` to ``F`` by the index, rounded half up to two digits, since the printed bands leave gaps between them."""
        found = self._band
        return None if found is None else found[0]

    @property
    def performance(self) -> Message | None:
        """The grade in words."""
        found = self._band
        return None if found is None else found[1]

    @property
    def undefined(self) -> dict[str, Message]:
        """Why there is no index, under ``index``."""
        missing = [ASPECTS[aspect.id] for aspect in self.aspects if aspect.score is None]
        if not missing:
            return {}
        return {"index": Message("not assessed: {aspects}", aspects=listed(missing))}

    @property
    def _band(self) -> tuple[str, Message] | None:
        if self.index is None:
            return None
        rounded = self.index.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        return next((grade, words) for least, grade, words in _BANDS if rounded >= least)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each aspect."""
        return [
            {
                "aspect": ASPECTS[aspect.id],
                "weight": float(aspect.weight),
                "score": None if aspect.score is None else float(aspect.score),
                "weighted": None if aspect.weighted is None else float(aspect.weighted),
            }
            for aspect in self.aspects
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "index": None if self.index is None else float(self.index),
            "grade": self.grade,
            "aspects": [
                {
                    "id": aspect.id,
                    "weight": float(aspect.weight),
                    "score": None if aspect.score is None else float(aspect.score),
                }
                for aspect in self.aspects
            ],
            "sources": list(SOURCES),
            "undefined": {name: str(reason) for name, reason in self.undefined.items()},
        }

    def text(self, language: Language = "en") -> str:
        """Return a table of the aspects, and below it the index with its grade, or why there is none."""
        if self.index is None:
            last = self.undefined["index"]
        else:
            last = Message(
                "public service index {index:.2f}: {grade}, {performance} (bands not verified)",
                index=self.index.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
                grade=self.grade,
                performance=self.performance,
            )
        return "\n".join([table(self.rows(), language=language), last.text(language)])

    def __str__(self) -> str:
        return self.text()


def public_service_index(
    scores: Mapping[str, float | str | Decimal | None],
    *,
    weights: Mapping[str, float | str | Decimal] | None = None,
) -> PublicServiceIndex:
    """
    Return the public service index from the scores of its six aspects, in decimal arithmetic.

    Args:
        scores: From 0 to 5, by aspect; an aspect that is left out, or None, was not assessed, and then there is no index.
        weights: By aspect, summing to 1; those of the assessment (PEKPPP) where left out.

    Raises:
        InvalidModelError: An aspect is not known, a score is not from 0 to 5, a weight is missing or not from 0 to 1, or
            the weights do not sum to 1; all faults at once.

    Example:
        >>> scores = {"policy": 4, "professionalism": 4, "facilities": 3, "information_system": 3, "complaints": 4}
        >>> public_service_index({**scores, "innovation": 2}).index
        Decimal('3.47')
        >>> print(public_service_index(scores).undefined["index"])
        not assessed: innovation

    Source:
        Permenpan RB 29/2022 (PEKPPP). Scale and bands are not verified against its text.
    """
    problems = [*_no_mapping("scores", scores), *_no_mapping("weights", {} if weights is None else weights)]
    if problems:
        raise InvalidModelError(problems)
    given = {
        aspect: _number(f"scores.{aspect}", score, BEST, problems)
        for aspect, score in scores.items()
        if score is not None and _is_known(f"scores.{aspect}", aspect, problems)
    }
    weighted: dict[str, Decimal] = dict(WEIGHTS) if weights is None else _weights(weights, problems)
    if problems:
        raise InvalidModelError(problems)
    return PublicServiceIndex(tuple(Aspect(id, weighted[id], given.get(id)) for id in ASPECTS))


def _no_mapping(path: str, value: object) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path, Message("expected numbers by aspect, got {value!r}", value=value))


def _weights(weights: Mapping[str, float | str | Decimal], problems: list[Problem]) -> dict[str, Decimal]:
    """Return the weights; what is wrong with them is added to the problems."""
    before = len(problems)
    known = {
        aspect: _number(f"weights.{aspect}", weight, Decimal(1), problems)
        for aspect, weight in weights.items()
        if _is_known(f"weights.{aspect}", aspect, problems)
    }
    problems.extend(
        Problem(f"weights.{aspect}", Message("expected a weight, there is none"))
        for aspect in ASPECTS
        if aspect not in known
    )
    total = sum(known.values(), Decimal(0))
    if len(problems) == before and total != 1:
        problems.append(Problem("weights", Message("weights sum to {total}, expected 1", total=total)))
    return known


def _is_known(path: str, aspect: str, problems: list[Problem]) -> bool:
    if aspect in ASPECTS:
        return True
    hint = did_you_mean(str(aspect), ASPECTS)
    problems.append(Problem(path, Message("no aspect {id!r}{hint}", id=aspect, hint=hint)))
    return False


def _number(path: str, value: float | str | Decimal, most: Decimal, problems: list[Problem]) -> Decimal:
    """Return a number as it is written; one that is none, or out of its range, is added to the problems."""
    try:
        number = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_nan() or not 0 <= number <= most:
        message = Message("expected a number from 0 to {most}, got {value!r}", most=most, value=value)
        problems.append(Problem(path, message))
    return number
