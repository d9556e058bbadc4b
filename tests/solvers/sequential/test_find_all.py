"""All equilibria of trees: known ones, the same as of the normal form, and nothing that is none."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from games import ExtensiveGame, catalog
from games.errors import GameError, MethodError, SizeError
from games.extensive import Decision, Terminal
from solvers import nash
from solvers.sequential import check, find_all
from tests.games.extensive.random_trees import simultaneous, with_recall

CASES = json.loads((Path(__file__).parents[2] / "cases" / "trees.json").read_text(encoding="utf-8"))


def outcomes(tree: ExtensiveGame, behaviour) -> tuple[str, ...]:
    return tuple(map(str, tree.outcome(behaviour)))


def test_kuhns_whole_family() -> None:
    tree = catalog.trees.kuhn_poker()
    found = find_all(tree)
    assert found.complete
    assert {tuple(map(str, e.exact_payoffs)) for e in found} == {("-1/18", "1/18")}
    # The first player's optimal strategies are a segment; the second player has one strategy.
    assert len(found) == 2
    assert len(found.components) == 1
    ends = []
    for e in found:
        at = {s.label: v for s, v in zip(tree.information_sets, e.behaviour)}
        a = at["First J"][1]
        ends.append(str(a))
        assert at["First K"][1] == 3 * a
        assert at["First Q after a bet"][1] == a + Fraction(1, 3)
        assert at["First Q"][1] == 0
        assert list(at["Second J after a check"]) == [Fraction(2, 3), Fraction(1, 3)]
        assert list(at["Second Q after a bet"]) == [Fraction(2, 3), Fraction(1, 3)]
        assert e.regret.max() == 0
    assert sorted(ends) == CASES["kuhn_family"]["ends"]
    # The middle of the family, put together by hand.
    a = Fraction(1, 6)
    middle = dict(zip((s.label for s in tree.information_sets), found[0].behaviour))
    middle |= {
        "First J": [1 - a, a],
        "First K": [1 - 3 * a, 3 * a],
        "First Q after a bet": [Fraction(2, 3) - a, a + Fraction(1, 3)],
    }
    assert check(tree, middle)


def test_beer_and_quiche() -> None:
    found = find_all(catalog.trees.beer_quiche())
    assert found.complete
    assert len(found.components) == 2
    messages = {frozenset(path[1] for path in e.outcomes) for e in found}
    assert messages == {frozenset({"beer"}), frozenset({"quiche"})}
    duels = sorted(
        str(v[0]) for e in found for s, v in zip(found.tree.information_sets, e.behaviour) if 0 < v[0] < 1
    )
    assert duels == ["1/2", "1/2"]


def test_the_centipede_ends_at_once_in_every_equilibrium() -> None:
    found = find_all(catalog.trees.centipede(4))
    assert found.complete
    assert all(e.outcomes == (("take",),) for e in found)


@pytest.mark.parametrize("seed", range(40))
def test_the_tree_has_the_equilibria_of_its_reduced_form(seed: int) -> None:
    # Corners in the sequence form are among the outcomes of extreme equilibria of the reduced form, and the other way round
    # every extreme equilibrium of the reduced form leads to an equilibrium of the tree with payoffs inside the range.
    tree = with_recall(seed, depth=3, widths=(2,))
    found = find_all(tree)
    assert found.complete
    other = nash.find_all(tree.normal_form())
    mine = {outcomes(tree, e.behaviour) for e in found}
    theirs = set()
    for e in other:
        exact = [[Fraction(float(p)).limit_denominator(10**6) for p in v] for v in e.profile]
        theirs.add(outcomes(tree, tree.to_behaviour(exact)))
    assert mine <= theirs
    # Every extreme equilibrium of the normal form lies in the hull of some block of corners: its realised outcome is
    # a mixture, so its payoffs are within the payoffs of the corners of one component.
    groups = [c.members for c in found.components] + [
        (k,) for k in range(len(found)) if not any(k in c.members for c in found.components)
    ]
    boxes = []
    for members in groups:
        table = np.array([found[k].payoffs for k in members])
        boxes.append((table.min(axis=0) - 1e-9, table.max(axis=0) + 1e-9))
    for e in other:
        assert any(((low <= e.payoffs) & (e.payoffs <= high)).all() for low, high in boxes)
    for e in found:
        assert e.regret.max() == 0
        assert e.proof == "exact"


@pytest.mark.parametrize("seed", range(30))
def test_simultaneous_moves_are_the_bimatrix_game(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, 4)), int(rng.integers(1, 4)))
    A, B = rng.integers(0, 3 + seed % 4, (2, *shape))
    tree = simultaneous(A.tolist(), B.tolist())
    found = find_all(tree)
    other = nash.find_all(tree.normal_form(reduced=False))
    mine = {tuple(round(float(p), 9) for v in e.behaviour for p in v) for e in found}
    theirs = {tuple(round(float(p), 9) for v in e.profile for p in v) for e in other}
    # The order of information sets is Row's, then Column's, as in the normal form.
    assert mine == theirs
    assert len(found.components) == sum(len(c.vertices) > 1 for c in other.components)


@pytest.mark.parametrize("seed", range(25))
def test_zero_sum_faces_and_general_vertices_agree(seed: int) -> None:
    from dataclasses import replace

    from solvers.equilibrium.corners import all_corners
    from solvers.equilibrium.sequence_form import of_tree

    tree = with_recall(seed, depth=3, top=2)
    # The same tree with payoffs of the second player turned into the first's negative.
    from games.extensive.parts import Parts

    old = tree._parts
    parts = Parts(**{**vars(old), "outcomes": [(name, (v[0], -v[0])) for name, v in old.outcomes]})
    zero = ExtensiveGame._from_parts(parts)
    form = of_tree(zero)
    assert form.zero_sum == 0
    face = all_corners(form)
    general = all_corners(replace(form, zero_sum=None))
    assert set(face.first) == set(general.first)
    assert set(face.second) == set(general.second)
    assert {(face.first[i], face.second[j]) for i, j in face.pairs} == {
        (general.first[i], general.second[j]) for i, j in general.pairs
    }


def test_three_players_through_the_reduced_form() -> None:
    found = find_all(catalog.trees.seltens_horse())
    payoffs = {tuple(e.payoffs.round(9).tolist()) for e in found}
    assert payoffs == {(1, 1, 1), (3, 2, 2)}
    # The equilibria are two segments, both known by their ends.
    assert found.complete
    assert sorted(c.members for c in found.components) == [(0, 1), (2, 3)]
    mixed = {str(p) for e in found for v in e.behaviour for p in v if 0 < p < 1}
    assert mixed == {"1/4", "3/4", "1/3", "2/3"}
    chain = ExtensiveGame(
        Decision(
            "A",
            {
                "x": Terminal([2, 1, 1]),
                "y": Decision(
                    "B",
                    {
                        "l": Terminal([0, 3, 0]),
                        "r": Decision("C", {"u": Terminal([4, 2, 5]), "d": Terminal([1, 0, 2])}, "c"),
                    },
                    "b",
                ),
            },
            "a",
        )
    )
    assert {e.outcomes for e in find_all(chain)} == {(("x",),)}


def test_free_information_sets_are_named() -> None:
    tree = catalog.trees.centipede(4)
    found = find_all(tree)
    assert all(tree.information_set("3") in e.free for e in found)
    assert "3: free" in found[0].describe()
    frame = found[0].to_frame()
    assert frame[frame["information set"] == "3"]["free"].all()


def test_what_does_not_apply_is_refused() -> None:
    end = Terminal([0, 0])
    forgets = ExtensiveGame(
        Decision(
            "A",
            {"x": Decision("A", {"l": end, "r": end}, "h"), "y": Decision("A", {"l": end, "r": end}, "h")},
            "g",
        ),
        players=["A", "B"],
    )
    with pytest.raises(GameError, match=r"needs perfect recall\. A has imperfect recall"):
        find_all(forgets)
    with pytest.raises(MethodError, match="no method 'magic'"):
        find_all(catalog.trees.beer_quiche(), method="magic")  # type: ignore[arg-type]
    with pytest.raises(MethodError, match="for two players; this tree has 3"):
        find_all(catalog.trees.seltens_horse(), method="sequence form")
    with pytest.raises(SizeError, match="more than 3 vertices"):
        find_all(catalog.trees.beer_quiche(), limit=3)
    with pytest.raises(ValueError, match="time limit"):
        find_all(catalog.trees.beer_quiche(), time_limit=-1)


def test_a_search_that_is_broken_off_says_so() -> None:
    found = find_all(with_recall(6, depth=5), time_limit=1e-9)
    assert (len(found), found.complete) == (0, False)
    assert "No Nash equilibrium found" in found.summary()
    assert "The time limit was reached." in found.summary()


@pytest.mark.parametrize("seed", range(6))
def test_neither_units_nor_labels_matter(seed: int) -> None:
    tree = with_recall(seed, depth=3)
    found = find_all(tree)
    from games.extensive.parts import Parts

    old = tree._parts
    moved = [(n, (3 * v[0] - 7, Fraction(v[1], 5) + 2)) for n, v in old.outcomes]
    other = find_all(ExtensiveGame._from_parts(Parts(**{**vars(old), "outcomes": moved})))
    assert {outcomes(tree, e.behaviour) for e in found} == {outcomes(tree, e.behaviour) for e in other}
