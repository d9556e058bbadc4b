"""Structural variants side by side, and the assessment that puts all together."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import SampleError, ScenarioError
from solvers import uncertainty
from solvers.uncertainty._shares import Share
from solvers.uncertainty._variants import ALL, Variants
from tests.solvers.uncertainty.worlds import duel, small


@pytest.fixture(scope="module")
def model():
    return small()


@pytest.fixture(scope="module")
def found(model):
    return uncertainty.variants(model, model.draws(128), "swap", observed=("lately",))


def test_each_variant_is_an_evaluation_of_its_own(model, found):
    draws = model.draws(128)
    assert found.names == tuple(model.variants())
    for k, (name, variant) in enumerate(model.variants().items()):
        own = uncertainty.evaluate(variant, draws, "swap", "concert", autonomy=False)
        for condition in ("pays all", "holds", "pays all and holds"):
            assert found.shares[ALL, condition][k] == own.share(condition), (name, condition)
        kept = found.kept["lately"][k]
        if kept is None:
            with pytest.raises(SampleError, match="at least 30"):
                uncertainty.match(own, "lately")
        else:
            matched = uncertainty.match(own, "lately")
            assert kept == matched.share
            assert found.shares["lately", "pays all"][k] == matched.outcomes.share("pays all", None, "lately")


def by_hand(values):
    shares = tuple(None if v is None else Share(v, v - 0.02, v + 0.02, 100) for v in values)
    names = ("main", *(f"variant {k}" for k in range(1, len(values))))
    return Variants(names, {(ALL, "holds"): shares}, {ALL: shares}, "concert", "status quo")


def test_a_verdict_that_survives_and_one_that_turns():
    calm = by_hand([0.1, 0.2, 0.4, None])
    assert calm.survives("holds")
    assert "between 10 and 40 %, so none turns it over" in calm.sentence("holds")
    assert "In 1 variants too few draws fit." in calm.sentence("holds")
    turned = by_hand([0.1, 0.2, 0.6])
    assert turned.turning("holds") == ("variant 2",)
    assert "turns on the structure of the model: variant 2 (60 % (± 2.0)) turn it over" in turned.sentence(
        "holds"
    )
    assert by_hand([0.9, 0.8, 0.3]).turning("holds") == ("variant 2",)
    assert "Too few draws" in by_hand([None, 0.3]).sentence("holds")


@pytest.fixture(scope="module")
def assessment(model):
    return uncertainty.assess(model, 1024, "swap", variant_draws=64)


def test_deals_side_by_side(model, assessment):
    table = assessment.deals.set_index(["map", "draws fit"])
    draws = model.draws(1024)
    for name in ("swap", "status quo"):
        own = uncertainty.evaluate(model, draws, name, "concert")
        assert table.loc[(name, ALL), "pays all"] == own.share("pays all").value
        assert table.loc[(name, ALL), "people lost"] == pytest.approx(np.median(own.lost().low[:, 0]))
        kept = uncertainty.match(own, "lately").outcomes
        assert table.loc[(name, "lately"), "North gains"] == kept.share("North gains", None, "lately").value


def test_sentences_say_of_which_draws(assessment):
    text = assessment.summary()
    assert "Over 1,024 draws of the assumed numbers" in text
    assert "an equilibrium in" in text
    assert text.count("'pays all and holds' is true") == 2
    assert "The regions' people" in text
    assert "that ranking is no finding" in text or "robust at its top" in text
    assert all(s.endswith(".") for s in assessment.sentences())


def test_a_ranking_that_changes_is_no_finding(assessment):
    frame, words = assessment.ranking
    assert frame["first"].sum() == pytest.approx(1.0)
    assert ("no finding" in words) == (frame["first"].max() < 0.95)


def test_too_few_matching_draws_are_said_not_raised():
    found = uncertainty.assess(duel(0.5, 1.0), 64, variant_draws=32)
    assert "at least 30 are needed" in found.matches["quarrel"]
    assert any("at least 30 are needed" in s for s in found.sentences())
    assert isinstance(found.box, str)


def test_unknown_names(model):
    with pytest.raises(ScenarioError, match="did you mean 'swap'"):
        uncertainty.assess(model, 8, "swop")
