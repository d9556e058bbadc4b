"""Work given out to others: how much at a time, what is done about workers that die, and schedulers that do not answer.

Pools and clusters are played by a few lines here; real ones are in `test_run.py`.
"""

from __future__ import annotations

import os
import socket
import sys
from types import SimpleNamespace

import joblib
import pytest
from joblib.externals.loky.process_executor import TerminatedWorkerError

from games.errors import BackendError, MethodError
from solvers.uncertainty import _backends


def square(item):
    return item * item


SQUARES = [(k, k * k) for k in range(10)]


def test_a_port_that_is_open_and_silent_is_given_up(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(_backends, "_PATIENCE", 1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BackendError, match="nothing came back within 1 seconds"):
            list(_backends.each(abs, [1], "dask", address=address))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"backend": "dusk"}, "did you mean 'dask'"),
        ({"backend": "serial", "address": "tcp://x:1"}, "applies to 'dask' and 'ray', not to 'serial'"),
        ({"backend": "joblib", "workers": 0}, "workers is 0; it must be at least 1"),
        ({"backend": "joblib", "workers": True}, "workers is True; it must be at least 1"),
        ({"backend": "serial", "workers": 1}, "the serial backend has one"),
        ({"backend": "dask", "address": "tcp://x:1", "workers": 1}, "a running cluster has its own"),
        ({"backend": "ray", "address": "x:1", "workers": 1}, "a running cluster has its own"),
    ],
)
def test_options_that_do_not_apply(options, message):
    with pytest.raises(MethodError, match=message):
        _backends.each(square, range(3), **options)


def test_one_after_the_other():
    assert list(_backends.each(square, iter(range(10)))) == SQUARES


class Pool:
    """A pool of joblib whose workers die before they deliver some items, each a given number of times."""

    def __init__(self, deaths):
        self.deaths, self.options, self.given = dict(deaths), [], []

    def __call__(self, count, **options):
        self.options.append((count, options))
        return self.deliver

    def deliver(self, calls):
        for function, arguments, _ in calls:
            item = arguments[1]
            self.given.append(item)
            if self.deaths.get(item, 0) > 0:
                self.deaths[item] -= 1
                raise TerminatedWorkerError("died")
            yield function(*arguments)


def test_what_a_broken_pool_did_not_deliver_goes_to_a_new_one(monkeypatch):
    pool = Pool({2: 2, 5: 2})
    monkeypatch.setattr(joblib, "Parallel", pool)
    assert list(_backends.each(square, range(10), "joblib", 3)) == SQUARES
    assert pool.given == [0, 1, 2, 2, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9]
    # Two items for each of three workers, one at a time.
    usual = (3, {"return_as": "generator_unordered", "pre_dispatch": 6, "batch_size": 1})
    assert pool.options == [usual] * 5


def test_a_pool_that_breaks_three_times_without_a_result_is_given_up(monkeypatch):
    pool = Pool({2: 3})
    monkeypatch.setattr(joblib, "Parallel", pool)
    found = _backends.each(square, range(10), "joblib", 1)
    assert [next(found), next(found)] == [(0, 0), (1, 1)]
    # The first death came after results; three more without any are too many.
    pool.deaths[2] = 4
    with pytest.raises(BackendError, match=r"keep dying on items 2, 3, 4, \.\.\."):
        next(found)
    assert pool.given == [0, 1, 2, 2, 2, 2]
    monkeypatch.setattr(joblib, "Parallel", Pool({0: 3}))
    with pytest.raises(BackendError, match=r"keep dying on items 0, 1, 2$"):
        list(_backends.each(square, range(3), "joblib", 1))


def test_without_a_number_there_is_a_worker_for_each_core(monkeypatch):
    for cores, expected in ((5, 5), (None, 1)):
        pool = Pool({})
        monkeypatch.setattr(joblib, "Parallel", pool)
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        list(_backends.each(square, range(3), "joblib"))
        assert pool.options[0][0] == expected


class Dask:
    """`distributed` in one thread: a future is computed when it is asked for."""

    class KilledWorker(Exception):
        pass

    def __init__(self, workers=2, deaths=()):
        self.workers, self.deaths = workers, dict(deaths)
        self.clusters, self.clients, self.given, self.released = [], [], [], []
        self.most = self.closed = 0

    def LocalCluster(self, **options):
        self.clusters.append(options)
        return SimpleNamespace(close=lambda: setattr(self, "closed", self.closed + 1))

    def Client(self, cluster, **options):
        self.clients.append((cluster, options))
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    loop = None

    def scheduler_info(self, n_workers):
        return {"workers": dict.fromkeys(range(self.workers))}

    def nthreads(self):
        return dict.fromkeys(range(self.workers), 2)

    def submit(self, function, item, pure):
        assert pure is False
        self.given.append(item)

        def result():
            if self.deaths.get(item, 0) > 0:
                self.deaths[item] -= 1
                raise self.KilledWorker
            return function(item)

        key = f"{item} for the {self.given.count(item)}th time"
        return SimpleNamespace(key=key, result=result, release=lambda: self.released.append(key))

    def as_completed(self, loop):
        queue = []

        class Done:
            @staticmethod
            def add(future):
                queue.append(future)
                self.most = max(self.most, len(queue))

            def __iter__(self):
                while queue:
                    yield queue.pop(0)

        return Done()


