"""The strategic triangle: Dittmer's kinds and roles, pairwise stability by its definition, cheapest paths by brute force."""

from __future__ import annotations

import json
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import GameError, MethodError, ProfileError
from solvers.triangle import from_model, from_payoffs, kind, roles, textbook
from tests.solvers.worlds_by_hand import model_by_hand

CASES = json.loads((Path(__file__).parents[2] / "cases" / "triangle.json").read_text())
ALL = list(product((1, -1), repeat=3))
PAIRS = [(0, 1), (0, 2), (1, 2)]


def random_triangles(seed: int, whole: bool = True):
    rng = np.random.default_rng(seed)
    table = rng.integers(-3, 4, size=(8, 3)).astype(float) if whole else rng.normal(size=(8, 3))
    return from_payoffs(lambda s: table[ALL.index(s)], ["A", "B", "C"])


@pytest.mark.parametrize("case", CASES["kinds"]["cases"], ids=lambda c: str(c["signs"]))
def test_dittmers_kinds_roles_and_scores(case: dict) -> None:
    signs = tuple(case["signs"])
    assert kind(signs) == case["kind"]
    assert list(roles(signs)) == case["roles"]
    assert textbook().payoff(signs).tolist() == case["scores"]
    for role, score in zip(case["roles"], case["scores"]):
        assert score == CASES["roles"].get(role, -1)


def test_by_signs_alone_everybody_wants_friends() -> None:
    found = textbook(("US", "China", "Russia"))
    assert found.stable == ((1, 1, 1),)
    assert "Of all eight triangles these are pairwise stable: ménage à trois" in found.summary()
    frame = found.to_frame()
    assert frame["stable"].sum() == 1
    assert frame.loc["stable marriage, US the outcast", "role of US"] == "outcast"
    assert frame.loc["stable marriage, US the outcast", "China-Russia"] == "friendly"


@pytest.mark.parametrize("seed", range(30))
def test_pairwise_stability_by_its_definition(seed: int) -> None:
    found = random_triangles(seed)
    for signs in ALL:
        holds = True
        for tie, (i, j) in enumerate(PAIRS):
            other = tuple(-s if k == tie else s for k, s in enumerate(signs))
            u, v = found.payoff(signs), found.payoff(other)
            if signs[tie] == 1:
                holds &= u[i] >= v[i] and u[j] >= v[j]
            else:
                holds &= not (v[i] > u[i] and v[j] >= u[j]) and not (v[j] > u[j] and v[i] >= u[i])
        assert (signs in found.stable) == holds


@pytest.mark.parametrize("seed", range(4))
def test_no_way_is_cheaper_than_the_cheapest(seed: int) -> None:
    found = random_triangles(seed, whole=False)
    for start, end in product(ALL, ALL):
        path = found.cheapest_route(start, end)
        here = start
        for move in path.moves:
            assert move.start == here
            here = move.end
        assert here == end
        assert path.cost >= 0
        wanted = [k for k in range(3) if start[k] != end[k]]
        for order in permutations(wanted):
            cost, here = 0.0, start
            for tie in order:
                move = found.move(here, tie)
                cost, here = cost + move.cost, move.end
            assert path.cost <= cost + 1e-12
    frame = found.moves_frame()
    assert (np.diag(frame) == 0).all()
    for a, b, c in product(range(8), repeat=3):
        assert frame.iloc[a, c] <= frame.iloc[a, b] + frame.iloc[b, c] + 1e-12


