"""Action values of mixed profiles and their derivatives, stacked over players into one vector and one matrix."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from games.normal_form import NormalFormGame
from games.types import FloatArray

__all__ = ["StackedGame"]

S = TypeVar("S", bound=np.generic)


class StackedGame:
    """A game whose mixed profiles are vectors of length K = k_1 + ... + k_N, player after player.

    Payoffs are measured from each player's smallest and divided by `units` (N,), by default each player's payoff
    range (1 where that is 0), which changes no best response.

    >>> from games import NormalFormGame
    >>> stacked = StackedGame(NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    >>> stacked.values(stacked.uniform)
    array([0.5 , 0.25, 0.25, 0.5 ])
    """

    def __init__(self, game: NormalFormGame, units: FloatArray | None = None) -> None:
        n = game.n_players
        factor = np.ones(n) if units is None else game.ranges / np.where(units > 0, units, 1.0)
        # Own axis first, then the others in their order, so that contractions run over contiguous memory.
        self._tensors = [
            np.ascontiguousarray(np.moveaxis(game.normalised[..., i] * factor[i], i, 0)) for i in range(n)
        ]
        # The same with a second player's axis next, for derivatives by that player's strategy.
        self._pairs = [
            [
                (
                    j,
                    [k for k in range(n) if k not in (i, j)],
                    np.ascontiguousarray(np.moveaxis(tensor, j + (j < i), 1)),
                )
                for j in range(n)
                if j != i
            ]
            for i, tensor in enumerate(self._tensors)
        ]
        self.shape = game.shape
        self.size = sum(game.shape)
        ends = np.cumsum((0, *game.shape))
        self.parts = [slice(int(a), int(b)) for a, b in pairwise(ends)]
        self.owner = np.repeat(np.arange(n), game.shape)

    @property
    def uniform(self) -> FloatArray:
        """Every player mixing all actions alike."""
        return np.concatenate([np.full(k, 1.0 / k) for k in self.shape])

    def split(self, stacked: npt.NDArray[S]) -> tuple[npt.NDArray[S], ...]:
        """The players' parts of a stacked vector."""
        return tuple(stacked[part] for part in self.parts)

    def values(self, p: FloatArray) -> FloatArray:
        """The payoff of each action against the others' play, shape (K,)."""
        mixed = self.split(p)
        return np.concatenate(
            [
                _contract(tensor, [q for j, q in enumerate(mixed) if j != i])
                for i, tensor in enumerate(self._tensors)
            ]
        )

    def values_and_jacobian(self, p: FloatArray) -> tuple[FloatArray, FloatArray]:
        """`values` and their derivatives: entry (a, b) of the K x K matrix is d value_a / d p_b, zero within a player."""
        mixed = self.split(p)
        values = np.empty(self.size)
        jacobian = np.zeros((self.size, self.size))
        for i, (part, pairs) in enumerate(zip(self.parts, self._pairs)):
            if not pairs:
                values[part] = self._tensors[i]
                continue
            for j, others, tensor in pairs:
                block = _contract(tensor, [mixed[k] for k in others])
                jacobian[part, self.parts[j]] = block
            values[part] = block @ mixed[j]
        return values, jacobian


def _contract(tensor: FloatArray, vectors: Sequence[FloatArray]) -> FloatArray:
    """Sum the last axes of the tensor against the vectors, last axis first."""
    for vector in reversed(vectors):
        tensor = tensor @ vector
    return tensor
