"""Sphinx configuration."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import pages

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "pubservice"
author = "The pubservice developers"
copyright = "2026, the pubservice developers"
release = importlib.metadata.version("pubservice")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "pubservice"
html_static_path = ["_static"]
html_css_files = ["reading.css"]
exclude_patterns = ["_build"]
autodoc_typehints = "none"
napoleon_use_ivar = True
suppress_warnings = ["ref.python"]
myst_heading_anchors = 4
pygments_style = "friendly"


def _read(app: Sphinx, page: str, source: list[str]) -> None:
    del app
    source[0] = pages.fill_in(page, source[0])


def _outdated(app: Sphinx, *changes: object) -> list[str]:
    del app, changes
    return list(pages.made_pages())


def setup(app: Sphinx) -> None:
    """Fill in what the code says, at every build."""
    app.connect("source-read", _read)
    app.connect("env-get-outdated", _outdated)
