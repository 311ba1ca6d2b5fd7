"""The public satisfaction survey (Survei Kepuasan Masyarakat): from answers to the IKM and its grade."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Any

import attrs

from pubservice.engine import polars
from pubservice.errors import InvalidModelError, Problem
from pubservice.messages import Message, did_you_mean
from pubservice.model.text import names
from pubservice.surveys.answers import check_answers, said_respondents
from pubservice.surveys.grade import Grade, Regime, grade, rounded
from pubservice.surveys.groups import AT_LEAST, check_at_least, kept_back, said_of_hidden
from pubservice.surveys.instrument import SKM, SKM_2004
from pubservice.surveys.interval import interval_of
from pubservice.surveys.sample_size import sample_size
from pubservice.surveys.tally import Tally, tally, tally_by
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.confidence import ConfidenceInterval
    from pubservice.messages import Language
    from pubservice.surveys.answers import Answers
    from pubservice.surveys.instrument import Item

SOURCES = {
    "2017": "Permenpan RB 14/2017, as agencies apply it",
    "2004": "Kepmenpan KEP/25/M.PAN/2/2004, as agencies apply it",
}
_REGIMES: dict[str, Regime] = {SKM.id: "2017", SKM_2004.id: "2004"}
_DIGITS: dict[str, int] = {"2017": 2, "2004": 3}  # of the weight as it is printed: 0.11 and 0.071
_MOST_LOSS = Fraction(1, 200)  # a weight rounded to two decimals is no further off


@attrs.frozen
class ElementScore:
    """
    What respondents say of one element.

    Attributes:
        id: Of the element.
        code: ``U1`` and so on, in the order of the regulation.
        item: The element, with its names.
        answers: How many answered.
        total: The sum of their answers.
        nrr: The mean answer (nilai rata-rata), 1 to 4; None where nobody answered.
        weighted: The same times the weight.
    """

    id: str
    code: str
    item: Item = attrs.field(repr=False)
    answers: int
    total: Fraction
    nrr: Fraction | None
    weighted: Fraction | None

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "id": self.id,
            "code": self.code,
            "answers": self.answers,
            "total": float(self.total),
            "nrr": _float(self.nrr),
            "weighted": _float(self.weighted),
        }


@attrs.frozen
class SatisfactionIndex:
    """
    The index of a satisfaction survey.

    Attributes:
        regime: ``2017`` or ``2004``: which regulation grades it.
        respondents: How many answered anything.
        elements: In the order of the regulation, without those that do not apply.
        weight: Of each element.
        index: The sum of the weighted means, 1 to 4, exact; None where it does not exist.
        population: How many were served, where that was said.
        undefined: Why a number is None, by its name.
        notes: What a reader should know.
    """

    regime: Regime
    respondents: int
    elements: tuple[ElementScore, ...]
    weight: Fraction
    index: Fraction | None
    population: int | None
    undefined: Mapping[str, Message]
    notes: tuple[Message, ...]
    _answers: Answers = attrs.field(eq=False, repr=False)
    _part: tuple[str, str | None] | None = attrs.field(
        eq=False, repr=False
    )  # column and value of the service
    _drawing: tuple[float, int, int] = attrs.field(eq=False, repr=False)

    @cached_property
    def answers(self) -> Answers:
        """The answers that it was computed of."""
        return self._answers if self._part is None else self._answers.part(*self._part)

    @property
    def ikm(self) -> Fraction | None:
        """25 times the index, 25 to 100, exact; with rounded weights a little less."""
        return None if self.index is None else 25 * self.index

    @property
    def value(self) -> float | None:
        """The IKM as a number."""
        return _float(self.ikm)

    @property
    def grade(self) -> Grade | None:
        """The grade of the IKM."""
        if self.ikm is None or "grade" in self.undefined:
            return None
        return grade(self.ikm, regime=self.regime)

    @property
    def lowest(self) -> tuple[ElementScore, ...]:
        """The elements with the lowest mean, all of them where there are ties."""
        known = [element.nrr for element in self.elements if element.nrr is not None]
        return tuple(element for element in self.elements if known and element.nrr == min(known))

    @property
    def sample_size(self) -> int | None:
        """How many respondents the population asks for, after Krejcie and Morgan."""
        return None if self.population is None else sample_size(self.population)

    @property
    def adequate(self) -> bool | None:
        """Whether there are so many."""
        return None if self.sample_size is None else self.respondents >= self.sample_size

    @cached_property
    def _interval(self) -> ConfidenceInterval | Message:
        if self.index is None:
            return self.undefined["index"]
        confidence, resamples, seed = self._drawing
        tallies = {element.id: Tally(element.total, element.answers) for element in self.elements}
        return interval_of(
            self.answers,
            tallies,
            float(25 * self.weight),
            confidence=confidence,
            resamples=resamples,
            seed=seed,
        )

    @property
    def interval(self) -> ConfidenceInterval | None:
        """The confidence interval of the IKM, drawn at its first use; None where there is none."""
        return None if isinstance(self._interval, Message) else self._interval

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each element; means rounded to three decimals."""
        return self._rows("en")

    def _rows(self, language: Language) -> list[dict[str, object]]:
        return [
            {
                "code": element.code,
                "element": element.item.name.text(language),
                "answers": element.answers,
                "sum": _decimal(element.total, 0 if element.total.denominator == 1 else 3),
                "NRR": _decimal(element.nrr, 3),
                "weighted NRR": _decimal(element.weighted, 3),
            }
            for element in self.elements
        ]

    def text(self, language: Language = "en") -> str:
        """Return the index, its grade and interval, the elements, and what to know of them."""
        lines = []
        if self.ikm is None:
            lines.append(Message("no index: {why}", why=self.undefined["index"]).text(language))
        else:
            found = self.grade
            lines.append(
                Message(
                    "IKM {ikm} ({grade}), {respondents}",
                    ikm=rounded(self.ikm),
                    grade=f"{found.letter}, {found.performance.text(language)}" if found else "-",
                    respondents=said_respondents(self.respondents),
                ).text(language)
            )
            lines.append(self._interval.text(language))
            lowest = ", ".join(element.item.name.text(language) for element in self.lowest)
            lines.append(Message("lowest: {elements}", elements=lowest).text(language))
        if self.sample_size is not None:
            lines.append(
                Message(
                    "sample: {n:,} of the {respondents} that {population:,} served ask for",
                    n=self.respondents,
                    respondents=said_respondents(self.sample_size),
                    population=self.population,
                ).text(language)
            )
        lines.append(table(self._rows(language), language=language))
        lines += [note.text(language) for note in self.notes]
        lines += [why.text(language) for name, why in self.undefined.items() if name != "index"]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        found = self.grade
        undefined = dict(self.undefined)
        if isinstance(self._interval, Message):
            undefined["interval"] = self._interval
        return {
            "regime": self.regime,
            "respondents": self.respondents,
            "index": _float(self.index),
            "ikm": _float(self.ikm),
            "grade": found.letter if found else None,
            "performance": found.performance.text("en") if found else None,
            "interval": self.interval.data() if self.interval else None,
            "weight": float(self.weight),
            "elements": [element.data() for element in self.elements],
            "lowest": [element.id for element in self.lowest],
            "population": self.population,
            "sample_size": self.sample_size,
            "adequate": self.adequate,
            "excluded": self._answers.excluded_count,
            "notes": [str(note) for note in self.notes],
            "undefined": {name: str(why) for name, why in undefined.items()},
            "source": SOURCES[self.regime],
        }


