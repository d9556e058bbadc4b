"""One deal over many worlds, against the pieces that it is made of."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from games.errors import MethodError
from solvers import uncertainty
from solvers.uncertainty import Matched
from solvers.uncertainty._shares import share_of
from tests.solvers.worlds_by_hand import model_by_hand

MODEL = load("us-china-russia-2025")


@pytest.fixture(scope="module")
def found():
    return uncertainty.assess(MODEL, draws=256, seed=1)


def test_the_pieces_are_what_single_calls_give(found):
    draws = MODEL.draws(256, seed=1)
    alone = uncertainty.evaluate(MODEL, draws, regimes=["concert"])
    assert np.array_equal(alone.payoffs, found.outcomes.payoffs)
    name = "2025: two rivals"
    kept = found.matched[name]
    assert isinstance(kept, Matched)
    assert np.array_equal(kept.mask, uncertainty.match(alone, name).mask)
    other = uncertainty.evaluate(MODEL, draws, "Taiwan to China", ["concert"], mixed="never")
    row = found.by_deal.query("map == 'Taiwan to China' and worlds == 'all draws'").iloc[0]
    known = other.count > 0
    assert row["draws"] == known.sum()
    assert row["pays all"] == pytest.approx(other.condition("pays all")[known].mean())
    row = found.by_deal.query("map == 'Taiwan to China' and worlds == @name").iloc[0]
    assert row["draws"] == kept.mask.sum()
    assert row["pays all"] == pytest.approx(other.condition("pays all", against=name)[kept.mask].mean())


def test_left_out_regions_are_models_without_them(found):
    draws = MODEL.draws(256, seed=1).take(slice(0, 128))
    name = "India and 1 other"
    alone = uncertainty.evaluate(
        MODEL.with_parameters(left_out=name), draws, regimes=["concert"], mixed="never", autonomy=False
    )
    assert found.variants.outcomes[f"without {name}"].payoffs == pytest.approx(alone.payoffs)


def test_a_variant_turns_the_verdict_only_beyond_both_errors(found):
    table = found.by_variant
    main = table.loc["main"]
    for _, row in table.iterrows():
        for what in row["turns"].split(", ") if row["turns"] else ():
            assert (main[what] - 0.5) * (row[what] - 0.5) < 0
    assert table.loc["main", "turns"] == ""
    for name in found.turning:
        assert name.removeprefix("without ") in found.summary() or "more" in found.summary()


def test_sentences_state_shares_with_their_errors(found):
    first = found.sentences[0]
    assert first.startswith("Over 256 draws")
    assert str(found.outcomes.share("pays all")) in first
    assert any("fit '2025: two rivals'" in s for s in found.sentences)
    assert any(s.startswith("Nothing is said of worlds that fit '2025: one rival'") for s in found.sentences)


def test_the_same_seed_gives_the_same_table(found):
    again = uncertainty.assess(MODEL, draws=256, seed=1)
    assert again.by_deal.equals(found.by_deal)
    assert again.sentences == found.sentences


def test_a_map_of_its_own_comes_first():
    other = uncertainty.assess(MODEL, {"Taiwan": "China"}, draws=64)
    assert next(iter(other.deals)) == other.outcomes.map
    assert set(MODEL.maps) < set(other.deals)


def test_five_powers_are_refused():
    with pytest.raises(MethodError, match="5 powers are too many, four the most"):
        uncertainty.assess(model_by_hand(count=5), draws=8)


def test_a_ranking_that_changes_within_the_ranges_is_no_finding(found):
    frame, words = found.ranking
    assert frame["first"].sum() == pytest.approx(1.0)
    top = share_of(np.arange(1000) < round(1000 * frame["first"].iloc[0]))
    assert ("not a finding" in words) == (top.low < 0.9)
    assert words in found.sentences
