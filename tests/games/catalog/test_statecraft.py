"""Games of international relations: what follows at other parameters, by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import catalog
from games.errors import GameError


def pure(game) -> set[tuple[str, ...]]:
    return {game.labels(tuple(a)) for a in np.argwhere(game.best_response_mask.all(axis=-1)).tolist()}


@pytest.mark.parametrize("advantage", [Fraction(0), Fraction(1, 4), Fraction(3, 4)])
def test_trust_must_grow_with_the_advantage_of_the_offence(advantage):
    trust = float((1 + advantage) / 2)
    game = catalog.security_dilemma(advantage)
    assert pure(game) == {("Restrain", "Restrain"), ("Arm", "Arm")}
    assert game.regret([[trust, 1 - trust]] * 2) == pytest.approx([0, 0], abs=1e-12)


def test_beyond_one_the_security_dilemma_is_a_prisoners_dilemma():
    assert pure(catalog.security_dilemma(2)) == {("Arm", "Arm")}


@pytest.mark.parametrize(("security", "cost", "level"), [(4, 1, 2), (6, 1, 3), (4, 2, 1)])
def test_arms_cost_both_what_neither_gains(security, cost, level):
    game = catalog.arms_race(5, security, cost)
    assert pure(game) == {(str(level), str(level))}
    assert game.payoff([str(level)] * 2).tolist() == [-cost * level**2] * 2


def test_cuba_and_the_inspector_have_no_equilibrium_in_pure_strategies():
    for name in ("cuban_missile_crisis", "inspection"):
        assert pure(catalog.get(name)) == set()
        (profile,) = catalog.entry(name).equilibria()
        assert catalog.get(name).regret(profile) == pytest.approx([0, 0], abs=1e-12)


@pytest.mark.parametrize(("resist", "holds"), [(0.5, True), (0.75, True), (0.4, False)])
def test_a_threat_deters_if_it_is_believed_to_one_half(resist, holds):
    game = catalog.deterrence()
    regret = game.regret([[1, 0], [resist, 1 - resist]])
    assert (regret[0] <= 1e-12) == holds


@pytest.mark.parametrize(("weight", "needed"), [("0", "1/2"), ("1/4", "11/17"), ("1/2", "7/9"), ("1", "1")])
def test_relative_gains_make_cooperation_take_more_patience(weight, needed):
    # Grim trigger needs (T - R) / (T - P) of the payoffs after the weighing.
    own = catalog.relative_gains(Fraction(weight)).exact[..., 0]
    assert (own[1, 0] - own[0, 0]) / (own[1, 0] - own[1, 1]) == Fraction(needed)


def test_tariffs_are_a_dilemma_and_nothing_else():
    assert pure(catalog.tariff_war()) == {("Protection", "Protection")}
    with pytest.raises(GameError, match="needs T > R > P > S"):
        catalog.tariff_war(T=5)


@pytest.mark.parametrize(("values", "total"), [((4, 2), 6), ((8, 4), 7), ((2, 1, 1), 4)])
def test_the_great_are_exploited_by_the_small(values, total):
    # The first ally stops where v (1 - Q / 8) = 1, Q = 8 (1 - 1 / v); the others value that much defence too little.
    assert total == 8 * (1 - Fraction(1, values[0]))
    game = catalog.alliance_burden_sharing(values, levels=9)
    rest = ["0"] * (len(values) - 1)
    assert game.regret([str(total), *rest]) == pytest.approx([0] * len(values), abs=1e-12)
    best = game.payoffs[(slice(None), *[0] * len(rest), 0)]
    assert best.argmax() == total


@pytest.mark.parametrize(
    ("values", "provides"), [((2, "1/2", "1/2"), 1), (("1/2",) * 4, 0), ((2, 2, "1/2"), 2)]
)
def test_order_is_provided_by_those_whom_it_repays(values, provides):
    game = catalog.hegemonic_stability([Fraction(v) for v in values])
    assert pure(game) == {("Provide",) * provides + ("Free ride",) * (len(values) - provides)}


def test_two_of_three_take_from_the_third():
    game = catalog.three_person_majority()
    assert game.payoffs.sum(axis=-1) == pytest.approx(np.zeros((2, 2, 2)))
    assert game.payoff(["name B", "name A", "name A"]).tolist() == [0.5, 0.5, -1]
    # Each names the next: nobody is named back.
    assert game.payoff(["name B", "name C", "name A"]).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: catalog.security_dilemma(1),
        lambda: catalog.security_dilemma(-1),
        lambda: catalog.arms_race(1),
        lambda: catalog.relative_gains(T=1),
        lambda: catalog.alliance_burden_sharing(()),
        lambda: catalog.hegemonic_stability(()),
    ],
)
def test_numbers_of_another_game_are_refused(call):
    with pytest.raises(GameError):
        call()
