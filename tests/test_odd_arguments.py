"""Odd arguments at the door: a named error or an answer, never a raw TypeError or ValueError from deep inside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame, deals, issues, ordinal, strategies, tariffs, transform
from games.errors import ConcertError
from solvers import bargaining, coalitions, linkage, repeated, transfers, triangle
from tests.odd_arguments import raw_errors

PD = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
PLAY = RepeatedGame(PD, 0.6)
GRIM = strategies.grim(PD, ("C", "C"), ("D", "D"))
PROBLEM = bargaining.BargainingProblem([[1, 0], [0, 1]], [0, 0])
TRIANGLES = triangle.textbook()
BUNDLE = deals.get("taiwan")
THREAT = deals.get("weak-ally")
TRADE = tariffs.ExchangeEconomy(("Home", "Foreign"), {"Home": (0.7, 0.3), "Foreign": (0.3, 0.7)})
SIDES = {"A": 3.0, "B": 3.0}

CALLS = {
    "critical_discount": (repeated.critical_discount, {"game": PD, "profile": (0, 0), "punishment": "nash"}),
    "critical_discount finite": (
        repeated.critical_discount,
        {"game": PD, "profile": (0, 0), "punishment": "finite", "years": 2, "equilibria": [1, 1]},
    ),
    "critical_discount penance": (
        repeated.critical_discount,
        {"game": PD, "profile": (0, 0), "punishment": "renegotiation-proof", "years": 1, "discount": 0.7},
    ),
    "critical_discount_many": (
        repeated.critical_discount_many,
        {"payoffs": [PD.payoffs], "profile": (0, 0), "punishment": [1, 1]},
    ),
    "slack": (repeated.slack, {"game": PD, "profile": (0, 0), "discount": 0.5, "punishment": [1, 1]}),
    "threshold": (repeated.threshold, {"gain": 2, "cooperative": 3, "punishment_value": 1, "tolerance": 0}),
    "finite_threshold": (
        repeated.finite_threshold,
        {"gain": 2, "cooperative": 3, "punishment_value": 1, "years": 2},
    ),
    "noisy_threshold": (
        repeated.noisy_threshold,
        {"gain": 2, "cooperative": 3, "punishment_value": 1, "false_alarm": 0.1, "detection": 0.9},
    ),
    "false_alarms": (
        repeated.false_alarms,
        {"game": PD, "profile": (0, 0), "false_alarm": 0.1, "detection": 0.9, "watched": 2},
    ),
    "breakdown": (repeated.breakdown, {"tremble": [0.1, 0.2]}),
    "friction_tolerance": (
        repeated.friction_tolerance,
        {"game": PD, "profile": (0, 0), "punishment_value": [1, 1], "discount": 0.7, "exposure": [1, 1]},
    ),
    "largest_tolerated": (repeated.largest_tolerated, {"holds": lambda x: x < 1, "low": 0, "high": 2}),
    "penance_code": (repeated.penance_code, {"game": PD, "profile": (0, 0), "discount": 0.7, "years": 1}),
    "elasticities": (repeated.elasticities, {"function": lambda x: x.get("a", 1.0), "inputs": {"a": 1.0}}),
    "power_shift": (
        repeated.power_shift,
        {"strength": [0.3, 0.5], "discount": 0.9, "cost_declining": 0.1, "cost_rising": 0.1},
    ),
    "relative_gains": (
        repeated.relative_gains,
        {"game": PD, "profile": (0, 0), "punish": (1, 1), "weights": [0.1]},
    ),
    "payoff_set": (
        repeated.payoff_set,
        {"play": PLAY, "tolerance": 1e-3, "max_iterations": 5, "time_limit": 5},
    ),
    "check": (repeated.check, {"play": PLAY, "automaton": GRIM, "tolerance": 1e-9}),
    "best_response": (repeated.best_response, {"play": PLAY, "automaton": GRIM, "player": 0}),
    "long_run": (repeated.long_run, {"play": PLAY, "strategies": GRIM, "tremble": 0.1, "misperception": 0.1}),
    "simulate": (
        repeated.simulate,
        {"play": PLAY, "strategies": GRIM, "rounds": 3, "runs": 2, "seed": 1, "tremble": 0.1},
    ),
    "tournament": (repeated.tournament, {"play": PLAY, "doctrines": {"grim": GRIM}, "rounds": 3}),
    "joint_constraint": (
        transfers.joint_constraint,
        {"game": PD, "profile": (0, 0), "discount": 0.6, "punishment": [1, 1]},
    ),
    "cutoffs": (transfers.cutoffs, {"game": PD}),
    "transfers.payoff_set": (transfers.payoff_set, {"play": PLAY}),
    "payments": (transfers.payments, {"surplus": [-1, 2], "discount": 0.5}),
    "pooling": (linkage.pooling, {"bundle": BUNDLE, "agreed": {}}),
    "swaps": (linkage.swaps, {"what": BUNDLE}),
    "coercion": (linkage.coercion, {"threat": THREAT}),
    "ranges": (linkage.ranges, {"name": "taiwan"}),
    "BargainingProblem": (
        bargaining.BargainingProblem,
        {"points": [[1, 0], [0, 1]], "disagreement": [0, 0], "players": ["A", "B"]},
    ),
    "solve": (bargaining.solve, {"problem": PROBLEM, "name": "nash", "weights": [0.5, 0.5]}),
    "nash": (bargaining.nash, {"problem": PROBLEM}),
    "check_axioms": (bargaining.check_axioms, {"problem": PROBLEM, "solutions": ["nash"]}),
    "equal_treatment_cost": (
        bargaining.equal_treatment_cost,
        {"problem": PROBLEM, "equal": "egalitarian", "unequal": "nash", "strongest": "Player 1"},
    ),
    "alternating_offers": (
        bargaining.alternating_offers,
        {"discount": 0.8, "outside": [0, 0], "pie": 1, "proposer": 0, "players": ("A", "B")},
    ),
    "offers_over": (bargaining.offers_over, {"problem": PROBLEM, "discount": 0.8, "proposer": 1}),
    "bargaining_range": (bargaining.bargaining_range, {"p": 0.5, "cost_a": 0.1, "cost_b": 0.1}),
    "indivisible_stake": (
        bargaining.indivisible_stake,
        {"p": 0.5, "cost_a": 0.1, "cost_b": 0.1, "funds_a": 1, "funds_b": 1},
    ),
    "strong": (coalitions.strong, {"game": PD, "profile": (0, 0), "deviations": "pure"}),
    "coalition_proof": (coalitions.coalition_proof, {"game": PD, "profile": (0, 0)}),
    "joint_deviations": (coalitions.joint_deviations, {"game": PD, "profile": (0, 0)}),
    "deviations_of": (coalitions.deviations_of, {"game": PD, "profile": (0, 0), "coalition": [0]}),
    "coalitional_game": (coalitions.coalitional_game, {"game": PD, "kind": "alpha", "mixed": True}),
    "partition_function": (coalitions.partition_function, {"game": PD}),
    "courtship": (triangle.courtship, {"triangles": TRIANGLES, "courter": "A", "courted": "B"}),
    "kind": (triangle.kind, {"signs": (1, 1, 1)}),
    "named": (TRIANGLES.named, {"name": "stable marriage", "odd": "A"}),
    "cheapest_route": (TRIANGLES.cheapest_route, {"start": (1, 1, 1), "end": (1, 1, -1)}),
    "from_payoffs": (triangle.from_payoffs, {"payoffs": lambda s: s, "players": ["A", "B", "C"]}),
    "concession": (issues.Issue.concession, {"name": "x", "by": "A", "to": "B", "cost": 1, "value": 2}),
    "mutual": (
        issues.Issue.mutual,
        {"name": "x", "cooperate": SIDES, "defect": SIDES, "breakdown": SIDES},
    ),
    "from_game": (issues.Issue.from_game, {"name": "x", "game": PD}),
    "Bundle": (
        issues.Bundle,
        {"issues": BUNDLE.issues, "discount": 0.5, "false_alarm": 0.1, "detection": 0.9},
    ),
    "deals.get": (deals.get, {"name": "taiwan", "changes": {}}),
    "RepeatedGame": (RepeatedGame, {"stage": PD, "discount": 0.5, "period": 1.0}),
    "optimum_tariff": (TRADE.optimum_tariff, {"country": "Home", "other_tariff": 0.1}),
    "real_income": (TRADE.real_income, {"tariffs": [0.1, 0.1]}),
    "by_size": (
        tariffs.ExchangeEconomy.by_size,
        {"sizes": {"A": 1, "B": 2}, "import_share": 0.3, "share": 0.5},
    ),
    "transform.relative_gains": (transform.relative_gains, {"game": PD, "sensitivity": 0.5}),
    "friction": (
        transform.friction,
        {"game": PD, "distance": 1.0, "weight": 1.0, "cooperates": {"Player 1": ["C"]}},
    ),
    "tenure": (transform.tenure, {"play": PLAY, "survival": 0.9}),
    "office": (transform.office, {"game": PD, "survival": np.ones((2, 2, 2)), "value": 1}),
    "classify": (ordinal.classify, {"game": PD}),
}

ODD = ["x", object(), [], {}, float("nan"), -1, 10**400, [[1], [2, 3]], ("C", object())]


@pytest.mark.parametrize("name", CALLS)
def test_odd_arguments_are_refused_by_name(name):
    function, arguments = CALLS[name]
    function(**arguments)
    raw = raw_errors(function, arguments, ODD, name)
    assert not raw, "\n".join(raw)


def test_two_payoff_tables_are_told_where_to_go():
    with pytest.raises(ConcertError, match="from_bimatrix"):
        NormalFormGame([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    with pytest.raises(ConcertError, match="from_bimatrix"):
        NormalFormGame(np.eye(2)[:, :1], np.eye(2)[:, :1])


@pytest.mark.parametrize("package", ["solvers", "reports"])
def test_a_file_of_ones_own_that_hides_the_package_is_named(package, tmp_path):
    (tmp_path / "games.py").write_text("x = 1\n")
    root = Path(__file__).resolve().parents[1]
    path = os.pathsep.join([str(tmp_path), str(root)])
    done = subprocess.run(
        [sys.executable, "-c", f"import {package}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
    )
    assert done.returncode
    assert (
        f"{tmp_path / 'games.py'} hides the package games of concert-of-powers; rename that file"
        in done.stderr
    )
