"""False claims about small-integer games, counted: `python -m benchmarks.completeness [GAMES] [SIZE ...]`.

Ties make small integers the hardest games for a claim that a search was complete. Every game is solved by `find_all` and a
second time by Newton's method from random points of all supports, written without the solver's code. Counted are
equilibria whose true regret is not zero; isolated equilibria that are missing, whether the search is said to be complete or
not; equilibria outside every set that a complete search lists; games called nondegenerate with an equilibrium that is not
regular; and indices that do not add up to +1.

A run of a thousand games of each size takes a quarter of an hour. What is done is kept in `benchmarks/results`, so that a
run that was interrupted goes on where it stopped; delete the files there to begin anew. With 0 for GAMES the table is of what
is there.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from itertools import combinations, pairwise, product
from pathlib import Path

import numpy as np

from benchmarks._common import load_words, markdown
from games import NormalFormGame
from games.types import FloatArray, IntArray, MixedProfile
from solvers.equilibrium.proof import Certificate, prove
from solvers.equilibrium.results import Equilibria
from solvers.nash import find_all

TABLE = Path(__file__).parent / "tables" / "completeness.md"
RESULTS = Path(__file__).parent / "results"
SIZES = ((2, 2, 2), (3, 3, 2), (2, 2, 2, 2))
SEED = 20260401
LARGEST = 4
COUNTED = (
    "equilibria",
    "complete",
    "degenerate",
    "false equilibria",
    "missing, complete",
    "missing, incomplete",
    "outside the sets",
    "false nondegenerate",
    "false indices",
)


def second_way(game: NormalFormGame, rng: np.random.Generator, starts: int = 4) -> list[MixedProfile]:
    """Equilibria that Newton's method meets from random points of each profile of supports."""
    sizes = product(*(range(1, k + 1) for k in game.shape))
    found: list[MixedProfile] = []
    for size in sizes:
        lists = [np.array(list(combinations(range(k), s))) for k, s in zip(game.shape, size)]
        picks = np.array(list(product(*(range(len(own)) for own in lists))))
        picks = np.repeat(picks, starts if max(size) > 1 else 1, axis=0)
        supports = [own[picks[:, i]] for i, own in enumerate(lists)]
        found += [p for p in _newton(game, supports, rng) if (game.regret(p) <= 1e-10).all()]
    return found


def _newton(
    game: NormalFormGame, supports: list[IntArray], rng: np.random.Generator
) -> Iterator[MixedProfile]:
    """The equilibria to which the method leads from a random point for each row of the supports, arrays (B, s_i)."""
    count = len(supports[0])
    degrees = [s.shape[1] - 1 for s in supports]
    ends = np.cumsum([0, *degrees])
    z = np.concatenate([rng.dirichlet(np.ones(d + 1), count)[:, 1:] for d in degrees], axis=1)
    tables = []
    for i in range(game.n_players):
        chosen = [*supports[:i], np.tile(np.arange(game.shape[i]), (count, 1)), *supports[i + 1 :]]
        at = [
            s.reshape(count, *(s.shape[1] if j == k else 1 for k in range(game.n_players)))
            for j, s in enumerate(chosen)
        ]
        tables.append(game.payoffs[(*at, i)])

    def profile(free: FloatArray) -> list[FloatArray]:
        parts = [free[:, a:b] for a, b in pairwise(ends)]
        return [np.concatenate([1.0 - p.sum(axis=1, keepdims=True), p], axis=1) for p in parts]

    def values(free: FloatArray) -> list[FloatArray]:
        """What each action of each player adds over the first of its support."""
        points = profile(free)
        out = []
        for i, table in enumerate(tables):
            for j in reversed(range(game.n_players)):
                if j != i:
                    weights = points[j].reshape(count, *(-1 if k == j else 1 for k in range(game.n_players)))
                    table = (table * weights).sum(axis=j + 1, keepdims=True)
            flat = table.reshape(count, -1)
            out.append(flat - np.take_along_axis(flat, supports[i][:, :1], axis=1))
        return out

    def gains(free: FloatArray) -> FloatArray:
        each = zip(values(free), supports)
        return np.concatenate([np.take_along_axis(v, s[:, 1:], axis=1) for v, s in each], axis=1)

    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(25 if z.shape[1] else 0):
            here = gains(z)
            # The gains are multilinear, so a difference over one unknown is the derivative.
            slopes = np.stack([gains(z + unit) - here for unit in np.eye(z.shape[1])], axis=2)
            step = -(np.linalg.pinv(slopes, rcond=1e-10) @ here[:, :, None])[:, :, 0]
            z = z + step
            z = np.where((np.abs(z) < 1e3).all(axis=1, keepdims=True), z, 0.5)
            if np.abs(step).max() < 1e-14:
                break
    points = profile(z)
    good = np.min([p.min(axis=1) for p in points], axis=0) >= -1e-12
    good &= np.max([v.max(axis=1) for v in values(z)], axis=0) <= 1e-9
    seen = set()
    for b in np.flatnonzero(good).tolist():
        vectors = []
        for i, (s, p) in enumerate(zip(supports, points)):
            vector = np.zeros(game.shape[i])
            vector[s[b]] = np.maximum(p[b], 0.0)
            vectors.append(vector / vector.sum())
        key = tuple(round(float(x), 7) for v in vectors for x in v)
        if key not in seen:
            seen.add(key)
            yield tuple(vectors)


