"""The catalogue: payoffs against data typed from the sources, equilibria against exact enumeration."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from games import NormalFormGame, catalog
from games.errors import GameError
from solvers import nash

CASES = json.loads((Path(__file__).parents[1] / "cases" / "catalog.json").read_text(encoding="utf-8"))[
    "games"
]

Vector = tuple[Fraction, ...]


# ------------------------------------------------------------------ an independent exact enumeration


def solve(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Gauss-Jordan over the rationals; None if the system has not exactly one solution."""
    n = len(rows)
    table = [[*row, value] for row, value in zip(rows, right)]
    for c in range(n):
        pivot = next((r for r in range(c, n) if table[r][c]), None)
        if pivot is None:
            return None
        table[c], table[pivot] = table[pivot], table[c]
        table[c] = [x / table[c][c] for x in table[c]]
        for r in range(n):
            if r != c and table[r][c]:
                factor = table[r][c]
                table[r] = [x - factor * y for x, y in zip(table[r], table[c])]
    return [row[n] for row in table]


def labelled_vertices(M: np.ndarray) -> list[tuple[Vector, frozenset[int]]]:
    """Vertices of {x >= 0, M x <= 1} but the origin, normalised, with the labels of the constraints that bind.

    Label j < n says x_j = 0, label n + i says (M x)_i = 1.
    """
    m, n = M.shape
    rows = [[Fraction(int(j == k)) for k in range(n)] for j in range(n)] + M.tolist()
    right = [Fraction(0)] * n + [Fraction(1)] * m
    found: dict[Vector, frozenset[int]] = {}
    for chosen in combinations(range(n + m), n):
        x = solve([rows[c] for c in chosen], [right[c] for c in chosen])
        if x is None or not any(x) or min(x) < 0:
            continue
        values = [sum(a * b for a, b in zip(row, x)) for row in rows]
        if any(values[n + i] > 1 for i in range(m)):
            continue
        labels = frozenset(k for k in range(n + m) if values[k] == right[k])
        found[tuple(p / sum(x) for p in x)] = labels
    return list(found.items())


def extreme_equilibria(game: NormalFormGame) -> set[tuple[Vector, Vector]]:
    """All extreme equilibria of a two-player game: fully labelled pairs of vertices (Mangasarian 1964; von Stengel 2002)."""
    A, B = (np.array(game.exact[..., i]) for i in range(2))
    A, B = A - A.min() + 1, B - B.min() + 1
    k, l = game.shape
    # A vertex x of the first polytope: labels 0..k-1 where x is zero, k.. where a column is a best reply.
    first = labelled_vertices(B.T)
    second = [
        (y, frozenset(label + k if label < l else label - l for label in labels))
        for y, labels in labelled_vertices(A)
    ]
    everything = frozenset(range(k + l))
    return {(x, y) for x, one in first for y, other in second if one | other == everything}


