"""Runs in chunks: the same bytes whoever computes them, whoever dies, and however often they are interrupted."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from games.errors import BackendError, ConvergenceError, GameError, MethodError, OutputError, ScenarioError
from solvers import uncertainty
from solvers.uncertainty import _backends, _run
from tests.solvers.uncertainty.worlds import duel, small

pytest.importorskip("pyarrow")

DRAWS, CHUNK = 300, 64


def digest(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serial")
    return uncertainty.run(small(), DRAWS, folder, chunk=CHUNK)


def test_chunks_are_evaluations_of_their_own_draws(plain):
    assert plain.complete
    assert plain.done == (0, 1, 2, 3, 4)
    frame = plain.to_frame()
    assert frame["draw"].tolist() == frame.index.tolist() == list(range(DRAWS))
    assert frame.columns[0] == "draw"
    model = small()
    seed = int(np.random.SeedSequence(0, spawn_key=(2,)).generate_state(1)[0])
    found = uncertainty.evaluate(
        model, model.draws(CHUNK, seed=seed), regimes="concert", autonomy=False
    ).to_frame()
    part = frame.iloc[2 * CHUNK : 3 * CHUNK].drop(columns="draw").reset_index(drop=True)
    assert list(part.columns) == list(found.columns)
    for name in found.columns:
        assert (part[name].to_numpy() == found[name].to_numpy()).all() or np.allclose(
            part[name], found[name], equal_nan=True
        )


def test_shares_are_those_of_the_whole_table(plain):
    frame = plain.to_frame()
    table = plain.shares.set_index("condition")
    assert table.loc["holds", "share"] == pytest.approx(frame["concert: holds"].mean())
    assert table.loc["North gains", "share"] == pytest.approx(
        (frame["concert: premium low, North"] > 0).mean()
    )
    assert (table["draws"] == DRAWS).all()
    assert table["between chunks"].notna().all()


@pytest.mark.parametrize(("backend", "workers"), [("joblib", 1), ("joblib", 2)])
def test_the_same_bytes_from_joblib(plain, tmp_path, backend, workers):
    uncertainty.run(small(), DRAWS, tmp_path, chunk=CHUNK, backend=backend, workers=workers)
    assert digest(tmp_path) == digest(plain.folder)


def test_an_interrupted_run_goes_on(plain, tmp_path, monkeypatch):
    from solvers.uncertainty import _run

    original = _run.evaluate
    calls = []

    def counting(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return original(*args, **kwargs)

    monkeypatch.setattr(_run, "evaluate", counting)
    with pytest.raises(KeyboardInterrupt):
        uncertainty.run(small(), DRAWS, tmp_path, chunk=CHUNK)
    assert uncertainty.open_run(tmp_path).done == (0, 1)
    assert "run it again to go on" in uncertainty.open_run(tmp_path).summary()
    # Half a file, as a full disk would leave it, counts as none.
    (tmp_path / "chunk-000001.parquet").write_bytes(
        (plain.folder / "chunk-000001.parquet").read_bytes()[:100]
    )
    monkeypatch.setattr(_run, "evaluate", lambda *a, **k: (calls.append(1), original(*a, **k))[1])
    calls.clear()
    found = uncertainty.run(small(), DRAWS, tmp_path, chunk=CHUNK)
    assert len(calls) == 4
    assert found.complete
    assert digest(tmp_path) == digest(plain.folder)


def kill_one(folder, pids):
    """Kill one process when the first chunk is there and the next ones are being computed.

    Not at once: joblib waits for ever for a worker that dies in the middle of sending its result, which follows the file.
    """

    def watch():
        until = time.monotonic() + 600
        while time.monotonic() < until and not list(folder.glob("chunk-*.parquet")):
            time.sleep(0.002)
        time.sleep(0.05)
        for pid in pids()[:1]:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    killed: list[int] = []
    thread = threading.Thread(target=watch)
    thread.start()
    return thread, killed


def children(mark):
    """Processes that this one started and whose command line bears a mark."""
    out = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
            with open(f"/proc/{pid}/cmdline") as file:
                command = file.read()
        except OSError:
            continue
        if parent == os.getpid() and mark in command:
            out.append(int(pid))
    return out


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="finds worker processes in /proc")
@pytest.mark.filterwarnings("ignore")
def test_a_killed_joblib_worker_costs_its_chunk_only(tmp_path):
    thread, killed = kill_one(tmp_path, lambda: children("popen_loky"))
    uncertainty.run(small(), DRAWS, tmp_path, chunk=CHUNK // 2, backend="joblib", workers=2)
    thread.join()
    assert killed
    expected = tmp_path.parent / f"{tmp_path.name} expected"
    uncertainty.run(small(), DRAWS, expected, chunk=CHUNK // 2)
    assert digest(tmp_path) == digest(expected)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_of_two_with_one_worker_killed_in_the_middle(plain, tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as cluster:
        pids = lambda: [worker.pid for worker in cluster.workers.values()]  # noqa: E731
        thread, killed = kill_one(tmp_path, pids)
        uncertainty.run(
            small(), DRAWS, tmp_path, chunk=CHUNK // 4, backend="dask", address=cluster.scheduler_address
        )
        thread.join()
    assert killed
    expected = tmp_path.parent / f"{tmp_path.name} expected"
    uncertainty.run(small(), DRAWS, expected, chunk=CHUNK // 4)
    assert digest(tmp_path) == digest(expected)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_workers_of_its_own(plain, tmp_path):
    pytest.importorskip("distributed")
    uncertainty.run(small(), DRAWS, tmp_path, chunk=CHUNK, backend="dask", workers=2)
    assert digest(tmp_path) == digest(plain.folder)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_ray_with_one_worker_killed_in_the_middle(plain, tmp_path, monkeypatch):
    ray = pytest.importorskip("ray")
    root = os.getcwd()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]))
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=50)
    try:
        pids = lambda: [  # noqa: E731
            int(p) for p in os.listdir("/proc") if p.isdigit() and busy_ray_worker(int(p))
        ]
        thread, killed = kill_one(tmp_path, pids)
        uncertainty.run(small(), DRAWS, tmp_path, chunk=CHUNK // 4, backend="ray")
        thread.join()
    finally:
        ray.shutdown()
    expected = tmp_path.parent / f"{tmp_path.name} expected"
    uncertainty.run(small(), DRAWS, expected, chunk=CHUNK // 4)
    assert digest(tmp_path) == digest(expected)
    assert killed


def busy_ray_worker(pid):
    """Is this a Ray worker of this test at work? Ray names a worker's process after its task."""
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            command = file.read()
        with open(f"/proc/{pid}/stat") as file:
            session = file.read().rsplit(")", 1)[1].split()
        return command.startswith("ray::_pair") and bool(session)
    except OSError:
        return False


