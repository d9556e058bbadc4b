"""The same function over many items, here or elsewhere: one process, joblib, a Dask cluster, or Ray.

Results come back as they are done. Never more than a few items a worker are under way, so that memory stays bounded. A worker
that dies costs the items it had in hand: they are given out again, at most three times each.
"""

from __future__ import annotations

import importlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeAlias, TypeVar

from games.errors import BackendError, MethodError, did_you_mean

__all__ = ["BACKENDS", "Backend", "each"]

Backend: TypeAlias = Literal["serial", "joblib", "dask", "ray"]
T = TypeVar("T")

# How often an item is given out before its workers' deaths are taken for its own fault.
_TRIES = 3
# Items under way for each worker: one at work and one waiting.
_AHEAD = 2
# Seconds that a scheduler has to answer.
_PATIENCE = 10


def each(
    function: Callable[[int], T],
    items: Iterable[int],
    backend: Backend = "serial",
    workers: int | None = None,
    address: str | None = None,
) -> Iterator[tuple[int, T]]:
    """Yield (item, result) for each item, in the order in which they are done.

    Parameters
    ----------
    backend : `serial`, `joblib` (processes on this machine), `dask`, or `ray`
    workers : how many processes; by default one for each core. With an `address` the cluster's own.
    address : of a running Dask scheduler (`tcp://127.0.0.1:8786`) or Ray head; left out, workers are started on this machine

    Raises
    ------
    MethodError
        For an unknown backend, options that do not apply to it, or a package that is not installed.
    BackendError
        For a scheduler that does not answer, or workers that keep dying.

    Examples
    --------
    >>> sorted(each(abs, [-1, 2]))
    [(-1, 1), (2, 2)]
    """
    known = BACKENDS
    if backend not in known:
        raise MethodError(f"there is no backend {backend!r}{did_you_mean(backend, known)}")
    if address is not None and backend not in ("dask", "ray"):
        raise MethodError(f"an address applies to 'dask' and 'ray', not to {backend!r}")
    if workers is not None and (isinstance(workers, bool) or workers < 1):
        raise MethodError(f"workers is {workers!r}; it must be at least 1")
    if workers is not None and (backend == "serial" or address is not None):
        where = "the serial backend has one" if backend == "serial" else "a running cluster has its own"
        raise MethodError(f"workers does not apply: {where}")
    return known[backend](function, list(items), workers, address)


def _serial(
    function: Callable[[int], T], items: list[int], workers: int | None, address: str | None
) -> Iterator[tuple[int, T]]:
    for item in items:
        yield item, function(item)


def _pair(function: Callable[[int], T], item: int) -> tuple[int, T]:
    return item, function(item)


def _joblib(
    function: Callable[[int], T], items: list[int], workers: int | None, address: str | None
) -> Iterator[tuple[int, T]]:
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    count = workers or os.cpu_count() or 1
    left = dict.fromkeys(items)
    failures = 0
    while left:
        before = len(left)
        # A dead worker breaks the pool of joblib; what was not delivered goes to a new one.
        pool = Parallel(count, return_as="generator_unordered", pre_dispatch=_AHEAD * count, batch_size=1)
        try:
            for item, result in pool(delayed(_pair)(function, item) for item in list(left)):
                del left[item]
                yield item, result
        except TerminatedWorkerError:
            failures = 0 if len(left) < before else failures + 1
            if failures >= _TRIES:
                raise BackendError(f"joblib: the workers keep dying on items {_few(left)}") from None


def _dask(
    function: Callable[[int], T], items: list[int], workers: int | None, address: str | None
) -> Iterator[tuple[int, T]]:
    distributed = _imported("distributed", "dask")
    cluster = None
    if address is None:
        cluster = distributed.LocalCluster(
            n_workers=workers or os.cpu_count() or 1,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=50,
        )
    try:
        try:
            if address is not None:
                _answers(distributed, address)
            client = distributed.Client(
                cluster if address is None else address, timeout=_PATIENCE, set_as_default=False
            )
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise BackendError(f"no Dask scheduler answers at {address!r}: {reason}") from None
        with client:
            if not client.scheduler_info(n_workers=-1)["workers"]:
                raise BackendError(f"the Dask scheduler at {address!r} has no workers")
            width = _AHEAD * sum(client.nthreads().values())
            waiting = iter(items)
            tries: dict[int, int] = {}
            futures: dict[str, int] = {}
            done = distributed.as_completed(loop=client.loop)

            def submit(item: int) -> None:
                tries[item] = tries.get(item, 0) + 1
                future = client.submit(function, item, pure=False)
                futures[future.key] = item
                done.add(future)

            for item in itertools.islice(waiting, width):
                submit(item)
            for future in done:
                item = futures.pop(future.key)
                try:
                    result = future.result()
                except distributed.KilledWorker:
                    if tries[item] >= _TRIES:
                        raise BackendError(f"dask: the workers keep dying on item {item}") from None
                    submit(item)
                    continue
                finally:
                    future.release()
                yield item, result
                for following in itertools.islice(waiting, 1):
                    submit(following)
    finally:
        if cluster is not None:
            cluster.close()


def _answers(distributed: Any, address: str) -> None:
    """Raise TimeoutError unless a scheduler says who it is in time; an open but silent port holds a client forever."""
    import asyncio

    async def ask() -> None:
        async with distributed.rpc(address) as scheduler:
            await scheduler.identity(n_workers=0)

    try:
        asyncio.run(asyncio.wait_for(ask(), _PATIENCE))
    except TimeoutError:
        raise TimeoutError(f"nothing came back within {_PATIENCE} seconds") from None


def _ray(
    function: Callable[[int], T], items: list[int], workers: int | None, address: str | None
) -> Iterator[tuple[int, T]]:
    ray = _imported("ray", "ray")
    own = not ray.is_initialized()
    if own:
        options: dict[str, Any] = {"address": address} if address else {"num_cpus": workers or os.cpu_count()}
        try:
            ray.init(
                include_dashboard=False if not address else None,
                log_to_driver=False,
                logging_level=50,
                **options,
            )
        except (ConnectionError, RuntimeError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise BackendError(f"Ray does not start or answer at {address!r}: {reason}") from None
    try:
        task = ray.remote(max_retries=_TRIES - 1)(_pair)
        shared = ray.put(function)
        width = _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        waiting = iter(items)
        under_way = [task.remote(shared, item) for item in itertools.islice(waiting, width)]
        while under_way:
            ready, under_way = ray.wait(under_way, num_returns=1)
            try:
                item, result = ray.get(ready[0])
            except ray.exceptions.WorkerCrashedError:
                raise BackendError("ray: the workers keep dying on one item") from None
            yield item, result
            under_way += [task.remote(shared, following) for following in itertools.islice(waiting, 1)]
    finally:
        if own:
            ray.shutdown()


BACKENDS: dict[str, Callable[..., Iterator[tuple[int, Any]]]] = {
    "serial": _serial,
    "joblib": _joblib,
    "dask": _dask,
    "ray": _ray,
}


def _imported(module: str, backend: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise MethodError(
            f"backend={backend!r} needs the package {module!r}: pip install 'concert-of-powers[cluster]'"
        ) from None


def _few(items: Iterable[int]) -> str:
    first = list(itertools.islice(items, 4))
    return ", ".join(str(k) for k in first[:3]) + (", ..." if len(first) > 3 else "")