def equilibria_2x2x2(game: NormalFormGame) -> list[tuple[float, float, float]]:
    """All equilibria of a generic 2x2x2 game as probabilities of the first actions, by supports and the quadratic formula."""
    u = game.payoffs

    def gain(i: int, others: list[float]) -> float:
        """What player i gains by its first action over its second, against probabilities of the others' first actions."""
        j, k = (p for p in range(3) if p != i)
        d = np.moveaxis(u[..., i], i, 0)
        table = d[0] - d[1]
        x, y = others[j], others[k]
        return float(np.array([x, 1 - x]) @ table @ np.array([y, 1 - y]))

    def bilinear(i: int) -> tuple[float, float, float, float]:
        """c0 + c1 x + c2 y + c3 xy for the gain of player i against the first and second of the others."""
        j, k = (p for p in range(3) if p != i)
        at = [[gain(i, [{j: x, k: y}.get(p, 0.0) for p in range(3)]) for y in (0.0, 1.0)] for x in (0.0, 1.0)]
        return at[0][0], at[1][0] - at[0][0], at[0][1] - at[0][0], at[1][1] - at[1][0] - at[0][1] + at[0][0]

    candidates: list[list[float]] = [list(map(float, p)) for p in product((0, 1), repeat=3)]
    for fixed, value in product(range(3), (0.0, 1.0)):
        j, k = (p for p in range(3) if p != fixed)
        point = [0.0, 0.0, 0.0]
        point[fixed] = value
        for mover, mixer in ((j, k), (k, j)):
            low, high = (gain(mover, [x if p == mixer else point[p] for p in range(3)]) for x in (0.0, 1.0))
            if low != high:
                point[mixer] = low / (low - high)
        candidates.append(point)
    # All mix: q from player 1's indifference given r, p from player 2's; player 3's then is a quadratic in r. Where a
    # denominator vanishes with its numerator, that probability is free for player 1 or 2, and player 3 fixes it.
    a0, a1, a2, a3 = bilinear(0)  # of q, r
    b0, b1, b2, b3 = bilinear(1)  # of p, r
    c0, c1, c2, c3 = bilinear(2)  # of p, q
    r = np.polynomial.Polynomial([0, 1])
    q_up, q_down = -(a0 + a2 * r), a1 + a3 * r
    p_up, p_down = -(b0 + b2 * r), b1 + b3 * r
    quadratic = c0 * p_down * q_down + c1 * p_up * q_down + c2 * q_up * p_down + c3 * p_up * q_up
    roots = [
        x for f in (quadratic, q_down, p_down) if f.trim(1e-12).degree() > 0 for x in f.trim(1e-12).roots()
    ]

    def ratio(up: float, down: float) -> float | None:
        return float(up / down) if abs(down) > 1e-9 else None

    for x in (root.real for root in roots if abs(root.imag) < 1e-9):
        p, q = ratio(p_up(x), p_down(x)), ratio(q_up(x), q_down(x))
        if q is None and p is not None and abs(q_up(x)) < 1e-9:
            q = ratio(-(c0 + c1 * p), c2 + c3 * p)
        elif p is None and q is not None and abs(p_up(x)) < 1e-9:
            p = ratio(-(c0 + c2 * q), c1 + c3 * q)
        if p is not None and q is not None:
            candidates.append([p, q, float(x)])
    found: list[tuple[float, float, float]] = []
    for point in candidates:
        if not all(-1e-9 <= x <= 1 + 1e-9 for x in point):
            continue
        clipped = [min(1.0, max(0.0, x)) for x in point]
        regret = game.regret([[x, 1 - x] for x in clipped])
        if regret.max() < 1e-9 and not any(np.allclose(clipped, other, atol=1e-7) for other in found):
            found.append((clipped[0], clipped[1], clipped[2]))
    return found


# ------------------------------------------------------------------ payoffs against the sources


def payoffs_of(case: dict[str, Any]) -> np.ndarray | None:
    if "bimatrix" in case:
        table = np.array(case["bimatrix"], dtype=object)
    elif "columns" in case:
        table = np.array(case["columns"], dtype=object).transpose(1, 0, 2)
    elif "slices" in case:
        table = np.array(case["slices"], dtype=object).transpose(1, 2, 0, 3)
    else:
        return None
    return np.vectorize(Fraction, otypes=[object])(table)


@pytest.mark.parametrize("name", CASES)
def test_payoffs_are_those_of_the_source(name: str) -> None:
    wanted = payoffs_of(CASES[name])
    if wanted is not None:
        assert (catalog.get(name).exact == wanted).all()


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if "count" in c])
def test_number_and_payoffs_of_equilibria_are_those_of_the_source(name: str) -> None:
    entry = catalog.entry(name)
    assert entry.count == CASES[name]["count"]
    if "equilibrium_payoffs" in CASES[name]:
        game = entry.make()
        found = sorted(tuple(game.expected(p).round(9)) for p in entry.equilibria())
        wanted = sorted(
            tuple(round(float(Fraction(x)), 9) for x in pair) for pair in CASES[name]["equilibrium_payoffs"]
        )
        assert found == wanted


# ------------------------------------------------------------------ every entry


@pytest.mark.parametrize("name", catalog.names())
def test_known_equilibria_are_equilibria(name: str) -> None:
    entry = catalog.entry(name)
    game = entry.make()
    profiles = entry.equilibria()
    for profile in profiles:
        assert (game.regret(profile) <= 1e-12 * game.ranges).all()
    keys = {tuple(tuple(v.tolist()) for v in profile) for profile in profiles}
    assert len(keys) == len(profiles)
    assert entry.count is None or entry.count >= len(profiles)


@pytest.mark.parametrize("name", catalog.names())
def test_rational_equilibria_have_exactly_no_regret(name: str) -> None:
    entry = catalog.entry(name)
    game = entry.make()
    if game.payoffs.size > 5000:
        return
    for profile in entry.exact_equilibria():
        assert all(sum(vector) == 1 and min(vector) >= 0 for vector in profile)
        for i in range(game.n_players):
            values = game.exact[..., i]
            for j in reversed(range(game.n_players)):
                if j != i:
                    values = np.tensordot(values, np.array(profile[j], dtype=object), axes=(j, 0))
            assert max(values) == sum(p * v for p, v in zip(profile[i], values))


