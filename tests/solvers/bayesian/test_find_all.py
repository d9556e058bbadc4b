"""Bayes-Nash equilibria: complete against brute force, and the same whichever way the game is written."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from games import BayesianGame, catalog
from games.errors import SizeError
from solvers import nash
from solvers.bayesian import find_all
from solvers.sequential import find_all as find_all_of_tree
from tests.games.bayesian.test_game import random_game

CASES = json.loads((Path(__file__).parents[2] / "cases" / "trees.json").read_text(encoding="utf-8"))


def solve(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | str:
    """Gauss-Jordan over the rationals: the solution, `none`, or `many`."""
    n = len(rows[0]) if rows else 0
    table = [[*row, value] for row, value in zip(rows, right)]
    place = 0
    for c in range(n):
        pivot = next((r for r in range(place, len(table)) if table[r][c]), None)
        if pivot is None:
            continue
        table[place], table[pivot] = table[pivot], table[place]
        table[place] = [x / table[place][c] for x in table[place]]
        for r in range(len(table)):
            if r != place and table[r][c]:
                factor = table[r][c]
                table[r] = [x - factor * y for x, y in zip(table[r], table[place])]
        place += 1
    if any(row[n] for row in table[place:]):
        return "none"
    return [row[n] for row in table] if place == n and n else ("many" if place < n else [])


def brute_force(game: BayesianGame) -> tuple[set[tuple[Fraction, ...]], bool]:
    """All equilibria of a game of two players with two types and two actions each, by all supports of the four types.

    Each type's probability of its first action is 0, 1 or unknown. A type that mixes must be indifferent, which is linear in the
    other player's two probabilities. Returns the equilibria with one solution each, and whether some support had many.
    """
    # gain[i][t] = constant + linear function of the other player's two probabilities of its first action.
    gains = []
    for i in range(2):
        own = []
        for t in range(2):
            constant, slope = Fraction(0), [Fraction(0)] * 2
            for s in range(2):
                types = (t, s) if i == 0 else (s, t)
                weight = game.exact_prior[types]
                u = game.exact[types][..., i]
                d = (u[0] - u[1]) if i == 0 else (u[:, 0] - u[:, 1])
                constant += weight * d[1]
                slope[s] += weight * (d[0] - d[1])
            own.append((constant, slope))
        gains.append(own)
    found, many = set(), False
    for choice in product((0, 1, None), repeat=4):
        mixing = [k for k in range(4) if choice[k] is None]
        solution: dict[int, Fraction] = {}
        good = True
        for i in range(2):
            # The indifference of player i's mixing types pins down the other player's mixing types.
            unknown = [k for k in mixing if k // 2 != i]
            rows, right = [], []
            for t in range(2):
                if choice[2 * i + t] is not None:
                    continue
                constant, slope = gains[i][t]
                fixed = sum(
                    (
                        slope[s] * choice[2 * (1 - i) + s]
                        for s in range(2)
                        if choice[2 * (1 - i) + s] is not None
                    ),
                    Fraction(0),
                )
                rows.append([slope[k % 2] for k in unknown])
                right.append(-constant - fixed)
            if not unknown:
                good = good and not any(right)
                if good and rows:
                    many = True
                continue
            answer = solve(rows, right) if rows else "many"
            if answer == "many":
                many = True
                good = False
            elif answer == "none":
                good = False
            else:
                solution |= dict(zip(unknown, answer))
        if not good:
            continue
        p = [solution[k] if choice[k] is None else Fraction(choice[k]) for k in range(4)]
        if any(not 0 < p[k] < 1 for k in mixing):
            continue
        stable = True
        for k in range(4):
            i, t = divmod(k, 2)
            constant, slope = gains[i][t]
            gain = constant + sum(slope[s] * p[2 * (1 - i) + s] for s in range(2))
            stable = stable and not (gain > 0 and p[k] < 1) and not (gain < 0 and p[k] > 0)
        if stable:
            found.add(tuple(p))
    return found, many


@pytest.mark.parametrize("block", range(10))
def test_two_hundred_games_of_two_powers_with_two_types_each(block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        game = random_game(seed, shape=(2, 2), correlated=bool(seed % 2), top=20)
        wanted, many = brute_force(game)
        found = find_all(game)
        assert found.complete
        mine = {tuple(own[t][0] for own in e.strategy for t in range(2)) for e in found}
        if found.degenerate is False:
            assert mine == wanted
            assert sum(e.index for e in found) == 1
            assert len(found) % 2 == 1
        else:
            # Where equilibria form sets, brute force has the isolated ones only, and ours holds all corners.
            assert many or len(found.components)
            assert wanted <= mine or found.components
        for e in found:
            assert all(not r.any() for r in e.regret)


@pytest.mark.parametrize("seed", range(40))
def test_coarse_payoffs_make_ties_and_every_isolated_equilibrium_is_still_there(seed: int) -> None:
    game = random_game(seed, shape=(2, 2), top=1)
    wanted, _ = brute_force(game)
    found = find_all(game)
    mine = {tuple(own[t][0] for own in e.strategy for t in range(2)) for e in found}
    inside = {m for c in found.components for m in c.members}
    isolated = {
        tuple(own[t][0] for own in e.strategy for t in range(2))
        for k, e in enumerate(found)
        if k not in inside
    }
    assert isolated <= wanted
    # Every equilibrium by brute force is a corner, or a mixture of corners of one component.
    for p in wanted - mine:
        assert found.components
        assert all(
            min(float(q[k]) for q in mine) - 1e-12 <= float(p[k]) <= max(float(q[k]) for q in mine) + 1e-12
            for k in range(4)
        )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("n_types", "shape"), [((2, 3), (2, 2)), ((1, 2), (3, 3))])
def test_the_agent_form_has_the_same_equilibria(seed: int, n_types, shape) -> None:
    game = random_game(seed, n_types, shape, top=9)
    found = find_all(game)
    agents = nash.find_all(game.agent_form(), time_limit=60)
    if not agents.complete or found.degenerate is not False:
        pytest.skip("not regular")
    mine = {tuple(round(float(p), 8) for own in e.strategy for row in own for p in row) for e in found}
    theirs = {tuple(round(float(p), 8) for v in e.profile for p in v) for e in agents}
    assert mine == theirs


@pytest.mark.parametrize("seed", range(8))
def test_the_tree_has_the_same_equilibria(seed: int) -> None:
    game = random_game(seed, (2, 2), (2, 2), top=9)
    tree = game.tree()
    labels = [s.label for s in tree.information_sets]
    mine = {
        tuple(
            str(x)
            for label in labels
            for i, player in enumerate(game.players)
            for t, name in enumerate(game.types[i])
            if label == f"{player}: {name}"
            for x in e.strategy[i][t]
        )
        for e in find_all(game)
    }
    theirs = {tuple(str(p) for v in e.behaviour for p in v) for e in find_all_of_tree(tree)}
    assert mine == theirs


def test_one_type_each_is_the_game_in_normal_form() -> None:
    stage = catalog.battle_of_the_sexes()
    game = BayesianGame([["one"], ["one"]], [[1]], stage.payoffs[None, None])
    mine = {tuple(round(float(p), 9) for own in e.strategy for p in own[0]) for e in find_all(game)}
    assert mine == {tuple(round(float(p), 9) for v in e.profile for p in v) for e in nash.find_all(stage)}


def test_three_powers_through_the_agent_form() -> None:
    game = random_game(4, (2, 1, 1), (2, 2, 2), top=9)
    found = find_all(game)
    assert found.complete
    assert "on the agent form" in found.method
    agents = nash.find_all(game.agent_form())
    assert len(found) == len(agents)
    for e in found:
        assert max(float(r.max()) for r in e.regret) < 1e-9


def test_kydds_threshold() -> None:
    threshold = Fraction(CASES["kydd"]["threshold"])
    for prior, trusts in ((threshold - Fraction(1, 100), False), (threshold + Fraction(1, 100), True)):
        found = find_all(catalog.trees.kydd_trust(prior))
        assert found.complete
        assert any(e.kinds == ("separating", "separating") for e in found) == trusts
        assert any(e.kinds == ("pooling", "pooling") for e in found)


def test_a_search_that_is_broken_off_or_too_large() -> None:
    game = random_game(0, (4, 4), (3, 3))
    found = find_all(game, time_limit=1e-9)
    assert (len(found), found.complete) == (0, False)
    assert "No Bayes-Nash equilibrium found" in found.summary()
    with pytest.raises(SizeError, match="more than 5 vertices"):
        find_all(game, limit=5)
    with pytest.raises(ValueError, match="time limit"):
        find_all(game, time_limit=0)


@pytest.mark.parametrize("seed", range(6))
def test_neither_units_nor_the_order_of_types_matter(seed: int) -> None:
    game = random_game(seed, (2, 2), (2, 2), top=9)
    key = lambda found: {tuple(str(p) for own in e.strategy for row in own for p in row) for e in found}  # noqa: E731
    moved = BayesianGame(game.types, game.exact_prior, game.exact * Fraction(3, 7) + 11)
    assert key(find_all(moved)) == key(find_all(game))
    turned = BayesianGame([game.types[0][::-1], game.types[1]], game.exact_prior[::-1], game.exact[::-1])
    back = {
        tuple(str(p) for own in (e.strategy[0][::-1], e.strategy[1]) for row in own for p in row)
        for e in find_all(turned)
    }
    assert back == key(find_all(game))
