"""Matrix games: against known values, against scipy's linear programs, and at awkward scales."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games.errors import GameError
from solvers.base.matrix_game import solve_matrix_games


def by_linprog(matrix):
    """The value by the textbook program in free variables, a different one from ours."""
    m, n = matrix.shape
    answer = linprog(
        np.r_[np.zeros(m), -1.0],
        A_ub=np.c_[-matrix.T, np.ones(n)],
        b_ub=np.zeros(n),
        A_eq=[np.r_[np.ones(m), 0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
    )
    return -answer.fun


@pytest.mark.parametrize(
    ("matrix", "value"),
    [
        ([[1, -1], [-1, 1]], 0),
        ([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], 0),
        ([[3, 1], [0, 2]], 1.5),
        ([[7]], 7),
        ([[4, 4], [4, 4]], 4),
        ([[1], [2], [3]], 3),
        ([[1, 2, 3]], 1),
        ([[1e12, 0], [0, 3e12]], 0.75e12),
        ([[1e-12, 0], [0, 3e-12]], 0.75e-12),
        ([[1e308, -1e308], [-1e308, 1e308]], 0),
    ],
)
def test_known_values(matrix, value):
    solved = solve_matrix_games(matrix)
    scale = max(np.abs(matrix).max(), 1e-300)
    assert solved.lower[0] / scale == pytest.approx(value / scale, abs=1e-14)
    assert solved.upper[0] / scale == pytest.approx(value / scale, abs=1e-14)


@pytest.mark.parametrize("shape", [(1, 3), (4, 4), (3, 9), (9, 3), (12, 12)])
@pytest.mark.parametrize("kind", ["uniform", "tied"])
def test_a_game_alone_has_the_answer_that_it_has_among_many(shape, kind):
    rng = np.random.default_rng(31)
    games = rng.random((40, *shape)) if kind == "uniform" else rng.integers(-1, 2, (40, *shape)).astype(float)
    together = solve_matrix_games(games)
    for b, matrix in enumerate(games):
        alone = solve_matrix_games(matrix)
        assert alone.lower[0] == pytest.approx(together.lower[b], abs=1e-12)
        assert alone.upper[0] == pytest.approx(together.upper[b], abs=1e-12)
        assert alone.rows[0] == pytest.approx(together.rows[b], abs=1e-9)


@given(
    st.integers(0, 10**9),
    st.integers(1, 9),
    st.integers(1, 12),
    st.sampled_from(["uniform", "tied", "shifted"]),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_strategies_prove_the_value(seed, m, n, kind):
    rng = np.random.default_rng(seed)
    matrix = rng.random((m, n)) if kind != "tied" else rng.integers(-1, 2, (m, n)).astype(float)
    if kind == "shifted":
        matrix += 1e6
    solved = solve_matrix_games(matrix)
    row, column = solved.rows[0], solved.columns[0]
    assert row.min() >= 0
    assert column.min() >= 0
    assert row.sum() == pytest.approx(1, abs=1e-14)
    assert column.sum() == pytest.approx(1, abs=1e-14)
    low = matrix.min()
    assert (row @ (matrix - low)).min() == pytest.approx(((matrix - low) @ column).max(), abs=1e-12)
    assert solved.lower[0] == pytest.approx(by_linprog(matrix), abs=1e-8)


def test_many_at_once_equal_one_by_one():
    matrices = np.random.default_rng(3).random((40, 4, 9))
    together = solve_matrix_games(matrices)
    alone = [solve_matrix_games(matrix).upper[0] for matrix in matrices]
    np.testing.assert_allclose(together.upper, alone, atol=1e-13)
    assert (together.upper - together.lower).max() < 1e-13


def test_fallback_reaches_the_same_value(monkeypatch):
    """Should the simplex method fail, HiGHS answers, and the certificate decides."""
    import solvers.base.matrix_game as module

    matrix = np.random.default_rng(4).random((5, 7))
    expected = solve_matrix_games(matrix).upper[0]
    monkeypatch.setattr(
        module, "_simplex", lambda unit: (np.full(unit.shape[:2], 0.2), np.full((len(unit), 7), 1 / 7))
    )
    solved = solve_matrix_games(matrix)
    assert solved.lower[0] == pytest.approx(expected, abs=1e-9)
    assert solved.upper[0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("bad", [[[np.nan]], [[np.inf, 1.0]], np.zeros((2, 0)), np.zeros(3)])
def test_bad_input_is_named(bad):
    with pytest.raises(GameError, match="matrix game"):
        solve_matrix_games(bad)


@pytest.mark.parametrize("shape", [(0, 2, 2), (1, 0, 2), (1, 2, 0), (0, 0)])
def test_no_game_at_all_is_refused(shape):
    with pytest.raises(GameError, match="at least one game, row and column"):
        solve_matrix_games(np.zeros(shape))
