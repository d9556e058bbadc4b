"""The page on two centuries of the idea."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from games import load
from reports import history
from solvers import uncertainty

DOCS = Path(__file__).parents[2] / "docs"
CASE = history.Case(1950, "cold-war-1950", "two blocs")


@pytest.fixture(scope="module")
def table():
    return history.compute([CASE], draws=16)


def test_the_numbers_are_those_of_the_draws(table) -> None:
    model = load(CASE.scenario)
    found = uncertainty.evaluate(model, model.draws(16), regimes="concert", mixed="never", autonomy=False)
    row = table.loc[1950]
    assert row["ostracism"] == found.condition("holds by ostracism").mean()
    assert row["equilibrium"] == found.condition("equilibrium").mean()
    deviations = model.unilateral("concert", draws=model.draws(16)).gains
    assert list(row["leave"].values()) == pytest.approx((deviations > 1e-9).mean(axis=0))
    assert row["largest"] == pytest.approx(model.capability.max() / model.capability.sum())


def test_mismatch_by_hand() -> None:
    model = load(CASE.scenario)
    shares = model.capability / model.capability.sum()
    led = [sum((r.cinc * r.gdp) ** 0.5 for r in model.regions if r.lead == p) for p in model.players]
    assert history._mismatch(model, shares) == pytest.approx(
        np.abs(np.array(led) / sum(led) - shares).sum() / 2
    )
    # Nothing departs from itself.
    assert history._mismatch(model, np.array(led) / sum(led)) == pytest.approx(0)


def test_the_page_in_the_documentation_is_this_one(table) -> None:
    kept = (DOCS / "history.md").read_text(encoding="utf-8")
    text, drawing = history.page([CASE], draws=16)
    for part in (history.LIMITS.strip(), *(f"| {who} | {says} |" for who, says, _, _ in history.AUTHORS)):
        assert part in kept
        assert part in text
    for case in history.CASES:
        assert f"| {case.year} | {case.what} |" in kept
    for power in table.loc[1950, "leave"]:
        assert f">{power}</text>" in drawing
    assert drawing.count("<rect") == 2 + 3
    assert "url(#hatch)" in drawing, "told apart by hatching, not by colour"


def test_it_is_written_beside_its_picture(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(history, "page", lambda **options: (f"{options}\n", "<svg/>"))
    history.main(["-o", str(tmp_path / "page.md"), "--draws", "8"])
    assert (tmp_path / "page.md").read_text() == "{'draws': 8, 'seed': 0}\n"
    assert (tmp_path / history.PICTURE).read_text() == "<svg/>"
