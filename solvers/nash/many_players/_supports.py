"""Which support profiles can hold an equilibrium, and how many roots their indifference systems have.

A support of player i is a set of its actions, written as a bit mask; a support profile is one mask for each player. With
d_i = |support| - 1, player i's indifference gives d_i equations, multilinear in the strategies of the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from games.types import BoolArray, FloatArray, IntArray

__all__ = [
    "balanced",
    "members",
    "root_count",
    "supports_of",
    "undominated",
    "undominated_actions",
    "weakly_undominated",
]


def undominated_actions(payoffs: FloatArray) -> list[IntArray]:
    """The actions of each player that survive iterated strict dominance by pure actions.

    `payoffs` has shape (k_1, ..., k_N, N). No equilibrium plays any other action (a strictly dominated action is
    never a best response), so the rest of the game has the same equilibria.
    """
    n = payoffs.shape[-1]
    kept = [np.arange(k) for k in payoffs.shape[:-1]]
    left = payoffs
    changed = True
    while changed:
        changed = False
        for i in range(n):
            own = left[..., i].swapaxes(0, i).reshape(len(kept[i]), -1)
            beaten = np.any((own[None, :, :] > own[:, None, :]).all(axis=2), axis=1)
            if beaten.any():
                kept[i], left = kept[i][~beaten], left.compress(~beaten, axis=i)
                changed = True
    return kept


def undominated(payoffs: FloatArray) -> BoolArray:
    """Boolean array over support profiles, shape (2^k_1, ..., 2^k_N): may the profile hold an equilibrium?

    False where some support is empty, or some action in a support is strictly dominated by another action against
    the others' supports ("conditional dominance": Porter, Nudelman and Shoham, "Simple search methods for finding a Nash
    equilibrium", Games and Economic Behavior 2008).
    """
    n = payoffs.shape[-1]
    alive = np.ones([2**k for k in payoffs.shape[:-1]], dtype=np.bool_)
    for i in range(n):
        own = payoffs[..., i].swapaxes(0, i)
        beaten = own[None] > own[:, None]
        for axis in range(2, n + 1):
            beaten = _fold(beaten, axis, every=True)
        dead = _fold(np.asarray(beaten.any(axis=1)), 0, every=False)
        alive &= ~dead.swapaxes(0, i)
    for i in range(n):
        alive.swapaxes(0, i)[0] = False
    return alive


def weakly_undominated(payoffs: npt.NDArray[Any]) -> BoolArray:
    """The same, where no action in a support may be weakly dominated by another against the others' supports.

    Each player plays every action of its support. An action that is worse against one choice of the others, and better against
    none, is therefore worse. No equilibrium has *exactly* the supports of a profile that is False here.
    """
    n = payoffs.shape[-1]
    alive = np.ones([2**k for k in payoffs.shape[:-1]], dtype=np.bool_)
    for i in range(n):
        own = payoffs[..., i].swapaxes(0, i)
        never = np.asarray(own[None] >= own[:, None], dtype=np.bool_)
        once = np.asarray(own[None] > own[:, None], dtype=np.bool_)
        for axis in range(2, n + 1):
            never, once = _fold(never, axis, every=True), _fold(once, axis, every=False)
        dead = _fold(np.asarray((never & once).any(axis=1)), 0, every=False)
        alive &= ~dead.swapaxes(0, i)
    for i in range(n):
        alive.swapaxes(0, i)[0] = False
    return alive


def _fold(array: BoolArray, axis: int, every: bool) -> BoolArray:
    """Replace an axis of actions by one of masks: whether all (or any) of the mask's actions hold."""
    source = array.swapaxes(0, axis)
    out = np.empty((2 ** len(source), *source.shape[1:]), dtype=np.bool_)
    out[0] = every
    for bit, layer in enumerate(source):
        size = 1 << bit
        if every:
            np.logical_and(out[:size], layer, out=out[size : 2 * size])
        else:
            np.logical_or(out[:size], layer, out=out[size : 2 * size])
    return out.swapaxes(0, axis)


def balanced(sizes: Sequence[int]) -> bool:
    """Whether a system with support sizes |S_i| has isolated roots in general: d_i is at most the sum of the others' d_j.

    >>> balanced((2, 2, 1)), balanced((3, 2, 1)), balanced((3, 2, 2))
    (True, False, True)
    """
    total = sum(s - 1 for s in sizes)
    return all(2 * (s - 1) <= total for s in sizes)


@lru_cache(maxsize=4096)
def root_count(degrees: tuple[int, ...]) -> int:
    """The number of complex roots of a generic indifference system with d_i = |S_i| - 1 (McKelvey and McLennan 1997).

    It is the multihomogeneous Bezout number: the ways to give each equation of player i to another player so that
    every player j is given d_j of them.

    >>> [root_count((d, d, d)) for d in (1, 2, 3)]
    [2, 10, 56]
    """
    n = len(degrees)

    @cache
    def ways(i: int, room: tuple[int, ...]) -> int:
        if i == n:
            return 1
        total = 0
        for split in product(*(range(1 if j == i else min(room[j], degrees[i]) + 1) for j in range(n))):
            if sum(split) == degrees[i]:
                count = math.factorial(degrees[i])
                for part in split:
                    count //= math.factorial(part)
                total += count * ways(i + 1, tuple(r - s for r, s in zip(room, split)))
        return total

    return ways(0, degrees)


def members(masks: IntArray, size: int) -> IntArray:
    """The actions in each of many masks with `size` bits set: shape (len(masks), size)."""
    bits = (masks[:, None] >> np.arange(int(masks.max(initial=1)).bit_length())) & 1
    return np.nonzero(bits)[1].reshape(len(masks), size)


def supports_of(mask: IntArray, shape: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The actions of each player in a profile of masks."""
    return tuple(tuple(a for a in range(k) if int(bits) >> a & 1) for k, bits in zip(shape, mask.tolist()))
