"""All equilibria of two-player games beside the peers: `python -m benchmarks.nash_two_players`.

Processor time in milliseconds, all in one process on the same games. `first` is the first game of a row, which in the
first row of a library includes imports and compilation; `after` is the median over the games that follow. nashpy is asked
for supports of equal size only (its fastest form), and at 12x12 for a single game, which takes minutes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks._common import behind, markdown
from games import NormalFormGame
from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix

SEED = 20260102
HERE = Path(__file__).parent
TABLE = HERE / "tables" / "nash_two_players.md"
STENGEL = HERE.parent / "tests" / "cases" / "bimatrix_von_stengel.json"

Counter = Callable[[NormalFormGame], int]


def timed(call: Counter, game: NormalFormGame) -> tuple[int, float]:
    """How many equilibria, and the milliseconds it took."""
    begun = time.process_time()
    count = call(game)
    return count, 1e3 * (time.process_time() - begun)


def ours(game: NormalFormGame) -> int:
    """Ours, in whichever arithmetic the game needs, each equilibrium verified in rationals."""
    return len(enumerate_bimatrix(game))


def ours_exact(game: NormalFormGame) -> int:
    """Ours in integers throughout."""
    return len(enumerate_bimatrix(game, exact=True))


def quantecon(game: NormalFormGame) -> int:
    """QuantEcon's vertex enumeration (Qhull and compiled code)."""
    from quantecon.game_theory import NormalFormGame as Game
    from quantecon.game_theory import Player, vertex_enumeration

    A, B = (np.ascontiguousarray(game.payoffs[..., i]) for i in range(2))
    return len(vertex_enumeration(Game((Player(A), Player(np.ascontiguousarray(B.T))))))


def _gambit(game: NormalFormGame) -> Any:
    import pygambit as gbt

    if (game.payoffs == np.rint(game.payoffs)).all():
        return gbt.Game.from_arrays(*(np.rint(game.payoffs[..., i]).astype(int) for i in range(2)))
    return gbt.Game.from_arrays(*(np.ascontiguousarray(game.payoffs[..., i]) for i in range(2)))


def gambit(game: NormalFormGame) -> int:
    """Gambit's enummixed in floats."""
    import pygambit as gbt

    return len(gbt.nash.enummixed_solve(_gambit(game), rational=False).equilibria)


def gambit_exact(game: NormalFormGame) -> int:
    """Gambit's enummixed in rationals."""
    import pygambit as gbt

    return len(gbt.nash.enummixed_solve(_gambit(game), rational=True).equilibria)


def nashpy_supports(game: NormalFormGame) -> int:
    """nashpy's support enumeration over supports of equal size."""
    import warnings

    import nashpy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return len(list(nashpy.Game(game.payoffs[..., 0], game.payoffs[..., 1]).support_enumeration(True)))


def run() -> list[dict[str, Any]]:
    """All rows, each with the counts' agreement."""
    rng = np.random.default_rng(SEED)
    rows: list[dict[str, Any]] = []

    def compare(
        what: str, games: list[NormalFormGame], mine: Counter, peers: dict[str, tuple[Counter, int]]
    ) -> None:
        # Game by game, all solvers in turn, so that what else the machine does falls on all of them.
        times: dict[str, list[float]] = {"": [], **{name: [] for name in peers}}
        counts: dict[str, list[int]] = {"": [], **{name: [] for name in peers}}
        for k, game in enumerate(games):
            for name, (call, how_many) in {"": (mine, len(games)), **peers}.items():
                if k < how_many:
                    count, spent = timed(call, game)
                    counts[name].append(count)
                    times[name].append(spent)
        found = counts[""]
        for name, (_, how_many) in peers.items():
            after, peer_after = (median(times[key][1:] or times[key]) for key in ("", name))
            missed = sum(a != b for a, b in zip(found, counts[name]))
            rows.append(
                {
                    "games": what,
                    "how many": f"{how_many}",
                    "equilibria": f"{min(found)} to {max(found)}" if len(set(found)) > 1 else f"{found[0]}",
                    "ours first": times[""][0],
                    "ours after": after,
                    "peer": name,
                    "peer first": times[name][0],
                    "peer after": peer_after,
                    "peer / ours": peer_after / after,
                    "counts differ": f"{missed} of {how_many}",
                }
            )
            print(rows[-1], flush=True)

    for n, many, nashpy_many, gambit_many in (
        (2, 40, 40, 40),
        (4, 40, 20, 40),
        (6, 20, 5, 20),
        (8, 20, 2, 20),
        (10, 20, 1, 4),
        (12, 20, 0, 2),
        (14, 5, 0, 0),
    ):
        games = [NormalFormGame(rng.random((n, n, 2))) for _ in range(many)]
        peers = {
            "QuantEcon vertex enumeration": (quantecon, many),
            "Gambit enummixed, floats": (gambit, gambit_many),
            "nashpy support enumeration": (nashpy_supports, nashpy_many),
        }
        compare(f"uniform {n}x{n}", games, ours, {k: v for k, v in peers.items() if v[1]})
    case = json.loads(STENGEL.read_text())
    stengel = [NormalFormGame.from_bimatrix(case["first"], case["second"])] * 5
    compare(
        "von Stengel's 6x6",
        stengel,
        ours,
        {
            "QuantEcon vertex enumeration": (quantecon, 5),
            "Gambit enummixed, rationals": (gambit_exact, 5),
            "nashpy support enumeration": (nashpy_supports, 2),
        },
    )
    for shape, many in (((4, 4), 20), ((6, 6), 10), ((8, 8), 3)):
        games = [NormalFormGame(rng.integers(0, 4, (*shape, 2))) for _ in range(many)]
        compare(
            f"integers 0 to 3, {shape[0]}x{shape[1]}, degenerate",
            games,
            ours,
            {
                "Gambit enummixed, rationals": (gambit_exact, many),
                "QuantEcon vertex enumeration": (quantecon, many),
            },
        )
    games = [NormalFormGame(rng.integers(0, 1000, (8, 8, 2))) for _ in range(3)]
    compare(
        "integers 0 to 999, 8x8, all in rationals",
        games,
        ours_exact,
        {"Gambit enummixed, rationals": (gambit_exact, 3)},
    )
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown."""
    lines = [
        "## All equilibria of two-player games",
        "",
        f"Processor time in ms; random games, seed {SEED}. `first` is the first game of the row; in the first row of a library "
        "it includes imports and compilation. `after` is the median over the games that follow (ours over all of them, a peer's "
        "over as many as the row says). `counts differ`: in how many games the peer's number of equilibria is not ours. "
        "Ours are each verified in rationals; QuantEcon and nashpy are not made for degenerate games, and Gambit lists some "
        "equilibria of those twice.",
        "",
        *markdown(rows),
    ]
    slower = [f"{row['games']} ({row['peer']})" for row in rows if row["peer / ours"] < 1]
    lines += ["", behind(slower), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    text = table(run())
    TABLE.write_text(text)
    print(text)
