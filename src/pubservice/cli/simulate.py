"""The command ``simulate``."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pubservice.cli.options import format_option, lang_option, max_bytes_option
from pubservice.cli.running import guarded, print_json, read_organisation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

    from pubservice.messages import Language


@click.command("simulate")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--horizon", default=None, help="How long each run is, in elapsed time, such as '1 year'.")
@click.option("--cases", type=int, default=None, help="Instead: how many cases arrive in each run.")
@click.option(
    "--warm-up", default=None, help="What is left out of the beginning of each run; found where left out."
)
@click.option("--replications", type=int, default=20, show_default=True, help="How many runs each has.")
@click.option(
    "--precision", default=None, help="Such as '2 %': add runs until every mean cycle time is as sure."
)
@click.option(
    "--most-replications",
    type=int,
    default=1000,
    show_default=True,
    help="At most so many, with --precision.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of all random numbers.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that run it."
)
@click.option(
    "--log", default=None, help="Write the event log of the first run to this Parquet file; takes one FILE."
)
@click.option("--overwrite", is_flag=True, help="Replace that file if it is there.")
@click.option(
    "--max-memory",
    type=click.IntRange(min=1),
    default=2 * 1024**3,
    show_default=True,
    help="In bytes; a study that would take more is refused.",
)
@format_option
@lang_option
@max_bytes_option
def simulate_command(
    files: tuple[str, ...],
    horizon: str | None,
    cases: int | None,
    warm_up: str | None,
    replications: int,
    precision: str | None,
    most_replications: int,
    seed: int,
    workers: int,
    log: str | None,
    overwrite: bool,
    max_memory: int,
    style: str,
    lang: Language,
    max_bytes: int | None,
) -> None:
    """Simulate each FILE as a scenario, and print means with 95 % intervals, and differences to the first FILE."""

    def work() -> int:
        from pubservice.simulation.simulate import simulate

        if log is not None:
            _check_log(log, files, overwrite=overwrite)
        scenarios = {name: read_organisation(file, max_bytes) for name, file in _names(files).items()}
        with _progress() as progress, _executor(workers) as executor:
            study = simulate(
                scenarios,
                horizon=horizon,
                cases=cases,
                warm_up=warm_up,
                replications=replications,
                precision=precision,
                most_replications=most_replications,
                seed=seed,
                executor=executor,
                max_memory=max_memory,
                progress=progress,
            )
        if log is not None:
            from pubservice.simulation.single_run import write_simulated_log

            (organisation,) = scenarios.values()
            write_simulated_log(organisation, log, horizon=horizon, cases=cases, seed=seed)
        first, *others = scenarios
        differences = [
            study.difference(name, first, "cycle_time", of=service.id)
            for name in others
            for service in study.scenario(name).services
            if any(service.id == same.id for same in study.scenario(first).services)
        ]
        if style == "json":
            print_json(study.data() | {"differences": [each.data() for each in differences]})
        else:
            click.echo("\n".join([study.text(lang), *(each.text(lang) for each in differences)]))
        return 0

    guarded(lang, work)


def _names(files: tuple[str, ...]) -> dict[str, str]:
    """Return files by the names of their scenarios: the stem, or the whole path where two have the same."""
    stems = [Path(file).stem for file in files]
    return {file if stems.count(stem) > 1 else stem: file for file, stem in zip(files, stems, strict=True)}


def _check_log(log: str, files: tuple[str, ...], *, overwrite: bool) -> None:
    from pubservice.errors import InvalidFileError, InvalidStudyError, Problem
    from pubservice.messages import Message

    if len(files) > 1:
        raise InvalidStudyError(Message("--log takes one file: it writes the first run of one scenario"))
    if any(Path(log).resolve() == Path(file).resolve() for file in files):
        raise InvalidFileError(
            log, [Problem("", Message("is what is simulated: name another file for the log"))]
        )
    if not Path(log).resolve().parent.is_dir():
        raise InvalidFileError(log, [Problem("", Message("cannot be written: there is no such folder"))])
    if Path(log).exists() and not overwrite:
        raise InvalidFileError(log, [Problem("", Message("is there already: --overwrite replaces it"))])


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Give what draws a bar on standard error, on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    bar: Any
    with click.progressbar(length=1, file=sys.stderr) as bar:

        def tell(done: int, planned: int) -> None:
            bar.length = planned
            bar.update(done - bar.pos)

        yield tell


@contextmanager
def _executor(workers: int) -> Iterator[Executor | None]:
    """Give so many processes, which end with the command; none where one is enough."""
    if workers == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    executor = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield executor
    except BaseException:
        for worker in active_children():  # else what they have begun would be waited for
            worker.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)
