"""Swaps between two powers of a spheres model: regions change hands or are left alone, rivals are no longer contested.

There are three things to concede. A region that one of the two holds goes to the other. In a region that nobody holds one of them
stands aside and the other holds it. One that contests the other in competition stops. A swap is any combination. It is measured
against competition on the status quo map; other powers keep to their stances in that competition.

Each side's incentive constraint is that of the stage game on the swap's own map: it keeps to its stance, or takes
its best other stance once and competition returns. That is an equilibrium of the swap's own map, because regions
that have changed hands are not returned. The named alternative is one of the status quo map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from games import stances
from games.errors import MethodError, ProfileError, ScenarioError, SizeError, did_you_mean
from games.normal_form import FloatArray
from games.spheres import SpheresModel
from solvers import repeated
from solvers.base.deadline import checkpoint
from solvers.base.rounding import ROUNDING
from solvers.linkage._swap_table import Item, Swaps, efficient
from solvers.spheres import third_parties
from solvers.spheres.standing import competition
from solvers.spheres.totals import Totals, harshest_equilibrium

__all__ = ["between"]

Reversion: TypeAlias = Literal["own map", "status quo"]

_MOST_SWAPS = 200_000
# Stage games with more profiles than this (four powers have as many) are not solved on every map.
_LARGEST_STAGE = 4096


def between(
    model: SpheresModel,
    a: str,
    b: str,
    *,
    reversion: Reversion = "own map",
    regions: Sequence[str] | None = None,
    at_most: int | None = None,
) -> Swaps:
    """Every exchange of concessions between powers `a` and `b`, all evaluated as arrays.

    Parameters
    ----------
    model : SpheresModel
    a, b : two different powers
    reversion : where competition returns after a breach
        `"own map"`: the pure equilibrium of the swap's own map that is harshest for the one who broke it (NaN where that map has
        none); `"status quo"`: the harshest benchmark of the status quo map.
    regions : the regions that can change hands; by default those on the model's table (all, if it names none) that `a`, `b` or
        nobody holds
    at_most : how many regions may change hands in one swap; by default any number

    Returns
    -------
    Swaps
        With extra columns: for each other power what it gains or loses a year; `others stirred`, what the most tempted of
        them would gain by changing its stance; `persons burden`, millions of persons times the autonomy they lose against
        competition, over all regions (never netted against the powers' gains).

    Raises
    ------
    ProfileError, ScenarioError, MethodError
        For an unknown power, twice the same, an unknown region or one that another power holds, an unknown reversion.
    SizeError
        If there are more than 200,000 swaps, or the stage game is too large for `"own map"`.

    Examples
    --------
    >>> from games import load
    >>> found = between(load("us-china-russia-2025"), "United States", "Russia", at_most=2)
    >>> found.sides
    ('United States', 'Russia')
    """
    pair = _pair(model, a, b)
    if reversion not in ("own map", "status quo"):
        raise MethodError(
            f"there is no reversion {reversion!r}{did_you_mean(reversion, ('own map', 'status quo'))}"
        )
    count = len(model.players)
    profiles_of_stage = 2 ** ((count - 1) * count)
    if reversion == "own map" and profiles_of_stage > _LARGEST_STAGE:
        raise SizeError(
            f"the stage game of {count} powers has {profiles_of_stage:,} profiles, too many to look for equilibria on every "
            "map",
            "Use reversion='status quo'",
        )
    names, profiles, benchmarks, complete = competition(model)
    if not names:
        raise MethodError(
            "no equilibrium of competition on the status quo map was found to measure a swap against"
        )
    pure = [all((v > 0).sum() == 1 for v in p) for p in profiles]
    reference = pure.index(True) if True in pure else 0
    weights, actions = third_parties.support_profiles(profiles[reference])

    start = model.holders()
    movable = _movable(model, pair, start, regions)
    options = [_options(int(start[r]), pair) for r in movable]
    fights = [bool((weights @ _contests(actions)[:, i, j]) > 0) for i, j in (pair, pair[::-1])]
    restraints = list(product(*[(0, 1) if f else (0,) for f in fights]))
    maps = _maps(options, at_most, _MOST_SWAPS // len(restraints))
    holders = np.tile(start, (len(maps), 1))
    for m, r in enumerate(movable):
        holders[:, r] = np.array(options[m])[maps[:, m]]

    people = np.array([r.population for r in model.regions])
    before = float(third_parties.autonomy(model, profiles[reference]) @ people)
    totals = Totals(model, model.holding(holders))
    punish = (
        np.broadcast_to(benchmarks[:, pair].min(axis=0), (len(holders), 2))
        if reversion == "status quo"
        else harshest_equilibrium(totals, ROUNDING * np.abs(benchmarks).max(axis=0))[:, pair]
    )
    parts = [_evaluate(totals, pair, weights, _restrain(actions, pair, s)) for s in restraints]
    payoffs, gain, stirred = (np.concatenate(column) for column in zip(*parts))
    every = np.concatenate([_restrain(actions, pair, s) for s in restraints])
    kept = np.array([autonomy @ people for autonomy in totals.autonomy(every)])
    kept = kept.reshape(len(restraints), len(actions), -1)
    lost = np.concatenate([before - sum(w * k for w, k in zip(weights, one)) for one in kept])
    punish = np.tile(punish, (len(restraints), 1))
    kinds = [m for m, f in enumerate(fights) if f]
    stance = np.array([[s[m] for m in kinds] for s in restraints], dtype=np.intp).reshape(
        len(restraints), len(kinds)
    )
    choices = np.hstack([np.repeat(stance, len(maps), axis=0), np.tile(maps, (len(restraints), 1))])

    real = choices.any(axis=1)
    choices, payoffs, gain, punish = choices[real], payoffs[real], gain[real], punish[real]
    discount = model.discount[list(pair)]
    kept = payoffs[:, pair]
    small = ROUNDING * np.maximum(
        np.abs(kept).max(axis=0, initial=0.0), np.abs(benchmarks[:, pair]).max(axis=0)
    )
    tempted = np.where(gain > small, gain, 0.0)
    slack = repeated.patience.incentive_slack(tempted, kept, punish, discount, tolerance=small)
    critical = repeated.threshold(tempted, kept, punish, small)
    # Who gets less than what follows a breach breaks it at once, however patient.
    critical = np.where(np.isnan(punish), np.nan, np.where(kept < punish - small, np.inf, critical))
    gains = kept - benchmarks[reference, list(pair)]
    extra = {
        f"{power} gain": payoffs[:, j] - benchmarks[reference, j]
        for j, power in enumerate(model.players)
        if j not in pair
    }
    extra |= {"others stirred": stirred[real], "persons burden": lost[real]}
    unknown = int(np.isnan(punish).any(axis=1).sum())
    return Swaps(
        (a, b),
        discount,
        (*_stance_items(model, pair, fights), *_region_items(model, pair, movable, options)),
        choices,
        gains,
        slack,
        critical,
        discount,
        efficient(gains),
        "points",
        _context(model, names, reference, complete, reversion, unknown),
        extra,
    )


# ---------------------------------------------------------------------- what can be conceded


def _pair(model: SpheresModel, a: str, b: str) -> tuple[int, int]:
    for power in (a, b):
        if power not in model.players:
            raise ProfileError(f"there is no power {power!r}{did_you_mean(power, model.players)}")
    if a == b:
        raise ProfileError(f"a swap is between two powers; {a} was named twice")
    return model.players.index(a), model.players.index(b)


def _movable(
    model: SpheresModel, pair: tuple[int, int], start: npt.NDArray[np.intp], regions: Sequence[str] | None
) -> list[int]:
    parties = {model.players[i] for i in pair}
    pieces = [region.piece for region in model.regions]
    free = [
        r
        for r, (h, piece) in enumerate(zip(start, pieces))
        if int(h) in (*pair, -1) and (piece is None or {piece.owner, piece.claimant} == parties)
    ]
    if regions is None:
        regions = model.on_table or model.region_names
        return [r for r in free if model.region_names[r] in regions]
    for region in regions:
        if region not in model.region_names:
            raise ScenarioError(f"there is no region {region!r}{did_you_mean(region, model.region_names)}")
        r = model.region_names.index(region)
        if r not in free:
            raise ScenarioError(
                f"{region} is held by {model.players[int(start[r])]}, which is not a side of this swap; only regions of the "
                "two, or nobody's, can change hands"
            )
    return [r for r in free if model.region_names[r] in regions]


def _options(holder: int, pair: tuple[int, int]) -> tuple[int, ...]:
    """Whose a region can be, the present holder first."""
    return (holder, *(p for p in pair if p != holder))


def _maps(options: list[tuple[int, ...]], at_most: int | None, limit: int) -> npt.NDArray[np.intp]:
    """Every choice of options, at most so many of them other than 0; shape (K, M)."""
    if at_most is not None and at_most < 0:
        raise MethodError(f"at_most is {at_most}; it is a number of regions, 0 or more")
    most = len(options) if at_most is None else min(at_most, len(options))
    ways = np.zeros(most + 1)
    ways[0] = 1
    for choices in options:
        ways[1:] += ways[:-1] * (len(choices) - 1)
    if ways.sum() > limit:
        raise SizeError(
            f"there are {ways.sum():,.0f} ways in which {len(options)} regions can change hands, more than {limit:,}",
            "Name fewer in regions= or limit their number with at_most=",
        )
    rows = []
    for moved in range(most + 1):
        for which in combinations(range(len(options)), moved):
            checkpoint()
            for picked in product(*(range(1, len(options[m])) for m in which)):
                row = np.zeros(len(options), dtype=np.intp)
                row[list(which)] = picked
                rows.append(row)
    return np.array(rows).reshape(len(rows), len(options))


def _stance_items(model: SpheresModel, pair: tuple[int, int], fights: list[bool]) -> Iterator[Item]:
    for side, (i, j) in enumerate((pair, pair[::-1])):
        if fights[side]:
            words = f"stops contesting {model.players[j]}"
            yield Item(f"{model.players[i]} {words}", (("", ""), (words, "") if side == 0 else ("", words)))


def _region_items(
    model: SpheresModel, pair: tuple[int, int], movable: list[int], options: list[tuple[int, ...]]
) -> Iterator[Item]:
    for r, choices in zip(movable, options):
        region, words = model.region_names[r], [("", "")]
        for new in choices[1:]:
            text = f"stands aside over {region}" if choices[0] < 0 else f"hands over {region}"
            words.append((text, "") if new == pair[1] else ("", text))
        yield Item(region, tuple(words))


# ---------------------------------------------------------------------- what it is worth


def _contests(actions: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    return stances.contest_matrices(np.asarray(actions))


def _restrain(
    actions: npt.NDArray[np.intp], pair: tuple[int, int], stops: tuple[int, ...]
) -> npt.NDArray[np.intp]:
    """The stances (W, N) of competition with those of the pair toward each other taken back where they stop."""
    out = np.array(actions, dtype=np.intp)
    count = out.shape[1]
    for (i, j), stop in zip((pair, pair[::-1]), stops):
        if stop:
            out[:, i] &= ~(1 << stances.rivals(count, i).index(j))
    return out


def _evaluate(
    totals: Totals, pair: tuple[int, int], weights: FloatArray, actions: npt.NDArray[np.intp]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """At given stances, on K maps: payoffs (K, N), the pair's gains from deviating (K, 2), the largest of the others' (K,)."""
    count = len(totals.model.players)
    size, width = 2 ** (count - 1), len(actions)
    # The stances themselves, then every action of every power in turn, all in one pass over the maps.
    profiles = np.tile(actions, (1 + count * size, 1))
    for i in range(count):
        for action in range(size):
            start = (1 + i * size + action) * width
            profiles[start : start + width, i] = action
    table = totals.payoffs(profiles).reshape(len(totals.where), 1 + count * size, width, count)
    expected = np.einsum("w,kpwn->kpn", weights, table)
    payoffs = np.ascontiguousarray(expected[:, 0])
    gains = np.empty_like(payoffs)
    for i in range(count):
        gains[:, i] = expected[:, 1 + i * size : 1 + (i + 1) * size, i].max(axis=1) - payoffs[:, i]
    others = [j for j in range(count) if j not in pair]
    return payoffs, gains[:, pair], gains[:, others].max(axis=1, initial=0.0)


def _context(
    model: SpheresModel, names: Sequence[str], reference: int, complete: bool, reversion: str, unknown: int
) -> str:
    text = f"Measured against {names[reference]} on the status quo map"
    if len(names) > 1:
        text += f" (the first pure one, else the first, of {len(names)})"
    text += "; other powers keep to their stances in it."
    if not complete:
        text += " The search for equilibria of competition was not complete."
    if reversion == "own map":
        text += " A breach brings the pure equilibrium of the swap's own map that is harshest for whoever broke it."
        if unknown:
            text += f" {unknown:,} swaps have none, and whether they hold is not known (NaN)."
    else:
        text += " A breach brings back competition on the status quo map."
    return text
