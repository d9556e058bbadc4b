"""How far rays reach in what promises generate: the noisy dilemma by hand, time that is over."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.base.deadline import Deadline
from solvers.repeated.public._inner import seeds
from solvers.repeated.public._programs import signal_game
from solvers.repeated.public._rays import Rays, generates_itself
from tests.solvers.repeated.public.examples import CASES, dilemma


def test_the_grim_pair_generates_itself_and_reaches_no_further() -> None:
    game = signal_game(dilemma(0.8))
    none = np.array([game.payoffs[3]])
    best = CASES["dilemma"]["symmetric"]["value"]
    (seed,) = [x for x in seeds(game, list(none)) if x.min() > none.min() + 0.1]
    assert game.scale * seed + game.shift == pytest.approx([best, best], abs=1e-8)
    pair = np.vstack([none, seed])
    assert generates_itself(game, pair, Deadline(None))
    further = none[0] + 1.2 * (seed - none[0])
    assert Rays(game, pair).length(none[0], further) == pytest.approx(1 / 1.2, abs=1e-8)
    assert not generates_itself(game, np.vstack([none, further + 0.1]), Deadline(None))


def test_impatient_players_have_no_seed() -> None:
    game = signal_game(dilemma(0.5))
    for x in seeds(game, [game.payoffs[3]]):
        assert x == pytest.approx(game.payoffs[3], abs=1e-9)


def test_time_that_is_over_proves_nothing() -> None:
    game = signal_game(dilemma(0.8))
    assert not generates_itself(game, np.array([game.payoffs[3]]), Deadline(1e-9))
