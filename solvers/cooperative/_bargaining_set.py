"""The bargaining set: allocations at which every objection of a player against a partner can be countered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.errors import SizeError
from games.normal_form import FloatArray
from solvers.base.deadline import keeps_time, steps
from solvers.base.precision import refuse_lost_worths
from solvers.base.programs import linprog
from solvers.base.result import Result
from solvers.cooperative._kernel import allocation_of, coalition_structure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BargainingSetCheck", "in_bargaining_set"]

_MOST_PLAYERS = 8
# As a share of the game's scale: an objection must stay ahead of every counter-objection by more than rounding.
_TOLERANCE = 1e-8


@dataclass(frozen=True, eq=False, repr=False)
class BargainingSetCheck(Result):
    """Whether an allocation lies in the bargaining set.

    Attributes
    ----------
    game : CoalitionalGame
    structure : the coalitions that have formed, as integers
    allocation : fractions, one for each player
    rational : everybody has at least what it is worth alone, and each coalition shares exactly its worth
    objections : justified objections, one for each pair that has one: who objects, against whom, with which coalition, what its
        members get (array (N,), NaN outside), and by how much it stays ahead of every counter-objection
    """

    game: CoalitionalGame
    structure: tuple[int, ...]
    allocation: tuple[Fraction, ...]
    rational: bool
    objections: tuple[tuple[int, int, int, FloatArray, float], ...]

    @property
    def in_bargaining_set(self) -> bool:
        """The allocation is individually rational, and nobody has a justified objection."""
        return self.rational and not self.objections

    def summary(self) -> str:
        if not self.rational:
            return "Not in the bargaining set: a coalition does not share exactly its worth, or a player has less than alone."
        if not self.objections:
            return (
                "In the bargaining set: every objection has a counter-objection, by linear programs "
                f"(tolerance {_TOLERANCE:g} of the game's scale)."
            )
        i, j, coalition, _, margin = self.objections[0]
        names = self.game.players
        return (
            f"Not in the bargaining set: {names[i]} has a justified objection against {names[j]} with "
            f"{self.game.label(coalition)}; {names[j]} cannot counter it, by a margin of {margin:.6g}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each justified objection."""
        import pandas as pd

        names = self.game.players
        rows = [
            (names[i], names[j], self.game.label(s), *shares, margin)
            for i, j, s, shares, margin in self.objections
        ]
        return pd.DataFrame(rows, columns=["objector", "against", "coalition", *names, "margin"])


@checked
@keeps_time("the check for the bargaining set", "check the smaller kernel with in_kernel")
def in_bargaining_set(
    game: CoalitionalGame,
    allocation: Sequence[float | Fraction],
    structure: Sequence[Sequence[str]] | None = None,
    *,
    time_limit: float | None = None,
) -> BargainingSetCheck:
    """Check an allocation against the bargaining set M1(i) (Aumann and Maschler 1964; Davis and Maschler 1967).

    An objection of i against its partner j is a coalition with i and without j, and a division of its worth that gives
    every member more than now. A counter-objection is a coalition with j and without i that can give its members what they
    have now, and those who were in the objection what that offered. An objection without one is justified. For each pair and
    each coalition one linear program finds the objection that is furthest ahead of every counter-objection.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    GameError, ProfileError
        For a structure or an allocation that does not fit the game.
    SizeError
        For more than eight players.

    Examples
    --------
    >>> from games.coalitional import weighted_voting
    >>> majority = weighted_voting({"A": 1, "B": 1, "C": 1})
    >>> in_bargaining_set(majority, [0.5, 0.5, 0], [["A", "B"]]).in_bargaining_set
    True
    >>> in_bargaining_set(majority, [0.7, 0.3, 0], [["A", "B"]]).in_bargaining_set
    False
    """
    refuse_lost_worths(game)
    n = game.n_players
    if n > _MOST_PLAYERS:
        raise SizeError(
            f"the bargaining set is checked for at most {_MOST_PLAYERS} players; this game has {n}"
        )
    formed, x = coalition_structure(game, structure), allocation_of(game, allocation)
    noise = Fraction(_TOLERANCE * game.scale)
    rational = all(x[i] >= game.exact[1 << i] - noise for i in range(n)) and all(
        abs(game.exact[s] - sum((x[i] for i in range(n) if s >> i & 1), Fraction(0))) <= noise for s in formed
    )
    objections = []
    # Measured from what each is worth alone: no objection depends on it.
    shares = np.array([float(v - game.exact[1 << i]) for i, v in enumerate(x)])
    pairs = [p for block in formed for p in permutations([k for k in range(n) if block >> k & 1], 2)]
    for i, j in steps(pairs, len(pairs), "pairs of partners"):
        best = _best_objection(game, shares, i, j)
        if best is not None:
            objections.append((i, j, *best))
    return BargainingSetCheck(game, formed, x, rational, tuple(objections))


def _best_objection(
    game: CoalitionalGame, shares: FloatArray, i: int, j: int
) -> tuple[int, FloatArray, float] | None:
    """The objection of i against j furthest ahead of every counter-objection, or None if none is justified."""
    n, scale = game.n_players, game.scale
    values, x, member = game.surplus / scale, shares / scale, game.membership
    counters = [s for s in range(1, len(values)) if s >> j & 1 and not s >> i & 1]
    best: tuple[int, FloatArray, float] | None = None
    for coalition in range(1, len(values)):
        if not coalition >> i & 1 or coalition >> j & 1:
            continue
        if values[coalition] <= member[coalition] @ x + _TOLERANCE:
            continue
        # Unknowns: what each member gets, and the margin. A counter-objection D fails if x(D - C) + y(D & C) > v(D).
        rows, right = [], []
        for s in counters:
            inside = member[s & coalition]
            rows.append(np.append(-inside, 1.0))
            right.append(float(member[s & ~coalition] @ x - values[s]))
        # What is strict for one member can be made strict for all: a little is taken from whoever has more than enough.
        rows.append(np.append(-np.eye(n)[i], 1.0))
        right.append(-float(x[i]))
        outside = [(0.0, 0.0) if not coalition >> k & 1 else (float(x[k]), None) for k in range(n)]
        solved = linprog(
            np.append(np.zeros(n), -1.0),
            A_ub=np.array(rows),
            b_ub=right,
            A_eq=np.append(member[coalition], 0.0)[None, :],
            b_eq=[values[coalition]],
            bounds=[*outside, (None, 1.0)],
            method="highs-ds",
        )
        margin = -float(solved.fun) if solved.status == 0 else -1.0
        if margin > _TOLERANCE and (best is None or margin * scale > best[2] * (1 + 1e-9)):
            offer = np.where(
                member[coalition] > 0, solved.x[:-1] * scale + game.values[game.singletons], np.nan
            )
            best = coalition, offer, margin * scale
    return best