@pytest.mark.parametrize("name", catalog.names())
def test_every_pure_equilibrium_of_a_completely_known_game_is_listed(name: str) -> None:
    entry = catalog.entry(name)
    game = entry.make()
    pure = {tuple(map(int, a)) for a in np.argwhere(game.best_response_mask.all(axis=-1))}
    listed = {
        tuple(int(np.argmax(v)) for v in profile)
        for profile in entry.equilibria()
        if all(v.max() == 1 for v in profile)
    }
    assert listed <= pure
    if entry.complete:
        assert listed == pure


SMALL = [n for n in catalog.names() if catalog.get(n).n_players == 2 and sum(catalog.get(n).shape) <= 12]


@pytest.mark.parametrize("name", [n for n in SMALL if catalog.entry(n).complete])
def test_two_player_games_called_complete_have_no_other_equilibrium(name: str) -> None:
    entry = catalog.entry(name)
    found = extreme_equilibria(entry.make())
    assert found == set(entry.exact_equilibria())
    # No strategy stands in two of them, so that none are connected and these are all.
    for side in range(2):
        assert len({pair[side] for pair in found}) == len(found)


@pytest.mark.parametrize("name", ["von_stengel_degenerate", "winkels", "deterrence"])
def test_degenerate_games_list_their_extreme_equilibria(name: str) -> None:
    assert extreme_equilibria(catalog.get(name)) == set(catalog.entry(name).exact_equilibria())


def test_von_stengels_game_has_75_equilibria() -> None:
    found = extreme_equilibria(catalog.von_stengel_6x6())
    assert len(found) == 75
    assert set(catalog.entry("von_stengel_6x6").exact_equilibria()) <= found


THREE = [
    "mckelvey_mclennan",
    "nau_irrational",
    "anti_coordination",
    "volunteers_dilemma",
    "public_goods",
    "hegemonic_stability",
]


@pytest.mark.parametrize("name", THREE)
def test_three_player_games_called_complete_have_no_other_equilibrium(name: str) -> None:
    entry = catalog.entry(name)
    assert entry.complete
    found = equilibria_2x2x2(entry.make())
    listed = [tuple(float(v[0]) for v in profile) for profile in entry.equilibria()]
    assert len(found) == len(listed)
    for point in listed:
        assert any(np.allclose(point, other, atol=1e-9) for other in found)


def test_jordans_game_has_only_the_even_mixture() -> None:
    """Each player's gain depends on one other player alone and vanishes at 1/2 alone, so whoever mixes fixes another at 1/2."""
    game = catalog.jordan()
    for i, other in enumerate((1, 2, 0)):
        d = np.moveaxis(game.payoffs[..., i], (i, other), (0, 1))
        gain = d[0] - d[1]
        assert (gain[:, 0] == gain[:, 1]).all()
        assert gain[0, 0] == -gain[1, 0] != 0
    assert not game.best_response_mask.all(axis=-1).any()


def test_judd_yeltekin_conklin_is_solved_by_iterated_strict_dominance() -> None:
    game = catalog.judd_yeltekin_conklin()
    assert game.shape == (15, 15)
    kept = [list(range(15)), list(range(15))]
    while True:
        small = game.restrict(kept)
        own = [small.exact[..., 0], small.exact[..., 1].T]
        left = [
            [a for a, row in zip(labels, u) if not any((other > row).all() for other in u)]
            for labels, u in zip(kept, own)
        ]
        if left == kept:
            break
        kept = left
    assert [game.actions[i][kept[i][0]] for i in range(2)] == ["12/7", "12/7"]
    assert [len(labels) for labels in kept] == [1, 1]


def test_the_travellers_dilemma_has_one_equilibrium() -> None:
    small = catalog.travellers_dilemma(2, 6, 2)
    low = (Fraction(1), *[Fraction(0)] * 4)
    assert extreme_equilibria(small) == {(low, low)}


COUNTED = [n for n in catalog.names() if catalog.entry(n).count and catalog.get(n).payoffs.size < 1000]


@pytest.mark.parametrize("name", COUNTED)
def test_our_own_solver_finds_all_of_them(name: str) -> None:
    entry = catalog.entry(name)
    found = nash.find_all(entry.make())
    assert found.complete
    assert len(found) == entry.count
    for profile in entry.equilibria():
        assert any(all(np.allclose(v, w, atol=1e-9) for v, w in zip(profile, e.profile)) for e in found)


