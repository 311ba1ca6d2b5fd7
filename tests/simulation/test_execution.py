"""Tasks give the same results on any executor."""

from __future__ import annotations

import math
import multiprocessing
import threading
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from pubservice.simulation.execution import execute, workers_of

TASKS = [float(n * n) for n in range(50)]


def pool(kind: str, workers: int) -> Executor:
    if kind == "threads":
        return ThreadPoolExecutor(workers)
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


@pytest.mark.parametrize(("kind", "workers"), [("threads", 1), ("threads", 3), ("processes", 2)])
def test_results_stand_in_the_order_of_the_tasks(kind: str, workers: int) -> None:
    """
    Whoever does them and whoever is first: results are those of doing one after another, and all are told of.
    """
    told: list[int] = []
    with pool(kind, workers) as executor:
        found = execute(math.sqrt, TASKS, executor=executor, done=told.append)
    assert found == execute(math.sqrt, TASKS) == [float(n) for n in range(50)]
    assert sum(told) == 50


def test_processes_get_batches_and_threads_single_tasks() -> None:
    """
    What each process has to start is started a few times, not fifty; a thread has nothing to start.
    """
    for kind, least, most in (("processes", 4, 8), ("threads", 50, 50)):
        told: list[int] = []
        with pool(kind, 2) as executor:
            execute(math.sqrt, TASKS, executor=executor, done=told.append)
        assert least <= len(told) <= most


class Somewhere(Executor):
    """An executor that says nothing of its workers."""


def test_workers_are_counted_as_far_as_they_are_told() -> None:
    """
    This thread is one; pools say how many they have; of others the processors of this machine are taken.
    """
    assert workers_of(None) == 1
    with ThreadPoolExecutor(3) as executor:
        assert workers_of(executor) == 3
    assert workers_of(Somewhere()) >= 1


def test_no_tasks_no_results() -> None:
    """
    Nothing to do is nothing done.
    """
    with ThreadPoolExecutor(1) as executor:
        assert execute(math.sqrt, [], executor=executor) == execute(math.sqrt, []) == []


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_what_fails_stops_the_rest(failure: type[BaseException]) -> None:
    """
    An interrupt or an error passes on, what has not begun is cancelled, and no results are returned.
    """
    started: list[int] = []

    def work(task: int) -> int:
        started.append(task)
        if task == 1:
            raise failure
        time.sleep(0.01)
        return task

    with ThreadPoolExecutor(1) as executor, pytest.raises(failure):
        execute(work, range(200), executor=executor)
    assert 2 <= len(started) < 200
    with pytest.raises(failure):
        execute(work, range(200))


def test_an_interrupt_while_waiting_cancels_what_has_not_begun() -> None:
    """
    Ctrl-C reaches the thread that waits: it passes on from there too.
    """
    release = threading.Event()

    def work(task: int) -> int:
        release.wait(5)
        return task

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    started = ThreadPoolExecutor(1)
    release.set()
    with started, pytest.raises(KeyboardInterrupt):
        execute(work, range(20), executor=started, done=interrupt)
