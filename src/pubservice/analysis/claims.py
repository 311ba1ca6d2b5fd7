"""Claims that something could be left out or changed, unless the law demands it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubservice.analysis.findings import Finding, Proposal
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.edits.edit import ServiceEdit


def claim(
    service: str, steps: tuple[str, ...], message: Message, edit: ServiceEdit, provisions: Iterable[str]
) -> Finding:
    """
    Return a finding with an edit as its remedy, or as a proposal where provisions stand in the way today.

    Args:
        service: The service it concerns.
        steps: The nodes it concerns.
        message: What is claimed.
        edit: What would help.
        provisions: Those that forbid it; none where it may be done.
    """
    basis = tuple(dict.fromkeys(provisions))
    if not basis:
        return Finding(service, steps=steps, message=message, remedy=edit)
    bound = Message("{claim}; {basis} would have to change", claim=message, basis=", ".join(basis))
    return Finding(service, steps=steps, message=bound, proposal=Proposal(basis, edit))
