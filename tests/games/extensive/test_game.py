"""Trees: what they are, what they refuse, and what a strategy leads to."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest

from games import ExtensiveGame, catalog
from games.errors import GameError, ProfileError, SizeError
from games.extensive import Chance, Decision, Terminal
from tests.games.extensive.random_trees import perfect_information, with_recall

HALF = Fraction(1, 2)


def entry() -> ExtensiveGame:
    answer = Decision("Incumbent", {"Fight": Terminal([-1, -1], "war"), "Accommodate": Terminal([1, 1])})
    return ExtensiveGame(Decision("Entrant", {"Out": Terminal([0, 2]), "In": answer}), title="Entry")


def test_nodes_are_numbered_in_preorder() -> None:
    tree = entry()
    assert tree.players == ("Entrant", "Incumbent")
    assert tree.parent.tolist() == [-1, 0, 0, 2, 2]
    assert tree.mover.tolist() == [0, -2, 1, -2, -2]
    assert tree.children == ((1, 2), (), (3, 4), (), ())
    assert tree.terminals.tolist() == [1, 3, 4]
    assert tree.payoffs.tolist() == [[0, 2], [-1, -1], [1, 1]]
    assert [s.label for s in tree.information_sets] == ["Entrant 1", "Incumbent 1"]
    assert tree.path(3) == ("In", "Fight")
    assert tree.node_name(3) == "war"
    assert tree.perfect_information
    assert tree.rational


def test_arrays_are_read_only_and_pickles_come_back() -> None:
    tree = catalog.trees.kuhn_poker()
    with pytest.raises(ValueError, match="read-only"):
        tree.payoffs[0, 0] = 5
    with pytest.raises(ValueError, match="read-only"):
        tree.parent[1] = 3
    again = pickle.loads(pickle.dumps(tree))
    assert again == tree
    assert hash(again) == hash(tree)
    assert tree != entry()


def test_numbers_stay_exact() -> None:
    third = Fraction(1, 3)
    tree = ExtensiveGame(
        Chance({"x": (third, Terminal([third])), "y": (1 - third, Terminal([10**30]))}), players=["Only"]
    )
    assert tree.exact[0, 0] == third
    assert tree.exact[1, 0] == 10**30
    assert tree.normal_form().exact[0, 0] == third * third + 2 * third * 10**30


def test_probabilities_as_floats_mean_their_shortest_decimals() -> None:
    tree = ExtensiveGame(Chance({k: (p, Terminal([1])) for k, p in zip("abc", (0.1, 0.2, 0.7))}), ["P"])
    assert tree.chance[0].probabilities == (Fraction(1, 10), Fraction(1, 5), Fraction(7, 10))
    tree = ExtensiveGame(Chance({k: (1 / 3, Terminal([1])) for k in "abc"}), ["P"])
    assert sum(tree.chance[0].probabilities) == 1


def test_a_tree_may_be_thousands_deep() -> None:
    node = Terminal([0, 0])
    for k in range(3000):
        node = Decision("AB"[k % 2], {"take": Terminal([k, k + 1]), "pass": node})
    tree = ExtensiveGame(node)
    assert tree.n_nodes == 6001
    assert len(tree.subgames()) == 3000
    assert tree.recall_fault is None
    assert pickle.loads(pickle.dumps(tree)) == tree


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Decision("A", {}), "has no action"),
        (lambda: Decision("A", {"x": Terminal([1]), " ": Terminal([1])}), "a label is empty"),
        (
            lambda: Chance({"x": (HALF, Terminal([1])), "y": (Fraction(1, 3), Terminal([1]))}),
            "add up to 5/6; they must",
        ),
        (lambda: Chance({"x": (0.5, Terminal([1])), "y": (0.4, Terminal([1]))}), "add up to 0.9; they must"),
        (
            lambda: Chance({"x": (-HALF, Terminal([1])), "y": (3 * HALF, Terminal([1]))}),
            "negative probability -1/2",
        ),
        (lambda: Chance({"x": ("half", Terminal([1]))}), "'half', which is not a number"),
        (lambda: Decision("A", {"x": Terminal([1, 2])}), "the end after x needs one payoff for each of A"),
        (lambda: Decision("A", {"x": Terminal([float("nan")])}), "the end after x has the payoff nan"),
        (lambda: Decision("A", {"x": Terminal(["one"])}), "'one', which is not a number"),
        (lambda: Decision("A", {"x": Terminal({"B": 1})}), None),
        (lambda: Decision("A", {"x": 3}), "made of Decision, Chance and Terminal; got 3"),
    ],
)
def test_what_is_not_a_tree_is_refused_in_one_line(make, words) -> None:
    if words is None:
        assert ExtensiveGame(make()).players == ("A", "B")
        return
    with pytest.raises(GameError) as error:
        ExtensiveGame(make(), players=["A"])
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_an_information_set_belongs_to_one_player_and_has_one_list_of_actions() -> None:
    def tree(player: str, second: str) -> Decision:
        end = Terminal([0, 0])
        one = Decision("B", {"l": end, "r": end}, "h")
        return Decision("A", {"x": one, "y": Decision(player, {"l": end, second: end}, "h")})

    with pytest.raises(
        GameError, match="'h' holds decisions of B and of A; an information set belongs to one player"
    ):
        ExtensiveGame(tree("A", "r"))
    with pytest.raises(GameError, match="actions l, r at one node and l, s at another"):
        ExtensiveGame(tree("B", "s"))
    with pytest.raises(GameError, match="'C' moves but is not among the players"):
        ExtensiveGame(tree("C", "r"), players=["A", "B"])
    with pytest.raises(GameError, match="no player"):
        ExtensiveGame(Terminal([]))


def test_strategies_in_every_form() -> None:
    tree = catalog.trees.seltens_horse()
    forms = [
        {"1": "C", "2": "c", "3": {"L": "1/4", "R": "3/4"}},
        ["C", 0, ["1/4", "3/4"]],
        {0: [1, 0], "2": "c", "3": [Fraction(1, 4), Fraction(3, 4)]},
    ]
    for form in forms:
        behaviour = tree.behaviour(form)
        assert [list(v) for v in behaviour] == [[1, 0], [1, 0], [Fraction(1, 4), Fraction(3, 4)]]
        assert behaviour[0].dtype == object
    assert tree.behaviour({"1": "C", "2": "c", "3": [0.25, 0.75]})[2].dtype == np.float64
    assert tree.expected(forms[0]).tolist() == [1, 1, 1]
    assert tree.reach(forms[0])[0] == 1
    assert sum(tree.outcome(forms[0])) == 1


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        ({"1": "C", "2": "c"}, "says nothing about information set '3' of Player 3"),
        ({"1": "C", "2": "c", "3": "M"}, "'3' has no action 'M'"),
        ({"1": "C", "2": "c", "4": "L"}, "no information set '4'"),
        ({"1": "C", "2": "c", "3": [0.5, 0.4]}, "at '3' add up to 0.9; they must add up to 1"),
        ({"1": "C", "2": "c", "3": [Fraction(1, 3), Fraction(1, 3)]}, "at '3' add up to 2/3"),
        ({"1": "C", "2": "c", "3": [1.5, -0.5]}, "at '3' has a negative probability"),
        ({"1": "C", "2": "c", "3": [1]}, "has 1 probabilities; it needs one for each of 2 actions: L, R"),
        ({"1": "C", "2": "c", "3": 2}, "no action number 2"),
        (["C", "c"], "one entry for each of 3 information sets"),
        ({"1": "C", "2": "c", "3": [float("nan"), 1]}, "which is not a number"),
    ],
)
def test_strategies_that_do_not_fit_are_refused(strategy, words) -> None:
    with pytest.raises(ProfileError) as error:
        catalog.trees.seltens_horse().behaviour(strategy)
    assert words in str(error.value)


def test_players_and_information_sets_by_name() -> None:
    tree = entry()
    assert tree.player_index("Incumbent") == tree.player_index(1) == 1
    with pytest.raises(ProfileError, match="no player 'Incumbant'; did you mean 'Incumbent'"):
        tree.player_index("Incumbant")
    with pytest.raises(ProfileError, match="no player with index 2"):
        tree.player_index(2)
    with pytest.raises(ProfileError, match="no information set with number 7"):
        tree.information_set(7)


def test_large_trees_are_told_in_words() -> None:
    assert repr(entry()) == (
        "<ExtensiveGame 'Entry': 5 nodes, 3 ends, 2 information sets, players Entrant, Incumbent>"
    )
    assert entry()._repr_html_().startswith("<svg")
    assert perfect_information(1, 900)._repr_html_().startswith("<p>&lt;ExtensiveGame")
    with pytest.raises(SizeError, match="the normal form of this tree is out of reach"):
        perfect_information(1, 900).normal_form()


@pytest.mark.parametrize("seed", range(20))
def test_random_trees_have_perfect_recall(seed: int) -> None:
    assert with_recall(seed).recall_fault is None
