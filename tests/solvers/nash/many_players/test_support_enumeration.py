from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import SizeError
from solvers.nash import find_all
from solvers.nash.many_players import _search as module
from solvers.nash.many_players import _support_enumeration
from solvers.nash.many_players._reduction import reduce
from solvers.nash.many_players._search import Search, exact_parts
from solvers.nash.many_players._support_enumeration import _represent, _result, enumerate_polynomial

CASES = json.loads((Path(__file__).parents[3] / "cases" / "nash_many_players.json").read_text())


def random_game(shape, seed):
    return NormalFormGame(np.random.default_rng([seed, *shape]).random((*shape, len(shape))))


def entry_game(n):
    """Each of n firms enters or not; an entrant earns 2.5 less the number of entrants."""
    payoffs = np.zeros((2,) * n + (n,))
    for profile in np.ndindex(*(2,) * n):
        for i in range(n):
            payoffs[profile][i] = (2.5 - sum(profile)) * profile[i]
    return NormalFormGame(payoffs)


def check_regular(found):
    """What must hold of a complete search in a game without ties."""
    assert found.complete, found.summary()
    assert found.degenerate is False
    assert len(found) % 2 == 1
    assert sum(e.index for e in found) == 1
    ranges = found.game.ranges
    for e in found:
        assert (e.regret <= 1e-12 * ranges).all()
        # Exact mixtures too, where the game comes down to one of two players.
        assert e.proof in (("exact",) if e.is_pure else ("exact", "interval"))
        assert e.proof == "exact" or e.radius < 1e-9


def same(found, profiles, tolerance=1e-9):
    """Whether two sets of profiles match one to one."""
    left = [np.concatenate(e.profile) for e in found]
    for profile in profiles:
        flat = np.concatenate(profile)
        near = [k for k, v in enumerate(left) if np.abs(v - flat).max() < tolerance]
        if len(near) != 1:
            return False
        left.pop(near[0])
    return not left


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_known_answers(case):
    payoffs = np.zeros((*case["shape"], len(case["shape"])))
    for key, values in case["payoffs"].items():
        payoffs[tuple(int(a) for a in key.split(","))] = values
    found = find_all(NormalFormGame(payoffs))
    assert found.complete == case["complete"]
    expected = [[np.array([float(Fraction(p)) for p in v]) for v in e["profile"]] for e in case["equilibria"]]
    assert same(found, expected, 1e-12)
    for e, profile in zip(case["equilibria"], expected):
        match = next(
            f for f in found if np.abs(np.concatenate(f.profile) - np.concatenate(profile)).max() < 1e-9
        )
        assert match.index == e["index"]
    check_regular(found)


@pytest.mark.parametrize(
    ("shape", "games"),
    [
        ((2, 2, 2), 40),
        ((3, 3, 3), 25),
        ((2, 3, 4), 15),
        ((4, 4, 4), 4),
        ((2, 2, 2, 2), 15),
        ((3, 2, 1, 2), 10),
    ],
)
def test_random_games_are_solved_completely(shape, games):
    for seed in range(games):
        check_regular(find_all(random_game(shape, seed)))


@pytest.mark.parametrize(("n", "count"), [(3, 7), (4, 27)])
def test_entry_game(n, count):
    # By hand: 2 enter; or one enters and M = 2 or 3 others mix at .5 / (M - 1), where staying out pays for the
    # rest; or M of n mix at 1.5 / (M - 1). The indifference equations have fewer roots than generic ones.
    found = find_all(entry_game(n))
    check_regular(found)
    assert len(found) == count


