"""The command ``burden``: what services cost those served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import guarded, print_json, read_organisation

if TYPE_CHECKING:
    from pubservice.messages import Language


@click.command("burden")
@click.argument("file")
@click.option("--service", default=None, metavar="ID", help="Only this service.")
@click.option(
    "--tariff",
    default=None,
    metavar="MONEY/TIME",
    help="What the applicant's time is worth, such as '50000 IDR/hour'; else as the file says.",
)
@format_option
@lang_option
@max_bytes_option
def burden_command(
    file: str,
    service: str | None,
    tariff: str | None,
    style: str,
    lang: Language,
    max_bytes: int | None,
) -> None:
    """Print what services cost applicants: their way through it, administrative cost, and frictions by type."""

    def work() -> int:
        from pubservice.management.burden import burden

        result = burden(read_organisation(file, max_bytes), service=service, tariff=tariff)
        if style == "json":
            print_json(result.data())
        else:
            click.echo(result.text(lang))
        return 0

    guarded(lang, work)
