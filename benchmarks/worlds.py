"""The array kernel over draws, profiles and maps: `python -m benchmarks.worlds`."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np

from benchmarks._common import markdown, timed
from games import world
from games.spheres import stances

TABLE = Path(__file__).parent / "tables" / "worlds.md"
RUNS = 3
TRIANGLE = ["United States", "China", "Russia"]


def peak_mb() -> float:
    """The largest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    three = world.build(2021, TRIANGLE, merge_km=1500)
    five = world.build(1853)
    eight = world.build(1913)
    contests = stances.contest_matrices(stances.all_profiles(3))
    draws, draws5, draws8 = three.draws(10_000), five.draws(10_000), eight.draws(1_000)
    leads = np.random.default_rng(0).integers(-1, 3, (6_561, len(three.regions)))
    before = peak_mb()
    rows = []
    for what, wanted, call in (
        (
            f"10,000 draws x 64 profiles, three powers, {len(three.regions)} regions",
            "under 3 s",
            lambda: three.payoffs(contests, draws=draws),
        ),
        (
            f"10,000 draws, deviations from one of five powers' profiles, {len(five.regions)} regions",
            "under 10 s",
            lambda: five.unilateral("all-out", draws=draws5),
        ),
        (
            f"1,000 draws, deviations from one of eight powers' profiles, {len(eight.regions)} regions",
            "",
            lambda: eight.unilateral("concert", draws=draws8),
        ),
        (
            f"6,561 maps x 64 profiles, three powers, {len(three.regions)} regions",
            "",
            lambda: three.payoffs(contests, leads),
        ),
        (f"one stage game of three powers, {len(three.regions)} regions", "under 5 ms", three.stage),
    ):
        _, first, later = timed(call, RUNS)
        rows.append(
            {"what": what, "first call, s": first / 1e3, "later calls, s": later / 1e3, "wanted": wanted}
        )
    lines = [
        "## Worlds: payoffs over draws, profiles and maps",
        "",
        *markdown(rows),
        "",
        f"Peak memory beyond that of the models and draws: {peak_mb() - before:.0f} MB, results included.",
    ]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
