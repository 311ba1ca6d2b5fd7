"""The command of the organisation: ``manage``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pubservice.cli.answering import pairs
from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import guarded, print_json, read_all, read_organisation

if TYPE_CHECKING:
    from pubservice.messages import Language

_ANSWERS = {"yes": True, "no": False}


def _answers(given: tuple[str, ...]) -> dict[str, bool]:
    """Return answers to questions of the triangle, from texts such as ``leadership=yes``; each question once."""
    from pubservice.errors import InvalidModelError, Problem
    from pubservice.messages import Message

    found, problems = pairs("--answer", given, "leadership=yes")
    for question, answers in found.items():
        if len(answers) > 1:
            message = Message("{question!r} is answered more than once", question=question)
            problems.append(Problem("--answer", message))
        elif answers[0] not in _ANSWERS:
            message = Message(
                "expected a text such as {example}, got {value!r}",
                example=f"{question}=yes",
                value=f"{question}={answers[0]}",
            )
            problems.append(Problem("--answer", message))
    if problems:
        raise InvalidModelError(problems)
    return {question: _ANSWERS[answer] for question, (answer,) in found.items()}


@click.command("manage")
@click.argument("file")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=yes|no",
    help="An answer to a question of the service triangle that the model leaves open; may be repeated.",
)
@click.option(
    "--measurements",
    multiple=True,
    metavar="FILE",
    help="Measurements in CSV or Parquet, to stand beside the targets; may be repeated.",
)
@format_option
@lang_option
@max_bytes_option
def manage_command(
    file: str,
    answers: tuple[str, ...],
    measurements: tuple[str, ...],
    style: str,
    lang: Language,
    max_bytes: int | None,
) -> None:
    """Print how an organisation is managed: plan, service triangle and the twelve principles."""

    def work() -> int:
        from pubservice.management.plan import management_plan
        from pubservice.management.principles import check_principles
        from pubservice.management.triangle import service_triangle

        given = _answers(answers)
        organisation = read_organisation(file, max_bytes)
        card = None
        if measurements:
            from pubservice.management.scorecard import scorecard

            card = scorecard(organisation, read_all(measurements, organisation, max_bytes))
        plan = management_plan(organisation, scorecard=card)
        triangle = service_triangle(organisation, answers=given)
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
