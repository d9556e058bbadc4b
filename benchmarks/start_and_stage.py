"""What it costs to start, to build a stage game and to write a report: `python -m benchmarks.start_and_stage`.

Starting and reporting are measured as whole processes (user and system time of finished children) beside what the
libraries that any such tool needs cost to import alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from games import load
from games.spheres import Power, Region, SpheresModel, Tie

TABLE = Path(__file__).parent / "tables" / "start_and_stage.md"
RUNS = 5


def whole_process(*command: str) -> float:
    """Seconds of processor time that a command takes."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def alternating(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[float, float, float]:
    """Medians of both and of the ratio, run in turn after one warm-up so that a drifting machine cancels."""
    whole_process(*ours), whole_process(*theirs)
    pairs = [(whole_process(*ours), whole_process(*theirs)) for _ in range(RUNS)]
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs)


def powers(count: int, regions: int = 10) -> SpheresModel:
    """A model of `count` equal powers around as many regions as given."""
    names = [f"Power {i + 1}" for i in range(count)]
    return SpheresModel(
        tuple(Power(n, {"size": 1.0 + i}, 0.9) for i, n in enumerate(names)),
        tuple(
            Region(
                f"Region {r + 1}",
                {n: 1.0 + (i + r) % 4 for i, n in enumerate(names)},
                {n: "control" if (i + r) % 2 else "denial" for i, n in enumerate(names)},
                {n: 500.0 * (1 + (i + r) % 7) for i, n in enumerate(names)},
                0.05,
                3.0,
            )
            for r in range(regions)
        ),
        tuple(
            Tie((a, b), {a: 3.0, b: 3.0}, {a: 1.0, b: 1.0}, {a: 1.0, b: 1.0}, {a: 50.0, b: 50.0}, 0.01)
            for i, a in enumerate(names)
            for b in names[i + 1 :]
        ),
        {"status quo": {f"Region {r + 1}": names[r % count] for r in range(regions)}},
        half_distance=2000.0,
    )


def stage_seconds(model: SpheresModel) -> tuple[float, float]:
    times = []
    for _ in range(RUNS + 1):
        begun = time.process_time()
        model.stage()
        times.append(time.process_time() - begun)
    return times[0], median(times[1:])


def main() -> None:
    python = sys.executable
    rows = []
    a, b, ratio = alternating((python, "-c", "import games, solvers"), (python, "-c", "import numpy"))
    rows.append(("`import games, solvers` against `import numpy`", a, b, ratio, "at most 2"))
    with tempfile.TemporaryDirectory() as folder:
        report = (str(Path(python).parent / "concert"), "report", "-o", str(Path(folder) / "report.html"))
        a, b, ratio = alternating(report, (python, "-c", "import matplotlib.pyplot, pandas, scipy.optimize"))
    rows.append(
        (
            "`concert report` against `import matplotlib.pyplot, pandas, scipy.optimize`",
            a,
            b,
            ratio,
            "at most 2",
        )
    )
    lines = [
        "## Starting, stage games and the report",
        "",
        "| what | ours, s | beside, s | ratio | wanted |",
        "|---|---|---|---|---|",
        *(f"| {what} | {a:.2f} | {b:.2f} | {r:.2f} | {want} |" for what, a, b, r, want in rows),
        "",
        "| stage game | profiles | first call, ms | later calls, ms | wanted |",
        "|---|---|---|---|---|",
    ]
    three = load()
    for name, model, want in (
        ("three powers, 9 regions (us-china-russia-2025)", three, "under 5 ms"),
        ("four powers, 10 regions", powers(4), ""),
        ("five powers, 10 regions", powers(5), "under 2000 ms"),
    ):
        first, later = stage_seconds(model)
        count = (2 ** (len(model.players) - 1)) ** len(model.players)
        lines.append(f"| {name} | {count:,} | {1e3 * first:.1f} | {1e3 * later:.1f} | {want} |")
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
