"""The model: stage games, ledgers, maps, draws and names agree with one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import NormalFormGame, stances
from games.errors import ConcertError, ProfileError, ScenarioError, SizeError
from games.spheres import (
    Claim,
    Draws,
    Member,
    Observed,
    Parameters,
    Place,
    Power,
    Region,
    SpheresModel,
    payoffs,
)
from tests.games.spheres.small_world import EAST, NORTH, SOUTH, small


@pytest.fixture(scope="module")
def model() -> SpheresModel:
    return small()


def test_the_stage_game_is_the_payoffs_of_all_profiles(model):
    game = model.stage("swap")
    assert isinstance(game, NormalFormGame)
    assert game.shape == (4, 4, 4)
    assert game.players == (NORTH, SOUTH, EAST)
    profile = model.profile("all-out")
    assert game.payoff(profile) == pytest.approx(
        model.payoffs(model.profile_contests("all-out")[None], "swap")[0]
    )


@pytest.mark.parametrize("map", ["status quo", "swap", "annexed"])
@pytest.mark.parametrize("parameters", [{}, {"order": 0.01, "upkeep": 0.004, "friction": 0.2}])
def test_the_ledger_adds_up_to_the_payoff(model, map, parameters):
    pairs = {frozenset((NORTH, SOUTH)): 1.5, frozenset((NORTH, EAST)): 0.5}
    varied = replace(model, ideology=pairs, parameters=replace(model.parameters, **parameters))
    for profile in ("concert", "all-out", (1, 0, 2)):
        payoffs = varied.payoffs(varied.profile_contests(profile)[None], map)[0]
        for i, power in enumerate(varied.players):
            ledger = varied.ledger(power, profile, map)
            assert ledger["payoff"].sum() == pytest.approx(payoffs[i], abs=1e-13)
            assert ledger["kind"].tolist() == ["region"] * 5 + ["tie"] * 2 + ["order"]


def test_ties_are_the_formula(model):
    """kappa min(m_i, m_j) for each contest in either direction, mu m_i where both contest."""
    m = model.capability
    kappa, mu = model.parameters.contest_cost, model.parameters.war_cost
    contests = np.zeros((1, 3, 3), dtype=bool)
    contests[0, 0, 1] = contests[0, 1, 0] = contests[0, 2, 0] = True
    found = model.tie_payoffs(contests)[0]
    expected = [
        -2 * kappa * min(m[0], m[1]) - mu * m[0] - kappa * min(m[0], m[2]),
        -2 * kappa * min(m[0], m[1]) - mu * m[1],
        -kappa * min(m[0], m[2]),
    ]
    assert found == pytest.approx(expected)


def test_order_and_friction_are_the_formulas(model):
    distances = {frozenset((NORTH, SOUTH)): 2.0}
    varied = replace(
        model, ideology=distances, parameters=Parameters(order=0.01, upkeep=0.004, friction=0.01)
    )
    m = varied.capability
    contests = np.zeros((2, 3, 3), dtype=bool)
    contests[1, 0, 2] = True
    kappa = varied.parameters.contest_cost
    order = [m * (0.01 - 0.004), m * (0.01 * 2 / 3 - 0.004 * np.array([0.5, 1, 1]))]
    friction = np.minimum(0.02, kappa * min(m[0], m[1]) + 0.01 * m / 3) * [1, 1, 0]
    ties = [np.zeros(3), -kappa * min(m[0], m[2]) * np.array([1, 0, 1])]
    for b in range(2):
        assert varied.tie_payoffs(contests)[b] == pytest.approx(order[b] - friction + ties[b])


def test_friction_never_costs_more_than_the_pair_gains(model):
    varied = replace(model, ideology={frozenset((NORTH, SOUTH)): 5.0}, parameters=Parameters(friction=1e6))
    gains = varied.parameters.contest_cost * varied.capability[:2].min()
    assert varied.tie_payoffs(np.zeros((1, 3, 3), dtype=bool))[0] == pytest.approx([-gains, -gains, 0])


def test_in_the_concert_every_ally_keeps_its_autonomy_and_its_allies_their_stakes(model):
    autonomy = model.autonomy_of("concert")
    assert autonomy[["Ally", "Twins", "Buffer"]].tolist() == [1.0, 1.0, 1.0]
    assert autonomy["Province"] < 1
    stake = model._worlds(None, None).arena(0, 1).stake[:, :, 0]
    parts = model.region_payoffs(model.profile_contests("concert")[None])[0]
    assert parts[0, 0] == pytest.approx(stake[0, 0])
    assert parts[3, 1:] == pytest.approx(stake[1:, 3])


def test_annexing_an_ally_costs_its_autonomy_and_pays_less(model):
    concert = model.profile_contests("concert")[None]
    consent, force = model.payoffs(concert)[0], model.payoffs(concert, "annexed")[0]
    assert force[0] < consent[0]
    assert model.autonomy_of("concert", "annexed")["Ally"] < 1
    assert model.modes("annexed")[0] == "force"


def test_what_changes_hands_is_held_by_force_unless_its_government_consents(model):
    assert model.holder_names("swap") == [SOUTH, NORTH, EAST, SOUTH, NORTH]
    assert model.modes("swap") == ["force", "force", "force", "consent", "consent"]
    consent = {"Ally": "South by consent", "Province": "North by consent", "Buffer": "nobody"}
    assert model.modes(consent) == ["consent", "consent", "", "consent", "consent"]
    assert model.holding(model.holders("swap")).forced.tolist() == model.forced("swap").tolist()


def test_a_map_takes_away_bases_of_its_former_lead_only(model):
    """A base that leaves changes only its owner's reach, and the new lead's."""
    before = model._worlds(None, None).arena(0, 1).strength[:, :, 0]
    after = model._worlds({"Ally": "neutral"}, None).arena(0, 1).strength[:, :, 0]
    assert (after[1:] == before[1:]).all()
    assert (after[0] <= before[0]).all()
    assert after[0, 0] < before[0, 0]


def test_many_maps_and_draws_at_once_are_each_alone(model):
    rng = np.random.default_rng(4)
    leads = rng.integers(-1, 3, (7, 5))
    leads[:, 4] = rng.integers(0, 2, 7)
    draws = model.draws(5, seed=2)
    contests = stances.contest_matrices(stances.all_profiles(3))[::7]
    both = model.payoffs(contests, leads, draws)
    assert both.shape == (5, 7, len(contests), 3)
    for k in range(7):
        names = {r: None if h < 0 else model.players[h] for r, h in zip(model.region_names, leads[k])}
        assert model.payoffs(contests, leads[k], draws) == pytest.approx(both[:, k])
        assert model.payoffs(contests, names, draws) == pytest.approx(both[:, k])
    for d in range(5):
        alone = {name: float(draws[name][d]) for name in draws.names}
        assert model.vary(alone).payoffs(contests, leads) == pytest.approx(both[d], abs=1e-11)


def test_autonomy_over_draws_and_maps(model):
    draws = model.draws(3)
    contests = model.profile_contests("all-out")[None]
    found = model.autonomy(contests, np.stack([model.holders(), model.holders("swap")]), draws)
    assert found.shape == (3, 2, 1, 5)
    assert found[:, 1] == pytest.approx(model.autonomy(contests, "swap", draws))
    assert ((found >= 0) & (found <= 1)).all()


def test_profiles_of_each_draws_own(model):
    draws = model.draws(6)
    profiles = stances.contest_matrices(np.random.default_rng(0).integers(0, 4, (6 * 2, 3))).reshape(
        6, 2, 3, 3
    )
    found = model.payoffs(profiles, draws=draws)
    for d in range(6):
        assert model.payoffs(profiles[d], draws=draws.take([d]))[0] == pytest.approx(found[d])
    with pytest.raises(ProfileError, match="as many draws as profiles"):
        model.payoffs(profiles, draws=model.draws(5))


def test_unilateral_deviations_are_those_of_the_stage_game(model):
    game = model.stage("swap")
    found = model.unilateral("all-out", "swap")
    profile = model.profile("all-out")
    assert found.payoffs == pytest.approx(game.payoff(profile))
    for i in range(3):
        for action in range(4):
            other = [*profile]
            other[i] = action
            assert found.deviations[i, action] == pytest.approx(game.payoff(other)[i])
    assert found.gains == pytest.approx(game.regret(profile))
    assert model.unilateral("all-out", draws=model.draws(4)).gains.shape == (4, 3)


def test_the_index_switches_capability(model):
    assert model.with_index("CINC").capability == pytest.approx([20, 10, 15])
    assert model.with_index("GDP").capability == pytest.approx([25, 5, 20])
    assert model.capability == pytest.approx(
        [100 * (a * b) ** 0.5 for a, b in [(0.2, 0.25), (0.1, 0.05), (0.15, 0.2)]]
    )
    assert model.with_index("GDP").vary({"gdp_weight": 0.1}).index == "GDP"
    assert model.capability_shares["CINC"].sum() == pytest.approx(1)
    with pytest.raises(ScenarioError, match="no capability index 'CINK'; did you mean 'CINC'"):
        model.with_index("CINK")


def test_scaling_one_powers_payoffs_changes_no_equilibrium(model):
    game = model.stage()
    scaled = NormalFormGame(game.payoffs * np.array([1.0, 7.0, 0.1]))
    for profile in np.ndindex(*game.shape):
        assert (game.regret(profile) <= 1e-12).tolist() == (scaled.regret(profile) <= 1e-12).tolist()


def halves_of(model: SpheresModel, r: int) -> SpheresModel:
    """The model with one region as two halves at the same place."""
    whole = model.regions[r]
    member = whole.members[0]
    half = replace(member, cinc=member.cinc / 2, gdp=member.gdp / 2)
    halves = tuple(
        replace(whole, name=name, members=(replace(half, name=name),))
        for name in ("First half", "Second half")
    )
    return small(regions=(*model.regions[:r], *halves, *model.regions[r + 1 :]), maps={})


def test_two_halves_of_a_region_are_the_region_but_for_the_strength_of_their_people(model):
    """Stakes and prizes add up. Each half's people fight with half the strength, which is what merging regions changes."""
    contests = stances.contest_matrices(stances.all_profiles(3))
    for r in (0, 1, 2):
        split = halves_of(model, r)
        arena = split._worlds(None, None).arena(0, 1)
        doubled = np.where(np.isin(np.arange(6), (r, r + 1)), 2.0, 1.0)[:, None]
        united = replace(arena, local_strength=doubled * arena.local_strength)
        whole = payoffs.region_totals(model._worlds(None, None).arena(0, 1), contests)
        assert payoffs.region_totals(united, contests) == pytest.approx(whole, rel=1e-12, abs=1e-12)
        assert (split.autonomy(contests)[:, r] <= model.autonomy(contests)[:, r] + 1e-12).all()


