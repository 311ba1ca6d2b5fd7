"""The reference names everything that is public."""

from __future__ import annotations

import re
from pathlib import Path

import pubservice as ps

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "names.md"


def test_every_public_name_is_in_the_reference() -> None:
    """
    Each name of the package has its place in the reference, and nothing else has.
    """
    told = set(re.findall(r"auto(?:class|function):: [\w.]+\.(\w+)$", PAGE.read_text(), re.MULTILINE))
    assert told == set(ps.__all__) - {
        "METRICS",
        "Distribution",
        "Edit",
        "Node",
        "__version__",
        "queueing",
        "ureg",
    }
