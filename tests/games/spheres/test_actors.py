"""Powers and regions built by hand are checked like those of a table."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from games.errors import ScenarioError
from games.spheres import Claim, Member, Piece, Place, Power, Region

POWER = Power("North", 0.2, 0.3, (Place("Northtown", 50.0, 0.0),), 0.9, 0.95, 0.01, 0.02)
MEMBER = Member("Coast", 0.01, 0.02, 40.0, 5.0, {"South": Claim(0.5)})
REGION = Region("Coast", (MEMBER,), ("North",), frozenset({"South"}), population=3.0, output=10.0)


def test_sound_ones_pass():
    POWER.check()
    REGION.check(["North", "South"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"cinc": 0.0}, "above 0"),
        ({"gdp": math.nan}, "gdp is nan"),
        ({"cinc": 1.5}, "at most 1"),
        ({"places": ()}, "no place of its own"),
        ({"places": (Place("X", 91.0, 0.0),)}, "not a latitude"),
        ({"places": (Place("X", 0.0, 181.0),)}, "not a latitude"),
        ({"patience": 0.0}, "strictly between 0 and 1"),
        ({"patience": math.nan}, "strictly between 0 and 1"),
        ({"survival": 0.0}, "above 0 and at most 1"),
        ({"tremble": -0.1}, "between 0 and 1"),
        ({"growth": 3.0}, "between -0.5 and 0.5"),
    ],
)
def test_bad_powers(change, expected):
    with pytest.raises(ScenarioError, match=expected):
        replace(POWER, **change).check()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"bound": ("West",)}, "'West' is not a power"),
        ({"land": frozenset({"West"})}, "'West' is not a power"),
        ({"members": (replace(MEMBER, claims={"West": Claim()}),)}, "'West' is not a power"),
        ({"members": (replace(MEMBER, claims={"South": Claim(math.inf)}),)}, "salience of a claim is inf"),
        ({"members": ()}, "at least one state"),
        ({"forced": True, "bound": ()}, "one power holds a region by force, not 0"),
        ({"worth": math.inf}, "worth is inf"),
        ({"members": (), "piece": Piece("South", "South", 1.0)}, "does not claim its own land"),
        ({"members": (), "piece": Piece("South", "North", -1.0)}, "salience is -1.0"),
    ],
)
def test_bad_regions(change, expected):
    with pytest.raises(ScenarioError, match=expected):
        replace(REGION, **change).check(["North", "South"])


def test_what_a_region_says_of_itself():
    assert (REGION.cinc, REGION.gdp, REGION.lead) == (0.01, 0.02, "North")
    assert REGION.disputants == {"South"}
    assert replace(REGION, bound=("South",)).disputants == frozenset()
    offshore = replace(MEMBER, claims={"South": Claim(0.5, land=False)})
    assert replace(REGION, members=(offshore,)).disputants == frozenset()