def test_relabelling_the_powers_relabels_the_game(model):
    turned = replace(model, powers=model.powers[::-1])
    contests = stances.contest_matrices(stances.all_profiles(3))
    assert turned.payoffs(contests[:, ::-1, ::-1])[:, ::-1] == pytest.approx(model.payoffs(contests))


def test_variants_are_named_and_differ(model):
    variants = model.variants()
    assert next(iter(variants)) == "main"
    assert {"claims on parts", "defence weighs more", "pacts count", "without Ally"} <= variants.keys()
    contests = stances.contest_matrices(stances.all_profiles(3))
    main = variants["main"].payoffs(contests)
    for name in (
        "claims on parts",
        "claims on parts, rivalries whole",
        "defence weighs more",
        "without Ally",
    ):
        assert np.abs(variants[name].payoffs(contests) - main).max() > 1e-6, name


def test_leaving_a_region_out_takes_its_prize_and_its_base(model):
    without = model.with_parameters(left_out="Ally")
    contests = model.profile_contests("all-out")[None]
    assert without.region_payoffs(contests)[0, 0].tolist() == [0, 0, 0]
    fewer = small(regions=model.regions[1:], maps={})
    assert without.payoffs(contests) == pytest.approx(fewer.payoffs(contests))


def test_a_claim_on_a_part_takes_that_part(model):
    """East's claim of three quarters of full salience on the buffer, at a claim share of a fifth."""
    part = model.with_parameters(claims="part", claim_share=0.2)
    arena = part._worlds(None, None).arena(0, 1)
    assert arena.portion[2, 2, 0] == pytest.approx(0.15)
    assert arena.portion[1, 2, 0] == 0.0  # a rivalry without a claim takes nothing
    both = model.with_parameters(claims="part or rivalry", claim_share=0.2)._worlds(None, None).arena(0, 1)
    assert both.portion[1:, 2, 0] == pytest.approx([1.0, 0.15])
    assert arena.portion[1, 0, 0] == 1.0  # all of Ally is claimed


