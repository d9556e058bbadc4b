"""The intuitive criterion, and refinements of whole lists."""

from __future__ import annotations

import pytest

from games import catalog
from games.errors import MethodError
from solvers.sequential import find_all, intuitive, refine

BEER = {"surly": "beer", "wimp": "beer", "after beer": "no duel", "after quiche": "duel"}
QUICHE = {"surly": "quiche", "wimp": "quiche", "after beer": "duel", "after quiche": "no duel"}


def test_beer_survives_and_quiche_does_not() -> None:
    tree = catalog.trees.beer_quiche()
    assert intuitive(tree, BEER).holds
    verdict = intuitive(tree, QUICHE)
    assert verdict.holds is False
    assert verdict.reason.startswith("After 'beer' only surly could gain")
    found = find_all(tree)
    kept = refine(found, "intuitive").survivors
    assert {path[1] for e in kept for path in e.outcomes} == {"beer"}
    assert len(refine(found).survivors) == 4


def test_many_wimps_separate_nothing_by_themselves() -> None:
    # With more wimps than surly the receiver duels after a pooled breakfast: only mixed equilibria are left.
    found = find_all(catalog.trees.beer_quiche("1/4"))
    assert found.complete
    assert all(not e.is_pure for e in found)


@pytest.mark.parametrize("maker", [catalog.trees.sunk_costs, catalog.trees.tied_hands])
def test_nobody_who_signals_gives_in(maker) -> None:
    # Fearon 1997: in equilibrium no sender bears the cost of a signal, is challenged, and then concedes.
    tree = maker()
    for e in refine(find_all(tree)).survivors:
        for path in e.outcomes:
            assert not (path[1] == "signal 3" and path[-1] == "concede")


def test_a_gesture_reassures() -> None:
    tree = catalog.trees.costly_gesture()
    survivors = refine(find_all(tree), "intuitive").survivors
    assert survivors
    separating = {
        "trustworthy": "gesture",
        "untrustworthy": "none",
        "after gesture": "trust",
        "after none": "guard",
    }
    assert intuitive(tree, separating).holds


def test_free_information_sets_are_filled_in() -> None:
    tree = catalog.trees.centipede(3)
    found = refine(find_all(tree), "subgame perfect")
    assert any(v.holds for v in found.verdicts)
    for e in found.survivors:
        assert e.describe().startswith("1: take; 2: take")
        assert e.behaviour[2].tolist() == [1, 0]
    frame = found.to_frame()
    assert set(frame["subgame perfect"]) <= {"yes", "no"}
    assert "equilibria" in found.summary()


def test_other_trees_are_refused() -> None:
    with pytest.raises(MethodError, match="chance does not move first"):
        intuitive(catalog.trees.seltens_horse(), {"1": "C", "2": "c", "3": "R"})
    poker = catalog.trees.kuhn_poker()
    with pytest.raises(MethodError, match="the sender does not know its type"):
        intuitive(poker, find_all(poker)[0].behaviour)
    tree = catalog.trees.sunk_costs()
    with pytest.raises(MethodError, match="the game goes on after the receiver"):
        intuitive(tree, find_all(tree)[0].behaviour)
    with pytest.raises(MethodError, match="no concept 'proper'"):
        refine(find_all(catalog.trees.beer_quiche()), "proper")
