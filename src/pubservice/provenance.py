"""Where a result comes from, so that an auditor can make it again."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubservice.messages import Message
    from pubservice.model.organisation import PublicOrganisation


@attrs.frozen
class Method:
    """
    How a number was found.

    Attributes:
        kind: ``exact``, ``approximation`` or ``simulation``.
        name: The formula, or the approximations in it.
    """

    kind: str
    name: str

    def data(self) -> dict[str, str]:
        """Return it for JSON."""
        return {"kind": self.kind, "name": self.name}


@attrs.frozen
class Provenance:
    """
    Where a result comes from.

    Attributes:
        version: Of pubservice.
        digest: SHA-256 of the model it was computed from.
        assumptions: What was taken for granted.
        sources: Of the formulas.
    """

    version: str
    digest: str
    assumptions: tuple[Message, ...]
    sources: tuple[str, ...]

    def data(self) -> dict[str, object]:
        """Return it for JSON."""
        return {
            "version": self.version,
            "digest": self.digest,
            "assumptions": [str(text) for text in self.assumptions],
            "sources": list(self.sources),
        }


def digest(model: PublicOrganisation | Mapping[str, PublicOrganisation]) -> str:
    """
    Return the SHA-256 of a model, or of several by name: equal models have equal digests.

    Example:
        >>> from pubservice.model.organisation import PublicOrganisation
        >>> digest(PublicOrganisation("city-hall")) == digest(PublicOrganisation("city-hall"))
        True
    """
    return "sha256:" + hashlib.sha256(repr(model).encode()).hexdigest()


def provenance(
    model: PublicOrganisation | Mapping[str, PublicOrganisation],
    assumptions: tuple[Message, ...],
    sources: tuple[str, ...],
) -> Provenance:
    """Return where a result on an organisation, or on several by name, comes from."""
    return Provenance(version("pubservice"), digest(model), assumptions, sources)
