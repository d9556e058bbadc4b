"""Baselines that know nothing of the epoch they predict."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from games.errors import MethodError, SampleError
from solvers import validation
from solvers.validation._scores import fit_logit


def table(count=400, seed=0, skill=2.0):
    """Pairs in ten epochs whose rivalry depends on `ratio`, and on a hidden thing that only `predicted` sees."""
    rng = np.random.default_rng(seed)
    hidden, ratio = rng.normal(size=count), rng.normal(size=count)
    chance = 1 / (1 + np.exp(-(-0.5 + ratio + skill * hidden)))
    rivalry = (rng.uniform(size=count) < chance).astype(float)
    before = np.where(rng.uniform(size=count) < 0.8, rivalry, 1 - rivalry)
    return pd.DataFrame(
        {
            "epoch": np.repeat(np.arange(1900, 2000, 10), count // 10),
            "first": "A",
            "second": "B",
            "predicted": 1 / (1 + np.exp(-skill * hidden)),
            "rivalry": rivalry,
            "dispute": np.nan,
            "war": 0.0,
            "ratio": ratio,
            "next door": rng.integers(0, 2, count).astype(float),
            "claim": 0.0,
            "pact": rng.integers(0, 2, count).astype(float),
            "rivals before": np.where(rng.uniform(size=count) < 0.2, np.nan, before),
        }
    )


def test_a_logit_by_a_general_optimiser():
    from scipy.optimize import minimize

    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 3))
    y = (rng.uniform(size=200) < 1 / (1 + np.exp(-(0.3 + x @ [1.0, -2.0, 0.0])))).astype(float)

    def loss(w):
        eta = w[0] + x @ w[1:]
        return np.logaddexp(0, eta).sum() - y @ eta + 0.005 * (w[1:] ** 2).sum()

    expected = minimize(loss, np.zeros(4), tol=1e-12).x
    assert fit_logit(x, y) == pytest.approx(expected, abs=1e-4)


def test_separated_cases_stay_finite():
    weights = fit_logit(np.array([[-1.0], [-1.0], [1.0], [1.0]]), np.array([0.0, 0, 1, 1]))
    assert np.isfinite(weights).all()


def test_skill_shows_and_lack_of_it_too():
    found = validation.scores(table())
    scored = found.table
    assert scored.loc["the rules", "AUC"] > scored.loc["capability ratio", "AUC"] > 0.55
    assert scored.loc["data and the rules", "AUC"] > scored.loc["data", "AUC"] + 0.05
    assert scored.loc["base rate", "AUC within"] == 0.5
    useless = validation.scores(table(skill=0.0).assign(predicted=0.9))
    assert useless.table.loc["the rules", "AUC"] == 0.5
    assert "no better than the base rate" in useless.summary()


def test_the_epoch_predicted_is_left_out():
    frame = table()
    found = validation.scores(frame).predictions
    changed = frame.copy()
    last = changed["epoch"] == 1990
    changed.loc[last, "rivalry"] = 1 - changed.loc[last, "rivalry"]
    again = validation.scores(changed).predictions
    for name in ("base rate", "persistence", "capability ratio", "data", "data and the rules"):
        assert found.loc[last, name].to_numpy() == pytest.approx(again.loc[last, name].to_numpy())
        assert not np.allclose(found.loc[~last, name], again.loc[~last, name])


def test_persistence_by_hand():
    frame = table()
    frame["rivals before"] = frame["rivalry"]
    frame.loc[frame["epoch"] == 1900, "rivals before"] = np.nan
    found = validation.scores(frame).predictions
    part = found[found["epoch"] == 1950]
    train = frame[(frame["epoch"] != 1950) & (frame["epoch"] != 1900)]
    yes = (train["rivalry"] == 1).sum()
    assert part.loc[part["rivalry"] == 1, "persistence"].to_numpy() == pytest.approx((yes + 1) / (yes + 2))


def test_misses_are_the_worst_first():
    found = validation.scores(table())
    misses = found.misses(5)
    errors = (misses["the rules"] - misses["rivalry"]).abs()
    assert errors.is_monotonic_decreasing
    assert errors.iloc[0] == (found.predictions["the rules"] - found.predictions["rivalry"]).abs().max()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda t: validation.scores(t, "wars"), MethodError, "did you mean 'war'"),
        (lambda t: validation.scores(t, "war"), SampleError, "never or always occurs"),
        (lambda t: validation.scores(t, "dispute"), SampleError, "at least two epochs"),
        (lambda t: validation.scores(t.drop(columns="claim")), MethodError, "no column 'claim'"),
        (lambda t: validation.scores(t).reliability("rules"), MethodError, "did you mean 'the rules'"),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call(table())
