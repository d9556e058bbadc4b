"""Hulls of every dimension against Qhull, brute force and themselves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import nnls
from scipy.spatial import ConvexHull

from solvers.repeated.payoff_sets.polytope import Polytope

ALL_SIZES = [(n, d) for n in (1, 2, 3, 4) for d in range(n + 1)]


def cloud(n: int, dimension: int, seed: int, count: int = 40) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.random((count, dimension)) @ rng.random((dimension, n)) + rng.random(n)


@pytest.mark.parametrize(("n", "dimension"), ALL_SIZES)
def test_sets_of_every_dimension(n: int, dimension: int) -> None:
    points = cloud(n, dimension, seed=n + 10 * dimension)
    hull = Polytope.hull(points)
    assert hull.dimension == dimension
    assert hull.excess(points).max() < 1e-12
    assert all((np.abs(points - v).max(axis=1) == 0).any() for v in hull.vertices)
    weights = np.random.default_rng(0).dirichlet(np.ones(len(points)))
    inside = weights @ points
    found = hull.weights(inside)
    np.testing.assert_allclose(found @ hull.vertices, inside, atol=1e-12)
    assert found.min() >= 0.0
    assert (found > 0).sum() <= dimension + 1
    assert hull.contains(inside)
    assert not hull.contains(inside + 3.0)
    assert hull.distance(inside[None])[0] <= 1e-12


def test_near_duplicates_do_not_break_solids() -> None:
    rng = np.random.default_rng(3)
    corners = rng.random((30, 3))
    points = np.vstack([corners + 10.0**-k * rng.normal(size=corners.shape) for k in range(8, 17)])
    hull = Polytope.hull(points)
    assert hull.excess(points).max() < 1e-11
    assert hull.volume == pytest.approx(ConvexHull(corners).volume, rel=1e-6)


@pytest.mark.parametrize("outwards", [False, True])
def test_thinning_keeps_to_its_side(outwards: bool) -> None:
    rng = np.random.default_rng(1)
    sphere = rng.normal(size=(800, 3))
    sphere /= np.sqrt((sphere**2).sum(axis=1))[:, None]
    full = Polytope.hull(sphere)
    thin = full.thinned(0.02, outwards)
    assert len(thin.vertices) < 0.7 * len(full.vertices)
    assert bool(full.excess(thin.vertices).max() <= 1e-12) is not outwards
    assert thin.excess(full.vertices).max() <= (1e-12 if outwards else 0.02)


def test_scaled_and_pulled() -> None:
    hull = Polytope.hull(cloud(3, 3, seed=5))
    big = hull.scaled(np.array([1e12, 1e-12, 3.0]), np.array([1e6, 0.0, -5.0]))
    assert big.volume == pytest.approx(3.0 * hull.volume)
    assert (big.vertices @ big.normals.T <= big.offsets + 1e-3).all()
    half = hull.pulled(0.5)
    assert half.volume == pytest.approx(hull.volume / 8)
    assert hull.excess(half.vertices).max() < 0.0


def test_the_empty_set() -> None:
    nothing = Polytope.nothing(3)
    assert nothing.dimension == -1
    assert nothing.vertices.shape == (0, 3)
    assert not nothing.contains([0.0, 0.0, 0.0])
    assert np.isinf(nothing.lowest).all()


def test_a_hull_needs_points() -> None:
    with pytest.raises(ValueError, match="shape"):
        Polytope.hull(np.zeros((0, 2)))


def test_centre_of_gravity() -> None:
    simplex = Polytope.hull([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    np.testing.assert_allclose(simplex.centroid, [0.25, 0.25, 0.25])
    # Corners crowded on one side do not draw it there.
    ring = [[1.0, y, z] for y, z in np.random.default_rng(0).random((9, 2))]
    cube = Polytope.hull([*np.ndindex(2, 2, 2), *ring])
    np.testing.assert_allclose(cube.centroid, [0.5, 0.5, 0.5], atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_furthest_point_by_projection(seed: int) -> None:
    """Against the nearest point by non-negative least squares."""
    rng = np.random.default_rng(seed)
    polytope = Polytope.hull(rng.random((12, 3)))
    points = rng.random((20, 3)) * 3.0 - 1.0
    heavy = 1e5
    away = []
    for point in points:
        system = np.vstack([polytope.vertices.T, np.full(len(polytope.vertices), heavy)])
        share = nnls(system, np.append(point, heavy))[0]
        away.append(
            np.sqrt(
                ((share / share.sum()) @ polytope.vertices - point)
                @ (share / share.sum() @ polytope.vertices - point)
            )
        )
    assert polytope.furthest(points) == pytest.approx(max(away), abs=1e-6)
    assert polytope.furthest(points) <= polytope.distance(points).max() + 1e-15
    assert polytope.furthest(polytope.vertices) == 0.0


def test_weights_on_sets_of_every_dimension() -> None:
    point = Polytope.hull(np.array([[1.0, 2.0]]))
    assert point.weights(np.array([1.0, 2.0])).tolist() == [1.0]
    segment = Polytope.hull(np.array([[0.0, 0.0], [4.0, 2.0]]))
    first = segment.vertices[0, 0] / 4
    for share in (0.0, 0.25, 1.0):
        weights = segment.weights(np.array([4.0, 2.0]) * share)
        assert weights.tolist() == pytest.approx([1 - share, share] if first == 0 else [share, 1 - share])
    # What lies beyond an end is held by that end.
    assert segment.weights(np.array([8.0, 4.0])).max() == 1.0
    square = Polytope.hull(np.array(list(np.ndindex(2, 2))).astype(float))
    for k, vertex in enumerate(square.vertices):
        # A point that is close to a corner in one coordinate only is not that corner.
        assert square.weights(vertex).tolist() == np.eye(4)[k].tolist()
        inside = 0.75 * vertex + 0.25 * square.vertices.mean(axis=0)
        np.testing.assert_allclose(square.weights(inside) @ square.vertices, inside, atol=1e-14)
        edge = vertex * [1.0, 0.5] + [0.0, 0.125]
        np.testing.assert_allclose(square.weights(edge) @ square.vertices, edge, atol=1e-14)


def test_edges_and_faces_are_counted() -> None:
    segment = Polytope.hull(np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert segment.edges.tolist() == [[0, 1]]
    assert segment.faces(2).shape == (0, 3)
    square = Polytope.hull(np.array(list(np.ndindex(2, 2))).astype(float))
    assert len(square.edges) == 4
    assert square.faces(2).shape == (0, 3)
    simplex = Polytope.hull(np.vstack([np.zeros(3), np.eye(3)]))
    assert (len(simplex.faces(1)), len(simplex.faces(2))) == (6, 4)


def test_what_a_cut_leaves() -> None:
    square = Polytope.hull(np.array(list(np.ndindex(2, 2))).astype(float))
    half = square.cut(np.array([[1.0, 0.0]]), np.array([0.5]))
    assert half.volume == pytest.approx(0.5)
    cube = Polytope.hull(np.array(list(np.ndindex(2, 2, 2))).astype(float))
    corner = cube.cut(np.array([[1.0, 1.0, 1.0]]), np.array([1.0]))
    assert corner.volume == pytest.approx(1 / 6)
    assert len(corner.vertices) == 4
    # A square in space stays as it is, and so does a cube of which nothing would be left.
    flat = Polytope.hull(np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]).astype(float))
    assert flat.cut(np.array([[1.0, 0.0, 0.0]]), np.array([0.5])) is flat
    assert cube.cut(np.array([[1.0, 0.0, 0.0]]), np.array([-1.0])) is cube
    segment = Polytope.hull(np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert segment.cut(np.array([[1.0, 0.0]]), np.array([0.5])).vertices.max() == pytest.approx(0.5)


def test_a_set_says_what_it_is() -> None:
    shapes = {"a point with 1 vertex": np.zeros((1, 3)), "a segment with 2 vertices": np.eye(3)[:2]}
    shapes |= {
        "a polygon with 3 vertices": np.eye(3),
        "a 3-polytope with 4 vertices": np.vstack([np.zeros(3), np.eye(3)]),
    }
    for words, points in shapes.items():
        assert words in repr(Polytope.hull(points))
