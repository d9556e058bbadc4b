"""Signs of polynomials at roots that no float is, and between them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from solvers.nash.many_players._line import Line, sign_at_root, sign_of, value_at_root

SQUARE = fmpz_poly([-2, 0, 1])
ROOT = max((r.real for r, _ in SQUARE.complex_roots()), key=lambda r: float(r.mid()))


def test_signs_at_irrational_roots():
    """At the root sqrt 2 of x^2 - 2, which no float is."""
    assert sign_at_root(fmpz_poly([-4, 0, 0, 0, 1]), ROOT, SQUARE) == 0
    assert sign_at_root(fmpz_poly([-141421356, 100000000]), ROOT, SQUARE) == 1
    assert sign_at_root(fmpz_poly([-141421357, 100000000]), ROOT, SQUARE) == -1
    # Closer than a float can tell: 2 (665857 / 470832)^2 = 4 + 2 / 470832^2 and beyond.
    top, bottom = 1572584048032918633353217, 1111984844349868137938112
    assert sign_at_root(fmpz_poly([-top, bottom]), ROOT, SQUARE) == (1 if 2 * bottom**2 > top**2 else -1)


def test_a_value_at_a_root_keeps_its_digits_where_nearly_all_of_it_cancels():
    """p - q sqrt 2 with p^2 - 2 q^2 = 1 is 1 / (p + q sqrt 2)."""
    p, q = 1, 0
    for _ in range(40):
        p, q = 3 * p + 4 * q, 2 * p + 3 * q
    assert p**2 - 2 * q**2 == 1
    exact = 1.0 / (p + q * 2.0**0.5)
    assert float(value_at_root(fmpz_poly([p, -q]), ROOT, SQUARE).mid()) == pytest.approx(exact, rel=1e-15)
    assert value_at_root(fmpz_poly([-2, 0, 1]), ROOT, SQUARE) == 0


def test_at_a_rational_root_a_value_is_a_fraction():
    third = fmpz_poly([-1, 3])
    x = third.complex_roots()[0][0].real
    assert sign_at_root(fmpz_poly([-1, 0, 9]), x, third) == 0
    assert float(value_at_root(fmpz_poly([1, 1]), x, third).mid()) == 4 / 3


def test_only_roots_strictly_inside_cut_the_line():
    line = Line(
        [fmpz_poly([0, 1]) * fmpz_poly([-1, 1]) * fmpz_poly([-1, 2]) * SQUARE * fmpz_poly([-1, 0, 2])]
    )
    assert [float(x.mid()) for x, _ in line.roots] == [0.5, pytest.approx(0.5**0.5)]
    inside = [int(x.p) / int(x.q) for x in (line.inside(k) for k in range(3))]
    assert 0 < inside[0] < 0.5 < inside[1] < 0.5**0.5 < inside[2] < 1


@given(st.lists(st.fractions(0, 1, max_denominator=9), min_size=1, max_size=4), st.fractions(0, 1))
def test_signs_change_where_they_should(roots, probe):
    p = fmpz_poly([1])
    for r in roots:
        p *= fmpz_poly([-r.numerator, r.denominator])
    line = Line([p])
    inner = sorted({r for r in roots if 0 < r < 1})
    assert [float(x.mid()) for x, _ in line.roots] == pytest.approx([float(r) for r in inner])
    for k in range(len(inner) + 1):
        t = Fraction(int(line.inside(k).p), int(line.inside(k).q))
        sign = 1
        for r in roots:
            sign *= sign_of(t - r)
        assert line.between(k) == [sign]
    assert [low for low, *_ in line.where(lambda signs: signs[0] == 0)] == pytest.approx(
        [float(r) for r in inner]
    )
    assert sign_of(probe) == (probe > 0)


def test_runs_of_wanted_signs_and_whether_a_point_is_rational():
    """(3 t - 1)(2 t^2 - 1) is positive, negative and positive on three runs, with a rational root and one that is not."""
    line = Line([fmpz_poly([-1, 3]) * fmpz_poly([-1, 0, 2])])
    third, half = pytest.approx(1 / 3), pytest.approx(0.5**0.5)
    assert line.where(lambda signs: signs[0] == 0) == [(third, third, True), (half, half, False)]
    assert line.where(lambda signs: signs[0] < 0) == [(third, half, False)]
    assert line.where(lambda signs: signs[0] >= 0) == [(0.0, third, False), (half, 1.0, False)]
    assert line.where(lambda signs: True) == [(0.0, 1.0, False)]
    assert line.where(lambda signs: False) == []
