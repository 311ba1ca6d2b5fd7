"""The command ``schema``."""

from __future__ import annotations

import click

from pubservice.cli.running import print_json


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the file format, for editors that complete and check."""
    from pubservice.io.schema import schema

    print_json(schema())
