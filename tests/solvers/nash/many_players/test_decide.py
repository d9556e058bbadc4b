"""Support profiles that are decided exactly, on games whose equilibria can be written down."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import NormalFormGame, catalog
from solvers.nash.many_players._decide import Undecided, decide, integers


def judged_by_a_third(g):
    """Two players who get nothing whatever happens, and a third whose second action adds g(x, y), bilinear, to its first."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=object)
    for x, y in np.ndindex(2, 2):
        payoffs[x, y, 1, 2] = int(g(x, y))
    return NormalFormGame(payoffs)


def test_integers_keep_ratios_of_differences_and_start_at_zero():
    game = NormalFormGame(
        np.array([[[Fraction(1, 2), 7], [Fraction(1, 3), 7]], [[0, 9], [1, -1]]], dtype=object)
    )
    first, second = integers(game)
    assert first.tolist() == [[3, 2], [0, 6]]
    assert second.tolist() == [[8, 8], [10, 0]]


def test_pure_profiles_and_a_mixed_one():
    dilemma, pennies = catalog.prisoners_dilemma(), NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    (piece,) = decide(integers(dilemma), ((1,), (1,)))
    assert piece.dimension == 0
    assert [v.tolist() for v in piece.middle] == [[0, 1], [0, 1]]
    assert decide(integers(dilemma), ((0,), (0,))) == []
    (piece,) = decide(integers(pennies), ((0, 1), (0, 1)))
    assert piece.dimension == 0
    assert [v.tolist() for v in piece.middle] == [[0.5, 0.5], [0.5, 0.5]]
    assert decide(integers(pennies), ((0,), (0, 1))) == []


def test_where_nothing_matters_a_square_is_an_equilibrium():
    (piece,) = decide(integers(NormalFormGame(np.zeros((2, 2, 2)))), ((0, 1), (0, 1)))
    assert piece.dimension == 2
    assert len(piece.points) == 4
    assert piece.contains(piece.middle)


def test_a_third_player_who_is_content_everywhere_and_one_who_is_so_nowhere():
    supports = ((0, 1), (0, 1), (0,))
    (piece,) = decide(integers(judged_by_a_third(lambda x, y: -x - y)), supports)
    assert (piece.dimension, len(piece.points)) == (2, 4)
    assert decide(integers(judged_by_a_third(lambda x, y: 1 + x)), supports) == []
    # Where the first strictly prefers one action, only one side of the square is left, and there the condition is linear.
    game = judged_by_a_third(lambda x, y: 2 * y - 1)
    payoffs = game.payoffs.copy()
    payoffs[1, ..., 0] = -1
    (side,) = decide(integers(NormalFormGame(payoffs)), ((0,), (0, 1), (0,)))
    assert side.dimension == 1
    assert sorted(float(point[1][1]) for point in side.points) == [0.0, 0.5]


