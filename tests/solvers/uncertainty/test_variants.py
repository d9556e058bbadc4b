"""Structural variants side by side."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import MethodError, SampleError
from solvers import uncertainty
from solvers.uncertainty._shares import Share
from solvers.uncertainty._variants import ALL, Variants
from tests.solvers.uncertainty.worlds import small


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
    return Variants(names, {}, {(ALL, "holds"): shares}, {ALL: shares}, "concert", "status quo")


def test_a_verdict_that_survives_and_one_that_turns():
    calm = by_hand([0.1, 0.2, 0.4, None])
    assert calm.survives("holds")
    assert "between 10 and 40 %, so none turns it over" in calm.sentence("holds")
    assert "In 1 variant too few draws fit." in calm.sentence("holds")
    turned = by_hand([0.1, 0.2, 0.6])
    assert turned.turning("holds") == ("variant 2",)
    assert "turns on the structure of the model: variant 2 (60 % (± 2.0)) turn it over" in turned.sentence(
        "holds"
    )
    assert by_hand([0.9, 0.8, 0.3]).turning("holds") == ("variant 2",)
    assert "Too few draws" in by_hand([None, 0.3]).sentence("holds")


def test_a_variant_within_the_errors_of_one_half_turns_nothing():
    assert by_hand([0.45, 0.51]).turning("holds") == ()
    table = by_hand([0.45, 0.55, None]).table()
    assert table["turns"].tolist() == ["", "holds", ""]
    assert table["draws"].tolist() == [100, 100, 0]


def test_draws_without_a_known_equilibrium_are_in_no_sample(model):
    draws = model.draws(256)
    found = uncertainty.variants(model, draws, "swap", regions=False, mixed="never")
    for name, outcomes in found.outcomes.items():
        known = outcomes.count > 0
        assert found.table().loc[name, "draws"] == known.sum()
        if known.any():
            assert found.table().loc[name, "holds"] == outcomes.condition("holds")[known].mean()


def test_of_many_variants_that_turn_it_over_four_are_named():
    four, six = by_hand([0.1, *[0.6] * 4]), by_hand([0.1, *[0.6] * 6])
    assert "more" not in four.sentence("holds")
    words = six.sentence("holds")
    assert "variant 4 (60 % (± 2.0)) and 2 more turn it over" in words
    assert "variant 5" not in words
    assert "of the draws, but" in words


def test_a_sample_is_named(found):
    assert "in most of the draws" not in found.sentence("pays all")
    assert "of the draws that fit" not in found.sentence("pays all")
    words = found.sentence("pays all", "lately")
    assert "of the draws that fit 'lately'" in words or "Too few draws fit 'lately'" in words


def test_one_row_for_each_sample_and_variant(found):
    frame = found.to_frame()
    assert frame["sample"].tolist() == [s for s in (ALL, "lately") for _ in found.names]
    assert frame["variant"].tolist() == list(found.names) * 2
    for row in frame.to_dict("records"):
        k = found.names.index(row["variant"])
        kept = found.kept[row["sample"]][k]
        assert (row["kept"] == kept.value) if kept else np.isnan(row["kept"])
        for condition in ("pays all", "holds", "pays all and holds"):
            share = found.shares[row["sample"], condition][k]
            assert (row[condition] == share.value) if share else np.isnan(row[condition])
            error = row[f"{condition} error"]
            assert (error == share.error) if share else np.isnan(error)
    # Some variant has too few draws that fit.
    assert any(share is None for share in found.kept["lately"])


def test_an_interval_that_ends_at_one_half_turns_nothing():
    above, from_half = Share(0.6, 0.51, 0.7, 100), Share(0.6, 0.5, 0.7, 100)
    below, to_half = Share(0.4, 0.3, 0.49, 100), Share(0.4, 0.3, 0.5, 100)
    pairs = (
        (above, below),
        (below, above),
        (from_half, below),
        (above, to_half),
        (below, from_half),
        (to_half, above),
    )
    for one, other in pairs:
        shares = {(ALL, "holds"): (one, other)}
        found = Variants(("main", "variant"), {}, shares, {ALL: (one, other)}, "concert", "status quo")
        sure = from_half not in (one, other) and to_half not in (one, other)
        assert found.turning("holds") == (("variant",) if sure else ())
        assert found.survives("holds") is not sure


def test_the_range_over_variants_and_the_names_of_five():
    assert "it lies between 80 and 95 %" in by_hand([0.9, 0.95, 0.8]).sentence("holds")
    assert "variant 4 (60 % (± 2.0)) and 1 more turn it over" in by_hand([0.1, *[0.6] * 5]).sentence("holds")


def test_the_table_has_the_largest_error_of_a_row():
    one, other = Share(0.6, 0.55, 0.65, 100), Share(0.6, 0.58, 0.62, 100)
    shares = {(ALL, "holds"): (one, None), (ALL, "pays all"): (other, None)}
    table = Variants(("main", "variant"), {}, shares, {ALL: (one, None)}, "concert", "status quo").table()
    assert table.loc["main", "error"] == one.error
    assert np.isnan(table.loc["variant", "error"])


def test_regions_are_left_out_on_the_first_draws_only(model):
    draws = model.draws(48)
    main = uncertainty.evaluate(model, draws, "swap", "concert", mixed="never", autonomy=False)
    found = uncertainty.variants(model, draws, "swap", region_draws=16, mixed="never", main=main)
    assert found.outcomes["main"] is main
    variants = model.variants()
    without = [name for name in found.names if name.startswith("without")]
    assert len(without) == len(model.region_names)
    for name in without:
        first = uncertainty.evaluate(variants[name], draws.take(slice(16)), "swap", "concert", mixed="never")
        assert found.outcomes[name].payoffs == pytest.approx(first.payoffs)
    assert {len(found.outcomes[name]) for name in found.names if name not in without} == {48}
    # Autonomy takes time and decides no share.
    assert all(np.isnan(found.outcomes[name].autonomy).all() for name in without)


@pytest.mark.parametrize("number", [0, -5])
def test_regions_are_left_out_on_at_least_one_draw(model, number):
    with pytest.raises(MethodError, match="region_draws is a whole number, at least 1"):
        uncertainty.variants(model, model.draws(8), region_draws=number)


def test_regions_stay_where_that_is_asked_for(model):
    found = uncertainty.variants(model, model.draws(8), "swap", regions=False, mixed="never")
    assert found.names == tuple(model.variants(regions=False))
    assert all(np.isnan(outcomes.autonomy).all() for outcomes in found.outcomes.values())
