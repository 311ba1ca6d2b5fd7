"""The command line: arguments in, functions called, text out."""

from __future__ import annotations

import click

from pubservice.cli.analyse import analyse_command, demo
from pubservice.cli.burden import burden_command
from pubservice.cli.check import check_command, rules_command
from pubservice.cli.discover import discover
from pubservice.cli.manage import manage_command
from pubservice.cli.plan import plan_command
from pubservice.cli.redesign import redesign_command
from pubservice.cli.schema import schema_command
from pubservice.cli.scorecard import scorecard_command
from pubservice.cli.simulate import simulate_command
from pubservice.cli.standard import standard_command
from pubservice.cli.survey import survey_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pubservice")
def main() -> None:
    """Find what holds a public service up, which steps are redundant, and what removing them saves."""


for command in (
    demo,
    analyse_command,
    check_command,
    redesign_command,
    simulate_command,
    plan_command,
    burden_command,
    survey_command,
    standard_command,
    manage_command,
    scorecard_command,
    discover,
    schema_command,
    rules_command,
):
    main.add_command(command)
