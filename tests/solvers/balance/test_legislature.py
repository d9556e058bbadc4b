"""Bargaining in legislatures: closed forms, the value equations checked apart, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import BargainingError, DiscountError
from solvers.balance import closed_rule, open_rule

CASES = json.loads((Path(__file__).parents[2] / "cases" / "balance.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("members", [1, 3, 5, 21, 101])
@pytest.mark.parametrize("discount", [0.05, 0.5, 0.8, 0.99])
def test_equal_members_under_the_closed_rule(members: int, discount: float) -> None:
    found = closed_rule(members, discount)
    assert found.proposer == pytest.approx(1 - discount * (members - 1) / (2 * members))
    assert found.values == pytest.approx(1 / members)
    assert found.chosen.sum() == pytest.approx(found.quota - 1)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 7))
def test_unequal_members_satisfy_the_equations_of_an_equilibrium(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(n))
    d = rng.uniform(0.1, 0.99, n)
    quota = int(rng.integers(1, n + 1))
    found = closed_rule(n, d, quota=quota, recognition=p.tolist())
    w = d * found.values
    for i in range(n):
        others = np.sort(np.delete(w, i))
        assert found.proposer[i] == pytest.approx(1 - others[: quota - 1].sum(), abs=1e-8)
        assert found.values[i] == pytest.approx(p[i] * found.proposer[i] + found.chosen[i] * w[i], abs=1e-8)
    assert found.values.sum() == pytest.approx(1, abs=1e-8)
    assert found.chosen.sum() == pytest.approx(quota - 1, abs=1e-6)
    if quota == 1:
        return
    # Only the cheapest votes are bought.
    cutoff = np.sort(w)[quota - 1]
    assert (found.chosen[w > cutoff + 1e-7] < 1e-6).all()
    assert found.chosen[w < cutoff - 1e-7] == pytest.approx((1 - p)[w < cutoff - 1e-7], abs=1e-6)


def test_the_order_of_members_does_not_matter() -> None:
    first = closed_rule(3, [0.9, 0.8, 0.7], recognition=[0.5, 0.3, 0.2])
    second = closed_rule(3, [0.7, 0.9, 0.8], recognition=[0.2, 0.5, 0.3])
    assert first.values[[2, 0, 1]] == pytest.approx(second.values)


@pytest.mark.parametrize("case", CASES["open_rule"], ids=lambda c: f"{c['members']}-{c['discount']}")
def test_the_open_rule(case: dict) -> None:
    found = open_rule(case["members"], case["discount"])
    assert found.included == case["included"]
    assert found.proposer == pytest.approx(case["proposer"], abs=case.get("tolerance", 1e-12))
    if "offer" in case:
        assert found.offer == pytest.approx(case["offer"], abs=case["tolerance"])


@pytest.mark.parametrize(("members", "discount"), [(3, 0.9), (5, 0.8), (5, 0.5), (7, 1.0), (11, 0.3)])
def test_values_of_the_open_rule_by_playing_it(members: int, discount: float) -> None:
    """Thousands of plays of the strategies themselves: who proposes, who is drawn, who is left out."""
    found = open_rule(members, discount)
    rng = np.random.default_rng(1)
    m, plays, total = found.included, 4_000, 0.0
    for _ in range(plays):
        proposer, worth = 0, 1.0
        included = set(rng.choice(np.arange(1, members), m, replace=False).tolist())
        while True:
            drawn = int(rng.choice([k for k in range(members) if k != proposer]))
            if drawn in included:
                share = found.proposer if proposer == 0 else found.offer if 0 in included else 0.0
                total += worth * share
                break
            left_out = [k for k in range(members) if k not in included and k not in (proposer, drawn)]
            rest = rng.choice(sorted(included), m - len(left_out), replace=False).tolist()
            proposer, included = drawn, {*left_out, *rest}
            worth *= discount
    assert total / plays == pytest.approx(found.value, abs=0.02)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: closed_rule(0, 0.5), BargainingError, "at least one"),
        (lambda: closed_rule(3, 1.0), DiscountError, "between 0 and 1"),
        (lambda: closed_rule(3, [0.5, 0.5]), DiscountError, "one number or 3"),
        (lambda: closed_rule(3, 0.5, quota=4), BargainingError, "quota is 4"),
        (lambda: closed_rule(3, 0.5, recognition=[0.5, 0.5]), BargainingError, "3 probabilities"),
        (lambda: closed_rule(2, 0.5, recognition=[1.5, -0.5]), BargainingError, "add up to 1"),
        (lambda: open_rule(4, 0.5), BargainingError, "odd number"),
        (lambda: open_rule(3, 0.0), DiscountError, "above 0"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, words) -> None:
    with pytest.raises(error, match=words):
        call()


def test_views() -> None:
    assert "buys the cheapest votes" in closed_rule(3, 0.5).summary()
    assert len(closed_rule(3, 0.5).to_frame()) == 3
    assert "Open rule, 3 members" in open_rule(3, 0.5).summary()
    assert open_rule(3, 0.5).to_frame()["included"].tolist() == [2]
