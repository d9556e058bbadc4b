"""Three players with two actions each: points and curves with known equations."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.nash.many_players._curves import strands
from solvers.nash.many_players._line import Undecided


def tensor(function):
    """A multilinear function of three probabilities by its values at the corners of the cube."""
    out = np.empty((2, 2, 2), dtype=object)
    for corner in np.ndindex(2, 2, 2):
        out[corner] = int(function(*corner))
    return out


X_PLUS_Y = tensor(lambda x, y, z: x + y - 1)
Y_PLUS_Z = tensor(lambda x, y, z: y + z - 1)
X_PLUS_Z = tensor(lambda x, y, z: x + z - 1)


def test_linear_equations_have_a_rational_point():
    found = strands(
        [
            tensor(lambda x, y, z: 4 * x - 1),
            tensor(lambda x, y, z: 2 * y - 1),
            tensor(lambda x, y, z: 3 * z - 1),
        ],
        [],
    )
    assert [(s.dimension, s.exact) for s in found] == [(0, True)]
    assert found[0].place(found[0].low) == [0.25, 0.5, pytest.approx(1 / 3)]


@pytest.mark.parametrize("edge", [0, 1])
def test_a_root_on_the_edge_of_the_cube_is_none_inside(edge):
    assert strands([tensor(lambda x, y, z: x - edge)], []) == []
    assert strands([tensor(lambda x, y, z: 5)], []) == []


def test_three_indifferences_meet_in_the_middle():
    found = strands([X_PLUS_Y, Y_PLUS_Z, X_PLUS_Z], [])
    assert [(s.dimension, s.exact, s.place(s.low)) for s in found] == [(0, True, [0.5, 0.5, 0.5])]


def test_an_irrational_point():
    """x = y = z and 2 x z = 1."""
    found = strands(
        [tensor(lambda x, y, z: x - y), tensor(lambda x, y, z: y - z), tensor(lambda x, y, z: 1 - 2 * x * z)],
        [],
    )
    assert [(s.dimension, s.exact) for s in found] == [(0, False)]
    assert found[0].place(found[0].low) == pytest.approx([np.sqrt(0.5)] * 3, abs=1e-15)


def test_two_equations_leave_a_curve():
    (curve,) = strands([X_PLUS_Y, Y_PLUS_Z], [])
    assert (curve.dimension, curve.low, curve.high) == (1, 0.0, 1.0)
    assert curve.place(0.3) == pytest.approx([0.7, 0.3, 0.7])


def test_an_inequality_cuts_a_curve_and_its_end_belongs_to_it():
    (part,) = strands([X_PLUS_Y, Y_PLUS_Z], [tensor(lambda x, y, z: 3 * y - 1)])
    assert (part.dimension, part.low) == (1, 0.0)
    assert part.high == pytest.approx(1 / 3, abs=1e-15)
    assert strands([X_PLUS_Y, Y_PLUS_Z], [tensor(lambda x, y, z: 1)]) == []


def test_an_inequality_may_leave_one_point_of_a_curve():
    """On x = y = z it asks for (2 x - 1)^2 <= 0."""
    found = strands(
        [tensor(lambda x, y, z: x - y), tensor(lambda x, y, z: y - z)],
        [tensor(lambda x, y, z: (2 * x - 1) * (2 * z - 1))],
    )
    assert [(s.dimension, s.exact) for s in found] == [(0, True)]
    assert found[0].place(found[0].low) == [0.5, 0.5, 0.5]


def test_an_inequality_may_leave_both_ends_of_a_curve():
    found = strands(
        [tensor(lambda x, y, z: x - y), tensor(lambda x, y, z: y - z)],
        [tensor(lambda x, y, z: 8 * x - (4 * x - 1) * (4 * z - 1))],
    )
    # -(4 t - 1)^2 + 8 t <= 0 where t is at most (2 - sqrt 3) / 4 or at least (2 + sqrt 3) / 4.
    assert [s.dimension for s in found] == [1, 1]
    assert (found[0].low, found[1].high) == (0.0, 1.0)
    assert [found[0].high, found[1].low] == pytest.approx(
        [0.5 - np.sqrt(3) / 4, 0.5 + np.sqrt(3) / 4], abs=1e-15
    )


def test_a_product_of_two_lines_is_two_surfaces():
    found = strands([tensor(lambda x, y, z: (2 * x - 1) * (3 * y - 1))], [])
    assert [s.dimension for s in found] == [2, 2]
    assert [s.place(0.4).count(None) for s in found] == [1, 1]
    assert found[0].place(0.4)[0] == 0.5
    assert found[1].place(0.4)[1] == pytest.approx(1 / 3)


def test_nothing_to_fulfil_leaves_the_whole_cube():
    (cube,) = strands([tensor(lambda x, y, z: 0)], [tensor(lambda x, y, z: -x)])
    assert (cube.dimension, cube.low, cube.high) == (3, 0.0, 1.0)


@pytest.mark.parametrize("equations", [[], [X_PLUS_Y]])
def test_a_condition_on_a_surface_is_left_undecided(equations):
    with pytest.raises(Undecided):
        strands(equations, [tensor(lambda x, y, z: x + z - 1)])


def test_a_point_may_fail_a_condition_and_an_edge_may_pass_it():
    """Fixed at (1/4, 1/2, 1/3): what is positive there leaves nothing, what is zero there leaves the point."""
    lines = [
        tensor(lambda x, y, z: 4 * x - 1),
        tensor(lambda x, y, z: 2 * y - 1),
        tensor(lambda x, y, z: 3 * z - 1),
    ]
    for condition, count in (
        (lambda x, y, z: 8 * x * y * z - 1, 1),
        (lambda x, y, z: 24 * x * y * z - 1, 1),
        (lambda x, y, z: 25 * x * y * z - 1, 0),
    ):
        assert len(strands(lines, [tensor(condition)])) == count


def test_conditions_may_share_a_root():
    """On x = y = z both ask for t <= 1/2, one of them twice as steep and one of them reversed below a second root."""
    same = [tensor(lambda x, y, z: x - y), tensor(lambda x, y, z: y - z)]
    (part,) = strands(same, [tensor(lambda x, y, z: 2 * x - 1), tensor(lambda x, y, z: 4 * y - 2)])
    assert (part.low, part.high) == (0.0, 0.5)
    (point,) = strands(same, [tensor(lambda x, y, z: 2 * x - 1), tensor(lambda x, y, z: 1 - 2 * z)])
    assert (point.dimension, point.place(point.low)) == (0, [0.5, 0.5, 0.5])
    assert strands(same, [tensor(lambda x, y, z: 2 * x - 1), tensor(lambda x, y, z: 2 - 3 * z)]) == []


def test_two_factors_of_one_equation_that_meet_in_a_point_give_it_once():
    """(2 x - 1)(2 y - 1) = 0 with x = y: both factors lead to the middle, z being fixed."""
    found = strands(
        [
            tensor(lambda x, y, z: (2 * x - 1) * (2 * y - 1)),
            tensor(lambda x, y, z: x - y),
            tensor(lambda x, y, z: 4 * z - 1),
        ],
        [],
    )
    assert [s.place(s.low) for s in found] == [[0.5, 0.5, 0.25]]
