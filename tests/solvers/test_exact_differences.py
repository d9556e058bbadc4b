"""What all payoffs of a player share decides no answer: given exactly it is taken off, in floats that lost it refused."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from games import NormalFormGame, StochasticGame
from games.bayesian import BayesianGame
from games.coalitional import CoalitionalGame
from games.errors import PrecisionError
from games.extensive import Decision, ExtensiveGame, Terminal
from games.typed import TypedGame
from solvers import bargaining, bayesian, coalitions, cooperative, sequential, stochastic

OFFSETS = (10**15, 10**18, -(10**17), 10**30)
HOW = (int, Fraction, Decimal, str)

PAYOFFS = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], dtype=object)
"""The prisoner's dilemma."""


def moved(payoffs, offset, how=int):
    out = np.empty(payoffs.shape, dtype=object)
    out.reshape(-1)[:] = [how(int(x) + offset) for x in payoffs.reshape(-1)]
    return out


def tree(pay, hidden=True):
    """Two that choose at once (or see each other), and then one of them again."""

    def second(name, left, right):
        after = Decision("A", {"on": Terminal(pay(left)), "off": Terminal(pay((0, 2)))}, f"late {name}")
        return Decision("B", {"l": after, "r": Terminal(pay(right))}, "B" if hidden else f"B {name}")

    return ExtensiveGame(
        Decision(
            "A",
            {"u": second("u", (2, 1), (0, 0)), "d": second("d", (0, 0), (1, 2)), "o": Terminal(pay((1, 1)))},
        )
    )


def plays(found):
    return sorted(tuple(tuple(v) for v in e.behaviour) for e in found)


def in_floats(payoffs):
    return [1e18 + x for x in payoffs]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("offset", OFFSETS)
def test_a_tree_keeps_its_equilibria(offset, how):
    given = tree(lambda payoffs: [how(x + offset) for x in payoffs])
    base = tree(list)
    for solve in (sequential.find_all, sequential.subgame_perfect):
        assert plays(solve(given)) == plays(solve(base))
    seen = tree(lambda payoffs: [how(x + offset) for x in payoffs], hidden=False)
    assert plays(sequential.backward_induction(seen)) == plays(
        sequential.backward_induction(tree(list, hidden=False))
    )
    for e in sequential.find_all(base):
        assert sequential.check(given, e.behaviour).holds == sequential.check(base, e.behaviour).holds


@pytest.mark.parametrize("offset", OFFSETS)
def test_the_regret_of_numeric_behaviour_is_that_of_the_game_as_given(offset):
    given = tree(lambda payoffs: [x + offset for x in payoffs])
    behaviour = [np.full(len(s.actions), 1.0 / len(s.actions)) for s in given.information_sets]
    numeric = sequential.find_all(given)[0].__class__(given, given.behaviour(behaviour), "numeric")
    base = numeric.__class__(tree(list), tree(list).behaviour(behaviour), "numeric")
    assert base.regret.min() > 0.05
    assert numeric.regret == pytest.approx(base.regret)


def test_a_tree_in_floats_that_lost_its_differences_is_refused():
    lost, seen = tree(in_floats), tree(in_floats, hidden=False)
    first = {s.label: s.actions[0] for s in lost.information_sets}
    for ask in (
        lambda: sequential.find_all(lost),
        lambda: sequential.find_one(lost),
        lambda: sequential.subgame_perfect(lost),
        lambda: sequential.check(lost, first),
        lambda: sequential.backward_induction(seen),
    ):
        with pytest.raises(PrecisionError, match="erased"):
            ask()


@pytest.mark.parametrize("offset", OFFSETS)
def test_a_bayesian_game_keeps_its_equilibria(offset):
    half = Fraction(1, 2)

    def game(by):
        return BayesianGame(
            [["s", "t"], ["u"]], [[half], [half]], moved(np.stack([PAYOFFS, PAYOFFS[::-1]])[:, None], by)
        )

    given, base = bayesian.find_all(game(offset)), bayesian.find_all(game(0))
    assert [[v.tolist() for v in e.strategy] for e in given] == [
        [v.tolist() for v in e.strategy] for e in base
    ]
    assert (game(offset).ranges == game(0).ranges).all()
    evenly = [np.full((2, 2), 0.5), np.full((1, 2), 0.5)]
    for one, other in zip(game(offset).regret(evenly), game(0).regret(evenly)):
        assert one == pytest.approx(other)
    with pytest.raises(PrecisionError):
        bayesian.cost_of_doubt(game(offset))


def test_a_bayesian_game_in_floats_that_lost_its_differences_is_refused():
    payoffs = 1e18 + PAYOFFS.astype(float)
    with pytest.raises(PrecisionError, match="erased"):
        bayesian.find_all(BayesianGame([["s"], ["t"]], [[1]], payoffs[None, None]))


