"""A spheres model on its way: stance against stance year after year, while powers grow, regions change hands and leaders go.

A state of the path is a year, how far a shocked power has strayed, who holds each region that may move, and which leaders have
been replaced. All of it is known to the powers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from games.errors import ScenarioError, SizeError, did_you_mean
from games.normal_form import FloatArray, NormalFormGame
from games.spheres import stances
from games.spheres.maps import NOBODY, STATUS_QUO, Holdings, MapLike, by_rule
from games.spheres.parameters import CLAIMS
from games.stochastic import LARGEST, StochasticGame
from games.words import the

if TYPE_CHECKING:
    from games.spheres.model import SpheresModel

__all__ = ["grown", "path", "successor"]

# A recombining lattice: up, stay or down by sqrt(3) standard deviations with these chances matches five moments.
_STEPS = ((-1, 1 / 6), (0, 2 / 3), (1, 1 / 6))


def grown(model: SpheresModel, years: float, extra: Mapping[str, float] | None = None) -> SpheresModel:
    """The model after so many years of every power's own growth, capabilities times `exp(extra)` where named."""
    changes: dict[str, float | str] = {}
    for power in model.powers:
        factor = (1.0 + power.growth) ** years * math.exp((extra or {}).get(power.name, 0.0))
        for name in ("cinc", "gdp"):
            share = getattr(power, name) * factor
            if not 0.0 < share <= 1.0:
                raise ScenarioError(
                    f"after {years:g} years of growth {power.name} would hold {share:.3g} of the world's {name}; "
                    "a share is at most 1"
                )
            changes[f"powers.{power.name}.{name}"] = share
    return model.vary(changes)


def successor(power: str) -> str:
    """What the player is called who takes a power's place when its leader is replaced.

    >>> successor("United States")
    'next leader of the United States'
    """
    return f"next leader of {the(power)}"


class _Succession(NamedTuple):
    """Which powers' leaders may go (L player numbers), with what chance in a period, and how patient the next ones are."""

    powers: tuple[int, ...]
    hazard: tuple[float, ...]
    patience: tuple[float, ...]


def path(
    model: SpheresModel,
    until: int,
    map: MapLike = STATUS_QUO,
    step: int = 1,
    shock: tuple[str, float] | None = None,
    discount: npt.ArrayLike | None = None,
    moving: Sequence[str] = (),
    leaders: Mapping[str, tuple[float, float]] | None = None,
) -> StochasticGame:
    """The stochastic game of `SpheresModel.path`."""
    years = _years(model, until, step)
    count = len(years)
    spread = _spread(model, shock)
    maps, choices = _maps(model, map, moving)
    line = _succession(model, leaders or {}, step)
    terms = list(product((0, 1), repeat=len(line.powers)))
    places = [(t, k) for t in range(count) for k in (range(-t, t + 1) if spread else (0,))]
    profiles = 2 ** (len(model.players) * (len(model.players) - 1))
    _fits(len(places), len(maps.lead), len(terms), profiles)

    states = [(t, k, m, g) for t, k in places for m in range(len(maps.lead)) for g in range(len(terms))]
    number = {state: s for s, state in enumerate(states)}
    contests = stances.every_contest(len(model.players))
    # A shock's standard deviation over a period, times the square root of three.
    move = (spread or 0.0) * math.sqrt(3.0 * step)
    stages, rows = [], []
    for t, k in places:
        then = grown(model, step * t, {shock[0]: k * move} if shock else None)
        payoffs = then.payoffs(contests, maps)
        onward = _next_maps(then, contests, maps, moving, choices)
        after = (
            [(t, k, 1.0)]
            if t == count - 1
            else [(t + 1, k + change, chance) for change, chance in (_STEPS if spread else ((0, 1.0),))]
        )
        for m in range(len(maps.lead)):
            for term in terms:
                stages.append(_stage(then, payoffs[m], line, term))
                table = np.zeros((profiles, len(states)))
                for (year, strayed, chance), (g, stays) in product(after, _next_terms(term, terms, line)):
                    columns = [number[year, strayed, x, g] for x in range(len(maps.lead))]
                    table[:, columns] += chance * stays * onward[m]
                size = 2 ** (len(model.players) - 1)
                rows.append(_seated(table.reshape(*(size,) * len(model.players), -1), line, term))
    return StochasticGame(
        stages,
        rows,
        _discounts(model, discount, line) ** step,
        [
            _name(model, years[t], shock and (shock[0], k), maps, moving, m, line, terms[g])
            for t, k, m, g in states
        ],
        step,
    )


