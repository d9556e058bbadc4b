"""What changes with an index or a variant is what the two standings say."""

from __future__ import annotations

import pytest

from games import load
from solvers import compare
from solvers.compare._phrases import EFFECTS, EFFECTS_ON_SEVERAL, effect


@pytest.fixture(scope="module")
def results():
    model = load("us-china-russia-2025")
    return {"status quo": compare.concert(model)}


def test_what_changes_names_each_variant_that_changes_something(results):
    r = results["status quo"]
    main = r.standing
    for name, other in r.by_variant.items():
        said = [s for s in r.what_changes if s.startswith(f"Under the variant '{name}'")]
        changed = other.holds != main.holds or any(effect(other, i) != effect(main, i) for i in range(3))
        assert bool(said) == changed
    assert any("the deal would hold by Nash reversion" in s for s in r.what_changes)


def test_powers_that_fare_alike_share_a_verb(results):
    """Each variant's sentence names every power whose effect changes once, and no verb twice."""
    r = results["status quo"]
    for name, other in r.by_variant.items():
        said = next((s for s in r.what_changes if s.startswith(f"Under the variant '{name}'")), "")
        for kind, verb in EFFECTS.items():
            who = [p for i, p in enumerate(r.players) if effect(other, i) == kind != effect(r.standing, i)]
            expected = verb if len(who) == 1 else EFFECTS_ON_SEVERAL[kind]
            assert (f" {expected}" in said) >= bool(who)
            assert all(power in said for power in who)
    assert EFFECTS.keys() == EFFECTS_ON_SEVERAL.keys()
