"""The command ``redesign``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pubservice.cli.options import format_option, ignore_option, lang_option, max_bytes_option, select_option
from pubservice.cli.running import findings_of, guarded, print_json, read_organisation

if TYPE_CHECKING:
    from pubservice.messages import Language
    from pubservice.redesigns.proposal import Goal


@click.command("redesign")
@click.argument("file")
@select_option
@ignore_option
@click.option(
    "--goal",
    type=click.Choice(["cycle_time", "cost", "applicant_time", "flexibility"]),
    default=None,
    help="Search the combination of remedies that is best for this; without it all remedies are applied.",
)
@click.option("--at-most", type=click.IntRange(min=1), default=None, help="So many remedies; takes --goal.")
@click.option(
    "--plan",
    type=click.IntRange(min=1),
    default=None,
    help="Which plan of the search, the best where left out; takes --goal.",
)
@click.option(
    "-o", "--output", default=None, help="Write the redesigned organisation to this YAML or JSON file."
)
@click.option(
    "--simulate",
    "horizon",
    default=None,
    metavar="HORIZON",
    help="Simulate the redesign beside today, so long as '1 year', and print what is saved with intervals; with --goal "
    "and no --plan all plans of the search, at most ten.",
)
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@format_option
@lang_option
@max_bytes_option
def redesign_command(
    file: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    goal: Goal | None,
    at_most: int | None,
    plan: int | None,
    output: str | None,
    horizon: str | None,
    overwrite: bool,
    style: str,
    lang: Language,
    max_bytes: int | None,
) -> None:
    """Apply remedies, prove that nothing is lost, and print what changes, before and after."""

    def work() -> int:
        from pubservice.errors import InvalidEditError, InvalidFileError, Problem
        from pubservice.io.json import write_json
        from pubservice.io.yaml import MAX_BYTES, write_yaml
        from pubservice.messages import Message, translate
        from pubservice.redesigns.redesign import redesign_for

        if goal is None and (plan is not None or at_most is not None):
            raise InvalidEditError(
                Message("--plan and --at-most choose among what a search finds: give --goal")
            )
        if output is not None and Path(output).exists() and not overwrite:
            message = Message("is there already: --overwrite replaces it")
            raise InvalidFileError(output, [Problem("", message)])
        before = read_organisation(file, max_bytes)
        findings = findings_of(file, before, select, ignore, max_bytes or MAX_BYTES)
        result = redesign_for(before, findings, goal=goal, at_most=at_most, plan=plan)
        data, text = result.data(), result.text(lang)
        if horizon is not None:
            from pubservice.redesigns.simulated import simulated

            searched = result.plans if plan is None else None
            saved = simulated(before, searched or result.after, horizon=horizon)
            data |= {"simulated": saved.data()}
            text += f"\n\n{translate('computed and simulated', lang)}:\n{saved.text(lang)}"
        if style == "json":
            print_json(data)
        else:
            click.echo(text)
        if output is not None:
            (write_json if output.lower().endswith(".json") else write_yaml)(result.after, output)
        return 0

    guarded(lang, work)