def _years(model: SpheresModel, until: int, step: int) -> list[int]:
    begin = model.year
    if begin is None:
        raise ScenarioError("a path needs a model that says its year")
    if step < 1 or until <= begin or (until - begin) % step:
        raise ScenarioError(
            f"a path leads from {begin} in whole steps to a later year; got until {until} in steps of {step}"
        )
    return list(range(begin, until + 1, step))


def _spread(model: SpheresModel, shock: tuple[str, float] | None) -> float | None:
    if shock is None:
        return None
    who, spread = shock
    if who not in model.players:
        raise ScenarioError(f"there is no power {who!r} to be shocked{did_you_mean(who, model.players)}")
    if not (math.isfinite(spread) and spread > 0.0):
        raise ScenarioError(f"the spread of a shock is a positive number; got {spread}")
    return float(spread)


def _fits(places: int, maps: int, terms: int, profiles: int) -> None:
    """Raise SizeError, before any work, for a path whose probabilities do not fit into memory."""
    states = places * maps * terms
    entries = states * states * profiles
    if entries > LARGEST:
        raise SizeError(
            f"the path would have {states:,} states ({places:,} years and shocks x {maps:,} maps x {terms:,} sets of "
            f"leaders) of {profiles:,} profiles: {entries:.2g} transition probabilities ({8e-9 * entries:.2g} GB), and "
            f"{LARGEST:.2g} fit. Take a longer step, an earlier end, or let fewer regions move"
        )


# ------------------------------------------------------------------ maps that move


def _maps(model: SpheresModel, map: MapLike, moving: Sequence[str]) -> tuple[Holdings, list[list[int]]]:
    """Every map that contests may lead to (M, R), the one at the start first; and who may hold each moving region."""
    start = model._holdings(map)
    if start.lead.ndim != 1:
        raise ScenarioError("a path starts on one map")
    if len(set(moving)) < len(moving):
        raise ScenarioError(f"moving: a region is named twice in {list(moving)}")
    mode = min(CLAIMS.index(model.parameters.claims), 1)
    choices, index = [], []
    for name in moving:
        if name not in model.region_names:
            raise ScenarioError(
                f"moving: there is no region {name!r}{did_you_mean(name, model.region_names)}"
            )
        r = model.region_names.index(name)
        first = int(start.lead[r])
        takers = np.flatnonzero(model._facts.dispute[mode, :, r]).tolist()
        others = takers if model._facts.piece[r] else [*takers, -1]
        choices.append([first, *(h for h in others if h != first)])
        index.append(r)
    rows = list(product(*choices))
    lead = np.repeat(start.lead[None], len(rows), axis=0)
    if index:
        lead[:, index] = np.array(rows)
    forced = np.where(lead == start.lead, start.forced, by_rule(lead, model._status_quo).forced)
    return Holdings(lead, forced & ~model._facts.piece), choices


def _next_maps(
    model: SpheresModel,
    contests: npt.NDArray[np.bool_],
    maps: Holdings,
    moving: Sequence[str],
    choices: Sequence[Sequence[int]],
) -> FloatArray:
    """The chance of each map after one, by profile, (M, B, M): contests in different regions are independent."""
    out = np.ones((len(maps.lead), len(contests), 1))
    if not moving:
        return out
    chance = model.outcomes(contests, maps)
    for name, holders in zip(moving, choices):
        of_region = chance[:, :, model.region_names.index(name)][..., list(holders)]
        out = (out[..., None] * of_region[:, :, None]).reshape(*out.shape[:2], -1)
    return out


