"""Optimal punishments: closed forms, between the minmax bound and Nash reversion, and against automata that are checked."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame, load, strategies
from games.errors import DiscountError
from solvers import nash, repeated
from solvers.base.deadline import Deadline
from solvers.repeated.patience._optimal import _Search

# The lowest payoffs in an empty set.
NONE = np.full(2, np.inf)


def dilemma(T=5.0, R=3.0, P=1.0, S=0.0):
    return NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]], actions=[["C", "D"], ["C", "D"]])


def public_good(players, marginal):
    given = np.indices((2,) * players)
    return NormalFormGame(
        np.stack([marginal * given.sum(axis=0) - given[i] for i in range(players)], axis=-1)
    )


@pytest.mark.parametrize(
    ("game", "profile", "critical"),
    [
        (dilemma(), (0, 0), 0.5),
        (dilemma(10, 3, 1, -5), (0, 0), 7 / 9),
        (public_good(3, 0.5), (1, 1, 1), 0.5),
        (dilemma(), (1, 1), 0.0),
    ],
)
def test_where_the_stage_equilibrium_is_the_minmax_nothing_beats_grim(game, profile, critical):
    found = repeated.critical_discount(game, profile, "optimal")
    assert found.per_player == pytest.approx([critical] * game.n_players, abs=1e-9)
    assert (found.bracket[0] <= found.bracket[1]).all()
    assert found.overall - found.bracket[0].max() <= 1e-6


def test_no_factor_where_somebody_gets_less_than_the_minmax():
    assert repeated.critical_discount(dilemma(), ("C", "D"), "optimal").overall == np.inf


def oligopoly(outputs):
    q = np.stack(np.meshgrid(outputs, outputs, indexing="ij"), axis=-1)
    return NormalFormGame(q * np.maximum(1 - q.sum(axis=-1, keepdims=True), -0.5))


def test_a_stick_and_a_carrot_beat_reversion():
    """Cournot with a stick below the static equilibrium: the optimum lies strictly between the bounds."""
    game = oligopoly([0.25, 1 / 3, 0.375, 0.5, 0.6])
    found = repeated.critical_discount(game, (0, 0), "optimal")
    reversion = repeated.critical_discount(game, (0, 0), equilibria=nash.pure(game))
    bound = repeated.critical_discount(game, (0, 0), "minmax", kind="pure")
    assert bound.overall - 1e-9 <= found.overall < reversion.overall - 0.01
    best = min(
        (
            sustained_from(game, strategies.stick_and_carrot(game, (0, 0), stick))
            for stick in product(range(5), repeat=2)
        ),
    )
    assert found.bracket[0].max() <= best + 1e-9


def sustained_from(game, automaton, grid=120):
    """The least factor of a grid at which an automaton is an equilibrium."""
    for d in (np.arange(grid) + 1) / (grid + 1):
        if repeated.check(RepeatedGame(game, d), automaton).is_equilibrium:
            return float(d)
    return np.inf


@pytest.mark.parametrize("shape", [(3, 3), (2, 2, 2)])
def test_random_games_against_their_bounds_and_against_automata(shape):
    rng = np.random.default_rng(5)
    between = 0
    for trial in range(10):
        game = NormalFormGame(rng.normal(size=(*shape, len(shape))))
        # The profile of the second largest sum is seldom a stage equilibrium.
        flat = int(game.payoffs.sum(axis=-1).ravel().argsort()[-1 - trial % 2])
        profile = tuple(int(x) for x in np.unravel_index(flat, shape))
        found = repeated.critical_discount(game, profile, "optimal")
        bound = repeated.critical_discount(game, profile, "minmax", kind="pure").overall
        assert bound <= found.overall + 1e-9
        equilibria = nash.pure(game)
        if len(equilibria):
            assert (
                found.bracket[0].max()
                <= repeated.critical_discount(game, profile, equilibria=equilibria).overall + 1e-9
            )
        below = found.bracket[0].max() - 1e-3
        if not 0 < below < 1:
            continue
        between += 1
        play = RepeatedGame(game, below)
        for stick in np.ndindex(*shape):
            assert not repeated.check(play, strategies.stick_and_carrot(game, profile, stick)).is_equilibrium
            code = strategies.penal_code(game, [profile], [[stick, profile]] * len(shape))
            assert not repeated.check(play, code).is_equilibrium
    assert between >= 3


def test_at_the_upper_end_a_strategy_can_be_handed_over_and_passes_the_check():
    game = oligopoly([0.25, 1 / 3, 0.375, 0.5, 0.6])
    critical = repeated.critical_discount(game, (0, 0), "optimal").overall
    play = RepeatedGame(game, critical)
    automaton = repeated.strategy(repeated.payoff_set(play), game.payoff((0, 0)))
    found = repeated.check(play, automaton)
    assert found.is_equilibrium
    assert found.payoffs == pytest.approx(game.payoff((0, 0)), abs=1e-8)
    assert automaton.path_matrix[automaton.state(automaton.initial)].max() == pytest.approx(1.0)


def test_players_and_units_do_not_matter():
    rng = np.random.default_rng(12)
    for _ in range(4):
        game = NormalFormGame(rng.normal(size=(2, 2, 2, 3)))
        profile = tuple(int(x) for x in np.unravel_index(game.payoffs.sum(axis=-1).argmax(), game.shape))
        a = repeated.critical_discount(game, profile, "optimal").overall
        moved = game.rescale([1e-3, 1.0, 1e4], [5.0, -2.0, 1e3]).permute([2, 0, 1])
        b = repeated.critical_discount(moved, [profile[i] for i in (2, 0, 1)], "optimal").overall
        assert b == pytest.approx(a, abs=2e-6)


def test_one_player_alone():
    found = repeated.critical_discount(dilemma(), ("C", "C"), "optimal", discount=[0.9, 0.8])
    assert found.bracket == pytest.approx(np.full((2, 2), 0.5), abs=1e-6)
    # A rival that is too impatient to cooperate cannot be made up for.
    none = repeated.critical_discount(dilemma(), ("C", "C"), "optimal", discount=[0.9, 0.4])
    assert none.per_player[0] == np.inf
    assert none.per_player[1] <= 0.502
    assert "while the others' stay" in none.summary()
    assert not none.complete
    game = oligopoly([0.25, 1 / 3, 0.375, 0.5, 0.6])
    together = repeated.critical_discount(game, (0, 0), "optimal")
    apart = repeated.critical_discount(game, (0, 0), "optimal", discount=[0.9, 0.6])
    assert (apart.bracket[0] <= apart.bracket[1] + 1e-12).all()
    assert (apart.per_player <= together.overall + 1e-3).all()
    with pytest.raises(DiscountError):
        repeated.critical_discount(dilemma(), ("C", "C"), "optimal", discount=[0.9])


def test_the_three_power_scenario():
    model = load("us-china-russia-2025").with_parameters(claims="part")
    game, concert = model.stage(), model.regimes["concert"]
    found = repeated.critical_discount(game, concert, "optimal")
    bound = repeated.critical_discount(game, concert, "minmax", kind="pure")
    assert bound.overall - 1e-9 <= found.bracket[0].max() <= found.overall
    assert found.overall - found.bracket[0].max() <= 1e-6 or found.overall == np.inf


def test_what_was_not_decided_stays_inside_the_bracket(monkeypatch):
    """Below .62 no trial decides: the bracket must reach down to what is proved, not to the last factor tried."""
    from solvers.repeated.patience._optimal import _Search

    def undecided(self, discount):
        enough = bool(discount.max() >= 0.7)
        values = np.full(2, 1.0)
        return enough, False, values if enough else NONE, np.full(2, 1.0)

    game = dilemma()
    proved = repeated.critical_discount(game, ("C", "C"), "minmax", kind="pure").overall
    monkeypatch.setattr(_Search, "trial", undecided)
    monkeypatch.setattr(_Search, "reversion", lambda self: np.inf)
    found = repeated.critical_discount(game, ("C", "C"), "optimal")
    assert found.bracket[0] == pytest.approx([proved, proved])
    assert found.bracket[1] == pytest.approx([0.7, 0.7], abs=2e-6)


def test_what_the_outer_set_needs_is_proved(monkeypatch):
    """The punishments that the outer set allows at .7 need .62, so that nothing below .62 is enough, tried or not."""
    from solvers.repeated.patience._optimal import _Search

    def undecided(self, discount):
        enough = bool(discount.max() >= 0.7)
        need = 0.55 if discount.max() > 0.9 else 0.62
        # A gain of 2 and a payoff of 3: the critical discount factor is 2 / (5 - w).
        return enough, False, np.full(2, 1.0) if enough else NONE, np.full(2, 5 - 2 / need)

    monkeypatch.setattr(_Search, "trial", undecided)
    monkeypatch.setattr(_Search, "reversion", lambda self: np.inf)
    found = repeated.critical_discount(dilemma(), ("C", "C"), "optimal")
    assert found.bracket[0] == pytest.approx([0.62, 0.62])
    assert found.bracket[1] == pytest.approx([0.7, 0.7], abs=2e-6)


def test_a_time_limit_leaves_a_bracket_that_holds(clock):
    game = NormalFormGame(np.random.default_rng(3).normal(size=(3, 3, 3, 3)))
    profile = tuple(int(x) for x in np.unravel_index(game.payoffs.sum(axis=-1).argmax(), game.shape))
    found = repeated.critical_discount(game, profile, "optimal", time_limit=0.02)
    assert "time limit" in found.notes[0]
    bound = repeated.critical_discount(game, profile, "minmax", kind="pure").overall
    assert found.bracket[0].max() >= min(bound, 1.0) - 1e-12 or np.isinf(found.bracket[0]).all()
    assert (found.bracket[0] <= found.bracket[1]).all()


def test_no_patience_is_needed_only_where_nobody_gains():
    """The first player gains nothing by deviating, the second does: without a code that holds nothing is promised."""
    game = NormalFormGame([[[3, 3], [3, 5]], [[0, 0], [1, 1]]])
    search = _Search(game, (0, 0), Deadline(None))
    assert search.gain.tolist() == [-3, 2]
    low, high, value = search.alone(1, np.array([0.5, 0.5]), [])
    assert low == search.needed(search.minmax)[1] > 0
    assert high == np.inf
    assert np.isnan(value)
    idle = _Search(game, (1, 1), Deadline(None))
    idle.gain = np.array([-1.0, 0.0])
    assert idle.alone(0, np.array([0.5, 0.5]), []) == (0.0, 0.0, 1.0)


def test_the_worst_equilibria_of_the_inner_and_the_outer_set():
    search = _Search(dilemma(), (0, 0), Deadline(None))
    inner, outer = search.worst(np.array([0.6, 0.6]))
    assert inner == pytest.approx([1, 1])
    assert outer == pytest.approx([1, 1])
    pennies = _Search(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), (0, 0), Deadline(None))
    assert np.isinf(np.concatenate(pennies.worst(np.array([0.6, 0.6])))).all()


@pytest.mark.parametrize(
    ("inner", "outer", "enough", "hopeless"),
    [
        # At one half a punishment of 1 is just enough.
        ([1.0, 1.0], [1.0, 1.0], True, False),
        ([1.0, 1.0 + 1e-9], [1.0, 1.0], False, False),
        ([1.0, 1.5], [1.0, 1.0 + 1e-9], False, True),
        ([0.5, 0.0], [0.0, 0.0], True, False),
        (NONE, [1.0, 1.0], False, False),
        (NONE, NONE, False, True),
    ],
)
def test_what_the_two_sets_say_at_one_discount_factor(monkeypatch, inner, outer, enough, hopeless):
    search = _Search(dilemma(), (0, 0), Deadline(None))
    lowest = np.array(inner), np.array(outer)
    monkeypatch.setattr(_Search, "worst", lambda self, discount: lowest)
    assert search.trial(np.array([0.5, 0.5])) == (enough, hopeless, *lowest)


def searching(monkeypatch, trial, reversion=np.inf):
    monkeypatch.setattr(_Search, "trial", lambda self, discount: trial(float(discount[0])))
    monkeypatch.setattr(_Search, "reversion", lambda self: reversion)
    return _Search(dilemma(), (0, 0), Deadline(None))


def test_punishments_that_exist_at_less_patience_exist_at_more(monkeypatch):
    """At .55 the inner set punishes so that .625 is needed: there and above it is enough, without a trial."""
    asked = []

    def trial(d):
        asked.append(d)
        return d >= 0.625, False, np.full(2, 5 - 2 / 0.625), np.full(2, 1.0)

    low, high, values = searching(monkeypatch, trial).common()
    assert (low, high) == (0.5, pytest.approx(0.625, abs=1e-15))
    assert values == pytest.approx([1.8, 1.8])
    assert asked[:3] == [1 - 1e-6, 0.5, pytest.approx(0.5 + 0.9e-6)]
    assert len(asked) < 30


def test_the_ends_where_no_search_is_needed(monkeypatch):
    never = searching(monkeypatch, lambda d: (False, True, NONE, NONE))
    low, high, values = never.common()
    assert (low, high) == (np.inf, np.inf)
    assert np.isnan(values).all()
    open_ = searching(monkeypatch, lambda d: (False, False, np.full(2, 2.9), np.full(2, 1.0)))
    assert open_.common()[:2] == (0.5, np.inf)
    monkeypatch.undo()
    # A game whose minmax needs more than .999999, and one that needs a little less.
    assert _Search(dilemma(P=3 - 1e-6), (0, 0), Deadline(None)).common()[:2] == (np.inf, np.inf)
    found = _Search(dilemma(P=3 - 1e-5), (0, 0), Deadline(None)).common()[:2]
    assert found == (pytest.approx(2 / (2 + 1e-5)), pytest.approx(2 / (2 + 1e-5)))
    # Unequal needs: the most demanding player counts, in reversion as well.
    uneven = NormalFormGame([[[3, 3], [0, 9]], [[5, 0], [1, 1]]])
    search = _Search(uneven, (0, 0), Deadline(None))
    assert search.reversion() == pytest.approx(0.75)
    assert search.harshest().tolist() == [1, 1]
    assert search.common()[:2] == (pytest.approx(0.75), pytest.approx(0.75))
    chicken = _Search(NormalFormGame([[[3, 3], [1, 5]], [[5, 1], [0, 0]]]), (0, 0), Deadline(None))
    assert chicken.harshest().tolist() == [1, 1]
    pennies = _Search(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), (0, 0), Deadline(None))
    assert np.isinf(pennies.harshest()).all()


def test_when_the_time_is_over_reversion_is_still_proved(monkeypatch, clock):
    clock.step = 1.0
    search = searching(monkeypatch, lambda d: (False, False, NONE, np.full(2, 1.0)), reversion=0.8)
    search.deadline = Deadline(0.5)
    low, high, values = search.common()
    assert (low, high, values.tolist()) == (0.5, 0.8, [1, 1])
    # Without a reversion that is enough nothing is.
    search = searching(monkeypatch, lambda d: (False, False, NONE, np.full(2, 1.0)))
    search.deadline = Deadline(0.5)
    assert search.common()[:2] == (0.5, np.inf)


class Fakes:
    """Automata that are equilibria from some discount factor of the first player on."""

    def __init__(self, monkeypatch):
        from solvers.repeated.play import _check

        self.asked = []
        monkeypatch.setattr(_check, "check", self.check)

    def check(self, play, automaton):
        d = float(play.discount[0])
        self.asked.append((automaton, d, float(play.discount[1])))
        return SimpleNamespace(
            values=np.array([[3.0, 9.0], [1.0 + automaton, 0.0], [2.0, 5.0]]), is_equilibrium=d >= automaton
        )


@pytest.mark.parametrize(
    ("automata", "least"),
    [
        ([0.6], 0.6),
        ([0.7, 0.6], 0.6),
        ([0.6, 0.7], 0.6),
        ([2.0, 0.6], 0.6),
        ([0.96], 0.96),
        ([0.99], np.inf),
        ([0.3], 0.5),
        ([0.6, 0.6 - 5e-5], 0.6 - 5e-5),
        ([], np.inf),
    ],
)
def test_one_players_factor_by_strategies_that_are_checked(monkeypatch, automata, least):
    fakes = Fakes(monkeypatch)
    search = _Search(dilemma(), (0, 0), Deadline(None))
    low, high, value = search.alone(0, np.array([0.9, 0.8]), automata)
    assert low == 0.5
    if np.isinf(least):
        assert high == np.inf
        assert np.isnan(value)
    else:
        assert least <= high <= least + 1e-6
        # Its worst state.
        assert value == 1.0 + min(automata)
    assert {other for _, _, other in fakes.asked} <= {0.8}


def test_one_players_factor_where_another_is_too_impatient_or_just_patient_enough(monkeypatch, clock):
    Fakes(monkeypatch)
    search = _Search(dilemma(), (0, 0), Deadline(None))
    assert search.alone(0, np.array([0.9, 0.4999]), [0.6])[:2] == (np.inf, np.inf)
    assert search.alone(0, np.array([0.1, 0.5]), [0.6])[0] == 0.5
    hopeless = _Search(dilemma(P=3 - 1e-6), (0, 0), Deadline(None))
    assert hopeless.alone(0, np.array([0.9, 0.9999999]), [0.6])[:2] == (np.inf, np.inf)
    clock.step = 1.0
    search.deadline = Deadline(0.5)
    assert search.alone(0, np.array([0.9, 0.8]), [0.6])[:2] == (0.5, np.inf)


def test_strategies_come_from_a_range_of_common_factors(monkeypatch):
    from solvers.repeated.payoff_sets import _extraction, _payoff_set

    asked = []
    starts = np.array([[0.0, 1.0], [0.5, 0.5]])

    def automaton(found, payoffs):
        assert payoffs.tolist() == [3, 3]
        # The path of every second one leaves the profile.
        return SimpleNamespace(played=np.array([1, 0]), start=starts[len(asked) % 2], d=found)

    monkeypatch.setattr(
        _payoff_set, "payoff_set", lambda play, time_limit: asked.append(float(play.discount[0])) or asked[-1]
    )
    monkeypatch.setattr(_extraction, "strategy", automaton)
    search = _Search(dilemma(), (0, 0), Deadline(None))
    monkeypatch.setattr(_Search, "common", lambda self: (0.5, 0.6, None))
    found = search.strategies(np.array([0.9, 0.72]))
    assert asked == pytest.approx([0.6, 0.65, 0.7, 0.72, 0.75, 0.8, 0.85, 0.9])
    # First the code that answers with the stage equilibrium harshest for each.
    assert found[0].played[found[0].start > 0].tolist() == [0]
    assert [a.d for a in found[1:]] == asked[1::2]
    asked.clear()
    search.strategies(np.array([0.55, 0.5]))
    assert asked == [0.6]
    monkeypatch.setattr(_Search, "common", lambda self: (0.0, 0.0, None))
    asked.clear()
    search.strategies(np.array([0.6, 0.45]))
    assert asked == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.6])
    monkeypatch.setattr(_Search, "common", lambda self: (np.inf, np.inf, None))
    asked.clear()
    assert len(search.strategies(np.array([0.6, 0.5]))) == 1
    assert asked == []


def test_the_harshest_stage_equilibrium_answers_each_deviator():
    chicken = NormalFormGame([[[3, 3], [1, 5]], [[5, 1], [0, 0]]])
    search = _Search(chicken, (0, 0), Deadline(1e-9))
    code = search.strategies(np.array([0.6, 0.6]))[0]
    assert repeated.check(RepeatedGame(chicken, 0.6), code).is_equilibrium
    assert repeated.check(RepeatedGame(chicken, 0.6), code).values.min(axis=0).tolist() == [1, 1]
    assert not repeated.check(RepeatedGame(chicken, 0.45), code).is_equilibrium
