"""Every public function with a `time_limit` keeps it on a game that takes longer, and refuses what is not a limit."""

from __future__ import annotations

import importlib
import inspect
import itertools
import sys
import time
from decimal import Decimal
from fractions import Fraction
from functools import cache
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
    load,
    typed,
    voting,
    world,
)
from games import strategies as machines
from games.errors import ConcertError, ConvergenceError, SizeError
from reports import explore
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
    doubt,
    learning,
    linkage,
    minmax,
    nash,
    partitions,
    quantal,
    repeated,
    selection,
    sequential,
    stochastic,
    transfers,
    uncertainty,
    validation,
)
from solvers.base.deadline import keeps_time
from solvers.spheres import equilibria as search_module
from solvers.spheres import standing
from tests.games.spheres.small_world import small

ROOT = Path(__file__).parents[1]
# Seconds, of this thread, because a busy machine is no fault of the solver. A limit is kept within one more: the slowest call
# here takes half of one. Processors that do other work at the same time, or are simply slower, have taken up to five times as
# long; a solver that never looks at the clock takes far longer still.
LIMIT, OVER = 0.03, 5.0
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


def lottery_of(found):
    return {"found": found, "state": 0, "payoff": found[found.game.names[0]].inner.vertices[0]}


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
WAR = {"capabilities": {f"P{k}": k + 3 for k in range(17)}, "shares": {f"P{k}": 1 / 17 for k in range(17)}}
SIXTEEN = coalitional.weighted_voting({"Large": 10**6} | {f"P{k}": 1 for k in range(15)})
ALIKE = typed.TypedGame(np.indices((13,) * 5).sum(axis=0) ** 2, {f"T{k}": 12 for k in range(5)})
WORLD = world.build(2021, ["United States", "China", "Russia"])
GREAT = world.build(1853)
DRAWS = WORLD.draws(2048)
STATES = states(60, 3, 3)
QUARRELS = [(a, b) for a, b in itertools.permutations(WORLD.players, 2) if "United States" in (a, b)]
DOUBTS = {
    p: [doubt.Kind(f"kind {k}", Fraction(1, 10), discount=k / 10) for k in range(10)] for p in WORLD.players
}
STAGE = catalog.get("prisoners_dilemma")
PATIENCES = [doubt.PowerType(f"type {k}", Fraction(1, 50), STAGE, STAGE, k / 60) for k in range(50)]


@cache
def many():
    return nash.find_all(NormalFormGame.from_bimatrix(np.eye(10)))


@cache
def outcomes():
    return uncertainty.evaluate(WORLD, WORLD.draws(4096), regimes="concert", mixed="never", autonomy=False)


def slow(x):
    return sum(range(10**5)) > 0 and x < 0.3


def fresh():
    """A model whose equilibria nobody has looked for yet."""
    return load("us-china-russia-2025")