def test_what_a_move_costs() -> None:
    table = {(1, -1, -1): (3, 5, 3), (-1, -1, -1): (1, 4, 1)}
    found = from_payoffs(lambda s: table.get(s, (0, 0, 0)), ["A", "B", "C"])
    apart = found.move((1, -1, -1), 0)
    assert dict(apart.owed) == {"B": 1}
    assert apart.description == "A and B become hostile"
    together = found.move((-1, -1, -1), 1)
    assert dict(together.owed) == {"A": 1, "C": 1}
    assert together.cost == 2
    assert found.cheapest_route((1, -1, -1), (-1, -1, -1)).to_frame()["owed to"].tolist() == ["B 1"]
    assert found.cheapest_route((1, 1, 1), (1, 1, 1)).moves == ()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 1000),
    scale=st.lists(st.sampled_from([1e-12, 0.5, 1.0, 1e12]), min_size=3, max_size=3),
    shift=st.sampled_from([0.0, 100.0]),
)
def test_stability_needs_no_common_unit(seed: int, scale: list, shift: float) -> None:
    found = random_triangles(seed)
    other = from_payoffs(lambda s: (found.payoff(s) + shift) * np.array(scale), ["A", "B", "C"])
    assert other.stable == found.stable


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 1000), order=st.permutations([0, 1, 2]))
def test_the_order_of_powers_does_not_matter(seed: int, order: list) -> None:
    found = random_triangles(seed)

    def sign(s: tuple, i: int, j: int) -> int:
        return s[PAIRS.index((min(i, j), max(i, j)))]

    def back(s: tuple) -> tuple:
        place = {old: new for new, old in enumerate(order)}
        return tuple(sign(s, place[i], place[j]) for i, j in PAIRS)

    other = from_payoffs(lambda s: found.payoff(back(s))[order], [found.players[k] for k in order])
    assert {back(s) for s in other.stable} == set(found.stable)


def test_triangles_of_a_model_pay_what_its_stage_game_pays() -> None:
    from games import load

    model = load("us-china-russia-2025")
    found = from_model(model)
    game = model.stage()
    assert found.payoff((1, 1, 1)) == pytest.approx(game.payoff(model.regimes["concert"]))
    assert found.payoff((-1, -1, -1)) == pytest.approx(game.payoff(model.regimes["all-out"]))
    for signs in ALL:
        action = [0, 0, 0]
        for (i, j), s in zip(PAIRS, signs):
            if s == -1:
                action[i] |= 1 << [k for k in range(3) if k != i].index(j)
                action[j] |= 1 << [k for k in range(3) if k != j].index(i)
        assert found.payoff(signs) == pytest.approx(game.payoff(action))
    swapped = from_model(model, [model.players[k] for k in (2, 0, 1)])
    assert swapped.payoff((1, -1, -1))[0] == pytest.approx(found.payoff((-1, 1, -1))[2])


def test_names_and_bad_input() -> None:
    found = textbook(("US", "China", "Russia"))
    assert found.named("unit veto") == (-1, -1, -1)
    assert found.named("ménage à trois") == (1, 1, 1)
    assert found.named("romantic triangle", "Russia") == (-1, 1, 1)
    assert found.named("stable marriage", "China") == (-1, 1, -1)
    with pytest.raises(MethodError, match="did you mean 'stable marriage'"):
        found.named("stable mariage", "US")
    with pytest.raises(MethodError, match="its outcast"):
        found.named("stable marriage")
    with pytest.raises(ProfileError, match="did you mean 'China'"):
        found.named("romantic triangle", "Chin")
    with pytest.raises(MethodError, match="three signs"):
        kind((1, 0, 1))
    with pytest.raises(GameError, match="three different powers"):
        textbook(("US", "US", "China"))
    with pytest.raises(GameError, match="finite"):
        from_payoffs(lambda s: (float("nan"), 0, 0), ["A", "B", "C"])


def test_models_of_more_powers_need_three_names() -> None:
    from games import load

    model = model_by_hand(4, count=4)
    with pytest.raises(GameError, match="name the three powers"):
        from_model(model)
    found = from_model(model, ["D", "A", "C"])
    game = model.stage()
    # A accommodates D and B and contests C; actions are bits over the rivals in player order.
    mixed = found.payoff((1, 1, -1))
    assert mixed == pytest.approx(game.payoff((0b010, 0b000, 0b001, 0b000))[[3, 0, 2]])
    model = load("us-china-russia-2025")
    with pytest.raises(ProfileError, match="no power 'India'"):
        from_model(model, ["United States", "China", "India"])
    with pytest.raises(GameError, match="three different"):
        from_model(model, ["China", "China", "Russia"])
