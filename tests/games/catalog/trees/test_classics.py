"""Trees of the textbooks: their values and solutions at other parameters, by hand or from the source."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games import catalog
from solvers import sequential

trees = catalog.trees


def known(name: str):
    return trees.entry(name).known[0].behaviour


def test_the_two_kinds_of_equilibria_of_the_horse_pay_differently():
    tree = trees.seltens_horse()
    sequential_one, _, other = (k.behaviour for k in trees.entry("seltens_horse").known)
    assert tree.expected(sequential_one).tolist() == [1, 1, 1]
    assert tree.expected(other).tolist() == [3, 2, 2]


@pytest.mark.parametrize("bluff", [Fraction(0), Fraction(1, 6), Fraction(1, 3)])
def test_kuhns_poker_is_worth_minus_one_eighteenth_whatever_the_bluff(bluff):
    tree = trees.kuhn_poker()
    plan = {
        **known("kuhn_poker"),
        "First J": [1 - bluff, bluff],
        "First K": [1 - 3 * bluff, 3 * bluff],
        "First Q after a bet": [1 - bluff - Fraction(1, 3), bluff + Fraction(1, 3)],
    }
    assert tree.expected(plan) == pytest.approx([-1 / 18, 1 / 18])


@pytest.mark.parametrize("surly", [Fraction(9, 10), Fraction(3, 5)])
def test_what_breakfast_is_worth(surly):
    # Pooling on beer with no duel: the surly get 3, a wimp 2, the receiver is right about the surly.
    found = trees.beer_quiche(surly).expected(known("beer_quiche"))
    assert found == pytest.approx([float(3 * surly + 2 * (1 - surly)), float(surly)])


@pytest.mark.parametrize(("moves", "factor"), [(2, 2), (6, 3), (9, 2)])
def test_the_first_takes_at_once_in_every_centipede(moves, factor):
    tree = trees.centipede(moves, large=4, small=1, factor=factor)
    (only,) = sequential.backward_induction(tree)
    assert tree.expected(only.behaviour).tolist() == [4, 1]
    # Passing to the end multiplies both piles.
    end = tree.exact[-1].tolist()
    assert sorted(end) == [factor**moves, 4 * factor**moves]


@pytest.mark.parametrize("towns", [1, 2, 4])
def test_every_entrant_enters_and_the_store_gives_way(towns):
    tree = trees.chain_store(towns)
    (only,) = sequential.backward_induction(tree)
    assert tree.expected(only.behaviour).tolist() == [2 * towns, *[2] * towns]


def test_a_weak_monopolist_fights_just_often_enough():
    # With p = 1/10 and b = 1/2: a fight must raise p to b, so the weak fight with p (1 - b) / ((1 - p) b) = 1/9.
    p, b = Fraction(1, 10), Fraction(1, 2)
    fights = p * (1 - b) / ((1 - p) * b)
    plan = known("kreps_wilson")
    assert Fraction(plan["weak 1"]["fight"]) == fights
    assert p / (p + (1 - p) * fights) == b
    # The entrant expects b less the chance of a fight: 1/2 - 1/5.
    assert trees.kreps_wilson().expected(plan)[1] == pytest.approx(float(b - p - (1 - p) * fights))


def test_only_lemons_are_sold():
    tree = trees.lemons()

    def worth(offer: str) -> tuple[float, float]:
        price = Fraction(offer.removeprefix("price ")) if offer != "no offer" else Fraction(0)
        plan = {"Buyer": offer}
        for s in tree.information_sets:
            if s.player == 1:
                quality, at = s.label.removeprefix("quality ").split(" at ")
                plan[s.label] = "sell" if Fraction(at) > Fraction(quality) else "keep"
        buyer = tree.expected(plan)[0]
        sold = [Fraction(q) for q in (1, 2, 3) if price > q]
        by_hand = sum((Fraction(5, 4) * q - price for q in sold), Fraction(0)) / 3
        return float(buyer), float(by_hand)

    offers = [str(a) for a in tree.information_sets[tree.information_set("Buyer")].actions]
    table = {offer: worth(offer) for offer in offers}
    assert all(found == pytest.approx(by_hand) for found, by_hand in table.values())
    best = max(table, key=lambda offer: table[offer][0])
    assert best == "price 11/10"
    assert table[best][0] == pytest.approx(1 / 20)


def test_three_movers_solved_from_the_end():
    tree = trees.three_movers()
    (only,) = sequential.backward_induction(tree)
    assert tree.expected(only.behaviour).tolist() == [4, 4, 0]
