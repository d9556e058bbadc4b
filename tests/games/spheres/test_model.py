"""The spheres model against its definition worked out the slow way, and its invariances."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import contest, load, stances
from games.errors import ProfileError, ScenarioError, SizeError
from games.spheres import Power, Region, SpheresModel, Tie


def random_model(seed: int, powers: int = 3, regions: int = 4) -> SpheresModel:
    """A model whose numbers are drawn at random."""
    rng = np.random.default_rng(seed)
    names = [f"P{i}" for i in range(powers)]
    holders = [*names, None]

    def by_power(low: float, high: float, of: list[str] = names) -> dict[str, float]:
        return {name: float(rng.uniform(low, high)) for name in of}

    return SpheresModel(
        tuple(
            Power(
                n,
                {"a": rng.uniform(1, 5), "b": rng.uniform(1, 5)},
                0.9,
                0.9,
                0.01,
                rng.uniform(0, 5),
                rng.uniform(0, 2),
            )
            for n in names
        ),
        tuple(
            Region(
                f"R{r}",
                by_power(0, 10),
                {n: "control" if rng.random() < 0.5 else "denial" for n in names},
                by_power(100, 9000),
                float(rng.uniform(0, 0.3)),
                float(rng.uniform(0, 20)),
            )
            for r in range(regions)
        ),
        tuple(
            Tie(
                (a, b),
                *(by_power(0, 10, [a, b]) for _ in range(4)),
                float(rng.uniform(0, 0.1)),
                float(rng.uniform(0, 3)),
            )
            for i, a in enumerate(names)
            for b in names[i + 1 :]
        ),
        {"status quo": {f"R{r}": holders[rng.integers(powers + 1)] for r in range(regions)}},
        half_distance=2500.0,
        overstretch=0.5,
        friction=1.0,
        denial="always" if seed % 2 else "contesting",
    )


def payoff_by_the_book(model: SpheresModel, actions: tuple[int, ...], who: int) -> float:
    """The payoff of one power at one profile, following the definition sentence by sentence."""
    n = len(model.players)
    contests = [[False] * n for _ in range(n)]
    for i, action in enumerate(actions):
        for bit, j in enumerate(j for j in range(n) if j != i):
            contests[i][j] = bool(action >> bit & 1)
    fronts = [max(1, sum(contests[i][j] or contests[j][i] for j in range(n) if j != i)) for i in range(n)]
    total = 0.0
    for region in model.regions:
        holder = model.maps["status quo"][region.name]
        h = None if holder is None else model.players.index(holder)
        strength = [
            model.capability[j]
            * 2 ** (-region.distances[p] / model.half_distance)
            / fronts[j] ** model.overstretch
            for j, p in enumerate(model.players)
        ]
        sides: dict[str, list[tuple[int, float, float]]] = {"local": [(-1, region.stake, region.strength)]}
        for j, p in enumerate(model.players):
            if j == h or ((h is None or contests[j][h]) and region.aims[p] == "control"):
                sides[p] = [(j, region.stakes[p], strength[j])]
            elif h is None or contests[j][h]:
                sides["local"].append((j, region.stakes[p], strength[j]))
        lead = {name: max(v * e for _, v, e in members) for name, members in sides.items()}
        active: list[str] = []
        for name in sorted(lead, key=lambda s: -lead[s]):
            if lead[name] > 0 and lead[name] * sum(1 / lead[s] for s in [*active, name]) > len(active):
                active.append(name)
        share = dict.fromkeys(sides, 0.0)
        for name in active:
            share[name] = 1 - (len(active) - 1) / (lead[name] * sum(1 / lead[s] for s in active))
        for name, members in sides.items():
            spender = next((m for m, v, e in members if v * e == lead[name]), None)
            for m, v, _ in members:
                if m == who:
                    total += v * share[name] ** 2 if m == spender else v * share[name]
        name = model.players[who]
        if (
            model.denial == "always"
            and who != h
            and h is not None
            and region.aims[name] == "denial"
            and not contests[who][h]
        ):
            total += region.stakes[name] * share["local"]
    for tie in model.ties:
        if model.players[who] in tie.between:
            me = model.players[who]
            other = model.players.index(tie.between[1 - tie.between.index(me)])
            if contests[who][other]:
                total -= tie.contesting[me]
            if contests[other][who]:
                total -= tie.contested[me]
            if contests[who][other] and contests[other][who]:
                total -= tie.risk * tie.war_loss[me]
            if not contests[who][other] and not contests[other][who]:
                total += tie.cooperation[me] - model.friction * tie.distance
    peaceful = [not contests[i][j] and not contests[j][i] for i in range(n) for j in range(i)]
    power = model.powers[who]
    total += power.benefit * sum(peaceful) / len(peaceful)
    return total - power.upkeep * sum(not contests[who][j] for j in range(n) if j != who) / (n - 1)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("powers", [2, 3, 4])
def test_the_stage_game_is_the_definition(seed, powers):
    model = random_model(seed, powers)
    game = model.stage()
    rng = np.random.default_rng(seed)
    size = 2 ** (powers - 1)
    profiles = (
        list(product(range(size), repeat=powers)) if powers < 4 else rng.integers(0, size, (40, 4)).tolist()
    )
    for actions in profiles:
        expected = [payoff_by_the_book(model, tuple(actions), i) for i in range(powers)]
        assert game.payoffs[tuple(actions)] == pytest.approx(expected, abs=1e-10)


@given(seed=st.integers(0, 10_000), powers=st.integers(2, 5), data=st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_ledger_adds_up_to_the_payoff(seed, powers, data):
    model = random_model(seed, powers)
    profile = tuple(data.draw(st.integers(0, 2 ** (powers - 1) - 1)) for _ in range(powers))
    payoffs = model.payoffs(model.profile_contests(profile)[None], model.holders())[0]
    for i, power in enumerate(model.players):
        ledger = model.ledger(power, profile)
        assert ledger["payoff"].sum() == pytest.approx(
            payoffs[i], abs=1e-12 * max(1, abs(ledger["payoff"]).sum())
        )
        assert ledger["kind"].tolist() == ["region"] * 4 + ["tie"] * (powers - 1) + ["order"]


@given(seed=st.integers(0, 10_000), order=st.permutations(range(3)))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_permuting_powers_permutes_payoffs(seed, order):
    model = random_model(seed)
    other = replace(model, powers=tuple(model.powers[i] for i in order))
    for actions in [(0, 0, 0), (3, 1, 2), (1, 2, 0)]:
        contests = model.profile_contests(actions)[None]
        moved = contests[:, order][:, :, order]
        before = model.payoffs(contests, model.holders())[0]
        assert other.payoffs(moved, other.holders())[0] == pytest.approx(before[list(order)], abs=1e-12)


def test_regions_add_up_and_do_not_depend_on_each_other():
    model = random_model(11)
    contests = stances.contest_matrices(stances.all_profiles(3))
    table = model.region_payoffs(contests)
    assert table.shape == (64, 4, 4, 3)
    for holders in product(range(-1, 3), repeat=4):
        by_hand = table[:, np.arange(4), list(holders)].sum(axis=1) + model.tie_payoffs(contests)
        assert model.payoffs(contests, np.array(holders)) == pytest.approx(by_hand, abs=1e-12)


def test_shares_of_a_region_add_up_to_one():
    model = random_model(5)
    for regime in ("concert", "all-out"):
        shares = model.shares(regime)
        assert shares.drop(columns="holder").sum(axis=1).to_numpy() == pytest.approx(np.ones(4))
        autonomy = model.autonomy(model.profile_contests(regime)[None])[0]
        assert autonomy[np.arange(4), model.holders()] == pytest.approx(shares["local"].to_numpy())


def test_a_region_without_rivals_is_a_contest_with_its_own_people():
    model = load("us-china-russia-2025")
    region = next(r for r in model.regions if r.name == "Canada")
    strength = model.capability[0] * 2 ** (-region.distances["United States"] / model.half_distance)
    expected = contest.lottery([region.stakes["United States"], region.stake], [strength, region.strength])
    row = model.shares("concert").loc["Canada"]
    assert row["local"] == pytest.approx(expected.shares[1])
    ledger = model.ledger("United States", "concert").set_index("item")
    assert ledger.loc["Canada", "payoff"] == pytest.approx(expected.payoffs[0])


def test_splitting_enemies_pays_when_fronts_weaken():
    model = replace(load("us-china-russia-2025"), overstretch=1.0)
    two_fronts = model.shares("all-out").loc["Taiwan", "China"]
    one_front = model.shares("China-Russia bloc").loc["Taiwan", "China"]
    assert one_front > two_fronts


def test_a_map_may_be_given_as_a_partition():
    model = load("us-china-russia-2025")
    partition = dict(model.maps["status quo"]) | {"Ukraine": "Russia"}
    assert np.array_equal(model.stage(partition).payoffs, model.stage("Ukraine to Russia").payoffs)


def test_the_denial_rules_differ_only_in_what_bystanders_get():
    model = load("us-china-russia-2025")
    free = model.with_denial("always").stage().payoffs - model.stage().payoffs
    assert free[3, 3, 3] == pytest.approx([0, 0, 0])
    assert (free >= 0).all()
    assert (free[0, 0, 0] > 0).all()


def test_five_powers_and_six():
    five = random_model(1, powers=5)
    assert five.stage().shape == (16,) * 5
    six = random_model(1, powers=6)
    with pytest.raises(SizeError, match="1,073,741,824 profiles"):
        six.stage()
    assert six.payoffs(six.profile_contests("all-out")[None], six.holders()).shape == (1, 6)


def test_regimes_and_profiles():
    model = load("us-china-russia-2025")
    assert set(model.regimes) == {"concert", "all-out", "reverse Kissinger", "G2", "China-Russia bloc"}
    assert model.profile("reverse Kissinger") == (1, 3, 2)
    assert model.profile(model.regimes["G2"]) == model.profile("G2")


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda m: m.stage("statusquo"), ScenarioError, "no map 'statusquo'; did you mean 'status quo'"),
        (lambda m: m.stage({"Ukraine": "Russia"}), ScenarioError, "does not say who holds Baltics"),
        (
            lambda m: m.stage(dict(m.maps["status quo"]) | {"Ukraine": "Rusia"}),
            ScenarioError,
            "did you mean 'Russia'",
        ),
        (
            lambda m: m.stage(dict(m.maps["status quo"]) | {"Ukrane": None}),
            ScenarioError,
            "did you mean 'Ukraine'",
        ),
        (lambda m: m.with_index("cnic"), ScenarioError, "no capability index 'cnic'; did you mean 'cinc'"),
        (lambda m: m.profile("concrt"), ProfileError, "no regime 'concrt'; did you mean 'concert'"),
        (lambda m: m.profile((0, 0)), ProfileError, "a profile names one action for each of"),
        (lambda m: m.profile((0, 0, 4)), ProfileError, "Russia has no action number 4"),
        (lambda m: m.profile((0, 0, "sulk")), ProfileError, "Russia has no action 'sulk'"),
        (lambda m: m.ledger("Rusia", "concert"), ProfileError, "did you mean 'Russia'"),
        (lambda m: replace(m, source=None).inputs(), ScenarioError, "was built by hand"),
        (lambda m: replace(m, powers=m.powers[:1]), ScenarioError, "two to six powers; this one has 1"),
        (lambda m: replace(m, powers=m.powers[:2]), ScenarioError, "a tie joins two different powers"),
        (lambda m: replace(m, ties=m.ties[:2]), ScenarioError, "exactly one tie between China and Russia"),
        (lambda m: replace(m, regions=m.regions[:1] * 2), ScenarioError, "two regions are named 'Ukraine'"),
        (lambda m: replace(m, maps={}), ScenarioError, "there must be a map named 'status quo'"),
    ],
)
def test_what_does_not_fit_is_said(call, error, expected):
    with pytest.raises(error, match=expected):
        call(load("us-china-russia-2025"))


def test_how_it_looks():
    model = load("us-china-russia-2025")
    assert "capability index 'mean'" in repr(model)
    html = model._repr_html_()
    assert "<table" in html
    assert "nobody" in html


SHIPPED = load("us-china-russia-2025")


def first_changed(things, **changes):
    return (replace(things[0], **changes), *things[1:])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"half_distance": 0.0}, "half_distance is 0"),
        ({"half_distance": -5.0}, "half_distance"),
        ({"friction": float("nan")}, "friction is nan"),
        ({"benchmark": "war"}, "benchmark is 'war'"),
        ({"denial": "never"}, "denial is 'never'"),
        ({"regions": {"stake": -1.0}}, "stake is -1.0"),
        ({"regions": {"stakes": {}}}, "United States is missing"),
        ({"regions": {"aims": dict.fromkeys(SHIPPED.players, "controll")}}, "must be 'control' or 'denial'"),
        ({"powers": {"capability": dict.fromkeys(SHIPPED.indices[:-1], 0.0)}}, "capability must be positive"),
        ({"powers": {"capability": {"other": 1.0}}}, "is missing"),
        ({"powers": {"patience": 1.5}}, "patience lies strictly"),
        ({"ties": {"cooperation": {}}}, "is missing"),
        ({"blocs": {"concert": [["China"]]}}, "a meaning of its own"),
    ],
)
def test_a_model_by_hand_is_checked(changes, words):
    changes = {
        key: first_changed(getattr(SHIPPED, key), **value) if key in ("powers", "regions", "ties") else value
        for key, value in changes.items()
    }
    with pytest.raises(ScenarioError, match=words):
        replace(SHIPPED, **changes)


def test_varying_keeps_the_index_the_rule_for_denial_and_the_benchmark():
    model = replace(SHIPPED, index="ppp", denial="always", benchmark="all-out")
    varied = model.vary({"parameters.friction": 2})
    assert (varied.index, varied.denial, varied.benchmark) == ("ppp", "always", "all-out")
