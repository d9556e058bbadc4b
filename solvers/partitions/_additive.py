"""What one handover adds to every quantity of a deal, by region and new holder.

The integer program needs sums over regions. A handover changes the region itself and, because a capital is a base, the reach of
the old and the new lead elsewhere; both are in the tables here. What two handovers do to each other is not: on the maps of the
where a dozen regions change hands; the map that the program finds is therefore evaluated exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games import stances
from games.errors import ScenarioError, SizeError, did_you_mean
from games.normal_form import BoolArray, FloatArray, Profile
from games.spheres import Holdings, SpheresModel
from solvers.partitions._divisions import Benchmarks, benchmarks_of, deviating_profiles

__all__ = ["Parts", "collect"]


@dataclass(frozen=True, eq=False)
class Parts:
    """Tables by region and holder; H is N + 1, and holder N stands for nobody.

    Attributes
    ----------
    model, regime, profile : the deal's stances
    benchmarks : what payoffs are measured against
    deviations : player and action of each of the D unilateral deviations, in player order
    payoff : array (R, H, N), what a handover adds, and `constant` (N,), payoffs on the status quo map
    deviation : array (R, H, D), what it adds to the deviator's payoff, and `deviation_constant` (D,)
    people : array (R, H), autonomy that a handover leaves, in million people, less what there is on the status quo map
    kept : autonomy on the status quo map under the deal, in million people
    moved : array (R, H), 1 where the holder is not that of the status quo map
    allowed : bool array (R, H), who can hold what
    """

    model: SpheresModel
    regime: str
    profile: Profile
    benchmarks: Benchmarks
    deviations: tuple[tuple[int, int], ...]
    payoff: FloatArray
    constant: FloatArray
    deviation: FloatArray
    deviation_constant: FloatArray
    people: FloatArray
    kept: float
    moved: FloatArray
    allowed: BoolArray

    @property
    def holders(self) -> int:
        """H."""
        return int(self.payoff.shape[1])

    @property
    def size(self) -> int:
        """Number of partitions."""
        return int(np.prod(self.allowed.sum(axis=1, dtype=np.float64)))


def collect(
    model: SpheresModel,
    regime: str = "concert",
    nobody: bool = False,
    regions: Sequence[str] | None = None,
    against: str = "competition",
) -> Parts:
    """The tables of a regime of restraint; `nobody` lets regions be made neutral; `regions` names those that can change hands."""
    profile = model.profile(regime)
    count = len(model.players)
    if count > 5:
        raise SizeError(
            "partitions are compared with the equilibria of the stage game; six powers' does not fit in memory"
        )
    names = model.region_names if regions is None else tuple(regions)
    for name in names:
        if name not in model.region_names:
            raise ScenarioError(f"there is no region {name!r}{did_you_mean(name, model.region_names)}")
    lead, forced = model.holders(), model.forced()
    total = len(lead)
    allowed = np.zeros((total, count + 1), dtype=np.bool_)
    allowed[np.arange(total), np.where(lead < 0, count, lead)] = True
    for r, region in enumerate(model.regions):
        if region.name not in names:
            continue
        if region.piece is not None:
            allowed[r, [model.players.index(p) for p in (region.piece.owner, region.piece.claimant)]] = True
        else:
            allowed[r, :count] = True
            allowed[r, count] |= nobody
    moved = allowed & (np.arange(count + 1) != np.where(lead < 0, count, lead)[:, None])
    where, holder = np.nonzero(moved)
    leads = np.tile(lead.astype(np.int64), (len(where) + 1, 1))
    modes = np.tile(forced, (len(where) + 1, 1))
    rows = np.arange(1, len(where) + 1)
    pieces = np.array([r.piece is not None for r in model.regions])
    leads[rows, where] = np.where(holder == count, -1, holder)
    modes[rows, where] = (holder < count) & ~pieces[where]

    deviating = deviating_profiles(profile, count)
    contests = stances.contest_matrices(np.array([profile, *(after for _, after in deviating)]))
    held = Holdings(leads, modes)
    table = model.payoffs(contests, held)
    who = np.array([i for i, _ in deviating])
    people = model.autonomy(contests[:1], held)[:, 0] @ np.array([r.population for r in model.regions])
    own = table[:, np.arange(1, len(deviating) + 1), who]

    def spread(values: FloatArray) -> FloatArray:
        out = np.zeros((total, count + 1, *values.shape[1:]))
        out[where, holder] = values[1:] - values[0]
        return out

    return Parts(
        model=model,
        regime=regime,
        profile=profile,
        benchmarks=benchmarks_of(model, against),
        deviations=tuple((i, after[i]) for i, after in deviating),
        payoff=spread(table[:, 0]),
        constant=table[0, 0],
        deviation=spread(own),
        deviation_constant=own[0],
        people=spread(people),
        kept=float(people[0]),
        moved=moved.astype(np.float64),
        allowed=allowed,
    )