@pytest.mark.peer
@pytest.mark.parametrize("name", [n for n in SMALL if catalog.entry(n).count])
def test_gambit_finds_as_many(name: str) -> None:
    gambit = pytest.importorskip("pygambit")
    exact = catalog.get(name).exact
    arrays = [
        np.vectorize(lambda x: gambit.Rational(x.numerator, x.denominator), otypes=[object])(exact[..., i])
        for i in range(2)
    ]
    found = gambit.nash.enummixed_solve(gambit.Game.from_arrays(*arrays), rational=True).equilibria
    assert len(found) == catalog.entry(name).count


# ------------------------------------------------------------------ the catalogue as a whole


def test_there_are_at_least_forty_games_each_with_a_source() -> None:
    assert len(catalog.names()) >= 40
    for name in catalog.names():
        entry = catalog.entry(name)
        assert entry.name == name == entry.make.__name__
        assert getattr(catalog, name) is entry.make
        assert name in catalog.__all__
        assert entry.title
        assert entry.make().title
        assert entry.make.__doc__
        assert entry.tags
        assert entry.known
        assert re.search(r"\b1[89]\d\d\b|\b20\d\d\b", entry.source), f"{name}: the source has no year"


def test_tags_and_table() -> None:
    assert "chicken" in catalog.names("anticoordination")
    assert set(catalog.names("zero-sum")) >= {
        "matching_pennies",
        "rock_paper_scissors",
        "oneill",
        "colonel_blotto",
    }
    for name in catalog.names("zero-sum"):
        assert catalog.get(name).payoffs.sum(axis=-1) == pytest.approx(0)
    for name in catalog.names("2x2"):
        assert catalog.get(name).shape == (2, 2)
    for name in catalog.names("symmetric"):
        game = catalog.get(name)
        payoffs = game.payoffs
        for i in range(1, game.n_players):
            swapped = np.swapaxes(payoffs, 0, i)
            assert np.array_equal(swapped[..., i], payoffs[..., 0])
            assert np.array_equal(swapped[..., 0], payoffs[..., i])
    table = catalog.table()
    assert list(table.index) == list(catalog.names())
    assert table.loc["von_stengel_6x6", "size"] == "6x6"
    assert not table.loc["von_stengel_6x6", "all known"]


def test_get_passes_parameters_on() -> None:
    assert catalog.get("prisoners_dilemma", T=4).payoff((1, 0)).tolist() == [4, 0]
    assert catalog.get("public_goods", n=5).n_players == 5


def test_unknown_names_and_tags_get_a_suggestion() -> None:
    with pytest.raises(GameError, match="did you mean 'chicken'"):
        catalog.get("chiken")
    with pytest.raises(GameError, match="did you mean 'zero-sum'"):
        catalog.names("zerosum")


BAD = [
    ("prisoners_dilemma", {"T": 2}, "T > R > P > S; got T = 2 and R = 3"),
    ("chicken", {"P": 2}, "T > R > S > P; got S = 2 and P = 2"),
    ("hawk_dove", {"cost": 1}, "cost > value"),
    ("battle_of_the_sexes", {"second": 3}, "best > second"),
    ("matching_pennies", {"stake": 0}, "positive stake"),
    ("coordination", {"actions": 0}, "at least one"),
    ("rock_paper_scissors", {"lose": 1}, "win > 0 > lose"),
    ("asymmetric_matching_pennies", {"prize": 40}, "above 40"),
    ("cournot", {"quantities": []}, "quantities"),
    ("cournot", {"quantities": [1, 1]}, "distinct"),
    ("judd_yeltekin_conklin", {"actions": 1}, "at least two"),
    ("nash_demand", {"pie": 1}, "at least 2"),
    ("travellers_dilemma", {"bonus": 1}, "bonus > 1"),
    ("war_of_attrition", {"value": 0}, "positive value"),
    ("colonel_blotto", {"troops": 0}, "at least one"),
    ("public_goods", {"n": 0}, "at least 1 players"),
    ("volunteers_dilemma", {"cost": 5}, "benefit > cost"),
    ("anti_coordination", {"prize": 1}, "above 1"),
    ("minority", {"n": 4}, "odd number"),
    ("el_farol", {"seats": 5}, "between 1 and 4"),
    ("minimum_effort", {"levels": 0}, "levels of effort"),
    ("beauty_contest", {"n": 1}, "at least 2"),
    ("security_dilemma", {"advantage": 1}, "not 1"),
    ("arms_race", {"levels": 1}, "levels of arms"),
    ("relative_gains", {"S": 2}, "T > R > P > S"),
    ("alliance_burden_sharing", {"levels": 1}, "levels of contribution"),
    ("hegemonic_stability", {"values": []}, "powers"),
]


