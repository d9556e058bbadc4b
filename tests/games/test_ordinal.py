"""Names of 2x2 games: the counts of Rapoport and Guyer, invariance, the catalogue's own names, and ties."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, catalog
from games.errors import GameError
from games.ordinal import PATTERNS, classify

quick = settings(max_examples=80, deadline=None, derandomize=True)
ranks = st.lists(st.integers(0, 3), min_size=8, max_size=8)


def game_of(numbers: list[int] | tuple[int, ...]) -> NormalFormGame:
    return NormalFormGame(np.array(numbers).reshape(2, 2, 2), actions=[["a", "b"], ["c", "d"]])


def strict_games() -> list[NormalFormGame]:
    orders = list(permutations(range(1, 5)))
    return [
        NormalFormGame.from_bimatrix(np.reshape(x, (2, 2)), np.reshape(y, (2, 2)))
        for x in orders
        for y in orders
    ]


def turned(name: str) -> str:
    return " / ".join(reversed(name.split(" / ")))


def test_the_strict_games_are_144_or_78_when_the_players_change_places() -> None:
    """Rapoport and Guyer 1966 count 78 games, 12 of them symmetric."""
    kinds = [classify(game) for game in strict_games()]
    names = {kind.name for kind in kinds}
    assert len(kinds) == 576
    assert len(names) == 144
    assert len({min(name, turned(name)) for name in names}) == 78
    assert {kind.name for kind in kinds if kind.symmetric} == set(PATTERNS.values())
    assert not any(kind.ties for kind in kinds)
    # Each strict game has four labellings of its actions, all different.
    assert all(sum(kind.name == name for kind in kinds) == 4 for name in names)


def test_the_strict_games_by_their_pure_equilibria() -> None:
    """A known split of the 144: 18 have no pure equilibrium, 108 have one, 18 have two."""
    counts = [len(classify(game).equilibria) for game in strict_games()]
    assert [counts.count(k) / 4 for k in (0, 1, 2)] == [18, 108, 18]


@pytest.mark.parametrize(
    ("order", "equilibria", "dominant"),
    [
        ("TRPS", 1, True),
        ("TRSP", 2, False),
        ("TSRP", 2, False),
        ("TSPR", 2, False),
        ("TPSR", 1, True),
        ("TPRS", 1, True),
        ("RTPS", 2, False),
        ("RPTS", 2, False),
        ("RPST", 2, False),
        ("RSPT", 1, True),
        ("RSTP", 1, True),
        ("RTSP", 1, True),
    ],
)
def test_each_symmetric_pattern_has_its_name_and_its_equilibria(
    order: str, equilibria: int, dominant: bool
) -> None:
    value = {letter: 4 - place for place, letter in enumerate(order)}
    row = np.array([[value["R"], value["S"]], [value["T"], value["P"]]])
    kind = classify(NormalFormGame.from_bimatrix(row, row.T, actions=[["C", "D"]] * 2))
    assert kind.name == PATTERNS[order]
    assert kind.cooperate == ("C", "C")
    assert kind.symmetric
    assert len(kind.equilibria) == equilibria
    assert (kind.dominant[0] is not None) == dominant == (kind.dominant[1] is not None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prisoners_dilemma", "prisoner's dilemma"),
        ("stag_hunt", "stag hunt"),
        ("assurance", "assurance"),
        ("chicken", "chicken"),
        ("deadlock", "deadlock"),
        ("harmony", "harmony"),
        ("concord", "concord"),
        ("peace", "peace"),
        ("safe_coordination", "safe coordination"),
        ("leader", "battle of the sexes (leader)"),
        ("hero", "battle of the sexes (hero)"),
        ("compromise", "compromise"),
        ("hawk_dove", "chicken"),
        ("aumann_chicken", "chicken"),
        ("cuban_missile_crisis", "battle of the sexes (hero) / stag hunt"),
        ("tariff_war", "prisoner's dilemma"),
        ("relative_gains", "prisoner's dilemma"),
        ("security_dilemma", "stag hunt"),
        ("battle_of_the_sexes", "battle of the sexes (with ties)"),
        ("coordination", "pure coordination (with ties)"),
        ("matching_pennies", "matching pennies (with ties)"),
        ("inspection", "cyclic (with ties)"),
        ("asymmetric_matching_pennies", "cyclic (with ties)"),
    ],
)
def test_names_of_the_catalogue(name: str, expected: str) -> None:
    assert classify(catalog.get(name)).name == expected


def test_the_security_dilemma_turns_into_a_prisoners_dilemma() -> None:
    assert classify(catalog.security_dilemma(2)).name == "prisoner's dilemma"


def test_an_asymmetric_game_has_the_names_of_both_patterns() -> None:
    # Row: T > R > P > S (prisoner's dilemma); column: R > T > P > S (stag hunt).
    kind = classify(
        NormalFormGame.from_bimatrix([[3, 1], [4, 2]], [[4, 3], [1, 2]], actions=[["C", "D"]] * 2)
    )
    assert kind.name == "prisoner's dilemma / stag hunt"
    assert not kind.symmetric
    assert kind.dominant == ("D", None)
    assert kind.equilibria == (("D", "D"),)


def test_games_without_a_pure_equilibrium_are_cyclic() -> None:
    assert classify(catalog.matching_pennies()).cyclic
    assert not classify(catalog.chicken()).cyclic


@quick
@given(ranks)
def test_relabelling_actions_changes_no_name(numbers: list[int]) -> None:
    game = game_of(numbers)
    for order in ([[1, 0], [0, 1]], [[0, 1], [1, 0]], [[1, 0], [1, 0]]):
        other, kind = classify(game.restrict(order)), classify(game)
        assert (other.name, other.symmetric, other.borders) == (kind.name, kind.symmetric, kind.borders)
        assert other.cooperate == kind.cooperate
        assert set(other.equilibria) == set(kind.equilibria)


@quick
@given(ranks)
def test_swapping_players_turns_the_name_around(numbers: list[int]) -> None:
    game = game_of(numbers)
    kind, other = classify(game), classify(game.permute([1, 0]))
    assert sorted(turned(name) for name in kind.borders) == sorted(other.borders)
    assert (kind.symmetric, kind.ties) == (other.symmetric, other.ties)
    if not kind.ties:
        assert other.name == turned(kind.name)


@quick
@given(ranks, st.sampled_from([1, 1000, 0.001]), st.sampled_from([0, -7, 1e6]))
def test_only_the_order_of_payoffs_counts(numbers: list[int], scale: float, shift: float) -> None:
    game = game_of(numbers)
    bent = NormalFormGame(np.exp(game.payoffs) * scale + shift, actions=game.actions)
    assert classify(bent) == classify(game)


@settings(quick, max_examples=15)
@given(ranks)
def test_ties_are_named_and_their_borders_are_what_breaking_them_makes(numbers: list[int]) -> None:
    game = game_of(numbers)
    kind = classify(game)
    own = [game.payoffs[..., i].reshape(-1).tolist() for i in range(2)]
    assert kind.ties == any(len(set(u)) < 4 for u in own)
    assert ("with ties" in kind.name) == kind.ties
    assert (kind.cooperate is None) == kind.ties
    if kind.ties and not kind.symmetric:
        broken = set()
        for x in permutations(np.arange(4) / 10):
            for y in permutations(np.arange(4) / 10):
                nudge = np.stack([np.reshape(x, (2, 2)), np.reshape(y, (2, 2))], axis=-1)
                broken.add(classify(NormalFormGame(game.payoffs + nudge)).name)
        assert set(kind.borders) == broken


def test_all_equal_and_between_two() -> None:
    assert classify(game_of([0] * 8)).name == "all outcomes equal (with ties)"
    # T > R > P = S stands between the prisoner's dilemma and chicken.
    tied = classify(NormalFormGame.from_bimatrix([[2, 0], [3, 0]], [[2, 3], [0, 0]]))
    assert tied.borders == ("chicken", "prisoner's dilemma")
    assert tied.name == "between chicken and prisoner's dilemma (with ties)"


def test_other_sizes_are_refused() -> None:
    for game in (catalog.rock_paper_scissors(), catalog.public_goods()):
        with pytest.raises(GameError, match="only 2x2 games"):
            classify(game)