@attrs.frozen
class SatisfactionIndices:
    """
    The indices of the services of an organisation, and its own.

    There are two rules for the organisation's index, and they differ where services have different numbers of
    respondents. Which of them the regulation means was not verified.

    Attributes:
        services: The name of each service with its index, in alphabetical order; last, under None, the respondents who
            name none.
        pooled: The index of all respondents together, whatever their service.
        hidden: Names of the services that are kept back, because so few answered that they could be recognised.
        at_least: How many answers are shown at least.
    """

    services: tuple[tuple[str | None, SatisfactionIndex], ...]
    pooled: SatisfactionIndex
    hidden: tuple[str | None, ...] = ()
    at_least: int = 1

    @property
    def undefined(self) -> dict[str | None, Message]:
        """Why a service has no index, by its name: it is not in the mean of the services."""
        return {name: index.undefined["index"] for name, index in self.services if index.ikm is None}

    @property
    def mean_of_services(self) -> Fraction | None:
        """The mean IKM of the services that have one and a name, each counting the same; None where any is kept back."""
        if self.hidden:
            return None
        known = [index.ikm for name, index in self.services if name is not None and index.ikm is not None]
        return sum(known, Fraction(0)) / len(known) if known else None

    @property
    def value(self) -> float | None:
        """The pooled IKM as a number."""
        return self.pooled.value

    def rows(self) -> list[dict[str, object]]:
        """Return a row for each service; IKM rounded to two decimals."""
        return self._rows("en")

    def _rows(self, language: Language) -> list[dict[str, object]]:
        return [
            {
                "service": name,
                "respondents": index.respondents,
                "IKM": _decimal(index.ikm, 2),
                "grade": index.grade.letter if index.grade else None,
                "lowest": ", ".join(element.item.name.text(language) for element in index.lowest) or None,
            }
            for name, index in self.services
        ]

    def text(self, language: Language = "en") -> str:
        """Return a table of the services, and the index of the organisation by both rules."""
        lines = [table(self._rows(language), language=language)]
        lines += [
            Message("{service}: no index: {why}", service=name or "-", why=why).text(language)
            for name, why in self.undefined.items()
        ]
        if self.hidden:
            lines.append(said_of_hidden(len(self.hidden), self.at_least).text(language))
        if self.mean_of_services is not None:
            named = {name for name, _ in self.services if name is not None}
            indexed = len(named - self.undefined.keys())
            lines.append(
                Message(
                    "mean of the services: {ikm} ({grade})"
                    if indexed == len(named)
                    else "mean of the services that have an index, {n} of {all}: {ikm} ({grade})",
                    n=indexed,
                    all=len(named),
                    ikm=rounded(self.mean_of_services),
                    grade=_letter(self.mean_of_services, self.pooled.regime),
                ).text(language)
            )
        lines += [Message("all respondents together:").text(language), self.pooled.text(language)]
        return "\n".join(line for line in lines if line)

    def __str__(self) -> str:
        return self.text()

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "services": [{"service": name, **index.data()} for name, index in self.services],
            "hidden": list(self.hidden),
            "at_least": self.at_least,
            "mean_of_services": _float(self.mean_of_services),
            "pooled": self.pooled.data(),
        }


