"""The game object: what it keeps, what it computes, what it refuses."""

from __future__ import annotations

import copy
import itertools
import pickle
import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, catalog
from games.errors import ConcertError, GameError, ProfileError

SHAPES = [(1,), (3,), (2, 2), (2, 3), (1, 4), (2, 2, 2), (3, 1, 2), (2, 2, 2, 2)]
quick = settings(max_examples=40, deadline=None, derandomize=True)


@st.composite
def games(draw: st.DrawFn) -> NormalFormGame:
    shape = draw(st.sampled_from(SHAPES))
    size = int(np.prod(shape)) * len(shape)
    numbers = draw(st.lists(st.integers(-9, 9), min_size=size, max_size=size))
    unit = draw(st.sampled_from([1, Fraction(1, 3), 0.5]))
    flat = np.empty(size, dtype=object)
    flat[:] = [x * unit for x in numbers]
    return NormalFormGame(flat.reshape(*shape, len(shape)))


@st.composite
def games_with_mixed(draw: st.DrawFn) -> tuple[NormalFormGame, tuple[np.ndarray, ...]]:
    game = draw(games())
    profile = []
    for k in game.shape:
        weights = np.array(draw(st.lists(st.integers(0, 5), min_size=k, max_size=k)), dtype=float)
        weights[draw(st.integers(0, k - 1))] += 1
        profile.append(weights / weights.sum())
    return game, tuple(profile)


def expected_by_sum(game: NormalFormGame, profile: tuple[np.ndarray, ...]) -> np.ndarray:
    """The definition: a sum over all pure profiles."""
    total = np.zeros(game.n_players)
    for a in itertools.product(*(range(k) for k in game.shape)):
        total += game.payoffs[a] * np.prod([profile[i][a[i]] for i in range(game.n_players)])
    return total


def with_deviation(profile: tuple[np.ndarray, ...], i: int, a: int) -> tuple[np.ndarray, ...]:
    return (*profile[:i], np.eye(len(profile[i]))[a], *profile[i + 1 :])


# ------------------------------------------------------------------ what it computes


@quick
@given(games_with_mixed())
def test_expected_payoffs_are_the_sum_over_profiles(case: Any) -> None:
    game, profile = case
    np.testing.assert_allclose(game.expected(profile), expected_by_sum(game, profile), atol=1e-12)


@quick
@given(games_with_mixed(), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.floats(0, 1))
def test_expected_payoffs_are_linear_in_each_players_strategy(
    case: Any, player: int, a: int, b: int, weight: float
) -> None:
    game, profile = case
    i = player % game.n_players
    one, other = a % game.shape[i], b % game.shape[i]
    x, y = with_deviation(profile, i, one), with_deviation(profile, i, other)
    blend = tuple(weight * p + (1 - weight) * q for p, q in zip(x, y))
    mixture = weight * game.expected(x) + (1 - weight) * game.expected(y)
    np.testing.assert_allclose(game.expected(blend), mixture, atol=1e-11)


@quick
@given(games_with_mixed())
def test_regret_is_the_best_of_all_deviations(case: Any) -> None:
    game, profile = case
    here = game.expected(profile)
    for i, k in enumerate(game.shape):
        there = [expected_by_sum(game, with_deviation(profile, i, a))[i] for a in range(k)]
        assert game.regret(profile)[i] == pytest.approx(max(0.0, max(there) - here[i]), abs=1e-11)
        np.testing.assert_allclose(game.action_values(profile)[i], there, atol=1e-11)


@quick
@given(games())
def test_best_response_mask_agrees_with_best_responses_at_every_pure_profile(game: NormalFormGame) -> None:
    for a in itertools.product(*(range(k) for k in game.shape)):
        best = game.best_responses(a)
        for i in range(game.n_players):
            assert game.best_response_mask[(*a, i)] == (a[i] in best[i])


@quick
@given(
    games_with_mixed(),
    st.lists(st.sampled_from([1, 3, Fraction(1, 7), 2.5, 1e12, 1e-12]), min_size=4, max_size=4),
    st.lists(st.sampled_from([0, -5, Fraction(2, 3), 1e6]), min_size=4, max_size=4),
)
def test_rescaling_changes_units_and_nothing_else(case: Any, scale: list[Any], shift: list[Any]) -> None:
    game, profile = case
    n = game.n_players
    # A shift that drowns the payoffs loses digits of a float; that is the float's doing, not the game's.
    if any(float(a) < 1e-9 and b for a, b in zip(scale, shift)):
        shift = [0] * 4
    other = game.rescale(scale[:n], shift[:n])
    pure = tuple(int(np.argmax(p)) for p in profile)
    if all(isinstance(x, (int, Fraction)) for x in (*scale[:n], *shift[:n])):
        np.testing.assert_array_equal(other.best_response_mask, game.best_response_mask)
        assert (
            other.exact == game.exact * np.array(scale[:n], dtype=object) + np.array(shift[:n], dtype=object)
        ).all()
    assert other.best_responses(pure, tolerance=1e-9) == game.best_responses(pure, tolerance=1e-9)
    np.testing.assert_allclose(
        other.regret(profile) / np.array(scale[:n], dtype=float), game.regret(profile), atol=1e-8
    )


