"""Where a dynamic went: what all of them return."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile
from games.words import counted
from solvers.base.result import Result, probabilities

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Path", "path_of"]


@dataclass(frozen=True, eq=False, repr=False)
class Path(Result):
    """Where a dynamic went.

    Attributes
    ----------
    game : NormalFormGame
    dynamic : its name, with what was chosen
    times : array (T,), in units of time or rounds
    profiles : N read-only arrays (T, k_i): the mixed profile at each time; for play in rounds the frequencies of
        actions so far
    joint : array (k_1, ..., k_N), the frequencies of whole profiles over all rounds; None for dynamics in continuous time
    settled : True if the dynamic came to rest, False if not, None where that is not defined
    complete : False if the time limit cut the path short
    """

    _rows_shown = 20

    game: NormalFormGame
    dynamic: str
    times: FloatArray
    profiles: tuple[FloatArray, ...]
    joint: FloatArray | None = None
    settled: bool | None = None
    complete: bool = True

    @property
    def final(self) -> MixedProfile:
        """The mixed profile at the end."""
        return tuple(array[-1] for array in self.profiles)

    @property
    def regret(self) -> FloatArray:
        """What each player could gain by deviating from the final profile, shape (N,)."""
        return self.game.regret(self.final)

    def summary(self) -> str:
        rest = {True: "; it came to rest", False: "; it did not come to rest", None: ""}[self.settled]
        return (
            f"{self.dynamic}: {counted(len(self.times), 'point')} from {self.times[0]:g} to {self.times[-1]:g}; "
            f"largest regret at the end {self.regret.max():.3g}{rest}"
            f"{'' if self.complete else '; stopped at the time limit'}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each time, one column for each action of each player."""
        return probabilities(self.game, self.profiles, self.times, "time")


def path_of(
    game: NormalFormGame,
    dynamic: str,
    times: FloatArray,
    rows: FloatArray,
    joint: FloatArray | None = None,
    settled: bool | None = None,
    complete: bool = True,
) -> Path:
    """The path of rows (T, sum of k_i) of all players' shares side by side."""
    ends = np.cumsum((0, *game.shape))
    profiles = []
    for a, b in pairwise(ends):
        part = np.array(rows[:, a:b])
        part /= part.sum(axis=1, keepdims=True)
        part.setflags(write=False)
        profiles.append(part)
    return Path(game, dynamic, times, tuple(profiles), joint, settled, complete)
