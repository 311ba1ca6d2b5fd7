"""The events of a run as a log: in memory, or written to a file while the run goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pubservice.engine import polars
from pubservice.errors import UndefinedResultError
from pubservice.eventlog import EventLog
from pubservice.messages import Message
from pubservice.simulation.conditions import value_of
from pubservice.simulation.parts import STEP
from pubservice.simulation.run import Play

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from polars import DataFrame

    from pubservice.simulation.program import Program
    from pubservice.simulation.record import Events, Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def event_log(record: Record) -> EventLog:
    """
    Return the steps of a run as an event log: mined, it gives the model back.

    A waiting time is no event: it shows between two. The pool that does a step is the `group` of its events. When a case
    came to a step is told by the column ``ready``, the service by ``case:service``.

    Raises:
        UndefinedResultError: The run kept no events.

    Example:
        >>> from pubservice.simulation.program import program
        >>> from pubservice.simulation.run import run
        >>> log = event_log(run(program(city_hall), seed=2026, cases=100, log=True))
        >>> log.cases
        100
    """
    columns = record.events
    if columns is None:
        raise UndefinedResultError(Message("the run kept no events: ask for its log"))
    return EventLog(_frame(record.program, columns))


def write_event_log(
    program: Program,
    path: str | PathLike[str],
    *,
    seed: int,
    replication: int = 0,
    horizon_s: float | None = None,
    cases: int | None = None,
    compiled: bool | None = None,
) -> None:
    """
    Play a run and write its event log as Parquet, in memory that does not grow with the number of cases.

    Args:
        program: What is simulated.
        path: Of the file.
        seed: As for `run`, and all others too.
        replication: Likewise.
        horizon_s: Likewise.
        cases: Likewise.
        compiled: Likewise.

    Raises:
        MissingExtraError: Polars is not installed.
    """
    pl = polars()
    from polars.io.plugins import register_io_source

    play = Play(program, seed, replication, horizon_s, cases, log=True, compiled=compiled, keep=False)

    def source(columns: object, predicate: object, rows: object, batch: object) -> Iterator[DataFrame]:
        """Yield the run; all of it is wanted."""
        del columns, predicate, rows, batch
        return frames(play)

    schema = _frame(program, play.events()).schema
    pl.LazyFrame.sink_parquet(register_io_source(source, schema=schema), path)


def frames(play: Play) -> Iterator[DataFrame]:
    """Yield the events of a run that keeps none, as it goes on."""
    more = True
    while more:
        more = play.goes_on()
        if play.is_full or not more:
            yield _frame(play.program, play.events())


def _frame(program: Program, events: Events) -> DataFrame:
    """Return events of steps as a frame."""
    import numpy as np

    pl = polars()
    steps = program.parts.kind[events.node] == STEP
    start = (program.starts - _EPOCH) // _MICROSECOND

    def moments(seconds: Any) -> Any:
        whole = np.rint(seconds[steps] * 1e6).astype(np.int64) + start
        return pl.Series(whole).cast(pl.Datetime("us", "UTC"))

    services = np.array(program.node_service)[events.node[steps]]
    keys, cases = np.unique(events.key[steps], return_inverse=True)
    owner = np.full(len(keys), -1)
    owner[cases] = services
    found: DataFrame = pl.DataFrame(
        {
            "case": pl.Series(events.case[steps]).cast(pl.String),
            "activity": pl.Series(list(program.nodes)).gather(events.node[steps]),
            "time": moments(events.end_s),
            "start": moments(events.start_s),
            "group": pl.Series([*program.resources, None], dtype=pl.String).gather(
                np.where(events.resource < 0, len(program.resources), events.resource)[steps]
            ),
            "ready": moments(events.ready_s),
            "case:service": pl.Series(list(program.services)).gather(services),
            **{
                f"case:{id}": pl.Series(_values(program, id, keys, owner), dtype=kind, strict=False).gather(
                    cases
                )
                for id, kind in _attribute_types(program).items()
            },
        }
    )
    return found


def _attribute_types(program: Program) -> dict[str, Any]:
    """Return the column type of each attribute: a number, or a text where it is a word in any of the services."""
    pl = polars()
    kinds: dict[str, Any] = {}
    for attribute in program.attributes:
        known = kinds.setdefault(attribute.id, pl.Float64)
        kinds[attribute.id] = pl.String if attribute.words else known
    return kinds


def _values(program: Program, id: str, keys: Any, owner: Any) -> list[float | str | None]:
    """Return an attribute of some cases, by the words of cases and the numbers of their services."""
    of = {a.service: (n, a) for n, a in enumerate(program.attributes) if a.id == id}
    return [
        value_of(program.parts, *of[service], key) if service in of else None
        for key, service in zip(keys.tolist(), owner.tolist(), strict=True)
    ]
