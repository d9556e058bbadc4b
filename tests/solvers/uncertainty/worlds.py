"""Worlds small enough to check by hand."""

from __future__ import annotations

from typing import Any

from games.spheres import Assumption, Claim, Member, Observed, Parameters, Place, Power, Region, SpheresModel

NORTH, SOUTH, EAST = "North", "South", "East"


def small(**changes: Any) -> SpheresModel:
    """Three powers and four regions: an ally, a province held by force, a buffer, and an ally of two."""
    powers = (
        Power(
            NORTH, 0.2, 0.25, (Place("Northtown", 50.0, 0.0), Place("Rock", 20.0, 40.0, False)), survival=0.9
        ),
        Power(SOUTH, 0.1, 0.05, (Place("Southport", 30.0, 0.0),), patience=0.9),
        Power(EAST, 0.15, 0.2, (Place("Eastgate", 40.0, 60.0),)),
    )
    regions = (
        Region(
            "Ally",
            (Member("Ally", 0.02, 0.03, 35.0, 5.0, {SOUTH: Claim(whole=True)}),),
            (NORTH,),
            frozenset({SOUTH}),
            population=10,
            output=300,
        ),
        Region(
            "Province",
            (Member("Province", 0.01, 0.01, 52.0, 10.0, {EAST: Claim(0.5)}),),
            (NORTH,),
            frozenset({NORTH}),
            forced=True,
            population=5,
            output=50,
        ),
        Region(
            "Buffer",
            (Member("Buffer", 0.02, 0.01, 40.0, 30.0, {SOUTH: Claim(), EAST: Claim(0.75)}),),
            population=20,
            output=100,
        ),
        Region(
            "Twins",
            (Member("A", 0.005, 0.004, 25.0, 3.0), Member("B", 0.004, 0.006, 26.0, 4.0)),
            (SOUTH, EAST),
            population=3,
        ),
    )
    fields: dict[str, Any] = {
        "powers": powers,
        "regions": regions,
        "maps": {"swap": {"Ally": SOUTH, "Buffer": EAST}},
        "observed": {"lately": Observed(((SOUTH, NORTH), (NORTH, SOUTH)), "a newspaper")},
        "name": "small",
    }
    return SpheresModel(**{**fields, **changes})


def duel(low: float = 0.001, high: float = 1.0) -> SpheresModel:
    """Holder leads an ally that Claimant disputes; only the cost of a contest is uncertain, log-uniform from `low` to `high`.

    All stand at one place, next door to each other, so reach is 1; eps = 0 and alpha = 1. The ally is worth 4 points, and weights
    (stake times strength) are 4 x 30 for Holder, 4 x 4 for the ally itself and 4 x 10 for Claimant: the attack wins with chance
    40 / 176. Claimant, alone on its side, then gets 4 (40 / 176)^2 less the cost, 10 times the drawn number.
    """
    holder = Power("Holder", 0.3, 0.3, (Place("a", 0.0, 0.0),), patience=0.9)
    claimant = Power("Claimant", 0.1, 0.1, (Place("b", 0.0, 0.0),), patience=0.9)
    ally = Region(
        "Ally",
        (Member("Ally", 0.04, 0.04, 0.0, 0.0, {"Claimant": Claim(whole=True)}),),
        ("Holder",),
        frozenset({"Holder", "Claimant"}),
        population=10,
        output=100,
    )
    cost = Assumption((low * high) ** 0.5, low, high, "by hand", "log-uniform")
    return SpheresModel(
        (holder, claimant),
        (ally,),
        parameters=Parameters(externality=0.0, reliability=1.0, contest_cost=cost.value, projection=1.0),
        assumptions={"contest_cost": cost},
        observed={"quarrel": Observed((("Claimant", "Holder"),), "by hand")},
    )
