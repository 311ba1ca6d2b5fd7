"""Open networks of queues: where cases go from station to station until they leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from pubservice.errors import InvalidQuantityError, UnknownIdError, UnstableQueueError
from pubservice.messages import Message
from pubservice.queueing.domain import check_probability, check_rates, check_scv
from pubservice.queueing.markovian import waiting_time
from pubservice.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pubservice.messages import Language

Routing = Mapping[str, Mapping[str, float]]

_MOST_STATIONS = 2_000  # the traffic equations are solved as one matrix
_FULL = 1 - 1e-9  # full, whatever the last digits of the traffic equations say
_NAMED = 5


@attrs.frozen
class Station:
    """
    A queue of a network.

    Attributes:
        id: Its name in the routing.
        service_rate: μ > 0 of one server, in cases per time unit.
        servers: c ≥ 1.
        arrival_rate: λ ≥ 0 from outside the network, in cases per time unit.
        arrival_scv: Squared coefficient of variation of the times between arrivals from outside, ≥ 0.
        service_scv: Of the processing time, ≥ 0.
    """

    id: str
    service_rate: float = attrs.field(kw_only=True)
    servers: int = attrs.field(default=1, kw_only=True)
    arrival_rate: float = attrs.field(default=0.0, kw_only=True)
    arrival_scv: float = attrs.field(default=1.0, kw_only=True)
    service_scv: float = attrs.field(default=1.0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_rates(self.arrival_rate, self.service_rate, self.servers)
        check_scv(self.arrival_scv, self.service_scv)


@attrs.frozen
class StationPerformance:
    """
    How a station of a network does.

    Attributes:
        station: Its id.
        arrival_rate: From outside and from other stations, in cases per time unit.
        visits: Mean number of visits of a case of the network.
        utilisation: Work demanded / work available, below 1.
        arrival_scv: Squared coefficient of variation of the times between arrivals; None where nobody comes.
        waiting_time: Mean wait of a visit, in the time unit of the rates.
        cycle_time: Mean wait and processing time of a visit.
        queue_length: Mean number of cases that wait.
        work_in_progress: Mean number of cases that wait or are worked on.
        method: The formula.
    """

    station: str
    arrival_rate: float
    visits: float
    utilisation: float
    arrival_scv: float | None
    waiting_time: float
    cycle_time: float
    queue_length: float
    work_in_progress: float
    method: str


@attrs.frozen
class NetworkPerformance:
    """
    How an open network of queues does in its steady state.

    Attributes:
        stations: In the order given.
        arrival_rate: Of cases that enter, per time unit.
    """

    stations: tuple[StationPerformance, ...]
    arrival_rate: float

    @property
    def work_in_progress(self) -> float:
        """Mean number of cases inside."""
        return sum(station.work_in_progress for station in self.stations)

    @property
    def cycle_time(self) -> float:
        """Mean time from entering to leaving, by Little's law, in the time unit of the rates."""
        return self.work_in_progress / self.arrival_rate

    @property
    def waiting_time(self) -> float:
        """Mean time of it that a case waits."""
        return sum(station.queue_length for station in self.stations) / self.arrival_rate

    def station(self, id: str) -> StationPerformance:
        """Return how one station does."""
        for station in self.stations:
            if station.station == id:
                return station
        raise UnknownIdError("station", id, [station.station for station in self.stations])

    def rows(self) -> list[dict[str, object]]:
        """Return one row per station."""
        return [
            {
                "station": station.station,
                "arrival rate": station.arrival_rate,
                "visits": station.visits,
                "utilisation": station.utilisation,
                "waiting time": station.waiting_time,
                "work in progress": station.work_in_progress,
                "method": station.method,
            }
            for station in self.stations
        ]

    def text(self, language: Language = "en") -> str:
        """Return the table of stations."""
        return table(self.rows(), language=language)

    def __str__(self) -> str:
        return self.text()


def jackson(stations: Iterable[Station], routing: Routing) -> NetworkPerformance:
    """
    Return the steady state of an open Jackson network, exactly: every station is as if M/M/c with Poisson arrivals.

    Args:
        stations: With exponential processing times and Poisson arrivals from outside.
        routing: With which probability a case goes on, ``{from: {to: probability}}``; what is missing to 1 leaves.

    Raises:
        UnstableQueueError: A station cannot keep up; it is named, and the busiest is if there are several.
        InvalidQuantityError: Cases never leave some stations, which are named; times are not exponential; a
            probability is out of range; nobody comes.
        UnknownIdError: The routing names a station that is not there.

    Example:
        >>> network = jackson(
        ...     [
        ...         Station("1", arrival_rate=5, service_rate=10),
        ...         Station("2", arrival_rate=10, service_rate=50),
        ...         Station("3", arrival_rate=15, service_rate=100),
        ...     ],
        ...     {"1": {"2": 1 / 3, "3": 1 / 3}, "2": {"3": 1}, "3": {"2": 0.5}},
        ... )
        >>> round(network.work_in_progress, 4), round(network.cycle_time, 4)
        (6.3077, 0.2103)

    Source:
        Jackson (1957), Networks of waiting lines, Operations Research 5(4), 518-521; the example is an exercise of Ross,
        Introduction to Probability Models, ch. 8: L = 82/13, W = 41/195.
    """
    found = tuple(stations)
    for station in found:
        if (station.arrival_scv, station.service_scv) != (1, 1):
            message = Message(
                "{id}: a Jackson network needs Poisson arrivals and exponential times (scv 1), got {arrival} and {service}",
                id=station.id,
                arrival=station.arrival_scv,
                service=station.service_scv,
            )
            raise InvalidQuantityError(message)
    rates = traffic(found, routing_matrix(found, routing))
    check_capacity(found, rates)
    waits = [
        waiting_time(arrival_rate=rate, service_rate=station.service_rate, servers=station.servers)
        for station, rate in zip(found, rates, strict=True)
    ]
    return performance(found, rates, [1.0 if rate else None for rate in rates], waits, "M/M/c")


