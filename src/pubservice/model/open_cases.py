"""The cases that are open this morning, and where they stand."""

from __future__ import annotations

from typing import Any

import attrs

from pubservice.messages import Message
from pubservice.model.text import check_count, check_id, fault
from pubservice.units import Duration, duration

MOST_CASES = 10**9


def _check_cases(owner: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if value is None:
        raise fault(
            attribute.name, Message("expected a whole number of at least 1, got {value!r}", value=None)
        )
    check_count(owner, attribute, value)
    if value > MOST_CASES:
        raise fault(attribute.name, Message("expected at most {bound:,} cases, got more", bound=MOST_CASES))


@attrs.frozen(kw_only=True)
class OpenCases:
    """
    Cases that stand at one node and are not done there.

    Attributes:
        at: Id of the node: a step that is still to be done, or a wait that is not over.
        cases: How many, 1 to 1,000,000,000.
        waited: How long they have stood there on average; None where it is not known.

    Example:
        >>> OpenCases(at="assess", cases=12, waited="2 working_day").waited
        Duration(magnitude=2.0, unit='working_day')
    """

    at: str = attrs.field(validator=check_id)
    cases: int = attrs.field(validator=_check_cases)
    waited: Duration | None = attrs.field(converter=attrs.converters.optional(duration), default=None)
