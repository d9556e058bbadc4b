"""Every public function with a `time_limit` keeps it on a game that takes longer, and refuses what is not a limit."""

from __future__ import annotations

import importlib
import inspect
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from games import (
    Monitoring,
    NormalFormGame,
    RepeatedGame,
    StochasticGame,
    catalog,
    coalitional,
    typed,
    voting,
)
from games import strategies as machines
from games.errors import ConcertError, ConvergenceError, SizeError
from solvers import (
    balance,
    bargaining,
    bayesian,
    coalitions,
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
    transfers,
)
from tests.games.spheres.small_world import small

ROOT = Path(__file__).parents[1]
# Seconds. What is kept is kept within one more: of this thread, because a busy machine is no fault of the solver.
LIMIT, OVER = 0.03, 1.0
trees = catalog.trees
PD = catalog.get("prisoners_dilemma")
C, D = (0, 0), (1, 1)


def game(*shape):
    return NormalFormGame(np.random.default_rng(1).random((*shape, len(shape))))


def integers(*shape):
    return NormalFormGame(np.random.default_rng(1).integers(0, 9, (*shape, len(shape))))


def noisy(*shape, signals=4):
    rng = np.random.default_rng(1)
    return RepeatedGame(
        game(*shape), 0.8, monitoring=Monitoring(signals=rng.dirichlet(np.ones(signals), shape))
    )


def coalition_game(n):
    worths = np.random.default_rng(1).integers(0, 100, 2**n) * np.bitwise_count(np.arange(2**n))
    worths[-1] = 10 * n * 100
    return coalitional.CoalitionalGame(worths, [f"P{i}" for i in range(n)])


def states(count, *shape):
    rng = np.random.default_rng(1)
    stages = [NormalFormGame(rng.random((*shape, len(shape)))) for _ in range(count)]
    return StochasticGame(stages, rng.dirichlet(np.ones(count), (count, *shape)), 0.8)


def symmetric(k, signals):
    rng = np.random.default_rng(1)
    own, chances = rng.random((k, k)), rng.dirichlet(np.ones(signals), (k, k))
    stage = NormalFormGame(np.stack([own, own.T], axis=-1))
    return RepeatedGame(stage, 0.8, monitoring=Monitoring(signals=(chances + chances.swapaxes(0, 1)) / 2))


def set_of(found):
    """A payoff set, and one of its vertices: what an automaton is asked for."""
    return {"found": found, "payoff": found.inner.vertices[0]}


TRADES = RepeatedGame(game(2, 2, 2), 0.8)
TREE = trees.kuhn_poker()
BEER = trees.beer_quiche()
WEIGHTS = {f"P{k}": 10**6 + 7919 * k * k for k in range(26)}
EIGHT = coalition_game(8)
EQUALS = {f"P{k}": 1 for k in range(7)}
OUTCOMES = bargaining.BargainingProblem(np.random.default_rng(1).random((2000, 4)), np.zeros(4))
FIELD = {str(k): machines.limited_punishment(PD, C, D, years=k) for k in range(1, 9)}
BAYES = trees.entry_deterrence()
FOUND = nash.find_all(game(40, 40), time_limit=0.1)