def examined(shape: tuple[int, ...], number: int) -> dict[str, float]:
    """What there is to count in one game, and the seconds that `find_all` took."""
    rng = np.random.default_rng([SEED, number, *shape])
    game = NormalFormGame(rng.integers(0, LARGEST, (*shape, len(shape))))
    begun = time.process_time()
    found = find_all(game)
    out: dict[str, float] = dict.fromkeys(COUNTED, 0)
    out |= {
        "seconds": time.process_time() - begun,
        "equilibria": len(found),
        "complete": int(found.complete),
        "degenerate": int(found.degenerate is True),
        "false equilibria": sum(bool((e.regret > 1e-9).any()) for e in found),
    }
    if found.complete and found.degenerate is False:
        out["false indices"] = int(sum(e.index or 0 for e in found) != 1)
    for profile in second_way(game, rng):
        if any(all(np.abs(v - w).max() < 1e-6 for v, w in zip(profile, e.profile)) for e in found):
            continue
        if isinstance(prove(game, profile), Certificate):
            out["missing, complete" if found.complete else "missing, incomplete"] += 1
        elif found.complete:
            out["outside the sets"] += not _in_a_set(found, profile)
        out["false nondegenerate"] += found.degenerate is False
    return out


def _in_a_set(found: Equilibria, profile: MixedProfile) -> bool:
    """Whether one of the connected sets that are listed meets the supports of a profile; true of sets without that list.

    At an equilibrium that is not regular a regret of 1e-10, which `second_way` lets pass, leaves an error of its square root.
    """
    supports = tuple(tuple(np.flatnonzero(v > 1e-5).tolist()) for v in profile)
    return any(not c.supports or supports in c.supports for c in found.components)


def rows(shape: tuple[int, ...], games: int) -> list[dict[str, float]]:
    """One entry for each game, from the file of an earlier run as far as that goes."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"completeness-{'x'.join(map(str, shape))}.jsonl"
    done = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    if games == 0:
        return done
    with path.open("a") as file:
        for number in range(len(done), games):
            done.append(examined(shape, number))
            file.write(json.dumps(done[-1]) + "\n")
            file.flush()
    return done[:games]


def claims(shape: tuple[int, ...], games: int) -> dict[str, object]:
    """One row of the table."""
    every = rows(shape, games)
    games = len(every)
    counts = {name: int(sum(row[name] for row in every)) for name in COUNTED}
    seconds = sum(row["seconds"] for row in every)
    return {
        "game": "x".join(map(str, shape)),
        "games": games,
        **counts,
        "ms each": 1e3 * seconds / max(games, 1),
    }


def main() -> None:
    games = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    sizes = [tuple(map(int, word.split("x"))) for word in sys.argv[2:]] or SIZES
    table = [claims(shape, games) for shape in sizes]
    if sys.argv[2:]:
        print("\n".join(markdown(table)))
        return
    TABLE.write_text(
        f"## Claims about games with ties\n\nPayoffs are integers from 0 to {LARGEST - 1}, drawn with seed {SEED}. Equilibria "
        "that Newton's method meets from random points of all supports are looked for in what `find_all` lists. "
        f"{load_words()}\n\n" + "\n".join(markdown(table)) + "\n"
    )


if __name__ == "__main__":
    main()
