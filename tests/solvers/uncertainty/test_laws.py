"""Numbers and switches that can be varied, by name: point values, ends and quantiles."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import MethodError
from games.spheres import Assumption
from solvers.uncertainty._laws import check_number, fixed, one_at_a_time, point, quantile, ranged, settings
from tests.solvers.uncertainty.worlds import duel, small


def assumed(**laws):
    return small(assumptions={name: Assumption(*law) for name, law in laws.items()})


def test_a_number_without_a_range_is_not_varied():
    model = assumed(externality=(0.5, 0.0, 1.0, "assumed"), reliability=(0.4825, 0.4825, 0.4825, "known"))
    assert ranged(model) == ("externality",)
    check_number(model, "externality")
    with pytest.raises(MethodError, match="reliability"):
        check_number(model, "reliability")
    with pytest.raises(MethodError, match="did you mean 'externality'"):
        check_number(model, "externalty")


def test_a_number_of_which_draws_know_nothing_is_not_varied():
    wide = Assumption(10.0, 5.0, 20.0, "assumed")
    model = small(assumptions={"regions.Ally.population": wide, "regions.Ally.worth": wide})
    assert ranged(model) == ("regions.Ally.worth",)


def test_point_values_and_ends():
    model = assumed(externality=(0.25, 0.0, 1.0, "assumed"))
    assert point(model, "externality") == 0.25
    assert settings(model, "externality") == (0.0, 1.0)
    # Of a switch: what the model has, and what it could have instead.
    assert point(model, "claims") == "whole"
    assert settings(model, "claims") == ("part", "part or rivalry")
    assert point(model, "defence_advantage") == 1.0
    assert settings(model, "defence_advantage") == (3.0,)
    assert point(model, "left_out") == ""
    assert settings(model, "left_out") == ("Ally", "Province", "Buffer", "Twins")


def test_quantiles_by_law():
    model = assumed(externality=(0.5, 0.2, 1.0, "assumed"))
    assert quantile(model, "externality", [0.0, 0.25, 1.0]).tolist() == pytest.approx([0.2, 0.4, 1.0])
    # Between 0.001 and 1 half of the probability of a log-uniform law lies below the geometric mean.
    assert quantile(duel(), "contest_cost", 0.5) == pytest.approx(0.001**0.5)
    assert quantile(duel(), "contest_cost", [0.0, 1.0]).tolist() == pytest.approx([0.001, 1.0])


def test_one_at_a_time_changes_one_entry_of_each_row():
    model = assumed(externality=(0.5, 0.2, 1.0, "assumed"))
    draws = one_at_a_time(model, [("externality", 0.2), ("claims", "part or rivalry"), ("externality", 1.0)])
    assert draws["externality"].tolist() == [0.5, 0.2, 0.5, 1.0]
    assert draws["claims"].tolist() == ["whole", "whole", "part or rivalry", "whole"]
    assert draws["externality"].dtype == np.float64


def test_columns_that_are_left_out_keep_the_model_s_own_values():
    model = duel()
    draws = fixed(model, {"contest_cost": [0.01, 0.5]}, "by hand")
    assert draws.names == ("contest_cost",)
    assert draws["contest_cost"].tolist() == [0.01, 0.5]
    assert draws.how == "by hand"