@pytest.fixture
def dask(monkeypatch):
    def play(**options):
        monkeypatch.setitem(sys.modules, "distributed", Dask(**options))
        return sys.modules["distributed"]

    return play


def test_dask_has_two_items_a_thread_under_way_and_a_cluster_of_its_own(dask):
    played = dask(workers=2)
    assert list(_backends.each(square, range(20), "dask", 2)) == [(k, k * k) for k in range(20)]
    assert played.most == 8
    assert played.clusters[0]["n_workers"] == 2
    assert played.clusters[0]["threads_per_worker"] == 1
    assert played.clusters[0]["host"] == "127.0.0.1"
    assert played.clients[0][1] == {"timeout": 10, "set_as_default": False}
    assert played.closed == 1
    assert len(played.released) == 20


def test_dask_gives_an_item_out_three_times(dask):
    played = dask(deaths={3: 2})
    assert sorted(_backends.each(square, range(10), "dask", 1)) == SQUARES
    assert played.given.count(3) == 3
    assert sorted(played.given) == sorted([*range(10), 3, 3])
    played = dask(deaths={3: 3})
    with pytest.raises(BackendError, match="dask: the workers keep dying on item 3"):
        list(_backends.each(square, range(10), "dask", 1))
    assert played.given.count(3) == 3
    assert played.closed == 1


def test_dask_without_workers_or_without_an_answer(dask, monkeypatch):
    played = dask(workers=0)
    monkeypatch.setattr(_backends, "_answers", lambda distributed, address: None)
    with pytest.raises(BackendError, match="the Dask scheduler at 'tcp://x:1' has no workers"):
        list(_backends.each(square, range(3), "dask", address="tcp://x:1"))
    assert played.clients[0][0] == "tcp://x:1"
    assert played.clusters == []

    def silent(distributed, address):
        raise TimeoutError("silence\nand more")

    monkeypatch.setattr(_backends, "_answers", silent)
    with pytest.raises(BackendError, match=r"no Dask scheduler answers at 'tcp://x:1': silence$"):
        list(_backends.each(square, range(3), "dask", address="tcp://x:1"))


class Ray:
    """`ray` in one process: the last task that was given out is ready first."""

    class exceptions:
        class WorkerCrashedError(Exception):
            pass

    def __init__(self, cores=2, running=False, refused=None, crashing=()):
        self.cores, self.running, self.refused, self.crashing = cores, running, refused, crashing
        self.started, self.given, self.most, self.ended, self.retries = [], [], 0, 0, None

    def is_initialized(self):
        return self.running

    def init(self, **options):
        self.started.append(options)
        if self.refused is not None:
            raise self.refused

    def shutdown(self):
        self.ended += 1

    def cluster_resources(self):
        return {} if self.cores is None else {"CPU": self.cores}

    def put(self, function):
        return function

    def remote(self, max_retries):
        self.retries = max_retries

        def wrap(function):
            def task(*arguments):
                self.given.append(arguments)
                return function, arguments

            return SimpleNamespace(remote=task)

        return wrap

    def wait(self, under_way, num_returns):
        assert num_returns == 1
        self.most = max(self.most, len(under_way))
        return under_way[-1:], under_way[:-1]

    def get(self, ready):
        function, arguments = ready
        if arguments[1] in self.crashing:
            raise self.exceptions.WorkerCrashedError
        return function(*arguments)


@pytest.fixture
def ray(monkeypatch):
    def play(**options):
        monkeypatch.setitem(sys.modules, "ray", Ray(**options))
        return sys.modules["ray"]

    return play


@pytest.mark.parametrize(("cores", "most"), [(3, 6), (0.5, 2), (None, 2)])
def test_ray_has_two_items_a_core_under_way_in_whatever_order_they_end(ray, cores, most):
    played = ray(cores=cores)
    found = list(_backends.each(square, range(10), "ray", 3))
    assert sorted(found) == SQUARES
    assert found != SQUARES
    assert played.most == most
    # A task that is given out once more twice is given out three times.
    assert played.retries == 2
    assert played.started[0]["num_cpus"] == 3
    assert played.started[0]["include_dashboard"] is False
    assert played.started[0]["log_to_driver"] is False
    assert played.ended == 1


def test_ray_that_runs_already_goes_on(ray):
    played = ray(running=True)
    assert sorted(_backends.each(square, range(10), "ray")) == SQUARES
    assert (played.started, played.ended) == ([], 0)


def test_ray_elsewhere(ray):
    played = ray()
    list(_backends.each(square, range(3), "ray", address="head:1"))
    assert played.started[0]["address"] == "head:1"
    assert "num_cpus" not in played.started[0]
    assert played.started[0]["include_dashboard"] is None
    for error in (ConnectionError, RuntimeError, ValueError):
        ray(refused=error("nobody\nthere"))
        with pytest.raises(BackendError, match=r"Ray does not start or answer at 'head:1': nobody$"):
            list(_backends.each(square, range(3), "ray", address="head:1"))


def test_ray_gives_an_item_up_that_its_own_repetitions_did_not_save(ray):
    played = ray(crashing=(4,))
    with pytest.raises(BackendError, match="ray: the workers keep dying"):
        list(_backends.each(square, range(10), "ray"))
    assert played.ended == 1
