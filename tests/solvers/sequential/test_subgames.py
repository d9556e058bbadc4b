"""Subgame perfect equilibria of trees with imperfect information."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from games import ExtensiveGame, catalog
from games.errors import MethodError, SizeError
from games.extensive import Decision, Node, Terminal
from solvers.sequential import backward_induction, check, find_all, subgame_perfect
from tests.games.extensive.random_trees import perfect_information, with_recall

CASES = json.loads((Path(__file__).parents[2] / "cases" / "trees.json").read_text(encoding="utf-8"))


def battle(out: int) -> ExtensiveGame:
    """Stay out for (out, out), or play the battle of the sexes without seeing each other's move."""

    def column(up: bool) -> Node:
        ends = (
            {"L": Terminal([3, 1]), "R": Terminal([0, 0])}
            if up
            else {"L": Terminal([0, 0]), "R": Terminal([1, 3])}
        )
        return Decision("Column", ends, "Column")

    inside = Decision("Row", {"U": column(True), "D": column(False)}, "Row inside")
    return ExtensiveGame(Decision("Row", {"Out": Terminal([out, out]), "In": inside}, "Row"))


def test_every_equilibrium_of_the_subgame_is_put_in_its_place() -> None:
    found = subgame_perfect(battle(2))
    assert found.complete
    assert {tuple(e.payoffs.tolist()) for e in found} == {(3, 1), (2, 2)}
    assert len(found) == 3
    mixed = next(e for e in found if not e.is_pure)
    assert [str(p) for p in mixed.behaviour[1]] == ["3/4", "1/4"]
    # Of the Nash equilibria of the whole tree more do not survive.
    assert len(find_all(battle(2))) > len({e.outcomes for e in found})


@pytest.mark.parametrize("case", CASES["values"], ids=lambda c: c["game"])
def test_known_values(case) -> None:
    tree = catalog.trees.get(case["game"])
    found = subgame_perfect(tree, limit=20 if case["game"] == "powell_offers" else 1000)
    assert {tuple(map(str, e.exact_payoffs)) for e in found} == {tuple(case["payoffs"])}


@pytest.mark.parametrize("case", CASES["fearon"]["cases"], ids=lambda c: c["demand"])
def test_fearons_demand_by_the_general_solver(case) -> None:
    parameters = {k: case[k] for k in ("p", "cost_a", "low", "high", "types")}
    tree = catalog.trees.fearon_demand(**parameters)
    found = subgame_perfect(tree)
    assert found.complete
    assert len(found) == 1
    demands = {path[1] for path in found[0].outcomes}
    assert demands == {f"demand {case['demand']}"}
    war = sum(
        Fraction(tree.reach(found[0].behaviour)[v])
        for v in tree.terminals.tolist()
        if tree.node_name(v) == "war"
    )
    assert war == Fraction(case["risk"])


@pytest.mark.parametrize("hard", ["1/4", "5/12", "3/4"])
def test_deterrence_turns_at_the_threshold(hard: str) -> None:
    found = subgame_perfect(catalog.trees.zagare_kilgour(hard))
    assert found.complete
    assert len(found) == 1
    deterred = Fraction(hard) > Fraction(CASES["zagare_kilgour"]["threshold"])
    assert found[0].describe().split(";")[0] == f"Challenger: {'cooperate' if deterred else 'defect'}"
    assert "hard: defy" in found[0].describe()
    assert "soft: concede" in found[0].describe()


@pytest.mark.parametrize("seed", range(12))
def test_perfect_information_is_backward_induction(seed: int) -> None:
    tree = perfect_information(seed, 12)
    one, other = subgame_perfect(tree), backward_induction(tree)
    assert [e.describe() for e in one] == [e.describe() for e in other]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_found_is_subgame_perfect(seed: int) -> None:
    tree = with_recall(seed, depth=4, widths=(2,))
    found = subgame_perfect(tree)
    for e in found:
        if not e.free:
            assert check(tree, e.behaviour, concept="subgame perfect").holds
        assert check(tree, e.behaviour, concept="nash").holds


def test_equilibria_between_corners_are_admitted_to_be_missing() -> None:
    # In the subgame every mixture of Column is an equilibrium; Row enters only if Column plays L often enough.
    def column() -> Node:
        return Decision("Column", {"L": Terminal([4, 1]), "R": Terminal([0, 1])}, "Column")

    inside = Decision("Row", {"U": column(), "D": column()}, "Row inside")
    found = subgame_perfect(ExtensiveGame(Decision("Row", {"Out": Terminal([2, 0]), "In": inside}, "Row")))
    assert not found.complete
    assert "equilibria that need a point between them may be missing" in found.summary()


def test_limits_are_refused() -> None:
    with pytest.raises(MethodError, match="limit is 0"):
        subgame_perfect(battle(2), limit=0)
    with pytest.raises(SizeError, match="more than 2 combinations"):
        subgame_perfect(battle(2), limit=2)
