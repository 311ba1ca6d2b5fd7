"""Sphinx configuration."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
add_module_names = False  # everything is imported from pubservice itself
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
napoleon_use_ivar = True
napoleon_custom_sections = ["Source", "Known limits"]
suppress_warnings = ["ref.python"]
myst_heading_anchors = 4
pygments_style = "friendly"


def _read(app: Sphinx, page: str, source: list[str]) -> None:
    del app
    source[0] = pages.fill_in(page, source[0])


def _outdated(app: Sphinx, *changes: object) -> list[str]:
    del app, changes
    return list(pages.made_pages())


def _signature(*args: Any) -> tuple[str | None, str | None]:
    """Write defaults as one would write them oneself."""
    signature, returns = args[-2:]
    if signature is None:
        return signature, returns
    plain = signature.replace("Text(translations=())", "''")
    return re.sub(r"(ServiceStandard|Procedure)\((?:[^()]|\(\))*\)", r"\1()", plain), returns


def setup(app: Sphinx) -> None:
    """Fill in what the code says, at every build."""
    app.connect("source-read", _read)
    app.connect("autodoc-process-signature", _signature)
    app.connect("env-get-outdated", _outdated)
