"""Payoffs on many maps at once.

Payoffs do not quite add over regions, since a power's reach depends on the capitals that it leads. But what happens in one
region depends on few things, so the contests of a hundred representative maps tell those of a hundred thousand
(`games.spheres.SpheresModel.distinct`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from games import stances
from games.normal_form import FloatArray, Profile
from games.spheres import Holdings, SpheresModel
from solvers.base.deadline import checkpoint
from solvers.base.progress import track

__all__ = ["Totals", "harshest_equilibrium"]

# Payoffs looked at in one go: 1 MB of them, so that they stay within a second-level cache.
_CHUNK = 2**17
# Payoffs by region that are kept for the next question: 128 MB. All profiles of three powers on a table of ten regions take 4.
_KEPT = 2**24
# The same of a block of profiles, where they are not kept: 8 MB.
_PASSING = 2**20


class Totals:
    """Payoffs on many maps: representative contests solved once, and added up map by map."""

    def __init__(self, model: SpheresModel, maps: Holdings) -> None:
        self.model = model
        self.representatives, self.where = model.distinct(maps)
        self._known: dict[bytes, FloatArray] = {}  # by profile: payoffs (R, K, N)
        self._joined: tuple[bytes, FloatArray] | None = None  # the same side by side, (R, K, B, N)
        self._ties: tuple[bytes, FloatArray] | None = None

    def payoffs(
        self, profiles: Sequence[Profile] | npt.NDArray[np.integer], rows: npt.NDArray[np.intp] | None = None
    ) -> FloatArray:
        """Payoffs (P, B, N) at some profiles of stances, on all maps or the maps of some rows."""
        actions = np.asarray(profiles, dtype=np.int16)
        contests = stances.contest_matrices(actions)
        where = self.where if rows is None else self.where[rows]
        key = actions.tobytes()
        if self._ties is None or self._ties[0] != key:
            self._ties = key, self.model.tie_payoffs(contests)
        ties = self._ties[1]
        total = np.empty((len(where), *ties.shape))
        for block, table, column in self._tables(actions, contests, where):
            self._add(total[:, block], ties[block], table, column)
        return total

    @staticmethod
    def _add(total: FloatArray, ties: FloatArray, table: FloatArray, where: npt.NDArray[np.int64]) -> None:
        """Ties and regions together, (P, B, N), from tables by region (R, K, B, N)."""
        step = max(1, _CHUNK // ties.size)
        for start in range(0, len(where), step):
            checkpoint()
            part = total[start : start + step]
            part[:] = ties
            for r, column in enumerate(where[start : start + step].T):
                # Neighbouring maps often share what happens in a region.
                same = column[0] if (column == column[0]).all() else column
                part += table[r][same]

    def maps_at_once(self, profiles: int) -> int:
        """On how many maps to ask for so many profiles in one go."""
        # Where tables by region are too large to be kept, every question solves all contests anew.
        room = _CHUNK if self._size * profiles <= _KEPT else _KEPT
        return max(1, room // (profiles * len(self.model.players)))

    @property
    def _size(self) -> int:
        """Numbers in the tables by region of one profile."""
        return self.representatives.lead.size * len(self.model.players)

    def _tables(
        self, actions: npt.NDArray[np.int16], contests: npt.NDArray[np.bool_], where: npt.NDArray[np.int64]
    ) -> Iterator[tuple[slice, FloatArray, npt.NDArray[np.int64]]]:
        """Blocks of profiles: payoffs by region (R, K, B, N) on representative maps, and which stands for each map (P, R)."""
        key = actions.tobytes()
        if self._joined is not None and self._joined[0] == key:
            yield slice(None), self._joined[1], where
            return
        held = self.representatives
        names = [row.tobytes() for row in actions]
        missing = [b for b, name in enumerate(names) if name not in self._known]
        if self._size * (len(self._known) + len(missing)) > _KEPT:
            used, column = np.unique(where, return_inverse=True)
            column = column.reshape(where.shape)
            few = Holdings(held.lead[used], held.forced[used])
            width = max(1, _PASSING // (few.lead.size * len(self.model.players)))
            for start in range(0, len(actions), width):
                checkpoint()
                block = slice(start, start + width)
                table = self.model.region_payoffs(contests[block], few).transpose(2, 0, 1, 3)
                yield block, np.ascontiguousarray(table), column
            return
        if missing:
            table = self.model.region_payoffs(contests[missing], held)
            for b, one in zip(missing, np.ascontiguousarray(table.transpose(1, 2, 0, 3))):
                self._known[names[b]] = one
        self._joined = key, np.stack([self._known[name] for name in names], axis=2)
        yield slice(None), self._joined[1], where

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
    step = totals.maps_at_once(len(profiles))
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
