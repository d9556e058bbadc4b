"""A small world by hand: three powers, five regions of all kinds."""

from __future__ import annotations

from games.spheres import Claim, Member, Observed, Piece, Place, Power, Region, SpheresModel

NORTH, SOUTH, EAST = "North", "South", "East"


def small(**changes: object) -> SpheresModel:
    """North leads an ally and holds a province by force, South has claims, East is far away."""
    powers = (
        Power(
            NORTH, 0.2, 0.25, (Place("Northtown", 50.0, 0.0), Place("Rock", 20.0, 40.0, False)), survival=0.9
        ),
        Power(SOUTH, 0.1, 0.05, (Place("Southport", 30.0, 0.0),), patience=0.9),
        Power(EAST, 0.15, 0.2, (Place("Eastgate", 40.0, 60.0),), tremble=0.02),
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
        Region(
            "North (claimed by South)",
            bound=(NORTH,),
            land=frozenset({NORTH}),
            piece=Piece(SOUTH, NORTH, 0.5),
        ),
    )
    fields: dict[str, object] = {
        "powers": powers,
        "regions": regions,
        "maps": {"swap": {"Ally": SOUTH, "Buffer": EAST}, "annexed": {"Ally": "North by force"}},
        "observed": {"lately": Observed(((SOUTH, NORTH), (NORTH, SOUTH)), "a newspaper")},
        "name": "small",
    }
    return SpheresModel(**{**fields, **changes})  # type: ignore[arg-type]
