"""Run every example in the README, the docs and the docstrings as a test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from blocks import load_yaml, run_console
from hypothesis import settings
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

import pubservice as ps

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("same", derandomize=True, deadline=None)  # the same examples on every machine
settings.load_profile("same")


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


def _setup(namespace: dict[str, Any]) -> None:
    namespace.update(ps=ps, city_hall=city_hall())


@pytest.fixture(scope="module")
def in_a_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Examples that write files write them where nobody minds."""
    before, folder = Path.cwd(), tmp_path_factory.mktemp("examples")
    os.chdir(folder)
    yield folder
    os.chdir(before)


_markdown = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser("console", run_console),
        CodeBlockParser("yaml", load_yaml),
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
)
pytest_collect_file = (_markdown + _docstrings).pytest()
