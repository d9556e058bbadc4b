"""Points as averages of few vertices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from solvers.repeated.payoff_sets._barycentric import Triangulation


def hull(points):
    """A triangulation of a solid whose vertices all points are."""
    found = ConvexHull(points)
    order = found.vertices
    place = {int(v): k for k, v in enumerate(order)}
    simplices = np.array([[place[int(v)] for v in s] for s in found.simplices])
    return Triangulation(points[order], simplices)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_points_of_a_solid_are_averages_of_few_vertices(n):
    rng = np.random.default_rng(n)
    body = hull(rng.normal(size=(30, n)) + 5)
    for _ in range(20):
        point = rng.dirichlet(np.ones(len(body.vertices))) @ body.vertices
        weights = body.weights(point)
        assert weights.shape == (len(body.vertices),)
        assert (weights >= 0).all()
        assert weights.sum() == pytest.approx(1.0, abs=1e-14)
        assert (weights > 0).sum() <= n + 1
        np.testing.assert_allclose(weights @ body.vertices, point, atol=1e-12)
    for k, vertex in enumerate(body.vertices):
        np.testing.assert_allclose(body.weights(vertex), np.eye(len(body.vertices))[k], atol=1e-12)


def test_by_hand_in_a_square():
    """From the first corner to the two sides that do not touch it."""
    square = Triangulation(
        np.array([[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0]]),
        np.array([[0, 1], [1, 2], [2, 3], [3, 0]]),
    )
    assert square.weights(np.array([2.5, 1.5])).tolist() == [0.25, 0.5, 0.25, 0.0]
    assert square.weights(np.array([1.5, 2.5])).tolist() == [0.25, 0.0, 0.25, 0.5]
    # Weights that are rounding are none.
    weights = square.weights(np.array([2.0, 1.0 + 2.0**-52]))
    assert weights == pytest.approx([0.5, 0.5, 0.0, 0.0], abs=1e-15)
    assert weights[2:].tolist() == [0.0, 0.0]


def test_a_polygon_in_space():
    rng = np.random.default_rng(1)
    flat = hull(rng.normal(size=(12, 2)))
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0][:2]
    tilted = Triangulation(flat.vertices @ axes + 7.0, flat.simplices)
    for _ in range(10):
        share = rng.dirichlet(np.ones(len(flat.vertices)))
        weights = tilted.weights(share @ tilted.vertices)
        np.testing.assert_allclose(weights @ tilted.vertices, share @ tilted.vertices, atol=1e-12)
        np.testing.assert_allclose(weights, flat.weights(share @ flat.vertices), atol=1e-9)


def test_a_triangle_in_space_far_away():
    """Far off in the direction that is none of its own."""
    triangle = np.array([[1e6, 0.0, 0.0], [1e6, 1.0, 0.0], [1e6, 0.0, 1.0]])
    body = Triangulation(triangle, np.array([[0, 1], [1, 2], [2, 0]]))
    assert body.weights(np.array([1e6, 0.25, 0.5])) == pytest.approx([0.25, 0.25, 0.5], abs=1e-12)


def test_slivers_are_left_out():
    """The side from (1, 0) to (2, 0) lies on a line with the first corner."""
    vertices = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 1.0]])
    body = Triangulation(vertices, np.array([[0, 1], [1, 2], [2, 3], [3, 0]]))
    assert body.weights(np.array([0.5, 0.25])).tolist() == [0.5, 0.0, 0.25, 0.25]
    line = Triangulation(vertices[:3], np.array([[0, 1], [1, 2]]))
    assert line.weights(np.array([1.5, 0.0])) is None


def test_weights_that_rounding_spoils_are_chosen_by_least_squares():
    """The corner that the simplices share with the point's is so far off that a digit of its weight is a millimetre."""
    vertices = np.array([[1e6, 1e-7], [0.0, 0.0], [0.0, 1.0], [1.0, 0.5], [-1e6, 0.5]])
    body = Triangulation(vertices, np.array([[1, 2], [2, 3], [3, 4], [4, 1]]))
    point = np.array([0.25, 0.5])
    weights = body.weights(point)
    assert weights.sum() == pytest.approx(1.0)
    assert np.abs(weights @ vertices - point).max() < 1e-9
