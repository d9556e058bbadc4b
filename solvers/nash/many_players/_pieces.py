"""Pieces of the set of equilibria: all equilibria with exactly one profile of supports, or a connected part of these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.types import MixedProfile
from solvers.base.rounding import SAME

__all__ = ["Piece", "Supports", "groups", "profile", "support_of"]


Supports = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Piece:
    """A connected set of equilibria that all have the supports `supports`.

    Attributes
    ----------
    supports : the actions of each player that are played
    dimension : 0 for a single point
    points : the point itself, or corners and ends of the closure of the set, all of them equilibria
    middle : a point of the set itself
    contains : whether an equilibrium with these supports belongs to the set
    """

    supports: Supports
    dimension: int
    points: tuple[MixedProfile, ...]
    middle: MixedProfile
    contains: Callable[[MixedProfile], bool]


def profile(
    shape: Sequence[int], supports: Supports, weights: Mapping[int, Sequence[Fraction | float]]
) -> MixedProfile:
    """Strategies with these weights on the actions of the supports; who is not named plays all of its support equally."""
    out = []
    for i, s in enumerate(supports):
        vector = np.zeros(shape[i])
        vector[list(s)] = [float(w) for w in weights[i]] if i in weights else 1.0
        out.append(vector / vector.sum())
    return tuple(out)


def support_of(profile: MixedProfile) -> Supports:
    return tuple(tuple(int(a) for a in np.flatnonzero(v > SAME)) for v in profile)


def groups(pieces: Sequence[Piece]) -> list[list[int]]:
    """The pieces that hang together: the closure of one meets another.

    The set of equilibria is closed, so an end of one piece that has other supports belongs to a piece with those.
    """
    label = list(range(len(pieces)))

    def join(a: int, b: int) -> None:
        old, new = label[a], label[b]
        if old != new:
            label[:] = [new if value == old else value for value in label]

    by_supports: dict[Supports, list[int]] = {}
    for k, piece in enumerate(pieces):
        by_supports.setdefault(piece.supports, []).append(k)
    for k, piece in enumerate(pieces):
        for point in piece.points:
            for other in by_supports.get(support_of(point), []):
                if other != k and pieces[other].contains(point):
                    join(k, other)
    return [[k for k, value in enumerate(label) if value == group] for group in sorted(set(label))]
