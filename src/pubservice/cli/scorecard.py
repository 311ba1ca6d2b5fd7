"""The command ``scorecard``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from pubservice.cli.answering import Answering, pairs, survey_options
from pubservice.cli.options import format_option, is_given, lang_option, max_bytes_option
from pubservice.cli.running import guarded, print_json, read_all, read_log, read_organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubservice.errors import Problem
    from pubservice.messages import Language
    from pubservice.model.measurement import Measurement
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.surveys.answers import Answers


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
        idle = {
            "--outcome": outcome and log is None,
            "--period": period is not None and survey is None,
            "--service": service is not None and log is None and survey is None,
            "--no-fee": no_fee and survey is None,
            "--no-fee-of": no_fee_of and survey is None,
            "--named": named and survey is None,
            "--missing": missing and survey is None,
            "--columns": columns and survey is None,
            "--weights": is_given("weights") and survey is None,
            "--invalid": is_given("invalid") and survey is None,
        }
        problems = [
            *_idle(option for option, given in idle.items() if given),
            *_missing(log, survey, service, period),
            *answering.problems(several=True),
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


def _idle(options: Iterable[str]) -> Iterator[Problem]:
    """Yield the options that nothing given has a use for."""
    from pubservice.errors import Problem
    from pubservice.messages import Message

    for option in options:
        asks = "--log" if option in ("--outcome", "--service") else "--survey"
        yield Problem(option, Message("needs {option}", option=asks))


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
    """Return the index of a survey: of each service that answers name, or of one; else of all respondents."""
    from pubservice.management.satisfaction import kept_back_measurement, satisfaction_measurement
    from pubservice.surveys.satisfaction import satisfaction_index, satisfaction_indices

    answers = answering.read(survey)
    if service is not None:
        organisation.service(service)
    _check_period(survey, answers, period)
    if "service" not in answers.about:
        _refuse(answering.problems(several=False))
        index = satisfaction_index(answers, **answering.options(several=False))
        return [satisfaction_measurement(index, period=period, service=service, source=survey)]
    indices = satisfaction_indices(answers, **answering.options(several=True))
    ids = {**_ids(organisation), **{name: _known(organisation, found) for name, found in named.items()}}
    each = {name: ids.get(name, name) for name, _ in indices.services if name is not None}
    hidden = {name: ids.get(name, name) for name in indices.hidden if name is not None}
    _check_ids(survey, organisation, [*each.values(), *hidden.values()], service)
    found = [
        satisfaction_measurement(index, period=period, service=each[name], source=survey)
        for name, index in indices.services
        if name is not None and service in (None, each[name])
    ]
    found += [
        kept_back_measurement(indices.at_least, period=period, service=id, source=survey)
        for id in hidden.values()
        if service in (None, id)
    ]
    if service is None:
        found.append(satisfaction_measurement(indices.pooled, period=period, source=survey))
    return found


def _refuse(problems: Iterable[Problem]) -> None:
    from pubservice.errors import InvalidModelError

    found = list(problems)
    if found:
        raise InvalidModelError(found)


def _check_period(survey: str, answers: Answers, wanted: str) -> None:
    """Refuse answers of another period than is said."""
    from pubservice.errors import InvalidFileError, InvalidModelError, Problem
    from pubservice.messages import Message
    from pubservice.model.period import period

    of, column = period(wanted), answers.about.get("period")
    if column is None:
        return
    said = [
        value for value in answers.frame.get_column(column).unique().sort().to_list() if value is not None
    ]
    others = []
    for value in said:
        try:
            if not of.contains(period(value)):
                others.append(value)
        except InvalidModelError:  # in words of its own: alone it may be any
            if len(said) > 1:
                others.append(value)
    if others:
        message = Message(
            "expected answers of {period}, got {values} too", period=wanted, values=", ".join(others[:5])
        )
        raise InvalidFileError(survey, [Problem(column, message)])


def _check_ids(survey: str, organisation: PublicOrganisation, ids: list[str], service: str | None) -> None:
    """Refuse answers of services that are unknown, called by two names, or all of others than is said."""
    from pubservice.errors import InvalidFileError, Problem
    from pubservice.messages import Message, did_you_mean

    known = {each.id for each in organisation.services}
    problems = [
        Problem(
            "",
            Message("no service {id!r}{hint}: --named says which it is", id=id, hint=did_you_mean(id, known)),
        )
        for id in dict.fromkeys(ids)
        if id not in known
    ]
    problems += [
        Problem("", Message("two names in the answers are the service {id!r}: write them alike", id=id))
        for id, times in Counter(ids).items()
        if times > 1
    ]
    if service is not None and service not in ids:
        message = Message("no answer is of {id!r}; they are of {others}", id=service, others=", ".join(ids))
        problems.append(Problem("", message))
    if problems:
        raise InvalidFileError(survey, problems)


def _ids(organisation: PublicOrganisation) -> dict[str, str]:
    """Return the ids of services by their names in any language."""
    return {
        name: service.id for service in organisation.services for _, name in service.name.translations if name
    }


def _known(organisation: PublicOrganisation, ids: list[str]) -> str:
    return organisation.service(ids[-1]).id
