"""Options that several commands have."""

from __future__ import annotations

import click

format_option = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How results are printed.",
)
lang_option = click.option(
    "--lang",
    type=click.Choice(["en", "id"]),
    default="en",
    show_default=True,
    help="The language of results and errors.",
)
select_option = click.option(
    "--select", multiple=True, metavar="CODE", help="Only rules whose code begins so; may be repeated."
)
ignore_option = click.option(
    "--ignore", multiple=True, metavar="CODE", help="Not the rules whose code begins so; may be repeated."
)
max_bytes_option = click.option(
    "--max-bytes", type=click.IntRange(min=1), default=None, help="Larger files are refused."
)


def is_given(parameter: str) -> bool:
    """Return whether an option of the command that runs was written, even if only its default."""
    source = click.get_current_context().get_parameter_source(parameter)
    return source is not None and source is not click.core.ParameterSource.DEFAULT
