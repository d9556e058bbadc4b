"""The Owen value: the Shapley value of players who bargain as members of unions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.errors import GameError
from solvers.base.deadline import checkpoint, keeps_time, steps
from solvers.base.precision import refuse_lost_worths
from solvers.cooperative._values import Allocation

__all__ = ["owen"]


@checked
@keeps_time("the Owen value", "take fewer players")
def owen(
    game: CoalitionalGame, unions: Sequence[Sequence[str]], *, time_limit: float | None = None
) -> Allocation:
    """The Owen value (Owen 1977): the mean marginal contribution over all orders that keep each union together.

    Parameters
    ----------
    game : CoalitionalGame
    unions : disjoint groups of players, by name; players in none stand for themselves
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For a player in two unions.
    ProfileError
        For a player who is not in the game.

    Examples
    --------
    Two of three equal voters who act together leave nothing to the third.

    >>> from games.coalitional import weighted_voting
    >>> game = weighted_voting({"A": 1, "B": 1, "C": 1})
    >>> owen(game, [["A", "B"]]).payoffs.tolist()
    [0.5, 0.5, 0.0]
    """
    refuse_lost_worths(game)
    groups = [game.coalition(list(union)) for union in unions if len(union)]
    taken = 0
    for union, mask in zip(unions, groups):
        if taken & mask or mask.bit_count() != len(union):
            raise GameError(f"a player is in two unions: {' + '.join(game.members(taken & mask)) or union}")
        taken |= mask
    groups += [1 << i for i in range(game.n_players) if not taken >> i & 1]
    values, m = game.exact, len(groups)
    out = []
    for i in steps(range(game.n_players), game.n_players, "players"):
        own = next(k for k, g in enumerate(groups) if g >> i & 1)
        mates = [1 << j for j in range(game.n_players) if groups[own] >> j & 1 and j != i]
        others = [g for k, g in enumerate(groups) if k != own]
        total, b = Fraction(0), len(mates) + 1
        for h in range(m):
            for joined in combinations(others, h):
                checkpoint()
                before = sum(joined)
                for s in range(b):
                    weight = Fraction(
                        factorial(h) * factorial(m - h - 1) * factorial(s) * factorial(b - s - 1),
                        factorial(m) * factorial(b),
                    )
                    for mate in combinations(mates, s):
                        base = before | sum(mate)
                        total += weight * (values[base | 1 << i] - values[base])
        out.append(float(total))
    return Allocation(game, "Owen value", np.array(out))