# For each function a call that would take longer, for most of them much longer, than the limit.
CALLS = {
    balance.predictions: lambda: {"strengths": {f"P{k}": k + 3 for k in range(14)}},
    balance.war_range: lambda: {"capabilities": {f"P{k}": k + 3 for k in range(11)}, "costs": 0.01},
    bargaining.check_axioms: lambda: {"problem": OUTCOMES},
    bargaining.egalitarian: lambda: {"problem": OUTCOMES, "lexicographic": True},
    bargaining.equal_split: lambda: {"problem": OUTCOMES},
    bargaining.equal_treatment_cost: lambda: {"problem": OUTCOMES},
    bargaining.from_game: lambda: {"game": integers(4, 4, 4)},
    bargaining.kalai_smorodinsky: lambda: {"problem": OUTCOMES, "lexicographic": True},
    bargaining.nash: lambda: {"problem": OUTCOMES},
    bargaining.solve: lambda: {"problem": OUTCOMES, "name": "nash"},
    bargaining.solve_all: lambda: {"problem": OUTCOMES},
    bargaining.utilitarian: lambda: {"problem": OUTCOMES},
    bayesian.cost_of_doubt: lambda: {"game": BAYES},
    bayesian.find_all: lambda: {"game": BAYES},
    bayesian.value_of_information: lambda: {"game": BAYES, "player": 0, "about": 1},
    coalitions.coalition_proof: lambda: {"game": game(6, 6, 6, 6), "profile": (0, 0, 0, 0)},
    coalitions.coalitional_game: lambda: {"game": game(2, 2, 2, 2, 2)},
    coalitions.partition_function: lambda: {"game": game(3, 3, 3, 3)},
    coalitions.strong: lambda: {
        "game": game(7, 7, 7, 7),
        "profile": (0, 0, 0, 0),
        "deviations": "correlated",
    },
    contests.blotto: lambda: {"first": 10, "second": 9, "fields": [1, 2, 3, 5]},
    cooperative.core: lambda: {"game": coalition_game(12)},
    cooperative.in_bargaining_set: lambda: {"game": EIGHT, "allocation": [EIGHT.exact[-1] / 8] * 8},
    cooperative.in_kernel: lambda: {"game": coalition_game(12), "allocation": [Fraction(1, 12)] * 12},
    cooperative.is_stable_set: lambda: {
        "game": coalitional.weighted_voting(EQUALS),
        "points": cooperative.main_simple_solution(voting.weighted(EQUALS)),
    },
    cooperative.kernel: lambda: {"game": coalition_game(4)},
    cooperative.main_simple_solution: lambda: {"rule": voting.weighted({f"P{k}": 1 for k in range(17)})},
    cooperative.nucleolus: lambda: {"game": coalition_game(12)},
    cooperative.typed_core: lambda: {"game": typed.TypedGame.from_game(coalition_game(12))},
    cooperative.typed_nucleolus: lambda: {"game": typed.TypedGame.from_game(coalition_game(12))},
    cooperative.voting_power: lambda: {"rule": voting.weighted(WEIGHTS)},
    correlated.bounds: lambda: {"game": game(20, 20)},
    correlated.solve: lambda: {"game": game(40, 40)},
    dominance.iterated_strict: lambda: {"game": game(100, 100)},
    dominance.iterated_weak: lambda: {"game": game(100, 100)},
    dominance.rationalizable: lambda: {"game": game(20, 10, 10)},
    dominance.strictly_dominated: lambda: {"game": game(200, 200)},
    dominance.weakly_dominated: lambda: {"game": game(200, 200)},
    learning.best_response_dynamics: lambda: {"game": game(30, 30), "rounds": 10**6, "order": "random"},
    learning.fictitious_play: lambda: {"game": game(30, 30), "rounds": 10**6},
    learning.logit_dynamics: lambda: {"game": game(30, 30), "precision": 100.0, "duration": 1e5},
    learning.regret_matching: lambda: {"game": game(30, 30), "rounds": 10**6},
    learning.replicator: lambda: {"game": game(30, 30), "duration": 1e5, "engine": "scipy"},
    minmax.solve_matrix_games: lambda: {"matrices": np.random.default_rng(1).random((300, 300))},
    minmax.values: lambda: {"game": game(3, 3, 3, 3)},
    nash.find_all: lambda: {"game": game(30, 30)},
    partitions.optimise: lambda: {"model": small()},
    quantal.branch: lambda: {"game": game(9, 9, 9)},
    quantal.equilibrium: lambda: {"game": game(9, 9, 9), "precision": 1e3},
    quantal.fit: lambda: {"game": game(9, 9, 9), "counts": [[1] + [2] * 8] * 3},
    quantal.limiting: lambda: {"game": game(9, 9, 9)},
    repeated.check: lambda: {
        "play": RepeatedGame(PD, 0.9),
        "automaton": machines.limited_punishment(PD, C, D, years=200),
    },
    repeated.critical_discount: lambda: {"game": game(3, 3, 3), "profile": (0, 0, 0)},
    repeated.forum_value: lambda: {
        "play": RepeatedGame(PD, 0.9, monitoring=noisy(2, 2, signals=10).monitoring),
        "sharper": noisy(2, 2, signals=10).monitoring,
        "cooperate": C,
        "punish": D,
    },
    repeated.limit_set: lambda: {"play": noisy(3, 3, 3)},
    repeated.long_run: lambda: {
        "play": RepeatedGame(PD, 0.9),
        "strategies": machines.limited_punishment(PD, C, D, years=30),
        "tremble": 0.01,
        "misperception": 0.1,
    },
    repeated.payoff_set: lambda: {"play": RepeatedGame(game(2, 2, 2, 2), 0.8)},
    repeated.penal_code: lambda: {"found": repeated.payoff_set(TRADES, time_limit=0.5)},
    repeated.scores: lambda: {
        "play": noisy(4, 4, 4),
        "directions": np.random.default_rng(1).normal(size=(500, 3)),
    },
    repeated.simulate: lambda: {
        "play": RepeatedGame(PD, 0.9),
        "strategies": FIELD["3"],
        "rounds": 10**5,
        "seed": 1,
        "tremble": 0.1,
    },
    repeated.slack: lambda: {"game": game(3, 3, 3), "profile": (0, 0, 0), "discount": 0.8},
    repeated.strategy: lambda: set_of(repeated.payoff_set(TRADES, time_limit=0.5)),
    repeated.strongly_symmetric: lambda: {"play": symmetric(8, 8)},
    repeated.tournament: lambda: {"play": RepeatedGame(PD, 0.9), "doctrines": FIELD, "rounds": 10**5},
    repeated.triggers: lambda: {
        "play": RepeatedGame(PD, 0.9, monitoring=noisy(2, 2, signals=10).monitoring),
        "cooperate": C,
        "punish": D,
    },
    selection.limiting_logit: lambda: {"found": FOUND},
    selection.select: lambda: {"found": FOUND, "criterion": "limiting-logit"},
    sequential.backward_induction: lambda: {"tree": trees.centipede(600)},
    sequential.check: lambda: {"tree": BEER, "behaviour": sequential.find_one(BEER).behaviour},
    sequential.find_all: lambda: {"tree": TREE},
    sequential.find_one: lambda: {"tree": TREE, "method": "lemke"},
    sequential.intuitive: lambda: {"tree": BEER, "behaviour": sequential.find_one(BEER).behaviour},
    sequential.refine: lambda: {"found": sequential.find_all(BEER)},
    sequential.repeat: lambda: {"game": catalog.get("chicken"), "periods": 60},
    sequential.subgame_perfect: lambda: {"tree": TREE},
    stochastic.critical_discount: lambda: {
        "game": states(20, 3, 3),
        "concert": [C] * 20,
        "competition": [D] * 20,
    },
    stochastic.logit_equilibrium: lambda: {"game": states(6, 4, 4, 4)},
    stochastic.markov_perfect: lambda: {"game": states(6, 4, 4)},
    stochastic.payoff_set: lambda: {"game": states(3, 2, 2)},
    stochastic.transfers: lambda: {"game": states(40, 6, 6)},
    transfers.cutoffs: lambda: {"game": integers(20, 20, 20)},
    transfers.joint_constraint: lambda: {"game": game(3, 3, 3), "profile": (0, 0, 0), "discount": 0.8},
    transfers.payoff_set: lambda: {"play": RepeatedGame(game(40, 40, 20), 0.8)},
}


