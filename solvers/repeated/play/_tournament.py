"""A tournament of doctrines in the manner of Axelrod, with a seat for every player at each table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import instance, table, whole
from games.errors import AutomatonError, MethodError
from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from games.strategies._automata import Automaton
from games.words import counted
from solvers.base.deadline import keeps_time, steps
from solvers.base.progress import track
from solvers.base.result import Result
from solvers.base.rounding import payoff_units
from solvers.repeated.play._markov import chain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Tournament", "tournament"]


@dataclass(frozen=True, eq=False, repr=False)
class Tournament(Result):
    """Scores of all doctrines at all tables.

    Attributes
    ----------
    play : RepeatedGame
    doctrines : tuple of D names
    rounds : int
    scores : array (D, ..., D, N), expected average payoffs at the table where player i follows the i-th index
    """

    play: RepeatedGame
    doctrines: tuple[str, ...]
    rounds: int
    scores: FloatArray

    @property
    def by_seat(self) -> FloatArray:
        """Mean payoff of each doctrine in each seat, over all doctrines of the others, shape (D, N)."""
        n = self.play.n_players
        return np.stack(
            [self.scores[..., i].mean(axis=tuple(j for j in range(n) if j != i)) for i in range(n)], axis=1
        )

    @property
    def total(self) -> FloatArray:
        """Mean over seats of `by_seat` as a share of each seat's payoff range, shape (D,): 1 is the seat's best payoff."""
        game = self.play.stage
        low = game.payoffs.reshape(-1, game.n_players).min(axis=0)
        return np.asarray(((self.by_seat - low) / payoff_units(game.ranges)).mean(axis=1))

    @property
    def winner(self) -> str:
        """The doctrine with the highest total (of several, the first named)."""
        return self.doctrines[int(self.total.argmax())]

    def summary(self) -> str:
        n = self.play.n_players
        return (
            f"Of {len(self.doctrines)} doctrines, {self.winner!r} scores best, by exact expected payoffs at all "
            f"{len(self.doctrines) ** n} tables of {n} seats over {counted(self.rounds, 'round')}. Scores are "
            "relative to this field of "
            "doctrines."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each doctrine, best first: mean payoff in each seat, and the total as a share of the range."""
        import pandas as pd

        frame = pd.DataFrame(
            self.by_seat,
            index=pd.Index(self.doctrines, name="doctrine"),
            columns=list(self.play.stage.players),
        )
        frame["total"] = self.total
        return frame.sort_values("total", ascending=False, kind="stable")


@keeps_time("the tournament", "take fewer doctrines or rounds")
def tournament(
    play: RepeatedGame,
    doctrines: Mapping[str, Automaton],
    rounds: int = 200,
    *,
    tremble: npt.ArrayLike | None = None,
    misperception: npt.ArrayLike | None = None,
    time_limit: float | None = None,
) -> Tournament:
    """Let every doctrine meet every other and itself, in every seat.

    Scores are exact expected averages over `rounds` periods from the Markov chain of each table, so that no random draw
    decides. Arguments `tremble` and `misperception` are as in `repeated.long_run`. Source: Axelrod and Hamilton
    (1981), *Science* 211; Axelrod (1984), *The Evolution of Cooperation*.

    Parameters
    ----------
    play : RepeatedGame
    doctrines : mapping from names to automata of the stage game, of which each seat uses its own part
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For no doctrine or no round.
    SizeError
        For automata with too many joint states.

    Examples
    --------
    >>> from games import NormalFormGame, RepeatedGame, strategies
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> c, d = ("C", "C"), ("D", "D")
    >>> field = {"grim": strategies.grim(pd, c, d), "tit for tat": strategies.tit_for_tat(pd, c, d)}
    >>> field["war"] = strategies.always(pd, d)
    >>> tournament(RepeatedGame(pd, 0.9), field, rounds=100).to_frame()["total"].round(3).to_dict()
    {'grim': 0.466, 'tit for tat': 0.466, 'war': 0.205}
    """
    instance(play, RepeatedGame, "the repeated game")
    rounds = whole(rounds, "a tournament needs a whole number of rounds, at least one round", least=1)
    if not table(doctrines, "doctrines", MethodError):
        raise MethodError("a tournament needs at least one doctrine and one round")
    for name, doctrine in doctrines.items():
        instance(doctrine, Automaton, f"the doctrine {name!r}", AutomatonError)
    n = play.n_players
    names = tuple(doctrines)
    machines = [[doctrines[name].machine(i) for name in names] for i in range(n)]
    scores = np.empty((len(names),) * n + (n,))
    tables = list(product(range(len(names)), repeat=n))
    for seating in steps(track(tables, total=len(tables), label="tables"), len(tables), "tables"):
        seated = [machines[i][d] for i, d in enumerate(seating)]
        scores[seating] = chain(play, seated, tremble=tremble, misperception=misperception).over(rounds)
    return Tournament(play, names, rounds, scores)
