"""How long a deal holds, over draws and years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import NormalFormGame, load
from games.errors import MethodError, ScenarioError, SizeError
from games.spheres.stances import all_profiles, contest_matrices
from solvers import nash, repeated, stochastic, uncertainty
from solvers.uncertainty import _horizon
from solvers.uncertainty._shares import share_of
from tests.solvers.uncertainty.worlds import duel, small


def aged(**changes):
    return replace(small(), year=2000).vary(
        {"powers.South.growth": 0.04, "powers.North.growth": -0.02, **changes}
    )


def test_each_year_is_the_grown_model_of_that_draw() -> None:
    model = aged()
    draws = model.draws(6, seed=3)
    found = uncertainty.horizon(model, draws, 2020, years=[2000, 2010, 2020])
    for d, t in ((0, 0), (2, 1), (5, 2)):
        row = draws.take([d])
        point = model.vary({name: float(row[name][0]) for name in row.names})
        years = found.years[t] - 2000
        point = point.vary(
            {
                f"powers.{p.name}.{k}": getattr(p, k) * (1 + p.growth) ** years
                for p in model.powers
                for k in ("cinc", "gdp")
            }
        )
        game = point.stage()
        pure = nash.pure(game)
        if not len(pure):
            assert np.isnan(found.critical[d, t]).all()
            continue
        need = repeated.critical_discount(game, point.profile("concert"), "nash", equilibria=pure)
        assert found.critical[d, t] == pytest.approx(need.per_player)


def test_the_first_year_is_what_evaluate_says() -> None:
    model = aged()
    draws = model.draws(64, seed=1)
    found = uncertainty.horizon(model, draws, 2001)
    outcomes = uncertainty.evaluate(model, draws, regimes="concert", mixed="never", autonomy=False)
    assert (found.holds[:, 0] == outcomes.condition("holds")).all()
    assert 0 < found.holds[:, 0].mean() < 1


def test_a_claimant_who_grows_ends_the_deal_by_hand() -> None:
    model = replace(duel(), year=2000).vary({"powers.Claimant.growth": 0.05, "contest_cost": 0.03})
    draws = model.draws(1).fix({"contest_cost": 0.03, "powers.Claimant.growth": 0.05})
    found = uncertainty.horizon(model, draws, 2040)
    m = 10 * 1.05 ** (found.years - 2000.0)
    # Alone it gets 4 times the square of its share of the weights, and pays a part of what the weaker side can lose.
    gain = 4 * (m / (34 + m)) ** 2 - 0.03 * np.minimum(m, 30)
    tempted = found.critical[0, :, 1] > 0
    assert (tempted == (gain > 1e-12)).all()
    assert tempted.sum() not in (0, len(tempted))


def test_bands_shares_and_ends() -> None:
    found = uncertainty.horizon(aged(), aged().draws(128), 2030, years=[2000, 2015, 2030])
    low, middle, high = found.band()
    assert (low <= middle).all()
    assert (middle <= high).all()
    ends = found.ends
    assert ends["share"].sum() == pytest.approx(1)
    assert found.to_frame().loc[2015, "holds"] == found.share(2015).value
    assert not (found.holds & found.undecided).any()
    first = [row.tolist().index(False) if not row.all() else 3 for row in found.holds]
    sure = [t for d, t in enumerate(first) if t == 3 or not found.undecided[d, t]]
    for t, name in ((0, "from the start"), (1, "by 2015"), (2, "by 2030"), (3, "not before 2030")):
        share = ends["share"].get(name, 0.0)
        assert share == pytest.approx(sure.count(t) / 128)
    assert ends.loc["undecided", "share"] == pytest.approx(1 - len(sure) / 128)


def test_where_no_pure_equilibrium_answers_a_breach_minmax_bounds_what_can_hold() -> None:
    model = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
    found = uncertainty.horizon(model, model.draws(64), years=[2025])
    missing = np.isnan(found.critical).all(axis=-1)
    assert found.undecided.any()
    assert missing.sum() > found.undecided.sum()
    outcomes = uncertainty.evaluate(model, model.draws(64), regimes="concert", mixed="never", autonomy=False)
    assert (found.undecided == (missing & outcomes.condition("could hold")[:, None])).all()


def test_the_path_as_one_game_is_what_the_stochastic_solver_says() -> None:
    years = [2000, 2003, 2004, 2008]
    model = aged(**{"powers.South.growth": 0.08, "powers.South.patience": 0.75})
    draws = model.draws(8, seed=2)
    found = uncertainty.horizon(model, draws, 2008, years=list(years))
    seen = set()
    for d in range(len(draws)):
        row = draws.take([d])
        point = model.vary({name: float(row[name][0]) for name in row.names})
        stages, answers = [], []
        for year in range(2000, 2009):
            stands_for = max(y for y in years if y <= year)
            moment = row.fix({"year": float(stands_for)})
            table = model.payoffs(contest_matrices(all_profiles(3)), draws=moment)[0]
            game = NormalFormGame(table.reshape(4, 4, 4, 3), model.players)
            stages.append(game)
            answers.append([tuple(map(int, a)) for a in np.argwhere(game.best_response_mask.all(axis=-1))])
        if any(len(pure) != 1 for pure in answers):
            continue
        path = stochastic.path_patience(stages, (0, 0, 0), [pure[0] for pure in answers], point.discount)
        at = [y - 2000 for y in years]
        assert found.foreseen[d].tolist() == path.holds[at].tolist()
        seen |= set(found.foreseen[d].tolist())
    assert seen == {False, True}


def test_without_growth_both_readings_agree() -> None:
    model = replace(small(), year=2000)
    found = uncertainty.horizon(model, model.draws(32), 2010, years=[2000, 2004, 2010])
    assert (found.foreseen == found.holds).all()


def test_growth_may_be_drawn() -> None:
    model = aged()
    draws = model.draws(2)
    fast = draws.fix({"powers.South.growth": [0.0, 0.04]})
    found = uncertainty.horizon(model, fast, 2020, years=[2020])
    alone = draws.fix({"powers.South.growth": 0.04}).take([1])
    known = uncertainty.horizon(model, alone, 2020, years=[2020])
    assert found.critical[1] == pytest.approx(known.critical[0])


def test_years_do_not_change_draws_without_them() -> None:
    model = aged()
    draws = model.draws(4)
    contests = model.profile_contests("all-out")[None]
    now = model.payoffs(contests, draws=draws.fix({"year": 2000.0}))
    assert now == pytest.approx(model.payoffs(contests, draws=draws))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"until": 1990}, MethodError, "lead onward from 2000"),
        ({"years": [2010, 2005]}, MethodError, "each named once"),
        ({"years": [2060]}, MethodError, "lead onward"),
        ({"years": [1999, 2010]}, MethodError, "lead onward from 2000 to 2050"),
        ({"years": []}, MethodError, "got none"),
        ({"until": 2300, "years": [2300]}, ScenarioError, "a share is at most 1"),
        ({"regime": "consort"}, Exception, "did you mean 'concert'"),
    ],
)
def test_bad_input(options, error, words) -> None:
    with pytest.raises(error, match=words):
        uncertainty.horizon(aged(), aged().draws(2), **{"until": 2050, **options})


def test_what_is_too_large_is_refused_before_the_work() -> None:
    model = load("concert-of-europe-1853")
    with pytest.raises(SizeError, match=r"2 draws in 26 years of 1,048,576 profiles make 2\.7e\+08 payoffs"):
        uncertainty.horizon(model, model.draws(2), 1878)
    with pytest.raises(MethodError, match="says its year"):
        uncertainty.horizon(small(), small().draws(2))
    contests = small().profile_contests("concert")[None]
    with pytest.raises(ScenarioError, match="year needs a model that says its own year"):
        small().payoffs(contests, draws=small().draws(2).fix({"year": 2000.0}))


def test_the_summary_tells_the_first_and_the_last_year_and_what_is_undecided() -> None:
    found = uncertainty.horizon(aged(), aged().draws(8), 2010, years=[2000, 2005, 2010])
    some = np.zeros((8, 3), dtype=bool)
    holds = np.array([[True] * 3] * 2 + [[True, False, False]] * 6)
    decided = replace(found, holds=holds, undecided=some)
    words = decided.summary()
    assert f"holds in {share_of(holds[:, 0])} in 2000 and in {share_of(holds[:, 2])} in 2010" in words
    assert "undecided" not in words
    assert f"it holds from 2000 on in {share_of(found.foreseen[:, 0])}." in words
    some[:4, 2] = True
    some[0, 0] = True
    assert "It is undecided in 12 % in 2000 and 50 % in 2010" in replace(found, undecided=some).summary()
    some[:, 0] = False
    assert "It is undecided in 0 % in 2000 and 50 % in 2010" in replace(found, undecided=some).summary()


def test_blocks_change_nothing(monkeypatch) -> None:
    model = aged()
    draws = model.draws(6)
    whole = uncertainty.horizon(model, draws, 2010, years=[2000, 2010])
    # Five stage games at a time, and at least one.
    for block in (5 * 64 * 3, 1):
        monkeypatch.setattr(_horizon, "_BLOCK", block)
        parts = uncertainty.horizon(model, draws, 2010, years=[2000, 2010])
        assert parts.critical == pytest.approx(whole.critical, nan_ok=True)
        assert (parts.foreseen == whole.foreseen).all()


def test_every_year_up_to_2050_unless_years_are_named() -> None:
    model = replace(small(), year=2047)
    found = uncertainty.horizon(model, model.draws(1))
    assert found.years.tolist() == [2047, 2048, 2049, 2050]
    for name in ("critical", "holds", "undecided", "foreseen", "foreseen_undecided"):
        assert not getattr(found, name).flags.writeable
    assert found.map == "status quo"
    other = uncertainty.horizon(model, model.draws(1), map={"Buffer": "East"}, years=[2047])
    assert other.map == "a partition"
    with pytest.raises(MethodError, match="there is no year 2060 here; the years are 2047, 2048, 2049, 2050"):
        found.share(2060)


def test_the_limit_on_payoffs_is_exact(monkeypatch) -> None:
    model = replace(small(), year=2000)
    monkeypatch.setattr(_horizon, "_LARGEST", 5 * 2 * 64 * 3)
    assert len(uncertainty.horizon(model, model.draws(5), years=[2000, 2010]).draws) == 5
    monkeypatch.setattr(_horizon, "_LARGEST", 5 * 2 * 64 * 3 - 1)
    with pytest.raises(SizeError, match="5 draws in 2 years of 64 profiles"):
        uncertainty.horizon(model, model.draws(5), years=[2000, 2010])


def test_quantiles_are_factors_of_draws() -> None:
    model = replace(small(), year=2000)
    found = uncertainty.horizon(model, model.draws(4), years=[2000])
    order = np.random.default_rng(0).permutation(20)
    column = np.append(np.arange(19) / 20, np.inf)[order]
    critical = np.stack([column, np.full(20, np.nan), np.where(column < 0.5, column, np.nan)], axis=1)[
        :, None
    ]
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning):
        low, middle, high = replace(found, critical=critical).band(0.1, 0.95)
    assert (low[0, 0], middle[0, 0], high[0, 0]) == (1 / 20, 9 / 20, 18 / 20)
    assert np.isnan([low[0, 1], middle[0, 1], high[0, 1]]).all()
    assert (low[0, 2], middle[0, 2], high[0, 2]) == (0.0, 4 / 20, 9 / 20)
    one = np.where(np.isfinite(column), column, 0.0)[:, None, None] * np.ones(3)
    usual = replace(found, critical=one).band()
    assert usual[:, 0, 0].tolist() == [np.sort(one[:, 0, 0])[k] for k in (0, 9, 18)]


def test_ends_by_hand() -> None:
    model = replace(small(), year=2000)
    found = uncertainty.horizon(model, model.draws(4), years=[2000, 2010, 2020])
    holds = np.array(
        [[0, 1, 1], [1, 1, 0], [1, 1, 1], [1, 0, 0], [1, 0, 1], [0, 0, 0], [1, 1, 0], [1, 1, 1]], dtype=bool
    )
    undecided = np.zeros((8, 3), dtype=bool)
    # Open where it first fails; a later year that is open changes nothing.
    undecided[4, 1] = undecided[3, 2] = undecided[0, 1] = undecided[6, 2] = True
    ends = replace(found, holds=holds, undecided=undecided).ends["share"]
    assert (8 * ends).to_dict() == {
        "from the start": 2,
        "by 2010": 1,
        "by 2020": 1,
        "not before 2020": 2,
        "undecided": 2,
    }
    always = replace(found, holds=np.ones((8, 3), dtype=bool), undecided=np.zeros((8, 3), dtype=bool)).ends
    assert always["share"].to_dict() == {"from the start": 0, "not before 2020": 1, "undecided": 0}
    assert set(always["draws"]) == {8}