def with_a_limit():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        public = importlib.import_module("_names")
    finally:
        sys.path.remove(str(ROOT / "docs"))
    return {
        function
        for package, _ in public.GROUPS.values()
        for name in public.modules(package)
        for function in (
            getattr(importlib.import_module(name), n) for n in public.names(importlib.import_module(name))
        )
        if inspect.isfunction(function) and "time_limit" in inspect.signature(function).parameters
    }


def outcome(function, given):
    """The answer, or what the error says of the time; None for an error that says nothing of it."""
    try:
        return function(**given, time_limit=LIMIT)
    except SizeError:
        return "refused before any work"
    except ConcertError as error:
        return "time" if "time" in str(error) else None


def test_every_function_with_a_limit_is_called():
    assert {f"{f.__module__}.{f.__name__}" for f in with_a_limit() - set(CALLS)} == set()


@pytest.mark.parametrize("function", CALLS, ids=lambda f: f"{f.__module__.split('.')[1]}.{f.__name__}")
def test_the_limit_is_kept(function):
    given = CALLS[function]()
    begun = time.thread_time()
    assert outcome(function, given) is not None
    assert time.thread_time() - begun < LIMIT + OVER
    for bad in (-1, 0, float("nan"), "x"):
        with pytest.raises(ConcertError, match="time"):
            function(**given, time_limit=bad)


def test_an_answer_in_time_is_the_answer_without_a_limit():
    game = coalition_game(5)
    assert cooperative.core(game, time_limit=60.0).low.tolist() == cooperative.core(game).low.tolist()
    matrix = np.random.default_rng(1).random((7, 5, 6))
    limited, free = minmax.solve_matrix_games(matrix, time_limit=60.0), minmax.solve_matrix_games(matrix)
    assert limited.lower.tolist() == free.lower.tolist()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: cooperative.kernel(coalition_game(4), time_limit=LIMIT), "in_kernel"),
        (
            lambda: repeated.simulate(
                RepeatedGame(PD, 0.9), FIELD["1"], rounds=10**6, seed=1, time_limit=LIMIT
            ),
            r"of 1,000,000 rounds were done; raise time_limit, or take fewer",
        ),
        (
            lambda: coalitions.partition_function(game(3, 3, 3, 3), time_limit=LIMIT),
            "of 15 coalition structures",
        ),
        (
            lambda: transfers.joint_constraint(game(3, 3, 3), (0, 0, 0), 0.8, time_limit=LIMIT),
            "joint constraint",
        ),
    ],
)
def test_the_message_says_how_far_it_came_and_what_to_try(call, says):
    with pytest.raises(ConvergenceError, match=says):
        call()
