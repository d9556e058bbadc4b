"""The operator against half-space intersections and against its own long form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import ConvexHull, HalfspaceIntersection

from games import NormalFormGame, RepeatedGame
from solvers.base.deadline import Deadline, TimeOver
from solvers.repeated.payoff_sets import _operator
from solvers.repeated.payoff_sets._operator import corner_vertices, generate, normalised
from solvers.repeated.payoff_sets.polytope import Polytope, distinct


def test_units_and_costs() -> None:
    game = NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]])
    stage = normalised(RepeatedGame(game, [0.5, 0.8]))
    np.testing.assert_allclose(stage.payoffs[0], [8 / 9, 8 / 9])
    np.testing.assert_allclose(stage.costs[0], [1 / 9, 0.25 / 9])
    np.testing.assert_allclose(stage.costs[3], [0.0, 0.0])
    np.testing.assert_allclose(stage.minmax * stage.scale + stage.shift, [3.0, 3.0])
    assert not stage.equal_discount
    flat = normalised(RepeatedGame(NormalFormGame.from_bimatrix([[2, 2]], [[1, 0]]), 0.5))
    assert flat.payoffs[:, 0].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_cut_corners_are_half_space_intersections(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    W = Polytope.hull(rng.random((25, n)))
    centre = W.vertices.mean(axis=0)
    corners = centre - rng.uniform(0.02, 0.5, size=(6, n))
    found = corner_vertices(W, corners, binding_only=False)
    rows, points = found.rows, found.points
    # Each vertex comes up once.
    assert len(distinct(np.column_stack([rows, points]), 9)) == len(rows)
    assert found.faces.min() >= -1
    for a, t in enumerate(corners):
        rays = np.vstack([np.column_stack([W.normals, -W.offsets]), np.column_stack([-np.eye(n), t])])
        exact = ConvexHull(HalfspaceIntersection(rays, centre).intersections)
        own = Polytope.hull(points[rows == a])
        assert own.volume == pytest.approx(exact.volume, rel=1e-9)
        bound = corner_vertices(W, t[None], binding_only=True)
        assert (np.abs(bound.points - t).min(axis=1) <= 1e-11).all()
        assert len(bound.rows) <= (rows == a).sum()
    for point, row, face, planes in zip(points, rows, found.faces, found.planes):
        # Each lies where it is said to lie: on the planes, and between the vertices of its face.
        np.testing.assert_allclose(point[planes], corners[row][planes], atol=1e-11)
        face = face[face >= 0]
        assert len(face) == (0 if planes.all() else planes.sum() + 1)
        if len(face):
            system = np.vstack([W.vertices[face].T, np.ones(len(face))])
            shares, *_ = np.linalg.lstsq(system, np.append(point, 1.0), rcond=None)
            np.testing.assert_allclose(system @ shares, np.append(point, 1.0), atol=1e-9)
            assert shares.min() >= -1e-9


def test_cutting_flat_sets() -> None:
    segment = Polytope.hull([[0.0, 1.0, 0.5], [1.0, 0.0, 0.5]])
    found = corner_vertices(segment, np.array([[0.25, 0.25, 0.0], [0.0, 0.0, 0.6]]), binding_only=False)
    assert set(found.rows.tolist()) == {0}
    assert Polytope.hull(found.points).vertices.round(9).tolist() in (
        [[0.25, 0.75, 0.5], [0.75, 0.25, 0.5]],
        [[0.75, 0.25, 0.5], [0.25, 0.75, 0.5]],
    )
    line = Polytope.hull([[0.0, 1.0], [1.0, 0.0]])
    found = corner_vertices(line, np.array([[0.25, 0.5]]), binding_only=False)
    assert sorted(found.points.round(9).tolist()) == [[0.25, 0.75], [0.5, 0.5]]
    assert sorted(map(tuple, found.faces.tolist())) == [(0, 1), (0, 1)]
    point = Polytope.hull([[0.5, 0.5]])
    assert len(corner_vertices(point, np.array([[0.5, 0.2]]), binding_only=True).rows) == 1
    assert len(corner_vertices(point, np.array([[0.4, 0.2]]), binding_only=True).rows) == 0


@pytest.mark.parametrize("players", [2, 3])
def test_few_candidates_reach_the_same_set(players: int) -> None:
    """Iterating on binding vertices alone and on all vertices ends in the same polytope."""
    rng = np.random.default_rng(players)
    stage = normalised(RepeatedGame(NormalFormGame(rng.normal(size=(*[2] * players, players))), 0.5))
    ends = []
    for full in (False, True):
        W, threat = Polytope.hull(stage.payoffs), stage.minmax.copy()
        for _ in range(60):
            found = generate(stage, W, threat, full=full)
            np.testing.assert_allclose(
                found.payoffs, 0.5 * stage.payoffs[found.profiles] + 0.5 * found.continuations, atol=1e-15
            )
            W = Polytope.hull(found.payoffs)
            threat = np.maximum(threat, W.lowest)
        ends.append(W)
    assert ends[0].distance(ends[1].vertices).max() < 1e-9
    assert ends[1].distance(ends[0].vertices).max() < 1e-9


def test_a_flat_polygon_is_cut_in_space() -> None:
    triangle = Polytope.hull(np.eye(3))
    found = corner_vertices(triangle, np.array([[0.2, 0.2, 0.0]]), binding_only=False)
    corners = {tuple(v) for v in Polytope.hull(found.points).vertices.round(9) + 0.0}
    assert corners == {(0.8, 0.2, 0.0), (0.2, 0.8, 0.0), (0.2, 0.2, 0.6)}
    # Where both bind, only the plane holds the point: there are no corners that it lies between.
    at = np.flatnonzero((np.abs(found.points - [0.2, 0.2, 0.6]) < 1e-9).all(axis=1))
    assert any((found.faces[k] == -1).all() and found.planes[k].tolist() == [True, True, False] for k in at)
    assert found.faces.min() == -1


@pytest.mark.parametrize(("beyond", "met"), [(20.5, True), (21.5, False)])
def test_a_line_beside_a_facet_meets_it_up_to_twenty_one_roundings(beyond: float, met: bool) -> None:
    cube = Polytope.hull(np.array(list(np.ndindex(2, 2, 2)), dtype=float))
    give = 1e-3
    found = corner_vertices(cube, np.array([[1.0 + beyond * give, 0.5, 0.5]]), binding_only=False, give=give)
    assert (len(found.rows) > 0) is met


def test_stage_equilibria_and_what_has_no_corners() -> None:
    game = NormalFormGame.from_bimatrix([[3, 0, 0], [5, 1, 0], [0, 0, 1]], [[3, 5, 0], [0, 1, 0], [0, 0, 1]])
    stage = normalised(RepeatedGame(game, 0.6))
    assert stage.steady.tolist() == [[0.2, 0.2], [0.2, 0.2]]
    found = generate(stage, Polytope.hull(stage.payoffs), stage.minmax)
    # A stage payoff played forever lies on no face and at no constraint.
    own = (found.payoffs == found.continuations).all(axis=1)
    assert own.any()
    assert (found.faces[own] == -1).all()
    assert not found.planes[own].any()
    assert not own[len(own) - 1]


def test_an_edge_has_two_ends_even_where_there_is_one_player() -> None:
    found = corner_vertices(Polytope.hull([[0.0], [1.0]]), np.array([[0.25]]), binding_only=False)
    order = found.points[:, 0].argsort()
    assert found.points[order, 0].tolist() == [0.25, 1.0]
    assert found.faces[order].tolist() == [[0, 1], [1, -1]]


def test_a_limit_in_time_is_kept_on_edges_lines_and_faces(clock) -> None:
    clock.step = 1.0
    solid = Polytope.hull(np.array(list(np.ndindex(2, 2, 2, 2)), dtype=float))
    corner = np.full((1, 4), 0.5)
    found = _operator._Collection(corner, 1e-12)
    with Deadline(0.5).enforced():
        # Of a segment there are edges only, of a polygon lines.
        for W in (
            Polytope.hull([[0.0, 1.0], [1.0, 0.0]]),
            Polytope.hull([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]),
        ):
            with pytest.raises(TimeOver):
                corner_vertices(W, np.array([[0.25, 0.25]]), binding_only=False)
        with pytest.raises(TimeOver):
            _operator._faces_on_planes(solid, corner, 2, found)
