"""Bargaining over games and models: disagreement points by name, partitions as agreements."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import BargainingError, ProfileError
from solvers.bargaining import from_game, nash

DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], ["A", "B"], [["C", "D"]] * 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nash:1", [1, 1]),
        ("minmax", [1, 1]),
        ("minmax pure", [1, 1]),
        (("D", "D"), [1, 1]),
        ([0.5, 0.25], [0.5, 0.25]),
        (np.array([0, 0]), [0, 0]),
        ("quarrel", [1, 1]),
    ],
)
def test_disagreement_points_by_name(name: object, expected: list) -> None:
    problem = from_game(DILEMMA, name, {"quarrel": ("D", "D")})
    assert problem.threat == pytest.approx(expected)
    assert problem.names == ("A", "B")
    assert problem.describe((0,)) == "C, C"


def test_the_dilemma_is_bargained_to_cooperation() -> None:
    found = nash(from_game(DILEMMA, "nash:1"))
    assert found.payoffs == pytest.approx([3, 3])
    assert found.agreements() == ((1.0, "C, C"),)
    assert "equilibrium 1" in found.summary()


def test_names_that_do_not_exist() -> None:
    with pytest.raises(BargainingError, match="no equilibrium number 2"):
        from_game(DILEMMA, "nash:2")
    with pytest.raises(BargainingError, match="did you mean 'minmax'"):
        from_game(DILEMMA, "minimax")
    with pytest.raises(ProfileError, match="no action"):
        from_game(DILEMMA, ("X", "D"))


def test_partitions_of_a_model_pay_what_its_stage_games_pay() -> None:
    from games import load
    from solvers.bargaining import from_model, utilitarian

    model = load("us-china-russia-2025")
    problem = from_model(model, "all-out")
    concert = model.regimes["concert"]
    assert problem.threat == pytest.approx(model.stage().payoff(model.regimes["all-out"]))
    holders = (*model.players, None)
    rng = np.random.default_rng(1)
    for _ in range(5):
        key = (0, *(int(rng.integers(0, len(block))) for block in problem.blocks[1:]))
        partition = dict(zip(model.region_names, (holders[k] for k in key[1:])))
        assert problem.payoffs(key) == pytest.approx(model.stage(partition).payoff(concert))
        assert f"{model.region_names[0]}: {partition[model.region_names[0]] or 'nobody'}" in problem.describe(
            key
        )
    found = utilitarian(problem)
    assert found.payoffs.sum() == pytest.approx(found.attained.sum())
    vacant = sum(holder is None for holder in model.maps["status quo"].values())
    n, r = len(model.players), len(model.regions)
    assert problem.n_agreements == n ** (r - vacant) * (n + 1) ** vacant
    today = tuple(n if h < 0 else int(h) for h in model.holders())
    assert problem.payoffs((0, *today)) == pytest.approx(model.stage().payoff(concert))
    stances = from_model(model, "all-out", over="stances")
    assert stances.n_agreements == 4 ** len(model.players)
    assert "accommodate" in stances.describe((0,))
    with pytest.raises(BargainingError, match="did you mean 'partitions'"):
        from_model(model, over="partition")
