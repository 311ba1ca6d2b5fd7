"""How every command reads, prints and ends."""

from __future__ import annotations

import json
import sys
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pubservice.analysis.findings import Findings
    from pubservice.eventlog import EventLog
    from pubservice.messages import Language
    from pubservice.model.measurement import Measurement
    from pubservice.model.organisation import PublicOrganisation

BAD_INPUT = 2


def guarded(lang: Language, work: Callable[[], int]) -> None:
    """Run a command; say what is wrong with its input on standard error, with exit code 2."""
    from pubservice.errors import PubserviceError

    try:
        code = work()
    except PubserviceError as error:
        click.echo(error.text(lang), err=True)
        code = BAD_INPUT
    sys.exit(code)


def print_json(data: Any) -> None:
    """Print a result as indented JSON."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def read_organisation(file: str, max_bytes: int | None) -> PublicOrganisation:
    """Read an organisation: JSON where the name ends so, else YAML."""
    from pubservice.io.json import read_json
    from pubservice.io.yaml import MAX_BYTES, read_yaml

    read = read_json if file.lower().endswith(".json") else read_yaml
    return read(file, max_bytes=max_bytes or MAX_BYTES)


def read_all(
    files: Iterable[str], organisation: PublicOrganisation, max_bytes: int | None
) -> list[Measurement]:
    """Read the measurements in files, which are of an organisation; what does not fit between files is refused."""
    from pubservice.errors import InvalidModelError, Problem
    from pubservice.io.file import MAX_BYTES
    from pubservice.io.measurements import read_measurements
    from pubservice.messages import Message
    from pubservice.model.measurement import misfits

    found: list[Measurement] = []
    places: list[str] = []
    for file in files:
        read = read_measurements(file, organisation=organisation, max_bytes=max_bytes or MAX_BYTES)
        found += read
        places += [Message("{file}, measurement {n}", file=file, n=n) for n in range(1, len(read) + 1)]
    wrong = misfits(found, organisation, place=places.__getitem__)
    if wrong:
        raise InvalidModelError(
            Problem(f"{places[misfit.position]}: {misfit.field}", misfit.message) for misfit in wrong
        )
    return found


def read_log(log: str, options: Mapping[str, str | int | None]) -> EventLog:
    """Read an event log in the format that its name ends in; an option that this format has no use for is refused."""
    name = Path(log).name.lower().removesuffix(".gz")
    read: Callable[..., EventLog]
    if name.endswith(".xes"):
        from pubservice.io.xes import read_xes as read
    elif name.endswith(".parquet"):
        from pubservice.io.parquet import read_parquet as read
    else:
        from pubservice.io.csv import read_csv as read
    given = {key: value for key, value in options.items() if value is not None}
    idle = [f"--{key.replace('_', '-')}" for key in given if key not in signature(read).parameters]
    if idle:
        from pubservice.errors import InvalidFileError, Problem
        from pubservice.messages import Message

        message = Message("this format has no use for {options}", options=", ".join(idle))
        raise InvalidFileError(log, [Problem("", message)])
    return read(log, **given)


def findings_of(
    file: str,
    organisation: PublicOrganisation,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    max_bytes: int,
) -> Findings:
    """Return what the rules find; what is wrong with what a file says to ignore is told with its line."""
    from pubservice.analysis.check import check
    from pubservice.errors import InvalidFileError, InvalidModelError
    from pubservice.io.annotations import lines
    from pubservice.io.place import place_of

    try:
        return check(organisation, select=select or None, ignore=ignore or None)
    except InvalidModelError as error:
        places = {problem: place_of(problem.path) for problem in error.problems}
        found = lines(file, places.values(), max_bytes=max_bytes)
        problems = [problem._replace(line=found.get(place)) for problem, place in places.items()]
        raise InvalidFileError(file, problems) from None
