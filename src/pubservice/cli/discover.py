"""The command ``discover``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pubservice.cli.options import lang_option, max_bytes_option
from pubservice.cli.running import guarded, read_log

if TYPE_CHECKING:
    from pubservice.messages import Language


@click.command()
@click.argument("log")
@click.option("-o", "--output", default=None, help="Write the organisation to this YAML or JSON file.")
@click.option("--case", default=None, help="The column of the case, in CSV and Parquet.")
@click.option("--activity", default=None, help="The column of the activity.")
@click.option("--time", default=None, help="The column of the time an event was complete.")
@click.option("--start", default=None, help="The column of the time it began.")
@click.option("--resource", default=None, help="The column of who did it.")
@click.option("--group", default=None, help="The column of the group they belong to.")
@click.option("--lifecycle", default=None, help="The column that says start or complete of one event.")
@click.option(
    "--separator", default=None, help="Between columns of CSV; found in the first line where left out."
)
@click.option("--time-zone", default=None, help="Of times without an offset, such as Asia/Jakarta; else UTC.")
@lang_option
@max_bytes_option
def discover(log: str, output: str | None, lang: Language, **options: str | int | None) -> None:
    """Print the measured organisation behind an event log (CSV or XES, plain or gzipped, or Parquet) as YAML."""

    def work() -> int:
        from pubservice.analysis.discovery import discover as discover_
        from pubservice.io.json import write_json
        from pubservice.io.yaml import to_yaml, write_yaml

        organisation = discover_(read_log(log, options))
        if output is None:
            click.echo(to_yaml(organisation), nl=False)
        else:
            (write_json if output.lower().endswith(".json") else write_yaml)(organisation, output)
        return 0

    guarded(lang, work)
