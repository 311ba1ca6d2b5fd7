"""
Answers of respondents to what an instrument asks, as a table in the engine.

Every answer is a whole number on the scale of the instrument, or missing. Nothing is ever turned into Python objects to
be counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs

from pubservice.engine import engine, fresh, polars
from pubservice.errors import InvalidModelError, Problem, UnknownIdError
from pubservice.messages import Message
from pubservice.surveys.columns import find_columns
from pubservice.surveys.instrument import SKM, SKM_2004, Instrument, find_instrument, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

Invalid = Literal["refuse", "exclude"]
LISTED = 20  # faults of one kind that are named, before the others are counted
MOST_GROUPS = 1000
_EMPTY = ("", "na", "n/a")
_REGIME = ("regime", "rezim", "regulation", "peraturan")
_YEARS = {SKM.id: "2017", SKM_2004.id: "2004"}
_WHOLE = r"^([0-9]{1,3})(?:[.,]0+)?$"
_WHOLE_ANSWER = re.compile(_WHOLE)
_INTEGER = re.compile(r"-?[0-9]{1,9}")


@attrs.frozen
class ExcludedAnswer:
    """
    An answer outside the scale that was left out.

    Attributes:
        row: Of the table, from 1; in a file its line.
        column: The question.
        value: What stood there.
    """

    row: int
    column: str
    value: str

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return attrs.asdict(self)


@attrs.frozen(eq=False)
class Answers:
    """
    What respondents answered to an instrument; `answers_from` and `read_answers` make it.

    Attributes:
        instrument: What was asked, and on which scale.
        frame: One row for each respondent who answered anything: the questions as small whole numbers or null, and
            whatever else the table holds, under its own names.
        questions: The columns that answer each item, by its id; several are averaged within a respondent first.
        about: The columns of the respondent, the service and the period, as far as there are.
        by_code: Ids of the items that were recognised by a code such as ``U8`` alone.
        excluded: The first answers that were left out because they are outside the scale.
        excluded_count: How many were.
        blank: How many respondents answered nothing, and are not in the frame.
        unread: Columns that hold nothing but numbers on the scale and answer no item.
    """

    instrument: Instrument
    frame: pl.DataFrame = attrs.field(repr=False)
    questions: Mapping[str, tuple[str, ...]]
    about: Mapping[str, str] = attrs.field(factory=dict)
    by_code: tuple[str, ...] = ()
    excluded: tuple[ExcludedAnswer, ...] = attrs.field(default=(), repr=False)
    excluded_count: int = 0
    blank: int = 0
    unread: tuple[str, ...] = ()

    @property
    def respondents(self) -> int:
        """How many answered anything."""
        return self.frame.height

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all questions, in the order of the instrument."""
        return tuple(column for columns in self.questions.values() for column in columns)

    def column(self, name: str) -> str:
        """
        Return the column of ``respondent``, ``service`` or ``period``, or the one of that name.

        Raises:
            UnknownIdError: There is none.
            InvalidModelError: It holds what cannot be told apart as texts.
        """
        found = self.about.get(name, name)
        if found not in self.frame.columns or found in self.columns:
            raise UnknownIdError("column", name, [c for c in self.frame.columns if c not in self.columns])
        problems = _no_texts(self.frame, found)
        if problems:
            raise InvalidModelError(problems)
        return found

    def part(self, column: str, value: str | None) -> Answers:
        """Return the answers of those with a value in a column."""
        pl = polars()
        return attrs.evolve(self, frame=self.frame.filter(pl.col(column).eq_missing(pl.lit(value))))

    def parts(self, by: str) -> dict[str | None, Answers]:
        """
        Return the answers of each group, in alphabetical order, those of no group under None and last.

        Raises:
            UnknownIdError: There is no such column.
            InvalidModelError: There are more than a thousand groups, or the column holds no texts.
        """
        pl = polars()
        column = self.column(by)
        group = fresh("_group", self.frame.columns)
        frame = self.frame.with_columns(_text(pl.col(column)).alias(group))
        if frame.get_column(group).n_unique() > MOST_GROUPS:
            message = Message("{column!r} makes more than {bound:,} groups", column=by, bound=MOST_GROUPS)
            raise InvalidModelError([Problem("", message)])
        parts = frame.sort(group, nulls_last=True, maintain_order=True).partition_by(
            group, as_dict=True, include_key=False, maintain_order=True
        )
        return {name: attrs.evolve(self, frame=part) for (name,), part in parts.items()}

    def notes(self) -> tuple[Message, ...]:
        """Return what a reader of any result should know of the answers."""
        notes = []
        if self.excluded_count:
            notes.append(
                Message(
                    "{n:,} answer outside the scale is left out"
                    if self.excluded_count == 1
                    else "{n:,} answers outside the scale are left out",
                    n=self.excluded_count,
                )
            )
        if self.blank:
            notes.append(
                Message(
                    "{n:,} respondent answered nothing and is not counted"
                    if self.blank == 1
                    else "{n:,} respondents answered nothing and are not counted",
                    n=self.blank,
                )
            )
        if self.unread:
            notes.append(
                Message(
                    "not counted, though all of it is on the scale: {columns}",
                    columns=", ".join(self.unread[:LISTED]),
                )
            )
        return tuple(notes)


