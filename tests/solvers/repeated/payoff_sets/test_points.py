"""Clouds of points: merging by cells, distinct directions, reach."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.repeated.payoff_sets._points import blocks, clearly_solid, compass, distinct, merged, reach


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7])
def test_merged_keeps_one_of_each_cell(n: int) -> None:
    rng = np.random.default_rng(n)
    cells = rng.integers(-2, 3, size=(300, n)).astype(float)
    points = cells + 1e-14 * rng.normal(size=cells.shape)
    found = merged(points, 1e-12)
    assert len(found) == len(np.unique(cells, axis=0))
    assert {tuple(row) for row in found.round(6)} == {tuple(row) for row in cells}


def test_merged_keeps_the_first_of_each_cell_in_order() -> None:
    points = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    np.testing.assert_array_equal(merged(points, 1e-12), points[[0, 1, 3]])


def test_reach_and_distinct() -> None:
    rng = np.random.default_rng(0)
    points, normals = rng.normal(size=(5000, 3)), rng.normal(size=(40, 3))
    np.testing.assert_allclose(reach(points, normals), (points @ normals.T).max(axis=0), rtol=1e-12)
    assert len(distinct(np.vstack([normals, normals + 1e-15]), 10)) == 40
    assert len(compass(3)) == 26


@pytest.mark.parametrize(
    ("rows", "columns", "step"), [(100, 2000, 30), (7, 10**6, 1), (5, 0, 60000), (0, 3, 20000)]
)
def test_blocks_cover_every_row_once_and_fit_the_cache(rows, columns, step) -> None:
    found = list(blocks(rows, columns))
    assert [k for block in found for k in range(rows)[block]] == list(range(rows))
    assert all(block.stop - block.start == step for block in found)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_a_cloud_is_solid_where_it_has_a_body(n: int) -> None:
    rng = np.random.default_rng(n)
    points = rng.uniform(size=(40, n)) + 10
    assert clearly_solid(points)
    flat = points.copy()
    flat[:, -1] = flat[:, 0] + 1
    assert not clearly_solid(flat)
    # A ten-thousandth of the unit is thick enough, a hundred-thousandth is not.
    for thickness, solid in ((1e-3, True), (1e-5, False)):
        thin = flat.copy()
        thin[:, -1] += thickness * (np.arange(40) % 2)
        assert clearly_solid(thin) == solid
    assert not clearly_solid(points[:n])
    assert clearly_solid(points[: n + 1])


def test_a_compass_points_to_the_neighbours_on_a_grid() -> None:
    assert sorted(map(tuple, compass(2).tolist())) == [
        (x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)
    ]
