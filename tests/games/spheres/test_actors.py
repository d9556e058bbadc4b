"""Powers, regions and ties built by hand are checked like those of a file."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from games.actors import Power, Region, Tie, check_parameters
from games.errors import ScenarioError

POWER = Power("North", {"size": 3.0}, 0.9, 0.95, 0.01, 2.0, 1.0, 0.02)
REGION = Region("Coast", {"North": 8.0, "South": 4.0}, {"North": "control", "South": "denial"},
                {"North": 10.0, "South": 20.0}, 0.1, 5.0)  # fmt: skip
BOTH = {"North": 1.0, "South": 2.0}
TIE = Tie(("North", "South"), BOTH, BOTH, BOTH, BOTH, 0.02, 1.0)


def test_sound_ones_pass():
    POWER.check(["size"])
    REGION.check(["North", "South"])
    TIE.check()
    check_parameters(1000, 0.5, 0.0, "always", "all-out")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"patience": 1.0}, "patience lies strictly between 0 and 1"),
        ({"survival": 0.0}, "survival above 0"),
        ({"tremble": 1.5}, "tremble at most 1"),
        ({"upkeep": -1.0}, "North: upkeep is -1.0; it must be a number, finite and not negative"),
        ({"growth": math.nan}, "North: growth is nan"),
        ({"growth": -2.0}, "North: growth is -2.0"),
        ({"capability": {"size": 0.0}}, "capability must be positive"),
        ({"capability": {}}, "capability: size is missing"),
        ({"capability": {"size": 1.0, "wealth": 1.0}}, "under the indices all powers share"),
    ],
)
def test_a_wrong_power(change, expected):
    with pytest.raises(ScenarioError, match=expected):
        replace(POWER, **change).check(["size"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"stakes": {"North": 8.0}}, "Coast: stakes: South is missing"),
        ({"distances": {"North": -1.0, "South": 1.0}}, "distances: North is -1.0"),
        (
            {"aims": {"North": "control", "South": "plunder"}},
            "the aim of South must be 'control' or 'denial'",
        ),
        ({"strength": math.inf}, "Coast: strength is inf"),
    ],
)
def test_a_wrong_region(change, expected):
    with pytest.raises(ScenarioError, match=expected):
        replace(REGION, **change).check(["North", "South"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"cooperation": {"North": 1.0}}, "North & South: cooperation: South is missing"),
        ({"war_loss": {"North": -1.0, "South": 1.0}}, "war_loss: North is -1.0"),
        ({"risk": math.nan}, "North & South: risk is nan"),
    ],
)
def test_a_wrong_tie(change, expected):
    with pytest.raises(ScenarioError, match=expected):
        replace(TIE, **change).check()
    replace(TIE, cooperation={"North": -3.0, "South": 1.0}).check()  # a tie may hurt


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0, 0.5, 0, "always", "all-out"), "half_distance is 0; it must be positive"),
        ((1, -0.5, 0, "always", "all-out"), "overstretch is -0.5"),
        ((1, 0.5, math.inf, "always", "all-out"), "friction is inf"),
        ((1, 0.5, 0, "never", "all-out"), "denial is 'never'; it must be 'contesting' or 'always'"),
        ((1, 0.5, 0, "always", "peace"), "benchmark is 'peace'; it must be 'competition' or 'all-out'"),
    ],
)
def test_wrong_parameters(arguments, expected):
    with pytest.raises(ScenarioError, match=expected):
        check_parameters(*arguments)
