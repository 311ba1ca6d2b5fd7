"""Run every example in the README, the docs and the docstrings as a test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

import pubservice as ps
from blocks import city_hall, load_yaml, own_rules, run_console

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("same", derandomize=True, deadline=None)  # the same examples on every machine
settings.load_profile("same")


def _setup(namespace: dict[str, Any]) -> None:
    namespace.update(ps=ps, city_hall=city_hall())


@pytest.fixture(scope="module")
def in_a_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Examples that write files write them where nobody minds, and rules that they register are theirs alone."""
    before, folder = Path.cwd(), tmp_path_factory.mktemp("examples")
    os.chdir(folder)
    with own_rules():
        yield folder
    os.chdir(before)


_markdown = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser("console", lambda example: run_console(str(example.parsed))),
        CodeBlockParser("yaml", lambda example: load_yaml(str(example.parsed))),
    ],
    patterns=["*.md"],
    setup=_setup,
    fixtures=["in_a_folder_of_its_own"],
)
_docstrings = Sybil(
    parsers=[DocTestParser()],
    patterns=["*.py"],
    path="src",
    document_types={".py": PythonDocStringDocument},
    setup=_setup,
    fixtures=["in_a_folder_of_its_own"],
)
pytest_collect_file = (_markdown + _docstrings).pytest()
