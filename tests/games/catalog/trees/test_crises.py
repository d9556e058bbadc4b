"""Crisis bargaining: who gives way and how much, by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games import catalog
from solvers import sequential

trees = catalog.trees


@pytest.mark.parametrize(("cost", "best", "refused"), [("1/10", "7/10", 4), ("3/10", "3/5", 2)])
def test_fearons_demand_is_the_middle_of_its_risk_and_return(cost, best, refused):
    tree = trees.fearon_demand(cost_a=Fraction(cost))
    p, high = Fraction(1, 2), Fraction(1, 2)
    assert Fraction(best) == p + (high - Fraction(cost)) / 2

    def worth(demand: str) -> float:
        plan: dict[str, str] = {}
        for s in tree.information_sets:
            if s.player == 0:
                plan[s.label] = demand
            else:
                own, _, at = s.label.removeprefix("cost ").partition(" against ")
                plan[s.label] = "fight" if Fraction(own) < Fraction(at) - p else "accept"
        return float(tree.expected(plan)[0])

    a = next(s for s in tree.information_sets if s.player == 0)
    table = {demand: worth(demand) for demand in a.actions}
    assert max(table, key=lambda demand: table[demand]) == f"demand {best}"
    # The chance of war is that of a cost below the demand's excess.
    win = float(p - Fraction(cost))
    assert table[f"demand {best}"] == pytest.approx(
        (refused * win + (10 - refused) * float(Fraction(best))) / 10
    )


@pytest.mark.parametrize(
    ("p", "steps", "share"), [("3/5", 20, "9/20"), ("3/5", 10, "1/2"), ("3/10", 20, "1/5")]
)
def test_the_satisfied_concede_what_a_war_would_take(p, steps, share):
    # A war gives the dissatisfied p - 3/20: the first offer that is no less is accepted, and nothing is conceded where the
    # status quo of 1/5 is worth more.
    tree = trees.powell_offers(rounds=1, p=Fraction(p), steps=steps)
    found = sequential.backward_induction(tree)
    values = {tuple(tree.expected(e.behaviour).round(12).tolist()) for e in found}
    conceded = float(Fraction(share))
    assert (round(1 - conceded, 12), round(conceded, 12)) in values
    assert min(value[1] for value in values) == pytest.approx(conceded)


@pytest.mark.parametrize(
    ("slope_a", "slope_b", "payoffs"),
    [
        # A's costs pass those of war first: B backs down at its first move, step 1.
        ("3/10", "1/20", [1, -1 / 20]),
        # B's do: A backs down at step 0, at no cost.
        ("1/20", "3/10", [0, 1]),
    ],
)
def test_the_side_that_cannot_back_down_prevails(slope_a, slope_b, payoffs):
    tree = trees.audience_costs(9, slope_a=Fraction(slope_a), slope_b=Fraction(slope_b))
    (only,) = sequential.backward_induction(tree)
    assert tree.expected(only.behaviour) == pytest.approx(payoffs)


def test_a_demand_is_met_by_acquiescence():
    # In a crisis the first to move strikes and the other capitulates (7 to 1), so that who is asked first gives in (2).
    tree = trees.international_interaction()
    (only,) = sequential.backward_induction(tree)
    assert tree.expected(only.behaviour).tolist() == [8, 2]


def test_those_who_would_rather_fight_back_deter_the_first_blow():
    # If capitulation is worse than war for both, a blow brings war (4, 0) or (0, 3), below negotiation (6, 4).
    tree = trees.international_interaction({"A capitulates": (-1, 7), "B capitulates": (7, -1)})
    (only,) = sequential.backward_induction(tree)
    # B now prefers a crisis that ends in negotiation to acquiescence, and so does A: both demand.
    assert tree.expected(only.behaviour).tolist() == [6, 4]
