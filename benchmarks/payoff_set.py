"""Equilibrium payoff sets of repeated games beside the peers: `python -m benchmarks.payoff_set`.

Processor time, all in one process. Two players: QuantEcon's Abreu-Sannikov (run in a child process first, since it may crash).
`first` is the first call of that library in the process, compilation and imports of its own included; `after` the median of
later calls. Three players: no public Python library computes them, so the peer is the outer approximation of Judd,
Yeltekin and Conklin (2003) with a fixed set of directions and one linear program for each direction and action
profile, written here as fast as it can be: HiGHS by its own binding, one model for each profile that keeps its basis, profiles
that cannot be enforced left out, stopped at a movement of 1e-6 of the payoff range.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._common import markdown, timed
from games import NormalFormGame, RepeatedGame, load
from games.normal_form import FloatArray
from solvers.repeated.payoff_sets._operator import Stage, normalised
from solvers.repeated.payoff_sets._payoff_set import payoff_set

TABLE = Path(__file__).parent / "tables" / "payoff_set.md"


def cournot(outputs: int = 15) -> NormalFormGame:
    q = np.linspace(0.0, 6.0, outputs)
    margin = np.maximum(6.0 - q[:, None] - q[None, :], 0.0) - 0.6
    return NormalFormGame.from_bimatrix(margin * q[:, None], margin * q[None, :])


def dilemma() -> NormalFormGame:
    return NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]])


def random_game(seed: int, actions: int = 4) -> NormalFormGame:
    return NormalFormGame(np.random.default_rng(seed).normal(size=(actions,) * 3 + (3,)))


# ---------------------------------------------------------------------- two players


def quantecon_set(game: NormalFormGame, d: float) -> Any:
    from quantecon.game_theory import NormalFormGame as Game
    from quantecon.game_theory import Player
    from quantecon.game_theory import RepeatedGame as Repeated

    A, B = game.payoffs[..., 0], game.payoffs[..., 1]
    stage = Game((Player(np.ascontiguousarray(A)), Player(np.ascontiguousarray(B.T))))
    threat = np.array([A.max(axis=0).min(), B.max(axis=1).min()])
    return Repeated(stage, d).equilibrium_payoffs(options={"u_init": threat})


def survived(name: str, discounts: tuple[float, ...]) -> list[str]:
    """The discount factors at which QuantEcon answers this game; asked in a child process, which may die."""
    code = f"import benchmarks.payoff_set as b\nfor d in {discounts}: b.quantecon_set(b.{name}(), d); print(d, flush=True)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return answer.stdout.split()


def two_players() -> list[dict[str, object]]:
    rows = []
    for name, discounts in (("dilemma", (0.3, 0.9)), ("cournot", (0.3, 0.5, 0.7, 0.8, 0.9))):
        safe = survived(name, discounts)
        for d in discounts:
            game = dilemma() if name == "dilemma" else cournot()
            ours, first, after = timed(lambda g=game, d=d: payoff_set(RepeatedGame(g, d)), 5)
            row: dict[str, object] = {
                "game": f"{name} at {d}",
                "area": f"{ours.inner.volume:.6f}",
                "ours first (ms)": f"{first:.1f}",
                "ours after": f"{after:.1f}",
            }
            if str(d) in safe:
                theirs, their_first, their_after = timed(lambda g=game, d=d: quantecon_set(g, d), 5)
                row |= {
                    "QuantEcon area": f"{theirs.volume:.6f}",
                    "QuantEcon first (ms)": f"{their_first:.1f}",
                    "QuantEcon after": f"{their_after:.1f}",
                    "times faster, first / after": f"{their_first / first:.1f} / {their_after / after:.1f}",
                }
            else:
                row |= {"QuantEcon area": "no answer (the process dies)"}
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
    return rows


# ---------------------------------------------------------------------- three players


def sphere(count: int) -> FloatArray:
    """Directions spread evenly over the sphere, the six along the axes among them."""
    k = np.arange(count - 6) + 0.5
    polar, turn = np.arccos(1 - 2 * k / (count - 6)), np.pi * (1 + 5**0.5) * k
    spread = np.column_stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)])
    return np.vstack([np.eye(3), -np.eye(3), spread])


class Program:
    """max c'w subject to H w <= C and w >= t, kept warm from one call to the next."""

    def __init__(self, H: FloatArray) -> None:
        from scipy.optimize._highspy import _core

        self.highs = _core._Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("presolve", "off")
        self.highs.setOptionValue("solver", "simplex")
        rows, n = H.shape
        lp = _core.HighsLp()
        lp.num_col_, lp.num_row_ = n, rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(n), np.full(n, -10.0), np.full(n, 10.0)
        lp.row_lower_, lp.row_upper_ = np.full(rows, -np.inf), np.zeros(rows)
        lp.a_matrix_.format_ = _core.MatrixFormat.kRowwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = n, rows
        lp.a_matrix_.start_ = np.arange(rows + 1) * n
        lp.a_matrix_.index_ = np.tile(np.arange(n), rows)
        lp.a_matrix_.value_ = H.ravel()
        lp.sense_ = _core.ObjSense.kMaximize
        self.highs.passModel(lp)
        self.n, self.rows = n, rows
        self.optimal = _core.HighsModelStatus.kOptimal

    def limits(self, C: FloatArray, t: FloatArray) -> None:
        for row, c in enumerate(C):
            self.highs.changeRowBounds(row, -np.inf, c)
        for column, low in enumerate(t):
            self.highs.changeColBounds(column, low, 10.0)

    def best(self, c: FloatArray) -> float:
        for column, value in enumerate(c):
            self.highs.changeColCost(column, value)
        self.highs.run()
        if self.highs.getModelStatus() != self.optimal:
            return -np.inf
        return float(self.highs.getInfo().objective_function_value)


