"""All equilibria in pure strategies, for any number of players, in one pass over the payoff array."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import ConvergenceError
from games.normal_form import NormalFormGame
from games.types import FloatArray, Profile
from solvers.base.precision import refuse_lost_differences
from solvers.equilibrium.results import Equilibria, Equilibrium

__all__ = ["first_pure", "pure", "pure_as_given"]


@checked
def pure(game: NormalFormGame) -> Equilibria:
    """Return all equilibria in pure strategies, in the order of their action indices.

    A profile is a pure equilibrium where every player's action attains the largest payoff against the others'
    actions (Nash, "Non-cooperative games", Annals of Mathematics 1951). Payoffs are compared exactly as given.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.

    Returns
    -------
    Equilibria
        `complete` is always true: there is no other equilibrium in *pure* strategies. A strict equilibrium has
        index +1; one with a tied best response has none, and makes the game known to be `degenerate`. Without such a tie
        `degenerate` is None, since pure strategies alone cannot tell.

    Examples
    --------
    >>> stag_hunt = NormalFormGame.from_bimatrix([[4, 0], [3, 3]], [[4, 3], [0, 3]])
    >>> [e.support for e in pure(stag_hunt)]
    [((0,), (0,)), ((1,), (1,))]
    """
    refuse_lost_differences(game)
    return pure_as_given(game)


def pure_as_given(game: NormalFormGame) -> Equilibria:
    """The same without a look at rounding: for what is left of a game that has been judged as a whole."""
    begun = time.process_time()
    profiles, strict = _profiles(game)
    found = tuple(
        Equilibrium(game, tuple(_vertices(game, profile)), proof="exact", index=1 if alone else None)
        for profile, alone in zip(profiles, strict)
    )
    return Equilibria(
        game,
        found,
        complete=True,
        degenerate=None if all(strict) else True,
        method="a pass over all pure profiles (pure strategies only)",
        seconds=time.process_time() - begun,
    )


def first_pure(game: NormalFormGame) -> Equilibrium:
    """The first equilibrium in pure strategies; raises ConvergenceError if there is none."""
    found = pure(game)
    if not len(found):
        raise ConvergenceError(
            "this game has no pure equilibrium; it has mixed ones, which the other methods look for", "pure"
        )
    return found[0]


def _profiles(game: NormalFormGame) -> tuple[list[Profile], list[bool]]:
    """The pure equilibria as tuples of action indices, and for each whether every best reply is strict."""
    n = game.n_players
    # A float is never further from its neighbours' order than the number it stands for: rounding is monotone, so
    # every exact equilibrium is among these.
    mask = np.ones(game.shape, dtype=np.bool_)
    for i in range(n):
        own = np.ascontiguousarray(game.payoffs[..., i])
        mask &= own == own.max(axis=i, keepdims=True)
    profiles: list[Profile] = [tuple(row) for row in np.argwhere(mask).tolist()]
    ties = [_ties(game, profile) for profile in profiles]
    if any(ties) and not game.floats_are_exact:
        kept = [(p, _exact_ties(game, p)) for p in profiles]
        profiles = [p for p, tied in kept if tied is not None]
        ties = [tied for _, tied in kept if tied is not None]
    return profiles, [not tied for tied in ties]


def _vertices(game: NormalFormGame, profile: Profile) -> list[FloatArray]:
    out = []
    for k, a in zip(game.shape, profile):
        vector = np.zeros(k)
        vector[a] = 1.0
        out.append(vector)
    return out


def _ties(game: NormalFormGame, profile: Profile) -> bool:
    return any(int(np.count_nonzero(line == line[a])) > 1 for line, a in _lines(game.payoffs, profile))


def _exact_ties(game: NormalFormGame, profile: Profile) -> bool | None:
    """Whether an exact equilibrium has a tied best response; None if the profile is no equilibrium after all."""
    tied = False
    for line, a in _lines(game.exact, profile):
        if line.max() > line[a]:
            return None
        tied = tied or int(np.count_nonzero(line == line[a])) > 1
    return tied


def _lines(payoffs: npt.NDArray[Any], profile: Profile) -> Iterator[tuple[npt.NDArray[Any], int]]:
    """For each player its payoffs from all its actions against the others' part of the profile, and its own action."""
    for i, a in enumerate(profile):
        index: tuple[Any, ...] = (*profile[:i], slice(None), *profile[i + 1 :], i)
        yield payoffs[index], a