def satisfaction_index(
    answers: Answers,
    *,
    regime: Regime | None = None,
    weights: str = "exact",
    not_applicable: Iterable[str] = (),
    population: int | None = None,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> SatisfactionIndex:
    """
    Return the satisfaction index of all respondents.

    The mean of an element is over those who answered it. Every element weighs the same. All arithmetic is exact.

    Args:
        answers: To the instrument ``skm`` or ``skm-2004``.
        regime: ``2017`` or ``2004``; must be that of the instrument. None takes it from there.
        weights: ``exact`` for 1/k, ``rounded`` for the weight as it is printed (0.11 of nine elements, 0.071 of fourteen),
            or another decimal such as ``0.111``, to repeat published reports: with 0.11 even all fours give 99.00.
        not_applicable: Ids, codes or names of elements that the service does not have, such as ``fee``; the others then
            weigh 1/(k-1).
        population: How many were served, to judge the number of respondents.
        confidence: Of the interval.
        resamples: Of its bootstrap.
        seed: Idem.

    Returns:
        An index with its reason where it does not exist: never 0.

    Raises:
        InvalidModelError: The answers are to another instrument, elements were not asked though they apply, or an option
            is wrong; all faults together.

    Example:
        >>> rows = [{f"U{n}": 4 for n in range(1, 10)}, {f"U{n}": 3 for n in range(1, 10)}]
        >>> result = ps.satisfaction_index(ps.answers_from(rows, instrument="skm"))
        >>> float(result.ikm), result.grade.letter
        (87.5, 'B')

    Source:
        Permenpan RB 14/2017; Kepmenpan KEP/25/M.PAN/2/2004. That U4 may be left out was not verified against the text.
    """
    check_answers(answers)
    options = _options(answers, regime, weights, not_applicable, population, (confidence, resamples, seed))
    return _index(answers, answers.respondents, tally(answers), options, (confidence, resamples, seed))


def satisfaction_indices(
    answers: Answers,
    *,
    by: str = "service",
    regime: Regime | None = None,
    weights: str = "exact",
    not_applicable: Iterable[str] | Mapping[str, Iterable[str]] = (),
    population: int | None = None,
    at_least: int = AT_LEAST,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> SatisfactionIndices:
    """
    Return the satisfaction index of each service, and of the organisation by both rules.

    Args:
        answers: As for `satisfaction_index`, and so are the other options.
        by: The column of the service.
        regime: ``2017`` or ``2004``.
        weights: Idem.
        not_applicable: Idem, of all services; or of some, by the name of the service: what was answered all the same is
            left out then, of the pooled index too.
        population: Idem, of the organisation.
        at_least: Services with fewer answers are kept back, as `breakdown` keeps groups back; 1 shows all.
        confidence: Idem.
        resamples: Idem.
        seed: Idem.

    Raises:
        InvalidModelError: As for `satisfaction_index`.
        UnknownIdError: There is no such column.

    Example:
        >>> said = [("permit", 4), ("permit", 3), ("licence", 3)]
        >>> rows = [{"service": name, **{f"U{n}": score for n in range(1, 10)}} for name, score in said]
        >>> result = satisfaction_indices(ps.answers_from(rows, instrument="skm"), at_least=1)
        >>> [(name, float(index.ikm)) for name, index in result.services], float(result.mean_of_services)
        ([('licence', 75.0), ('permit', 87.5)], 81.25)
    """
    check_answers(answers)
    column = answers.column(by)
    check_at_least(at_least)
    each = not_applicable if isinstance(not_applicable, Mapping) else {}
    everywhere = () if isinstance(not_applicable, Mapping) else not_applicable
    answers, without = _without(answers, column, each)
    drawing = (confidence, resamples, seed)

    def options(elements: Iterable[str], served: int | None) -> _Options:
        return _options(answers, regime, weights, elements, served, drawing)

    tallies = tally_by(answers, column)
    present = {name for name, _, _ in tallies}
    nowhere = (
        set.intersection(*(without.get(name, set()) for name in present)) if present and each else everywhere
    )
    pooled = options(nowhere, population)
    common = attrs.evolve(pooled, population=None)
    of = {name: options(elements, None) for name, elements in without.items()} if each else {}
    sizes = {name: (n, *(found[item.id].count for item in pooled.asked)) for name, n, found in tallies}
    hidden = kept_back(sizes, at_least) if at_least > 1 else set()
    services = tuple(
        (name, _index(answers, n, found, of.get(name, common), drawing, (column, name)))
        for name, n, found in tallies
        if name not in hidden
    )
    return SatisfactionIndices(
        services,
        _index(answers, answers.respondents, tally(answers), pooled, drawing),
        tuple(name for name, _, _ in tallies if name in hidden),
        at_least,
    )


def _without(
    answers: Answers, column: str, each: Mapping[str, Iterable[str]]
) -> tuple[Answers, dict[str | None, set[str]]]:
    """Return answers without those to elements that a service does not have, and the elements by service."""
    pl = polars()
    known = [name for name in answers.frame.get_column(column).unique().sort().to_list() if name is not None]
    problems = [
        Problem("not_applicable", Message("no service {id!r}{hint}", id=name, hint=did_you_mean(name, known)))
        for name in each
        if name not in known
    ]
    if problems:
        raise InvalidModelError(problems)
    found: dict[str | None, set[str]] = {}
    frame = answers.frame
    for name, elements in each.items():
        listed, wrong = _elements(elements)
        if wrong:
            raise InvalidModelError(wrong)
        items = {element: answers.instrument.find(element) for element in listed}
        found[name] = {element if item is None else item.id for element, item in items.items()}
        blank = [c for item in items.values() if item for c in answers.questions.get(item.id, ())]
        here = pl.col(column) == name
        frame = frame.with_columns(
            pl.when(here).then(None).otherwise(pl.col(question)).alias(question) for question in blank
        )
    return attrs.evolve(answers, frame=frame), found


@attrs.frozen
class _Options:
    """What was asked for, checked."""

    regime: Regime
    asked: tuple[Item, ...]
    weight: Fraction
    population: int | None
    notes: tuple[Message, ...]


def _options(
    answers: Answers,
    regime: Regime | None,
    weights: str,
    not_applicable: Iterable[str],
    population: int | None,
    drawing: tuple[float, int, int],
) -> _Options:
    instrument = answers.instrument
    if instrument.id not in _REGIMES:
        message = Message(
            "expected answers to 'skm' or 'skm-2004', got {instrument!r}", instrument=instrument.id
        )
        raise InvalidModelError([Problem("", message)])
    of = _REGIMES[instrument.id]
    problems: list[Problem] = []
    if regime not in (None, of):
        message = Message(
            "answers to {instrument!r} are of the regime {of}, not {regime}",
            instrument=instrument.id,
            of=of,
            regime=regime,
        )
        problems.append(Problem("regime", message))
    without = set()
    elements, wrong = _elements(not_applicable)
    problems += wrong
    for name in elements:
        item = instrument.find(name)
        if item is None:
            hint = did_you_mean(name, [item.id for item in instrument.items])
            message = Message(
                "no item {item!r} in {instrument!r}{hint}", item=name, instrument=instrument.id, hint=hint
            )
            problems.append(Problem("not_applicable", message))
        else:
            without.add(item.id)
    asked = tuple(item for item in instrument.items if item.id not in without)
    for item in asked:
        if item.id not in answers.questions:
            hint = did_you_mean(item.id, answers.frame.columns)
            message = Message(
                "no column for the element {item!r} ({code}): name it in columns=, or in not_applicable={hint}",
                item=item.id,
                code=item.code,
                hint=hint,
            )
            problems.append(Problem("", message))
    if not asked:
        problems.append(Problem("not_applicable", Message("expected an element that applies, got none")))
    weight = _weight(weights, len(asked), of) if asked else Fraction(1)
    if weight is None:
        message = Message(
            "expected 'exact', 'rounded' or the rounded weight of {n} elements, got {value!r}",
            n=len(asked),
            value=weights,
        )
        problems.append(Problem("weights", message))
    if population is not None and (type(population) is not int or population < 1):
        message = Message("expected a whole number of at least 1, got {value!r}", value=population)
        problems.append(Problem("population", message))
    elif population is not None and population < answers.respondents:
        message = Message(
            "expected at least the {n:,} who answered, got {value:,}", n=answers.respondents, value=population
        )
        problems.append(Problem("population", message))
    problems += _no_drawing(*drawing)
    if problems or weight is None:
        raise InvalidModelError(problems)
    return _Options(of, asked, weight, population, _notes(answers, asked, without))


def _elements(given: str | Iterable[str]) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the names of elements, and what is wrong with them."""
    try:
        return names(given), []
    except InvalidModelError as error:
        return (), [Problem("not_applicable", problem.message) for problem in error.problems]


def _no_drawing(confidence: Any, resamples: Any, seed: Any) -> Iterator[Problem]:
    """Yield what is wrong with the options of the interval."""
    if not isinstance(confidence, int | float) or not 0 < confidence < 1:
        message = Message("expected a confidence between 0 and 1, got {value!r}", value=confidence)
        yield Problem("confidence", message)
    if type(resamples) is not int or resamples < 1:
        message = Message("expected a whole number of at least 1, got {value!r}", value=resamples)
        yield Problem("resamples", message)
    if not isinstance(seed, Integral) or seed < 0:
        yield Problem("seed", Message("expected a seed of at least 0, got {value!r}", value=seed))


def _weight(weights: str, elements: int, regime: Regime) -> Fraction | None:
    """Return the weight of each of so many elements, or None where that is none."""
    exact = Fraction(1, elements)
    if weights == "exact":
        return exact
    if weights == "rounded":
        return Fraction(rounded(exact, _DIGITS[regime]))
    try:
        given = Fraction(Decimal(str(weights)))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return given if abs(given - exact) <= _MOST_LOSS else None


def _notes(answers: Answers, asked: tuple[Item, ...], without: set[str]) -> tuple[Message, ...]:
    notes = list(answers.notes())
    if without:
        notes.append(
            Message(
                "not applicable: {elements}; the others weigh 1/{k}",
                elements=", ".join(item.code for item in answers.instrument.items if item.id in without),
                k=len(asked),
            )
        )
    if answers.instrument is SKM and {"complaints", "facilities"} & set(answers.by_code) - without:
        notes.append(
            Message(
                "U8 was read as complaints and U9 as facilities, the order of the regulation: where a form has them the other"
                " way round, name the columns"
            )
        )
    return tuple(notes)


def _index(
    answers: Answers,
    respondents: int,
    tallies: Mapping[str, Tally],
    options: _Options,
    drawing: tuple[float, int, int],
    part: tuple[str, str | None] | None = None,
) -> SatisfactionIndex:
    elements = tuple(
        ElementScore(
            item.id,
            item.code,
            item,
            tallies[item.id].count,
            tallies[item.id].total,
            mean := tallies[item.id].mean,
            None if mean is None else mean * options.weight,
        )
        for item in options.asked
    )
    undefined: dict[str, Message] = {}
    silent = [element.code for element in elements if element.weighted is None]
    index: Fraction | None = None
    if not respondents:
        undefined["index"] = Message("nobody answered")
    elif silent:
        undefined["index"] = Message("nobody answered {elements}", elements=", ".join(silent))
    else:
        index = sum((element.weighted or Fraction(0) for element in elements), Fraction(0))
        if 25 * index < 25:
            undefined["grade"] = Message("no grade: rounded weights put the IKM below 25")
    return SatisfactionIndex(
        options.regime,
        respondents,
        elements,
        options.weight,
        index,
        options.population,
        undefined,
        options.notes,
        answers,
        part,
        drawing,
    )


def _letter(ikm: Fraction, regime: Regime) -> str:
    return grade(ikm, regime=regime).letter if ikm >= 25 else "-"


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _decimal(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else rounded(value, places)
