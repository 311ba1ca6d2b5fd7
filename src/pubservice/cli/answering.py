"""How commands are told what the answers to a survey mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import click

from pubservice.errors import Problem
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pubservice.surveys.answers import Answers
    from pubservice.surveys.instrument import Instrument

NO_FEE = {"skm": ("fee",), "skm-2004": ("fee-fairness", "fee-certainty")}

_OPTIONS = (
    click.option("--no-fee", is_flag=True, help="No service has a fee: its element does not count."),
    click.option(
        "--no-fee-of", multiple=True, metavar="SERVICE", help="This service has no fee; may be repeated."
    ),
    click.option(
        "--weights", default="exact", show_default=True, help="exact, rounded, or a weight such as 0.111."
    ),
    click.option(
        "--invalid",
        type=click.Choice(["refuse", "exclude"]),
        default="refuse",
        show_default=True,
        help="What becomes of answers outside the scale.",
    ),
    click.option(
        "--missing", multiple=True, metavar="CODE", help="A code that means no answer; may be repeated."
    ),
    click.option(
        "--columns",
        multiple=True,
        metavar="ITEM=COLUMN",
        help="The column of an item, of the respondent, the service or the period; may be repeated.",
    ),
)


@attrs.frozen(kw_only=True)
class Answering:
    """
    What a command was told of the answers to a survey.

    Attributes:
        instrument: What was asked.
        own: The same where it is no instrument of ours.
        no_fee: Whether no service has a fee.
        no_fee_of: Names of the services that have none.
        weights: Of the elements.
        invalid: What becomes of answers outside the scale.
        missing: Codes that mean no answer.
        columns: Texts such as ``fee=Q4``.
    """

    instrument: str = "skm"
    own: Instrument | None = None
    no_fee: bool
    no_fee_of: tuple[str, ...]
    weights: str
    invalid: Any
    missing: tuple[str, ...]
    columns: tuple[str, ...]

    def read(self, file: str, *, service: str | None = None, max_bytes: int | None = None) -> Answers:
        """
        Read the answers in a file.

        Args:
            file: CSV or Parquet.
            service: The column of the service, where one was named.
            max_bytes: A larger file is refused.
        """
        from pubservice.io.answers import read_answers
        from pubservice.io.table import MAX_BYTES

        columns, _ = pairs("--columns", self.columns, "fee=Q4")
        if service is not None:
            columns["service"] = [service]
        return read_answers(
            file,
            instrument=self.own or self.instrument,
            columns=columns,
            missing=self.missing,
            invalid=self.invalid,
            max_bytes=max_bytes or MAX_BYTES,
        )

    def options(self, *, several: bool) -> dict[str, Any]:
        """Return the options of the index of one service, or of several."""
        found: dict[str, Any] = {"weights": self.weights}
        if self.no_fee:
            found["not_applicable"] = NO_FEE[self.instrument]
        elif self.no_fee_of and several:
            found["not_applicable"] = dict.fromkeys(self.no_fee_of, NO_FEE[self.instrument])
        return found

    def problems(self, *, several: bool) -> list[Problem]:
        """Return which of the options are wrong, or do not go together."""
        _, found = pairs("--columns", self.columns, "fee=Q4")
        if self.no_fee_of and not several:
            found.append(Problem("--no-fee-of", Message("needs services to tell apart: name their column")))
        if self.no_fee_of and self.no_fee:
            found.append(Problem("--no-fee-of", Message("not beside {option}", option="--no-fee")))
        return found


def survey_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what answers mean."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def pairs(option: str, given: Iterable[str], example: str) -> tuple[dict[str, list[str]], list[Problem]]:
    """
    Return what stands after the first sign of equality, by what stands before it; and which texts are wrong.

    Args:
        option: That has them, for what is said of wrong ones.
        given: Texts such as ``fee=Q4``.
        example: Idem.
    """
    found: dict[str, list[str]] = {}
    problems = []
    for text in given:
        before, _, after = text.partition("=")
        if before and after:
            found.setdefault(before, []).append(after)
        else:
            message = Message("expected a text such as {example}, got {value!r}", example=example, value=text)
            problems.append(Problem(option, message))
    return found, problems