def test_pacts_raise_the_cost_of_a_contest_between_allies(model):
    allied = replace(model, pacts=frozenset({frozenset((NORTH, SOUTH))}))
    contests = np.zeros((2, 3, 3), dtype=bool)
    contests[0, 0, 1] = contests[1, 0, 2] = True
    plain, double = allied.tie_payoffs(contests), allied.with_parameters(pact_cost=2.0).tie_payoffs(contests)
    assert double[0] == pytest.approx(2 * plain[0])
    assert double[1] == pytest.approx(plain[1])


def test_extra_worth_raises_the_stakes(model):
    richer = model.vary({"regions.Buffer.worth": 3.0})
    arenas = [m._worlds(None, None).arena(0, 1) for m in (model, richer)]
    assert arenas[1].prize[2] == pytest.approx(arenas[0].prize[2] + 3)
    assert arenas[1].local_stake[2] == pytest.approx(arenas[0].local_stake[2])


def test_observed_profiles_are_profiles(model):
    assert model.profile("lately") == stances.from_pairs(model.players, [(SOUTH, NORTH), (NORTH, SOUTH)])
    assert model.profile_contests("lately").sum() == 2


def test_a_game_of_six_does_not_fit_into_an_array():
    powers = tuple(Power(name, 0.1, 0.1, (Place(name, 0.0, 10.0 * k),)) for k, name in enumerate("ABCDEF"))
    model = SpheresModel(powers, (Region("R", (Member("R", 0.01, 0.01, 0, 5, {"B": Claim()}),), ("A",)),))
    with pytest.raises(SizeError, match="1,073,741,824 profiles"):
        model.stage()
    assert model.unilateral("all-out").deviations.shape == (6, 32)


