"""Errors say where, what was found, and what would be right."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable

import pytest

from pubservice import errors
from pubservice.errors import (
    DeadlockError,
    InfeasiblePlanError,
    InvalidEditError,
    InvalidFileError,
    InvalidModelError,
    InvalidQuantityError,
    InvalidStudyError,
    LossyImportWarning,
    MissingExtraError,
    NoFlowError,
    Problem,
    PubserviceError,
    UndefinedResultError,
    UnknownIdError,
    UnstableQueueError,
)
from pubservice.messages import Message

MISSING = Problem("services[0]", Message("missing field {name!r}", name="id"), 3)
WHOLE = Problem("", Message("the cycle time is 0"))

EXAMPLES: list[tuple[PubserviceError, str, str]] = [
    (
        InvalidQuantityError(Message("expected a duration such as '15 min', got {value!r}", value="15 kg")),
        "expected a duration such as '15 min', got '15 kg'",
        "diharapkan jangka waktu seperti '15 min', diperoleh '15 kg'",
    ),
    (
        InvalidModelError([MISSING, WHOLE]),
        "services[0]: missing field 'id'\nthe cycle time is 0",
        "services[0]: isian 'id' tidak ada\nwaktu siklus adalah 0",
    ),
    (
        InvalidFileError("f.yaml", [MISSING, WHOLE]),
        "f.yaml:3: services[0]: missing field 'id'\nf.yaml: the cycle time is 0",
        "f.yaml:3: services[0]: isian 'id' tidak ada\nf.yaml: waktu siklus adalah 0",
    ),
    (
        UnknownIdError("service", "permt", ["licence", "permit"]),
        "no service 'permt', did you mean 'permit'?",
        "tidak ada layanan 'permt', maksud Anda 'permit'?",
    ),
    (UnknownIdError("service", "zzz", ["permit"]), "no service 'zzz'", "tidak ada layanan 'zzz'"),
    (
        DeadlockError("permit", 3, "join"),
        "permit: case 3 waits for ever at 'join', for a branch that does not come",
        "permit: permohonan 3 menunggu selamanya di 'join', pada cabang yang tidak datang",
    ),
    (
        NoFlowError("permit", 3, "split", {"amount": 5.0, "kind": "new"}),
        "permit: no flow out of 'split' is for case 3, with amount == 5.0, kind == 'new'",
        "permit: tidak ada alur keluar dari 'split' bagi permohonan 3, dengan amount == 5.0, kind == 'new'",
    ),
    (
        InvalidEditError(Message("no flow from {source!r} to {target!r}", source="a", target="b")),
        "no flow from 'a' to 'b'",
        "tidak ada alur dari 'a' ke 'b'",
    ),
    (
        InvalidStudyError(Message("expected a horizon above zero, got {value!r}", value="0 day")),
        "expected a horizon above zero, got '0 day'",
        "diharapkan cakrawala waktu di atas nol, diperoleh '0 day'",
    ),
    (
        UnstableQueueError(4, 1, 3),
        "utilisation is 1.33: 3 servers cannot keep up",
        "utilisasi 1.33: 3 petugas tidak sanggup melayani",
    ),
    (
        UnstableQueueError(3, 2, 1),
        "utilisation is 1.50: 1 server cannot keep up",
        "utilisasi 1.50: 1 petugas tidak sanggup melayani",
    ),
    (UndefinedResultError(Message("the cycle time is 0")), "the cycle time is 0", "waktu siklus adalah 0"),
    (
        InfeasiblePlanError([Message("the cycle time is 0"), Message("no case needs it")]),
        "the cycle time is 0\nno case needs it",
        "waktu siklus adalah 0\ntidak ada permohonan yang memerlukannya",
    ),
    (
        MissingExtraError("polars", "logs"),
        "this needs polars, which is not installed: pip install 'pubservice[logs]'",
        "ini memerlukan polars, yang belum terpasang: pip install 'pubservice[logs]'",
    ),
]
CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, PubserviceError) and kind is not PubserviceError
]
each = pytest.mark.parametrize(
    ("error", "english", "indonesian"), EXAMPLES, ids=[type(error).__name__ for error, _, _ in EXAMPLES]
)


def _pickled(error: PubserviceError) -> PubserviceError:
    again: PubserviceError = pickle.loads(pickle.dumps(error))
    return again


def test_every_error_has_an_example_here() -> None:
    """
    No error class escapes the tests below.
    """
    assert {type(error) for error, _, _ in EXAMPLES} == set(CLASSES)


@each
def test_an_error_speaks_both_languages(error: PubserviceError, english: str, indonesian: str) -> None:
    """
    An error is English as text, and Indonesian where that is asked for.
    """
    assert (str(error), error.text(), error.text("id")) == (english, english, indonesian)


@each
@pytest.mark.parametrize("travel", [_pickled, copy.deepcopy])
def test_errors_cross_process_boundaries(
    error: PubserviceError,
    english: str,
    indonesian: str,
    travel: Callable[[PubserviceError], PubserviceError],
) -> None:
    """
    An error that was pickled or copied has the same class, facts and texts, its messages still translatable.
    """
    again = travel(error)
    assert type(again) is type(error)
    assert (again.args, vars(again)) == (error.args, vars(error))
    assert (str(again), again.text("id")) == (english, indonesian)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_is_also_a_builtin_that_callers_expect(kind: type[PubserviceError]) -> None:
    """
    Each error can be caught as ours, and as the builtin of its kind.
    """
    expected = {UnknownIdError: LookupError, MissingExtraError: ImportError}.get(kind, ValueError)
    assert issubclass(kind, expected)


def test_errors_keep_their_facts() -> None:
    """
    Programs read attributes, not texts.
    """
    file = InvalidFileError("f.yaml", iter([MISSING, WHOLE]))
    assert (file.file, file.problems, file.problems[0].line) == ("f.yaml", (MISSING, WHOLE), 3)
    unknown = UnknownIdError("service", "permt", iter(["permit"]))
    assert (unknown.kind, unknown.id, unknown.known) == ("service", "permt", ("permit",))
    queue = UnstableQueueError(4, 1, 3)
    assert (queue.arrival_rate, queue.service_rate, queue.servers) == (4, 1, 3)
    extra = MissingExtraError("polars", "logs")
    assert (extra.package, extra.extra) == ("polars", "logs")
    assert UndefinedResultError(WHOLE.message).message is WHOLE.message


def test_the_base_shows_plain_arguments_line_by_line() -> None:
    """
    An error of ours with plain arguments shows each on its line, and translates those that are messages.
    """
    error = PubserviceError("text", 3, WHOLE.message)
    assert str(error) == "text\n3\nthe cycle time is 0"
    assert error.text("id") == "text\n3\nwaktu siklus adalah 0"


def test_a_lossy_import_warns_and_does_not_fail() -> None:
    """
    What an importer drops is a warning of the user's, in a category of its own, and no error of ours.
    """
    assert issubclass(LossyImportWarning, UserWarning)
    assert not issubclass(LossyImportWarning, PubserviceError)
