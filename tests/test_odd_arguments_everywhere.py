"""Every public function refuses odd arguments by a named error; none is left out of this table without a reason."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

import numpy as np
import pytest

from games import (
    BayesianGame,
    Monitoring,
    NormalFormGame,
    RepeatedGame,
    StochasticGame,
    catalog,
    coalitional,
    typed,
    voting,
    world,
)
from games import strategies as machines
from games.spheres import contest, stances
from solvers import (
    balance,
    bargaining,
    bayesian,
    coalitions,
    compare,
    contests,
    cooperative,
    correlated,
    dominance,
    learning,
    minmax,
    nash,
    partitions,
    quantal,
    repeated,
    selection,
    sequential,
    stochastic,
    triangle,
    uncertainty,
)
from tests.games.spheres.small_world import small
from tests.odd_arguments import raw_errors
from tests.test_odd_arguments import CALLS as CALLED_THERE

ROOT = Path(__file__).parents[1]
trees = catalog.trees

PD = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
SEEN = Monitoring(signals=[[[0.9, 0.1], [0.5, 0.5]], [[0.5, 0.5], [0.2, 0.8]]])
NOISY = RepeatedGame(PD, 0.9, monitoring=SEEN)
PLAY = RepeatedGame(PD, 0.6)
SETS = repeated.payoff_set(PLAY)
STATES = StochasticGame([PD, PD], [[0.5, 0.5], [0.5, 0.5]], 0.6)
STATE_SETS = stochastic.payoff_set(STATES)
TRIGGER = stochastic.trigger(STATES, [(0, 0)] * 2, [(1, 1)] * 2)
BAYES = trees.entry_deterrence()
MOVERS = trees.three_movers()
BEER = trees.beer_quiche()
FOUND = nash.find_all(PD)
PLAN = sequential.find_one(MOVERS).behaviour
GLOVES = coalitional.gloves(["a"], ["b", "c"])
MAJORITY = voting.weighted({"A": 1, "B": 1, "C": 1})
TYPED = typed.TypedGame.from_game(GLOVES)
PROBLEM = bargaining.BargainingProblem([[1, 0], [0, 1]], [0, 0])
MODEL = small()
DRAWS = MODEL.draws(4, seed=0)
OUTCOMES = uncertainty.evaluate(MODEL, DRAWS)
POWERS = {"A": 5.0, "B": 3.0, "C": 3.0}
PATHS = {"cooperate": (0, 0), "punish": (1, 1)}
C, D = [(0, 0)] * 2, [(1, 1)] * 2


def with_defaults(function, **given):
    """The call with every default written out."""
    rest = {
        name: p.default
        for name, p in inspect.signature(function).parameters.items()
        if name not in given and p.default is not p.empty and p.kind is not p.VAR_KEYWORD
    }
    return function, {**given, **rest}


CALLS = [
    *(with_defaults(catalog.ENTRIES[name].make) for name in catalog.names()),
    *(with_defaults(trees.ENTRIES[name].make) for name in trees.names()),
    (catalog.get, {"name": "chicken"}),
    (catalog.entry, {"name": "chicken"}),
    (catalog.names, {"tag": "symmetric"}),
    (trees.get, {"name": "beer_quiche"}),
    (trees.entry, {"name": "beer_quiche"}),
    (trees.names, {"tag": "crisis"}),
    (coalitional.airport, {"costs": [1, 2, 3], "players": ["a", "b", "c"]}),
    (coalitional.bankruptcy, {"estate": 10, "claims": [5, 10], "players": ["a", "b"]}),
    (coalitional.gloves, {"left": ["a"], "right": ["b", "c"]}),
    with_defaults(coalitional.war, capabilities=POWERS),
    (coalitional.weighted_voting, {"weights": [3, 2, 2], "quota": 4, "players": ["a", "b", "c"]}),
    (coalitional.CoalitionalGame, {"values": [0, 1, 1, 3], "players": ["a", "b"]}),
    (coalitional.CoalitionalGame.from_worths, {"players": ["a", "b"], "worths": {("a", "b"): 1}}),
    (coalitional.CoalitionalGame.from_function, {"players": ["a", "b"], "worth": len}),
    (GLOVES.coalition, {"members": ["a", "b"]}),
    (GLOVES.members, {"coalition": 3}),
    (GLOVES.value, {"members": ["a"]}),
    (GLOVES.label, {"coalition": 3}),
    with_defaults(voting.double_majority, populations=POWERS, blocking=2),
    (voting.weighted, {"weights": POWERS, "quota": 6}),
    (MAJORITY.wins, {"members": ["A"]}),
    (typed.TypedGame.from_game, {"game": GLOVES}),
    (contest.lottery, {"stakes": [[0, 1], [1, 0]], "strengths": [1, 1]}),
    (contest.shares, {"weights": [1, 2]}),
    (contest.two_sides, {"gains": [1, 1], "strengths": [1, 1], "defends": [True, False], "advantage": 1.0}),
    (stances.blocs, {"players": ["A", "B", "C"], "groups": [["A", "B"]]}),
    (stances.from_pairs, {"players": ["A", "B", "C"], "pairs": [("A", "B")]}),
    (stances.name_regimes, {"players": ["A", "B", "C"], "named": {"x": [["A", "B"]]}}),
    (machines.always, {"game": PD, "profile": (0, 0)}),
    (machines.coin_toss, {"game": PD, **PATHS}),
    (machines.generous_tit_for_tat, {"game": PD, **PATHS, "generosity": 0.1, "toward": "any"}),
    (machines.grim, {"game": PD, **PATHS}),
    (machines.limited_punishment, {"game": PD, **PATHS, "years": 2}),
    (
        machines.memory_one,
        {"game": PD, "player": 0, "after": [[[1, 0], [0, 1]], [[0, 1], [1, 0]]], "first": [1, 0]},
    ),
    (
        machines.on_signals,
        {
            "game": PD,
            "signals": SEEN.signals,
            "outputs": [(0, 0), (1, 1)],
            "after": [[0, 1], [1, 1]],
            "initial": 0,
            "names": ["c", "d"],
        },
    ),
    (machines.penal_code, {"game": PD, "path": [(0, 0)], "punishments": [[(1, 1)], [(1, 1)]]}),
    (machines.stick_and_carrot, {"game": PD, "carrot": (0, 0), "stick": (1, 1)}),
    (machines.tit_for_tat, {"game": PD, **PATHS, "toward": "any"}),
    (machines.win_stay_lose_shift, {"game": PD, **PATHS, "aspiration": [2, 2]}),
    (world.epochs, {"data": None}),
    (world.faults, {"folder": "nowhere"}),
    (NormalFormGame.from_bimatrix, {"A": [[1]], "B": [[1]]}),
    (PD.restrict, {"actions": [[0], [0]]}),
    (PD.rescale, {"scale": [1, 2], "shift": [0, 1]}),
    (PD.permute, {"order": [1, 0]}),
    (MOVERS.actions, {"node": 0}),
    (MOVERS.node_name, {"node": 0}),
    (MOVERS.path, {"node": 0}),
    (MOVERS.player_index, {"player": 0}),
    (MOVERS.information_set, {"label": 0}),
    (MOVERS.strategies, {"player": 0}),
    (BAYES.player_index, {"player": 0}),
    (BAYES.type_index, {"player": 0, "type": 0}),
    (BAYES.stage, {"types": (0,) * BAYES.n_players}),
    (
        BayesianGame.independent,
        {"payoffs": np.zeros((1, 1, 2, 2, 2)), "priors": [[1], [1]], "types": [["t"], ["u"]]},
    ),
    (StochasticGame, {"stages": [PD, PD], "transitions": [[0.5, 0.5], [0.5, 0.5]], "discount": 0.6}),
    (StochasticGame.path, {"stages": [PD, PD], "discount": 0.6}),
    (StochasticGame.repeated, {"play": PLAY}),
    (STATES.state_index, {"state": 0}),
    (STATES.with_discount, {"discount": 0.5}),
    (Monitoring, {"signals": SEEN.signals}),
    (MODEL.draws, {"n": 4, "seed": 0, "together": 0.0}),
    (MODEL.holders, {"map": "status quo"}),
    (MODEL.profile, {"profile": "concert"}),
    (MODEL.strength, {"map": "status quo", "draws": None}),
    (MODEL.stakes, {"map": "status quo", "draws": None}),
    (balance.closed_rule, {"members": 3, "discount": 0.9, "quota": 2, "recognition": [1 / 3] * 3}),
    (balance.open_rule, {"members": 3, "discount": 0.9}),
    with_defaults(balance.division, capabilities=POWERS, shares={"A": 0.4, "B": 0.3, "C": 0.3}),
    (balance.predictions, {"strengths": POWERS}),
    (balance.stability, {"resources": POWERS}),
    (balance.wagner, {"resources": POWERS}),
    with_defaults(balance.war_range, capabilities=POWERS),
    (bargaining.demand, {"p": 0.5, "cost_a": 0.1, "low": 0, "high": 0.2}),
    with_defaults(bargaining.egalitarian, problem=PROBLEM),
    with_defaults(bargaining.equal_split, problem=PROBLEM),
    with_defaults(bargaining.kalai_smorodinsky, problem=PROBLEM),
    with_defaults(bargaining.utilitarian, problem=PROBLEM),
    with_defaults(bargaining.solve_all, problem=PROBLEM),
    (bargaining.from_game, {"game": PD, "disagreement": "nash:1", "profiles": {"a": (0, 0)}}),
    (bargaining.from_model, {"model": MODEL, "disagreement": "minmax", "over": "stances"}),
    (bayesian.cost_of_doubt, {"game": BAYES, "time_limit": 5.0}),
    (bayesian.find_all, {"game": BAYES, "seed": 0, "time_limit": 5.0, "limit": 1000}),
    (bayesian.value_of_information, {"game": BAYES, "player": 0, "about": 1, "time_limit": 5.0}),
    (coalitions.induced.coalition_structures, {"n": 3}),
    (coalitions.induced.merge, {"game": PD, "structure": [[0, 1]]}),
    (compare.concert, {"model": MODEL, "map": "status quo", "regime": "concert"}),
    (contests.all_pay, {"values": [2, 1], "efficiency": 1.0}),
    (contests.blotto, {"first": 2, "second": 2, "fields": 2, "score": "fields"}),
    (contests.blotto_value, {"force": 1, "other": 2, "fields": 3}),
    (contests.difference, {"values": [1, 2], "decisiveness": 1.0}),
    with_defaults(contests.group_contest, values=[1, 1], sizes=[1, 2]),
    with_defaults(contests.tullock, values=[1, 2]),
    (contests.tullock_mixed, {"values": [1, 1], "decisiveness": 3.0, "efficiency": 1.0}),
    *(
        with_defaults(getattr(cooperative, name), game=GLOVES)
        for name in ("banzhaf", "core", "dummies", "nucleolus", "pivotal", "shapley")
    ),
    *(
        with_defaults(getattr(cooperative, f"typed_{name}"), game=TYPED)
        for name in ("banzhaf", "core", "nucleolus", "shapley")
    ),
    (cooperative.balance, {"capabilities": {"x": POWERS}}),
    (cooperative.caplow_type, {"strengths": POWERS}),
    (cooperative.core_membership, {"game": GLOVES, "allocation": [1, 0, 0]}),
    (cooperative.in_bargaining_set, {"game": GLOVES, "allocation": [1, 0, 0]}),
    (cooperative.in_kernel, {"game": GLOVES, "allocation": [1, 0, 0]}),
    (cooperative.is_stable_set, {"game": GLOVES, "points": [[1, 0, 0]]}),
    (cooperative.kernel, {"game": coalitional.gloves(["a"], ["b"])}),
    (cooperative.main_simple_solution, {"rule": MAJORITY}),
    (cooperative.owen, {"game": GLOVES, "unions": [["a", "b"]]}),
    (cooperative.voting_power, {"rule": MAJORITY, "method": "auto"}),
    (correlated.bounds, {"game": PD, "coarse": False, "time_limit": 5.0}),
    (correlated.regret, {"game": PD, "distribution": [[0, 0], [0, 1]], "coarse": False}),
    (correlated.solve, {"game": PD, "objective": "welfare", "coarse": False, "time_limit": 5.0}),
    *(
        with_defaults(getattr(dominance, name), game=PD)
        for name in (
            "iterated_strict",
            "iterated_weak",
            "strictly_dominated",
            "weakly_dominated",
            "rationalizable",
        )
    ),
    (
        learning.best_response_dynamics,
        {"game": PD, "start": (0, 0), "rounds": 3, "order": "in turn", "seed": 0},
    ),
    (learning.fictitious_play, {"game": PD, "rounds": 3, "start": (0, 0), "seed": 0}),
    (
        learning.logit_dynamics,
        {"game": PD, "precision": 1.0, "start": (0, 0), "duration": 1.0, "points": 3},
    ),
    (learning.regret_matching, {"game": PD, "rounds": 3, "start": (0, 0), "seed": 0}),
    (
        learning.replicator,
        {"game": PD, "start": ([0.5, 0.5], [0.5, 0.5]), "duration": 1.0, "points": 3, "engine": "scipy"},
    ),
    (minmax.values, {"game": PD, "kind": "mixed", "tolerance": 1e-6, "max_nodes": 100, "time_limit": 5.0}),
    (nash.find_all, {"game": PD, "seed": None, "time_limit": 5.0, "max_paths": None}),
    (nash.find_all_many, {"payoffs": np.zeros((1, 2, 2, 2, 3))}),
    (nash.find_one, {"game": PD, "method": "pure"}),
    (nash.maximal_nash_subsets, {"found": FOUND}),
    (nash.pure, {"game": PD}),
    (nash.pure_many, {"payoffs": [PD.payoffs]}),
    (partitions.evaluate, {"model": MODEL, "regime": "concert", "nobody": False, "annex": False}),
    (partitions.pareto_front, {"points": np.array([[1.0, 2.0], [2.0, 1.0]])}),
    (quantal.branch, {"game": PD, "max_precision": 1.0, "max_points": 100, "time_limit": 5.0}),
    (quantal.equilibrium, {"game": PD, "precision": 1.0, "time_limit": 5.0}),
    (quantal.fit, {"game": PD, "counts": [[1, 2], [2, 1]], "max_precision": 2.0, "time_limit": 5.0}),
    (quantal.limiting, {"game": PD, "each_in_its_own_unit": False, "time_limit": 5.0}),
    (repeated.forum_value, {"play": NOISY, "sharper": SEEN, **PATHS}),
    (repeated.limit_set, {"play": NOISY, "rounds": 1}),
    (repeated.penal_code, {"found": SETS}),
    (repeated.scores, {"play": NOISY, "directions": [[1, 0]]}),
    (repeated.sparkline, {"values": [1, 2], "low": 0, "high": 3, "width": 5}),
    (repeated.strategy, {"found": SETS, "payoff": SETS.inner.vertices[0]}),
    (repeated.strongly_symmetric, {"play": NOISY}),
    (repeated.triggers, {"play": NOISY, **PATHS, "bad": None}),
    (selection.limiting_logit, {"found": FOUND, "each_in_its_own_unit": False}),
    (selection.pareto_undominated, {"found": FOUND}),
    (selection.payoff_dominant, {"found": FOUND}),
    (selection.risk_dominant, {"found": FOUND}),
    (selection.strict, {"found": FOUND}),
    (selection.select, {"found": FOUND, "criterion": "strict"}),
    (sequential.backward_induction, {"tree": MOVERS, "limit": 10}),
    (sequential.check, {"tree": MOVERS, "behaviour": PLAN, "beliefs": None, "concept": "sequential"}),
    (
        sequential.find_all,
        {"tree": trees.centipede(), "method": "auto", "seed": 0, "time_limit": 5.0, "limit": 1000},
    ),
    (sequential.find_one, {"tree": MOVERS, "method": "auto"}),
    (sequential.intuitive, {"tree": BEER, "behaviour": sequential.find_one(BEER).behaviour}),
    (sequential.refine, {"found": sequential.backward_induction(MOVERS), "concept": "sequential"}),
    (sequential.repeat, {"game": PD, "periods": 2, "discount": 1}),
    (sequential.subgame_perfect, {"tree": MOVERS, "limit": 10, "seed": 0, "time_limit": 5.0}),
    (sequential.theory_of_moves, {"game": catalog.chicken()}),
    (stochastic.check, {"game": STATES, "strategy": TRIGGER, "tolerance": 1e-9}),
    (stochastic.critical_discount, {"game": STATES, "concert": C, "competition": D}),
    (stochastic.logit_equilibrium, {"game": STATES, "time_limit": 5.0}),
    (stochastic.markov, {"game": STATES, "profiles": C}),
    (stochastic.markov_perfect, {"game": STATES, "max_combinations": 100, "time_limit": 5.0}),
    (
        stochastic.path_patience,
        {"stages": [PD, PD], "concert": (0, 0), "competition": (1, 1), "discount": 0.6, "years": None},
    ),
    (stochastic.payoff_set, {"game": STATES, "tolerance": None, "max_iterations": 10, "time_limit": 5.0}),
    (
        stochastic.preventive_war,
        {
            "strength": [0.3, 0.5],
            "discount": 0.9,
            "cost_declining": 0.1,
            "cost_rising": 0.1,
            "proposer": "rising",
        },
    ),
    (stochastic.regrets, {"game": STATES, "profile": [[[1.0, 0.0], [1.0, 0.0]]] * 2}),
    (
        stochastic.strategy,
        {"found": STATE_SETS, "state": 0, "payoff": STATE_SETS[0].inner.vertices[0]},
    ),
    (stochastic.transfers, {"game": STATES}),
    (stochastic.trigger, {"game": STATES, "concert": C, "competition": D}),
    (triangle.roles, {"signs": (1, 1, -1)}),
    (triangle.textbook, {"players": ("A", "B", "C")}),
    (uncertainty.evaluate, {"model": MODEL, "draws": DRAWS, "map": "status quo", "regimes": None}),
    (
        uncertainty.match,
        {"outcomes": OUTCOMES, "observed": "concert", "how": "equilibrium", "tolerance": 0.0},
    ),
]

ODD = ["x", object(), [], {}, float("nan"), -1, 10**400, [[1], [2, 3]], ("C", object()), None]


def label(call):
    function = inspect.unwrap(call[0])
    return f"{function.__module__}.{function.__qualname__}"


@pytest.mark.parametrize("call", [c for c in CALLS if c[1]], ids=label)
def test_odd_arguments_are_refused_by_name(call):
    function, arguments = call
    raw = raw_errors(function, arguments, ODD)
    assert not raw, "\n".join(raw)


# What takes too long to be called a hundred times, or has no argument that could be odd; each with the reason.
LEFT_OUT = {
    "games.scenario": "files and years; tests/games/scenario",
    "games.world": "tables of facts; tests/games/world",
    "games.spheres.payoffs": "the array kernel, below all doors",
    "games.spheres.stances": "numbers of actions, below all doors",
    "games.formats": "files; tests/games/test_formats.py",
    "games.codecs": "files; tests/games/test_formats.py",
    "games.view": "takes a game that was made",
    "games.deals": "names of cases; tests/games/test_deals.py",
    "games.errors": "no door",
    "games.ordinal": "in the first table",
    "solvers.base": "no door",
    "solvers.compare": "takes a comparison that was made, or seconds a call; tests/solvers/compare",
    "solvers.spheres": "takes a model that was made",
    "solvers.doubt": "seconds a call; tests/solvers/doubt",
    "solvers.validation": "minutes a call; tests/solvers/validation",
    "solvers.uncertainty": "seconds a call; tests/solvers/uncertainty",
    "solvers.partitions._offers": "seconds a call; tests/solvers/partitions",
    "solvers.partitions._program": "seconds a call; tests/solvers/partitions",
    "solvers.repeated.patience._sensitivity": "seconds a call; tests/solvers/repeated/patience",
    "solvers.repeated.patience._friction": "seconds a call; tests/solvers/repeated/patience",
    "solvers.repeated.public._green_porter": "seconds a call; tests/solvers/repeated/public",
    "solvers.triangle": "in the first table",
    "reports": "pages; tests/reports",
}


def test_every_public_function_is_called_or_left_out_for_a_reason():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        public = importlib.import_module("_names")
    finally:
        sys.path.remove(str(ROOT / "docs"))
    called = {inspect.unwrap(f) for f, _ in CALLS} | {inspect.unwrap(f) for f, _ in CALLED_THERE.values()}
    missing = set()
    for package, _ in public.GROUPS.values():
        for name in public.modules(package):
            module = importlib.import_module(name)
            for function in (getattr(module, n) for n in public.names(module)):
                if not inspect.isfunction(function) or not inspect.signature(function).parameters:
                    continue
                place = function.__module__
                if inspect.unwrap(function) not in called and not any(
                    place == p or place.startswith(f"{p}.") for p in LEFT_OUT
                ):
                    missing.add(f"{place}.{function.__name__}")
    assert not missing, sorted(missing)
    assert len(called) > 180
