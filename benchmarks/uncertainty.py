"""What draws cost: `python -m benchmarks.uncertainty`.

Three powers and 30 regions (`us-china-russia-2025`): draws a second of processor time, what share of it the contest kernel takes,
a plain loop over varied models beside it, memory of a run in chunks, and two Dask workers beside one (wall time, which says
little on a busy machine).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks._common import markdown
from games import load, stances
from solvers import nash, repeated, uncertainty

TABLE = Path(__file__).parent / "tables" / "uncertainty.md"
DRAWS = 4096
RUNS = 3


def seconds(call) -> float:
    """Median processor time of a call after a first one."""
    call()
    times = []
    for _ in range(RUNS):
        begun = time.process_time()
        call()
        times.append(time.process_time() - begun)
    return median(times)


def plain_loop(model, draws, count: int) -> float:
    """Seconds a draw of a loop over varied models with the solvers for one game."""
    begun = time.process_time()
    for d in range(count):
        one = model.vary({name: column[d] for name, column in draws.columns.items()})
        game = one.stage()
        found = nash.pure(game)
        equilibria = found if len(found) else nash.find_all(game)
        repeated.critical_discount(game, (0, 0, 0), np.array([e.payoffs for e in equilibria]))
        repeated.critical_discount(game, (0, 0, 0), "minmax", kind="correlated")
    return (time.process_time() - begun) / count


def peak_of_run(draws: int) -> float:
    """Largest resident memory, in MB, of a process that runs so many draws."""
    code = (
        "import sys, resource; from games import load; from solvers import uncertainty\n"
        f"uncertainty.run(load('us-china-russia-2025'), {draws}, sys.argv[1])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run([sys.executable, "-c", code, folder], check=True, capture_output=True, text=True)
    return float(out.stdout)


def dask_seconds(workers: int, draws: int) -> float:
    """Wall time of the chunks alone, on a warm cluster."""
    import distributed

    model = load("us-china-russia-2025")
    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as cluster:
        with tempfile.TemporaryDirectory() as folder:
            uncertainty.run(
                model, 256 * workers, folder, chunk=256, backend="dask", address=cluster.scheduler_address
            )
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            uncertainty.run(
                model, draws, folder, chunk=1024, backend="dask", address=cluster.scheduler_address
            )
            return time.perf_counter() - begun


def main() -> None:
    model = load("us-china-russia-2025")
    draws = model.draws(DRAWS)
    contests = stances.contest_matrices(stances.all_profiles(3))
    kernel = seconds(lambda: model.payoffs(contests, "status quo", draws))
    core = seconds(lambda: uncertainty.evaluate(model, draws, regimes="concert", autonomy=False))
    whole = seconds(lambda: uncertainty.evaluate(model, draws, regimes="concert"))
    loop = plain_loop(model, draws, 40)
    block = np.empty(DRAWS * 64 * 3)
    copy = seconds(lambda: block.copy())
    rows = [
        {
            "what": "equilibria, premiums, critical discount factors",
            "draws a second": DRAWS / core,
            "wanted": "2,000",
        },
        {"what": "the same with autonomy by region", "draws a second": DRAWS / whole},
        {"what": "a plain loop over varied models", "draws a second": 1 / loop},
    ]
    lines = ["## Draws", "", *markdown(rows), ""]
    lines.append(
        f"The contest kernel takes {100 * kernel / core:.0f} per cent of the first row, and {kernel / copy:.0f} times as long as "
        "copying its result (64 profiles a draw) once: so far it is from what memory alone would take."
    )
    few, many = peak_of_run(8_192), peak_of_run(32_768)
    lines += [
        "",
        f"Peak memory of a run in chunks of 4,096: {few:.0f} MB for 8,192 draws, {many:.0f} MB for 32,768 (limit 1,000).",
    ]
    try:
        one, two = dask_seconds(1, 8_192), dask_seconds(2, 8_192)
        lines += [
            "",
            f"Dask, 8,192 draws: {one:.1f} s with one worker, {two:.1f} s with two, ratio {one / two:.2f} (wanted 1.7; wall "
            f"time on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}).",
        ]
    except ImportError:
        lines += ["", "Dask is not installed here."]
    lines += ["", f"This process used {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB."]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
