"""The core of games whose players come in types: empty or not, with a proof either way, by constraint generation."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import ConvergenceError
from games.normal_form import FloatArray
from games.typed import TypedGame
from solvers.base.deadline import keeps_time, steps
from solvers.base.precision import refuse_lost_worths
from solvers.base.result import Result
from solvers.cooperative._emptiness import balanced_above, balanced_frame, words
from solvers.cooperative._generation import Classes, least_total, minimise
from solvers.cooperative._typed_nucleolus import typed_nucleolus

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TypedCore", "typed_core"]


@dataclass(frozen=True, eq=False, repr=False)
class TypedCore(Result):
    """Is the core of a game of types empty, and why?

    Attributes
    ----------
    game : TypedGame
    empty : no allocation satisfies every coalition
    point : array (T,), what each player of a type gets in one allocation of the core (the nucleolus), or None
    low, high : arrays (T,), the least and most that a single player of each type gets in the core, or None
    balanced : for an empty core, the proof: weights of classes of coalitions (an index and a fraction each; a class
        stands for all its coalitions, which share its weight) under which every player's weights add up to 1 and the worths
        to more than all together have (Bondareva 1963; Shapley 1967)
    missing : what all together would have to be worth more for the core not to be empty (0 if it is not)
    """

    game: TypedGame
    empty: bool
    point: FloatArray | None
    low: FloatArray | None
    high: FloatArray | None
    balanced: tuple[tuple[int, Fraction], ...]
    missing: float

    def summary(self) -> str:
        named = [(self.game.label(k), w) for k, w in self.balanced]
        return words(named, float(self.game.exactly(-1)), self.missing)

    def to_frame(self) -> pd.DataFrame:
        """For a core that is not empty, one row for each type; for an empty one, the balanced classes."""
        import pandas as pd

        if self.empty:
            named = [(self.game.label(k), w) for k, w in self.balanced]
            return balanced_frame(named, [float(self.game.exactly(k)) for k, _ in self.balanced], "class")
        return pd.DataFrame(
            {"in the core": self.point, "least": self.low, "most": self.high},
            index=pd.Index(list(self.game.types), name="type"),
        )


@checked
@keeps_time("the core", "check one allocation with core_membership")
def typed_core(game: TypedGame, *, time_limit: float | None = None) -> TypedCore:
    """Decide whether the core of a game of types is empty, with a proof in rational arithmetic either way.

    One program with generated constraints finds the least that all together would have to be worth, and its multipliers
    the balanced classes. The least and the most of one player are found with that player set apart from its type.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    ConvergenceError
        If the programs do not end, or neither proof holds exactly.

    Examples
    --------
    The veto players of the Security Council can share everything among themselves, in any way.

    >>> from games.voting import security_council
    >>> found = typed_core(security_council().typed())
    >>> found.low.round(6).tolist(), found.high.round(6).tolist()
    ([0.0, 0.0], [1.0, 0.0])
    """
    refuse_lost_worths(game)
    if game.n_players == 1:
        all_of_it = np.array([float(game.exactly(-1))])
        return TypedCore(game, False, all_of_it, all_of_it, all_of_it, (), 0.0)
    classes = Classes(game)
    needed, binding, _ = least_total(classes)
    support = [k for k, _ in binding]
    if support:
        counts = game.counts(support)
        proof = balanced_above(
            support,
            [[Fraction(int(m)) for m in counts[:, t]] for t in range(len(game.sizes))],
            [Fraction(n) for n in game.sizes],
            [game.exactly(k) for k in support],
            game.exactly(-1),
        )
        if proof is not None:
            return TypedCore(game, True, None, None, None, proof[0], float(proof[1]))
    found = typed_nucleolus(game)
    shares = [(x - a) / classes.unit for x, a in zip(found.exact, classes.alone)]
    worst = classes.exact_level(shares, np.empty((0, len(shares))))
    if worst is not None and worst[0] > 0:
        raise ConvergenceError("the core could not be decided: no proof either way held exactly", "core")
    low, high = [], []
    unit = float(classes.unit)
    for name, alone in steps(zip(game.types, classes.alone), len(classes.alone), "types' least and most"):
        apart = game.split(name)
        inner = classes if apart is game else Classes(apart)
        scale = float(inner.unit) if apart is not game else unit
        which = list(game.types).index(name) if apart is game else 0
        objective = np.zeros(len(inner.game.sizes))
        objective[which] = 1.0
        # The program's optimum in place of the worth of all: a core of one point must not be lost to rounding.
        whole = max(float(inner.total), needed * unit / scale)
        low.append(minimise(inner, objective, whole)[0] * scale + float(alone))
        high.append(-minimise(inner, -objective, whole)[0] * scale + float(alone))
    return TypedCore(game, False, found.payoffs, np.array(low), np.array(high), (), 0.0)
