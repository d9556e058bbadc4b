"""Correlated equilibria, dominance and minmax beside the peers: `python -m benchmarks.correlated`.

Processor time in milliseconds, all in one process on the same games. `first` is the first call on that row, which for the
first row of a kind includes imports and compilation; `after` is the median of the calls that follow. No public Python library
solves for correlated equilibria, so the peer there is the textbook program: constraints written row by row into a dense
matrix and handed to scipy's HiGHS.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks._common import behind, markdown, timed
from games import NormalFormGame
from solvers import correlated, dominance, minmax
from solvers.base.matrix_game import solve_matrix_games

SEED = 20260101
TABLE = Path(__file__).parent / "tables" / "correlated.md"


def dense_program(game: NormalFormGame) -> float:
    """Largest welfare over correlated equilibria by the textbook program."""
    from scipy.optimize import linprog

    profiles = list(product(*map(range, game.shape)))
    position = {a: n for n, a in enumerate(profiles)}
    rows = []
    for i, k in enumerate(game.shape):
        for a, b in product(range(k), repeat=2):
            if a != b:
                row = np.zeros(len(profiles))
                for s in profiles:
                    if s[i] == a:
                        other = (*s[:i], b, *s[i + 1 :])
                        row[position[s]] = game.payoffs[other][i] - game.payoffs[s][i]
                rows.append(row)
    answer = linprog(
        -game.payoffs.sum(axis=-1).reshape(-1),
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=np.ones((1, len(profiles))),
        b_eq=np.ones(1),
    )
    return float(-answer.fun)


def quantecon_dominated(game: NormalFormGame) -> list[list[int]]:
    """QuantEcon's strictly dominated actions (by mixed strategies), one round."""
    from quantecon.game_theory import Player

    out = []
    for i in range(game.n_players):
        # QuantEcon puts the own action first and the next players after it.
        axes = [(i + n) % game.n_players for n in range(game.n_players)]
        player = Player(np.ascontiguousarray(game.payoffs[..., i].transpose(axes)))
        out.append(sorted(int(a) for a in player.dominated_actions()))
    return out


def gambit_undominated(game: NormalFormGame) -> list[list[int]]:
    """Gambit's strictly dominated strategies (by pure strategies), one round."""
    import pygambit as gbt

    tables = [np.ascontiguousarray(game.payoffs[..., i]) for i in range(game.n_players)]
    other = gbt.Game.from_arrays(*tables)
    support = other.strategy_support_profile()
    return [
        [a for a, s in enumerate(player.strategies) if support.is_dominated(s, strict=True, external=False)]
        for player in other.players
    ]


def eliminated(found: dominance.Elimination) -> list[list[int]]:
    """The actions that fell, player by player."""
    return [sorted(set(range(k)) - set(kept)) for k, kept in zip(found.original.shape, found.kept)]


def quantecon_minmax(matrix: np.ndarray[Any, Any]) -> float:
    """QuantEcon's compiled solver of one matrix game."""
    from quantecon.optimize import minmax as solve

    return float(solve(matrix)[0])


