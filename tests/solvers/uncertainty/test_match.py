"""Matching draws to what was observed, against a posterior by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games.errors import MethodError, ProfileError, SampleError
from games.spheres import Draws
from solvers import uncertainty
from solvers.uncertainty._match import Matched, kolmogorov
from tests.solvers.uncertainty.worlds import duel, small

# Claimant contests exactly if 10 * cost < 4 (40 / 176)^2; see `duel`.
WIN = 4 * (40 / 176) ** 2
CUT = WIN / 10


@pytest.fixture(scope="module")
def found():
    model = duel()
    return uncertainty.evaluate(model, model.draws(4096, seed=7), regimes="concert")


def test_the_posterior_of_the_duel_is_the_one_by_hand(found):
    kept = uncertainty.match(found, "quarrel")
    # The cost is log-uniform from .001 to 1: its distribution function at the cut is this.
    expected = np.log(CUT / 0.001) / np.log(1000)
    assert kept.share.low < expected < kept.share.high
    assert (kept.mask == (found.draws["contest_cost"] < CUT)).all()
    after = kept.outcomes.draws["contest_cost"]
    # Log-uniform from .001 to the cut: its median is the geometric mean; the two distributions differ most at the cut.
    assert kept.learned.loc["contest_cost", "after median"] == pytest.approx(np.sqrt(0.001 * CUT), rel=0.01)
    assert kept.learned.loc["contest_cost", "distance"] == pytest.approx(1 - expected, abs=0.002)
    assert after.max() < CUT
    assert kept.learned.loc["contest_cost", "distance"] > kept.learned.loc["contest_cost", "by chance"]
    assert "teaches most about contest_cost" in kept.summary()
    assert "up to a regret" not in kept.summary()
    # Massey (1951): 1.358 over the root of the sample, for a sample out of a finite population.
    count = kept.mask.sum()
    by_chance = 1.358 * np.sqrt(1 / count - 1 / 4096)
    assert kept.learned.loc["contest_cost", "by chance"] == pytest.approx(by_chance)


def test_an_allowed_regret_keeps_more_and_is_printed(found):
    # Regret of Claimant is 10 cost less what it wins; a tolerance of 1 per cent of its capability allows .1.
    kept = uncertainty.match(found, "quarrel", tolerance=0.01)
    assert (kept.mask == (10 * found.draws["contest_cost"] - WIN <= 0.1)).all()
    assert "up to a regret of 1 per cent of each power's own capability" in kept.summary()


def test_sustainable_is_weaker_than_equilibrium():
    model = small()
    found = uncertainty.evaluate(model, model.draws(2048), regimes="concert")
    strict = uncertainty.match(found, "lately")
    weak = uncertainty.match(found, "lately", how="sustainable")
    assert (weak.mask | ~strict.mask).all()
    assert (weak.mask == (found.discount >= found.observed_nash[:, 0]).all(axis=1)).all()


def test_stances_handed_in_are_treated_like_named_ones(found):
    named = uncertainty.match(found, "quarrel")
    for stances in ([("Claimant", "Holder")], (0, 1), ("accommodate Claimant", "contest Holder")):
        assert (uncertainty.match(found, stances).mask == named.mask).all()
    peace = uncertainty.match(found, "concert")
    assert (peace.mask == ~named.mask).all()


def test_too_few_draws_are_refused(found):
    few = found.take(np.arange(50))
    assert 0 < (few.draws["contest_cost"] < CUT).sum() < 30
    with pytest.raises(SampleError, match="at least 30 are needed") as caught:
        uncertainty.match(few, "quarrel")
    assert "\n" not in str(caught.value)


def test_switches_are_compared_by_total_variation():
    model = small()
    draws = model.draws(512, switches=("claims",))
    kept = uncertainty.match(uncertainty.evaluate(model, draws, regimes="concert"), "lately")
    levels = np.unique(draws["claims"])
    before = np.array([(draws["claims"] == v).mean() for v in levels])
    after = np.array([(draws["claims"][kept.mask] == v).mean() for v in levels])
    assert kept.learned.loc["claims", "distance"] == pytest.approx(np.abs(before - after).sum() / 2)


def test_where_nothing_is_learned_the_summary_says_so():
    model = duel(0.0011, 0.0199)
    found = uncertainty.evaluate(model, model.draws(64), regimes="concert")
    kept = uncertainty.match(found, "quarrel")
    assert kept.share.value == 1
    assert "differ from the rest in no single number" in kept.summary()


def test_kolmogorov_as_scipy_has_it():
    from scipy.stats import ks_2samp

    rng = np.random.default_rng(3)
    for size in (1, 5, 40):
        a, b = rng.integers(0, 9, 30).astype(float), rng.integers(2, 12, size).astype(float)
        assert kolmogorov(a, b) == pytest.approx(ks_2samp(a, b).statistic)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"observed": "quarel"}, ProfileError, "no regime 'quarel'"),
        ({"observed": (0, 7)}, ProfileError, "no action number 7"),
        ({"observed": "quarrel", "how": "rational"}, MethodError, "how is 'rational'"),
        ({"observed": "quarrel", "tolerance": -1.0}, MethodError, "tolerance is -1.0"),
        (
            {"observed": "quarrel", "tolerance": float("nan")},
            MethodError,
            "tolerance must be a finite number",
        ),
        ({"observed": "quarrel", "tolerance": float("inf")}, MethodError, "tolerance"),
        (
            {"observed": "quarrel", "how": "sustainable", "tolerance": 0.1},
            MethodError,
            "applies to how='equilibrium'",
        ),
    ],
)
def test_bad_input(found, arguments, error, message):
    with pytest.raises(error, match=message):
        uncertainty.match(found, **arguments)


def test_columns_of_draws_that_are_not_drawn_are_kept():
    model = duel()
    draws = Draws({"contest_cost": np.full(40, 0.01)}, {})
    kept = uncertainty.match(uncertainty.evaluate(model, draws, regimes="concert"), "quarrel")
    assert kept.learned.loc["contest_cost", "distance"] == 0


def test_what_is_learned_most_about_comes_first():
    model = small()
    found = uncertainty.evaluate(model, model.draws(2048), regimes="concert")
    kept = uncertainty.match(found, "lately", how="sustainable")
    assert kept.learned["distance"].is_monotonic_decreasing
    clear = kept.learned.index[kept.learned["distance"] > kept.learned["by chance"]]
    assert len(clear) > 3
    assert all(name in kept.summary() for name in clear[:3])
    assert clear[3] not in kept.summary()


def test_gains_that_are_rounding_and_patience_that_just_suffices(found):
    tiny = np.full_like(found.observed_gains, 1e-15)
    rounded = replace(found, observed_gains=tiny, observed_nash=np.zeros_like(found.observed_nash))
    assert uncertainty.match(rounded, "quarrel").mask.all()
    just = replace(found, observed_nash=np.repeat(found.discount[:, None], 1, axis=1))
    assert uncertainty.match(just, "quarrel", how="sustainable").mask.all()


def test_thirty_draws_are_enough(found):
    fits = np.flatnonzero(found.draws["contest_cost"] < CUT)
    for count in (29, 30):
        few = found.take(np.append(fits[:count], np.flatnonzero(found.draws["contest_cost"] > CUT)[:20]))
        if count < 30:
            with pytest.raises(SampleError, match="in 29 of 49 draws"):
                uncertainty.match(few, "quarrel")
        else:
            assert uncertainty.match(few, "quarrel").mask.sum() == 30


def test_what_is_matched_has_a_name_and_a_regret(found):
    quarrel = uncertainty.match(found, "quarrel")
    assert quarrel.name == "quarrel"
    assert quarrel.learned.index.name == "number"
    handed = uncertainty.match(found, (0, 1))
    assert handed.name == "handed in"
    assert uncertainty.match(found, "concert").name == "concert"
    expected = np.maximum(10 * found.draws["contest_cost"] - WIN, 0)
    for kept in (quarrel, handed):
        assert kept.regret[:, 1] == pytest.approx(expected)
        assert (kept.regret[:, 0] == 0).all()


def test_a_regret_as_large_as_allowed_fits(found):
    gains = 0.25 * found.capability
    edge = replace(found, observed_gains=gains[:, None], observed_nash=np.full_like(found.observed_nash, 0.5))
    assert uncertainty.match(edge, "quarrel", tolerance=0.25).mask.all()
    beyond = replace(edge, observed_gains=np.nextafter(gains, np.inf)[:, None])
    with pytest.raises(SampleError, match="in 0 of"):
        uncertainty.match(beyond, "quarrel", tolerance=0.25)


def test_stances_that_tie_up_to_rounding_are_an_equilibrium(found, monkeypatch):
    """A gain of a few units in the last place of payoffs of a thousand is none, however small a third payoff is."""
    size = len(found)
    payoffs = np.full((size, 2), 1000.0)
    deviations = np.stack([payoffs, payoffs * (1 + 1e-14), np.full((size, 2), 1e-9)], axis=-1)
    monkeypatch.setattr(type(found.model), "unilateral", lambda *_: (payoffs, deviations))
    assert uncertainty.match(found, (0, 1)).mask.all()
    monkeypatch.setattr(type(found.model), "unilateral", lambda *_: (payoffs, deviations + 1e-6))
    with pytest.raises(SampleError):
        uncertainty.match(found, (0, 1))


def test_a_switch_that_teaches_is_named_without_a_median():
    model = small()
    draws = model.draws(512, switches=("claims",))
    kept = uncertainty.match(uncertainty.evaluate(model, draws, regimes="concert"), "lately")
    kept.learned.loc["claims", "distance"] = 2.0
    first = Matched(**{f: getattr(kept, f) for f in kept.__dataclass_fields__})
    first.__dict__["learned"] = kept.learned.sort_values("distance", ascending=False)
    assert "teaches most about claims;" in first.summary()
