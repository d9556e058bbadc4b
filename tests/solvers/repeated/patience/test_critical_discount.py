"""Critical discount factors against closed forms, against the check of automata, and under changes of units and names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, RepeatedGame, strategies
from games.errors import DiscountError, GameError, MethodError, PrecisionError, ProfileError
from solvers import nash, repeated

CASES = Path(__file__).parents[3] / "cases"
CLOSED = json.loads((CASES / "closed_forms.json").read_text())
TABLE = json.loads((CASES / "critical_discount.json").read_text())
QUICK = settings(max_examples=40, deadline=None, derandomize=True)


def number(value):
    return np.inf if value == "none" else value


def dilemma(case):
    T, R, P, S = (case[k] for k in "TRPS")
    return NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]], actions=[["C", "D"], ["C", "D"]])


def public_good(players, marginal):
    """Each gives 1 or nothing; a gift costs 1 and pays `marginal` to everybody."""
    given = np.indices((2,) * players)
    total = given.sum(axis=0)
    return NormalFormGame(np.stack([marginal * total - given[i] for i in range(players)], axis=-1))


def random_game(seed, shape):
    rng = np.random.default_rng(seed)
    return NormalFormGame(rng.normal(size=(*shape, len(shape))))


@pytest.mark.parametrize("case", CLOSED["grim"])
def test_grim_on_the_prisoners_dilemma(case):
    game = dilemma(case)
    for profile in [("C", "C"), (0, 0)]:
        found = repeated.critical_discount(game, profile)
        assert found.per_player == pytest.approx([case["critical"]] * 2, rel=1e-15)
    assert found.overall == found.uniform == pytest.approx(case["critical"])
    assert found.gain == pytest.approx([case["T"] - case["R"]] * 2)
    assert found.deviation == ("D", "D")
    assert found.punishment_values == pytest.approx([case["P"]] * 2)
    assert found.complete


@pytest.mark.parametrize("case", CLOSED["tit_for_tat"])
def test_tit_for_tat_on_the_prisoners_dilemma(case):
    found = repeated.critical_discount(dilemma(case), ("C", "C"), "tit-for-tat")
    assert found.per_player == pytest.approx([case["critical"]] * 2, abs=1e-11)


@pytest.mark.parametrize("case", CLOSED["finite"])
def test_punishments_of_some_years(case):
    game = dilemma(case)
    found = repeated.critical_discount(
        game, ("C", "C"), "finite", years=case["years"], equilibria=[[case["P"]] * 2]
    )
    assert found.per_player == pytest.approx([number(case["critical"])] * 2, rel=1e-14)


@pytest.mark.parametrize("case", CLOSED["public_good"])
def test_public_good(case):
    game = public_good(case["players"], case["marginal"])
    found = repeated.critical_discount(game, (1,) * case["players"], equilibria=nash.pure(game))
    assert found.per_player == pytest.approx([number(case["critical"])] * case["players"], rel=1e-12)


@pytest.mark.parametrize("case", TABLE["cournot"])
def test_linear_cournot(case):
    """Inverse demand 1 - Q without cost: shares of the monopoly output against the Cournot output, on an exact grid."""
    n = case["players"]
    monopoly, cournot = 1 / (2 * n), 1 / (n + 1)
    best = (1 - (n - 1) * monopoly) / 2  # best reply to the others' shares of the monopoly output
    outputs = np.array([monopoly, cournot, best])
    q = np.stack(np.meshgrid(*[outputs] * n, indexing="ij"), axis=-1)
    game = NormalFormGame(q * (1 - q.sum(axis=-1, keepdims=True)))
    found = repeated.critical_discount(game, (0,) * n, equilibria=[game.payoff((1,) * n)])
    assert found.overall == pytest.approx(case["critical"], rel=1e-12)


def test_every_equilibrium_counts_and_the_harshest_is_chosen_for_each():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    found = repeated.critical_discount(game, ("C", "C"), equilibria=[[1, 2], [2, 1]])
    assert found.per_player == pytest.approx([0.5, 0.5])
    assert found.worst == pytest.approx([2 / 3, 2 / 3])
    assert found.uniform == pytest.approx(2 / 3)
    assert found.by_punishment.loc["equilibrium 1", "overall"] == pytest.approx(2 / 3)
    assert list(found.by_punishment.columns) == ["Player 1", "Player 2", "overall"]


def test_equilibria_are_found_when_not_given():
    chicken = NormalFormGame([[[3, 3], [1, 5]], [[5, 1], [0, 0]]])
    found = repeated.critical_discount(chicken, (0, 0))
    # The pure equilibria (1, 5) and (5, 1), and the mixed one worth 5/3.
    assert len(found.punishments) == 3
    assert found.per_player == pytest.approx([0.5, 0.5])
    assert found.worst[0] == np.inf


def test_a_game_too_large_for_mixed_equilibria_falls_back_on_pure_ones_and_says_so():
    game = random_game(0, (8, 8, 8, 8))
    found = repeated.critical_discount(game, (0, 0, 0, 0))
    assert not found.complete
    assert "only pure ones were considered" in found.summary()
    assert len(found.punishments) == len(nash.pure(game))


def test_none_to_revert_to_is_an_error_and_an_incomplete_list_is_mentioned():
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    with pytest.raises(MethodError, match="no Nash equilibrium was found"):
        repeated.critical_discount(pennies, (0, 0), equilibria=nash.pure(pennies))
    partial = replace(nash.find_all(pennies), complete=False)
    assert (
        "a harsher one may exist" in repeated.critical_discount(pennies, (0, 0), equilibria=partial).summary()
    )


def test_minmax_is_a_bound_that_no_equilibrium_beats():
    for seed in range(20):
        game = random_game(seed, (2, 3, 2))
        profile = (0, 0, 0)
        bound = repeated.critical_discount(game, profile, "minmax").per_player
        pure = repeated.critical_discount(game, profile, "minmax", kind="pure").per_player
        reversion = (
            repeated.critical_discount(game, profile, equilibria=nash.pure(game))
            if len(nash.pure(game))
            else None
        )
        assert (bound <= pure + 1e-9).all()
        if reversion is not None:
            assert (bound <= reversion.per_player + 1e-9).all()


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2), (3, 2, 2)])
def test_grim_automata_are_equilibria_exactly_from_the_critical_discount_on(shape):
    """The closed form against the one-shot deviations of the automaton itself."""
    checked = 0
    for seed in range(60):
        game = random_game(seed, shape)
        for equilibrium in nash.pure(game):
            bad = tuple(int(v.argmax()) for v in equilibrium.profile)
            profile = tuple(int(x) for x in np.unravel_index(seed % int(np.prod(shape)), shape))
            if profile == bad:
                continue
            found = repeated.critical_discount(game, profile, equilibria=[equilibrium.payoffs])
            critical = found.overall
            # A reversion that rewards a costly deviation is one that this automaton should not answer with.
            if (equilibrium.payoffs > found.cooperative)[found.gain <= 0].any():
                continue
            grim = strategies.grim(game, profile, bad)
            for d in (0.1, 0.5, 0.9, critical - 1e-6, critical + 1e-6):
                if 0 < d < 1 and np.isfinite(d):
                    assert repeated.check(RepeatedGame(game, d), grim).is_equilibrium == (d >= critical)
                    checked += 1
    assert checked > 50


def test_limited_punishment_automata_agree_with_the_threshold_of_their_years():
    checked = 0
    for seed in range(80):
        game = random_game(seed, (2, 2))
        for equilibrium in nash.pure(game):
            bad = tuple(int(v.argmax()) for v in equilibrium.profile)
            profile = (1 - bad[0], 1 - bad[1])
            for years in (1, 2, 5):
                found = repeated.critical_discount(
                    game, profile, "finite", years=years, equilibria=[equilibrium.payoffs]
                )
                critical = found.overall
                if (equilibrium.payoffs > found.cooperative)[found.gain <= 0].any():
                    continue
                automaton = strategies.limited_punishment(game, profile, bad, years)
                for d in (0.4, 0.8, critical - 1e-6, critical + 1e-6):
                    if 0 < d < 1 and np.isfinite(d):
                        assert repeated.check(RepeatedGame(game, d), automaton).is_equilibrium == (
                            d >= critical
                        )
                        checked += 1
    assert checked > 60


def test_an_automaton_as_punishment_agrees_with_its_closed_form():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    c, d = ("C", "C"), ("D", "D")
    assert repeated.critical_discount(game, c, strategies.grim(game, c, d)).overall == pytest.approx(
        0.5, abs=1e-11
    )
    limited = strategies.limited_punishment(game, c, d, 2)
    golden = (np.sqrt(5) - 1) / 2
    assert repeated.critical_discount(game, c, limited).overall == pytest.approx(golden, abs=1e-11)
    assert repeated.critical_discount(game, d, strategies.always(game, d)).overall == 0.0
    assert repeated.critical_discount(game, c, strategies.always(game, c)).overall == np.inf


@QUICK
@given(
    st.integers(0, 10_000),
    st.lists(st.sampled_from([1e-9, 1e-3, 0.7, 3.0, 1e6]), min_size=3, max_size=3),
    st.lists(st.sampled_from([-5.0, 0.0, 1.0, 1000.0]), min_size=3, max_size=3),
)
def test_units_do_not_matter(seed, scale, shift):
    game = random_game(seed, (2, 3, 2))
    profile = (1, 0, 1)
    other = game.rescale(scale, np.array(shift) * scale)
    for kind in ("pure", "correlated"):
        a = repeated.critical_discount(game, profile, "minmax", kind=kind)
        b = repeated.critical_discount(other, profile, "minmax", kind=kind)
        assert b.per_player == pytest.approx(a.per_player, rel=1e-7, abs=1e-9)
        assert a.deviation == b.deviation
        assert b.gain == pytest.approx(a.gain * scale, rel=1e-9)
        assert b.slack(0.7) == pytest.approx(a.slack(0.7) * scale, rel=1e-6, abs=1e-8 * max(scale))


@QUICK
@given(st.integers(0, 10_000), st.permutations([0, 1, 2]))
def test_permuting_players_permutes_the_answer(seed, order):
    game = random_game(seed, (2, 3, 2))
    profile = (1, 2, 0)
    a = repeated.critical_discount(game, profile, "minmax", kind="pure")
    b = repeated.critical_discount(game.permute(order), [profile[i] for i in order], "minmax", kind="pure")
    assert b.per_player == pytest.approx(a.per_player[order], rel=1e-12)
    assert b.deviation == tuple(a.deviation[i] for i in order)


@QUICK
@given(st.integers(0, 10_000), st.floats(0.01, 0.99))
def test_slack_is_negative_exactly_below_the_critical_discount(seed, discount):
    game = random_game(seed, (3, 2, 2))
    found = repeated.critical_discount(game, (0, 1, 0), punishment=game.payoffs.reshape(-1, 3)[:4])
    slack = found.slack(discount)
    clear = np.abs(discount - found.per_player) > 1e-9
    assert ((slack >= 0) == (discount >= found.per_player))[clear].all()
    assert repeated.slack(game, (0, 1, 0), discount, game.payoffs.reshape(-1, 3)[:4]) == pytest.approx(slack)
    frame = found.slack_by_punishment(discount)
    assert frame.to_numpy().max(axis=0) == pytest.approx(slack)


def test_slack_formula():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    found = repeated.critical_discount(game, ("C", "C"))
    d = np.array([0.6, 0.9])
    assert found.slack(d) == pytest.approx(d * (3 - 1) - (1 - d) * 2)


def test_large_constants_and_ties_do_not_fool_it():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0}).rescale(1e-3, 1e6)
    assert repeated.critical_discount(
        game, ("C", "C"), punishment=game.payoff(("D", "D"))
    ).per_player == pytest.approx([0.5, 0.5], rel=1e-6)
    # 0.1 + 0.2 is not 0.3 in floating point; a tie in the model must not become a temptation.
    tie = NormalFormGame([[[0.1 + 0.2, 1.0], [0.0, 0.0]], [[0.3, 0.0], [0.0, 0.0]]])
    upside = NormalFormGame(tie.payoffs[::-1].copy())
    for g, a in ((tie, (0, 0)), (upside, (0, 0)), (upside, (1, 0))):
        assert repeated.critical_discount(g, a, punishment=[0.0, 0.0]).per_player[0] == 0.0


@pytest.mark.parametrize("case", CLOSED["renegotiation_proof"])
def test_renegotiation_proof(case):
    found = repeated.critical_discount(dilemma(case), ("C", "C"), "renegotiation-proof", years=case["years"])
    assert found.per_player == pytest.approx([case["critical"]] * 2, abs=1e-11)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "says"),
    [
        ((("C", "X"),), {}, ProfileError, "no action 'X'"),
        ((("C",),), {}, ProfileError, "a profile names one action"),
        ((("C", "C"), "nahs"), {}, MethodError, "did you mean 'nash'"),
        ((("C", "C"), "finite"), {}, MethodError, "years="),
        ((("C", "C"), "finite"), {"years": 0}, MethodError, "whole number"),
        ((("C", "C"), "renegotiation-proof"), {"years": 0}, MethodError, "at least one period"),
        ((("C", "C"), [1, 2, 3]), {}, GameError, "one finite payoff for each"),
        ((("C", "C"), [1, np.nan]), {}, GameError, "one finite payoff for each"),
        ((("C", "C"), [[[1, 1]]]), {}, GameError, "one finite payoff for each"),
        ((("C", "C"), np.zeros((0, 2))), {}, GameError, "one finite payoff for each"),
        ((("C", "C"), "tit-for-tat"), {"toward": "each"}, MethodError, "stances"),
        ((("C", "C"), "tit-for-tat"), {"toward": "all"}, MethodError, "toward cannot be 'all'"),
        (
            (("C", "C"), "minmax"),
            {"kind": "nonsense"},
            MethodError,
            "no minmax of kind 'nonsense'",
        ),
        (
            (("C", "C"), "nash"),
            {"kind": "nonsense"},
            MethodError,
            "'nash' takes no option kind; 'minmax' does",
        ),
        ((("C", "C"), "nash"), {"years": 5}, MethodError, "takes no option years"),
        ((("C", "C"), "nash"), {"discount": 7.0}, MethodError, "takes no option discount"),
        ((("C", "C"), "minmax"), {"years": -3}, MethodError, "takes no option years"),
        ((("C", "C"), "minmax"), {"equilibria": [[1, 1]]}, MethodError, "takes no option equilibria"),
        ((("C", "C"), "optimal"), {"punish": ("D", "D")}, MethodError, "takes no option punish"),
        ((("C", "C"), "optimal"), {"discount": 7.0}, DiscountError, "strictly between"),
        ((("C", "C"), "optimal"), {"time_limit": -1}, MethodError, "positive number of seconds"),
        ((("C", "C"), [1, 1]), {"years": 5}, MethodError, "takes no option years"),
        ((("C", "C"), "finite"), {"years": "x"}, MethodError, "whole number"),
        ((("C", "C"), "nash"), {"equilibria": "all"}, GameError, "must be numbers"),
        ((("C", "C"), "nash"), {"equilibria": []}, GameError, "one finite payoff for each"),
    ],
)
def test_bad_input(arguments, options, error, says):
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    with pytest.raises(error, match=says):
        repeated.critical_discount(game, *arguments, **options)


@pytest.mark.parametrize("discount", [0, 1, np.nan, -0.1, [0.5], [0.5, 0.5, 0.5]])
def test_bad_discounts(discount):
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    with pytest.raises(DiscountError):
        repeated.slack(game, ("C", "C"), discount, [1, 1])


def test_what_has_no_slack_says_so():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    with pytest.raises(MethodError, match=r"repeated\.check"):
        repeated.slack(game, ("C", "C"), 0.8, "tit-for-tat")


def test_an_automaton_that_begins_elsewhere_is_refused():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    with pytest.raises(MethodError, match="begin"):
        repeated.critical_discount(game, ("C", "C"), strategies.always(game, ("D", "D")))


def test_words_and_tables():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    found = repeated.critical_discount(game, ("C", "C"))
    assert "common discount factor of 0.5" in found.summary()
    assert list(found.to_frame()["critical discount"]) == [0.5, 0.5]
    none = repeated.critical_discount(game, ("C", "C"), punishment=[3, 3])
    assert "cannot be sustained" in none.summary()
    calm = repeated.critical_discount(game, ("D", "D"))
    assert "no patience is needed" in calm.summary()
    assert "critical discount" in repr(found)


PD = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
FAR = [10**9, 10**13, 10**18, -(10**18)]


@pytest.mark.parametrize("offset", FAR)
@pytest.mark.parametrize(
    ("punishment", "options"),
    [
        ("nash", {}),
        ("finite", {"years": 3}),
        ("minmax", {}),
        ("optimal", {}),
        ("tit-for-tat", {}),
        ("renegotiation-proof", {}),
    ],
)
def test_a_part_that_all_payoffs_share_costs_no_digits(offset, punishment, options):
    rng = np.random.default_rng(7)
    games = [PD, *(NormalFormGame(rng.integers(0, 6, (2, 2, 2))) for _ in range(2))]
    for game in games:
        near = repeated.critical_discount(game, (0, 0), punishment, **options)
        far = repeated.critical_discount(game.rescale(1, offset), (0, 0), punishment, **options)
        assert far.per_player == pytest.approx(near.per_player, abs=1e-9)
        if far.solved is None:
            assert far.slack(0.6) == pytest.approx(near.slack(0.6), abs=1e-12)
            assert far.cooperative == pytest.approx(near.cooperative + float(offset))
            assert far.punishment_values == pytest.approx(near.punishment_values + float(offset))


@pytest.mark.parametrize("offset", FAR)
def test_values_and_equilibria_that_are_given_share_the_offset(offset):
    far = PD.rescale(1, offset)
    given = repeated.critical_discount(far, (0, 0), [1 + offset, 1 + offset])
    assert given.per_player.tolist() == [0.5, 0.5]
    found = repeated.critical_discount(far, (0, 0), equilibria=nash.find_all(far))
    assert found.per_player.tolist() == [0.5, 0.5]


def test_floats_whose_differences_are_gone_are_refused():
    lost = NormalFormGame(PD.payoffs + 1e18)
    for call in (
        lambda: repeated.critical_discount(lost, (0, 0), "tit-for-tat"),
        lambda: repeated.payoff_set(RepeatedGame(lost, 0.6)),
        lambda: repeated.check(RepeatedGame(lost, 0.6), strategies.grim(lost, (0, 0), (1, 1))),
        lambda: repeated.relative_gains(lost, (0, 0), (1, 1)),
    ):
        with pytest.raises(PrecisionError, match="rounding has erased"):
            call()


def bystander():
    """A prisoners' dilemma beside which a third player, who does not care, adds 1 to the first one's payoff or not."""
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[..., :2] = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])[:, :, None]
    payoffs[:, :, 1, 0] += 1
    return NormalFormGame(payoffs)


def test_the_ends_of_a_connected_set_of_equilibria_punish():
    found = nash.find_all(bystander())
    assert len(found.components) == 1
    listed = repeated.critical_discount(bystander(), (0, 0, 0), equilibria=found)
    assert listed.punishment_names == ("equilibrium 1", "equilibrium 2")
    assert listed.punishments.tolist() == [[1, 1, 0], [2, 1, 0]]
    # An end that is not listed among the equilibria counts as well, once.
    for kept, missing in ((0, [2, 1, 0]), (1, [1, 1, 0])):
        part = replace(found, found=found.found[kept : kept + 1])
        added = repeated.critical_discount(bystander(), (0, 0, 0), equilibria=part)
        assert added.punishment_names == ("equilibrium 1", "component 1, a vertex")
        assert added.punishments[1].tolist() == missing
        assert added.per_player == pytest.approx([1 / 2, 1 / 2, 0])
        assert added.worst == pytest.approx([2 / 3, 1 / 2, 0])


def test_an_automaton_is_one_punishment_without_a_value():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    found = repeated.critical_discount(game, (0, 0), strategies.grim(game, (0, 0), (1, 1)))
    assert found.punishments.shape == (1, 2)
    assert np.isnan(found.punishments).all()
    assert found.punishment_names == ("punishment 1",)


def test_options_of_the_slack():
    game = dilemma({"T": 5, "R": 3, "P": 1, "S": 0})
    assert repeated.slack(game, (0, 0), 0.5, "minmax", kind="pure").tolist() == [0, 0]
    with pytest.raises(MethodError, match="no punishment takes an option 'kinds'; did you mean 'kind'"):
        repeated.slack(game, (0, 0), 0.5, "minmax", kinds="pure")


def test_values_beside_a_large_part_that_all_payoffs_share_have_the_game_s_shape():
    big = 10**17
    game = NormalFormGame([[[big + 3, big + 3], [big, big + 5]], [[big + 5, big], [big + 1, big + 1]]])
    assert repeated.critical_discount(game, (0, 0), [[big + 1, big + 1]]).per_player.tolist() == [0.5, 0.5]
    for options in ({"punishment": [big] * 3}, {"equilibria": [[big] * 3]}):
        with pytest.raises(GameError, match="one finite payoff for each of Player 1, Player 2"):
            repeated.critical_discount(game, (0, 0), **options)


@pytest.mark.parametrize("game", [[[3, 0], [5, 1]], None, "pd"])
def test_patience_is_asked_of_a_game(game):
    with pytest.raises(GameError, match="the game must be a NormalFormGame"):
        repeated.critical_discount(game, (0, 0))


@pytest.mark.parametrize("punishment", ["nash", "minmax", [1, 1]])
def test_every_punishment_takes_a_time_limit(punishment, clock):
    assert repeated.critical_discount(PD, (0, 0), punishment, time_limit=600.0).overall == 0.5
    assert repeated.critical_discount(PD, (0, 0), "optimal", time_limit=600.0).notes == (
        "The discount factor, the same for all, is exactly 0.5.",
    )
    clock.step = 1000.0
    cut = repeated.critical_discount(PD, (0, 0), "optimal", time_limit=600.0)
    assert "time limit" in cut.notes[0]


def test_what_is_known_to_be_all_there_is():
    for punishment, complete in (("nash", True), ("minmax", True), ([1, 1], True), ("optimal", True)):
        assert repeated.critical_discount(PD, (0, 0), punishment).complete is complete
    assert repeated.critical_discount(PD, (0, 0), equilibria=[[1, 1]]).complete
    assert repeated.critical_discount(PD, (0, 0), strategies.grim(PD, (0, 0), (1, 1))).complete
    assert not repeated.critical_discount(PD, (0, 0), "renegotiation-proof").complete
    assert not repeated.critical_discount(PD, (0, 0), "optimal", discount=[0.9, 0.9]).complete
    assert repeated.critical_discount(PD, (0, 0)).notes == ()
