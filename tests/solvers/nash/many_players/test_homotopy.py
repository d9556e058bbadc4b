from __future__ import annotations

import numpy as np
import pytest

from solvers.base.deadline import Deadline
from solvers.nash.many_players import _homotopy as module
from solvers.nash.many_players._homotopy import (
    _all_apart,
    _assignments,
    _free,
    _homotopy,
    _moved,
    _normalise,
    _real,
    _runge_kutta,
    _start,
    invert,
    solve,
)
from solvers.nash.many_players._product_subdivision import subdivide_product
from solvers.nash.many_players._subdivision import subdivide
from solvers.nash.many_players._supports import root_count
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
    rows = random_rows(degrees, 6 if len(degrees) == 4 else 2, 3)
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
    assert solve(rows, 0, Deadline(None), attempts=1).open.all()


def test_how_many_paths_are_followed_at_once_does_not_matter(monkeypatch):
    rows = random_rows((1, 1, 1), 5, 3)
    whole = solve(rows, 0, Deadline(None))
    monkeypatch.setattr(module, "_PATHS_AT_ONCE", 1)
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


@pytest.mark.parametrize("degrees", [(1, 1, 1), (1, 1, 2), (1, 2, 2), (2, 2, 2), (1, 1, 1, 1), (2, 3, 1)])
def test_every_way_to_give_equations_to_other_players_comes_once(degrees):
    ways = [tuple(map(tuple, way)) for way in _assignments(degrees)]
    assert len(ways) == len(set(ways)) == root_count(degrees)
    for way in ways:
        assert [len(row) for row in way] == list(degrees)
        assert all(i not in row for i, row in enumerate(way))
        assert [sum(row.count(j) for row in way) for j in range(len(degrees))] == list(degrees)


@pytest.mark.parametrize("degrees", [(1, 1, 1), (1, 2, 2), (1, 1, 1, 1)])
def test_the_start_system_comes_with_all_its_roots(degrees):
    system, x = _start(degrees, 3)
    assert all(len(v) == root_count(degrees) for v in x)
    for tensor, d in zip(system, degrees):
        assert tensor.shape[:2] == (1, d)
    whole = [np.repeat(tensor, len(x[0]), axis=0) for tensor in system]
    for value in gains(whole, x):
        assert np.abs(value).max() < 1e-7
    # Other seeds make other systems, of entries of one size.
    assert np.abs(system[0] - _start(degrees, 4)[0][0]).min() > 0
    for tensor in system:
        assert 0.1 < np.sqrt((np.abs(tensor) ** 2).sum() / tensor.shape[1]) < 10


def test_equations_get_one_size_and_those_without_coefficients_are_named():
    rows = random_rows((1, 2, 2), 3, 8, outside=1)
    rows[1][2, 1] = 0.0
    scaled = [tensor * size for tensor, size in zip(rows, (1e-6, 1.0, 1e6))]
    for given_ in (rows, scaled):
        equations, flat = _normalise(given_, (1, 2, 2))
        assert flat.tolist() == [False, False, True]
        for tensor, d in zip(equations, (1, 2, 2)):
            assert tensor.shape[1] == d
            size = np.sqrt((tensor**2).sum(axis=(2, 3)))
            assert np.abs(size[:2] - 1.0).max() < 1e-12
        assert not equations[1][2, 1].any()


def test_only_finite_real_points_that_are_reached_are_probabilities():
    """Up to a complex factor: (1/4, 3/4), the same not reached, a complex point, one at infinity, one far away."""
    first = np.array([[1, 3], [1, 3], [1, 3], [1, -1], [1, -0.999]], dtype=complex) * (2 - 1j)
    second = np.array([[1, 1], [1, 1], [1, 1j], [1, 1], [1, 1]], dtype=complex)
    reached = np.array([True, False, True, True, True])
    places, x = _real([first, second], reached)
    assert places.tolist() == [0, 4]
    np.testing.assert_allclose(x[0], [[0.25, 0.75], [1000, -999]], rtol=1e-9)
    np.testing.assert_allclose(x[1], [[0.5, 0.5], [0.5, 0.5]])
    # A part of a millionth that is not real is no rounding; one of 1e-9 is, and the more so far away.
    for part, count in ((1e-6, 0), (1e-9, 1)):
        assert len(_real([np.array([[0.5 + part * 1j, 0.5 - part * 1j]])], np.array([True]))[0]) == count
    assert len(_real([np.array([[1000 + 5e-5j, -999 - 5e-5j]])], np.array([True]))[0]) == 1


def test_what_is_free_in_a_chart_moves_and_the_rest_does_not():
    charts = np.array([0, 1, 2])
    assert _free(charts, 2).tolist() == [[1, 2], [0, 2], [0, 1]]
    x = [np.ones((3, 3), dtype=complex), np.full((3, 2), 2, dtype=complex)]
    step = np.array([[1, 2, 3]] * 3, dtype=complex)
    moved = _moved(x, step, [charts, np.array([1, 0, 1])])
    assert moved[0].real.tolist() == [[1, 2, 3], [2, 1, 3], [2, 3, 1]]
    assert moved[1].real.tolist() == [[5, 2], [2, 5], [5, 2]]
    assert x[0].real.tolist() == [[1, 1, 1]] * 3


