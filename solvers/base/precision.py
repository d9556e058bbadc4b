"""What the rounding of the payoffs as given allows to be said: refusals before a solver starts, remarks after it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from games.coalitional import CoalitionalGame
from games.errors import PrecisionError
from games.exact import exactly_all, lossless
from games.normal_form import NormalFormGame
from games.typed import TypedGame
from games.types import FloatArray, ObjectArray

__all__ = [
    "from_lowest",
    "less",
    "refuse_lost_differences",
    "refuse_lost_worths",
    "refuse_rounding",
    "remark",
]

# With a rounding of a sixteenth of the payoff range hardly any comparison of two payoffs means anything.
_LOST = 1.0 / 16.0
# Below this share of the range rounding goes unremarked: it is far below what anybody reads off a result.
_NOTED = 1e-9
# From this share of the range on rounding of sums of payoffs is worth an exact subtraction: it then costs digits of an answer.
_BLUR = 1e-13


def refuse_rounding(game: Rounded) -> None:
    """Raise PrecisionError where floats next to the largest payoff are further apart than 1e-9 of a player's range.

    For solvers that compare values in floats: of a part that all payoffs share they would lose digits at every step.

    >>> refuse_rounding(NormalFormGame.from_bimatrix([[10**18, 10**18 + 1]]))
    Traceback (most recent call last):
    games.errors.PrecisionError: the payoffs of Player 1 are about 1e+18 and differ by 1, which floats cannot hold together. \
Leave out the part that all payoffs of the player share
    """
    refuse_lost_differences(game)
    largest = np.abs(game.payoffs).reshape(-1, len(game.players)).max(axis=0)
    lost = (np.spacing(largest) / 2.0 > _NOTED * game.ranges) & (game.ranges > 0)
    if lost.any():
        i = int(np.argmax(lost))
        raise PrecisionError(
            f"the payoffs of {game.players[i]} are about {largest[i]:.3g} and differ by {game.ranges[i]:.3g}, which floats "
            "cannot hold together. Leave out the part that all payoffs of the player share"
        )


def refuse_lost_worths(game: CoalitionalGame | TypedGame) -> None:
    """Raise PrecisionError if the worths are floats that could not hold what players add to each other.

    >>> from games.coalitional import CoalitionalGame
    >>> refuse_lost_worths(CoalitionalGame([0, 1e18, 1e18, 2e18 + 1]))
    Traceback (most recent call last):
    games.errors.PrecisionError: the worths are floats of about 2e+18, which are at least 256 apart, so that rounding has erased \
what players add to each other. Give them as integers, fractions or decimals
    """
    if not game.lost:
        return
    largest = float(np.abs(game.values).max())
    raise PrecisionError(
        f"the worths are floats of about {largest:.3g}, which are at least {np.spacing(largest):.3g} apart, so that rounding "
        "has erased what players add to each other. Give them as integers, fractions or decimals"
    )


class Rounded(Protocol):
    """A game whose payoffs may have come as floats: players, payoffs (..., N), and each player's range and resolution."""

    @property
    def players(self) -> tuple[str, ...]: ...
    @property
    def payoffs(self) -> FloatArray: ...
    @property
    def ranges(self) -> FloatArray: ...
    @property
    def resolution(self) -> FloatArray: ...


def refuse_lost_differences(game: Rounded) -> None:
    """Raise PrecisionError if rounding to floats, before the game was made, may have erased a player's differences.

    >>> refuse_lost_differences(NormalFormGame.from_bimatrix([[1e18, 1e18 + 1]]))
    Traceback (most recent call last):
    games.errors.PrecisionError: the payoffs of Player 1 are floats of about 1e+18, which are at least 128 apart; they differ \
by 0, so that rounding has erased what tells actions apart. Give them as integers, fractions or decimals, or leave out \
the part that all payoffs of the player share
    """
    lost = game.resolution > _LOST
    if not lost.any():
        return
    if (game.ranges > 0).any():
        # Beside a player whose payoffs differ, one whose payoffs are all equal is taken to be indifferent.
        lost &= game.ranges > 0
    if not lost.any():
        return
    i = int(np.argmax(lost))
    largest = float(np.abs(game.payoffs[..., i]).max())
    raise PrecisionError(
        f"the payoffs of {game.players[i]} are floats of about {largest:.3g}, which are at least {np.spacing(largest):.3g} "
        f"apart; they differ by {game.ranges[i]:.3g}, so that rounding has erased what tells actions apart. Give them as "
        "integers, fractions or decimals, or leave out the part that all payoffs of the player share"
    )


def remark(game: Rounded) -> str:
    """A sentence on the rounding of the payoffs as given where that is more than 1e-9 of a player's range, else nothing.

    >>> remark(NormalFormGame.from_bimatrix([[1e10, 1e10 + 0.5]]))
    'Rounding of the payoffs as given may be 1.9e-06 of the payoff range; everything holds for the rounded numbers.'
    """
    if np.isinf(game.resolution).any():
        i = int(np.argmax(np.isinf(game.resolution)))
        step = np.spacing(np.abs(game.payoffs[..., i]).max())
        return (
            f"The payoffs of {game.players[i]} are equal floats; differences below {step:.2g} would not show in them, and "
            "everything holds for the rounded numbers."
        )
    share = float(game.resolution.max())
    if share <= _NOTED:
        return ""
    return f"Rounding of the payoffs as given may be {share:.2g} of the payoff range; everything holds for the rounded numbers."


def from_lowest(game: NormalFormGame) -> tuple[NormalFormGame, ObjectArray | None]:
    """The game with payoffs measured from each player's smallest, and these as fractions, shape (N,).

    Only where a part that all of a player's payoffs share would cost digits of their sums; else the game itself and None. The
    subtraction is exact. Raises PrecisionError as `refuse_lost_differences` does.

    >>> game, lowest = from_lowest(NormalFormGame.from_bimatrix([[10**18, 10**18 + 1]], [[0, 3]]))
    >>> game.payoffs[0, 1].tolist(), [int(x) for x in lowest]
    ([1.0, 3.0], [1000000000000000000, 0])
    """
    refuse_lost_differences(game)
    largest = np.abs(game.payoffs).reshape(-1, game.n_players).max(axis=0)
    if not (np.spacing(largest) > _BLUR * game.ranges)[game.ranges > 0].any():
        return game, None
    lowest = np.asarray(game.exact.reshape(-1, game.n_players).min(axis=0))
    return NormalFormGame(game.exact - lowest, game.players, game.actions, game.title), lowest


def less(values: Any, lowest: ObjectArray) -> FloatArray:
    """Payoffs as given less those of `from_lowest`, subtracted before they are rounded.

    >>> less([10**18 + 3, 2], np.array([10**18, 0], dtype=object))
    array([3., 2.])
    """
    return np.asarray((exactly_all(np.asarray(lossless(values))) - lowest).astype(np.float64))
