"""One equilibrium and the logit branch beside the peers: `python -m benchmarks.one_equilibrium`.

Processor time in milliseconds, all in one process on the same games. `first` is the first game of a row, which in the
first row of a library includes imports and compilation; `after` is the median over the games that follow. The largest regret
is measured by us, in units of each player's payoff range.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks._common import behind, markdown
from games import NormalFormGame
from games.errors import ConvergenceError
from solvers import quantal
from solvers.nash._find_one import find_one

SEED = 20260103
TABLE = Path(__file__).parent / "tables" / "one_equilibrium.md"

Profile = list[np.ndarray[Any, Any]]
Solver = Callable[[NormalFormGame], Profile | None]


def timed(call: Solver, games: list[NormalFormGame]) -> tuple[float, float, str]:
    """Milliseconds of the first game, the median of those after it, and the largest regret or the number of failures."""
    times, regrets, failures = [], [0.0], 0
    for game in games:
        begun = time.process_time()
        profile = call(game)
        times.append(1e3 * (time.process_time() - begun))
        if profile is None:
            failures += 1
        else:
            vectors = [np.maximum(p, 0.0) / np.maximum(p, 0.0).sum() for p in profile]
            regrets.append(float((game.regret(vectors) / game.ranges).max()))
    failed = f", {failures} of {len(games)} without answer" if failures else ""
    return times[0], median(times[1:]), f"{max(regrets):.1g}{failed}"


def ours(method: str) -> Solver:
    """One of our methods."""

    def call(game: NormalFormGame) -> Profile | None:
        try:
            return list(find_one(game, method).profile)
        except ConvergenceError:
            return None

    return call


def our_limit(game: NormalFormGame) -> Profile:
    """The end of the principal branch in the players' own payoffs, as Gambit defines it."""
    return list(quantal.limiting(game).profile)


def our_branch(game: NormalFormGame) -> Profile:
    """The whole branch to precision 1000 over the payoff range; its last point."""
    return [array[-1] for array in quantal.branch(game).profiles]


def gambit(name: str, **options: Any) -> Solver:
    """A Gambit solver: its first equilibrium."""

    def call(game: NormalFormGame) -> Profile | None:
        import pygambit as gbt

        peer = gbt.Game.from_arrays(
            *(np.ascontiguousarray(game.payoffs[..., i]) for i in range(game.n_players))
        )
        found = getattr(gbt.nash, name)(peer, **options).equilibria
        if not found:
            return None
        return [np.array([float(found[0][s]) for s in player.strategies]) for player in peer.players]

    return call


def gambit_branch(game: NormalFormGame) -> Profile:
    """Gambit's logit branch with its own defaults; its last point."""
    import pygambit as gbt

    peer = gbt.Game.from_arrays(*(np.ascontiguousarray(game.payoffs[..., i]) for i in range(game.n_players)))
    last = list(gbt.qre.logit_solve_branch(peer))[-1].profile
    return [np.array([float(last[s]) for s in player.strategies]) for player in peer.players]


def _quantecon(game: NormalFormGame) -> Any:
    from quantecon.game_theory import NormalFormGame as Game
    from quantecon.game_theory import Player

    # QuantEcon puts the own action first and the next players after it.
    n = game.n_players
    return Game(
        [
            Player(np.ascontiguousarray(game.payoffs[..., i].transpose([(i + k) % n for k in range(n)])))
            for i in range(n)
        ]
    )


def quantecon_lemke_howson(game: NormalFormGame) -> Profile:
    """QuantEcon's compiled Lemke-Howson."""
    from quantecon.game_theory import lemke_howson

    return list(lemke_howson(_quantecon(game)))


def quantecon_simplicial(game: NormalFormGame) -> Profile:
    """QuantEcon's simplicial method (McLennan and Tourky), with its own tolerance of 1e-3."""
    from quantecon.game_theory import mclennan_tourky

    return list(mclennan_tourky(_quantecon(game)))


def run() -> list[dict[str, Any]]:
    """All rows."""
    rng = np.random.default_rng(SEED)
    rows: list[dict[str, Any]] = []

    def compare(shape: tuple[int, ...], many: int, name: str, mine: Solver, peers: dict[str, Solver]) -> None:
        games = [NormalFormGame(rng.random((*shape, len(shape)))) for _ in range(many)]
        first, after, regret = timed(mine, games)
        for peer, call in peers.items():
            peer_first, peer_after, peer_regret = timed(call, games)
            rows.append(
                {
                    "size": "x".join(map(str, shape)),
                    "ours": name,
                    "first": first,
                    "after": after,
                    "regret": regret,
                    "peer": peer,
                    "peer first": peer_first,
                    "peer after": peer_after,
                    "peer's regret": peer_regret,
                    "peer / ours": peer_after / after,
                }
            )
            print(rows[-1], flush=True)

    for n, many in ((4, 30), (12, 30), (40, 10)):
        peers: dict[str, Solver] = {
            "QuantEcon Lemke-Howson": quantecon_lemke_howson,
            "nashpy, capped": ours("nashpy"),
        }
        if n < 40:
            peers["Gambit lcp_solve"] = gambit("lcp_solve", rational=False, stop_after=1)
        compare((n, n), many, "Lemke-Howson", ours("lemke-howson"), peers)
    sizes = ((5, 5), (12, 12), (2, 2, 2), (3, 3, 3), (4, 4, 4), (6, 6, 6), (3, 3, 3, 3), (2, 2, 2, 2, 2))
    for shape in sizes:
        compare(shape, 15, "logit limit", our_limit, {"Gambit logit_solve": gambit("logit_solve")})
    for shape in ((5, 5), (3, 3, 3), (4, 4, 4)):
        compare(shape, 15, "logit branch", our_branch, {"Gambit logit_solve_branch": gambit_branch})
    for shape in ((12, 12), (3, 3, 3), (4, 4, 4), (3, 3, 3, 3)):
        peers = {}
        # On some games of the larger sizes gnm_solve did not end within a minute, and nothing stops it from outside.
        if shape in ((12, 12), (3, 3, 3)):
            peers["Gambit gnm_solve"] = gambit("gnm_solve")
        if len(shape) > 2:
            peers["QuantEcon McLennan-Tourky"] = quantecon_simplicial
        compare(shape, 15, "Newton", ours("newton"), peers)
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown."""
    lines = [
        "## One equilibrium, and the logit branch",
        "",
        f"Processor time in ms; uniform random games, seed {SEED}. `first` is the first game of the row; in the first row of a "
        "library it includes imports and compilation. Ours are verified by their regret before they are returned, and exact for "
        "two players. gnm_solve is left out where it does not always end. Gambit's branch is followed to its own default end, "
        "ours to precision 1000 over the payoff range; the regret of a branch is that of its last point.",
        "",
        *markdown(rows),
    ]
    slower = [f"{row['ours']} {row['size']} ({row['peer']})" for row in rows if row["peer / ours"] < 1]
    lines += ["", behind(slower), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    text = table(run())
    TABLE.write_text(text)
    print(text)
