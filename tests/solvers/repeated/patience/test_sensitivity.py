"""Elasticities: powers and sums known by hand, kinks, edges, and the model of spheres."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, load
from games.errors import GameError, MethodError
from solvers import repeated

PD = {"T": 5.0, "R": 3.0, "P": 1.0, "S": 0.0}


def grim(changes):
    T, R, P, S = (({**PD, **changes})[k] for k in "TRPS")
    game = NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]])
    return repeated.critical_discount(game, (0, 0), punishment=[P, P]).overall


def test_elasticities_of_the_grim_threshold():
    """d = (T-R)/(T-P): its derivatives are (R-P)/(T-P)^2, -1/(T-P), (T-R)/(T-P)^2 and 0."""
    found = repeated.elasticities(grim, PD, outputs=("critical discount",))
    assert found.base == pytest.approx([0.5])
    assert found.derivative[:, 0] == pytest.approx([2 / 16, -1 / 4, 2 / 16, 0.0], abs=1e-8)
    assert found.values[:, 0] == pytest.approx([1.25, -1.5, 0.25, 0.0], abs=1e-7)
    assert not found.kink.any()
    frame = found.to_frame()
    assert list(frame["input"]) == ["R", "T", "P", "S"]


def test_a_kink_is_marked_and_its_sides_are_told_apart():
    def tit_for_tat(changes):
        T, R, P, S = (({**PD, "T": 4.0, **changes})[k] for k in "TRPS")
        return max((T - R) / (T - P), (T - R) / (R - S))

    found = repeated.elasticities(tit_for_tat, {**PD, "T": 4.0})
    assert found.kink[:, 0].tolist() == [True, True, True, True]
    # Upward in S only the second term grows: by (T-R)/(R-S)^2.
    assert found.right[3, 0] == pytest.approx(1 / 9, rel=1e-4)
    assert found.left[3, 0] == pytest.approx(0.0, abs=1e-9)
    assert "4 of them are at a kink" in found.summary()


def test_an_input_at_its_edge_moves_one_way():
    def guarded(changes):
        p = changes.get("p", 1.0)
        if p > 1:
            raise GameError("a probability is at most 1")
        return p**2

    found = repeated.elasticities(guarded, {"p": 1.0})
    assert np.isnan(found.right[0, 0])
    assert found.values[0, 0] == pytest.approx(2.0, rel=1e-4)
    assert found.kink[0, 0]


def test_infinite_and_zero_results_have_no_elasticity():
    found = repeated.elasticities(lambda x: [np.inf, 0.0, x.get("a", 1.0)], {"a": 1.0})
    assert np.isnan(found.values[0, :2]).all()
    assert found.values[0, 2] == pytest.approx(1.0)
    assert "no elasticity" in found.summary()


def test_inputs_of_zero_are_moved_by_the_step_itself():
    found = repeated.elasticities(lambda x: 1.0 + 3 * x.get("a", 0.0), {"a": 0.0})
    assert found.derivative[0, 0] == pytest.approx(3.0)
    assert found.values[0, 0] == 0.0


def test_a_number_of_results_that_changes_is_an_error():
    with pytest.raises(GameError, match="changes the number"):
        repeated.elasticities(lambda x: [1.0] * (1 + len(x)), {"a": 1.0})
    with pytest.raises(GameError, match="names are given"):
        repeated.elasticities(lambda x: [1.0, 2.0], {"a": 1.0}, outputs=("one",))


def test_a_model_of_spheres_against_wider_differences():
    # Claims count for the parts that they name: then China and Russia have critical discount factors.
    model = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
    paths = ["half_distance", "contest_cost", "externality"]
    found = repeated.discount_elasticities(model, inputs=paths)
    values = dict(zip(model.inputs()["path"], model.inputs()["value"]))
    for i, path in enumerate(paths):

        def at(factor, path=path):
            changed = model.vary({path: float(values[path]) * factor})
            game = changed.stage()
            return repeated.critical_discount(
                game, changed.regimes["concert"], "minmax", kind="pure"
            ).per_player

        wide = (np.log(at(1.001)[[1, 2]]) - np.log(at(0.999)[[1, 2]])) / (np.log(1.001) - np.log(0.999))
        assert found.values[i, [1, 2]] == pytest.approx(wide, rel=5e-3, abs=1e-3)


def test_patience_moves_no_critical_discount_factor():
    model = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
    base = repeated.critical_discount(
        model.stage(), model.regimes["concert"], "minmax", kind="pure"
    ).per_player
    moved = repeated.discount_elasticities(model, inputs=["powers.China.patience", "war_cost"])
    assert moved.base == pytest.approx(base)
    assert len(moved.to_frame()) == 2 * 3
    assert moved.values[0, [1, 2]] == pytest.approx(np.zeros(2), abs=1e-9)


def test_unknown_inputs_are_refused():
    with pytest.raises(MethodError, match=r"no input 'half_distanc'; did you mean 'half_distance'"):
        repeated.discount_elasticities(load("us-china-russia-2025"), inputs=["half_distanc"])


def test_long_tables_are_cut_when_shown():
    found = repeated.elasticities(lambda x: 1.0 + sum(x.values()), {f"x{i}": 1.0 for i in range(25)})
    assert "... and 5 more" in repr(found)
    assert "more</p>" in found._repr_html_()
    assert "more" not in repr(repeated.elasticities(grim, PD))


def by_hand(left, right, inputs, base):
    names = tuple("abc"[: len(base)])
    return repeated.Elasticities(inputs, names, np.array(base), np.array(left), np.array(right), 1e-5, 0.1)


def test_sides_that_differ_by_less_than_a_share_of_output_over_input_are_no_kink():
    """An output of 2 at an input of 0.5 moves by 4 a unit: a tenth of that is allowed; at an input of 0 the slopes count."""
    found = by_hand([[0.0], [0.0]], [[0.39], [0.01]], {"x": 0.5, "y": 0.0}, [2.0])
    assert found.kink.tolist() == [[False], [True]]
    assert by_hand([[0.0]], [[0.41]], {"x": 0.5}, [2.0]).kink.tolist() == [[True]]
    # Of steep slopes a tenth of the larger one.
    assert by_hand([[50.0]], [[55.0]], {"x": 0.5}, [2.0]).kink.tolist() == [[False]]
    assert by_hand([[50.0]], [[56.0]], {"x": 0.5}, [2.0]).kink.tolist() == [[True]]


def test_a_summary_counts_inputs_at_a_kink_and_names_what_has_no_elasticity():
    found = by_hand(
        [[0.0, 1.0, 1.0], [1.0, 1.0, 1.0]],
        [[9.0, 1.0, 1.0], [1.0, 1.0, 1.0]],
        {"x": 1.0, "y": 1.0},
        [1.0, 0.0, np.inf],
    )
    assert "; 1 of them are at a kink" in found.summary()
    assert "There is no elasticity of b and c, which is zero or infinite." in found.summary()
    assert "no elasticity" not in by_hand([[1.0]], [[1.0]], {"x": 1.0}, [1.0]).summary()
    frame = found.to_frame()
    assert frame.index.tolist() == list(range(6))
    assert frame.columns[0] == "input"


def test_an_input_that_cannot_fall_may_rise():
    def guarded(changes):
        p = changes.get("p", 1.0)
        if p < 1:
            raise GameError("at least 1")
        return p**2

    found = repeated.elasticities(guarded, {"p": 1.0})
    assert np.isnan(found.left[0, 0])
    assert found.right[0, 0] == pytest.approx(2.0, rel=1e-4)
