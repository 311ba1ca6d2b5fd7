"""Where the formulas hold: the checks of their arguments, each with a sentence that shows what was given."""

from __future__ import annotations

from math import inf

from pubservice.errors import InvalidQuantityError, UnstableQueueError
from pubservice.messages import Message

MOST_SERVERS = 10**12  # Erlang's sum has some 10 √c terms at full load: beyond this it takes many seconds


def check_rates(arrival_rate: float, service_rate: float, servers: int = 1) -> None:
    """Refuse rates that are negative, infinite or not a number, and no server."""
    if not (0 <= arrival_rate < inf and 0 < service_rate < inf and 1 <= servers <= MOST_SERVERS):
        raise InvalidQuantityError(
            Message(
                "expected an arrival rate ≥ 0, a service rate > 0 and 1 to {most:,} servers, got {arrival}, {service}, {servers}",
                most=MOST_SERVERS,
                arrival=arrival_rate,
                service=service_rate,
                servers=servers,
            ),
        )


def check_stable(arrival_rate: float, service_rate: float, servers: int = 1) -> None:
    """Refuse a queue that grows without bound, after `check_rates`."""
    check_rates(arrival_rate, service_rate, servers)
    if arrival_rate >= service_rate * servers:
        raise UnstableQueueError(arrival_rate, service_rate, servers)


def check_load(offered_load: float, servers: int) -> None:
    """Refuse a load that is negative, infinite or not a number, and no server."""
    if not (0 <= offered_load < inf and 1 <= servers <= MOST_SERVERS):
        raise InvalidQuantityError(
            Message(
                "expected an offered load ≥ 0 and 1 to {most:,} servers, got {load}, {servers}",
                most=MOST_SERVERS,
                load=offered_load,
                servers=servers,
            ),
        )


def check_scv(*values: float) -> None:
    """Refuse a squared coefficient of variation that is negative, infinite or not a number."""
    for value in values:
        if not 0 <= value < inf:
            message = Message("expected a squared coefficient of variation ≥ 0, got {value!r}", value=value)
            raise InvalidQuantityError(message)


def check_time(value: float) -> None:
    """Refuse a time that is negative, infinite or not a number."""
    if not 0 <= value < inf:
        raise InvalidQuantityError(
            Message("expected a duration that is not negative, got {value!r}", value=value)
        )


def check_share(value: float) -> None:
    """Refuse a share of cases of 1 or more: the longest wait has no bound."""
    if not 0 <= value < 1:
        raise InvalidQuantityError(
            Message("expected a share of cases from 0 to below 1, got {value!r}", value=value)
        )


def check_probability(value: float) -> None:
    """Refuse what is no probability."""
    if not 0 <= value <= 1:
        raise InvalidQuantityError(
            Message("expected a probability from 0 to 1, got {value!r}", value=value),
        )


def finite(result: float) -> float:
    """Return a result, or refuse one that no float holds."""
    if not result < inf:
        raise InvalidQuantityError(Message("the result is larger than a number can be"))
    return result
