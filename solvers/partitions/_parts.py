"""What one region adds to every quantity of a deal, by its holder.

Payoffs add over regions, and what a region pays depends only on its own holder and on the stances. So do autonomy and the
number of regions that change hands. Every quantity of a partition that is linear in those is a sum of one table entry for
each region, plus a constant; the enumeration and the integer program both start from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from games import stances
from games.errors import MethodError
from games.normal_form import FloatArray, Profile
from games.spheres import SpheresModel
from solvers.spheres import third_parties
from solvers.spheres.standing import competition

__all__ = ["Parts", "collect", "deviating_profiles", "pair_profiles", "status_quo_benchmarks"]


@dataclass(frozen=True, eq=False)
class Parts:
    """Tables by region and holder. H is N, or N + 1 where nobody may hold a region (holder N).

    Attributes
    ----------
    model, regime, profile : the deal's stances
    benchmarks : array (E, N), payoffs of competition on the status quo map; `benchmark_names` and `complete` belong to them
    deviations : player and action of each of the D unilateral deviations, in player order
    payoff : array (R, H, N), and `constant` (N,) from ties and order
    deviation : array (R, H, D), the deviator's payoff, and `deviation_constant` (D,)
    autonomy : array (R, H) under the deal, and `base_autonomy` (E, R) in each benchmark
    moved : array (R, H), 1 where the holder is not that of the status quo map
    """

    model: SpheresModel
    regime: str
    profile: Profile
    benchmarks: FloatArray
    benchmark_names: tuple[str, ...]
    complete: bool
    deviations: tuple[tuple[int, int], ...]
    payoff: FloatArray
    constant: FloatArray
    deviation: FloatArray
    deviation_constant: FloatArray
    autonomy: FloatArray
    base_autonomy: FloatArray
    moved: FloatArray

    @property
    def holders(self) -> int:
        """Number of possible holders of a region."""
        return int(self.payoff.shape[1])

    @property
    def size(self) -> int:
        """Number of partitions."""
        return int(self.holders ** len(self.model.regions))


def deviating_profiles(profile: Profile, count: int) -> tuple[tuple[int, Profile], ...]:
    """Every unilateral deviation from a profile of stances: who deviates, and the profile after it."""
    out: list[tuple[int, Profile]] = []
    for i in range(count):
        others = (a for a in range(2 ** (count - 1)) if a != profile[i])
        out += [(i, (*profile[:i], action, *profile[i + 1 :])) for action in others]
    return tuple(out)


def pair_profiles(profile: Profile, count: int) -> dict[tuple[int, int], list[Profile]]:
    """For each pair the profiles in which both members have changed their actions."""
    size = 2 ** (count - 1)
    out: dict[tuple[int, int], list[Profile]] = {}
    for i, j in combinations(range(count), 2):
        out[i, j] = []
        for a, b in product(range(size), repeat=2):
            if a != profile[i] and b != profile[j]:
                after = list(profile)
                after[i], after[j] = a, b
                out[i, j].append(tuple(after))
    return out


def by_holder(model: SpheresModel, profiles: list[Profile], nobody: bool) -> tuple[FloatArray, FloatArray]:
    """Payoffs (B, R, H, N) from the regions and (B, N) from ties and order at some profiles of stances."""
    contests = stances.contest_matrices(np.array(profiles))
    table = model.region_payoffs(contests)
    return table if nobody else table[:, :, :-1], model.tie_payoffs(contests)


def status_quo_benchmarks(
    model: SpheresModel,
) -> tuple[FloatArray, tuple[str, ...], FloatArray, bool]:
    """Payoffs (E, N), names and autonomy (E, R) of competition on the status quo map, and whether all of it was found."""
    names, profiles, payoffs, complete = competition(model)
    return payoffs, names, np.array([third_parties.autonomy(model, p) for p in profiles]), complete


def collect(model: SpheresModel, regime: str = "concert", nobody: bool = False) -> Parts:
    """The tables of a regime of restraint; `nobody` lets regions lie in nobody's sphere."""
    profile = model.profile(regime)
    count = len(model.players)
    if count > 5:
        raise MethodError(
            "partitions need the equilibria of the stage game, which six powers do not fit in memory"
        )
    deviating = deviating_profiles(profile, count)
    table, ties = by_holder(model, [profile, *(after for _, after in deviating)], nobody)
    who = np.array([i for i, _ in deviating])
    rows = np.arange(1, len(deviating) + 1)
    contests = stances.contest_matrices(np.array([profile]))
    autonomy = model.autonomy(contests)[0]
    status_quo = model.holders()
    holders: npt.NDArray[np.intp] = np.arange(count + 1)
    moved = (holders[None, :] != np.where(status_quo < 0, count, status_quo)[:, None]).astype(np.float64)
    keep = slice(None) if nobody else slice(count)
    payoffs, names, base, complete = status_quo_benchmarks(model)
    return Parts(
        model=model,
        regime=regime,
        profile=profile,
        benchmarks=payoffs,
        benchmark_names=names,
        complete=complete,
        deviations=tuple((i, after[i]) for i, after in deviating),
        payoff=table[0],
        constant=ties[0],
        deviation=np.moveaxis(table[rows, :, :, who], 0, -1),
        deviation_constant=ties[rows, who],
        autonomy=autonomy[:, keep],
        base_autonomy=base,
        moved=moved[:, keep],
    )
