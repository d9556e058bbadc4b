"""Alternating offers: Rubinstein's shares, outside options, convergence to Nash, one-shot deviations."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import BargainingError, DiscountError
from solvers.bargaining import BargainingProblem, alternating_offers, nash, offers_over

CASES = json.loads((Path(__file__).parents[2] / "cases" / "bargaining.json").read_text())["rubinstein"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["source"])
def test_known_shares(case: dict) -> None:
    found = alternating_offers(case["discount"], case.get("outside", (0, 0)))
    assert found.payoffs == pytest.approx(case["shares"], abs=1e-14)
    assert any(found.binding) == ("deal me out" in case["source"])


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    d=st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)),
    w=st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)),
    pie=st.sampled_from([1.0, 7.0, 1e-9, 1e9]),
)
def test_no_offer_can_be_bettered_and_no_answer_either(d: tuple, w: tuple, pie: float) -> None:
    found = alternating_offers(d, np.array(w) * pie, pie)
    for i in range(2):
        j = 1 - i
        going_on = d[j] * found.proposed[j][j]
        assert found.proposed[i][j] == pytest.approx(max(going_on, w[j] * pie), rel=1e-9, abs=1e-12 * pie)
        assert found.proposed[i].sum() == pytest.approx(pie)
        # Offering too little brings the answerer's next offer, or its leaving: no better for the proposer.
        assert found.proposed[i][i] >= d[i] * found.proposed[j][i] - 1e-9 * pie


def test_the_first_mover_and_names() -> None:
    found = alternating_offers(0.5, proposer=1, players=["China", "US"], pie=3)
    assert found.payoffs == pytest.approx([1, 2])
    assert found.to_frame().loc["China proposes", "China"] == pytest.approx(2)
    assert "US proposing first" in found.summary()
    both = alternating_offers(0.1, outside=[0.4, 0.45])
    assert both.binding == (True, True)
    assert both.proposed.tolist() == [[0.55, 0.45], [0.4, 0.6]]
    assert "outside option of Player 1 and of Player 2 binds" in both.summary()


@pytest.mark.parametrize(
    "points",
    [
        [[1, 0], [0, 1]],
        [[4, 0], [3, 3], [1, 4], [0, 4.2]],
        [[1, 0], [1, 0.5], [0, 1]],
        [[1, -1], [1, 1], [-1, 1]],
    ],
)
def test_patience_leads_to_the_nash_solution(points: list) -> None:
    problem = BargainingProblem(points, [0, 0])
    target = nash(problem).payoffs
    errors = []
    for step in (0.1, 0.01, 0.0001):
        found = offers_over(problem, np.exp(-step))
        errors.append(np.abs(found.payoffs - target).max())
    assert errors[-1] < 1e-3
    assert errors[-1] <= errors[0]


def test_unequal_patience_leads_to_the_weighted_nash_solution() -> None:
    problem = BargainingProblem([[4, 0], [3, 3], [1, 4], [0, 4.2]], [0, 0])
    # Discount exp(-r h): bargaining power is 1 / r.
    found = offers_over(problem, [np.exp(-1e-5), np.exp(-3e-5)])
    assert found.payoffs == pytest.approx(nash(problem, [0.75, 0.25]).payoffs, abs=1e-3)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(d=st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95)), scale=st.sampled_from([1e-12, 3.0, 1e12]))
def test_on_a_line_both_ways_agree(d: tuple, scale: float) -> None:
    line = offers_over(BargainingProblem(np.array([[1, 0], [0, 1]]) * scale, [0, 0]), d)
    assert line.proposed / scale == pytest.approx(alternating_offers(d).proposed, abs=1e-9)


def test_bad_input_is_named() -> None:
    for bad in (0, 1, [0.5, 1.2], float("nan")):
        with pytest.raises(DiscountError, match="strictly between"):
            alternating_offers(bad)
    with pytest.raises(DiscountError, match="one number or two"):
        alternating_offers([0.1, 0.2, 0.3])
    with pytest.raises(BargainingError, match="exceed the pie"):
        alternating_offers(0.5, [0.6, 0.6])
    with pytest.raises(BargainingError, match="must be a positive number"):
        alternating_offers(0.5, pie=0)
    with pytest.raises(BargainingError, match="two players"):
        alternating_offers(0.5, proposer=2)
    with pytest.raises(BargainingError, match="between two players"):
        offers_over(BargainingProblem(np.eye(3), [0, 0, 0]), 0.5)


@pytest.mark.parametrize(
    ("discount", "outside", "binding"),
    [
        ((0.9, 0.5), (0.0, 0.0), (False, False)),
        ((0.9, 0.5), (0.85, 0.0), (True, False)),
        ((0.5, 0.9), (0.0, 0.85), (False, True)),
        ((0.3, 0.2), (0.5, 0.45), (True, True)),
        # An outside option little above what waiting brings, beside a rival of very different patience.
        ((0.5, 0.9), (0.2, 0.0), (True, False)),
        ((0.9, 0.5), (0.0, 0.2), (False, True)),
    ],
)
def test_each_proposes_what_the_other_just_accepts(discount, outside, binding) -> None:
    """The one-shot conditions of the equilibrium, each with the responder's own discount factor."""
    found = alternating_offers(discount, outside)
    assert found.binding == binding
    for proposer in (0, 1):
        responder = 1 - proposer
        waiting = discount[responder] * found.proposed[responder, responder]
        assert found.proposed[proposer, responder] == pytest.approx(max(waiting, outside[responder]))
        assert found.proposed[proposer].sum() == pytest.approx(1.0)
