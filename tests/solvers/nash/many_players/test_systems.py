from __future__ import annotations

import numpy as np
import pytest

from solvers.nash.many_players._systems import degrees_of, gains, indifference, invert, isolation, newton


def random_rows(degrees, count, seed):
    rng = np.random.default_rng(seed)
    return [
        rng.uniform(-1, 1, (count, d + 1, *(e + 1 for j, e in enumerate(degrees) if j != i)))
        for i, d in enumerate(degrees)
    ], [rng.dirichlet(np.ones(d + 1), count) for d in degrees]


@pytest.mark.parametrize("degrees", [(1, 2), (1, 2, 2), (2, 1, 1, 1)])
def test_gains_are_the_sums_they_stand_for(degrees):
    rows, x = random_rows(degrees, 3, 0)
    assert degrees_of(rows) == degrees
    for i, value in enumerate(gains(rows, x)):
        for z in range(3):
            expected = np.zeros(degrees[i] + 1)
            others = [j for j in range(len(degrees)) if j != i]
            for profile in np.ndindex(*(degrees[j] + 1 for j in others)):
                weight = np.prod([x[j][z, a] for j, a in zip(others, profile)])
                expected += weight * rows[i][(z, slice(None), *profile)]
            np.testing.assert_allclose(value[z], expected, atol=1e-13)


@pytest.mark.parametrize("degrees", [(1, 1), (1, 2, 2), (1, 1, 1, 2)])
def test_the_jacobian_is_the_difference_quotient(degrees):
    rows, x = random_rows(degrees, 2, 1)
    values, jacobian = indifference(rows, x)
    column = 0
    for j, d in enumerate(degrees):
        for a in range(1, d + 1):
            moved = [v.copy() for v in x]
            moved[j][:, a] += 1e-6
            moved[j][:, 0] -= 1e-6
            np.testing.assert_allclose(
                (indifference(rows, moved)[0] - values) / 1e-6, jacobian[:, :, column], atol=1e-8
            )
            column += 1


def test_within_the_isolation_radius_there_is_no_second_root():
    rows, x = random_rows((1, 1, 1), 200, 2)
    roots, step, inverse = newton(rows, x, steps=30)
    radius = isolation(rows, inverse)
    again, other_step, _ = newton(rows, random_rows((1, 1, 1), 200, 3)[1], steps=30)
    both = (step < 1e-12) & (other_step < 1e-12)
    gap = np.max([np.abs(v - w).max(axis=1) for v, w in zip(roots, again)], axis=0)
    assert both.sum() > 50
    assert ((gap < 1e-8) | (gap > radius))[both].all()
    assert ((gap > 1e-8) & both).any()


def test_singular_matrices_give_nan_and_leave_the_others_alone():
    out = invert(np.array([[[1.0, 0.0], [0.0, 2.0]], [[1.0, 1.0], [1.0, 1.0]]]))
    np.testing.assert_allclose(out[0], [[1, 0], [0, 0.5]])
    assert np.isnan(out[1]).all()


def test_large_matrices_are_inverted_without_a_word(recwarn) -> None:
    large, singular = np.eye(3) * 1e200, np.ones((3, 3))
    found = invert(np.array([large, singular]))
    assert np.allclose(found[0], np.eye(3) * 1e-200, rtol=1e-12, atol=0.0)
    assert np.isnan(found[1]).all()
    assert not recwarn.list


def test_a_step_has_the_size_of_its_largest_change():
    rows, x = random_rows((2, 2, 1), 20, 4)
    moved, size, _ = newton(rows, x, steps=1)
    for z in np.flatnonzero(np.isfinite(size)):
        change = np.concatenate([(v - w)[z, 1:] for v, w in zip(moved, x)])
        assert size[z] == pytest.approx(np.abs(change).max())
    assert all(np.allclose(v.sum(axis=1), 1.0) for v in moved)


def test_a_singular_system_stays_where_it_is():
    rows, x = random_rows((1, 1, 1), 2, 5)
    for tensor in rows:
        tensor[0] = 0.0
    moved, size, _ = newton(rows, x)
    assert np.isinf(size[0])
    assert size[1] < 1e-12
    for v, w in zip(moved, x):
        np.testing.assert_allclose(v[0], w[0], atol=1e-15)


@pytest.mark.parametrize("degrees", [(1, 1, 1), (2, 1, 2), (2, 2, 2)])
def test_the_isolation_radius_entry_by_entry(degrees):
    rows, x = random_rows(degrees, 4, 6)
    inverse = invert(indifference(rows, x)[1])
    radius = isolation(rows, inverse)
    for z in range(4):
        change = []
        for i, d in enumerate(degrees):
            p, q = (degrees[j] for j in range(3) if j != i)
            for a in range(d):
                t = rows[i][z, a]
                second = [
                    abs(t[k, m] - t[0, m] - t[k, 0] + t[0, 0])
                    for k in range(1, p + 1)
                    for m in range(1, q + 1)
                ]
                change.append(2 * sum(second))
        assert radius[z] == pytest.approx(0.99 / (np.abs(inverse[z]) @ change).max())
    # Nothing changes over the box, or the Jacobian has no inverse: a radius of 0 promises nothing.
    assert isolation([tensor * 0 for tensor in rows], inverse).tolist() == [0.0] * 4
    assert isolation(rows, np.full_like(inverse, np.nan)).tolist() == [0.0] * 4


def test_where_a_stack_is_not_inverted_together_each_matrix_is_on_its_own(monkeypatch):
    """As if an inverse failed for one of three although its determinant is not exactly zero."""
    original = np.linalg.inv

    def failing(matrices):
        if matrices.ndim == 3 or matrices[0, 0] == 7:
            raise np.linalg.LinAlgError
        return original(matrices)

    monkeypatch.setattr(np.linalg, "inv", failing)
    out = invert(np.array([np.eye(2) * 2, np.eye(2) * 7, np.ones((2, 2)), np.eye(2) * 4]))
    assert out[[0, 3]].tolist() == [[[0.5, 0], [0, 0.5]], [[0.25, 0], [0, 0.25]]]
    assert np.isnan(out[[1, 2]]).all()
