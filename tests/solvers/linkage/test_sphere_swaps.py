"""Swaps of regions and restraint: every number against the stage game of the swap's own map."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from games.errors import MethodError, ProfileError, ScenarioError, SizeError
from games.spheres import Claim, Member, Place, Power, Region, SpheresModel
from solvers import linkage, nash, repeated
from solvers.linkage._sphere_swaps import between
from solvers.spheres import third_parties
from solvers.spheres.standing import competition


def rivals_on_the_wrong_shores(count=2, regions=("East", "West")):
    """Each of the first two leads the region next to the other, which disputes it: a swap that both gain from."""
    names = ("A", "B", "C", "D", "E")[:count]
    lengths = (0.0, 60.0, 120.0, 170.0, -120.0)
    powers = tuple(Power(n, 0.1, 0.1, (Place(n, 0.0, lon),), patience=0.95) for n, lon in zip(names, lengths))
    places = tuple(
        Region(
            r,
            (Member(r, 0.02, 0.02, 5.0, 58.0 if k % 2 == 0 else 2.0, {"BA"[k % 2]: Claim(0.5)}),),
            ("AB"[k % 2],),
            population=10.0,
            output=50.0,
        )
        for k, r in enumerate(regions)
    )
    return SpheresModel(powers, places)


def rebuild(model, found, row):
    """The map and the profile of one swap, from its words alone."""
    holders: dict[str, str | None] = {}
    now = dict(zip(model.region_names, [None if h == "nobody" else h for h in model.holder_names()]))
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
                assert now[region] == (giver if word.startswith("hands") else None)
                holders[region] = taker
    from games.spheres.stances import action_of

    return holders, tuple(action_of(contests[i], i) for i in range(len(model.players)))


CASES = [
    ("us-china-russia-2025", "GDP", "whole", "United States", "Russia"),
    ("us-china-russia-2025", "CINC", "whole", "United States", "China"),
    ("us-china-russia-2021", "CINC", "part or rivalry", "China", "Russia"),
    ("us-china-russia-2025", "mix", "whole", "China", "United States"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: " ".join(c[1:]))
def test_every_number_against_the_stage_game(case):
    name, index, claims, a, b = case
    model = load(name).with_index(index).with_parameters(claims=claims)
    found = linkage.swaps(model, a, b, at_most=2)
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
        shares = model.autonomy_of(profile, holders).to_numpy()
        assert found.extra["persons burden"][row] == pytest.approx(float((before - shares) @ people))


def test_reversion_to_the_status_quo():
    model = load("us-china-russia-2025").with_index("GDP")
    found = linkage.swaps(model, "United States", "Russia", reversion="status quo", at_most=2)
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
    # Seven regions of the United States on the table and one of nobody's, which either can have; China may stop contesting.
    fights = len(between(model, *sides, at_most=0)) + 1
    assert len(every) == fights * 2**7 * 3 - 1
    assert len(between(model, *sides, at_most=1)) == fights * 10 - 1
    few = between(model, *sides, regions=["Taiwan", "South Korea"])
    assert len(few) == fights * 4 - 1
    assert "Taiwan" in [item.name for item in few.items]


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
    with pytest.raises(ScenarioError, match="held by Russia, which is not a side"):
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