def bad_fields() -> list[tuple[dict[str, object], str]]:
    base = small()
    region, power = base.regions[0], base.powers[0]
    return [
        ({"powers": base.powers[:1], "regions": ()}, "two to eight powers"),
        ({"regions": ()}, "at least one region"),
        ({"powers": (power, power)}, "two powers are named 'North'"),
        ({"powers": (power, replace(power, name="north "))}, "begins or ends with a space"),
        ({"powers": (power, replace(power, name="NORTH"))}, "differ only in capitals"),
        ({"powers": (*base.powers[:2], replace(base.powers[2], name="=1+1"))}, "formula"),
        ({"powers": (*base.powers[:2], replace(base.powers[2], name="a\x1bb"))}, "control or formatting"),
        ({"powers": (*base.powers[:2], replace(base.powers[2], patience=1.0))}, "patience is 1.0"),
        ({"powers": (*base.powers[:2], replace(base.powers[2], places=()))}, "no place of its own"),
        ({"powers": (*base.powers[:2], replace(base.powers[2], cinc=0.0))}, "above 0"),
        ({"regions": (replace(region, bound=("West",)),)}, "'West' is not a power here"),
        (
            {"regions": (replace(region, forced=True, bound=(NORTH, SOUTH)),)},
            "one power holds a region by force",
        ),
        ({"regions": (replace(region, population=-1.0),)}, "population is -1.0"),
        ({"regions": (replace(region, members=()),)}, "at least one state"),
        ({"regions": (replace(region, members=(Member("X", 2.0, 0.1, 0, 0),)),)}, "a share of the world"),
        ({"regions": (replace(region, members=(Member("X", 0.2, 0.1, 95, 0),)),)}, "not a latitude"),
        ({"regions": (replace(region, name="a.b"),)}, "holds a dot"),
        ({"regions": (replace(region, name="nobody"),)}, "reserved"),
        ({"maps": {"m": {"Nowhere": NORTH}}}, "no region 'Nowhere'"),
        ({"maps": {"m": {"Ally": "West"}}}, "neither a power nor 'nobody'"),
        ({"maps": {"m": {"North (claimed by South)": EAST}}}, "a piece of North's own land"),
        ({"maps": {"m": {"North (claimed by South)": "South by force"}}}, "no government that could consent"),
        ({"pace": 0.0}, "pace is 0.0"),
        ({"index": "GNP"}, "no capability index"),
        ({"blocs": {"concert": [[NORTH]]}}, "a meaning of its own"),
        ({"blocs": {"b": [[NORTH], [NORTH]]}}, "two blocs"),
        ({"observed": {"o": Observed((("West", NORTH),), "x")}}, "no power 'West'"),
        ({"observed": {"o": Observed(((NORTH, NORTH),), "x")}}, "cannot contest itself"),
        ({"benchmark": "war"}, "no benchmark 'war'"),
        ({"on_table": ("Nowhere",)}, "no region 'Nowhere'"),
        ({"pacts": frozenset({frozenset((NORTH,))})}, "two different powers"),
        ({"ideology": {frozenset((NORTH, SOUTH)): -1.0}}, "ideology is -1.0"),
        ({"parameters": replace(base.parameters, left_out="Nowhere")}, "left_out: there is no region"),
    ]