def linprog_minmax(matrix: np.ndarray[Any, Any]) -> float:
    """One matrix game by scipy's HiGHS."""
    from scipy.optimize import linprog

    m, n = matrix.shape
    answer = linprog(
        np.r_[np.zeros(m), -1.0],
        A_ub=np.c_[-matrix.T, np.ones(n)],
        b_ub=np.zeros(n),
        A_eq=[np.r_[np.ones(m), 0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
    )
    return float(-answer.fun)


def run() -> list[dict[str, Any]]:
    """All rows; each holds what was computed, both times of ours and of the peer, and whether the answers agree."""
    rng = np.random.default_rng(SEED)
    rows: list[dict[str, Any]] = []

    def row(
        what: str, size: str, ours: Callable[[], Any], peer: str, theirs: Callable[[], Any], repeats: int
    ) -> None:
        # The one named last pays for imports that both share; ours goes first, so shared imports count against us.
        answer, first, after = timed(ours, repeats)
        other, peer_first, peer_after = timed(theirs, repeats)
        same = (
            answer == other
            if isinstance(answer, list)
            else bool(np.allclose(answer, other, rtol=1e-7, atol=1e-9))
        )
        rows.append(
            {
                "what": what,
                "size": size,
                "ours first": first,
                "ours after": after,
                "peer": peer,
                "peer first": peer_first,
                "peer after": peer_after,
                "peer / ours": peer_after / after,
                "agree": "yes" if same else "NO",
            }
        )

    def game_of(shape: tuple[int, ...], top: int | None = None) -> NormalFormGame:
        size = (*shape, len(shape))
        return NormalFormGame(rng.random(size) if top is None else rng.integers(0, top, size).astype(float))

    for n in (4, 16, 100):
        matrix = rng.random((n, n))
        for name, call in (("QuantEcon minmax", quantecon_minmax), ("scipy HiGHS", linprog_minmax)):
            row(
                "one matrix game",
                f"{n}x{n}",
                lambda m=matrix: float(solve_matrix_games(m).upper[0]),
                name,
                lambda m=matrix, f=call: f(m),
                15,
            )
    batch = rng.random((128, 4, 16))
    row(
        "128 matrix games",
        "4x16",
        lambda: solve_matrix_games(batch).upper.tolist(),
        "QuantEcon minmax",
        lambda: [quantecon_minmax(m) for m in batch],
        7,
    )
    rows[-1]["agree"] = (
        "yes"
        if np.allclose(solve_matrix_games(batch).upper, [quantecon_minmax(m) for m in batch], atol=1e-9)
        else "NO"
    )
    for shape in ((4, 4, 4), (8, 8, 8)):
        game = game_of(shape)
        row(
            "correlated minmax, all players",
            "x".join(map(str, shape)),
            lambda g=game: minmax.values(g, "correlated").values,
            "scipy HiGHS",
            lambda g=game: np.array(
                [
                    linprog_minmax(np.moveaxis(g.payoffs[..., i], i, 0).reshape(g.shape[i], -1))
                    for i in range(3)
                ]
            ),
            7,
        )
    for shape, top in (((6, 6), 10), ((20, 20), None), ((4, 4, 4), 6), ((8, 8, 8), None)):
        game = game_of(shape, top)
        size = "x".join(map(str, shape))
        row(
            "strictly dominated, mixed",
            size,
            lambda g=game: eliminated(dominance.strictly_dominated(g)),
            "QuantEcon",
            lambda g=game: quantecon_dominated(g),
            5,
        )
        row(
            "strictly dominated, pure",
            size,
            lambda g=game: eliminated(dominance.strictly_dominated(g, by="pure")),
            "Gambit",
            lambda g=game: gambit_undominated(g),
            5,
        )
    for shape, repeats in (((2, 2), 9), ((4, 4, 4), 9), ((12, 12), 5), ((8, 8, 8), 3), ((12, 12, 12), 1)):
        game = game_of(shape)
        row(
            "correlated, best welfare",
            "x".join(map(str, shape)),
            lambda g=game: correlated.solve(g).value,
            "dense program",
            lambda g=game: dense_program(g),
            repeats,
        )
    return rows


def independent_minmax() -> list[dict[str, Any]]:
    """How far branch and bound closes the independent mixed minmax (no peer computes it): 20 random games each."""
    rng = np.random.default_rng(SEED)
    rows = []
    for shape in ((2, 2, 2), (3, 3, 3), (4, 4, 4), (6, 6, 6), (3, 3, 3, 3), (4, 4, 4, 4)):
        times, gaps = [], []
        for _ in range(20):
            game = NormalFormGame(rng.random((*shape, len(shape))))
            found, first, _ = timed(lambda g=game: minmax.values(g, "mixed"), 1)
            times.append(first)
            gaps.append(float((found.gap / game.ranges).max()))
        rows.append(
            {
                "size": "x".join(map(str, shape)),
                "median ms, all players": median(times),
                "largest ms": max(times),
                "largest gap / range": f"{max(gaps):.1e}",
                "closed to 1e-6": f"{sum(g <= 1.001e-6 for g in gaps)} of 20",
            }
        )
    return rows


def main() -> None:
    """Print the tables and keep them in `benchmarks/tables/correlated.md`."""
    rows = run()
    slower = [f"{r['what']} {r['size']} ({r['peer']})" for r in rows if r["peer / ours"] < 1.0]
    table, bracketed = ("\n".join(markdown(part)) for part in (rows, independent_minmax()))
    text = (
        "## Correlated equilibria, dominance and minmax\n\n"
        f"Processor time in ms; random games, seed {SEED}. `first` includes imports and compilation where the row is the "
        "first to need them (ours runs first, so imports that both share count against ours).\n\n"
        f"{table}\n\n{behind(slower)}\n\n"
        "Independent mixed minmax of three and more players, bracketed by branch and bound (tolerance 1e-6, uniform "
        f"payoffs):\n\n{bracketed}\n"
    )
    print(text)
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(text)


if __name__ == "__main__":
    main()
