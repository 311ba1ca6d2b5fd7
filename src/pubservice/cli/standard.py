"""The command of the service standard: ``standard``, which also writes the public notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pubservice.cli.options import lang_option, max_bytes_option
from pubservice.cli.running import guarded, print_json, read_organisation

if TYPE_CHECKING:
    from datetime import datetime

    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation


@click.command("standard")
@click.argument("file")
@click.option("--notice", type=click.Choice(["id", "en"]), help="Write the public notice in this language.")
@click.option("--service", "services", multiple=True, metavar="ID", help="Only this one; may be repeated.")
@click.option("--place", help="Of the notice: where it is signed.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Of the notice: when it is signed.")
@click.option("--signatory", help="Of the notice: who signs it.")
@click.option("--position", help="Of the notice: in which office.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How it is printed; markdown for the notice alone.",
)
@lang_option
@max_bytes_option
def standard_command(
    file: str,
    notice: Language | None,
    services: tuple[str, ...],
    place: str | None,
    date: datetime | None,
    signatory: str | None,
    position: str | None,
    style: str,
    lang: Language,
    max_bytes: int | None,
) -> None:
    """Print how complete the standards of services are and whether their promises can be kept, or the public notice."""
    if notice is None and style == "markdown":
        raise click.UsageError("--format markdown is for the notice: add --notice id or --notice en")

    def work() -> int:
        organisation = read_organisation(file, max_bytes)
        if notice is None:
            _print_standards(organisation, services, style, lang)
            return 0
        from pubservice.management.notice import public_notice

        written = public_notice(
            organisation,
            services=services or None,
            place=place,
            date=None if date is None else date.date(),
            signatory=signatory,
            position=position,
        )
        if style == "json":
            print_json(written.data(notice))
        else:
            click.echo(written.markdown(notice) if style == "markdown" else written.text(notice))
        return 0

    guarded(lang, work)


def _print_standards(
    organisation: PublicOrganisation, services: tuple[str, ...], style: str, lang: Language
) -> None:
    import attrs

    from pubservice.management.standard import check_standards

    found = check_standards(organisation)
    if services:
        found = attrs.evolve(found, services=tuple(found.service(id) for id in services))
    if style == "json":
        print_json(found.data())
    else:
        click.echo(found.text(lang))
