"""Random repeated games, many of them, each answer checked in several ways: `python -m benchmarks.payoff_set_sweep`.

1,000 games of two players and 200 of three (seeds 0, 1, 2, ...; normal payoffs and, every other game, small integers,
which make ties, flat sets and points; discount factors between .1 and .9), with a common discount factor, and 200 and 60 of
them with one of its own for each player. Counted are: crashes; results that did not converge or have no inner polytope; inner
vertices outside the outer polytope; inner vertices that a linear program cannot generate out of the inner polytope within
1e-8 of the payoff range; answers that change when the players change places and their units of account; sets that shrink
when patience grows; and automata that `repeated.check` rejects.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import linprog

from games import NormalFormGame, RepeatedGame
from games.normal_form import FloatArray
from solvers.repeated import check
from solvers.repeated.payoff_sets._extraction import strategy
from solvers.repeated.payoff_sets._payoff_set import PayoffSet, payoff_set

TABLE = Path(__file__).parent / "tables" / "payoff_set_sweep.md"
CLOSE = 1e-8
LIMIT = 20.0
"""Seconds for one payoff set; one that needs more is counted as not converged."""


def game_of(players: int, seed: int, own: bool = False) -> tuple[NormalFormGame, FloatArray]:
    rng = np.random.default_rng([players, seed])
    sizes = rng.integers(2, 6 if players == 2 else 4, size=players)
    shape = (*(int(k) for k in sizes), players)
    table = rng.normal(size=shape) if seed % 2 else rng.integers(-3, 4, size=shape).astype(float)
    return NormalFormGame(table), rng.uniform(0.1, 0.9, size=players if own else 1) * np.ones(players)


def shortfall(play: RepeatedGame, vertices: FloatArray, tested: FloatArray) -> float:
    """By how much incentives and payoffs must give, as a share of payoff ranges, to generate the tested points."""
    game, d = play.stage, play.discount
    n = game.n_players
    scale = np.where(game.ranges > 0, game.ranges, 1.0)
    V = vertices / scale
    table = game.payoffs / scale
    blocks = []
    for a in np.ndindex(*game.shape):
        best = np.array([table[(*a[:i], slice(None), *a[i + 1 :])][:, i].max() for i in range(n)])
        needed = V.min(axis=0) + (1 - d) / d * (best - table[a])
        if (needed <= V.max(axis=0) + 1e-6).all():
            blocks.append(((needed - V).T, ((1 - d) * table[a] + d * V).T))
    m, k = len(blocks), len(V)
    incentive = np.zeros((m * n, m * k + 1))
    for b, (wanting, _) in enumerate(blocks):
        incentive[b * n : (b + 1) * n, b * k : (b + 1) * k] = wanting
    balance = np.hstack([*(made for _, made in blocks), np.zeros((n, 1))])
    give = np.zeros((n, m * k + 1))
    give[:, -1] = 1.0
    incentive[:, -1] = -1.0
    rows = np.vstack([incentive, balance - give, -balance - give])
    cost = np.eye(m * k + 1)[-1]
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    worst = 0.0
    for v in tested / scale:
        limits = np.concatenate([np.zeros(m * n), v, -v])
        answer = linprog(cost, rows, limits, 1.0 - cost[None, :], [1.0], options=tight)
        if answer.status == 4:  # The simplex method gives up for numerical reasons; interior points may not.
            answer = linprog(
                cost, rows, limits, 1.0 - cost[None, :], [1.0], method="highs-ipm", options=tight
            )
        worst = max(worst, float(answer.fun) if answer.status == 0 else np.inf)
    return worst


def beyond(found: PayoffSet, points: FloatArray) -> float:
    """How far points lie outside the outer polytope, as a share of the payoff range."""
    scale = found.stage.scale
    inside = Scaled(found)
    return float(inside.excess((points - found.stage.shift) / scale))


class Scaled:
    """The outer polytope in units of the payoff range."""

    def __init__(self, found: PayoffSet) -> None:
        self.outer = found.outer.scaled(1.0 / found.stage.scale, -found.stage.shift / found.stage.scale)

    def excess(self, points: FloatArray) -> float:
        return float(self.outer.excess(points).max())


def examine(players: int, seed: int, own: bool, count: Counter[str], gaps: list[float]) -> float:
    game, d = game_of(players, seed, own)
    play = RepeatedGame(game, d)
    rng = np.random.default_rng(seed)
    found = payoff_set(play, time_limit=LIMIT)
    count["games"] += 1
    if found.empty:
        count["empty"] += 1
    else:
        count[f"dimension {found.outer.dimension}"] += 1
        count["exact"] += found.exact
        count["not converged"] += not found.converged
        if found.inner.dimension < 0:
            count["no inner polytope"] += 1
        else:
            gaps.append(found.gap)
            count["gap above 1e-6"] += found.gap > 1e-6
            count["inner outside outer"] += beyond(found, found.inner.vertices) > CLOSE
            some = rng.permutation(len(found.inner.vertices))[:12]
            count["not self-generating"] += (
                shortfall(play, found.inner.vertices, found.inner.vertices[some]) > CLOSE
            )
            payoff = rng.dirichlet(np.ones(len(found.inner.vertices))) @ found.inner.vertices
            verdict = check(play, strategy(found, payoff))
            off = np.abs((verdict.payoffs - payoff) / found.stage.scale).max()
            count["automaton rejected"] += not (verdict.is_equilibrium and off < CLOSE)
            if not own:
                # Trade over time lives on differences in patience: with unequal factors the set need not grow.
                patient = payoff_set(RepeatedGame(game, d + 0.5 * (1 - d)), time_limit=LIMIT)
                count["shrinks with patience"] += (
                    patient.empty or beyond(patient, found.inner.vertices) > CLOSE
                )
    order = list(range(players))[::-1]
    unit, zero = 10.0 ** rng.uniform(-2.0, 2.0, players), rng.normal(size=players)
    turned = NormalFormGame((unit * game.payoffs + zero).transpose(*order, players)[..., order])
    mirror = payoff_set(RepeatedGame(turned, d[order]), time_limit=LIMIT)
    same = mirror.empty == found.empty
    if same and not found.empty:
        slack = (
            CLOSE
            + (0.0 if np.isinf(found.gap) else found.gap)
            + (0.0 if np.isinf(mirror.gap) else mirror.gap)
        )
        vertices = (unit * found.inner.vertices + zero)[:, order]
        same = beyond(mirror, vertices) <= slack if len(vertices) else True
    count["changes with the players' order or units"] += not same
    return found.seconds


def run(
    two: int = 1000, three: int = 200, own_two: int = 200, own_three: int = 60
) -> list[dict[str, object]]:
    rows = []
    for players, games, own in ((2, two, False), (3, three, False), (2, own_two, True), (3, own_three, True)):
        count: Counter[str] = Counter()
        gaps: list[float] = []
        slowest = 0.0
        begun = time.process_time()
        for seed in range(games):
            try:
                slowest = max(slowest, examine(players, seed, own, count, gaps))
            except Exception as error:
                count["crash"] += 1
                print(f"players {players}, own {own}, seed {seed}: {error!r}", file=sys.stderr)
        rows.append(
            {
                "name": f"{players} players, {'each its own' if own else 'one'} discount factor",
                **count,
                "median gap": f"{np.median(gaps):.1g}" if gaps else "",
                "largest gap": f"{max(gaps, default=0.0):.1g}",
                "slowest set (s)": round(slowest, 2),
                "all checks (s)": round(time.process_time() - begun),
            }
        )
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def main() -> None:
    rows = run(*(int(x) for x in sys.argv[1:5]))
    keys = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["| what | " + " | ".join(str(row["name"]) for row in rows) + " |", "|---|" + "---|" * len(rows)]
    lines += [f"| {key} | " + " | ".join(str(row.get(key, 0)) for row in rows) + " |" for key in keys[1:]]
    text = "\n".join(lines) + "\n"
    print(text)
    if len(sys.argv) == 1:
        TABLE.write_text(text)


if __name__ == "__main__":
    main()
