"""The catalogue of trees: sources, parameters, and what is refused. Known equilibria are checked with the solvers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games import BayesianGame, ExtensiveGame, catalog
from games.errors import GameError

TREES = catalog.trees


@pytest.mark.parametrize("name", TREES.names())
def test_every_entry_is_whole(name: str) -> None:
    e = TREES.entry(name)
    game = TREES.get(name)
    assert isinstance(game, BayesianGame if "bayesian" in e.tags else ExtensiveGame)
    assert e.source
    assert e.note.endswith(".")
    assert game.rational
    assert game.title
    tree = game.tree() if isinstance(game, BayesianGame) else game
    assert tree.recall_fault is None
    for known in e.known:
        if known.concept == "bayes-nash":
            assert isinstance(game, BayesianGame)
            assert all(not r.any() for r in game.regret(known.behaviour))
        else:
            assert isinstance(game, ExtensiveGame)
            game.behaviour(known.behaviour)


def test_names_by_tag_and_table() -> None:
    assert "kuhn_poker" in TREES.names("zero-sum")
    with pytest.raises(GameError, match="no tree has the tag 'crises'; did you mean 'crisis'"):
        TREES.names("crises")
    with pytest.raises(GameError, match="the catalogue has no tree 'kuhn'"):
        TREES.entry("kuhn")
    table = TREES.table()
    assert len(table) == len(TREES.names())
    assert table.loc["kydd_trust", "kind"] == "Bayesian"
    assert table.loc["kuhn_poker", "nodes"] == 55


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TREES.beer_quiche("3/2"), "surly is 3/2; it must be between 0 and 1"),
        (lambda: TREES.beer_quiche("many"), "surly is 'many', which is not a number"),
        (lambda: TREES.centipede(0), "the centipede has 0 moves"),
        (lambda: TREES.centipede(4, large=2, small=1, factor=2), "taking must beat passing"),
        (lambda: TREES.chain_store(9), "the tree holds between 1 and 8"),
        (lambda: TREES.kreps_wilson(b=2), "the game needs 0 < b < 1 < a"),
        (lambda: TREES.lemons(()), "at least one is needed"),
        (lambda: TREES.lemons((1, 2), margin=1), "make no price equal to a quality"),
        (lambda: TREES.fearon_demand(low=1, high=0), "the costs need an interval"),
        (lambda: TREES.fearon_demand(types=0), "between 1 and 200"),
        (lambda: TREES.fearon_demand(p=1, low="1/2", high=1), "no demand lies between 0 and 1"),
        (lambda: TREES.powell_offers(rounds=9), "do not fit"),
        (lambda: TREES.audience_costs(0), "between 1 and 400"),
        (lambda: TREES.audience_costs(war_a=1), "war_a is 1; it must be at most 0"),
        (lambda: TREES.international_interaction({"war": (0, 0)}), "there is no outcome 'war'"),
        (lambda: TREES.international_interaction({"negotiation": (0,)}), "needs two payoffs"),
    ],
)
def test_parameters_that_make_another_game_are_refused(make, words: str) -> None:
    with pytest.raises(GameError) as error:
        make()
    assert words in str(error.value)


def test_fearons_costs_and_demands_lie_apart() -> None:
    tree = TREES.fearon_demand(types=4, high=Fraction(2, 5))
    demands = {tree.path(v)[1] for v in tree.terminals.tolist()}
    assert demands == {"demand 1/2", "demand 3/5", "demand 7/10", "demand 4/5", "demand 9/10"}
    # Nobody is ever indifferent between accepting and fighting.
    for s in tree.information_sets:
        if s.player == 1:
            accept, fight = tree.children[s.nodes[0]]
            ends = {int(v): z for z, v in enumerate(tree.terminals)}
            assert tree.exact[ends[accept], 1] != tree.exact[ends[fight], 1]
