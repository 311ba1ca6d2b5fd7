"""
An optimising compiler for the procedures of public services.

Names are resolved on first use, so that importing the package is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pubservice.analysis.bottlenecks import Bottlenecks as Bottlenecks
