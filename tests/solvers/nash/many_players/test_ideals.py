"""Roots of indifference equations in exact arithmetic, beside the other exact way and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from flint import fmpq

from games import NormalFormGame
from solvers.base.rounding import same_profile
from solvers.nash.many_players import _ideals
from solvers.nash.many_players._decide import Undecided, decide, integers
from solvers.nash.many_players._ideals import _Quotient, roots

FULL = ((0, 1),) * 3


def test_pennies():
    game = integers(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]))
    (piece,) = roots(game, ((0, 1), (0, 1)))
    assert all(v == pytest.approx([0.5, 0.5], abs=1e-15) for v in piece.middle)
    assert piece.contains(piece.middle)


def test_a_better_action_outside_the_supports_leaves_none():
    """Pennies, and a third column that pays its player 1 or 3 where the others pay 0 on average."""
    row, column = np.array([[1, -1, 0], [-1, 1, 0]]), np.array([[-1, 1, 0], [1, -1, 0]])
    for third, count in (([-1, -1], 1), ([-1, 1], 1), ([-1, 3], 0)):
        column[:, 2] = third
        assert len(roots(integers(NormalFormGame.from_bimatrix(row, column)), ((0, 1), (0, 1)))) == count


def test_one_better_action_outside_the_supports_is_enough_and_equally_good_ones_do_no_harm():
    """Two further columns and a player without a choice in between."""
    for third, fourth, count in (([-1, 3], [-2, -2], 0), ([-2, -2], [-1, 3], 0), ([0, 0], [1, -1], 1)):
        payoffs = np.zeros((2, 1, 4, 3), dtype=int)
        payoffs[:, 0, :, 0] = [[1, -1, 0, 0], [-1, 1, 0, 0]]
        payoffs[:, 0, :, 2] = np.transpose([[-1, 1], [1, -1], third, fourth])
        assert len(roots(integers(NormalFormGame(payoffs)), ((0, 1), (0,), (0, 1)))) == count


def test_supports_of_three_actions_in_any_order_of_players():
    """Rock, paper, scissors with stakes 1, 2 and 3 between the first and the last player: (1/2, 1/3, 1/6), by cofactors."""
    table = np.array([[0, -1, 2], [1, 0, -3], [-2, 3, 0]])
    payoffs = np.zeros((3, 1, 3, 3), dtype=int)
    payoffs[:, 0, :, 0], payoffs[:, 0, :, 2] = table, -table
    (piece,) = roots(integers(NormalFormGame(payoffs)), ((0, 1, 2), (0,), (0, 1, 2)))
    for v in (piece.middle[0], piece.middle[2]):
        assert v == pytest.approx([1 / 2, 1 / 3, 1 / 6], abs=1e-15)
    assert piece.middle[1].tolist() == [1]


def ring(*polynomials, unknowns):
    """The quotient by polynomials that are a Groebner basis, given as functions of the unknowns."""
    from flint import fmpz_mpoly_ctx

    context = fmpz_mpoly_ctx.get([f"x{k}" for k in range(unknowns)], "degrevlex")
    return _Quotient([p(*context.gens()) for p in polynomials], unknowns)


def test_a_form_that_does_not_separate_is_followed_by_one_that_does():
    """(x, z) is (0, 1) or (7, 0): x + 7 z is 7 at both."""
    quotient = ring(
        lambda y, x, z: y - 1, lambda y, x, z: x + 7 * z - 7, lambda y, x, z: z * z - z, unknowns=3
    )
    assert quotient.separate()
    t, x, z = quotient.polynomial, quotient.in_t(1), quotient.in_t(2)
    places = {root for root, _ in t.roots()}
    assert len(places) == t.degree() == 2
    assert {(x(p), z(p)) for p in places} == {(0, 1), (7, 0)}
    # The first unknown is no probability; one probability is enough.
    assert ring(lambda y, x: y - 1, lambda y, x: x * x - 2 * x, unknowns=2).separate()
    assert not ring(lambda y, x: y * y - y, lambda y, x: x - 2, unknowns=2).separate()


def test_several_roots_in_several_unknowns():
    """x is 0 or 2, z is 1, 3 or 5 times 1 / 2, and y is x z."""
    quotient = ring(
        lambda y, x, z: x * z - y,
        lambda y, x, z: x * x - 2 * x,
        lambda y, x, z: x * y - 2 * y,
        lambda y, x, z: y * y - 2 * y * z,
        lambda y, x, z: 8 * z**3 - 36 * z * z + 46 * z - 15,
        lambda y, x, z: 8 * y * z * z - 36 * y * z + 46 * y - 15 * x,
        unknowns=3,
    )
    assert quotient.separate()
    t = quotient.polynomial
    values = [quotient.in_t(k) for k in range(3)]
    found = {tuple(v(root) for v in values) for root, _ in t.roots()}
    halves = [fmpq(k, 2) for k in (1, 3, 5)]
    assert found == {(x * z, fmpq(x), z) for x in (0, 2) for z in halves}


def test_equations_that_take_too_long_are_left_undecided(monkeypatch):
    rng = np.random.default_rng(3)
    game = integers(NormalFormGame(rng.integers(-9, 10, (2, 2, 2, 3))))
    roots(game, FULL)
    monkeypatch.setattr(_ideals, "_LIMITS", (4, 4, 4))
    with pytest.raises(Undecided):
        roots(game, FULL)


def test_thirty_roots_are_counted_and_no_more():
    assert len(ring(lambda x: x**30 - 2, unknowns=1).place) == 30
    with pytest.raises(Undecided):
        ring(lambda x: x**31 - 2, unknowns=1)
    with pytest.raises(Undecided):
        ring(lambda y, x: x * y - 1, unknowns=2)


def test_no_root_with_all_probabilities_positive():
    dilemma = integers(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    assert roots(dilemma, ((0, 1), (0, 1))) == []


def test_infinitely_many_roots_are_left_undecided():
    with pytest.raises(Undecided):
        roots(integers(NormalFormGame(np.zeros((2, 2, 2)))), ((0, 1), (0, 1)))


def test_a_double_root_is_one_equilibrium():
    """x = y = z and (2 x - 1)(2 z - 1) = 0, that is, (2 x - 1)^2 = 0."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    for x, y, z in np.ndindex(2, 2, 2):
        # The third's indifference ties x to y, the first's y to z, the second's is the product.
        payoffs[x, y, z] = [x * (y - z), y * (2 * x - 1) * (2 * z - 1), z * (x - y)]
    (piece,) = roots(integers(NormalFormGame(payoffs)), FULL)
    assert all(v == pytest.approx([0.5, 0.5], abs=1e-12) for v in piece.middle)


