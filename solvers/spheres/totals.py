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

__all__ = ["Totals", "harshest_equilibrium"]

# Payoffs looked at in one go: 1 MB of them, so that they stay within a second-level cache.
_CHUNK = 2**17
# Payoffs by region that are kept for the next question: 128 MB. All profiles of three powers on a table of ten regions take 4.
_KEPT = 2**24


class Totals:
    """Payoffs on many maps: representative contests solved once, and added up map by map."""

    def __init__(self, model: SpheresModel, maps: Holdings) -> None:
        self.model = model
        self.representatives, self.where = model.distinct(maps)
        self._known: dict[bytes, FloatArray] = {}  # by profile: payoffs (R, K, N)
        self._joined: tuple[bytes, FloatArray] | None = None  # the same side by side, (R, K, B x N)
        self._ties: tuple[bytes, FloatArray] | None = None

    def payoffs(
        self, profiles: Sequence[Profile] | npt.NDArray[np.integer], rows: npt.NDArray[np.intp] | None = None
    ) -> FloatArray:
        """Payoffs (P, B, N) at some profiles of stances, on all maps or the maps of some rows."""
        actions = np.asarray(profiles, dtype=np.int16)
        contests = stances.contest_matrices(actions)
        where = self.where if rows is None else self.where[rows]
        table, where = self._table(actions, contests, where)  # (R, K, B x N)
        key = actions.tobytes()
        if self._ties is None or self._ties[0] != key:
            self._ties = key, self.model.tie_payoffs(contests).reshape(-1)
        ties = self._ties[1]
        total = np.empty((len(where), len(ties)))
        step = max(1, _CHUNK // len(ties))
        for start in range(0, len(where), step):
            part = total[start : start + step]
            part[:] = ties
            for r, column in enumerate(where[start : start + step].T):
                # Neighbouring maps often share what happens in a region.
                same = column[0] if (column == column[0]).all() else column
                part += table[r][same]
        return total.reshape(len(where), *contests.shape[:1], -1)

    def _table(
        self, actions: npt.NDArray[np.int16], contests: npt.NDArray[np.bool_], where: npt.NDArray[np.int64]
    ) -> tuple[FloatArray, npt.NDArray[np.int64]]:
        """Payoffs by region (R, K, B x N) on representative maps, and which of them stands for each map, (P, R)."""
        key = actions.tobytes()
        if self._joined is not None and self._joined[0] == key:
            return self._joined[1], where
        held = self.representatives
        names = [row.tobytes() for row in actions]
        missing = [b for b, name in enumerate(names) if name not in self._known]
        one = held.lead.size * len(self.model.players)
        if one * (len(self._known) + len(missing)) > _KEPT:
            used, where = np.unique(where, return_inverse=True)
            few = Holdings(held.lead[used], held.forced[used])
            table = self.model.region_payoffs(contests, few).transpose(2, 0, 1, 3)
            return np.ascontiguousarray(table).reshape(*table.shape[:2], -1), where.reshape(-1, len(table))
        if missing:
            table = self.model.region_payoffs(contests[missing], held)
            for b, column in zip(missing, np.ascontiguousarray(table.transpose(1, 2, 0, 3))):
                self._known[names[b]] = column
        joined = np.stack([self._known[name] for name in names], axis=2)
        self._joined = key, joined.reshape(*joined.shape[:2], -1)
        return self._joined[1], where

    def autonomy(self, profiles: Sequence[Profile] | npt.NDArray[np.integer]) -> FloatArray:
        """Autonomy of every region (B, P, R) at some profiles."""
        table = self.model.autonomy(stances.contest_matrices(np.array(profiles)), self.representatives)
        return np.ascontiguousarray(table.transpose(1, 0, 2)[:, self.where, np.arange(self.where.shape[1])])


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
    step = max(1, _CHUNK // (len(profiles) * count))
    starts = range(0, size, step)
    for start in track(starts, len(starts), "Stage games"):
        rows = np.arange(start, min(size, start + step))
        stage = totals.payoffs(profiles, rows).reshape(len(rows), *shape, count)
        stable = np.ones(stage.shape[:-1], dtype=np.bool_)
        for i in range(count):
            own = stage[..., i]
            best = own.max(axis=i + 1, keepdims=True) - small[i]
            stable &= own >= best
        hits = np.flatnonzero(stable)
        which, first = np.unique(hits // len(profiles), return_index=True)
        if len(which):
            out[start + which] = np.minimum.reduceat(stage.reshape(-1, count)[hits], first, axis=0)
    return out