@pytest.mark.parametrize("offset", OFFSETS)
def test_a_stochastic_game_keeps_its_equilibria(offset):
    def game(by):
        stages = [NormalFormGame(moved(PAYOFFS, by)), NormalFormGame(moved(2 * PAYOFFS, by))]
        return StochasticGame(stages, [[0.5, 0.5], [0.5, 0.5]], 0.6)

    given, base = game(offset), game(0)
    assert (
        stochastic.markov_perfect(given).policies.tolist()
        == stochastic.markov_perfect(base).policies.tolist()
    )
    concert, competition = [(0, 0)] * 2, [(1, 1)] * 2
    assert stochastic.critical_discount(given, concert, competition).to_frame().iloc[
        :, 0
    ].tolist() == pytest.approx(
        stochastic.critical_discount(base, concert, competition).to_frame().iloc[:, 0].tolist()
    )
    for one, other in zip(
        stochastic.logit_equilibrium(given).profile, stochastic.logit_equilibrium(base).profile
    ):
        assert np.concatenate(one) == pytest.approx(np.concatenate(other))
    # Values along a strategy are floats as large as the payoffs.
    with pytest.raises(PrecisionError, match="cannot hold together"):
        stochastic.check(given, stochastic.trigger(given, concert, competition))


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("profile", [(0, 0), (1, 1)])
def test_coalitions_gain_what_they_gain(offset, profile):
    given, base = NormalFormGame(moved(PAYOFFS, offset)), NormalFormGame(PAYOFFS)
    for check in (coalitions.strong, coalitions.coalition_proof):
        assert check(given, profile).stable == check(base, profile).stable
    for one, other in zip(
        coalitions.joint_deviations(given, profile).pairs, coalitions.joint_deviations(base, profile).pairs
    ):
        assert one.actions.tolist() == other.actions.tolist()
        assert one.gains == pytest.approx(other.gains)
    worths = coalitions.coalitional_game(given, "alpha").exact
    assert [int(x) for x in worths] == [0, offset + 1, offset + 1, 2 * offset + 6]
    with pytest.raises(PrecisionError, match="share a part"):
        coalitions.coalitional_game(given, "gamma")


def test_coalitions_of_a_game_in_floats_that_lost_its_differences_are_refused():
    lost = NormalFormGame(1e18 + PAYOFFS.astype(float))
    for ask in (
        lambda: coalitions.strong(lost, (0, 0)),
        lambda: coalitions.coalition_proof(lost, (0, 0)),
        lambda: coalitions.joint_deviations(lost, (0, 0)),
        lambda: coalitions.deviations_of(lost, (0, 0), [0, 1]),
        lambda: coalitions.coalitional_game(lost, "alpha"),
        lambda: coalitions.partition_function(lost),
        lambda: bargaining.from_game(lost),
    ):
        with pytest.raises(PrecisionError):
            ask()


def test_bargaining_refuses_payoffs_that_floats_cannot_hold_together():
    with pytest.raises(PrecisionError, match="cannot hold together"):
        bargaining.from_game(NormalFormGame(moved(PAYOFFS, 10**18)))


WORTHS = [0, 1, 4, 12, 6, 12, 0, 15]


def worth(offset, scale=1, how=int):
    values = [how(scale * w + offset * s.bit_count()) for s, w in enumerate(WORTHS)]
    return CoalitionalGame.from_worths(
        {tuple(p for i, p in enumerate("ABC") if s >> i & 1): values[s] for s in range(1, 8)}, list("ABC")
    )


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(("offset", "scale"), [*((x, 1) for x in OFFSETS), (0, 10**200)])
def test_solutions_of_cooperative_games_move_with_the_worths(offset, scale, how):
    given, base = worth(offset, scale, how), worth(0)

    def back(shares):
        return [(x - offset) / scale for x in shares]

    assert back(cooperative.nucleolus(given, pre=True).exact) == list(
        cooperative.nucleolus(base, pre=True).exact
    )
    assert cooperative.core(given).empty == cooperative.core(base).empty
    assert [[back(x) for x in piece] for piece in cooperative.kernel(given).pieces] == [
        [list(x) for x in piece] for piece in cooperative.kernel(base).pieces
    ]
    assert given.scale == pytest.approx(scale * base.scale)
    for allocation in ([5, 5, 5], [6, 3, 6]):
        shares = [scale * x + offset for x in allocation]
        for check, answer in (
            (cooperative.in_bargaining_set, "in_bargaining_set"),
            (cooperative.in_kernel, "in_kernel"),
            (cooperative.core_membership, "in_core"),
        ):
            assert getattr(check(given, shares), answer) == getattr(check(base, allocation), answer)
    if offset == 10**15:
        assert cooperative.shapley(given).payoffs - 1e15 == pytest.approx(
            cooperative.shapley(base).payoffs, abs=0.2
        )


def test_worths_in_floats_that_lost_their_differences_are_refused():
    lost = CoalitionalGame([1e18 * s.bit_count() + w for s, w in enumerate(WORTHS)])
    typed = TypedGame(np.array([0.0, 1e18, 2e18 + 1]), {"player": 2})
    for ask in (
        lambda: cooperative.core(lost),
        lambda: cooperative.nucleolus(lost),
        lambda: cooperative.shapley(lost),
        lambda: cooperative.kernel(lost),
        lambda: cooperative.in_bargaining_set(lost, [1e18] * 3),
        lambda: cooperative.core_membership(lost, [1e18] * 3),
        lambda: cooperative.typed_core(typed),
        lambda: cooperative.typed_nucleolus(typed),
        lambda: cooperative.typed_shapley(typed),
    ):
        with pytest.raises(PrecisionError, match="erased"):
            ask()


def test_large_worths_that_floats_tell_apart_are_taken():
    assert not CoalitionalGame([0, 1e18, 1e18, 3e18]).lost
    assert not TypedGame(np.array([0.0, 1e18, 3e18]), {"player": 2}).lost
