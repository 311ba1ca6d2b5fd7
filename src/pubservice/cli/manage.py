"""The command of the organisation: ``manage``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import guarded, print_json, read_organisation

if TYPE_CHECKING:
    from pubservice.messages import Language

_ANSWERS = {"yes": True, "no": False}


def _answers(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, bool]:
    """Return answers to questions of the triangle, from texts such as ``leadership=yes``."""
    found = {}
    for text in given:
        question, _sign, answer = text.partition("=")
        if answer not in _ANSWERS:
            raise click.BadParameter(f"expected an answer such as leadership=yes, got {text!r}")
        found[question] = _ANSWERS[answer]
    return found


@click.command("manage")
@click.argument("file")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    callback=_answers,
    metavar="QUESTION=yes|no",
    help="An answer to a question of the service triangle that the model leaves open; may be repeated.",
)
@format_option
@lang_option
@max_bytes_option
def manage_command(
    file: str, answers: dict[str, bool], style: str, lang: Language, max_bytes: int | None
) -> None:
    """Print how an organisation is managed: plan, service triangle and the twelve principles."""

    def work() -> int:
        from pubservice.management.plan import management_plan
        from pubservice.management.principles import check_principles
        from pubservice.management.triangle import service_triangle

        organisation = read_organisation(file, max_bytes)
        plan = management_plan(organisation)
        triangle = service_triangle(organisation, answers=answers)
        principles = check_principles(organisation)
        if style == "json":
            print_json(
                {
                    "organisation": organisation.id,
                    "plan": plan.data(),
                    "triangle": triangle.data(),
                    "principles": principles.data(),
                }
            )
        else:
            click.echo("\n\n".join(part.text(lang) for part in (plan, triangle, principles)))
        return 0

    guarded(lang, work)
