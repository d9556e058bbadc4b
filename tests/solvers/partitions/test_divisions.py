"""Which divisions there are, and how they are numbered and named."""

from __future__ import annotations

from itertools import product

import pytest

from games import load
from solvers.partitions import Divisions
from solvers.partitions._divisions import benchmarks_of, deviating_profiles, pair_profiles
from tests.solvers.worlds_by_hand import with_a_piece

MODEL = load("us-china-russia-2025")


def test_deviations_of_one_and_of_two():
    alone = deviating_profiles((0, 2, 0), 3)
    assert len(alone) == 9
    assert all(sum(a != b for a, b in zip(after, (0, 2, 0))) == 1 for _, after in alone)
    pairs = pair_profiles((0, 2, 0), 3)
    assert {k: len(v) for k, v in pairs.items()} == {(0, 1): 9, (0, 2): 9, (1, 2): 9}


def test_a_piece_goes_to_its_two_parties_only():
    model = with_a_piece()
    options = Divisions.of(model, ["A claims on B"], nobody=True, annex=True).options[0]
    assert {lead for lead, _ in options} == {0, 1}
    assert not any(forced for _, forced in options)


@pytest.mark.parametrize(("nobody", "annex"), list(product([False, True], repeat=2)))
def test_numbers_and_changes_are_inverse(nobody, annex):
    divisions = Divisions.of(MODEL, ["Taiwan", "Ukraine"], nobody, annex)
    assert divisions.size == (3 + nobody + annex) * 4
    for row in range(divisions.size):
        assert divisions.number(divisions.entries(row)) == row
        held = divisions.holdings(divisions.choices([row]))
        assert MODEL.holders(divisions.entries(row)).tolist() == held.lead[0].tolist()
        assert MODEL.forced(divisions.entries(row)).tolist() == held.forced[0].tolist()


def test_words():
    divisions = Divisions.of(MODEL, ["Canada", "Taiwan", "Ukraine"], True, True)
    row = divisions.number({"Canada": "United States by force", "Taiwan": "neutral", "Ukraine": "Russia"})
    assert divisions.describe(row) == (
        "Canada annexed by United States; Taiwan made neutral; Ukraine to Russia"
    )
    assert divisions.holders_of(row) == {"Canada": "United States", "Taiwan": "nobody", "Ukraine": "Russia"}


def test_the_table_of_the_scenario_is_the_default():
    assert [MODEL.region_names[r] for r in Divisions.of(MODEL).regions] == list(MODEL.on_table)


def test_an_observed_profile_as_benchmark():
    name = next(iter(MODEL.observed))
    found = benchmarks_of(MODEL, name)
    assert found.names == (name,)
    assert found.payoffs[0] == pytest.approx(MODEL.stage().payoffs[MODEL.profile(name)])
    assert found.autonomy[0] == pytest.approx(MODEL.autonomy_of(name).to_numpy())