def test_a_folder_of_another_run_is_refused_and_left_alone(plain):
    before = digest(plain.folder)
    for options in (
        {"seed": 1},
        {"chunk": 32},
        {"map": "swap"},
        {"regimes": "all-out"},
        {"mixed": "all"},
        {"together": 1.0},
    ):
        with pytest.raises(OutputError, match="holds another run: its") as caught:
            uncertainty.run(small(), DRAWS, plain.folder, **{"chunk": CHUNK, **options})
        assert "\n" not in str(caught.value)
    with pytest.raises(OutputError, match="its fingerprint is"):
        uncertainty.run(small().with_parameters(war_cost=0.02), DRAWS, plain.folder, chunk=CHUNK)
    assert digest(plain.folder) == before


def test_strange_folders(tmp_path):
    with pytest.raises(OutputError, match="holds no run"):
        uncertainty.open_run(tmp_path)
    (tmp_path / "chunk-000000.parquet").write_bytes(b"precious")
    with pytest.raises(OutputError, match=r"holds chunks without a manifest"):
        uncertainty.run(small(), 10, tmp_path)
    assert (tmp_path / "chunk-000000.parquet").read_bytes() == b"precious"
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(OutputError, match="cannot be read"):
        uncertainty.open_run(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(OutputError, match="not the manifest"):
        uncertainty.open_run(tmp_path)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        uncertainty.run(small(), 10, file / "run")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": 0}, MethodError, "at least one draw"),
        ({"n": 10, "chunk": 0}, MethodError, "chunk is 0"),
        ({"n": 2.5}, GameError, "n must be a whole number"),
        ({"n": True}, GameError, "n must be a whole number"),
        ({"n": 10, "chunk": 2.5}, MethodError, "chunk must be a whole number"),
        ({"n": 10, "chunk": True}, MethodError, "chunk must be a whole number"),
        ({"n": 10, "backend": "dusk"}, MethodError, "did you mean 'dask'"),
        ({"n": 10, "backend": "serial", "workers": 2}, MethodError, "workers does not apply"),
        (
            {"n": 10, "backend": "joblib", "address": "tcp://x:1"},
            MethodError,
            "an address applies to 'dask' and 'ray'",
        ),
        ({"n": 10, "backend": "joblib", "workers": 0}, MethodError, "workers is 0"),
        ({"n": 10, "regimes": {}}, MethodError, "name at least one"),
        ({"n": 10, "map": "swop"}, ScenarioError, "did you mean 'swap'"),
        ({"n": 10, "switches": ("claim",)}, ScenarioError, "did you mean 'claims'"),
    ],
)
def test_bad_input_is_said_before_anything_is_written(tmp_path, arguments, error, message):
    target = tmp_path / "run"
    with pytest.raises(error, match=message):
        uncertainty.run(small(), arguments.pop("n"), target, **arguments)
    assert not list(target.glob("chunk-*"))
    assert "switches" not in arguments or not target.exists()


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(_backends, "_PATIENCE", 0.5)
    with pytest.raises(BackendError, match=r"no Dask scheduler answers at 'tcp://127.0.0.1:9'") as caught:
        uncertainty.run(small(), 10, tmp_path / "a", backend="dask", address="tcp://127.0.0.1:9")
    assert "\n" not in str(caught.value)
    with pytest.raises(BackendError, match="no Dask scheduler answers"):
        uncertainty.run(small(), 10, tmp_path / "b", backend="dask", address="not an address")


