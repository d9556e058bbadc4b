"""Deterrence and trust of a side whose kind is unknown: where the thresholds lie, by hand, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games import catalog
from games.errors import GameError

TREES = catalog.trees


@pytest.mark.parametrize("hard", [Fraction(1, 6), Fraction(1, 3), Fraction(1, 2)])
def test_a_challenger_defects_where_the_defender_is_hard_too_rarely(hard):
    tree = TREES.zagare_kilgour(hard)
    answer = {"hard": "defy", "soft": "concede"}
    kept = tree.expected({"Challenger": "cooperate", **answer})[0]
    tried = tree.expected({"Challenger": "defect", **answer})[0]
    # A conflict with the hard pays 0, a concession of the soft 3, the status quo 2.
    assert kept == 2
    assert tried == pytest.approx(float(3 * (1 - hard)))
    assert (tried > kept) == (hard < Fraction(1, 3))


@pytest.mark.parametrize(("challenger", "defender", "ends"), [(1, 1, (2, 2)), (0, 1, (1, 3)), (1, 0, (4, 1))])
def test_a_crisis_of_known_kinds_ends_where_the_harder_side_wants(challenger, defender, ends):
    tree = TREES.unilateral_deterrence(challenger, defender)
    plan = {"hard challenger": "defect", "soft challenger": "defect"}
    plan |= {"hard defender": "defy", "soft defender": "concede"}
    plan |= {"hard challenger, defied": "press on", "soft challenger, defied": "concede"}
    assert tuple(tree.expected(plan).tolist()) == ends


@pytest.mark.parametrize("prior", [Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)])
def test_trust_needs_its_threshold(prior):
    game = TREES.kydd_trust(prior)
    regrets = game.regret([["Cooperate", "Defect"], ["Cooperate", "Defect"]])
    # R = 4 with the trustworthy and S = 0 with the others, against T = 3 and P = 2.
    expected = max(0, 3 * prior + 2 * (1 - prior) - 4 * prior)
    for own in regrets:
        assert own.tolist() == pytest.approx([float(expected), 0])
    assert (expected == 0) == (prior >= Fraction(2, 3))


def test_the_challenger_attacks_a_defender_it_takes_to_be_weak():
    weak, strong = TREES.entry_deterrence(Fraction(3, 8)), TREES.entry_deterrence(Fraction(3, 4))
    plan = [["Attack"], ["Fight", "Yield"]]
    # An attack pays 1 against the weak and -1 against the strong, waiting 0.
    assert not any(r.any() for r in weak.regret(plan))
    assert strong.regret(plan)[0].tolist() == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TREES.zagare_kilgour(a_sq=9), "this game needs a_dc > a_sq > a_dd"),
        (lambda: TREES.unilateral_deterrence(challenger={"peace": 1}), "there is no outcome 'peace'"),
        (
            lambda: TREES.unilateral_deterrence(challenger={"conflict soft": 3}),
            "the challenger needs conflict hard",
        ),
        (
            lambda: TREES.unilateral_deterrence(defender={"conflict soft": 3}),
            "the defender needs conflict hard",
        ),
        (lambda: TREES.kydd_trust(R=6), "this game needs exploit > R > T > P > S"),
        (lambda: TREES.entry_deterrence(1), "probability 0; leave out a type"),
    ],
)
def test_parameters_that_make_another_game_are_refused(make, words: str) -> None:
    with pytest.raises(GameError) as error:
        make()
    assert words in str(error.value)
