"""Relative gains, friction, tenure and office: closed forms on the prisoner's dilemma, and what must not change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, RepeatedGame
from games.errors import DiscountError, GameError, ProfileError
from games.transform import friction, office, relative_gains, tenure

DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"]] * 2)
BOTH = {"Player 1": ["C"], "Player 2": ["C"]}


def grim(game: NormalFormGame) -> float:
    """The discount factor that the grim trigger needs: (T - R) / (T - P) of player 1."""
    t, r, p = (game.payoff(a)[0] for a in (("D", "C"), ("C", "C"), ("D", "D")))
    return float((t - r) / (t - p))


def random_game(seed: int, shape: tuple[int, ...] = (2, 3, 2)) -> NormalFormGame:
    return NormalFormGame(np.random.default_rng(seed).normal(size=(*shape, len(shape))))


@pytest.mark.parametrize(("r", "expected"), [(0, 0.5), (0.25, 0.647), (0.5, 0.778), (1, 1.0)])
def test_relative_gains_raise_the_grim_threshold(r: float, expected: float) -> None:
    # Snidal (1991): each payoff less r times the rival's.
    assert grim(relative_gains(DILEMMA, r)) == pytest.approx(expected, abs=5e-4)


def test_relative_gains_among_several() -> None:
    game = random_game(1)
    for profile in np.ndindex(*game.shape):
        u = game.payoff(profile)
        new = relative_gains(game, [0.0, 0.5, 1.0]).payoff(profile)
        assert new == pytest.approx([u[0], u[1] - 0.25 * (u[0] + u[2]), u[2] - 0.5 * (u[0] + u[1])])
    matrix = np.array([[0, 1, 0], [0, 0, 0.5], [0, 0, 0]])
    new = relative_gains(game, matrix).payoff((1, 2, 1))
    u = game.payoff((1, 2, 1))
    assert new == pytest.approx([u[0] - u[1], u[1] - 0.5 * u[2], u[2]])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 1000), r=st.floats(0, 3))
def test_full_relative_gains_of_two_are_zero_sum_and_none_change_nothing(seed: int, r: float) -> None:
    game = random_game(seed, (3, 2))
    assert relative_gains(game, 1.0).payoffs.sum(axis=-1) == pytest.approx(np.zeros((3, 2)), abs=1e-12)
    assert relative_gains(game, 0.0) == game
    swapped = relative_gains(game.permute([1, 0]), r)
    assert swapped.payoffs == pytest.approx(relative_gains(game, r).permute([1, 0]).payoffs)


@pytest.mark.parametrize(("weight", "distance"), [(0.0, 3.0), (0.5, 1.0), (0.25, 4.0)])
def test_friction_on_the_reward_alone(weight: float, distance: float) -> None:
    assert grim(friction(DILEMMA, distance, weight, BOTH)) == pytest.approx((2 + weight * distance) / 4)


def test_friction_falls_on_the_pairs_that_cooperate() -> None:
    names = ["A", "B", "C"]
    actions = [["with B", "with C"], ["with A", "with C"], ["with A", "with B"]]
    game = NormalFormGame(np.zeros((2, 2, 2, 3)), names, actions)
    apart = np.array([[0, 1, 2], [1, 0, 4], [2, 4, 0]])
    new = friction(game, apart, 0.5, lambda player, action, rival: action == f"with {rival}")
    assert new.payoff(("with B", "with A", "with A")).tolist() == [-0.5, -0.5, 0]
    assert new.payoff(("with C", "with A", "with A")).tolist() == [-1, 0, -1]
    assert new.payoff(("with C", "with C", "with B")).tolist() == [0, -2, -2]
    assert new.payoff(("with B", "with C", "with A")).tolist() == [0, 0, 0]
    assert new.actions == game.actions


def test_friction_of_a_model_is_the_friction_of_its_stage_game() -> None:
    from games import load

    model = load("us-china-russia-2025")
    n = len(model.players)
    apart = np.zeros((n, n))
    for pair, distance in model.ideology.items():
        i, j = (model.players.index(p) for p in pair)
        apart[i, j] = apart[j, i] = distance

    def accommodates(player: str, action: str, rival: str) -> bool:
        return rival in action.rpartition("accommodate")[2] and "accommodate" in action

    plain = model.vary({"friction": 0.0}).stage()
    # Larger ones would take more than the smallest gain of a pair, and the model lets that tie lie idle.
    for phi in (0.02, 0.06):
        built_in = model.vary({"friction": phi}).stage()
        assert friction(plain, apart, phi, accommodates).payoffs == pytest.approx(built_in.payoffs)


def test_tenure_lowers_the_discount_factor() -> None:
    play = RepeatedGame(DILEMMA, [0.9, 0.8], period=0.5)
    new = tenure(play, [1.0, 0.81])
    assert new.discount == pytest.approx([0.9, 0.8 * 0.9])
    assert new.yearly_discount == pytest.approx([0.81, 0.64 * 0.81])
    assert new.stage is play.stage
    assert new.period == 0.5
    assert tenure(play, 1.0).discount == pytest.approx(play.discount)


def test_office_can_turn_a_dilemma_around() -> None:
    # If voters turn out whoever cheats, cooperation is an equilibrium for leaders who value office enough.
    stays = np.ones((2, 2, 2))
    stays[1, :, 0] = 0
    stays[:, 1, 1] = 0
    assert office(DILEMMA, stays, 3.0).regret(("C", "C")).tolist() == [0, 0]
    assert office(DILEMMA, stays, 1.0).regret(("C", "C")).tolist() == [1, 1]
    assert office(DILEMMA, stays, 0.0) == DILEMMA


def test_bad_input_is_named() -> None:
    with pytest.raises(GameError, match="not negative"):
        relative_gains(DILEMMA, -0.1)
    with pytest.raises(GameError, match="shape"):
        relative_gains(DILEMMA, [1, 2, 3])
    with pytest.raises(GameError, match="diagonal"):
        relative_gains(DILEMMA, np.eye(2))
    with pytest.raises(GameError, match="symmetric"):
        friction(DILEMMA, [[0, 1], [2, 0]], 1.0, BOTH)
    with pytest.raises(GameError, match="shape"):
        friction(DILEMMA, [1, 2, 3], 1.0, BOTH)
    with pytest.raises(GameError, match="weight of friction"):
        friction(DILEMMA, 1.0, -1.0, BOTH)
    with pytest.raises(ProfileError, match="no action"):
        friction(DILEMMA, 1.0, 1.0, {"Player 1": ["X"]})
    with pytest.raises(DiscountError, match="survival of Player 2's"):
        tenure(RepeatedGame(DILEMMA, 0.9), [1, 1.2])
    with pytest.raises(DiscountError, match="one number"):
        tenure(RepeatedGame(DILEMMA, 0.9), [1, 1, 1])
    with pytest.raises(GameError, match="shape of the payoffs"):
        office(DILEMMA, np.ones(2), 1)
    with pytest.raises(GameError, match=r"outside \[0, 1\]"):
        office(DILEMMA, np.full((2, 2, 2), 2.0), 1)
    with pytest.raises(GameError, match="value of office"):
        office(DILEMMA, np.ones((2, 2, 2)), -1)
