"""False equilibria at extreme offsets and scales, counted: `python -m benchmarks.scales [GAMES]`.

Each player's payoffs are small random integers times a scale plus an offset, both drawn log-uniformly from 1e-300 to 1e300,
once as fractions and once rounded to floats. Whatever a solver calls proven must be an equilibrium of the numbers as given:
its regret is computed anew in rational arithmetic. A refusal with its reason is an answer.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks._common import load_words, markdown
from games import NormalFormGame
from games.errors import ConcertError, PrecisionError
from games.types import MixedProfile
from solvers import nash
from solvers.equilibrium.results import Equilibrium

TABLE = Path(__file__).parent / "tables" / "scales.md"
SEED = 20260402
SHAPES = ((2, 2), (3, 3), (2, 3), (2, 2, 2), (3, 2, 2), (2, 2, 2, 2))
# A share of a player's payoff range: probabilities are rounded to 53 bits.
ALLOWED = Fraction(1, 10**9)
WAYS: dict[str, Callable[[NormalFormGame], Iterable[Equilibrium]]] = {
    "find_all": lambda game: nash.find_all(game, time_limit=20),
    "find_one": lambda game: [nash.find_one(game)],
    "newton": lambda game: [nash.find_one(game, "newton")],
    "pure": nash.pure,
}


def regret(game: NormalFormGame, profile: MixedProfile) -> Fraction:
    """The largest regret over the player's payoff range, in fractions."""
    exact = game.exact
    mixed = []
    for vector in profile:
        own = np.empty(len(vector), dtype=object)
        own[:] = [Fraction(float(p)) for p in vector]
        mixed.append(own / sum(own.tolist()))
    worst = Fraction(0)
    for i, own in enumerate(mixed):
        values = exact[..., i]
        for j in reversed(range(game.n_players)):
            if j != i:
                values = np.moveaxis(values, j, -1).dot(mixed[j])
        column = exact[..., i].reshape(-1).tolist()
        span = max(column) - min(column)
        if span:
            worst = max(worst, (max(values.tolist()) - own.dot(values)) / span)
    return worst


def drawn(number: int) -> NormalFormGame:
    """One game in fractions."""
    rng = np.random.default_rng([SEED, number])
    shape = SHAPES[number % len(SHAPES)]
    whole = rng.integers(0, 10, (*shape, len(shape)))
    powers = rng.uniform(-300, 300, (2, len(shape)))
    scale, offset = ([Fraction(float(10.0**p)) for p in row] for row in powers)
    columns = []
    for i in range(len(shape)):
        column = np.empty(whole[..., i].size, dtype=object)
        column[:] = [int(x) * scale[i] + offset[i] for x in whole[..., i].reshape(-1).tolist()]
        columns.append(column.reshape(shape))
    return NormalFormGame(np.stack(columns, axis=-1))


def main() -> None:
    games = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    counts: dict[tuple[str, str], Counter[str]] = {}
    for number in range(games):
        exact = drawn(number)
        for kind, game in (("exact", exact), ("floats", NormalFormGame(exact.payoffs))):
            for name, way in WAYS.items():
                row = counts.setdefault((kind, name), Counter())
                begun = time.process_time()
                try:
                    found = list(way(game))
                except PrecisionError:
                    row["refused"] += 1
                    found = []
                except ConcertError:
                    row["none found"] += 1
                    found = []
                row["ms"] += round(1e3 * (time.process_time() - begun))
                for e in found:
                    wrong = regret(game, e.profile) > ALLOWED
                    row["equilibria"] += 1
                    row["called proven"] += e.proof != "numeric"
                    row["false, called proven"] += wrong and e.proof != "numeric"
                    row["false, called numeric"] += wrong and e.proof == "numeric"
    names = (
        "equilibria",
        "called proven",
        "false, called proven",
        "false, called numeric",
        "refused",
        "none found",
    )
    rows = [
        {"payoffs": kind, "way": name, **{n: row[n] for n in names}, "ms each": row["ms"] / games}
        for (kind, name), row in counts.items()
    ]
    shapes = ", ".join("x".join(map(str, s)) for s in SHAPES)
    TABLE.write_text(
        f"## Offsets and scales from 1e-300 to 1e300\n\n{games} games of {shapes}, seed "
        f"{SEED}: integers from 0 to 9 times a scale plus an offset of each player's own. False means that some player can gain "
        "more than 1e-9 of its payoff range, computed in rationals from the payoffs as given. `refused`: rounding to floats "
        f"has erased a player's differences. {load_words()}\n\n" + "\n".join(markdown(rows)) + "\n"
    )


if __name__ == "__main__":
    main()
