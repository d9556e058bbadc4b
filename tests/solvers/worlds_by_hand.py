"""Small models of spheres built by hand, for tests of what stands on them."""

from __future__ import annotations

import numpy as np

from games.spheres import Claim, Member, Piece, Place, Power, Region, SpheresModel

NAMES = ("A", "B", "C", "D", "E", "F", "G", "H")


def model_by_hand(seed: int = 0, count: int = 3, regions: int = 4, **changes) -> SpheresModel:
    """Random powers on a globe, each leading some regions, with disputes and a buffer; `changes` go to SpheresModel."""
    rng = np.random.default_rng([seed, count, regions])
    names = NAMES[:count]
    powers = tuple(
        Power(
            n,
            float(rng.uniform(0.05, 0.3)),
            float(rng.uniform(0.05, 0.3)),
            (Place(f"{n} city", float(rng.uniform(-60, 60)), float(rng.uniform(-170, 170))),),
            patience=float(rng.uniform(0.6, 0.97)),
            survival=float(rng.uniform(0.8, 1.0)),
            tremble=0.01,
            growth=float(rng.uniform(-0.03, 0.03)),
        )
        for n in names
    )
    places = []
    for r in range(regions):
        lead = None if r == regions - 1 else names[r % count]
        others = [n for n in names if n != lead]
        claims = {
            str(n): Claim(salience=0.5)
            for n in rng.choice(others, rng.integers(1, len(others) + 1), replace=False)
        }
        member = Member(
            f"R{r}",
            float(rng.uniform(0.005, 0.03)),
            float(rng.uniform(0.005, 0.03)),
            float(rng.uniform(-60, 60)),
            float(rng.uniform(-170, 170)),
            claims,
        )
        places.append(
            Region(
                f"R{r}",
                (member,),
                () if lead is None else (lead,),
                population=float(rng.uniform(1, 50)),
                output=float(rng.uniform(10, 900)),
                forced=lead is not None and r % 5 == 4,
            )
        )
    return SpheresModel(powers, tuple(places), **changes)


def with_a_piece(seed: int = 0) -> SpheresModel:
    """As `model_by_hand`, and A claims a piece of B."""
    from dataclasses import replace

    model = model_by_hand(seed)
    piece = Region("A claims on B", piece=Piece("A", "B", 0.6), bound=("B",))
    return replace(model, regions=(*model.regions, piece))
