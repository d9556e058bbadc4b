from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from reports import figures
from reports.document import SolidPanel
from reports.figures.hulls import faces, polygon


@pytest.mark.parametrize(
    ("points", "count", "corners"),
    [
        ([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], 4, 3),
        ([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], 1, 4),
        ([[0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.5]], 1, 2),
        ([[2, 2, 2]], 1, None),
    ],
)
def test_faces_of_solid_and_flat_sets(points, count, corners):
    found = faces(np.array(points, dtype=float))
    assert len(found) == count
    if corners:
        assert {len(face) for face in found} == {corners}
    assert figures.render(SolidPanel("", ("A", "B", "C"), found)).startswith("<svg")


def test_faces_enclose_the_volume_of_the_hull():
    from scipy.spatial import ConvexHull

    points = np.random.default_rng(5).normal(size=(40, 3)).round(1) * [1.0, 10.0, 1e-3]
    volume = 0.0
    for face in faces(points):
        first, *rest = (np.array(p) for p in face)
        volume += sum(np.linalg.det([first, p, q]) for p, q in pairwise(rest)) / 6
    assert volume == pytest.approx(ConvexHull(points * [1.0, 0.1, 1e3]).volume / 100, rel=1e-9)


def test_polygons_of_flat_points_are_segments():
    assert polygon(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])) == ((0.0, 0.0), (2.0, 2.0))
