"""The command ``survey``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pubservice.cli.answering import NO_FEE, Answering, survey_options
from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import BAD_INPUT, guarded, print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pubservice.errors import Problem
    from pubservice.messages import Language
    from pubservice.surveys.answers import Answers
    from pubservice.surveys.groups import Index


@click.command("survey")
@click.argument("file")
@click.option(
    "--instrument",
    type=click.Choice(["skm", "skm-2004", "servqual", "servperf", "nps", "csat", "ces"]),
    default="skm",
    show_default=True,
    help="What was asked.",
)
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
        from pubservice.surveys.groups import breakdown
        from pubservice.surveys.reliability import cronbach_alpha

        answering = Answering(instrument=instrument, **told)
        only_skm = {
            "--service": service,
            "--population": population,
            "--no-fee": answering.no_fee,
            "--no-fee-of": answering.no_fee_of,
            "--csv": output,
        }
        problems = answering.problems(several=service is not None)
        if instrument not in NO_FEE:
            problems += _only_skm(option for option, given in only_skm.items() if given)
        if problems:
            raise InvalidModelError(problems)
        if output is not None:
            _check_free(output, overwrite=overwrite)
        answers = answering.read(file, service=service, max_bytes=max_bytes)
        options = answering.options(several=False) | {"seed": seed}
        index = _index(instrument, options)
        if service is not None:
            several = answering.options(several=True) | {"seed": seed, "at_least": at_least}
            result = _services(answers, several | {"population": population})
        elif instrument in NO_FEE:
            result = _index(instrument, options | {"population": population})(answers)
        else:
            result = index(answers)
        groups = None if by is None else breakdown(answers, by, index, at_least=at_least)
        alpha = cronbach_alpha(answers) if reliability else None
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


def _only_skm(options: Iterable[str]) -> Iterator[Problem]:
    """Yield a fault for each option that only the satisfaction survey has."""
    from pubservice.errors import Problem
    from pubservice.messages import Message

    for option in options:
        yield Problem(option, Message("only for the instruments skm and skm-2004"))


def _check_free(output: str, *, overwrite: bool) -> None:
    from pubservice.errors import InvalidFileError, Problem
    from pubservice.messages import Message

    if Path(output).exists() and not overwrite:
        message = Message("is there already: --overwrite replaces it")
        raise InvalidFileError(output, [Problem("", message)])


def _index(instrument: str, options: dict[str, Any]) -> Callable[[Answers], Index]:
    """Return what computes the index of an instrument."""
    from pubservice.surveys.loyalty import customer_effort, customer_satisfaction, net_promoter_score
    from pubservice.surveys.satisfaction import satisfaction_index
    from pubservice.surveys.service_quality import perceived_quality, service_quality

    others: dict[str, Callable[[Answers], Index]] = {
        "servqual": service_quality,
        "servperf": perceived_quality,
        "nps": net_promoter_score,
        "csat": customer_satisfaction,
        "ces": customer_effort,
    }
    return others.get(instrument, lambda answers: satisfaction_index(answers, **options))


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