@pytest.mark.parametrize(
    ("name", "parameters", "message"), BAD, ids=[f"{n}-{'-'.join(p)}" for n, p, _ in BAD]
)
def test_parameters_that_make_another_game_are_refused(
    name: str, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(GameError, match=re.escape(message)):
        catalog.get(name, **parameters)


# ------------------------------------------------------------------ closed forms for other parameters


@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("prize", [2, 4, 10.5])
def test_anti_coordination_has_an_equilibrium_for_every_set_of_claimants(n: int, prize: float) -> None:
    game = catalog.anti_coordination(n, prize)
    for m in range(1, n + 1):
        safe = 0.0 if m == 1 else prize ** (-1 / (m - 1))
        for mixers in combinations(range(n), m):
            profile = [[safe, 1 - safe] if i in mixers else [1, 0] for i in range(n)]
            assert game.regret(profile).max() < 1e-12 * prize


@pytest.mark.parametrize(("n", "benefit", "cost"), [(2, 3, 1), (4, 10, 3), (5, 2, 1)])
def test_volunteers_wait_as_the_formula_says(n: int, benefit: int, cost: int) -> None:
    wait = (cost / benefit) ** (1 / (n - 1))
    game = catalog.volunteers_dilemma(n, benefit, cost)
    assert game.regret([[1 - wait, wait]] * n).max() < 1e-12 * benefit


@pytest.mark.parametrize(("value", "cost"), [(1, 2), (2, 3), (1.5, 6)])
def test_hawks_have_the_share_value_over_cost(value: float, cost: float) -> None:
    share = value / cost
    assert catalog.hawk_dove(value, cost).regret([[share, 1 - share]] * 2).max() < 1e-12


@pytest.mark.parametrize(
    ("weight", "critical"),
    [(0, Fraction(1, 2)), (Fraction(1, 4), Fraction(11, 17)), (Fraction(1, 2), Fraction(7, 9)), (1, 1)],
)
def test_relative_gains_raise_the_patience_that_grim_trigger_needs(
    weight: Fraction, critical: Fraction
) -> None:
    exact = catalog.relative_gains(weight).exact[..., 0]
    R, T, P = exact[0, 0], exact[1, 0], exact[1, 1]
    assert critical == (T - R) / (T - P)


def test_public_good_needs_patience_of_one_half() -> None:
    game = catalog.public_goods()
    R, T, P = (game.payoffs[cell][0] for cell in ((0, 0, 0), (1, 0, 0), (1, 1, 1)))
    assert (T - R) / (T - P) == 0.5


@pytest.mark.parametrize("advantage", [0, Fraction(1, 4), 0.9])
def test_the_security_dilemma_needs_as_much_trust_as_it_says(advantage: Any) -> None:
    trust = float((1 + advantage) / 2)
    assert catalog.security_dilemma(advantage).regret([[trust, 1 - trust]] * 2).max() < 1e-12


def test_coordination_has_an_equilibrium_for_every_set_of_actions() -> None:
    game = catalog.coordination(3)
    full = extreme_equilibria(game)
    assert len(full) == 2**3 - 1


def test_cournot_converges_to_the_textbook_quantity() -> None:
    game = catalog.cournot(3, range(0, 41), 100, 20)
    assert game.best_response_mask[20, 20, 20].all()  # (100 - 20) / (3 + 1)


def test_aumanns_correlated_equilibrium_pays_five_and_a_quarter() -> None:
    """Weights 1/2 on (Yield, Yield) and 1/4 on each of the others: obeying is a best reply to one's own signal."""
    game = catalog.aumann_chicken()
    weights = np.array([[1, 0.5], [0.5, 0]]) / 2
    assert (weights[..., None] * game.payoffs).sum(axis=(0, 1)).tolist() == [5.25, 5.25]
    for told, instead in ((0, 1), (1, 0)):
        assert weights[told] @ game.payoffs[told, :, 0] >= weights[told] @ game.payoffs[instead, :, 0]


def test_moulin_and_vials_point_improves_on_the_only_equilibrium() -> None:
    game = catalog.moulin_vial()
    third = np.eye(3) / 3
    value = (third[..., None] * game.payoffs).sum(axis=(0, 1))
    np.testing.assert_allclose(value, 10 / 3)
    for i in range(2):
        deviations = [np.take(game.payoffs[..., i], a, axis=i).mean() for a in range(3)]
        assert max(deviations) < 10 / 3