# For each function a call that would take longer, for most of them much longer, than the limit.
CALLS = {
    balance.division: lambda: WAR,
    balance.open_rule: lambda: {"members": 2001, "discount": 0.9},
    balance.stability: lambda: {"resources": WEIGHTS},
    balance.predictions: lambda: {"strengths": {f"P{k}": k + 3 for k in range(14)}},
    balance.war_range: lambda: {"capabilities": {f"P{k}": k + 3 for k in range(11)}, "costs": 0.01},
    bargaining.check_axioms: lambda: {"problem": OUTCOMES},
    bargaining.egalitarian: lambda: {"problem": OUTCOMES, "lexicographic": True},
    bargaining.equal_split: lambda: {"problem": OUTCOMES},
    bargaining.equal_treatment_cost: lambda: {"problem": OUTCOMES},
    bargaining.from_game: lambda: {"game": integers(4, 4, 4)},
    bargaining.from_model: lambda: {"model": fresh()},
    bargaining.kalai_smorodinsky: lambda: {"problem": OUTCOMES, "lexicographic": True},
    bargaining.nash: lambda: {"problem": OUTCOMES},
    bargaining.offers_over: lambda: {
        "problem": bargaining.BargainingProblem(np.random.default_rng(1).random((10**6, 2)), np.zeros(2)),
        "discount": 0.9,
    },
    bargaining.solve: lambda: {"problem": OUTCOMES, "name": "nash"},
    bargaining.solve_all: lambda: {"problem": OUTCOMES},
    bargaining.utilitarian: lambda: {"problem": OUTCOMES},
    bayesian.cost_of_doubt: lambda: {"game": BAYES},
    bayesian.find_all: lambda: {"game": BAYES},
    bayesian.value_of_information: lambda: {"game": BAYES, "player": 0, "about": 1},
    coalitions.coalition_proof: lambda: {"game": game(6, 6, 6, 6), "profile": (0, 0, 0, 0)},
    coalitions.coalitional_game: lambda: {"game": game(2, 2, 2, 2, 2)},
    coalitions.deviations_of: lambda: {
        "game": game(70, 70, 70),
        "profile": (0, 0, 0),
        "coalition": [0, 1, 2],
    },
    coalitions.joint_deviations: lambda: {"game": game(10, 10, 10, 10, 10), "profile": (0,) * 5},
    coalitions.partition_function: lambda: {"game": game(3, 3, 3, 3)},
    coalitions.strong: lambda: {
        "game": game(7, 7, 7, 7),
        "profile": (0, 0, 0, 0),
        "deviations": "correlated",
    },
    compare.concert: lambda: {"model": fresh()},
    contests.difference: lambda: {"values": np.arange(10.0, 1500.0), "decisiveness": 1.0},
    contests.tullock: lambda: {"values": np.arange(10.0, 22.0), "decisiveness": 1.1},
    contests.blotto: lambda: {"first": 10, "second": 9, "fields": [1, 2, 3, 5]},
    cooperative.banzhaf: lambda: {"game": coalition_game(16)},
    cooperative.core_membership: lambda: {
        "game": coalition_game(16),
        "allocation": [Fraction(1, 7 + k) for k in range(16)],
    },
    cooperative.dummies: lambda: {"game": SIXTEEN},
    cooperative.owen: lambda: {"game": coalition_game(12), "unions": [["P0", "P1"]]},
    cooperative.pivotal: lambda: {"game": SIXTEEN},
    cooperative.shapley: lambda: {"game": coalition_game(16)},
    cooperative.typed_banzhaf: lambda: {"game": ALIKE},
    cooperative.typed_shapley: lambda: {"game": ALIKE},
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
    correlated.regret: lambda: {"game": game(900, 900), "distribution": np.full((900, 900), 1 / 900**2)},
    correlated.solve: lambda: {"game": game(40, 40)},
    dominance.iterated_strict: lambda: {"game": game(100, 100)},
    dominance.iterated_weak: lambda: {"game": game(100, 100)},
    dominance.rationalizable: lambda: {"game": game(20, 10, 10)},
    dominance.strictly_dominated: lambda: {"game": game(200, 200)},
    dominance.weakly_dominated: lambda: {"game": game(200, 200)},
    doubt.from_model: lambda: {"model": fresh(), "kinds": DOUBTS},
    doubt.trial: lambda: {
        "types": {"Player 1": PATIENCES, "Player 2": PATIENCES},
        "profile": C,
        "competition": D,
    },
    learning.best_response_dynamics: lambda: {"game": game(30, 30), "rounds": 10**6, "order": "random"},
    learning.fictitious_play: lambda: {"game": game(30, 30), "rounds": 10**6},
    learning.logit_dynamics: lambda: {"game": game(30, 30), "precision": 100.0, "duration": 1e5},
    learning.regret_matching: lambda: {"game": game(30, 30), "rounds": 10**6},
    learning.replicator: lambda: {"game": game(30, 30), "duration": 1e5, "engine": "scipy"},
    linkage.swaps: lambda: {"what": fresh(), "a": "United States", "b": "Russia"},
    minmax.solve_matrix_games: lambda: {"matrices": np.random.default_rng(1).random((300, 300))},
    minmax.values: lambda: {"game": game(3, 3, 3, 3)},
    nash.find_all: lambda: {"game": game(30, 30)},
    nash.find_one: lambda: {"game": game(9, 9, 9)},
    nash.maximal_nash_subsets: lambda: {"found": many()},
    partitions.evaluate: lambda: {"model": fresh()},
    partitions.offers: lambda: {"model": fresh(), "power": "China"},
    partitions.pareto_front: lambda: {"points": np.stack([np.arange(2e4), -np.arange(2e4)], axis=1)},
    partitions.optimise: lambda: {"model": small()},
    quantal.branch: lambda: {"game": game(9, 9, 9)},
    quantal.equilibrium: lambda: {"game": game(9, 9, 9), "precision": 1e3},
    quantal.fit: lambda: {"game": game(9, 9, 9), "counts": [[1] + [2] * 8] * 3},
    quantal.limiting: lambda: {"game": game(9, 9, 9)},
    repeated.best_response: lambda: {
        "play": RepeatedGame(PD, 0.9),
        "automaton": machines.limited_punishment(PD, C, D, years=500),
        "player": 0,
    },
    repeated.discount_elasticities: lambda: {"model": fresh()},
    repeated.elasticities: lambda: {
        "function": lambda changes: float(slow(0.1)),
        "inputs": {f"number {k}": 1.0 for k in range(200)},
    },
    repeated.false_alarms: lambda: {"game": game(3, 3, 3), "profile": (0, 0, 0)},
    repeated.green_porter: lambda: {"firms": 3, "discount": 0.9, "shock": 0.3},
    repeated.largest_tolerated: lambda: {"holds": slow, "low": 0.0, "high": 1.0},
    repeated.model_friction_tolerance: lambda: {"model": GREAT, "punish": [np.eye(16)[15]] * 5},
    repeated.penance_code: lambda: {"game": game(60, 60, 60), "profile": (0, 0, 0), "discount": 0.9},
    repeated.relative_gains: lambda: {
        "game": game(20, 20, 20),
        "profile": (0, 0, 0),
        "punish": (1, 1, 1),
        "weights": np.linspace(0.0, 1.0, 500),
    },
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
    selection.pareto_undominated: lambda: {"found": many()},
    selection.payoff_dominant: lambda: {"found": many()},
    selection.risk_dominant: lambda: {"found": nash.find_all(catalog.get("chicken"))},
    selection.strict: lambda: {"found": many()},
    search_module.search: lambda: {"model": GREAT, "draws": GREAT.draws(64)},
    standing.competition: lambda: {"model": world.build(1853)},
    standing.stand: lambda: {
        "model": world.build(1853),
        "map": "status quo",
        "regime": "concert",
        "solved": {},
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
    stochastic.check: lambda: {
        "game": STATES,
        "strategy": stochastic.trigger(STATES, [C] * 60, [D] * 60),
    },
    stochastic.path_patience: lambda: {
        "stages": [game(4, 4, 4)] * 200,
        "concert": (0, 0, 0),
        "competition": (1, 1, 1),
        "discount": 0.8,
    },
    stochastic.strategy: lambda: lottery_of(stochastic.payoff_set(states(2, 2, 2), time_limit=0.5)),
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
    uncertainty.assess: lambda: {"model": WORLD},
    uncertainty.discover: lambda: {"outcomes": outcomes(), "condition": "Russia gains", "boxes": 9},
    uncertainty.evaluate: lambda: {"model": WORLD, "draws": DRAWS},
    uncertainty.horizon: lambda: {"model": WORLD, "draws": WORLD.draws(512), "until": 2050},
    uncertainty.match: lambda: {"outcomes": outcomes(), "observed": QUARRELS},
    uncertainty.phase: lambda: {"model": WORLD, "x": "contest_cost", "y": "discount", "draws": DRAWS},
    uncertainty.run: lambda: {"model": WORLD, "n": 2**16, "folder": "a folder"},
    uncertainty.sobol: lambda: {"model": WORLD, "n": 1024},
    uncertainty.tornado: lambda: {"model": GREAT},
    uncertainty.until: lambda: {"model": WORLD, "precision": 1e-4},
    uncertainty.variants: lambda: {"model": WORLD, "draws": DRAWS},
    validation.backtest: lambda: {},
    validation.concert: lambda: {},
    validation.triangle: lambda: {"draws": 8192},
}


# What needs no limit, by reason. A function that is in none of these lists takes time_limit.
WITHOUT = {
    "formulas, and loops over as many numbers as are given": [
        "solvers.balance.closed_rule", "solvers.balance.wagner", "solvers.bargaining.alternating_offers",
        "solvers.bargaining.bargaining_range", "solvers.bargaining.demand", "solvers.bargaining.indivisible_stake",
        "solvers.bargaining.power_shift", "solvers.contests.all_pay", "solvers.contests.blotto_value",
        "solvers.contests.group_contest", "solvers.contests.tullock_mixed", "solvers.cooperative.balance",
        "solvers.cooperative.caplow_type", "solvers.linkage.coercion", "solvers.linkage.pooling",
        "solvers.repeated.breakdown", "solvers.repeated.finite_threshold", "solvers.repeated.friction_tolerance",
        "solvers.repeated.noisy_threshold", "solvers.repeated.power_shift", "solvers.repeated.sparkline",
        "solvers.repeated.threshold", "solvers.sequential.theory_of_moves", "solvers.stochastic.preventive_war",
        "solvers.transfers.payments", "solvers.triangle.courtship", "solvers.triangle.from_model",
        "solvers.triangle.from_payoffs", "solvers.triangle.kind", "solvers.triangle.roles", "solvers.triangle.textbook",
    ],
    "the five worked cases that are shipped": ["solvers.linkage.ranges"],
    "a few passes over an array that is given": [
        "solvers.nash.find_all_many", "solvers.nash.pure", "solvers.nash.pure_many",
        "solvers.repeated.critical_discount_many", "solvers.spheres.stability.flips", "solvers.spheres.stability.margins",
        "solvers.spheres.third_parties.autonomy", "solvers.spheres.third_parties.burden",
        "solvers.spheres.third_parties.support_profiles", "solvers.stochastic.regrets", "solvers.uncertainty.joined",
        "solvers.validation.scores", "solvers.coalitions.induced.merge", "solvers.base.result.probabilities",
    ],
    "objects put together, names, and what is read from a folder": [
        "solvers.coalitions.induced.coalition_structures", "solvers.nash.methods", "solvers.selection.criteria",
        "solvers.sequential.methods", "solvers.spheres.standing.map_name", "solvers.stochastic.markov",
        "solvers.stochastic.trigger", "solvers.uncertainty.open_run",
    ],
    "sentences about what is solved": [
        "solvers.compare.sentences", "solvers.compare.ways_it_breaks", "solvers.compare.what_changes",
    ],
    "the clock itself": [
        "solvers.base.deadline.checkpoint", "solvers.base.deadline.keeps_time", "solvers.base.deadline.limited",
        "solvers.base.deadline.reached", "solvers.base.deadline.seconds_left", "solvers.base.deadline.steps",
        "solvers.base.deadline.whole",
        "solvers.base.progress.track",
    ],
}  # fmt: skip


def public_functions():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        public = importlib.import_module("_names")
    finally:
        sys.path.remove(str(ROOT / "docs"))
    return {
        f"{name}.{n}": getattr(importlib.import_module(name), n)
        for package, _ in public.GROUPS.values()
        for name in public.modules(package)
        for n in public.names(importlib.import_module(name))
        if inspect.isfunction(getattr(importlib.import_module(name), n))
    }


def takes_a_limit(function):
    # find_one hands its options to a method.
    return "time_limit" in inspect.signature(function).parameters or function is nash.find_one


def outcome(function, given):
    """The answer, or what the error says of the time; None for an error that says nothing of it."""
    try:
        return function(**given, time_limit=LIMIT)
    except SizeError:
        return "refused before any work"
    except ConcertError as error:
        return "time" if "time" in str(error) else None


def test_every_function_with_a_limit_is_called():
    # The explorer serves until it is stopped; its limit is one for each answer: see tests/reports/explore.
    limited = {f for f in public_functions().values() if takes_a_limit(f)} - {explore.serve}
    assert {f"{f.__module__}.{f.__name__}" for f in limited - set(CALLS)} == set()


def test_every_solver_takes_a_limit_or_says_why_it_needs_none():
    without = {
        name for name, f in public_functions().items() if name.startswith("solvers.") and not takes_a_limit(f)
    }
    assert without == {name for names in WITHOUT.values() for name in names}


@pytest.mark.parametrize("function", CALLS, ids=lambda f: f"{f.__module__.split('.')[1]}.{f.__name__}")
def test_the_limit_is_kept(function, tmp_path):
    given = CALLS[function]()
    if "folder" in given:
        given["folder"] = tmp_path
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
def test_the_message_says_how_far_it_came_and_what_to_try(clock, call, says):
    clock.step = LIMIT / 6
    with pytest.raises(ConvergenceError, match=says):
        call()


def test_an_outer_limit_ends_what_is_called_inside_with_a_longer_one_or_none(clock):
    @keeps_time("the whole", "wait")
    def whole(*, time_limit=None):
        return [
            cooperative.shapley(coalition_game(18), time_limit=100.0),
            cooperative.owen(coalition_game(12), [], time_limit=100.0),
        ]

    with pytest.raises(ConvergenceError, match=r"the whole was not complete when the time limit of 0\.03 s"):
        whole(time_limit=LIMIT)


def test_the_outermost_loop_says_how_far_the_work_has_come(clock):
    with pytest.raises(ConvergenceError, match=r": 0 of \d+ steps \(back-testing\) were done; raise"):
        validation.backtest(time_limit=LIMIT)


def test_what_a_limit_cut_short_is_not_kept_for_later_callers():
    model = fresh()
    with pytest.raises(ConvergenceError):
        compare.concert(model, time_limit=1e-6)
    again, apart = compare.concert(model), compare.concert(fresh())
    assert again.equilibria.complete == apart.equilibria.complete
    assert again.to_frame().equals(apart.to_frame())


@pytest.mark.parametrize("limit", [Fraction(1, 10**6), np.float32(1e-6), Decimal("1e-6")])
def test_a_limit_may_be_any_number(limit):
    with pytest.raises(ConvergenceError, match="1e-06 s"):
        cooperative.owen(coalition_game(10), [], time_limit=limit)


@pytest.mark.parametrize("limit", [np.int64(60), float("inf"), None])
def test_a_long_limit_changes_nothing(limit):
    shares = cooperative.owen(coalition_game(5), [], time_limit=limit).payoffs
    assert shares == pytest.approx(cooperative.shapley(coalition_game(5)).payoffs)
