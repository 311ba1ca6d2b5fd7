"""What a command was told of an instrument, and what scores it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from pubservice.cli.answering import NO_FEE, pairs
from pubservice.errors import Problem
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pubservice.surveys.answers import Answers
    from pubservice.surveys.groups import Index
    from pubservice.surveys.instrument import Instrument
    from pubservice.surveys.reliability import Reliability

OWN = "own"
_SCALE = re.compile(r"(\d{1,3})-(\d{1,3})")

_OPTIONS = (
    click.option(
        "--instrument",
        type=click.Choice(["skm", "skm-2004", "servqual", "servperf", "nps", "csat", "ces", OWN]),
        default="skm",
        show_default=True,
        help="What was asked; own for the questions that --columns names, on the scale that --scale says.",
    ),
    click.option("--scale", default=None, metavar="LOW-HIGH", help="Of questions of your own, such as 1-10."),
    click.option(
        "--reversed",
        "turned",
        multiple=True,
        metavar="NUMBER",
        help="A statement of servqual or servperf that was worded negatively; 1988 for all of that version; may be repeated.",
    ),
    click.option(
        "--dimension-weight",
        "weighted",
        multiple=True,
        metavar="DIMENSION=NUMBER",
        help="Of servqual, for each of the five dimensions; they sum to 100 or to 1.",
    ),
)


def instrument_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what was asked."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def own_instrument(scale: str | None, columns: Iterable[str]) -> tuple[Instrument | None, list[Problem]]:
    """
    Return an instrument of the questions that columns are named for, or what is wrong with that.

    Args:
        scale: A text such as ``1-10``.
        columns: Texts such as ``happiness=Q1``.
    """
    from pubservice.surveys.columns import ABOUT
    from pubservice.surveys.instrument import Instrument

    problems = []
    bounds = _SCALE.fullmatch(scale or "")
    items = [item for item in pairs("--columns", columns, "fee=Q4")[0] if item not in ABOUT]
    if bounds is None:
        problems.append(
            Problem("--scale", Message("expected a scale such as 1-10, got {value!r}", value=scale))
        )
    if not items:
        message = Message("expected the questions and their columns, such as happiness=Q1, got none")
        problems.append(Problem("--columns", message))
    if bounds is None or problems:
        return None, problems
    return Instrument(OWN, items=items, low=int(bounds[1]), high=int(bounds[2])), []


def quality_options(turned: Iterable[str], weighted: Iterable[str]) -> tuple[dict[str, Any], list[Problem]]:
    """
    Return the options of a score of quality, and what is wrong with them.

    Args:
        turned: Numbers of statements that were worded negatively, or ``1988``.
        weighted: Texts such as ``empathy=16``.
    """
    from pubservice.surveys.service_quality import NEGATIVE_1988

    numbers: list[int] = []
    weights, problems = pairs("--dimension-weight", weighted, "empathy=16")
    for text in turned:
        if text == "1988":
            numbers += NEGATIVE_1988
        elif text.isdecimal() and 1 <= int(text) <= 22:
            numbers.append(int(text))
        else:
            message = Message("expected the number of a statement, 1 to 22, got {value!r}", value=text)
            problems.append(Problem("--reversed", message))
    problems += [
        Problem("--dimension-weight", Message("{item!r} is named twice", item=dimension))
        for dimension, values in weights.items()
        if len(values) > 1
    ]
    found: dict[str, Any] = {"reversed_items": tuple(dict.fromkeys(numbers))}
    if weights:
        found["weights"] = {dimension: values[0] for dimension, values in weights.items()}
    return found, problems


def index_of(instrument: str, options: dict[str, Any], quality: dict[str, Any]) -> Callable[[Answers], Index]:
    """
    Return what computes the index of an instrument.

    Args:
        instrument: Its id.
        options: Of the satisfaction index.
        quality: Of the score of quality.
    """
    from pubservice.surveys.loyalty import customer_effort, customer_satisfaction, net_promoter_score
    from pubservice.surveys.satisfaction import satisfaction_index
    from pubservice.surveys.scaled_means import scaled_means
    from pubservice.surveys.service_quality import perceived_quality, service_quality

    if instrument in NO_FEE:
        return lambda answers: satisfaction_index(answers, **options)
    others: dict[str, Callable[[Answers], Index]] = {
        "servqual": lambda answers: service_quality(answers, **quality),
        "servperf": lambda answers: perceived_quality(answers, **quality),
        "nps": net_promoter_score,
        "csat": customer_satisfaction,
        "ces": customer_effort,
        OWN: scaled_means,
    }
    return others[instrument]


def alpha_of(answers: Answers, turned: Iterable[int]) -> Reliability:
    """Return Cronbach's alpha of answers, with statements turned round that were worded negatively."""
    from pubservice.surveys.reliability import cronbach_alpha

    ids = [f"{part}-{n}" for part in ("expectation", "perception") for n in turned]
    return cronbach_alpha(answers, reversed_items=[id for id in ids if id in answers.questions])
