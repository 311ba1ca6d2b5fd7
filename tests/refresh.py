"""
Write into pages of the docs what their commands and examples print now.

Read the difference before you commit it: ``uv run python tests/refresh.py docs/tutorial/first-finding.md``.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from doctest import ELLIPSIS, DocTestParser, OutputChecker
from pathlib import Path
from typing import Any

import pubservice as ps
from blocks import city_hall, commands, load_yaml, own_rules, run

_BLOCK = re.compile(r"^```(yaml|python|console)\n((?:.*\n)*?)```$", re.MULTILINE)


def refreshed(text: str) -> str:
    """
    Return a page with the output of today; what is still right, dots included, stays as it is written.

    Files are written to the current folder.
    """
    namespace: dict[str, Any] = {"ps": ps, "city_hall": city_hall(), "__name__": "page"}

    def block(match: re.Match[str]) -> str:
        kind, body = match[1], match[2]
        if kind == "yaml":
            load_yaml(body)
        elif kind == "console":
            body = _console(body)
        elif body.startswith(">>>"):
            body = _session(body, namespace)
        else:
            exec(compile(body, "page", "exec"), namespace)  # the docs are ours
        return f"```{kind}\n{body}```"

    return _BLOCK.sub(block, text)


def _console(body: str) -> str:
    parts, code = [], 0
    for command, shown in commands(body):
        if command == "echo $?":
            parts.append(f"$ {command}\n{code}\n")
            continue
        printed, code = run(command)
        parts.append(f"$ {command}\n{_right(shown, printed) if shown else ''}")
    return "".join(parts)


def _session(body: str, namespace: dict[str, Any]) -> str:
    parts = []
    for example in DocTestParser().get_examples(body):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(example.source, "page", "single"), namespace)  # as above
        first, *rest = example.source.rstrip("\n").split("\n")
        parts += [f">>> {first}\n", *(f"... {line}\n" for line in rest)]
        printed = re.sub(r"^$(?=\n)", "<BLANKLINE>", output.getvalue(), flags=re.MULTILINE)
        parts.append(_right(example.want, printed))
    return "".join(parts)


def _right(shown: str, printed: str) -> str:
    """Return what is shown where it is right, else what is printed, as much of it where the rest is dots."""
    if OutputChecker().check_output(shown, printed, ELLIPSIS):
        return shown
    *lines, last = shown.splitlines() or [""]
    return "\n".join([*printed.splitlines()[: len(lines)], last, ""]) if last == "..." else printed


def main(*pages: str) -> None:
    """Refresh pages."""
    for page in map(Path, pages):
        before, place = page.read_text(encoding="utf-8"), page.resolve()
        home = Path.cwd()
        with tempfile.TemporaryDirectory() as folder, own_rules():
            os.chdir(folder)
            after = refreshed(before)
            os.chdir(home)
        place.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
