"""A deal under doubt: by hand in the prisoner's dilemma, and against the solvers for Bayesian games."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import NormalFormGame, catalog
from games.errors import DiscountError, GameError, MethodError
from solvers.doubt import PowerType, Trial, trial

STAGE = catalog.prisoners_dilemma()


def dilemma(prior="3/4", rash: float = 0.2, discount: float = 0.8) -> Trial:
    return trial(
        {
            "Player 1": [PowerType("patient", 1, STAGE, STAGE, discount)],
            "Player 2": [
                PowerType("patient", prior, STAGE, STAGE, 0.8),
                PowerType("rash", 1 - Fraction(prior), STAGE, STAGE, rash),
            ],
        },
        (0, 0),
        (1, 1),
    )


def test_payoffs_by_hand() -> None:
    found = dilemma()
    # T = 5, R = 3, P = 1, S = 0: breaking pays .2 * 5 + .8 * 1 to the patient and .8 * 5 + .2 * 1 to the rash.
    assert found.game.payoffs[0, 0, 0, 0] == pytest.approx([3, 3])
    assert found.game.payoffs[0, 0, 0, 1] == pytest.approx([0.8, 1.8])
    assert found.game.payoffs[0, 1, 0, 1] == pytest.approx([0.8, 4.2])
    assert found.game.payoffs[0, 1, 1, 1] == pytest.approx([1, 1])
    assert [own.tolist() for own in found.reliable] == [[True], [True, False]]
    assert found.holds
    assert found.failure == pytest.approx(0.25)
    assert found.margins[0][0] == pytest.approx(0.75 * 1.2 - 0.25 * 0.2)
    assert "It fails at once with probability 0.25" in found.summary()
    assert found.to_frame()["keeps if the others do"].tolist() == [True, True, False]


def test_the_threshold_is_where_the_trusting_strategies_stop_being_an_equilibrium() -> None:
    needed = dilemma().threshold("Player 2")
    assert needed == pytest.approx(1 / 7)
    assert dilemma(Fraction(needed).limit_denominator(1000) + Fraction(1, 100)).holds
    assert not dilemma(Fraction(needed).limit_denominator(1000) - Fraction(1, 100)).holds
    # The threshold does not depend on the prior that stands in the game.
    assert dilemma("1/2").threshold(1) == pytest.approx(needed)


@pytest.mark.parametrize("prior", ["1/20", "1/10", "1/5", "1/2", "9/10"])
def test_trust_is_among_the_equilibria_exactly_if_it_holds(prior: str) -> None:
    found = dilemma(prior)
    assert found.equilibria.complete
    trusting = [own.astype(float).tolist() for own in found.trust]
    among = any([own.astype(float).tolist() for own in e.strategy] == trusting for e in found.equilibria)
    assert among == found.holds


def test_what_instruments_are_worth() -> None:
    found = dilemma()
    hostage = found.hostage("Player 2")
    assert hostage["hostage"].tolist() == pytest.approx([0, 1.2])
    assert hostage["worth to Player 1"].tolist() == pytest.approx([0.25 * 2.2] * 2)
    # The rash gains 4.2 - 1 by being trusted, the patient 3 - 1: nothing that the patient would pay deters the rash.
    assert found.signal("Player 2") == pytest.approx((3.2, 2.0))
    # A power that is nearly patient enough can be told apart.
    low, high = dilemma(rash=0.49).signal("Player 2")
    assert (low, high) == pytest.approx((0.51 * 5 + 0.49 - 1, 2.0))
    # Known: the patient pair cooperates, the others compete. Unknown: the rash exploits.
    assert found.price == pytest.approx(
        [0.75 * 3 + 0.25 - (0.75 * 3 + 0.25 * 0.8), 0.75 * 3 + 0.25 - (0.75 * 3 + 0.25 * 4.2)]
    )
    assert found.cost.complete


def test_no_doubt_no_question() -> None:
    sure = trial({p: [PowerType("patient", 1, STAGE, STAGE, 0.8)] for p in STAGE.players}, (0, 0), (1, 1))
    assert sure.failure == 0
    assert sure.holds
    assert "the doubt does not matter" in sure.summary()
    with pytest.raises(MethodError, match="Player 1 has no threshold: every type of it keeps"):
        sure.threshold(0)
    with pytest.raises(MethodError, match="has nothing to signal"):
        sure.signal(0)
    nobody = trial({p: [PowerType("rash", 1, STAGE, STAGE, 0.1)] for p in STAGE.players}, (0, 0), (1, 1))
    assert nobody.failure == 1
    assert nobody.summary().startswith(
        "The deal fails whatever the doubt: Player 1 and Player 2 would break it"
    )
    with pytest.raises(MethodError, match="no type of it keeps"):
        nobody.threshold(0)


def test_a_deal_that_nothing_makes_worth_trying() -> None:
    # Player 1 is too impatient to keep it, whoever the other is.
    found = dilemma(discount=0.3)
    assert not found.reliable[0].any()
    assert found.threshold("Player 2") == 0
    assert found.failure == 1


@pytest.mark.parametrize("seed", range(15))
def test_margins_are_those_of_the_bayesian_game(seed: int) -> None:
    rng = np.random.default_rng(seed)
    games = [NormalFormGame(rng.integers(-5, 6, (2, 3, 2, 3))) for _ in range(4)]
    players = games[0].players
    types = {
        p: [
            PowerType(str(k), Fraction(1, 2), games[(i + k) % 4], games[(i + 2 * k) % 4], rng.uniform(0, 0.9))
            for k in range(2)
        ]
        for i, p in enumerate(players)
    }
    found = trial(types, (0, 1, 0), (1, 2, 1))
    regret = found.game.regret([own.astype(float) for own in found.trust])
    for margin, lost, good in zip(found.margins, regret, found.reliable):
        assert lost == pytest.approx(np.maximum(0, np.where(good, -margin, margin)))
    for i in range(3):
        if found.reliable[i].all() or not found.reliable[i].any():
            continue
        # Both ways to the slack at the prior as it is agree.
        share = float(found.game.marginal(i)[found.reliable[i]].sum())
        slack = found._slack(i, share)
        wanted = []
        for k in range(3):
            if k != i:
                values = found.game.interim([own.astype(float) for own in found.trust])[k]
                for t in np.flatnonzero(found.reliable[k]):
                    wanted += [found.margins[k][t], float(values[t]) - found.after[k][t]]
        assert slack == pytest.approx(wanted)


def test_types_that_do_not_fit_are_refused() -> None:
    other = NormalFormGame(STAGE.payoffs, ["A", "B"], STAGE.actions)
    with pytest.raises(GameError, match="the stage games of Player 1 are played by A, B"):
        trial({p: [PowerType("x", 1, other, STAGE, 0.5)] for p in STAGE.players}, (0, 0), (1, 1))
    with pytest.raises(DiscountError, match=r"Player 1 \(x\) is 1; it must be in \[0, 1\)"):
        trial({p: [PowerType("x", 1, STAGE, STAGE, 1)] for p in STAGE.players}, (0, 0), (1, 1))
    with pytest.raises(GameError, match="Player 1 has no type"):
        trial({p: [] for p in STAGE.players}, (0, 0), (1, 1))
    with pytest.raises(GameError, match="add up to 1/2"):
        trial({p: [PowerType("x", "1/2", STAGE, STAGE, 0.5)] for p in STAGE.players}, (0, 0), (1, 1))