@quick
@given(games_with_mixed(), st.randoms(use_true_random=False))
def test_permuting_players_permutes_everything(case: Any, random: Any) -> None:
    game, profile = case
    order = list(range(game.n_players))
    random.shuffle(order)
    other = game.permute(order)
    mixed = tuple(profile[i] for i in order)
    assert other.players == tuple(game.players[i] for i in order)
    assert other.actions == tuple(game.actions[i] for i in order)
    np.testing.assert_allclose(other.expected(mixed), game.expected(profile)[order], atol=1e-12)
    np.testing.assert_allclose(other.regret(mixed), game.regret(profile)[order], atol=1e-12)
    back = [order.index(i) for i in range(game.n_players)]
    assert other.permute(back) == game


@quick
@given(games_with_mixed(), st.randoms(use_true_random=False))
def test_reordering_actions_reorders_best_responses(case: Any, random: Any) -> None:
    game, profile = case
    orders = [list(range(k)) for k in game.shape]
    for order in orders:
        random.shuffle(order)
    other = game.restrict(orders)
    moved = tuple(p[order] for p, order in zip(profile, orders))
    np.testing.assert_allclose(other.regret(moved), game.regret(profile), atol=1e-12)
    for i, order in enumerate(orders):
        assert other.actions[i] == tuple(game.actions[i][a] for a in order)
        assert {order[a] for a in other.best_responses(moved)[i]} == set(game.best_responses(profile)[i])


@quick
@given(games(), st.randoms(use_true_random=False))
def test_restricting_keeps_payoffs_exactly(game: NormalFormGame, random: Any) -> None:
    kept = [random.sample(labels, random.randint(1, len(labels))) for labels in game.actions]
    small = game.restrict(kept)
    assert small.actions == tuple(tuple(labels) for labels in kept)
    for labels in itertools.product(*kept):
        assert (small.exact[small.profile(labels)] == game.exact[game.profile(labels)]).all()


def test_restrict_by_name_leaves_the_others_alone() -> None:
    game = catalog.chicken()
    small = game.restrict({"Player 2": ["Straight"]})
    assert small.shape == (2, 1)
    assert small.actions == (("Swerve", "Straight"), ("Straight",))
    np.testing.assert_array_equal(small.payoffs[:, 0], game.payoffs[:, 1])


def test_known_values_of_the_prisoners_dilemma() -> None:
    game = catalog.prisoners_dilemma()
    np.testing.assert_array_equal(game.payoff(("Defect", "Cooperate")), [5, 0])
    np.testing.assert_array_equal(game.expected(([0.5, 0.5], "Cooperate")), [4, 1.5])
    np.testing.assert_array_equal(game.regret(("Cooperate", "Cooperate")), [2, 2])
    np.testing.assert_array_equal(game.regret(("Defect", "Defect")), [0, 0])
    assert game.best_responses(("Cooperate", "Cooperate")) == ((1,), (1,))
    np.testing.assert_array_equal(game.ranges, [5, 5])


def test_ties_are_all_best_responses() -> None:
    game = NormalFormGame(np.zeros((3, 2, 2)))
    assert game.best_responses((0, 0)) == ((0, 1, 2), (0, 1))
    assert game.best_response_mask.all()
    assert game.regret(([0.2, 0.3, 0.5], [0.5, 0.5])).max() == 0


@pytest.mark.parametrize("scale", [1e12, 1e-12, 1.0])
def test_best_responses_tolerate_rounding_relative_to_the_range(scale: float) -> None:
    payoffs = np.zeros((3, 1, 2))
    payoffs[:, 0, 0] = [1.0, 1.0 + 1e-14, 0.0]
    assert NormalFormGame(payoffs * scale).best_responses((0, 0))[0] == (0, 1)


# ------------------------------------------------------------------ exactness and immutability


