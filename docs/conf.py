"""Sphinx configuration."""

import importlib.metadata

project = "pubservice"
author = "The pubservice developers"
copyright = "2026, the pubservice developers"
release = importlib.metadata.version("pubservice")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
exclude_patterns = ["_build"]
autodoc_typehints = "none"
napoleon_use_ivar = True
suppress_warnings = ["ref.python"]
