"""What a deal is measured against, and where it stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import NormalFormGame, load
from games.errors import MethodError, SizeError
from solvers import nash
from solvers.spheres.standing import competition, stand

MODEL = load("us-china-russia-2025")


def test_competition_is_every_equilibrium_of_the_status_quo_map():
    names, profiles, payoffs, complete = competition(MODEL)
    found = nash.find_all(MODEL.stage())
    assert complete == found.complete
    assert names == tuple(f"competition {e + 1}" for e in range(len(found)))
    for profile, values in zip(profiles, payoffs):
        assert MODEL.stage().regret(profile).max() < 1e-9
        assert MODEL.stage().expected(profile) == pytest.approx(values)


def test_all_out_contest_as_the_benchmark():
    names, _, payoffs, _ = competition(replace(MODEL, benchmark="all-out"))
    assert names == ("all-out",)
    assert payoffs[0] == pytest.approx(MODEL.stage().payoff((3, 3, 3)))


def test_holding_is_patience_enough_for_every_power():
    for map_name in MODEL.maps:
        s = stand(MODEL, map_name, "concert", {})
        assert s.holds == bool((s.reversion.per_player <= MODEL.discount).all())
        assert s.could_hold or not s.holds
        assert s.spare == pytest.approx(MODEL.discount - s.reversion.per_player)
        assert s.premium.shape == (len(s.benchmarks), 3)


def test_equilibria_are_solved_once_for_each_game(monkeypatch):
    calls = []
    real = nash.find_all

    def counted(game: NormalFormGame):
        calls.append(game.title)
        return real(game)

    monkeypatch.setattr(nash, "find_all", counted)
    solved: dict = {}
    model = replace(MODEL)
    stand(model, "Taiwan to China", "concert", solved)
    stand(model, "Taiwan to China", "G2", solved)
    stand(model, {"Taiwan": "China"}, "G2", solved)
    assert len(calls) == 3
    # Competition today is kept with the model, for other questions about it.
    stand(model, "Taiwan to China", "concert", {})
    assert len(calls) == 4


def test_too_large_a_game_is_searched_for_pure_equilibria_and_says_so(monkeypatch):
    def refuse(game):
        raise SizeError("too large")

    monkeypatch.setattr(nash, "find_all", refuse)
    s = stand(replace(MODEL), "status quo", "concert", {})
    assert not s.equilibria.complete
    assert "only pure ones" in s.equilibria.notes[-1]
    assert len(s.benchmarks) == len(nash.pure(MODEL.stage()))


def test_too_large_a_game_without_a_pure_equilibrium_is_refused(monkeypatch):
    def refuse(game):
        raise SizeError("too large")

    pennies = NormalFormGame.from_bimatrix(np.eye(2), -np.eye(2))
    monkeypatch.setattr(nash, "find_all", refuse)
    monkeypatch.setattr(type(MODEL), "stage", lambda self, map="status quo": pennies)
    with pytest.raises(MethodError, match="no competition to compare with"):
        competition(replace(MODEL))


def test_without_any_equilibrium_all_out_contest_is_still_a_benchmark(monkeypatch):
    def refuse(game):
        raise SizeError("too large")

    cycle = next(
        NormalFormGame(payoffs, MODEL.players, MODEL.stage().actions)
        for seed in range(100)
        for payoffs in [np.random.default_rng(seed).normal(size=(4, 4, 4, 3))]
        if not len(nash.pure(NormalFormGame(payoffs))) and payoffs[0, 0, 0, 0] < payoffs[:, 0, 0, 0].max()
    )
    monkeypatch.setattr(nash, "find_all", refuse)
    monkeypatch.setattr(type(MODEL), "stage", lambda self, map="status quo": cycle)
    s = stand(replace(MODEL, benchmark="all-out", observed={}), "status quo", "concert", {})
    assert s.benchmark_names == ("all-out",)
    assert np.isinf(s.reversion.per_player).any()
    assert "No equilibrium was found" in s.reversion.notes[0]
    assert not s.holds
    with pytest.raises(MethodError, match="no competition to compare with"):
        stand(replace(MODEL), "status quo", "concert", {})


def test_observed_profiles_stand_beside_competition():
    s = stand(MODEL, {"Ukraine": "Russia"}, "concert", {})
    assert s.map_name == "Ukraine to Russia"
    assert set(s.observed) == set(MODEL.observed)
    game = MODEL.stage()
    for name, payoffs in s.observed.items():
        profile = MODEL.profile(name)
        assert payoffs == pytest.approx(game.payoffs[profile])
        assert s.regret(name) == pytest.approx(game.regret(profile), abs=1e-9)


def test_ostracism_is_contest_by_all_others():
    s = stand(MODEL, "status quo", "concert", {})
    game, need = MODEL.stage(), s.ostracism()
    for i in range(3):
        # Each of the others contests i alone: bit 1 for the first rival in player order, 2 for the second.
        profile = [1 << [k for k in range(3) if k != j].index(i) if j != i else 0 for j in range(3)]
        values = []
        for action in range(4):
            profile[i] = action
            values.append(game.payoff(profile)[i])
        gain, loss = s.reversion.gain[i], s.payoffs[i] - max(values)
        expected = 0.0 if gain <= 0 else gain / (gain + loss) if loss > 0 else np.inf
        assert need[i] == pytest.approx(expected)
