"""Swaps of regions and restraint: every number against the stage game of the swap's own map."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from games.errors import MethodError, ProfileError, ScenarioError, SizeError
from games.spheres import Power, Region, SpheresModel, Tie
from solvers import linkage, nash, repeated
from solvers.linkage._sphere_swaps import between
from solvers.spheres import third_parties
from solvers.spheres.standing import competition


def rivals_on_the_wrong_shores(count=2, regions=("East", "West")):
    """Each of the first two holds the region next to the other: a swap that both gain from."""
    names = ("A", "B", "C", "D", "E")[:count]
    powers = tuple(Power(n, {"guns": 1.0}, 0.95) for n in names)
    places = tuple(
        Region(
            r,
            {n: (8.0 if (k % 2 == 0) == (n == "B") else 2.0) for n in names},
            dict.fromkeys(names, "control"),
            {n: (500.0 if (k % 2 == 0) == (n == "B") else 4000.0) for n in names},
            0.05,
            4.0,
            10.0,
            50.0,
        )
        for k, r in enumerate(regions)
    )
    ties = tuple(
        Tie((a, b), {a: 1.0, b: 1.0}, {a: 0.1, b: 0.1}, {a: 0.1, b: 0.1}, {a: 1.0, b: 1.0}, 0.01)
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    )
    status_quo = {r: "AB"[k % 2] for k, r in enumerate(regions)}
    return SpheresModel(powers, places, ties, {"status quo": status_quo}, 2000.0)


def rebuild(model, found, row):
    """The map and the profile of one swap, from its words alone."""
    holders = dict(zip(model.region_names, [None if h == "nobody" else h for h in model.holder_names()]))
    _, profiles, _, _ = competition(model)
    profile = [int(np.argmax(v)) for v in profiles[0]]
    contests = model.profile_contests(profile).copy()
    for side, words in enumerate(found.concessions(row)):
        giver, taker = found.sides[side], found.sides[1 - side]
        for word in filter(None, words.split(", ")):
            if word.startswith("stops contesting"):
                contests[model.players.index(giver), model.players.index(taker)] = False
            else:
                region = next(r for r in model.region_names if word.endswith(f"over {r}"))
                assert holders[region] == (giver if word.startswith("hands") else None)
                holders[region] = taker
    from games.stances import action_of

    return holders, tuple(action_of(contests[i], i) for i in range(len(model.players)))


CASES = [
    ("us-china-russia-2025", "gdp", "contesting", "United States", "Russia"),
    ("us-china-russia-2025", "military", "always", "United States", "China"),
    ("great-power-competition-2021", "cinc", "always", "China", "Russia"),
    ("us-china-russia-2025", "mean", "contesting", "China", "United States"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: " ".join(c[1:]))
def test_every_number_against_the_stage_game(case):
    name, index, denial, a, b = case
    model = load(name).with_index(index).with_denial(denial)
    found = linkage.swaps(model, a, b)
    pair = [model.players.index(p) for p in (a, b)]
    _, profiles, benchmarks, _ = competition(model)
    assert all((v > 0).sum() == 1 for v in profiles[0])
    before = third_parties.autonomy(model, profiles[0])
    people = np.array([r.population for r in model.regions])
    rng = np.random.default_rng(5)
    rows = set(rng.choice(len(found), min(len(found), 12), replace=False).tolist())
    rows |= set(np.flatnonzero(found.mutual)[:6].tolist())
    for row in sorted(rows):
        holders, profile = rebuild(model, found, row)
        game = model.stage(holders)
        assert found.gains[row] == pytest.approx((game.payoff(profile) - benchmarks[0])[pair])
        pure = [e.payoffs for e in nash.pure(game)]
        if pure:
            expected = repeated.critical_discount(game, profile, "nash", equilibria=np.array(pure))
            harmed = expected.cooperative < expected.punishment_values - 1e-9
            critical = np.where(harmed, np.inf, expected.per_player)
            assert found.critical[row] == pytest.approx(critical[pair])
            slack = model.discount * (expected.cooperative - expected.punishment_values) - (
                1 - model.discount
            ) * np.maximum(expected.gain, 0)
            assert found.slack[row] == pytest.approx(slack[pair], abs=1e-9)
        else:
            assert np.isnan(found.slack[row]).all()
        for j, power in enumerate(model.players):
            if j not in pair:
                assert found.extra[f"{power} gain"][row] == pytest.approx(
                    game.payoff(profile)[j] - benchmarks[0][j]
                )
                assert found.extra["others stirred"][row] == pytest.approx(game.regret(profile)[j], abs=1e-9)
        shares = model.shares(profile, holders)["local"].to_numpy()
        assert found.extra["persons burden"][row] == pytest.approx(float((before - shares) @ people))


def test_reversion_to_the_status_quo():
    model = load("us-china-russia-2025").with_index("gdp")
    found = linkage.swaps(model, "United States", "Russia", reversion="status quo")
    _, _, benchmarks, _ = competition(model)
    pair = [model.players.index(p) for p in found.sides]
    row = int(np.flatnonzero(found.mutual)[0])
    holders, profile = rebuild(model, found, row)
    expected = repeated.critical_discount(model.stage(holders), profile, benchmarks)
    assert found.critical[row] == pytest.approx(expected.per_player[pair])
    assert "status quo map" in found.summary()


def test_the_swap_of_misplaced_regions_is_found():
    model = rivals_on_the_wrong_shores()
    found = linkage.swaps(model, "A", "B")
    best = found.to_frame()
    words = [tuple(w) for w in best[["A concedes", "B concedes"]].to_numpy()]
    assert any("hands over East" in a and "hands over West" in b for a, b in words)
    assert found.mutual.any()
    assert (best["holds"].astype(int).diff().dropna() <= 0).all()
    # The two are mirror images: exchanging their names exchanges every number.
    mirror = linkage.swaps(model, "B", "A")
    assert sorted(map(tuple, mirror.gains[:, ::-1].round(9))) == sorted(map(tuple, found.gains.round(9)))


def test_how_many_and_which():
    model = load("us-china-russia-2025")
    sides = ("United States", "China")
    every = between(model, *sides)
    # Seven regions of the United States and one of nobody's, which either can have: 2**7 * 3 - 1.
    assert len(every) == 383
    assert len(between(model, *sides, at_most=1)) == 9
    few = between(model, *sides, regions=["Taiwan", "Korea"])
    assert len(few) == 3
    assert few.items[0].name == "Taiwan"
    assert len(between(model, *sides, at_most=0)) == 0
    assert "0 possible exchanges" in between(model, *sides, at_most=0).summary()


def test_four_powers():
    model = rivals_on_the_wrong_shores(4)
    found = between(model, "A", "B")
    assert list(found.extra)[:2] == ["C gain", "D gain"]
    assert len(found) > 3


def test_what_is_refused():
    model = load("us-china-russia-2025")
    with pytest.raises(ProfileError, match="did you mean 'Russia'"):
        between(model, "United States", "Rusia")
    with pytest.raises(ProfileError, match="named twice"):
        between(model, "China", "China")
    with pytest.raises(ScenarioError, match="no region"):
        between(model, "United States", "China", regions=["Tibet"])
    with pytest.raises(ScenarioError, match="held by Russia"):
        between(model, "United States", "China", regions=["Central Asia"])
    with pytest.raises(MethodError, match="no reversion"):
        between(model, "United States", "China", reversion="never")
    with pytest.raises(MethodError, match="0 or more"):
        between(model, "United States", "China", at_most=-1)
    many = rivals_on_the_wrong_shores(2, tuple(f"R{k}" for k in range(20)))
    with pytest.raises(SizeError, match="at_most="):
        between(many, "A", "B")
    assert len(between(many, "A", "B", at_most=1)) >= 20
    five = rivals_on_the_wrong_shores(5)
    with pytest.raises(SizeError, match="reversion='status quo'"):
        between(five, "A", "B")