def programs(stage: Stage, count: int, tolerance: float = 1e-6) -> tuple[float, int]:
    """Volume of the outer approximation in `count` directions, in units of the payoff ranges, and the programs solved."""
    from scipy.spatial import ConvexHull, HalfspaceIntersection

    H, d = sphere(count), stage.discount
    C = (stage.payoffs @ H.T).max(axis=0)
    threat = np.maximum(stage.minmax, -C[3:6])
    models = [Program(H) for _ in stage.payoffs]
    solved = 0
    while True:
        new = np.full(count, -np.inf)
        for g, cost, model in zip(stage.payoffs, stage.costs, models):
            needed = threat + cost
            if (needed > C[:3] + 1e-12).any():
                continue
            model.limits(C, needed)
            for k, direction in enumerate(H):
                value = model.best(d * direction)
                solved += 1
                if value == -np.inf:
                    break
                new[k] = max(new[k], (1 - d) @ (g * direction) + value)
        new = np.minimum(new, C)
        moved, C = float((C - new).max()), new
        threat = np.maximum(threat, -C[3:6])
        if moved < tolerance:
            break
    inside = ConvexHull(HalfspaceIntersection(np.column_stack([H, -C]), _centre(H, C)).intersections)
    return float(inside.volume), solved


def _centre(H: FloatArray, C: FloatArray) -> FloatArray:
    from scipy.optimize import linprog

    widened = np.column_stack([H, np.ones(len(H))])
    answer = linprog([0, 0, 0, -1], widened, C, bounds=[(None, None)] * 3 + [(0, None)])
    return np.asarray(answer.x[:3])


def three_players() -> list[dict[str, object]]:
    rows = []
    for seed, d in ((0, 0.6), (1, 0.6), (0, 0.8)):
        play = RepeatedGame(random_game(seed), d)
        stage = normalised(play)
        ours, first, after = timed(lambda p=play: payoff_set(p), 3)
        volume = ours.inner.volume / float(np.prod(stage.scale))
        row: dict[str, object] = {
            "game": f"random, seed {seed}, 64 profiles, at {d}",
            "ours (ms), first / after": f"{first:.0f} / {after:.0f}",
            "gap": f"{ours.gap:.1e}",
            "volume": f"{volume:.6f}",
        }
        for count in (32, 96):
            (their_volume, solved), spent, _ = timed(lambda s=stage, c=count: programs(s, c), 0)
            row |= {
                f"{count} directions (ms)": f"{spent:.0f} ({solved} programs)",
                f"{count}: volume too large by": f"{100 * (their_volume / volume - 1):.0f}%",
                f"{count}: times slower": f"{spent / after:.0f}",
            }
        rows.append(row)
        print(row, file=sys.stderr, flush=True)
    return rows


def three_powers() -> list[dict[str, object]]:
    """The scenario, at a common discount factor and at its own (yearly patience times the chance to stay in office)."""
    model = load("us-china-russia-2025")
    rows = []
    for name in model.maps:
        stage = model.stage(map=name)
        own = np.array([0.95 * 0.8125, 0.95 * 0.9211, 0.95 * 0.875])
        for label, d in (("own", own), ("common, the least of them", own.min())):
            found, first, after = timed(lambda g=stage, d=d: payoff_set(RepeatedGame(g, d)), 2)
            rows.append(
                {
                    "map": name,
                    "discount": label,
                    "ours (ms), first / after": f"{first:.0f} / {after:.0f}",
                    "gap": f"{found.gap:.1e}",
                    "vertices outer / inner": f"{len(found.outer.vertices)} / {len(found.inner.vertices)}",
                }
            )
    return rows


def four_players(games: int = 10) -> list[dict[str, object]]:
    """Two actions each, a common discount factor, the default tolerance; seeds 0, 1, 2, ..."""
    rows = []
    for d in (0.5, 0.7, 0.9):
        spent, gaps, exact, without = [], [], 0, 0
        for seed in range(games):
            game = NormalFormGame(np.random.default_rng(seed).normal(size=(2, 2, 2, 2, 4)))
            found = payoff_set(RepeatedGame(game, d))
            spent.append(found.seconds)
            exact += found.exact
            if np.isfinite(found.gap):
                gaps.append(found.gap)
            else:
                without += 1
        rows.append(
            {
                "games": f"{games} random, 16 profiles, at {d}",
                "ours (s), median / largest": f"{np.median(spent):.1f} / {max(spent):.1f}",
                "gap, median / largest": f"{np.median(gaps):.1e} / {max(gaps):.1e}",
                "exact": exact,
                "no inner polytope": without,
            }
        )
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def run() -> list[dict[str, object]]:
    parts = {
        "Two players": two_players(),
        "Three players": three_players(),
        "Four players": four_players(),
        "Three powers": three_powers(),
    }
    text = "\n".join("\n".join([f"### {name}", "", *markdown(rows), ""]) for name, rows in parts.items())
    print(text)
    TABLE.write_text(text)
    return [row for rows in parts.values() for row in rows]


if __name__ == "__main__":
    run()
