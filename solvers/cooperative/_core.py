"""The core: allocations that no coalition would leave, with a proof either way."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.normal_form import FloatArray
from games.typed import TypedGame
from solvers.base.deadline import keeps_time, steps
from solvers.base.precision import refuse_lost_worths
from solvers.base.programs import linprog
from solvers.base.result import Result
from solvers.cooperative._emptiness import balanced_above, balanced_frame, words
from solvers.cooperative._nucleolus import normalise, nucleolus
from solvers.cooperative._typed_core import typed_core

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Core", "core"]

# Beyond, constraints are generated: programs over all coalitions at once would hold too many rows.
_MOST_AT_ONCE = 14
_POSITIVE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class Core(Result):
    """Is the core empty, and why?

    Attributes
    ----------
    game : CoalitionalGame
    empty : no allocation satisfies every coalition
    point : array (N,), an allocation in the core (the nucleolus), or None
    low, high : arrays (N,), the least and most that each player gets in the core, or None
    balanced : for an empty core, the proof: a weight for each of some coalitions such that every player's coalitions
        have weights that add up to 1, and the weighted worths exceed what all together are worth (Bondareva 1963; Shapley
        1967)
    missing : what all together would have to be worth more for the core not to be empty (0 if it is not)
    """

    game: CoalitionalGame
    empty: bool
    point: FloatArray | None
    low: FloatArray | None
    high: FloatArray | None
    balanced: tuple[tuple[int, Fraction], ...]
    missing: float

    def summary(self) -> str:
        named = [(self.game.label(s), w) for s, w in self.balanced]
        return words(named, float(self.game.values[-1]), self.missing, bool(self.game.rounding))

    def to_frame(self) -> pd.DataFrame:
        """For a core that is not empty, one row for each player; for an empty one, the balanced coalitions."""
        import pandas as pd

        if self.empty:
            named = [(self.game.label(s), w) for s, w in self.balanced]
            return balanced_frame(named, [self.game.values[s] for s, _ in self.balanced], "coalition")
        return pd.DataFrame(
            {"in the core": self.point, "least": self.low, "most": self.high},
            index=pd.Index(self.game.players, name="player"),
        )


@checked
@keeps_time("the core", "check one allocation with core_membership")
def core(game: CoalitionalGame, *, time_limit: float | None = None) -> Core:
    """Decide whether the core is empty, with a proof in rational arithmetic either way.

    One linear program finds the least that all together would have to be worth; its multipliers are a balanced
    collection of coalitions. If that collection proves the core empty, it is returned; otherwise the nucleolus, which lies
    in every core that is not empty, is checked against every coalition.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    SizeError
        For more than 16 players whose worths are not whole numbers.

    Examples
    --------
    >>> from games.coalitional import weighted_voting
    >>> core(weighted_voting({"A": 1, "B": 1, "C": 1})).balanced
    ((3, Fraction(1, 2)), (5, Fraction(1, 2)), (6, Fraction(1, 2)))
    """
    refuse_lost_worths(game)
    n = game.n_players
    if n > _MOST_AT_ONCE:
        return _by_types(game)
    worths = game.exact
    proper = np.arange(1, len(worths) - 1)
    if n == 1:
        return Core(game, False, game.values[1:], game.values[1:], game.values[1:], (), 0.0)
    alone = game.values[game.singletons]
    exact, unit = normalise(game)
    shifted, scale = np.array([float(w) for w in exact]), float(unit)
    rows = game.membership[proper]
    solved = linprog(
        np.ones(n), A_ub=-rows, b_ub=-shifted[proper], bounds=[(None, None)] * n, method="highs-ds"
    )
    support = [int(s) for s in proper[-np.asarray(solved.ineqlin.marginals) > _POSITIVE]]
    proof = balanced_above(
        support,
        [[Fraction(s >> i & 1) for s in support] for i in range(n)],
        [Fraction(1)] * n,
        [worths[s] for s in support],
        worths[-1],
        Fraction(game.rounding),
    )
    if proof is not None:
        return Core(game, True, None, None, None, proof[0], float(proof[1]))
    found = nucleolus(game)
    for s in steps(proper, len(proper), "coalitions checked against the nucleolus"):
        have = sum((x for i, x in enumerate(found.exact) if s >> i & 1), Fraction(0))
        if have < worths[s] - Fraction(game.rounding):
            raise ArithmeticError("the core could not be decided: no proof either way held exactly")
    # The program's optimum in place of the worth of all: a core of one point must not be lost to rounding.
    shifted[-1] = max(shifted[-1], float(solved.fun))
    low, high = _bounds(rows, shifted)
    return Core(game, False, found.payoffs, low * scale + alone, high * scale + alone, (), 0.0)


def _by_types(game: CoalitionalGame) -> Core:
    """The core of a larger table, with players who can change places put together (`typed_core`)."""
    typed = TypedGame.from_game(game)
    found = typed_core(typed)
    if found.empty:
        balanced: list[tuple[int, Fraction]] = []
        for index, weight in found.balanced:
            chosen = [
                combinations(group, int(m)) for group, m in zip(typed.types.values(), typed.counts(index))
            ]
            coalitions = [game.coalition([p for part in parts for p in part]) for parts in product(*chosen)]
            balanced += [(s, weight / len(coalitions)) for s in coalitions]
        return Core(game, True, None, None, None, tuple(balanced), found.missing)
    where = {p: t for t, group in enumerate(typed.types.values()) for p in group}
    order = [where[p] for p in game.players]
    assert found.point is not None
    assert found.low is not None
    assert found.high is not None
    return Core(game, False, found.point[order], found.low[order], found.high[order], (), 0.0)


def _bounds(rows: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least and most payoff of each player over the core of a scaled game."""
    n = rows.shape[1]
    out = np.empty((2, n))
    for i in steps(range(n), n, "players' least and most"):
        for k, sign in enumerate((1.0, -1.0)):
            solved = linprog(
                sign * np.eye(n)[i],
                A_ub=-rows,
                b_ub=-values[1:-1],
                A_eq=np.ones((1, n)),
                b_eq=[values[-1]],
                bounds=[(None, None)] * n,
                method="highs-ds",
            )
            out[k, i] = sign * solved.fun
    return out[0], out[1]
