"""Maps of where a deal holds, against single models and closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games.errors import MethodError
from solvers import repeated, uncertainty
from tests.solvers.uncertainty.worlds import duel, small


def test_cells_are_single_models():
    model = small()
    found = uncertainty.phase(
        model, "contest_cost", "externality", condition="equilibrium", regime="all-out", size=4
    )
    for a, y in enumerate(found.ys):
        for b, x in enumerate(found.xs):
            one = model.vary({"contest_cost": x, "externality": y})
            game = one.stage()
            profile = one.profile("all-out")
            assert found.share[a, b] == (game.regret(game.mixed(profile)).max() <= 1e-12)
    assert found.to_frame().index[0] == found.ys[-1]


@pytest.mark.parametrize(
    "axes", [("contest_cost", "discount"), ("discount", "contest_cost"), ("discount", "false alarms")]
)
def test_discount_factor_and_noise_against_the_repeated_game(axes):
    model = small()
    found = uncertainty.phase(model, *axes, size=5, regime="concert", map="swap")
    for a, y in enumerate(found.ys):
        for b, x in enumerate(found.xs):
            at = dict(zip(axes, (x, y)))
            one = model.vary({"contest_cost": at["contest_cost"]}) if "contest_cost" in at else model
            game, profile = one.stage("swap"), one.profile("concert")
            from solvers import nash

            pure = [e.payoffs for e in nash.pure(game)] or [e.payoffs for e in nash.find_all(game)]
            noisy = repeated.patience.false_alarms(
                game, profile, at.get("false alarms", 0.0), punishment=pure
            )
            assert found.share[a, b] == (noisy.per_player <= at["discount"]).all()


def test_some_discount_factor_separates_holding_from_not():
    # All-out against all-out: a world in which the concert beats every equilibrium for all.
    model = small().with_parameters(war_cost=0.1)
    found = uncertainty.phase(model, "contest_cost", "discount", ys=np.linspace(0.01, 0.99, 50))
    rising = np.diff(found.share, axis=0)
    assert (rising >= 0).all()


def test_shares_over_draws():
    model = duel()
    draws = model.draws(64)
    found = uncertainty.phase(
        model, "contest_cost", "discount", condition="holds", xs=[0.001, 0.9], ys=[0.5], draws=draws
    )
    assert found.share.tolist() == [[0.0, 1.0]]
    assert found.draws == 64
    assert "over 64 draws" in found.summary()


def test_where_a_summary_says_it_is_true():
    found = uncertainty.phase(duel(), "contest_cost", "discount", xs=[0.001, 0.01, 0.1, 0.9], ys=[0.3, 0.6])
    assert "true in 50 per cent of the map" in found.summary()
    nowhere = uncertainty.phase(duel(), "contest_cost", "discount", xs=[0.001, 0.002], ys=[0.3])
    assert "true nowhere" in nowhere.summary()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("contest_cost", "contest_cost"), "two different numbers"),
        (("contest_cost", "patience"), "no number 'patience'"),
    ],
)
def test_bad_axes(arguments, message):
    with pytest.raises(MethodError, match=message):
        uncertainty.phase(small(), *arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"xs": [0.3, 0.1]}, "must be finite numbers that ascend"),
        ({"xs": [np.nan]}, "must be finite numbers that ascend"),
        ({"ys": [0.5, 1.5]}, "lie between 0 and 1"),
        ({"size": 1}, "at least 2"),
        ({"condition": "pays all"}, "matters to 'holds' and 'pays all and holds' only"),
    ],
)
def test_bad_values(options, message):
    with pytest.raises(MethodError, match=message):
        uncertainty.phase(small(), "contest_cost", "discount", **options)


def test_default_ranges_and_own_values():
    found = uncertainty.phase(duel(), "discount", "false alarms", size=3)
    assert found.xs.tolist() == pytest.approx([0.02, 0.5, 0.98])
    assert found.ys.tolist() == pytest.approx([0.0, 0.15, 0.3])
    assert np.isnan(found.own).all()
    found = uncertainty.phase(duel(), "missed breaches", "contest_cost", size=3)
    assert found.xs.tolist() == pytest.approx([0.0, 0.45, 0.9])
    assert found.ys.tolist() == pytest.approx([0.001, 0.001**0.5, 1.0])
    assert found.own[1] == duel().parameters.contest_cost


def test_shares_over_draws_of_two_numbers_of_the_repeated_game():
    model = duel()
    draws = model.draws(32)
    found = uncertainty.phase(model, "discount", "false alarms", size=3, draws=draws)
    # Nothing that competition can do punishes Claimant: the concert holds where a contest costs more than it wins.
    holds = (10 * draws["contest_cost"] >= 4 * (40 / 176) ** 2).mean()
    assert 0 < holds < 1
    assert found.share == pytest.approx(np.full((3, 3), holds))


def test_two_values_on_each_axis_are_enough_and_some_number_has_a_range():
    assert uncertainty.phase(duel(), "contest_cost", "discount", size=2).share.shape == (2, 2)
    known = replace(duel(), assumptions={})
    with pytest.raises(MethodError, match="no number with a range"):
        uncertainty.phase(known, "discount", "false alarms", size=2)
