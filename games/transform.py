"""Other things that players may care about, as new games: relative gains, ideological friction, leaders' tenure, office.

Every function takes a game and returns a game, so that every solver works on the result, with and without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from games.arguments import checked, instance, number, numbers
from games.errors import DiscountError, GameError
from games.normal_form import NormalFormGame
from games.repeated import RepeatedGame
from games.types import BoolArray, FloatArray
from games.words import possessive

__all__ = ["friction", "office", "relative_gains", "tenure"]


@checked
def relative_gains(game: NormalFormGame, sensitivity: npt.ArrayLike) -> NormalFormGame:
    """The game in which players also care about what their rivals get: u_i - sum_j r_ij u_j (Snidal 1991).

    Parameters
    ----------
    game : NormalFormGame; rivals' payoffs are subtracted, so they need a common unit
    sensitivity : one number r, or one for each player (N,), shared equally among the rivals: u_i less r times the mean of
        the rivals' payoffs; or a matrix (N, N) of r_ij, whose diagonal must be zero. 1 makes two players' game
        zero-sum; 0 changes nothing. No entry may be negative.

    Raises
    ------
    GameError
        For a negative sensitivity or one of the wrong shape.

    Examples
    --------
    The prisoner's dilemma 5, 3, 1, 0: at r = .25 the grim trigger needs a discount factor of .647 in place of .5.

    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> new = relative_gains(game, 0.25)
    >>> new.payoff((0, 0)).tolist(), new.payoff((1, 0)).tolist()
    ([2.25, 2.25], [5.0, -1.25])
    """
    n = instance(game, NormalFormGame, "the game").n_players
    values = numbers(sensitivity, "sensitivity")
    if values.shape in ((), (n,)):
        matrix = np.broadcast_to(values, (n,))[:, None] * (1 - np.eye(n)) / max(1, n - 1)
    elif values.shape == (n, n):
        matrix = values
        if np.diag(matrix).any():
            raise GameError("sensitivity has an entry on its diagonal, but no player is its own rival")
    else:
        raise GameError(
            f"sensitivity has shape {values.shape}; give one number, one for each of {', '.join(game.players)}, or "
            f"a matrix of shape ({n}, {n})"
        )
    if not np.isfinite(matrix).all() or matrix.min() < 0:
        raise GameError(f"sensitivity is {values.tolist()}; it must be finite and not negative")
    return _with_payoffs(game, game.payoffs @ (np.eye(n) - matrix).T)


def friction(
    game: NormalFormGame,
    distance: npt.ArrayLike,
    weight: float,
    cooperates: Callable[[str, str, str], bool] | Mapping[str, Sequence[str]],
) -> NormalFormGame:
    """The game in which ideological distance makes cooperation costly: weight * distance_ij to each of two that cooperate.

    Parameters
    ----------
    game : NormalFormGame
    distance : matrix (N, N) of ideological distances, symmetric, or one number for all pairs; not negative
    weight : the cost of a unit of distance, in payoff units (phi)
    cooperates : which actions are cooperation: a mapping player -> action labels (with everybody), or a function
        (player, action label, rival) -> bool

    Raises
    ------
    GameError
        For distances that are negative, not symmetric or of the wrong shape, or a weight that is negative.

    Examples
    --------
    Friction on the reward of the prisoner's dilemma only: the grim trigger needs (T - R + phi * d) / (T - P).

    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"]] * 2)
    >>> friction(game, 2.0, 0.25, {"Player 1": ["C"], "Player 2": ["C"]}).payoff(("C", "C")).tolist()
    [2.5, 2.5]
    """
    n = instance(game, NormalFormGame, "the game").n_players
    values = numbers(distance, "distance")
    apart = np.full((n, n), float(values)) if values.ndim == 0 else values
    if apart.shape != (n, n):
        raise GameError(f"distance has shape {values.shape}; give one number or a matrix of shape ({n}, {n})")
    if not np.isfinite(apart).all() or apart.min() < 0 or not np.array_equal(apart, apart.T):
        raise GameError("distances must be finite, not negative, and symmetric")
    weight = number(weight, "the weight of friction must be finite and not negative", least=0.0)
    friendly = _friendliness(game, cooperates)
    payoffs = game.payoffs.copy()
    for i in range(n):
        for j in range(i + 1, n):
            both = _along(friendly[i][:, j], i, n) & _along(friendly[j][:, i], j, n)
            cost = weight * apart[i, j] * both
            payoffs[..., i] -= cost
            payoffs[..., j] -= cost
    return _with_payoffs(game, payoffs)


def tenure(play: RepeatedGame, survival: npt.ArrayLike) -> RepeatedGame:
    """The repeated game of leaders who may lose office and do not care about what follows: discount times survival.

    Parameters
    ----------
    play : RepeatedGame
    survival : yearly probability that each leader stays, one number or (N,), in (0, 1]; turned to the length of a
        period. A leader's expected remaining time is 1 / (1 - survival) years.

    Raises
    ------
    DiscountError
        For a survival probability outside (0, 1] or the wrong number of them.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> tenure(RepeatedGame(game, 0.9), [1, 0.8]).discount.round(6).tolist()
    [0.9, 0.72]
    """
    n = instance(play, RepeatedGame, "the repeated game").n_players
    values = numbers(survival, "survival", DiscountError)
    if values.shape not in ((), (n,)):
        raise DiscountError(
            f"survival has shape {values.shape}; give one number, or one for each of {n} players"
        )
    yearly = np.broadcast_to(values, (n,))
    for name, s in zip(play.stage.players, yearly):
        if not 0 < s <= 1:
            raise DiscountError(
                f"the yearly survival of {possessive(name)} leader is {s:g}; it must be above 0 and not above 1"
            )
    return RepeatedGame(play.stage, play.discount * yearly**play.period, play.period, play.monitoring)


def office(game: NormalFormGame, survival: npt.ArrayLike, value: npt.ArrayLike) -> NormalFormGame:
    """The game of leaders who value staying in office, where the outcome decides whether they do.

    Parameters
    ----------
    game : NormalFormGame
    survival : array like `payoffs`, each leader's probability of staying in office at each profile
    value : what staying is worth to each, one number or (N,), in payoff units; not negative

    Notes
    -----
    Payoffs become u_i + value_i * survival_i, the office-seeking leader of Bueno de Mesquita, Smith, Siverson and
    Morrow (2003) with the national outcome beside it.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> stays = np.ones((2, 2, 2)); stays[0, 1, 0] = 0  # the first loses office if it is exploited
    >>> office(game, stays, [2, 0]).payoff((0, 1)).tolist(), office(game, stays, [2, 0]).payoff((1, 1)).tolist()
    ([0.0, 5.0], [3.0, 1.0])
    """
    instance(game, NormalFormGame, "the game")
    chance = numbers(survival, "survival")
    if chance.shape != game.payoffs.shape:
        raise GameError(
            f"survival has shape {chance.shape}; it needs the shape of the payoffs, {game.payoffs.shape}"
        )
    if not ((chance >= 0) & (chance <= 1)).all():
        raise GameError(
            "survival contains a number outside [0, 1]; its entries are probabilities of staying in office"
        )
    values = numbers(value, "the value of office")
    if values.shape not in ((), (game.n_players,)) or not np.isfinite(values).all() or values.min() < 0:
        raise GameError(
            f"the value of office is {values.tolist()}; one number or one for each player, not negative"
        )
    return _with_payoffs(game, game.payoffs + chance * values)


def _with_payoffs(game: NormalFormGame, payoffs: FloatArray) -> NormalFormGame:
    return NormalFormGame(payoffs, game.players, game.actions, game.title)


def _along(vector: BoolArray, axis: int, count: int) -> BoolArray:
    """A vector over one player's actions, shaped to meet a payoff array's axes."""
    return np.asarray(vector.reshape([-1 if k == axis else 1 for k in range(count)]))


def _friendliness(
    game: NormalFormGame, cooperates: Callable[[str, str, str], bool] | Mapping[str, Sequence[str]]
) -> list[BoolArray]:
    """For each player an array (k_i, N): is this action cooperation with that player?"""
    if isinstance(cooperates, Mapping):
        named = {
            game.player_index(p): {game.action_index(p, a) for a in labels}
            for p, labels in cooperates.items()
        }
        return [
            np.repeat([[a in named.get(i, set())] for a in range(k)], game.n_players, axis=1)
            for i, k in enumerate(game.shape)
        ]
    if not callable(cooperates):
        raise GameError(f"cooperates must be a mapping or a function; got {cooperates!r}")
    return [
        np.array(
            [
                [rival != player and bool(cooperates(player, label, rival)) for rival in game.players]
                for label in labels
            ]
        )
        for player, labels in zip(game.players, game.actions)
    ]
