"""Work on many pictures by a few processes; one that dies costs the picture it was at, not the run.

Decoders are C code that meets hostile files, so they never run in the process that keeps the records.
What a picture may cost its process stands in `limits`.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, current_process, get_all_start_methods, get_context, parent_process
from typing import TypeVar

from gradphoto.adapters.limits import confine

Item = TypeVar("Item")
Result = TypeVar("Result")

_PRELOAD = ["gradphoto.stages.read", "gradphoto.stages.render"]
"""Imported once by the fork server, so that a worker starts in milliseconds."""


class WorkersTrouble(Exception):
    """No process can be had at all: infrastructure, and no picture's fault."""


class Died:
    """Instead of a result: the process died at this item, also when it was alone."""


_pools: dict[int, ProcessPoolExecutor] = {}
_turn = threading.Lock()
"""One batch at a time in a process: more would only share the same cores."""


def each(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int
) -> Iterator[tuple[Item, Result | Died]]:
    """Every item with the function's result, in order. What the function raises is raised here."""
    with _turn:
        futures = [(item, _submit(function, item, workers)) for item in items]
        for position, (item, future) in enumerate(futures):
            try:
                yield item, future.result()
            except BrokenProcessPool:
                _pools.pop(workers, None)
                yield from _one_by_one(function, [item for item, _ in futures[position:]])
                return
            except BaseException:
                for _, waiting in futures[position:]:
                    waiting.cancel()
                raise


def _submit(function: Callable[[Item], Result], item: Item, workers: int) -> Future[Result]:
    try:
        return _pool(workers).submit(function, item)
    except BrokenProcessPool as trouble:
        failed: Future[Result] = Future()
        failed.set_exception(trouble)
        return failed


def _pool(workers: int) -> ProcessPoolExecutor:
    if workers not in _pools:
        _pools[workers] = _new_pool(workers)
    return _pools[workers]


def _new_pool(workers: int) -> ProcessPoolExecutor:
    if current_process().daemon:  # as Dask's nanny makes its workers
        raise WorkersTrouble("这个工作进程不许再起子进程：启动 dask worker 时请加 --no-nanny")
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    context = get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(_PRELOAD)
    return ProcessPoolExecutor(workers, context, initializer=_begin)


def _one_by_one(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result | Died]]:
    """A process for itself each, so that it is known at which item it dies."""
    pool = _proven_pool()
    for item in items:
        try:
            yield item, pool.submit(function, item).result()
        except BrokenProcessPool:
            yield item, Died()
            pool = _proven_pool()
    pool.shutdown()


def _proven_pool() -> ProcessPoolExecutor:
    """One process that has worked already, so that its end is the next item's doing."""
    pool = _new_pool(1)
    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool:
        raise WorkersTrouble("工作进程无法启动，请检查内存和安装") from None
    return pool


def _begin() -> None:
    """A worker leaves Ctrl-C to its parent, does not outlive it, and takes no more than is its due."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confine()
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