def routing_matrix(stations: Sequence[Station], routing: Routing) -> list[list[float]]:
    """
    Return the probabilities from each station (row) to each (column).

    Raises:
        InvalidQuantityError: Too many or no stations, one twice, or probabilities that are none or sum to more than 1.
        UnknownIdError: The routing names a station that is not there.
    """
    if not 1 <= len(stations) <= _MOST_STATIONS:
        message = Message(
            "expected 1 to {most:,} stations, got {found:,}", most=_MOST_STATIONS, found=len(stations)
        )
        raise InvalidQuantityError(message)
    place = {station.id: i for i, station in enumerate(stations)}
    if len(place) < len(stations):
        raise InvalidQuantityError(Message("expected stations with ids of their own, got one id twice"))
    matrix = [[0.0] * len(stations) for _ in stations]
    for source, flows in routing.items():
        for target, probability in flows.items():
            for id in (source, target):
                if id not in place:
                    raise UnknownIdError("station", id, place)
            check_probability(probability)
            matrix[place[source]][place[target]] = probability
        if sum(flows.values()) > 1 + 1e-9:
            raise InvalidQuantityError(
                Message(
                    "{id}: expected probabilities that sum to at most 1, got {sum}",
                    id=source,
                    sum=sum(flows.values()),
                )
            )
    return matrix


def traffic(stations: Sequence[Station], matrix: Sequence[Sequence[float]]) -> list[float]:
    """
    Return the arrival rate of each station, λ = γ + λP.

    Raises:
        InvalidQuantityError: Cases never leave some stations, or nobody comes.
    """
    import numpy as np

    _check_exit(stations, matrix)
    if not any(station.arrival_rate for station in stations):
        raise InvalidQuantityError(
            Message("expected cases from outside, but every station has an arrival rate of 0")
        )
    outside = np.array([station.arrival_rate for station in stations])
    rates = np.linalg.solve(np.eye(len(stations)) - np.array(matrix).T, outside)
    return [max(0.0, float(rate)) for rate in rates]


def _check_exit(stations: Sequence[Station], matrix: Sequence[Sequence[float]]) -> None:
    """Refuse stations from which no case ever leaves the network: its spectral radius would be 1."""
    sources: list[list[int]] = [[] for _ in stations]
    for source, row in enumerate(matrix):
        for target, probability in enumerate(row):
            if probability:
                sources[target].append(source)
    leaving = [source for source, row in enumerate(matrix) if 1 - sum(row) > 1e-9]
    known = set(leaving)
    for station in leaving:
        new = [source for source in sources[station] if source not in known]
        known.update(new)
        leaving.extend(new)
    trapped = [station.id for i, station in enumerate(stations) if i not in known]
    if trapped:
        names = ", ".join(trapped[:_NAMED]) + (", ..." if len(trapped) > _NAMED else "")
        raise InvalidQuantityError(Message("cases never leave {found}", found=names))


def check_capacity(stations: Sequence[Station], rates: Sequence[float]) -> None:
    """Refuse a network where a station cannot keep up, naming the busiest."""
    used = [
        rate / station.service_rate / station.servers for station, rate in zip(stations, rates, strict=True)
    ]
    busiest = max(range(len(used)), key=used.__getitem__)
    if used[busiest] >= _FULL:
        station = stations[busiest]
        raise UnstableQueueError(rates[busiest], station.service_rate, station.servers, station.id)


def performance(
    stations: Sequence[Station],
    rates: Sequence[float],
    scvs: Sequence[float | None],
    waits: Sequence[float],
    method: str,
) -> NetworkPerformance:
    """Return how a network does from the arrivals and mean waits of its stations."""
    entering = sum(station.arrival_rate for station in stations)
    return NetworkPerformance(
        tuple(
            StationPerformance(
                station=station.id,
                arrival_rate=rate,
                visits=rate / entering,
                utilisation=rate / station.service_rate / station.servers,
                arrival_scv=scv,
                waiting_time=wait,
                cycle_time=wait + 1 / station.service_rate,
                queue_length=rate * wait,
                work_in_progress=rate * (wait + 1 / station.service_rate),
                method=method,
            )
            for station, rate, scv, wait in zip(stations, rates, scvs, waits, strict=True)
        ),
        entering,
    )
