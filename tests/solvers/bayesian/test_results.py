"""How Bayes-Nash equilibria show themselves."""

from __future__ import annotations

import pytest

from games import catalog
from solvers.bayesian import BayesEquilibrium, find_all


def test_kinds_are_named() -> None:
    game = catalog.trees.kydd_trust()
    found = find_all(game)
    kinds = [e.kinds[0] for e in found]
    assert sorted(kinds) == ["pooling", "semi-separating", "separating"]
    one = find_all(catalog.trees.entry_deterrence())[0]
    assert one.kinds == ("one type", "separating")
    assert "Defender: separating" in one.summary()


def test_what_actions_tell() -> None:
    game = catalog.trees.kydd_trust()
    separating = BayesEquilibrium(game, game.strategy([["Cooperate", "Defect"]] * 2), "exact")
    assert separating.belief("First", "Cooperate").tolist() == [1, 0]
    pooling = BayesEquilibrium(game, game.strategy(["Defect", "Defect"]), "exact")
    assert pooling.belief("First", "Defect").tolist() == [0.75, 0.25]
    assert pooling.belief("First", "Cooperate") is None
    mixed = BayesEquilibrium(game, game.strategy([[[1 / 3, 2 / 3], [0, 1]], "Defect"]), "numeric")
    assert mixed.belief("First", "Defect") == pytest.approx([2 / 3, 1 / 3])
    assert mixed.kinds[0] == "semi-separating"


def test_tables_and_sentences() -> None:
    found = find_all(catalog.trees.kydd_trust())
    assert found.summary().startswith("3 Bayes-Nash equilibria, by vertex enumeration")
    assert "every equilibrium is regular" in found.summary()
    frame = found.to_frame()
    assert list(frame.index) == [1, 2, 3]
    assert set(frame["proof"]) == {"exact"}
    rows = found[0].to_frame()
    assert set(rows["type"]) == {"trustworthy", "untrustworthy"}
    assert found[0].describe().startswith("First: ")
    assert len(found[:2]) == 2
    assert "Bayes-Nash equilibrium" in repr(found[0])
