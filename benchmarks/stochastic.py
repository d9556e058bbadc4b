"""Payoff sets of stochastic games beside a plain outer approximation: `python -m benchmarks.stochastic`.

Processor time, all in one process. The peer is the outer approximation with fixed directions that Brooks's SGSolve uses for three
players (max-min-max levels; Judd, Yeltekin and Conklin 2003 by state), written plainly with one linear program of HiGHS for each
direction and pair of a state and a profile: SGSolve itself is a C++ program without a Python package. It bounds the sets
from outside only; ours bracket them.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._common import markdown, timed
from benchmarks.payoff_set import sphere
from games import NormalFormGame, StochasticGame
from games.normal_form import FloatArray
from solvers import stochastic
from solvers.stochastic._operator import thresholds
from solvers.stochastic._pairs import pairs_of

TABLE = Path(__file__).parent / "tables" / "stochastic.md"


def dilemma(discount: float) -> StochasticGame:
    """The two-state prisoner's dilemma of Abreu, Brooks and Sannikov."""
    low = NormalFormGame.from_bimatrix([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    step = np.array([[[1 / 3, 2 / 3], [0.5, 0.5]], [[0.5, 0.5], [1 / 3, 2 / 3]]])
    return StochasticGame([low, low.rescale(1, 2)], [step, step[..., ::-1]], discount)


def two_by_three(discount: float, persistence: float) -> StochasticGame:
    """The game of Abreu and Sannikov with 5 units moved between the players by state."""
    A, B = np.array([[16, 3, 1], [21, 10, -1], [9, 5, -5]]), np.array([[9, 13, 3], [1, 4, 0], [0, -4, -10]])
    stages = [NormalFormGame.from_bimatrix(A + 5, B - 5), NormalFormGame.from_bimatrix(A - 5, B + 5)]
    rows = [[persistence, 1 - persistence], [1 - persistence, persistence]]
    return StochasticGame(stages, rows, discount)


def contribution(discount: float) -> StochasticGame:
    """SGSolve's three players who give or do not."""
    gifts = np.array(list(np.ndindex(2, 2, 2)))
    low = NormalFormGame((2.0 * gifts.sum(axis=1, keepdims=True) - 3.0 * gifts).reshape(2, 2, 2, 3))
    return StochasticGame([low, low.rescale(1, 20)], [[0.5, 0.5], [0.5, 0.5]], discount)


def random_game(seed: int, players: int, actions: int, discount: float) -> StochasticGame:
    rng = np.random.default_rng(seed)
    shape = (actions,) * players
    stages = [NormalFormGame(rng.normal(size=(*shape, players))) for _ in range(2)]
    return StochasticGame(stages, [rng.dirichlet(np.ones(2), size=shape) for _ in range(2)], discount)


def plain(
    game: StochasticGame, normals: FloatArray, tolerance: float, limit: float
) -> tuple[FloatArray, int, bool]:
    """Levels of the directions by state, the programs solved, and whether it got to the end within `limit` seconds."""
    from scipy.optimize import linprog

    pairs = pairs_of(game)
    d, n = float(pairs.discount[0]), pairs.n_players
    levels = np.repeat((pairs.payoffs @ normals.T).max(axis=0)[None, :], pairs.n_states, axis=0)
    axes = [int(np.flatnonzero((normals == -axis).all(axis=1))[0]) for axis in np.eye(n)]
    threat, solved, begun = pairs.minmax.copy(), 0, time.process_time()
    while True:
        corners, after = thresholds(pairs, threat), np.full_like(levels, -np.inf)
        for m, s in enumerate(pairs.state):
            expected = pairs.step[m] @ levels
            for k, normal in enumerate(normals):
                answer = linprog(-normal, normals, expected, bounds=[(low, None) for low in corners[m]])
                solved += 1
                if answer.status != 0:
                    break
                value = (1 - d) * pairs.payoffs[m] @ normal
                after[s, k] = max(after[s, k], min(value - d * answer.fun, value + d * expected[k]))
            if time.process_time() - begun > limit:
                return levels, solved, False
        after = np.minimum(levels, after)
        moved, levels = float((levels - after).max()), after
        threat = np.maximum(threat, -levels[:, axes])
        if moved <= tolerance:
            return levels, solved, True


def row(name: str, game: StochasticGame, repeats: int, peer_limit: float) -> dict[str, object]:
    ours, first, after = timed(lambda: stochastic.payoff_set(game), repeats)
    found: dict[str, object] = {
        "game": name,
        "ours (ms), first / after": f"{first:.0f} / {after:.0f}",
        "gap": f"{ours.gap:.1e}",
        "vertices": " + ".join(str(len(f.inner.vertices)) for f in ours),
        "volumes": " + ".join(f"{f.inner.volume:.6g}" for f in ours),
    }
    normals = np.vstack([-np.eye(2), *(f.outer.normals for f in ours)]) if game.n_players == 2 else sphere(32)
    normals = np.unique(normals.round(12), axis=0)
    (levels, solved, done), spent, _ = timed(lambda: plain(game, normals, 1e-4, peer_limit), 0)
    del levels
    found["plain (ms)"] = f"{spent:.0f} ({solved} programs in {len(normals)} directions)" + (
        "" if done else ", broken off"
    )
    found["times slower"] = f"{spent / after:.0f}" if done else f"more than {spent / after:.0f}"
    print(found, file=sys.stderr, flush=True)
    return found


def run() -> list[dict[str, Any]]:
    rows = [
        row("two-state dilemma at 2/3", dilemma(2 / 3), 5, 4),
        row("two-state dilemma at .9", dilemma(0.9), 5, 4),
        row("Abreu and Sannikov, two states, at .7", two_by_three(0.7, 0.3), 5, 4),
        row("contribution, three players, at 2/3", contribution(2 / 3), 2, 4),
        *(
            row(f"random, three players, 64 profiles, seed {seed}, at .6", random_game(seed, 3, 4, 0.6), 1, 8)
            for seed in (0, 1)
        ),
    ]
    note = (
        "The peer is broken off after some seconds; its directions are the facets of our outer sets, or 32 for three players. "
        f"Measured with a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )
    text = "\n".join(["## Stochastic games", "", *markdown(rows), "", note, ""])
    print(text)
    TABLE.write_text(text)
    return rows


if __name__ == "__main__":
    run()
