"""Several polytopes cut up alike: the faces that all their weighted sums have in common.

What comes after a profile is drawn from several states, so promises come from weighted sums `sum_s p_s W(s)`, with other weights
for every profile. All such sums with positive weights have the same normal fan, the common refinement of the fans of the W(s)
(Ziegler 1995, Lectures on Polytopes, proposition 7.12). It is found once, from the plain sum. Each vertex of it names one vertex
of every W(s), and the same weighted sums of those are the vertices of all the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.normal_form import FloatArray
from games.types import IndexArray
from solvers.repeated.payoff_sets.polytope import Polytope, reach

__all__ = ["Fan"]

# Angles closer than this are one: what lies between them is lost in rounding, some hundred times that of a float.
_SAME = 1e-13


@dataclass(frozen=True)
class Fan:
    """The common faces of S polytopes in N dimensions.

    Attributes
    ----------
    vertices : array (S, K, N), row k of each a vertex of that polytope; together they are a vertex of every weighted sum
    index : array (S, K), which vertex of the polytope that is
    edges : array (E, 2) of numbers k: the edges of the sums (of solids also diagonals of their facets)
    normals : array (F, N), of the sums' facets
    levels : array (S, F), the greatest value of each normal on each polytope
    dimension : of the sums with positive weights
    """

    vertices: FloatArray
    index: IndexArray
    edges: IndexArray
    normals: FloatArray
    levels: FloatArray
    dimension: int

    @classmethod
    def of(cls, sets: Sequence[Polytope]) -> Fan:
        """The fan of non-empty polytopes."""
        if sets[0].vertices.shape[1] == 2:
            planar = cls._planar(sets)
            if planar is not None:
                return planar
        total = sets[0]
        for W in sets[1:]:
            points = (total.vertices[:, None, :] + W.vertices[None, :, :]).reshape(-1, W.vertices.shape[1])
            total = Polytope.hull(points)
        # A direction that supports the sum in one vertex only supports every polytope in one, too.
        outwards = np.zeros_like(total.vertices)
        for column in total.simplices.T:
            np.add.at(outwards, column, total.normals[: len(total.simplices)])
        index = np.stack([(W.vertices @ outwards.T).argmax(axis=0) for W in sets])
        vertices = np.stack([W.vertices[k] for W, k in zip(sets, index)])
        levels = np.stack([reach(W.vertices, total.normals) for W in sets])
        return cls(vertices, index, total.edges, total.normals, levels, total.dimension)

    @classmethod
    def _planar(cls, sets: Sequence[Polytope]) -> Fan | None:
        """In the plane the normals need only be sorted by angle; None if the sum is flat."""
        normals = np.concatenate(
            [W.normals[2:] if W.dimension == 1 else W.normals for W in sets if W.dimension > 0]
            or [np.zeros((0, 2))]
        )
        if not len(normals):
            return None
        angle = np.arctan2(normals[:, 1], normals[:, 0])
        order = np.argsort(angle)
        angle, normals = angle[order], normals[order]
        gaps = np.diff(angle, append=angle[0] + 2.0 * np.pi)
        fresh = gaps > _SAME
        angle, normals, gaps = (
            angle[fresh],
            normals[fresh],
            np.diff(angle[fresh], append=angle[fresh][0] + 2.0 * np.pi),
        )
        if len(normals) < 3 or gaps.max() >= np.pi - _SAME:
            return None
        between = angle + 0.5 * gaps
        outwards = np.column_stack([np.cos(between), np.sin(between)])
        reached = [W.vertices @ outwards.T for W in sets]
        index = np.stack([values.argmax(axis=0) for values in reached])
        vertices = np.stack([W.vertices[k] for W, k in zip(sets, index)])
        levels = np.stack([(W.vertices @ normals.T).max(axis=0) for W in sets])
        ring = np.arange(len(normals))
        return cls(vertices, index, np.column_stack([ring, np.roll(ring, -1)]), normals, levels, 2)