def said_respondents(count: int) -> Message:
    """Return how many respondents there are, in words."""
    return Message("{n:,} respondent" if count == 1 else "{n:,} respondents", n=count)


def check_answers(answers: object) -> None:
    """Refuse what is no `Answers`, such as the table that they would be made from."""
    if not isinstance(answers, Answers):
        kind = type(answers).__name__
        message = Message("expected what answers_from or read_answers returns, got {kind}", kind=kind)
        raise InvalidModelError([Problem("answers", message)])


def answers_from(
    table: Any,
    *,
    instrument: Instrument | str = "skm",
    columns: Mapping[str, str | Iterable[str]] | None = None,
    missing: Iterable[str | int] = (),
    invalid: Invalid = "refuse",
) -> Answers:
    """
    Return the answers in a table: one row for each respondent, one column for each question.

    Columns are recognised by the names of the items in either language, else by their codes; see `find_columns`. Columns
    of the respondent, the service and the period are recognised too. All others are kept, to group by.

    Args:
        table: A frame of Polars, pandas or anything narwhals reads; a mapping of columns; or rows as mappings.
        instrument: ``skm``, ``skm-2004``, ``servqual``, ``servperf``, ``nps``, ``csat``, ``ces``, or one of your own.
        columns: What is not recognised: the id, code or name of an item, or ``respondent``, ``service`` or ``period``, and
            the column that holds it; several columns where an item was asked in several questions.
        missing: Codes that mean that there is no answer, such as 9. Nothing, ``NA`` and ``N/A`` always mean it.
        invalid: What becomes of an answer outside the scale: ``refuse`` the table, or ``exclude`` the answer (the others
            of the respondent stay).

    Raises:
        InvalidModelError: Answers are outside the scale, respondents answer twice, two regimes are mixed, or columns are
            not there; all faults, the first twenty of a kind by row.
        UnknownIdError: There is no such instrument.
        MissingExtraError: The extra ``logs`` is not installed.

    Example:
        >>> rows = [{"recommend": 10}, {"recommend": 9}, {"recommend": "NA"}]
        >>> answers_from(rows, instrument="nps").respondents
        2
    """
    return assemble(_frame(table), instrument=instrument, columns=columns, missing=missing, invalid=invalid)


def assemble(
    frame: pl.DataFrame,
    *,
    instrument: Instrument | str,
    columns: Mapping[str, str | Iterable[str]] | None,
    missing: Iterable[str | int],
    invalid: Invalid,
    line: Callable[[int], int] | None = None,
) -> Answers:
    """
    Return the answers in a frame.

    Args:
        frame: As it was read.
        instrument: As for `answers_from`, and the others too.
        columns: Idem.
        missing: Idem.
        invalid: Idem.
        line: From the number of a row, from 0, to its line in the file; None where there is none.
    """
    asked = find_instrument(instrument)
    if invalid not in ("refuse", "exclude"):
        message = Message("expected 'refuse' or 'exclude', got {value!r}", value=invalid)
        raise InvalidModelError([Problem("invalid", message)])
    problems = _no_options(columns, missing)
    if problems:
        raise InvalidModelError(problems)
    found, problems = find_columns(frame.columns, asked, columns or {})
    if problems:
        raise InvalidModelError(problems)
    codes = frozenset(str(code).strip().lower() for code in missing)
    problems += _no_texts(frame, *found.about.values())
    scored: list[Any] = []
    wrong: dict[str, pl.Series] = {}
    for name in (name for names in found.questions.values() for name in names):
        column = frame.get_column(name)
        if (
            column.dtype.is_nested()
            or column.dtype.is_temporal()
            or str(column.dtype) in ("Boolean", "Binary", "Object")
        ):
            problems.append(
                Problem(name, Message("expected whole numbers, got {kind}", kind=str(column.dtype)))
            )
            continue
        numbers, bad = _scored(column, codes, asked)
        scored.append(numbers)
        if bad is not None:
            wrong[name] = bad
    if problems:
        raise InvalidModelError(problems)
    outside = sorted(_first(frame, wrong))[:LISTED]
    count = sum(int(bad.sum()) for bad in wrong.values())
    if count and invalid == "refuse":
        problems += [
            _at(
                row,
                Message(
                    "expected a whole number from {low} to {high}, got {value!r}",
                    low=asked.low,
                    high=asked.high,
                    value=value,
                ),
                line,
                name,
            )
            for row, name, value in outside
        ]
        problems += _more(count)
    tidy = frame.with_columns(
        *scored, *(_text(polars().col(name)).alias(name) for name in found.about.values())
    )
    problems += _twice(tidy, found.about, line)
    problems += _of_the_other_regime(
        tidy, asked, {*found.about.values()}.union(*found.questions.values()), line
    )
    if problems:
        raise InvalidModelError(problems)
    kept = tidy
    if scored and all(numbers.null_count() for numbers in scored):
        kept = tidy.filter(
            ~polars().all_horizontal(polars().col(numbers.name).is_null() for numbers in scored)
        )
    return Answers(
        asked,
        kept,
        found.questions,
        found.about,
        found.by_code,
        tuple(ExcludedAnswer(line(row) if line else row + 1, name, value) for row, name, value in outside),
        count,
        tidy.height - kept.height,
        tuple(_unread(frame, asked, {*found.about.values()}.union(*found.questions.values()))),
    )


