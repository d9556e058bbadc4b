"""Points of a polytope as averages of few of its vertices: which lottery gives a payoff."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from games.normal_form import FloatArray
from games.types import IndexArray

__all__ = ["Triangulation"]

# Shares below this are rounding of none at all; weights that miss their point by more than `_MISSED` are chosen anew.
_NONE, _MISSED = 1e-15, 1e-13
# Volume, as a share of the box of its edges, below which a simplex is a sliver whose weights rounding spoils.
_SLIVER = 1e-14


class Triangulation:
    """A polytope of dimension 2 or more cut into the simplices that its first vertex spans with the boundary.

    Parameters
    ----------
    vertices : array (V, N)
    simplices : array (S, D) of vertex indices, the triangulated boundary
    """

    def __init__(self, vertices: FloatArray, simplices: IndexArray) -> None:
        self.vertices = vertices
        self.simplices = simplices

    def weights(self, point: FloatArray) -> FloatArray | None:
        """Barycentric weights (V,) of a point inside, at most D + 1 of them positive; None if all simplices are slivers."""
        fan, corners = self._fan
        if not len(fan):
            return None
        out = np.zeros(len(self.vertices))
        inner = np.linalg.solve(corners, ((point - self.vertices[0]) @ self._axes.T)[None, :, None])[:, :, 0]
        every = np.column_stack([1.0 - inner.sum(axis=1), inner])
        best = int(every.min(axis=1).argmax())
        shares = np.maximum(every[best], 0.0)
        shares[shares < _NONE] = 0.0
        out[0] = shares[0]
        out[fan[best]] = shares[1:]
        out /= out.sum()
        if np.abs(out @ self.vertices - point).max() > _MISSED:
            # The simplex is nearly a sliver, and rounding has spoilt its weights: choose it by least squares instead.
            from scipy.optimize import nnls

            system = np.vstack([self.vertices.T, np.ones(len(self.vertices))])
            other = nnls(system, np.append(point, 1.0))[0]
            other /= other.sum()
            if np.abs(other @ self.vertices - point).max() < np.abs(out @ self.vertices - point).max():
                return np.asarray(other)
        return out

    @cached_property
    def _axes(self) -> FloatArray:
        """An orthonormal basis (D, N) of the directions within the polytope."""
        n, dimension = self.vertices.shape[1], self.simplices.shape[1]
        if dimension == n:
            return np.eye(n)
        spread = np.vstack([self.vertices[1:] - self.vertices[0], np.zeros((n, n))])
        return np.asarray(np.linalg.svd(spread, full_matrices=False)[2][:dimension])

    @cached_property
    def _fan(self) -> tuple[IndexArray, FloatArray]:
        """The simplices, without the first vertex: indices (S, D), and matrices (S, D, D) of edges from it."""
        fan = self.simplices[(self.simplices != 0).all(axis=1)]
        corners = ((self.vertices[fan] - self.vertices[0]) @ self._axes.T).transpose(0, 2, 1)
        size = np.sqrt((corners**2).sum(axis=1)).prod(axis=1)
        sound = np.abs(np.linalg.det(corners)) > _SLIVER * size
        return fan[sound], corners[sound]