@pytest.mark.parametrize(("module", "backend"), [("distributed", "dask"), ("ray", "ray")])
def test_missing_packages(tmp_path, monkeypatch, module, backend):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MethodError, match=r"pip install 'concert-of-powers\[cluster\]'"):
        uncertainty.run(small(), 10, tmp_path, backend=backend)


def test_without_pyarrow(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MethodError, match=r"concert-of-powers\[uncertainty\]"):
        uncertainty.run(small(), 10, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with pytest.raises(MethodError, match=r"concert-of-powers\[uncertainty\]"):
        uncertainty.open_run(tmp_path / "new")


def _always_dies(item):
    if item == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


@pytest.mark.filterwarnings("ignore")
def test_an_item_that_kills_its_workers_is_given_up():
    with pytest.raises(BackendError, match="keep dying"):
        list(_backends.each(_always_dies, range(3), "joblib", 2))


def test_a_chunk_with_damaged_pages_is_named(plain, tmp_path):
    for path in plain.folder.iterdir():
        content = bytearray(path.read_bytes())
        if path.name == "chunk-000001.parquet":
            # The end, where the length stands, is left whole.
            content[4:400] = b"\xff" * 396
        (tmp_path / path.name).write_bytes(content)
    with pytest.raises(OutputError, match=r"chunk-000001\.parquet is damaged"):
        uncertainty.open_run(tmp_path).to_frame()


def test_a_chunk_of_another_run_is_refused_and_left_alone(plain, tmp_path):
    """Chunks of equal length, copied in by hand: of another seed, of another world, of another place, or by another program."""
    import pyarrow.parquet as pq

    other = tmp_path / "other"
    uncertainty.run(small(), CHUNK, other, chunk=CHUNK, seed=1)
    warped = tmp_path / "warped"
    uncertainty.run(small().with_parameters(war_cost=0.02), CHUNK, warped, chunk=CHUNK)
    bare = tmp_path / "bare.parquet"
    pq.write_table(pq.read_table(plain.folder / "chunk-000000.parquet").replace_schema_metadata(None), bare)
    short = tmp_path / "short"
    uncertainty.run(small(), CHUNK // 2, short, chunk=CHUNK // 2)
    for source in (
        other / "chunk-000000.parquet",
        warped / "chunk-000000.parquet",
        plain.folder / "chunk-000001.parquet",
        bare,
        short / "chunk-000000.parquet",
    ):
        folder = tmp_path / f"mixed {source.parent.name} {source.stem}"
        folder.mkdir()
        for path in plain.folder.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "chunk-000000.parquet").write_bytes(source.read_bytes())
        before = digest(folder)
        for ask in (
            lambda folder=folder: uncertainty.open_run(folder),
            lambda folder=folder: uncertainty.run(small(), DRAWS, folder, chunk=CHUNK),
        ):
            with pytest.raises(
                OutputError, match="is not chunk 0 of this run: another run wrote it"
            ) as caught:
                ask()
            assert "\n" not in str(caught.value)
        assert digest(folder) == before
        (folder / "chunk-000000.parquet").unlink()
        assert digest(uncertainty.run(small(), DRAWS, folder, chunk=CHUNK).folder) == digest(plain.folder)


@pytest.mark.parametrize("backend", ["serial", "joblib"])
def test_a_time_limit_keeps_the_chunks_that_are_done(tmp_path, plain, backend):
    if backend != "serial":
        pytest.importorskip(backend)
    found = uncertainty.run(small(), DRAWS, tmp_path, chunk=CHUNK, backend=backend, time_limit=1e-6)
    assert not found.complete
    assert found.draws < DRAWS
    assert "run it again to go on" in found.summary()
    again = uncertainty.run(small(), DRAWS, tmp_path, chunk=CHUNK, time_limit=600.0)
    assert again.complete
    assert digest(tmp_path) == digest(plain.folder)


def copied(plain, folder, chunks):
    """A run of which only some chunks are there."""
    for path in plain.folder.iterdir():
        if not path.name.startswith("chunk") or int(path.stem[-6:]) in chunks:
            (folder / path.name).write_bytes(path.read_bytes())
    return uncertainty.open_run(folder)


def test_the_spread_between_full_chunks(plain, tmp_path):
    found = copied(plain, tmp_path, {1, 2, 3, 4})
    assert found.done == (1, 2, 3, 4)
    assert found.draws == 3 * CHUNK + 44
    frames = list(found.frames())
    assert [len(f) for f in frames] == [CHUNK, CHUNK, CHUNK, 44]
    table = found.shares.set_index("condition")
    whole = found.to_frame()
    for condition in ("holds", "pays all", "pays all and holds", "North gains", "South gains", "East gains"):
        power = condition.removesuffix(" gains")
        column = f"concert: {condition}" if power == condition else f"concert: premium low, {power}"
        means = [(f[column] > 0).mean() for f in frames]
        assert table.loc[condition, "share"] == pytest.approx((whole[column] > 0).mean())
        # The last chunk is shorter, and its share less sure.
        expected = 1.96 * np.std(means[:3], ddof=1) / np.sqrt(3)
        assert table.loc[condition, "between chunks"] == pytest.approx(expected)
    assert set(table["regime"]) == {"concert"}


def test_one_chunk_has_no_spread_and_none_no_shares(plain, tmp_path):
    (tmp_path / "one").mkdir()
    one = copied(plain, tmp_path / "one", {4})
    assert one.shares["between chunks"].isna().all()
    assert not one.complete
    assert "<table" in one._repr_html_()
    assert "between chunks" in repr(one)
    (tmp_path / "none").mkdir()
    none = copied(plain, tmp_path / "none", set())
    assert (none.done, none.draws) == ((), 0)
    for ask in (none.to_frame, lambda: none.shares):
        with pytest.raises(MethodError, match="no chunk is done yet"):
            ask()
    assert repr(none) == none.summary()
    assert none._repr_html_() == f"<p>{none.summary()}</p>".replace("'", "&#x27;")


def test_columns_by_name_and_files_that_are_no_chunks(plain, tmp_path):
    for name in ("chunk-000005.parquet", "chunk-old.parquet"):
        (tmp_path / name).write_bytes(b"notes")
    found = copied(plain, tmp_path, {0, 1, 2, 3, 4})
    assert found.complete
    frames = list(found.frames(["draw", "concert: holds"]))
    assert [list(f.columns) for f in frames] == [["draw", "concert: holds"]] * 5
    with pytest.raises(MethodError, match="no column 'concert: hold'; did you mean 'concert: holds'"):
        next(found.frames(["concert: hold"]))


def test_one_draw_in_chunks_of_the_usual_size(tmp_path):
    found = uncertainty.run(duel(), 1, tmp_path / "one")
    assert (found.draws, found.manifest["chunk"], found.manifest["seed"]) == (1, 4096, 0)
    assert found.manifest["autonomy"] is False
    assert uncertainty.run(duel(), 2, tmp_path / "two", chunk=1).done == (0, 1)


def test_a_chunk_is_begun_if_any_time_is_left(monkeypatch):
    limits = []

    def evaluate(*arguments, time_limit, **options):
        limits.append(time_limit)
        raise ConvergenceError("the time was over", "evaluate")

    monkeypatch.setattr(_run, "evaluate", evaluate)
    monkeypatch.setattr(_run, "time", SimpleNamespace(time=lambda: 100.0))
    work = _run._Chunks(
        duel(), "status quo", {"concert": (0, 0)}, {}, 4, 4, 0, "never", False, {}, ends=100.5
    )
    assert work(0) is None
    assert limits == [0.5]
    for over in (100.0, 99.75):
        assert replace(work, ends=over)(0) is None
    assert limits == [0.5]
    with pytest.raises(ConvergenceError):
        replace(work, ends=None)(0)
    assert limits == [0.5, None]