def newton_from_many_starts(game, starts, seed):
    """A second way of its own: Newton's method on all supports' equations, written without the solver's code."""
    rng = np.random.default_rng(seed)
    u = [game.payoffs[..., i] for i in range(3)]
    others = {0: "abc,b,c->a", 1: "abc,a,c->b", 2: "abc,a,b->c"}
    found = []
    for _ in range(starts):
        supports = [np.flatnonzero(rng.random(k) < 0.6) for k in game.shape]
        if any(not len(s) for s in supports):
            continue
        x = [np.zeros(k) for k in game.shape]
        for v, s in zip(x, supports):
            v[s] = rng.dirichlet(np.ones(len(s)))

        def equations(z, supports=supports):
            v, place = [], 0
            for k, s in zip(game.shape, supports):
                full = np.zeros(k)
                full[s] = z[place : place + len(s)]
                v.append(full)
                place += len(s)
            out = []
            for i in range(3):
                values = np.einsum(others[i], u[i], *(v[j] for j in range(3) if j != i))
                out += [*(values[supports[i][1:]] - values[supports[i][0]]), v[i].sum() - 1]
            return np.array(out)

        z = np.concatenate([v[s] for v, s in zip(x, supports)])
        for _ in range(25):
            value = equations(z)
            jacobian = np.column_stack(
                [(equations(z + 1e-7 * e) - equations(z - 1e-7 * e)) / 2e-7 for e in np.eye(len(z))]
            )
            try:
                step = np.linalg.solve(jacobian, value)
            except np.linalg.LinAlgError:
                break
            z = z - step
            if np.abs(step).max() < 1e-13 or np.abs(z).max() > 1e3:
                break
        if z.min() < 1e-9 or np.abs(equations(z)).max() > 1e-11:
            continue
        place = 0
        for v, s in zip(x, supports):
            v[s] = z[place : place + len(s)]
            v /= v.sum()
            place += len(s)
        if game.regret(x).max() < 1e-10 and not any(
            np.abs(np.concatenate(x) - np.concatenate(y)).max() < 1e-7 for y in found
        ):
            found.append([v.copy() for v in x])
    return found


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (2, 3, 4)])
def test_nothing_that_multistart_newton_finds_is_missing(shape):
    total = 0
    for seed in range(3):
        game = random_game(shape, 50 + seed)
        found = find_all(game)
        theirs = newton_from_many_starts(game, 150, seed)
        total += len(theirs)
        for profile in theirs:
            assert any(
                np.abs(np.concatenate(e.profile) - np.concatenate(profile)).max() < 1e-7 for e in found
            )
    assert total >= 3


@pytest.mark.peer
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (2, 2, 2, 2)])
def test_nothing_that_gambits_enumpoly_finds_is_missing(shape):
    gbt = pytest.importorskip("pygambit")
    for seed in range(5):
        game = random_game(shape, 80 + seed)
        peer = gbt.Game.from_arrays(*[game.payoffs[..., i] for i in range(len(shape))])
        found = find_all(game)
        for theirs in gbt.nash.enumpoly_solve(peer, use_strategic=True).equilibria:
            flat = np.array([theirs[s] for player in peer.players for s in player.strategies])
            assert any(np.abs(np.concatenate(e.profile) - flat).max() < 1e-4 for e in found)


GNM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
import numpy as np, pygambit as gbt
seed, shape = int(sys.argv[1]), tuple(int(k) for k in sys.argv[2:])
payoffs = np.random.default_rng([seed, *shape]).random((*shape, 3))
game = gbt.Game.from_arrays(*[payoffs[..., i] for i in range(3)])
rng = np.random.default_rng(seed)
for _ in range(20):
    start = game.mixed_strategy_profile()
    for player in game.players:
        for strategy, p in zip(player.strategies, rng.dirichlet(np.ones(len(player.strategies)))):
            start[strategy] = float(p)
    for found in gbt.nash.gnm_solve(start).equilibria:
        print(*[found[s] for player in game.players for s in player.strategies], flush=True)
