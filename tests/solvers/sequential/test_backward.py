"""Backward induction: every pure subgame perfect equilibrium, against all profiles of small trees."""

from __future__ import annotations

import cProfile
import json
import pstats
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from games import ExtensiveGame, catalog
from games.errors import MethodError, SizeError
from games.extensive import Chance, Decision, Terminal
from solvers.sequential import backward_induction, check
from tests.games.extensive.random_trees import perfect_information

CASES = json.loads((Path(__file__).parents[2] / "cases" / "trees.json").read_text(encoding="utf-8"))


def all_pure(tree: ExtensiveGame) -> set[tuple[int, ...]]:
    """Pure subgame perfect equilibria by trying every profile: no one-shot deviation pays anywhere."""
    out = set()
    rows = {int(v): list(row) for v, row in zip(tree.terminals, tree.exact.tolist())}
    for profile in product(*(range(len(s.actions)) for s in tree.information_sets)):
        value: dict[int, list[Fraction]] = dict(rows)
        good = True
        for v in reversed(range(tree.n_nodes)):
            below = tree.children[v]
            if tree.mover[v] == -1:
                weights = tree.chance[v].probabilities
                value[v] = [
                    sum(p * value[c][i] for p, c in zip(weights, below)) for i in range(tree.n_players)
                ]
            elif tree.mover[v] >= 0:
                i = int(tree.mover[v])
                value[v] = value[below[profile[tree.information[v]]]]
                good = good and all(value[c][i] <= value[v][i] for c in below)
        if good:
            out.add(profile)
    return out


@pytest.mark.parametrize("chance", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_none_is_lost_and_none_is_made_up(seed: int, chance: bool) -> None:
    tree = perfect_information(seed, 10 + seed % 9, top=1 + seed % 3, chance=chance)
    found = backward_induction(tree, limit=10**6)
    wanted = all_pure(tree)
    played = {tuple(int(v.argmax()) for v in e.behaviour) for e in found}
    assert played == wanted
    assert found.total == len(found) == len(wanted)
    assert found.complete
    # Where no player is ever indifferent, there is one.
    if found.kind == "subgame perfect":
        assert len(found) == 1


@pytest.mark.parametrize("case", CASES["values"], ids=lambda c: c["game"])
def test_known_values(case) -> None:
    tree = catalog.trees.get(case["game"])
    if not tree.perfect_information:
        pytest.skip("has imperfect information: see test_subgames")
    found = backward_induction(tree, limit=50)
    assert {tuple(map(str, e.exact_payoffs)) for e in found} == {tuple(case["payoffs"])}


def test_ties_are_told() -> None:
    tie = Decision("B", {"left": Terminal([0, 2]), "right": Terminal([3, 2])}, "b")
    tree = ExtensiveGame(Decision("A", {"stop": Terminal([1, 1]), "go": tie}, "a"))
    found = backward_induction(tree)
    assert [e.describe() for e in found] == ["a: stop; b: left", "a: go; b: right"]
    assert found.kind == "pure subgame perfect"
    assert (
        "players are indifferent at 1 decision (b), where mixtures give further equilibria" in found.summary()
    )
    # One of those mixtures: B goes right with probability 1/3 or more, and A goes.
    assert check(tree, {"a": "go", "b": ["2/3", "1/3"]}, concept="subgame perfect")
    assert not check(tree, {"a": "go", "b": ["3/4", "1/4"]}, concept="subgame perfect")


def test_a_limit_is_told() -> None:
    node = Terminal([0, 0])
    for k in range(12):
        node = Decision("AB"[k % 2], {"x": node, "y": Terminal([0, 0])})
    found = backward_induction(ExtensiveGame(node), limit=10)
    assert (len(found), found.total, found.complete) == (10, 2**12, False)
    assert "10 pure subgame perfect equilibria of 4,096" in found.summary()
    assert "NOT complete" in found.summary()
    assert len({e.describe() for e in found}) == 10


def test_twice_as_long_a_centipede_takes_twice_the_steps() -> None:
    """Calls of functions are counted, not seconds: they do not depend on what else the machine does."""

    def steps(length: int) -> int:
        tree = catalog.trees.centipede(length)
        profile = cProfile.Profile()
        found = profile.runcall(backward_induction, tree)
        assert found[0].outcomes == (("take",),)
        return pstats.Stats(profile).total_calls

    steps(3)  # imports
    assert steps(500) < 2.2 * steps(250)


def test_what_does_not_apply_is_refused() -> None:
    with pytest.raises(MethodError, match=r"information set '3' holds 2 nodes\. subgame_perfect solves"):
        backward_induction(catalog.trees.seltens_horse())
    with pytest.raises(MethodError, match="limit is 0"):
        backward_induction(catalog.trees.centipede(), limit=0)
    # Every node of chance doubles what may follow.
    ends = [Terminal([0, 2**k]) for k in range(16)]
    ties = {
        str(k): (Fraction(1, 16), Decision("A", {"x": Terminal([0, 0]), "y": end}))
        for k, end in enumerate(ends)
    }
    with pytest.raises(SizeError, match="more than 20,000 equilibrium payoffs at the root"):
        backward_induction(ExtensiveGame(Chance(ties), ["A", "B"]))


def test_a_game_without_decisions() -> None:
    tree = ExtensiveGame(Terminal([1, 2]), ["A", "B"])
    found = backward_induction(tree)
    assert len(found) == 1
    assert found[0].payoffs.tolist() == [1, 2]
