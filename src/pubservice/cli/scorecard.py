"""The command ``scorecard``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from pubservice.cli.answering import Answering, pairs, survey_options
from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import guarded, print_json, read_all, read_log, read_organisation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubservice.messages import Language
    from pubservice.model.measurement import Measurement
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.surveys.satisfaction import SatisfactionIndex


@click.command("scorecard")
@click.argument("file")
@click.option(
    "--measurements", multiple=True, metavar="FILE", help="Measurements in CSV or Parquet; may be repeated."
)
@click.option("--log", default=None, metavar="FILE", help="An event log of the service.")
@click.option("--survey", default=None, metavar="FILE", help="Answers to the satisfaction survey (SKM).")
@click.option("--service", default=None, metavar="ID", help="The service that the log and the survey are of.")
@click.option("--period", default=None, metavar="PERIOD", help="When the survey was held, such as 2026-Q1.")
@click.option(
    "--named",
    multiple=True,
    metavar="NAME=ID",
    help="The service that answers call so, where it is neither its id nor its name; may be repeated.",
)
@survey_options
@click.option(
    "--each",
    type=click.Choice(["month", "quarter", "year"]),
    default="month",
    show_default=True,
    help="Periods of the log.",
)
@click.option(
    "--outcome",
    multiple=True,
    metavar="OUTCOME=ACTIVITY",
    help="A last activity that closes a case, and how; may be repeated. All cases are closed where left out.",
)
@click.option("--case", default=None, help="The column of the case in the log, in CSV and Parquet.")
@click.option("--activity", default=None, help="The column of the activity.")
@click.option("--time", default=None, help="The column of the time an event was complete.")
@click.option("--start", default=None, help="The column of the time it began.")
@format_option
@lang_option
@max_bytes_option
def scorecard_command(
    file: str,
    measurements: tuple[str, ...],
    log: str | None,
    survey: str | None,
    service: str | None,
    period: str | None,
    named: tuple[str, ...],
    no_fee: bool,
    no_fee_of: tuple[str, ...],
    weights: str,
    invalid: Any,
    missing: tuple[str, ...],
    columns: tuple[str, ...],
    each: Any,
    outcome: tuple[str, ...],
    style: str,
    lang: Language,
    max_bytes: int | None,
    **log_columns: str | None,
) -> None:
    """Print what is promised, modelled and measured side by side; exit 1 if a promise is missed in its last period."""

    def work() -> int:
        from pubservice.errors import InvalidModelError
        from pubservice.management.measures import measure
        from pubservice.management.scorecard import scorecard

        answering = Answering(
            no_fee=no_fee,
            no_fee_of=no_fee_of,
            weights=weights,
            invalid=invalid,
            missing=missing,
            columns=columns,
        )
        outcomes, wrong = pairs("--outcome", outcome, "granted=Decide")
        ids, wrong_names = pairs("--named", named, "KTP=identity-card")
        problems = [
            *_missing(log, survey, service, period),
            *answering.problems(several=service is None),
            *wrong,
            *wrong_names,
        ]
        if problems:
            raise InvalidModelError(problems)
        organisation = read_organisation(file, max_bytes)
        found = read_all(measurements, organisation, max_bytes)
        if log is not None and service is not None:
            organisation.service(service)
            found += measure(
                read_log(log, log_columns),
                organisation,
                service,
                each=each,
                outcomes=outcomes or None,
                source=log,
            )
        if survey is not None and period is not None:
            found += _of_survey(survey, organisation, service, period, answering, ids)
        result = scorecard(organisation, found)
        if style == "json":
            print_json({"pubservice": 1, **result.data()})
        else:
            click.echo(result.text(lang))
        return int(bool(result.missed))

    guarded(lang, work)


def _missing(log: str | None, survey: str | None, service: str | None, period: str | None) -> Iterator[Any]:
    """Yield the options that others ask for."""
    from pubservice.errors import Problem
    from pubservice.messages import Message

    if log is not None and service is None:
        yield Problem("--service", Message("expected the id of the service that the log is of, got nothing"))
    if survey is not None and period is None:
        yield Problem("--period", Message("expected the period of the survey, such as 2026-Q1, got nothing"))


def _of_survey(
    survey: str,
    organisation: PublicOrganisation,
    service: str | None,
    period: str,
    answering: Answering,
    named: dict[str, list[str]],
) -> list[Measurement]:
    """Return the index of a survey: of the service that is named, else of each that answers name, else of all."""
    from pubservice.management.satisfaction import satisfaction_measurement
    from pubservice.surveys.satisfaction import satisfaction_index, satisfaction_indices

    each: list[tuple[str | None, SatisfactionIndex]]
    answers = answering.read(survey)
    if service is not None:
        organisation.service(service)
    if service is None and "service" in answers.about:
        indices = satisfaction_indices(answers, **answering.options(several=True))
        ids = {**_ids(organisation), **{name: _known(organisation, found) for name, found in named.items()}}
        each = [(ids.get(name, name), index) for name, index in indices.services if name is not None]
        _check_once([name for name, _ in each if name is not None])
        each.append((None, indices.pooled))
    else:
        each = [(service, satisfaction_index(answers, **answering.options(several=False)))]
    return [
        satisfaction_measurement(index, period=period, service=name, source=survey) for name, index in each
    ]


def _check_once(ids: list[str]) -> None:
    """Refuse two names in the answers that are one service: their answers would have to be one."""
    from pubservice.errors import InvalidModelError, Problem
    from pubservice.messages import Message

    problems = [
        Problem(
            "--survey", Message("two names in the answers are the service {id!r}: write them alike", id=id)
        )
        for id, times in Counter(ids).items()
        if times > 1
    ]
    if problems:
        raise InvalidModelError(problems)


def _ids(organisation: PublicOrganisation) -> dict[str, str]:
    """Return the ids of services by their names in any language."""
    return {
        name: service.id for service in organisation.services for _, name in service.name.translations if name
    }


def _known(organisation: PublicOrganisation, ids: list[str]) -> str:
    return organisation.service(ids[-1]).id
