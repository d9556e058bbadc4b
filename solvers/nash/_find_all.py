"""All Nash equilibria of a finite game: one face for every number of players."""

from __future__ import annotations

import time

import numpy as np

from games.arguments import checked
from games.errors import MethodError
from games.normal_form import NormalFormGame
from solvers.base.limits import seconds, whole
from solvers.base.precision import refuse_lost_differences
from solvers.equilibrium.results import Component, Equilibria, Equilibrium

__all__ = ["find_all"]


@checked
def find_all(
    game: NormalFormGame,
    *,
    seed: int | None = None,
    time_limit: float | None = None,
    max_paths: int | None = None,
) -> Equilibria:
    """Find all Nash equilibria of a game, and say whether that succeeded.

    One player: the best actions. Two: extreme equilibria and maximal Nash subsets, by vertex enumeration. Three or more:
    all roots of the indifference systems of all supports, each proven.

    Parameters
    ----------
    game : NormalFormGame
    seed : int, optional
        Of the random constants of the path tracker, only with three or more players (by default 0). The answer does
        not depend on it.
    time_limit : float, optional
        Seconds of wall time after which the search stops and hands over what it has, marked incomplete.
    max_paths : int, optional
        The largest number of paths to follow, only with three or more players.

    Raises
    ------
    MethodError
        If an option is out of its range, or does not apply to a game of this many players.
    PrecisionError
        If the payoffs are floats whose rounding has erased a player's differences.
    SizeError
        If the search would take too long to finish and neither `time_limit` nor `max_paths` allows it.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> found = find_all(game)
    >>> len(found), found.complete
    (3, True)
    """
    seconds("time_limit", time_limit)
    for name, value, least in (("seed", seed, 0), ("max_paths", max_paths, 1)):
        if value is None:
            continue
        if game.n_players < 3:
            raise MethodError(
                f"{name} steers the search in games of three and more players; this game has {game.n_players}, for "
                "which find_all takes only time_limit"
            )
        whole(name, value, least)
    refuse_lost_differences(game)
    return _search(game, seed=seed, time_limit=time_limit, max_paths=max_paths)


def _search(
    game: NormalFormGame,
    *,
    seed: int | None = None,
    time_limit: float | None = None,
    max_paths: int | None = None,
) -> Equilibria:
    """The search itself, for the whole game and for the smaller ones that players split off leave.

    Rounding is judged by the whole game: a smaller one may have players left who are indifferent there and no others.
    """
    if game.n_players == 1:
        return _one_player(game)
    if game.n_players == 2:
        from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix

        return enumerate_bimatrix(game, time_limit=time_limit)
    from solvers.nash.many_players._support_enumeration import enumerate_polynomial

    return enumerate_polynomial(
        game, seed=seed or 0, time_limit=time_limit, max_paths=max_paths, solve=_search
    )


def _one_player(game: NormalFormGame) -> Equilibria:
    begun = time.process_time()
    payoffs = game.exact[:, 0].tolist()
    highest = max(payoffs)
    best = [a for a, payoff in enumerate(payoffs) if payoff == highest]
    rows = np.zeros((len(best), game.shape[0]))
    rows[np.arange(len(best)), best] = 1.0
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