def _no_options(columns: Any, missing: Any) -> list[Problem]:
    """Refuse columns that are not by item, and codes that are none."""
    problems = []
    if columns is not None and not isinstance(columns, Mapping):
        message = Message("expected columns by what they hold, got {value!r}", value=columns)
        problems.append(Problem("columns", message))
    elif columns:
        problems += [
            Problem(
                "columns", Message("expected the column of {item!r}, got {value!r}", item=key, value=value)
            )
            for key, value in columns.items()
            if not isinstance(key, str) or not isinstance(value, Iterable)
        ]
    if isinstance(missing, str) or not isinstance(missing, Iterable):
        problems.append(Problem("missing", Message("expected a list, got {value!r}", value=missing)))
    return problems


def _unread(frame: pl.DataFrame, asked: Instrument, used: set[str]) -> Iterator[str]:
    """Yield columns that look like questions, but are none that is known."""
    pl = polars()
    for name in frame.columns:
        column = frame.get_column(name)
        if name in used or not (column.dtype.is_integer() or column.dtype == pl.String):
            continue
        said = column.drop_nulls()
        if not said.len() or not _WHOLE_ANSWER.fullmatch(str(said[0]).strip()):
            continue
        numbers = (
            said if said.dtype.is_integer() else said.str.strip_chars().str.extract(_WHOLE, 1).cast(pl.Int16)
        )
        if numbers.is_between(asked.low, asked.high).fill_null(value=False).all():
            yield name


def _frame(table: Any) -> pl.DataFrame:
    """Return anything that is a table as one of the engine."""
    frame, broken = polars().DataFrame, polars().exceptions.PolarsError
    found: pl.DataFrame
    try:
        if isinstance(table, Mapping):
            columns = {str(name): _column(values) for name, values in table.items()}
            _check_lengths({name: len(column) for name, column in columns.items()})
            found = frame(columns)
        elif isinstance(table, list | tuple):
            rows = [dict(row) for row in table]
            names = dict.fromkeys(name for row in rows for name in row)
            found = frame({str(name): _column(row.get(name) for row in rows) for name in names})
        else:
            found = engine().from_native(table, eager_only=True).to_polars()
    except InvalidModelError:
        raise
    except (TypeError, ValueError, broken):
        message = Message("expected a table, got {kind}", kind=type(table).__name__)
        raise InvalidModelError([Problem("", message)]) from None
    return found


def _check_lengths(lengths: Mapping[str, int]) -> None:
    """Refuse columns that do not make one table, each with its length."""
    first, expected = next(iter(lengths.items()), ("", 0))
    problems = [
        Problem(
            name,
            Message(
                "expected as many values as in {first!r}, {expected:,}, got {n:,}",
                expected=expected,
                first=first,
                n=n,
            ),
        )
        for name, n in lengths.items()
        if n != expected
    ]
    if problems:
        raise InvalidModelError(problems)


def _column(values: Iterable[Any]) -> Any:
    """Return a column of numbers, or of texts where there is anything else among them."""
    pl = polars()
    listed = list(values)
    if all(value is None or type(value) in (int, float) for value in listed):
        return pl.Series(listed, strict=False)
    return pl.Series([None if value is None else str(value) for value in listed], dtype=pl.String)


