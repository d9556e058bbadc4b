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
from games.spheres import Claim, Member, Place, Power, Region, SpheresModel

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
    """A model of `count` powers around as many regions as given: allies, buffers and provinces held by force."""
    names = [f"Power {i + 1}" for i in range(count)]
    places = [Place(n, 10.0 * i, 15.0 * i) for i, n in enumerate(names)]
    return SpheresModel(
        tuple(Power(n, 0.05 + 0.02 * i, 0.05 + 0.01 * i, (places[i],)) for i, n in enumerate(names)),
        tuple(
            Region(
                f"Region {r + 1}",
                (
                    Member(
                        f"State {r + 1}",
                        0.01,
                        0.01,
                        5.0 * r - 20,
                        12.0 * r - 50,
                        {names[(r + 1) % count]: Claim()},
                    ),
                ),
                () if r % 3 == 2 else (names[r % count],),
                forced=r % 3 == 1,
            )
            for r in range(regions)
        ),
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
        (f"three powers, {len(three.regions)} regions (us-china-russia-2025)", three, "under 5 ms"),
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
