"""False claims about small-integer games, counted: `python -m benchmarks.completeness [GAMES]`.

Ties make small integers the hardest games for a claim that a search was complete. Every game is solved by `find_all` and a
second time by Newton's method from random points of all supports, written without the solver's code. Counted are
equilibria whose true regret is not zero, isolated equilibria that are missing from a complete search, games called
nondegenerate with an equilibrium that is not regular, and indices that do not add up to +1.
"""

from __future__ import annotations

import sys
import time
from itertools import combinations, product
from pathlib import Path

import numpy as np

from benchmarks._common import markdown
from games import NormalFormGame
from games.types import FloatArray, MixedProfile
from solvers.equilibrium.proof import Certificate, prove
from solvers.nash import find_all

TABLE = Path(__file__).parent / "tables" / "completeness.md"
SIZES = ((2, 2, 2), (3, 3, 2), (2, 2, 2, 2))
SEED = 20260401
LARGEST = 4


def second_way(game: NormalFormGame, rng: np.random.Generator, starts: int = 2) -> list[MixedProfile]:
    """Equilibria that Newton's method meets from random points of each profile of supports."""
    supports = [[s for size in range(1, k + 1) for s in combinations(range(k), size)] for k in game.shape]
    found = []
    for chosen in product(*supports):
        mixing = sum(len(s) - 1 for s in chosen)
        for _ in range(starts if mixing else 1):
            profile = _newton(game, chosen, rng)
            if profile is not None and (game.regret(profile) <= 1e-10).all():
                found.append(profile)
    return found


def _newton(
    game: NormalFormGame, supports: tuple[tuple[int, ...], ...], rng: np.random.Generator
) -> MixedProfile | None:
    degrees = [len(s) - 1 for s in supports]
    ends = np.cumsum([0, *degrees])
    z = np.concatenate([rng.dirichlet(np.ones(d + 1))[1:] for d in degrees])

    def profile(free: FloatArray) -> list[FloatArray]:
        out = []
        for i, s in enumerate(supports):
            vector = np.zeros(game.shape[i])
            vector[list(s[1:])] = free[ends[i] : ends[i + 1]]
            vector[s[0]] = 1.0 - vector.sum()
            out.append(vector)
        return out

    def gains(free: FloatArray) -> FloatArray:
        values = [_values(game, profile(free), i) for i in range(game.n_players)]
        return np.concatenate([v[list(s[1:])] - v[s[0]] for v, s in zip(values, supports)])

    for _ in range(25 if len(z) else 0):
        here = gains(z)
        # The gains are multilinear, so a difference over one unknown is the derivative.
        slopes = np.stack([gains(z + unit) - here for unit in np.eye(len(z))], axis=1)
        step = np.linalg.lstsq(slopes, -here, rcond=1e-10)[0]
        z = z + step
        if not np.isfinite(z).all() or np.abs(z).max() > 1e3:
            return None
        if np.abs(step).max() < 1e-14:
            break
    point = profile(z)
    if min(v.min() for v in point) < -1e-12:
        return None
    return tuple(np.maximum(v, 0.0) / np.maximum(v, 0.0).sum() for v in point)


def _values(game: NormalFormGame, profile: list[FloatArray], i: int) -> FloatArray:
    table = game.payoffs[..., i]
    for j in reversed(range(game.n_players)):
        if j != i:
            table = np.tensordot(table, profile[j], axes=(j, 0))
    return table


def claims(shape: tuple[int, ...], games: int) -> dict[str, object]:
    """One row of the table."""
    complete = degenerate = equilibria = false = missing = irregular = indices = 0
    spent = 0.0
    for number in range(games):
        rng = np.random.default_rng([SEED, number, *shape])
        game = NormalFormGame(rng.integers(0, LARGEST, (*shape, len(shape))))
        begun = time.process_time()
        found = find_all(game)
        spent += time.process_time() - begun
        complete += found.complete
        degenerate += found.degenerate is True
        equilibria += len(found)
        false += sum(bool((e.regret > 1e-9).any()) for e in found)
        if not found.complete:
            continue
        if found.degenerate is False:
            indices += sum(e.index or 0 for e in found) != 1
        for profile in second_way(game, rng):
            if any(all(np.abs(v - w).max() < 1e-6 for v, w in zip(profile, e.profile)) for e in found):
                continue
            missing += isinstance(prove(game, profile), Certificate)
            irregular += found.degenerate is False
    return {
        "game": "x".join(map(str, shape)),
        "games": games,
        "equilibria": equilibria,
        "complete": complete,
        "degenerate": degenerate,
        "false equilibria": false,
        "missing": missing,
        "false nondegenerate": irregular,
        "false indices": indices,
        "ms each": 1e3 * spent / games,
    }


def main() -> None:
    games = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rows = [claims(shape, games) for shape in SIZES]
    TABLE.write_text(
        f"## Claims about games with ties\n\nPayoffs are integers from 0 to {LARGEST - 1}, drawn with seed {SEED}.\n\n"
        + "\n".join(markdown(rows))
        + "\n"
    )


if __name__ == "__main__":
    main()
