"""Mutation testing of the kernels: each mutant must make a test of its own file fail.

    python tests/mutants                              all mutants of all kernels (hours)
    python tests/mutants solvers/minmax.py            all mutants of one file
    python tests/mutants --each 20 --seed 7           twenty of each file
    python tests/mutants --each 12 --seconds 120         files in an order drawn from the seed, until the time is up

Only the mirrored test file and the file's own doctests run: an accident in a far test is no test of the kernel. A run of the
file as it is says which tests execute which line; a mutant first meets those, and the others only if it survives. Each
mutant lives in a forked process and in memory, so that no file changes. `equivalent.toml` lists the mutants that no
test can kill, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

from operators import Mutant, code_of, mutants

ROOT = Path(__file__).resolve().parents[2]
# By folder or file.
KERNELS = [
    "games/exact.py",
    "games/spheres/contest.py",
    "games/spheres/payoffs.py",
    "games/spheres/_evaluate.py",
    "solvers/equilibrium/proof.py",
    "solvers/equilibrium/rational.py",
    "solvers/nash/many_players",
    "solvers/nash/two_players",
    "solvers/repeated/patience",
    "solvers/repeated/payoff_sets",
    "solvers/uncertainty",
]
# A mutant may take this many times the processor time of the tests as they are, and some seconds: beyond that it hangs.
SLOWER, SECONDS = 5.0, 5.0
# And this long by the clock, for a mutant that waits for something; generous, for the machine may be busy.
WALL = 300.0
# pytest's own word for a file without tests: none of its lines is run.
_NO_TESTS = 5


def tests_of(path: str) -> list[str]:
    """The file itself, for its doctests, and the mirrored test file."""
    file = Path(path)
    mirrored = Path("tests") / file.parent / f"test_{file.stem.removeprefix('_')}.py"
    return [path, str(mirrored)] if (ROOT / mirrored).exists() else [path]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python tests/mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", help="files or folders; without any, the kernels")
    parser.add_argument("--each", type=int, help="mutants drawn from each file")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--seconds", type=float, help="begin no further mutant after this time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--output", help="a JSON file for the results")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    stop = time.monotonic() + options.seconds if options.seconds else float("inf")
    # Before NumPy is loaded: a process that is forked off needs no threads.
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    _load_what_never_changes()
    files = [str(f) for name in options.files or KERNELS for f in _files(Path(name))]
    if options.seconds:
        random.Random(options.seed).shuffle(files)
    excused = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))
    results: dict[str, dict[str, Any]] = {}
    for file in files:
        if time.monotonic() >= stop:
            break
        results[file] = _one_file(file, options, stop, {e["mutant"] for e in excused.get(file, [])})
        if options.output:
            Path(options.output).write_text(json.dumps(results, indent=1), encoding="utf-8")
    _print_totals(results, options.seed)


def _files(place: Path) -> list[Path]:
    return sorted(f for f in place.rglob("*.py") if f.name != "__init__.py") if place.is_dir() else [place]


def _load_what_never_changes() -> None:
    """Import the libraries once; every mutant's process inherits them."""
    import hypothesis.extra.numpy
    import nashpy
    import numpy as np
    import pandas as pd
    import pytest
    import scipy.optimize
    import scipy.stats

    # No shrinking, for one failure is enough; nothing is written.
    hypothesis.settings.register_profile(
        "mutants",
        database=None,
        deadline=None,
        derandomize=True,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")
    assert all((nashpy, np, pd, pytest, scipy.optimize, scipy.stats))


def _one_file(file: str, options: argparse.Namespace, stop: float, excused: set[str]) -> dict[str, Any]:
    path = str(ROOT / file)
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    tests = tests_of(file)
    chosen = [m for m in mutants(tree) if m.key not in excused]
    of = len(chosen)
    if options.each and options.each < of:
        chosen = sorted(
            random.Random(f"{options.seed} {file}").sample(chosen, options.each), key=lambda m: m.lines[0]
        )
    started = time.monotonic()
    by_line, seconds = _as_it_is(path, tests)
    limit = SLOWER * seconds + SECONDS
    outcomes: dict[int, str] = {}
    waiting: list[tuple[int, set[str] | None]] = []
    for k, m in enumerate(chosen):
        reached = [by_line[line] for line in m.lines if line in by_line]
        if not reached:
            outcomes[k] = "not run"
        else:
            some = set().union(*reached)
            waiting.append((k, None if "" in some else some))
    waiting.reverse()
    try:
        _until_done(path, tree, chosen, tests, limit, stop, options.jobs, waiting, outcomes)
    except KeyboardInterrupt:
        print(f"{file}: interrupted")
        raise SystemExit(130) from None
    count = Counter(outcomes.values())
    dead = count["killed"] + count["hung"]
    print(
        f"{file}: {dead} of {len(outcomes)} killed ({count['hung']} by the time limit), {count['not run']} on lines not run; "
        f"{of} mutants, tests take {seconds:.1f} s, {time.monotonic() - started:.0f} s in all",
        flush=True,
    )
    left = [
        (chosen[k], outcome) for k, outcome in sorted(outcomes.items()) if outcome in ("survived", "not run")
    ]
    for m, outcome in left:
        print(f"  {file}:{m.lines[0]}: {outcome}: {m.key}", flush=True)
    return {
        "killed": dead,
        "tried": len(outcomes),
        "mutants": of,
        "equivalent": len(excused),
        "left": [[m.lines[0], outcome, m.key] for m, outcome in left],
    }


def _until_done(
    path: str,
    tree: ast.Module,
    chosen: list[Mutant],
    tests: list[str],
    limit: float,
    stop: float,
    jobs: int,
    waiting: list[tuple[int, set[str] | None]],
    outcomes: dict[int, str],
) -> None:
    """Run the waiting mutants, and those that survive the tests of their own lines once more with all tests."""
    running: dict[int, tuple[int, bool, float]] = {}  # process: mutant, whether all tests run, end
    begun: set[int] = set()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                k, selected = waiting.pop()
                # What was begun is finished: to drop only survivors would raise the score.
                if time.monotonic() >= stop and k not in begun:
                    continue
                begun.add(k)
                pid = _fork(path, tree, chosen[k], tests, selected, limit)
                running[pid] = (k, selected is None, time.monotonic() + WALL + SLOWER * limit)
            if not running:
                break
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                time.sleep(0.02)
                for other, (_, _, end) in running.items():
                    if time.monotonic() > end:
                        os.killpg(other, signal.SIGKILL)
                continue
            k, complete, _ = running.pop(pid)
            if status == 0 and not complete:
                waiting.append((k, None))
            else:
                outcomes[k] = "survived" if status == 0 else "hung" if os.WIFSIGNALED(status) else "killed"
    finally:
        for pid in running:
            os.killpg(pid, signal.SIGKILL)


def _as_it_is(path: str, tests: list[str]) -> tuple[dict[int, set[str]], float]:
    """Which tests execute each line of the file as it is, "" for all of them, and the processor time that they take."""
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "lines.json"
        pid = os.fork()
        if pid == 0:
            _quiet()
            os._exit(_measure(path, tests, record))
        _, status, usage = os.wait4(pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _NO_TESTS:
            return {}, 0.0
        if status != 0:
            sys.exit(f"the tests of {path} fail without any mutation: {' '.join(tests)}")
        lines = json.loads(record.read_text(encoding="utf-8"))
    return {int(line): set(names) for line, names in lines.items()}, usage.ru_utime + usage.ru_stime


def _measure(path: str, tests: list[str], record: Path) -> int:
    import coverage
    import pytest

    watch = coverage.Coverage(include=[path], data_file=None, config_file=False)

    class Contexts:
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
            watch.switch_context(item.nodeid)
            try:
                return (yield)
            finally:
                watch.switch_context("")

        @pytest.hookimpl(wrapper=True)
        def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Any:
            # What several tests share is not the first one's.
            if fixturedef.scope == "function":
                return (yield)
            watch.switch_context("")
            try:
                return (yield)
            finally:
                watch.switch_context(request._pyfuncitem.nodeid if request.scope == "function" else "")

    watch.start()
    code = pytest.main(_arguments(tests), plugins=[Contexts()])
    watch.stop()
    record.write_text(json.dumps(watch.get_data().contexts_by_lineno(path)), encoding="utf-8")
    return int(code)


def _fork(
    path: str, tree: ast.Module, mutant: Mutant, tests: list[str], selected: set[str] | None, limit: float
) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        _quiet()
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 2))
        changed = code_of(tree, mutant, path)
        usual = SourceFileLoader.get_code

        def get_code(self: SourceFileLoader, name: str) -> Any:
            return changed if self.path == path else usual(self, name)

        SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
        import pytest

        class Selected:
            def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
                if selected is not None:
                    items[:] = [item for item in items if item.nodeid in selected]

        code = int(pytest.main([*_arguments(tests), "-x"], plugins=[Selected()]))
    finally:
        os._exit(code)


def _arguments(tests: list[str]) -> list[str]:
    # With plain asserts, for pytest's rewriting would import the file under test by a loader of its own.
    return ["-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:pytest_cov", *tests]


def _quiet() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def _print_totals(results: dict[str, dict[str, Any]], seed: str) -> None:
    killed, tried = (sum(r[what] for r in results.values()) for what in ("killed", "tried"))
    print()
    for file, r in results.items():
        share = f"{r['killed'] / r['tried']:6.1%}" if r["tried"] else "   ---"
        print(
            f"{share}  {r['killed']:4} of {r['tried']:4} tried, {r['mutants']:4} in all, {r['equivalent']:3} equivalent  {file}"
        )
    if tried:
        print(f"{killed / tried:6.1%}  {killed:4} of {tried:4}  mutants killed, seed {seed}")


if __name__ == "__main__":
    main()
