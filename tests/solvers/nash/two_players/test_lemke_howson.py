from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import ConvergenceError, MethodError
from solvers.base.deadline import Deadline
from solvers.equilibrium.rational import positive_integers
from solvers.nash.two_players import _lemke_howson as module
from solvers.nash.two_players._lemke_howson import _Astray, _at_basis, _follow, _Tableau, lemke_howson
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


def test_floats_pivot_as_integers_do() -> None:
    """The same variables leave, and every entry is the integer over the denominator; also where rows tie."""
    rng = np.random.default_rng(10)
    for _ in range(20):
        matrix = rng.integers(1, 4, (4, 3))
        exact = _Tableau(matrix.astype(object), range(3, 7), range(3))
        floats = _Tableau(matrix.astype(float), range(3, 7), range(3))
        for entering in (0, 1, 2):
            assert floats.enter(entering, 0) == exact.enter(entering, 0)
            assert floats.basis == exact.basis
            np.testing.assert_allclose(
                floats.table, (exact.table / exact.denominator).astype(float), rtol=0, atol=1e-12
            )
        assert floats.sides(range(3), range(3, 7)) == exact.sides(range(3), range(3, 7))


@pytest.mark.parametrize("top", [2, 4, 10**6])
def test_a_path_in_floats_ends_where_the_path_in_integers_does(top: int) -> None:
    rng = np.random.default_rng(11)
    for shape in ((2, 2), (3, 5), (5, 3), (6, 6)):
        game = NormalFormGame(rng.integers(0, top, (*shape, 2)))
        A, B = (np.array(M, dtype=object) for M in positive_integers(game))
        unit = game.normalised + 1.0
        for label in range(sum(shape)):
            floats = _follow(unit[..., 0], unit[..., 1], label, 1000, Deadline(None))
            assert floats == _follow(A, B, label, 1000, Deadline(None))


def test_a_float_within_rounding_of_zero_is_no_pivot() -> None:
    table = _Tableau(np.array([[1e-13], [0.5], [-1.0]]), range(3), range(3, 4))
    assert table.enter(3, 0) == 1
    with pytest.raises(_Astray):
        _Tableau(np.array([[1e-13], [-1.0]]), range(2), range(2, 3)).enter(2, 0)


def test_ratios_within_rounding_of_the_smallest_tie() -> None:
    """The second row's ratio is smaller by 1e-13 only: the slacks decide, as if the two were equal."""
    near = np.array([[2.0], [2.0 + 4e-13], [1.0]])
    assert _Tableau(near, range(3), range(3, 4)).enter(3, 0) == 1
    assert _Tableau(near[[1, 0, 2]], range(3), range(3, 4)).enter(3, 0) == 1
    far = np.array([[2.0 + 4e-9], [2.0], [1.0]])
    assert _Tableau(far, range(3), range(3, 4)).enter(3, 0) == 0


