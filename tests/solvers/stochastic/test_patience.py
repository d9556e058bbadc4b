"""Critical patience by state and year, against the check of trigger strategies and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame, StochasticGame
from games.errors import ProfileError
from solvers import repeated, stochastic
from tests.solvers.stochastic.examples import CASES, named


def dilemma(temptation: float) -> NormalFormGame:
    return NormalFormGame.from_bimatrix(
        [[3, 0], [temptation, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]]
    )


def test_one_state_is_the_repeated_threshold() -> None:
    game = dilemma(6.0)
    found = stochastic.critical_discount(StochasticGame([game], [[1.0]], 0.5), [(0, 0)], [(1, 1)])
    theirs = repeated.critical_discount(game, (0, 0), [1.0, 1.0])
    assert found.per_player[0] == pytest.approx(theirs.per_player, abs=1e-9)
    play = RepeatedGame(game, 0.5)
    assert found.slack[0, 1] == pytest.approx(3 - (0.5 * 5 + 0.5 * 1))
    assert play.n_players == 2


def test_published_dilemma() -> None:
    case = CASES["critical"]
    found = stochastic.critical_discount(named("abreu-brooks-sannikov", 0.5), [(0, 0)] * 2, [(1, 1)] * 2)
    assert found.onward.max() > case["not_at"]


@pytest.mark.parametrize("seed", range(8))
def test_holding_everywhere_is_what_check_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    stages = [dilemma(float(t)) for t in rng.uniform(3.5, 8, size=3)]
    step = rng.dirichlet(np.ones(3), size=3)
    game = StochasticGame(stages, step, float(rng.uniform(0.3, 0.9)))
    found = stochastic.critical_discount(game, [(0, 0)] * 3, [(1, 1)] * 3)
    plan = stochastic.trigger(game, [("C", "C")] * 3, [("D", "D")] * 3)
    assert bool(found.holds_alone.all()) is stochastic.check(game, plan).is_equilibrium
    for d, expected in ((found.alone.max() + 1e-6, True), (found.alone.max() - 1e-6, False)):
        assert stochastic.check(game.with_discount(d), plan).is_equilibrium is expected


def test_years() -> None:
    found = stochastic.path_patience(
        [dilemma(t) for t in (4, 5, 6, 9)], (0, 0), (1, 1), 0.65, years=[2025, 2030, 2035, 2040]
    )
    assert found.until == 3
    assert found.holds_alone.tolist() == [True, True, True, False]
    assert not found.holds.any()
    assert found.onward == pytest.approx([0.75] * 4)
    assert "first fails in '2040', where Player 1 departs" in found.summary()
    assert "not an equilibrium in the earlier states" in found.summary()
    patient = stochastic.path_patience([dilemma(t) for t in (4, 9)], [("C", "C")] * 2, [("D", "D")] * 2, 0.8)
    assert patient.until is None
    assert patient.holds.all()
    assert "holds in every state" in patient.summary()
    assert patient.to_frame().loc["year 2", "weakest"] == "Player 1"


def test_shocks_can_save_what_certainty_unravels() -> None:
    """A year that would end the concert hurts less if it comes by chance and passes."""
    calm, tense = dilemma(4.0), dilemma(7.0)
    passing = StochasticGame([calm, tense], [[0.9, 0.1], [0.9, 0.1]], 0.6)
    lasting = StochasticGame.path([calm, tense], 0.6)
    one, other = (stochastic.critical_discount(g, [(0, 0)] * 2, [(1, 1)] * 2) for g in (passing, lasting))
    assert one.alone[0] == pytest.approx(other.alone[0], abs=0.2)
    assert other.alone[1] == pytest.approx((7 - 3) / (7 - 1), abs=1e-9)


def test_profiles_for_every_state() -> None:
    with pytest.raises(ProfileError, match="competition needs one profile"):
        stochastic.critical_discount(named("abreu-brooks-sannikov", 0.5), [(0, 0)] * 2, [(1, 1)])