@pytest.mark.parametrize(("fields", "expected"), bad_fields(), ids=lambda x: x if isinstance(x, str) else "")
def test_what_does_not_fit_is_refused_in_one_line(fields, expected):
    with pytest.raises(ConcertError, match=expected) as caught:
        small(**{"maps": {}, "observed": {}, **fields})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda m: m.holders("swop"), "no map 'swop'; did you mean 'swap'"),
        (lambda m: m.holders(np.zeros(3, dtype=int)), "one integer for each of 5 regions"),
        (lambda m: m.payoffs(np.zeros((1, 3, 3), dtype=bool), np.full(5, 7)), "names a holder by its number"),
        (
            lambda m: m.payoffs(np.zeros((1, 3, 3), dtype=bool), np.full(5, -1)),
            "by its owner or by its claimant",
        ),
        (lambda m: m.payoffs(np.zeros((1, 2, 2), dtype=bool)), "contests have shape"),
        (lambda m: m.profile("concerts"), "no regime 'concerts'; did you mean 'concert'"),
        (lambda m: m.profile((0, 0)), "one action for each of"),
        (lambda m: m.profile((0, 0, 9)), "no action number 9"),
        (lambda m: m.ledger("West", "concert"), "no power 'West'"),
        (lambda m: m.with_parameters(half_distances=3), "no number or switch 'half_distances'"),
        (lambda m: m.with_parameters(half_distance=0), "half_distance is 0"),
        (lambda m: m.with_parameters(claims="some"), "claims is 'some'"),
        (lambda m: m.write("x.toml"), "built by hand"),
        (
            lambda m: m.payoffs(np.zeros((1, 3, 3), dtype=bool), draws=Draws({"haf": np.ones(2)}, {})),
            "no number 'haf'",
        ),
    ],
)
def test_bad_calls_are_refused_in_one_line(model, call, expected):
    with pytest.raises(ConcertError, match=expected) as caught:
        call(model)
    assert "\n" not in str(caught.value)


def test_tables_for_people(model):
    frame = model.region_frame("all-out", "swap")
    assert frame.index.tolist() == list(model.region_names)
    assert frame.columns.tolist() == ["holder", "mode", "defended", "autonomy", NORTH, SOUTH, EAST]
    assert frame[[NORTH, SOUTH, EAST]].to_numpy() == pytest.approx(
        model.region_payoffs(model.profile_contests("all-out")[None], "swap")[0]
    )
    assert model.maps_frame().loc["Ally"].tolist() == [NORTH, "South by force", "North by force"]
    facts = model.facts_frame()
    assert facts.loc["Buffer", "disputed by"] == "East, South"
    assert "5 regions" in repr(model)


def test_markup_in_names_comes_out_as_text():
    model = small(title="<script>alert(1)</script>", maps={"<b>map</b>": {"Ally": SOUTH}})
    page = model._repr_html_()
    assert "<script>" not in page
    assert "<b>map</b>" not in page
