"""The command line: arguments in, functions called, text out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubservice.analysis.findings import Findings
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation
    from pubservice.redesigns.proposal import Goal

BAD_INPUT = 2

_format = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How results are printed.",
)
_lang = click.option(
    "--lang",
    type=click.Choice(["en", "id"]),
    default="en",
    show_default=True,
    help="The language of results and errors.",
)
_select = click.option(
    "--select", multiple=True, metavar="CODE", help="Only rules whose code begins so; may be repeated."
)
_ignore = click.option(
    "--ignore", multiple=True, metavar="CODE", help="Not the rules whose code begins so; may be repeated."
)
_max_bytes = click.option(
    "--max-bytes", type=click.IntRange(min=1), default=None, help="Larger files are refused."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pubservice")
def main() -> None:
    """Find what holds a public service up, which steps are redundant, and what removing them saves."""


def _guarded(lang: Language, work: Callable[[], int]) -> None:
    """Run a command; say what is wrong with its input on standard error, with exit code 2."""
    from pubservice.errors import PubserviceError

    try:
        code = work()
    except PubserviceError as error:
        click.echo(error.text(lang), err=True)
        code = BAD_INPUT
    sys.exit(code)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def _read(file: str, max_bytes: int | None) -> PublicOrganisation:
    from pubservice.io.json import read_json
    from pubservice.io.yaml import MAX_BYTES, read_yaml

    read = read_json if file.lower().endswith(".json") else read_yaml
    return read(file, max_bytes=max_bytes or MAX_BYTES)


@main.command()
@click.argument("name", default="building-permit")
@_format
@_lang
def demo(name: str, style: str, lang: Language) -> None:
    """Analyse a shipped example: building-permit, business-licence or civil-registration."""

    def work() -> int:
        from pubservice.io.example import read_example

        _analyse(read_example(name), style, lang)
        return 0

    _guarded(lang, work)


def _analyse(organisation: PublicOrganisation, style: str, lang: Language) -> bool:
    from pubservice.analysis.analyse import analyse

    result = analyse(organisation)
    if style == "json":
        _print(result.data())
    else:
        click.echo(result.text(lang))
    return any(
        s.processing_time_s is not None or s.cycle_time_s is not None for s in result.performance.services
    )


@main.command("analyse")
@click.argument("file")
@_format
@_lang
@_max_bytes
def analyse_command(file: str, style: str, lang: Language, max_bytes: int | None) -> None:
    """Print times, costs, bottlenecks, findings and savings of an organisation; exit 2 if nothing could be computed."""
    _guarded(lang, lambda: 0 if _analyse(_read(file, max_bytes), style, lang) else BAD_INPUT)


@main.command("check")
@click.argument("files", nargs=-1, required=True)
@_select
@_ignore
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How findings are printed; sarif for code scanning, github for annotations of a change.",
)
@_lang
@_max_bytes
def check_command(
    files: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    style: str,
    lang: Language,
    max_bytes: int | None,
) -> None:
    """Print what the rules find in organisations; exit 1 if they find anything."""

    def work() -> int:
        from pubservice.errors import PubserviceError
        from pubservice.io.annotations import Checked, github, sarif
        from pubservice.io.yaml import MAX_BYTES

        bound = max_bytes or MAX_BYTES
        checked: list[Checked] = []
        broken = False
        for file in files:
            try:
                organisation = _read(file, max_bytes)
                findings = _check(file, organisation, select, ignore, bound)
            except PubserviceError as error:
                click.echo(error.text(lang), err=True)
                broken = True
                continue
            checked.append(Checked(file, organisation, findings))
            if style == "text":
                click.echo("\n".join(f"{file}: {line}" for line in findings.text(lang).splitlines()))
        if style == "json":
            _print(
                [{"file": c.file, "organisation": c.organisation.id, **c.findings.data()} for c in checked]
            )
        elif style == "sarif":
            _print(sarif(checked, language=lang, max_bytes=bound))
        elif style == "github":
            click.echo(github(checked, language=lang, max_bytes=bound))
        return BAD_INPUT if broken else int(any(len(c.findings) for c in checked))

    _guarded(lang, work)


def _check(
    file: str,
    organisation: PublicOrganisation,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    max_bytes: int,
) -> Findings:
    """Return findings; what is wrong with what a file says to ignore is told with its line."""
    from pubservice.analysis.findings import check
    from pubservice.errors import InvalidFileError, InvalidModelError
    from pubservice.io.annotations import lines
    from pubservice.io.place import place_of

    try:
        return check(organisation, select=select or None, ignore=ignore or None)
    except InvalidModelError as error:
        places = {problem: place_of(problem.path) for problem in error.problems}
        found = lines(file, places.values(), max_bytes=max_bytes)
        problems = [problem._replace(line=found.get(place)) for problem, place in places.items()]
        raise InvalidFileError(file, problems) from None


@main.command("redesign")
@click.argument("file")
@_select
@_ignore
@click.option(
    "--goal",
    type=click.Choice(["cycle_time", "cost", "applicant_time", "flexibility"]),
    default=None,
    help="Search the combination of remedies that is best for this; without it all remedies are applied.",
)
@click.option("--at-most", type=click.IntRange(min=1), default=None, help="So many remedies, with --goal.")
@click.option(
    "--plan",
    type=click.IntRange(min=1),
    default=None,
    help="Which plan of the search; the best where left out.",
)
@click.option(
    "-o", "--output", default=None, help="Write the redesigned organisation to this YAML or JSON file."
)
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@_format
@_lang
@_max_bytes
def redesign_command(
    file: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    goal: Goal | None,
    at_most: int | None,
    plan: int | None,
    output: str | None,
    overwrite: bool,
    style: str,
    lang: Language,
    max_bytes: int | None,
) -> None:
    """Apply remedies, prove that nothing is lost, and print what changes, before and after."""

    def work() -> int:
        from pubservice.errors import InvalidFileError, Problem
        from pubservice.io.json import write_json
        from pubservice.io.yaml import MAX_BYTES, write_yaml
        from pubservice.messages import Message
        from pubservice.redesigns.redesign import redesign_for

        if output is not None and Path(output).exists() and not overwrite:
            message = Message("is there already: --overwrite replaces it")
            raise InvalidFileError(output, [Problem("", message)])
        before = _read(file, max_bytes)
        findings = _check(file, before, select, ignore, max_bytes or MAX_BYTES)
        result = redesign_for(before, findings, goal=goal, at_most=at_most, plan=plan)
        if style == "json":
            _print(result.data())
        else:
            click.echo(result.text(lang))
        if output is not None:
            (write_json if output.lower().endswith(".json") else write_yaml)(result.after, output)
        return 0

    _guarded(lang, work)


@main.command()
@click.argument("log")
@click.option("-o", "--output", default=None, help="Write the organisation to this YAML or JSON file.")
@click.option("--case", default=None, help="The column of the case, in CSV and Parquet.")
@click.option("--activity", default=None, help="The column of the activity.")
@click.option("--time", default=None, help="The column of the time an event was complete.")
@click.option("--start", default=None, help="The column of the time it began.")
@click.option("--resource", default=None, help="The column of who did it.")
@_lang
def discover(log: str, output: str | None, lang: Language, **columns: str | None) -> None:
    """Print the measured organisation behind an event log (CSV or XES, plain or gzipped, or Parquet) as YAML."""

    def work() -> int:
        from pubservice.analysis.discovery import discover as discover_
        from pubservice.io.json import write_json
        from pubservice.io.yaml import to_yaml, write_yaml

        organisation = discover_(_read_log(log, columns))
        if output is None:
            click.echo(to_yaml(organisation), nl=False)
        else:
            (write_json if output.lower().endswith(".json") else write_yaml)(organisation, output)
        return 0

    _guarded(lang, work)


def _read_log(log: str, columns: dict[str, str | None]) -> Any:
    name = Path(log).name.lower().removesuffix(".gz")
    if name.endswith(".xes"):
        from pubservice.io.xes import read_xes

        return read_xes(log)
    given: dict[str, Any] = {key: value for key, value in columns.items() if value is not None}
    if name.endswith(".parquet"):
        from pubservice.io.parquet import read_parquet

        return read_parquet(log, **given)
    from pubservice.io.csv import read_csv

    return read_csv(log, **given)


@main.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the file format, for editors that complete and check."""
    from pubservice.io.schema import schema

    _print(schema())


@main.command("rules")
@click.argument("code", required=False)
@_format
@_lang
def rules_command(code: str | None, style: str, lang: Language) -> None:
    """List the rules, or print the page of one."""

    def work() -> int:
        from pubservice.analysis.findings import find_rule, rules
        from pubservice.messages import translate

        chosen = rules() if code is None else (find_rule(code),)
        if style == "json":
            _print([{"code": r.code, "name": r.name, "title": r.title, "page": r.text(lang)} for r in chosen])
        elif code is None:
            click.echo("\n".join(f"{r.code}  {r.name:24}{translate(r.title, lang)}" for r in chosen))
        else:
            click.echo(chosen[0].text(lang))
        return 0

    _guarded(lang, work)
