"""The back-test: outcomes as the tables have them, predictions as the game has them, new epochs as data."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from games import stances, world
from games.errors import ScenarioError
from games.world._tables import SHIPPED
from solvers import uncertainty, validation
from solvers.validation._backtest import COLUMNS, outcome


@pytest.fixture(scope="module")
def table():
    return validation.backtest(epochs=[1950, 1962], draws=24)


def test_every_pair_of_great_powers_once(table):
    assert tuple(table.columns[:7]) == COLUMNS
    for epoch in (1950, 1962):
        count = len(world.build(epoch).players)
        part = table[table["epoch"] == epoch]
        assert len(part) == count * (count - 1) / 2
        assert part["predicted"].between(0, 1).all()


def test_outcomes_are_those_of_the_tables(table):
    by_pair = table.set_index(["epoch", "first", "second"])
    assert by_pair.loc[(1962, "United States", "Soviet Union"), "rivalry"] == 1
    assert by_pair.loc[(1962, "United States", "United Kingdom"), "rivalry"] == 0
    assert by_pair.loc[(1950, "United States", "China"), "war"] == 1
    rows = [r for r in world.tables().rows["dyads"] if {r["first"], r["second"]} == {"2", "365"}]
    disputes = sum(r["disputes"] or 0 for r in rows if 1962 <= r["year"] <= 1971)
    assert by_pair.loc[(1962, "United States", "Soviet Union"), "dispute"] == float(disputes > 0)
    assert np.isnan(by_pair.loc[(1950, "United States", "Soviet Union"), "rivals before"])
    assert by_pair.loc[(1962, "United States", "Soviet Union"), "rivals before"] == 1


def test_outcome_by_hand():
    history = {y: {"rivalry": 1, "disputes": 0, "war": 0} for y in range(1950, 1955)}
    assert outcome(history, 1950, "rivalry") == 1
    assert outcome(history, 1958, "rivalry") == 1
    assert np.isnan(outcome(history, 1965, "rivalry"))
    assert outcome(history, 1950, "war") == 0
    assert np.isnan(outcome(history, 1952, "war"))
    history[1954]["war"] = 1
    assert outcome(history, 1952, "war") == 1
    assert np.isnan(outcome({}, 1950, "dispute"))


def test_predictions_are_shares_of_equilibria():
    # Three powers: the search for large games against the whole stage game.
    from solvers.spheres.equilibria import search

    model = world.build(1962, ["2", "710", "365"])
    draws = model.draws(32)
    found = search(model, draws, starts=12)
    whole = uncertainty.evaluate(model, draws, regimes="concert", observed=(), mixed="never", autonomy=False)
    contests = stances.contest_matrices(whole.equilibria[:, 1:])
    quarrel = contests | contests.transpose(0, 2, 1)
    shares = []
    for d in range(32):
        own = whole.equilibria[:, 0] == d
        if own.any():
            shares.append(quarrel[own].mean(axis=0))
    if (found.count == whole.count).all():
        assert found.quarrel_shares == pytest.approx(np.mean(shares, axis=0))
    assert {
        tuple(r) for r in np.column_stack([found.rows, found.contests.reshape(len(found.rows), -1)]).tolist()
    } <= {
        tuple(r)
        for r in np.column_stack([whole.equilibria[:, 0], contests.reshape(len(contests), -1)]).tolist()
    }


@pytest.fixture
def folder(tmp_path) -> Path:
    target = tmp_path / "tables"
    shutil.copytree(SHIPPED, target)
    return target


def test_a_new_epoch_is_rows_in_a_folder(folder):
    for name in ("states", "relations", "claims"):
        path = folder / f"{name}.csv"
        lines = path.read_text().splitlines()
        path.write_text(
            "\n".join(lines + ["1965" + row[4:] for row in lines if row.startswith("1962,")]) + "\n"
        )
    new = validation.backtest(data=folder, epochs=[1965], draws=8)
    assert set(new["epoch"]) == {1965}
    old = validation.backtest(data=folder, epochs=[1962], draws=8)
    assert new["predicted"].to_numpy() == pytest.approx(old["predicted"].to_numpy())


def test_bad_input(folder):
    with pytest.raises(ScenarioError, match="no epoch 1951"):
        validation.backtest(epochs=[1951])
    (folder / "dyads.csv").unlink()
    with pytest.raises(ScenarioError, match="no table of dyads"):
        validation.backtest(data=folder)
    with pytest.raises(ScenarioError, match="no folder of tables"):
        validation.backtest(data="nowhere")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("epochs", "draws"),
    [
        ([1950, 1962, 1972], 24),
        pytest.param([1950, 1962, 1972, 2010, 2016], 40, marks=pytest.mark.thorough),
    ],
)
def test_the_figures_of_the_page_within_their_error(epochs, draws):
    """Some of the fifteen epochs: the rules rank quarrels clearly better than chance, and say nothing about wars."""
    found = validation.backtest(epochs=epochs, draws=draws)
    scores = validation.scores(found)
    assert scores.table.loc["the rules", "AUC"] > 0.75
    assert scores.table.loc["the rules", "Brier"] < scores.table.loc["base rate", "Brier"]
