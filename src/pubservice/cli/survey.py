"""The command ``survey``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pubservice.cli.answering import NO_FEE, Answering, survey_options
from pubservice.cli.instruments import (
    OWN,
    alpha_of,
    index_of,
    instrument_options,
    own_instrument,
    quality_options,
)
from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import BAD_INPUT, guarded, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pubservice.errors import Problem
    from pubservice.messages import Language
    from pubservice.surveys.answers import Answers
    from pubservice.surveys.groups import Breakdown, Index

_ONLY = {  # the instruments of an option; all others are of the satisfaction survey
    "--scale": (OWN,),
    "--reversed": ("servqual", "servperf"),
    "--dimension-weight": ("servqual",),
}


@click.command("survey")
@click.argument("file")
@instrument_options
@click.option("--service", default=None, metavar="COLUMN", help="An index for each service in this column.")
@click.option(
    "--at-least",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Groups and services with fewer answers are kept back.",
)
@click.option("--by", default=None, metavar="COLUMN", help="The index by group; small groups are kept back.")
@click.option("--population", type=click.IntRange(min=1), default=None, help="How many were served.")
@survey_options
@click.option("--reliability", is_flag=True, help="Print Cronbach's alpha too.")
@click.option("--csv", "output", default=None, metavar="FILE", help="Write the official table to this file.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the bootstrap.")
@format_option
@lang_option
@max_bytes_option
def survey_command(
    file: str,
    instrument: str,
    scale: str | None,
    turned: tuple[str, ...],
    weighted: tuple[str, ...],
    service: str | None,
    by: str | None,
    at_least: int,
    population: int | None,
    reliability: bool,
    output: str | None,
    overwrite: bool,
    seed: int,
    style: str,
    lang: Language,
    max_bytes: int | None,
    **told: Any,
) -> None:
    """Print the index of a survey in CSV or Parquet; exit 2 if there is none."""

    def work() -> int:
        from pubservice.errors import InvalidModelError

        own, problems = own_instrument(scale, told["columns"]) if instrument == OWN else (None, [])
        quality, wrong = quality_options(turned, weighted)
        answering = Answering(instrument=instrument, own=own, **told)
        given = {
            "--service": service,
            "--population": population,
            "--no-fee": answering.no_fee,
            "--no-fee-of": answering.no_fee_of,
            "--weights": answering.weights != "exact",
            "--csv": output,
            "--scale": scale,
            "--reversed": turned,
            "--dimension-weight": weighted,
        }
        problems += answering.problems(several=service is not None)
        problems += wrong
        problems += _idle(instrument, (option for option, value in given.items() if value))
        if problems:
            raise InvalidModelError(problems)
        if output is not None:
            _check_free(output, overwrite=overwrite)
        answers = answering.read(file, service=service, max_bytes=max_bytes)
        options = answering.options(several=False) | {"seed": seed}
        index = index_of(instrument, options, quality)
        if service is not None:
            several = answering.options(several=True) | {"seed": seed, "at_least": at_least}
            result = _services(answers, several | {"population": population})
        elif instrument in NO_FEE:
            result = index_of(instrument, options | {"population": population}, quality)(answers)
        else:
            result = index(answers)
        groups = None if by is None else _groups(file, answers, by, index, at_least)
        alpha = alpha_of(answers, quality["reversed_items"]) if reliability else None
        if style == "json":
            data: dict[str, Any] = {"pubservice": 1, "instrument": instrument, "result": result.data()}
            data |= {} if groups is None else {"breakdown": groups.data()}
            data |= {} if alpha is None else {"reliability": alpha.data()}
            print_json(data)
        else:
            shown = [part.text(lang) for part in (result, groups, alpha) if part is not None]
            click.echo("\n\n".join(shown))
        if output is not None:
            _write(result, output, lang)
        return BAD_INPUT if result.value is None else 0

    guarded(lang, work)


def _idle(instrument: str, options: Iterable[str]) -> Iterator[Problem]:
    """Yield a fault for each option that an instrument has no use for."""
    from pubservice.errors import Problem
    from pubservice.messages import Message

    for option in options:
        instruments = _ONLY.get(option, tuple(NO_FEE))
        if instrument not in instruments:
            message = Message("only for the instruments {instruments}", instruments=", ".join(instruments))
            yield Problem(option, message)


def _groups(
    file: str, answers: Answers, by: str, index: Callable[[Answers], Index], at_least: int
) -> Breakdown:
    """Return the index by group; a column that is not there, or that makes no groups, is told with the file."""
    from pubservice.errors import InvalidFileError, InvalidModelError, Problem, UnknownIdError
    from pubservice.messages import Message, did_you_mean
    from pubservice.surveys.groups import breakdown

    try:
        column = answers.column(by)
        answers.parts(by)
    except UnknownIdError as error:
        hint = did_you_mean(by, error.known)
        problem = Problem("--by", Message("no column {title!r}{hint}", title=by, hint=hint))
        raise InvalidFileError(file, [problem]) from None
    except InvalidModelError as error:
        raise InvalidFileError(file, error.problems) from None
    return breakdown(answers, column, index, at_least=at_least)


def _check_free(output: str, *, overwrite: bool) -> None:
    from pubservice.errors import InvalidFileError, Problem
    from pubservice.messages import Message

    if Path(output).exists() and not overwrite:
        message = Message("is there already: --overwrite replaces it")
        raise InvalidFileError(output, [Problem("", message)])


def _services(answers: Answers, options: dict[str, Any]) -> Index:
    from pubservice.surveys.satisfaction import satisfaction_indices

    return satisfaction_indices(answers, **options)


def _write(result: Index, output: str, lang: Language) -> None:
    """Write the official table; with several services one below the other, that of all last."""
    from pubservice.io.file import write_text
    from pubservice.surveys.official import official_csv
    from pubservice.surveys.satisfaction import SatisfactionIndex, SatisfactionIndices

    if isinstance(result, SatisfactionIndices):
        tables = [official_csv(index, language=lang, title=name or "-") for name, index in result.services]
        text = "\n".join([*tables, official_csv(result.pooled, language=lang)])
    else:
        assert isinstance(result, SatisfactionIndex)  # no other instrument takes the option
        text = official_csv(result, language=lang)
    write_text(output, text)
