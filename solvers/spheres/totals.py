"""Payoffs on many maps at once.

Payoffs do not quite add over regions, since a power's reach depends on the capitals that it leads. But what happens in one
region depends on few things, so the contests of a hundred representative maps tell those of a hundred thousand
(`games.spheres.SpheresModel.distinct`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from games import stances
from games.normal_form import FloatArray, Profile
from games.spheres import Holdings, SpheresModel
from solvers.base.progress import track

__all__ = ["CHUNK", "Totals", "harshest_equilibrium"]

# Payoff vectors looked at in one go: 60 MB of them for three powers.
CHUNK = 2_500_000


class Totals:
    """Payoffs on many maps: representative contests solved once, and added up map by map."""

    def __init__(self, model: SpheresModel, maps: Holdings) -> None:
        self.model = model
        self.representatives, self.where = model.distinct(maps)

    def payoffs(
        self, profiles: Sequence[Profile] | npt.NDArray[np.integer], rows: npt.NDArray[np.intp] | None = None
    ) -> FloatArray:
        """Payoffs (P, B, N) at some profiles of stances, on all maps or the maps of some rows."""
        contests = stances.contest_matrices(np.array(profiles))
        table = self.model.region_payoffs(contests, self.representatives)  # (K, B, R, N)
        where = self.where if rows is None else self.where[rows]
        total = np.tile(self.model.tie_payoffs(contests), (len(where), 1, 1))
        for r in range(where.shape[1]):
            total += table[where[:, r], :, r]
        return np.asarray(total)

    def autonomy(self, profile: Profile) -> FloatArray:
        """Autonomy of every region (P, R) at one profile."""
        table = self.model.autonomy(stances.contest_matrices(np.array([profile])), self.representatives)[:, 0]
        return np.asarray(table[self.where, np.arange(self.where.shape[1])])


def harshest_equilibrium(totals: Totals, tolerance: npt.ArrayLike) -> FloatArray:
    """For each map the payoff of each power in the pure equilibrium that is worst for it, (P, N); NaN without any.

    `tolerance` (N,) is how far from a best response counts as one.
    """
    count = len(totals.model.players)
    small = np.broadcast_to(np.asarray(tolerance, dtype=np.float64), (count,))
    profiles = stances.all_profiles(count)
    shape = (2 ** (count - 1),) * count
    size = len(totals.where)
    out = np.full((size, count), np.nan)
    step = max(1, CHUNK // (len(profiles) * count))
    starts = range(0, size, step)
    for start in track(starts, len(starts), "Stage games"):
        rows = np.arange(start, min(size, start + step))
        stage = totals.payoffs(profiles, rows).reshape(len(rows), *shape, count)
        stable = np.ones(stage.shape[:-1], dtype=np.bool_)
        for i in range(count):
            own = stage[..., i]
            stable &= own >= own.max(axis=i + 1, keepdims=True) - small[i]
        worst = np.where(stable[..., None], stage, np.inf).reshape(len(rows), -1, count).min(axis=1)
        out[rows] = np.where(np.isfinite(worst), worst, np.nan)
    return out
