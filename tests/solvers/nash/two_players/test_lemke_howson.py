from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import ConvergenceError, MethodError
from solvers.nash.two_players._lemke_howson import _Astray, _Tableau, lemke_howson
from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix

CASES = json.loads((Path(__file__).parents[3] / "cases" / "bimatrix.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_label_leads_to_an_extreme_equilibrium(case: dict) -> None:
    game = NormalFormGame.from_bimatrix(case["first"], case["second"])
    known = [[float(Fraction(p)) for s in e for p in s] for e in case["equilibria"]]
    for label in range(sum(game.shape)):
        found = lemke_howson(game, label)
        assert np.concatenate(found.profile).tolist() in known
        assert found.proof == "exact"


def test_random_games_end_at_equilibria_of_index_one() -> None:
    # The path from the artificial equilibrium ends at one of the opposite sign (Shapley 1974).
    rng = np.random.default_rng(7)
    for size in [(8, 8)] * 25 + [(3, 9), (20, 20), (40, 40)]:
        found = lemke_howson(NormalFormGame(rng.random((*size, 2))))
        assert found.index == 1
        assert found.regret.max() < 1e-12


def test_degenerate_games_always_end() -> None:
    rng = np.random.default_rng(8)
    for _ in range(60):
        game = NormalFormGame(rng.integers(0, 3, (*rng.integers(1, 6, 2), 2)))
        known = {tuple(np.concatenate(e.profile)) for e in enumerate_bimatrix(game)}
        for label in range(sum(game.shape)):
            assert tuple(np.concatenate(lemke_howson(game, label).profile)) in known


@pytest.mark.parametrize(("scale", "shift"), [(1e12, 0.0), (1e-12, 0.0), (1.0, 1e6), (1e-300, 0.0)])
def test_badly_scaled_payoffs(scale: float, shift: float) -> None:
    payoffs = np.random.default_rng(9).integers(0, 1000, (6, 6, 2)).astype(float)
    want, found = (lemke_howson(NormalFormGame(p)) for p in (payoffs, payoffs * scale + shift))
    for p, q in zip(want.profile, found.profile):
        np.testing.assert_allclose(p, q, atol=1e-9)


def test_errors() -> None:
    game = NormalFormGame(np.random.default_rng(1).random((6, 6, 2)))
    with pytest.raises(ConvergenceError, match="max_pivots = 1") as caught:
        lemke_howson(game, max_pivots=1)
    assert caught.value.method == "lemke-howson"
    with pytest.raises(MethodError, match="label 12"):
        lemke_howson(game, 12)
    with pytest.raises(MethodError, match="2 players"):
        lemke_howson(NormalFormGame(np.zeros((2, 2, 2, 3))))


def tableau() -> _Tableau:
    """Three rows in integers: slacks 0 to 2, variables 3 and 4."""
    matrix = np.array([[2, 1], [6, 3], [1, 5]], dtype=object)
    return _Tableau(matrix, range(3), range(3, 5))


def test_the_row_with_the_smallest_ratio_leaves() -> None:
    """1/2, 1/6 and 1 for the first variable; 1, 1/3 and 1/5 for the second."""
    assert tableau().enter(3, 0) == 1
    assert tableau().enter(4, 0) == 2


def test_every_entry_stands_over_the_denominator() -> None:
    """After each pivot the columns in the basis are the unit matrix, and the rows the same equations."""
    table = tableau()
    original = table.table.T.copy()
    for label, left in ((3, 1), (4, 2), (1, 3), (2, 4)):
        assert table.enter(label, 0) == left
        equations = table.table.T
        assert (equations[:, table.basis] == table.denominator * np.eye(3, dtype=int)).all()
        # They are combinations of the first ones, those that the slacks' columns say.
        assert (equations[:, :3].dot(original) == equations).all()
        assert all(type(x) is int for x in table.table.ravel().tolist())


def test_ties_are_broken_by_the_first_basis() -> None:
    """All three rows tie; of the slacks' columns over the pivots the first is largest in row 1, the second in row 2."""
    table = _Tableau(np.array([[2], [2], [2]], dtype=object), range(3), range(3, 4))
    assert table.enter(3, 0) == 2
    turned = _Tableau(np.array([[2], [2], [2]], dtype=object), range(3), range(3, 4))
    turned.table[0, 0] = -5
    assert turned.enter(3, 0) == 0
    floats = _Tableau(np.array([[2.0], [2.0], [2.0]]), range(3), range(3, 4))
    assert floats.enter(3, 0) == 2


def test_where_no_row_leaves_the_path_is_lost() -> None:
    table = _Tableau(np.array([[-1], [0]], dtype=object), range(2), range(2, 3))
    with pytest.raises(_Astray) as caught:
        table.enter(2, 7)
    assert caught.value.pivots == 7
