"""Tasks, one after another or on an executor: the same results in the same order."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TYPE_CHECKING, TypeVar

from pubservice.errors import InvalidStudyError
from pubservice.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future

T = TypeVar("T")
R = TypeVar("R")

_PER_WORKER = 4  # batches, so that a slow one does not keep the others waiting


def execute(
    work: Callable[[T], R],
    tasks: Sequence[T],
    *,
    executor: Executor | None = None,
    done: Callable[[int], None] | None = None,
) -> list[R]:
    """
    Return the result of each task, in the order of the tasks.

    To processes tasks go in batches, so that what each has to start is started once; to other executors one by one.
    Where a task fails, or is interrupted, those that have not begun are cancelled and no result is returned.

    Args:
        work: What is done to a task; both travel to other processes.
        tasks: In any number.
        executor: Any of `concurrent.futures`; None for this thread.
        done: Told how many more tasks are done, as they are.
    """
    tell = done or _nothing
    if executor is None:
        results = []
        for task in tasks:
            results.append(work(task))
            tell(1)
        return results
    size = _batch_size(len(tasks), executor)
    batches = [tasks[begin : begin + size] for begin in range(0, len(tasks), size)]
    futures: list[Future[list[R]]] = []
    try:
        futures.extend(executor.submit(_each, work, batch) for batch in batches)
        sizes = {future: len(batch) for future, batch in zip(futures, batches, strict=True)}
        for future in as_completed(futures):
            future.result()
            tell(sizes[future])
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return [result for future in futures for result in future.result()]


def _nothing(_: int) -> None:
    pass


def _each(work: Callable[[T], R], tasks: Sequence[T]) -> list[R]:
    return [work(task) for task in tasks]


def workers_of(executor: Executor | None) -> int:
    """
    Return how many tasks run at once on this machine, as far as the executor tells.

    Raises:
        InvalidStudyError: It takes no tasks.
    """
    if executor is None:
        return 1
    if not callable(getattr(executor, "submit", None)):
        message = Message(
            "executor: expected one of concurrent.futures such as ProcessPoolExecutor(2), got {value!r}",
            value=executor,
        )
        raise InvalidStudyError(message)
    return (
        getattr(executor, "_max_workers", None) or os.cpu_count() or 1
    )  # pools tell it under no public name


def _batch_size(tasks: int, executor: Executor) -> int:
    if not isinstance(executor, ProcessPoolExecutor):
        return 1
    return max(1, -(-tasks // (workers_of(executor) * _PER_WORKER)))
