"""Evaluating profiles over worlds in blocks that stay within memory, with the axes that a caller asked for.

`worlds` are D draws on M maps. `axes` are the leading axes of results: (D,), (M,), (D, M) or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from games.errors import ProfileError
from games.heartbeat import beat
from games.normal_form import BoolArray, FloatArray
from games.spheres import payoffs, stances
from games.spheres._arena import Worlds
from games.spheres._ties import tie_totals

__all__ = ["Unilateral", "autonomy", "outcomes", "regions", "ties", "totals", "unilateral"]

Axes = tuple[int, ...]


class Unilateral(NamedTuple):
    """Payoffs (..., N) at a profile, and (..., N, A) of each power at each of its own actions while the others keep theirs."""

    payoffs: FloatArray
    deviations: FloatArray

    @property
    def gains(self) -> FloatArray:
        """What the best action gains each power, (..., N); 0 where the profile's is best."""
        return np.asarray(self.deviations.max(axis=-1) - self.payoffs)


def totals(worlds: Worlds, contests: BoolArray, axes: Axes) -> FloatArray:
    """Payoffs (..., B, N)."""
    stance = _checked(worlds, contests)
    return _in_blocks(worlds, stance, axes, _total, (stance.shape[-3], stance.shape[-1]))


def regions(worlds: Worlds, contests: BoolArray, axes: Axes) -> FloatArray:
    """Payoffs from each region (..., B, R, N)."""
    stance = _checked(worlds, contests)
    shape = (stance.shape[-3], len(worlds.facts.worth), stance.shape[-1])

    def part(worlds: Worlds, start: int, stop: int, chosen: BoolArray) -> FloatArray:
        return payoffs.region_parts(worlds.arena(start, stop), chosen).payoffs

    return _in_blocks(worlds, stance, axes, part, shape)


def autonomy(worlds: Worlds, contests: BoolArray, axes: Axes) -> FloatArray:
    """Autonomy of each region (..., B, R)."""
    stance = _checked(worlds, contests)
    shape = (stance.shape[-3], len(worlds.facts.worth))

    def part(worlds: Worlds, start: int, stop: int, chosen: BoolArray) -> FloatArray:
        return payoffs.region_parts(worlds.arena(start, stop), chosen).autonomy

    width = shape[0] * shape[1] * stance.shape[-1]
    return _in_blocks(worlds, stance, axes, part, shape, width)


def outcomes(worlds: Worlds, contests: BoolArray, axes: Axes) -> FloatArray:
    """Who holds each region once its contest is over (..., B, R, N + 1): the chance of each power, and last of nobody."""
    stance = _checked(worlds, contests)
    n = stance.shape[-1]
    shape = (stance.shape[-3], len(worlds.facts.worth), n + 1)

    def part(worlds: Worlds, start: int, stop: int, chosen: BoolArray) -> FloatArray:
        arena = worlds.arena(start, stop)
        found = payoffs.region_holders(arena, chosen)
        lead = np.broadcast_to(arena.lead.reshape(shape[1], -1), (shape[1], stop - start)).T
        out = np.zeros((*found.defended.shape, n + 1))
        out[..., :n] = found.taken
        # What an attack wins and no power takes is nobody's; a piece of a power's own land stays with its lead.
        stays = np.where(worlds.facts.piece, 1.0 - found.taken.sum(axis=-1), found.defended)
        # An index of -1, nobody's, is the last.
        out += stays[..., None] * (np.arange(n + 1) == (lead % (n + 1))[:, None, :, None])
        out[..., n] += np.maximum(1.0 - out.sum(axis=-1), 0.0)
        return out

    return _in_blocks(worlds, stance, axes, part, shape)


def ties(worlds: Worlds, contests: BoolArray, axes: Axes) -> FloatArray:
    """Payoffs from rivals and order (..., B, N)."""
    stance = _checked(worlds, contests)
    shape = (stance.shape[-3], stance.shape[-1])
    return _in_blocks(worlds, stance, axes, lambda w, a, b, c: tie_totals(w.costs(a, b), c), shape)


def unilateral(worlds: Worlds, contests: BoolArray, axes: Axes) -> Unilateral:
    """One profile's payoffs and those of all deviations from it; `contests` is (N, N)."""
    profiles, where = stances.deviations(contests)
    count, size = where.shape
    stance = _checked(worlds, profiles)

    def own(worlds: Worlds, start: int, stop: int, every: BoolArray) -> FloatArray:
        rows = _total(worlds, start, stop, every)[:, where.reshape(-1)].reshape(-1, count, size, count)
        return np.asarray(np.einsum("wiai->wia", rows))

    found = _in_blocks(worlds, stance, axes, own, (count, size), width=len(stance) * count)
    played = np.array([stances.action_of(list(contests[i]), i) for i in range(count)])
    return Unilateral(found[..., np.arange(count), played], found)


def _checked(worlds: Worlds, contests: BoolArray) -> BoolArray:
    n = len(worlds.facts.cinc)
    stance = np.asarray(contests, dtype=np.bool_)
    if stance.shape[-2:] != (n, n) or stance.ndim not in (3, 4):
        raise ProfileError(
            f"contests have shape {stance.shape}; they need (B, {n}, {n}), or (D, B, {n}, {n})"
        )
    if stance.ndim == 4 and (worlds.maps > 1 or len(stance) != worlds.draws):
        raise ProfileError(
            f"profiles of each draw's own need one map and as many draws as profiles; got {worlds.maps} maps, "
            f"{worlds.draws} draws and {len(stance)} sets of profiles"
        )
    return stance


def _total(worlds: Worlds, start: int, stop: int, contests: BoolArray) -> FloatArray:
    found = payoffs.region_totals(worlds.arena(start, stop), contests)
    found += tie_totals(worlds.costs(start, stop), contests)
    return found


def _in_blocks(
    worlds: Worlds,
    stance: BoolArray,
    axes: Axes,
    function: Callable[[Worlds, int, int, BoolArray], FloatArray],
    shape: tuple[int, ...],
    width: int | None = None,
) -> FloatArray:
    """The function's results (W, *shape), block by block; `width` is the size of its work per world if larger than `shape`."""
    out = np.empty((worlds.count, *shape))
    for start, stop in _blocks(worlds.count, width or int(np.prod(shape))):
        beat()
        part = stance[start:stop] if stance.ndim == 4 else stance
        out[start:stop] = function(worlds, start, stop, part)
    return out.reshape(*axes, *shape)


# Numbers in the results of a block, and worlds in it: work arrays then stay within a second-level cache.
_BLOCK = 2**19
_WORLDS = 2048


def _blocks(count: int, width: int) -> Iterator[tuple[int, int]]:
    size = max(1, min(_WORLDS, _BLOCK // max(1, width)))
    for start in range(0, count, size):
        yield start, min(count, start + size)