@pytest.mark.parametrize(
    ("g", "parts"),
    [
        # (2 x - 1)(2 y - 1) at the corners is 1, -1, -1, 1: the two low corners meet at the saddle in the middle ...
        (lambda x, y: (2 * x - 1) * (2 * y - 1), 1),
        # ... and are apart where the saddle is higher, together where it is lower.
        (lambda x, y: 2 * (2 * x - 1) * (2 * y - 1) + 1, 2),
        (lambda x, y: 2 * (2 * x - 1) * (2 * y - 1) - 1, 1),
        # The other two corners.
        (lambda x, y: -2 * (2 * x - 1) * (2 * y - 1) + 1, 2),
        # Two opposite corners below zero that meet at a third, where the other is content as well.
        (lambda x, y: ((-1, 2), (0, -1))[x][y], 1),
        (lambda x, y: ((0, -1), (-1, 2))[x][y], 1),
        # One corner alone, and all but one.
        (lambda x, y: 2 * x + 2 * y - 1, 1),
        (lambda x, y: 2 * x + 2 * y - 3, 1),
    ],
)
def test_a_third_player_may_leave_part_of_a_square(g, parts):
    pieces = decide(integers(judged_by_a_third(g)), ((0, 1), (0, 1), (0,)))
    assert [piece.dimension for piece in pieces] == [2] * parts

    def worth(point):
        x, y = float(point[0][1]), float(point[1][1])
        return sum((x if i else 1 - x) * (y if j else 1 - y) * g(i, j) for i in (0, 1) for j in (0, 1))

    for k, piece in enumerate(pieces):
        assert worth(piece.middle) < 0
        assert 0 < piece.middle[0][1] < 1
        assert all(worth(point) <= 1e-12 for point in piece.points)
        assert [other.contains(piece.middle) for other in pieces] == [m == k for m in range(parts)]
    # Corners of the square at which the third is content belong to the pieces; so do points on the edge of contentment.
    ends = {tuple(round(float(v[1]), 9) for v in point[:2]) for piece in pieces for point in piece.points}
    corners = {(i, j) for i, j in np.ndindex(2, 2) if g(i, j) <= 0}
    assert {e for e in ends if e[0] in (0, 1) and e[1] in (0, 1)} == corners
    assert all(abs(worth((np.array([0, x]), np.array([0, y])))) < 1e-9 for x, y in ends - corners)
    # Each edge on which the third changes its mind has one.
    low = [(i, j) for i, j in corners if g(i, j) < 0]
    turns = [(i, j, m, n) for i, j in low for m, n in ((1 - i, j), (i, 1 - j)) if g(m, n) > 0]
    assert len(ends - corners) == len(turns)


def test_three_who_mix_two_actions_each():
    """Each wants to differ from the next: x + y = 1 and so on meet only in the middle."""
    payoffs = np.zeros((2, 2, 2, 3))
    for a in np.ndindex(2, 2, 2):
        payoffs[a] = [a[0] != a[1], a[1] != a[2], a[2] != a[0]]
    (piece,) = decide(integers(NormalFormGame(payoffs)), ((0, 1),) * 3)
    assert piece.dimension == 0
    assert all(v.tolist() == [0.5, 0.5] for v in piece.middle)
    assert piece.contains(piece.middle)
    assert not piece.contains(tuple(np.array([0.25, 0.75]) for _ in range(3)))


def test_more_mixing_players_or_actions_are_left_to_others():
    game = NormalFormGame(np.zeros((3, 2, 2, 3)))
    with pytest.raises(Undecided):
        decide(integers(game), ((0, 1, 2), (0, 1), (0, 1)))
    with pytest.raises(Undecided):
        decide(integers(NormalFormGame(np.zeros((2, 2, 2, 2, 4)))), ((0, 1),) * 4)


def test_a_segment_through_the_cube_ends_on_its_faces():
    """The third ties x to y, the first z to one half, and the second does not care: x = y, z = 1/2."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    for x, y, z in np.ndindex(2, 2, 2):
        payoffs[x, y, z] = [x * (2 * z - 1), 0, z * (x - y)]
    (piece,) = decide(integers(NormalFormGame(payoffs)), ((0, 1),) * 3)
    assert piece.dimension == 1
    ends = sorted([v.tolist() for v in point] for point in piece.points)
    assert ends == [[[0, 1], [0, 1], [0.5, 0.5]], [[1, 0], [1, 0], [0.5, 0.5]]]
    assert [float(v[1]) for v in piece.middle] == [0.5, 0.5, 0.5]
    for x, y, z, inside in (
        (0.25, 0.25, 0.5, True),
        (0.0, 0.0, 0.5, True),
        (0.25, 0.5, 0.5, False),
        (0.5, 0.5, 0.4, False),
    ):
        assert piece.contains(tuple(np.array([1 - p, p]) for p in (x, y, z))) == inside


def places(piece):
    """The second actions' probabilities at the corners and ends of a piece."""
    return sorted([round(float(v[1]), 12) for v in point] for point in piece.points)


