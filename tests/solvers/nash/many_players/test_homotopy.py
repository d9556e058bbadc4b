from __future__ import annotations

import numpy as np
import pytest

from solvers.base.deadline import Deadline
from solvers.nash.many_players import _homotopy
from solvers.nash.many_players._homotopy import _all_apart, solve
from solvers.nash.many_players._product_subdivision import subdivide_product
from solvers.nash.many_players._subdivision import subdivide
from solvers.nash.many_players._systems import gains


def random_rows(degrees, count, seed, outside=0):
    rng = np.random.default_rng([seed, *degrees])
    return [
        rng.uniform(-1, 1, (count, d + outside, *(e + 1 for j, e in enumerate(degrees) if j != i)))
        for i, d in enumerate(degrees)
    ]


def inside(found):
    """The roots with positive probabilities: owner and flat vector of each."""
    good = np.all([v.min(axis=1) > 0 for v in found.x], axis=0)
    flat = np.concatenate(found.x, axis=1)[good]
    return [(int(o), v) for o, v in zip(found.owner[good], flat)]


@pytest.mark.parametrize("degrees", [(1, 1, 1), (1, 1, 2), (1, 2, 3), (2, 2, 2), (1, 1, 1, 1)])
def test_all_roots_are_accounted_for_and_solve_the_equations(degrees):
    rows = random_rows(degrees, 6, 0)
    found = solve(rows, 0, Deadline(None))
    assert not found.open.any()
    assert len(found.owner)
    for values in gains([tensor[found.owner] for tensor in rows], found.x):
        # Far roots have large entries, and errors to match.
        size = np.prod([1 + np.abs(v).max(axis=1) for v in found.x], axis=0)
        assert (np.abs(values).max(axis=1) < 1e-7 * size).all()


def test_three_players_with_two_actions_against_the_quadratic_formula():
    rows = random_rows((1, 1, 1), 30, 1)
    found = solve(rows, 0, Deadline(None))
    for k in range(30):
        # Each equation is a + b v + c w + d v w in two first probabilities; eliminate all but one.
        forms = []
        for tensor in (rows[0][k, 0], rows[1][k, 0], rows[2][k, 0]):
            (p, q), (r, s) = tensor
            forms.append((s, q - s, r - s, p - q - r + s))
        (a0, b0, c0, d0), (a1, b1, c1, d1), (a2, b2, c2, d2) = forms
        # The earlier of the other two players comes first: y, z for player 1, x, z for player 2, x, y for player 3.
        # With z = t, y = -(a0 + c0 t) / (b0 + d0 t) and x = -(a1 + c1 t) / (b1 + d1 t), put into player 3's.
        y_top, y_bottom = np.poly1d([-c0, -a0]), np.poly1d([d0, b0])
        x_top, x_bottom = np.poly1d([-c1, -a1]), np.poly1d([d1, b1])
        final = x_bottom * y_bottom * a2 + x_top * y_bottom * b2 + x_bottom * y_top * c2 + x_top * y_top * d2
        real = sorted(t.real for t in final.roots if abs(t.imag) < 1e-9)
        ours = sorted(found.x[2][found.owner == k][:, 0])
        np.testing.assert_allclose(ours, real, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    "degrees", [(1, 1, 1), (1, 1, 2), (1, 2, 2), (1, 2, 3), (2, 2, 2), (2, 2, 3), (2, 3, 3)]
)
def test_subdivision_and_homotopy_find_the_same(degrees):
    rows = random_rows(degrees, 40 if degrees[0] == 1 else 12, 2)
    one, two = inside(solve(rows, 0, Deadline(None))), inside(subdivide(rows, Deadline(None)))
    for owner, point in one:
        assert any(owner == o and np.abs(point - p).max() < 1e-7 for o, p in two)
    for owner, point in two:
        assert any(owner == o and np.abs(point - p).max() < 1e-7 for o, p in one)


@pytest.mark.parametrize("degrees", [(1, 1, 1, 1), (1, 1, 1, 2), (1, 1, 1, 1, 1)])
def test_subdivision_of_products_and_homotopy_find_the_same(degrees):
    rows = random_rows(degrees, 6, 3)
    one, two = inside(solve(rows, 0, Deadline(None))), inside(subdivide_product(rows, Deadline(None)))
    for owner, point in one:
        assert any(owner == o and np.abs(point - p).max() < 1e-7 for o, p in two)
    for owner, point in two:
        assert any(owner == o and np.abs(point - p).max() < 1e-7 for o, p in one)


def test_the_seed_does_not_matter():
    rows = random_rows((1, 2, 2), 5, 4)
    one, two = (solve(rows, seed, Deadline(None)) for seed in (0, 1))
    first, second = (np.array(sorted(np.column_stack([r.owner, *r.x]).tolist())) for r in (one, two))
    np.testing.assert_allclose(first, second, rtol=1e-6)


def test_an_equation_that_is_always_true_leaves_its_system_open():
    rows = random_rows((1, 1, 1), 3, 5)
    rows[0][1] = 0.0
    found = solve(rows, 0, Deadline(None))
    assert found.open.tolist() == [False, True, False]


def test_fewer_roots_than_paths_are_not_called_complete():
    # Additive equations: the roots of the products are at infinity, where paths meet.
    rows = random_rows((1, 1, 1, 1), 1, 6)
    for i in range(4):
        rows[i] = np.zeros((1, 1, 2, 2, 2))
        rows[i][0, 0] = np.add.outer(np.add.outer([1.0, -1.2], [0.5, -0.1 * i]), [0.3, -0.7])
    assert solve(rows, 0, Deadline(None)).open.all()


def test_how_many_paths_are_followed_at_once_does_not_matter(monkeypatch):
    rows = random_rows((1, 1, 1), 5, 3)
    whole = solve(rows, 0, Deadline(None))
    monkeypatch.setattr(_homotopy, "_PATHS_AT_ONCE", 1)
    parts = solve(rows, 0, Deadline(None))
    assert parts.owner.tolist() == whole.owner.tolist()
    for one, other in zip(parts.x, whole.x):
        np.testing.assert_allclose(one, other, atol=1e-9)


def test_a_system_two_of_whose_paths_end_alike_is_not_whole():
    ends = [np.array([[1, k], [2, 2 * k]], dtype=complex)[[0, 1]] for k in (2, 3)]
    apart = [np.array([[1, 2], [1, 3], [1, 4]], dtype=complex)] * 2
    twice = [np.array([[1, 2], [1, 3], [2, 4]], dtype=complex)] * 2
    both = [np.concatenate([a, b]) for a, b in zip(apart, twice)]
    assert _all_apart(both, np.ones(6, dtype=bool), 2, 3).tolist() == [True, False]
    lost = np.array([True, True, False, True, True, True])
    assert _all_apart(both, lost, 2, 3).tolist() == [False, False]
    # A point is the same whatever its scale.
    assert _all_apart(ends, np.ones(2, dtype=bool), 1, 2).tolist() == [False]