def test_fractions_and_large_integers_stay_exact() -> None:
    third, big = Fraction(1, 3), 2**60 + 1
    game = NormalFormGame([[[third, big]], [[Fraction(-2, 7), 0]]])
    assert game.rational
    assert game.exact[0, 0].tolist() == [third, big]
    assert game.permute([1, 0]).exact[0, 0].tolist() == [big, third]
    assert game.restrict([[1], [0]]).exact[0, 0, 0] == Fraction(-2, 7)
    moved = game.rescale([3, 1], [Fraction(1, 2), -1])
    assert moved.rational
    assert moved.exact[0, 0].tolist() == [Fraction(3, 2), big - 1]
    assert NormalFormGame(np.array([[[2**60 + 1, 0]]])).exact[0, 0, 0] == 2**60 + 1


def test_floats_mean_what_they_say() -> None:
    game = NormalFormGame([[[0.1, 2.0]]])
    assert not game.rational
    assert game.exact[0, 0, 0] == Fraction(0.1) != Fraction(1, 10)


@pytest.mark.parametrize("dtype", [np.uint8, np.bool_, np.int8])
def test_zero_sum_of_unsigned_numbers(dtype: Any) -> None:
    game = NormalFormGame.from_bimatrix(np.array([[1, 0], [0, 1]], dtype=dtype))
    np.testing.assert_array_equal(game.payoffs.sum(axis=-1), 0)
    assert game.payoff((0, 0)).tolist() == [1, -1]


def test_nothing_in_a_game_can_be_changed() -> None:
    source = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    game = NormalFormGame(source)
    source[0, 0, 0] = 99
    assert game.payoff((0, 0))[0] == 3
    assert game.exact[0, 0, 0] == 3
    for array in (game.payoffs, game.exact, game.best_response_mask):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0, 0] = 1
    for name in ("payoffs", "players", "actions", "title"):
        with pytest.raises(AttributeError):
            setattr(game, name, None)


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))])
def test_copies_are_equal_exact_and_still_immutable(copier: Any) -> None:
    game = NormalFormGame([[[Fraction(1, 3), 2]]], ["A", "B"], title="thirds")
    other = copier(game)
    assert other == game
    assert other.title == "thirds"
    assert other.exact[0, 0, 0] == Fraction(1, 3)
    assert not other.payoffs.flags.writeable


def test_equality_and_hash() -> None:
    game = catalog.chicken()
    assert game == catalog.chicken()
    assert hash(game) == hash(catalog.chicken())
    assert game != catalog.stag_hunt()
    assert game != "chicken"
    zero, minus_zero = NormalFormGame([[[0.0, 0.0]]]), NormalFormGame([[[-0.0, 0.0]]])
    assert zero == minus_zero
    assert hash(zero) == hash(minus_zero)


# ------------------------------------------------------------------ what it refuses

BAD_PAYOFFS = {
    "one axis too few": ([[1, 2], [3, 4]], r"shape \(2, 2\)"),
    "wrong last axis": (np.zeros((2, 2, 3)), r"shape \(2, 2, 3\)"),
    "a number": (3, r"shape \(\)"),
    "no action": (np.zeros((2, 0, 2)), "at least one action"),
    "nan": ([[[1.0, float("nan")]]], r"payoffs\[0, 0, 1\] is nan"),
    "infinity": ([[[1.0, 2.0]], [[-float("inf"), 0]]], r"payoffs\[1, 0, 0\] is -inf"),
    "none": ([[[None, 1]]], "None is not a number"),
    "text": ([[["a", "b"]]], "array of numbers"),
    "texts of numbers": ([[["1", "2"]]], "array of numbers"),
    "complex": ([[[1j, 2]]], "array of numbers"),
    "ragged": ([[[1, 2]], [[1, 2], [3, 4]]], "array of numbers"),
    "too large": ([[[10**400, 1]]], "array of numbers"),
    "too far apart": ([[[1e308, 1]], [[-1e308, 1]]], "further apart"),
}


