"""What changes with an index or a variant is what the two standings say."""

from __future__ import annotations

import pytest

from games import load
from solvers import compare
from solvers.compare._phrases import effect


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
