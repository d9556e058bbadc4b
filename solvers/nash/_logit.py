"""One equilibrium as the end of the principal branch of the logit correspondence."""

from __future__ import annotations

from games.normal_form import NormalFormGame
from solvers.equilibrium.results import Equilibrium

__all__ = ["logit"]


def logit(game: NormalFormGame, *, time_limit: float | None = None) -> Equilibrium:
    """The limit of logit equilibria from uniform play on, with every player's payoffs in units of their range.

    See `solvers.quantal.limiting`.

    >>> from games import NormalFormGame
    >>> logit(NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[2, 0], [0, 1]])).describe()
    'Player 1: 1; Player 2: 1'
    """
    from solvers.quantal import limiting

    return limiting(game, each_in_its_own_unit=True, time_limit=time_limit)
