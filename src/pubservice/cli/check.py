"""The commands of the rules: ``check`` and ``rules``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pubservice.cli.options import format_option, ignore_option, lang_option, max_bytes_option, select_option
from pubservice.cli.running import BAD_INPUT, findings_of, guarded, print_json, read_organisation

if TYPE_CHECKING:
    from pubservice.messages import Language


@click.command("check")
@click.argument("files", nargs=-1, required=True)
@select_option
@ignore_option
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How findings are printed; sarif for code scanning, github for annotations of a change.",
)
@lang_option
@max_bytes_option
def check_command(
    files: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    style: str,
    lang: Language,
    max_bytes: int | None,
) -> None:
    """Print what the rules find in organisations; exit 1 if they find anything, 2 if a file or a rule fails."""

    def work() -> int:
        from pubservice.errors import PubserviceError
        from pubservice.io.annotations import Checked, github, sarif
        from pubservice.io.yaml import MAX_BYTES

        bound = max_bytes or MAX_BYTES
        checked: list[Checked] = []
        broken = False
        for file in files:
            try:
                organisation = read_organisation(file, max_bytes)
                findings = findings_of(file, organisation, select, ignore, bound)
            except PubserviceError as error:
                click.echo(error.text(lang), err=True)
                broken = True
                continue
            checked.append(Checked(file, organisation, findings))
            if style == "text":
                click.echo("\n".join(f"{file}: {line}" for line in findings.text(lang).splitlines()))
        if style == "json":
            print_json(
                [{"file": c.file, "organisation": c.organisation.id, **c.findings.data()} for c in checked]
            )
        elif style == "sarif":
            print_json(sarif(checked, language=lang, max_bytes=bound))
        elif style == "github":
            click.echo(github(checked, language=lang, max_bytes=bound))
        if broken or any(skipped.failed for c in checked for skipped in c.findings.skipped):
            return BAD_INPUT
        return int(any(len(c.findings) for c in checked))

    guarded(lang, work)


@click.command("rules")
@click.argument("code", required=False)
@format_option
@lang_option
def rules_command(code: str | None, style: str, lang: Language) -> None:
    """List the rules, or print the page of one."""

    def work() -> int:
        from pubservice.analysis.register import find_rule, rules
        from pubservice.messages import translate

        chosen = rules() if code is None else (find_rule(code),)
        if style == "json":
            print_json(
                [{"code": r.code, "name": r.name, "title": r.title, "page": r.text(lang)} for r in chosen]
            )
        elif code is None:
            click.echo("\n".join(f"{r.code}  {r.name:24}{translate(r.title, lang)}" for r in chosen))
        else:
            click.echo(chosen[0].text(lang))
        return 0

    guarded(lang, work)
