"""The service triangle: strategy and culture, system, people, with those served in the centre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.errors import InvalidModelError, Problem
from pubservice.management.claims import CLAIMS
from pubservice.management.showing import Office
from pubservice.messages import Message, did_you_mean, translate
from pubservice.provenance import provenance
from pubservice.table import table

if TYPE_CHECKING:
    from pubservice.management.claims import Claim
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.provenance import Provenance

CORNERS = {
    "culture": Message("strategy and culture"),
    "system": Message("system"),
    "people": Message("people"),
    "applicant": Message("those served"),
}
QUESTIONS = {
    "culture": ("vision", "commitments", "targets", "owner", "values", "leadership", "recognition"),
    "system": ("standard", "sound", "lean", "digital", "promises-kept", "reliability", "forms"),
    "people": ("competences", "load", "deputies", "training", "courtesy", "discretion"),
    "applicant": (
        *("audience", "requirements", "asked-once", "contacts", "satisfaction", "complaints"),
        *("survey", "listening"),
    ),
}
ASSUMPTIONS = (
    Message("every question of a corner counts the same"),
    Message("where some services state something and others do not, the others lack it"),
)
SOURCES = (
    "Albrecht & Zemke (1985), Service America! (the frame; the questions are our reading)",
    "Ratminto & Winarsih (2005), Manajemen Pelayanan",
)


@attrs.frozen
class Answered:
    """
    One question of the triangle with its answer.

    Attributes:
        claim: What is asked.
        holds: The answer; None where there is none.
        by: ``model`` where evidence in the model answers it, ``answers`` where somebody did, None where nobody does.
        why: What the model shows, or lacks.
        given: What somebody answered; None where nobody did.
    """

    claim: Claim
    holds: bool | None
    by: Literal["model", "answers"] | None
    why: Message
    given: bool | None = None

    @property
    def overruled(self) -> bool:
        """Whether somebody answered otherwise than the model shows."""
        return self.by == "model" and self.given not in (None, self.holds)

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "question": self.claim.id,
            "claim": str(self.claim.words),
            "holds": self.holds,
            "by": self.by,
            "why": str(self.why),
            "given": self.given,
            "overruled": self.overruled,
            "raised_by": None if self.holds else str(self.claim.raised_by),
            "source": self.claim.source,
        }


@attrs.frozen
class Corner:
    """
    A corner of the triangle, or its centre.

    Attributes:
        id: ``culture``, ``system``, ``people`` or ``applicant``.
        questions: In the order of the questionnaire.
    """

    id: str
    questions: tuple[Answered, ...]

    @property
    def answered(self) -> tuple[Answered, ...]:
        """The questions that have an answer."""
        return tuple(question for question in self.questions if question.holds is not None)

    @property
    def score(self) -> float | None:
        """Questions answered yes / questions answered, 0 to 1; None where none is."""
        answered = self.answered
        return sum(question.holds is True for question in answered) / len(answered) if answered else None

    @property
    def open(self) -> tuple[Answered, ...]:
        """What would raise it: questions answered no, then those without an answer."""
        no = (question for question in self.questions if question.holds is False)
        return (*no, *(question for question in self.questions if question.holds is None))

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "corner": self.id,
            "score": self.score,
            "undefined": {} if self.answered else {"score": str(_UNANSWERED)},
            "questions": [question.data() for question in self.questions],
        }


_UNANSWERED = Message("no question is answered")


@attrs.frozen
class ServiceTriangle:
    """
    The service triangle of an organisation.

    A score is the share of the answered questions that are answered yes; questions without an answer are not counted as no,
    and are listed. There is no total: a triangle is as good as its weakest corner.

    Attributes:
        corners: Culture, system, people, and those served.
    """

    corners: tuple[Corner, ...]
    _organisation: PublicOrganisation = attrs.field(eq=False, repr=False)

    def corner(self, id: str) -> Corner:
        """Return one corner: ``culture``, ``system``, ``people`` or ``applicant``."""
        return self.corners[list(CORNERS).index(id)]

    @property
    def unused(self) -> tuple[Answered, ...]:
        """The questions whose answer was not used, because the model answers them: those it contradicts first."""
        decided = [
            question
            for corner in self.corners
            for question in corner.questions
            if question.by == "model" and question.given is not None
        ]
        return tuple(sorted(decided, key=lambda question: not question.overruled))

    @property
    def provenance(self) -> Provenance:
        """Where the scores come from."""
        return provenance(self._organisation, ASSUMPTIONS, SOURCES)

    def rows(self) -> list[dict[str, str | float | None]]:
        """Return a row for each corner."""
        return [
            {
                "corner": CORNERS[corner.id],
                "score": None if corner.score is None else f"{corner.score:.0%}",
                "answered yes": sum(question.holds is True for question in corner.questions),
                "answered no": sum(question.holds is False for question in corner.questions),
                "unknown": len(corner.questions) - len(corner.answered),
            }
            for corner in self.corners
        ]

    def data(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "organisation": self._organisation.id,
            "provenance": self.provenance.data(),
            "corners": [corner.data() for corner in self.corners],
        }

    def text(self, language: Language = "en") -> str:
        """Return a table of the scores, for each corner what would raise it, and the answers that were not used."""
        parts = [table(self.rows(), language=language)]
        for corner in self.corners:
            if corner.open:
                title = Message("{corner}: what would raise it", corner=CORNERS[corner.id])
                parts.append("\n".join([title.text(language), *_lines(corner, language)]))
        if self.unused:
            title = Message("answers that are not used, because the model shows it")
            said = (_not_used(question).text(language) for question in self.unused)
            parts.append("\n".join([title.text(language), *(f"  {line}" for line in said)]))
        return "\n\n".join(parts)

    def __str__(self) -> str:
        return self.text()


def _lines(corner: Corner, language: Language) -> list[str]:
    lines = []
    for question in corner.open:
        state = translate("no" if question.holds is False else "unknown", language)
        wanted = question.claim.raised_by.text(language)
        lines.append(f"  {state}: {question.claim.id}: {wanted} ({question.why.text(language)})")
    return lines


def _not_used(question: Answered) -> Message:
    return Message(
        "overruled: {question}: answered {given}, the model shows {shown} ({why})"
        if question.overruled
        else "confirmed: {question}: answered {given}, the model shows {shown} ({why})",
        question=question.claim.id,
        given=_yes_or_no(question.given),
        shown=_yes_or_no(question.holds),
        why=question.why,
    )


def _yes_or_no(answer: bool | None) -> Message:
    return Message("yes" if answer else "no")


def service_triangle(
    organisation: PublicOrganisation, *, answers: Mapping[str, bool] | None = None
) -> ServiceTriangle:
    """
    Return the scores of strategy and culture, system, people, and of those served in the centre.

    A question is answered by the model where the model shows it, else by the answers given, else it stays unknown. Answers
    to what the model shows are not used; `unused` names them.

    Args:
        organisation: What is looked at.
        answers: True or false, by the name of the question.

    Raises:
        InvalidModelError: An answer is to no question, or is neither true nor false, all faults at once; or a service
            ignores a rule that does not exist.

    Example:
        >>> triangle = service_triangle(city_hall, answers={"leadership": True})
        >>> triangle.corner("culture").score
        1.0
        >>> [(question.claim.id, question.by) for question in triangle.corner("culture").answered]
        [('owner', 'model'), ('leadership', 'answers')]

    Source:
        Albrecht & Zemke (1985), Service America!, for the frame; the questions are our reading, and each counts the same.
    """
    given = _checked({} if answers is None else answers)
    office = Office(organisation)
    return ServiceTriangle(
        tuple(
            Corner(id, tuple(_answer(CLAIMS[name], office, given.get(name)) for name in names))
            for id, names in QUESTIONS.items()
        ),
        organisation,
    )


def _answer(claim: Claim, office: Office, given: bool | None) -> Answered:
    shown = claim.shown_by(office)
    if shown.holds is not None:
        return Answered(claim, shown.holds, "model", shown.why, given)
    if given is not None:
        return Answered(claim, given, "answers", Message("as answered"), given)
    return Answered(claim, None, None, shown.why)


def _checked(answers: Any) -> dict[str, bool]:
    """Return answers; refuse those to no question of the triangle, and what is no answer."""
    if not isinstance(answers, Mapping):
        message = Message("expected answers by question, got {value!r}", value=answers)
        raise InvalidModelError([Problem("answers", message)])
    known = [name for names in QUESTIONS.values() for name in names]
    problems = []
    for name, answer in answers.items():
        if name not in known:
            hint = did_you_mean(str(name), known)
            problems.append(
                Problem(f"answers.{name}", Message("no question {id!r}{hint}", id=name, hint=hint))
            )
        elif not isinstance(answer, bool):
            message = Message("expected true or false, got {value!r}", value=answer)
            problems.append(Problem(f"answers.{name}", message))
    if problems:
        raise InvalidModelError(problems)
    return dict(answers)
