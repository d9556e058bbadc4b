"""Clouds of points: merging by cells, distinct directions, reach."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.repeated.payoff_sets._points import compass, distinct, merged, reach


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
