"""All Nash equilibria of a finite game: one face for every number of players."""

from __future__ import annotations

import time

import numpy as np

from games.normal_form import NormalFormGame
from solvers.base.deadline import Deadline
from solvers.equilibrium.results import Component, Equilibria, Equilibrium

__all__ = ["find_all"]


def find_all(
    game: NormalFormGame,
    *,
    seed: int = 0,
    time_limit: float | None = None,
    max_paths: int | None = None,
) -> Equilibria:
    """Find all Nash equilibria of a game, and say whether that succeeded.

    One player: the best actions. Two: extreme equilibria and maximal Nash subsets, by vertex enumeration. Three or more:
    all roots of the indifference systems of all supports, each proven.

    Parameters
    ----------
    game : NormalFormGame
    seed : int
        Of the random constants of the path tracker, with three or more players. The answer does not depend on it.
    time_limit : float, optional
        Seconds of wall time after which the search stops and hands over what it has, marked incomplete.
    max_paths : int, optional
        The largest number of paths to follow, with three or more players.

    Raises
    ------
    ValueError
        If `time_limit` is not positive.
    SizeError
        If the search would take too long to finish and neither `time_limit` nor `max_paths` allows it.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> found = find_all(game)
    >>> len(found), found.complete
    (3, True)
    """
    Deadline(time_limit)
    if game.n_players == 1:
        return _one_player(game)
    if game.n_players == 2:
        from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix

        return enumerate_bimatrix(game, time_limit=time_limit)
    from solvers.nash.many_players._support_enumeration import enumerate_polynomial

    return enumerate_polynomial(game, seed=seed, time_limit=time_limit, max_paths=max_paths)


def _one_player(game: NormalFormGame) -> Equilibria:
    begun = time.process_time()
    best = [
        a for a, payoff in enumerate(game.exact[:, 0].tolist()) if payoff == max(game.exact[:, 0].tolist())
    ]
    rows = np.eye(game.shape[0])[best]
    tied = len(best) > 1
    found = tuple(Equilibrium(game, (row,), proof="exact", index=None if tied else 1) for row in rows)
    components = (
        (
            Component(
                tuple((row,) for row in rows), exact_extreme=True, note="every mixture of the best actions"
            ),
        )
        if tied
        else ()
    )
    return Equilibria(
        game,
        found,
        complete=True,
        degenerate=tied,
        method="comparing the actions of the only player",
        seconds=time.process_time() - begun,
        components=components,
    )
