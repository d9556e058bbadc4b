"""Strategies of a Bayesian game: read from labels, numbers and probabilities, and what actions are worth against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.bayesian._priors import frozen
from games.errors import ProfileError
from games.lotteries import SUM_TOLERANCE

if TYPE_CHECKING:
    from games.bayesian._game import BayesianGame, TypeStrategy

__all__ = ["action_values", "strategy"]


def strategy(game: BayesianGame, given: Sequence[Any]) -> TypeStrategy:
    """See `BayesianGame.strategy`."""
    if isinstance(given, str) or not hasattr(given, "__len__") or len(given) != game.n_players:
        raise ProfileError(f"a profile has one entry for each of {', '.join(game.players)}; got {given!r}")
    rows: list[list[list[Any]]] = []
    for i, entry in enumerate(given):
        count = len(game.types[i])
        if isinstance(entry, str) or not hasattr(entry, "__len__"):
            by_type: list[Any] = [entry] * count
        elif isinstance(entry, Mapping):
            by_type = [None] * count
            for label, value in entry.items():
                by_type[game.type_index(i, label)] = value
        else:
            by_type = list(entry)
        if len(by_type) != count or any(value is None for value in by_type):
            raise ProfileError(
                f"the strategy of {game.players[i]} needs one entry for each of its types "
                f"{', '.join(game.types[i])}; got {entry!r}"
            )
        rows.append([_row(game, i, t, value) for t, value in enumerate(by_type)])
    floats = any(isinstance(p, float) for own in rows for row in own for p in row)
    out = []
    for own in rows:
        array = np.empty((len(own), len(own[0])), dtype=np.float64 if floats else object)
        for t, row in enumerate(own):
            array[t] = row
        out.append(frozen(array))
    return tuple(out)


def action_values(
    game: BayesianGame, mixed: TypeStrategy, least: npt.NDArray[Any] | None = None
) -> tuple[npt.NDArray[Any], ...]:
    """See `BayesianGame.action_values`; `mixed` is a checked strategy. Payoffs are measured from `least`, shape (N,)."""
    floats = mixed[0].dtype != object
    out = []
    for i in range(game.n_players):
        values: Any = np.zeros((len(game.types[i]), len(game.actions[i])), dtype=mixed[0].dtype)
        marginal = game.marginal(i)
        for t, weight, stage in game.type_profiles():
            table: Any = stage.payoffs[..., i] if floats and least is None else stage.exact[..., i]
            if least is not None:
                table = (table - least[i]).astype(mixed[0].dtype)
            for j in reversed(range(game.n_players)):
                if j != i:
                    table = np.moveaxis(table, j, -1).dot(mixed[j][t[j]])
            share = weight / marginal[t[i]]
            values[t[i]] = values[t[i]] + (float(share) if floats else share) * table
        out.append(values)
    return tuple(out)


def _row(game: BayesianGame, i: int, t: int, value: Any) -> list[Any]:
    k = len(game.actions[i])
    if isinstance(value, str) or not hasattr(value, "__len__"):
        row: list[Any] = [Fraction(0)] * k
        row[game.stage([0] * game.n_players).action_index(i, value)] = Fraction(1)
        return row
    who = f"type {game.types[i][t]!r} of {game.players[i]}"
    if len(value) != k:
        raise ProfileError(
            f"the strategy of {who} has {len(value)} probabilities; it needs one for each of {k} actions"
        )
    row = [Fraction(p) if isinstance(p, (int, Fraction)) else float(p) for p in value]
    floats = any(isinstance(p, float) for p in row)
    tolerance = SUM_TOLERANCE if floats else 0
    if not all(np.isfinite(float(p)) for p in row) or min(row) < -tolerance:
        raise ProfileError(f"the strategy of {who} has a negative or undefined probability")
    if abs(sum(row) - 1) > tolerance:
        raise ProfileError(
            f"the probabilities of {who} add up to {float(sum(row)):.12g}; they must add up to 1"
        )
    return row
