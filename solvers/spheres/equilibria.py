"""Pure equilibria of games too large for one array (five to eight powers), by best-response dynamics from many starts.

A power's payoffs over its own actions are computed exactly, so every profile that is reported has been checked against every
deviation. What is not known is whether there are more: *found, not all*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games import stances
from games.arguments import checked
from games.errors import MethodError
from games.normal_form import BoolArray, FloatArray
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel
from games.types import IntArray
from games.words import counted
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.progress import track
from solvers.base.result import Result
from solvers.base.rounding import ROUNDING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PureEquilibria", "search"]

# Worlds times profiles evaluated in one call: keeps a call's arrays near 100 MB at eight powers.
_BLOCK = 2**17


@dataclass(frozen=True, eq=False, repr=False)
class PureEquilibria(Result):
    """Pure equilibria that best-response dynamics found in D draws (or at the point values, D = 1).

    Attributes
    ----------
    model : SpheresModel
    rows : int array (M,), the draw of each, ascending
    contests : bool array (M, N, N), its profile
    payoffs : array (M, N)
    draws : int, D
    starts : number of starting profiles
    unsettled : array (D,), the share of starts that were still moving (or moving in a circle) at the end
    """

    model: SpheresModel
    rows: IntArray
    contests: BoolArray
    payoffs: FloatArray
    draws: int
    starts: int
    unsettled: FloatArray

    @property
    def count(self) -> IntArray:
        """Number of equilibria found in each draw, (D,)."""
        return np.bincount(self.rows, minlength=self.draws)

    @property
    def contest_shares(self) -> FloatArray:
        """How often i contests j, (N, N): the mean over draws of the share of a draw's equilibria; NaN where none was found."""
        return self._mean(self.contests)

    @property
    def quarrel_shares(self) -> FloatArray:
        """How often one of a pair contests the other, (N, N); as `contest_shares`."""
        return self._mean(self.contests | self.contests.transpose(0, 2, 1))

    def _mean(self, profiles: BoolArray) -> FloatArray:
        count = self.count
        if not count.any():
            return np.full(profiles.shape[1:], np.nan)
        weight = 1.0 / (count[self.rows] * np.count_nonzero(count))
        return np.asarray(np.tensordot(weight, profiles.astype(np.float64), 1))

    def has(self, contests: BoolArray) -> BoolArray:
        """In which draws a profile (N, N) is among those found, (D,)."""
        out = np.zeros(self.draws, dtype=np.bool_)
        out[self.rows[(self.contests == contests).all(axis=(1, 2))]] = True
        return out

    def summary(self) -> str:
        none = int((self.count == 0).sum())
        where = f"in {counted(self.draws, 'draw')}" if self.draws > 1 else "at the point values"
        lacking = "" if not none else f" None was found in {none:,} of them." if self.draws > 1 else ""
        return (
            f"{len(self.rows):,} pure equilibria found {where}, by best-response dynamics from {self.starts} starts; every "
            f"deviation was checked, but there may be others.{lacking}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each: draw, who contests whom in words, and each power's payoff."""
        import pandas as pd

        names = self.model.players
        words = [
            "; ".join(f"{names[i]} contests {names[j]}" for i, j in zip(*np.nonzero(c))) or "nobody contests"
            for c in self.contests
        ]
        frame = pd.DataFrame({"draw": self.rows, "contests": words})
        return pd.concat([frame, pd.DataFrame(self.payoffs, columns=list(names))], axis=1)


@checked
@keeps_time("the search for equilibria", "take fewer draws or starts")
def search(
    model: SpheresModel,
    draws: Draws | None = None,
    map: MapLike = STATUS_QUO,
    *,
    starts: int = 8,
    sweeps: int = 12,
    seed: int = 0,
    time_limit: float | None = None,
) -> PureEquilibria:
    """Look for pure equilibria in every draw by best-response dynamics.

    In a sweep each power in turn takes a best action against the others' present ones; a sweep without a move is an
    equilibrium. The first two starts are the concert and all-out contest; the others are random, the same in every draw.

    Parameters
    ----------
    model : SpheresModel of two to eight powers
    draws : Draws, optional; left out, the point values
    map : the map
    starts, sweeps : how many starting profiles, and after how many sweeps a start is given up
    seed : of the random starts and of the order in which powers move
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For fewer than one start or sweep.

    Examples
    --------
    >>> from games import world
    >>> found = search(world.build(1853))
    >>> found.model.players[int(found.contest_shares[4].sum() > 0)] != ""
    True
    """
    for name, value in (("starts", starts), ("sweeps", sweeps)):
        if value < 1:
            raise MethodError(f"{name} is {value}; it must be at least 1")
    n = len(model.players)
    count = 1 if draws is None else len(draws)
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 2, (starts, n, n)).astype(np.bool_)
    first[:, np.arange(n), np.arange(n)] = False
    first[0] = False
    if starts > 1:
        first[1] = ~np.eye(n, dtype=np.bool_)
    order = [rng.permutation(n) for _ in range(sweeps)]
    size = max(1, _BLOCK // (starts * 2 ** (n - 1)))
    parts = []
    unsettled = np.empty(count)
    blocks = range(0, count, size)
    for start in track(blocks, len(blocks), "Searching for equilibria"):
        stop = min(count, start + size)
        part = None if draws is None else draws.take(slice(start, stop))
        found, moving = _dynamics(model, part, stop - start, map, first, order)
        unsettled[start:stop] = moving
        parts.append((found[0] + start, found[1], found[2]))
    rows, contests, payoffs = (np.concatenate([p[k] for p in parts]) for k in range(3))
    return PureEquilibria(model, rows, contests, payoffs, count, starts, unsettled)


def _dynamics(
    model: SpheresModel,
    draws: Draws | None,
    count: int,
    map: MapLike,
    first: BoolArray,
    order: list[npt.NDArray[np.int64]],
) -> tuple[tuple[IntArray, BoolArray, FloatArray], FloatArray]:
    """Distinct settled profiles (rows, contests, payoffs), and the share of starts still moving in each draw."""
    starts, n = first.shape[:2]
    row = np.repeat(np.arange(count), starts)
    profile = np.tile(first, (count, 1, 1))
    payoff = np.zeros((len(row), n))
    live = np.arange(len(row))
    for sequence in order:
        moved = np.zeros(len(live), dtype=np.bool_)
        worlds = None if draws is None else draws.take(row[live])
        for i in sequence:
            gain, action, now = _best(model, worlds, map, profile[live], int(i))
            change = gain > 0
            profile[live[change], i] = action[change]
            payoff[live, i] = now
            moved |= change
        live = live[moved]
        if not len(live):
            break
    settled = np.ones(len(row), dtype=np.bool_)
    settled[live] = False
    moving = np.bincount(row[live], minlength=count) / starts
    key = np.concatenate([row[settled, None], profile[settled].reshape(-1, n * n)], axis=1)
    _, index = np.unique(key, axis=0, return_index=True)
    chosen = np.flatnonzero(settled)[index]
    return (row[chosen], profile[chosen], payoff[chosen]), moving


def _best(
    model: SpheresModel, draws: Draws | None, map: MapLike, profile: BoolArray, player: int
) -> tuple[FloatArray, BoolArray, FloatArray]:
    """What a power's best action gains it in each world (0 if that is rounding), the action's row (W, N), its payoff before."""
    checkpoint()
    n = len(model.players)
    size = 2 ** (n - 1)
    actions = np.zeros((size, n), dtype=np.int16)
    actions[:, player] = np.arange(size)
    rows = stances.contest_matrices(actions)[:, player]
    table = np.repeat(profile[:, None], size, axis=1)
    table[:, :, player] = rows
    if draws is None:
        # Without draws the worlds are profiles of one model.
        flat = model.payoffs(table.reshape(-1, n, n), map)[:, player].reshape(-1, size)
    else:
        flat = model.payoffs(table, map, draws)[:, :, player]
    own = (rows == profile[:, None, player]).all(axis=2).argmax(axis=1)
    at = np.arange(len(profile))
    best = flat.argmax(axis=1)
    now = flat[at, own]
    gain = flat[at, best] - now
    gain = np.where(gain > ROUNDING * np.abs(flat).max(axis=1), gain, 0.0)
    return gain, rows[best], now