# ------------------------------------------------------------------ leaders who are replaced


def _succession(model: SpheresModel, leaders: Mapping[str, tuple[float, float]], step: int) -> _Succession:
    powers, hazards, patience = [], [], []
    for name, (hazard, after) in leaders.items():
        if name not in model.players:
            raise ScenarioError(f"leaders: no power {name!r}{did_you_mean(name, model.players)}")
        if not 0.0 < hazard <= 1.0:
            raise ScenarioError(
                f"leaders: the hazard of {name} is {hazard}; a yearly chance is above 0, at most 1"
            )
        if not 0.0 < after < 1.0:
            raise ScenarioError(
                f"leaders: the next patience of {name} is {after}; it lies strictly between 0 and 1"
            )
        powers.append(model.players.index(name))
        hazards.append(1.0 - (1.0 - hazard) ** step)
        patience.append(float(after))
    return _Succession(tuple(powers), tuple(hazards), tuple(patience))


def _discounts(model: SpheresModel, discount: npt.ArrayLike | None, line: _Succession) -> FloatArray:
    """Yearly discount factors of the powers, then of the next leaders."""
    if discount is None:
        own = model.discount.copy()
        # The hazard takes the place of what survival says.
        own[list(line.powers)] = model.patience[list(line.powers)]
    else:
        own = np.array(np.broadcast_to(np.asarray(discount, dtype=np.float64), (len(model.players),)))
    return np.append(own, [p * model.survival[i] for i, p in zip(line.powers, line.patience)])


def _next_terms(
    term: tuple[int, ...], terms: Sequence[tuple[int, ...]], line: _Succession
) -> list[tuple[int, float]]:
    """The sets of leaders that may follow one, and their chances: nobody who has gone comes back."""
    out = []
    for g, later in enumerate(terms):
        chance = 1.0
        for now, then, hazard in zip(term, later, line.hazard):
            chance *= float(then) if now else (hazard if then else 1.0 - hazard)
        if chance > 0.0:
            out.append((g, chance))
    return out


def _seated(table: FloatArray, line: _Succession, term: tuple[int, ...]) -> FloatArray:
    """A table by the actions of N powers as one by those of N + L players: who is out of office has one action."""
    n = table.ndim - 1
    out = table.reshape(*table.shape[:n], *(1,) * len(line.powers), table.shape[-1])
    for extra, (i, gone) in enumerate(zip(line.powers, term)):
        if gone:
            out = out.swapaxes(i, n + extra)
    return out


def _stage(
    model: SpheresModel, payoffs: FloatArray, line: _Succession, term: tuple[int, ...]
) -> NormalFormGame:
    """The year's game among those in office; the others get nothing, whatever is played."""
    n = len(model.players)
    size = 2 ** (n - 1)
    table = np.concatenate([payoffs, np.zeros((len(payoffs), len(line.powers)))], axis=1)
    names, labels = list(model.players), [list(own) for own in model._labels]
    for extra, (i, gone) in enumerate(zip(line.powers, term)):
        names.append(successor(model.players[i]))
        labels.append(labels[i] if gone else ["out of office"])
        if gone:
            table[:, n + extra], table[:, i] = payoffs[:, i], 0.0
            labels[i] = ["out of office"]
    seated = _seated(table.reshape(*(size,) * n, -1), line, term)
    return NormalFormGame(seated, names, labels, model.title or model.name)


def _name(
    model: SpheresModel,
    year: int,
    shock: tuple[str, int] | None,
    maps: Holdings,
    moving: Sequence[str],
    m: int,
    line: _Succession,
    term: tuple[int, ...],
) -> str:
    parts = [str(year)]
    if shock and shock[1]:
        parts.append(f"{shock[0]} {shock[1]:+d}")
    for region in moving:
        r = model.region_names.index(region)
        holder = int(maps.lead[m, r])
        if holder != maps.lead[0, r]:
            parts.append(f"{region}: {NOBODY if holder < 0 else model.players[holder]}")
    parts += [successor(model.players[i]) for i, gone in zip(line.powers, term) if gone]
    return ", ".join(parts)
