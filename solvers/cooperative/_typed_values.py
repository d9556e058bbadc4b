"""The Shapley value and the Banzhaf index of games whose players come in types."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial

import numpy as np

from games.arguments import checked
from games.normal_form import FloatArray
from games.typed import TypedGame
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.precision import refuse_lost_worths
from solvers.cooperative._typed_nucleolus import TypedAllocation

__all__ = ["typed_banzhaf", "typed_shapley"]


def _marginal(game: TypedGame, axis: int, weight: Callable[[int], float]) -> float:
    """The weighted sum of what one player of a type adds; `weight` by the number of players already there."""
    checkpoint()
    values = np.moveaxis(game.values, axis, 0)
    added = values[1:] - values[:-1]
    size = game.sizes[axis]
    others = [n for t, n in enumerate(game.sizes) if t != axis]
    # How many coalitions of the other players have these counts, and how many members those have.
    ways = np.array([float(comb(size - 1, m)) for m in range(size)])
    members = np.arange(size)
    for n in others:
        checkpoint()
        ways = np.multiply.outer(ways, [float(comb(n, m)) for m in range(n + 1)])
        members = np.add.outer(members, np.arange(n + 1))
    weights = np.array([weight(s) for s in range(game.n_players)])
    return float((added * ways * weights[members]).sum())


@checked
@keeps_time("the Shapley value", "take fewer types")
def typed_shapley(game: TypedGame, *, time_limit: float | None = None) -> TypedAllocation:
    """The Shapley value (1953) of a game of types: what one player of each type gets.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> from games.voting import security_council
    >>> typed_shapley(security_council().typed()).payoffs.round(4).tolist()
    [0.1963, 0.0019]
    """
    refuse_lost_worths(game)
    n = game.n_players
    share = [float(Fraction(factorial(s) * factorial(n - s - 1), factorial(n))) for s in range(n)]
    return _allocation(game, "Shapley value", lambda s: share[s])


@checked
@keeps_time("the Banzhaf index", "take fewer types")
def typed_banzhaf(
    game: TypedGame, normalised: bool = True, *, time_limit: float | None = None
) -> TypedAllocation:
    """The Banzhaf index of a game of types: what one player of each type adds on the mean over all coalitions.

    `normalised` scales it to add up to the worth of all together, where the contributions do not cancel to zero.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> from games.voting import security_council
    >>> typed_banzhaf(security_council().typed()).payoffs.round(4).tolist()
    [0.1669, 0.0165]
    """
    refuse_lost_worths(game)
    n = game.n_players
    found = _allocation(game, "Banzhaf index" if normalised else "Banzhaf value", lambda s: 0.5 ** (n - 1))
    total = float(found.payoffs @ np.array(game.sizes))
    scale = float(np.abs(game.values).max())
    if normalised and abs(total) > 1e-12 * scale:
        payoffs: FloatArray = found.payoffs * (float(game.values.reshape(-1)[-1]) / total)
        return TypedAllocation(game, found.name, payoffs)
    return found


def _allocation(game: TypedGame, name: str, weight: Callable[[int], float]) -> TypedAllocation:
    return TypedAllocation(game, name, np.array([_marginal(game, t, weight) for t in range(len(game.sizes))]))
