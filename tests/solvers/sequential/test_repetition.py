"""Finite repetition: all pure subgame perfect payoffs, against the tree of the repeated game."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from games import ExtensiveGame, NormalFormGame, catalog
from games.errors import DiscountError, GameError, SizeError
from games.extensive import Decision, Node, Terminal
from solvers.sequential import repeat

CASE = json.loads((Path(__file__).parents[2] / "cases" / "trees.json").read_text(encoding="utf-8"))[
    "repetition"
]


def by_profiles(game: NormalFormGame, discount: Fraction) -> set[tuple[Fraction, ...]]:
    """Two periods by trying every pure strategy: a first profile and an equilibrium of the game after each."""
    cells = list(product(*map(range, game.shape)))
    stable = [a for a in cells if game.best_response_mask[a].all()]
    out = set()
    for first in cells:
        for follow in product(stable, repeat=len(cells)):
            after = dict(zip(cells, follow))

            def value(a, after=after):
                return tuple(x + discount * y for x, y in zip(game.exact[a], game.exact[after[a]]))

            if all(
                value((*first[:i], b, *first[i + 1 :]))[i] <= value(first)[i]
                for i in range(game.n_players)
                for b in range(game.shape[i])
            ):
                out.add(value(first))
    return out


def test_benoit_and_krishna() -> None:
    A = np.array(CASE["A"])
    found = repeat(NormalFormGame.from_bimatrix(A, A.T), CASE["periods"])
    assert [list(map(str, v)) for v in found.values] == CASE["values"]
    assert found.path((7, 7)) == (("1", "1"), ("3", "3"))
    assert "6 payoff vectors: all of them" in found.summary()
    assert found.average[0] == (1, 1)
    assert found.to_frame()["path"][0] == "2/2 → 2/2"


@pytest.mark.parametrize("seed", range(25))
def test_two_periods_by_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.integers(0, 4, (2, 2, 2)))
    discount = Fraction(int(rng.integers(1, 5)), 4)
    assert set(repeat(game, 2, discount).values) == by_profiles(game, discount)


def test_one_equilibrium_is_repeated_and_nothing_else() -> None:
    game = catalog.prisoners_dilemma()
    found = repeat(game, 10)
    assert found.values == ((10, 10),)
    pennies = repeat(catalog.matching_pennies(), 3)
    assert not pennies.values
    assert "No subgame perfect equilibrium in pure strategies" in pennies.summary()


def test_paths_are_worth_what_they_say() -> None:
    game = catalog.battle_of_the_sexes()
    found = repeat(game, 4, 0.9)
    assert found.discount == Fraction(9, 10)
    for value, path in zip(found.values, found.paths):
        assert value == tuple(
            sum(found.discount**t * game.exact[a][i] for t, a in enumerate(path)) for i in range(2)
        )


def test_what_is_no_repetition_is_refused() -> None:
    game = catalog.prisoners_dilemma()
    for periods in (0, -1, 1.5, True):
        with pytest.raises(GameError, match="whole number of periods"):
            repeat(game, periods)  # type: ignore[arg-type]
    with pytest.raises(SizeError, match="at most 10,000"):
        repeat(game, 10**400)
    for discount in (0, 1.5, "x"):
        with pytest.raises(DiscountError, match="above 0 and at most 1"):
            repeat(game, 2, discount)
    with pytest.raises(GameError, match="no pure subgame perfect equilibrium pays 1, 1"):
        repeat(game, 2).path((1, 1))


def test_the_tree_of_the_repeated_game_agrees() -> None:
    from solvers.sequential import subgame_perfect

    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]], actions=[["a", "b"], ["a", "b"]])

    def stage(paid: tuple[Fraction, ...], history: str, left: int) -> Node:
        if not left:
            return Terminal(list(paid))

        def column(i: int) -> Node:
            return Decision(
                "Player 2",
                {
                    "ab"[j]: stage(
                        tuple(x + y for x, y in zip(paid, game.exact[i, j])), history + f"{i}{j}", left - 1
                    )
                    for j in range(2)
                },
                f"2 after {history}",
            )

        return Decision("Player 1", {"ab"[i]: column(i) for i in range(2)}, f"1 after {history}")

    tree = ExtensiveGame(stage((Fraction(0), Fraction(0)), "", 2), ("Player 1", "Player 2"))
    found = subgame_perfect(tree, limit=10_000)
    pure = {e.exact_payoffs for e in found if all(max(v) == 1 for v in e.behaviour)}
    assert pure == set(repeat(game, 2).values)
