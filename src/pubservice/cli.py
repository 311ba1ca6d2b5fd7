"""The command line: arguments in, functions called, text out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation

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
@click.option(
    "--select", multiple=True, metavar="CODE", help="Only rules whose code begins so; may be repeated."
)
@click.option(
    "--ignore", multiple=True, metavar="CODE", help="Not the rules whose code begins so; may be repeated."
)
@_format
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
        from pubservice.analysis.findings import check
        from pubservice.errors import PubserviceError

        results: list[dict[str, Any]] = []
        found = broken = False
        for file in files:
            try:
                organisation = _read(file, max_bytes)
                findings = check(organisation, select=select or None, ignore=ignore or None)
            except PubserviceError as error:
                click.echo(error.text(lang), err=True)
                broken = True
                continue
            found = found or len(findings) > 0
            results.append(
                {
                    "file": file,
                    "organisation": organisation.id,
                    "findings": [finding.data() for finding in findings],
                    "skipped": [
                        {"code": s.code, "service": s.service, "reason": str(s.reason)}
                        for s in findings.skipped
                    ],
                },
            )
            if style == "text":
                click.echo("\n".join(f"{file}: {line}" for line in findings.text(lang).splitlines()))
        if style == "json":
            _print(results)
        return BAD_INPUT if broken else int(found)

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
