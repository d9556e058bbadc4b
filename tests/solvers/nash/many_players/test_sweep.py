"""Polytopes that change along a line: what is found over all t, against exact polytopes at single ones."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from flint import fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.nash.many_players._cones import corners
from solvers.nash.many_players._line import Undecided
from solvers.nash.many_players._sweep import part, stretches, swept


def linear(rows):
    """Rows of pairs (value at t = 0, value at t = 1)."""
    return [[fmpz_poly([a, b - a]) for a, b in row] for row in rows]


def found(size, equations, inequalities, ends=(False, False)):
    def fibre(cell):
        own = part(cell, size, linear(equations), linear(inequalities))
        return None if own is None else {0: own}

    return stretches(fibre, ends)


def at(t, rows):
    out = []
    for row in rows:
        values = [a + t * (b - a) for a, b in row]
        scale = lcm(*(v.denominator for v in values))
        out.append([int(v * scale) for v in values])
    return out


def there(t, size, equations, inequalities):
    """Whether the polytope at a rational t has a point without zeros: in fractions, one t at a time."""
    polytope = corners(size, at(t, equations), at(t, inequalities))
    return bool(polytope) and all(any(v[a] > 0 for v in polytope) for a in range(size))


entry = st.tuples(st.integers(-3, 3), st.integers(-3, 3))


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(2, 3))
def test_every_t_with_a_solution_is_in_one_stretch_and_no_other(data, size):
    row = st.lists(entry, min_size=size, max_size=size)
    inequalities = data.draw(st.lists(row, min_size=1, max_size=3))
    equations = data.draw(st.lists(row, max_size=size - 2))
    ends = data.draw(st.tuples(st.booleans(), st.booleans()))
    parts = found(size, equations, inequalities, ends)
    for k in range(33):
        t = Fraction(k, 32)
        expected = there(t, size, equations, inequalities) and (0 < k < 32 or ends[k == 32])
        assert sum(part.contains(float(t)) for part in parts) == expected
    for part_ in parts:
        t, weights = part_.middle
        assert (
            there(Fraction(t), size, equations, inequalities)
            or part_.dimension == 0
            or part_.low == part_.high
        )
        assert min(weights[0]) > 0
        assert sum(weights[0]) == pytest.approx(1.0)
        assert part_.contains(t)
        for t, weights in part_.points:
            x = np.array(weights[0])
            assert x.min() >= 0
            assert x.sum() == pytest.approx(1.0)
            for rows, equal in ((equations, True), (inequalities, False)):
                for own in rows:
                    value = sum((a + t * (b - a)) * w for (a, b), w in zip(own, x))
                    assert abs(value) < 1e-9 if equal else value < 1e-9


def test_two_halves_that_meet_at_a_saddle_are_one():
    """(1 - 2 t)(1 - 2 x) <= 0: two opposite quarters of the square and the cross between them."""
    (whole,) = found(2, [], [[(1, -1), (-1, 1)]])
    assert (whole.low, whole.high, whole.dimension) == (0.0, 1.0, 2)
    places = {(t, round(weights[0][1], 9)) for t, weights in whole.points}
    # The corners, and where the sides of the cross reach the edge of the square.
    assert places == {(0.0, 1.0), (0.0, 0.5), (0.5, 0.0), (0.5, 1.0), (1.0, 0.5), (1.0, 0.0)}


def test_two_quarters_that_the_saddle_keeps_apart():
    """2 (1 - 2 t)(1 - 2 x) <= -1."""
    parts = found(2, [], [[(3, -1), (-1, 3)]])
    assert [(p.dimension, p.low, p.high) for p in parts] == [(2, 0.0, 0.25), (2, 0.75, 1.0)]
    assert [p.contains(0.5) for p in parts] == [False, False]
    assert [p.contains(0.25) for p in parts] == [False, False]
    places = [{(t, weights[0][1]) for t, weights in p.points} for p in parts]
    assert places == [{(0.0, 0.75), (0.0, 1.0), (0.25, 1.0)}, {(0.75, 0.0), (1.0, 0.0), (1.0, 0.25)}]


def test_one_point_at_an_irrational_t():
    """x = t and 2 t x = 1: t = sqrt 1/2."""
    # t x = 1/2 with x0 = 1 - x, x1 = x: 2 t x1 - (x0 + x1) = 0.
    product = [(-1, -1), (-1, 1)]
    opposite = [(1, 1), (1, -1)]
    diagonal = [(0, 1), (-1, 0)]
    (point,) = found(2, [diagonal], [product, opposite])
    assert point.dimension == 0
    assert point.low == point.high == pytest.approx(0.5**0.5, abs=1e-15)
    assert point.middle[1][0] == pytest.approx([1 - 0.5**0.5, 0.5**0.5], abs=1e-15)


def test_a_curve_has_its_ends_and_nothing_between():
    """x = t along the diagonal, cut by 4 t >= 1; a bend in no condition is no corner."""
    (curve,) = found(2, [[(0, 1), (-1, 0)]], [[(1, -3), (1, -3)], [(-5, -6), (-5, -7)]])
    assert (curve.dimension, curve.with_low, curve.with_high) == (1, True, False)
    assert [(t, w[0]) for t, w in curve.points] == [(0.25, [0.75, 0.25]), (1.0, [0.0, 1.0])]


def test_ends_count_where_they_belong():
    assert [p.contains(0.0) for p in found(2, [], [], (True, False))] == [True]
    assert [p.contains(0.0) for p in found(2, [], [], (False, True))] == [False]
    # Solutions at one end only.
    (end,) = found(2, [], [[(0, 1), (0, 1)]], (True, True))
    assert (end.low, end.high, end.dimension) == (0.0, 0.0, 1)
    assert found(2, [], [[(0, 1), (0, 1)]], (False, True)) == []


def test_too_many_cuts_are_given_up():
    many = fmpz_poly([1])
    for k in range(2, 40):
        many *= fmpz_poly([-1, k])
    others = [fmpz_poly([-1, 0, k]) for k in range(101, 141)]

    def fibre(cell):
        for p in [many, *others]:
            cell.sign(p)

    with pytest.raises(Undecided):
        stretches(fibre, (False, False))


@pytest.mark.parametrize("scale", [10**200, 10**400])
def test_numbers_that_no_float_holds_leave_the_weights_as_they_are(scale):
    (curve,) = found(2, [[(0, scale), (-scale, 0)]], [[(scale, -3 * scale)] * 2])
    assert [(t, w[0]) for t, w in curve.points] == [(0.25, [0.75, 0.25]), (1.0, [0.0, 1.0])]


def test_where_two_conditions_cross_is_a_corner():
    """x <= t and x <= 1 - t: a triangle over the line, whose top is no face of the simplex."""
    (roof,) = found(2, [], [[(0, -1), (1, 0)], [(-1, 0), (0, 1)]])
    assert {(t, weights[0][1]) for t, weights in roof.points} == {
        (0.0, 0.0),
        (0.5, 0.0),
        (0.5, 0.5),
        (1.0, 0.0),
    } - {(0.5, 0.0)}


def test_a_piece_names_each_end_once():
    """x <= 1 - t: at t = 1 both ends of the segment tend to one profile."""

    def fibre(cell):
        own = part(cell, 2, [], linear([[(-1, 0), (0, 1)]]))
        return None if own is None else {0: own}

    def at(t):
        return [1 - t, t]

    def t_of(point):
        return float(point[1][1])

    (piece,) = swept(fibre, (False, False), (2, 2), ((0, 1), (0, 1)), 1, at, t_of)
    assert piece.dimension == 2
    ends = sorted((float(point[1][1]), float(point[0][1])) for point in piece.points)
    assert ends == [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0)]
    assert piece.contains(piece.middle)
    assert not piece.contains(piece.points[0])
    assert piece.supports == ((0, 1), (0, 1))


def test_numbers_of_a_cell():
    """Ranks, and rays in short: for all t of a cell, and at a cut."""
    cells = []

    def fibre(cell):
        cell.sign(fmpz_poly([-1, 2]))
        cells.append(cell)

    stretches(fibre, (False, False))
    t, one = fmpz_poly([0, 1]), fmpz_poly([1])
    between, cut, _ = cells
    assert (between.inside is None, cut.inside is None) == (False, True)
    for cell in (between, cut):
        assert cell.rank([[one, t], [2 * one, 2 * t]]) == 1
        assert cell.rank([[one, t], [2 * one, t]]) == 2
        assert cell.rank([[0 * t, t], [0 * t, one]]) == 1
    # The second row is twice the first at t = 1/2 only.
    assert [cell.rank([[one, one], [4 * t, 2 * one]]) for cell in (between, cut)] == [2, 1]
    assert between.shorter([4 * t, -6 * t * t]) == [2 * one, -3 * t]
    assert between.shorter([4 * (2 * t - 1), 2 - 4 * t]) == [-2 * one, one]
    assert cut.shorter([4 * t, -8 * t * t, 0 * t]) == [one, -one, 0 * t]
    assert [cell.is_zero(2 * t - 1) for cell in (between, cut)] == [False, True]
