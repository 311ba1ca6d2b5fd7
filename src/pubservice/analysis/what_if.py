"""What would be if something were done, or if more or fewer cases came."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING

import attrs

from pubservice.analysis.comparison import Comparison, compare
from pubservice.analysis.performance import performance
from pubservice.edits.application import apply
from pubservice.edits.edit import as_edits
from pubservice.errors import InvalidQuantityError, UnknownIdError
from pubservice.messages import Message
from pubservice.model.service import with_demand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubservice.edits.edit import Edit
    from pubservice.model.organisation import PublicOrganisation


def what_if(
    organisation: PublicOrganisation,
    edits: Iterable[Edit] = (),
    *,
    demand: float | Mapping[str, float] = 1.0,
) -> Comparison:
    """
    Return an organisation today beside what it would be.

    Args:
        organisation: As it is.
        edits: What would be done, in this order.
        demand: So many times as many cases would come, above 0: to every service, or to each that is named.

    Raises:
        InvalidEditError: An edit cannot be applied.
        InvalidQuantityError: A factor is not above 0, or infinite.
        UnknownIdError: A factor is for no service.

    Example:
        One in twenty more applications, and a third clerk.

        >>> from pubservice.edits.edit import SetCapacity
        >>> print(what_if(city_hall, [SetCapacity("clerk", 3)], demand=1.05))
        of               measure                  before  after  difference
        building-permit  cycle time / hour          4.64   4.10       -0.54
        building-permit  waiting time / hour        3.13   2.59       -0.54
        building-permit  processing time / hour     1.51   1.51        0.00
        building-permit  cycle time efficiency      0.33   0.37        0.04
        building-permit  applicant's time / hour    0.00   0.00        0.00
        clerk            utilisation                0.92   0.64       -0.28
        engineer         utilisation                0.90   0.95        0.05
    """
    after = organisation
    for edit in as_edits(edits):
        after = apply(after, edit)
    factors = dict(demand) if isinstance(demand, Mapping) else {s.id: demand for s in after.services}
    known = [service.id for service in after.services]
    for id, factor in factors.items():
        if id not in known:
            raise UnknownIdError("service", id, known)
        if not 0 < factor < inf:
            message = Message("expected a factor above 0, got {value!r}", value=factor)
            raise InvalidQuantityError(message)
    services = [with_demand(service, factors.get(service.id, 1.0)) for service in after.services]
    return compare(performance(organisation), attrs.evolve(after, services=services))