def _no_texts(frame: pl.DataFrame, *names: str) -> list[Problem]:
    """Refuse columns of lists, bytes and the like, which tell nobody apart."""
    kinds = {name: frame.get_column(name).dtype for name in names}
    return [
        Problem(name, Message("expected text, got {kind}", kind=str(kind)))
        for name, kind in kinds.items()
        if kind.is_nested() or str(kind) in ("Binary", "Object")
    ]


def _text(column: Any) -> Any:
    """Return what tells respondents apart as texts, nothing as null."""
    pl = polars()
    return column.cast(pl.String).str.strip_chars().replace("", None)


def _scored(
    column: pl.Series, codes: frozenset[str], asked: Instrument
) -> tuple[pl.Series, pl.Series | None]:
    """Return answers as small whole numbers, what is missing or wrong as null, and which are wrong if any is."""
    pl = polars()
    low, high = asked.low, asked.high
    if column.dtype.is_integer():
        numbers = column
        here = [int(code) for code in codes if _INTEGER.fullmatch(code)]
        if here:
            numbers = column.set(column.is_in(here), None)
        bad = None if numbers.is_between(low, high).all() else ~numbers.is_between(low, high)
    else:
        texts = column.fill_nan(None) if column.dtype.is_float() else column
        said = texts.cast(pl.String).str.strip_chars().str.to_lowercase()
        given = said.is_not_null() & ~said.is_in([*_EMPTY, *codes, *(f"{code}.0" for code in codes)])
        numbers = said.str.extract(_WHOLE, 1).cast(pl.Int16)
        numbers = numbers.set(~given, None)
        bad = given & ~numbers.is_between(low, high).fill_null(value=False)
        bad = bad if bad.any() else None
    if bad is None:
        return numbers.cast(pl.Int8), None
    bad = bad.fill_null(value=False)
    return numbers.set(bad, None).cast(pl.Int8), bad


def _first(frame: pl.DataFrame, wrong: Mapping[str, pl.Series]) -> Iterable[tuple[int, str, str]]:
    """Yield row, column and value of the first wrong answers of each question."""
    for name, bad in wrong.items():
        for row in bad.arg_true().head(LISTED).to_list():
            yield row, name, str(frame.get_column(name)[row])[:40]


def _twice(frame: pl.DataFrame, about: Mapping[str, str], line: Callable[[int], int] | None) -> list[Problem]:
    """Refuse respondents who answer twice of the same service in the same period."""
    pl = polars()
    if "respondent" not in about:
        return []
    key, row, first = list(about.values()), fresh("_row", frame.columns), fresh("_first", frame.columns)
    known = frame.select(key).with_row_index(row).filter(pl.col(about["respondent"]).is_not_null())
    again = known.with_columns(pl.col(row).min().over(key).alias(first)).filter(pl.col(row) != pl.col(first))
    problems = []
    for who, this, before in again.select(about["respondent"], row, first).head(LISTED).iter_rows():
        message = (
            Message("respondent {who!r} has answered in line {line}", who=who[:40], line=line(before))
            if line
            else Message("respondent {who!r} has answered in row {row}", who=who[:40], row=before + 1)
        )
        problems.append(_at(this, message, line))
    return [*problems, *_more(again.height)]


def _of_the_other_regime(
    frame: pl.DataFrame, asked: Instrument, used: set[str], line: Callable[[int], int] | None
) -> list[Problem]:
    """Refuse answers that a column of the regime says are to the other survey: one index is of one regime."""
    pl = polars()
    other = {SKM.id: SKM_2004.id, SKM_2004.id: SKM.id}.get(asked.id)
    columns = [
        name
        for name, kind in frame.schema.items()
        if plain(name) in _REGIME and name not in used and not kind.is_nested()
    ]
    problems = []
    for column in columns if other else ():
        theirs = frame.get_column(column).cast(pl.String).str.contains(_YEARS[str(other)], literal=True)
        rows = theirs.fill_null(value=False).arg_true()
        for row in rows.head(LISTED).to_list():
            message = Message(
                "mixed regimes: this answer is of {other!r}, not {instrument!r}",
                other=other,
                instrument=asked.id,
            )
            problems.append(_at(row, message, line, column))
        problems += _more(len(rows))
    return problems


def _at(row: int, message: Message, line: Callable[[int], int] | None, column: str = "") -> Problem:
    if line is not None:
        return Problem(column, message, line(row))
    return Problem(f"row {row + 1}, {column}" if column else f"row {row + 1}", message)


def _more(count: int) -> list[Problem]:
    return [Problem("", Message("and {n:,} more", n=count - LISTED))] if count > LISTED else []