def test_both_exact_ways_find_the_same_in_games_of_three_with_two_actions():
    rng = np.random.default_rng(8)
    found = 0
    for _ in range(40):
        game = integers(NormalFormGame(rng.integers(-4, 5, (2, 2, 2, 3))))
        one = decide(game, FULL)
        if any(piece.dimension for piece in one):
            continue
        try:
            two = roots(game, FULL)
        except Undecided:
            continue
        assert len(one) == len(two)
        for piece in one:
            assert any(same_profile(piece.middle, other.middle) for other in two)
        found += len(one)
    assert found > 8


def test_an_equilibrium_in_which_four_mix():
    """A ring in which each wants to differ from the next, and the last to be like the first: only the middle is left."""
    payoffs = np.zeros((2, 2, 2, 2, 4), dtype=int)
    for a in np.ndindex(2, 2, 2, 2):
        payoffs[a] = [a[0] != a[1], a[1] != a[2], a[2] != a[3], a[3] == a[0]]
    (piece,) = roots(integers(NormalFormGame(payoffs)), ((0, 1),) * 4)
    assert all(v == pytest.approx([0.5, 0.5], abs=1e-15) for v in piece.middle)


@pytest.mark.parametrize(("third", "count"), [(3, 1), (4, 1), (5, 0)])
def test_what_an_action_outside_gains_is_weighted_by_the_other_s_strategy(third, count):
    """The first plays (2/3, 1/3), which makes both columns worth 4/3 and the third one `third` / 3."""
    game = NormalFormGame.from_bimatrix([[1, -1, 0], [-1, 1, 0]], [[2, 0, 0], [0, 4, third]])
    assert len(roots(integers(game), ((0, 1), (0, 1)))) == count


def test_curves_of_roots_with_a_probability_of_zero_are_not_in_the_way():
    """y z = 0, x = z and x = y hold together at zero only, where what stands for the product of all has no value."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    for x, y, z in np.ndindex(2, 2, 2):
        payoffs[x, y, z] = [x * y * z, y * (x - z), z * (x - y)]
    assert roots(integers(NormalFormGame(payoffs)), FULL) == []