class Recorder:
    """In place of `_follow`: notes label, pivots and arithmetic of each call, and answers by a rule."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer=None) -> None:
        self.calls: list[tuple[int, int, bool]] = []
        self.answer, self.original = answer, module._follow
        monkeypatch.setattr(module, "_follow", self)

    def __call__(self, A, B, label, max_pivots, deadline):
        exact = A.dtype == object
        self.calls.append((label, max_pivots, exact))
        if self.answer is not None:
            found = self.answer(label, exact)
            if found is not None:
                return found
        elif not exact:
            raise _Astray(max_pivots)
        return self.original(A, B, label, 1000, deadline)


PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])


def test_every_label_gets_few_pivots_and_then_twice_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = Recorder(monkeypatch)
    lemke_howson(PENNIES, max_pivots=11)
    assert paths.calls == [(label, cap, False) for cap in (4, 8, 11) for label in range(4)] + [(0, 11, True)]
    paths.calls.clear()
    lemke_howson(PENNIES, max_pivots=3)
    assert paths.calls == [(label, 3, False) for label in range(4)] + [(0, 3, True)]
    # A label that is asked for is the only one, and gets all pivots at once.
    paths.calls.clear()
    lemke_howson(PENNIES, 2, max_pivots=11)
    assert paths.calls == [(2, 11, False), (2, 11, True)]


@pytest.mark.parametrize("label", [None, 0, 5, 11])
def test_a_path_in_floats_is_enough_where_nothing_ties(label, monkeypatch: pytest.MonkeyPatch) -> None:
    original, arithmetic = module._follow, []

    def spy(A, *others):
        arithmetic.append(A.dtype == object)
        return original(A, *others)

    monkeypatch.setattr(module, "_follow", spy)
    found = lemke_howson(NormalFormGame(np.random.default_rng(12).random((6, 6, 2))), label)
    assert found.index == 1
    assert not any(arithmetic)
    assert label is None or len(arithmetic) == 1


def wrong(label: int, exact: bool):
    """Bases that belong to no equilibrium of matching pennies, for the floats; label 0 does not end at all."""
    if exact:
        return None
    if label == 0:
        raise _Astray(4)
    return ([0], [0]), ([0], [0])


def test_a_small_game_s_path_that_rationals_do_not_confirm_is_followed_in_integers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths = Recorder(monkeypatch, wrong)
    assert lemke_howson(PENNIES).index == 1
    assert paths.calls == [(0, 4, False), (1, 4, False), (1, 10_000, True)]


def test_a_large_game_s_other_labels_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if matching pennies were large: integers are slow, and another path may be confirmed."""
    monkeypatch.setattr(module, "_SMALL", 3)
    paths = Recorder(monkeypatch, wrong)
    assert lemke_howson(PENNIES, max_pivots=6).index == 1
    assert paths.calls == [(label, cap, False) for cap in (4, 6) for label in range(4)] + [(1, 6, True)]


def test_a_limit_of_time_ends_the_search_and_is_named(clock) -> None:
    game = NormalFormGame(np.random.default_rng(1).random((6, 6, 2)))
    clock.step = 1.0
    with pytest.raises(ConvergenceError, match=r"time_limit = 0\.5 s"):
        lemke_howson(game, time_limit=0.5)
    with pytest.raises(ConvergenceError, match="max_pivots = 1 "):
        lemke_howson(game, 3, max_pivots=1, time_limit=1e6)


@pytest.mark.parametrize(("label", "known"), [(-1, False), (0, True), (4, True), (5, False)])
def test_labels_are_those_of_both_players_actions(label: int, known: bool) -> None:
    game = NormalFormGame(np.random.default_rng(2).random((2, 3, 2)))
    if known:
        assert lemke_howson(game, label).index == 1
    else:
        with pytest.raises(MethodError):
            lemke_howson(game, label)


def test_one_pivot_is_the_least_that_may_be_asked_for() -> None:
    with pytest.raises(MethodError):
        lemke_howson(PENNIES, max_pivots=0)
    # A game of one action each takes two.
    alone = NormalFormGame.from_bimatrix([[1]], [[1]])
    assert lemke_howson(alone, max_pivots=2).profile[0].tolist() == [1]
    with pytest.raises(ConvergenceError):
        lemke_howson(alone, max_pivots=1)


@pytest.mark.parametrize(
    ("third", "first", "second", "found"),
    [
        # The actions in the basis of player 1 and the columns that are best against them, and the same of player 2.
        (2, ([0], [0]), ([0], [0]), True),
        (2, ([0], [1]), ([0], [0]), True),
        (2, ([0], [1]), ([1], [0]), True),
        # Nobody, the first or the second plays a best response.
        (2, ([1], [1]), ([0], [0]), False),
        (2, ([1], [1]), ([1], [0]), False),
        (1, ([0], [0]), ([1], [0]), False),
        # The first player's column, or the second one's row, is not the best.
        (2, ([1], [0]), ([0], [0]), False),
        (2, ([0], [0]), ([0], [1]), False),
    ],
)
def test_bases_at_the_end_of_a_path_belong_to_an_equilibrium_or_to_none(third, first, second, found) -> None:
    """The first row is better than the second, and its second column as good as the first, or worse."""
    game = NormalFormGame.from_bimatrix([[3, 3], [1, 1]], [[2, third], [0, 1]])
    answer = _at_basis(game, *positive_integers(game), first, second)
    assert (answer is not None) == found
    if answer is not None:
        assert (answer.regret == 0).all()
        assert answer.support == ((0,), tuple(second[0]))
        # The other column is as good.
        assert answer.index is None