@pytest.mark.parametrize("swap", [False, True])
def test_a_third_player_may_leave_part_of_a_segment(swap):
    """The first plays its second action with 2/3, or the second would not mix; there the third adds 4 y - 2 by its second."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    payoffs[:, 1, :, 1] = [[2], [-1]]
    payoffs[:, :, 1, 2] = [[-2, 4], [-2, 1]]
    game = NormalFormGame(payoffs)
    if swap:
        game = game.permute([1, 0, 2])
    (piece,) = decide(integers(game), ((0, 1), (0, 1), (0,)))
    assert piece.dimension == 1
    wanted = [[0.666666666667, 0, 0], [0.666666666667, 0.5, 0]]
    assert places(piece) == ([[y, x, z] for x, y, z in wanted] if swap else wanted)
    # Where it gains on the whole segment there is nothing.
    payoffs[:, :, 1, 2] += 3
    assert decide(integers(NormalFormGame(payoffs)), ((0, 1), (0, 1), (0,))) == []


def test_a_third_player_who_is_content_on_an_edge_only():
    for g in (lambda x, y: x, lambda x, y: x * y, lambda x, y: 1 - y):
        assert decide(integers(judged_by_a_third(g)), ((0, 1), (0, 1), (0,))) == []
    (piece,) = decide(integers(judged_by_a_third(lambda x, y: 0)), ((0, 1), (0, 1), (0,)))
    assert (piece.dimension, len(piece.points)) == (2, 4)


def test_more_than_one_condition_on_a_square():
    """(2 x - 1)(2 y - 1) must be neither positive nor negative: a cross. Or it must not be positive, and x y is no matter."""
    payoffs = np.zeros((2, 2, 3, 3), dtype=int)
    payoffs[:, :, 1, 2] = [[-1, 1], [1, -1]]
    payoffs[:, :, 2, 2] = [[1, -1], [-1, 1]]
    (cross,) = decide(integers(NormalFormGame(payoffs)), ((0, 1), (0, 1), (0,)))
    assert cross.dimension == 1
    ends = {(float(point[0][1]), float(point[1][1])) for point in cross.points}
    assert ends == {(0.5, 0.0), (0.5, 1.0), (0.0, 0.5), (1.0, 0.5)}
    payoffs[:, :, 2, 2] = [[0, -1], [-1, -1]]
    (quarters,) = decide(integers(NormalFormGame(payoffs)), ((0, 1), (0, 1), (0,)))
    assert quarters.dimension == 2
    ends = {(float(point[0][1]), float(point[1][1])) for point in quarters.points}
    assert ends == {(0.5, 0.0), (0.5, 1.0), (0.0, 0.5), (1.0, 0.5), (0.0, 0.0), (1.0, 1.0)}


def test_a_triangle_and_a_segment_of_which_a_third_player_leaves_a_part():
    """b2 <= x b1 in the triangle of the second's three actions; nobody else minds. Two triangles at once are too much."""
    payoffs = np.zeros((2, 3, 2, 3), dtype=int)
    payoffs[:, 2, 1, 2] = 1
    payoffs[1, 1, 1, 2] = -1
    (piece,) = decide(integers(NormalFormGame(payoffs)), ((0, 1), (0, 1, 2), (0,)))
    assert piece.dimension == 3
    ends = {tuple(round(float(w), 9) for w in (point[0][1], *point[1])) for point in piece.points}
    assert ends == {(0, 1, 0, 0), (0, 0, 1, 0), (1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0.5, 0.5)}
    # The other way round: the first has the triangle and the second the segment.
    turned = integers(NormalFormGame(payoffs).permute([1, 0, 2]))
    (piece,) = decide(turned, ((0, 1, 2), (0, 1), (0,)))
    assert {tuple(round(float(w), 9) for w in (point[1][1], *point[0])) for point in piece.points} == ends
    wide = np.zeros((3, 3, 2, 3), dtype=int)
    wide[:2, :, 1, 2] = payoffs[:, :, 1, 2]
    with pytest.raises(Undecided):
        decide(integers(NormalFormGame(wide)), ((0, 1, 2), (0, 1, 2), (0,)))


