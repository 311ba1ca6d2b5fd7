"""Errors say where, what was found, and what would be right."""

from __future__ import annotations

import pickle

import pytest

from pubservice import errors
from pubservice.messages import Message

EVERY = [
    errors.InvalidQuantityError(Message("expected a list, got {value!r}", value=3)),
    errors.InvalidModelError([errors.Problem("a.b", Message("missing field {name!r}", name="id"))]),
    errors.InvalidFileError("f.yaml", [errors.Problem("a", Message("missing field {name!r}", name="id"), 3)]),
    errors.UnknownIdError("service", "permt", ["permit"]),
    errors.InvalidEditError(Message("step {id!r} is all there is", id="x")),
    errors.UndefinedResultError(Message("the cycle time is 0")),
    errors.UnstableQueueError(4, 1, 3),
    errors.MissingExtraError("polars", "logs"),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda e: type(e).__name__)
def test_errors_cross_process_boundaries(error: errors.PubserviceError) -> None:
    """
    An error that was pickled says the same, in both languages.
    """
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.text("id")) == (str(error), error.text("id"))
    assert str(error) != error.text("id")


def test_a_file_error_names_file_line_and_path() -> None:
    """
    An error in a file reads file:line: path: message; without a line, file: message.
    """
    error = errors.InvalidFileError(
        "f.yaml",
        [
            errors.Problem("a", Message("missing field {name!r}", name="id"), 3),
            errors.Problem("", Message("the cycle time is 0")),
        ],
    )
    assert str(error) == "f.yaml:3: a: missing field 'id'\nf.yaml: the cycle time is 0"


def test_an_unknown_id_suggests_the_nearest() -> None:
    """
    Looking for what is not there names the nearest that is.
    """
    assert str(EVERY[3]) == "no service 'permt', did you mean 'permit'?"


def test_a_missing_extra_says_what_to_install() -> None:
    """
    An optional library that is missing is named with the command that brings it.
    """
    assert "pip install 'pubservice[logs]'" in str(EVERY[7])
    assert isinstance(EVERY[7], ImportError)
