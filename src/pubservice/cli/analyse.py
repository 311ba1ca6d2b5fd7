"""The commands that compute: ``analyse``, and ``demo`` on a shipped example."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import BAD_INPUT, guarded, print_json, read_organisation

if TYPE_CHECKING:
    from pubservice.messages import Language
    from pubservice.model.organisation import PublicOrganisation


sensitivity_option = click.option(
    "--sensitivity",
    "moves",
    is_flag=True,
    help="Tell too which bottleneck is of which kind, and what a tenth better of each number buys.",
)


@click.command()
@click.argument("name", default="building-permit")
@sensitivity_option
@format_option
@lang_option
def demo(name: str, style: str, lang: Language, *, moves: bool) -> None:
    """Analyse a shipped example: building-permit, business-licence or civil-registration."""

    def work() -> int:
        from pubservice.io.example import read_example

        _analyse(read_example(name), style, lang, moves=moves)
        return 0

    guarded(lang, work)


def _analyse(organisation: PublicOrganisation, style: str, lang: Language, *, moves: bool = False) -> bool:
    from pubservice.analysis.analyse import analyse

    result = analyse(organisation, moves=moves)
    if style == "json":
        print_json(result.data())
    else:
        click.echo(result.text(lang))
    return any(
        s.processing_time_s is not None or s.cycle_time_s is not None for s in result.performance.services
    )


@click.command("analyse")
@click.argument("file")
@sensitivity_option
@format_option
@lang_option
@max_bytes_option
def analyse_command(file: str, style: str, lang: Language, max_bytes: int | None, *, moves: bool) -> None:
    """Print times, costs, bottlenecks, findings and savings of an organisation; exit 2 if nothing could be computed."""
    guarded(
        lang,
        lambda: 0 if _analyse(read_organisation(file, max_bytes), style, lang, moves=moves) else BAD_INPUT,
    )