def test_players_whose_strategies_are_free():
    """Nobody but the third minds, who wants the second half and half; or the second as well, who wants the third so."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    payoffs[:, :, 1, 2] = [-1, 1]
    (piece,) = decide(integers(NormalFormGame(payoffs)), ((0, 1),) * 3)
    assert piece.dimension == 2
    assert places(piece) == [[0, 0.5, 0], [0, 0.5, 1], [1, 0.5, 0], [1, 0.5, 1]]
    payoffs[:, 1, :, 1] = [-1, 1]
    (piece,) = decide(integers(NormalFormGame(payoffs)), ((0, 1),) * 3)
    assert piece.dimension == 1
    assert places(piece) == [[0, 0.5, 0.5], [1, 0.5, 0.5]]
    assert [v.tolist() for v in piece.middle] == [[0.5, 0.5]] * 3
    for x, y, inside in ((0.3, 0.5, True), (0.3, 0.4, False)):
        assert piece.contains(tuple(np.array([1 - p, p]) for p in (x, y, 0.5))) == inside


def test_an_action_outside_the_supports_may_end_a_segment():
    """x = y, z = 1/2 as far as 3/4, where the third's third action gets better."""
    payoffs = np.zeros((2, 2, 3, 3), dtype=int)
    for x, y, z in np.ndindex(2, 2, 2):
        payoffs[x, y, z] = [x * (2 * z - 1), 0, z * (x - y)]
    payoffs[:, :, 2, 2] = [[-3, -3], [1, 1]]
    (piece,) = decide(integers(NormalFormGame(payoffs)), ((0, 1),) * 3)
    assert places(piece) == [[0, 0, 0.5], [0.75, 0.75, 0.5]]
    for x, inside in ((0.0, True), (0.7, True), (0.75, True), (0.8, False), (1.0, False)):
        point = tuple(np.array(v) for v in ([1 - x, x], [1 - x, x], [0.5, 0.5, 0]))
        assert piece.contains(point) == inside


def test_along_a_segment_a_place_is_told_from_a_weight_that_changes():
    """The second must play its first action half of the time; what else it plays and the first's x are two quarters apart."""
    payoffs = np.zeros((2, 3, 2, 3), dtype=int)
    for x, b in np.ndindex(2, 3):
        payoffs[1, b, :, 0] = 1 if b == 0 else -1
        payoffs[x, b, 1, 2] = (0, 1 - 2 * (2 * x - 1), 1 + 2 * (2 * x - 1))[b]
    pieces = decide(integers(NormalFormGame(payoffs)), ((0, 1), (0, 1, 2), (0,)))
    assert [piece.dimension for piece in pieces] == [2, 2]
    for x, share, inside in ((0.95, 0.05, 1), (0.05, 0.95, 1), (0.5, 0.5, 0)):
        point = (np.array([1 - x, x]), np.array([0.5, 0.5 * (1 - share), 0.5 * share]), np.array([1.0, 0.0]))
        assert sum(piece.contains(point) for piece in pieces) == inside
    assert all(point[1][0] == 0.5 for piece in pieces for point in (piece.middle, *piece.points))


@pytest.mark.parametrize("slope", [49, 98, 103, 107, 161])
def test_an_end_on_a_face_has_no_weight_left_by_rounding(slope):
    """y = slope times x, z = 1/2; where y is 1 the second's first action has the weight zero, not 1e-16."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    for x, y, z in np.ndindex(2, 2, 2):
        payoffs[x, y, z] = [x * (2 * z - 1), 0, z * (slope * x - y)]
    (piece,) = decide(integers(NormalFormGame(payoffs)), ((0, 1),) * 3)
    assert sorted(point[1].tolist() for point in piece.points) == [[0, 1], [1, 0]]


def test_two_triangles_in_which_a_third_player_gains_all_over_hold_nothing():
    """Nothing at some corners, and something everywhere inside, however much."""
    for top in (1, 5):
        payoffs = np.zeros((3, 3, 2, 3), dtype=int)
        payoffs[:, :, 1, 2] = top * np.array([[0, 0, 0], [0, 1, 0], [0, 0, 1]])
        assert decide(integers(NormalFormGame(payoffs)), ((0, 1, 2), (0, 1, 2), (0,))) == []
        payoffs[:, :, 1, 2] *= -1
        (piece,) = decide(integers(NormalFormGame(payoffs)), ((0, 1, 2), (0, 1, 2), (0,)))
        assert (piece.dimension, len(piece.points)) == (4, 9)