@pytest.mark.parametrize(("payoffs", "message"), BAD_PAYOFFS.values(), ids=BAD_PAYOFFS)
def test_bad_payoffs_are_refused(payoffs: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        NormalFormGame(payoffs)


BAD_LABELS = {
    "too few players": (["A"], None, "2 labels are needed"),
    "players as a text": ("AB", None, "2 labels are needed"),
    "players as a number": (2, None, "2 labels are needed"),
    "two players of one name": (["A", "A"], None, "'A' stands more than once"),
    "a player without a name": (["A", " "], None, "a label is empty"),
    "one list of actions": (None, [["C", "D"]], "2 lists of labels"),
    "actions as a number": (None, 4, "2 lists of labels"),
    "too many actions": (None, [["C", "D", "E"], ["C", "D"]], "actions of Player 1: 2 labels"),
    "two actions of one name": (None, [["C", "C"], ["C", "D"]], "actions of Player 1: the label 'C'"),
}


@pytest.mark.parametrize(("players", "actions", "message"), BAD_LABELS.values(), ids=BAD_LABELS)
def test_bad_labels_are_refused(players: Any, actions: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        NormalFormGame(np.zeros((2, 2, 2)), players, actions)


BAD_CALLS = {
    "unknown player": (lambda g: g.player_index("Rusia"), "did you mean"),
    "player out of range": (lambda g: g.player_index(2), "players 0 to 1"),
    "player as a fraction": (lambda g: g.player_index(0.5), "label or index"),
    "negative player": (lambda g: g.player_index(-1), "players 0 to 1"),
    "unknown action": (lambda g: g.payoff(("Coperate", "Defect")), "did you mean 'Cooperate'"),
    "action out of range": (lambda g: g.payoff((0, 2)), "indices run from 0 to 1"),
    "action as a fraction": (lambda g: g.payoff((0, 1.5)), "label or index"),
    "profile too short": (lambda g: g.payoff((0,)), "one action for each of"),
    "profile as a text": (lambda g: g.payoff("CD"), "one action for each of"),
    "profile as a number": (lambda g: g.payoff(1), "one action for each of"),
    "vector too long": (lambda g: g.expected(([1, 0, 0], [1, 0])), r"shape \(3,\)"),
    "vector of texts": (lambda g: g.expected((["Defect"], [1, 0])), "not an action or a vector"),
    "negative probability": (lambda g: g.expected(([1.5, -0.5], [1, 0])), "negative"),
    "undefined probability": (lambda g: g.expected(([float("nan"), 1], [1, 0])), "undefined"),
    "sum above one": (lambda g: g.expected(([0.5, 0.6], [1, 0])), "sum to 1.1"),
    "no action left": (lambda g: g.restrict([[], [0]]), "without an action"),
    "restrict one player too few": (lambda g: g.restrict([[0]]), "one list of actions for each"),
    "not an order": (lambda g: g.permute([0, 0]), "not an order of the players"),
}


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_calls_are_refused(call: Any, message: str) -> None:
    game = NormalFormGame(
        catalog.prisoners_dilemma().payoffs, ["Russia", "China"], [("Cooperate", "Defect")] * 2
    )
    with pytest.raises(ProfileError, match=message):
        call(game)


@pytest.mark.parametrize("scale", [0, -1, [1, 0], float("nan"), [1, 2, 3], "two"])
def test_bad_scales_are_refused(scale: Any) -> None:
    with pytest.raises(GameError, match="scale"):
        catalog.chicken().rescale(scale)


def test_matrices_that_do_not_fit_are_refused() -> None:
    with pytest.raises(GameError, match="matrices of one shape"):
        NormalFormGame.from_bimatrix([[1, 2]], [[1], [2]])
    with pytest.raises(GameError, match="matrices of numbers"):
        NormalFormGame.from_bimatrix([["a"]])


def test_every_refusal_is_an_error_of_the_project_and_a_value_error() -> None:
    with pytest.raises(ConcertError):
        NormalFormGame(3)
    with pytest.raises(ValueError, match="shape"):
        NormalFormGame(3)


# ------------------------------------------------------------------ how it looks, and what it costs


def test_frame_has_a_row_for_each_profile_and_a_column_for_each_player() -> None:
    game = catalog.cuban_missile_crisis()
    frame = game.to_frame()
    assert list(frame.columns) == ["United States", "Soviet Union"]
    assert frame.index.names == list(game.players)
    assert frame.loc[("Blockade", "Maintain")].tolist() == [1, 4]
    assert len(frame) == 4


def test_repr_names_size_players_and_title() -> None:
    assert repr(catalog.chicken()) == "<NormalFormGame 'Chicken': 2x2, players Player 1, Player 2>"
    assert repr(NormalFormGame(np.zeros((2, 3, 2)), ["A", "B"])) == "<NormalFormGame: 2x3, players A, B>"


def test_importing_the_packages_imports_nothing_heavy() -> None:
    heavy = ("scipy", "pandas", "matplotlib", "pydantic", "nashpy", "flint", "joblib", "openpyxl", "jinja2")
    code = (
        "import sys, games, solvers\n"
        "from games import NormalFormGame, catalog\n"
        "catalog.prisoners_dilemma().regret((0, 0))\n"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_shift_alone_keeps_integers_exact():
    assert NormalFormGame([[1], [2]]).rescale(shift=10**18).exact.reshape(-1).tolist() == [
        10**18 + 1,
        10**18 + 2,
    ]