def test_a_limit_of_time_leaves_systems_open(clock):
    rows = random_rows((1, 1, 1), 3, 9)
    clock.step = 1.0
    assert solve(rows, 0, Deadline(0.5)).open.all()
    partly = solve(rows, 0, Deadline(2.5))
    assert partly.open.any()


def test_another_start_system_is_tried_where_one_fails(monkeypatch):
    rows = random_rows((1, 1, 1), 3, 10)
    whole = solve(rows, 0, Deadline(None))
    calls = []

    def failing(ends, ok, systems, paths):
        calls.append(systems)
        good = _all_apart(ends, ok, systems, paths)
        return good & (np.arange(systems) != 1) if len(calls) == 1 else good

    for degrees_seed in (0, 7919):
        _start((1, 1, 1), degrees_seed)
    monkeypatch.setattr(module, "_all_apart", failing)
    again = solve(rows, 0, Deadline(None))
    assert calls == [3, 1]
    assert not again.open.any()
    for k in range(3):
        ours, theirs = (
            sorted(np.concatenate([v[r.owner == k] for v in r.x], axis=1).tolist()) for r in (whole, again)
        )
        np.testing.assert_allclose(ours, theirs, atol=1e-7)
    calls.clear()
    once = solve(rows, 0, Deadline(None), attempts=1)
    assert once.open.tolist() == [False, True, False]
    assert 1 not in once.owner


def test_paths_that_end_on_a_curve_of_roots_leave_a_system_open():
    """Both equations of the player with three actions vanish where the first plays (2/3, 1/3); paths end there, two apart."""
    rows = [
        np.array([[[[1.0, 0.0, -0.5], [-0.5, -0.5, 0.5]]]]),
        np.array([[[[-1.0, 1.0, -1.0], [0.0, 1.0, 0.0]]]]),
        np.array([[[[-0.5, 0.0], [1.0, 0.0]], [[0.0, 0.5], [0.0, -1.0]]]]),
    ]
    assert solve(rows, 0, Deadline(None), 1).open.all()
    moved = [rows[0], rows[1], rows[2] + np.array([[[[0.0, 0.01], [0.0, 0.0]], [[0.0, 0.0], [0.02, 0.0]]]])]
    assert not solve(moved, 0, Deadline(None), 1).open.any()


def on_the_way(degrees):
    """A homotopy between two dense complex systems, and the first one's roots in charts of their own."""
    base, x = _start(degrees, 5)
    paths = len(x[0])
    charts = [np.abs(v).argmax(axis=1) for v in x]
    x = [v / np.take_along_axis(v, c[:, None], 1) for v, c in zip(x, charts)]
    base = [np.repeat(g, paths, axis=0) for g in base]
    change = [np.repeat(f, paths, axis=0) - g for f, g in zip(_start(degrees, 6)[0], base)]
    return base, change, x, charts


def test_values_and_slopes_of_a_homotopy():
    """The values are those of the mixture of both systems; the slopes their central differences."""
    degrees = (1, 1, 2)
    base, change, x, charts = on_the_way(degrees)
    count, t = len(x[0]), np.linspace(0.1, 0.9, len(x[0]))
    values, jacobian = _homotopy(base, change, x, charts, t)
    mixed = [g + t.reshape(-1, *[1] * (g.ndim - 1)) * f for g, f in zip(base, change)]
    np.testing.assert_allclose(values, np.concatenate(gains(mixed, x), axis=1), atol=1e-12)
    for k in range(sum(degrees)):
        step = np.zeros((count, sum(degrees)), dtype=complex)
        step[:, k] = 1e-4
        up, down = (_homotopy(base, change, _moved(x, s, charts), charts, t)[0] for s in (step, -step))
        np.testing.assert_allclose((up - down) / 2e-4, jacobian[:, :, k], atol=1e-9)


def test_the_error_of_a_prediction_is_of_fifth_order():
    """Half the step leaves a thirty-second of the error."""
    base, change, x, charts = on_the_way((1, 1, 2))
    start = np.zeros(len(x[0]))
    errors = []
    for h in (0.04, 0.02):
        step = np.full(len(start), h)
        predicted = exact = _runge_kutta(base, change, x, charts, start, step)
        for _ in range(4):
            values, jacobian = _homotopy(base, change, exact, charts, step)
            exact = _moved(exact, -np.einsum("zab,zb->za", invert(jacobian), values), charts)
        errors.append(np.max([np.abs(v - w).max(axis=1) for v, w in zip(predicted, exact)], axis=0))
    ratio = np.median(errors[0] / errors[1])
    assert 20 < ratio < 50
