"""How the blocks of the README and the docs that are not Python run as tests: commands, and files in YAML."""

from __future__ import annotations

import re
import shlex
from contextlib import contextmanager
from doctest import ELLIPSIS, OutputChecker
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

from click.testing import CliRunner

import pubservice as ps
from pubservice.analysis import register
from pubservice.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE = re.compile(r"# (?P<name>[\w-]+\.yaml)(?P<faults>, with faults)?")
_PARTS = {
    "# part of an organisation": ("pubservice: 1\nid: office\n", ""),
    "# part of a service": ("pubservice: 1\nid: office\nservices:\n- id: service\n", "  "),
    "# part of a procedure": (
        "pubservice: 1\nid: office\nservices:\n- id: service\n  procedure:\n",
        "    ",
    ),
}


def city_hall() -> ps.PublicOrganisation:
    """Return the city hall of the README."""
    return ps.PublicOrganisation(
        "city-hall",
        resources=[ps.Resource("clerk", capacity=2), ps.Resource("engineer", capacity=3)],
        services=[
            ps.PublicService(
                "building-permit",
                requirements=["identity"],
                arrival_rate="3 case/hour",
                procedure=ps.Procedure(
                    steps=[
                        ps.Step("intake", resource="clerk", processing_time="10 min", checks=["identity"]),
                        ps.Step("completeness-check", resource="clerk", processing_time="15 min"),
                        ps.Step("request-evidence", resource="clerk", processing_time="5 min"),
                        ps.Step("assess", resource="engineer", processing_time="54 min", checks=["identity"]),
                        ps.Step("decide", resource="clerk", processing_time="5 min"),
                    ],
                    flows=[
                        ps.Flow("intake", "completeness-check"),
                        ps.Flow("completeness-check", "assess", probability=0.75),
                        ps.Flow("completeness-check", "request-evidence", probability=0.25),
                        ps.Flow("request-evidence", "completeness-check"),
                        ps.Flow("assess", "decide"),
                    ],
                ),
            ),
        ],
    )


@contextmanager
def own_rules() -> Iterator[None]:
    """Forget the rules that are registered meanwhile, so that no other page meets them."""
    ps.rules()  # they are loaded at their first use, and only once
    before = dict(register._REGISTER)
    yield
    register._REGISTER.clear()
    register._REGISTER.update(before)


def run_console(text: str) -> None:
    """
    Run the commands of a block that begin with ``$``.

    What stands below a command is what it prints, on both streams; ``...`` is any text, nothing is anything. It exits
    with 0, or with what ``$ echo $?`` says next.
    """
    written = list(commands(text))
    for position, (command, shown) in enumerate(written):
        if command == "echo $?":
            continue
        stated = next(
            (text for after, text in written[position + 1 : position + 2] if after == "echo $?"), "0"
        )
        printed, code = run(command)
        assert str(code) == stated.strip(), f"{command}: exit code {code}, stated {stated!r}:\n{printed}"
        if shown:
            assert OutputChecker().check_output(shown, printed, ELLIPSIS), (
                f"{command}: shown\n{shown}\nprinted\n{printed}"
            )


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with what is shown below it."""
    for block in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = block.partition("\n")
        yield command, shown.rstrip("\n") + "\n" if shown.strip() else ""


def run(command: str) -> tuple[str, int]:
    """Return what a command prints, and its exit code."""
    words = shlex.split(command)
    target = words[-1] if words[-2:-1] == [">"] else None
    match words[:-2] if target else words:
        case ["pubservice", *arguments]:
            result = CliRunner().invoke(main, arguments, prog_name="pubservice")
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                raise result.exception
            if target is None:
                return result.output, result.exit_code
            Path(target).write_text(result.stdout, encoding="utf-8")
            return result.stderr, result.exit_code
        case ["cat", file]:
            return Path(file).read_text(encoding="utf-8"), 0
        case _:
            raise AssertionError(f"not a command that runs here: {command}")


def load_yaml(text: str) -> None:
    """
    Load a block of YAML: a whole file, or what its first line says it is part of.

    A first line such as ``# town-hall.yaml`` names the file that it becomes, for the blocks below it; one that goes on
    ``, with faults`` cannot be read.
    """
    first = text.partition("\n")[0]
    file = _FILE.fullmatch(first)
    if file is not None:
        Path(file["name"]).write_text(text, encoding="utf-8")
    if file is not None and file["faults"]:
        try:
            ps.from_yaml(text)
        except ps.InvalidFileError:
            return
        raise AssertionError(f"{first}: there are none")
    before, margin = ("", "") if re.search("^pubservice:", text, re.MULTILINE) else _part(first)
    ps.from_yaml(before + indent(text, margin))


def _part(first: str) -> tuple[str, str]:
    assert first in _PARTS, f"neither a file nor part of one: {first!r}"
    return _PARTS[first]
