"""Critical discount factors of ten thousand games in one call, for sweeps over a model's inputs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from games.arguments import checked, numbers
from games.errors import GameError, ProfileError
from games.normal_form import FloatArray
from solvers.base.deviations import deviation_gains, payoffs_at
from solvers.base.rounding import rounding_many
from solvers.repeated.patience._thresholds import threshold

__all__ = ["critical_discount_many"]


@checked
def critical_discount_many(
    payoffs: npt.ArrayLike, profile: Sequence[int], punishment: npt.ArrayLike
) -> FloatArray:
    """How patient each player must be to keep to one profile, in many games of one size.

    As `critical_discount(game, profile, values).per_player` for each game: a deviation gains once and is answered by a
    continuation worth `punishment` forever (Friedman 1971).

    Parameters
    ----------
    payoffs : array (M, k_1, ..., k_N, N)
    profile : N action indices, the same in every game
    punishment : array (M, N), (N,) or one number, what a deviator gets from then on

    Returns
    -------
    array (M, N), inf where no discount factor is high enough, 0 where no deviation gains

    Raises
    ------
    GameError
        For another shape, or payoffs that are not finite.
    ProfileError
        If the profile is not in the games.

    Examples
    --------
    >>> pd = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    >>> critical_discount_many([pd, pd], (0, 0), [[1, 1], [2, 3]])
    array([[0.5   , 0.5   ],
           [0.6667,    inf]])
    """
    table = numbers(payoffs, "payoffs")
    if table.ndim < 3 or table.shape[-1] != table.ndim - 2 or 0 in table.shape[1:]:
        raise GameError(f"many games need payoffs of shape (M, k_1, ..., k_N, N); got {table.shape}")
    if not np.isfinite(table).all():
        raise GameError("every payoff must be a finite number; got NaN or infinity")
    n, shape = table.shape[-1], table.shape[1:-1]
    chosen = tuple(profile) if np.iterable(profile) else ()
    if len(chosen) != n or not all(
        isinstance(a, (int, np.integer)) and 0 <= a < k for a, k in zip(chosen, shape)
    ):
        raise ProfileError(
            f"the profile is {profile!r}; it needs {n} action indices in games of shape {shape}"
        )
    values = numbers(punishment, "punishment")
    try:
        values = np.broadcast_to(values, (len(table), n))
    except ValueError:
        raise GameError(
            f"punishment has shape {values.shape}; it needs one number, {n} or {(len(table), n)}"
        ) from None
    return threshold(deviation_gains(table, chosen), payoffs_at(table, chosen), values, rounding_many(table))
