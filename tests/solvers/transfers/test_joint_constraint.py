"""Payments that close a failing deal: against a linear program, the fixed point of the payoff set, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, catalog
from games.errors import DiscountError, MethodError
from solvers import transfers
from tests.solvers.payments_by_hand import best_replies, by_iteration, random_game

quick = settings(max_examples=25, deadline=None, derandomize=True)


@quick
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=5), st.floats(0.05, 0.95))
def test_payments_exist_exactly_if_a_linear_program_finds_some(slack, d):
    from scipy.optimize import linprog

    n = len(slack)
    weights = np.linspace(d, 0.95, n)
    need = -np.array(slack) / weights
    if abs(need.sum()) < 1e-6:
        return
    found = transfers.payments(slack, weights)
    program = linprog(
        np.zeros(n),
        A_ub=-np.diag(weights),
        b_ub=slack,
        A_eq=np.ones((1, n)),
        b_eq=[0],
        bounds=[(None, None)] * n,
    )
    assert np.isfinite(found).all() == (program.status == 0)
    if np.isfinite(found).all():
        assert found.sum() == pytest.approx(0, abs=1e-9)
        assert (np.array(slack) + weights * found >= -1e-9).all()


def test_no_payment_without_need():
    assert transfers.payments([1.0, 0.0, 2.0], 0.7).tolist() == [0, 0, 0]


UNEVEN = NormalFormGame.from_bimatrix([[2, 0], [5, 1]], [[6, 7], [0, 1]])


def test_only_the_sum_need_hold():
    result = transfers.joint_constraint(UNEVEN, (0, 0), 0.5, punishment=[1, 1])
    assert result.slack.tolist() == [-1, 2]
    assert not result.holds
    assert result.holds_with_payments
    assert result.weaker == "Player 1"
    assert result.together == pytest.approx(4 / 10)  # gains 3 + 1, premiums 1 + 5
    assert result.alone == pytest.approx(3 / 4)
    assert result.to_frame()["slack with payments"].tolist() == [0, 1]
    assert "Player 2 pays 2" in result.summary()


def test_at_the_threshold_and_below():
    edge = transfers.joint_constraint(UNEVEN, (0, 0), 0.4, punishment=[1, 1])
    assert edge.holds_with_payments
    below = transfers.joint_constraint(UNEVEN, (0, 0), 0.399, punishment=[1, 1])
    assert not below.holds_with_payments
    assert "does not hold, with payments or without" in below.summary()


@quick
@given(st.integers(0, 10_000), st.floats(0.1, 0.9))
def test_payments_never_raise_the_patience_needed(seed, d):
    game = random_game(seed, (3, 3))
    result = transfers.joint_constraint(game, (0, 0), d, "minmax", kind="pure")
    assert result.together <= result.alone + 1e-9
    if result.holds:
        assert result.holds_with_payments
    if abs(d - result.together) > 1e-6:
        assert result.holds_with_payments == (d > result.together)


@quick
@given(st.integers(0, 10_000), st.floats(0.1, 0.9))
def test_optimal_punishments_agree_with_the_fixed_point(seed, d):
    game = random_game(seed, (2, 3))
    result = transfers.joint_constraint(game, (0, 0), d, "optimal")
    expected = by_iteration(game, d)
    if abs(d - result.together) < 1e-6:
        return
    if expected is None:
        assert not result.holds_with_payments
    else:
        lowest = np.array(expected[1])
        need = sum(best_replies(game)[0, 0]) - game.payoffs[0, 0].sum()
        holds = (1 - d) * need <= d * (game.payoffs[0, 0].sum() - lowest.sum()) + 1e-9
        assert result.holds_with_payments == holds
        assert result.holds_with_payments == (d > result.together)


def test_own_discount_factors():
    """The patient side can carry an impatient one."""
    factors = [0.4, 0.9]
    result = transfers.joint_constraint(UNEVEN, (0, 0), factors, punishment=[1, 1])
    need = [(1 - 0.4) / 0.4 * 3 - 1, (1 - 0.9) / 0.9 * 1 - 5]
    assert sum(need) < 0
    assert result.payments[0] == pytest.approx(need[0])
    assert result.payments.sum() == pytest.approx(0)


def test_bad_input():
    game = catalog.prisoners_dilemma()
    with pytest.raises(DiscountError, match="one discount factor"):
        transfers.joint_constraint(game, (0, 0), [0.5, 0.6], "optimal")
    with pytest.raises(DiscountError, match="strictly between"):
        transfers.joint_constraint(game, (0, 0), -0.5)
    with pytest.raises(MethodError, match="lasts forever"):
        transfers.joint_constraint(game, (0, 0), 0.5, "finite", years=2)


@pytest.mark.parametrize("punishment", ["nash", "minmax", "optimal", [1, 1]])
def test_a_part_that_all_payoffs_share_costs_no_digits(punishment):
    near = NormalFormGame.from_bimatrix([[2, 0], [5, 1]], [[6, 7], [0, 1]])
    offset = 10**18
    far = near.rescale(1, offset)
    given = [x + offset for x in punishment] if isinstance(punishment, list) else punishment
    one = transfers.joint_constraint(near, (0, 0), 0.5, punishment)
    other = transfers.joint_constraint(far, (0, 0), 0.5, given)
    assert other.slack == pytest.approx(one.slack)
    assert other.payments == pytest.approx(one.payments)
    assert (other.alone, other.together) == pytest.approx((one.alone, one.together))
    assert other.game is far
