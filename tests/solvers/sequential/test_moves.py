"""The theory of moves on games whose non-myopic equilibria are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame, catalog
from games.errors import MethodError
from solvers.sequential import theory_of_moves

CASES = json.loads((Path(__file__).parents[2] / "cases" / "trees.json").read_text(encoding="utf-8"))[
    "theory_of_moves"
]


def ranks(game: NormalFormGame) -> np.ndarray:
    flat = game.payoffs.reshape(4, 2)
    return np.argsort(np.argsort(flat, axis=0), axis=0).reshape(2, 2, 2) + 1


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["game"])
def test_known_games(case) -> None:
    game = catalog.get(case["game"])
    found = theory_of_moves(game)
    got = sorted(ranks(game)[s].tolist() for s in found.non_myopic)
    assert got == sorted(case["ranks"])


def test_the_missile_crisis_as_brams_models_it() -> None:
    game = catalog.cuban_missile_crisis()
    assert not [a for a in np.ndindex(2, 2) if game.best_response_mask[a].all()]
    found = theory_of_moves(game)
    # From Soviet victory the United States would move on to an air strike, from which the Soviet Union withdraws; from there
    # the United States moves back, to the compromise.
    start = game.profile(("Blockade", "Maintain"))
    assert game.labels(found.survivors[start, 0]) == ("Air strike", "Withdraw")
    assert game.labels(found.outcomes[game.profile(("Air strike", "Withdraw"))]) == ("Blockade", "Withdraw")
    assert game.labels(found.outcomes[game.profile(("Blockade", "Withdraw"))]) == ("Blockade", "Withdraw")
    assert ("Blockade", "Withdraw") in [game.labels(s) for s in found.non_myopic]
    assert "Blockade/Withdraw" in found.summary()
    assert len(found.to_frame()) == 4


@pytest.mark.parametrize("seed", range(30))
def test_where_play_ends_nobody_who_may_move_wants_to(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = np.stack([rng.permutation(4).reshape(2, 2), rng.permutation(4).reshape(2, 2)], axis=-1)
    game = NormalFormGame(table)
    found = theory_of_moves(game)
    for (state, i), end in found.survivors.items():
        # The first mover never ends worse than by staying.
        assert game.payoffs[end][i] >= game.payoffs[state][i]
    # Exchanging the players exchanges everything.
    other = theory_of_moves(game.permute([1, 0]))
    assert {(s[1], s[0]) for s in other.non_myopic} == set(found.non_myopic)


def test_other_games_are_refused() -> None:
    with pytest.raises(MethodError, match="two actions each; this game is 3x3"):
        theory_of_moves(catalog.rock_paper_scissors())
    with pytest.raises(MethodError, match="Player 1 is indifferent between two states"):
        theory_of_moves(NormalFormGame(np.zeros((2, 2, 2))))
