"""One equilibrium, by every method."""

from __future__ import annotations

import random

import pytest

from games import ExtensiveGame, catalog
from games.errors import MethodError
from games.extensive import Decision, Node, Terminal
from solvers.sequential import find_one, methods
from tests.games.extensive.random_trees import perfect_information, with_recall


def two_sided(depth: int, width: int, seed: int) -> ExtensiveGame:
    """A zero-sum tree in which each player sees all moves but the other's last."""
    rng = random.Random(seed)

    def node(history: tuple[int, ...]) -> Node:
        if len(history) == depth:
            a = rng.randrange(-50, 50)
            return Terminal([a, -a])
        mover = "AB"[len(history) % 2]
        seen = f"{mover}{history[:-1]}" if history else None
        return Decision(mover, {str(j): node((*history, j)) for j in range(width)}, seen)

    return ExtensiveGame(node(()), ("A", "B"))


@pytest.mark.parametrize("method", ["linear program", "lemke", "auto"])
def test_kuhn_poker(method: str) -> None:
    found = find_one(catalog.trees.kuhn_poker(), method)
    assert found.payoffs == pytest.approx([-1 / 18, 1 / 18], abs=1e-9)
    assert found.regret.max() < 1e-9
    assert found.proof == ("exact" if method == "lemke" else "numeric")


@pytest.mark.parametrize("seed", range(30))
def test_lemke_on_general_trees(seed: int) -> None:
    tree = with_recall(seed, depth=3 + seed % 2)
    found = find_one(tree, "lemke")
    assert found.regret.max() <= 1e-9
    if found.proof == "exact":
        assert found.regret.max() == 0


@pytest.mark.parametrize("seed", range(10))
def test_the_two_ways_agree_on_zero_sum_trees(seed: int) -> None:
    tree = two_sided(3, 2, seed)
    one, other = find_one(tree, "linear program"), find_one(tree, "lemke")
    assert one.payoffs == pytest.approx(other.payoffs, abs=1e-7)


def test_trees_of_five_thousand_ends() -> None:
    tree = two_sided(6, 4, 0)
    assert len(tree.terminals) == 4096
    larger = two_sided(5, 6, 0)
    assert len(larger.terminals) == 7776
    for one in (tree, larger):
        assert find_one(one).regret.max() < 1e-9


def test_methods_apply_or_are_refused() -> None:
    assert methods() == ("backward induction", "linear program", "lemke")
    horse = catalog.trees.seltens_horse()
    assert find_one(horse).regret.max() < 1e-7
    assert find_one(perfect_information(0, 20)).proof == "exact"
    with pytest.raises(MethodError, match="is for two players; this tree has 3"):
        find_one(horse, "lemke")
    with pytest.raises(MethodError, match="payoffs that add up to a constant"):
        find_one(catalog.trees.beer_quiche(), "linear program")
    with pytest.raises(MethodError, match="needs perfect information"):
        find_one(horse, "backward induction")
    with pytest.raises(MethodError, match="no method 'lemkes'; did you mean 'lemke'"):
        find_one(horse, "lemkes")


@pytest.mark.peer
def test_openspiel_gives_kuhn_poker_the_same_value() -> None:
    pyspiel = pytest.importorskip("pyspiel")
    sequence_form_lp = pytest.importorskip("open_spiel.python.algorithms.sequence_form_lp")
    value = sequence_form_lp.solve_zero_sum_game(pyspiel.load_game("kuhn_poker"), solver="CVXOPT")[0]
    assert value == pytest.approx(find_one(catalog.trees.kuhn_poker()).payoffs[0], abs=1e-7)


@pytest.mark.peer
@pytest.mark.parametrize("seed", range(10))
def test_gambit_finds_no_equilibrium_that_we_lack(seed: int, tmp_path) -> None:
    gambit = pytest.importorskip("pygambit")
    from solvers.sequential import find_all

    tree = with_recall(seed, depth=3, widths=(2,))
    tree.write(tmp_path / "tree.efg")
    theirs = gambit.read_efg(tmp_path / "tree.efg")
    payoffs = {tuple(round(float(x), 6) for x in e.payoffs) for e in find_all(tree)}
    for profile in gambit.nash.lcp_solve(theirs, rational=True).equilibria:
        assert tuple(round(float(profile.payoff(p)), 6) for p in theirs.players) in payoffs
