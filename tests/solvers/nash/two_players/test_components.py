from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import MethodError, SizeError
from solvers.equilibrium.bicliques import maximal_bicliques
from solvers.nash.two_players._components import connected, maximal_nash_subsets
from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix

CASES = json.loads((Path(__file__).parents[3] / "cases" / "bimatrix.json").read_text())
DEGENERATE = [case for case in CASES if case["degenerate"]]


@pytest.mark.parametrize("case", DEGENERATE, ids=lambda case: case["name"])
def test_known_components_and_subsets(case: dict) -> None:
    found = enumerate_bimatrix(NormalFormGame.from_bimatrix(case["first"], case["second"]))
    assert len(found.components) == case["components"]
    assert len(maximal_nash_subsets(found)) == case["subsets"]
    assert sum(len(c.vertices) for c in found.components) == len(found)
    assert all(c.exact_extreme for c in found.components)


@pytest.mark.parametrize("case", DEGENERATE, ids=lambda case: case["name"])
def test_every_mixture_within_a_subset_is_an_equilibrium(case: dict) -> None:
    game = NormalFormGame.from_bimatrix(case["first"], case["second"])
    rng = np.random.default_rng(3)
    for subset in maximal_nash_subsets(enumerate_bimatrix(game)):
        for _ in range(5):
            x = rng.dirichlet(np.ones(len(subset.first))) @ np.array(subset.first)
            y = rng.dirichlet(np.ones(len(subset.second))) @ np.array(subset.second)
            assert game.regret((x, y)).max() < 1e-12


def test_bicliques_against_brute_force() -> None:
    rng = np.random.default_rng(8)
    for _ in range(30):
        edges = rng.random((4, 5)) < 0.6
        want = set()
        for mask in range(1, 16):
            left = [i for i in range(4) if mask >> i & 1]
            right = np.flatnonzero(edges[left].all(axis=0))
            if len(right):
                closed = np.flatnonzero(edges[:, right].all(axis=1))
                want.add((tuple(closed.tolist()), tuple(right.tolist())))
        got = maximal_bicliques([(int(i), int(j)) for i, j in np.argwhere(edges)])
        assert {(tuple(a), tuple(b)) for a, b in got} == want


def test_too_many_subsets_are_refused() -> None:
    crown = [(i, j) for i in range(12) for j in range(12) if i != j]
    with pytest.raises(SizeError):
        maximal_bicliques(crown, limit=100)


def test_an_incomplete_set_is_refused() -> None:
    found = enumerate_bimatrix(NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]]))
    with pytest.raises(MethodError):
        maximal_nash_subsets(dataclasses.replace(found, complete=False))


def notes(pairs: list[tuple[int, int]]) -> list[str]:
    found = [SimpleNamespace(profile=k) for k in range(len(pairs))]
    return [c.note for c in connected(found, pairs)]


def test_components_say_what_they_are_made_of() -> None:
    assert notes([(0, 0)]) == ["an isolated equilibrium"]
    assert notes([(0, 0), (0, 1)]) == ["1 maximal Nash subset, extreme strategies: 1 x 2"]
    corner = [(0, 0), (0, 1), (1, 1)]
    (words,) = notes(corner)
    assert words.startswith("2 maximal Nash subsets, extreme strategies: ")
    assert sorted(words.split(": ")[1].split(", ")) == ["1 x 2", "2 x 1"]
    # A path of seven edges turns six times, one of eight seven times: more than six are not listed.
    path = [((k + 1) // 2, k // 2) for k in range(8)]
    (six,), (seven,) = notes(path[:7]), notes(path)
    assert six.startswith("6 maximal Nash subsets")
    assert seven.startswith("7 maximal Nash subsets")
    assert six.count(" x ") == seven.count(" x ") == 6
    assert "..." not in six
    assert seven.endswith(", ...")


def test_equilibria_that_share_a_strategy_hang_together() -> None:
    pairs = [(0, 0), (1, 1), (2, 0), (3, 3), (1, 2)]
    found = [SimpleNamespace(profile=k) for k in range(5)]
    assert sorted(c.vertices for c in connected(found, pairs)) == [(0, 2), (1, 4), (3,)]
    assert all(c.exact_extreme for c in connected(found, pairs))


def test_a_component_of_too_many_subsets_is_listed_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from solvers.nash.two_players import _components

    def too_many(_: object) -> None:
        raise SizeError("more than 5 maximal Nash subsets")

    monkeypatch.setattr(_components, "maximal_bicliques", too_many)
    found = [SimpleNamespace(profile=k) for k in range(2)]
    (component,) = connected(found, [(0, 0), (0, 1)])
    assert component.vertices == (0, 1)
    assert component.exact_extreme
    assert "more than 5" in component.note