"""


@pytest.mark.peer
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3)])
def test_nothing_that_gambits_gnm_finds_is_missing(shape):
    pytest.importorskip("pygambit")
    game = random_game(shape, 80)
    found = find_all(game)
    command = [sys.executable, "-c", GNM, "80", *map(str, shape)]
    # From some starts gnm_solve does not return: what it has printed in ten seconds of processor time counts.
    lines = subprocess.run(command, capture_output=True, check=False).stdout
    theirs = [np.array([float(p) for p in line.split()]) for line in lines.decode().splitlines()]
    theirs = [flat for flat in theirs if len(flat) == sum(shape)]
    assert theirs
    for flat in theirs:
        assert any(np.abs(np.concatenate(e.profile) - flat).max() < 1e-4 for e in found)


@pytest.mark.parametrize(
    ("scale", "shift"), [(1e12, 0.0), (1e-12, 0.0), (1.0, 1e6), ([1.0, 1e6, 1e-6], [0.0, 5.0, -2.0])]
)
def test_units_do_not_matter(scale, shift):
    game = random_game((3, 3, 3), 3)
    found, other = find_all(game), find_all(game.rescale(scale, shift))
    check_regular(other)
    assert same(other, [e.profile for e in found], 1e-6)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), order=st.permutations(range(3)))
def test_the_order_of_players_and_actions_does_not_matter(seed, order):
    game = random_game((2, 3, 3), seed)
    found = find_all(game)
    rng = np.random.default_rng(seed)
    shuffles = [rng.permutation(k) for k in game.shape]
    shuffled = NormalFormGame(game.payoffs[np.ix_(*shuffles, range(3))])
    assert same(find_all(shuffled), [[v[s] for v, s in zip(e.profile, shuffles)] for e in found])
    permuted = find_all(game.permute(order))
    assert same(permuted, [[e.profile[i] for i in order] for e in found])


def test_the_seed_changes_nothing():
    game = random_game((2, 2, 2, 2), 1)
    assert same(find_all(game, seed=1), [e.profile for e in find_all(game, seed=2)], 1e-12)


def test_duplicated_action_is_said_to_be_degenerate():
    game = random_game((3, 3, 3), 3)
    doubled = NormalFormGame(np.concatenate([game.payoffs, game.payoffs[:1]], axis=0))
    found, single = find_all(doubled), find_all(game)
    assert found.complete
    assert len(found) == len(single)
    uses = [e.profile[0][0] > 0 for e in single]
    assert any(uses)
    assert found.degenerate is True
    assert len(found.components) == sum(uses)
    for component in found.components:
        for vertex in component.vertices:
            assert doubled.regret(vertex).max() < 1e-12


def test_constant_payoffs():
    found = find_all(NormalFormGame(np.full((2, 3, 2, 3), 7.0)))
    assert found.complete
    assert found.degenerate is True
    assert len(found.components[0].vertices) == 12


@pytest.mark.parametrize("seed", range(3))
def test_games_with_ties_are_marked_and_their_points_are_equilibria(seed):
    payoffs = np.random.default_rng(seed).integers(0, 3, (2, 3, 2, 3)).astype(float)
    game = NormalFormGame(payoffs)
    found = find_all(game)
    assert found.degenerate is True
    assert len(found)
    for e in found:
        assert (e.regret <= 1e-12 * game.ranges).all()
        assert e.proof in ("exact", "interval", "numeric")
    for component in found.components:
        for vertex in component.vertices:
            assert (game.regret(vertex) <= 1e-12 * game.ranges).all()


def test_a_mixture_that_ties_an_unused_action_is_decided_although_no_two_payoffs_tie():
    """Against (1/2, 1/2) and (3/5, 2/5) both actions of player 1 earn 1.7, by hand; so the equilibrium is not regular."""
    payoffs = [
        [[[3, 2, 3], [3, 0, 2]], [[0, 0, 2], [1, 3, 3]]],
        [[[2, 1, 0], [1, 2, 3]], [[1, 3, 3], [3, 3, 2]]],
    ]
    found = find_all(NormalFormGame(payoffs))
    assert found.complete
    assert found.degenerate
    assert [e.index for e in found] == [1, None, 1]
    (component,) = found.components
    assert component.dimension == 0
    assert component.supports == (((0,), (0, 1), (0, 1)),)
    assert same([found[1]], [[np.array(v) for v in ([1.0, 0.0], [0.5, 0.5], [0.6, 0.4])]], 1e-12)


def test_a_player_without_preferences_makes_a_game_degenerate():
    payoffs = np.random.default_rng(0).random((2, 2, 2, 3))
    payoffs[..., 0] = 0.0
    found = find_all(NormalFormGame(payoffs))
    assert found.degenerate is True
    assert found.complete
    assert any(c.dimension for c in found.components)
    assert found.notes


def test_a_time_limit_hands_over_what_there_is(clock):
    game = random_game((6, 6, 6), 0)
    clock.step = 0.01
    found = find_all(game, time_limit=0.3)
    assert not found.complete
    assert any("time limit" in note for note in found.notes)
    assert "NOT complete" in found.summary()
    assert all((e.regret <= 1e-12 * game.ranges).all() for e in found)


def test_an_interruption_hands_over_what_there_is(monkeypatch):
    calls = []
    original = module._roots

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(module, "_roots", interrupted)
    found = find_all(random_game((3, 3, 3), 5))
    assert not found.complete
    assert "The search was interrupted." in found.notes
    assert found.degenerate is None
    assert all(e.proof in ("exact", "interval") for e in found)


@pytest.mark.parametrize("shape", [(8, 8, 8), (16,) * 3, (4,) * 5])
def test_what_cannot_be_finished_is_refused_beforehand(shape):
    with pytest.raises(SizeError, match="support"):
        find_all(random_game(shape, 0))


def test_max_paths_is_a_limit():
    game = random_game((3, 3, 3), 0)
    with pytest.raises(SizeError, match="max_paths") as caught:
        find_all(game, max_paths=3)
    wanted = int(re.search(r"max_paths=(\d+)", str(caught.value)).group(1))
    assert find_all(game, max_paths=wanted).complete
    with pytest.raises(SizeError):
        find_all(game, max_paths=wanted - 1)


def test_the_number_of_supports_is_limited_and_with_a_time_limit_the_pure_equilibria_are_given(monkeypatch):
    payoffs = np.random.default_rng(1).random((3, 2, 2, 3))
    payoffs[1, 1, 1] = 2
    game = NormalFormGame(payoffs)
    assert reduce(game).core is game
    monkeypatch.setattr(_support_enumeration, "_MAX_MASKS", 2**7)
    whole = find_all(game)
    assert whole.complete
    monkeypatch.setattr(_support_enumeration, "_MAX_MASKS", 2**6)
    with pytest.raises(SizeError):
        find_all(game)
    found = find_all(game, time_limit=60.0)
    assert not found.complete
    assert any("64" in note for note in found.notes)
    assert all(e.is_pure and e.proof == "exact" for e in found)
    assert same(found, [e.profile for e in whole if e.is_pure], 0.1)
    assert [e.index for e in found] == [1] * len(found)


@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 1, 2)])
def test_seconds_are_those_of_the_call(shape):
    for limited in (False, True):
        before = time.process_time()
        found = find_all(random_game(shape, 2), time_limit=100.0 if limited else None)
        assert 0 <= found.seconds <= time.process_time() - before


def reported(core, **known):
    """What is said of a search in a game without actions to remove."""
    search = Search(core, exact_parts(core), core.normalised)
    points = known.pop("points", [])
    for name, value in known.items():
        setattr(search, name, value)
    for profile, proof, index in points:
        search.add(core.mixed(profile), proof, index, 1e-10 if proof == "interval" else None)
    return _result(search, reduce(core), 1.5)


def test_what_is_said_of_a_search():
    """Complete and regular; left open; skipped; decided with singular points; with points that represent sets."""
    core = random_game((2, 2, 2), 3)
    one = ([[1, 0], [1, 0], [1, 0]], "exact", 1)
    mixed = ([[0.5, 0.5], [1, 0], [1, 0]], "interval", -1)
    lone = ([[0, 1], [0, 1], [0, 1]], "exact", None)
    found = reported(core, points=[one])
    assert (found.complete, found.degenerate, found.notes, found.seconds) == (True, False, (), 1.5)
    # Equilibria come in the order of their profiles, those that play the first actions first.
    found = reported(core, points=[lone, mixed, one], decided=True)
    assert [e.index for e in found] == [1, -1, None]
    assert [e.proof for e in found] == ["exact", "interval", "exact"]
    assert [e.radius for e in found] == [None, 1e-10, None]
    assert (found.complete, found.degenerate, len(found.notes)) == (True, True, 1)
    # Without a decision the same points leave it open.
    found = reported(core, points=[one, lone])
    assert (found.complete, found.degenerate, len(found.notes)) == (False, True, 1)
    # Indices that do not add up to one.
    found = reported(core, points=[one, mixed])
    assert (found.complete, found.degenerate) == (False, None)
    assert "+0" in found.notes[0]
    # The time was over: why the indices do not add up is known then.
    found = reported(core, points=[one, mixed], interrupted="over", skipped=4, unresolved=3)
    assert (found.complete, found.degenerate) == (False, None)
    assert found.notes[0] == "over"
    assert ["4" in note for note in found.notes] == [False, True, False]
    assert ["3" in note for note in found.notes] == [False, False, True]
    for known in ({"interrupted": "over"}, {"skipped": 1}):
        assert not reported(core, points=[one], decided=True, **known).complete
    assert not reported(core, points=[one], unresolved=1).complete
    assert reported(core, points=[one, mixed], decided=True).complete


def test_what_is_said_of_sets():
    core = random_game((2, 2, 2), 3)
    ends = [([[1, 0], [1, 0], [1, 0]], "exact", None), ([[1, 0], [1, 0], [0, 1]], "exact", None)]
    supports = (((0,), (0,), (0, 1)),)

    def told(shape, **known):
        (component,) = reported(core, points=ends, components=[[0, 1]], shapes=[shape], **known).components
        assert len(component.vertices) == 2
        assert not component.exact_extreme
        assert component.supports == shape[1]
        return component.dimension, component.note

    line, point = told((1, supports), decided=True), told((0, supports), decided=True)
    some, more = told((None, ()), decided=True), told((None, ()))
    assert [x[0] for x in (line, point, some, more)] == [1, 0, None, None]
    assert "1" in line[1]
    assert len({x[1] for x in (line, point, some, more)}) == 4
    # What is not decided has no dimension, whatever was met.
    assert told((1, supports)) == more
    assert told((None, ()), notes=["as told elsewhere"]) == (None, "as told elsewhere")


def test_an_equilibrium_of_identical_actions_stands_for_a_set():
    payoffs = random_game((2, 2, 2), 3).payoffs
    game = NormalFormGame(np.concatenate([payoffs, payoffs[:1]]))
    reduction = reduce(game)
    core = reduction.core
    assert core.shape == (2, 2, 2)
    search = Search(core, exact_parts(core), core.normalised)
    search.add(core.mixed([[0.5, 0.5], [0.5, 0.5], [1, 0]]), "interval", 1, 1e-10)
    search.add(core.mixed([[0, 1], [1, 0], [1, 0]]), "interval", 0, 1e-10)
    search.add(core.mixed([[1, 0], [0, 1], [1, 0]]), "exact", None)
    found = _result(search, reduction, 0.0)
    assert found.degenerate is True
    # Where the first player uses the doubled action nothing is isolated, and no proof says so.
    assert [(e.proof, e.index, e.radius) for e in found] == [
        ("exact", None, None),
        ("numeric", None, None),
        ("interval", 0, 1e-10),
    ]
    (component,) = found.components
    assert [v[0].tolist() for v in component.vertices] == [[0.5, 0.5, 0], [0, 0.5, 0.5]]
    assert not component.exact_extreme


def test_what_is_not_known_of_the_rest_is_not_known_of_the_whole():
    """The third player has one action; the solver of the rest says that it is not complete, or that it is."""
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    payoffs = np.zeros((2, 2, 1, 3))
    payoffs[:, :, 0, :2] = pennies.payoffs
    game = NormalFormGame(payoffs)
    calls = []

    def rest(smaller, **options):
        calls.append(options)
        found = find_all(smaller)
        return replace(found, complete=len(calls) > 1, notes=("of the rest",))

    partial, whole = (enumerate_polynomial(game, seed=3, max_paths=7, solve=rest) for _ in range(2))
    assert (partial.complete, whole.complete) == (False, True)
    assert partial.notes == whole.notes == ("of the rest",)
    assert whole.degenerate is False
    assert [e.index for e in whole] == [1]
    # Two players need neither seed nor paths, three do.
    assert calls == [{"time_limit": None}] * 2
    calls.clear()
    more = NormalFormGame(np.concatenate([random_game((2, 2, 2), 3).payoffs] * 2, axis=-1)[..., None, :4])
    enumerate_polynomial(more, seed=3, max_paths=70, solve=rest)
    assert calls == [{"time_limit": None, "seed": 3, "max_paths": 70}]


def test_points_on_sets_are_found_by_way_of_games_close_by(clock):
    """Two who want to meet, and a third whose choice means nothing to anybody: a segment for each of the three ways to meet."""
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[0, 0, :, :2], payoffs[1, 1, :, :2] = 2, 1
    game = NormalFormGame(payoffs)
    search = Search(game, exact_parts(game), game.normalised)
    _represent(search, 0, module.Deadline(None))
    sets = [
        {tuple(search.points[k].profile[0].round(9).tolist()) for k in group} for group in search.components
    ]
    assert sorted(sets, key=min) == [{(0, 1)}, {(0.333333333, 0.666666667)}, {(1, 0)}]
    assert sorted(k for group in search.components for k in group) == list(range(len(search.points)))
    assert search.shapes == [(None, ())] * 3
    late = Search(game, exact_parts(game), game.normalised)
    clock.step = 1.0
    _represent(late, 0, module.Deadline(0.5))
    assert late.points == []


def test_ends_of_sets_that_near_ties_displace_are_not_called_equilibria():
    """A tie that rounding left open by one part in 10^16 gave the end of a set a regret of .3 % of the payoff range."""
    from benchmarks.scales import ALLOWED, drawn, regret

    game = NormalFormGame(drawn(485).payoffs)
    found = find_all(game)
    assert len(found)
    assert all(regret(game, e.profile) <= ALLOWED for e in found)


def test_identical_actions_are_named_and_time_is_counted():
    # Each wants to differ from the next; the first's third action is its second again.
    payoffs = np.zeros((3, 2, 2, 3))
    for a in np.ndindex(3, 2, 2):
        first = min(a[0], 1)
        payoffs[a] = [first != a[1], a[1] != a[2], a[2] != first]
    begun = time.process_time()
    found = find_all(NormalFormGame(payoffs))
    assert 0 < found.seconds <= time.process_time() - begun
    assert any("identical" in note for note in found.notes)
    payoffs[2] = payoffs[1] + 1
    assert not any("identical" in note for note in find_all(NormalFormGame(payoffs)).notes)


def test_what_is_said_of_the_rest_and_of_the_whole_is_said_once():
    """A game of four, one of whom is split off, drawn with seed [20260402, 101]."""
    payoffs = np.random.default_rng([20260402, 101]).integers(0, 10, (2, 2, 2, 2, 4))
    found = find_all(NormalFormGame(payoffs))
    assert "who have a choice and influence" in found.method
    assert found.complete
    assert len(found.notes) == 1
