"""The command that plans: ``plan``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import guarded, print_json, read_organisation

if TYPE_CHECKING:
    from pubservice.messages import Language


@click.command("plan")
@click.argument("file")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="TEXT",
    help="What to reach, such as 'counter: 90% within 15 min' or 'utilisation 0.85'; may be repeated.",
)
@click.option(
    "--demand", type=float, default=1.0, show_default=True, help="Times as many cases come as today."
)
@click.option("--years", type=float, default=0.0, show_default=True, help="Years of the stated growth.")
@click.option("--month", default=None, help="The month to plan for, jan to dec; the mean one where left out.")
@click.option(
    "--interval",
    default="1 hour",
    show_default=True,
    help="Into which the open week is cut where demand varies.",
)
@click.option(
    "--shrinkage",
    default="0",
    show_default=True,
    help="The share of paid time that goes to leave and training, such as 0.2.",
)
@click.option(
    "--share",
    default="0.95",
    show_default=True,
    help="Of the cases, that must keep the completion time of a standard.",
)
@click.option(
    "--since", default=None, metavar="DAY", help="The day on whose morning the open cases are open."
)
@click.option("--by", default=None, metavar="DAY", help="The day by whose end they shall be done.")
@format_option
@lang_option
@max_bytes_option
def plan_command(
    file: str,
    style: str,
    lang: Language,
    max_bytes: int | None,
    since: str | None,
    by: str | None,
    **options: Any,
) -> None:
    """Print the least staff that reaches every target, what each target costs, the budget, and when a backlog is cleared."""

    def work() -> int:
        from pubservice.planning.backlog import clear_backlog
        from pubservice.planning.budget import plan_budget
        from pubservice.planning.staffing import staffing

        if by is not None and since is None:
            raise click.UsageError("--by needs --since")
        organisation = read_organisation(file, max_bytes)
        plan = staffing(organisation, **options)
        budgets = plan_budget(plan)
        backlog = None if since is None else clear_backlog(organisation, since=since, by=by)
        if style == "json":
            print_json(
                {
                    "organisation": organisation.id,
                    "plan": plan.data(),
                    "budgets": [budget.data() for budget in budgets],
                    "backlog": None if backlog is None else backlog.data(),
                }
            )
        else:
            parts = [plan.text(lang), *(budget.text(lang) for budget in budgets)]
            click.echo("\n\n".join(parts if backlog is None else [*parts, backlog.text(lang)]))
        return 0

    guarded(lang, work)
