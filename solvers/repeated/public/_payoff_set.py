"""Payoffs of perfect public equilibria at fixed discount factors, between an outer and an inner polytope.

Pure strategies that depend on past public signals alone, a public lottery before every period. The set of these payoffs is the
largest bounded V with V = B(V) for the operator of `_programs` (Abreu, Pearce and Stacchetti 1990; Fudenberg, Levine and
Maskin 1994).

`_outer` moves half-spaces in from outside, `_inner` looks for polytopes that generate themselves. Where every profile has
signals of its own, it is sight: perfect monitoring has the answer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from games.errors import MethodError
from games.repeated import RepeatedGame
from games.words import counted
from solvers.base.deadline import Deadline
from solvers.base.result import Result
from solvers.repeated.payoff_sets import payoff_set
from solvers.repeated.payoff_sets.polytope import Polytope
from solvers.repeated.public._inner import inner_set
from solvers.repeated.public._outer import Search
from solvers.repeated.public._programs import SignalGame, signal_game

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PublicPayoffSet", "public_payoff_set"]

# Share of the time that is kept for the search from inside, which takes about as long.
_INSIDE = 0.5
# New directions are looked for in so many of the rounds: what stands out is then mostly there to stay.
_EVERY = 3


@dataclass(frozen=True, eq=False, repr=False)
class PublicPayoffSet(Result):
    """The payoffs of perfect public equilibria, bracketed; in the units of the stage game.

    Attributes
    ----------
    play : RepeatedGame
    outer : Polytope that contains every such payoff (pure strategies, public lotteries), up to 1e-9 of the payoff range;
        without vertices if there is none
    inner : Polytope of such payoffs, checked to generate itself to 1e-9; without vertices if none was found
    gap : distance of the outer polytope's furthest vertex from the inner one, every player's payoff range counted as 1;
        infinity without an inner polytope
    empty : True if it is proved that no perfect public equilibrium in pure strategies exists
    status : `converged`, `iteration limit` or `time limit`; outer and inner are sound in every case
    iterations : rounds of the outer polytope
    seconds : processor time used
    """

    play: RepeatedGame
    outer: Polytope
    inner: Polytope
    gap: float
    empty: bool
    status: Literal["converged", "iteration limit", "time limit"]
    iterations: int
    seconds: float

    @property
    def converged(self) -> bool:
        """True if the iteration met its tolerance."""
        return self.status == "converged"

    def worst(self, player: str | int) -> float:
        """The player's worst payoff in the inner polytope; infinity if there is none."""
        return float(self.inner.lowest[self.play.stage.player_index(player)])

    def best(self, player: str | int) -> float:
        """The player's best payoff in the inner polytope; minus infinity if there is none."""
        return float(self.inner.highest[self.play.stage.player_index(player)])

    def summary(self) -> str:
        if self.empty:
            return (
                "No perfect public equilibrium in pure strategies exists at these discount factors: the stage game has no pure "
                "equilibrium, and the signals allow no profile to be enforced."
            )
        what = {0: "a point", 1: "a segment", 2: "a polygon"}.get(
            self.outer.dimension, f"a polytope of dimension {self.outer.dimension}"
        )
        end = (
            ""
            if self.converged
            else f" The computation stopped at the {self.status}: more time narrows the gap."
        )
        head = "The payoffs of perfect public equilibria (pure strategies, public lotteries)"
        if self.inner.dimension < 0:
            return (
                f"{head} lie in {what} with {counted(len(self.outer.vertices), 'vertex', 'vertices')}; no "
                "self-generating polytope was found inside "
                f"(one may still exist).{end}"
            )
        return (
            f"{head} fill {what} between an inner polytope with "
            f"{counted(len(self.inner.vertices), 'vertex', 'vertices')}, checked to be "
            f"self-generating, and an outer one with {len(self.outer.vertices)}. They differ by at most {self.gap:.2g} of the "
            f"payoff range.{end}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: the worst and best payoffs of the outer and the inner polytope."""
        import pandas as pd

        frame = pd.DataFrame(index=pd.Index(self.play.stage.players, name="player"))
        for name, found in (("outer", self.outer), ("inner", self.inner)):
            frame[f"worst ({name})"] = found.lowest if len(found.vertices) else np.nan
            frame[f"best ({name})"] = found.highest if len(found.vertices) else np.nan
        return frame


def public_payoff_set(
    play: RepeatedGame,
    *,
    tolerance: float | None = None,
    max_iterations: int = 5000,
    time_limit: float | None = None,
) -> PublicPayoffSet:
    """What `repeated.payoff_set` gives for a game with public signals; two or three players."""
    if play.n_players not in (2, 3):
        raise MethodError(
            f"public signals are handled for two or three players; this game has {play.n_players}. "
            "repeated.limit_set takes any number, for patient players"
        )
    deadline = Deadline(time_limit)
    game = signal_game(play)
    if _revealing(game):
        seen = payoff_set(
            RepeatedGame(play.stage, discount=play.discount),
            tolerance=tolerance,
            max_iterations=max_iterations,
            time_limit=time_limit,
        )
        return PublicPayoffSet(
            play, seen.outer, seen.inner, seen.gap, seen.empty, seen.status, seen.iterations, seen.seconds
        )
    return bracketed(
        play, game, tolerance or (1e-4 if play.n_players == 2 else 1e-3), max_iterations, deadline
    )


def _revealing(game: SignalGame) -> bool:
    """Does every signal tell for sure what was played?"""
    return bool(((game.signals > 0.0).sum(axis=0) == 1).all())


def bracketed(
    play: RepeatedGame, game: SignalGame, tolerance: float, max_iterations: int, deadline: Deadline
) -> PublicPayoffSet:
    """The payoffs by linear programs, whatever the signals."""
    begun = time.process_time()
    none = Polytope.nothing(play.n_players)
    status: Literal["converged", "iteration limit", "time limit"] = "iteration limit"
    search, room = Search(game), deadline.left
    rounds = 0
    for rounds in range(1, max_iterations + 1):
        moved = search.round()
        if moved is None:
            return PublicPayoffSet(
                play, none, none, 0.0, True, "converged", rounds, time.process_time() - begun
            )
        refined = search.refine(tolerance) if rounds % _EVERY == 0 or moved <= tolerance else False
        if moved <= tolerance and not refined:
            status = "converged"
            break
        if deadline.finite and deadline.left < _INSIDE * room:
            status = "time limit"
            break
    inner = inner_set(game, search.W, search.normals, deadline)
    gap = np.inf if inner is None else inner.furthest(search.W.vertices)
    return PublicPayoffSet(
        play,
        search.W.scaled(game.scale, game.shift),
        (inner or none).scaled(game.scale, game.shift),
        float(gap),
        False,
        status,
        rounds,
        time.process_time() - begun,
    )
