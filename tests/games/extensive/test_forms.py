"""Other forms of a tree: they pay what the tree pays, and mixed and behaviour strategies lead to the same outcomes."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from games import ExtensiveGame, NormalFormGame, catalog
from games.errors import GameError, SizeError
from games.extensive import Decision, Terminal
from tests.games.extensive.random_trees import perfect_information, random_behaviour, with_recall

SEEDS = st.integers(0, 10**6)


def outcome_of_plans(tree: ExtensiveGame, plans: list[dict[int, int]]) -> list[Fraction]:
    """Expected payoffs of pure plans by walking through the tree, without the code under test."""

    def walk(v: int) -> list[Fraction]:
        mover = int(tree.mover[v])
        if mover == -2:
            return list(tree.exact[tree.terminals.tolist().index(v)])
        if mover == -1:
            total = [Fraction(0)] * tree.n_players
            for p, c in zip(tree.chance[v].probabilities, tree.children[v]):
                total = [a + p * b for a, b in zip(total, walk(c))]
            return total
        return walk(tree.children[v][plans[mover][int(tree.information[v])]])

    return walk(0)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.booleans())
def test_the_normal_form_pays_what_the_tree_pays(seed: int, reduced: bool) -> None:
    tree = with_recall(seed, depth=3)
    try:
        game = tree.normal_form(reduced)
    except SizeError:  # such a tree has more than 20,000 pure strategies of one player
        assume(False)
    own = [[k for k, s in enumerate(tree.information_sets) if s.player == i] for i in range(2)]
    plans = [tree.strategies(i, reduced) for i in range(2)]
    assert game.shape == tuple(map(len, plans))
    for profile in product(*map(range, game.shape)):
        chosen = [
            {k: (a if a is not None else 0) for k, a in zip(own[i], plans[i][profile[i]])} for i in range(2)
        ]
        assert list(game.exact[profile]) == outcome_of_plans(tree, chosen)


def test_reduced_strategies_leave_out_what_they_rule_out() -> None:
    tree = catalog.trees.centipede(4)
    assert tree.strategies(0) == ((0, None), (1, 0), (1, 1))
    assert tree.normal_form().actions[0] == ("take, *", "pass, take", "pass, pass")
    assert tree.normal_form(reduced=False).shape == (4, 4)


@settings(max_examples=40, deadline=None)
@given(SEEDS, SEEDS)
def test_behaviour_strategies_realise_what_their_mixed_strategies_do(seed: int, other: int) -> None:
    # Kuhn 1953, theorem 4, one way: outcomes of the mixed profile are those of the behaviour profile, exactly.
    tree = with_recall(seed, depth=3)
    behaviour = random_behaviour(tree, other)
    mixed = tree.to_mixed(behaviour)
    assert all(sum(v) == 1 for v in mixed)
    again = tree.to_behaviour(mixed)
    assert tree.outcome(again).tolist() == tree.outcome(behaviour).tolist()


@settings(max_examples=40, deadline=None)
@given(SEEDS, SEEDS)
def test_mixed_strategies_realise_what_their_behaviour_strategies_do(seed: int, other: int) -> None:
    # The other way: any mixed profile, correlated over information sets, has a behaviour profile with its outcomes.
    tree = with_recall(seed, depth=3)
    rng = np.random.default_rng(other)
    mixed = []
    for i in range(2):
        weights = rng.integers(0, 5, len(tree.strategies(i)))
        weights[rng.integers(len(weights))] += 1
        mixed.append([Fraction(int(w), int(weights.sum())) for w in weights])
    game = tree.normal_form()
    behaviour = tree.to_behaviour(mixed)
    table = game.exact
    for vector in mixed:
        table = np.tensordot(np.array(vector, dtype=object), table, axes=(0, 0))
    outcome = tree.outcome(behaviour)
    assert [sum(p * u for p, u in zip(outcome, tree.exact[:, i])) for i in range(2)] == list(table)


def test_the_agent_form_gives_every_information_set_a_player() -> None:
    tree = catalog.trees.seltens_horse()
    assert tree.agent_form() == NormalFormGame(
        tree.normal_form().payoffs, ("1", "2", "3"), (("C", "D"), ("c", "d"), ("L", "R"))
    )
    poker = catalog.trees.kuhn_poker()
    agents = poker.agent_form()
    assert agents.n_players == 12
    behaviour = random_behaviour(poker, 3)
    values = agents.expected([[float(p) for p in v] for v in behaviour])
    for s, value in zip(poker.information_sets, values):
        assert value == pytest.approx(poker.expected(behaviour)[s.player])
    with pytest.raises(GameError, match="nobody moves"):
        ExtensiveGame(Terminal([1]), players=["A"]).agent_form()


def test_the_catalogue_of_normal_forms_has_the_horse() -> None:
    known = catalog.seltens_horse()
    game = catalog.trees.seltens_horse().normal_form()
    assert sorted(map(tuple, game.payoffs.reshape(-1, 3).tolist())) == sorted(
        map(tuple, known.payoffs.reshape(-1, 3).tolist())
    )


def test_subgames_begin_where_nothing_is_cut() -> None:
    tree = catalog.trees.lemons()
    roots = tree.subgames()
    assert len(roots) == 10
    assert all(tree.mover[v] == 1 or v == 0 for v in roots)
    part = tree.subgame(roots[1])
    assert part.n_nodes == 3
    assert part.payoffs.tolist() == tree.payoffs[1:3].tolist()
    assert part.information_sets[0].label == "quality 1 at 11/10"
    with pytest.raises(GameError, match="no subgame begins at node 1"):
        tree.subgame(1)


def test_what_was_paid_on_the_way_stays_paid_in_a_subgame(tmp_path) -> None:
    text = (
        'EFG 2 R "paid on the way" { "A" "B" }\n\n'
        'p "" 1 1 "one" { "x" "y" } 1 "first" { 10, 20 }\n'
        'p "" 2 1 "two" { "l" "r" } 2 "second" { 1, 2 }\n'
        't "" 3 "" { 1/2, 0 }\n'
        't "" 0\n'
        't "" 4 "" { 5, 5 }\n'
    )
    (tmp_path / "paid.efg").write_text(text)
    tree = ExtensiveGame.read(tmp_path / "paid.efg")
    assert tree.payoffs.tolist() == [[11.5, 22], [11, 22], [15, 25]]
    assert tree.subgame(1).payoffs.tolist() == [[11.5, 22], [11, 22]]
    tree.write(tmp_path / "again.efg")
    assert ExtensiveGame.read(tmp_path / "again.efg") == tree


def test_large_numbers_stay_exact_in_the_normal_form() -> None:
    big = 10**20
    tree = ExtensiveGame(
        Decision("A", {"x": Decision("B", {"l": Terminal([big, 1]), "r": Terminal([big + 1, 0])}, "h")})
    )
    assert tree.normal_form().exact[0, 1, 0] - tree.normal_form().exact[0, 0, 0] == 1


@pytest.mark.parametrize("seed", range(10))
def test_subgames_of_perfect_information_begin_at_every_decision(seed: int) -> None:
    tree = perfect_information(seed, 30, chance=True)
    assert tree.subgames() == tuple(v for v in range(tree.n_nodes) if tree.mover[v] != -2)
