from __future__ import annotations

import numpy as np
import pytest

from solvers.nash.two_players._polytopes import (
    NearTie,
    Stop,
    TooMany,
    _match_ridges,
    float_vertices,
    hull_vertices,
    integer_vertices,
)


def go_on(_: float) -> None:
    pass


def stop(_: float) -> None:
    raise Stop


def label_sets(tight: np.ndarray) -> set[bytes]:
    return {row.tobytes() for row in tight}


@pytest.mark.parametrize(
    "shape",
    [(1, 1), (1, 5), (5, 1), (2, 3), (4, 4), (3, 7), (7, 3), (6, 6), (2, 62), (2, 63), (3, 66), (70, 2)],
)
def test_floats_and_integers_find_the_same_vertices(shape: tuple[int, int]) -> None:
    B = np.random.default_rng(5).integers(0, 10**6, shape)
    floats = float_vertices(1 + B / 1e6, go_on, 10**5)
    integers = integer_vertices((B + 10**6).tolist(), go_on, 10**5)
    assert integers.simple
    assert len(label_sets(floats.tight)) == len(floats.tight)
    assert label_sets(floats.tight) == label_sets(integers.tight)
    if 1 < shape[0] < 10:
        hull = hull_vertices(1 + B / 1e6)
        assert hull is not None
        assert hull.simple
        assert label_sets(hull.tight) == label_sets(integers.tight)


def test_what_qhull_leaves_out_or_misplaces_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    import scipy.spatial

    B = 1.0 + np.random.default_rng(8).random((4, 5))
    true = scipy.spatial.ConvexHull

    class Short:
        def __init__(self, points: np.ndarray) -> None:
            hull = true(points)
            self.equations, self.simplices = hull.equations[1:], hull.simplices[1:]

    class Askew:
        def __init__(self, points: np.ndarray) -> None:
            hull = true(points)
            self.simplices = hull.simplices
            self.equations = hull.equations + 1e-9 * (np.arange(len(hull.equations)) == 2)[:, None]

    class Broken:
        def __init__(self, points: np.ndarray) -> None:
            raise scipy.spatial.QhullError

    assert hull_vertices(B) is not None
    for fault in (Short, Askew, Broken):
        monkeypatch.setattr(scipy.spatial, "ConvexHull", fault)
        assert hull_vertices(B) is None


def test_integer_vertices_satisfy_every_inequality() -> None:
    B = np.random.default_rng(1).integers(1, 4, (5, 6)).tolist()
    found = integer_vertices(B, go_on, 10**5)
    assert not found.simple
    for (*x, t), tight in zip(found.points, found.tight):
        slack = [*x, *(t - sum(B[i][j] * x[i] for i in range(5)) for j in range(6))]
        assert min(slack) == 0
        assert [s == 0 for s in slack] == tight.tolist()


def test_cube_has_all_its_corners() -> None:
    # B near a multiple of the identity gives a polytope of the shape of a cube: 2**4 corners, one of them the origin.
    B = [[1000 if i == j else 1 for j in range(4)] for i in range(4)]
    assert len(integer_vertices(B, go_on, 100).tight) == 15


def test_a_tie_is_not_passed_over_in_floats() -> None:
    with pytest.raises(NearTie):
        float_vertices(np.array([[1.0, 1.0], [1.0, 2.0]]), go_on, 100)
    for table in ([[1.0, 1.0], [1.0, 2.0]], [[1.0, 1.0 + 1e-13], [1.0, 2.0]]):
        with pytest.raises(NearTie):
            hull_vertices(np.array(table))
    with pytest.raises(NearTie):
        float_vertices(np.array([[1.0, 1.0 + 1e-13], [1.0, 2.0]]), go_on, 100)


def test_limits() -> None:
    B = np.random.default_rng(2).integers(1, 1000, (6, 6))
    with pytest.raises(TooMany):
        float_vertices(1 + B / 1000, go_on, 10)
    with pytest.raises(TooMany):
        integer_vertices(B.tolist(), go_on, 10)
    with pytest.raises(Stop):
        float_vertices(1 + B / 1000, stop, 1000)
    with pytest.raises(Stop):
        integer_vertices(B.tolist(), stop, 1000)


def test_a_ridge_that_does_not_belong_to_two_vertices_is_a_tie() -> None:
    """Three vertices with two ridges each besides the one that is known: all pairs meet, and then one is wrong or missing."""
    ridges = np.array([[7, 1, 2], [1, 7, 3], [2, 3, 7]], dtype=np.uint64)
    each, known = np.arange(3), np.arange(3)
    assert _match_ridges(ridges, each, known).tolist() == [[0, 1, 2], [0, 0, 2], [0, 1, 0]]
    for place, wrong in (((0, 1), 3), ((2, 0), 4)):
        other = ridges.copy()
        other[place] = wrong
        with pytest.raises(NearTie):
            _match_ridges(other, each, known)
    with pytest.raises(NearTie):
        _match_ridges(np.array([[7, 1], [1, 7], [7, 1]], dtype=np.uint64), each, np.array([0, 1, 0]))
