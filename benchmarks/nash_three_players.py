"""All equilibria of three and more players, and pure ones, beside the peers: `python -m benchmarks.nash_three_players`.

Processor time in milliseconds, ours and the peers' in one process on the same uniform random games. `first`
is the first game of a row, which in the first row of a library includes imports and compilation; `after` is
the median over the games that follow. `missed` counts the games in which the peer returned fewer equilibria
than ours, each of which is proven by interval arithmetic; `complete` the games in which our search proved
that there are no others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks._common import markdown
from games import NormalFormGame
from solvers.nash import find_all, pure

SEED = 20260103
TABLE = Path(__file__).parent / "tables" / "nash_three_players.md"
SIZES = (((2, 2, 2), 31), ((2, 3, 4), 21), ((3, 3, 3), 31), ((4, 4, 4), 11), ((2, 2, 2, 2), 21))


def random_game(shape: tuple[int, ...], number: int) -> NormalFormGame:
    return NormalFormGame(np.random.default_rng([SEED, number, *shape]).random((*shape, len(shape))))


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    answer = call()
    return answer, 1e3 * (time.process_time() - begun)


def enumpoly(game: NormalFormGame) -> int:
    """Gambit's support enumeration with polynomial systems (compiled)."""
    import pygambit

    peer = pygambit.Game.from_arrays(*[game.payoffs[..., i] for i in range(game.n_players)])
    return len(pygambit.nash.enumpoly_solve(peer, use_strategic=True).equilibria)


def all_equilibria() -> list[dict[str, object]]:
    rows = []
    for shape, games in SIZES:
        mine, theirs, missed, complete, count = [], [], 0, 0, 0
        for number in range(games):
            game = random_game(shape, number)
            found, spent = timed(lambda game=game: find_all(game))
            mine.append(spent)
            other, spent = timed(lambda game=game: enumpoly(game))
            theirs.append(spent)
            missed += other < len(found)
            complete += found.complete
            count += len(found)
        rows.append(
            {
                "games": f"{games} of {'x'.join(map(str, shape))}",
                "equilibria": count,
                "complete": f"{complete} of {games}",
                "ours first": mine[0],
                "ours after": median(mine[1:]),
                "enumpoly first": theirs[0],
                "enumpoly after": median(theirs[1:]),
                "enumpoly missed": f"{missed} of {games}",
                "times faster": median(theirs[1:]) / median(mine[1:]),
            }
        )
    return rows


def pure_equilibria() -> list[dict[str, object]]:
    from quantecon.game_theory import NormalFormGame as Game
    from quantecon.game_theory import pure_nash_brute

    rows = []
    for shape in ((4, 4, 4), (20, 20, 20)):
        mine, theirs = [], []
        for number in range(11):
            game = random_game(shape, number)
            peer = Game(game.payoffs)
            found, spent = timed(lambda game=game: pure(game))
            mine.append(spent)
            other, spent = timed(lambda peer=peer: pure_nash_brute(peer))
            theirs.append(spent)
            assert len(found) == len(other)
        rows.append(
            {
                "games": f"11 of {'x'.join(map(str, shape))}, pure",
                "ours first": mine[0],
                "ours after": median(mine[1:]),
                "pure_nash_brute first": theirs[0],
                "pure_nash_brute after": median(theirs[1:]),
                "times faster": median(theirs[1:]) / median(mine[1:]),
            }
        )
    return rows


def run() -> list[dict[str, object]]:
    """Time everything, print the tables and write them down."""
    every, pures = all_equilibria(), pure_equilibria()
    first, second = ("\n".join(markdown(rows)) for rows in (every, pures))
    text = (
        "## Three and more players\n\nUniform random games, processor time in milliseconds. `enumpoly` is Gambit's "
        "`enumpoly_solve`; it is compiled, does not prove anything, and is faster where its time is the smaller one below.\n\n"
        f"{first}\n\nPure equilibria, beside QuantEcon's `pure_nash_brute`:\n\n{second}\n"
    )
    print(text)
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(text)
    return every + pures


if __name__ == "__main__":
    run()
