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
    assert problem.disagreement == pytest.approx(expected)
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
    from solvers import partitions
    from solvers.bargaining import from_model, utilitarian

    model = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
    problem = from_model(model, "all-out")
    concert = model.regimes["concert"]
    assert problem.disagreement == pytest.approx(model.stage().payoff(model.regimes["all-out"]))
    table = partitions.evaluate(model, regions=["Ukraine", "Taiwan", "Baltics"])
    problem = from_model(model, "all-out", regions=["Ukraine", "Taiwan", "Baltics"])
    assert problem.n_agreements == len(table) == 3 * 3 * 4
    rng = np.random.default_rng(1)
    for row in rng.choice(len(table), 5, replace=False):
        changes = table.partition(int(row))
        assert problem.payoffs((int(row),)) == pytest.approx(model.stage(changes).payoff(concert))
        assert problem.describe((int(row),)) == table.describe(int(row))
    found = utilitarian(problem)
    assert found.payoffs.sum() == pytest.approx(found.attained.sum())
    assert problem.payoffs((0,)) == pytest.approx(model.stage().payoff(concert))
    stances = from_model(model, "all-out", over="stances")
    assert stances.n_agreements == 4 ** len(model.players)
    assert "accommodate" in stances.describe((0,))
    with pytest.raises(BargainingError, match="did you mean 'partitions'"):
        from_model(model, over="partition")
